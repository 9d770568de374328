"""Keeps the newest exchanges within bounds, cheaply enough to be on for every call."""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import deque
from collections.abc import Callable

from ..errors import SetupError
from .entry import OPENERS, Exchange, Note, Record
from .query import JournalQuery
from .verification import ExchangeSource

MOST_EXCHANGES = 1000
MOST_BYTES = 64 * 1024 * 1024


class JournalShare:
    """What the journals of one server may keep together, and each of them once that is reached.

    ``have`` tells how many bytes all of them have, and how many journals there are.
    """

    def __init__(self, most_bytes: int, have: Callable[[], tuple[int, int]]) -> None:
        self._most_bytes = most_bytes
        self._have = have
        self._left = 0

    def of_one(self, more: int) -> int | None:
        """The bytes that a journal may keep which has just got so many more; None while there is enough for all."""
        self._left -= more
        if self._left >= 0:
            return None
        total, journals = self._have()
        if total <= self._most_bytes:
            self._left = (self._most_bytes - total) // 2
            return None
        return self._most_bytes // max(journals, 1)


class Journal(ExchangeSource):
    """The newest exchanges, numbered from 1 in the order they ended; safe in any thread.

    At most ``most_exchanges`` and ``most_bytes`` are kept at any time: the oldest is dropped first, and a record that
    is larger than ``most_bytes`` by itself is not kept at all. 0 keeps none. SetupError for a bound below 0.

    ``put(note)`` is the cheapest way in: the note waits in the ``inbox`` until somebody reads, or calls
    :meth:`take_in`, for which a server in a hurry finds time once for several calls. ``on_taken`` is told of the
    notes, with the lock held. ``share`` is what it may keep beside the other journals of a server.
    """

    def __init__(
        self,
        *,
        most_exchanges: int = MOST_EXCHANGES,
        most_bytes: int = MOST_BYTES,
        on_taken: Callable[[list[Note]], None] | None = None,
    ) -> None:
        self._lock = threading.Lock()
        self.inbox: deque[Note] = deque()
        self.put: Callable[[Note], None] = self.inbox.append
        self._on_taken = on_taken
        self._kept: deque[tuple[int, Note]] = deque()
        self._bytes = 0
        self._total = 0
        self._dropped = 0
        self._most_exchanges = self._most_bytes = 0
        self.share: JournalShare | None = None
        self.resize(most_exchanges=most_exchanges, most_bytes=most_bytes)

    def add(self, record: Record) -> None:
        """Keep a record under the next number. It is only read when somebody asks for it."""
        self.put((record.size, "record", None, "", 0.0, record))
        self.take_in()

    def take_in(self) -> None:
        """Number and keep what was put; whoever reads does it first, whoever puts does it now and then."""
        with self._lock:
            kept, most_bytes, taken = self._kept, self._most_bytes, []
            next_one, number, size = self.inbox.popleft, self._total, self._bytes
            for _ in range(len(self.inbox)):
                note = next_one()
                number += 1
                taken.append(note)
                if note[0] > most_bytes:  # it would be dropped in the end, but only after all the others
                    self._dropped += 1
                else:
                    size += note[0]
                    kept.append((number, note))
            more, self._total, self._bytes = size - self._bytes, number, size
            self._drop(None if self.share is None or not more else self.share.of_one(more))
            if self._on_taken is not None:
                self._on_taken(taken)

    def clear(self) -> None:
        """Forget every exchange, and that any was dropped. Numbers go on from where they were."""
        self.take_in()
        with self._lock:
            self._kept.clear()
            self._bytes = self._dropped = 0

    def resize(self, *, most_exchanges: int | None = None, most_bytes: int | None = None) -> None:
        """Set new bounds (None: as it was); what does not fit is dropped. SetupError for a bound below 0."""
        for name, value in (("most_exchanges", most_exchanges), ("most_bytes", most_bytes)):
            if value is not None and value < 0:
                raise SetupError(f"{name} has to be 0 or more, not {value}")
        self.take_in()
        with self._lock:
            self._most_exchanges = self._most_exchanges if most_exchanges is None else most_exchanges
            self._most_bytes = self._most_bytes if most_bytes is None else most_bytes
            self._drop()

    @property
    def most_exchanges(self) -> int:
        """How many exchanges are kept at most."""
        return self._most_exchanges

    @property
    def most_bytes(self) -> int:
        """How many bytes of records are kept at most."""
        return self._most_bytes

    @property
    def bytes_kept(self) -> int:
        """How many bytes are kept, about."""
        self.take_in()
        return self._bytes

    @property
    def bytes_now(self) -> int:
        """The same, without what waits to be taken in."""
        return self._bytes

    @property
    def total(self) -> int:
        """How many exchanges there ever were; also the number of the newest."""
        self.take_in()
        return self._total

    @property
    def dropped(self) -> int:
        """How many were dropped for the bounds since the journal was made or last cleared."""
        self.take_in()
        return self._dropped

    def __len__(self) -> int:
        """How many are kept."""
        self.take_in()
        return len(self._kept)

    def __bool__(self) -> bool:
        """True, as of any object: an empty journal is a journal."""
        return True

    def exchanges(
        self, query: JournalQuery | None = None, *, secrets: bool = False, limit: int | None = None
    ) -> list[Exchange]:
        """The exchanges that match, oldest first; with ``limit`` only the newest so many of them.

        SetupError for a query that can match nothing. ``secrets`` shows passwords and session keys.
        """
        if query is not None:
            query.check()
        if limit is not None and limit < 0:
            raise SetupError(f"limit has to be 0 or more, not {limit}")
        after = -1 if query is None or query.after is None else query.after
        found: list[Exchange] = []
        for number, note in reversed(self._snapshot()):
            if number <= after or (limit is not None and len(found) >= limit):
                break
            exchange = _opened(note).exchange(number, secrets=secrets)
            if query is None or query.matches(exchange):
                found.append(exchange)
        found.reverse()
        return found

    def exchange(self, number: int, *, secrets: bool = False) -> Exchange:
        """The exchange of that number. SetupError where it was dropped or never was."""
        return self._record(number).exchange(number, secrets=secrets)

    def raw_request(self, number: int, *, secrets: bool = False) -> bytes:
        """The request of that number as it came in. SetupError where it was dropped or never was."""
        return self._record(number).raw_request(secrets=secrets)

    def raw_response(self, number: int, *, secrets: bool = False) -> bytes:
        """The answer of that number as it went out. SetupError where it was dropped or never was."""
        return self._record(number).raw_response(secrets=secrets)

    def _all(self) -> tuple[list[Exchange], int]:
        self.take_in()
        with self._lock:
            kept, dropped = list(self._kept), self._dropped
        return [_opened(note).exchange(number, secrets=False) for number, note in kept], dropped

    def _snapshot(self) -> list[tuple[int, Note]]:
        """What is kept now; to make it readable takes long, and nobody has to wait for that."""
        self.take_in()
        with self._lock:
            return list(self._kept)

    def _record(self, number: int) -> Record:
        kept = self._snapshot()
        place = bisect_left(kept, number, key=lambda one: one[0])
        if place < len(kept) and kept[place][0] == number:
            return _opened(kept[place][1])
        what = f"the journal keeps {kept[0][0]} to {kept[-1][0]}" if kept else "the journal keeps none now"
        why = "is no longer in the journal" if 1 <= number <= self._total else "never was"
        raise SetupError(f"exchange {number} {why}; {what}")

    def _drop(self, share: int | None = None) -> None:
        """Drop until the bounds hold, and a share where there is one; the caller has the lock."""
        kept, most_bytes, most_exchanges, size = self._kept, self._most_bytes, self._most_exchanges, self._bytes
        before = len(kept)
        if share is not None:
            most_bytes = min(most_bytes, share)
        while size > most_bytes or len(kept) > most_exchanges:
            size -= kept.popleft()[1][0]
        self._bytes = size
        self._dropped += before - len(kept)


def _opened(note: Note) -> Record:
    return OPENERS[note[1]](note)
