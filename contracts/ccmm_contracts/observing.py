"""What observing clauses have in common: they report an answer, and what it says of a choice or of a wording."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .answer import Answer, Returned
from .domain import User
from .stage import Stage
from .story import shown

Words = dict[str, Any] | None
"""The wording of a refusal, as :func:`ccmm_contracts.wordings.asked` gives it; None where the call was not refused."""


def observe_words(stage: Stage, what: str, answer: Answer, words: Words) -> None:
    """Report how a call was refused, or that it was not."""
    stage.observe(f"{what}: {shown(answer)}", **(words or {}))


def observe_choice(
    stage: Stage,
    what: str,
    answer: Answer,
    words: Words,
    choice: str,
    otherwise: str,
    is_so: Callable[[Any], bool] = lambda value: True,
) -> None:
    """Report what became of a call that may be refused: the choice is ``fault`` then.

    It is ``otherwise`` where the call returned a value that ``is_so``; any other answer is reported as it is.
    """
    seen: dict[str, Any] = {}
    if words is not None:
        seen = {choice: "fault", **words}
    elif isinstance(answer, Returned) and is_so(answer.value):
        seen = {choice: otherwise}
    stage.observe(f"{what}: {shown(answer)}", **seen)


def is_nothing(value: Any) -> bool:
    """Whether a call that gives contacts, or a status, gave none."""
    return value is None or value == ()


def users_of(stage: Stage) -> dict[str, User]:
    """Everybody who may log in, by name."""
    return {one.name: one for one in (stage.user, stage.second_user) if one is not None}


def log_in(stage: Stage, user: User) -> Answer:
    """Call OutboundLogin with the user's own name and password."""
    return stage.call("OutboundLogin", username=user.name, password=user.password)
