"""A seed as text: the same seed gives the same text, and the text read again the same seed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any

from ..errors import SetupError
from .cleaning import utc
from .schema import Seed
from .shape import alternatives, default_of, field_names, hints

FORMATS = ("toml", "yaml", "json")
"""What a seed can be written in and read from."""


def write_seed(seed: Seed, format: str) -> str:
    """The canonical text: fields in the order of the classes, without those that are at their defaults.

    Raises SetupError for an unknown format, and for what the format cannot say (TOML has no null, and no format has
    a Python predicate).
    """
    if format not in FORMATS:
        raise SetupError(f"a seed is written as one of {', '.join(FORMATS)}, not {format!r}")
    document = to_document(seed)
    if format == "json":
        return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    if format == "yaml":
        from .yaml_text import dump_yaml

        return dump_yaml(document)
    import tomli_w

    try:
        return tomli_w.dumps(document)
    except TypeError:
        raise SetupError("TOML has no null, which is among the arguments of a pattern; write JSON or YAML") from None


def to_document(value: Any) -> Any:
    """A seed, or any part of it, as plain data: dicts, lists, texts and numbers."""
    if is_dataclass(value):
        document = {}
        cls: Any = type(value)
        for name, default, is_always_told in _fields(cls):
            one = getattr(value, name)
            if is_always_told or (one is not default and one != default):
                document[name] = one if type(one) in _PLAIN else to_document(one)
        for name in _float_fields(cls) & document.keys():
            document[name] = _shortest(document[name])
        return document
    if isinstance(value, Mapping):
        return {str(key): to_document(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, (list, tuple)):
        return [to_document(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return f"{utc(value).isoformat()}Z"
    if callable(value):
        raise SetupError(f"{value!r} is a Python predicate, which only Python can say; give a value instead")
    return value


_PLAIN = frozenset({str, int, float, bool, type(None)})


def _shortest(number: Any) -> Any:
    """A number as a whole one where it is: 5 and 5.0 are the same to a field that is a float."""
    return int(number) if isinstance(number, float) and number.is_integer() and abs(number) < 1e15 else number


@cache
def _float_fields(cls: Any) -> frozenset[str]:
    return frozenset(name for name, hint in hints(cls).items() if float in alternatives(hint))


@cache
def _fields(cls: Any) -> tuple[tuple[str, Any, bool], ...]:
    """The fields of a dataclass with their defaults, and whether to tell them whatever they are."""
    found = [(name, default_of(cls, name)) for name in field_names(cls)]
    return tuple((name, default, name == "kind" or default is MISSING) for name, default in found)
