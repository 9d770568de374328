"""Contacts from a CSV file, one a line, for lists too long to write into a seed."""

from __future__ import annotations

import csv
import io
import re
from array import array
from pathlib import Path
from typing import Any

from ..model import Address, ContactStatus, CustomField, PhoneNumber, check_carried
from .problems import Problems, nearest, told
from .schema import ContactSeed
from .shape import field_names

_LONG = 1 << 63
_CUSTOM = "custom:"
_WHOLE = re.compile("[+-]?[0-9]{1,19}")
_WHOLE_FIELDS = ("contact_id", "skillset_id", "preferred_agent_id", "priority")
_TEXTS = ("campaign_name", "title", "first_name", "last_name", "email_address")
COLUMNS = (
    "contact_id",
    "title",
    "first_name",
    "last_name",
    "email_address",
    *field_names(PhoneNumber),
    *field_names(Address),
    "skillset_id",
    "preferred_agent_id",
    "status",
    "priority",
    "campaign_name",
)
"""The columns a file may have, besides ``custom:NAME`` for each custom field; in any order, none of them required."""


class ContactTable:
    """The contacts of a CSV file and the lines they stand in."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.contacts: list[ContactSeed] = []
        self._lines = array("q")

    def __len__(self) -> int:
        return len(self.contacts)

    def add(self, contact: ContactSeed, line: int) -> None:
        self.contacts.append(contact)
        self._lines.append(line)

    def source_of(self, number: int) -> str:
        """Where the contact of this number stands, such as ``contacts.csv, line 17``."""
        return f"{self.name}, line {self._lines[number]}"


def read_contacts(path: Path, problems: Problems, place: str) -> ContactTable:
    """The contacts of a CSV file: UTF-8, with a line of column names, between commas, semicolons or tabs.

    An empty cell is a field not given. What is wrong is reported with file, line and column, a file that cannot be
    read at ``place``.
    """
    table = ContactTable(str(path))
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        problems.add(place, f'is "{path}", which cannot be read: {error.strerror}')
        return table
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problems.add("", "is not UTF-8 text; save the file as UTF-8", f"{path}, line {line}")
        return table
    _Rows(table, problems).read(text)
    return table


class _Rows:
    def __init__(self, table: ContactTable, problems: Problems) -> None:
        self._table = table
        self._problems = problems
        self._line = 1

    def read(self, text: str) -> None:
        head = text.split("\n", 1)[0]
        separator = max(",;\t", key=head.count)
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        names: list[str] | None = None
        try:
            for row in rows:
                if names is None:
                    names = [name.strip() for name in row]
                    if not self._has_good_names(names):
                        return
                elif row:
                    self._add(names, row)
                self._line = rows.line_num + 1
        except csv.Error as error:
            self._report("", f"is no CSV: {error}", rows.line_num)
        if names is None:
            self._report("", f"is empty; the first line names the columns, such as {', '.join(COLUMNS[:4])}", 1)

    def _has_good_names(self, names: list[str]) -> bool:
        good = True
        for name in names:
            if name not in COLUMNS and not name.startswith(_CUSTOM):
                close = nearest(name, COLUMNS)
                self._report(name, f"there is no such column{close}; and {_CUSTOM}NAME for custom fields", 1)
                good = False
            elif names.count(name) > 1:
                self._report(name, "this column stands twice; leave one of them out", 1)
                good = False
        return good

    def _add(self, names: list[str], row: list[str]) -> None:
        if len(row) != len(names):
            self._report("", f"has {len(row)} cells, but the first line names {len(names)} columns", self._line)
            return
        cells = {name: text for name, text in zip(names, row, strict=True) if text}
        if not "".join(row).isprintable():
            self._check_texts(cells)
        fields: dict[str, Any] = {name: cells[name] for name in _TEXTS if name in cells}
        for name in _WHOLE_FIELDS:
            if name in cells:
                fields[name] = self._whole(name, cells[name])
        if "preferred_agent_id" in cells:
            fields["preferred_agent_specified"] = True
        if "status" in cells:
            fields["status"] = self._status(cells["status"])
        for name, kind in (("phone_number", PhoneNumber), ("address", Address)):
            parts = {part: cells[part] for part in field_names(kind) if part in cells}
            if parts:
                fields[name] = kind(**parts)
        custom = [CustomField(name[len(_CUSTOM) :], text) for name, text in cells.items() if name.startswith(_CUSTOM)]
        if custom:
            fields["custom_fields"] = tuple(custom)
        self._table.add(ContactSeed(**fields), self._line)

    def _check_texts(self, cells: dict[str, str]) -> None:
        for name, text in cells.items():
            try:
                check_carried(text, "the text")
            except ValueError as error:
                self._report(name, str(error), self._line)

    def _whole(self, name: str, text: str) -> int:
        number = int(text) if _WHOLE.fullmatch(text.strip()) else _LONG
        if -_LONG <= number < _LONG:
            return number
        self._report(name, f"is {told(text)}, where a whole number of 64 bits belongs", self._line)
        return 0

    def _status(self, text: str) -> ContactStatus:
        try:
            return ContactStatus(text)
        except ValueError:
            words = [one.value for one in ContactStatus]
            self._report("status", f"is {told(text)}, not one of {', '.join(words)}", self._line)
            return ContactStatus.NEW

    def _report(self, column: str, message: str, line: int) -> None:
        self._problems.add(column, message, f"{self._table.name}, line {line}")
