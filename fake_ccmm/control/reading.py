"""Bodies: JSON as text, and as the dataclasses of this API; or as a part of a seed, which the seed package reads."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, TypeVar, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from ..center import ContactCenter
from ..seed.cleaning import clean
from ..seed.files import parse_seed
from ..seed.loading import build_center
from ..seed.problems import Problems, SeedError, nearest, place_of, told
from ..seed.schema import Seed
from ..seed.shape import alternatives, field_names, hints, item_of, members
from .problems import ControlError, FieldProblem, invalid, seed_error

_T = TypeVar("_T")
_KINDS: dict[Any, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    datetime: "a date and time such as 2026-01-31T08:00:00Z",
}
_adapters: dict[Any, TypeAdapter[Any]] = {}
_UNKNOWN = ("unexpected_keyword_argument", "extra_forbidden")


def parse_json(data: bytes) -> Any:
    """What a JSON text says. A ControlError tells line and column of a mistake, and places of keys that stand twice."""
    try:
        text = data.decode("utf-8-sig")
        document = json.loads(text, object_pairs_hook=_mapping, parse_float=_finite, parse_constant=_finite)
    except UnicodeDecodeError:
        raise ControlError(400, "the body is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ControlError(400, f"{where}: this is no JSON: {error.msg}", [FieldProblem(where, error.msg)]) from None
    except ValueError as error:  # a number that is none, or of more digits than Python reads
        raise ControlError(400, f"this is no JSON: {error}") from None
    repeated = list(_repeated(document, []))
    if repeated:
        raise invalid([FieldProblem(place, "stands twice here; leave one of them out") for place in repeated])
    return document


def read_as(cls: type[_T], document: Any) -> _T:
    """The dataclass that a document is; a ControlError tells everything that is wrong in it."""
    if not isinstance(document, dict):
        raise invalid([FieldProblem("", f"is {told(document)}, where {_expected(cls)} belongs")])
    problems = Problems()
    clean(document, problems)
    try:
        raise_any(problems, {})
        found: _T = _adapter(cls).validate_json(json.dumps(document), strict=True)
        return found
    except ValidationError as error:
        for one in error.errors(include_url=False):
            problems.add(place_of(one["loc"]), _message(cls, one["type"], one["loc"], document, one))
    raise_any(problems, {})
    raise AssertionError("what is invalid has a problem")


def read_part(document: dict[str, Any], places: Mapping[str, str]) -> Seed:
    """The seed of a document that was made around a body; ``places`` says what the body calls places of the seed."""
    try:
        return parse_seed(json.dumps(document), "json")
    except SeedError as error:
        raise seed_error(error, places) from None


def build_part(seed: Seed, places: Mapping[str, str]) -> ContactCenter:
    """A center for itself that such a seed makes."""
    try:
        return build_center(seed)
    except SeedError as error:
        raise seed_error(error, places) from None


def raise_any(problems: Problems, places: Mapping[str, str]) -> None:
    """A ControlError with the problems, where there are any."""
    try:
        problems.raise_any()
    except SeedError as error:
        raise seed_error(error, places) from None


def need_mapping(document: Any) -> dict[str, Any]:
    """The document, if it is a mapping; a ControlError else."""
    if not isinstance(document, dict):
        raise invalid([FieldProblem("", f"is {told(document)}, where a mapping belongs")])
    return document


def _adapter(cls: Any) -> TypeAdapter[Any]:
    """What reads a dataclass; making it takes long."""
    if cls not in _adapters:
        _adapters[cls] = TypeAdapter(cls)
    return _adapters[cls]


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no number, or too large for one")
    return number


class _Repeating(dict[str, Any]):
    """A mapping in which ``repeated`` keys stood more than once."""

    repeated: tuple[str, ...] = ()


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = _Repeating(pairs)
    if len(found) == len(pairs):
        return dict(found)
    found.repeated = tuple(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
    return found


def _repeated(value: Any, path: list[str | int]) -> list[str]:
    """The places of keys that stand twice."""
    found = [place_of([*path, key]) for key in value.repeated] if isinstance(value, _Repeating) else []
    if isinstance(value, (dict, list)):
        for step, part in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(part, (dict, list)):
                found += _repeated(part, [*path, step])
    return found


def _message(cls: type, kind: str, loc: tuple[str | int, ...], document: Any, error: Any) -> str:
    """What pydantic has to say about a place, in the words of someone who writes a body."""
    hint, owner, value = _at(cls, loc, document)
    if kind in _UNKNOWN:
        return f"there is no such field{nearest(str(loc[-1]), field_names(owner))}"
    if kind == "missing":
        return f"is missing; {_expected(hint)} belongs here"
    if kind == "value_error":
        return str(error["ctx"]["error"])
    return f"is {told(value)}, where {_expected(hint)} belongs"


def _at(cls: type, loc: tuple[str | int, ...], document: Any) -> tuple[Any, Any, Any]:
    """The type at a place, the dataclass it is in, and what is there."""
    hint: Any = cls
    owner: Any = cls
    value = document
    for step in loc:
        if isinstance(step, int):
            hint = item_of(hint)
            value = value[step] if isinstance(value, list) else None
        else:
            owner = next(iter(members(hint)), owner)
            hint = hints(owner).get(step, Any)
            value = value.get(step) if isinstance(value, dict) else None
    return hint, owner, value


def _expected(hint: Any) -> str:
    """A type in words."""
    if item_of(hint) is not None:
        return "a list"
    found = [_KINDS[one] for one in alternatives(hint) if one in _KINDS]
    for one in alternatives(hint):
        if get_origin(one) is Literal:
            found.append(" or ".join(told(word) for word in get_args(one)))
    return " or ".join(found) or "a mapping"
