"""Dates in bodies and query strings: ISO 8601, in UTC where they name no offset."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, TypeAdapter

from ..seed.cleaning import utc
from ..seed.problems import told

_SHAPE = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d.*", re.ASCII)
_adapter = TypeAdapter(datetime)


def to_moment(value: Any) -> datetime:
    """The naive UTC datetime that a text is; a ValueError says what would be right."""
    try:
        if not isinstance(value, str) or not _SHAPE.fullmatch(value):  # pydantic takes numbers for seconds since 1970
            raise ValueError
        return utc(_adapter.validate_python(value))
    except OverflowError:
        raise ValueError(f"is {told(value)}, before the year 1 or after the year 9999 in UTC") from None
    except ValueError:
        raise ValueError(f"is {told(value)}, where a date and time such as 2026-01-31T08:00:00Z belongs") from None


Moment = Annotated[datetime, BeforeValidator(to_moment)]
"""A date and time, naive in UTC."""
