"""What a rule says of a journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .journal import Call


@dataclass(frozen=True, slots=True)
class Breach:
    """One place where a rule is not kept: what is wrong, and the calls that show it."""

    message: str
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """``judged`` is how many calls the rule had something to say of, ``breaches`` where it is not kept; where both are
    nothing, ``why_not`` says what the journal lacks.
    """

    judged: int = 0
    breaches: tuple[Breach, ...] = ()
    why_not: str = ""


def verdict(judged: int, breaches: Iterable[Breach], why_not: str) -> Verdict:
    """A verdict; ``why_not`` counts only where nothing was judged."""
    found = tuple(breaches)
    return Verdict(judged, found, "" if judged or found else why_not)
