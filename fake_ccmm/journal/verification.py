"""What a test says about the calls that were made, and a readable difference where it is not so."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..calls import shown
from ..errors import FakeCcmmError, SetupError
from .entry import Exchange, describe, heading
from .query import JournalQuery, make_query, select

Step = str | JournalQuery | tuple[str, Mapping[str, Any]]
"""One call of a sequence: an operation, a query, or an operation with its conditions."""

_MOST_MISSES = 3
_MOST_LISTED = 10


class VerificationError(FakeCcmmError, AssertionError):
    """The calls were not as a test said; the message tells what was expected and what there was."""


@dataclass(frozen=True, slots=True)
class Miss:
    """An exchange that comes near to what was expected, and what keeps it from being that."""

    exchange: Exchange
    differences: tuple[str, ...]

    def __str__(self) -> str:
        return f"{heading(self.exchange)}: {'; '.join(self.differences)}"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Whether the calls are as expected. ``count`` is how many there were; ``misses`` are the nearest, best first.

    ``note`` is not empty where the journal has dropped exchanges that might have counted; the message has it too.
    """

    holds: bool
    count: int
    message: str
    misses: tuple[Miss, ...] = ()
    note: str = ""


def check(
    query: JournalQuery, at_least: int, at_most: int | None, exchanges: Sequence[Exchange], *, dropped: int = 0
) -> CheckResult:
    """Whether at least and at most so many (None: any number) of the exchanges match.

    ``exchanges`` are all that the journal has, oldest first, and ``dropped`` is how many it has dropped before them.
    """
    _check_bounds(at_least, at_most)
    query.check()
    found = select(exchanges, query)
    holds = at_least <= len(found) and (at_most is None or len(found) <= at_most)
    note = _note(query, exchanges, dropped)
    lines = [f"expected {query} {_times(at_least, at_most)}, {_there_were(len(found), holds)}."]
    misses: tuple[Miss, ...] = ()
    if len(found) < at_least:
        misses = _nearest_misses(query, exchanges)
        lines += _listed("The ones there were:", [describe(one) for one in found])
        lines += _listed("The nearest misses:", [str(one) for one in misses])
        if not exchanges:
            lines.append("Nothing was recorded at all." if not dropped else "Nothing is left in the journal.")
    elif not holds:
        lines += _listed("The ones there were:", [describe(one) for one in found])
    return CheckResult(holds, len(found), "\n".join([*lines, note] if note else lines), misses, note)


def check_sequence(steps: Sequence[Step], exchanges: Sequence[Exchange], *, dropped: int = 0) -> CheckResult:
    """Whether these calls were made in this order, others between them allowed; ``count`` is how many steps were."""
    queries = _queries(steps)
    found = _in_order(queries, exchanges)
    holds = len(found) == len(queries)
    note = "" if holds else _note(JournalQuery(), exchanges, dropped)
    lines = [f"expected in this order: {'; '.join(map(str, queries))}."]
    misses: tuple[Miss, ...] = ()
    if not holds:
        query = queries[len(found)]
        last = found[-1].number if found else None
        later = [one for one in exchanges if last is None or one.number > last]
        misses = _nearest_misses(query, later)
        lines += _listed("So far it came:", [describe(one) for one in found])
        lines.append(f"No {query} came{'' if last is None else f' after {last}'}.")
        earlier = [describe(one) for one in select(exchanges, query) if last is not None and one.number < last]
        lines += _listed("It came too early:", earlier)
        lines += _listed("The nearest misses:", [str(one) for one in misses])
        lines += _listed("What came:" if last is None else f"What came after {last}:", [describe(one) for one in later])
        if not exchanges:
            lines.append("Nothing was recorded at all." if not dropped else "Nothing is left in the journal.")
    return CheckResult(holds, len(found), "\n".join([*lines, note] if note else lines), misses, note)


class Verification:
    """What there was of some calls when it was asked for; each method says how many there should have been.

    Each returns the exchanges that match, oldest first, or raises a :class:`VerificationError`.
    """

    def __init__(self, query: JournalQuery, exchanges: Sequence[Exchange], *, dropped: int = 0) -> None:
        query.check()
        self._query = query
        self._exchanges = exchanges
        self._dropped = dropped

    def once(self) -> list[Exchange]:
        """Exactly one."""
        return self.between(1, 1)

    def times(self, count: int) -> list[Exchange]:
        """Exactly so many."""
        return self.between(count, count)

    def never(self) -> list[Exchange]:
        """None."""
        return self.between(0, 0)

    def at_least(self, count: int) -> list[Exchange]:
        """So many or more."""
        return self._verify(count, None)

    def at_most(self, count: int) -> list[Exchange]:
        """So many or fewer."""
        return self.between(0, count)

    def between(self, fewest: int, most: int) -> list[Exchange]:
        """At least ``fewest`` and at most ``most``."""
        return self._verify(fewest, most)

    def _verify(self, at_least: int, at_most: int | None) -> list[Exchange]:
        result = check(self._query, at_least, at_most, self._exchanges, dropped=self._dropped)
        if not result.holds:
            raise VerificationError(result.message)
        return select(self._exchanges, self._query)


class ExchangeSource(ABC):
    """Anywhere exchanges can be had from, here or in another process, and the questions that tests ask of them."""

    @abstractmethod
    def exchanges(
        self, query: JournalQuery | None = None, *, secrets: bool = False, limit: int | None = None
    ) -> list[Exchange]:
        """The exchanges that match, oldest first; with ``limit`` only the newest so many of them."""

    @property
    @abstractmethod
    def dropped(self) -> int:
        """How many there were before those that can still be had."""

    def count(self, operation: str | None = None, /, **conditions: Any) -> int:
        """How many exchanges match; conditions as of :func:`~fake_ccmm.journal.query.make_query`."""
        return len(select(self.exchanges(), make_query(operation, **conditions)))

    def verify(self, operation: str | None = None, /, **conditions: Any) -> Verification:
        """What there is of these calls now: ``verify("CloseContact", contact_id=7).once()``."""
        query = make_query(operation, **conditions)
        exchanges, dropped = self._all()
        return Verification(query, exchanges, dropped=dropped)

    def never(self, operation: str | None = None, /, **conditions: Any) -> None:
        """A VerificationError where there was any such call."""
        self.verify(operation, **conditions).never()

    def sequence(self, *steps: Step) -> list[Exchange]:
        """The first calls that came in this order, others between them allowed; else a VerificationError."""
        queries = _queries(steps)
        exchanges, dropped = self._all()
        result = check_sequence(queries, exchanges, dropped=dropped)
        if not result.holds:
            raise VerificationError(result.message)
        return _in_order(queries, exchanges)

    def _all(self) -> tuple[list[Exchange], int]:
        exchanges = self.exchanges()
        return exchanges, self.dropped  # in this order: a drop in between is told of once too often, never too seldom


def _queries(steps: Sequence[Step]) -> list[JournalQuery]:
    if not steps:
        raise SetupError("a sequence needs at least one call, such as an operation's name")
    return [_query(step) for step in steps]


def _query(step: Step) -> JournalQuery:
    if isinstance(step, JournalQuery):
        step.check()
        return step
    if isinstance(step, str):
        return make_query(step)
    if not isinstance(step, tuple) or len(step) != 2 or not isinstance(step[1], Mapping):
        raise SetupError(
            f"a call of a sequence is an operation's name, a JournalQuery or (name, {{conditions}}), not {shown(step)}"
        )
    return make_query(step[0], **step[1])


def _in_order(queries: Sequence[JournalQuery], exchanges: Iterable[Exchange]) -> list[Exchange]:
    """The first exchange for each query after that of the one before, as far as there are any."""
    found: list[Exchange] = []
    for one in exchanges:
        if len(found) == len(queries):
            break
        if queries[len(found)].matches(one):
            found.append(one)
    return found


def _nearest_misses(query: JournalQuery, exchanges: Iterable[Exchange]) -> tuple[Miss, ...]:
    # Pages say nothing about a call: a client that reads the WSDL first has many of them.
    near = (one for one in exchanges if one.operation is not None or query.operation is None)
    missed = ((one, tuple(query.differences(one))) for one in near)
    misses = [Miss(one, differences) for one, differences in missed if differences]

    def rank(miss: Miss) -> tuple[bool, int, int]:
        other_operation = query.operation is not None and miss.exchange.operation != query.operation
        return other_operation, len(miss.differences), -miss.exchange.number

    return tuple(sorted(misses, key=rank)[:_MOST_MISSES])


def _note(query: JournalQuery, exchanges: Sequence[Exchange], dropped: int) -> str:
    if not dropped or (query.after is not None and _has_all_after(query.after, exchanges)):
        return ""
    return f"The journal was full and has dropped {dropped} before these, which may hold more; give it larger limits."


def _has_all_after(number: int, exchanges: Sequence[Exchange]) -> bool:
    later = [one.number for one in exchanges if one.number > number]
    return bool(exchanges) and (not later or later[-1] - number == len(later))


def _check_bounds(at_least: int, at_most: int | None) -> None:
    if at_least < 0 or (at_most is not None and at_most < at_least):
        raise SetupError(f"from {at_least} to {at_most} calls cannot be: give 0 or more, and not fewer at most")


def _times(at_least: int, at_most: int | None) -> str:
    if at_most is None:
        return f"at least {_often(at_least)}"
    if at_least == at_most:
        return _often(at_most) if at_most else "never"
    return f"at most {_often(at_most)}" if at_least == 0 else f"{at_least} to {at_most} times"


def _often(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _there_were(count: int, holds: bool) -> str:
    there = "there was none" if count == 0 else "there was 1" if count == 1 else f"there were {count}"
    return f"and {there}" if holds else f"but {there}"


def _listed(title: str, lines: Sequence[str]) -> list[str]:
    if not lines:
        return []
    more = len(lines) - _MOST_LISTED
    return [title, *(f"  {line}" for line in lines[:_MOST_LISTED]), *([f"  and {more} more"] if more > 0 else [])]
