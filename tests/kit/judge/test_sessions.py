"""K8, K9, K10 and K15: logging in, losing a session, logging off."""

from __future__ import annotations

from typing import Any

import pytest

from .journals import ANN, BEN, Application, Written, broken, holds, skipped

EXPIRED: dict[str, Any] = {"refusal": "session_expired"}
REJECTED: dict[str, Any] = {"refusal": "invalid_session_key"}
TAKEN: dict[str, Any] = {"refusal": "already_logged_in", "session": None, "result": None}
ENDINGS = {"K9": EXPIRED, "K10": REJECTED}


def taken_elsewhere(application: Application) -> None:
    application.strike("OutboundLogin", {"kind": "second-login"})


# --- K8 ---------------------------------------------------------------------------------------------------------------


def test_a_client_that_reports_that_somebody_is_logged_in_keeps_k8(application: Application) -> None:
    taken_elsewhere(application)
    assert application.log_in() == ""
    holds("K8", application.journal())


@pytest.mark.parametrize("logs_in_again", [True, False])
def test_logging_off_somebody_else_breaks_k8(application: Application, logs_in_again: bool) -> None:
    taken_elsewhere(application)
    application.log_in()
    application.log_off()
    if logs_in_again:
        assert application.log_in()
    told = broken("K8", application.journal())
    assert "exchanges 1 and 2: ann was logged in already, and was logged off by a client that holds no key" in told
    assert "1. ann: OutboundLogin('ann') -> refused: 'An Application administrator with user ID ann is already" in told


def test_a_client_that_was_told_to_take_over_is_not_blamed(application: Application) -> None:
    taken_elsewhere(application)
    application.log_in()
    application.log_off()
    assert "was told that it may" in skipped("K8", application.journal(), may_take_over=True)


def test_a_session_of_another_client_in_the_journal_taken_over_at_once_breaks_k8(application: Application) -> None:
    application.log_in()
    application.log_in()
    application.log_off()
    application.log_in()
    assert broken("K8", application.journal()).startswith("exchanges 2, 3 and 4:")


def test_several_refusals_before_one_log_off_are_one_finding() -> None:
    journal = Written().log_in(**TAKEN).log_in(**TAKEN).log_off()
    assert "more)" not in broken("K8", journal.exchanges)


def test_whoever_holds_the_session_may_log_off(application: Application) -> None:
    key = application.log_in()
    application.log_in()
    application.campaigns(key)
    application.log_off()
    assert application.log_in()
    holds("K8", application.journal())


def test_a_client_that_tries_again_until_the_other_one_has_logged_off_keeps_k8() -> None:
    journal = Written().log_in(at=0).log_in(at=5, **TAKEN).log_in(at=10, **TAKEN).log_off(at=12).log_in("s2", at=15)
    holds("K8", journal.exchanges)


def test_the_holder_of_a_session_that_began_before_the_journal_may_log_off() -> None:
    journal = Written(first=80).campaigns().log_in(at=5, **TAKEN).log_off(at=12).log_in("s2", at=15)
    holds("K8", journal.exchanges)


def test_a_session_that_ended_before_has_no_holder() -> None:
    broken("K8", Written(first=80).campaigns().log_off().log_in(at=5, **TAKEN).log_off(at=12).exchanges)


def test_a_holder_that_finds_its_key_destroyed_was_thrown_out() -> None:
    journal = Written().log_in(at=0).log_in(at=5, **TAKEN).campaigns(at=6).log_off(at=12).log_in("s2", at=15)
    holds("K8", journal.exchanges)
    journal.campaigns(at=20, user=None, **REJECTED)
    assert broken("K8", journal.exchanges).startswith("exchanges 2, 4 and 6:")


def test_a_session_whose_key_was_lost_on_the_way_is_the_clients_own(application: Application) -> None:
    application.strike("OutboundLogin", {"kind": "reset"})
    assert application.log_in() == ""
    assert application.log_in() == ""
    application.log_off()
    assert application.log_in()
    application.log_off()
    holds("K8", application.journal())
    holds("K15", application.journal())


def test_a_session_whose_key_was_rejected_is_the_clients_own(application: Application) -> None:
    application.strike("GetCampaigns", {"kind": "reject-key"})
    key = application.log_in()
    application.campaigns(key)
    assert application.log_in() == ""
    application.log_off()
    application.campaigns(application.log_in())
    application.log_off()
    for rule in ("K8", "K10", "K15"):
        holds(rule, application.journal())


def test_other_users_are_not_mixed_up(application: Application) -> None:
    application.log_in(BEN)
    taken_elsewhere(application)
    application.log_in(ANN)
    application.log_off(BEN)
    holds("K8", application.journal())


def test_without_a_refused_log_in_there_is_nothing_to_judge(application: Application) -> None:
    application.log_in()
    assert skipped("K8", application.journal()) == "nobody logged in who was logged in already"


# --- K9 and K10 -------------------------------------------------------------------------------------------------------


def end_session(application: Application, rule: str) -> None:
    if rule == "K9":
        application.mock.expire("ann")
    else:
        application.mock.end_session("ann")


@pytest.mark.parametrize("rule", ENDINGS)
@pytest.mark.parametrize("tries_first", [True, False])
def test_one_new_log_in_and_the_call_again_keeps_it(application: Application, rule: str, tries_first: bool) -> None:
    key = application.log_in()
    end_session(application, rule)
    application.campaigns(key)
    if tries_first and rule == "K9":
        assert application.log_in() == ""
    application.log_off()
    application.campaigns(application.log_in())
    application.log_off()
    holds(rule, application.journal())
    other = "K10" if rule == "K9" else "K9"
    assert skipped(other, application.journal()) in ("no session key was rejected", "no session expired")
    holds("K15", application.journal())


@pytest.mark.parametrize("rule", ENDINGS)
def test_the_same_call_with_the_same_key_breaks_it(application: Application, rule: str) -> None:
    key = application.log_in()
    end_session(application, rule)
    application.campaigns(key)
    application.campaigns(key)
    assert "exchanges 2 and 3: the call was made again with the same key" in broken(rule, application.journal())


@pytest.mark.parametrize("rule", ENDINGS)
def test_many_calls_with_the_same_key_break_it(application: Application, rule: str) -> None:
    key = application.log_in()
    end_session(application, rule)
    for contact_id in (1, 2, 3, 4):
        application.status(key, contact_id=contact_id)
    application.log_off()
    application.log_in()
    assert "3 further calls were made with the same key" in broken(rule, application.journal())
    holds(rule, application.journal(), at_once=4)


@pytest.mark.parametrize("rule", ENDINGS)
def test_calls_that_were_on_their_way_are_not_blamed(application: Application, rule: str) -> None:
    key = application.log_in()
    end_session(application, rule)
    for contact_id in (1, 2, 3):
        application.status(key, contact_id=contact_id)
    application.log_off()
    application.log_in()
    holds(rule, application.journal())


@pytest.mark.parametrize("rule", ENDINGS)
def test_two_log_ins_for_one_session_break_it(application: Application, rule: str) -> None:
    key = application.log_in()
    end_session(application, rule)
    application.campaigns(key)
    for _ in range(2):
        application.log_off()
        key = application.log_in()
    application.campaigns(key)
    application.log_off()
    assert "2 new log-ins for one session that had ended" in broken(rule, application.journal())


def test_a_loop_of_log_ins_that_are_refused_breaks_k9(application: Application) -> None:
    key = application.log_in()
    application.mock.expire("ann")
    application.campaigns(key)
    for _ in range(4):
        application.log_in()
    assert "4 log-ins in a row that were refused" in broken("K9", application.journal())


@pytest.mark.parametrize("kind", ["expire-session", "reject-key"])
def test_a_loop_over_keys_that_are_all_refused_breaks_it(application: Application, kind: str) -> None:
    application.mock.put_faults([{"when": {"operation": "GetCampaigns"}, "do": {"kind": kind}}])
    for _ in range(5):
        application.campaigns(application.log_in())
        application.log_off()
    told = broken("K9" if kind == "expire-session" else "K10", application.journal())
    assert "the same call was made with 5 keys, one after the other, each refused" in told
    assert "more)" not in told.partition("\n")[0]


def test_a_session_that_expires_again_gets_another_log_in(application: Application) -> None:
    key = application.log_in()
    for last in (0, 1, 2):
        application.mock.expire("ann")
        application.page(key, last)
        application.log_off()
        key = application.log_in()
        application.page(key, last)
    application.log_off()
    holds("K9", application.journal())


def test_trying_again_later_with_a_new_key_is_no_loop(application: Application) -> None:
    application.mock.put_faults([{"when": {"operation": "GetCampaigns"}, "do": {"kind": "expire-session"}}])
    for _ in range(4):
        application.campaigns(application.log_in())
        application.log_off()
        application.wait(60)
    holds("K9", application.journal())


@pytest.mark.parametrize("logs_off", [True, False])
def test_a_client_that_gives_up_shows_nothing_of_a_new_log_in(application: Application, logs_off: bool) -> None:
    key = application.log_in()
    application.mock.expire("ann")
    application.campaigns(key)
    if logs_off:
        application.log_off()
    assert "did not log in again after exchange 2" in skipped("K9", application.journal())


def test_a_key_that_was_never_given_out_is_judged_too() -> None:
    journal = Written().campaigns(user=None, **REJECTED).append(user=None, **REJECTED).log_in("s2").log_off()
    skipped("K10", journal.exchanges)  # nobody knows whose it was, so what came after it is not known
    for contact_id in (1, 2):
        journal.close(contact_id, user=None, **REJECTED)
    assert "3 further calls" in broken("K10", journal.exchanges)


# --- K15 --------------------------------------------------------------------------------------------------------------


def test_sessions_that_are_logged_off_keep_k15_also_after_errors(application: Application) -> None:
    key = application.log_in()
    application.page(key, 0, campaign_id=102)
    application.log_off()
    holds("K15", application.journal())


def test_a_session_left_open_breaks_k15(application: Application) -> None:
    for user in (ANN, BEN):
        application.campaigns(application.log_in(user))
    application.log_off(ANN)
    told = broken("K15", application.journal())
    assert "exchanges 3 and 4: the session of ben was not logged off by the end of the journal" in told


@pytest.mark.parametrize("ending", ["expire-session", "reject-key"])
def test_a_session_that_the_client_was_told_is_dead_has_to_be_logged_off_too(
    application: Application, ending: str
) -> None:
    application.strike("GetCampaigns", {"kind": ending})
    application.campaigns(application.log_in())
    broken("K15", application.journal())
    application.log_off()
    holds("K15", application.journal())


def test_a_session_that_was_ended_from_outside_need_not_be_logged_off(application: Application) -> None:
    key = application.log_in()
    application.mock.end_session("ann")
    application.campaigns(key)
    holds("K15", application.journal())


def test_a_log_off_that_was_lost_counts(application: Application) -> None:
    application.strike("OutboundLogoff", {"kind": "reset", "carried_out": False})
    application.log_in()
    application.log_off()
    holds("K15", application.journal())


def test_without_a_log_in_there_is_nothing_to_log_off(application: Application) -> None:
    application.call("OutboundLogin", username="ann", password="wrong")
    assert skipped("K15", application.journal()) == "the journal has no log-in that succeeded"
