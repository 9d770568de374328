"""One connection: what it may take of the server's time and memory, and how it ends.

A single timer for each connection looks now and then what the client is slow with; that costs a request nothing.
"""

from __future__ import annotations

import socket
import struct
import sys
from collections import deque
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .gate import Gate

_LINGER_SECONDS = 2.0
_NO_LINGERING = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


NOTHING, HEAD, BODY = range(3)
"""What the client is about to send, or is sending. No enum: what is asked for each request should cost nothing."""


class Connection(HttpToolsProtocol):
    """The connection beneath the requests; it shares ``gate`` with all others of a server."""

    def __init__(self, gate: Gate, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.gate = gate
        self._waiting: deque[Callable[[], None]] = deque()
        self._is_held = False
        self._is_deaf = False
        self._is_closing = False
        self._phase = NOTHING
        self._body_bytes = 0
        self._last_active = 0.0
        self._since = 0.0
        self._unsent_since = 0.0
        self._unsent_bytes = 0
        self._has_bytes = False
        self._timer: Any = None

    @property
    def may_be_cut_off(self) -> bool:
        """Whether only the client's slowness keeps what it holds: a body that is not whole, an answer not taken."""
        return bool(self.flow.write_paused) or (self._phase == BODY and not self._is_held)

    def cut_off(self, bound: str, told: str) -> None:
        """End the connection at once, as http.sys does when a client's time is over; the log says what to do."""
        self.gate.tell_exceeded(bound, f"the connection of {self._peer()} was reset: {told}")
        self._is_deaf = True
        self._waiting.clear()
        self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._waiting.clear()
        self._is_deaf = True
        self._release()
        if self._timer is not None:
            self._timer.cancel()

    def pause_writing(self) -> None:
        """The client does not take its answers: take no more requests from it."""
        super().pause_writing()
        self.flow.pause_reading()
        self._watch_unsent()
        if not self._hold_bytes(self._unsent_bytes):
            self.loop.call_soon(self.cut_off, "pending_bytes", "its answer is more than is left to all clients")

    def resume_writing(self) -> None:
        super().resume_writing()
        self._release()

    def _hold_bytes(self, size: int) -> bool:
        """Note that so many bytes wait for the client; False where that cannot be."""
        self._has_bytes = True
        return self.gate.pending.hold(self, size)

    def _release(self) -> None:
        """Nothing waits for the client any more."""
        if self._has_bytes:
            self._has_bytes = False
            self.gate.pending.drop(self)

    # --- deadlines ------------------------------------------------------------------------------------------------

    def _begin_watch(self) -> None:
        self._last_active = self._since = self.loop.time()
        self._timer = self.loop.call_later(self.gate.shortest, self._watch)

    def _watch(self) -> None:
        """See whether the client's time is over; it has none to keep while an answer is held back for it."""
        now = self.loop.time()
        bound, since, seconds, told = self._deadline()
        if bound is None or now < since + seconds:
            left = self.gate.shortest if bound is None else min(self.gate.shortest, since + seconds - now)
            self._timer = self.loop.call_later(max(left, 0.001), self._watch)
        elif told:
            self.cut_off(bound, told)
        elif self._is_closing:
            self.transport.abort()
        else:
            self._close()
            self._timer = self.loop.call_later(self.gate.shortest, self._watch)

    def _deadline(self) -> tuple[str | None, float, float, str]:
        """The bound that counts now, since when, for how long, and what is wrong then: nothing where all is well."""
        bounds = self.gate.bounds
        if self._is_closing or self.flow.write_paused:
            left = self.transport.get_write_buffer_size()
            seconds = bounds.answer_seconds + (self._unsent_bytes - left) / bounds.bytes_per_second
            return "answer_seconds", self._unsent_since, seconds, "it did not take its answer in time" if left else ""
        if self._is_held:
            return None, 0.0, 0.0, ""
        if self._phase == HEAD:
            return "header_seconds", self._since, bounds.header_seconds, "its headers did not come in time"
        if self._phase == BODY:
            seconds = bounds.body_seconds + self._body_bytes / bounds.bytes_per_second
            return "body_seconds", self._since, seconds, "its body did not come in time"
        return "idle_seconds", self._last_active, bounds.idle_seconds, ""

    # --- the end --------------------------------------------------------------------------------------------------

    def _hang_up(self) -> None:
        """Close as soon as what was answered is sent."""
        self._is_deaf = True
        self._waiting.clear()
        self._close()

    def _close(self) -> None:
        if not (self._is_closing or self.transport.is_closing()):
            self._is_closing = True
            self._watch_unsent()
            self.transport.close()

    def _watch_unsent(self) -> None:
        """From now on the client has to take what lies here for it."""
        self._unsent_since = self.loop.time()
        self._unsent_bytes = self.transport.get_write_buffer_size()

    def _say_goodbye(self) -> None:
        """Send no more, and close.

        What the client still sends is read and thrown away for a moment: closing on unread bytes would reset the
        connection, and with it the answer.
        """
        self._is_deaf = True
        self._waiting.clear()
        if not self.transport.can_write_eof():
            self._close()
        else:
            self.transport.write_eof()
            self.flow.resume_reading()
            self.loop.call_later(_LINGER_SECONDS, self._close)

    def _turn_away(self, answer: bytes) -> None:
        """Answer a client that there is no room for, and close; a moment later where that is still possible."""
        gate = self.gate
        gate.tell_full()
        self._is_deaf = True
        self.transport.write(answer)
        if gate.may_linger <= 0 or not self.transport.can_write_eof():
            self._close()
            return
        gate.may_linger -= 1
        self.transport.write_eof()
        self.loop.call_later(_LINGER_SECONDS, self._let_go)

    def _let_go(self) -> None:
        self.gate.may_linger += 1
        self._close()

    def _reset(self) -> None:
        """Tear the connection down: the client sees it reset, not closed."""
        self._is_deaf = True
        self._waiting.clear()
        connection = self.transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
        self.transport.abort()

    def _peer(self) -> str:
        return f"{self.client[0]}:{self.client[1]}" if self.client else "a client"
