"""Exchanges as a server would record them, without a server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from fake_ccmm.journal import OUTCOMES, Exchange, Journal, JournalQuery

START = datetime(2026, 1, 31, 8, 0, 0)

APPENDED: Mapping[str, Any] = {
    "campaign_id": 26,
    "contact": {
        "contact_id": 0,
        "first_name": "Zoë",
        "title": None,
        "phone_number": {"int_code": "972", "area_code": "2", "phone_no": "5550100"},
        "address": None,
        "custom_fields": [
            {"name": "AccountNumber", "text": "A-1", "is_text_visible": True},
            {"name": "v1.note", "text": None, "is_text_visible": False},
        ],
        "priority": 0,
    },
    "priority": 2,
}
"""The arguments of an AppendContactsToCampaign."""


def exchange(number: int = 1, operation: str | None = "CloseContact", **values: Any) -> Exchange:
    """One that was carried out, unless told otherwise; ``arguments`` may be left out."""
    plain = Exchange(
        number=number,
        operation=operation,
        request_line="POST /ccmm/OutboundContactWS.asmx HTTP/1.1",
        arguments={},
        user="apiuser",
        session="s1",
        outcome="ok",
        result=1,
        refusal=None,
        rule=None,
        fault_number=None,
        fault_text=None,
        injected=None,
        status=200,
        center_time=START + timedelta(seconds=number),
        real_time=START,
        milliseconds=1.25,
        client="127.0.0.1",
    )
    return replace(plain, **values)


def closing(number: int, contact_id: int, **values: Any) -> Exchange:
    return exchange(number, arguments={"campaign_id": 26, "contact_id": contact_id}, **values)


TOO_SOON: Mapping[str, Any] = {"outcome": "refused", "refusal": "too_soon", "rule": "X5", "status": 500, "result": None}


@dataclass
class Recorded:
    """A record of an exchange, which counts how often it was made readable."""

    kept: Exchange = field(default_factory=exchange)
    size: int = 1
    conversions: int = 0

    def exchange(self, number: int, *, secrets: bool) -> Exchange:
        self.conversions += 1
        hidden: dict[str, Any] = (
            {} if secrets else {"arguments": {**self.kept.arguments, **dict.fromkeys(self._secrets(), "***")}}
        )
        return replace(self.kept, number=number, center_time=START + timedelta(seconds=number), **hidden)

    def raw_request(self, *, secrets: bool) -> bytes:
        return b"<secret/>" if secrets else b"<hidden/>"

    def raw_response(self, *, secrets: bool) -> bytes:
        return b"<result/>" if secrets else b"<hidden-result/>"

    def _secrets(self) -> list[str]:
        return [name for name in ("password", "session_key") if name in self.kept.arguments]


def journal_of(*exchanges: Exchange, **bounds: Any) -> Journal:
    """A journal that got these in this order; it numbers them from 1 itself."""
    journal = Journal(**bounds)
    for one in exchanges:
        journal.add(Recorded(one))
    return journal


OPERATION_NAMES = st.sampled_from(["CloseContact", "GetContactStatus"])
USERS = st.sampled_from(["ann", "ben", None])
SMALL = st.integers(0, 3)
EXCHANGES = st.builds(
    exchange,
    operation=st.none() | OPERATION_NAMES,
    user=USERS,
    outcome=st.sampled_from(sorted(OUTCOMES)),
    status=st.sampled_from([200, 500, None]),
    arguments=st.fixed_dictionaries({"campaign_id": SMALL}, optional={"contact_id": SMALL}),
)
QUERIES = st.builds(
    JournalQuery,
    operation=st.none() | OPERATION_NAMES,
    user=USERS,
    outcome=st.none() | st.sampled_from(sorted(OUTCOMES)),
    status=st.sampled_from([None, None, 200, 500]),
    after=st.none() | st.integers(0, 20),
    since=st.none() | st.integers(0, 20).map(lambda seconds: START + timedelta(seconds=seconds)),
    until=st.none() | st.integers(0, 20).map(lambda seconds: START + timedelta(seconds=seconds)),
    arguments=st.fixed_dictionaries({}, optional={"contact_id": SMALL, "campaign_id": SMALL}),
)
