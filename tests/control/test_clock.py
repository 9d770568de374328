"""The clock, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from .steering import DEFAULT, START, Steering

CLOCK = f"{DEFAULT}/clock"


def test_it_is_read(steering: Steering) -> None:
    assert steering.get(CLOCK) == {"now": "2026-03-02T09:00:00Z", "frozen": True, "offset_seconds": 0.0}


def test_it_is_moved_forward_by_parts_of_seconds(steering: Steering) -> None:
    assert steering.post(f"{CLOCK}/advance", {"seconds": 1.5})["now"] == "2026-03-02T09:00:01.500000Z"
    assert steering.post(f"{CLOCK}/advance", {"seconds": 0})["now"] == "2026-03-02T09:00:01.500000Z"


def test_it_is_set_to_a_time_with_any_offset(steering: Steering) -> None:
    assert steering.put(CLOCK, {"now": "2030-01-01T01:00:00+02:00"})["now"] == "2029-12-31T23:00:00Z"
    assert steering.put(CLOCK, {"now": "2030-01-01T01:00:00"})["now"] == "2030-01-01T01:00:00Z"


def test_it_is_stopped_and_runs_on(steering: Steering) -> None:
    running = steering.put(CLOCK, {"frozen": False})
    assert not running["frozen"]
    assert running["offset_seconds"] < 0  # its day is long past
    frozen = steering.put(CLOCK, {"frozen": True, "now": "2026-03-03T00:00:00Z"})
    assert frozen == {"now": "2026-03-03T00:00:00Z", "frozen": True, "offset_seconds": 0.0}
    assert steering.put(CLOCK, {"frozen": False, "now": "2026-03-04T00:00:00Z"})["now"].startswith("2026-03-04T00:00:0")


def test_it_shows_the_machines_time_again(steering: Steering) -> None:
    real = steering.put(CLOCK, {"real": True})
    assert (real["frozen"], real["offset_seconds"]) == (False, 0.0)


@pytest.mark.parametrize(
    ("body", "place", "words"),
    [
        ({}, "", "now, frozen and real"),
        ({"real": True, "frozen": True}, "real", "by itself"),
        ({"real": False}, "real", "true"),
        ({"now": 7}, "now", "the number 7, where a date and time such as"),
        ({"now": "7"}, "now", "a date and time such as"),
        ({"now": "2026-02-30T00:00:00Z"}, "now", "a date and time such as"),
        ({"now": "0001-01-01T00:00:00+14:00"}, "now", "before the year 1"),
        ({"frozen": "yes"}, "frozen", "true or false"),
        ({"time": 7}, "time", "there are: now, frozen, real"),
        ([], "", "is an empty list, where a mapping belongs"),
    ],
)
def test_what_is_no_change_of_it_is_refused(steering: Steering, body: Any, place: str, words: str) -> None:
    errors = steering.errors("PUT", CLOCK, body)
    assert list(errors) == [place]
    assert words in errors[place]
    assert steering.world.clock.now() == START


@pytest.mark.parametrize("body", [{"seconds": -1}, {"seconds": 1e300}, {"seconds": 10**12}, {"seconds": "1"}, {}])
def test_what_is_no_step_forward_is_refused(steering: Steering, body: Any) -> None:
    steering.post(f"{CLOCK}/advance", body, 422)
    assert steering.world.clock.now() == START
