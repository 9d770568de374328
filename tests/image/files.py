"""The image's files as tests read them: the Dockerfile by stage, what .dockerignore leaves out, the pinned packages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the Dockerfile: what it starts from, its name, and its instructions with what stands after them."""

    base: str
    name: str
    instructions: tuple[tuple[str, str], ...] = field(default=())

    def values(self, instruction: str) -> list[str]:
        """What stands after each instruction of this name."""
        return [value for name, value in self.instructions if name == instruction]

    def words(self, instruction: str) -> list[str]:
        """The words of the last such instruction, which has to be in exec form: a JSON list."""
        found: list[str] = json.loads(self.values(instruction)[-1])
        return found


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """The arguments before the first stage, and the stages by name, in order."""

    arguments: dict[str, str]
    stages: dict[str, Stage]

    def copied(self) -> list[str]:
        """What is copied from the checkout."""
        texts = [value.split() for stage in self.stages.values() for value in stage.values("COPY")]
        return [source for words in texts if not words[0].startswith("--from=") for source in words[:-1]]


def read_dockerfile() -> Dockerfile:
    """The Dockerfile."""
    arguments: dict[str, str] = {}
    found: list[tuple[str, str, list[tuple[str, str]]]] = []
    for instruction, value in _instructions((ROOT / "Dockerfile").read_text("utf-8")):
        if instruction == "FROM":
            base, _, name = re.split(" (AS) ", value)
            found.append((base, name, []))
        elif found:
            found[-1][2].append((instruction, value))
        else:
            name, _, default = value.partition("=")
            arguments[name] = default
    return Dockerfile(arguments, {name: Stage(base, name, tuple(inner)) for base, name, inner in found})


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    for line in re.sub(r"\\\n\s*", "", "\n".join(lines)).splitlines():
        instruction, _, value = line.partition(" ")
        yield instruction, value.strip()


def is_ignored(path: str) -> bool:
    """Whether .dockerignore keeps a file or folder from the build: of the lines that match, the last one says."""
    found = False
    for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            pattern = line.removeprefix("!")
            if any(_matches(one, pattern) for one in (PurePosixPath(path), *PurePosixPath(path).parents)):
                found = not line.startswith("!")
    return found


def _matches(path: PurePosixPath, pattern: str) -> bool:
    """Whether a pattern of .dockerignore is for this path; ``**/`` stands for any folders, ``*`` for no slash."""
    if pattern.startswith("**/"):
        return bool(path.name) and fnmatchcase(path.name, pattern.removeprefix("**/"))
    wanted = pattern.split("/")
    return len(path.parts) == len(wanted) and all(map(fnmatchcase, path.parts, wanted))


@dataclass(frozen=True, slots=True)
class Pinned:
    """A package of a requirements file: its name, version and the hashes of its files."""

    name: str
    version: str
    hashes: frozenset[str]


def pinned(file: Path) -> dict[str, Pinned]:
    """The packages of a requirements file, by name; each line has to name one version and hashes."""
    found: dict[str, Pinned] = {}
    for text in re.sub(r"\\\n\s*", "", file.read_text("utf-8")).splitlines():
        if text.startswith("#"):
            continue
        match = re.fullmatch(r"([\w.-]+)==([\w.]+)((?: --hash=sha256:[0-9a-f]{64})+)", text.strip())
        assert match is not None, f"{file.name} does not pin: {text[:80]}"
        name = canonicalize_name(match[1])
        found[name] = Pinned(name, match[2], frozenset(match[3].split()))
    return found


def unmet(requirements: list[str], packages: dict[str, Pinned], python: str) -> list[str]:
    """Which requirements these packages do not meet, on Linux and this Python."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "os_name": "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    wrong = []
    for requirement in map(Requirement, requirements):
        if requirement.marker is None or requirement.marker.evaluate(environment):
            package = packages.get(canonicalize_name(requirement.name))
            if package is None or not requirement.specifier.contains(package.version):
                wrong.append(str(requirement))
    return wrong
