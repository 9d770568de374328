"""What every report says in the same words."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ccmm_contracts.report import Observation, Outcome, Report, Result
from ccmm_contracts.reports import summary

from . import samples


def _report(*outcomes: Outcome, set_up: str = "") -> Report:
    results = (Result(samples.contract(f"A4.case{number}"), one) for number, one in enumerate(outcomes))
    return Report("server", samples.TARGET, samples.STARTED, results=tuple(results), set_up=set_up)


@pytest.mark.parametrize(
    ("report", "verdict"),
    [
        (_report(), "No contract was tried."),
        (_report(Outcome.HOLDS, Outcome.SKIPPED), "Every contract that was tried holds."),
        (_report(Outcome.SKIPPED), "Nothing is broken, but no contract was shown to hold either."),
        (_report(Outcome.BROKEN), "1 contract does not hold."),
        (
            _report(Outcome.HOLDS, Outcome.KNOWN),
            "Apart from 1 known deviation, every contract that was tried holds.",
        ),
        (
            _report(Outcome.BROKEN, Outcome.BROKEN, Outcome.STALE),
            "2 contracts do not hold; 1 known deviation is no longer there.",
        ),
        (_report(set_up="no answer"), "The set-up is broken, so this run proves nothing."),
        (
            _report(Outcome.SETUP, Outcome.BROKEN),
            "The set-up is broken, so this run proves nothing; 1 contract does not hold.",
        ),
    ],
)
def test_the_verdict_is_one_sentence(report: Report, verdict: str) -> None:
    assert summary.verdict(report) == verdict


def test_the_totals_name_only_what_there_is() -> None:
    assert summary.totals(replace(samples.usual_report(), seconds=12.34)) == (
        "49 contracts: 38 hold, 2 broken, 1 stale, 4 observed, 1 known, 3 skipped in 12.3 s"
    )
    assert summary.totals(_report(Outcome.HOLDS)) == "1 contract: 1 holds in 0.0 s"
    assert summary.totals(samples.empty_report()) == "0 contracts in 0.0 s"


def test_a_rule_has_the_sentence_of_its_own_contract_and_the_evidence_of_all() -> None:
    how = samples.contract("A4.how", "How", evidence="A")
    itself = samples.contract("A4", "Once a second", evidence="WD")
    results = (Result(how, Outcome.OBSERVED), Result(itself, Outcome.BROKEN), Result(how, Outcome.OBSERVED))
    (rule,) = summary.rules(Report("server", "", "", results=results))
    assert (rule.id, rule.sentence, rule.evidence) == ("A4", "Once a second", "DWA")
    assert rule.outcomes == ((Outcome.BROKEN, 1), (Outcome.OBSERVED, 2))
    assert summary.outcome_words(rule.outcomes) == "1 broken, 2 observed"


def test_rules_are_in_order_of_number_and_what_observes_comes_last() -> None:
    how = samples.contract("S8.how", "How", evidence="A", severity="observes")
    tried = [how, *(samples.contract(one) for one in ("C2", "K10", "K9", "S8", "C1", "odd", "C2.more"))]
    found = summary.rules(Report("server", "", "", results=tuple(Result(one, Outcome.HOLDS) for one in tried)))
    assert [one.id for one in found] == ["C1", "C2", "K9", "K10", "S8", "odd"]
    assert [one.contract.id for one in found[4].results] == ["S8", "S8.how"]


@pytest.mark.parametrize(
    ("contract_id", "group", "expected"),
    [("A4.how", "appending", "appending"), ("K10", "", "K"), ("odd", "", "odd"), ("12", "", "12")],
)
def test_a_contract_without_a_group_goes_with_its_letter(contract_id: str, group: str, expected: str) -> None:
    assert summary.group_of(samples.contract(contract_id, group=group)) == expected


def test_settings_keep_every_value_that_was_seen_once() -> None:
    results = tuple(
        Result(samples.contract(name), Outcome.OBSERVED, observations=(Observation("seen", {"limit_answer": value}),))
        for name, value in (("A4.how", "fault"), ("X5.how", "return"), ("X5.again", "return"))
    )
    seen = summary.settings(Report("server", "", "", results=results))
    told = {name: [(value, one.contract.id) for value, one in values] for name, values in seen.items()}
    assert told == {"limit_answer": [('"fault"', "A4.how"), ('"return"', "X5.how")]}


def test_what_was_skipped_is_grouped_by_reason() -> None:
    reasons = summary.by_reason(samples.usual_report(), Outcome.SKIPPED)
    assert {reason: [one.contract.id for one in results] for reason, results in reasons.items()} == {
        "needs a second user: --second-user": ["S4", "S6.other"],
        "needs a clock that can be moved: only mocks have one": ["S8"],
    }


@pytest.mark.parametrize(
    ("seconds", "shown"), [(0, "0.0 s"), (99.94, "99.9 s"), (100, "1 min 40 s"), (3600, "60 min 0 s")]
)
def test_durations_are_short(seconds: float, shown: str) -> None:
    assert summary.duration(seconds) == shown


def test_the_replay_command_can_be_copied_into_a_shell() -> None:
    finding = replace(samples.FINDING, replay_file="my files/A4.json")
    assert summary.replay_command(finding) == "ccmm-contracts replay 'my files/A4.json'"
    assert summary.replay_command(replace(finding, replay_file=None)) == ""
