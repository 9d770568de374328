"""A mock for each test, and a folder of the test's own to write to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fake_ccmm import FakeCcmm


@pytest.fixture
def ccmm() -> Iterator[FakeCcmm]:
    with FakeCcmm() as server:
        yield server


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for variable in ("CCMM_PASSWORD", "CCMM_SECOND_PASSWORD", "CCMM_BASE_PASSWORD", "FAKE_CCMM_TOKEN"):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path
