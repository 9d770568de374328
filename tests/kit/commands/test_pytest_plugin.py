"""``pytest --pyargs ccmm_contracts``: each contract a test item, with the exit status of the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from ccmm_contracts.options import SERVER_OPTIONS

from fake_ccmm import FakeCcmm
from fake_ccmm.center import ContactCenter

ROOT = Path(__file__).parent.parent.parent.parent
_PLUGINS = ("-p", "no:cacheprovider", "-p", "xdist.plugin", "-p", "ccmm_contracts.pytest_plugin")


def _pytest(*arguments: object, folder: Path, path: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytest", *_PLUGINS, "--pyargs", "ccmm_contracts", *map(str, arguments)],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join((str(ROOT / "contracts"), str(path))),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        },
        capture_output=True,
        encoding="utf-8",
        timeout=100,
        check=False,
    )


def test_each_contract_is_an_item(ccmm: FakeCcmm, folder: Path) -> None:
    done = _pytest("--ccmm-url", ccmm.url, "--ccmm-only", "S5,S6,S8.timeout", "-v", folder=folder)
    assert done.returncode == 0, done.stdout
    assert "test_contract[S5] PASSED" in done.stdout
    assert "S8.timeout: a session expires when it has been idle for more than 20 minutes" in done.stdout
    assert ccmm.center.sessions() == []


def test_a_finding_fails_its_item(ccmm: FakeCcmm, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ContactCenter, "log_off", lambda self, username: None)
    done = _pytest("--ccmm-url", ccmm.url, "--ccmm-only", "S5", "--ccmm-replays", "found", folder=folder)
    assert done.returncode == 1, done.stdout
    assert "after the log-off the key is to be refused" in done.stdout
    assert (folder / "found" / "S5.json").is_file()


def test_workers_have_a_center_each(ccmm: FakeCcmm, folder: Path) -> None:
    done = _pytest("--ccmm-url", ccmm.url, "--ccmm-only", "A1,A3,P1,F2", "-n", "2", folder=folder)
    assert done.returncode == 0, done.stdout
    assert ccmm.journal.count("AppendContactsToCampaign") == 0


@pytest.mark.parametrize("arguments", [(), ("--ccmm-url", "http://127.0.0.1:9"), ("-n", "2")])
def test_a_broken_set_up_is_no_finding(folder: Path, arguments: tuple[str, ...]) -> None:
    done = _pytest(*arguments, "--ccmm-only", "S5", folder=folder)
    assert done.returncode == 2, done.stdout
    assert "the set-up is broken" in done.stdout


def test_the_options_are_those_of_the_command_line(folder: Path) -> None:
    shown = _pytest("--help", folder=folder).stdout
    for one in SERVER_OPTIONS:
        assert f"--ccmm-{one.name}" in shown


def test_without_hypothesis_it_says_what_to_install(ccmm: FakeCcmm, folder: Path) -> None:
    (folder / "none.py").write_text("import sys; sys.modules['hypothesis'] = None\n", "utf-8")
    for arguments in (("--ccmm-url", ccmm.url), ()):
        done = _pytest(*arguments, "-p", "none", folder=folder, path=folder)
        assert done.returncode not in (0, 1), done.stdout
        assert "hypothesis is missing: pip install 'fake-ccmm[contracts]'" in done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        assert "INTERNALERROR" not in done.stdout + done.stderr
