"""Which fields the classes of a seed have and of which types: for all that reads, writes and describes seeds."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

_UNIONS = (Union, types.UnionType)


@cache
def hints(cls: Any) -> dict[str, Any]:
    """The types of a dataclass's fields by name, in order."""
    return {name: hint for name, hint in get_type_hints(cls).items() if name in cls.__dataclass_fields__}


@cache
def default_of(cls: Any, name: str) -> Any:
    """The default of a field; MISSING where it has to be given."""
    one: Field[Any] = cls.__dataclass_fields__[name]
    return one.default if one.default_factory is MISSING else one.default_factory()


def alternatives(hint: Any) -> tuple[Any, ...]:
    """What a union is of; a type that is none is of itself."""
    return get_args(hint) if get_origin(hint) in _UNIONS else (hint,)


def item_of(hint: Any) -> Any:
    """The type of the items of ``tuple[X, ...]``, None where the type is no such list."""
    return next((get_args(one)[0] for one in alternatives(hint) if get_origin(one) is tuple), None)


def is_mapping(hint: Any) -> bool:
    """Whether it is a Mapping with keys of any name."""
    return any(get_origin(one) is Mapping for one in alternatives(hint))


def kind_of(cls: Any) -> str | None:
    """The word a member of a union goes by, where its ``kind`` says so."""
    one = cls.__dataclass_fields__.get("kind") if is_dataclass(cls) else None
    return None if one is None else str(one.default)


def members(hint: Any) -> tuple[type, ...]:
    """The dataclasses among the alternatives of a type."""
    return tuple(one for one in alternatives(hint) if isinstance(one, type) and is_dataclass(one))


def classes(root: type) -> Iterator[type]:
    """Every dataclass that a value of ``root`` may consist of, ``root`` first."""
    known = [root]
    for cls in known:
        yield cls
        for hint in hints(cls).values():
            item = item_of(hint)
            known += [one for one in members(hint if item is None else item) if one not in known]


@cache
def field_names(cls: Any) -> tuple[str, ...]:
    """The fields of a dataclass in order."""
    return tuple(one.name for one in fields(cls))
