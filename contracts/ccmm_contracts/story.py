"""What an example consists of, step by step, for those who tell it: calls, and what was done to a mock in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .answer import Answer, Fault, Odd
from .exchange import Exchange


@dataclass(frozen=True, slots=True)
class ControlStep:
    """Something done to a mock that is no call: as a request to its control API, and in words."""

    told: str
    method: str
    path: str
    body: Any = None


Step = Exchange | ControlStep


def shown(answer: Answer) -> str:
    """An answer in a few words, such as ``it was refused: 2805 'Access Denied'``."""
    if isinstance(answer, Fault):
        number = f"{answer.number} " if answer.number is not None else ""
        return f"it was refused: {number}{answer.text!r}"
    if isinstance(answer, Odd):
        return f"the answer (HTTP {answer.status}) cannot be read: {answer.why}"
    if isinstance(answer.value, tuple):
        return f"it returned {len(answer.value)} items"
    if isinstance(answer.value, str):
        return "it returned a text"
    return f"it returned {answer.value!r}"
