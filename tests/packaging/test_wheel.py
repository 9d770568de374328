"""The wheel: the two packages with their data, what it says of itself, and that it serves."""

from __future__ import annotations

import re
import sys
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

import fake_ccmm

from ..running.process import Serving
from ..running.soap import get, log_in
from .release import DOCUMENTS, PACKAGES, ROOT, Release

DATA = {
    "fake_ccmm/py.typed",
    "fake_ccmm/control/control.openapi.json",
    "fake_ccmm/seed/seed.schema.json",
    "ccmm_contracts/py.typed",
    "ccmm_contracts/clients/protocol.schema.json",
    "ccmm_contracts/reports/report.css",
    *(f"{package}/{path.as_posix()}" for package in PACKAGES for path in DOCUMENTS),
}
"""What is in the packages and is no Python."""

METADATA = {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"}

SERVE_FROM_WHEEL = """
import sys
from importlib.metadata import distributions

wheel = sys.argv.pop(1)
sys.path.insert(0, wheel)
(release,) = distributions(name="fake-ccmm", path=[wheel])
(script,) = [one for one in release.entry_points if one.group == "console_scripts" and one.name == "fake-ccmm"]
main = script.load()
assert sys.modules["fake_ccmm"].__file__.startswith(wheel)
sys.argv[0] = script.name
sys.exit(main())
"""


@pytest.fixture(scope="module")
def metadata(release: Release) -> Message:
    return Parser().parsestr((release.info / "METADATA").read_text("utf-8"))


def test_the_wheel_holds_the_two_packages_with_their_data_and_nothing_else(release: Release) -> None:
    modules = {
        f"{package}/{path.relative_to(folder).as_posix()}"
        for package, folder in PACKAGES.items()
        for path in folder.rglob("*.py")
    }
    assert len(DOCUMENTS) == 6
    with zipfile.ZipFile(release.wheel_file) as archive:
        names = archive.namelist()
    assert len(set(names)) == len(names)
    assert set(names) == modules | DATA | {f"{release.info.name}/{name}" for name in METADATA}


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_has_its_types_and_the_documents_as_they_were_written(release: Release, package: str) -> None:
    assert (release.wheel / package / "py.typed").is_file()
    for path in DOCUMENTS:
        assert (release.wheel / package / path).read_bytes() == (ROOT / path).read_bytes()


def test_the_metadata_says_what_it_is(metadata: Message) -> None:
    assert metadata["Name"] == "fake-ccmm"
    assert metadata["Version"] == fake_ccmm.__version__
    assert 20 < len(metadata["Summary"]) < 120
    assert {"avaya", "ccmm", "soap", "mock"} <= set(metadata["Keywords"].split(","))
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata.get_all("License-File") == ["LICENSE"]
    assert set(metadata.get_all("Provides-Extra", [])) == {"contracts", "test", "docs", "dev"}


def test_the_metadata_names_the_same_pythons_everywhere(metadata: Message) -> None:
    classifiers = metadata.get_all("Classifier", [])
    pythons = [one.rpartition(" ")[2] for one in classifiers if re.fullmatch(r"Programming .*Python :: 3\.\d+", one)]
    assert pythons == ["3.10", "3.11", "3.12", "3.13"]
    assert set(metadata["Requires-Python"].split(",")) == {">=3.10", "<3.14"}


def test_the_readme_and_the_licence_come_with_it(release: Release, metadata: Message) -> None:
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata.get_payload() == (ROOT / "README.md").read_text("utf-8")
    assert (release.info / "licenses" / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


@pytest.mark.parametrize("revision", ["sdk-7.0", "priority"])
def test_the_wheel_alone_serves(release: Release, revision: str, tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-c", SERVE_FROM_WHEEL, str(release.wheel)]
    options = ["--revision", revision, "--log-format", "none"]
    with Serving(*options, command_line=command, folder=tmp_path) as serving:
        assert log_in(serving.url("utility"), "apiuser", "apipassword").endswith("__apiuser")
        assert ('name="priority"' in get(serving.url("campaign") + "?wsdl")) == (revision == "priority")
