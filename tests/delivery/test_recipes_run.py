"""The recipes work: their scripts, as they stand there, run a client's tests and the contracts against a mock."""

from __future__ import annotations

import json
import shutil
import socket
import sys
import xml.etree.ElementTree as xml
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from fake_ccmm import FakeCcmm

from .pipeline import Workplace
from .recipes import ROOT, WITH_DOCKER, WITH_SERVICES, WITHOUT_CONTAINERS, Job

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        sys.platform == "win32" or shutil.which("bash") is None, reason="the recipes are for machines with bash"
    ),
]
needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="this machine has no curl")

TOKEN = "rosebud"
HONEST = """
import os

import zeep


def service(name):
    return zeep.Client(f"{os.environ['CCMM_URL']}/ccmmoutboundwebservices/{name}.asmx?wsdl").service


def test_the_campaigns_are_listed():
    utility = service("OutboundUtilityWS")
    key = utility.OutboundLogin("apiuser", "apipassword")
    try:
        assert len(service("OutboundCampaignWS").GetCampaigns(key).OWCampaign) == 5
    finally:
        utility.OutboundLogoff("apiuser")
"""
WRONG = HONEST.replace("== 5", "== 99")
CARELESS = HONEST.replace('utility.OutboundLogoff("apiuser")', "pass")
ELSEWHERE = "def test_nothing():\n    pass\n"
CLIENT = f"python3 {ROOT}/examples/clients/raw_client.py"


def named(job: Job) -> str:
    return job.name


def tried(path: Path) -> int:
    """How many cases a JUnit file tells of that were not skipped."""
    return len([one for one in xml.parse(path).iter("testcase") if one.find("skipped") is None])


def failed(path: Path) -> int:
    """How many cases of a JUnit file are not as they should be."""
    return len([one for one in xml.parse(path).iter("testcase") if one.find("failure") is not None])


def assert_reported(place: Workplace, *names: str) -> None:
    """Each run left a JUnit file that tells of something, and a page but for the tests themselves."""
    for name in names:
        assert tried(place.reports / f"{name}.xml") >= 1, name
        assert name == "tests" or (place.reports / f"{name}.html").stat().st_size > 1000
    assert {one.stem for one in place.reports.glob("*.xml")} == set(names)


def assert_nobody_serves(place: Workplace) -> None:
    url = urlsplit(json.loads((place.reports / "mock.json").read_text("utf-8"))["url"])
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((url.hostname, url.port), timeout=5)


def service_at(url: str) -> dict[str, str]:
    """The variables of a job whose system has started the mock there."""
    images = {"FAKE_CCMM_IMAGE": "mock:1", "CCMM_CONTRACTS_IMAGE": "kit:1"}
    return {"CCMM_URL": url, "MOCK_ADDRESS": url.partition("//")[2], "FAKE_CCMM_TOKEN": TOKEN, **images}


@pytest.fixture
def mock() -> Iterator[FakeCcmm]:
    """The mock that a system started as a service."""
    with FakeCcmm(log=None, control_token=TOKEN) as ccmm:
        yield ccmm


@pytest.mark.parametrize("job", WITHOUT_CONTAINERS, ids=named)
def test_a_good_client_passes_with_reports_and_leaves_no_server(job: Job, tmp_path: Path) -> None:
    place = Workplace(tmp_path, HONEST)
    place.reports.mkdir()
    for name in ("of-the-run-before.xml", "mock.json"):
        (place.reports / name).write_text("{}", "utf-8")
    outcome = place.run(job, {"CCMM_CLIENT": CLIENT})
    assert outcome.status == 0, outcome.said
    assert "install --quiet vendor/fake-ccmm[contracts]" in place.asked_of_pip
    assert_reported(place, "tests", "judge", "client", "server")
    assert_nobody_serves(place)
    if job.name.startswith("github"):
        summary = (place.project / "summary.md").read_text("utf-8").splitlines()
        assert "| ccmm-reports/tests.xml | 1 | 0 | 0 |" in summary
        assert len(summary) == 2 + 4


@pytest.mark.parametrize("job", WITHOUT_CONTAINERS, ids=named)
def test_a_client_whose_tests_fail_fails_the_pipeline_after_all_was_reported(job: Job, tmp_path: Path) -> None:
    place = Workplace(tmp_path, WRONG)
    outcome = place.run(job)
    assert outcome.status != 0
    assert_reported(place, "tests", "judge", "server")
    assert [failed(place.reports / f"{name}.xml") for name in ("tests", "judge", "server")] == [1, 0, 0]
    assert_nobody_serves(place)


@pytest.mark.parametrize(
    ("tests", "told"),
    [
        pytest.param(CARELESS, "K15 broken: ", id="leaves its session open"),
        pytest.param(ELSEWHERE, "The tests have not logged in to the mock at CCMM_URL", id="never called the mock"),
    ],
)
def test_green_tests_are_not_enough(tests: str, told: str, tmp_path: Path) -> None:
    place = Workplace(tmp_path, tests)
    outcome = place.run(WITHOUT_CONTAINERS[0])
    assert outcome.status != 0
    assert told in outcome.said
    assert failed(place.reports / "tests.xml") == 0
    assert_nobody_serves(place)


def test_a_mock_that_does_not_start_fails_the_pipeline_with_its_own_words(tmp_path: Path) -> None:
    place = Workplace(tmp_path, HONEST)
    outcome = place.run(WITHOUT_CONTAINERS[0], {"FAKE_CCMM_TOKEN": "with\ttab"})
    assert outcome.status != 0
    assert "The mock does not serve:" in outcome.said
    assert "FAKE_CCMM_TOKEN: a token is printable ASCII text" in outcome.said
    assert not (place.reports / "tests.xml").exists()


@needs_curl
@pytest.mark.parametrize(
    ("job", "tests", "is_good"),
    [*((job, HONEST, True) for job in WITH_DOCKER), (WITH_DOCKER[0], WRONG, False)],
    ids=[*map(named, WITH_DOCKER), "wrong"],
)
def test_with_containers_a_client_is_held_to_the_same(
    job: Job, tests: str, is_good: bool, mock: FakeCcmm, tmp_path: Path
) -> None:
    place = Workplace(tmp_path, tests)
    outcome = place.run(job, service_at(mock.url))
    assert (outcome.status == 0) == is_good, outcome.said
    assert_reported(place, "tests", "judge", "server")
    assert "the mock's log" in (place.reports / "mock.log").read_text("utf-8")


@needs_curl
@pytest.mark.parametrize(
    ("tests", "statuses"), [(HONEST, [0, 0]), (WRONG, [1, 0]), (CARELESS, [0, 1])], ids=["good", "wrong", "careless"]
)
def test_with_services_the_second_job_judges_what_the_first_did(
    tests: str, statuses: list[int], mock: FakeCcmm, tmp_path: Path
) -> None:
    place = Workplace(tmp_path, tests)
    outcomes = [place.run(job, service_at(mock.url), on_path=place.programs) for job in WITH_SERVICES]
    assert [one.status for one in outcomes] == statuses, outcomes
    assert_reported(place, "tests", "judge", "server")


@needs_curl
def test_a_service_that_does_not_serve_fails_the_pipeline_with_its_log(tmp_path: Path) -> None:
    place = Workplace(tmp_path, HONEST)
    _write_impatient_curl(tmp_path / "tools" / "curl")
    outcome = place.run(WITH_DOCKER[0], service_at("http://127.0.0.1:9"))
    assert outcome.status != 0
    assert "The mock does not serve:\nthe mock's log" in outcome.said
    assert not (place.reports / "tests.xml").exists()


def _write_impatient_curl(path: Path) -> None:
    """curl that tries once: nobody waits a minute for what never comes."""
    path.write_text(f'#!/bin/sh\nexec "{shutil.which("curl")}" "$@" --retry 0\n', "utf-8")
    path.chmod(0o755)
