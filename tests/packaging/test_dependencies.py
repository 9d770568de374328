"""What pyproject.toml says the packages need is what they import: no more, no less."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from .release import PACKAGES, ROOT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
DISTRIBUTED_AS = {"yaml": "pyyaml"}
"""The distribution of each module that is not named as its distribution is."""

NOT_IMPORTED = {
    "legacy-cgi": "spyne imports cgi, which Python 3.13 does not have, and does not ask for it",
    "uvloop": "uvicorn takes it by itself where it is there",
}
"""Why the server needs what it does not import."""

NOT_DECLARED = {"pytest": "only pytest imports the plugin"}
"""Why the server imports what it does not need."""


def declared(requirements: list[str]) -> set[str]:
    return {canonicalize_name(Requirement(one).name) for one in requirements}


SERVER = declared(PROJECT["dependencies"])
CONTRACTS = declared(PROJECT["optional-dependencies"]["contracts"])


@cache
def imported(package: str) -> dict[str, set[str]]:
    """The distributions that a package imports when it runs, each with the modules that do."""
    found: dict[str, set[str]] = {}
    for path in PACKAGES[package].rglob("*.py"):
        for name in modules_of(ast.parse(path.read_text("utf-8"))):
            top = name.partition(".")[0]
            if top not in {*sys.stdlib_module_names, "tomllib", package}:
                distribution = canonicalize_name(DISTRIBUTED_AS.get(top, top))
                found.setdefault(distribution, set()).add(path.relative_to(PACKAGES[package]).as_posix())
    return found


def modules_of(node: ast.AST) -> Iterator[str]:
    """The modules that are imported in a part of a module, wherever it does, but for those of a type checker."""
    if isinstance(node, ast.Import):
        yield from (one.name for one in node.names)
    elif isinstance(node, ast.ImportFrom) and node.level == 0:
        yield node.module or ""
    children: list[ast.AST] = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        children = [*node.orelse]
    for child in children:
        yield from modules_of(child)


def test_the_server_declares_what_it_imports_and_imports_what_it_declares() -> None:
    found = imported("fake_ccmm")
    assert found.keys() - NOT_DECLARED.keys() == SERVER - NOT_IMPORTED.keys()
    assert found["pytest"] == {"pytest_plugin.py"}


def test_the_extra_adds_what_the_kit_imports_and_the_server_does_not() -> None:
    assert imported("ccmm_contracts").keys() - SERVER == CONTRACTS
    assert SERVER.isdisjoint(CONTRACTS)


def test_the_reasons_are_of_what_there_is() -> None:
    found = imported("fake_ccmm")
    assert NOT_IMPORTED.keys() <= SERVER
    assert found.keys().isdisjoint(NOT_IMPORTED)
    assert found.keys() >= NOT_DECLARED.keys()


@pytest.mark.parametrize("name", ["contracts", "test", "docs", "dev", "dependencies"])
def test_each_dependency_has_a_lowest_version_and_only_spyne_a_highest(name: str) -> None:
    requirements = PROJECT[name] if name == "dependencies" else PROJECT["optional-dependencies"][name]
    for one in map(Requirement, requirements):
        bounds = [bound.operator for bound in one.specifier]
        wanted = {"fake-ccmm": [], "spyne": ["=="]}.get(one.name, [">="])  # spyne is patched, release by release
        assert bounds == wanted, one


def test_only_what_runs_counts_as_an_import() -> None:
    text = "if TYPE_CHECKING:\n  import a.b\nelse:\n  import c.d\ndef f():\n  from e.f import g\nfrom .h import i"
    assert list(modules_of(ast.parse(text))) == ["c.d", "e.f"]
