"""The sections of the pages in docs/clients: each is about one toolkit, and is run by itself or not at all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import takewhile
from pathlib import Path

from tests.docs.pages import DOCS, ROOT, Block, blocks

CLIENTS = DOCS / "clients"
PAGES = sorted(CLIENTS.glob("*.md"))

NOT_RUN = "Not run by this project's tests"
"""What a section says whose examples no test runs."""


@dataclass(frozen=True, slots=True)
class Section:
    """What stands below a heading of the second level, up to the next: its page, its text and its blocks."""

    page: Path
    heading: str
    text: str
    blocks: tuple[Block, ...]

    @property
    def place(self) -> str:
        return f"{self.page.name}: {self.heading}"

    @property
    def is_run(self) -> bool:
        return bool(self.blocks) and NOT_RUN not in self.text


def sections(page: Path) -> Iterator[Section]:
    """Every section of a page, in order; first what stands above the first heading, with a heading of ""."""
    lines = page.read_text("utf-8").splitlines()
    found = blocks(page)
    inside = {line for one in found for line in range(one.line, one.line + one.text.count("\n") + 2)}
    starts = [number for number, line in enumerate(lines, 1) if line.startswith("## ") and number not in inside]
    for start, end in zip([1, *starts], [*starts, len(lines) + 1], strict=True):
        yield Section(
            page,
            lines[start - 1].removeprefix("## ") if start in starts else "",
            "\n".join(lines[start - 1 : end - 1]),
            tuple(one for one in found if start <= one.line < end),
        )


@dataclass(frozen=True, slots=True)
class Needs:
    """What has to be on the machine: programs, modules of Python, packages of npm, extensions of PHP, and files."""

    programs: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    install: str = ""

    def missing(self) -> str:
        """Why it cannot be run here, and what to install; "" where all is there."""
        lacking = ["a POSIX shell"] if sys.platform == "win32" else []
        lacking += [one for one in ("bash", *self.programs) if shutil.which(one) is None]
        lacking += [one for one in self.modules if find_spec(one) is None]
        lacking += [one for one in self.packages if node_modules(one) is None]
        lacking += [one for one in self.files if not Path(one).exists()]
        if self.extensions and "php" not in lacking:
            there = subprocess.run(["php", "-m"], capture_output=True, text=True, check=True).stdout.split()
            lacking += [one for one in self.extensions if one not in there]
        return f"this machine has no {', '.join(lacking)}: {self.install}" if lacking else ""


NODE = ROOT / "examples" / "clients" / "node"


def node_modules(package: str) -> Path | None:
    """The ``node_modules`` with a package: that of the example client, or one that NODE_PATH names."""
    named = [Path(one) for one in os.environ.get("NODE_PATH", "").split(os.pathsep) if one]
    return next((one for one in (NODE / "node_modules", *named) if (one / package).is_dir()), None)


_MONO = Needs(programs=("mono", "mcs", "wsdl"), install="apt install mono-devel")
_JAVA = ("java", "javac")
_NPM = f"npm install --no-save --prefix {NODE.relative_to(ROOT).as_posix()}"

NEEDS = {
    "csharp.md: ASMX proxies: wsdl.exe and Add Web Reference": _MONO,
    "csharp.md: A contract by hand: WCF": _MONO,
    "java.md: JAX-WS (Metro)": Needs(
        programs=(*_JAVA, "wsimport"), files=("/usr/share/jaxws/lib/jaxws-rt.jar",), install="apt install jaxws"
    ),
    "java.md: Axis 1.4": Needs(programs=_JAVA, files=("/usr/share/java/axis.jar",), install="apt install libaxis-java"),
    "php.md: SoapClient": Needs(programs=("php",), extensions=("soap",), install="apt install php-cli php-soap"),
    "node.md: soap": Needs(programs=("node",), packages=("soap",), install=f"{_NPM} soap"),
    "node.md: strong-soap": Needs(programs=("node",), packages=("strong-soap",), install=f"{_NPM} strong-soap@5"),
    "python.md: zeep": Needs(modules=("zeep",), install="pip install zeep"),
    "python.md: suds-community": Needs(modules=("suds",), install="pip install suds-community"),
    "README.md: ": Needs(),
    "README.md: The two revisions": Needs(modules=("zeep",), install="pip install zeep"),
    "README.md: A center for each test": Needs(programs=("curl",), install="apt install curl"),
}
"""What each section needs that is run, by its place."""


def text_above(section: Section) -> str:
    """The first lines of a section below its heading, up to its first block."""
    return " ".join(takewhile(lambda line: not line.startswith("```"), section.text.splitlines()[1:]))


def link_packages(folder: Path, needs: Needs) -> None:
    """Let Node find the packages from a folder; nothing where none are needed."""
    for package in needs.packages:
        found = node_modules(package)
        assert found is not None, f"{package} was there a moment ago"
        (folder / "node_modules").symlink_to(found.resolve(), target_is_directory=True)


IS_WINDOWS = sys.platform == "win32"
