"""What a center has answered, counted: calls by operation and outcome, and how long they took."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

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

    def count(self, operation: str, outcome: str, seconds: float) -> None:
        """One more call."""
        key = (operation, outcome)
        buckets = self._buckets.get(key)
        if buckets is None:
            self._seconds[key] = 0.0
            buckets = self._buckets[key] = [0] * (len(BUCKETS) + 1)
        buckets[bisect_left(BUCKETS, seconds)] += 1
        self._seconds[key] += seconds

    def counts(self) -> list[Count]:
        """Everything counted so far."""
        return [
            Count(operation, outcome, sum(buckets), self._seconds[operation, outcome], tuple(buckets))
            for (operation, outcome), buckets in sorted(self._buckets.copy().items())
        ]
