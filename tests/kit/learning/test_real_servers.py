"""On a server that the kit cannot steer, observing needs few calls, and leave to write where it writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from ccmm_contracts import pacing
from ccmm_contracts import stage as stage_module
from ccmm_contracts.choices import Choices
from ccmm_contracts.clause import Clause, Need
from ccmm_contracts.clauses import observed_limits
from ccmm_contracts.report import Observation
from ccmm_contracts.stage import Stage
from ccmm_contracts.target import ServerOptions, Target

from fake_ccmm import FakeCcmm, SettableClock, make_profile

from .helper import OBSERVING, observe

pytestmark = pytest.mark.slow

_MAIN = 26
_SEED: dict[str, Any] = {
    "administrators": [{"username": "ann", "password": "wonder"}, {"username": "bob", "password": "builder"}],
    "skillsets": [{"skillset_id": 7, "name": "Sales"}],
    "campaigns": [
        {
            "campaign_id": _MAIN,
            "name": "Autumn",
            "status": "Running",
            "skillset": {"skillset_id": 7, "name": "Sales"},
            "date_created": "2030-01-02T03:04:05Z",
            "disposition_codes": [{"disposition_code_id": 11, "name": "Done", "numeric_value": 501}],
            "custom_field_names": ["Account"],
            "contacts": [
                {
                    "first_name": "Zoë",
                    "skillset_id": 7,
                    "phone_number": {"int_code": "353", "area_code": "91", "phone_no": "757001"},
                    "custom_fields": [{"name": "Account", "text": "A-1"}],
                },
                {"first_name": "Jan", "skillset_id": 7, "status": "Closed"},
            ],
        }
    ],
}
_OTHER_CHOICES: dict[str, Any] = {
    "unknown_campaign": "empty",
    "unknown_contact": "empty",
    "empty_page": "null-list",
    "unknown_custom_field": "fault",
    "unknown_status_filter": "empty",
    "blank_phone_part": "any",
    "unknown_logoff": "fault",
    "dates": "utc",
    "fault_detail": "plain",
    "contact_status_id_new": 70,
    "contact_status_id_closed": 72,
    "campaign_status_id_running": 60,
}
_OTHER_WRITTEN: dict[str, Any] = {
    "limit_answer": "return",
    "limit_return_value": 1,
    "limit_scope": "server",
    "limit_shared": True,
    "limit_counts_refused": True,
    "close_matches": "all",
    "close_result": "contact-id",
    "disposition_by": "numeric-value",
    "closed_in_pages": False,
    "unknown_skillset": "accept",
    "append_campaign_name": "campaign",
    "closed_contact": "fault",
}


class _CentersTime:
    """In place of the machine's time: the clock of the center, which moves only while somebody waits."""

    def __init__(self, clock: SettableClock) -> None:
        self._clock = clock

    def monotonic(self) -> float:
        return self._clock.microseconds() / 1_000_000

    def sleep(self, seconds: float) -> None:
        self._clock.advance(seconds)


@pytest.fixture
def ccmm() -> Iterator[FakeCcmm]:
    """A mock that plays a real server."""
    with FakeCcmm(seed=_SEED) as served:
        yield served


def _observed(ccmm: FakeCcmm, profile: Mapping[str, Any], tried: list[Clause], **options: Any) -> list[Observation]:
    ccmm.center.set_profile(make_profile(profile))
    options = {"user": "ann", "password": "wonder", "second_user": "bob", "second_password": "builder", **options}
    with Target(ServerOptions(url=ccmm.url, control=False, **options)) as target:
        return observe(Stage(target), tried)


def _possible(*has: Need) -> list[Clause]:
    return [one for one in OBSERVING if one.needs <= set(has)]


def _waits_by(clock: SettableClock, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (stage_module, pacing, observed_limits):
        monkeypatch.setattr(module, "time", _CentersTime(clock))


@pytest.mark.parametrize("settings", [{}, _OTHER_CHOICES])
def test_reading_alone_tells_much_and_changes_nothing(ccmm: FakeCcmm, settings: dict[str, Any]) -> None:
    before = ccmm.export()
    known = Choices.from_observations(_observed(ccmm, settings, _possible()))
    profile = make_profile(settings)
    assert {name: known[name] for name in _OTHER_CHOICES} == {name: getattr(profile, name) for name in _OTHER_CHOICES}
    assert ccmm.export().campaigns == before.campaigns
    assert not ccmm.center.usernames()


@pytest.mark.parametrize("settings", [{}, _OTHER_WRITTEN])
def test_writing_tells_more_and_waits_for_each_second(
    ccmm: FakeCcmm, settings: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    ccmm.clock.freeze()
    _waits_by(ccmm.clock, monkeypatch)
    seen = _observed(ccmm, settings, _possible(Need.WRITE), write=True, campaign=_MAIN)
    known = Choices.from_observations(seen)
    profile = make_profile(settings)
    wanted = {name: getattr(profile, name) for name in (*_OTHER_WRITTEN, "limit_seconds")}
    if not settings:
        del wanted["limit_return_value"]
    assert {name: known.get(name) for name in wanted} == wanted
    assert known.wordings.get("too_soon", {}).get("text") == (
        None if settings else "{operation} can only be called every {seconds:g} seconds"
    )


def test_whether_a_closed_contact_is_closed_again_no_operation_shows(
    ccmm: FakeCcmm, monkeypatch: pytest.MonkeyPatch
) -> None:
    ccmm.clock.freeze()
    _waits_by(ccmm.clock, monkeypatch)
    tried = [one for one in OBSERVING if "closed_contact" in one.choices]
    seen = _observed(ccmm, {"closed_contact": "again"}, tried, write=True, campaign=_MAIN)
    assert [dict(one.choices) for one in seen] == [{}]
    assert "no operation shows" in seen[0].text


def test_a_limit_other_than_a_second_is_told_but_not_measured(ccmm: FakeCcmm, monkeypatch: pytest.MonkeyPatch) -> None:
    ccmm.clock.freeze()
    _waits_by(ccmm.clock, monkeypatch)
    tried = [one for one in OBSERVING if one.contract.id in ("A4.how", "A4.seconds")]
    seen = _observed(ccmm, {"limit_seconds": 30}, tried, write=True, campaign=_MAIN)
    known = Choices.from_observations(seen)
    assert known["limit_answer"] == "fault"
    assert "limit_seconds" not in known


def test_two_appends_at_once_show_that_there_is_no_limit(ccmm: FakeCcmm, monkeypatch: pytest.MonkeyPatch) -> None:
    ccmm.clock.freeze()
    _waits_by(ccmm.clock, monkeypatch)
    tried = [one for one in OBSERVING if one.contract.id.startswith("A4.")]
    known = Choices.from_observations(_observed(ccmm, {"limit_seconds": 0}, tried, write=True, campaign=_MAIN))
    assert dict(known) == {"limit_seconds": 0.0}


def test_an_append_that_takes_long_was_held(ccmm: FakeCcmm) -> None:
    tried = [one for one in OBSERVING if one.contract.id == "A4.how"]
    settings = {"limit_answer": "delay", "limit_seconds": 0.7}
    known = Choices.from_observations(_observed(ccmm, settings, tried, write=True, campaign=_MAIN))
    assert dict(known) == {"limit_answer": "delay"}
