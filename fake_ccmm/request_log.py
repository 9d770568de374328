"""One line a request, in domain words. Passwords and session keys never come here."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache
from typing import TextIO

LOGGER = logging.getLogger("fake_ccmm.requests")
FORMATS = ("text", "json", "none")
_FLUSH_SECONDS = 0.2
_FLUSH_LINES = 512


@dataclass(slots=True)
class LogEntry:
    """What one request was and what became of it. ``seconds`` since 1970, ``milliseconds`` it took."""

    seconds: float
    operation: str
    user: str | None
    campaign: int | None
    outcome: str
    status: int
    milliseconds: float


Log = Callable[[LogEntry], None]


def log_to_logging(entry: LogEntry) -> None:
    """Hand the entry to the ``fake_ccmm.requests`` logger, where a test process can look at it."""
    if LOGGER.isEnabledFor(logging.INFO):
        LOGGER.info(_text(entry))


class LineLog:
    """Writes entries to a stream as text or JSON lines, several at a time so that a busy server is not slowed."""

    def __init__(self, stream: TextIO, form: str) -> None:
        self._stream = stream
        self._format = _json if form == "json" else _stamped
        self._lines: list[str] = []
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._flush_now_and_then, name="fake-ccmm-log", daemon=True)
        self._thread.start()

    def __call__(self, entry: LogEntry) -> None:
        self._lines.append(self._format(entry))
        if len(self._lines) >= _FLUSH_LINES:
            self.flush()

    def flush(self) -> None:
        """Write what has come together."""
        with self._lock:
            lines, self._lines = self._lines, []
            if lines:
                try:
                    self._stream.write("".join(lines))
                    self._stream.flush()
                except (OSError, ValueError):
                    pass  # a reader that went away must not end the server

    def close(self) -> None:
        """Write the last lines and stop."""
        self._closed.set()
        self._thread.join()
        self.flush()

    def _flush_now_and_then(self) -> None:
        while not self._closed.wait(_FLUSH_SECONDS):
            self.flush()


def _text(entry: LogEntry) -> str:
    user = f" user={_shown(entry.user)}" if entry.user else ""
    campaign = f" campaign={entry.campaign}" if entry.campaign else ""
    return f"{_shown(entry.operation)}{user}{campaign} {_shown(entry.outcome)} {entry.milliseconds:.2f}ms"


def _stamped(entry: LogEntry) -> str:
    return f"{_time(entry.seconds)} {_text(entry)}\n"


def _json(entry: LogEntry) -> str:
    line = {
        "time": _time(entry.seconds),
        "operation": entry.operation,
        "user": entry.user,
        "campaign": entry.campaign,
        "outcome": entry.outcome,
        "status": entry.status,
        "milliseconds": round(entry.milliseconds, 3),
    }
    return json.dumps(line) + "\n"


def _time(seconds: float) -> str:
    whole = int(seconds)
    return f"{_to_the_second(whole)}.{int((seconds - whole) * 1000):03}Z"


@lru_cache(maxsize=4)
def _to_the_second(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")


def _shown(text: str) -> str:
    """Text that a client chose, on one line and free of terminal codes."""
    return text if text.isprintable() else text.encode("unicode_escape").decode()
