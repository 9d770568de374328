"""``ccmm-contracts diff``: two servers that are alike, two that differ, and two that cannot be compared."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from ccmm_contracts.diff import run_diff
from ccmm_contracts.operations import OPERATIONS
from ccmm_contracts.report import ExitCode, Outcome
from ccmm_contracts.target import ServerOptions

from fake_ccmm import FakeCcmm
from fake_ccmm.center import ContactCenter

from ..commands.command import ccmm_contracts
from .two import broken, compared, ignore, known_users, nobody_is_logged_in, two_mocks

pytestmark = pytest.mark.slow


def test_two_equal_mocks_show_no_difference_and_get_back_what_they_held() -> None:
    with two_mocks() as (a, b):
        before = a.center.campaigns(), b.center.campaigns()
        report = compared(a, b)
        assert report.set_up == ""
        assert broken(report) == {}
        assert report.exit_code is ExitCode.HOLDS
        assert report.left_behind == ()
        assert (a.center.campaigns(), b.center.campaigns()) == before
        assert nobody_is_logged_in(a, b)
        assert not a.center.clock.is_frozen
    outcomes = {one.contract.id: one.outcome for one in report.results}
    assert {outcomes[f"diff.{name}"] for name in OPERATIONS} == {Outcome.HOLDS}
    assert outcomes["diff.wsdl"] is Outcome.HOLDS
    assert Outcome.SETUP not in outcomes.values()


def test_generated_calls_reach_every_operation() -> None:
    with two_mocks() as (a, b):
        report = compared(a, b, "diff")
    calls = {one.contract.id: one.calls for one in report.results}
    assert all(calls[f"diff.{name}"] >= 10 for name in OPERATIONS), calls


CHOICES: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"inactive_campaign": "empty"}, "C5.inactive", "diff.Get200CampaignContacts"),
    ({"unknown_campaign": "empty"}, "C5.unknown", "diff.Get200CampaignContacts"),
    ({"unknown_contact": "empty"}, "T1.unknown", "diff.GetContactStatus"),
    ({"closed_in_pages": False}, "P3.closed", "diff.Get200CampaignContacts"),
    ({"empty_page": "null-list"}, "P4.form", "diff.Get200CampaignContacts"),
    ({"unknown_custom_field": "fault"}, "F4.unknown", "diff.AppendContactsToCampaign"),
    ({"unknown_skillset": "accept"}, "A2.unknown", "diff.AppendContactsToCampaign"),
    ({"unknown_status_filter": "empty"}, "F3.unknown", "diff.FindContactsByPhoneNumber"),
    ({"blank_phone_part": "any"}, "N3.blank", "diff.GetContactIDByPhoneNumber"),
    ({"dates": "utc"}, "C2.dates", "diff.GetCampaigns"),
    ({"unknown_logoff": "fault"}, "S5.unknown", "diff.OutboundLogoff"),
    ({"fault_detail": "plain"}, "S2.detail", "diff.OutboundLogin"),
    ({"limit_answer": "return"}, "A4.how", "diff.CloseContact"),
    ({"close_result": "zero"}, "X1.result", "diff.CloseContact"),
    ({"campaign_status_id_running": 77}, "C2.ids", "diff.GetCampaigns"),
)


@pytest.mark.parametrize(("settings", "clause", "calls"), CHOICES, ids=lambda one: str(one)[:40])
def test_another_profile_is_told_by_its_clause_and_by_the_operation(
    settings: dict[str, Any], clause: str, calls: str
) -> None:
    with two_mocks(settings) as (a, b):
        report = compared(a, b, clause, calls)
        assert nobody_is_logged_in(a, b)
    assert report.exit_code is ExitCode.FINDINGS
    found = broken(report)
    assert set(found) == {clause, calls}, found
    for message in found.values():
        assert "A: " in message
        assert "B: " in message


class Forgetful(ContactCenter):
    """Never destroys a session (rule S5 broken)."""

    def log_off(self, username: str | None) -> None:
        """Do nothing."""


def test_a_center_that_breaks_a_rule_is_told_from_one_that_keeps_it() -> None:
    with FakeCcmm(log=None) as a, FakeCcmm(Forgetful(), log=None) as b:
        report = compared(a, b, "S5", "diff.OutboundLogin")
    found = broken(report)
    assert found["S5"] == "A: it holds; B: after the log-off the key is to be refused, but it still works"
    assert "diff.OutboundLogin" in found
    finding = next(one.finding for one in report.results if one.contract.id == "S5" and one.finding)
    assert any(line.startswith("A: ") for line in finding.story)
    assert any(line.startswith("B: ") for line in finding.story)
    assert {one.told[:3] for one in finding.exchanges} == {"A: ", "B: "}


def test_the_first_difference_is_made_short() -> None:
    with two_mocks({"dates": "utc"}) as (a, b):
        report = compared(a, b, "diff.GetCampaigns")
    finding = next(one.finding for one in report.results if one.finding)
    assert len(finding.story) == 4, finding.story  # the log-in and the call that differs, on each side


def test_two_servers_that_are_no_mocks_are_only_read() -> None:
    with two_mocks() as (a, b):
        report = known_users(a, b, "session", "finding", "paging", "diff")
        assert broken(report) == {}
        assert report.exit_code is ExitCode.HOLDS, report.set_up
        assert nobody_is_logged_in(a, b)
        for one in (a, b):
            assert one.journal.count("AppendContactsToCampaign") == 0
            assert one.journal.count("CloseContact") == 0


def test_a_mock_beside_another_server_is_treated_as_any_server() -> None:
    with two_mocks() as (a, b):
        before = a.center.campaigns()
        report = run_diff(
            ServerOptions(url=a.url, user=a.user, password=a.password, only=("S5", "C2", "diff")),
            ServerOptions(url=b.url, user=b.user, password=b.password, control=False),
            ignore,
        )
        assert broken(report) == {}
        assert report.exit_code is ExitCode.HOLDS, report.set_up
        assert a.center.campaigns() == before
        assert nobody_is_logged_in(a, b)


def test_both_are_written_to_where_both_may_be() -> None:
    with two_mocks() as (a, b):
        report = known_users(a, b, "A1", "diff.AppendContactsToCampaign", write=True, campaign=27)
        assert broken(report) == {}
        assert report.exit_code is ExitCode.HOLDS, report.set_up
        assert any(line.startswith("A: ") for line in report.left_behind)
        assert any(line.startswith("B: ") for line in report.left_behind)
        assert nobody_is_logged_in(a, b)


@pytest.mark.parametrize("down", ["A", "B"])
def test_a_server_that_is_down_is_a_broken_set_up_of_its_side(down: str) -> None:
    with FakeCcmm(log=None) as ccmm, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        urls = [f"http://127.0.0.1:{free.getsockname()[1]}", ccmm.url]
        ended = ccmm_contracts("diff", *(urls if down == "A" else reversed(urls)), "--only", "S5")
        assert ended.status == 2, ended.out
        assert f"{down}, http://" in ended.out
        assert nobody_is_logged_in(ccmm)


def test_a_wrong_password_is_a_broken_set_up_of_its_side() -> None:
    with two_mocks() as (a, b):
        ended = ccmm_contracts(
            "diff", a.url, b.url, "--user", a.user, "--password", a.password, "--password-b", "not this one",
            "--no-control",
        )  # fmt: skip
        assert ended.status == 2, ended.out
        assert f"B, {b.url}" in ended.out
        assert "cannot log in" in ended.out
        assert "not this one" not in ended.out + ended.errors
        assert nobody_is_logged_in(a, b)


def test_a_server_is_not_compared_with_itself() -> None:
    with FakeCcmm(log=None) as ccmm:
        ended = ccmm_contracts("diff", ccmm.url, ccmm.url)
        assert ended.status == 2
        assert "give two servers" in ended.out
        assert ccmm_contracts("diff", ccmm.url, ccmm.url, "--own-center", "--only", "S5,F2").status == 0


def test_the_command_tells_the_difference(tmp_path: Any) -> None:
    with two_mocks({"dates": "utc"}) as (a, b):
        html, junit = tmp_path / "diff.html", tmp_path / "diff.xml"
        ended = ccmm_contracts("diff", a.url, b.url, "--only", "C2,diff.wsdl", "--html", html, "--junit", junit)
    assert ended.status == 1, ended.out
    assert "C2.dates" in ended.out
    assert b.url in html.read_text("utf-8")
    assert junit.is_file()
