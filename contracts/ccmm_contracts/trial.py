"""Trying one clause: Hypothesis makes the examples, and shrinks what breaks the contract to its shortest story."""

from __future__ import annotations

import time
import traceback
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky, HypothesisException

from .clause import Clause, Need
from .errors import ContractBroken, NotPossibleHere, SetUpBroken
from .report import Observation
from .stage import Drawer, Stage
from .story import Step

QUICK_EXAMPLES = 8
DEEP_EXAMPLES = 80
_REAL_EXAMPLES = 3
_REAL_DEEP_EXAMPLES = 10
_WALKS = "machine"


@dataclass(frozen=True, slots=True)
class Failure:
    """What breaks a contract: in words, with the steps of the shortest example and what it drew."""

    message: str
    steps: tuple[Step, ...]
    draws: tuple[tuple[str, Any], ...]
    always: bool = True


@dataclass(slots=True)
class Trial:
    """What became of a clause. ``skipped`` says what is missing where it could not be tried."""

    failure: Failure | None = None
    skipped: str = ""
    set_up: str = ""
    observations: tuple[Observation, ...] = ()
    examples: int = 0
    calls: int = 0
    seconds: float = 0.0
    _ended: bool = field(default=False, repr=False)


def try_clause(clause: Clause, stage: Stage, *, random_seed: int) -> Trial:
    """Try a clause with examples that ``random_seed`` decides on. What it takes is told by the trial, not raised.

    KeyboardInterrupt passes through.
    """
    trial = Trial()
    trial.skipped = _skipped(clause, stage)
    if trial.skipped:
        return trial
    started, calls = time.perf_counter(), stage.calls
    stage.observations.clear()
    stage.example_seed = random_seed
    if clause.contract.group == _WALKS:
        # It makes its own examples, and shortens them.
        with suppress(ContractBroken):
            _try_example(clause, stage, trial, None)
        return _ended(trial, stage, started, calls)
    # Each example on a server that is no mock leaves something behind, so none is tried a second time to shorten it.
    once = stage.mock is None and Need.WRITE in clause.needs

    @seed(random_seed)
    @settings(
        max_examples=_examples(clause, stage),
        deadline=None,
        database=None,
        derandomize=False,
        print_blob=False,
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate] if once else [Phase.generate, Phase.shrink],
    )
    @given(st.data())
    def examples(data: st.DataObject) -> None:
        if trial._ended:
            return
        if once and trial.failure is not None:
            raise ContractBroken(trial.failure.message)
        _try_example(clause, stage, trial, lambda strategy, name: data.draw(strategy))

    try:
        examples()
    except (ContractBroken, Flaky) as error:
        if isinstance(error, Flaky) and trial.failure is not None:
            found = trial.failure
            trial.failure = Failure(found.message, found.steps, found.draws, always=False)
    except AssertionError as error:
        # Hypothesis trips over an interruption that comes before it has begun.
        if isinstance(error.__context__, KeyboardInterrupt):
            raise error.__context__ from None
        raise
    return _ended(trial, stage, started, calls)


def _ended(trial: Trial, stage: Stage, started: float, calls: int) -> Trial:
    trial.calls = stage.calls - calls
    trial.seconds = time.perf_counter() - started
    trial.observations = tuple(stage.observations)
    return trial


def _try_example(clause: Clause, stage: Stage, trial: Trial, drawer: Drawer | None) -> None:
    trial.examples += 1
    try:
        stage.begin(drawer)
        clause.function(stage)
    except ContractBroken as error:
        if clause.observes:
            stage.observe(f"could not be observed: {error}")
            return
        trial.failure = Failure(str(error), tuple(stage.steps), tuple(stage.draws))
        raise
    except NotPossibleHere as error:
        trial.skipped, trial._ended = str(error), True
    except SetUpBroken as error:
        trial.set_up, trial._ended = str(error), True
    except HypothesisException:
        raise
    except Exception as error:
        # A fault of the kit's own says nothing of the server, and must not pass for either outcome.
        where = "".join(traceback.format_tb(error.__traceback__)[-1:]).strip()
        told = f"the kit itself failed in {clause.contract.id}: {type(error).__name__}: {error} ({where})"
        trial.set_up, trial._ended = stage.masked(told), True


def play_example(clause: Clause, stage: Stage, draws: list[tuple[str, Any]]) -> Trial:
    """Try a clause with what it drew before, instead of what Hypothesis makes; for replay files."""
    trial = Trial(skipped=_skipped(clause, stage))
    if trial.skipped:
        return trial
    rest = iter(draws)

    def drawn(_: object, name: str) -> Any:
        recorded, value = next(rest, ("", None))
        if recorded != name:
            raise SetUpBroken(
                f"the file does not fit this version of the kit: {clause.contract.id} draws {name!r}, "
                f"but the file has {recorded!r}"
            )
        return value

    started, calls = time.perf_counter(), stage.calls
    stage.observations.clear()
    with suppress(ContractBroken):
        _try_example(_walk_of(clause, draws) if clause.contract.group == _WALKS else clause, stage, trial, drawn)
    return _ended(trial, stage, started, calls)


def _walk_of(clause: Clause, draws: list[tuple[str, Any]]) -> Clause:
    """The clause that plays a recorded walk, in place of the one that makes walks up."""
    from .clauses.machine import STEPS, WORLD, play_walk

    kept = dict(draws)
    if not {STEPS, WORLD} <= set(kept):
        raise SetUpBroken(f"the file has no steps of a walk: {clause.contract.id} cannot be played again")
    return replace(clause, function=lambda stage: play_walk(stage, kept[WORLD], kept[STEPS]))


def missing_needs(clause: Clause, stage: Stage) -> list[str]:
    """What the clause needs and the target does not have, each in words."""
    has = {
        Need.WRITE: (stage.can_write, "leave to write: --write --campaign ID"),
        Need.SECOND_USER: (stage.second_user is not None, "a second user: --second-user and --second-password"),
        Need.CLOCK: (stage.has_clock, "a clock that can be moved: only mocks have one"),
        Need.SEED: (stage.can_seed, "a center that the kit may fill: only mocks have one"),
    }
    return [has[need][1] for need in Need if need in clause.needs and not has[need][0]]


def _skipped(clause: Clause, stage: Stage) -> str:
    missing = missing_needs(clause, stage)
    return f"needs {'; '.join(missing)}" if missing else ""


def _examples(clause: Clause, stage: Stage) -> int:
    if clause.observes:
        return 1
    if stage.mock is not None:
        return DEEP_EXAMPLES if stage.is_deep else QUICK_EXAMPLES
    if Need.WRITE in clause.needs:
        return _REAL_EXAMPLES if stage.is_deep else 1
    return _REAL_DEEP_EXAMPLES if stage.is_deep else _REAL_EXAMPLES
