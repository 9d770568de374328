"""What only shows in a process of its own: many workers, and what the plugin costs where nobody uses it."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import pytest

import fake_ccmm

from ..autoloading import PLUGIN
from ..running.process import DEADLINE, SOURCE
from .conftest import Run

HEAVY = ("uvicorn", "spyne", "lxml", "pydantic", "werkzeug", "yaml", "prometheus_client", "trustme")


def test_each_worker_has_a_server_and_reports_come_with_their_journals(run_apart: Run) -> None:
    pytest.importorskip("xdist")
    result = run_apart(
        """
        import pytest

        @pytest.mark.parametrize("number", range(20))
        def test_campaigns(ccmm, ccmm_server, worker_id, number):
            with open(f"{worker_id}.urls", "a") as urls:
                print(ccmm_server.url, file=urls)
            key = log_in(ccmm.utility_url, ccmm.user, ccmm.password)
            ccmm.add_campaign(f"Campaign of {worker_id}")
            assert f"Campaign of {worker_id}" in call(ccmm.campaign_url, "GetCampaigns", sessionKey=key)
            assert number != 13
        """,
        "-p",
        "xdist.plugin",
        "-n",
        "2",
        "--tb=line",
    )
    result.assert_outcomes(passed=19, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*- fake-ccmm journal of center-* -*",
            "1. OutboundLogin(username='apiuser') by apiuser: ok",
            "2. GetCampaigns() by apiuser: ok",
        ]
    )
    assert result.stdout.str().count("fake-ccmm journal of") == 1
    urls = [set(one.read_text("utf-8").split()) for one in sorted(Path.cwd().glob("*.urls"))]
    assert [len(one) for one in urls] == [1, 1]
    assert urls[0] != urls[1]


def test_a_run_that_does_not_use_it_imports_nothing_of_the_server(run_apart: Run) -> None:
    result = run_apart(
        """
        import pytest
        import sys

        @pytest.mark.ccmm(clock="frozen")
        def test_nothing():
            loaded = {one for one in sys.modules if one.startswith("fake_ccmm")}
            assert loaded == {"fake_ccmm", "fake_ccmm.pytest_plugin"}
            assert not {HEAVY}.intersection(sys.modules)
        """.replace("{HEAVY}", repr(set(HEAVY)))
    )
    result.assert_outcomes(passed=1)


def test_the_public_names_are_there_and_each_imports_only_what_it_needs() -> None:
    code = f"""
import sys, fake_ccmm
from fake_ccmm import CallPattern, Contact, FaultRule, Journal, Seed, SettableClock, TimelineEvent
assert not {set(HEAVY)!r}.intersection(sys.modules), sys.modules.keys()
for name in fake_ccmm.__all__:
    assert getattr(fake_ccmm, name).__name__ == name, name
assert fake_ccmm.__all__ == sorted(set(fake_ccmm.__all__))
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=SOURCE, capture_output=True, text=True, timeout=DEADLINE
    )
    assert done.returncode == 0, done.stderr


def test_pytest_finds_the_plugin_of_an_installed_package(run_apart: Run) -> None:
    try:
        told = [one.read_text() for one in files("fake-ccmm") or () if one.name == "entry_points.txt"]
    except PackageNotFoundError:
        pytest.skip("fake-ccmm is not installed here")
    assert f"fake_ccmm = {PLUGIN}\n" in f"{told[0]}\n".partition("[pytest11]")[2]
    assert fake_ccmm.__version__
