"""The journal, over HTTP."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.journal.recorded import APPENDED, TOO_SOON, Recorded, closing, exchange

from .steering import DEFAULT, Steering

JOURNAL = f"{DEFAULT}/journal"


@pytest.fixture
def steering() -> Steering:
    steering = Steering()
    login = {"username": "ann", "password": "tulip"}
    for one in (
        exchange(operation="OutboundLogin", arguments=login, user="ann", result="key"),
        exchange(operation="AppendContactsToCampaign", arguments=APPENDED),
        closing(3, 7),
        closing(4, 8, **TOO_SOON),
        exchange(operation=None, outcome="page", status=404, user=None),
    ):
        steering.world.journal.add(Recorded(one))
    return steering


def numbers(steering: Steering, query: str) -> list[int]:
    return [one["number"] for one in steering.get(f"{JOURNAL}?{query}")["exchanges"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [1, 2, 3, 4, 5]),
        ("limit=2", [4, 5]),
        ("limit=0", []),
        ("operation=CloseContact", [3, 4]),
        ("user=ann", [1]),
        ("outcome=page", [5]),
        ("refusal=too_soon", [4]),
        ("rule=X5", [4]),
        ("status=404", [5]),
        ("session=s1&after=3", [4, 5]),
        ("injected=lost", []),
        ("since=2026-01-31T08:00:04Z", [4, 5]),
        ("until=2026-01-31T09:00:02%2B01:00", [1, 2]),
        ("argument.contact_id=7", [3]),
        ("argument.contact_id=%227%22", []),
        ("argument.contact.first_name=Zo%C3%AB", [2]),
        ("argument.contact=" + quote('{"first_name": "Zoë"}'), [2]),
        ("argument.username=ann", [1]),
        ("argument.username=NaN", []),
        ("argument.contact_id=7&argument.campaign_id=26&operation=CloseContact", [3]),
    ],
)
def test_exchanges_are_found_by_what_they_were(steering: Steering, query: str, expected: list[int]) -> None:
    assert numbers(steering, query) == expected


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("operation=Close", "operation"),
        ("outcome=fine", "outcome"),
        ("since=yesterday", "since"),
        ("since=0001-01-01T00:00:00%2B14:00", "since"),
        ("limit=many", "limit"),
        ("secrets=1", "secrets"),
        ("contact_id=7", "contact_id"),
        ("argument=7", "argument"),
        ("status.code=7", "status.code"),
    ],
)
def test_a_query_that_makes_no_sense_is_refused(steering: Steering, query: str, place: str) -> None:
    assert list(steering.errors("GET", f"{JOURNAL}?{query}")) == [place]


def test_an_argument_that_no_operation_has_is_refused_with_the_one_that_was_meant(steering: Steering) -> None:
    detail = steering.get(f"{JOURNAL}?argument.contatc_id=7", 422)["detail"]
    assert "did you mean 'contact_id'?" in detail


def test_the_page_says_how_much_there_was_and_how_much_was_dropped(steering: Steering) -> None:
    steering.world.journal.resize(most_exchanges=2)
    page = steering.get(JOURNAL)
    assert (page["total"], page["dropped"], [one["number"] for one in page["exchanges"]]) == (5, 3, [4, 5])


def test_secrets_are_shown_only_to_who_asks_for_them(steering: Steering) -> None:
    assert steering.get(f"{JOURNAL}/1")["arguments"]["password"] == "***"
    assert steering.get(f"{JOURNAL}/1?secrets=true")["arguments"]["password"] == "tulip"
    assert "tulip" not in str(steering.get(JOURNAL))
    assert "tulip" in str(steering.get(f"{JOURNAL}?secrets=true"))
    for part in ("request", "response"):
        hidden = steering.send("GET", f"{JOURNAL}/1/{part}")
        assert hidden.content_type == "application/octet-stream"
        assert hidden.headers["X-Content-Type-Options"] == "nosniff"
        assert b"hidden" in hidden.get_data()
    assert steering.send("GET", f"{JOURNAL}/1/request?secrets=true").get_data() == b"<secret/>"


def test_an_exchange_that_is_not_there_is_not_found(steering: Steering) -> None:
    for path in ("6", "6/request", "6/response", "x", "0", "-1"):
        steering.get(f"{JOURNAL}/{path}", 404)
    steering.world.journal.resize(most_exchanges=1)
    assert "no longer in the journal" in steering.get(f"{JOURNAL}/1", 404)["detail"]


def test_the_journal_is_cleared(steering: Steering) -> None:
    steering.delete(JOURNAL)
    assert steering.get(JOURNAL) == {"total": 5, "dropped": 0, "exchanges": []}


@pytest.mark.parametrize(
    ("body", "holds", "count"),
    [
        ({"operation": "CloseContact"}, True, 2),
        ({"operation": "CloseContact", "at_most": 1}, False, 2),
        ({"operation": "CloseContact", "at_least": 3}, False, 2),
        ({"operation": "GetCampaigns"}, False, 0),
        ({"operation": "GetCampaigns", "at_most": 0}, True, 0),
        ({"operation": "CloseContact", "arguments": {"contact_id": 7}, "at_least": 1, "at_most": 1}, True, 1),
        ({"arguments": {"contact": {"first_name": "Zoë"}}, "since": "2026-01-31T08:00:02Z"}, True, 1),
        ({}, True, 5),
    ],
)
def test_what_was_called_is_verified(steering: Steering, body: Any, holds: bool, count: int) -> None:
    verdict = steering.post(f"{JOURNAL}/verify", body)
    assert (verdict["holds"], verdict["count"]) == (holds, count)


def test_a_verdict_names_the_nearest_misses(steering: Steering) -> None:
    verdict = steering.post(f"{JOURNAL}/verify", {"operation": "CloseContact", "arguments": {"contact_id": 9}})
    assert not verdict["holds"]
    assert "expected CloseContact with contact_id=9" in verdict["message"]
    nearest = verdict["misses"][0]
    assert (nearest["exchange"]["number"], nearest["differences"]) == (4, ["contact_id is 8, not 9"])


def test_an_order_of_calls_is_verified(steering: Steering) -> None:
    login, close = {"operation": "OutboundLogin"}, {"operation": "CloseContact", "outcome": "ok"}
    assert steering.post(f"{JOURNAL}/sequence", {"steps": [login, close]})["holds"]
    verdict = steering.post(f"{JOURNAL}/sequence", {"steps": [close, login]})
    assert (verdict["holds"], verdict["count"]) == (False, 1)


@pytest.mark.parametrize(
    ("path", "body", "place"),
    [
        ("verify", {"operaton": "x"}, "operaton"),
        ("verify", {"status": "200"}, "status"),
        ("verify", {"since": "now"}, "since"),
        ("verify", [], ""),
        ("sequence", {}, "steps"),
        ("sequence", {"steps": [{}, {"user": 7}]}, "steps[1].user"),
        ("sequence", {"steps": [{"after": 2**63}]}, "steps[0].after"),
        ("sequence", {"steps": {}}, "steps"),
    ],
)
def test_what_cannot_be_verified_is_refused(steering: Steering, path: str, body: Any, place: str) -> None:
    assert list(steering.errors("POST", f"{JOURNAL}/{path}", body)) == [place]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("verify", {"operation": "Close"}),
        ("verify", {"at_least": 2, "at_most": 1}),
        ("verify", {"at_least": -1}),
        ("verify", {"arguments": {"contact": 7}}),
        ("verify", {"arguments": {"contact.name": 7}}),
        ("sequence", {"steps": []}),
    ],
)
def test_what_makes_no_sense_is_refused(steering: Steering, path: str, body: Any) -> None:
    assert steering.post(f"{JOURNAL}/{path}", body, 422)["detail"]
