"""The fixtures as a test has them: a center of its own on the session's server, made as the test says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from fake_ccmm import (
    Administrator,
    CampaignSeed,
    ClockSeed,
    CloseOne,
    FakeCcmm,
    FaultRule,
    Generate,
    HttpError,
    NamedCenter,
    Seed,
    Skillset,
    TimelineEvent,
)

from ..running.soap import call, log_in
from .conftest import Run

NOON = datetime(2026, 3, 4, 12)
AUTUMN = Seed(
    administrators=(Administrator("ann", "secret"),),
    skillsets=(Skillset(1, "Sales"),),
    campaigns=(CampaignSeed(7, "Autumn", skillset=1, generate=Generate(3)),),
    profile={"find_cap": 5, "too_soon": {"text": "Not so fast"}},
    clock=ClockSeed(start=datetime(2026, 1, 1)),
    timeline=(TimelineEvent(CloseOne(7, 1), name="closes", at=datetime(2026, 6, 1)),),
    faults=(FaultRule(name="ill", do=HttpError(), rate=0.5),),
)


@pytest.fixture
def changes(ccmm: NamedCenter) -> Iterator[NamedCenter]:
    """The center, which is as it was once it is reset."""
    before = ccmm.world.state()
    yield ccmm
    ccmm.center.add_administrator(Administrator("new", "secret"))
    ccmm.clock.to_real_time()
    ccmm.faults.clear()
    ccmm.timeline.clear()
    ccmm.reset()
    after = ccmm.world.state()
    assert (after.clock, after.timeline, after.faults) == (before.clock, before.timeline, before.faults)
    assert after.center.profile == before.center.profile
    assert "new" not in [one.username for one in ccmm.center.administrators()]


def test_the_center_is_the_demo_center_and_says_where_it_is(ccmm: NamedCenter, ccmm_server: FakeCcmm) -> None:
    assert ccmm.url == f"{ccmm_server.url}/centers/{ccmm.name}"
    assert (ccmm.user, ccmm.password) == ("apiuser", "apipassword")
    key = log_in(ccmm.utility_url, ccmm.user, ccmm.password)
    assert "Spring Renewals" in call(ccmm.campaign_url, "GetCampaigns", sessionKey=key)
    assert ccmm.journal.verify("GetCampaigns").once()[0].user == "apiuser"
    assert not ccmm.clock.is_frozen


def test_each_test_has_its_own_center_which_is_gone_afterwards(run: Run) -> None:
    result = run(
        """
        import pytest
        seen = []

        @pytest.mark.parametrize("number", range(3))
        def test_log_in(ccmm, number):
            assert log_in(ccmm.utility_url, "apiuser", "apipassword").endswith("__apiuser")
            assert all(get(one).startswith("There is no center") for one in seen)
            seen.append(ccmm.utility_url)

        def test_removed_by_the_test_itself(ccmm):
            ccmm.remove()

        def test_server(ccmm_server):
            assert len(set(seen)) == 3
            assert all(one.startswith(ccmm_server.url) for one in seen)
        """
    )
    result.assert_outcomes(passed=5)


def test_a_campaign_is_added_to_the_tests_own_center(ccmm: NamedCenter, ccmm_server: FakeCcmm) -> None:
    campaign_id = ccmm.add_campaign("Winter", contacts=2)
    assert len(ccmm.center.contacts(campaign_id)) == 2
    assert "Winter" not in [one.details.name for one in ccmm_server.center.campaigns()]


@pytest.mark.ccmm(clock="frozen")
def test_a_marker_freezes_the_clock(changes: NamedCenter) -> None:
    assert changes.clock.is_frozen
    assert changes.user == "apiuser"


@pytest.mark.ccmm(clock=NOON)
def test_a_marker_says_what_time_it_is(changes: NamedCenter) -> None:
    assert (changes.clock.now(), changes.clock.is_frozen) == (NOON, True)


@pytest.mark.ccmm(clock=ClockSeed(start=NOON))
def test_a_clock_can_run_from_a_moment(ccmm: NamedCenter) -> None:
    assert not ccmm.clock.is_frozen
    assert ccmm.clock.now() >= NOON


@pytest.mark.ccmm(profile={"find_cap": 3, "too_soon": {"number": 1}, "invalid_login.text": "No"})
def test_a_marker_makes_choices_of_the_profile(changes: NamedCenter) -> None:
    profile = changes.center.profile
    assert profile.find_cap == 3
    assert {name: (one.number, one.text) for name, one in profile.wordings.items()} == {
        "too_soon": (1, None),
        "invalid_login": (None, "No"),
    }


@pytest.mark.ccmm(seed={"administrators": [{"username": "ann", "password": "secret"}]})
def test_a_marker_says_what_the_center_is_made_from(changes: NamedCenter) -> None:
    assert (changes.user, changes.center.campaigns()) == ("ann", [])


@pytest.mark.ccmm(profile={"find_cap": 1})
class TestMarkersOnSeveralLevels:
    """A class and a test may each say something; the nearer one counts."""

    @pytest.mark.ccmm(clock="frozen")
    def test_each_says_something_else(self, ccmm: NamedCenter) -> None:
        assert (ccmm.center.profile.find_cap, ccmm.clock.is_frozen) == (1, True)

    @pytest.mark.ccmm(profile={"find_cap": 2})
    def test_the_nearer_one_counts(self, ccmm: NamedCenter) -> None:
        assert ccmm.center.profile.find_cap == 2


class TestASeed:
    """The fixture ``ccmm_seed``, overridden."""

    @pytest.fixture
    def ccmm_seed(self) -> Seed:
        return AUTUMN

    @pytest.mark.parametrize("time", range(2))
    def test_every_center_is_made_from_it(self, changes: NamedCenter, time: int) -> None:
        assert (changes.user, len(changes.center.contacts(7))) == ("ann", 3)
        assert changes.center.last_contact_id == 3
        changes.add_campaign(contacts=1)
        assert [one.name for one in changes.faults.rules()] == ["ill"]
        assert [one.name for one in changes.timeline.events()] == ["closes"]

    @pytest.mark.ccmm(clock="frozen", profile={"find_cap": 6, "too_soon": {"number": 1}})
    def test_a_marker_changes_clock_and_profile_and_nothing_else(self, changes: NamedCenter) -> None:
        assert (changes.clock.now(), changes.clock.is_frozen) == (datetime(2026, 1, 1), True)
        assert changes.center.profile.find_cap == 6
        assert changes.center.profile.wordings["too_soon"].number == 1
        assert [one.name for one in changes.timeline.events()] == ["closes"]
        assert [one.name for one in changes.faults.rules()] == ["ill"]

    @pytest.mark.ccmm(seed=None)
    def test_a_marker_goes_back_to_what_the_server_was_started_with(self, ccmm: NamedCenter) -> None:
        assert ccmm.user == "apiuser"


@pytest.mark.parametrize("ccmm_seed", [Path("center.toml"), "center.toml", {"skillsets": []}])
def test_a_seed_is_a_path_or_a_mapping_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ccmm_seed: Any, request: pytest.FixtureRequest
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "center.toml").write_text("[[skillsets]]\nskillset_id = 1\nname = 'Sales'\n", "utf-8")
    ccmm: NamedCenter = request.getfixturevalue("ccmm")
    assert ccmm.center.skillsets() == ([] if isinstance(ccmm_seed, Mapping) else [Skillset(1, "Sales")])


def test_the_servers_settings_are_those_of_fake_ccmm(run: Run) -> None:
    result = run(
        """
        import pytest

        def test_default(ccmm):
            assert ccmm.user == "ann"
            assert not ccmm.clock.is_frozen

        @pytest.mark.ccmm(clock="frozen")
        def test_changed(ccmm, ccmm_server):
            assert ccmm.user == ccmm_server.user == "ann"
            assert [one.name for one in ccmm.faults.rules()] == ["ill"]
            assert ccmm.clock.is_frozen
            assert ccmm_server.control_token == "shown"
        """,
        conftest="""
        import pytest

        @pytest.fixture(scope="session")
        def ccmm_settings():
            faults = [{"name": "ill", "do": {"kind": "http-error"}, "rate": 0.5}]
            seed = {"administrators": [{"username": "ann", "password": "secret"}], "faults": faults}
            return {"seed": seed, "control_token": "shown"}
        """,
    )
    result.assert_outcomes(passed=2)


def test_a_marker_that_says_nothing_sensible_is_told_so(run: Run) -> None:
    result = run(
        """
        import pytest

        @pytest.mark.ccmm(sed=1)
        def test_misspelt(ccmm):
            pass

        @pytest.mark.ccmm("frozen")
        def test_without_a_name(ccmm):
            pass

        @pytest.mark.ccmm(clock="stopped")
        def test_no_clock(ccmm):
            pass

        @pytest.mark.ccmm(profile={"find_cop": 1})
        def test_no_choice(ccmm):
            pass
        """
    )
    result.assert_outcomes(errors=4)
    result.stdout.fnmatch_lines(
        [
            "E * the marker ccmm takes seed=, profile= and clock=, not sed",
            "E * the marker ccmm takes seed=, profile= and clock=, not 'frozen'",
            "E * the marker ccmm takes clock='frozen', a datetime or a ClockSeed, not 'stopped'",
            "E * there is no choice named 'find_cop'*",
        ]
    )


def test_markers_are_listed_with_what_they_take(run: Run) -> None:
    run("", "--markers").stdout.fnmatch_lines(["@pytest.mark.ccmm(seed=..., profile={...}, clock=...): *"])


def test_without_the_plugin_there_are_no_fixtures(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(ccmm): pass")
    result = pytester.runpytest_inprocess("-p", "no:fake_ccmm", "-p", "no:cacheprovider")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*fixture 'ccmm' not found"])
