"""The contacts of one campaign, kept so that no lookup grows with their number.

A contact is kept as a *record*, whatever its codec makes of it: on the server the bytes of its XML, made once. Rows
are in ascending order of contact id, so a page is found by bisection and cut out; phone numbers and custom
fields are found through dictionaries. A copy shares everything with its original until one of them changes.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator
from copy import copy
from dataclasses import replace
from typing import Any, Generic, Protocol, TypeVar

from .model import Closure, Contact, ContactStatus, PhoneNumber

Record = TypeVar("Record")
_STATUSES = tuple(ContactStatus)
_STATUS_CODES = {status: code for code, status in enumerate(_STATUSES)}
_Rows = dict[str, "int | array[int]"]
_USUAL_BYTES = 4096


class ContactCodec(Protocol[Record]):
    """How a contact is kept. Status and priority are not part of the record; the store keeps them itself."""

    def encode(self, contact: Contact, contact_id: int) -> Record:
        """The record of ``contact`` under ``contact_id``; a ValueError says what in it cannot be kept."""
        ...

    def decode(self, record: Record) -> Contact:
        """The contact again, as it went in."""
        ...


class PlainCodec:
    """Keeps the contact itself; for a center that is used from Python alone."""

    def encode(self, contact: Contact, contact_id: int) -> Contact:
        return replace(contact, contact_id=contact_id, status=ContactStatus.NEW, priority=0)

    def decode(self, record: Contact) -> Contact:
        return record


class ContactPage(Generic[Record]):
    """Some contacts of a campaign, in ascending order of id: the records as they are kept, contacts when iterated.

    They are those of ``rows`` from ``start`` to before ``end``. A campaign's rows never change and are only added to,
    so a page may be looked at whenever it suits.
    """

    __slots__ = ("_codec", "_end", "_rows", "_start")

    def __init__(self, rows: list[Record], codec: ContactCodec[Record], start: int = 0, end: int | None = None) -> None:
        self._rows = rows
        self._codec = codec
        self._start = start
        self._end = len(rows) if end is None else min(end, len(rows))

    @property
    def records(self) -> list[Record]:
        """The records of the page."""
        return self._rows[self._start : self._end]

    def __len__(self) -> int:
        return max(self._end - self._start, 0)

    def __iter__(self) -> Iterator[Contact]:
        return map(self._codec.decode, self.records)

    def contact_at(self, place: int) -> Contact:
        """One of the contacts, by its place on the page; negative ones count from the end."""
        return self._codec.decode(self.records[place])


class ContactStore:
    """The contacts of one campaign. Not locked: the center calls it with its own lock held.

    ``any_blank`` says whether a blank part of a phone number matches any (profile ``blank_phone_part``).
    """

    def __init__(self, codec: ContactCodec[Any], *, any_blank: bool) -> None:
        self._codec = codec
        self._any_blank = any_blank
        self._ids = array("q")
        self._records: list[Any] = []
        self._statuses = bytearray()
        self._open = bytearray()
        self._phones: _Rows = {}
        self._fields: dict[str, _Rows] = {}
        self._closures: dict[int, Closure] = {}
        self._priorities: dict[int, int] = {}
        self._is_shared = False
        self.closed_count = 0
        self.weight = 0
        """How many contacts there are, where a large one counts as several."""

    @property
    def codec(self) -> ContactCodec[Any]:
        """How the contacts are kept."""
        return self._codec

    @property
    def identity(self) -> int:
        """The same for copies of which none has changed."""
        return id(self._records)

    @property
    def weight_of_change(self) -> int:
        """How many contacts the next change copies."""
        return self.weight if self._is_shared else 0

    def copy(self) -> ContactStore:
        """The same contacts once more, at no cost until either of the two changes."""
        twin = copy(self)
        self._is_shared = twin._is_shared = True
        return twin

    def _own(self) -> None:
        """Part from copies, before a change."""
        self._is_shared = False
        self._ids = self._ids[:]
        self._records = self._records[:]
        self._statuses = self._statuses[:]
        self._open = self._open[:]
        self._phones = _copied(self._phones)
        self._fields = {name: _copied(rows) for name, rows in self._fields.items()}
        self._closures = self._closures.copy()
        self._priorities = self._priorities.copy()

    def __len__(self) -> int:
        return len(self._ids)

    def append(self, contact: Contact, contact_id: int) -> None:
        """Add a contact under an id greater than all before; a ValueError changes nothing."""
        if self._ids and contact_id <= self._ids[-1]:
            raise ValueError(f"contact ids ascend within a campaign, and {contact_id} comes after {self._ids[-1]}")
        record = self._codec.encode(contact, contact_id)
        if self._is_shared:
            self._own()
        row = len(self._ids)
        self._ids.append(contact_id)
        self._records.append(record)
        self.weight += weight_of(record)
        self._statuses.append(_STATUS_CODES[contact.status])
        self._open.append(contact.status is not ContactStatus.CLOSED)
        self.closed_count += contact.status is ContactStatus.CLOSED
        if contact.priority:
            self._priorities[row] = contact.priority
        _note(self._phones, self._phone_key(contact.phone_number), row)
        for one in contact.custom_fields or ():
            _note(self._fields.setdefault(one.name or "", {}), one.text or "", row)

    def row_of(self, contact_id: int) -> int | None:
        """The row of a contact id, or None."""
        row = bisect_left(self._ids, contact_id)
        return row if row < len(self._ids) and self._ids[row] == contact_id else None

    def row_after(self, contact_id: int) -> int:
        """The first row with a greater id; one past the last where there is none."""
        return bisect_right(self._ids, contact_id)

    def page_after(self, contact_id: int, size: int, *, with_closed: bool) -> ContactPage[Any]:
        """At most ``size`` contacts with ids greater than ``contact_id`` (rules P1 and P2)."""
        start = self.row_after(contact_id)
        if with_closed or not self.closed_count:
            return ContactPage(self._records, self._codec, start, start + size)
        records: list[Any] = []
        row = self._open.find(1, start)
        while row >= 0 and len(records) < size:
            records.append(self._records[row])
            row = self._open.find(1, row + 1)
        return ContactPage(records, self._codec)

    def rows_with_phone(self, number: PhoneNumber) -> Iterable[int]:
        """The rows that have ``number``, ascending (rules N1 to N3)."""
        if "\0" in f"{number.int_code}{number.area_code}{number.phone_no}":  # it stands between the parts of a key
            return ()
        if not self._any_blank:
            return _rows(self._phones.get(self._phone_key(number)))
        if not is_blank(number.phone_no):
            candidates: Collection[int] = _rows(self._phones.get(self._phone_key(number)))
        else:
            candidates = range(len(self._ids))
        return (row for row in candidates if _agrees(number, self._codec.decode(self._records[row]).phone_number))

    def rows_with_field(self, name: str | None, text: str | None) -> Collection[int]:
        """The rows whose custom field ``name`` is ``text``, ascending (rule F4)."""
        return _rows(self._fields.get(name or "", {}).get(text or ""))

    def page_of(self, rows: Iterable[int]) -> ContactPage[Any]:
        """The contacts of some rows."""
        return ContactPage([self._records[row] for row in rows], self._codec)

    def contact_id(self, row: int) -> int:
        return self._ids[row]

    def status(self, row: int) -> ContactStatus:
        return _STATUSES[self._statuses[row]]

    def is_closed(self, row: int) -> bool:
        return not self._open[row]

    def close(self, row: int, closure: Closure) -> None:
        """Make a contact Closed, remembering how (rule X4)."""
        self.set_status(row, ContactStatus.CLOSED)
        self._closures[row] = closure

    def first_open(self, start: int = 0) -> int:
        """The first row from ``start`` on that is not closed; -1 where there is none."""
        return self._open.find(1, start)

    def set_status(self, row: int, status: ContactStatus) -> None:
        """Give a contact another status, keeping the count of closed ones right."""
        if self._is_shared:
            self._own()
        self.closed_count += (status is ContactStatus.CLOSED) - self.is_closed(row)
        self._statuses[row] = _STATUS_CODES[status]
        self._open[row] = status is not ContactStatus.CLOSED
        self._closures.pop(row, None)

    def closure(self, row: int) -> Closure | None:
        """How a contact was closed, or None for one that is not, or was Closed from the start."""
        return self._closures.get(row)

    def contact(self, row: int) -> Contact:
        """The whole contact of a row, status and priority included."""
        found = self._codec.decode(self._records[row])
        return replace(found, status=self.status(row), priority=self._priorities.get(row, 0))

    def encoded(self, codec: ContactCodec[Any]) -> list[Any]:
        """Every contact in another codec's form, for :meth:`recode`."""
        old = self._codec.decode
        return [codec.encode(old(one), contact_id) for one, contact_id in zip(self._records, self._ids, strict=True)]

    def recode(self, codec: ContactCodec[Any], records: list[Any]) -> None:
        """Keep the contacts as these records of another codec from now on."""
        self._records = records
        self.weight = sum(map(weight_of, records))
        self._codec = codec

    def index_phones(self, *, any_blank: bool) -> None:
        """Index the phone numbers anew where what a blank part matches has changed."""
        if any_blank != self._any_blank:
            self._any_blank = any_blank
            phones: _Rows = {}
            for row, record in enumerate(self._records):
                _note(phones, self._phone_key(self._codec.decode(record).phone_number), row)
            self._phones = phones

    def _phone_key(self, number: PhoneNumber | None) -> str:
        if number is None:
            return "" if self._any_blank else "\0\0"
        if self._any_blank:
            return _filled(number.phone_no)
        return f"{_filled(number.int_code)}\0{_filled(number.area_code)}\0{_filled(number.phone_no)}"


def weight_of(record: Any) -> int:
    """As how many contacts a record counts: a large one as several."""
    return 1 + len(record) // _USUAL_BYTES if isinstance(record, bytes) else 1


def is_blank(part: str | None) -> bool:
    """Whether a part of a phone number was left blank (rule N3)."""
    return not part or part.isspace()


def _filled(part: str | None) -> str:
    return "" if part is None or is_blank(part) else part


def _agrees(asked: PhoneNumber, had: PhoneNumber | None) -> bool:
    """Whether each part that is not blank in ``asked`` is the same in ``had``."""
    had = had or PhoneNumber()
    pairs = ((asked.int_code, had.int_code), (asked.area_code, had.area_code), (asked.phone_no, had.phone_no))
    return all(is_blank(one) or one == other for one, other in pairs)


def _note(index: _Rows, key: str, row: int) -> None:
    """Add a row under a key; most keys have one row, so only those with more pay for an array."""
    known = index.setdefault(key, row)
    if known == row:
        return
    if isinstance(known, int):
        index[key] = array("I", (known, row))
    elif known[-1] != row:
        known.append(row)


def _copied(index: _Rows) -> _Rows:
    rows = index.copy()
    rows.update({key: found[:] for key, found in index.items() if not isinstance(found, int)})
    return rows


def _rows(found: int | array[int] | None) -> Collection[int]:
    if found is None:
        return ()
    return (found,) if isinstance(found, int) else found
