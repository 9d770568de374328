"""How far the loading of many contacts is, told to people while they wait."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TextIO

from ..clock import stopwatch

_MANY_CONTACTS = 20_000
_SECONDS_BETWEEN = 1.0


class LoadingProgress:
    """To be called with how many contacts of how many are loaded; says so about once a second, and at the end.

    On a terminal it is one line, written anew ten times as often. Up to 20,000 contacts are not worth a word.
    """

    def __init__(self, stream: TextIO | None = None, now: Callable[[], float] = stopwatch) -> None:
        self._stream = stream or sys.stderr
        self._now = now
        self._is_terminal = self._stream.isatty()
        self._between = _SECONDS_BETWEEN / 10 if self._is_terminal else _SECONDS_BETWEEN
        self._last = now()

    def __call__(self, loaded: int, total: int) -> None:
        if total <= _MANY_CONTACTS:
            return
        now, is_done = self._now(), loaded >= total
        if is_done or now - self._last >= self._between:
            self._last = now
            start, end = ("\r", "\n" if is_done else "") if self._is_terminal else ("", "\n")
            self._stream.write(f"{start}Loaded {loaded:,} of {total:,} contacts{end}")
            self._stream.flush()
