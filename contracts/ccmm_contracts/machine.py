"""The state machine: walks over all ten operations that Hypothesis makes up, judged by the kit's oracle.

Hypothesis decides which kind of step comes next and draws the number that makes it up; see :mod:`ccmm_contracts.steps`.
What shows a difference is then shortened as plain steps, which also are what plays it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING, Any

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from .errors import KitError
from .oracle import Oracle
from .steps import SMALL, WORLDS, StepMaker, world
from .walk import Walk, WalkBroken

if TYPE_CHECKING:
    from .stage import Stage

_NUMBERS = st.integers(0, 2**32 - 1)


def start_walk(stage: Stage, name: str = SMALL, *, patient: bool | None = None) -> Walk:
    """A new walk: in the world of that name where the center can be filled, else on the server as it is.

    On a server that is no mock its campaigns are read first, and the contacts of the one to work in; whoever the kit
    has logged in is logged off.
    """
    users = tuple(one for one in (stage.user, stage.second_user, stage.base_user) if one is not None)
    if stage.can_seed:
        stage.steps.clear()  # a walk is a story of its own
        filled = world(name, users, stage.world.profile if stage.world else {})
        stage.become(filled)
        return Walk(stage, Oracle(filled, stage.choices), world=name, patient=patient)
    campaigns = stage.campaigns()
    contacts = {stage.campaign_id: stage.contacts()} if campaigns else {}
    for one in (stage.user, stage.second_user):
        if one is not None:
            stage.log_off(one)
    return Walk(stage, Oracle.from_server(users, campaigns, contacts, stage.choices), patient=patient)


def play_walk(
    stage: Stage, world_name: str, steps: Iterable[Mapping[str, Any]], *, patient: bool | None = None
) -> None:
    """Play again the steps of a WalkBroken in its world; raises WalkBroken where a difference shows."""
    start_walk(stage, world_name, patient=patient).play(steps)


def wander(walk: Walk, *, seed: int, steps: int) -> None:
    """Take so many steps, made up from ``seed``; raises WalkBroken at a difference."""
    maker, random = StepMaker(walk), Random(seed)  # noqa: S311 - nothing here is a secret
    for _ in range(steps):
        walk.take(maker.make(random.choice(maker.kinds["anything"]), random), wrap=True)


def make_machine(
    start: Callable[[str], Walk], *, note: Callable[[KitError], None] = lambda error: None
) -> type[RuleBasedStateMachine]:
    """A state machine over walks: ``start`` begins one in the world of a name, and each group of steps is a rule.

    A difference is raised as WalkBroken; ``note`` is told of it and of every other error of the kit before.
    """
    begun = [start(SMALL)]
    maker = StepMaker(begun[0])
    is_mock = begun[0].stage.can_seed
    places: list[int] = []

    class WalkMachine(RuleBasedStateMachine):
        walk: Walk
        place = 0

        @initialize(name=st.sampled_from(WORLDS if is_mock else (SMALL,)))
        def begin(self, name: str) -> None:
            places.append(0)
            self.place = len(places) << 16
            with self.noted():
                # What was read of a server that is no mock need not be read twice.
                self.walk = begun.pop() if begun and not is_mock else start(name)

        def step(self, kinds: Sequence[str], number: int) -> None:
            # Hypothesis likes to draw the same number again, but the same step seldom shows anything new.
            random = Random(f"{number} {self.place}")  # noqa: S311 - nothing here is a secret
            step = maker.make(random.choice(kinds), random)
            self.place += 1
            with self.noted():
                self.walk.take(step, wrap=True)

        @contextmanager
        def noted(self) -> Iterator[None]:
            try:
                yield
            except KitError as error:
                note(error)
                raise

        def teardown(self) -> None:
            if not is_mock and hasattr(self, "walk"):
                self.walk.end()

    def rule_of(name: str, kinds: Sequence[str]) -> Any:
        def take(self: WalkMachine, number: int) -> None:
            self.step(kinds, number)

        take.__name__ = name
        return rule(number=_NUMBERS)(take)

    return type("Machine", (WalkMachine,), {name: rule_of(name, kinds) for name, kinds in maker.kinds.items()})


def run_machine(
    stage: Stage, *, seed: int, examples: int, steps: int, patient: bool | None = None, shorten: bool = True
) -> None:
    """Walk on a server, ``examples`` times with so many ``steps`` each, and shorten what shows a difference.

    Raises WalkBroken, a ContractBroken, with the shortest story that was found; SetUpBroken where the server cannot be
    reached. On a server that is no mock nothing is shortened, as every try would be felt there.
    """
    errors: list[KitError] = []

    def start(name: str) -> Walk:
        if errors:
            # Hypothesis tries again what failed; the server need not.
            raise errors[0]
        return start_walk(stage, name, patient=patient)

    machine = hypothesis.seed(seed)(make_machine(start, note=errors.append))
    try:
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                phases=[Phase.generate],
                deadline=None,
                database=None,
                derandomize=False,
                print_blob=False,
                report_multiple_bugs=False,
                verbosity=Verbosity.quiet,
                suppress_health_check=list(HealthCheck),
            ),
        )
    except Exception:
        if not errors:
            raise
    if not errors:
        return
    error = errors[0]
    if isinstance(error, WalkBroken) and stage.can_seed and shorten:
        shortest = shortened(error, lambda: start_walk(stage, error.world, patient=patient))
        # So that the stage's own steps are those of the shortest story.
        play_walk(stage, shortest.world, shortest.steps, patient=patient)
        raise shortest from None
    raise error from None


def shortened(broken: WalkBroken, start: Callable[[], Walk]) -> WalkBroken:
    """The same difference, or another one, after as few of its steps as are needed; ``start`` begins the walk anew.

    It is what it was where it does not come again.
    """
    found, size = broken, len(broken.steps)
    while size:
        at = 0
        while at < len(found.steps) - 1:
            # The last step is the one that shows it, so it stays.
            fewer = [*found.steps[:at], *found.steps[min(at + size, len(found.steps) - 1) :]]
            again = _played(start(), fewer)
            if again is not None and len(again.steps) < len(found.steps):
                found = again
            else:
                at += size
        size //= 2
    return found


def _played(walk: Walk, steps: Sequence[Mapping[str, Any]]) -> WalkBroken | None:
    try:
        walk.play(steps)
    except WalkBroken as broken:
        return broken
    return None
