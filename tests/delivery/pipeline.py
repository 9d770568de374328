"""Runs a job of a recipe as its system would, in a folder with a small client project.

What a recipe installs is here already: ``python3 -m venv`` makes an environment whose programs are this source, ``pip``
only writes down what it was asked for, and the kit tries one rule of each kind, so that a run takes seconds. ``docker``
runs the kit without a container; the mock that it knows is one that runs already.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import ccmm_contracts

from ..running.process import DEADLINE, SOURCE
from .recipes import Job

TOGETHER = 4 * DEADLINE
"""Seconds that a script may take: it runs four programs, one after the other."""

_FAKE_CCMM = "import sys; from fake_ccmm.cli import main; sys.exit(main())"
_CONTRACTS = """
import sys
from ccmm_contracts.cli import main
few = {"server": ["--only", "S1"], "client": ["--only", "K15"]}
sys.exit(main([*sys.argv[1:], *few.get(sys.argv[1], [])]))
"""
_DOCKER = """
import os, sys
from pathlib import Path
command, *words = sys.argv[1:]
address = os.environ["MOCK_ADDRESS"]
told = {"ps": "mock", "port": address, "logs": "the mock's log"}
if command != "run" or "--detach" in words:
    print(told.get(command, "mock"))
    sys.exit(0)
at = words.index(os.environ["CCMM_CONTRACTS_IMAGE"])
options, arguments = words[:at], words[at + 1 :]
assert "--env" in options and "FAKE_CCMM_TOKEN" in options
program = "fake-ccmm" if "--entrypoint" in options else "ccmm-contracts"
if "--volume" in options:
    here, _, there = options[options.index("--volume") + 1].partition(":")
    assert Path(here).is_dir() and there == "/reports/" + Path(here).name, there
    os.chdir(Path(here).parent)
os.execv(os.environ["MOCK_PROGRAMS"] + "/" + program, [program, *arguments])
"""
_PYTHON3 = """#!/bin/sh
case "$1 $2" in
    "-m venv") cp -R "{environment}" "$3" ;;
    "-m pip") echo "$*" >> "{asked}" ;;
    *) exec "{python}" "$@" ;;
esac
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended, and what it printed."""

    status: int
    said: str


class Workplace:
    """A machine of a CI system: a client project in ``project``, and the programs that a recipe calls."""

    def __init__(self, folder: Path, tests: str) -> None:
        self.project = folder / "project"
        self.reports = self.project / "ccmm-reports"
        self._asked = folder / "asked-of-pip.txt"
        self._tools = folder / "tools"
        environment = folder / "environment"
        self.programs = environment / "bin"
        for one in (self.project / "tests", self._tools, self.programs):
            one.mkdir(parents=True)
        self.project.joinpath("tests", "test_client.py").write_text(tests, "utf-8")
        _write(self.programs / "pip", f'#!/bin/sh\necho "$*" >> "{self._asked}"\n')
        _write(self.programs / "python", f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        _write(self.programs / "fake-ccmm", _python(_FAKE_CCMM))
        _write(self.programs / "ccmm-contracts", _python(_CONTRACTS))
        _write(self._tools / "docker", _python(_DOCKER))
        _write(
            self._tools / "python3",
            _PYTHON3.format(environment=environment, asked=self._asked, python=sys.executable),
        )

    @property
    def asked_of_pip(self) -> str:
        """What was to be installed, a line for each call."""
        return self._asked.read_text("utf-8")

    def run(self, job: Job, variables: Mapping[str, str] | None = None, *, on_path: Path | None = None) -> Outcome:
        """Run its scripts, until one fails; ``variables`` win over the recipe's own, ``on_path`` has more programs."""
        status, said = 0, ""
        environment = self._environment(on_path) | job.environment | dict(variables or {})
        for number, script in enumerate(job.scripts):
            if status == 0 or script.always:
                file = self._tools / f"script-{number}"
                file.write_text(script.text, "utf-8")
                ended, told = self._run([*job.shell, str(file)], environment)
                status, said = status or ended, said + told
        return Outcome(status, said)

    def _environment(self, on_path: Path | None) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
        folders = [str(one) for one in (self._tools, on_path) if one is not None]
        sources = (SOURCE, Path(ccmm_contracts.__file__).parent.parent)
        return {
            **kept,
            "HOME": str(self.project),
            "PATH": os.pathsep.join([*folders, kept["PATH"]]),
            "PYTHONPATH": os.pathsep.join(map(str, sources)),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "MOCK_PROGRAMS": str(self.programs),
            "GITHUB_STEP_SUMMARY": str(self.project / "summary.md"),
        }

    def _run(self, command: list[str], environment: dict[str, str]) -> tuple[int, str]:
        """The pipe is read to its end: a program that was left behind would hold it open, and fail this."""
        with subprocess.Popen(
            command,
            cwd=self.project,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            start_new_session=True,
        ) as process:
            try:
                said, _ = process.communicate(timeout=TOGETHER)
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                raise
        return process.returncode, said


def _write(path: Path, text: str) -> None:
    path.write_text(text, "utf-8")
    path.chmod(0o755)


def _python(text: str) -> str:
    return f"#!{sys.executable}\n{text}"
