"""The unbroken mock is never blamed, whatever its profile, and whatever the kit happens to generate."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

import pytest
from ccmm_contracts.report import ExitCode, Outcome
from ccmm_contracts.run import run_server
from ccmm_contracts.target import ServerOptions
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from fake_ccmm import FakeCcmm, make_profile

from .learning.test_round_trip import _profiles

pytestmark = pytest.mark.slow

_IS_DEEP = os.environ.get("FAKE_CCMM_HYPOTHESIS") == "deep"
_RUNS = 50 if _IS_DEEP else 2


@cache
def _profiles_and_seeds() -> list[tuple[dict[str, Any], int]]:
    """The profiles to try, each with the seed of its run; the first one is always the default profile.

    They are drawn beforehand, since what the kit does draws examples of its own.
    """
    drawn: list[tuple[dict[str, Any], int]] = []

    @settings(max_examples=_RUNS, phases=[Phase.generate])
    @given(chosen=_profiles(), seed=st.integers(0, 2**32 - 1))
    def draw(chosen: dict[str, Any], seed: int) -> None:
        drawn.append((chosen, seed))

    draw()
    return drawn


@pytest.mark.parametrize("number", range(_RUNS))
def test_the_unbroken_mock_is_blamed_for_nothing(number: int) -> None:
    chosen, seed = _profiles_and_seeds()[number]
    with FakeCcmm(profile=make_profile(chosen), log=None) as ccmm:
        report = run_server(ServerOptions(url=ccmm.url, seed=seed, deep=_IS_DEEP), lambda event: None)
        assert ccmm.center.sessions() == []
    blamed = {
        one.contract.id: one.finding.message if one.finding else one.reason
        for one in report.results
        if one.outcome in (Outcome.BROKEN, Outcome.SETUP)
    }
    assert (blamed, report.set_up, report.left_behind) == ({}, "", ()), f"profile {chosen}, seed {seed}"
    assert report.exit_code is ExitCode.HOLDS
    assert report.count(Outcome.HOLDS) > 0
