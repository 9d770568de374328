"""What a mutant is: the mock with one rule broken, as somebody might break it by a slip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest

GROUPS = ("sessions", "campaigns", "paging", "appending", "closing", "finding", "envelope")
"""The modules with the mutants, in the order of the rules."""

Replacement = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule broken: ``broken`` says how, ``apply`` breaks it in this process until the patch is undone.

    ``assumed`` is for behaviour that no paper settles: no clause may call it broken, but an observing one has to tell
    it apart from the unbroken mock.
    """

    id: str
    broken: str
    apply: Callable[[pytest.MonkeyPatch], None]
    assumed: bool = False

    @property
    def rule(self) -> str:
        """The rule it breaks."""
        return self.id.partition("-")[0]


_mutants: dict[str, Mutant] = {}


def mutants() -> list[Mutant]:
    """Every mutant, group by group."""
    for group in GROUPS:
        import_module(f"{__package__}.{group}")
    return list(_mutants.values())


def mutant(
    mutant_id: str, broken: str, owner: Any, name: str, *, assumed: bool = False
) -> Callable[[Replacement], Replacement]:
    """Make a function the stand-in for ``owner.name``: it is called with the original and the original's arguments."""

    def register(replacement: Replacement) -> Replacement:
        def apply(patch: pytest.MonkeyPatch) -> None:
            stand_in(patch, owner, name, replacement)

        _add(Mutant(mutant_id, broken, apply, assumed))
        return replacement

    return register


def patched(
    mutant_id: str, broken: str, *, assumed: bool = False
) -> Callable[[Callable[[pytest.MonkeyPatch], None]], None]:
    """Make a function that patches whatever it takes a mutant."""
    return lambda apply: _add(Mutant(mutant_id, broken, apply, assumed))


def stand_in(patch: pytest.MonkeyPatch, owner: Any, name: str, replacement: Replacement) -> None:
    """Have ``replacement`` called in place of ``owner.name``, with the original in front of the arguments."""
    original = getattr(owner, name)

    def mutated(*arguments: Any, **named: Any) -> Any:
        return replacement(original, *arguments, **named)

    patch.setattr(owner, name, mutated)


def _add(one: Mutant) -> None:
    if one.id in _mutants:
        raise ValueError(f"there are two mutants {one.id}")
    _mutants[one.id] = one
