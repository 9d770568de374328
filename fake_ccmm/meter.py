"""What a center has answered, counted: calls by operation and outcome, and how long they took."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

BUCKETS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 1.0)
"""Upper bounds, in seconds, of the classes in which durations are counted."""


@dataclass(frozen=True, slots=True)
class Count:
    """How often an operation had an outcome. ``buckets`` counts durations by BUCKETS, and above them, not cumulated."""

    operation: str
    outcome: str
    calls: int
    seconds: float
    buckets: tuple[int, ...]


class Meter:
    """The counts of one center. Written by one thread at a time, read by any."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str], list[int]] = {}
        self._seconds: dict[tuple[str, str], float] = {}

    def count(self, calls: Iterable[Sequence[Any]]) -> None:
        """Some more calls; operation, outcome and seconds are the third, fourth and fifth of each. None is no call."""
        counted, buckets_of, seconds_of = bisect_left, self._buckets, self._seconds
        for call in calls:
            operation = call[2]
            if operation is None:
                continue
            key = (operation, call[3])
            buckets = buckets_of.get(key)
            if buckets is None:
                seconds_of[key] = 0.0
                buckets = buckets_of[key] = [0] * (len(BUCKETS) + 1)
            seconds = call[4]
            buckets[counted(BUCKETS, seconds)] += 1
            seconds_of[key] += seconds

    def counts(self) -> list[Count]:
        """Everything counted so far."""
        return [
            Count(operation, outcome, sum(buckets), self._seconds[operation, outcome], tuple(buckets))
            for (operation, outcome), buckets in sorted(self._buckets.copy().items())
        ]
