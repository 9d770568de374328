"""The folder that the kit writes to while it runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from ccmm_contracts.cli import main
from ccmm_contracts.scratch import use_scratch_folder


def test_where_nothing_can_be_written_the_command_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    use_scratch_folder.cache_clear()
    try:
        assert main(["list"]) == 2
    finally:
        use_scratch_folder.cache_clear()
    said = capsys.readouterr().err
    assert said.startswith("ccmm-contracts: no folder to write in")
    assert "set TMPDIR" in said
    assert said.count("\n") == 1
