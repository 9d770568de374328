"""Each alternative of each open choice is told from the others by the clauses that observe it."""

from __future__ import annotations

from typing import Any

import pytest
from ccmm_contracts.choices import CHOICES
from ccmm_contracts.domain import INACTIVE_STATUSES
from ccmm_contracts.target import Target

from .helper import OBSERVING, learned, observers

pytestmark = pytest.mark.slow

_VALUES: dict[str, tuple[Any, ...]] = {
    "limit_return_value": (-1, 0, 1, 2, -2147483648, 2147483647),
    "limit_seconds": (0.0, 0.000001, 0.25, 1.0, 2.718281, 60.0, 86400.0),
    "find_cap": (0, 1, 25, 200, 449),
    "session_timeout": (0.0, 0.0001, 0.25, 20.0, 12.3456, 1_000_000.0),
}
_STATUS_IDS = (0, -7, 9_000_000_000)
_WITH: dict[str, dict[str, Any]] = {"limit_return_value": {"limit_answer": "return"}}
NEVER_SHOWN = {f"campaign_status_id_{one.lower()}" for one in INACTIVE_STATUSES}
"""No service shows a campaign in such a status, so nobody can see its number."""


def _alternatives() -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for one in CHOICES.values():
        if one.name in NEVER_SHOWN:
            continue
        words: tuple[Any, ...] = one.alternatives
        if one.alternatives == ("true", "false"):
            words = (True, False)
        elif "_status_id_" in one.name:
            words = _STATUS_IDS
        found += [(one.name, value) for value in _VALUES.get(one.name, words)]
    return found


@pytest.mark.parametrize(("name", "value"), _alternatives())
def test_an_alternative_is_told(target: Target, name: str, value: Any) -> None:
    known = learned(target, {name: value, **_WITH.get(name, {})}, observers(name))
    assert (name, known.get(name)) == (name, value)
    assert type(known[name]) is type(CHOICES[name].default)


@pytest.mark.parametrize("how", ["fault", "return", "delay"])
@pytest.mark.parametrize("scope", ["session", "user", "server"])
@pytest.mark.parametrize("is_shared", [False, True])
@pytest.mark.parametrize("counts", [False, True])
def test_limits_are_told_in_every_combination(
    target: Target, how: str, scope: str, is_shared: bool, counts: bool
) -> None:
    settings = {
        "limit_answer": how,
        "limit_scope": scope,
        "limit_shared": is_shared,
        "limit_counts_refused": counts,
    }
    assert dict(learned(target, settings, observers(*settings))) == settings | {
        "session_timeout": 20.0,
        **({"limit_return_value": -1} if how == "return" else {}),
    }


@pytest.mark.parametrize("how", ["fault", "return", "delay"])
def test_a_limit_that_outlives_many_sessions_is_measured_by_keeping_one_alive(target: Target, how: str) -> None:
    settings = {"limit_answer": how, "limit_seconds": 1.5, "session_timeout": 0.001}
    known = learned(target, settings, observers(*settings))
    assert (known["limit_seconds"], known["session_timeout"]) == (1.5, 0.001)


@pytest.mark.parametrize("scope", ["user", "server"])
def test_a_limit_of_a_user_is_measured_from_one_session_to_the_next(target: Target, scope: str) -> None:
    settings = {"limit_scope": scope, "limit_seconds": 3600.5, "session_timeout": 0.0001}
    known = learned(target, settings, observers(*settings))
    assert (known["limit_seconds"], known["limit_scope"]) == (3600.5, scope)


def test_a_limit_of_a_session_that_dies_much_sooner_is_not_told(target: Target) -> None:
    known = learned(target, {"limit_seconds": 3600.0, "session_timeout": 0.0001}, observers("limit_seconds"))
    assert known["limit_answer"] == "fault"
    assert "limit_seconds" not in known


def test_a_call_answered_with_1_and_not_carried_out_is_told_from_one_that_was(target: Target) -> None:
    settings = {"limit_answer": "return", "limit_return_value": 1, "limit_shared": True, "close_result": "one"}
    known = learned(target, settings, observers(*settings))
    assert {name: known[name] for name in settings} == settings


def test_every_choice_that_can_be_seen_has_a_clause_that_observes_it() -> None:
    assert {name for one in OBSERVING for name in one.choices} >= set(CHOICES) - NEVER_SHOWN
