"""Whether what a process takes of the machine stays as it is once the process is at work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

from .server import Usage

_KILOBYTES = 8 * 1024
_SHARE = 0.05
_DESCRIPTORS = 16
_FEWEST = 8


def growth(samples: Sequence[Usage]) -> list[str]:
    """What has grown between the second and the last quarter of the samples, in words; nothing of fewer than eight.

    The first quarter is for warming up. Memory may grow by 5 % and 8 MB, which allocators take without a leak.
    """
    if len(samples) < _FEWEST:
        return []
    quarter = len(samples) // 4
    early, late = samples[quarter : 2 * quarter], samples[-quarter:]
    before, after = _median(early, lambda one: one.kilobytes), _median(late, lambda one: one.kilobytes)
    found = []
    if after > before * (1 + _SHARE) + _KILOBYTES:
        found.append(f"memory grew from {before:,.0f} to {after:,.0f} KB")
    for name, read in (("descriptors", _descriptors), ("threads", _threads)):
        before, after = _median(early, read), _median(late, read)
        if after > before + _DESCRIPTORS:
            found.append(f"open {name} grew from {before:.0f} to {after:.0f}")
    return found


def _median(samples: Sequence[Usage], read: Callable[[Usage], int]) -> float:
    return median(map(read, samples))


def _descriptors(one: Usage) -> int:
    return one.descriptors


def _threads(one: Usage) -> int:
    return one.threads
