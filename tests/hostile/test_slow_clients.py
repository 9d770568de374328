"""Who is slow is cut off when the time is over, and keeps nobody else waiting until then."""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Callable

import pytest

from fake_ccmm import FakeCcmm
from fake_ccmm.bounds import Bounds
from fake_ccmm.faults import FaultRule, Slow
from tests.messages import CAMPAIGN, TEXT_XML, action, envelope, operation
from tests.raw_http import TIMEOUT

from .doors import CALL, Door, door, drip, says_how_to_have_more

SHORT = 0.3
LONG_BODY = CALL + b" " * 1_000_000


@pytest.fixture(autouse=True)
def hearing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, logger="fake_ccmm")


def header_drip(one: Door, plug: socket.socket) -> bytes:
    plug.sendall(b"POST /ccmmoutboundwebservices/OutboundUtilityWS.asmx HTTP/1.1\r\nX: ")
    return drip(plug, b"x")


def body_drip(one: Door, plug: socket.socket) -> bytes:
    plug.sendall(one.call(LONG_BODY)[:-900_000])
    return drip(plug, b" ")


def chunk_drip(one: Door, plug: socket.socket) -> bytes:
    head = one.call(b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    plug.sendall(head)
    return drip(plug, b"1\r\n \r\n")


def half_a_head(one: Door, plug: socket.socket) -> bytes:
    plug.sendall(one.call()[:80])
    return drip(plug, b"")


def half_a_body(one: Door, plug: socket.socket) -> bytes:
    plug.sendall(one.call()[:-10])
    return drip(plug, b"")


SLOW: dict[str, tuple[str, Callable[[Door, socket.socket], bytes]]] = {
    "a header byte by byte": ("header_seconds", header_drip),
    "a body byte by byte": ("body_seconds", body_drip),
    "a body in chunks of one byte": ("body_seconds", chunk_drip),
    "half a head": ("header_seconds", half_a_head),
    "half a body": ("body_seconds", half_a_body),
}


@pytest.mark.parametrize(("bound", "be_slow"), SLOW.values(), ids=SLOW.keys())
def test_who_sends_a_request_too_slowly_is_cut_off(
    bound: str, be_slow: Callable[[Door, socket.socket], bytes], caplog: pytest.LogCaptureFixture
) -> None:
    others = {
        name: 60 for name in ("header_seconds", "body_seconds", "idle_seconds", "answer_seconds") if name != bound
    }
    with door({**others, bound: SHORT, "bytes_per_second": 1_000_000}) as one, one.plug() as plug:
        plug.sendall(one.call())
        assert plug.recv(65536).startswith(b"HTTP/1.1 500 "), "the first request of a connection may be fine"
        assert one.is_served()
        assert be_slow(one, plug) == b""
        assert one.is_served()
    (told,) = caplog.messages
    assert "was reset: its " in told
    assert f"the bound {bound} is 0.3" in told
    assert f"--bound {bound}=N" in told


def test_who_sends_a_long_body_fast_enough_is_answered() -> None:
    with door({"body_seconds": 0.001, "header_seconds": 0.001, "bytes_per_second": 1000}) as one, one.plug() as plug:
        request = one.call(LONG_BODY)
        said = b""
        for start in range(0, len(request), 100_000):
            plug.sendall(request[start : start + 100_000])
            assert one.is_served(), "a moment passes, in which the deadline without its bytes does too"
        while b"</soap:Envelope>" not in said:
            more = plug.recv(65536)
            assert more, "it was cut off"
            said += more


def test_an_idle_connection_is_closed_in_good_order_and_nothing_is_told(caplog: pytest.LogCaptureFixture) -> None:
    with door({"idle_seconds": SHORT}) as one, one.plug() as new, one.plug() as used:
        used.sendall(one.call())
        assert used.recv(65536).startswith(b"HTTP/1.1 500 ")
        assert one.is_served()
        assert new.recv(1) == used.recv(1) == b"", "closed, not reset"
        assert one.is_served()
    assert caplog.messages == []


def pages(one: Door, count: int) -> bytes:
    """So many requests for a page of 200 contacts, all at once."""
    arguments = f"<CampaignID>1</CampaignID><LastContactID>0</LastContactID><sessionKey>{one.key}</sessionKey>"
    body = envelope(operation("Get200CampaignContacts", arguments)).encode()
    headers = [("Content-Type", TEXT_XML), ("SOAPAction", action("Get200CampaignContacts"))]
    return one.site.request("POST", CAMPAIGN, headers, body) * count


def answer_of(one: Door, request: bytes) -> bytes:
    """An answer as it stands on the wire."""
    with one.site.connection() as connection:
        connection.send(request)
        connection.send_no_more()
        return connection.rest()


def was_reset(plug: socket.socket) -> bool:
    """Whether the connection is gone once all that had come is read."""
    plug.settimeout(TIMEOUT)
    try:
        while plug.recv(1 << 20):
            pass
    except ConnectionResetError:
        pass
    return True


def test_who_does_not_take_its_answers_is_cut_off(caplog: pytest.LogCaptureFixture) -> None:
    with door({"answer_seconds": SHORT, "bytes_per_second": 10_000_000}, contacts=400) as one, one.plug() as plug:
        plug.sendall(pages(one, 400))
        while not caplog.messages:
            assert one.is_served()
        assert was_reset(plug)
        (told,) = caplog.messages
        assert "it did not take its answer in time" in told
        assert "the bound answer_seconds is 0.3" in told
        assert one.is_served()


def test_who_takes_its_answers_slowly_but_steadily_is_not_cut_off() -> None:
    with door({"answer_seconds": SHORT, "bytes_per_second": 100_000}, contacts=400) as one, one.plug() as plug:
        plug.sendall(pages(one, 100))
        plug.settimeout(TIMEOUT)
        said, whole = 0, len(answer_of(one, pages(one, 1)))
        while said < 100 * whole:
            piece = plug.recv(50_000)
            assert piece, "it was cut off"
            said += len(piece)
            if said % 7 == 0:
                assert one.is_served()


def test_together_slow_clients_hold_no_more_than_the_bound(caplog: pytest.LogCaptureFixture) -> None:
    body = CALL + b" " * 400_000
    with door({"pending_bytes": 1_000_000}) as one:
        with one.plug() as first, one.plug() as second, one.plug() as third:
            for plug in (first, second, third):
                plug.sendall(one.call(body)[:-50_000])
                assert one.is_served()
            assert was_reset(first), "the oldest has to go"
            assert says_how_to_have_more(caplog.messages[0], "pending_bytes", 1_000_000)
            for plug in (second, third):
                plug.sendall(b" " * 50_000)
                assert plug.recv(65536).startswith(b"HTTP/1.1 500 ")
        assert one.ccmm._server is not None
        assert one.ccmm._server._gate.pending.total == 0


def test_one_alone_may_hold_a_whole_body_whatever_the_bound() -> None:
    with door({"pending_bytes": 1}) as one:
        assert one.site.exchange(one.call(LONG_BODY)).status == 500
        assert one.is_served()


def test_who_never_ends_the_tls_handshake_is_cut_off() -> None:
    with FakeCcmm(tls="adhoc", bounds={"handshake_seconds": SHORT}) as ccmm:
        where = ("127.0.0.1", ccmm.port)
        with socket.create_connection(where, TIMEOUT) as silent, socket.create_connection(where, TIMEOUT) as half:
            half.sendall(client_hello()[:40])
            ccmm.check_soap()
            assert half.recv(1) == silent.recv(1) == b""
        ccmm.check_soap()


def client_hello() -> bytes:
    """The first bytes of a client of TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    wrapped = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        wrapped.do_handshake()
    return outgoing.read()


@pytest.mark.parametrize("bound", ["header_seconds", "body_seconds"])
def test_a_drip_inside_tls_is_cut_off_too(bound: str) -> None:
    with door({bound: SHORT, "bytes_per_second": 1_000_000}, tls="adhoc") as one:
        context = ssl.create_default_context(cafile=one.ccmm.ca_file)
        with one.plug() as plain, context.wrap_socket(plain, server_hostname="localhost") as plug:
            assert SLOW["half a head" if bound == "header_seconds" else "half a body"][1](one, plug) == b""
        one.ccmm.check_soap()


def test_a_fault_that_is_slow_on_purpose_is_no_slow_client() -> None:
    with door({"idle_seconds": SHORT, "answer_seconds": SHORT, "body_seconds": SHORT, "header_seconds": SHORT}) as one:
        one.ccmm.faults.add(FaultRule(do=Slow(bytes_per_second=1)))
        with one.plug() as plug:
            plug.sendall(one.call())
            plug.settimeout(SHORT * 3)
            with pytest.raises(TimeoutError):
                plug.recv(1)
            one.ccmm.clock.advance(3600)
            assert plug.recv(65536).startswith(b"HTTP/1.1 500 ")


def test_the_deadlines_are_those_of_iis() -> None:
    bounds = Bounds()
    assert (bounds.header_seconds, bounds.body_seconds, bounds.idle_seconds) == (120, 120, 120)
    assert bounds.bytes_per_second == 240
