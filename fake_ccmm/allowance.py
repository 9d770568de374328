"""How much the centers of a server may keep, counted together.

Centers copy contacts only when they change them, so that many of them share a campaign's. What is kept is therefore
counted by the copies there are; but only now and then, since in between it is enough to know how many may be added.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from .bounds import Bounds
from .contacts import ContactStore


class Allowance:
    """What ``bounds`` leave to the centers of a server. Safe in any thread.

    ``stores`` gives every store of contacts that the server keeps, in whatever center or snapshot.
    """

    def __init__(self, bounds: Bounds, stores: Callable[[], list[ContactStore]]) -> None:
        self.bounds = bounds
        self._stores = stores
        self._lock = threading.Lock()
        self._left = 0

    def take(self, weight: int, what: str) -> None:
        """Count so many contacts as kept; OutOfBounds, and nothing counted, where there is no room for them."""
        with self._lock:
            self._check_left(weight, what)
            self._left -= weight

    def check_left(self, weight: int, what: str) -> None:
        """The same, but for the counting."""
        with self._lock:
            self._check_left(weight, what)

    def spend(self, weight: int) -> None:
        """Count so many more as kept: what was taken turned out to be larger."""
        with self._lock:
            self._left -= weight

    def check(self, name: str, asked: int, what: str) -> None:
        """Raise OutOfBounds where so many ``what`` are more than a center may have."""
        self.bounds.check(name, asked, what)

    def _check_left(self, weight: int, what: str) -> None:
        if self._left < weight:
            self._left = self.bounds.contacts - self._kept()
        if self._left < weight:
            kept = self.bounds.contacts - self._left
            raise self.bounds.exceeded("contacts", f"{what}, and the server keeps {kept:,} contacts already")

    def _kept(self) -> int:
        """The contacts in all stores; those that are copies of one another and have not changed count once."""
        return sum({one.identity: one.weight for one in self._stores()}.values())
