"""Playing a finding again from its file: the same contract with the same draws, on the same server or another."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

from .clause import clauses
from .errors import SetUpBroken
from .finding import read_replay
from .plain import untagged
from .report import Report
from .reports.events import ContractFinished, ContractStarted, Event, LeftBehind, RunFinished, RunStarted, SetUpFact
from .run import ServerRun
from .target import ServerOptions, Target
from .version import version


def replay(
    path: Path,
    options_for: Callable[[str], ServerOptions],
    listen: Callable[[Event], None],
    *,
    replay_folder: Path | None = None,
) -> Report:
    """Play a replay file; ``options_for`` makes the options from the address that the file has.

    Raises SetUpBroken where the file is none; what is broken in the set-up of the server is in the report.
    """
    data = read_replay(path)
    clause = next((one for one in clauses() if one.contract.id == data.get("contract")), None)
    if clause is None:
        named = repr(data.get("contract"))[:80]
        raise SetUpBroken(f"{path}: its contract {named} is none of this version of the kit")
    try:
        draws = [(str(one["name"]), untagged(one["value"])) for one in data["draws"]]
        options = options_for(str(data["base"]))
    except (KeyError, TypeError, ValueError) as error:
        raise SetUpBroken(f"{path}: is damaged: {' '.join(str(error).split())[:200]}") from None
    started, clock = datetime.now(timezone.utc).isoformat(timespec="seconds"), time.perf_counter()
    report = Report("server", options.url, started, seed=options.seed, version=version())
    listen(RunStarted("server", options.url, report.version, options.seed, started, (clause.contract,)))
    try:
        with Target(options) as target:
            for fact in target.facts:
                listen(SetUpFact(fact))
            run = ServerRun(target, replay_folder=replay_folder)
            try:
                listen(ContractStarted(clause.contract))
                result = run.play(clause, draws)
                listen(ContractFinished(result))
            finally:
                run.finish()
        report = replace(report, facts=tuple(target.facts), results=(result,), left_behind=tuple(target.left_behind))
    except SetUpBroken as error:
        report = replace(report, set_up=str(error))
    for text in report.left_behind:
        listen(LeftBehind(text))
    report = replace(report, seconds=time.perf_counter() - clock)
    listen(RunFinished(report))
    return report
