"""The clock of a served center: frozen, set, moved and let go, and what clients see of it over SOAP."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

import pytest

from fake_ccmm import FakeCcmm
from fake_ccmm.clock import SECOND, SettableClock, real_seconds, to_microseconds
from fake_ccmm.served import ServedCenter

from ..core.world import START
from ..running.soap import call
from .steered import SPRING, close, closed, key_at, page, served

DONE = "<CloseContactResult>1</CloseContactResult>"
TOO_SOON = "CloseContact can only be called every 1 seconds"


def closed_at(center: ServedCenter, contact_id: int) -> datetime | None:
    closure = center.center.closure(SPRING, contact_id)
    return closure.at if closure else None


@contextmanager
def two_centers() -> Iterator[tuple[FakeCcmm, ServedCenter, str]]:
    """A server, a center beside its default one, and a key of the former."""
    with served() as (server, _):
        server.center.log_off("anna")
        server.world.save("nobody")
        center = server.create_center("alpha")
        center.center.log_off("anna")
        yield server, center, key_at(center)


def test_a_frozen_clock_lets_no_second_pass_however_many_calls_there_are() -> None:
    with served() as (server, key):
        assert DONE in close(server, key, 1)
        for _ in range(20):
            assert TOO_SOON in close(server, key, 2)
        server.clock.advance(1)
        assert DONE in close(server, key, 2)
        assert [closed_at(server, one) for one in (1, 2)] == [START, START + timedelta(seconds=1)]


def test_each_way_to_move_a_clock_dates_the_next_closure() -> None:
    with served() as (server, key):
        clock = server.clock
        assert DONE in close(server, key, 1)
        clock.set(START + timedelta(seconds=30))
        assert DONE in close(server, key, 2)
        clock.freeze(START + timedelta(seconds=60))
        assert DONE in close(server, key, 3)
        clock.set(START - timedelta(days=400))
        assert DONE in close(server, key, 4), "a clock that was set back starts afresh"
        dates = [closed_at(server, one) for one in (1, 2, 3, 4)]
        assert dates == [START + timedelta(seconds=one) for one in (0, 30, 60, -400 * 86400)]


def test_a_clock_that_runs_on_dates_from_where_it_stood() -> None:
    with served() as (server, key):
        server.clock.run()
        assert DONE in close(server, key, 1)
        assert TOO_SOON in close(server, key, 2)
        server.clock.advance(1)
        assert DONE in close(server, key, 2)
        first, second = closed_at(server, 1), closed_at(server, 2)
        assert first is not None
        assert second is not None
        assert START <= first < first + timedelta(seconds=1) <= second < START + timedelta(minutes=2)


def test_a_clock_brought_to_real_time_dates_as_the_machine_does_and_ends_the_session() -> None:
    with served() as (server, key):
        server.clock.to_real_time()
        is_later = server.clock.now() > START + timedelta(minutes=20)
        assert ("Session has Expired" in page(server, key)) == is_later
        call(server.utility_url, "OutboundLogoff", username="anna")
        assert DONE in close(server, key_at(server), 1)
        at = closed_at(server, 1)
        assert at is not None
        assert abs((at - datetime(1970, 1, 1)).total_seconds() - real_seconds()) < 60


def test_a_session_expires_when_its_time_has_passed_on_the_centers_clock_and_not_before() -> None:
    with served() as (server, key):
        for _ in range(3):
            server.clock.advance(20 * 60)
            assert "OWContact" in page(server, key)
        server.clock.advance(20 * 60 + 0.000001)
        assert "Session has Expired" in page(server, key)
        assert server.center.sessions()[0].is_expired
        server.clock.set(START + timedelta(minutes=60))
        assert "OWContact" in page(server, key)


def test_the_clock_of_one_center_moves_no_other() -> None:
    with two_centers() as (server, center, key):
        default_key = key_at(server)
        assert DONE in close(center, key, 1)
        assert DONE in close(server, default_key, 1)
        center.clock.advance(1)
        assert DONE in close(center, key, 2)
        assert TOO_SOON in close(server, default_key, 2)
        center.clock.advance(3600)
        assert "Session has Expired" in page(center, key)
        assert "OWContact" in page(server, default_key)


def test_a_held_call_is_answered_when_another_thread_moves_the_clock() -> None:
    with served(limit_answer="delay") as (server, key), ThreadPoolExecutor(1) as pool:
        assert DONE in close(server, key, 1)
        held = pool.submit(close, server, key, 2)
        server.clock.advance(0.999999)
        assert "OWContact" in page(server, key)
        assert closed(server.center) == 1
        assert not held.done()
        server.clock.advance(0.000001)
        assert DONE in held.result(30)
        assert closed_at(server, 2) == START + timedelta(seconds=1)


def test_calls_held_together_are_answered_one_a_second_as_the_clock_moves() -> None:
    with served(limit_answer="delay") as (server, key), ThreadPoolExecutor(4) as pool:
        assert DONE in close(server, key, 1)
        held = [pool.submit(close, server, key, one) for one in range(2, 6)]
        for count in range(2, 6):
            server.clock.advance(1)
            while closed(server.center) < count:
                assert "OWContact" in page(server, key)
        assert all(DONE in one.result(30) for one in held)
        dates = sorted(one for one in (closed_at(server, each) for each in range(1, 6)) if one)
        assert dates == [START + timedelta(seconds=second) for second in range(5)]


def test_a_held_call_is_answered_when_the_clock_is_let_go() -> None:
    with served(limit_answer="delay", limit_seconds=0.05) as (server, key), ThreadPoolExecutor(1) as pool:
        assert DONE in close(server, key, 1)
        held = pool.submit(close, server, key, 2)
        assert "OWContact" in page(server, key)
        server.clock.run()
        assert DONE in held.result(30)


def test_a_held_call_is_refused_when_its_session_is_ended_meanwhile() -> None:
    with served(limit_answer="delay") as (server, key), ThreadPoolExecutor(1) as pool:
        assert DONE in close(server, key, 1)
        held = pool.submit(close, server, key, 2)
        assert "OWContact" in page(server, key)
        assert not held.done()
        server.center.end_session("anna")
        assert "Validation of session key failed" in held.result(30)
        assert closed(server.center) == 1


@pytest.mark.parametrize("running", [True, False], ids=["running", "frozen"])
def test_the_journal_tells_the_time_of_the_center(running: bool) -> None:
    with served() as (server, key):
        if running:
            server.clock.run()
        page(server, key)
        (exchange,) = server.journal.exchanges()
        at = exchange.center_time.replace(tzinfo=None)
        assert START <= at <= server.clock.now() < START + timedelta(minutes=2)
        assert (at == START) is not running


# --- the clock by itself ----------------------------------------------------------------------------------------------


def test_a_clock_that_is_let_go_stopped_and_restored_shows_no_other_time_meanwhile() -> None:
    """Each clock follows the machine's time to begin with, months from the time it shows here."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.00001)
    clock = SettableClock(START)
    standing = clock.state()
    clock.set_ahead((START - datetime(1970, 1, 1)).total_seconds() - real_seconds())
    running = clock.state()
    clock.freeze(START)
    done = threading.Event()

    def move() -> None:
        for _ in range(500):
            clock.run()
            clock.freeze(START)
            clock.restore(running)
            clock.restore(standing)
        done.set()

    mover = threading.Thread(target=move)
    mover.start()
    readings = {0}
    while not done.is_set():
        readings.add(clock.microseconds() - to_microseconds(START))
    mover.join(30)
    sys.setswitchinterval(before)
    assert max(abs(one) for one in readings) < 60 * SECOND


def test_a_state_of_one_clock_is_the_same_on_another() -> None:
    one, other = SettableClock(running=True), SettableClock(running=True)
    one._real += 5_000  # as if the machine's time had been corrected between the making of the two
    other.restore(one.state())
    assert other.offset_seconds == one.offset_seconds
    one.set_ahead(-12.5)
    other.restore(one.state())
    assert other.offset_seconds == -12.5


@pytest.mark.parametrize("moment", [datetime.max, datetime.min], ids=["after", "before"])
def test_a_moment_outside_the_calendar_is_refused_whatever_its_zone(moment: datetime) -> None:
    clock = SettableClock(START)
    hours = timedelta(hours=-12 if moment.year > 1 else 12)
    for move in (clock.set, clock.freeze):
        with pytest.raises(ValueError, match="from the year 1 to the year 9999"):
            move(moment.replace(tzinfo=timezone(hours)))
    assert clock.now() == START
