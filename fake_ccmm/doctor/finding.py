"""What a check found out."""

from __future__ import annotations

from dataclasses import dataclass

OK, WARNING, PROBLEM = "ok", "warning", "problem"

STATUSES = (OK, WARNING, PROBLEM)
"""How a check can come out, the worst last."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a check came out: one of STATUSES, what there is in a line, and what to do about it where that is needed."""

    status: str
    message: str
    fix: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of a check, with the check's name."""

    check: str
    status: str
    message: str
    fix: str | None = None


def ok(message: str) -> Outcome:
    """All is well."""
    return Outcome(OK, message)


def warning(message: str, fix: str) -> Outcome:
    """It works, or may; ``fix`` makes sure."""
    return Outcome(WARNING, message, fix)


def problem(message: str, fix: str) -> Outcome:
    """It does not work, until ``fix`` is done."""
    return Outcome(PROBLEM, message, fix)
