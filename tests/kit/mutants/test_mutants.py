"""Every mutant is caught by a clause of the rule that it breaks, and the page of mutants says by which."""

from __future__ import annotations

import pytest
from ccmm_contracts.report import ExitCode, Outcome

from tests.rules import RULES

from .hunt import FINDING, OBSERVED, Kill, hunt, run_of
from .mutant import Mutant, mutants
from .table import PAGE, recorded, render

pytestmark = pytest.mark.slow

MAKE = "make it anew with: python -m tests.kit.mutants.table"
ASSUMED = ("P4", "X6")
"""Rules of which nothing is known: their mutants can only be observed."""


@pytest.mark.parametrize("mutant", mutants(), ids=lambda one: one.id)
def test_a_clause_of_its_rule_catches_the_mutant(mutant: Mutant) -> None:
    known = recorded().get(mutant.id, Kill())
    kill = hunt(mutant, until=known.clauses[-1] if known.clauses else "")
    assert kill.clauses, f"no clause of {mutant.rule} notices: {mutant.broken}"
    assert {one.partition(".")[0] for one in kill.clauses} == {mutant.rule}
    assert known.clauses, f"{PAGE.name} does not say what catches {mutant.id}; {MAKE}"
    assert known.how == kill.how, f"{PAGE.name} is old; {MAKE}"
    # One that catches it by chance may come in addition.
    assert set(known.clauses) <= set(kill.clauses), f"{PAGE.name} is old; {MAKE}"


def test_the_page_is_the_table_of_the_mutants_and_has_no_hole() -> None:
    kills = recorded()
    assert PAGE.read_text("utf-8") == render(kills), f"{PAGE.name} is old; {MAKE}"
    assert [one for one, kill in kills.items() if not kill.clauses] == []
    assert {kill.how for kill in kills.values()} == {FINDING, OBSERVED}


def test_every_rule_has_mutants_and_every_mutant_a_rule() -> None:
    by_rule = {rule: [one for one in mutants() if one.rule == rule] for rule in RULES}
    assert [rule for rule, found in by_rule.items() if len(found) < 2] == []
    assert sum(map(len, by_rule.values())) == len(mutants())
    only_assumed = {rule for rule, found in by_rule.items() if all(one.assumed for one in found)}
    assert only_assumed == set(ASSUMED)


@pytest.mark.parametrize("rule", sorted({one.rule for one in mutants() if one.assumed}))
def test_what_is_observed_of_the_unbroken_mock_is_the_same_each_time(rule: str) -> None:
    first, second = run_of((rule,)), run_of((rule,), seed=1)
    assert first.exit_code is second.exit_code is ExitCode.HOLDS
    told = [[one.observations for one in each.results if one.outcome is Outcome.OBSERVED] for each in (first, second)]
    assert told[0] == told[1]
    assert any(told[0])
