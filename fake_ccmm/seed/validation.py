"""A document that is plain data made a :class:`Seed`, strictly: a ``"7"`` is no number. Pydantic does the work.

What pydantic has to say is told in the words of someone who writes a seed, with the place as it stands in the file.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from .cleaning import ShortFields
from .problems import Problems, nearest, place_of, told
from .schema import Seed
from .shape import alternatives, field_names, hints, is_mapping, item_of, kind_of, members

_KINDS: dict[Any, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    datetime: "a date and time such as 2026-01-31T08:00:00Z",
}
_UNKNOWN = frozenset({"unexpected_keyword_argument", "extra_forbidden"})
_SECRET = "password"  # noqa: S105
"""The field whose value no message tells."""
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


@cache
def _adapter() -> TypeAdapter[Seed]:
    return TypeAdapter(Seed)


def to_seed(document: dict[str, Any], problems: Problems) -> Seed | None:
    """The seed that a document is; None, having reported everything, where it is none."""
    try:
        return _adapter().validate_json(json.dumps(document), strict=True)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            _report(one["type"], one["loc"], one["msg"], document, problems)
    return None


def _report(kind: str, loc: tuple[str | int, ...], message: str, document: Any, problems: Problems) -> None:
    """Tell one of pydantic's errors; of several about one value, that is of a union, those that fit what is there."""
    spot = _Spot(document)
    for step in loc:
        if not spot.follow(step):
            return
    where = [*spot.path, "kind"] if kind.startswith("union_tag") else spot.path
    problems.add(place_of(where), _message(kind, message, spot))


class _Spot:
    """A place in the document on the way to where an error is: its path, the type there, and what is there."""

    def __init__(self, document: Any) -> None:
        self.path: list[str | int] = []
        self.hint: Any = Seed
        self.value: Any = document
        self.owner: Any = Seed
        self._before: Any = None

    def follow(self, step: str | int) -> bool:
        """Go one step of an error's way; False where it is about an alternative that is not meant."""
        branch = self._branch(step)
        if branch is not None:
            is_class = branch not in _KINDS
            self.hint = branch if is_class else self.hint  # a plain value is told what all of the union is
            return is_class == isinstance(self.value, dict)
        if isinstance(step, int):
            self.hint = item_of(self.hint)
        else:
            self.owner = next(iter(members(self.hint)), None)
            self.hint = hints(self.owner).get(step, Any) if self.owner else Any
        if isinstance(self.value, ShortFields):
            self.path.append(self.value.names[int(step)])
        elif not isinstance(self._before, ShortFields):
            self.path.append(step)
        self._before = self.value
        is_there = step in self.value if isinstance(self.value, dict) else isinstance(self.value, list)
        self.value = self.value[step] if is_there else None
        return True

    def _branch(self, step: str | int) -> Any:
        """The alternative of a union that pydantic names in an error's way."""
        choices = [one for one in alternatives(self.hint) if one is not type(None)]
        if len(choices) > 1:
            for one in choices:
                if step in (getattr(one, "__name__", None), kind_of(one)):
                    return one
        return None


def _message(kind: str, message: str, spot: _Spot) -> str:
    if kind in _UNKNOWN:
        return f"there is no such field{nearest(str(spot.path[-1]), field_names(spot.owner))}"
    if kind == "missing":
        return f"is missing; {_expected(spot.hint)} belongs here"
    if kind.startswith("union_tag"):
        kinds = [kind_of(one) or "" for one in members(spot.hint)]
        given = spot.value.get("kind") if isinstance(spot.value, dict) else None
        return f"is missing; it is one of {', '.join(kinds)}" if given is None else _no_word(given, kinds)
    words = _words(spot.hint)
    if words:
        return _no_word(spot.value, words)
    if spot.hint is Any:
        return message
    if spot.path[-1:] == [_SECRET]:
        return f"is not a text{_hint(spot)}"
    return f"is {told(spot.value)}, where {_expected(spot.hint)} belongs{_hint(spot)}"


def _words(hint: Any) -> list[str]:
    """The words allowed, where the type is of words."""
    for one in alternatives(hint):
        if get_origin(one) is Literal:
            return [str(word) for word in get_args(one)]
        if isinstance(one, type) and issubclass(one, Enum):
            return [word.value for word in one]
    return []


def _no_word(given: Any, words: list[str]) -> str:
    close = nearest(given, words) if isinstance(given, str) else ""
    return f"is {told(given)}, not one of {', '.join(words)}{close if close.startswith('; did') else ''}"


def _expected(hint: Any) -> str:
    """The type in words."""
    if item_of(hint) is not None:
        return "a list"
    if is_mapping(hint):
        return "a mapping"
    found = [_KINDS[one] for one in alternatives(hint) if one in _KINDS]
    words = _words(hint)
    found += [f"one of {', '.join(words)}"] if words else []
    classes = members(hint)
    names = [name for one in classes for name in field_names(one)] if len(classes) == 1 else ["kind"]
    found += [f"a mapping with {', '.join(names[:4])}{', …' if len(names) > 4 else ''}"] if classes else []
    return " or ".join(found) or "something else"


def _hint(spot: _Spot) -> str:
    """What most often leads to a value of the wrong type."""
    types = alternatives(spot.hint)
    if str in types and isinstance(spot.value, (bool, int, float)):
        return "; put it in quotes"
    if isinstance(spot.value, str) and (int in types or float in types) and _NUMBER.fullmatch(spot.value):
        return "; leave the quotes out"
    return ""
