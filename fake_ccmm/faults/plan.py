"""Which calls are struck: the rules in force, what each has counted, and the chance that decides.

Chance is no dice: it is worked out from the plan's seed, the rule's name and how many calls the rule has matched.
So the same seed replays the same faults, whatever other rules and calls there are, on every Python.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..bounds import Bounds
from ..calls import CallPattern, nearest
from ..errors import SetupError
from .checks import check_rule
from .delays import draw
from .rules import Delay, FaultRule, operations_of


class UnknownFaultRule(SetupError):
    """No rule of the plan has that name."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to happen to one call: wait ``delay_seconds``, then do what ``rule`` says (None: answer as ever).

    ``delayed_by`` names the rules that the delay is made of.
    """

    delay_seconds: float = 0.0
    rule: FaultRule | None = None
    delayed_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FaultState:
    """All that a plan is at one moment; nothing in it changes any more."""

    rules: tuple[FaultRule, ...]
    seed: int
    names_given: int


class _Entry:
    """A rule in force with its counters."""

    __slots__ = ("matched", "operations", "rule", "says_nothing", "struck")

    def __init__(self, rule: FaultRule) -> None:
        self.rule = rule
        self.matched = rule.matched
        self.struck = rule.struck
        self.operations = operations_of(rule.do)
        self.says_nothing = rule.when == CallPattern()

    def counted(self) -> FaultRule:
        return replace(self.rule, matched=self.matched, struck=self.struck)

    def matches(self, operation: str | None, user: str | None, arguments: Mapping[str, Any]) -> bool:
        if operation is None:
            return self.says_nothing and self.operations is None
        if self.operations is not None and operation not in self.operations:
            return False
        return self.rule.when.matches(operation, user, arguments)

    def would_strike(self, seed: int) -> bool:
        """Whether the rule strikes the call it has just counted."""
        rule, number = self.rule, self.matched - self.rule.skip
        if number < 1 or (rule.budget is not None and self.struck >= rule.budget):
            return False
        if rule.nth is not None and number != rule.nth:
            return False
        if rule.every is not None and number % rule.every:
            return False
        return rule.rate >= 1 or chance(seed, rule.name, self.matched, "strike") < rule.rate


class FaultPlan:
    """The fault rules of one contact center. Any thread may use it at any time.

    ``active`` is False while there is no rule: a server looks at it for each call and asks no further. It takes no
    more rules than ``bounds`` say, and raises OutOfBounds where there would be more.
    """

    def __init__(self, rules: Iterable[FaultRule] = (), seed: int = 0) -> None:
        self._lock = threading.Lock()
        self.bounds: Bounds | None = None
        self.active = False
        self.replace_all(rules, seed)

    @property
    def seed(self) -> int:
        """What chance starts from; with another seed the rules strike other calls."""
        return self._seed

    @seed.setter
    def seed(self, seed: int) -> None:
        _check_seed(seed)
        with self._lock:
            self._seed = seed

    def add(self, rule: FaultRule) -> FaultRule:
        """Put a rule in force after those there are; returns it with its name.

        Raises SetupError where it makes no sense or its name is taken.
        """
        check_rule(rule)
        with self._lock:
            taken = {entry.rule.name for entry in self._entries}
            if rule.name in taken:
                raise _taken(rule.name)
            self._check_count(len(taken) + 1)
            if not rule.name:
                rule = self._named(rule, taken)
            self._put((*self._entries, _Entry(rule)))
        return rule

    def remove(self, name: str) -> FaultRule:
        """Put the rule of that name out of force; returns it with its counters. Raises UnknownFaultRule."""
        with self._lock:
            for entry in self._entries:
                if entry.rule.name == name:
                    self._put(tuple(one for one in self._entries if one is not entry))
                    return entry.counted()
            names = [entry.rule.name for entry in self._entries]
        raise UnknownFaultRule(
            f"no fault rule is called {name!r}{nearest(name, names) if names else '; there is none'}"
        )

    def clear(self) -> None:
        """Put all rules out of force. The seed stays, and names are given out from ``fault-1`` again."""
        with self._lock:
            self._names_given = 0
            self._put(())

    def replace_all(self, rules: Iterable[FaultRule], seed: int) -> None:
        """Have these rules and this seed and nothing else; a SetupError changes nothing."""
        _check_seed(seed)
        new = list(rules)
        self._check_count(len(new))
        taken: set[str] = set()
        for rule in new:
            check_rule(rule)
            if rule.name in taken:
                raise _taken(rule.name)
            if rule.name:
                taken.add(rule.name)
        with self._lock:
            self._seed = seed
            self._names_given = 0
            self._put(tuple(_Entry(rule if rule.name else self._named(rule, taken)) for rule in new))

    def rules(self) -> list[FaultRule]:
        """The rules in force, with their counters, in the order they are asked."""
        with self._lock:
            return [entry.counted() for entry in self._entries]

    def decide(self, operation: str | None, user: str | None, arguments: Mapping[str, Any]) -> Decision:
        """What is to happen to a call, and count it. ``operation`` is None for a request that could not be read.

        The delays of all rules that strike add up. Of the other rules the first that strikes has the call;
        those after it count the call as matched and keep what is left of their budget.
        """
        # A predicate in a pattern is the user's code: it must not run with the lock held.
        matching = [entry for entry in self._entries if entry.matches(operation, user, arguments)]
        if not matching:
            return _NOTHING
        delay, delayed_by, struck = 0.0, [], None
        with self._lock:
            for entry in matching:
                entry.matched += 1
                action = entry.rule.do
                is_delay = isinstance(action, Delay)
                if (struck is not None and not is_delay) or not entry.would_strike(self._seed):
                    continue
                entry.struck += 1
                if isinstance(action, Delay):
                    delay += draw(action.distribution, chance(self._seed, entry.rule.name, entry.matched, "delay"))
                    delayed_by.append(entry.rule.name)
                else:
                    struck = entry.counted()
        return Decision(delay, struck, tuple(delayed_by))

    def state(self) -> FaultState:
        """The plan as it is now, for :meth:`restore`."""
        with self._lock:
            return FaultState(tuple(entry.counted() for entry in self._entries), self._seed, self._names_given)

    def restore(self, state: FaultState) -> None:
        """Go back to a state: rules, counters and seed, so that the faults from there on come again."""
        with self._lock:
            self._seed = state.seed
            self._names_given = state.names_given
            self._put(tuple(map(_Entry, state.rules)))

    def _check_count(self, count: int) -> None:
        if self.bounds is not None:
            self.bounds.check("fault_rules", count, "fault rules in a center")

    def _put(self, entries: tuple[_Entry, ...]) -> None:
        self._entries = entries
        self.active = bool(entries)

    def _named(self, rule: FaultRule, taken: set[str]) -> FaultRule:
        """The rule with the next name that is free, which is taken from then on."""
        while True:
            self._names_given += 1
            name = f"fault-{self._names_given}"
            if name not in taken:
                taken.add(name)
                return replace(rule, name=name)


def chance(seed: int, name: str, number: int, purpose: str) -> float:
    """An even chance between 0 and 1 (both exclusive), always the same for the same seed, rule, count and purpose."""
    digest = hashlib.blake2b(f"{seed}/{name}/{number}/{purpose}".encode(), digest_size=8).digest()
    return ((int.from_bytes(digest, "big") >> 12) + 0.5) / (1 << 52)


def _check_seed(seed: Any) -> None:
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise SetupError(f"the seed of the fault rules is a whole number, not {seed!r}")


def _taken(name: str) -> SetupError:
    return SetupError(f"fault rule {name}: there is one with this name; take another, or none to be given one")


_NOTHING = Decision()
