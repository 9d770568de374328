"""What is released: a source archive that a wheel can be built from, and a wheel that needs nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

import fake_ccmm

from ..running.process import DEADLINE, Serving
from ..running.soap import get, log_in

ROOT = Path(__file__).parent.parent.parent
PACKAGES = {"fake_ccmm": ROOT / "fake_ccmm", "ccmm_contracts": ROOT / "contracts" / "ccmm_contracts"}
DOCUMENTS = [path.relative_to(ROOT) for path in sorted((ROOT / "wsdl").glob("*/*.wsdl"))]

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


@dataclass(frozen=True)
class Release:
    """The two archives, and folders with what is in them."""

    source: Path
    wheel: Path
    wheel_file: Path

    @property
    def info(self) -> Path:
        """The folder of the wheel's metadata."""
        return self.wheel / f"fake_ccmm-{fake_ccmm.__version__}.dist-info"

    def names(self) -> set[str]:
        """The files in the wheel but for its metadata."""
        with zipfile.ZipFile(self.wheel_file) as archive:
            return {name for name in archive.namelist() if not name.startswith(f"{self.info.name}/")}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The archives in the folder that FAKE_CCMM_DIST names; otherwise new ones, the wheel built from the archive."""
    folder = tmp_path_factory.mktemp("release")
    given = os.environ.get("FAKE_CCMM_DIST")
    archives = Path(given) if given else folder / "dist"
    if not given:
        build("sdist", ROOT, archives)
    (source_file,) = archives.glob("*.tar.gz")
    with tarfile.open(source_file) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)
        archive.extractall(folder / "source")
    (source,) = (folder / "source").iterdir()
    if not given:
        build("wheel", source, archives)
    (wheel_file,) = archives.glob("*.whl")
    with zipfile.ZipFile(wheel_file) as wheel:
        wheel.extractall(folder / "wheel")
    return Release(source, folder / "wheel", wheel_file)


def build(kind: str, folder: Path, into: Path) -> None:
    """Build a release with hatchling as it is installed here, which needs no network."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(into)]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=DEADLINE, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def metadata(release: Release) -> Message:
    return Parser().parsestr((release.info / "METADATA").read_text("utf-8"))


def test_the_wheel_holds_the_two_packages_with_their_documents_and_nothing_else(release: Release) -> None:
    sources = {
        f"{package}/{path.relative_to(folder).as_posix()}"
        for package, folder in PACKAGES.items()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    documents = {f"{package}/{path.as_posix()}" for package in PACKAGES for path in DOCUMENTS}
    assert len(documents) == 2 * 6
    assert release.names() == sources | documents


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_has_its_types_and_the_documents_as_they_were_written(release: Release, package: str) -> None:
    assert (release.wheel / package / "py.typed").is_file()
    for path in DOCUMENTS:
        assert (release.wheel / package / path).read_bytes() == (ROOT / path).read_bytes()


def test_the_metadata_says_what_it_is_and_needs(metadata: Message) -> None:
    assert metadata["Name"] == "fake-ccmm"
    assert metadata["Version"] == fake_ccmm.__version__
    assert metadata["License-Expression"] == "Apache-2.0"
    assert set(metadata["Requires-Python"].split(",")) == {">=3.10", "<3.14"}
    needs = {re.split(r"[^\w-]", one)[0] for one in metadata.get_all("Requires-Dist", []) if "extra ==" not in one}
    assert {"lxml", "spyne", "uvicorn", "werkzeug"} <= needs
    assert not needs & {"hypothesis", "mypy", "pytest", "zeep"}


def test_the_readme_and_the_licence_come_with_it(release: Release, metadata: Message) -> None:
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata.get_payload() == (ROOT / "README.md").read_text("utf-8")
    assert (release.info / "licenses" / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_the_source_archive_holds_all_that_the_tests_need(release: Release) -> None:
    files = {path.relative_to(release.source).as_posix() for path in release.source.rglob("*") if path.is_file()}
    here = Path(__file__).relative_to(ROOT).as_posix()
    assert {"README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "pyproject.toml", here} <= files
    assert {path.as_posix() for path in DOCUMENTS} <= files
    assert not [name for name in files if "__pycache__" in name or name.startswith(".venv")]


@pytest.mark.parametrize("revision", ["sdk-7.0", "priority"])
def test_the_wheel_alone_serves(release: Release, revision: str, tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-c", SERVE_FROM_WHEEL, str(release.wheel)]
    options = ["--revision", revision, "--log-format", "none"]
    with Serving(*options, command_line=command, folder=tmp_path) as serving:
        assert log_in(serving.url("utility"), "apiuser", "apipassword").endswith("__apiuser")
        assert ('name="priority"' in get(serving.url("campaign") + "?wsdl")) == (revision == "priority")
