"""What the kit learns from a mock makes another mock the same, whatever the profile."""

from __future__ import annotations

import os
from typing import Any

import pytest
from ccmm_contracts.choices import CHOICES, REFUSALS, Choices
from ccmm_contracts.target import Target
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from fake_ccmm import make_profile
from fake_ccmm.errors import REFUSALS as THEIRS

from .helper import observe, stage_of
from .test_alternatives import NEVER_SHOWN

pytestmark = pytest.mark.slow

_IS_DEEP = os.environ.get("FAKE_CCMM_HYPOTHESIS") == "deep"
_LONGEST_LIMIT = 100_000_000
_MOST_FOUND = 450
"""How many contacts the kit looks for; a cap from there on cannot be told from none."""
_MOST_STEPS = 150
"""A limit of a session that is this many times as long as the session lives is not measured for sure."""
_ids = st.one_of(st.integers(-3, 9), st.integers(-(1 << 63), (1 << 63) - 1))


def _words(name: str) -> st.SearchStrategy[Any]:
    return st.sampled_from(CHOICES[name].alternatives)


_OF_NUMBERS: dict[str, st.SearchStrategy[Any]] = {
    "limit_return_value": st.one_of(st.integers(-2, 2), st.integers(-(1 << 31), (1 << 31) - 1)),
    "limit_seconds": st.one_of(
        st.sampled_from([0.0, 0.5, 1.0, 30.0]), st.integers(1, _LONGEST_LIMIT).map(lambda one: one / 1_000_000)
    ),
    "find_cap": st.one_of(st.just(0), st.integers(1, _MOST_FOUND - 1)),
    "session_timeout": st.one_of(
        st.sampled_from([0.0, 20.0, 0.0001, 0.5]), st.integers(1, 100_000_000).map(lambda one: one / 10_000)
    ),
}


def _choice(name: str) -> st.SearchStrategy[Any]:
    if name in _OF_NUMBERS:
        return _OF_NUMBERS[name]
    if "_status_id_" in name:
        return _ids
    return st.booleans() if isinstance(CHOICES[name].default, bool) else _words(name)


_letters = st.characters(min_codepoint=32, max_codepoint=0x2FFFF, exclude_categories=["Cs", "Cc", "Cn", "Co"])
"""What a fault's text may hold besides: no white space but blanks, which XML and its readers may change."""


@st.composite
def _texts(draw: st.DrawFn, refusal: str) -> str:
    """A text with some of the refusal's places in it, and some braces that are none."""
    places = sorted(_sample(refusal))
    parts = draw(
        st.lists(
            st.one_of(
                st.text(_letters, min_size=1, max_size=12),
                st.sampled_from([f"{{{one}}}" for one in places] or ["x"]),
                st.sampled_from(["{nonsense}", "{", "}", "{}", "{{", "1", "1.5", "101", "C"]),
            ),
            min_size=1,
            max_size=5,
        )
    )
    text = "".join(parts)
    assume(text == text.strip())
    return text


def _sample(refusal: str) -> dict[str, Any]:
    """What a mock fills the places of a refusal's text with, for example."""
    every = {
        "username": "ann",
        "operation": "CloseContact",
        "seconds": 2.5,
        "campaign_id": 4711,
        "status": "Cancelled",
        "skillset_id": 99,
        "field_name": "Colour",
        "contact": "12",
        "disposition_code": 815,
    }
    return {name: value for name, value in every.items() if f"{{{name}" in REFUSALS[refusal].text}


_wording: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict, number=st.integers(-(1 << 31), (1 << 31) - 1), code=st.sampled_from(["Client", "Server"])
)


@st.composite
def _profiles(draw: st.DrawFn) -> dict[str, Any]:
    """Settings of a profile as ``make_profile`` takes them."""
    names = draw(st.sets(st.sampled_from(sorted(CHOICES))))
    chosen = {name: draw(_choice(name)) for name in sorted(names)}
    for refusal in sorted(draw(st.sets(st.sampled_from(sorted(REFUSALS)), max_size=6))):
        parts = draw(_wording) | {"text": draw(_texts(refusal))}
        chosen |= {f"{refusal}.{part}": value for part, value in parts.items()}
    return chosen


def _what_can_be_seen(chosen: dict[str, Any]) -> dict[str, Any]:
    """The choices that somebody who calls the services can see, and the reason for each one that he cannot."""
    profile = make_profile(chosen)
    seen = {name: getattr(profile, name) for name in CHOICES}
    unseen = set(NEVER_SHOWN)  # no operation shows a campaign that is Closed, Completed or Cancelled
    if profile.limit_seconds == 0:  # nobody is limited, so nothing shows how
        unseen |= {"limit_answer", "limit_return_value", "limit_scope", "limit_shared", "limit_counts_refused"}
    if profile.limit_answer != "return":  # nothing is returned
        unseen.add("limit_return_value")
    # A session is gone before its limit is over, unless it is kept alive by more calls than anybody makes.
    dies = profile.session_timeout > 0 and profile.limit_scope == "session"
    if dies and profile.limit_seconds > 60 * profile.session_timeout * _MOST_STEPS:
        unseen.add("limit_seconds")
    return {name: value for name, value in seen.items() if name not in unseen}


def _refusals_that_can_be_seen(chosen: dict[str, Any]) -> set[str]:
    profile = make_profile(chosen)
    needs = {
        "too_soon": profile.limit_answer == "fault" and profile.limit_seconds > 0,
        "not_logged_in": profile.unknown_logoff == "fault",
        "login_on_expired_session": profile.login_on_expired == "fault",
        "contact_already_closed": profile.closed_contact == "fault",
        **{name: getattr(profile, name) == "fault" for name in REFUSALS if name in CHOICES},
    }
    return {name for name in REFUSALS if needs.get(name, True)}


def _worded(settings: dict[str, Any], refusal: str, sample: dict[str, Any]) -> tuple[int | None, str, str]:
    """How a mock with these settings words a refusal; without a number where its faults have none."""
    profile = make_profile(settings)
    number, code, text = profile.wording_of(THEIRS[refusal](**sample))
    return (number if profile.fault_detail == "error" else None), code, text


@given(chosen=_profiles())
@settings(max_examples=150 if _IS_DEEP else 10)
@example(chosen={})
@example(chosen={"limit_answer": "delay", "limit_seconds": 2.25, "session_timeout": 0.0001, "limit_scope": "user"})
@example(
    chosen={"fault_detail": "plain", "unknown_logoff": "fault", "not_logged_in.text": "{username}{username} {nobody}"}
)
def test_learning_from_a_mock_gives_its_profile_back(target: Target, chosen: dict[str, Any]) -> None:
    with stage_of(target, chosen) as stage:
        observations = observe(stage)
    known = Choices.from_observations(observations)
    wanted = _what_can_be_seen(chosen)
    assert {name: known.get(name) for name in wanted} == wanted
    assert set(known.wordings) == _refusals_that_can_be_seen(chosen)
    for refusal in known.wordings:
        sample = _sample(refusal)
        if "seconds" in sample:  # there is but one limit to fill in
            sample["seconds"] = make_profile(chosen).limit_seconds
        assert _worded(known.settings(), refusal, sample) == _worded(chosen, refusal, sample)
