"""Profiles of a mock at random, and how much of one is known."""

from __future__ import annotations

from typing import Any

from ccmm_contracts.choices import CHOICES, FLAG, WORD, ChoiceInfo
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

DEFAULTS = {one.name: one.default for one in CHOICES.values()}

_NUMBERS: dict[str, tuple[Any, ...]] = {
    "limit_return_value": (-1, 0, -3, 7),
    "limit_seconds": (1.0, 0.5, 0.0, 2.0),
    "session_timeout": (20.0, 1.0, 0.0, 120.0),
    "find_cap": (0, 1, 2, 5),
}
_STATUS_NUMBERS = (0, 1, 2, 3, 7, -1, 100)


def _values(one: ChoiceInfo) -> SearchStrategy[Any]:
    if one.kind == FLAG:
        return st.booleans()
    if one.kind == WORD:
        return st.sampled_from(one.alternatives)
    return st.sampled_from(_NUMBERS[one.name])


def _numbered(kind: str) -> SearchStrategy[dict[str, Any]]:
    names = [name for name in CHOICES if name.startswith(kind)]
    return st.permutations(_STATUS_NUMBERS).map(lambda numbers: dict(zip(names, numbers, strict=False)))


def profiles() -> SearchStrategy[dict[str, Any]]:
    """Every choice made at random; no two statuses have one number."""
    statuses = [_numbered(kind) for kind in ("campaign_status_id_", "contact_status_id_")]
    others = st.fixed_dictionaries({name: _values(one) for name, one in CHOICES.items() if "_status_id_" not in name})
    return st.tuples(others, *statuses).map(lambda parts: {name: one for part in parts for name, one in part.items()})


@st.composite
def partly_known(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A profile, and the part of it that is known. Of a limit nobody can expect another second than the paper's."""
    profile = draw(profiles())
    known = {name: value for name, value in profile.items() if draw(st.booleans())}
    if "limit_seconds" not in known:
        profile["limit_seconds"] = 1.0
    return profile, known
