"""``pip install fake-ccmm`` and no more: in an environment of its own, the server serves and has its types."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from ..running.process import DEADLINE, Serving
from ..running.soap import get, log_in
from .environment import INSTALLING, Environment, blind, make_environment
from .release import Release

pytestmark = pytest.mark.slow

PROGRAM = """\
from ccmm_contracts.cli import main
from fake_ccmm import FakeCcmm

with FakeCcmm(log=None) as ccmm:
    reveal_type(ccmm.url)
    reveal_type(ccmm.center.usernames())
    reveal_type(main())
    ccmm.center.nonsense()
"""
SEEN = [
    'note: Revealed type is "str"',
    'note: Revealed type is "list[str]"',
    'note: Revealed type is "int"',
    'error: "ContactCenter" has no attribute "nonsense"  [attr-defined]',
]
"""What a type checker says of the last four lines."""


@pytest.fixture(scope="module")
def installed(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return make_environment(tmp_path_factory.mktemp("server"), str(release.wheel_file))


@pytest.fixture(scope="module")
def serving(installed: Environment) -> Iterator[Serving]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAKE_CCMM_COMMAND", installed.program("fake-ccmm"))
        patch.delenv("PYTHONPATH", raising=False)
        with Serving("--log-format", "none", folder=installed.elsewhere) as one:
            yield one


def test_it_is_there_without_what_only_the_kit_and_the_tests_need(installed: Environment) -> None:
    found = installed.distributions()
    assert {"fake-ccmm", "lxml", "spyne", "uvicorn"} <= found
    assert not {"hypothesis", "pytest", "urllib3", "zeep", "requests", "setuptools"} & found
    assert "No broken requirements" in installed.pip("check")


def test_it_is_imported_from_there(installed: Environment) -> None:
    done = installed.run("python", "-W", "error", "-c", "import fake_ccmm; print(fake_ccmm.__file__)")
    assert done.stderr == ""
    assert Path(done.stdout).is_relative_to(installed.folder)


def test_it_takes_a_log_in(serving: Serving) -> None:
    assert log_in(serving.url("utility"), "apiuser", "apipassword").endswith("__apiuser")


def test_its_data_are_there(installed: Environment, serving: Serving) -> None:
    assert "wsdl:definitions" in get(serving.url("contact") + "?wsdl")
    with urlopen(f"{serving.facts['url']}/control/v1/openapi.json", timeout=DEADLINE) as answer:
        assert json.load(answer)["openapi"].startswith("3.")
    assert "$schema" in json.loads(installed.run("fake-ccmm", "seed", "schema").stdout)


def test_a_certificate_can_be_made_and_trusted(installed: Environment) -> None:
    done = installed.run("fake-ccmm", "doctor")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["list"], ["server", "http://127.0.0.1:1"]])
def test_the_kit_says_in_one_line_what_to_install(installed: Environment, arguments: list[str]) -> None:
    for done in (
        installed.run("ccmm-contracts", *arguments),
        installed.run("python", "-m", "ccmm_contracts", *arguments),
    ):
        assert done.returncode == 2
        assert done.stdout == ""
        assert done.stderr == "ccmm-contracts: hypothesis is missing: pip install 'fake-ccmm[contracts]'\n"


def test_a_type_checker_sees_its_types(installed: Environment, tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    (installed.elsewhere / "program.py").write_text(PROGRAM, "utf-8")
    options = ["--strict", "--no-pretty", "--cache-dir", str(tmp_path), "--config-file="]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "--python-executable", installed.program("python"), "program.py"],
        cwd=installed.elsewhere,
        env=blind(),
        capture_output=True,
        encoding="utf-8",
        timeout=INSTALLING,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    *told, last = done.stdout.splitlines()
    assert [one.partition(": ")[2].replace("builtins.", "") for one in told] == SEEN
    assert last == "Found 1 error in 1 file (checked 1 source file)"
