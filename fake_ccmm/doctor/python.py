"""Checks of Python and of what is installed with fake-ccmm."""

from __future__ import annotations

import operator
import os
import platform
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import Distribution, PackageNotFoundError, distributions
from typing import TYPE_CHECKING, Any

from .. import __version__
from .finding import Outcome, ok, problem, warning

if TYPE_CHECKING:
    from .examination import Examination

_PACKAGE = "fake-ccmm"
_OLDEST, _NEWEST = (3, 10), (3, 13)
_KIT = "contracts"
_REQUIREMENT = re.compile(
    r"(?P<name>[A-Za-z0-9._-]+)\s*(?:\[[^\]]*\])?\s*\(?(?P<versions>[^;()]*)\)?\s*(?:;(?P<marker>.*))?"
)
_VERSION = re.compile(r"(==|>=|<=|!=|~=|<|>)\s*([0-9][^\s,]*)")
_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "~=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_CONDITION = re.compile(r"(?P<name>\w+)\s*(?P<comparison>==|!=|<=|>=|<|>)\s*[\"'](?P<value>[^\"']*)[\"']")


def version(_: Examination) -> Outcome:
    """Whether this Python is one that fake-ccmm runs on."""
    made = platform.python_implementation()
    what = f"{made} {platform.python_version()}"
    ours = f"Python {'.'.join(map(str, _OLDEST))} to {'.'.join(map(str, _NEWEST))}"
    if sys.version_info[:2] < _OLDEST:
        return problem(f"{what} is too old: fake-ccmm needs {ours}", f"install it with {ours}")
    if sys.version_info[:2] > _NEWEST:
        return warning(f"{what} is newer than what fake-ccmm is tested with: {ours}", f"install it with {ours}")
    if made != "CPython":
        return warning(f"{what} is not what fake-ccmm is tested with: CPython", "install it with CPython")
    return ok(what)


def installation(asked: Examination) -> Outcome:
    """Whether what runs is what is installed."""
    found = _distribution(_PACKAGE, asked)
    if found is None:
        return warning(
            f"fake-ccmm {__version__} runs from a folder, not installed",
            "install it: python -m pip install . in the folder with pyproject.toml",
        )
    if found.version != __version__:
        return warning(
            f"fake-ccmm {__version__} runs, but {found.version} is installed",
            "install it anew, or take its folder out of PYTHONPATH",
        )
    return ok(f"fake-ccmm {__version__}")


def packages(asked: Examination) -> Outcome:
    """Whether all packages that fake-ccmm declares are there, in versions that it declares."""
    found = _distribution(_PACKAGE, asked)
    if found is None:
        return warning("what has to be installed is not known, since fake-ccmm is not", "install fake-ccmm")
    needed = list(_needed(found))
    wrong = [said for one in needed if (said := _lack(one, asked)) is not None]
    if wrong:
        return problem(", ".join(wrong), _install(one for one in needed if _lack(one, asked) is not None))
    return ok(f"all {len(needed)} packages that it needs are there")


def speed(_: Examination) -> Outcome:
    """Whether what makes the server fast can be used."""
    missing = []
    for name in ("httptools", "uvloop"):
        try:
            import_module(name)
        except ImportError:
            missing.append(name)
    if "httptools" in missing:
        return problem("httptools cannot be used, and nothing is served without it", _pip_install("httptools"))
    if "uvloop" not in missing:
        return ok("uvloop and httptools make it fast")
    if sys.platform == "win32" or platform.python_implementation() != "CPython":
        return ok("httptools makes it fast; there is no uvloop here, asyncio's own loop serves")
    return warning("uvloop cannot be used; asyncio's own loop serves, more slowly", _pip_install("uvloop"))


def kit(asked: Examination) -> Outcome:
    """Whether ccmm-contracts can be used, which need not be."""
    found = _distribution(_PACKAGE, asked)
    lacking = [one.name for one in _needed(found, _KIT) if _lack(one, asked) is not None] if found else []
    if found is None or lacking:
        lacks = f": it lacks {', '.join(lacking)}" if lacking else ""
        return ok(
            f"ccmm-contracts is not installed{lacks}; pip install 'fake-ccmm[contracts]' makes it work, if wanted"
        )
    return ok("ccmm-contracts can be used")


@dataclass(frozen=True, slots=True)
class _Needed:
    """A package that is declared, with what its version has to be, such as ``>=2.0``."""

    name: str
    versions: str


def _distribution(name: str, asked: Examination) -> Distribution | None:
    """What is installed of that name in the folders of the examination, the first found."""
    try:
        return next(iter(distributions(name=name, path=list(asked.packages))), None)
    except (PackageNotFoundError, OSError):
        return None


def _needed(found: Distribution, extra: str | None = None) -> Iterator[_Needed]:
    """The packages that are needed here: always, or for an extra and then those alone."""
    for text in found.requires or ():
        match = _REQUIREMENT.fullmatch(text.strip())
        if match is None:
            continue
        marker = match["marker"] or ""
        is_for = re.findall(r"extra\s*==\s*[\"']([^\"']+)[\"']", marker)
        if is_for == ([extra] if extra else []) and _holds(marker):
            yield _Needed(match["name"], match["versions"].replace(" ", ""))


def _holds(marker: str) -> bool:
    """Whether a marker holds here; one of other words than fake-ccmm's own holds."""
    here = {
        "python_version": ".".join(map(str, sys.version_info[:2])),
        "sys_platform": sys.platform,
        "implementation_name": sys.implementation.name,
        "os_name": os.name,
    }
    for name, comparison, value in _CONDITION.findall(marker):
        if name not in here:
            continue
        is_number = name == "python_version"
        have, want = (_numbers(here[name]), _numbers(value)) if is_number else (here[name], value)
        if not _compare(have, comparison, want):
            return False
    return True


def _lack(needed: _Needed, asked: Examination) -> str | None:
    """What is wrong with a package, None for nothing."""
    found = _distribution(needed.name, asked)
    if found is None:
        return f"{needed.name} is missing"
    have = str(found.version)
    for comparison, want in _VERSION.findall(needed.versions):
        if not _compare(_numbers(have), comparison, _numbers(want)):
            return f"{needed.name} {have} is not {needed.versions}"
    return None


def _compare(have: object, comparison: str, want: object) -> bool:
    """Whether two values of the same kind are so to each other; ``~=`` is taken as ``>=``."""
    return bool(_COMPARISONS[comparison](have, want))


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers that a version begins with, zeros at the end left out; what follows them is not looked at."""
    match = re.match(r"\d+(?:\.\d+)*", version)
    found = [int(one) for one in match.group().split(".")] if match else []
    while found and not found[-1]:
        found.pop()
    return tuple(found)


def _install(needed: Iterator[_Needed]) -> str:
    return _pip_install(*(f"{one.name}{one.versions}" for one in needed))


def _pip_install(*what: str) -> str:
    return f"python -m pip install {' '.join(_quoted(one) for one in what)}"


def _quoted(requirement: str) -> str:
    return f'"{requirement}"' if set(requirement) & set("<>=!~") else requirement
