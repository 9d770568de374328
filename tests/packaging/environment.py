"""Virtual environments as users have them: made for the test, outside of the tree, and blind to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from ..running.process import DEADLINE

INSTALLING = 10 * DEADLINE
"""Seconds that pip may take, which downloads."""


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment, and a folder to be in that has nothing of this source."""

    folder: Path
    elsewhere: Path

    def program(self, name: str) -> str:
        """The path of one of its programs."""
        return str(self.folder / ("Scripts" if os.name == "nt" else "bin") / name)

    def run(self, name: str, *arguments: str, seconds: float = DEADLINE) -> subprocess.CompletedProcess[str]:
        """What a program of it does, which is told nothing of the environment of these tests."""
        return _run([self.program(name), *arguments], self.elsewhere, seconds)

    def pip(self, *arguments: str) -> str:
        """What the pip of these tests does to the environment, which has none: that takes half the time."""
        command = [sys.executable, "-m", "pip", "--python", self.program("python"), *arguments]
        done = _run(command, self.elsewhere, INSTALLING)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def distributions(self) -> set[str]:
        """The names of what is installed."""
        return {one["name"].lower() for one in json.loads(self.pip("list", "--format=json"))}


def make_environment(folder: Path, *what: str) -> Environment:
    """A new environment in the folder, with that installed."""
    made = Environment(folder / "environment", folder / "elsewhere")
    made.elsewhere.mkdir()
    done = _run([sys.executable, "-m", "venv", "--without-pip", str(made.folder)], folder, INSTALLING)
    assert done.returncode == 0, done.stderr
    made.pip("install", "--quiet", "--no-compile", *what)
    return made


def blind() -> dict[str, str]:
    """The variables of this process that do not say where Python, pytest or fake-ccmm should look."""
    own = ("PYTHON", "PYTEST", "COVERAGE", "MYPY", "VIRTUAL_ENV", "FAKE_CCMM")
    return {name: value for name, value in os.environ.items() if not name.startswith(own)}


def _run(command: list[str], folder: Path, seconds: float) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=blind(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=seconds,
        check=False,
    )
