"""``ccmm-contracts judge``: an application judged from the journal of a mock, running or saved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import zeep

from fake_ccmm import FakeCcmm

from .command import ccmm_contracts


def _work(ccmm: FakeCcmm, *, log_off: bool) -> None:
    client: Any = zeep.Client
    utility = client(ccmm.utility_url + "?wsdl").service
    key = utility.OutboundLogin(ccmm.user, ccmm.password)
    client(ccmm.campaign_url + "?wsdl").service.GetCampaigns(key)
    if log_off:
        utility.OutboundLogoff(ccmm.user)


def test_an_application_that_keeps_the_rules_is_not_blamed(ccmm: FakeCcmm) -> None:
    _work(ccmm, log_off=True)
    ended = ccmm_contracts("judge", "--url", ccmm.url)
    assert ended.status == 0, ended.out
    assert "K4" in ended.out


def test_an_application_that_does_not_is_told_which_it_broke(ccmm: FakeCcmm, folder: Path) -> None:
    _work(ccmm, log_off=False)
    ended = ccmm_contracts("judge", "--url", ccmm.url, "--events", "events.jsonl")
    assert ended.status == 1
    last = json.loads((folder / "events.jsonl").read_text("utf-8").splitlines()[-1])
    broken = [one["contract"]["id"] for one in last["report"]["results"] if one["outcome"] == "broken"]
    assert broken == ["K15"]
    assert ccmm_contracts("judge", "--url", ccmm.url, "--skip", "K15").status == 0


def test_a_journal_that_was_saved_is_judged_alike(ccmm: FakeCcmm, folder: Path) -> None:
    from ...running.process import run_here

    _work(ccmm, log_off=False)
    done = run_here("journal", "--url", ccmm.url, "--json")
    (folder / "journal.json").write_text(done.stdout, "utf-8")
    assert ccmm_contracts("judge", "journal.json", "--only", "K15").status == 1
    assert ccmm_contracts("judge", "journal.json", "--only", "K18").status == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.json"], "nowhere.json"),
        (["--url", "http://127.0.0.1:9"], "127.0.0.1:9"),
        ([], "one of the arguments"),
    ],
)
def test_a_journal_that_is_not_there_is_a_broken_set_up(arguments: list[str], said: str) -> None:
    ended = ccmm_contracts("judge", *arguments)
    assert ended.status == 2
    assert said in ended.out + ended.errors
