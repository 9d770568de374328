"""No rule without a test that holds it, none without a docstring that states it, and none that nobody knows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from .rules import RULES

TESTS = Path(__file__).parent
PACKAGE = TESTS.parent / "fake_ccmm"
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
RULE_ID = re.compile(r"\b[A-Z][1-9]\b")


def trees_under(folder: Path) -> Iterator[ast.Module]:
    for path in sorted(folder.rglob("*.py")):
        yield ast.parse(path.read_text("utf-8"), str(path))


@cache
def rules_with_a_test() -> frozenset[str]:
    """The ids in every ``mark.rule(...)`` of the suite."""
    return frozenset(
        argument.value
        for tree in trees_under(TESTS)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "rule"
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    )


@cache
def rules_in_docstrings() -> frozenset[str]:
    """The ids that stand in a docstring of the server, written out: "A1 to A6" names A1 and A6 alone."""
    docstrings = (
        ast.get_docstring(node) or ""
        for tree in trees_under(PACKAGE)
        for node in ast.walk(tree)
        if isinstance(node, DOCUMENTED)
    )
    return frozenset(found for text in docstrings for found in RULE_ID.findall(text))


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_has_a_test(rule: str) -> None:
    assert rule in rules_with_a_test(), f"no test is marked @pytest.mark.rule({rule!r}): {RULES[rule]}"


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_stands_in_a_docstring(rule: str) -> None:
    assert rule in rules_in_docstrings(), f"no docstring under {PACKAGE.name}/ names {rule}: {RULES[rule]}"


def test_no_test_holds_a_rule_that_does_not_exist() -> None:
    assert rules_with_a_test() <= RULES.keys()
