"""The same generated calls on two servers, one after the other, until their answers differ."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from ..answer import Answer, Returned
from ..domain import Contact
from ..operations import OPERATIONS
from ..run import seed_of
from ..story import Step as Shown
from .calls import SKILLSET, Call, Step, Turn, beginning, steps
from .compare import Facts, difference, facts_of, told
from .explore import Differs, explore
from .side import Side
from .sweep import sweeps

_QUICK, _DEEP, _ANY_OTHER = 60, 1000, 5
_ROUNDS = 6
_CHANGING = {"OutboundLogin", "OutboundLogoff", *(name for name, one in OPERATIONS.items() if one.writes)}
"""After a difference in one of these the two servers may no longer be in the same state."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What two servers answered to one call, and the steps on each side that led there."""

    operation: str
    message: str
    steps: tuple[tuple[Shown, ...], tuple[Shown, ...]]


class Lockstep:
    """Generated calls on two sides. ``calls`` counts how often each operation was compared.

    ``by_time`` is whether both clocks are the kit's; ``exact`` whether both hold the same, so that values are compared.
    """

    def __init__(
        self, sides: tuple[Side, Side], *, random_seed: int, deep: bool, wanted: Collection[str] = OPERATIONS
    ) -> None:
        """``wanted`` are the operations whose differences are looked for; the others are called all the same."""
        self.sides = sides
        self.on_mocks = all(side.stage.can_seed for side in sides)
        self.exact = self.on_mocks
        self.calls = dict.fromkeys(OPERATIONS, 0)
        self.examples = 0
        self._found: dict[str, Difference] = {}
        self._wanted = frozenset(wanted)
        self._seed = random_seed
        self._deep = deep

    def differences(self) -> dict[str, Difference]:
        """The first difference in each operation, as short as it was made; operations without one are not there.

        After a difference in some operations the others are looked at again.
        """
        if self.on_mocks:
            self._sweep()
        else:
            self._look()
        leaves_traces = not self.on_mocks and all(side.stage.can_write for side in self.sides)
        count = (_DEEP if self._deep else _QUICK) if self.on_mocks else _ANY_OTHER
        for turn in range(_ROUNDS):
            if self._found.keys() >= self._wanted:
                break
            before = len(self._found)
            self._round(seed_of(self._seed, f"diff {turn}"), count, shorten=not leaves_traces)
            if len(self._found) == before:
                break
        return self._found

    def _sweep(self) -> None:
        """Look for differences that a single argument makes; chance would find them late."""
        for operation, walk in sweeps(self.sides):
            known = set(self._found) | (OPERATIONS.keys() - self._wanted)
            if operation in known:
                continue
            self._begin()
            found = self._played(walk, known)
            self._found.update(found)
            for differing in found:
                self._leave_out(walk, known, differing)

    def _look(self) -> None:
        """Whether two servers that are no mocks hold the same, as far as campaigns and first contacts show."""
        a, b = self.sides
        for side in self.sides:
            side.begin()
        shown = [
            [(one.campaign_id, one.name, one.number_of_contacts) for one in side.stage.campaigns()] for side in (a, b)
        ]
        people = [[(one.first_name, one.last_name, one.phone_number) for one in side.first_contacts] for side in (a, b)]
        self.exact = shown[0] == shown[1] and people[0] == people[1] and a.campaigns == b.campaigns

    def _round(self, random_seed: int, count: int, *, shorten: bool) -> None:
        """Look for differences in operations that are not known to differ; the first is made short by Hypothesis."""
        known = set(self._found) | (OPERATIONS.keys() - self._wanted)
        walks: dict[str, list[Step]] = {}
        sought: list[str] = []
        strategy: st.SearchStrategy[list[Step]] | None = None

        def example(data: st.DataObject) -> None:
            nonlocal strategy
            self._begin()
            if strategy is None:
                strategy = steps(self.sides)
            walk = [*beginning(self.sides), *data.draw(strategy)]
            found = self._played(walk, known)
            for operation, one in found.items():
                if operation not in walks or operation in sought:
                    walks[operation], self._found[operation] = walk, one
            sought[:] = sought or list(found)[:1]
            if sought and sought[0] in found:
                raise Differs

        explore(example, random_seed=random_seed, examples=count, shorten=shorten, deep=self._deep)
        for operation, walk in walks.items():
            if shorten:
                self._leave_out(walk, known, operation)

    def _leave_out(self, walk: list[Step], known: set[str], operation: str) -> None:
        """Leave out what a difference does not need, half of the steps first and single ones last.

        Hypothesis shortens for a limited time only.
        """
        size = len(walk) // 2
        while size:
            for at in reversed(range(0, len(walk), size)):
                rest = walk[:at] + walk[at + size :]
                self._begin()
                found = self._played(rest, known)
                if operation in found:
                    walk, self._found[operation] = rest, found[operation]
            size //= 2

    def _begin(self) -> None:
        self.examples += 1
        for side in self.sides:
            side.begin()

    def _played(self, walk: list[Step], known: set[str]) -> dict[str, Difference]:
        try:
            return self._play(walk, known)
        finally:
            for side in self.sides:
                side.end()

    def _play(self, walk: list[Step], known: set[str]) -> dict[str, Difference]:
        """The first difference in each operation that is not ``known`` to differ, as long as both are in one state."""
        differing: dict[str, Difference] = {}
        for step in walk:
            if isinstance(step, Turn):
                self._turn(step)
                continue
            found = self._call(step)
            if found is None:
                continue
            if step.operation not in known:
                differing.setdefault(step.operation, found)
            if step.operation in _CHANGING:
                break
        return differing

    @property
    def _known_contacts(self) -> int:
        return min(len(side.contacts) for side in self.sides)

    def _turn(self, turn: Turn) -> None:
        given = turn.arguments
        if turn.what == "expire" and not all(side.is_logged_in(given["place"]) for side in self.sides):
            return
        count = self._known_contacts
        for side in self.sides:
            stage = side.stage
            if turn.what == "advance":
                stage.advance(given["seconds"])
            elif turn.what == "campaign":
                stage.set_campaign_status(side.campaign(given["place"] % len(side.campaigns)), given["status"])
            elif turn.what == "contact" and (home := side.home(given["place"], count)):
                stage.set_contact_status(*home, given["status"])
            elif turn.what == "expire":
                stage.expire(side.user(given["place"]))

    def _call(self, call: Call) -> Difference | None:
        a, b = self.sides
        count = self._known_contacts
        answers: list[Answer] = []
        facts: list[Facts] = []
        roles: list[dict[int, int]] = []
        before = [self._last_id(side, call) for side in self.sides]
        for side in self.sides:
            answer = self._answer(side, call, count)
            roles.append(dict(side.contacts))
            answers.append(answer)
            facts.append(
                facts_of(side, side.last_exchange(), answer, exact=self.exact, by_time=self.on_mocks, roles=roles[-1])
            )
        self.calls[call.operation] += 1
        found = difference(*facts)
        if found is None or not self.exact:
            for side, answer, seen, last in zip(self.sides, answers, roles, before, strict=True):
                self._learn(side, call, answer, seen, last)
        if found is None:
            return None
        first, second = told(answers[0]), told(answers[1])
        name, *values = found
        if first == second:
            first, second = (
                f"{text}, {name} {_short(value)}" for text, value in zip((first, second), values, strict=True)
            )
        message = f"{call.operation} differs in {name}. A: {first}; B: {second}"
        return Difference(call.operation, a.stage.masked(message), (tuple(a.stage.steps), tuple(b.stage.steps)))

    def _answer(self, side: Side, call: Call, count: int) -> Answer:
        arguments = {name: side.resolved(value, count) for name, value in call.arguments.items()}
        contact = arguments.get("contact")
        if isinstance(contact, Contact) and contact.skillset_id == SKILLSET:
            arguments["contact"] = side.with_skillset(contact)
        if OPERATIONS[call.operation].limited and not self.on_mocks:
            side.stage.await_turn(call.operation)
        return side.stage.call(call.operation, soap=call.soap, **arguments)

    def _last_id(self, side: Side, call: Call) -> int:
        if self.on_mocks or call.operation != "AppendContactsToCampaign":
            return 0
        return side.stage.last_id(side.campaign(0))

    def _learn(self, side: Side, call: Call, answer: Answer, roles: dict[int, int], last_id: int) -> None:
        """What an answer that is the same on both sides shows: keys, contacts, and the id of what was appended."""
        if not isinstance(answer, Returned):
            return
        value: Any = answer.value
        if call.operation == "OutboundLogin" and isinstance(value, str):
            side.learn_key(call.arguments["username"].place, value)
        elif call.operation == "OutboundLogoff":
            side.learn_log_off(call.arguments["username"].place)
        elif isinstance(value, tuple):
            side.learn_roles(roles)
            side.learn([one for one in value if isinstance(one, Contact)])
        elif call.operation == "AppendContactsToCampaign" and not self.on_mocks and value == 1:
            new = side.stage.contacts(side.campaign(0), after=last_id)
            side.appended += [one.contact_id for one in new if one.email_address == side.stage.mark]


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:120]}..."
