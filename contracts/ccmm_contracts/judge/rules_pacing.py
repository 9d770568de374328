"""How fast a client goes: K4 and K5."""

from __future__ import annotations

from collections.abc import Iterator

from .journal import APPEND, CLOSE, Call, Journal, seconds_between
from .verdict import Breach, Verdict, verdict

_LIMIT = 1.0
_TOLERANCE = 0.005
"""Seconds by which a journal's times may be off."""


def judge_k4(journal: Journal) -> Verdict:
    """At least a second between appends of a session."""
    return _judge(journal, APPEND)


def judge_k5(journal: Journal) -> Verdict:
    """At least a second between closings of a session."""
    return _judge(journal, CLOSE)


def _judge(journal: Journal, operation: str) -> Verdict:
    calls = [
        [one for one in session if one.operation == operation and one.outcome in ("ok", "refused")]
        for session in journal.sessions.values()
    ]
    several = [one for one in calls if len(one) > 1]
    why_not = f"no session has two calls of {operation}" if any(calls) else f"the journal has no {operation}"
    breaches = [one for session in several for one in _too_soon(session)]
    return verdict(sum(map(len, several)), breaches, why_not)


def _too_soon(calls: list[Call]) -> Iterator[Breach]:
    """Calls within a second of the last one that was carried out, or that a fault rule said came too soon.

    Another refusal starts no second: what a server makes of that is not known.
    """
    last: Call | None = None
    for call in calls:
        gap = None if last is None else seconds_between(last, call)
        if last is not None and gap is not None and gap < _LIMIT - _TOLERANCE:
            yield Breach(
                f"{call.operation} was called {gap:.3f} s after the last one in the same session", (last, call)
            )
        if call.is_ok or (call.refusal == "too_soon" and call.injected):
            last = call
