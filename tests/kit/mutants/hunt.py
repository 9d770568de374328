"""The hunt for a mutant: the kit is run against it, and what catches it is a clause of the rule that it breaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from ccmm_contracts.clause import clauses
from ccmm_contracts.report import ExitCode, Outcome, Report, Result
from ccmm_contracts.run import run_server
from ccmm_contracts.target import ServerOptions
from hypothesis import Phase, settings

from fake_ccmm import FakeCcmm

from .mutant import Mutant

FINDING = "finding"
OBSERVED = "observed"


_NOBODY = {"administrators": [{"username": "somebody", "password": "else"}]}
"""A mock that holds next to nothing: it starts at once, and the kit fills it anyway."""


@dataclass(frozen=True, slots=True)
class Kill:
    """The clauses that caught a mutant, and how: with a ``finding``, or by what they ``observed``."""

    clauses: tuple[str, ...] = ()
    how: str = ""


def hunt(mutant: Mutant, *, until: str = "", seed: int = 0) -> Kill:
    """Run the clauses of the mutant's rule against it; an empty Kill where it survives.

    A clause that is known to catch it with a finding, ``until``, is the last that is tried.
    """
    skip = () if mutant.assumed else _clauses_behind(mutant.rule, until)
    with pytest.MonkeyPatch.context() as patch:
        mutant.apply(patch)
        report = run_of((mutant.rule,), skip=skip, seed=seed)
    broken = [one.contract.id for one in report.results if one.outcome is Outcome.BROKEN]
    if broken and not mutant.assumed:
        return Kill(tuple(broken), FINDING)
    if mutant.assumed and report.exit_code is ExitCode.HOLDS:
        told = dict(_told(unbroken((mutant.rule,))))
        others = [clause for clause, said in _told(report) if told[clause] != said]
        return Kill(tuple(others), OBSERVED) if others else Kill()
    return Kill()


def _clauses_behind(rule: str, clause: str) -> tuple[str, ...]:
    """The rule's clauses that are tried after one of them."""
    ids = [one.contract.id for one in clauses() if one.contract.rule == rule]
    return tuple(ids[ids.index(clause) + 1 :]) if clause in ids else ()


def run_of(only: Sequence[str], **options: Any) -> Report:
    """The kit's report on a mock in this process, as it is now. What is broken is not told in its shortest form."""
    with pytest.MonkeyPatch.context() as patch, FakeCcmm(seed=_NOBODY, log=None) as ccmm:
        # To shorten an example takes ten times as long as to find it, and says no more than that there is one.
        patch.setattr("ccmm_contracts.trial.settings", _unshortened)
        return run_server(ServerOptions(url=ccmm.url, only=tuple(only), **options), lambda event: None)


def _unshortened(**named: Any) -> Any:
    return settings(**{**named, "phases": [Phase.generate]})


@cache
def unbroken(only: tuple[str, ...]) -> Report:
    """The report on the unbroken mock."""
    return run_of(only)


def _told(report: Report) -> list[tuple[str, list[Any]]]:
    """What each observing clause told."""
    return [(one.contract.id, _words(one)) for one in report.results if one.outcome is Outcome.OBSERVED]


def _words(result: Result) -> list[Any]:
    return [(one.text, dict(one.choices)) for one in result.observations]
