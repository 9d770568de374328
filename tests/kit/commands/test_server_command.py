"""``ccmm-contracts server``: what it says of servers that keep the rules, of one that does not, and what it leaves."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from fake_ccmm import FakeCcmm
from fake_ccmm.center import ContactCenter

from .command import ccmm_contracts


def test_a_mock_keeps_every_rule_and_gets_back_what_it_held(ccmm: FakeCcmm, folder: Path) -> None:
    key = ccmm.center.log_in(ccmm.user, ccmm.password)
    before = ccmm.center.campaigns()
    now = ccmm.center.clock.now()
    ended = ccmm_contracts(
        "server", ccmm.url, "--junit", "report.xml", "--html", "report.html", "--events", "events.jsonl"
    )
    assert ended.status == 0, ended.out
    assert ccmm.center.campaigns() == before
    assert not ccmm.center.clock.is_frozen
    assert ccmm.center.clock.now() >= now
    assert len(ccmm.center.get_campaigns(key)) == sum(one.details.status.is_active for one in before)
    cases = ET.parse(folder / "report.xml").findall(".//testcase")
    assert len(cases) >= 40
    assert "<html" in (folder / "report.html").read_text("utf-8")
    events = [json.loads(line) for line in (folder / "events.jsonl").read_text("utf-8").splitlines()]
    assert events[0]["event"] == "run-started"
    assert events[-1]["exit_code"] == 0


def test_every_rule_has_a_contract_of_its_own_id() -> None:
    from ...rules import RULES

    ended = ccmm_contracts("list", "--json")
    listed = {one["id"] for one in json.loads(ended.out)}
    assert set(RULES) <= listed
    assert {f"K{at}" for at in range(1, 19)} <= listed


def test_passwords_and_keys_are_in_no_report(ccmm: FakeCcmm, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _break_log_off(monkeypatch)
    password = "correct horse battery"
    ccmm.center.add_administrator(type(ccmm.center.administrators()[0])("ann", password))
    ended = ccmm_contracts(
        "server", ccmm.url, "--user", "ann", "--password", password, "--only", "session", "--verbose",
        "--junit", "report.xml", "--html", "report.html", "--events", "events.jsonl",
    )  # fmt: skip
    assert ended.status == 1
    written = [path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()]
    for text in [ended.out, ended.errors, *written]:
        assert password not in text


def _break_log_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ContactCenter, "log_off", lambda self, username: None)


def test_a_finding_tells_its_story_and_can_be_played_again(ccmm: FakeCcmm, folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        _break_log_off(patch)
        ended = ccmm_contracts("server", ccmm.url, "--only", "S5", "--replays", "found")
        assert ended.status == 1
        assert "after the log-off the key is to be refused, but it still works" in ended.out
        saved = folder / "found" / "S5.json"
        assert ccmm_contracts("replay", saved).status == 1
        with FakeCcmm() as other:
            assert ccmm_contracts("replay", saved, other.url).status == 1
    assert ccmm_contracts("replay", saved).status == 0


@pytest.mark.skipif(
    sys.platform == "win32" or not (shutil.which("curl") and shutil.which("bash")),
    reason="this machine has no curl or no bash",
)
def test_the_curl_lines_show_a_finding_without_the_kit(
    ccmm: FakeCcmm, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _break_log_off(monkeypatch)
    ccmm_contracts("server", ccmm.url, "--only", "S5", "--events", "events.jsonl", "--quiet")
    last = json.loads((folder / "events.jsonl").read_text("utf-8").splitlines()[-1])
    found = next(one["finding"] for one in last["report"]["results"] if one["contract"]["id"] == "S5")
    script = "\n".join(["set -u", "PASSWORD=secret", *found["curl"]])
    done = subprocess.run(["bash", "-c", script], capture_output=True, encoding="utf-8", timeout=30, check=True)
    assert done.stdout.rstrip().endswith("</soap:Envelope>")
    assert "GetCampaignsResult" in done.stdout.rpartition("HTTP/1.1")[2]


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ('[deviations]\nS5 = "log-off is broken, see the ticket"\n', 0, "known"),
        ('[deviations]\nS5 = "see the ticket"\nS6 = "see the other"\n', 1, "holds, but the baseline excuses it"),
        ('[deviations]\nS99 = "no such rule"\n', 2, "'S99' is no contract"),
        ('[deviations]\nS5 = ""\n', 2, "S5 needs a reason"),
        ("deviations", 2, "is not TOML"),
        ("", 2, "needs one table [deviations]"),
    ],
)
def test_a_baseline_excuses_what_it_gives_a_reason_for(
    ccmm: FakeCcmm, folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, status: int, said: str
) -> None:
    monkeypatch.setattr(ContactCenter, "log_off", _late_log_off)
    monkeypatch.setattr(ContactCenter, "log_in", _log_in_after_late_log_off)
    (folder / "known.toml").write_text(text, "utf-8")
    ended = ccmm_contracts(
        "server", ccmm.url, "--only", "S5,S6", "--skip", "S5.others,S5.unknown", "--baseline", "known.toml"
    )
    assert ended.status == status, ended.out + ended.errors
    assert said in ended.out + ended.errors


_log_in = ContactCenter.log_in


def _late_log_off(self: ContactCenter, username: str | None) -> None:
    """Leaves the key good until the user logs in again."""
    self.__dict__.setdefault("gone", set()).add(username)


def _log_in_after_late_log_off(self: ContactCenter, username: str | None, password: str | None) -> str:
    for one in self.__dict__.pop("gone", ()):
        self.end_session(one)
    return _log_in(self, username, password)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--only", "S99"], "'s99' names no contract, rule or group"),
        (["--write"], "--write needs --campaign ID"),
        (["--user", "ann"], "belong together"),
        (["--revision", "8.0"], "there is no revision '8.0'"),
    ],
)
def test_options_that_make_no_sense_are_a_broken_set_up(ccmm: FakeCcmm, arguments: list[str], said: str) -> None:
    ended = ccmm_contracts("server", ccmm.url, *arguments)
    assert ended.status == 2
    assert said in ended.out + ended.errors


def test_a_server_that_is_no_mock_is_only_read(ccmm: FakeCcmm) -> None:
    before = ccmm.center.campaigns()
    ended = ccmm_contracts("server", ccmm.url, "--no-control", "--user", ccmm.user, "--password", ccmm.password)
    assert ended.status == 0, ended.out
    assert ccmm.center.campaigns() == before
    assert ccmm.center.sessions() == []
    assert not ccmm.journal.verify("AppendContactsToCampaign").at_least(0)
    assert not ccmm.journal.verify("CloseContact").at_least(0)


def test_only_the_campaign_that_was_named_is_written_to(ccmm: FakeCcmm) -> None:
    before = {one.details.campaign_id: one for one in ccmm.center.campaigns()}
    ended = ccmm_contracts(
        "server", ccmm.url, "--no-control", "--user", ccmm.user, "--password", ccmm.password,
        "--write", "--campaign", "27", "--only", "A1,X4",
    )  # fmt: skip
    assert ended.status == 0, ended.out
    changed = [one for one in ccmm.center.campaigns() if before[one.details.campaign_id] != one]
    assert [one.details.campaign_id for one in changed] == [27]
    marked = [one for one in ccmm.center.contacts(27) if (one.email_address or "").startswith("ccmm-contracts-")]
    assert len(marked) == changed[0].number_of_contacts - before[27].number_of_contacts
    assert f"{len(marked)} contacts appended to campaign 27" in ended.out
    assert ccmm.center.sessions() == []


def test_somebody_who_is_logged_in_is_not_thrown_out(ccmm: FakeCcmm) -> None:
    key = ccmm.center.log_in(ccmm.user, ccmm.password)
    options = ("server", ccmm.url, "--no-control", "--user", ccmm.user, "--password", ccmm.password, "--only", "F2")
    ended = ccmm_contracts(*options)
    assert ended.status == 2
    assert "somebody is logged in as apiuser already" in ended.out
    ccmm.center.get_campaigns(key)
    assert ccmm_contracts(*options, "--take-over").status == 0


def test_a_center_of_its_own_leaves_the_mock_s_alone(ccmm: FakeCcmm) -> None:
    ended = ccmm_contracts("server", ccmm.url, "--own-center", "--only", "A1")
    assert ended.status == 0, ended.out
    assert ccmm.journal.count("AppendContactsToCampaign") == 0
