"""The kit's data as JSON and back: one form for seeds, journals, replay files and clients.

``plain`` turns a dataclass into a dict of its fields, a tuple into a list. ``typed`` reads one back. In replay files,
where the reader cannot know what comes, ``tagged`` writes the class's name as ``"$"`` and ``untagged`` goes by it.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from . import domain

_T = TypeVar("_T")
_TAG = "$"


def plain(value: Any) -> Any:
    """``value`` as JSON has it: dataclasses as dicts, tuples as lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value


def typed(kind: type[_T], data: Mapping[str, Any]) -> _T:
    """A ``kind`` (a dataclass of :mod:`ccmm_contracts.domain`) from what ``plain`` made; unknown fields are left out.

    Raises ValueError where a field that has no default is missing.
    """
    any_kind: Any = kind
    hints = _hints(any_kind)
    try:
        return kind(**{name: _read(hints[name], one) for name, one in data.items() if name in hints})
    except TypeError as error:
        raise ValueError(f"not a {kind.__name__}: {error}") from None


def tagged(value: Any) -> Any:
    """``value`` as JSON that names its classes, for :func:`untagged`."""
    if is_dataclass(value) and not isinstance(value, type):
        return {_TAG: type(value).__name__} | {one.name: tagged(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, tuple):
        return {_TAG: "tuple", "items": [tagged(one) for one in value]}
    if isinstance(value, list):
        return [tagged(one) for one in value]
    if isinstance(value, Mapping):
        return {str(name): tagged(one) for name, one in value.items()}
    return value


def untagged(data: Any) -> Any:
    """What ``tagged`` was given; raises ValueError for a class that is none of the domain's."""
    if isinstance(data, list):
        return [untagged(one) for one in data]
    if not isinstance(data, Mapping):
        return data
    if _TAG not in data:
        return {name: untagged(one) for name, one in data.items()}
    name = data[_TAG]
    if name == "tuple":
        return tuple(untagged(one) for one in data["items"])
    kind = getattr(domain, str(name), None)
    if not (isinstance(kind, type) and is_dataclass(kind)):
        raise ValueError(f"{name!r} is no kind of value that a replay file can hold")
    try:
        return kind(**{key: untagged(one) for key, one in data.items() if key != _TAG})
    except TypeError as error:
        raise ValueError(f"not a {name}: {error}") from None


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _read(hint: Any, value: Any) -> Any:
    """``value`` as the type hint has it."""
    if value is None:
        return None
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(one for one in get_args(hint) if one is not type(None))
    if get_origin(hint) is tuple:
        return tuple(_read(get_args(hint)[0], one) for one in value)
    return typed(hint, value) if is_dataclass(hint) and isinstance(hint, type) else value
