"""What a fault rule does to an answer on its way: when it may go, and which bytes of it.

Knows no event loop: the transport asks it what to send, and when.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from .clock import SECOND, SettableClock
from .faults import Action, Empty, Garbage, Reset, Slow, Truncate

SUPPORTED = "fake_ccmm.wire_faults"
"""The key of a WSGI environment under which a transport says that it can do all this (True)."""

EFFECT = "fake_ccmm.effect"
"""The key under which the application leaves a :class:`WireEffect` for the transport."""


@dataclass(slots=True)
class WireEffect:
    """What is to be done to one answer. Nothing is sent before ``wait`` microseconds of the center's time have passed;
    ``seed`` is what noise is made from.
    """

    clock: SettableClock
    wait: int
    action: Action | None
    seed: str = ""
    _since: int = field(init=False)

    def __post_init__(self) -> None:
        self._since = self.clock.microseconds()

    @property
    def is_due(self) -> bool:
        """Whether the answer may go."""
        return self._passed() >= self.wait

    @property
    def resets(self) -> bool:
        """Whether the connection is torn down rather than closed."""
        return isinstance(self.action, Reset)

    @property
    def ends_connection(self) -> bool:
        """Whether nothing can follow on the connection."""
        if isinstance(self.action, Garbage):
            return not self.action.keep_head
        return isinstance(self.action, (Reset, Empty, Truncate))

    @property
    def has_status_line(self) -> bool:
        """Whether the client gets a status line."""
        return not isinstance(self.action, (Reset, Empty)) and not (
            isinstance(self.action, Garbage) and not self.action.keep_head
        )

    def sent(self, head: bytes, body: bytes) -> bytes:
        """What goes out instead of an answer; its ``head`` has the right Content-Length."""
        action = self.action
        if isinstance(action, (Reset, Empty)):
            return b""
        if isinstance(action, Garbage):
            noise = self.noise(action.bytes)
            return head + noise if action.keep_head else noise
        if isinstance(action, Truncate):
            kept = int(len(body) * action.fraction) if action.bytes is None else action.bytes
            return head + body[: min(kept, max(len(body) - 1, 0))]
        return head + body

    def body_length(self, length: int) -> int:
        """The Content-Length that the head gives where the body has this length."""
        action = self.action
        return action.bytes if isinstance(action, Garbage) and action.keep_head else length

    def noise(self, length: int) -> bytes:
        """So many bytes that are no HTTP and no XML, the same for the same seed."""
        return Random(self.seed).randbytes(length) if length else b""  # noqa: S311 (nothing secret is drawn)

    def allowed(self, length: int) -> int:
        """How many of so many bytes may have gone by now: all of them, but for a slow answer."""
        if not isinstance(self.action, Slow):
            return length
        seconds = max(self._passed() - self.wait, 0) / SECOND
        return int(min(seconds * self.action.bytes_per_second, length))

    def _passed(self) -> int:
        """Microseconds since the answer was made; a clock that was set back before that starts afresh."""
        now = self.clock.microseconds()
        self._since = min(self._since, now)
        return now - self._since
