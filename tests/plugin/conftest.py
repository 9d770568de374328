"""Runs of pytest inside the tests, as users of the plugin have them."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent

import pytest
import zeep  # noqa: F401  imported here once, not anew in each run within this process

import fake_ccmm.control
import fake_ccmm.seed.files
import fake_ccmm.server  # noqa: F401

from ..autoloading import NOT_AUTOLOADED, PLUGIN
from ..running.process import DEADLINE, SOURCE

Run = Callable[..., pytest.RunResult]

HELP = "from tests.running.soap import call, get, log_in, zeep_service\n"
"""What the tests of the inner runs begin with."""


_USUAL = ("-p", "no:randomly", "-p", "no:cacheprovider", "--strict-markers", "-W", "error")


@pytest.fixture
def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a file of tests within this process; ``conftest`` is the text of one beside it."""
    monkeypatch.syspath_prepend(str(SOURCE))
    named = [part for plugin in NOT_AUTOLOADED for part in ("-p", plugin)]

    def run_it(text: str, *more: str, conftest: str = "") -> pytest.RunResult:
        pytester.makeconftest(dedent(conftest))
        pytester.makepyfile(test_inner=HELP + dedent(text))
        return pytester.runpytest_inprocess(*named, *_USUAL, *more)

    return run_it


@pytest.fixture
def run_apart(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same in a process of its own, with this plugin and none that merely happens to be installed."""
    monkeypatch.setenv("PYTHONPATH", str(SOURCE))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")

    def run_it(text: str, *more: str, conftest: str = "") -> pytest.RunResult:
        pytester.makeconftest(dedent(conftest))
        pytester.makepyfile(test_inner=HELP * ("call(" in text) + dedent(text))
        return pytester.runpytest_subprocess("-p", PLUGIN, *_USUAL, *more, timeout=DEADLINE)

    return run_it
