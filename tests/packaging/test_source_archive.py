"""The source archive: the tree as git has it, so that the tests run from it, and nothing that git leaves out."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from ..running.process import DEADLINE
from .release import ROOT, Release

PARTS = {"README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "RELEASING.md", "pyproject.toml", ".ci/run"}
"""What stands at the top and has to be there, wherever the tests are run from."""

needs_git = pytest.mark.skipif(
    not (ROOT / ".git").exists() or shutil.which("git") is None, reason="this is no checkout, or there is no git"
)


@pytest.fixture(scope="module")
def files(release: Release) -> set[str]:
    return {path.relative_to(release.source).as_posix() for path in release.source.rglob("*") if path.is_file()}


def git(*arguments: str, text: str = "") -> list[str]:
    """The file names that git prints."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=ROOT,
        input=text,
        capture_output=True,
        encoding="utf-8",
        timeout=DEADLINE,
        check=False,
    )
    assert done.stderr == ""
    return [name for name in done.stdout.split("\0") if name]


def test_the_parts_of_the_tree_are_in_it(files: set[str]) -> None:
    here = Path(__file__).relative_to(ROOT).as_posix()
    assert PARTS | {"PKG-INFO", ".gitignore", here} <= files
    assert not [
        name for name in files if {"__pycache__", "node_modules", ".venv", "build", "dist"} & {*Path(name).parts}
    ]


@needs_git
def test_it_has_every_file_that_git_has(files: set[str]) -> None:
    tracked = git("ls-files", "-z")
    assert len(tracked) > 100
    assert [name for name in tracked if (ROOT / name).is_file() and name not in files] == []


@needs_git
def test_it_has_no_file_that_git_leaves_out(files: set[str]) -> None:
    assert git("check-ignore", "-z", "--stdin", text="\0".join(sorted(files))) == []
    assert git("check-ignore", "-z", "--stdin", text="examples/clients/node/node_modules/soap/index.js") != []


def test_what_is_in_it_is_as_it_was_written(release: Release, files: set[str]) -> None:
    changed = [
        name for name in files - {"PKG-INFO"} if (release.source / name).read_bytes() != (ROOT / name).read_bytes()
    ]
    assert changed == []
