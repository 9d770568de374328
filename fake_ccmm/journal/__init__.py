"""What the server was asked and what it answered: kept within bounds, searched, and checked in tests."""

from __future__ import annotations

from .entry import (
    OPENERS,
    OUTCOMES,
    Exchange,
    Note,
    Record,
    describe,
    exchange_from_json,
    exchange_to_json,
)
from .journal import Journal, JournalShare
from .query import JournalQuery, make_query, select
from .verification import (
    CheckResult,
    ExchangeSource,
    Miss,
    Step,
    Verification,
    VerificationError,
    check,
    check_sequence,
)

__all__ = [
    "OPENERS",
    "OUTCOMES",
    "CheckResult",
    "Exchange",
    "ExchangeSource",
    "Journal",
    "JournalQuery",
    "JournalShare",
    "Miss",
    "Note",
    "Record",
    "Step",
    "Verification",
    "VerificationError",
    "check",
    "check_sequence",
    "describe",
    "exchange_from_json",
    "exchange_to_json",
    "make_query",
    "select",
]
