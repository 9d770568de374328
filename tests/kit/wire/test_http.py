"""HTTP against real sockets: what is sent, what comes back, and what is said when nothing does."""

from __future__ import annotations

import re
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from ccmm_contracts.errors import SetUpBroken, Unreachable
from ccmm_contracts.exchange import HttpRequest
from ccmm_contracts.wire.http import AnswerLost, Http

from fake_ccmm import FakeCcmm

from .canned import canned, http_answer

OK = http_answer(b"<ok/>", more="X-One: 1\r\nX-Two: 2\r\nX-Two: 3\r\n")


def test_a_request_goes_out_as_it_is_and_the_answer_comes_back_as_it_was_sent() -> None:
    with canned(OK) as server, Http() as http:
        headers = (("Content-Type", "text/xml"), ("SOAPAction", '"a"'))
        answer = http.send(HttpRequest("POST", f"{server.url}/A.asmx?wsdl", headers, b"<a/>"))
    head, _, body = server.asked[0][1].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /A.asmx?wsdl HTTP/1.1"
    assert {"Content-Type: text/xml", 'SOAPAction: "a"', "Content-Length: 4"} <= set(lines)
    assert body == b"<a/>"
    assert (answer.status, answer.reason, answer.body) == (200, "OK", b"<ok/>")
    assert [one for one in answer.headers if one[0].startswith("X-")] == [
        ("X-One", "1"),
        ("X-Two", "2"),
        ("X-Two", "3"),
    ]
    assert answer.header("content-type") == "text/xml; charset=utf-8"


def test_a_header_may_be_sent_twice_and_be_in_any_letter_case() -> None:
    with canned(OK) as server, Http() as http:
        http.send(
            HttpRequest("POST", server.url, (("SOAPAction", "a"), ("soapaction", "b"), ("USER-AGENT", "me")), b"x")
        )
    lines = server.asked[0][1].decode().split("\r\n")
    assert [one.partition(": ")[2] for one in lines if one.lower().startswith("soapaction")] == ["a", "b"]
    assert [one for one in lines if one.lower().startswith("user-agent")] == ["USER-AGENT: me"]


def test_a_connection_is_used_again() -> None:
    with canned(OK) as server, Http() as http:
        for _ in range(3):
            http.send(server.request)
    assert [number for number, _ in server.asked] == [0, 0, 0]


def test_a_connection_that_the_server_closed_meanwhile_is_not_used_again_and_nothing_is_sent_twice() -> None:
    with canned(OK, hangs_up=True) as server, Http() as http:
        for _ in range(5):
            assert http.send(server.request).status == 200
            assert server.closed.acquire(timeout=5)
    assert [number for number, _ in server.asked] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    "broken",
    [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", b"nonsense\r\n\r\n"],
)
def test_an_answer_that_breaks_off_is_lost_and_the_request_is_not_sent_again(broken: bytes) -> None:
    with canned(OK, broken, hangs_up=True) as server, Http() as http:
        http.send(server.request)
        assert server.closed.acquire(timeout=5)
        with pytest.raises(AnswerLost, match="broke off before the answer was whole"):
            http.send(server.request)
    assert len(server.asked) == 2


def test_an_answer_that_does_not_come_is_lost_and_says_how_long_was_waited() -> None:
    with canned(None) as server, Http(timeout=0.1) as http:
        with pytest.raises(AnswerLost, match=re.escape(f"{server.url}/X.asmx: no answer within 0.1 seconds")):
            http.send(server.request)
        assert len(server.asked) == 1


def test_a_redirect_is_an_answer_like_any_other() -> None:
    with canned(http_answer(status="302 Found", more="Location: /elsewhere\r\n")) as server, Http() as http:
        answer = http.send(server.request)
    assert (answer.status, answer.header("location"), len(server.asked)) == (302, "/elsewhere", 1)


@pytest.mark.parametrize("status", ["503 Service Unavailable", "413 Too Large", "429 Slow Down"])
def test_an_answer_that_asks_to_come_again_is_not_obeyed(status: str) -> None:
    with canned(http_answer(status=status, more="Retry-After: 0\r\n")) as server, Http() as http:
        assert http.send(server.request).status == int(status[:3])
    assert len(server.asked) == 1


def test_a_compressed_answer_is_left_as_it_is() -> None:
    with canned(http_answer(b"\x1f\x8bnone", more="Content-Encoding: gzip\r\n")) as server, Http() as http:
        assert http.send(server.request).body == b"\x1f\x8bnone"


def test_a_port_where_nobody_listens_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with (
        Http() as http,
        pytest.raises(Unreachable, match=f"http://127.0.0.1:{port}: no connection .*refused.*running") as told,
    ):
        http.send(HttpRequest("GET", f"http://127.0.0.1:{port}/"))
    assert not isinstance(told.value, AnswerLost)


def test_a_host_that_nobody_knows_is_told() -> None:
    with Http() as http, pytest.raises(Unreachable, match=r"nobody knows the host 'ccmm\.invalid'"):
        http.send(HttpRequest("GET", "http://ccmm.invalid/"))


@pytest.mark.parametrize("url", ["ccmm:8080", "ftp://host/", "http://", "http://host:port/", "", "http://[::1/"])
def test_what_is_no_address_is_told(url: str) -> None:
    with Http() as http, pytest.raises(Unreachable, match="no address that can be called"):
        http.send(HttpRequest("GET", url))


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with canned(OK) as server, Http() as http:
        assert http.send(server.request).status == 200


def test_a_certificate_that_is_trusted_by_the_ca_file_is_good() -> None:
    with FakeCcmm(tls="adhoc") as ccmm, Http(ca_file=str(ccmm.ca_file)) as http:
        address = f"{ccmm.url}/ccmmoutboundwebservices/OutboundUtilityWS.asmx?wsdl"
        assert http.send(HttpRequest("GET", address)).status == 200


def test_a_certificate_that_nobody_trusts_is_told_with_the_option_that_helps() -> None:
    with FakeCcmm(tls="adhoc") as ccmm, Http() as http, pytest.raises(Unreachable, match=r"not trusted .*--ca FILE"):
        http.send(HttpRequest("GET", f"{ccmm.url}/"))


def test_a_server_without_tls_is_told() -> None:
    with FakeCcmm() as ccmm, Http() as http, pytest.raises(Unreachable, match="does the address start with http://"):
        http.send(HttpRequest("GET", ccmm.url.replace("http:", "https:")))


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_a_ca_file_that_cannot_be_read_is_told(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "ca.pem"
    if content is not None:
        file.write_text(content)
    with pytest.raises(SetUpBroken, match=r"no certificates can be read from it .*PEM"):
        Http(ca_file=str(file))


def test_several_threads_may_send_at_once() -> None:
    with canned(OK) as server, Http() as http, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: http.send(server.request).body, range(100)))
    assert answers == [b"<ok/>"] * 100
    assert len(server.asked) == 100


def test_it_sends_again_after_it_was_closed() -> None:
    with canned(OK) as server, Http() as http:
        http.send(server.request)
        http.close()
        assert http.send(server.request).status == 200
