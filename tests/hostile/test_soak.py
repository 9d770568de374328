"""A soak finds nothing in the server, and finds what is wrong in one that somebody spoils."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from fake_ccmm.control_client import ControlClient

from .soak import soak
from .soaking.flatness import growth
from .soaking.integrator import SKILLSET
from .soaking.server import LogWatch, Usage

_IS_DEEP = os.environ.get("FAKE_CCMM_HYPOTHESIS") == "deep"
_SECONDS = 600.0 if _IS_DEEP else 12.0
_FLAT = [Usage(60_000 + 100 * (n % 7), 20 + n % 3, 9) for n in range(80)]


@pytest.mark.slow
def test_mixed_load_and_faults_lose_nothing_and_leave_memory_flat() -> None:
    done = soak(_SECONDS, 1)
    assert done.wrong == ()
    assert done.calls["AppendContactsToCampaign"] > 100
    assert done.calls["CloseContact"] > 10
    assert done.calls["center"] > 5


def _fails_an_append_of_somebody(url: str) -> None:
    rule = {"when": {"operation": "AppendContactsToCampaign"}, "do": {"kind": "soap-fault", "text": "unasked"}}
    ControlClient(url).request("POST", "/centers/default/faults", {**rule, "budget": 1})


def _loses_the_contacts_of_a_campaign(url: str) -> None:
    steer = ControlClient(url)
    mine = next(one for one in steer.request("GET", "/centers/default/campaigns") if one["name"].endswith("user0"))
    steer.request("DELETE", f"/centers/default/campaigns/{mine['campaign_id']}")
    again = {"campaign_id": mine["campaign_id"], "name": mine["name"], "skillset": SKILLSET}
    steer.request("POST", "/centers/default/campaigns", {**again, "custom_field_names": ["Account"]})


def _adds_a_contact_twice(url: str) -> None:
    steer = ControlClient(url)
    for one in steer.request("GET", "/centers/default/campaigns"):
        path = f"/centers/default/campaigns/{one['campaign_id']}/contacts"
        for contact in steer.request("GET", path, query={"limit": 1}):
            steer.request("POST", path, [{"first_name": contact["first_name"], "skillset_id": SKILLSET}])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sabotage", "told"),
    [
        (_fails_an_append_of_somebody, "AppendContactsToCampaign was not asked to fail"),
        (_loses_the_contacts_of_a_campaign, "are lost"),
        (_adds_a_contact_twice, " 1 doubled"),
    ],
)
def test_what_somebody_spoils_is_found(sabotage: Callable[[str], None], told: str) -> None:
    done = soak(3.0, 2, sabotage=sabotage)
    assert any(told in one for one in done.wrong), done.wrong


def test_what_stays_flat_is_no_finding_and_warming_up_is_none() -> None:
    assert growth(_FLAT) == []
    assert growth([Usage(30_000, 5, 3)] * 20 + _FLAT[20:]) == []
    assert growth(_FLAT[:3]) == []


def test_what_grows_is_a_finding() -> None:
    assert growth([Usage(60_000 + 300 * n, 20, 9) for n in range(80)]) == ["memory grew from 68,850 to 80,850 KB"]
    assert growth([Usage(60_000, 20 + n, 9) for n in range(80)]) == ["open descriptors grew from 50 to 90"]
    assert growth([Usage(60_000, 20, 9 + n) for n in range(80)]) == ["open threads grew from 38 to 78"]


def test_a_log_may_have_lines_of_requests_and_no_traceback_nor_secret() -> None:
    watch = LogWatch(["tulip"])
    for line in ("fake-ccmm is ready:\n", "Log in as ann with password tulip.\n", '{"status": 200}\n', "\n"):
        watch.see(line)
    assert watch.taken() == []
    watch.see('{"password": "tulip"}\n')
    watch.see("Traceback (most recent call last):\n")
    told = watch.taken()
    assert told == [
        'a secret is in the log: {"password": "<the secret>"}',
        "the log says: Traceback (most recent call last):",
    ]
    assert watch.taken() == []
