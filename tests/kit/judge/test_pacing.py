"""K4 and K5: at least a second between appends, and between closings."""

from __future__ import annotations

from typing import Any

import pytest

from .journals import Application, Written, broken, holds, skipped

RULES = {"K4": "AppendContactsToCampaign", "K5": "CloseContact"}


def act(application: Application, rule: str, key: str, contact_id: int) -> None:
    if rule == "K4":
        application.append(key)
    else:
        application.close(key, contact_id=contact_id)


@pytest.mark.parametrize("rule", RULES)
def test_a_second_between_calls_is_enough(application: Application, rule: str) -> None:
    key = application.log_in()
    for contact_id in (1, 2, 3):
        act(application, rule, key, contact_id)
        application.wait(1)
    holds(rule, application.journal())


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("seconds", [0.001, 0.5, 0.99])
def test_less_than_a_second_is_too_soon_whatever_the_server_says(
    application: Application, rule: str, seconds: float
) -> None:
    application.mock.set_profile({"limit_seconds": 0})
    key = application.log_in()
    for contact_id in (1, 2):
        act(application, rule, key, contact_id)
        application.wait(seconds)
    told = broken(rule, application.journal())
    assert f"exchanges 2 and 3: {RULES[rule]} was called {seconds:.3f} s after the last one in the same session" in told


@pytest.mark.parametrize("rule", RULES)
def test_a_call_that_was_refused_as_too_soon_breaks_it(application: Application, rule: str) -> None:
    key = application.log_in()
    act(application, rule, key, 1)
    act(application, rule, key, 2)
    assert "refused:" in broken(rule, application.journal())


def test_appends_and_closings_do_not_wait_for_each_other(application: Application) -> None:
    key = application.log_in()
    for contact_id in (1, 2):
        application.append(key)
        application.close(key, contact_id=contact_id)
        application.wait()
    holds("K4", application.journal())
    holds("K5", application.journal())


def test_another_session_has_a_second_of_its_own() -> None:
    journal = Written().log_in().log_in("s2", user="ben")
    journal.append(at=1).append(at=1.1, session="s2", user="ben").append(at=2).append(at=2.1, session="s2", user="ben")
    holds("K4", journal.exchanges)


def test_a_client_that_waits_while_the_centers_clock_stands_still_keeps_it() -> None:
    journal = Written().log_in().append(at=1).append(at=2)
    for one in journal.exchanges:
        one["center_time"] = "2030-06-03T09:00:00Z"
    holds("K4", journal.exchanges)


@pytest.mark.parametrize("given", [{"refusal": "unknown_skillset"}, {"outcome": "not-carried-out", "status": 503}])
def test_a_call_that_was_not_carried_out_starts_no_second(given: dict[str, Any]) -> None:
    holds("K4", Written().log_in().append(at=1, **given).append(at=1.01).append(at=2.01).exchanges)


def test_trying_again_at_once_where_a_fault_rule_said_too_soon_breaks_it(application: Application) -> None:
    application.strike("AppendContactsToCampaign", {"kind": "too-soon"})
    key = application.log_in()
    application.append(key)
    application.append(key)
    assert "fault rule struck" in broken("K4", application.journal())


def test_waiting_where_a_fault_rule_said_too_soon_keeps_it(application: Application) -> None:
    application.strike("AppendContactsToCampaign", {"kind": "too-soon"})
    key = application.log_in()
    application.append(key)
    application.wait()
    application.append(key)
    holds("K4", application.journal())


def test_a_clock_that_was_set_back_says_nothing_against_the_client() -> None:
    journal = Written().log_in().append(at=10).append(at=5)
    for one, second in zip(journal.exchanges, (0, 1, 2), strict=True):
        one["real_time"] = f"2030-06-03T09:00:00.00{second}Z"
    holds("K4", journal.exchanges)


def test_nothing_to_judge_is_said() -> None:
    assert skipped("K4", Written().log_in().exchanges) == "the journal has no AppendContactsToCampaign"
    once = Written().log_in().append().exchanges
    assert skipped("K4", once) == "no session has two calls of AppendContactsToCampaign"
    assert skipped("K5", once) == "the journal has no CloseContact"
