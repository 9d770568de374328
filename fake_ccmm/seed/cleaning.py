"""What TOML, YAML and JSON each say in their own way, made the same: plain data that JSON has too.

Dates become text in UTC, the short form of custom fields a list; what no seed can hold anywhere is reported here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from typing import Any

from ..model import check_carried
from .problems import Problems, place_of, told
from .schema import Seed
from .shape import alternatives, classes, hints

_DATE = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:(?:[Tt]|[ ]+)(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?[ ]*([Zz]|[+-]\d\d(?::?\d\d)?)?)?"
)
_SOME_DATE = "2000-01-01"
_LONG = 1 << 63
_DEEPEST = 60
_FREE = frozenset({"arguments", "profile"})
"""Fields that hold a mapping whose keys are no fields of the seed."""

Path = tuple[Any, ...]
"""Where a value stands: () or (the path of what it is in, its key), so that one more step costs nothing."""


class RepeatedKeys(dict[str, Any]):
    """A mapping in which some of the ``keys`` stood more than once; ``repeated`` are those."""

    def __init__(self, found: dict[str, Any], keys: Iterable[str] = ()) -> None:
        super().__init__(found)
        self.repeated = [key for key, times in Counter(keys).items() if times > 1]


class ShortFields(list[Any]):
    """Custom fields that were given in short, as names with their texts."""

    def __init__(self, given: dict[str, Any]) -> None:
        super().__init__({"name": name, "text": text} for name, text in given.items())
        self.names = list(given)


@cache
def date_fields() -> frozenset[str]:
    """The fields of a seed that are dates."""
    named = [item for cls in classes(Seed) for item in hints(cls).items()]
    return frozenset(name for name, hint in named if datetime in alternatives(hint))


def clean(document: dict[str, Any], problems: Problems) -> None:
    """Make the document plain where it is, reporting what in it no seed can hold."""
    document.pop("$schema", None)
    _Cleaner(problems).clean_mapping(document, (), is_free=False)


def utc(moment: datetime) -> datetime:
    """The moment as a naive UTC datetime; naive ones are taken as UTC."""
    return moment if moment.tzinfo is None else moment.astimezone(timezone.utc).replace(tzinfo=None)


class _Cleaner:
    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._dates = date_fields()

    def clean_mapping(self, found: dict[str, Any], path: Path, *, is_free: bool, depth: int = 0) -> None:
        """Clean each value; ``is_free`` where keys are no fields, and so say nothing about their values."""
        if isinstance(found, RepeatedKeys):
            for key in found.repeated:
                self._report((path, key), "stands twice here; leave one of them out")
        for key, value in found.items():
            if not key.isprintable():
                self._carried(key, (path, key))
            if type(value) is str and value.isprintable() and key not in self._dates:
                continue  # nearly every value
            if key == "custom_fields" and isinstance(value, dict) and not is_free:
                self.clean_mapping(value, (path, key), is_free=True, depth=depth + 1)
                found[key] = ShortFields(value)
                continue
            found[key] = self._cleaned(value, (path, key), is_free or key in _FREE, depth)

    def _clean_list(self, found: list[Any], path: Path, is_free: bool, depth: int) -> None:
        for number, value in enumerate(found):
            found[number] = self._cleaned(value, (path, number), is_free, depth)

    def _cleaned(self, value: Any, path: Path, is_free: bool, depth: int) -> Any:
        """The value that stands for this one; a harmless one where it is reported."""
        if depth > _DEEPEST:
            self._report(path, f"is nested more than {_DEEPEST} levels deep, and no field of a seed is")
            return None
        if isinstance(value, str):
            is_date = not is_free and path[1] in self._dates
            return self._moment(value, path) if is_date else self._carried(value, path)
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int):
            return value if -_LONG <= value < _LONG else self._report(path, "is a number beyond 64 bits")
        if isinstance(value, dict):
            self.clean_mapping(value, path, is_free=is_free, depth=depth + 1)
            return value
        if isinstance(value, list):
            self._clean_list(value, path, is_free, depth + 1)
            return value
        if isinstance(value, float):
            is_finite = value == value and abs(value) != float("inf")
            return value if is_finite else self._report(path, f"is {value}; numbers in a seed are finite")
        return self._date(value, path)

    def _carried(self, text: str, path: Path) -> str:
        try:
            check_carried(text, "the text")
        except ValueError as error:
            self._report(path, str(error))
            return ""
        return text

    def _moment(self, text: str, path: Path) -> str:
        """The text of a date, in UTC."""
        parts = _DATE.fullmatch(text.strip())
        if parts is None:
            self._report(path, f"is {told(text)}, and no date and time such as 2026-01-31T08:00:00Z")
            return _SOME_DATE
        year, month, day, hour, minute, second = (int(part or 0) for part in parts.groups()[:6])
        microseconds = int((parts[7] or "").ljust(6, "0")[:6])
        offset = parts[8] or "Z"
        try:
            moment = datetime(year, month, day, hour, minute, second, microseconds)
            if offset not in "Zz":
                hours, minutes = int(offset[1:3]), int(offset[-2:]) if len(offset) > 3 else 0
                ahead = timedelta(hours=hours, minutes=minutes)
                moment += ahead if offset[0] == "-" else -ahead
        except (ValueError, OverflowError):
            self._report(path, f"is {told(text)}, and there is no such date and time")
            return _SOME_DATE
        return moment.isoformat()

    def _date(self, value: Any, path: Path) -> Any:
        """The text of a date that the format has as such."""
        if not isinstance(value, (date, time)):
            return self._report(path, f"is of a kind ({type(value).__name__}) that no field of a seed has")
        if path[1] == "password":
            return self._report(path, "is a date, where none belongs; a text needs quotes around it")
        if path[1] not in self._dates:
            return self._report(path, f"is the date {value}, where none belongs; a text needs quotes around it")
        if isinstance(value, time):
            return self._report(path, f"is the time {value}, to which a date belongs, such as 2026-01-31T{value}Z")
        try:
            return utc(value if isinstance(value, datetime) else datetime(*value.timetuple()[:3])).isoformat()
        except OverflowError:
            return self._report(path, f"is {value}, which is before the year 1 or after the year 9999 in UTC")

    def _report(self, path: Path, message: str) -> None:
        self._problems.add(place_of(_steps(path)), message)


def _steps(path: Path) -> list[str | int]:
    steps: list[str | int] = []
    while path:
        path, step = path
        steps.append(step)
    return steps[::-1]
