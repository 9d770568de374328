"""An exchange as JSON and as a line of text."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_ccmm.errors import SetupError
from fake_ccmm.journal import Exchange, describe, exchange_from_json, exchange_to_json, make_query
from fake_ccmm.journal.entry import heading
from fake_ccmm.model import ContactStatus, CustomField

from .recorded import APPENDED, START, TOO_SOON, closing, exchange

TEXTS = st.none() | st.text()
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.builds(
        Exchange,
        operation=TEXTS,
        arguments=st.dictionaries(st.text(), JSON_VALUES, max_size=3),
        result=JSON_VALUES,
        center_time=st.datetimes(),
        real_time=st.datetimes(),
        milliseconds=st.floats(0, 1e9),
    )
)
def test_an_exchange_comes_back_from_json_as_it_was(one: Exchange) -> None:
    assert exchange_from_json(json.loads(json.dumps(exchange_to_json(one)))) == one


@given(st.builds(exchange, arguments=st.dictionaries(st.text(), JSON_VALUES), user=TEXTS, injected=TEXTS))
def test_an_exchange_is_told_on_one_printable_line(one: Exchange) -> None:
    assert describe(one).isprintable()
    assert heading(one).isprintable()


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 1, 31, 8), "2026-01-31T08:00:00Z"),
        (datetime(2026, 1, 31, 8, 0, 0, 250000), "2026-01-31T08:00:00.250000Z"),
        (datetime(2026, 1, 31, 8, tzinfo=timezone(timedelta(hours=2))), "2026-01-31T06:00:00Z"),
    ],
)
def test_dates_are_written_in_utc_with_a_z(moment: datetime, text: str) -> None:
    data = exchange_to_json(exchange(center_time=moment))
    assert data["center_time"] == text
    assert exchange_from_json(data).center_time.tzinfo is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (ContactStatus.OPEN, "Open"),
        (START, "2026-01-31T08:00:00Z"),
        (b"caf\xc3\xa9 \xff", "café \\xff"),
        (CustomField("A", "1"), {"name": "A", "text": "1", "is_text_visible": False}),
        ((1, {"a": (2.5,)}), [1, {"a": [2.5]}]),
        ({7: float("inf")}, {"7": "inf"}),
        (re.compile("a"), "re.compile('a')"),
        (int, "<class 'int'>"),
    ],
)
def test_what_json_lacks_is_written_in_what_it_has(value: Any, expected: Any) -> None:
    assert exchange_to_json(exchange(result=value))["result"] == expected


def test_what_is_no_exchange_is_refused() -> None:
    data = exchange_to_json(exchange())
    with pytest.raises(SetupError, match="it has to have user, client too"):
        exchange_from_json({name: value for name, value in data.items() if name not in ("user", "client")})
    for wrong in ("yesterday", None, 7):
        with pytest.raises(SetupError, match="real_time has to be a date such as"):
            exchange_from_json({**data, "real_time": wrong})


def test_what_a_newer_server_adds_to_an_exchange_is_ignored() -> None:
    assert exchange_from_json({**exchange_to_json(exchange()), "colour": "blue"}) == exchange()


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (closing(12, 7), "12. CloseContact(campaign_id=26, contact_id=7) by apiuser: ok"),
        (
            closing(12, 7, **TOO_SOON),
            "12. CloseContact(campaign_id=26, contact_id=7) by apiuser: refused too_soon (X5)",
        ),
        (
            closing(3, 7, injected="lost", status=None),
            "3. CloseContact(campaign_id=26, contact_id=7) by apiuser: ok, no answer was sent, fault rule lost",
        ),
        (
            exchange(4, "GetCampaigns", outcome="not-carried-out", status=503, injected="down"),
            "4. GetCampaigns() by apiuser: not-carried-out 503, fault rule down",
        ),
        (
            exchange(5, None, user=None, outcome="page", request_line="GET /x.asmx?wsdl HTTP/1.1"),
            "5. GET /x.asmx?wsdl HTTP/1.1: page 200",
        ),
        (
            exchange(6, None, user=None, outcome="protocol-error", status=500, fault_text="Not XML:\nline 1"),
            "6. POST /ccmm/OutboundContactWS.asmx HTTP/1.1: protocol-error 500 'Not XML:\\nline 1'",
        ),
        (
            exchange(7, "OutboundLogin", user="ann\x1b[31m", arguments={"username": "ann\x1b", "password": "pass"}),
            "7. OutboundLogin(username='ann\\x1b') by ann\\x1b[31m: ok",
        ),
        (
            exchange(8, arguments={"session_key": "k", "contact_id": 0, "custom_field_specified": False, "text": None}),
            "8. CloseContact(contact_id=0) by apiuser: ok",
        ),
    ],
)
def test_an_exchange_reads_well_on_a_line(one: Exchange, line: str) -> None:
    assert describe(one) == line


def test_long_values_are_shortened_and_empty_parts_left_out() -> None:
    line = describe(exchange(1, "AppendContactsToCampaign", arguments=APPENDED))
    assert "contact={first_name: 'Zoë', phone_number: {int_code: '972'" in line
    assert "title" not in line
    long = describe(replace(exchange(), arguments={str(name): "x" * 1000 for name in range(1000)}))
    assert len(long) < 400


def test_what_a_client_chose_cannot_write_to_a_terminal_through_a_message() -> None:
    words = make_query(user="ann\x1b").differences(exchange(user="ben\n\x07"))
    assert words == ["user is ben\\n\\x07, not ann\\x1b"]
