"""What was seen of a server's open choices, as a profile that makes a mock do the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import tomli_w

from .choices import CHOICES, REFUSALS, Choices
from .domain import INACTIVE_STATUSES
from .report import Observation

_OF_THE_LIMIT = (
    "limit_answer",
    "limit_return_value",
    "limit_scope",
    "limit_shared",
    "limit_counts_refused",
    "too_soon",
)
_NEVER_SHOWN = {f"campaign_status_id_{one.lower()}": one for one in INACTIVE_STATUSES}
_REFUSED_WHERE = {
    "too_soon": "limit_answer",
    "not_logged_in": "unknown_logoff",
    "login_on_expired_session": "login_on_expired",
    "contact_already_closed": "closed_contact",
    "unknown_campaign": "unknown_campaign",
    "inactive_campaign": "inactive_campaign",
    "unknown_skillset": "unknown_skillset",
    "unknown_custom_field": "unknown_custom_field",
    "unknown_contact": "unknown_contact",
    "unknown_status_filter": "unknown_status_filter",
}
"""The choice that has to be ``fault`` for a refusal to be seen; the others are seen whatever is chosen."""


def profile_text(observations: Iterable[Observation], *, target: str, when: str) -> str:
    """A profile file: every choice that was seen, with what was seen as a comment above it, and the wordings.

    Ends with what was not seen and why, as comments. ``target`` and ``when`` are told as they are.
    """
    seen = list(observations)
    known = Choices.from_observations(seen)
    told = _told(seen)
    lines = [
        _comment(f"What {target} was seen to do where no paper says what it should, {when}."),
        "# For a mock that does the same: fake-ccmm serve --profile FILE",
    ]
    lines += [line for name in CHOICES if name in known for line in _choice_lines(name, known[name], told)]
    lines += [line for name in REFUSALS if name in known.wordings for line in _wording_lines(name, known, told)]
    others = [one.text for one in seen if not one.choices]
    if others:
        lines += ["", "# Seen too, and no choice says it:", *(_comment(f"  {one}") for one in others)]
    unseen = list(_unseen(known))
    if unseen:
        lines += ["", "# Not seen:", *(_comment(f"  {one}") for one in unseen)]
    return "\n".join(lines) + "\n"


def _told(observations: list[Observation]) -> dict[str, str]:
    """What was seen, by the choice, or the part of a wording, that it says something of."""
    return {name: one.text for one in observations for name in Choices(one.choices).settings()}


def _choice_lines(name: str, value: Any, told: dict[str, str]) -> Iterator[str]:
    info = CHOICES[name]
    yield ""
    yield _comment(f"{info.rules}: {told[name]}")
    yield _setting(name, value) + ("  # the mock's default" if value == info.default else "")


def _wording_lines(name: str, known: Choices, told: dict[str, str]) -> Iterator[str]:
    info = REFUSALS[name]
    parts = {f"{name}.{part}": one for part, one in known.wordings[name].items()}
    yield ""
    yield _comment(f"{info.rule}: {told[next(iter(parts))]}")
    for part, value in parts.items():
        is_default = value == getattr(info, part.rpartition(".")[2])
        yield _setting(part, value) + ("  # the mock's default" if is_default else "")


def _unseen(known: Choices) -> Iterator[str]:
    """What was not seen, each with the reason."""
    for name in CHOICES:
        if name not in known:
            yield f"{name}: {_why_not(name, known)}"
    for name in REFUSALS:
        if name not in known.wordings:
            where = _REFUSED_WHERE.get(name)
            is_other = where is not None and known.get(where, "fault") != "fault"
            why = f"{where} is not fault, so there is no such refusal" if is_other else _why_not(name, known)
            yield f"the wording of {name}: {why}"


def _why_not(name: str, known: Choices) -> str:
    if name in _NEVER_SHOWN:
        return f"no operation shows a campaign that is {_NEVER_SHOWN[name]}"
    if name in _OF_THE_LIMIT and known.get("limit_seconds") == 0:
        return "there is no limit"
    if name == "limit_return_value" and known.get("limit_answer", "return") != "return":
        return "a call that comes too soon is not answered with a number"
    return "could not be tried, or showed nothing that is a choice"


def _setting(name: str, value: Any) -> str:
    return tomli_w.dumps({name: value}).strip()


def _comment(text: str) -> str:
    """A comment, whatever a server had in the text."""
    return "# " + "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)
