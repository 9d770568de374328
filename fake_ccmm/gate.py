"""What the connections of one server share: the bounds, and how much of them is taken."""

from __future__ import annotations

from typing import Protocol

from .bounds import Bounds
from .notices import Notices


class Holder(Protocol):
    """Who holds bytes: a connection."""

    @property
    def may_be_cut_off(self) -> bool:
        """Whether nothing that was begun would be lost but what the client itself is slow with."""

    def cut_off(self, bound: str, told: str) -> None:
        """End the connection because of a bound."""


class Pending:
    """The bytes of bodies that are not whole, and of answers that clients do not take.

    Where they come to more than ``most``, whoever has held some for longest has to go: never the newcomer, who may
    well be quick, unless nobody else can.
    """

    def __init__(self, most: int) -> None:
        self.total = 0
        self._most = most
        self._held: dict[Holder, int] = {}

    def hold(self, who: Holder, size: int) -> bool:
        """Note that somebody holds so many bytes now; False where that cannot be."""
        self.total += size - self._held.get(who, 0)
        self._held[who] = size
        while self.total > self._most:
            oldest = next((one for one in self._held if one is not who and one.may_be_cut_off), None)
            if oldest is None:
                return len(self._held) == 1  # one alone may hold what it likes, within the other bounds
            self.drop(oldest)
            oldest.cut_off("pending_bytes", "the clients together left too much unfinished, this one for longest")
        return True

    def drop(self, who: Holder) -> None:
        """Somebody holds nothing any more."""
        self.total -= self._held.pop(who, 0)


class Gate:
    """One server's. ``most_connections`` is the bound, or less where the limit of open files is low.

    ``may_hold`` is how many more calls may be held back, ``may_linger`` how many more connections that were turned away
    may stay a moment. ``shortest`` is how often, in seconds, a connection has to look whether its time is over.
    """

    def __init__(
        self, bounds: Bounds, notices: Notices, most_connections: int | None = None, may_linger: int = 0
    ) -> None:
        self.bounds = bounds
        self.notices = notices
        self.most_connections = bounds.connections if most_connections is None else most_connections
        self.may_hold = bounds.held_calls
        self.most_headers, self.header_bytes, self.body_bytes = bounds.headers, bounds.header_bytes, bounds.body_bytes
        self.may_linger = may_linger
        self.pending = Pending(bounds.pending_bytes)
        self.shortest = min(bounds.header_seconds, bounds.body_seconds, bounds.answer_seconds, bounds.idle_seconds)

    @property
    def held(self) -> int:
        """How many calls are being held back."""
        return self.bounds.held_calls - self.may_hold

    def tell_full(self) -> None:
        """Say that a connection was refused, and why."""
        most, bounds = self.most_connections, self.bounds
        how = (
            bounds.how_to_have_more("connections")
            if most >= bounds.connections
            else "the limit of open files leaves room for no more: raise it with 'ulimit -n' before the start"
        )
        self.notices.tell("connections", f"a new connection was refused, for {most:,} are open; {how}")

    def tell_held(self) -> None:
        """Say that a call was refused because too many are held back."""
        how = self.bounds.how_to_have_more("held_calls")
        self.notices.tell("held_calls", f"a call was refused, for {self.held:,} are being held back; {how}")

    def tell_exceeded(self, bound: str, told: str) -> None:
        """Say that something went beyond a bound."""
        self.notices.tell(bound, f"{told}; {self.bounds.how_to_have_more(bound)}")
