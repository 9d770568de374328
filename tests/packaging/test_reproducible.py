"""Whoever builds the same source gets the same archives, to the byte."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from .release import Release, build, unpack

pytestmark = pytest.mark.slow

A_DAY_IN_1999 = 930_000_000


def builds(source: Path, into: Path, umask: int, settings: dict[str, str]) -> dict[str, str]:
    """Build both archives; returns the hash of each by its name."""
    paths = [build(kind, source, into, umask, settings) for kind in ("sdist", "wheel")]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def make_different(tree: Path) -> None:
    """Give a tree what a checkout elsewhere has, at another time and with another umask: modes, times, leftovers."""
    for path in sorted(tree.rglob("*")):
        path.chmod(path.stat().st_mode & 0o700)
        os.utime(path, (A_DAY_IN_1999, A_DAY_IN_1999))
    for left in ("fake_ccmm/__pycache__/old.pyc", "examples/clients/node/node_modules/soap/index.js", "dist/old.whl"):
        (tree / left).parent.mkdir(parents=True, exist_ok=True)
        (tree / left).write_bytes(b"left over")


@pytest.mark.parametrize("epoch", [None, "1700000000"])
def test_two_copies_at_other_paths_times_and_umasks_build_the_same_bytes(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, epoch: str | None
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    if epoch is not None:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    here = unpack(release.source_file, tmp_path / "here")
    there = unpack(release.source_file, tmp_path / "a longer path, elsewhere" / "ünder")
    make_different(there)
    first = builds(here, tmp_path / "first", 0o022, {"TZ": "UTC", "PYTHONHASHSEED": "1"})
    second = builds(there, tmp_path / "second", 0o077, {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "2"})
    assert len(first) == 2
    assert first == second
