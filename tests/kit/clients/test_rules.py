"""A client that keeps every rule is never blamed; one that breaks a rule is caught under that rule."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ccmm_contracts.client_rules import KRULES
from ccmm_contracts.clients.driver import Driver, Patience
from ccmm_contracts.clients.python_client import PythonClient
from ccmm_contracts.clients.run import run_client
from ccmm_contracts.mock import Mock, find_mock
from ccmm_contracts.report import ExitCode, Outcome, Report
from ccmm_contracts.target import services_base
from ccmm_contracts.wire.http import Http

from fake_ccmm import FakeCcmm

from .careless_clients import CARELESS
from .good_client import GoodClient

pytestmark = pytest.mark.slow

_EACH = [pytest.param(rule, one, id=f"{rule}-{one.__name__}") for rule, all_of in CARELESS.items() for one in all_of]


@pytest.fixture(scope="module")
def mock() -> Iterator[Mock]:
    with FakeCcmm() as ccmm, Http() as http:
        found = find_mock(services_base(ccmm.url), http)
        assert found is not None
        yield found


def run(client: type[GoodClient], mock: Mock, *only: str) -> Report:
    with Driver(PythonClient(client), client.__name__, Patience(10)) as driver:
        return run_client(driver, mock, only=only)


def test_a_good_client_keeps_every_rule(mock: Mock) -> None:
    before = mock.seed()
    report = run(GoodClient, mock)
    assert [
        (one.contract.id, one.reason, one.finding) for one in report.results if one.outcome is not Outcome.HOLDS
    ] == []
    assert [one.contract.id for one in report.results] == list(KRULES)
    assert report.exit_code is ExitCode.HOLDS
    assert mock.seed() == before


@pytest.mark.parametrize(("rule", "client"), _EACH)
def test_a_careless_client_is_caught(rule: str, client: type[GoodClient], mock: Mock) -> None:
    report = run(client, mock, rule)
    (result,) = [one for one in report.results if one.contract.id == rule]
    assert result.outcome is Outcome.BROKEN, (result, report.set_up)
    assert result.finding is not None
    assert result.finding.message
    assert result.finding.story[0].startswith(("the kit asks", "somebody else calls"))
    assert report.exit_code is ExitCode.FINDINGS


def test_every_rule_has_a_careless_client() -> None:
    assert set(CARELESS) == set(KRULES)
