"""``pip install 'fake-ccmm[contracts]'``: the kit tries the server beside it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ..running.process import DEADLINE, Serving
from .environment import Environment, make_environment
from .release import Release

pytestmark = pytest.mark.slow

ONLY = "S1,P1"
"""A few of the contracts: whether all hold is for other tests to say."""

TRYING = 4 * DEADLINE

IMPORT_EVERYTHING = """\
from importlib import import_module
from pkgutil import walk_packages

import ccmm_contracts
import fake_ccmm

count = 0
for package in (fake_ccmm, ccmm_contracts):
    for one in walk_packages(package.__path__, package.__name__ + "."):
        if not one.name.endswith(".__main__"):
            import_module(one.name)
            count += 1
print(count)
"""


@pytest.fixture(scope="module")
def installed(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return make_environment(tmp_path_factory.mktemp("contracts"), f"{release.wheel_file}[contracts]")


@pytest.fixture(scope="module")
def serving(installed: Environment) -> Iterator[Serving]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAKE_CCMM_COMMAND", installed.program("fake-ccmm"))
        with Serving("--log-format", "none", folder=installed.elsewhere) as one:
            yield one


def test_the_extra_brings_what_the_kit_needs(installed: Environment) -> None:
    assert {"fake-ccmm", "hypothesis", "pytest", "urllib3"} <= installed.distributions()
    assert not {"zeep", "requests", "mypy"} & installed.distributions()
    assert "No broken requirements" in installed.pip("check")


def test_the_kit_tries_the_server(installed: Environment, serving: Serving) -> None:
    done = installed.run(
        "ccmm-contracts", "server", serving.facts["url"], "--only", ONLY, "--html", "report.html", seconds=TRYING
    )
    assert done.returncode == 0, done.stdout + done.stderr
    style = (installed.elsewhere / "report.html").read_text("utf-8").partition("<style>")[2]
    assert "font-family" in style.partition("</style>")[0]


def test_the_contracts_run_as_tests(installed: Environment, serving: Serving) -> None:
    options = ["-q", "-W", "error", "-p", "no:cacheprovider", "--ccmm-url", serving.facts["url"], "--ccmm-only", ONLY]
    done = installed.run("python", "-m", "pytest", "--pyargs", "ccmm_contracts", *options, seconds=TRYING)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


def test_each_module_can_be_imported(installed: Environment) -> None:
    done = installed.run("python", "-W", "error", "-c", IMPORT_EVERYTHING, seconds=TRYING)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 100
