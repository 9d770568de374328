"""Where time comes from: nothing else in the package reads a clock, but for the event loop's own timers."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta, timezone
from typing import Protocol

_EPOCH = datetime(1970, 1, 1)
_MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
"""One second in the microseconds that clocks count."""


stopwatch = time.perf_counter
"""Seconds of no particular zero, for how long a piece of work took; no center's clock moves it."""


class Clock(Protocol):
    """What a center asks for the time."""

    def microseconds(self) -> int:
        """Microseconds since 1970-01-01 UTC; never goes backwards on its own."""
        ...


class RealClock:
    """The machine's time when made, moved on by its steady counter, so that no time correction shows."""

    def __init__(self) -> None:
        self._offset = time.time_ns() - time.monotonic_ns()

    def microseconds(self) -> int:
        return (time.monotonic_ns() + self._offset) // 1000


class SettableClock:
    """A clock that stands still until it is told otherwise.

    ``start`` is a datetime (naive means UTC); the machine's time where it is left out.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._lock = threading.Lock()
        self._now = time.time_ns() // 1000 if start is None else to_microseconds(start)

    def microseconds(self) -> int:
        return self._now

    def advance(self, seconds: float) -> None:
        """Move forward by ``seconds``, rounded to the microsecond; one that is no such span is a ValueError."""
        if not 0 <= seconds < float("inf"):
            raise ValueError(f"a clock advances by 0 seconds or more, not {seconds}; use set() to turn it back")
        with self._lock:
            self._now += round(seconds * SECOND)

    def set(self, moment: datetime) -> None:
        """Jump to ``moment`` (naive means UTC), forwards or back."""
        with self._lock:
            self._now = to_microseconds(moment)


def to_microseconds(moment: datetime) -> int:
    """Microseconds since 1970-01-01 UTC of ``moment``; a naive one is taken as UTC."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return (moment - _EPOCH) // _MICROSECOND


def to_datetime(microseconds: int) -> datetime:
    """The naive UTC datetime of a clock's reading."""
    return _EPOCH + timedelta(microseconds=microseconds)
