"""``fake-ccmm completion``: a script that the shell can read, with which it completes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .process import DEADLINE, run

needs_bash = pytest.mark.skipif(
    sys.platform == "win32" or shutil.which("bash") is None, reason="this machine has no bash"
)

COMPLETE = """
source "$1"; shift
how=$(complete -p fake-ccmm); how=${how##*-F }
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
${how%% *}
printf '%s\\n' "${COMPREPLY[@]}"
"""
"""What bash does when the tabulator key is pressed after the last of the words."""


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script for bash."""
    done = run("completion", "bash")
    assert (done.returncode, done.stderr) == (0, "")
    file = tmp_path_factory.mktemp("completion") / "fake-ccmm.bash"
    file.write_text(done.stdout, "utf-8")
    return file


def completed(script: Path, *words: str) -> list[str]:
    """What bash offers for the last word."""
    done = subprocess.run(
        ["bash", "--norc", "-c", COMPLETE, "bash", str(script), "fake-ccmm", *words],
        cwd=script.parent,
        capture_output=True,
        encoding="utf-8",
        timeout=DEADLINE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return sorted(done.stdout.split())


@needs_bash
@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (["s"], ["seed", "serve", "snapshot"]),
        (["d"], ["doctor"]),
        (["doctor", "--tls"], ["--tls-cert", "--tls-key"]),
        (["doctor", "--ca", "fake"], ["fake-ccmm.bash"]),
        (["seed", "e"], ["export"]),
        (["seed", "export", "--format", ""], ["json", "toml", "yaml"]),
        (["seed", "check", "fake"], ["fake-ccmm.bash"]),
        (["clock", "a"], ["advance"]),
        (["serve", "--tls"], ["--tls", "--tls-cert", "--tls-key"]),
        (["serve", "--tls", ""], ["adhoc"]),
        (["serve", "--host", "::1", "--revision", "p"], ["priority"]),
        (["serve", "--tls-cert", "fake"], ["fake-ccmm.bash"]),
        (["profile", "--format", ""], ["json", "text", "toml"]),
        (["completion", ""], ["bash", "tcsh", "zsh"]),
    ],
)
def test_bash_completes_commands_options_values_and_files(script: Path, words: list[str], offered: list[str]) -> None:
    assert completed(script, *words) == offered


@pytest.mark.parametrize(
    ("shell", "read"),
    [("zsh", 'autoload -U compinit; compinit -D -u; eval "$(cat {})"'), ("tcsh", "source {}")],
)
def test_the_other_shells_read_theirs_without_a_word(shell: str, read: str, tmp_path: Path) -> None:
    done = run("completion", shell)
    assert (done.returncode, done.stderr) == (0, "")
    assert "--tls-cert" in done.stdout
    if shutil.which(shell) is None:
        pytest.skip(f"this machine has no {shell}")
    file = tmp_path / "script"
    file.write_text(done.stdout, "utf-8")
    told = subprocess.run(
        [shell, "-f", "-c", read.format(file)], capture_output=True, timeout=DEADLINE, cwd=tmp_path, check=False
    )
    assert (told.returncode, told.stdout, told.stderr) == (0, b"", b"")
