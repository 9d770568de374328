"""The version stands in one place, ``fake_ccmm.__version__``; what cannot ask for it is held here to say the same."""

from __future__ import annotations

import json
import re

import pytest
from ccmm_contracts.version import version
from packaging.version import Version

import fake_ccmm

from .release import ROOT

SAID = {
    "CHANGELOG.md": r"^## (\S+) \((?:unreleased|\d{4}-\d\d-\d\d)\)$",
    "Dockerfile": r'org\.opencontainers\.image\.version="(.+?)"',
}
"""The files that say it, and where the first time."""

NAMED = re.compile(r"(?:fake[-_]ccmm|ccmm-contracts)(?:-|:|==| |&#160;)(\d+\.\d+\.\d+)")
"""How a page says it: of a wheel, an image, what pip is asked for, and what the programs print."""


def test_it_is_spelled_as_indexes_spell_it() -> None:
    assert str(Version(fake_ccmm.__version__)) == fake_ccmm.__version__


def test_the_kit_has_the_same_one() -> None:
    assert version() == fake_ccmm.__version__


def test_the_control_api_has_the_same_one() -> None:
    document = json.loads((ROOT / "fake_ccmm" / "control" / "control.openapi.json").read_text("utf-8"))
    assert document["info"]["version"] == fake_ccmm.__version__


@pytest.mark.parametrize("name", SAID)
def test_a_file_that_says_it_says_the_same(name: str) -> None:
    found = re.search(SAID[name], (ROOT / name).read_text("utf-8"), re.MULTILINE)
    assert found is not None
    assert found[1] == fake_ccmm.__version__


def test_no_page_names_a_version_that_is_not_this_one() -> None:
    paths = [ROOT / "README.md", *(ROOT / "contracts").glob("*.md"), *(ROOT / "docs").rglob("*.*")]
    texts = {path: path.read_text("utf-8") for path in paths if path.suffix in {".md", ".yaml", ".yml", ".svg"}}
    found = {(path.name, one) for path, text in texts.items() for one in NAMED.findall(text)}
    assert {one for _, one in found} == {fake_ccmm.__version__}, found


def test_pyproject_has_none_of_its_own() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    assert 'dynamic = ["version"]' in text
    assert not re.search(r"^version\s*=", text, re.MULTILINE)
