"""What a request may have at most, and how each door says that it has more; nothing is carried out then."""

from __future__ import annotations

import json
import logging

import pytest

from fake_ccmm.bounds import Bounds
from fake_ccmm.soap.protocol import MAX_BODY
from tests.messages import CAMPAIGN, UTILITY
from tests.raw_http import Reply

from .doors import CALL, door, drip, says_how_to_have_more

TOO_LONG = b"HTTP Error 400. The size of the request headers is too long."
SPACES = b" " * 100_000


@pytest.fixture(autouse=True)
def hearing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, logger="fake_ccmm")


def is_iis_not_found(reply: Reply) -> bool:
    return reply.status == 404 and b"404 - File or directory not found." in reply.body


def is_maximum_length(reply: Reply) -> bool:
    return reply.status == 500 and b"Maximum request length exceeded." in reply.body


def test_the_bound_of_bodies_is_that_of_asp_net() -> None:
    assert Bounds().body_bytes == MAX_BODY


def test_a_body_over_the_bound_gets_asp_nets_fault_and_the_log_says_what_to_do(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with door({"body_bytes": 50_000}) as one:
        assert one.site.exchange(one.call(CALL + b" " * (50_000 - len(CALL)))).status == 500
        assert not caplog.messages, "up to the bound all is well"
        assert is_maximum_length(one.site.exchange(one.call(CALL + b" " * (50_001 - len(CALL)))))
        assert one.is_served()
    (told,) = caplog.messages
    assert told.startswith("a body of 50,001 bytes was refused; ")
    assert says_how_to_have_more(told, "body_bytes", 50_000)


@pytest.mark.slow
def test_a_body_may_be_longer_than_iis_takes_where_the_bound_says_so() -> None:
    with door({"body_bytes": 31_000_000}) as one:
        reply = one.site.exchange(one.call(CALL + b" " * 30_100_000))
    assert b"Invalid Administrator Login" in reply.body


@pytest.mark.parametrize(
    ("inside", "markup"),
    [("<a/>" * 60_000, 60_000), ("<a " + " ".join(f"b{n} = \"\" c{n}=''" for n in range(30_000)) + "/>", 60_000)],
    ids=["tags", "attributes"],
)
def test_a_body_that_would_take_long_to_read_is_not_read(
    inside: str, markup: int, caplog: pytest.LogCaptureFixture
) -> None:
    body = CALL.replace(b"<username>", f"<username>{inside}".encode())
    with door({"markup": 50_000}) as one:
        assert is_maximum_length(one.site.exchange(one.call(body)))
        assert is_maximum_length(one.site.exchange(one.call(body.decode().encode("utf-16"))))
    assert says_how_to_have_more(caplog.messages[0], "markup", 50_000)
    with door({"markup": markup + 100}) as one:
        assert not is_maximum_length(one.site.exchange(one.call(body)))


def test_no_text_is_taken_for_markup() -> None:
    text = b"&lt;a b=c&gt; ==; 'x' \"y\", " * 10_000
    with door({"markup": 100}) as one:
        reply = one.site.exchange(one.call(CALL.replace(b"nobody", text)))
    assert b"Invalid Administrator Login" in reply.body


def test_headers_over_the_bound_get_http_syss_page(caplog: pytest.LogCaptureFixture) -> None:
    with door({"header_bytes": 4096, "headers": 30}) as one:
        for headers in ([("X", "y" * 4096)], [(f"X-{n}", "y" * 200) for n in range(25)]):
            reply = one.site.exchange(one.call(headers=tuple(headers)))
            assert (reply.status, TOO_LONG in reply.body) == (400, True)
        assert says_how_to_have_more(caplog.messages[-1], "header_bytes", 4096)
        reply = one.site.exchange(one.call(headers=tuple((f"X-{n}", "") for n in range(31))))
        assert (reply.status, TOO_LONG in reply.body) == (400, True)
        assert says_how_to_have_more(caplog.messages[-1], "headers", 30)
        assert one.is_served()


def test_a_request_line_over_the_bound_gets_http_syss_page() -> None:
    with door({"header_bytes": 4096}) as one:
        reply = one.site.ask("GET", f"{UTILITY}?{'x' * 4096}")
        assert (reply.status, TOO_LONG in reply.body) == (400, True)


@pytest.mark.parametrize(
    ("start", "more"),
    [
        (b"GET /", b"x" * 500),
        (b"GET / HTTP/1.1\r\nHost: ", b"x" * 500),
        (b"GET / HTTP/1.1\r\nX", b"x" * 500),
        (b"GET / HTTP/1.1\r\n", b"X: y\r\n" * 50),
        (b"", b"\r\n" * 500),
    ],
    ids=["request line", "value", "name", "headers", "blank lines"],
)
def test_a_head_without_an_end_is_refused(start: bytes, more: bytes) -> None:
    with door({"header_bytes": 2048, "headers": 100}) as one, one.plug() as plug:
        plug.sendall(start)
        assert drip(plug, more).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    ("start", "more"),
    [
        (b"1\r\nx\r\n0\r\n", b"X: y\r\n" * 100),
        (b"1\r\nx\r\n0\r\nX: ", b"y" * 500),
        (b"1;x=", b"y" * 500),
    ],
    ids=["headers after the body", "one without an end", "a note on a chunk"],
)
def test_what_stands_around_a_body_in_chunks_counts_as_well(start: bytes, more: bytes) -> None:
    with door({"header_bytes": 2048}) as one, one.plug() as plug:
        plug.sendall(one.site.request("POST", UTILITY, [("Transfer-Encoding", "chunked")]) + start)
        assert drip(plug, more).startswith(b"HTTP/1.1 400 ")


def test_headers_after_a_body_change_nothing_about_the_request() -> None:
    with door() as one:
        head = one.call(b"", headers=(("Transfer-Encoding", "chunked"),)).replace(b"Content-Length: 0\r\n", b"")
        body = b"%x\r\n%s\r\n0\r\nSOAPAction: nothing\r\nHost: a b\r\n\r\n" % (len(CALL), CALL)
        assert b"Invalid Administrator Login" in one.site.exchange(head + body).body


def test_paths_and_queries_over_the_bound_get_the_page_of_iis(caplog: pytest.LogCaptureFixture) -> None:
    with door({"url_bytes": 200, "query_bytes": 100}) as one:
        assert one.site.ask("GET", f"{UTILITY}?wsdl&{'x' * 95}").status == 200
        assert is_iis_not_found(one.site.ask("GET", f"{UTILITY}?wsdl&{'x' * 96}"))
        assert says_how_to_have_more(caplog.messages[-1], "query_bytes", 100)
        assert is_iis_not_found(one.site.exchange(one.call(path=f"{UTILITY}?{'x' * 101}")))
        assert is_iis_not_found(one.site.ask("GET", f"{UTILITY}/{'x' * 200}"))
        assert says_how_to_have_more(caplog.messages[-1], "url_bytes", 200)
        assert one.steer("GET", f"/centers/default/journal?user={'x' * 150}")[0] == 200, "not the control API's"


@pytest.mark.parametrize("is_chunked", [False, True], ids=["with a length", "in chunks"])
def test_a_body_for_the_control_api_over_the_bound_is_told_so_in_its_json(is_chunked: bool) -> None:
    headers = [("Content-Type", "application/json")]
    with door({"control_body_bytes": 5_000_000, "body_bytes": 1000}) as one:
        if is_chunked:
            data = b"".join(b"%x\r\n%s\r\n" % (len(SPACES), SPACES) for _ in range(51)) + b"0\r\n\r\n"
            headers.append(("Transfer-Encoding", "chunked"))
            request = one.site.request("PUT", "/control/v1/centers/default/seed", headers) + data
        else:
            request = one.site.request("PUT", "/control/v1/centers/default/seed", headers, SPACES * 51)
        reply = one.site.exchange(request)
        assert reply.status == 413
        told = json.loads(reply.body)["detail"]
        assert says_how_to_have_more(told, "control_body_bytes", 5_000_000)
        assert one.is_served()


def test_a_length_that_no_machine_holds_is_refused_before_it_comes() -> None:
    with door() as one, one.site.connection() as connection:
        headers = [("Content-Type", "application/json"), ("Content-Length", str(10**15))]
        connection.send(one.site.request("PUT", "/control/v1/centers/default/seed", headers))
        reply = connection.reply()
        assert reply.status == 413
        assert "1,000,000,000,000,000 bytes" in json.loads(reply.body)["detail"]


def test_a_seed_may_be_longer_than_any_soap_request() -> None:
    description = "d" * 6_000_000
    seed = {"campaigns": [{"campaign_id": 7, "name": "Long", "description": description}]}
    with door() as one:
        assert one.steer("PUT", "/centers/default/seed", seed)[0] == 200
        assert one.center.campaign(7).details.description == description


def test_an_ordinary_control_request_takes_a_megabyte() -> None:
    with door() as one:
        status, problem = one.steer("PUT", "/centers/default/clock", SPACES * 11)
    assert (status, problem["detail"]) == (
        413,
        "the body has 1,100,000 bytes, and this takes 1,048,576 at most; leave out what does not belong there",
    )


def test_what_is_refused_is_not_carried_out() -> None:
    with door({"body_bytes": 2000, "header_bytes": 2000, "query_bytes": 10}) as one:
        append = one.append()
        for refused in (
            append.replace(b"</contact>", b"</contact>" + b" " * 2000),
            append.replace(b"Host:", b"X: " + b"y" * 2000 + b"\r\nHost:"),
            append.replace(CAMPAIGN.encode(), CAMPAIGN.encode() + b"?aaaaaaaaaaa"),
        ):
            head, _, body = refused.partition(b"\r\n\r\n")
            lines = [one for one in head.split(b"\r\n") if not one.startswith(b"Content-Length")]
            sent = b"\r\n".join([*lines, b"Content-Length: %d" % len(body), b"", body])
            assert one.site.exchange(sent).status in (400, 404, 500)
        assert one.center.campaign(1).number_of_contacts == 0
        assert one.site.exchange(append).status == 200


def test_many_refusals_are_told_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    with door({"query_bytes": 10}) as one:
        for _ in range(20):
            assert one.site.ask("GET", f"{UTILITY}?{'x' * 11}").status == 404
    assert len(caplog.messages) == 1
