"""The kit finds nothing in the honest examples, and in the careless one what the README says of it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import pytest
from ccmm_contracts.client_rules import KRULES
from ccmm_contracts.clients.launcher import driver_for
from ccmm_contracts.clients.run import run_client
from ccmm_contracts.mock import Mock, find_mock
from ccmm_contracts.report import ExitCode, Outcome, Report
from ccmm_contracts.target import services_base
from ccmm_contracts.wire.http import Http

from fake_ccmm import FakeCcmm

from .driving import CLIENTS, HONEST, example

pytestmark = pytest.mark.examples


@pytest.fixture(scope="module")
def mock() -> Iterator[Mock]:
    with FakeCcmm() as ccmm, Http() as http:
        found = find_mock(services_base(ccmm.url), http)
        assert found is not None
        yield found


def _report(name: str, mock: Mock) -> Report:
    one = example(name)
    if one.missing:
        pytest.skip(one.missing)
    with driver_for(shlex.join(one.command)) as driver:
        return run_client(driver, mock)


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_example_keeps_every_rule(name: str, mock: Mock) -> None:
    report = _report(name, mock)
    assert [
        (one.contract.id, one.reason, one.finding) for one in report.results if one.outcome is not Outcome.HOLDS
    ] == []
    assert [one.contract.id for one in report.results] == list(KRULES)
    assert report.exit_code is ExitCode.HOLDS


def test_the_careless_example_breaks_the_rules_that_its_readme_names(mock: Mock) -> None:
    rows = re.findall(r"^\| (K\d.*?) \|", (CLIENTS / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    named = {rule for row in rows for rule in row.split(", ")}
    report = _report("careless", mock)
    assert {one.contract.id for one in report.results if one.outcome is Outcome.BROKEN} == named
    assert report.exit_code is ExitCode.FINDINGS
