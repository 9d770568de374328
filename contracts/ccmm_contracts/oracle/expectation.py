"""One outcome of a call that the oracle accepts, and the checks that outcomes are made of.

A check takes an answer and says what is wrong with it: an empty text is nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..answer import Answer, Fault, Odd, Returned
from .kept import KeptContact, KeptSession

Check = Callable[[Answer], str]
Commit = Callable[["Expectation", Answer], None]


def _nothing(value: Any) -> None:
    pass


def _not_committed(expectation: Expectation, answer: Answer) -> None:
    raise ValueError("only what Oracle.expect() gave can be committed")


@dataclass(frozen=True, slots=True, eq=False)
class Expectation:
    """One acceptable outcome of a call.

    ``told`` says it in words. ``check`` says what is wrong with an answer. ``after`` has contacts, and what statuses
    they may have afterwards. ``learn`` takes in the value that came (None with a refusal) where no other outcome
    fits. ``carried_out`` is whether the call counts for the once-a-second limits, None where that is not known.
    ``session`` is the live session that the call used. Of several outcomes that fit, one that is ``decisive`` is what
    happened.
    """

    told: str
    check: Check
    after: Mapping[KeptContact, frozenset[str]] = field(default_factory=dict)
    learn: Callable[[Any], None] = _nothing
    carried_out: bool | None = None
    session: KeptSession | None = None
    decisive: bool = False
    committer: Commit = _not_committed

    def fits(self, answer: Answer) -> bool:
        """Whether the answer is this outcome."""
        return not self.check(answer)

    def commit(self, answer: Answer) -> None:
        """Make this outcome what the oracle knows."""
        self.committer(self, answer)


def described(answer: Answer) -> str:
    """What became of a call, in a few words."""
    if isinstance(answer, Fault):
        number = "" if answer.number is None else f"{answer.number} "
        return f"it was refused: {number}{answer.text!r}"
    if isinstance(answer, Odd):
        return f"the answer (HTTP {answer.status}) cannot be read: {answer.why}"
    if isinstance(answer.value, tuple):
        return f"it returned {len(answer.value)} items"
    if isinstance(answer.value, str):
        return "it returned a text"
    return "it returned nothing" if answer.value is None else f"it returned {answer.value!r}"


def returned(check: Callable[[Any], str]) -> Check:
    """A call that was carried out, with a value that ``check`` finds nothing wrong with."""

    def of_answer(answer: Answer) -> str:
        return check(answer.value) if isinstance(answer, Returned) else described(answer)

    return of_answer


def number(accepts: Callable[[int], bool]) -> Check:
    """A call that returned a number that ``accepts`` says yes to."""

    def of_value(value: Any) -> str:
        good = isinstance(value, int) and not isinstance(value, bool) and accepts(value)
        return "" if good else f"it returned {value!r}"

    return returned(of_value)


def is_number(wanted: int) -> Check:
    """A call that returned this number."""
    return number(lambda value: value == wanted)


def any_number() -> Check:
    """A call that returned a number."""
    return number(lambda value: True)


_NUMBERS = {"invalid_login": 2800, "already_logged_in": 2801, "invalid_session_key": 2805}
_TEXTS = {"session_expired": "Expired", "login_on_expired_session": "Expired"}


class Refusals:
    """What refusals must be like: any fault; for those of the rules that name one, with its number or words."""

    def __init__(self, choices: Mapping[str, Any]) -> None:
        wordings: Mapping[str, Mapping[str, Any]] = getattr(choices, "wordings", {})
        self._wordings = wordings
        self._detail = choices.get("fault_detail")

    def check(self, name: str) -> Check:
        """The check of the refusal that profiles have this name for."""
        wording = self._wordings.get(name, {})
        wanted = wording.get("number", _NUMBERS.get(name))
        part = _TEXTS.get(name)
        if name in _TEXTS and wording.get("text"):
            part = None
        pattern = _pattern(wording["text"]) if part is None and name in _TEXTS else None

        def of_answer(answer: Answer) -> str:
            if not isinstance(answer, Fault):
                return described(answer)
            hidden = answer.number is None and self._detail != "error"
            if name in _NUMBERS and wanted is not None and answer.number != wanted and not hidden:
                return f"{described(answer)}, without the number {wanted}"
            if part is not None and part not in answer.text:
                return f"{described(answer)}, without the word {part!r}"
            if pattern is not None and not pattern.fullmatch(answer.text):
                return f"{described(answer)}, in other words than usual"
            return ""

        return of_answer


def _pattern(text: str) -> re.Pattern[str]:
    """A wording with anything in the places of its names in braces."""
    return re.compile(".*".join(re.escape(one) for one in re.split(r"\{\w+(?::[^}]*)?\}", text)), re.DOTALL)
