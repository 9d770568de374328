"""A report's file is there whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from ccmm_contracts.errors import SetUpBroken
from ccmm_contracts.report import Report
from ccmm_contracts.reports import files, write_html, write_junit

from . import samples

Write = Callable[[Report, "str | os.PathLike[str]"], None]

both = pytest.mark.parametrize("write", [write_html, write_junit])


@both
def test_missing_folders_are_made(write: Write, tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "report"
    write(samples.empty_report(), str(path))
    assert path.read_bytes()
    assert os.listdir(path.parent) == ["report"]


@both
def test_an_older_report_is_replaced(write: Write, tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_text("old")
    write(samples.usual_report(), path)
    assert samples.TARGET in path.read_text("utf-8")


@both
@pytest.mark.parametrize("name", ["file/report", ".", "nul\0", "x" * 300])
def test_a_path_that_cannot_be_written_is_a_broken_set_up(write: Write, name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file, no folder")
    with pytest.raises(SetUpBroken, match=r"cannot be written: .*; name a file in a folder"):
        write(samples.empty_report(), f"{tmp_path}/{name}")
    assert os.listdir(tmp_path) == ["file"]


def test_a_write_that_breaks_off_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report"
    path.write_text("old")

    def replace(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(SetUpBroken, match="No space left on device"):
        files.write_file(path, b"new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["report"]


@pytest.mark.skipif(sys.platform == "win32", reason="links are for administrators here")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "there")
    files.write_file(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there").read_bytes() == b"new"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        files.write_file(path, b"new")
        assert os.read(reader, 10) == b"new"
    finally:
        os.close(reader)
    assert path.is_fifo()
