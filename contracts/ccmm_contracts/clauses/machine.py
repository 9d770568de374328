"""Walks over all ten operations by several users, against the kit's own model of a server: every rule at once."""

from __future__ import annotations

from typing import Any

from ..clause import clause
from ..machine import run_machine, start_walk
from ..stage import Stage
from ..steps import LONG, SMALL, world
from ..walk import WalkBroken
from .campaigns import OVERVIEW, world_of

QUICK_WALKS, DEEP_WALKS = (14, 25), (120, 40)
REAL_WALKS, REAL_DEEP_WALKS = (2, 12), (6, 25)
"""How many walks, and of how many steps: on mocks, and on servers whose time is real."""

WORLD, STEPS = "world", "steps"
"""What a replay file has of a walk."""


@clause("walk", "Whatever is called in whatever order, by whomever, the server does what the rules say", evidence="D",
        source=f"{OVERVIEW}; where it is silent, as the server was observed to do")  # fmt: skip
def any_order_of_calls(stage: Stage) -> None:
    if stage.can_seed:
        examples, steps = DEEP_WALKS if stage.is_deep else QUICK_WALKS
    else:
        examples, steps = REAL_DEEP_WALKS if stage.is_deep else REAL_WALKS
    try:
        with stage.walking():
            run_machine(stage, seed=stage.example_seed, examples=examples, steps=steps)
    except WalkBroken as error:
        name = _name_of_world(stage)
        if stage.can_seed:
            # So that what is told last is the shortest story.
            play_walk(stage, name, list(error.steps))
        stage.draws += [(WORLD, name), (STEPS, list(error.steps))]
        stage.check(False, error.difference)


def play_walk(stage: Stage, name: str, steps: list[dict[str, Any]]) -> None:
    """Walk the steps of a replay file once more; raises ContractBroken where they still show a difference."""
    try:
        with stage.walking():
            start_walk(stage, name).play(steps)
    except WalkBroken as error:
        stage.draws += [(WORLD, name), (STEPS, list(error.steps))]
        stage.check(False, error.difference)


def _name_of_world(stage: Stage) -> str:
    if not stage.can_seed:
        return SMALL
    held = world_of(stage)
    return next((name for name in (SMALL, LONG) if world(name, held.users, held.profile) == held), SMALL)
