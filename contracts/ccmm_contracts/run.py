"""A run of the clauses against a server, from reaching it to leaving it as it was."""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from .baseline import Baseline
from .clause import Clause, clauses
from .errors import SetUpBroken
from .finding import FindingWriter
from .report import Outcome, Report, Result
from .reports.events import ContractFinished, ContractStarted, Event, LeftBehind, RunFinished, RunStarted, SetUpFact
from .selection import NOT_ASKED_FOR, selected
from .stage import Stage
from .target import ServerOptions, Target
from .trial import Trial, play_example, try_clause
from .version import version

Listen = Callable[[Event], None]


def run_server(
    options: ServerOptions,
    listen: Listen,
    *,
    replay_folder: Path | None = None,
    baseline: Baseline | None = None,
    observe_only: bool = False,
) -> Report:
    """Check a server with every clause that is selected, and tell ``listen`` how it goes.

    ``replay_folder`` is where findings are saved, ``observe_only`` tries only the clauses that observe.

    Never raises for what the server does: a set-up that is broken is in the report. KeyboardInterrupt passes through,
    after everybody has been logged off.
    """
    known = [one for one in clauses() if one.observes or not observe_only]
    started, clock = datetime.now(timezone.utc).isoformat(timespec="seconds"), time.perf_counter()
    report = Report("server", options.url, started, seed=options.seed, version=version())
    try:
        reasons = selected((one.contract for one in known), options.only, options.skip)
    except SetUpBroken as error:
        known, reasons, broken = [], {}, str(error)
    else:
        # What nobody asked for is no part of the run; what somebody left out is, with the reason.
        known, broken = [one for one in known if reasons[one.contract.id] != NOT_ASKED_FOR], ""
    contracts = tuple(one.contract for one in known)
    listen(RunStarted("server", options.url, report.version, options.seed, started, contracts))
    try:
        if broken:
            raise SetUpBroken(broken)
        with Target(options) as target:
            for fact in target.facts:
                listen(SetUpFact(fact))
            run = ServerRun(target, replay_folder=replay_folder, baseline=baseline)
            try:
                results = run.try_all(known, reasons, listen)
            finally:
                run.finish()
        report = replace(report, facts=tuple(target.facts), results=results, left_behind=tuple(target.left_behind))
    except SetUpBroken as error:
        report = replace(report, set_up=str(error))
    for text in report.left_behind:
        listen(LeftBehind(text))
    report = replace(report, seconds=time.perf_counter() - clock)
    listen(RunFinished(report))
    return report


class ServerRun:
    """The clauses of one run against one target: what is observed by one is known to the next."""

    def __init__(self, target: Target, *, replay_folder: Path | None = None, baseline: Baseline | None = None) -> None:
        self.target = target
        self.stage = Stage(target)
        self._baseline = baseline or Baseline()
        control = target.mock.control_url if target.mock else None
        self._findings = FindingWriter(replay_folder, target.caller.secrets, base=target.base, control=control)

    def try_all(self, known: Iterable[Clause], reasons: dict[str, str], listen: Listen) -> tuple[Result, ...]:
        """The result of each clause; after a set-up that broke the rest is not tried."""
        results: list[Result] = []
        broken = ""
        for clause in known:
            contract = clause.contract
            if reason := reasons[contract.id]:
                result = Result(contract, Outcome.SKIPPED, reason)
            elif broken:
                result = Result(contract, Outcome.SKIPPED, "not tried: the set-up broke before")
            else:
                listen(ContractStarted(contract))
                result = self.try_one(clause)
                broken = result.reason if result.outcome is Outcome.SETUP else ""
            results.append(result)
            listen(ContractFinished(result))
        return tuple(results)

    def try_one(self, clause: Clause) -> Result:
        """Try one clause, and hold what comes of it against the baseline."""
        trial = try_clause(clause, self.stage, random_seed=seed_of(self.target.options.seed, clause.contract.id))
        for one in trial.observations:
            self.stage.choices = self.stage.choices.plus(one.choices)
        return self._baseline.judge(self._result(clause, trial))

    def play(self, clause: Clause, draws: list[tuple[str, Any]]) -> Result:
        """Try one clause once, with what it drew before."""
        return self._result(clause, play_example(clause, self.stage, draws))

    def _result(self, clause: Clause, trial: Trial) -> Result:
        result = Result(
            clause.contract,
            Outcome.OBSERVED if clause.observes else Outcome.HOLDS,
            observations=trial.observations,
            examples=trial.examples,
            calls=trial.calls,
            seconds=trial.seconds,
        )
        if trial.set_up:
            return replace(result, outcome=Outcome.SETUP, reason=trial.set_up)
        if trial.failure is not None:
            found = self._findings.finding(clause.contract, trial.failure)
            return replace(result, outcome=Outcome.BROKEN, finding=found)
        if trial.skipped:
            return replace(result, outcome=Outcome.SKIPPED, reason=trial.skipped)
        return result

    def finish(self) -> None:
        """Take away what the run kept on the server, and say what it leaves there."""
        stage = self.stage
        if stage.appended or stage.closed:
            where = self.target.options.campaign
            self.target.left_behind.append(
                f"{stage.appended} contacts appended to campaign {where}, with the e-mail address {stage.mark}; "
                f"{len(stage.closed)} of them closed"
            )
        try:
            stage.close_snapshots()
        except SetUpBroken as error:
            self.target.left_behind.append(f"snapshots of the mock named {self.target.run_id}-...: {error}")


def seed_of(random_seed: int, contract_id: str) -> int:
    """What decides on a clause's examples: the run's seed, but others for each clause."""
    return random_seed * 1_000_003 + zlib.crc32(contract_id.encode())
