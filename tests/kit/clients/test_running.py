"""A run as a whole: what is skipped, what breaks it off, what it tells, and what it leaves behind."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from ccmm_contracts.client_rules import KRULES
from ccmm_contracts.clients import ClientError
from ccmm_contracts.clients.driver import Driver, Patience
from ccmm_contracts.clients.mock_process import running_mock, started_mock
from ccmm_contracts.clients.proxy import enlarged
from ccmm_contracts.clients.python_client import PythonClient
from ccmm_contracts.clients.run import run_client
from ccmm_contracts.errors import SetUpBroken
from ccmm_contracts.exchange import HttpRequest
from ccmm_contracts.mock import Mock, find_mock
from ccmm_contracts.report import ExitCode, Outcome, Report
from ccmm_contracts.reports.events import ContractFinished, Event, RunFinished, RunStarted
from ccmm_contracts.target import services_base
from ccmm_contracts.wire.http import Http

from fake_ccmm import FakeCcmm

from .careless_clients import NeverStops, StartsWithOne
from .good_client import GoodClient


@pytest.fixture(scope="module")
def ccmm() -> Iterator[FakeCcmm]:
    with FakeCcmm() as one:
        yield one


@pytest.fixture
def mock(ccmm: FakeCcmm) -> Iterator[Mock]:
    with Http() as http:
        found = find_mock(services_base(ccmm.url), http)
        assert found is not None
        yield found


def run(client: Any, mock: Mock, *only: str, patience: float = 10.0, **more: Any) -> Report:
    with Driver(PythonClient(client), "it", Patience(patience, 0)) as driver:
        return run_client(driver, mock, only=only, **more)


def outcomes(report: Report) -> dict[str, Outcome]:
    return {one.contract.id: one.outcome for one in report.results}


def test_what_a_client_does_not_offer_is_skipped_with_a_reason(mock: Mock) -> None:
    class Reader(GoodClient):
        can = ("fetch_contacts", "list_campaigns")

    report = run(Reader, mock, "K3", "K4", "K7", "K17")
    found = {one.contract.id: (one.outcome, one.reason) for one in report.results}
    assert found["K3"] == found["K17"] == (Outcome.HOLDS, "")
    assert found["K4"] == (Outcome.SKIPPED, "the client does not offer append_contacts")
    assert found["K7"] == (Outcome.SKIPPED, "the client does not offer find_contact_id")
    assert found["K1"] == (Outcome.SKIPPED, "not among --only")
    assert report.facts == ("good client offers list_campaigns, fetch_contacts",)


def test_what_a_client_says_it_cannot_do_is_skipped(mock: Mock) -> None:
    class ById(GoodClient):
        def close_contact(self, custom_field: Any = None, **more: Any) -> None:  # type: ignore[override]
            if custom_field is not None:
                raise ClientError("unsupported", "by id only")
            super().close_contact(**more)

    assert outcomes(run(ById, mock, "K14"))["K14"] is Outcome.HOLDS


def test_a_client_that_hangs_while_it_calls_has_broken_a_rule(mock: Mock) -> None:
    class Hanging(GoodClient):
        def fetch_contacts(self, campaign_id: int) -> list[dict[str, Any]]:
            super().fetch_contacts(campaign_id)
            time.sleep(1.0)
            return []

    report = run(Hanging, mock, "K2", patience=0.3)
    (result,) = [one for one in report.results if one.contract.id == "K2"]
    assert result.finding is not None
    assert "did not answer fetch_contacts within 0.3 seconds; it made " in result.finding.message


def test_a_client_that_hangs_without_a_call_is_a_broken_set_up(mock: Mock) -> None:
    class Hanging(GoodClient):
        def log_in(self) -> None:
            time.sleep(0.5)

    report = run(Hanging, mock, "K1", patience=0.05)
    assert "did not answer log_in within 0.05 seconds" in report.set_up
    assert report.exit_code is ExitCode.SETUP_BROKEN


def test_a_client_that_calls_something_else_is_a_broken_set_up(mock: Mock) -> None:
    class Elsewhere(GoodClient):
        def send(self, url: str, operation: str, body: bytes) -> tuple[int, bytes]:
            raise OSError("no route to host")

    report = run(Elsewhere, mock, "K1")
    assert "could not log in, and has not called the mock" in report.set_up
    assert "no route to host" in report.set_up
    assert report.exit_code is ExitCode.SETUP_BROKEN
    assert set(outcomes(report).values()) == {Outcome.SKIPPED}


def test_a_client_that_makes_things_up_is_a_broken_set_up(mock: Mock) -> None:
    class Inventive:
        def start(self, **_: Any) -> None:
            pass

        def fetch_contacts(self, campaign_id: int) -> list[Any]:
            return []

        def end(self) -> None:
            pass

    report = run(Inventive, mock, "K1")
    assert "has not called the mock at all" in report.set_up
    assert report.exit_code is ExitCode.SETUP_BROKEN


def test_a_client_that_offers_nothing_is_a_broken_set_up(mock: Mock) -> None:
    class Idle(GoodClient):
        can = ()

    assert "offers nothing" in run(Idle, mock).set_up


def test_a_run_is_told_event_by_event(mock: Mock) -> None:
    events: list[Event] = []
    report = run(StartsWithOne, mock, "K1", "K3", listener=events.append, seed=7)
    assert isinstance(events[0], RunStarted)
    assert [one.id for one in events[0].contracts] == list(KRULES)
    finished = [one.result for one in events if isinstance(one, ContractFinished)]
    assert {one.contract.id: one.outcome for one in finished} == outcomes(report)
    assert isinstance(events[-1], RunFinished)
    assert events[-1].report == report
    assert (report.kind, report.seed, report.version != "") == ("client", 7, True)


def test_a_finding_tells_its_story_without_secrets(mock: Mock) -> None:
    report = run(NeverStops, mock, "K2")
    (finding,) = [one.finding for one in report.results if one.finding is not None]
    story = "\n".join(finding.story)
    assert "the kit asks: fetch_contacts(campaign_id=" in story
    assert "Get200CampaignContacts(campaign_id=" in story
    assert "the client fails: refused: The contract kit has seen enough of this" in story
    assert finding.exchanges
    everything = story + "".join(one.request + one.response for one in finding.exchanges)
    assert "-ä&lt;" not in everything
    assert "-ä<" not in everything
    assert "__kit-client" not in everything


def test_a_run_leaves_the_mock_as_it_was(mock: Mock, ccmm: FakeCcmm) -> None:
    class Unruly(GoodClient):
        def fetch_contacts(self, campaign_id: int) -> list[dict[str, Any]]:
            raise ClientError("unsupported", "not today")

    run(Unruly, mock, "K1", "K15")
    with Http() as http:
        centers = json.loads(http.send(HttpRequest("GET", f"{ccmm.control_url}/centers")).body)
    assert [one["name"] for one in centers] == ["default"]
    assert mock.journal() == []


def test_the_same_seed_makes_the_same_worlds(mock: Mock) -> None:
    seen: list[list[int]] = []

    class Noting(GoodClient):
        def fetch_contacts(self, campaign_id: int) -> list[dict[str, Any]]:
            seen[-1].append(campaign_id)
            return super().fetch_contacts(campaign_id)

    for seed in (1, 1, 2):
        seen.append([])
        run(Noting, mock, "K9", seed=seed)
    assert seen[0] == seen[1] != seen[2]


@pytest.mark.parametrize("deep", [True])
def test_a_deep_run_looks_for_the_shortest_story(deep: bool, mock: Mock) -> None:
    class Forgetful(GoodClient):
        def find_contact_id(self, campaign_id: int, phone_number: dict[str, Any]) -> int | None:
            found = super().find_contact_id(campaign_id, phone_number)
            return found if found is None or found < 5 else -1

    report = run(Forgetful, mock, "K7", deep=deep)
    assert outcomes(report)["K7"] is Outcome.BROKEN


def test_a_mock_is_started_for_the_run_and_ended() -> None:
    with Http() as http:
        with started_mock(http) as mock:
            base = mock.base
            assert mock.campaigns()
            assert running_mock(base, http).name == "default"
        with pytest.raises(SetUpBroken, match="there is no mock at"):
            running_mock(base, http)


def test_an_answer_that_is_no_xml_is_not_enlarged() -> None:
    assert enlarged(b"<a") == b"<a"
