"""K1, K2 and K3: how a client goes through the contacts of a campaign."""

from __future__ import annotations

from typing import Any

import pytest

from .journals import Application, Written, broken, holds, skipped, world

RULES = ("K1", "K2", "K3")


def page_through(application: Application, key: str, *, once_more: bool = True) -> None:
    last = application.page(key, 0)
    while last > 0 and (once_more or last % 200 == 0):
        last = application.page(key, last)


@pytest.mark.parametrize("contacts", [0, 1, 199, 200, 201, 400, 401])
@pytest.mark.parametrize("once_more", [True, False], ids=["to the empty page", "to the short page"])
def test_paging_as_it_should_be_is_kept(application: Application, contacts: int, once_more: bool) -> None:
    application.mock.become(world(contacts).seed())
    key = application.log_in()
    page_through(application, key, once_more=once_more)
    application.log_off()
    for rule in RULES:
        holds(rule, application.journal())


@pytest.mark.parametrize("contacts", [200, 400])
def test_paging_may_stop_at_a_full_page_once_as_many_came_as_the_campaign_has(
    application: Application, contacts: int
) -> None:
    application.mock.become(world(contacts).seed())
    key = application.log_in()
    application.campaigns(key)
    for after in range(0, contacts, 200):
        application.page(key, after)
    application.log_off()
    for rule in RULES:
        holds(rule, application.journal(), responses=application.mock.response_bytes)
    assert "does not show where the contacts of a campaign end" in skipped("K2", application.journal())


def test_paging_that_stops_before_all_have_come_breaks_k2(application: Application) -> None:
    application.mock.become(world(401).seed())
    key = application.log_in()
    application.campaigns(key)
    application.page(key, 0)
    application.page(key, 200)
    application.log_off()
    told = broken("K2", application.journal(), responses=application.mock.response_bytes)
    assert told.startswith(
        "exchanges 2, 4 and 5: paging through campaign 101 stopped at a full page, after 400 contacts of 401"
    )
    assert "4. ann: Get200CampaignContacts(campaign 101, after contact 200) -> 200 contacts, 201 to 400" in told
    holds("K1", application.journal())
    holds("K3", application.journal())


def test_paging_that_stops_at_a_full_page_without_asking_how_many_there_are_breaks_k2() -> None:
    journal = Written().log_in().page(0, 200).log_off()
    assert "has not asked how many there are" in broken("K2", journal.exchanges)


def test_an_answer_that_is_no_longer_kept_says_nothing(application: Application) -> None:
    journal = Written(first=1000).log_in().campaigns().page(0, 200).log_off()
    skipped("K2", journal.exchanges, responses=application.mock.response_bytes)


@pytest.mark.parametrize(
    "journal",
    [
        Written().log_in().page(0, 200),
        Written().log_in().page(0, 200).page(200, 0, refusal="inactive_campaign", result=None),
        Written().log_in().page(0, 200).append(refusal="session_expired"),
        Written().log_in().page(0, 200, injected="slow").log_off(),
    ],
    ids=["the journal ends", "the campaign ends", "the session ends", "perhaps no answer"],
)
def test_paging_that_was_interrupted_does_not_count_as_stopped(journal: Written) -> None:
    skipped("K2", journal.exchanges)
    holds("K1", journal.exchanges)
    holds("K3", journal.exchanges)


def test_paging_on_and_on_after_the_end_breaks_k2(application: Application) -> None:
    key = application.log_in()
    for after in (0, 3, 3, 3):
        application.page(key, after)
    application.log_off()
    told = broken("K2", application.journal())
    assert "campaign 101 has no contact after 3, as an empty page said, and still the next page was asked for" in told
    holds("K1", application.journal())


def test_looking_for_new_contacts_from_time_to_time_is_no_endless_paging(application: Application) -> None:
    key = application.log_in()
    for after in (0, 3, 3, 3):
        application.page(key, after)
        application.wait(60)
    application.append(key)
    application.page(key, 3)
    application.log_off()
    for rule in RULES:
        holds(rule, application.journal())


def test_a_start_with_another_id_breaks_k1_and_k3(application: Application) -> None:
    key = application.log_in()
    application.page(key, 1)
    application.log_off()
    assert "starts with LastContactID 1 instead of 0" in broken("K1", application.journal())
    assert "up to 1 were never asked for" in broken("K3", application.journal())


def test_a_journal_that_lacks_the_start_does_not_say_how_paging_started() -> None:
    journal = Written(first=500).page(400, 17).log_off()
    for rule in RULES:
        if rule != "K2":
            holds(rule, journal.exchanges)
    assert skipped("K2", Written(first=500).page(400, 200).log_off().exchanges)


@pytest.mark.parametrize(
    ("cursor", "k3"),
    [
        (201, "the contacts of campaign 101 between 200 and 201 were passed over"),
        (199, "the contacts of campaign 101 between 199 and 200 were asked for twice"),
        (1, "the contacts of campaign 101 between 1 and 200 were asked for twice"),
        (-1, "the contacts of campaign 101 between -1 and 200 were asked for twice"),
    ],
)
def test_going_on_with_another_id_than_the_last_one_breaks_k1_and_k3(
    application: Application, cursor: int, k3: str
) -> None:
    application.mock.become(world(250).seed())
    key = application.log_in()
    application.page(key, 0)
    application.page(key, cursor)
    application.log_off()
    told = broken("K1", application.journal())
    assert (
        f"the page after 200, the last contact received of campaign 101, was asked for with LastContactID {cursor}"
        in told
    )
    assert told.startswith("exchanges 2 and 3:")
    assert k3 in broken("K3", application.journal())


def test_the_same_page_twice_breaks_k3(application: Application) -> None:
    application.mock.become(world(450).seed())
    key = application.log_in()
    for after in (0, 200, 200, 400):
        application.page(key, after)
    application.log_off()
    assert "the page of campaign 101 after contact 200 was asked for again, though it had come" in broken(
        "K3", application.journal()
    )


def test_the_first_page_over_and_over_breaks_k3(application: Application) -> None:
    application.mock.become(world(250).seed())
    key = application.log_in()
    for _ in range(4):
        application.page(key, 0)
    application.log_off()
    assert "was asked for again, though it had come and was full" in broken("K3", application.journal())


@pytest.mark.parametrize("kind", ["reset", "empty", "truncate", "garbage", "http-error", "content-type"])
@pytest.mark.parametrize("struck", [0, 200])
def test_a_page_that_was_lost_may_be_asked_for_again(application: Application, kind: str, struck: int) -> None:
    application.mock.become(world(250).seed())
    when = {"operation": "Get200CampaignContacts", "arguments": {"last_contact_id": struck}}
    application.strike("Get200CampaignContacts", {"kind": kind}, when=when)
    key = application.log_in()
    for after in (0, 0, 200) if struck == 0 else (0, 200, 200):
        application.page(key, after)
    application.log_off()
    for rule in RULES:
        holds(rule, application.journal())


def test_paging_goes_on_in_a_new_session(application: Application) -> None:
    application.mock.become(world(450).seed())
    key = application.log_in()
    application.page(key, 0)
    application.mock.expire("ann")
    application.page(key, 200)
    application.log_off()
    key = application.log_in()
    application.page(key, 200)
    application.page(key, 400)
    application.log_off()
    for rule in RULES:
        holds(rule, application.journal())


def test_runs_of_two_users_and_two_campaigns_are_kept_apart() -> None:
    journal = Written().log_in().log_in("s2", user="ben")
    other: dict[str, Any] = {"arguments": {"campaign_id": 7, "last_contact_id": 0}}
    ben: dict[str, Any] = {"user": "ben", "session": "s2"}
    journal.page(0, 200).page(0, 200, **ben).page(0, 5, **other)
    journal.page(200, 200).page(200, 10, **ben).page(400, 0)
    for rule in RULES:
        holds(rule, journal.log_off().log_off(user="ben").exchanges)


def test_two_runs_at_the_same_time_by_one_user_are_kept_apart() -> None:
    journal = Written().log_in().page(0, 200).page(0, 200).page(200, 200).page(200, 200).page(400, 3).page(400, 3)
    for rule in RULES:
        holds(rule, journal.log_off().exchanges)


def test_without_pages_there_is_nothing_to_judge() -> None:
    journal = Written().log_in().campaigns().log_off().exchanges
    for rule in RULES:
        assert skipped(rule, journal) == "the journal has no Get200CampaignContacts"
