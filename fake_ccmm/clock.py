"""Where time comes from: nothing else in the package reads a clock, but for the event loop's own timers."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta, timezone

_EPOCH = datetime(1970, 1, 1)
_EPOCH_IN_UTC = _EPOCH.replace(tzinfo=timezone.utc)
_MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
"""One second in the microseconds that clocks count."""

_LONGEST_STEP = 10**12  # seconds: more than the calendar has

real_seconds = time.time
"""The machine's time in seconds since 1970, whatever a center's clock shows."""

stopwatch = time.perf_counter
"""Seconds of no particular zero, for how long a piece of work took; no center's clock moves it."""


class SettableClock:
    """A clock that can be stopped, set and moved; ``running`` or standing still to begin with.

    ``start`` is a datetime (naive means UTC); the machine's time where it is left out. While it runs it follows the
    machine's steady counter, so that no correction of the machine's time shows.
    """

    def __init__(self, start: datetime | None = None, *, running: bool = False) -> None:
        self._lock = threading.Lock()
        now = time.time_ns()
        self._real = self._offset = now - time.monotonic_ns()  # nanoseconds from the counter to the time shown
        self._frozen: int | None = None if running else now // 1000
        if start is not None:
            self.set(start)

    def microseconds(self) -> int:
        frozen = self._frozen
        return (time.monotonic_ns() + self._offset) // 1000 if frozen is None else frozen

    def now(self) -> datetime:
        """The time as a naive UTC datetime."""
        return to_datetime(self.microseconds())

    @property
    def is_frozen(self) -> bool:
        """Whether it stands still."""
        return self._frozen is not None

    @property
    def offset_seconds(self) -> float:
        """How far a running clock is ahead of the machine's time; 0 for one that stands still."""
        return round((self._offset - self._real) / 1_000_000_000, 6) if self._frozen is None else 0.0

    def advance(self, seconds: float) -> None:
        """Move forward by ``seconds``, rounded to the microsecond; one that is no such span is a ValueError."""
        if not 0 <= seconds <= _LONGEST_STEP:
            raise ValueError(f"a clock advances by 0 seconds or more, not {seconds}; use set() to turn it back")
        with self._lock:
            self._go_to(self.microseconds() + round(seconds * SECOND))

    def set(self, moment: datetime) -> None:
        """Jump to ``moment`` (naive means UTC), forwards or back; a running clock runs on from there."""
        with self._lock:
            self._go_to(to_microseconds(moment))

    def set_ahead(self, seconds: float) -> None:
        """Run, and be ahead of the machine's time by ``seconds``; behind it where that is negative."""
        if not -_LONGEST_STEP <= seconds <= _LONGEST_STEP:
            raise ValueError(f"a clock is at most {_LONGEST_STEP} seconds from the machine's time, not {seconds}")
        with self._lock:
            ahead = round(seconds * SECOND)
            _within_calendar((time.monotonic_ns() + self._real) // 1000 + ahead)
            self._offset = self._real + ahead * 1000
            self._frozen = None  # last: whoever reads meanwhile shall see the old time or the new, not a mix

    def freeze(self, at: datetime | None = None) -> None:
        """Stand still, at ``at`` where it is given."""
        with self._lock:
            self._frozen = self.microseconds() if at is None else _within_calendar(to_microseconds(at))

    def run(self) -> None:
        """Go on from where it stands."""
        with self._lock:
            self._offset = self.microseconds() * 1000 - time.monotonic_ns()
            self._frozen = None

    def to_real_time(self) -> None:
        """Run, and show the machine's time again."""
        self.set_ahead(0)

    def state(self) -> tuple[int | None, int]:
        """For :meth:`restore`: where it stands; for one that runs, how far it is ahead of the machine's time."""
        return self._frozen, self._offset - self._real

    def restore(self, state: tuple[int | None, int]) -> None:
        """Stand where it stood, or run with the difference it had; also as another clock did."""
        frozen, ahead = state
        with self._lock:
            if frozen is None:
                self._offset = self._real + ahead
            self._frozen = frozen

    def _go_to(self, microseconds: int) -> None:
        _within_calendar(microseconds)
        if self._frozen is None:
            self._offset = microseconds * 1000 - time.monotonic_ns()
        else:
            self._frozen = microseconds


def to_microseconds(moment: datetime) -> int:
    """Microseconds since 1970-01-01 UTC of ``moment``; a naive one is taken as UTC."""
    epoch = _EPOCH if moment.tzinfo is None else _EPOCH_IN_UTC
    return (moment - epoch) // _MICROSECOND


def to_datetime(microseconds: int) -> datetime:
    """The naive UTC datetime of a clock's reading."""
    return _EPOCH + timedelta(microseconds=microseconds)


def _within_calendar(microseconds: int) -> int:
    """The reading itself; a ValueError where no date has it."""
    try:
        to_datetime(microseconds)
    except OverflowError:
        raise ValueError("a clock shows dates from the year 1 to the year 9999; move it less far") from None
    return microseconds
