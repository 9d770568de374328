"""Answers as JSON: dataclasses with all their fields, dates in UTC with a Z."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from ..calls import shown
from ..journal import Exchange, exchange_to_json
from ..seed.cleaning import utc


def to_plain(value: Any) -> Any:
    """The value in dicts, lists, texts and numbers; a Python predicate as its name."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Exchange):
        return exchange_to_json(value)
    if is_dataclass(value):
        return {one.name: to_plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): to_plain(part) for name, part in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return f"{utc(value).isoformat()}Z"
    if isinstance(value, (list, tuple)):
        return [to_plain(part) for part in value]
    return shown(value)


def to_json(value: Any) -> bytes:
    """The text of the value as it is sent."""
    text = json.dumps(to_plain(value), ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace") + b"\n"  # half a surrogate pair goes out as JSON's escape of it
