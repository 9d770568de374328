"""How a server words a refusal, read from its faults as a profile has it: with places for what changes in the text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from .answer import Answer, Fault

CODES = ("Client", "Server")
"""The codes of faults that a profile can give a refusal."""

Sample = Mapping[str, Any]
"""What was sent, by the names of the places that a mock fills in."""


def asked(refusal: str, ask: Callable[..., Answer], *samples: Sample) -> tuple[Answer, dict[str, Any] | None]:
    """Call with the first sample and, where that is refused, with the others; the first answer and the wording.

    The wording is that of ``refusal``, as :func:`wording` gives it; None where the first call was not refused.
    """
    first = ask(**samples[0])
    if not isinstance(first, Fault):
        return first, None
    seen = [(first, samples[0])]
    for one in samples[1:]:
        answer = ask(**one)
        if isinstance(answer, Fault):
            seen.append((answer, one))
    return first, wording(refusal, *seen)


def wording(refusal: str, *seen: tuple[Fault, Sample]) -> dict[str, Any]:
    """Number, code and text of a refusal from one or two of its faults, each with what was sent.

    They are named as a profile does: ``too_soon.number``, ``too_soon.code``, ``too_soon.text``. A part is left out
    where the faults do not say it, or say what no profile can.
    """
    first, sample = seen[0]
    if len(seen) > 1:
        text = _aligned(first.text, sample, seen[1][0].text, seen[1][1])
    else:
        text = _by_itself(first.text, sample)
    parts: dict[str, Any] = {} if first.number is None else {"number": first.number}
    if first.code in CODES:
        parts["code"] = first.code
    if text:
        parts["text"] = text
    return {f"{refusal}.{name}": one for name, one in parts.items()}


def _aligned(text: str, sample: Sample, other_text: str, other: Sample) -> str:
    """The text with places for what differs as the samples do; as it is where it differs in another way."""
    constant = {name: one for name, one in sample.items() if other.get(name) == one}
    pairs = [(name, _shown(name, one), _shown(name, other[name])) for name, one in sample.items() if name in other]
    pairs = sorted((one for one in pairs if one[1] != one[2]), key=lambda one: -len(one[1]))
    parts, literal, at, other_at = [], "", 0, 0
    while at < len(text) or other_at < len(other_text):
        for name, value, other_value in pairs:
            if value and text.startswith(value, at) and other_text.startswith(other_value, other_at):
                parts += [_by_itself(literal, constant), f"{{{name}}}"]
                literal, at, other_at = "", at + len(value), other_at + len(other_value)
                break
        else:
            if text[at : at + 1] != other_text[other_at : other_at + 1]:
                return text
            literal, at, other_at = literal + text[at], at + 1, other_at + 1
    return "".join([*parts, _by_itself(literal, constant)])


def _by_itself(text: str, sample: Sample) -> str:
    """The text with places for the values that stand in it as words of their own."""
    places = {_shown(name, one): f"{{{name}}}" for name, one in sample.items()}
    words = "|".join(re.escape(one) for one in sorted(filter(None, places), key=len, reverse=True))
    return re.sub(rf"(?<![\w.])(?:{words})(?![\w]|\.\d)", lambda found: places[found[0]], text) if words else text


def _shown(name: str, value: Any) -> str:
    """A value as it would stand in the text at its place."""
    return format(value, name.partition(":")[2])
