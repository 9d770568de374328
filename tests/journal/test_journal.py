"""What a journal keeps, what it drops, and what it finds."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_ccmm.errors import SetupError
from fake_ccmm.journal import Exchange, Journal, JournalQuery, make_query

from .recorded import EXCHANGES, QUERIES, START, Recorded, closing, exchange, journal_of


def numbers(journal: Journal) -> list[int]:
    return [one.number for one in journal.exchanges()]


def sized(*sizes: int, most_exchanges: int = 100, most_bytes: int = 100) -> Journal:
    journal = Journal(most_exchanges=most_exchanges, most_bytes=most_bytes)
    for size in sizes:
        journal.add(Recorded(size=size))
    return journal


def test_exchanges_are_numbered_from_one_and_come_oldest_first() -> None:
    journal = sized(1, 1, 1)
    assert numbers(journal) == [1, 2, 3]
    assert (journal.total, journal.dropped, len(journal)) == (3, 0, 3)


def test_the_oldest_is_dropped_when_there_are_too_many() -> None:
    journal = sized(1, 1, 1, 1, most_exchanges=2)
    assert numbers(journal) == [3, 4]
    assert (journal.total, journal.dropped) == (4, 2)


def test_the_oldest_are_dropped_when_they_are_too_large() -> None:
    assert numbers(sized(40, 30, 30, 60)) == [3, 4]


def test_one_that_is_too_large_by_itself_is_dropped_and_costs_no_other_its_place() -> None:
    journal = sized(40, 101, 60)
    assert numbers(journal) == [1, 3]
    assert (journal.total, journal.dropped) == (3, 1)


def test_a_journal_may_keep_nothing() -> None:
    journal = sized(1, 0, 3, most_exchanges=0)
    assert numbers(journal) == []
    assert journal.dropped == journal.total == 3
    assert journal


def test_clearing_forgets_everything_but_the_numbers() -> None:
    journal = sized(1, 1, 1, most_exchanges=2)
    journal.clear()
    assert (numbers(journal), journal.total, journal.dropped) == ([], 3, 0)
    journal.add(Recorded(size=100))
    assert numbers(journal) == [4]


def test_new_bounds_hold_at_once_and_what_is_not_named_stays() -> None:
    journal = sized(10, 20, 30, 40)
    journal.resize(most_exchanges=3)
    assert numbers(journal) == [2, 3, 4]
    journal.resize(most_bytes=70)
    assert numbers(journal) == [3, 4]
    assert (journal.most_exchanges, journal.most_bytes, journal.dropped) == (3, 70, 2)


@pytest.mark.parametrize("name", ["most_exchanges", "most_bytes"])
def test_a_bound_below_zero_is_refused_and_changes_nothing(name: str) -> None:
    journal = sized(1)
    with pytest.raises(SetupError, match=f"{name} has to be 0 or more, not -1"):
        journal.resize(**{name: -1})
    assert numbers(journal) == [1]


BOUNDS = {"most_exchanges": st.integers(0, 5), "most_bytes": st.integers(0, 30)}
STEPS = st.lists(st.integers(0, 20) | st.just("clear") | st.fixed_dictionaries({}, optional=BOUNDS), max_size=40)


@given(bounds=st.fixed_dictionaries(BOUNDS), steps=STEPS)
def test_the_bounds_are_never_exceeded_and_the_newest_are_kept(
    bounds: dict[str, Any], steps: list[int | str | dict[str, int]]
) -> None:
    journal = Journal(**bounds)
    sizes: dict[int, int] = {}
    expected: list[int] = []
    lost = 0
    for step in steps:
        if isinstance(step, int):
            journal.add(Recorded(size=step))
            sizes[len(sizes) + 1] = step
            expected = [*expected, len(sizes)]
        elif isinstance(step, str):
            journal.clear()
            expected, lost = [], 0
        else:
            journal.resize(**step)
            bounds = {**bounds, **step}
        while len(expected) > bounds["most_exchanges"] or sum(map(sizes.get, expected)) > bounds["most_bytes"]:  # type: ignore[arg-type]
            too_large = sizes[expected[-1]] > bounds["most_bytes"]
            expected.pop(-1 if too_large else 0)
            lost += 1
        assert numbers(journal) == expected
        assert (journal.total, journal.dropped, len(journal)) == (len(sizes), lost, len(expected))


@given(st.lists(EXCHANGES, max_size=20), QUERIES, st.none() | st.integers(0, 5))
def test_a_query_finds_what_looking_at_each_exchange_finds(
    exchanges: list[Exchange], query: JournalQuery, limit: int | None
) -> None:
    def is_wanted(one: Exchange) -> bool:
        return (
            query.operation in (None, one.operation)
            and query.user in (None, one.user)
            and query.outcome in (None, one.outcome)
            and query.status in (None, one.status)
            and (query.after is None or one.number > query.after)
            and (query.since is None or one.center_time >= query.since)
            and (query.until is None or one.center_time <= query.until)
            and all(one.arguments.get(name) == value for name, value in query.arguments.items())
        )

    journal = journal_of(*exchanges)
    expected = [one for one in journal.exchanges() if is_wanted(one)]
    assert journal.exchanges(query) == expected
    newest = expected if limit is None else expected[max(0, len(expected) - limit) :]
    assert journal.exchanges(query, limit=limit) == newest
    for one in journal.exchanges():
        assert (one in expected) == (not query.differences(one))


def test_only_what_is_asked_for_is_made_readable() -> None:
    records = [Recorded(closing(1, number)) for number in range(10)]
    journal = Journal()
    for record in records:
        journal.add(record)
    assert sum(one.conversions for one in records) == 0
    journal.exchange(3)
    journal.exchanges(limit=2)
    journal.exchanges(make_query(after=9))
    assert [one.conversions for one in records] == [0, 0, 1, 0, 0, 0, 0, 0, 1, 2]


def test_one_exchange_is_found_by_its_number_with_its_bytes() -> None:
    journal = journal_of(closing(1, 7), closing(1, 8))
    assert journal.exchange(2).arguments["contact_id"] == 8
    assert (journal.raw_request(2), journal.raw_response(2)) == (b"<hidden/>", b"<hidden-result/>")
    assert (journal.raw_request(2, secrets=True), journal.raw_response(2, secrets=True)) == (b"<secret/>", b"<result/>")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "exchange 1 is no longer in the journal; the journal keeps 2 to 4"),
        (3, "exchange 3 is no longer in the journal; the journal keeps 2 to 4"),
        (5, "exchange 5 never was; the journal keeps 2 to 4"),
        (0, "exchange 0 never was; the journal keeps 2 to 4"),
    ],
)
def test_a_number_that_is_not_there_is_refused_with_those_that_are(number: int, words: str) -> None:
    journal = sized(50, 50, 101, 50)
    for look in (journal.exchange, journal.raw_request, journal.raw_response):
        with pytest.raises(SetupError) as refused:
            look(number)
        assert str(refused.value) == words


def test_a_number_in_an_empty_journal_is_refused() -> None:
    with pytest.raises(SetupError, match="exchange 1 never was; the journal keeps none now"):
        Journal().exchange(1)


def test_secrets_are_shown_and_found_only_where_that_is_asked_for() -> None:
    journal = journal_of(exchange(1, "OutboundLogin", arguments={"username": "ann", "password": "pass"}))
    query = make_query("OutboundLogin", password="pass")
    assert journal.exchange(1).arguments["password"] == "***"
    assert journal.exchange(1, secrets=True).arguments["password"] == "pass"
    assert journal.exchanges(query) == []
    assert len(journal.exchanges(query, secrets=True)) == 1


def test_counting_takes_conditions_and_arguments_alike() -> None:
    journal = journal_of(closing(1, 7), closing(1, 8, user="ben"), exchange(1, None, outcome="page", user=None))
    assert journal.count() == 3
    assert journal.count("CloseContact") == 2
    assert journal.count("CloseContact", user="ben", contact_id=8) == 1
    assert journal.count(outcome="page") == 1
    assert journal.count(contact_id=lambda number: number < 8) == 1
    assert journal.count(**{"contact_id": 7}, after=1) == 0


@pytest.mark.parametrize(
    ("operation", "conditions", "words"),
    [
        ("closecontact", {}, "did you mean 'CloseContact'"),
        ("CloseContact", {"contactid": 7}, "'contactid' is neither an argument of CloseContact nor a condition"),
        ("CloseContact", {"contactid": 7}, "did you mean 'contact_id'"),
        ("CloseContact", {"outcom": "ok"}, "did you mean 'outcome'"),
        (None, {"contact_number": 7}, "'contact_number' is neither an argument nor a condition"),
        ("AppendContactsToCampaign", {"contact": {"name": "Zoë"}}, "contact has no field 'name'"),
        (None, {"outcome": "Refused"}, "did you mean 'refused'"),
        (None, {"refusal": "toosoon"}, "did you mean 'too_soon'"),
        (None, {"status": "200"}, "status has to be a status of HTTP such as 200, not '200'"),
        (None, {"status": True}, "status has to be"),
        (None, {"after": START}, "after has to be the number of an exchange"),
        (None, {"since": "today"}, "since has to be a datetime"),
        (None, {"user": 7}, "user has to be a text, not 7"),
    ],
)
def test_a_condition_that_does_not_exist_is_refused_with_the_one_that_was_meant(
    operation: str | None, conditions: dict[str, object], words: str
) -> None:
    with pytest.raises(SetupError) as refused:
        Journal().count(operation, **conditions)
    assert words in str(refused.value)


def test_a_query_made_by_hand_is_checked_too() -> None:
    with pytest.raises(SetupError, match="no operation is called 'Close'"):
        Journal().exchanges(JournalQuery("Close"))
    with pytest.raises(SetupError, match="limit has to be 0 or more, not -1"):
        Journal().exchanges(limit=-1)
