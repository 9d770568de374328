"""Sizes, connections and everything else below SOAP."""

from __future__ import annotations

import gzip

import pytest

from tests.messages import (
    APPLICATION,
    SOAP11,
    SOAP12,
    TEXT_XML,
    UTILITY,
    T,
    action,
    answer_xml,
    assert_empty,
    assert_fault,
    envelope,
    heard,
    login,
    operation,
    post,
)
from tests.raw_http import Headers, Reply, Site

from .conftest import Running

SOAP_HEADERS = [("Content-Type", TEXT_XML), ("SOAPAction", action("OutboundLogin"))]
LOGIN = envelope(login("nobody")).encode()
LOGOFF = envelope(operation("OutboundLogoff")).encode()
LOGGED_OFF = answer_xml(f'<OutboundLogoffResponse xmlns="{T}" />')
LIMIT = 4096 * 1024
IIS_LIMIT = 30_000_000
SCOLDING = (
    "There was an exception running the extensions specified in the config file. ---&gt; "
    "Maximum request length exceeded."
)


def padded(size: int) -> bytes:
    """A login of exactly so many bytes, filled up with a comment."""
    start, end = LOGIN[:38], LOGIN[38:]
    return start + b"<!--" + b"x" * (size - len(LOGIN) - 7) + b"-->" + end


def login_request(site: Site, *, version: str = "HTTP/1.1", headers: Headers = (), path: str = UTILITY) -> bytes:
    return site.request("POST", path, [*SOAP_HEADERS, *headers], LOGIN, version=version)


def head(site: Site, headers: Headers, *, version: str = "HTTP/1.1", host: str | None = "") -> bytes:
    """A POST without its body."""
    return site.request("POST", UTILITY, [*SOAP_HEADERS, *headers], version=version, host=host)


def chunks(body: bytes, size: int) -> bytes:
    """A body in chunks of that many bytes."""
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def assert_http_sys(reply: Reply, status: int, reason: str, title: str, sentence: str) -> None:
    """The reply is a page of what is below IIS, after which the connection ends."""
    assert (reply.status, reply.reason) == (status, reason)
    assert reply.header("Content-Type") == "text/html; charset=us-ascii"
    assert reply.header("Server") == "Microsoft-HTTPAPI/2.0"
    assert reply.header("Connection") == "close"
    assert reply.header("X-AspNet-Version") is None
    assert reply.body.decode() == (
        '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN""http://www.w3.org/TR/html4/strict.dtd">\r\n'
        f"<HTML><HEAD><TITLE>{title.partition(' - ')[0]}</TITLE>\r\n"
        '<META HTTP-EQUIV="Content-Type" Content="text/html; charset=us-ascii"></HEAD>\r\n'
        f"<BODY><h2>{title}</h2>\r\n<hr><p>HTTP Error {status}. {sentence}</p>\r\n</BODY></HTML>\r\n"
    )


# --- sizes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1024 * 1024, 4095 * 1024, LIMIT])
def test_a_body_up_to_the_limit_is_read(site: Site, size: int) -> None:
    body = padded(size)
    assert len(body) == size
    assert heard(post(site, body)) == "nobody"


@pytest.mark.parametrize("size", [LIMIT + 1, LIMIT + 1024, 5 * 1024 * 1024])
@pytest.mark.parametrize("chunked", [False, True], ids=["with a length", "in chunks"])
def test_a_body_over_the_limit_is_a_fault(site: Site, size: int, chunked: bool) -> None:
    body = padded(size)
    with site.connection() as connection:
        if chunked:
            connection.send(head(site, [("Transfer-Encoding", "chunked")]) + chunks(body, 65536))
        else:
            connection.send(head(site, [("Content-Length", str(size))]) + body)
        assert_fault(connection.reply(), "Server", SCOLDING)
        connection.send(login_request(site))
        assert heard(connection.reply()) == "nobody"


def test_a_body_over_the_limit_is_a_fault_of_soap_12_for_its_media_type(site: Site) -> None:
    body = padded(LIMIT + 10).replace(SOAP11.encode(), SOAP12.encode())
    assert len(body) > LIMIT
    content_type = f'application/soap+xml; charset=utf-8; action="{T}OutboundLogin"'
    assert_fault(post(site, body, soap_action=None, content_type=content_type), "Receiver", SCOLDING, soap=SOAP12)


def test_the_last_length_that_iis_takes_in_is_a_fault(site: Site) -> None:
    with site.connection() as connection:
        connection.send(head(site, [("Content-Length", str(IIS_LIMIT))]))
        for _ in range(30):
            connection.send(b"x" * 1_000_000)
        assert_fault(connection.reply(), "Server", SCOLDING)


@pytest.mark.parametrize("length", [IIS_LIMIT + 1, 10**12, 2**63 - 1])
@pytest.mark.parametrize("headers", [[], [("Expect", "100-continue")]], ids=["plain", "expecting"])
def test_a_longer_one_is_not_found_before_it_is_sent(site: Site, length: int, headers: list[tuple[str, str]]) -> None:
    reply = site.exchange(head(site, [("Content-Length", str(length)), *headers]))
    assert (reply.status, reply.reason) == (404, "Not Found")
    assert (reply.header("Content-Type") or "").startswith("text/html")
    assert b"Envelope" not in reply.body
    assert reply.header("Server") == "Microsoft-IIS/8.5"


def test_a_longer_one_in_chunks_is_not_found(site: Site) -> None:
    with site.connection() as connection:
        connection.send(head(site, [("Transfer-Encoding", "chunked")]))
        chunk = b"%x\r\n%s\r\n" % (1_000_000, b"x" * 1_000_000)
        for _ in range(30):
            connection.send(chunk)
        connection.send(b"1\r\nx\r\n")
        assert connection.reply().status == 404


def test_a_call_with_many_headers_is_answered(site: Site) -> None:
    headers = [(f"X-Header-{number}", "x" * 50) for number in range(100)]
    assert heard(site.exchange(login_request(site, headers=headers))) == "nobody"


def test_headers_of_more_than_16_kilobytes_are_too_long(site: Site) -> None:
    reply = site.exchange(login_request(site, headers=[("X", "x" * 17_000)]))
    assert_http_sys(
        reply, 400, "Bad Request", "Bad Request - Request Too Long", "The size of the request headers is too long."
    )


# --- length and chunks ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["HTTP/1.1", "HTTP/1.0"])
def test_a_post_without_a_length_is_refused(site: Site, version: str) -> None:
    with site.connection() as connection:
        connection.send(head(site, [], version=version))
        assert_http_sys(
            connection.reply(),
            411,
            "Length Required",
            "Length Required",
            "The request must be chunked or have a content length.",
        )
        assert connection.is_closed_by_server()


def test_the_page_that_asks_for_a_length_has_its_well_known_size(site: Site) -> None:
    assert site.exchange(head(site, [])).header("Content-Length") == "344"


def test_a_post_of_length_0_has_an_empty_body(site: Site) -> None:
    assert_empty(site.exchange(head(site, [("Content-Length", "0")])), 400)


@pytest.mark.parametrize("size", [1, 7, 100, 10_000])
def test_a_body_in_chunks_is_put_together(site: Site, size: int) -> None:
    with site.connection() as connection:
        for _ in range(2):
            connection.send(head(site, [("Transfer-Encoding", "chunked")]) + chunks(LOGIN, size))
            assert heard(connection.reply()) == "nobody"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"%X;name=value\r\n%s\r\n0\r\n\r\n" % (len(LOGIN), LOGIN), id="an extension"),
        pytest.param(b"000%x\r\n%s\r\n000\r\n\r\n" % (len(LOGIN), LOGIN), id="leading zeros"),
        pytest.param(b"%x\r\n%s\r\n0\r\nX-Trailer: 1\r\n\r\n" % (len(LOGIN), LOGIN), id="a trailer"),
    ],
)
def test_chunks_may_carry_more_than_data(site: Site, body: bytes) -> None:
    with site.connection() as connection:
        connection.send(head(site, [("Transfer-Encoding", "Chunked")]) + body)
        assert heard(connection.reply()) == "nobody"
        connection.send(login_request(site))
        assert heard(connection.reply()) == "nobody"


def test_chunks_come_in_any_number_of_packets(site: Site) -> None:
    data = head(site, [("Transfer-Encoding", "chunked")]) + chunks(LOGIN, 50)
    with site.connection() as connection:
        for at in range(0, len(data), 13):
            connection.send(data[at : at + 13])
        assert heard(connection.reply()) == "nobody"


def test_a_request_may_come_byte_by_byte(site: Site) -> None:
    with site.connection() as connection:
        for byte in login_request(site):
            connection.send(bytes([byte]))
        assert heard(connection.reply()) == "nobody"


def test_a_length_that_is_too_short_truncates_the_xml(site: Site) -> None:
    with site.connection() as connection:
        connection.send(head(site, [("Content-Length", str(len(LOGIN) - 10))]) + LOGIN)
        assert_empty(connection.reply(), 400)
        assert connection.reply().status == 400
        assert connection.is_closed_by_server()


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param([("Content-Length", "abc")], id="a word"),
        pytest.param([("Content-Length", "-1")], id="a negative number"),
        pytest.param([("Content-Length", "1, 2")], id="two numbers"),
        pytest.param([("Content-Length", "10"), ("Content-Length", "20")], id="two lengths"),
        pytest.param([("Content-Length", "9" * 30)], id="a number too long"),
        pytest.param([("Transfer-Encoding", "chunked"), ("Content-Length", "5")], id="chunks and a length"),
    ],
)
def test_a_length_that_makes_no_sense_is_a_bad_request(site: Site, headers: list[tuple[str, str]]) -> None:
    with site.connection() as connection:
        connection.send(head(site, headers) + b"0\r\n\r\n")
        reply = connection.reply()
        assert (reply.status, reply.header("Connection")) == (400, "close")
        assert connection.is_closed_by_server()


# --- Expect -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["100-continue", "100-Continue"])
def test_a_client_that_expects_it_is_told_to_continue_at_once(site: Site, value: str) -> None:
    with site.connection() as connection:
        for _ in range(2):
            connection.send(head(site, [("Content-Length", str(len(LOGIN))), ("Expect", value)]))
            interim = connection.reply()
            assert (interim.version, interim.status, interim.reason, interim.headers) == (
                "HTTP/1.1",
                100,
                "Continue",
                (),
            )
            connection.send(LOGIN)
            assert heard(connection.reply()) == "nobody"


def test_a_client_that_expects_it_in_chunks_is_told_too(site: Site) -> None:
    with site.connection() as connection:
        connection.send(head(site, [("Transfer-Encoding", "chunked"), ("Expect", "100-continue")]))
        assert connection.reply().status == 100
        connection.send(chunks(LOGIN, 100))
        assert heard(connection.reply()) == "nobody"


def test_a_client_that_does_not_wait_is_answered_too(site: Site) -> None:
    with site.connection() as connection:
        connection.send(head(site, [("Content-Length", str(len(LOGIN))), ("Expect", "100-continue")]) + LOGIN)
        reply = connection.reply()
        if reply.status == 100:
            reply = connection.reply()
        assert heard(reply) == "nobody"


# --- keeping a connection ---------------------------------------------------------------------------------------------


def test_a_connection_is_kept_without_saying_so(site: Site) -> None:
    with site.connection() as connection:
        for _ in range(5):
            connection.send(login_request(site))
            reply = connection.reply()
            assert heard(reply) == "nobody"
            assert reply.version == "HTTP/1.1"
            assert reply.header("Connection") is None
            assert reply.header("Keep-Alive") is None


def test_a_connection_is_kept_through_every_kind_of_answer(site: Site) -> None:
    requests: list[tuple[str, bytes, int]] = [
        ("GET", site.request("GET", f"{UTILITY}?wsdl"), 200),
        ("POST", login_request(site), 500),
        ("POST", site.request("POST", UTILITY, SOAP_HEADERS, b"<"), 400),
        ("POST", site.request("POST", UTILITY, SOAP_HEADERS[1:], LOGIN), 415),
        ("PUT", site.request("PUT", UTILITY, (), b"x"), 405),
        ("HEAD", site.request("HEAD", UTILITY), 405),
        ("GET", site.request("GET", "/nosuch"), 404),
        ("OPTIONS", site.request("OPTIONS", UTILITY), 200),
        ("GET", site.request("GET", f"{UTILITY}/x"), 500),
        ("POST", site.request("POST", "/nosuch", SOAP_HEADERS, LOGIN), 404),
        ("GET", site.request("GET", APPLICATION), 301),
    ]
    with site.connection() as connection:
        for method, data, status in requests:
            connection.send(data)
            assert connection.reply(to=method).status == status


def test_requests_sent_ahead_are_answered_in_their_order(site: Site) -> None:
    names = [f"user{number}" for number in range(20)]
    bodies = [envelope(login(name)).encode() for name in names]
    with site.connection() as connection:
        connection.send(b"".join(site.request("POST", UTILITY, SOAP_HEADERS, body) for body in bodies))
        assert [heard(connection.reply()) for _ in names] == names


@pytest.mark.parametrize("size", [15_000, 17_000, 70_000, 1_000_000])
@pytest.mark.parametrize("chunked", [False, True], ids=["with a length", "in chunks"])
def test_a_large_body_leaves_the_connection_as_it_was(site: Site, size: int, chunked: bool) -> None:
    body = padded(size)
    with site.connection() as connection:
        for _ in range(3):
            if chunked:
                connection.send(head(site, [("Transfer-Encoding", "chunked")]) + chunks(body, 8192))
            else:
                connection.send(site.request("POST", UTILITY, SOAP_HEADERS, body))
            assert heard(connection.reply()) == "nobody"


def test_a_large_body_and_the_next_request_may_come_together(site: Site) -> None:
    with site.connection() as connection:
        connection.send(site.request("POST", UTILITY, SOAP_HEADERS, padded(40_000)) + login_request(site)[:50])
        assert heard(connection.reply()) == "nobody"
        connection.send(login_request(site)[50:])
        assert heard(connection.reply()) == "nobody"


def test_many_requests_sent_ahead_are_all_answered(site: Site) -> None:
    with site.connection() as connection:
        connection.send(login_request(site) * 100)
        for _ in range(100):
            assert heard(connection.reply()) == "nobody"


def test_a_line_end_after_a_body_is_passed_over(site: Site) -> None:
    with site.connection() as connection:
        for _ in range(3):
            connection.send(login_request(site) + b"\r\n")
            assert heard(connection.reply()) == "nobody"


def test_requests_sent_ahead_may_be_cut_anywhere(site: Site) -> None:
    data = login_request(site) + site.request("GET", f"{UTILITY}?wsdl") + login_request(site)
    with site.connection() as connection:
        for at in range(0, len(data), 97):
            connection.send(data[at : at + 97])
        assert heard(connection.reply()) == "nobody"
        assert connection.reply().status == 200
        assert heard(connection.reply()) == "nobody"


def test_a_client_that_closes_is_told_so(site: Site) -> None:
    with site.connection() as connection:
        connection.send(login_request(site, headers=[("Connection", "close")]))
        reply = connection.reply()
        assert (reply.version, reply.header("Connection")) == ("HTTP/1.1", "close")
        assert heard(reply) == "nobody"
        assert connection.is_closed_by_server()


def test_a_client_that_asks_to_keep_the_connection_keeps_it(site: Site) -> None:
    with site.connection() as connection:
        for _ in range(2):
            connection.send(login_request(site, headers=[("Connection", "Keep-Alive")]))
            reply = connection.reply()
            assert reply.header("Connection") in (None, "keep-alive")
            assert heard(reply) == "nobody"


def test_an_http_10_client_is_answered_in_11_and_its_connection_closed(site: Site) -> None:
    with site.connection() as connection:
        connection.send(login_request(site, version="HTTP/1.0"))
        reply = connection.reply()
        assert (reply.version, reply.status, reply.header("Connection")) == ("HTTP/1.1", 500, "close")
        assert heard(reply) == "nobody"
        assert connection.is_closed_by_server()


def test_an_http_10_client_may_keep_its_connection(site: Site) -> None:
    with site.connection() as connection:
        for _ in range(2):
            connection.send(login_request(site, version="HTTP/1.0", headers=[("Connection", "Keep-Alive")]))
            reply = connection.reply()
            assert (reply.version, (reply.header("Connection") or "").lower()) == ("HTTP/1.1", "keep-alive")


@pytest.mark.parametrize("connection_header", ["Upgrade, HTTP2-Settings", "Upgrade", "HTTP2-Settings, Upgrade"])
@pytest.mark.parametrize("chunked", [False, True], ids=["with a length", "in chunks"])
def test_an_offer_to_upgrade_to_http_2_is_passed_over(site: Site, connection_header: str, chunked: bool) -> None:
    headers = [
        ("Connection", connection_header),
        ("Upgrade", "h2c"),
        ("HTTP2-Settings", "AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA"),
    ]
    with site.connection() as connection:
        for _ in range(3):
            if chunked:
                connection.send(head(site, [*headers, ("Transfer-Encoding", "chunked")]) + chunks(LOGIN, 100))
            else:
                connection.send(login_request(site, headers=headers))
            reply = connection.reply()
            assert heard(reply) == "nobody"
            assert reply.header("Upgrade") is None
            assert reply.header("Connection") is None
        connection.send(site.request("GET", f"{UTILITY}?wsdl", headers))
        assert connection.reply().status == 200
        connection.send(login_request(site))
        assert heard(connection.reply()) == "nobody"


def test_an_offer_to_upgrade_may_come_in_pieces(site: Site) -> None:
    headers = [("Connection", "Upgrade, HTTP2-Settings"), ("Upgrade", "h2c"), ("HTTP2-Settings", "AAMAAABk")]
    data = login_request(site, headers=headers)
    with site.connection() as connection:
        for at in range(0, len(data), 61):
            connection.send(data[at : at + 61])
        assert heard(connection.reply()) == "nobody"


# --- the request line and Host ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("http://{}" + UTILITY, id="the servers own"),
        pytest.param("http://other.example:8080" + UTILITY, id="another host"),
        pytest.param("http://{}" + UTILITY.lower() + "?wsdl", id="with a query"),
        pytest.param("HTTP://{}" + UTILITY, id="in capitals"),
    ],
)
def test_a_whole_address_in_the_request_line_is_accepted(site: Site, target: str) -> None:
    assert heard(site.exchange(login_request(site, path=target.format(site.authority)))) == "nobody"


def test_a_whole_address_is_the_address_of_the_service(site: Site) -> None:
    reply = site.ask("GET", f"http://other.example:8080{UTILITY}?wsdl")
    assert f'location="http://other.example:8080{UTILITY}"'.encode() in reply.body


@pytest.mark.parametrize("host", ["localhost", "ccmm", "CCMM.example:80", "10.0.0.1:8080", "[::1]", "x" * 200])
def test_any_host_is_served(site: Site, host: str) -> None:
    assert heard(site.exchange(site.request("POST", UTILITY, SOAP_HEADERS, LOGIN, host=host))) == "nobody"


def test_a_request_without_host_is_a_bad_one(site: Site) -> None:
    reply = site.exchange(site.request("POST", UTILITY, SOAP_HEADERS, LOGIN, host=None))
    assert_http_sys(reply, 400, "Bad Request", "Bad Request - Invalid Hostname", "The request hostname is invalid.")
    assert reply.header("Content-Length") == "334"


def test_a_get_without_host_is_a_bad_one(site: Site) -> None:
    reply = site.exchange(site.request("GET", f"{UTILITY}?wsdl", host=None))
    assert reply.status == 400


def test_an_http_10_request_needs_no_host(site: Site) -> None:
    data = site.request("POST", UTILITY, SOAP_HEADERS, LOGIN, host=None, version="HTTP/1.0")
    assert heard(site.exchange(data)) == "nobody"
    wsdl = site.exchange(site.request("GET", f"{UTILITY}?wsdl", host=None, version="HTTP/1.0"))
    assert f'location="http://{site.authority}{UTILITY}"'.encode() in wsdl.body


@pytest.mark.parametrize(
    ("data", "title", "sentence"),
    [
        pytest.param(
            b"NO\x01SUCH / HTTP/1.1\r\nHost: a\r\n\r\n",
            "Bad Request - Invalid Verb",
            "The request verb is invalid.",
            id="verb",
        ),
        pytest.param(
            b"GET / HTTP/1.1\r\nHost: a\r\nBad Name: 1\r\n\r\n",
            "Bad Request - Invalid Header",
            "The request has an invalid header name.",
            id="header name",
        ),
    ],
)
def test_what_is_no_http_gets_a_page_and_the_connection_ends(
    site: Site, data: bytes, title: str, sentence: str
) -> None:
    with site.connection() as connection:
        connection.send(data)
        assert_http_sys(connection.reply(), 400, "Bad Request", title, sentence)
        assert connection.is_closed_by_server()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(32), id="the start of TLS"),
        pytest.param(b"<soap:Envelope/>\r\n\r\n", id="an envelope without HTTP"),
        pytest.param(b"GET / HTTP/9.9\r\nHost: a\r\n\r\n", id="an unknown version"),
        pytest.param(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", id="a bad chunk"),
    ],
)
def test_nonsense_ends_the_connection_and_harms_nobody(site: Site, data: bytes) -> None:
    with site.connection() as connection:
        connection.send(data)
        assert connection.reply().status in (400, 505)
        assert connection.is_closed_by_server()
    assert heard(site.exchange(login_request(site))) == "nobody"


@pytest.mark.parametrize("cut", [10, 100, 300])
def test_a_client_that_goes_away_in_the_middle_harms_nobody(running: Running, cut: int) -> None:
    with running.site.connection() as connection:
        connection.send(login_request(running.site)[:cut])
    assert heard(running.site.exchange(login_request(running.site))) == "nobody"


def test_empty_lines_before_a_request_are_passed_over(site: Site) -> None:
    assert heard(site.exchange(b"\r\n\r\n" + login_request(site))) == "nobody"


@pytest.mark.parametrize("value", [" x", "x ", "\tx\t", "x  "])
def test_blanks_around_a_headers_value_are_no_part_of_it(site: Site, value: str) -> None:
    headers = [("Content-Type", TEXT_XML), ("SOAPAction", value.replace("x", action("OutboundLogin")))]
    assert heard(site.exchange(site.request("POST", UTILITY, headers, LOGIN))) == "nobody"


def test_header_names_have_any_letter_case(site: Site) -> None:
    data = login_request(site).replace(b"Content-Type", b"CONTENT-TYPE").replace(b"Content-Length", b"content-length")
    assert heard(site.exchange(data.replace(b"Host", b"hOST"))) == "nobody"


# --- never ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["gzip", "gzip, deflate", "*", "br;q=1.0, gzip;q=0.8", "identity;q=0"])
def test_answers_are_never_compressed(site: Site, value: str) -> None:
    headers = [("Content-Type", TEXT_XML), ("SOAPAction", action("OutboundLogoff")), ("Accept-Encoding", value)]
    reply = site.ask("POST", UTILITY, headers, LOGOFF)
    assert reply.body == LOGGED_OFF
    assert reply.header("Content-Encoding") is None
    reply = site.ask("GET", f"{UTILITY}?wsdl", headers)
    assert reply.header("Content-Encoding") is None
    with pytest.raises(gzip.BadGzipFile):
        gzip.decompress(reply.body)


@pytest.mark.parametrize(
    "headers", [[("Cookie", "a=b; ASP.NET_SessionId=x")], [("Authorization", "NTLM TlRMTVNTUAAB")]]
)
def test_cookies_and_credentials_are_ignored(site: Site, headers: list[tuple[str, str]]) -> None:
    reply = site.exchange(login_request(site, headers=headers))
    assert heard(reply) == "nobody"
    assert reply.header("Set-Cookie") is None
    assert reply.header("WWW-Authenticate") is None
