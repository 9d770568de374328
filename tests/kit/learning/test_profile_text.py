"""The profile that is written is one that a mock takes, and says what was seen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ccmm_contracts.learning import profile_text
from ccmm_contracts.report import Observation
from ccmm_contracts.target import Target

from fake_ccmm import Profile, make_profile
from fake_ccmm.profile import load_profile

from .helper import observe, stage_of

pytestmark = pytest.mark.slow

_SETTINGS: dict[str, Any] = {
    "limit_answer": "return",
    "limit_return_value": -9,
    "limit_seconds": 0.000001,
    "unknown_campaign": "fault",
    "unknown_campaign.text": 'No "{campaign_id}" \\ {here}',
    "unknown_campaign.number": -5,
    "session_timeout": 0.0,
    "closed_in_pages": False,
}


def _read(text: str, folder: Path) -> Profile:
    path = folder / "profile.toml"
    path.write_text(text, "utf-8")
    return make_profile(load_profile(path))


def test_a_mock_takes_what_was_learned_from_another(target: Target, tmp_path: Path) -> None:
    with stage_of(target, _SETTINGS) as stage:
        text = profile_text(observe(stage), target="http://ccmm", when="2030-01-01")
    profile, wanted = _read(text, tmp_path), make_profile(_SETTINGS)
    differing = [name for name in Profile.__dataclass_fields__ if getattr(profile, name) != getattr(wanted, name)]
    assert differing == ["wordings"]
    assert profile.wordings["unknown_campaign"].text == _SETTINGS["unknown_campaign.text"]
    assert profile.wordings["unknown_campaign"].number == -5


def test_each_setting_has_what_was_seen_above_it_and_under_which_rule(tmp_path: Path) -> None:
    seen = [Observation("appended twice", {"limit_answer": "return", "limit_return_value": 7})]
    lines = profile_text(seen, target="http://ccmm", when="in May").splitlines()
    assert lines[0] == "# What http://ccmm was seen to do where no paper says what it should, in May."
    at = lines.index('limit_answer = "return"')
    assert lines[at - 1] == "# A4 X5: appended twice"
    assert "limit_return_value = 7" in lines


def test_a_setting_that_is_the_mocks_default_is_written_and_said_to_be(tmp_path: Path) -> None:
    text = profile_text([Observation("x", {"find_cap": 0})], target="t", when="now")
    assert "find_cap = 0  # the mock's default\n" in text


def test_what_was_not_seen_is_listed_with_the_reason() -> None:
    seen = [Observation("x", {"limit_answer": "fault", "unknown_logoff": "ignore"})]
    text = profile_text(seen, target="t", when="now")
    assert "#   campaign_status_id_closed: no operation shows a campaign that is Closed\n" in text
    assert "#   limit_return_value: a call that comes too soon is not answered with a number\n" in text
    assert "#   the wording of not_logged_in: unknown_logoff is not fault, so there is no such refusal\n" in text
    assert "#   find_cap: could not be tried, or showed nothing that is a choice\n" in text


def test_where_there_is_no_limit_nothing_more_is_said_of_it() -> None:
    text = profile_text([Observation("x", {"limit_seconds": 0.0})], target="t", when="now")
    assert "#   limit_answer: there is no limit\n" in text
    assert "#   the wording of too_soon: there is no limit\n" in text


def test_what_no_choice_says_is_listed_too() -> None:
    text = profile_text([Observation("it returned 17")], target="t", when="now")
    assert "# Seen too, and no choice says it:\n#   it returned 17\n" in text


def test_a_servers_words_cannot_break_out_of_a_comment_or_a_setting(tmp_path: Path) -> None:
    evil = 'no\nfind_cap = 5\r\x00\x1b[31m"""\x7f\u2028'
    seen = [Observation(evil, {"too_soon": {"text": 'a"b\\c\nd'}}), Observation(evil)]
    text = profile_text(seen, target=evil, when=evil)
    profile = _read(text, tmp_path)
    assert profile.find_cap == 0
    assert profile.wordings["too_soon"].text == 'a"b\\c\nd'
