"""A mock with a profile of its own, and what the kit's observing clauses make of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ccmm_contracts.choices import Choices
from ccmm_contracts.clause import Clause, clauses
from ccmm_contracts.errors import ContractBroken, NotPossibleHere
from ccmm_contracts.report import Observation
from ccmm_contracts.stage import Stage
from ccmm_contracts.target import ServerOptions, Target

from fake_ccmm import FakeCcmm

OBSERVING = tuple(one for one in clauses() if one.observes)
"""Every clause that observes, in the order of a run."""


@contextmanager
def mock_to_learn_from() -> Iterator[Target]:
    """A mock for many tests, each with a profile of its own."""
    with FakeCcmm() as ccmm, Target(ServerOptions(url=ccmm.url)) as target:
        yield target


@contextmanager
def stage_of(target: Target, settings: Mapping[str, Any]) -> Iterator[Stage]:
    """A stage on the mock, which has these settings of its profile now."""
    assert target.mock is not None
    target.mock.set_profile(settings)
    stage = Stage(target)
    yield stage
    stage.close_snapshots()


def observe(stage: Stage, tried: Iterable[Clause] = OBSERVING) -> list[Observation]:
    """What the clauses observe, each knowing what those before it saw."""
    seen: list[Observation] = []
    for one in tried:
        stage.observations.clear()
        stage.begin()
        try:
            one.function(stage)
        except NotPossibleHere:
            continue
        except ContractBroken as error:  # as a run does
            stage.observe(f"could not be observed: {error}")
        for found in stage.observations:
            stage.choices = stage.choices.plus(found.choices)
            seen.append(found)
    return seen


def learned(target: Target, settings: Mapping[str, Any], tried: Iterable[Clause] = OBSERVING) -> Choices:
    """What the kit knows of a mock with these settings after a run."""
    with stage_of(target, settings) as stage:
        return Choices.from_observations(observe(stage, tried))


def observers(*names: str) -> list[Clause]:
    """The clauses that observe these choices, with those that have to come first: how limits and sessions are."""
    first = ("session_timeout", "limit_answer") if any(name.startswith("limit") for name in names) else ()
    return [one for one in OBSERVING if set(one.choices) & {*first, *names}]
