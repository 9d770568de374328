"""The unbroken mock is never blamed, whatever its profile, and whatever the kit happens to generate."""

from __future__ import annotations

import os
from typing import Any

from ccmm_contracts.report import ExitCode, Outcome
from ccmm_contracts.run import run_server
from ccmm_contracts.target import ServerOptions
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from fake_ccmm import FakeCcmm, make_profile

from .learning.test_round_trip import _profiles

_IS_DEEP = os.environ.get("FAKE_CCMM_HYPOTHESIS") == "deep"


# The first example is always the default profile. One that fails is not made shorter: a run takes too long for that.
@given(chosen=_profiles(), seed=st.integers(0, 2**32 - 1))
@settings(max_examples=50 if _IS_DEEP else 3, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_the_unbroken_mock_is_blamed_for_nothing(chosen: dict[str, Any], seed: int) -> None:
    with FakeCcmm(profile=make_profile(chosen), log=None) as ccmm:
        report = run_server(ServerOptions(url=ccmm.url, seed=seed, deep=_IS_DEEP), lambda event: None)
        assert ccmm.center.sessions() == []
    blamed = {
        one.contract.id: one.finding.message if one.finding else one.reason
        for one in report.results
        if one.outcome in (Outcome.BROKEN, Outcome.SETUP)
    }
    assert (blamed, report.set_up, report.left_behind) == ({}, "", ())
    assert report.exit_code is ExitCode.HOLDS
    assert report.count(Outcome.HOLDS) > 0
