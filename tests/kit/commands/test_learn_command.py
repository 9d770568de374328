"""``ccmm-contracts learn``: what was seen of a server becomes a profile that the mock takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from fake_ccmm import FakeCcmm
from fake_ccmm.profile import load_profile, make_profile

from .command import ccmm_contracts

CHOSEN = {
    "limit_answer": "return",
    "limit_return_value": -7,
    "limit_seconds": 2.5,
    "closed_in_pages": False,
    "session_timeout": 3.0,
    "dates": "utc",
    "contact_status_id_closed": 99,
    "invalid_login.text": "No such luck, {username}",
}


def test_a_profile_that_was_learnt_is_the_one_that_was_served(folder: Path) -> None:
    with FakeCcmm(profile=CHOSEN) as ccmm:
        ended = ccmm_contracts("learn", ccmm.url, "-o", "profile.toml")
        assert ended.status == 0, ended.out
    learnt, served = make_profile(load_profile(folder / "profile.toml")), make_profile(CHOSEN)
    for name in CHOSEN:
        if "." not in name:
            assert getattr(learnt, name) == getattr(served, name), name
    assert learnt.wordings["invalid_login"].text == "No such luck, {username}"


def test_a_profile_can_go_to_standard_output(ccmm: FakeCcmm, folder: Path) -> None:
    ended = ccmm_contracts("learn", ccmm.url, "--only", "A4")
    assert ended.status == 0
    (folder / "profile.toml").write_text(ended.out, "utf-8")
    assert make_profile(load_profile(folder / "profile.toml")).limit_seconds == 1.0


@pytest.mark.parametrize("options", [(), ("-o", "profile.toml")])
def test_nothing_is_learnt_of_a_server_that_is_not_there(folder: Path, options: tuple[str, ...]) -> None:
    ended = ccmm_contracts("learn", "http://127.0.0.1:9", *options)
    assert ended.status == 2
    assert "127.0.0.1:9" in ended.out + ended.errors
    assert not (folder / "profile.toml").exists()
