"""A scenario: what a client is asked to do, and what is then looked for; the rules of clients it tries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from ..client_rules import KRULES
from .scene import Scene

Play = Callable[[Scene], None]

_MODULES = ("paging", "pacing", "writing", "sessions", "answers")


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario. It is played ``examples`` times for each case, each time in a world of its own.

    ``needs`` are what a client has to offer for it; ``deep_examples`` is how often a deep run plays it.
    """

    title: str
    rules: tuple[str, ...]
    needs: tuple[str, ...]
    play: Play
    cases: tuple[Any, ...]
    examples: int
    deep_examples: int


_scenarios: dict[str, Scenario] = {}


def scenario(
    *rules: str, needs: tuple[str, ...], cases: tuple[Any, ...] = (None,), examples: int = 1, deep_examples: int = 10
) -> Callable[[Play], Play]:
    """Make a function a scenario that tries these rules; the first line of its docstring is its title."""

    def register(play: Play) -> Play:
        unknown = set(rules) - KRULES.keys()
        if unknown:
            raise ValueError(f"there are no rules {', '.join(sorted(unknown))}")
        title = (play.__doc__ or play.__name__).splitlines()[0].rstrip(".")
        _scenarios[play.__name__] = Scenario(title, rules, needs, play, cases, examples, deep_examples)
        return play

    return register


def scenarios() -> Iterator[Scenario]:
    """Every scenario, in the order in which they stand in their modules."""
    for one in _MODULES:
        import_module(f"{__package__}.scenarios_{one}")
    yield from _scenarios.values()
