"""A file that is written over is never half of it, and what stood there stays when the new one cannot be written."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from fake_ccmm.whole_files import write_whole

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="modes, links and pipes as POSIX has them")


def test_a_file_is_written_and_written_over(tmp_path: Path) -> None:
    path = tmp_path / "now.toml"
    for data in (b"first", b"second, which is longer", b""):
        write_whole(path, data)
        assert path.read_bytes() == data
    assert [one.name for one in tmp_path.iterdir()] == ["now.toml"]


def test_what_stood_there_stays_when_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "now.toml"
    write_whole(path, b"good")

    def full(self: Path, target: Path) -> None:
        assert target.read_bytes() == b"good", "until the last moment the old file is there"
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"half")
    assert path.read_bytes() == b"good"
    assert [one.name for one in tmp_path.iterdir()] == ["now.toml"]


def test_a_folder_that_is_not_there_is_told_as_ever(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "none" / "now.toml", b"x")


@POSIX
def test_the_mode_is_that_of_the_old_file_or_of_any_new_one(tmp_path: Path) -> None:
    path, other = tmp_path / "now.toml", tmp_path / "other.toml"
    write_whole(path, b"x")
    other.write_bytes(b"x")
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(other.stat().st_mode)
    path.chmod(0o640)
    write_whole(path, b"y")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@POSIX
def test_a_link_stays_one(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "link.toml"
    real.write_bytes(b"old")
    link.symlink_to(real)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


@POSIX
def test_a_pipe_is_written_to() -> None:
    reading, writing = os.pipe()
    try:
        write_whole(Path(f"/dev/fd/{writing}"), b"seed")
        assert os.read(reading, 10) == b"seed"
    finally:
        os.close(reading)
        os.close(writing)
