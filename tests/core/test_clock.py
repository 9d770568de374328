"""The two clocks, and what a clock that is moved does to a center."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_ccmm.clock import SECOND, SettableClock, to_datetime, to_microseconds

from .world import START, open_world, person


def test_a_settable_clock_stands_still() -> None:
    clock = SettableClock(START)
    assert to_datetime(clock.microseconds()) == START
    assert clock.microseconds() == clock.microseconds()


def test_a_settable_clock_starts_at_the_machines_time_where_none_is_given() -> None:
    before = time.time_ns() // 1000
    assert before <= SettableClock().microseconds() <= time.time_ns() // 1000


@pytest.mark.parametrize(
    ("seconds", "microseconds"), [(0, 0), (1, SECOND), (0.000001, 1), (1.9999999, 2 * SECOND), (0.1, 100_000)]
)
def test_a_settable_clock_advances_to_the_microsecond(seconds: float, microseconds: int) -> None:
    clock = SettableClock(START)
    clock.advance(seconds)
    assert clock.microseconds() - to_microseconds(START) == microseconds


@pytest.mark.parametrize("seconds", [-1, -0.000001, float("nan"), float("inf"), float("-inf")])
def test_a_settable_clock_advances_by_no_such_time(seconds: float) -> None:
    clock = SettableClock(START)
    with pytest.raises(ValueError, match="0 seconds or more"):
        clock.advance(seconds)
    assert to_datetime(clock.microseconds()) == START


def test_a_settable_clock_can_be_set_forwards_and_back_in_any_zone() -> None:
    clock = SettableClock(START)
    for moment in (START + timedelta(days=400), START - timedelta(days=400)):
        clock.set(moment)
        assert to_datetime(clock.microseconds()) == moment
    clock.set(datetime(2026, 3, 2, 11, 0, tzinfo=timezone(timedelta(hours=2))))
    assert to_datetime(clock.microseconds()) == START


@given(st.datetimes())
def test_a_moment_survives_being_counted_in_microseconds(moment: datetime) -> None:
    assert to_datetime(to_microseconds(moment)) == moment
    assert to_microseconds(moment.replace(tzinfo=timezone.utc)) == to_microseconds(moment)


def test_a_running_clock_tells_the_machines_time_and_never_goes_back() -> None:
    clock = SettableClock(running=True)
    readings = [clock.microseconds() for _ in range(1000)]
    assert readings == sorted(readings)
    assert abs(readings[-1] - time.time_ns() // 1000) < 60 * SECOND
    assert not clock.is_frozen
    assert clock.offset_seconds == 0


def test_a_running_clock_that_is_set_or_advanced_runs_on_from_there() -> None:
    clock = SettableClock(running=True)
    clock.set(START)
    clock.advance(3600)
    first = clock.microseconds()
    assert 3600 * SECOND <= first - to_microseconds(START) < 3660 * SECOND
    assert clock.microseconds() >= first
    assert not clock.is_frozen


def test_a_frozen_clock_goes_on_from_where_it_stood() -> None:
    clock = SettableClock(START)
    assert clock.is_frozen
    clock.run()
    assert 0 <= clock.microseconds() - to_microseconds(START) < 60 * SECOND
    clock.freeze()
    assert clock.microseconds() == clock.microseconds()
    clock.freeze(START)
    assert clock.now() == START


def test_a_clock_returns_to_the_machines_time() -> None:
    clock = SettableClock(START)
    clock.to_real_time()
    assert abs(clock.microseconds() - time.time_ns() // 1000) < 60 * SECOND
    assert clock.offset_seconds == 0


@given(st.integers(-(10**15), 10**15))
def test_a_clock_can_be_ahead_of_the_machine_to_the_microsecond(microseconds: int) -> None:
    clock = SettableClock(running=True)
    clock.set_ahead(microseconds / SECOND)
    assert clock.offset_seconds == microseconds / SECOND


def test_a_clock_is_restored_as_it_was_standing_or_running() -> None:
    clock = SettableClock(START)
    standing = clock.state()
    clock.set_ahead(500)
    running = clock.state()
    clock.restore(standing)
    assert clock.now() == START
    clock.restore(running)
    assert (clock.is_frozen, clock.offset_seconds) == (False, 500)


@pytest.mark.parametrize("is_running", [True, False])
def test_a_clock_stays_within_the_calendar(is_running: bool) -> None:
    clock = SettableClock(START, running=is_running)
    with pytest.raises(ValueError, match="year 9999"):
        clock.advance(3 * 10**11)
    with pytest.raises(ValueError, match="at most"):
        clock.set_ahead(10**13)
    assert clock.now().year == START.year


def test_a_clock_set_far_back_ends_no_session_and_dates_closures_by_its_own_time() -> None:
    world = open_world()
    contact_id = world.append(person())
    past = datetime(1999, 12, 31, 23, 59, 59)
    world.clock.set(past)
    assert world.center.close_contact(world.key, 1, contact_id=contact_id) == 1
    closure = world.center.closure(1, contact_id)
    assert closure is not None
    assert closure.at == past
