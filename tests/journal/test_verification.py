"""What tests say about the calls that were made, and what they are told where it is not so."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_ccmm.errors import FakeCcmmError, SetupError
from fake_ccmm.journal import (
    Exchange,
    ExchangeSource,
    Journal,
    JournalQuery,
    Verification,
    VerificationError,
    check,
    check_sequence,
    make_query,
    select,
)

from .recorded import EXCHANGES, QUERIES, START, TOO_SOON, Recorded, closing, exchange, journal_of

CLOSE_7 = make_query("CloseContact", contact_id=7)


def message_of(verification: Verification, *args: int, how: str = "once") -> str:
    with pytest.raises(VerificationError) as error:
        getattr(verification, how)(*args)
    return str(error.value)


def test_calls_that_were_made_as_often_as_expected_are_returned_oldest_first() -> None:
    journal = journal_of(closing(1, 7), closing(1, 8), closing(1, 7))
    found = journal.verify("CloseContact", contact_id=7).times(2)
    assert [one.number for one in found] == [1, 3]
    assert journal.verify("CloseContact", contact_id=8).once() == [journal.exchange(2)]
    assert journal.verify("GetCampaigns").never() == []
    journal.never("GetCampaigns")


def test_too_few_are_told_with_the_nearest_misses() -> None:
    journal = journal_of(
        exchange(1, "GetCampaigns"),
        closing(1, 9, **TOO_SOON),
        closing(1, 8),
        closing(1, 9, user="ben"),
    )
    assert message_of(journal.verify("CloseContact", contact_id=7, user="apiuser")) == (
        "expected CloseContact with user=apiuser, contact_id=7 once, but there was none.\n"
        "The nearest misses:\n"
        "  3. CloseContact by apiuser, ok: contact_id is 8, not 7\n"
        "  2. CloseContact by apiuser, refused too_soon (X5): contact_id is 9, not 7\n"
        "  4. CloseContact by ben, ok: user is ben, not apiuser; contact_id is 9, not 7"
    )


def test_a_call_of_another_operation_is_the_last_to_be_near() -> None:
    journal = journal_of(exchange(1, "GetContactStatus", arguments={"contact_id": 7}), closing(1, 8, user="ben"))
    misses = check(make_query("CloseContact", contact_id=7, user="apiuser"), 1, 1, journal.exchanges()).misses
    assert [one.exchange.number for one in misses] == [2, 1]
    assert misses[1].differences == ("operation is GetContactStatus, not CloseContact",)


def test_what_became_of_a_call_can_be_expected_too() -> None:
    journal = journal_of(closing(1, 7, **TOO_SOON), closing(1, 7, injected="fault-1", status=None))
    journal.verify("CloseContact", outcome="refused", refusal="too_soon", rule="X5", status=500, session="s1").once()
    journal.verify("CloseContact", outcome="ok", injected="fault-1").once()
    words = message_of(journal.verify("CloseContact", outcome="ok", status=200, after=1))
    assert "  2. CloseContact by apiuser, ok, no answer was sent, fault rule fault-1: status is None, not 200" in words
    assert "outcome is refused, not ok; status is 500, not 200; it is not after 1" in words


def test_a_time_that_is_missed_is_told_with_both_moments() -> None:
    journal = journal_of(closing(1, 7))
    late, early = START.replace(minute=1), START
    assert "it came at 2026-01-31 08:00:01, before 2026-01-31 08:01:00" in message_of(journal.verify(since=late))
    assert "it came at 2026-01-31 08:00:01, after 2026-01-31 08:00:00" in message_of(journal.verify(until=early))


def test_too_many_are_told_with_those_there_were() -> None:
    journal = journal_of(closing(1, 7), *[closing(1, 8, **TOO_SOON)] * 12)
    words = message_of(journal.verify("CloseContact"), 2, how="at_most").splitlines()
    assert words[0] == "expected CloseContact at most 2 times, but there were 13."
    assert words[2] == "  1. CloseContact(campaign_id=26, contact_id=7) by apiuser: ok"
    assert words[3] == "  2. CloseContact(campaign_id=26, contact_id=8) by apiuser: refused too_soon (X5)"
    assert words[-1] == "  and 3 more"


@pytest.mark.parametrize(
    ("how", "args", "words"),
    [
        ("once", (), "once, but there were 2."),
        ("times", (3,), "3 times, but there were 2."),
        ("never", (), "never, but there were 2."),
        ("at_least", (3,), "at least 3 times, but there were 2."),
        ("at_most", (1,), "at most once, but there were 2."),
        ("between", (3, 4), "3 to 4 times, but there were 2."),
    ],
)
def test_every_expectation_says_what_it_was(how: str, args: tuple[int, ...], words: str) -> None:
    journal = journal_of(closing(1, 7), closing(1, 7))
    assert message_of(journal.verify("CloseContact"), *args, how=how).startswith(f"expected CloseContact {words}")


def test_that_nothing_was_recorded_is_said() -> None:
    assert message_of(Journal().verify()) == (
        "expected any exchange once, but there was none.\nNothing was recorded at all."
    )


@pytest.mark.parametrize("bounds", [(-1, None), (-1, 1), (2, 1), (0, -1)])
def test_bounds_that_cannot_be_are_refused(bounds: tuple[int, int | None]) -> None:
    with pytest.raises(SetupError, match="calls cannot be"):
        check(JournalQuery(), *bounds, [])


def test_an_error_of_a_verification_is_a_failed_assertion_and_one_of_this_package() -> None:
    assert issubclass(VerificationError, AssertionError)
    assert issubclass(VerificationError, FakeCcmmError)


def test_a_verification_looks_at_what_there_was_when_it_was_asked_for() -> None:
    journal = journal_of(closing(1, 7))
    verification = journal.verify("CloseContact")
    journal.add(Recorded(closing(1, 8)))
    verification.once()


def test_dropped_exchanges_are_noted_but_fail_nothing() -> None:
    journal = journal_of(closing(1, 7), closing(1, 8), closing(1, 9), most_exchanges=2)
    note = "The journal was full and has dropped 1 before these, which may hold more; give it larger limits."
    result = check(CLOSE_7, 0, 0, journal.exchanges(), dropped=journal.dropped)
    assert (result.holds, result.note) == (True, note)
    assert result.message.endswith(f"there was none.\n{note}")
    journal.never("CloseContact", contact_id=7)
    assert message_of(journal.verify("CloseContact", contact_id=7)).endswith(note)
    with pytest.raises(VerificationError, match="has dropped 1"):
        journal.sequence("CloseContact", "GetCampaigns")


def test_dropped_exchanges_are_no_matter_where_only_later_ones_were_asked_for() -> None:
    exchanges = [closing(3, 8), closing(4, 8), closing(6, 8)]
    for after, is_noted in [(1, True), (2, True), (4, True), (5, False), (6, False)]:
        result = check(make_query("CloseContact", contact_id=7, after=after), 0, 0, exchanges, dropped=3)
        assert bool(result.note) == is_noted
    assert check(make_query(after=5), 0, 0, [], dropped=3).note


def test_what_is_left_of_a_full_journal_is_not_called_nothing_recorded() -> None:
    journal = journal_of(closing(1, 7), most_exchanges=0)
    assert "Nothing is left in the journal." in message_of(journal.verify("CloseContact"))
    with pytest.raises(VerificationError, match=r"Nothing is left in the journal\."):
        journal.sequence("CloseContact")


@given(st.lists(EXCHANGES, max_size=12), QUERIES, st.integers(0, 12), st.integers(0, 12))
def test_a_check_holds_exactly_where_counting_says_so(
    exchanges: list[Exchange], query: JournalQuery, fewest: int, more: int
) -> None:
    journal = journal_of(*exchanges)
    all_of_them = journal.exchanges()
    count = len(select(all_of_them, query))
    for most in (fewest + more, None):
        result = check(query, fewest, most, all_of_them)
        assert result.count == count
        assert result.holds == (fewest <= count and (most is None or count <= most))
        near = [one for one in all_of_them if one.operation is not None or query.operation is None]
        assert len(result.misses) == (min(3, len(near) - count) if count < fewest else 0)
        assert {one.exchange.number for one in result.misses} <= {one.number for one in near}
        assert all(one.differences and not query.matches(one.exchange) for one in result.misses)
    verification = Verification(query, all_of_them)
    if fewest <= count <= fewest + more:
        assert verification.between(fewest, fewest + more) == select(all_of_them, query)
    else:
        message_of(verification, fewest, fewest + more, how="between")


def test_calls_in_the_order_expected_are_returned_others_may_stand_between() -> None:
    journal = journal_of(
        exchange(1, "OutboundLogin"), exchange(1, "GetCampaigns"), closing(1, 8), closing(1, 7), closing(1, 7)
    )
    found = journal.sequence("OutboundLogin", ("CloseContact", {"contact_id": 7}), JournalQuery("CloseContact"))
    assert [one.number for one in found] == [1, 4, 5]


def test_a_sequence_that_breaks_off_tells_how_far_it_came_and_what_came_after() -> None:
    journal = journal_of(closing(1, 7), exchange(1, "OutboundLogin"), exchange(1, "GetCampaigns"), closing(1, 8))
    with pytest.raises(VerificationError) as error:
        journal.sequence("OutboundLogin", ("CloseContact", {"contact_id": 7}))
    assert str(error.value) == (
        "expected in this order: OutboundLogin; CloseContact with contact_id=7.\n"
        "So far it came:\n"
        "  2. OutboundLogin() by apiuser: ok\n"
        "No CloseContact with contact_id=7 came after 2.\n"
        "It came too early:\n"
        "  1. CloseContact(campaign_id=26, contact_id=7) by apiuser: ok\n"
        "The nearest misses:\n"
        "  4. CloseContact by apiuser, ok: contact_id is 8, not 7\n"
        "  3. GetCampaigns by apiuser, ok: operation is GetCampaigns, not CloseContact; contact_id was not given\n"
        "What came after 2:\n"
        "  3. GetCampaigns() by apiuser: ok\n"
        "  4. CloseContact(campaign_id=26, contact_id=8) by apiuser: ok"
    )


def test_a_sequence_that_never_began_says_so() -> None:
    with pytest.raises(VerificationError) as error:
        Journal().sequence("OutboundLogin", "GetCampaigns")
    assert str(error.value) == (
        "expected in this order: OutboundLogin; GetCampaigns.\nNo OutboundLogin came.\nNothing was recorded at all."
    )


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([], "a sequence needs at least one call"),
        (["Login"], "no operation is called 'Login'"),
        ([("CloseContact", {"contactid": 7})], "did you mean 'contact_id'"),
        ([("CloseContact", 7)], "a call of a sequence is"),
        ([7], "a call of a sequence is"),
        ([JournalQuery("Login")], "no operation is called 'Login'"),
    ],
)
def test_a_sequence_of_what_is_no_call_is_refused(steps: list[Any], words: str) -> None:
    with pytest.raises(SetupError) as refused:
        Journal().sequence(*steps)
    assert words in str(refused.value)


@given(st.lists(EXCHANGES, max_size=10), st.lists(QUERIES, min_size=1, max_size=3))
def test_a_sequence_holds_exactly_where_the_calls_can_be_found_in_order(
    exchanges: list[Exchange], queries: list[JournalQuery]
) -> None:
    def can_be_found(steps: list[JournalQuery], rest: list[Exchange]) -> bool:
        if not steps:
            return True
        return any(steps[0].matches(one) and can_be_found(steps[1:], rest[at + 1 :]) for at, one in enumerate(rest))

    journal = journal_of(*exchanges)
    result = check_sequence(queries, journal.exchanges())
    assert result.holds == can_be_found(queries, journal.exchanges())
    if result.holds:
        found = journal.sequence(*queries)
        assert [one.number for one in found] == sorted({one.number for one in found})
        assert all(query.matches(one) for query, one in zip(queries, found, strict=True))


def test_the_same_questions_can_be_asked_of_exchanges_from_anywhere() -> None:
    class Elsewhere(ExchangeSource):
        dropped = 2

        def exchanges(
            self, query: JournalQuery | None = None, *, secrets: bool = False, limit: int | None = None
        ) -> list[Exchange]:
            return select([closing(3, 7), closing(4, 8)], query or JournalQuery())

    source = Elsewhere()
    assert source.count("CloseContact", contact_id=lambda number: number > 7) == 1
    assert [one.number for one in source.sequence("CloseContact", "CloseContact")] == [3, 4]
    source.verify("CloseContact").times(2)
    assert "has dropped 2" in message_of(source.verify("GetCampaigns"))
