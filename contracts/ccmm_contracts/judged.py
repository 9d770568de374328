"""Calls that an oracle judges at once, and what is meant by the people and contacts that a step names."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from .answer import Answer
from .domain import CustomField, PhoneNumber, User
from .errors import ContractBroken
from .oracle import KeptContact, Oracle
from .oracle.expectation import described
from .oracle.memory import SECOND

if TYPE_CHECKING:
    from .stage import Stage

_T = TypeVar("_T")
_MARGIN = 0.001


class WalkBroken(ContractBroken):
    """A server did what the oracle does not accept. ``difference`` says what; ``story`` has a line for each step.

    ``steps`` is what plays them again, in the world of that name.
    """

    def __init__(
        self, difference: str, story: tuple[str, ...], steps: tuple[dict[str, Any], ...], world: str = ""
    ) -> None:
        told = "\n".join(f"  {at}. {line}" for at, line in enumerate(story, 1))
        super().__init__(f"{difference}\nThe story:\n{told}")
        self.difference = difference
        self.story = story
        self.steps = steps
        self.world = world


class DoesNotFit(Exception):
    """A reference that there is nothing behind, or a step that is not allowed here: it is left out."""


class JudgedCalls:
    """Calls on a stage, each judged by an oracle of the same server, and told in ``story``.

    ``steps`` is what was done. ``world`` is the name of what the server holds. ``patient`` is whether every call waits
    for the once-a-second limits to pass: without it, unless such a call is known to be answered at once.
    """

    def __init__(self, stage: Stage, oracle: Oracle, *, world: str = "", patient: bool | None = None) -> None:
        self.stage = stage
        self.world = world
        self.oracle = oracle
        self.steps: list[dict[str, Any]] = []
        self.story: list[str] = []
        answered = stage.choices.get("limit_answer") in ("fault", "return")
        self._patient = not (answered and stage.has_clock) if patient is None else patient
        self._users = oracle.memory.users
        self._keys: dict[str, list[str]] = {}
        self._limited_at: int | None = None
        self._now = time.monotonic()

    def call(self, told: str, operation: str, soap: str, **arguments: Any) -> Answer:
        """Call, and have the oracle judge the answer."""
        self._follow_time()
        answer = self.stage.call(operation, soap=soap, **arguments)
        difference = self.oracle.judge(operation, arguments, answer)
        self.story.append(self._masked(f"{told} -> {described(answer)}"))
        if difference:
            raise WalkBroken(self._masked(difference), tuple(self.story), tuple(self.steps), self.world)
        return answer

    def advance(self, seconds: float) -> None:
        """The clock moves on."""
        self.stage.advance(seconds)
        self.oracle.advance(seconds)
        self.story.append(f"(the clock moves on by {seconds:g} s)")

    def await_turn(self, operation: str, at_once: bool) -> None:
        """Let the limit of an operation pass, unless it is to be called at once on a server that then answers."""
        if at_once and not self._patient:
            self._limited_at = self.oracle.memory.now
            return
        if not self.stage.has_clock:
            self.stage.await_turn(operation)
            return
        now = self.oracle.memory.now
        wait = 0.0 if self._limited_at is None else (self._limited_at - now) / SECOND + self.stage.limit_seconds
        if wait > 0:
            self.advance(round(wait + _MARGIN, 6))
        self._limited_at = self.oracle.memory.now

    def _follow_time(self) -> None:
        """On a server whose clock is its own, time goes on by itself."""
        if not self.stage.has_clock:
            before, self._now = self._now, time.monotonic()
            self.oracle.advance(self._now - before)

    def _masked(self, text: str) -> str:
        for name, keys in self._keys.items():
            for key in keys:
                text = text.replace(key, f"<key of {name}>")
        for user in self._users:
            if user.password:
                text = text.replace(user.password, f"<password of {user.name}>")
        return text

    # --- what is meant by a reference -------------------------------------------------------------------------------

    def user(self, reference: Mapping[str, Any]) -> User:
        """The user of a place."""
        return _at(self._users, reference["user"])

    def contact(self, reference: Mapping[str, Any]) -> KeptContact:
        """The contact of a place, of all or of those that were appended."""
        memory = self.oracle.memory
        if "appended" in reference:
            return _at(memory.appended, reference["appended"])
        return _at(memory.contacts, reference["contact"])

    def id(self, contact: KeptContact) -> int:
        """The id of a contact, which has to be known."""
        if contact.contact_id is None:
            raise DoesNotFit
        return contact.contact_id

    def number(self, number: PhoneNumber | Mapping[str, int]) -> PhoneNumber:
        """A phone number, or that of a contact."""
        if isinstance(number, PhoneNumber):
            return number
        return self.contact(number).looks[0].phone_number or PhoneNumber()

    def first_field(self, contact: KeptContact) -> CustomField:
        """The first custom field of a contact, which has to have one."""
        found = contact.looks[0].custom_fields
        if not found:
            raise DoesNotFit
        return found[0]


def _at(items: Sequence[_T], place: int) -> _T:
    if not 0 <= place < len(items):
        raise DoesNotFit
    return items[place]


def shown(value: Any) -> str:
    """A value in a story: of a dataclass only what is set."""
    if isinstance(value, tuple):
        return f"[{', '.join(shown(one) for one in value)}]"
    if not is_dataclass(value) or isinstance(value, type):
        return repr(value)
    pairs = ((one.name, getattr(value, one.name)) for one in fields(value))
    return f"({', '.join(f'{name} {shown(one)}' for name, one in pairs if one not in (None, 0, False))})"
