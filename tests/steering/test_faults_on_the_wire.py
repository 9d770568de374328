"""Faults that strike the connection: which bytes come, when, and how it ends. Time is the center's and stands still."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.test import Client
from werkzeug.test import TestResponse as WerkzeugResponse

from fake_ccmm import FakeCcmm, Profile
from fake_ccmm.app import FakeCcmmApp
from fake_ccmm.calls import CallPattern
from fake_ccmm.faults import (
    Action,
    Delay,
    Distribution,
    Empty,
    Exponential,
    FaultPlan,
    FaultRule,
    Fixed,
    Garbage,
    HttpError,
    LogNormal,
    Normal,
    Reset,
    Slow,
    SoapFaultAction,
    Truncate,
    Uniform,
)
from fake_ccmm.wire_faults import WireEffect
from tests.messages import CAMPAIGN, T, envelope, operation
from tests.raw_http import TIMEOUT

from .wired import INBOX, SPRING, START, Wired, own_center, parsed, small_center, wired, without_date

ENDINGS: list[tuple[Action, str]] = [(Reset(), "RST"), (Empty(), "FIN"), (Truncate(), "FIN"), (Garbage(), "FIN")]
"""What ends a connection, and how."""


@pytest.fixture(scope="module")
def ccmm() -> Iterator[FakeCcmm]:
    with FakeCcmm(small_center(), log=None) as one:
        yield one


@pytest.fixture
def one(ccmm: FakeCcmm) -> Iterator[Wired]:
    with own_center(ccmm) as center:
        yield center


@pytest.fixture(scope="module")
def secure() -> Iterator[FakeCcmm]:
    with FakeCcmm(small_center(), tls="adhoc", log=None) as one:
        yield one


def usual(one: Wired, request: bytes) -> tuple[bytes, bytes]:
    """Head and body of an answer that nothing befalls, the head without its date."""
    with one.plug() as plug:
        plug.send(request + one.site.request("GET", "/", [("Connection", "close")]))
        first = without_date(plug.to_the_end()[0])
    head, _, rest = first.partition(b"\r\n\r\n")
    return head + b"\r\n\r\n", rest[: int(parsed(head).header("Content-Length") or 0)]


# --- answers that are lost --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("carried_out", [True, False])
@pytest.mark.parametrize(("kind", "ending"), [(Reset, "RST"), (Empty, "FIN")])
def test_no_byte_of_a_lost_answer_comes(one: Wired, kind: Any, ending: str, carried_out: bool) -> None:
    one.strike(kind(carried_out=carried_out), budget=1)
    assert one.end_of(one.append()) == (b"", ending)
    assert one.appended() == carried_out
    exchange = one.last()
    assert (exchange.outcome, exchange.injected, exchange.status) == (
        "ok" if carried_out else "not-carried-out",
        "fault-1",
        None,
    )
    assert one.ask(one.append()).status == 200
    assert one.appended() == carried_out + 1


@pytest.mark.parametrize(
    ("truncate", "kept"),
    [
        (Truncate(), lambda length: length // 2),
        (Truncate(fraction=0), lambda length: 0),
        (Truncate(fraction=0.999), lambda length: int(length * 0.999)),
        (Truncate(bytes=0), lambda length: 0),
        (Truncate(bytes=7), lambda length: 7),
        (Truncate(bytes=10**9), lambda length: length - 1),
    ],
    ids=["half", "no part", "most", "no byte", "7 bytes", "more than there is"],
)
def test_a_truncated_answer_is_the_start_of_the_right_one(one: Wired, truncate: Truncate, kept: Any) -> None:
    head, body = usual(one, one.page())
    one.strike(truncate)
    data, ending = one.end_of(one.page())
    assert (without_date(data), ending) == (head + body[: kept(len(body))], "FIN")
    assert (one.last().outcome, one.last().status) == ("ok", 200)


@pytest.mark.parametrize("carried_out", [True, False])
def test_a_truncated_answer_may_be_that_of_a_call_that_was_carried_out(one: Wired, carried_out: bool) -> None:
    one.strike(Truncate(bytes=10, carried_out=carried_out))
    data, ending = one.end_of(one.append())
    head, _, body = data.partition(b"\r\n\r\n")
    assert (parsed(head).status, len(body), ending) == (200 if carried_out else 500, 10, "FIN")
    assert one.appended() == carried_out


@pytest.mark.parametrize("length", [1, 256, 300_000])
def test_garbage_is_so_many_bytes_of_noise_and_the_end(one: Wired, length: int) -> None:
    one.strike(Garbage(bytes=length), name="noise")
    data, ending = one.end_of(one.append())
    assert (len(data), ending, data[:4] == b"HTTP") == (length, "FIN", False)
    assert one.appended() == 1
    assert one.last().status is None
    again = FakeCcmm(small_center(), log=None)
    with again:
        two = wired(again)
        two.strike(Garbage(bytes=length), name="noise")
        assert two.end_of(two.append())[0] == data, "the same noise for the same seed"
        two.served.faults.clear()
        two.served.faults.seed = 7
        two.strike(Garbage(bytes=length), name="noise")
        assert two.end_of(two.append())[0] != data


@pytest.mark.parametrize("length", [1, 256, 300_000])
def test_garbage_under_a_proper_head_leaves_the_connection_as_it_was(one: Wired, length: int) -> None:
    one.strike(Garbage(bytes=length, keep_head=True), budget=1)
    with one.plug() as plug:
        plug.send(one.append())
        reply = plug.reply()
        assert (reply.status, reply.header("Content-Length"), len(reply.body)) == (200, str(length), length)
        assert b"Envelope" not in reply.body
        plug.send(one.append())
        assert b"<AppendContactsToCampaignResult>1<" in plug.reply().body
    assert one.appended() == 2


def test_the_journal_shows_the_bytes_that_went(one: Wired) -> None:
    for action in (Reset(), Empty(), Truncate(), Garbage(), Garbage(keep_head=True), Delay(distribution=Fixed(0))):
        one.served.faults.clear()
        one.strike(action)
        with one.plug() as plug:
            plug.send(one.page() + one.site.request("GET", "/missing", [("Connection", "close")]))
            data, _ = plug.to_the_end()
        number = one.served.journal.count()  # the page behind it is not this center's
        told = one.served.journal.raw_response(number, secrets=True)
        if isinstance(action, (Reset, Empty)) or action == Garbage():
            assert told == data
        else:
            head, _, body = told.partition(b"\r\n\r\n")
            assert data.partition(b"\r\n\r\n")[2].startswith(body)
            assert set(head.split(b"\r\n")) <= set(data.split(b"\r\n"))


# --- on a connection with other calls ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("action", "ending"), ENDINGS, ids=repr)
def test_calls_before_it_are_answered_and_those_after_it_are_not(one: Wired, action: Action, ending: str) -> None:
    one.strike(action, nth=3)
    with one.plug() as plug:
        for _ in range(2):
            plug.send(one.append())
            assert plug.reply().status == 200
        plug.send(one.append() + one.append() + one.append())
        assert plug.to_the_end()[1] == ending
    assert one.appended() == 3


@pytest.mark.parametrize(("action", "ending"), ENDINGS, ids=repr)
def test_a_rule_strikes_in_the_middle_of_a_pipeline(one: Wired, action: Action, ending: str) -> None:
    one.strike(action, nth=2)
    with one.plug() as plug:
        plug.send(one.append() * 3)
        assert plug.reply().status == 200, "what was answered before has left"
        assert plug.to_the_end()[1] == ending
    assert one.appended() == 2
    assert one.served.journal.count("AppendContactsToCampaign") == 2


@pytest.mark.parametrize(
    "action",
    [
        Garbage(keep_head=True),
        Slow(bytes_per_second=10**9),
        Delay(distribution=Fixed(5)),
        HttpError(status=500),
        SoapFaultAction("no"),
    ],
    ids=repr,
)
def test_what_does_not_end_a_connection_keeps_the_answers_in_order(one: Wired, action: Action) -> None:
    one.strike(action, nth=2)
    with one.plug() as plug:
        plug.send(one.append() + one.campaigns() + one.log_off("nobody"))
        assert b"AppendContactsToCampaignResponse" in plug.reply().body
        one.let_others_be_served()
        one.served.clock.advance(5)
        assert b"GetCampaignsResponse" in plug.reply().body or isinstance(action, (Garbage, HttpError, SoapFaultAction))
        assert b"OutboundLogoffResponse" in plug.reply().body
        plug.send(one.campaigns())
        assert plug.reply().status == 200


@pytest.mark.parametrize("action", [Empty(), Truncate(bytes=5), Garbage(bytes=5)], ids=repr)
def test_a_connection_is_not_reset_because_the_client_has_sent_more(one: Wired, action: Action) -> None:
    one.strike(action, nth=1)
    one.strike(Delay(distribution=Fixed(5)), nth=1)
    with one.plug() as plug:
        plug.send(one.append() + one.append())
        one.let_others_be_served()
        plug.send(b"x" * 300_000)  # more than the server has read when it closes
        one.served.clock.advance(5)
        assert plug.to_the_end()[1] == "FIN"
    assert one.appended() == 1


def test_not_even_an_interim_answer_comes_after_the_end(one: Wired) -> None:
    one.strike(Empty(), nth=1)
    upload = one.append().replace(b"\r\nContent-Length", b"\r\nExpect: 100-continue\r\nContent-Length")
    with one.plug() as plug:
        plug.send(one.append() + upload)
        assert plug.to_the_end() == (b"", "FIN")


@pytest.mark.parametrize(("action", "ending"), ENDINGS, ids=repr)
@pytest.mark.parametrize("connection", ["close", "keep-alive"])
def test_http_1_0_is_struck_in_the_same_way(one: Wired, action: Action, ending: str, connection: str) -> None:
    request = one.page(version="HTTP/1.0").replace(
        b"\r\nContent-Type", f"\r\nConnection: {connection}\r\nContent-Type".encode()
    )
    head, body = usual(one, request) if connection == "keep-alive" else (b"", b"")
    one.strike(action)
    data, ended = one.end_of(request)
    assert ended == ending
    if isinstance(action, Truncate) and connection == "keep-alive":
        assert without_date(data) == head + body[: len(body) // 2]
    if isinstance(action, (Reset, Empty)):
        assert data == b""


@pytest.mark.parametrize("action", [Slow(bytes_per_second=10**6), Delay(distribution=Fixed(1))], ids=repr)
def test_http_1_0_is_answered_late_and_closed(one: Wired, action: Action) -> None:
    one.strike(action)
    with one.plug() as plug:
        plug.send(one.append(version="HTTP/1.0"))
        one.let_others_be_served()
        one.served.clock.advance(1)
        data, ending = plug.to_the_end()
    assert ending == "FIN"
    assert data.endswith(b"</soap:Envelope>")


# --- delays and drops, by the center's clock --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "distribution",
    [Fixed(2.5), Uniform(1, 3), Normal(2, 0.5), LogNormal(0.25, 0.5), Exponential(0.5)],
    ids=lambda one: one.kind,
)
def test_a_delayed_answer_comes_at_its_time_and_not_before(one: Wired, distribution: Distribution) -> None:
    rule = FaultRule(name="late", do=Delay(distribution=distribution))
    seconds = FaultPlan([rule]).decide("AppendContactsToCampaign", None, {}).delay_seconds
    assert seconds > 0
    one.served.faults.add(rule)
    with one.plug() as plug:
        plug.send(one.append())
        assert (one.is_silent(plug), one.appended()) == (True, 1)
        one.served.clock.advance(round(seconds - 0.001, 6))
        assert one.is_silent(plug)
        one.served.clock.advance(0.001001)
        assert plug.reply().status == 200
    assert one.last().injected == "late"


def test_delays_add_up_and_another_fault_comes_after_them(one: Wired) -> None:
    one.strike(Delay(distribution=Fixed(1)), name="a")
    one.strike(Delay(distribution=Fixed(2)), name="b")
    one.strike(Reset(), name="c")
    with one.plug() as plug:
        plug.send(one.append())
        one.let_others_be_served()
        one.served.clock.advance(2.999)
        assert one.is_silent(plug)
        one.served.clock.advance(0.001)
        assert plug.to_the_end() == (b"", "RST")
    assert (one.last().injected, one.last().status) == ("a, b, c", None)


def test_a_slow_answer_comes_at_its_pace(one: Wired) -> None:
    head, body = usual(one, one.page())
    one.strike(Slow(bytes_per_second=1000))
    with one.plug() as plug:
        plug.send(one.page())
        assert one.is_silent(plug)
        come = b""
        for seconds, length in ((1, 1000), (0.5, 500), (0.0015, 1), (0.0005, 1)):
            one.served.clock.advance(seconds)
            come += plug.read(length)
            assert one.is_silent(plug)
        one.served.clock.advance(3600)
        rest = plug.read(len(head) + len("Date: Wed, 04 Mar 2026 05:06:07 GMT\r\n") + len(body) - len(come))
        assert without_date(come + rest) == head + body
        one.served.faults.clear()
        plug.send(one.campaigns())
        assert plug.reply().status == 200


def test_a_slow_answer_may_be_late_as_well(one: Wired) -> None:
    one.strike(Delay(distribution=Fixed(10)))
    one.strike(Slow(bytes_per_second=10))
    with one.plug() as plug:
        plug.send(one.append())
        one.let_others_be_served()
        one.served.clock.advance(10)
        assert one.is_silent(plug)
        one.served.clock.advance(1)
        assert plug.read(10) == b"HTTP/1.1 2"
        one.served.clock.advance(3600)
        assert plug.read(7) == b"00 OK\r\n"


def test_a_clock_that_runs_lets_a_late_answer_come_by_itself(one: Wired) -> None:
    one.served.clock.run()
    one.strike(Delay(distribution=Fixed(0.02)))
    one.strike(Slow(bytes_per_second=100_000))
    assert one.ask(one.append()).status == 200


def test_a_clock_that_is_set_back_does_not_hold_an_answer_for_the_time_it_lost(one: Wired) -> None:
    one.strike(Delay(distribution=Fixed(5)), nth=1)
    one.strike(Slow(bytes_per_second=100), nth=2)
    with one.plug() as plug:
        plug.send(one.append())
        one.let_others_be_served()
        one.served.clock.set(START.replace(year=2020))
        assert one.is_silent(plug)
        one.served.clock.advance(4)
        assert one.is_silent(plug)
        one.served.clock.advance(1)
        assert b"Result>1<" in plug.reply().body
        plug.send(one.append())
        one.let_others_be_served()
        one.served.clock.advance(1)
        start = plug.read(100)
        one.served.clock.set(START.replace(year=2019))
        assert one.is_silent(plug)
        one.served.clock.advance(60)
        assert (start + plug.read(400)).startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_pace_beyond_all_measure_is_at_once() -> None:
    center = small_center()
    effect = WireEffect(center.clock, 0, Slow(bytes_per_second=1.7e308))
    assert effect.allowed(100) == 0
    center.clock.advance(10**9)
    assert effect.allowed(100) == 100


@pytest.mark.parametrize("action", [Delay(distribution=Fixed(60)), Slow(bytes_per_second=100)], ids=repr)
def test_others_are_served_while_answers_are_held(one: Wired, action: Action) -> None:
    one.strike(action, operation="AppendContactsToCampaign")
    with one.plug() as first, one.plug() as second:
        first.send(one.append())
        second.send(one.append())
        for _ in range(3):
            assert one.ask(one.campaigns()).status == 200
        assert first.is_silent()
        assert second.is_silent()
        one.served.clock.advance(3600)
        assert first.reply().status == second.reply().status == 200
    assert one.appended() == 2


def test_what_is_sent_behind_a_held_answer_waits_for_it(one: Wired) -> None:
    one.strike(Delay(distribution=Fixed(60)), nth=1)
    with one.plug() as plug:
        plug.send(one.append())
        one.let_others_be_served()
        for _ in range(3):
            plug.send(one.append())
        assert (one.is_silent(plug), one.appended()) == (True, 1)
        one.served.clock.advance(60)
        for _ in range(4):
            assert plug.reply().status == 200
    assert one.appended() == 4


@pytest.mark.parametrize("separately", [True, False])
def test_what_is_no_request_behind_a_held_answer_is_refused_in_its_turn(one: Wired, separately: bool) -> None:
    one.strike(Delay(distribution=Fixed(60)), nth=1)
    requests = [one.append(), one.append(), b"nonsense\r\n\r\n"]
    with one.plug() as plug:
        for data in requests if separately else [b"".join(requests)]:
            plug.send(data)
        assert one.is_silent(plug)
        one.served.clock.advance(60)
        assert [plug.reply().status for _ in range(3)] == [200, 200, 400]
        assert plug.to_the_end() == (b"", "FIN")


def connections(ccmm: FakeCcmm) -> int:
    """How many connections a server has."""
    server = ccmm._server
    assert server is not None
    return len(server.server_state.connections)


@pytest.mark.parametrize("action", [Delay(distribution=Fixed(60)), Slow(bytes_per_second=10)], ids=repr)
def test_an_answer_whose_client_has_gone_is_dropped(action: Action, caplog: pytest.LogCaptureFixture) -> None:
    with FakeCcmm(small_center(), log=None) as ccmm:
        one = wired(ccmm)
        one.strike(action, operation="AppendContactsToCampaign")
        for _ in range(20):
            with one.plug() as plug:
                plug.send(one.append())
                one.let_others_be_served()
        deadline = time.monotonic() + TIMEOUT
        while connections(ccmm) > 1 and time.monotonic() < deadline:
            one.let_others_be_served()
        assert connections(ccmm) <= 1, "no more than the one that was used last"
        one.served.clock.advance(3600)
        assert one.ask(one.campaigns()).status == 200
        assert one.appended() == 20
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("tls", [None, "adhoc"])
@pytest.mark.parametrize("action", [Delay(distribution=Fixed(60)), Slow(bytes_per_second=10)], ids=repr)
def test_a_server_stops_while_answers_are_held(action: Action, tls: Any, caplog: pytest.LogCaptureFixture) -> None:
    ccmm = FakeCcmm(small_center(), tls=tls, log=None).start()
    try:
        one = wired(ccmm)
        one.strike(action, nth=1)
        with one.plug() as plug:
            plug.send(one.append() + one.append())
            assert one.is_silent(plug)
            ccmm.stop()
            assert f"fake-ccmm:{ccmm.port}" not in [thread.name for thread in threading.enumerate()]
            assert plug.to_the_end()[0] == b""
    finally:
        ccmm.stop()
    assert one.appended() == 1
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


# --- over TLS ---------------------------------------------------------------------------------------------------------


def test_over_tls_an_answer_is_lost_and_the_connection_reset(secure: FakeCcmm) -> None:
    with own_center(secure) as one:
        one.strike(Reset(), budget=1)
        assert one.end_of(one.append()) == (b"", "RST")
        assert one.appended() == 1
        assert one.ask(one.campaigns()).status == 200


def test_over_tls_a_connection_is_closed_without_an_answer(secure: FakeCcmm) -> None:
    with own_center(secure) as one:
        one.strike(Empty())
        assert one.end_of(one.append()) == (b"", "FIN")


def test_over_tls_an_answer_is_truncated(secure: FakeCcmm) -> None:
    with own_center(secure) as one:
        head, body = usual(one, one.page())
        one.strike(Truncate(fraction=0.9))
        data, ending = one.end_of(one.page())
        assert (without_date(data), ending) == (head + body[: int(len(body) * 0.9)], "FIN")


def test_over_tls_an_answer_is_late_and_slow(secure: FakeCcmm) -> None:
    with own_center(secure) as one:
        one.strike(Delay(distribution=Fixed(5)))
        one.strike(Slow(bytes_per_second=50))
        with one.plug() as plug:
            plug.send(one.append() + one.campaigns())
            one.let_others_be_served()
            one.served.clock.advance(5)
            assert one.is_silent(plug)
            one.served.clock.advance(1)
            start = plug.read(50)
            assert one.is_silent(plug)
            one.served.clock.advance(3600)
            assert (start + plug.read(450)).startswith(b"HTTP/1.1 200 OK\r\n")


# --- what a rule is for -----------------------------------------------------------------------------------------------


def test_rules_of_one_center_do_not_strike_calls_of_another(ccmm: FakeCcmm) -> None:
    with own_center(ccmm) as one, own_center(ccmm) as two:
        one.strike(Reset())
        two.strike(Delay(distribution=Fixed(1)))
        assert one.end_of(one.append())[1] == "RST"
        with two.plug() as plug:
            plug.send(two.append())
            two.let_others_be_served()
            one.served.clock.advance(60)
            assert two.is_silent(plug), "each follows its own clock"
            two.served.clock.advance(1)
            assert plug.reply().status == 200
        assert (one.rule().matched, two.rule().matched) == (1, 1)


@pytest.mark.parametrize("action", [Delay(distribution=Fixed(5)), Truncate(bytes=3)], ids=repr)
def test_a_call_that_is_put_off_is_struck_once(action: Action) -> None:
    with FakeCcmm(small_center(Profile(limit_answer="delay", session_timeout=0)), log=None) as ccmm:
        one = wired(ccmm)
        assert one.ask(one.append()).status == 200
        one.strike(action, budget=3)
        with one.plug() as plug:
            plug.send(one.append())
            assert (one.is_silent(plug), one.appended()) == (True, 1)
            one.served.clock.advance(1)
            if isinstance(action, Delay):
                assert one.is_silent(plug)
                one.served.clock.advance(5)
                assert plug.reply().status == 200
            else:
                assert plug.to_the_end()[0].endswith(b"\r\n\r\n<?x")
        assert one.appended() == 2
        assert (one.rule().matched, one.rule().struck) == (1, 1)
        assert one.last().injected == "fault-1"


def test_a_call_that_is_put_off_is_made_even_if_its_client_has_gone() -> None:
    with FakeCcmm(small_center(Profile(limit_answer="delay", session_timeout=0)), log=None) as ccmm:
        one = wired(ccmm)
        assert one.ask(one.append()).status == 200
        with one.plug() as plug:
            plug.send(one.append())
            one.let_others_be_served()
        one.let_others_be_served()
        one.served.clock.advance(1)
        deadline = time.monotonic() + TIMEOUT
        while one.appended() < 2 and time.monotonic() < deadline:
            one.let_others_be_served()
        assert one.appended() == 2


@pytest.mark.parametrize(
    "action", [Reset(), Truncate(), Slow(bytes_per_second=5), Delay(distribution=Fixed(1))], ids=repr
)
def test_as_plain_wsgi_a_rule_for_the_wire_is_answered_with_an_error_that_says_so(action: Action) -> None:
    app = FakeCcmmApp(small_center(), log=None)
    rule = FaultRule(name="lost", when=CallPattern("OutboundLogoff"), do=action)
    app.worlds.default.faults.add(rule)
    reply = post(app, "OutboundLogoff")
    assert (reply.status_code, reply.mimetype) == (500, "text/plain")
    assert "lost" in reply.text
    assert "fake-ccmm serve" in reply.text
    assert post(app, "OutboundLogin").status_code == 500
    assert "Invalid Administrator" in post(app, "OutboundLogin").text


def post(app: FakeCcmmApp, name: str) -> WerkzeugResponse:
    """The answer of an application to an operation without arguments."""
    return Client(app).post(
        CAMPAIGN.replace("Campaign", "Utility"),
        data=envelope(operation(name)),
        content_type="text/xml",
        headers={"SOAPAction": f'"{T}{name}"'},
    )


def test_a_wire_fault_strikes_pages_of_contacts_in_either_campaign(one: Wired) -> None:
    one.strike(Reset(), arguments={"campaign_id": SPRING})
    assert one.end_of(one.page())[1] == "RST"
    assert one.ask(one.page(campaign_id=INBOX)).status == 200
