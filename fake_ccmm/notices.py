"""Lines for whoever runs a server, about what it had to refuse: of each kind one now and then."""

from __future__ import annotations

import logging
import threading

from .clock import stopwatch

LOGGER = logging.getLogger("fake_ccmm")
_SECONDS = 10.0


class Notices:
    """Writes warnings to the ``fake_ccmm`` logger, of each kind one in so many ``seconds``; safe in any thread."""

    def __init__(self, seconds: float = _SECONDS) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._told: dict[str, float] = {}
        self._untold: dict[str, int] = {}

    def tell(self, kind: str, text: str) -> None:
        """Say it, unless something of its kind was said just now: then it is counted, and told with the next one."""
        now = stopwatch()
        with self._lock:
            last = self._told.get(kind)
            if last is not None and now - last < self._seconds:
                self._untold[kind] = self._untold.get(kind, 0) + 1
                return
            self._told[kind] = now
            more = self._untold.pop(kind, 0)
        LOGGER.warning("%s%s", text, f" (and {more:,} more like this since the last such line)" if more else "")
