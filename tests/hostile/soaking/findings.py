"""What was wrong during a soak, from all its threads."""

from __future__ import annotations

import threading
from collections import Counter

_MOST = 50


class Findings:
    """Collects what was wrong, each kind of it a few times, and counts calls."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._told: list[str] = []
        self.calls: Counter[str] = Counter()

    def add(self, told: str) -> None:
        """Keep one more thing that was wrong."""
        with self._lock:
            if len(self._told) < _MOST:
                self._told.append(told)

    def count(self, name: str) -> None:
        """Count one more call of a kind."""
        with self._lock:
            self.calls[name] += 1

    @property
    def told(self) -> tuple[str, ...]:
        """All that was wrong so far."""
        with self._lock:
            return tuple(self._told)
