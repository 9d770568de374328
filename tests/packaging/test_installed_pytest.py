"""``pip install fake-ccmm pytest``: the plugins of both packages are there, and need nothing of what the kit needs."""

from __future__ import annotations

import pytest

from ..running.process import DEADLINE
from .environment import Environment, make_environment
from .release import Release

pytestmark = pytest.mark.slow

USING_THE_PLUGIN = """\
import sys

import pytest


def test_a_test_that_does_not_use_the_server_does_not_import_it():
    assert "fake_ccmm.server" not in sys.modules
    assert "hypothesis" not in sys.modules


@pytest.mark.ccmm(clock="frozen")
def test_a_center_is_served(ccmm):
    assert ccmm.url.startswith("http://127.0.0.1:")
    assert ccmm.center.usernames() == []
"""


@pytest.fixture(scope="module")
def installed(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    made = make_environment(tmp_path_factory.mktemp("pytest"), str(release.wheel_file), "pytest")
    assert "hypothesis" not in made.distributions()
    return made


def test_pytest_without_the_extra_has_the_fixtures(installed: Environment) -> None:
    (installed.elsewhere / "test_own.py").write_text(USING_THE_PLUGIN, "utf-8")
    options = ["-q", "-W", "error", "--strict-markers", "-p", "no:cacheprovider"]
    done = installed.run("python", "-m", "pytest", *options, "test_own.py", seconds=2 * DEADLINE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout
    assert done.stderr == ""


def test_pytest_without_the_extra_tells_the_options_of_both_plugins(installed: Environment) -> None:
    assert "--ccmm-url" in installed.run("python", "-m", "pytest", "--help").stdout
    assert "@pytest.mark.ccmm(" in installed.run("python", "-m", "pytest", "--markers").stdout
