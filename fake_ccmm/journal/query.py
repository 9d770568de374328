"""What is looked for in a journal: an operation, its arguments, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from ..calls import (
    ARGUMENTS,
    OPERATIONS,
    argument_differences,
    arguments_match,
    check_arguments,
    check_operation,
    nearest,
    shown,
)
from ..errors import REFUSALS, SetupError
from .entry import OUTCOMES, Exchange, naive_utc, printable


@dataclass(frozen=True, slots=True)
class JournalQuery:
    """Picks exchanges out; what is left out matches every exchange, also one that called no operation.

    ``after`` is the number of an exchange, ``since`` and ``until`` are the contact center's time (naive is UTC) and
    belong to the span themselves. ``arguments`` are as in :class:`~fake_ccmm.calls.CallPattern`; a password or a
    session key is found only among exchanges that show them.
    """

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  a ClassVar would not be found by pydantic

    operation: str | None = None
    user: str | None = None
    outcome: str | None = None
    refusal: str | None = None
    rule: str | None = None
    injected: str | None = None
    status: int | None = None
    session: str | None = None
    after: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def matches(self, exchange: Exchange) -> bool:
        """Whether the exchange is one of those looked for."""
        return (
            all(wanted is None or wanted == getattr(exchange, name) for name, wanted in self._equals())
            and (self.after is None or exchange.number > self.after)
            and (self.since is None or exchange.center_time >= naive_utc(self.since))
            and (self.until is None or exchange.center_time <= naive_utc(self.until))
            and arguments_match(self.arguments, exchange.arguments)
        )

    def differences(self, exchange: Exchange) -> list[str]:
        """What keeps the exchange from being one of them, each in a few words; empty where it is one."""
        found = [
            f"{name} is {_word(getattr(exchange, name))}, not {_word(wanted)}"
            for name, wanted in self._equals()
            if wanted is not None and wanted != getattr(exchange, name)
        ]
        if self.after is not None and exchange.number <= self.after:
            found.append(f"it is not after {self.after}")
        if self.since is not None and exchange.center_time < naive_utc(self.since):
            found.append(f"it came at {exchange.center_time}, before {naive_utc(self.since)}")
        if self.until is not None and exchange.center_time > naive_utc(self.until):
            found.append(f"it came at {exchange.center_time}, after {naive_utc(self.until)}")
        return found + argument_differences(self.arguments, exchange.arguments)

    def check(self) -> None:
        """A SetupError where nothing can ever match, with what would be right."""
        check_operation(self.operation)
        check_arguments(self.operation, self.arguments)
        for name, kind, what in _KINDS:
            value = getattr(self, name)
            if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
                raise SetupError(f"{name} has to be {what}, not {shown(value)}")
        if self.outcome is not None and self.outcome not in OUTCOMES:
            raise SetupError(f"no outcome is called {self.outcome!r}{nearest(self.outcome, OUTCOMES)}")
        if self.refusal is not None and self.refusal not in REFUSALS:
            raise SetupError(f"no refusal is called {self.refusal!r}{nearest(self.refusal, REFUSALS)}")

    def __str__(self) -> str:
        """In words: ``CloseContact with contact_id=7``."""
        told = {name: getattr(self, name) for name in CONDITIONS if getattr(self, name) is not None}
        words = [f"{name}={_word(value)}" for name, value in told.items()]
        words += [f"{name}={shown(value)}" for name, value in self.arguments.items()]
        return (self.operation or "any exchange") + (f" with {', '.join(words)}" if words else "")

    def _equals(self) -> Iterable[tuple[str, Any]]:
        return ((name, getattr(self, name)) for name in _EQUALS)


CONDITIONS: tuple[str, ...] = tuple(
    one.name for one in fields(JournalQuery) if one.name not in ("operation", "arguments")
)
"""What can be asked of an exchange besides its operation and arguments."""

_EQUALS = ("operation", "user", "outcome", "refusal", "rule", "injected", "status", "session")
_KINDS: tuple[tuple[str, type, str], ...] = (
    *((name, str, "a text") for name in ("user", "outcome", "refusal", "rule", "injected", "session")),
    ("status", int, "a status of HTTP such as 200"),
    ("after", int, "the number of an exchange"),
    ("since", datetime, "a datetime in the contact center's time"),
    ("until", datetime, "a datetime in the contact center's time"),
)


def make_query(operation: str | None = None, /, **conditions: Any) -> JournalQuery:
    """The query that a test's words stand for: ``make_query("CloseContact", contact_id=7, outcome="ok")``.

    Every keyword that is none of ``CONDITIONS`` is an argument. SetupError for what does not exist.
    """
    check_operation(operation)
    arguments = {name: value for name, value in conditions.items() if name not in CONDITIONS}
    allowed = ARGUMENTS if operation is None else OPERATIONS[operation]
    for name in arguments:
        if name.partition(".")[0] not in allowed:
            of = f" of {operation}" if operation else ""
            raise SetupError(
                f"{name!r} is neither an argument{of} nor a condition" + nearest(name, allowed + CONDITIONS)
            )
    query = JournalQuery(
        operation, arguments=arguments, **{name: value for name, value in conditions.items() if name in CONDITIONS}
    )
    query.check()
    return query


def select(exchanges: Iterable[Exchange], query: JournalQuery) -> list[Exchange]:
    """Those of the exchanges that match, in their order."""
    return [one for one in exchanges if query.matches(one)]


def _word(value: Any) -> str:
    """Names stand as they are, without quotes."""
    return printable(str(value))
