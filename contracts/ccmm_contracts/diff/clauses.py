"""One clause on two servers: example by example with the same draws where both are mocks, and what comes of it."""

from __future__ import annotations

import re
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.errors import HypothesisException
from hypothesis.strategies import SearchStrategy

from ..clause import Clause, Need
from ..errors import ContractBroken, NotPossibleHere, SetUpBroken
from ..report import Finding, Observation, Outcome, Result
from ..run import seed_of
from ..trial import Failure, missing_needs
from .explore import Differs, explore
from .side import Side

_QUICK, _DEEP = 2, 40
_REAL, _REAL_DEEP = 2, 6
_CLOSE = 0.25
"""How far apart two measured numbers of seconds may be on servers whose clock is their own."""


@dataclass(frozen=True, slots=True)
class Played:
    """What one example of a clause came to on one side; ``broken`` is why the contract does not hold there."""

    failure: Failure
    broken: bool = False
    skipped: str = ""
    observations: tuple[Observation, ...] = ()


class Undone(Exception):
    """The clause cannot go on: ``skipped`` says what is missing, ``set_up`` what is broken."""

    def __init__(self, *, skipped: str = "", set_up: str = "") -> None:
        super().__init__(skipped or set_up)
        self.skipped, self.set_up = skipped, set_up


def compare_clause(clause: Clause, sides: tuple[Side, Side], *, random_seed: int, deep: bool) -> Result:
    """Whether a clause shows the same on both sides."""
    started, calls = time.perf_counter(), _calls(sides)
    on_mocks = all(side.stage.can_seed for side in sides)
    played: list[tuple[Played, Played]] = []
    told: list[tuple[Played, Played]] = []

    def example(data: st.DataObject) -> None:
        pair = _play_both(clause, sides, data, shared=on_mocks)
        played.append(pair)
        if differs(clause, sides, pair, on_mocks):
            told[:] = [pair]
            raise Differs

    result = Result(clause.contract, Outcome.OBSERVED if clause.observes else Outcome.HOLDS)
    try:
        missing = [f"{side.name} needs {what}" for side in sides for what in missing_needs(clause, side.stage)]
        if missing:
            raise Undone(skipped="; ".join(missing))
        writes = not on_mocks and Need.WRITE in clause.needs
        explore(
            example,
            random_seed=seed_of(random_seed, clause.contract.id),
            examples=_examples(clause, on_mocks, writes, deep),
            shorten=on_mocks,
            deep=deep,
        )
    except Undone as undone:
        outcome = Outcome.SETUP if undone.set_up else Outcome.SKIPPED
        result = replace(result, outcome=outcome, reason=str(undone))
    else:
        if told:
            result = replace(result, outcome=Outcome.BROKEN, finding=_finding(clause, sides, told[-1]))
        elif clause.observes and played:
            result = replace(result, observations=played[-1][0].observations)
    return replace(result, examples=len(played), calls=_calls(sides) - calls, seconds=time.perf_counter() - started)


def differs(clause: Clause, sides: tuple[Side, Side], pair: tuple[Played, Played], on_mocks: bool) -> bool:
    """Whether the two did not come to the same. Of servers that hold different things only what is no value counts."""
    a, b = pair
    if not clause.observes:
        if not on_mocks or not (a.broken and b.broken):
            return a.broken != b.broken
        return sides[0].masked(a.failure.message) != sides[1].masked(b.failure.message)
    if on_mocks:
        first, second = (
            [(side.masked(one.text), dict(one.choices)) for one in each.observations]
            for side, each in zip(sides, pair, strict=True)
        )
        return first != second
    first_seen, second_seen = _seen(a), _seen(b)
    common = first_seen.keys() & second_seen.keys()
    return any(not _same(first_seen[one], second_seen[one]) for one in common)


def _seen(played: Played) -> dict[str, Any]:
    return {name: value for one in played.observations for name, value in one.choices.items()}


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, float) or isinstance(b, float):
        return isinstance(a, (int, float)) and isinstance(b, (int, float)) and abs(a - b) <= _CLOSE
    return bool(a == b)


def _play_both(clause: Clause, sides: tuple[Side, Side], data: st.DataObject, *, shared: bool) -> tuple[Played, Played]:
    first = _play(clause, sides[0], data, iter(()))
    second = _play(clause, sides[1], data, iter(first.failure.draws if shared else ()))
    skipped = [f"{side.name} {one.skipped}" for side, one in zip(sides, (first, second), strict=True) if one.skipped]
    if skipped:
        raise Undone(skipped="; ".join(skipped))
    for side, one in zip(sides, (first, second), strict=True):
        for seen in one.observations:
            side.stage.choices = side.stage.choices.plus(seen.choices)
    return first, second


def _play(clause: Clause, side: Side, data: st.DataObject, recorded: Iterator[tuple[str, Any]]) -> Played:
    """One example on one side, with what is ``recorded`` as long as it fits, then with what Hypothesis makes."""
    stage, rest = side.stage, recorded

    def drawn(strategy: SearchStrategy[Any], name: str) -> Any:
        nonlocal rest
        known, value = next(rest, ("", None))
        if known == name:
            return value
        rest = iter(())
        return data.draw(strategy)

    stage.observations.clear()
    message, broken = "", False
    try:
        stage.begin(drawn)
        clause.function(stage)
    except ContractBroken as error:
        message, broken = str(error), not clause.observes
        if clause.observes:
            stage.observe(f"could not be observed: {error}")
    except NotPossibleHere as error:
        return Played(Failure("", (), ()), skipped=str(error))
    except SetUpBroken as error:
        raise Undone(set_up=f"{side.name}: {error}") from None
    except HypothesisException:
        raise
    except Exception as error:
        where = "".join(traceback.format_tb(error.__traceback__)[-1:]).strip()
        told = f"{side.name}: the kit itself failed in {clause.contract.id}: {type(error).__name__}: {error} ({where})"
        raise Undone(set_up=stage.masked(told)) from None
    failure = Failure(message, tuple(stage.steps), tuple(stage.draws))
    return Played(failure, broken, observations=tuple(stage.observations))


def _finding(clause: Clause, sides: tuple[Side, Side], pair: tuple[Played, Played]) -> Finding:
    first, second = (_told(clause, side, one) for side, one in zip(sides, pair, strict=True))
    return both_found(clause.contract, sides, f"A: {first}; B: {second}", (pair[0].failure, pair[1].failure))


def _told(clause: Clause, side: Side, one: Played) -> str:
    if clause.observes:
        return side.stage.masked("; ".join(seen.text for seen in one.observations) or "nothing was observed")
    return side.stage.masked(one.failure.message) if one.broken else "it holds"


def both_found(contract: Any, sides: tuple[Side, Side], message: str, failures: tuple[Failure, Failure]) -> Finding:
    """One finding from what each side has to show: first the story of A, then that of B."""
    story: list[str] = []
    exchanges: list[Any] = []
    curl: list[str] = []
    for side, failure in zip(sides, failures, strict=True):
        found = side.finding(contract, failure)
        story += [f"{side.name}: {line}" for line in found.story]
        exchanges += [replace(one, told=f"{side.name}: {one.told}") for one in found.exchanges]
        curl += [f"# {side.name}: {re.sub(chr(10), ' ', side.target.base)}", *found.curl]
    return Finding(" ".join(message.split()), tuple(story), tuple(exchanges), tuple(curl))


def _examples(clause: Clause, on_mocks: bool, writes: bool, deep: bool) -> int:
    if clause.observes or writes:
        return 1
    if on_mocks:
        return _DEEP if deep else _QUICK
    return _REAL_DEEP if deep else _REAL


def _calls(sides: tuple[Side, Side]) -> int:
    return sum(side.stage.calls for side in sides)
