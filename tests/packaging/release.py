"""The two archives that are released, and where to find what they should hold."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import fake_ccmm

from ..running.process import DEADLINE

ROOT = Path(__file__).parent.parent.parent
PACKAGES = {"fake_ccmm": ROOT / "fake_ccmm", "ccmm_contracts": ROOT / "contracts" / "ccmm_contracts"}
DOCUMENTS = [path.relative_to(ROOT) for path in sorted((ROOT / "wsdl").glob("*/*.wsdl"))]


@dataclass(frozen=True, slots=True)
class Release:
    """The two archives, and folders with what is in them."""

    source_file: Path
    wheel_file: Path
    source: Path
    wheel: Path

    @property
    def info(self) -> Path:
        """The folder of the wheel's metadata."""
        return self.wheel / f"fake_ccmm-{fake_ccmm.__version__}.dist-info"


def make_release(folder: Path) -> Release:
    """The archives that FAKE_CCMM_DIST names; otherwise new ones, the wheel built from the source archive.

    They are unpacked in the folder.
    """
    given = os.environ.get("FAKE_CCMM_DIST")
    archives = Path(given) if given else folder / "dist"
    source_file = next(archives.glob("*.tar.gz")) if given else build("sdist", ROOT, archives)
    source = unpack(source_file, folder / "source")
    wheel_file = next(archives.glob("*.whl")) if given else build("wheel", source, archives)
    with zipfile.ZipFile(wheel_file) as archive:
        archive.extractall(folder / "wheel")
    return Release(source_file.resolve(), wheel_file.resolve(), source, folder / "wheel")


def unpack(source_file: Path, into: Path) -> Path:
    """Unpack a source archive; returns the one folder that is in it."""
    with tarfile.open(source_file) as archive:
        archive.extraction_filter = getattr(tarfile, "data_filter", lambda member, _: member)
        archive.extractall(into)
    (folder,) = into.iterdir()
    return folder


def build(kind: str, folder: Path, into: Path, umask: int = -1, settings: Mapping[str, str] | None = None) -> Path:
    """Build an archive, ``sdist`` or ``wheel``, with hatchling as it is installed here, which needs no network."""
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(into)],
        cwd=folder,
        env={**os.environ, **(settings or {})},
        umask=umask if os.name == "posix" else -1,
        capture_output=True,
        encoding="utf-8",
        timeout=DEADLINE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (archive,) = into.glob({"sdist": "*.tar.gz", "wheel": "*.whl"}[kind])
    return archive
