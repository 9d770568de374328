"""The generated pages leave nothing out: what the source has, they list."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator

import ccmm_contracts.cli
import pytest
from ccmm_contracts.clause import clauses
from ccmm_contracts.client_rules import KRULES

import fake_ccmm.cli
from docs.generator import REFERENCE
from docs.generator.control_examples import EXAMPLES
from fake_ccmm.control.openapi import document
from fake_ccmm.control.routes import ROUTES
from fake_ccmm.demo.center import demo_center
from fake_ccmm.errors import REFUSALS
from fake_ccmm.profile import choices

from ..rules import RULES
from .pages import table


def test_every_choice_is_there_with_its_default_values_and_rules() -> None:
    expected = [
        [one.name, json.dumps(one.default).strip('"'), ", ".join(one.alternatives), one.rules] for one in choices()
    ]
    rows = table(REFERENCE / "profile.md", "Choice")
    assert [[name, default, values, rules] for name, default, values, _, _, rules in rows] == expected
    assert all(decides and reason for _, _, _, decides, reason, _ in rows)


def test_every_refusal_is_there() -> None:
    rows = table(REFERENCE / "profile.md", "Refusal")
    assert [(name, int(number), code) for name, number, code, _, _ in rows] == [
        (name, one.number, one.code) for name, one in REFUSALS.items()
    ]


def test_every_campaign_of_the_demo_center_is_there() -> None:
    assert [row[:4] for row in table(REFERENCE / "demo-center.md", "Campaign")] == [
        [str(one.details.campaign_id), one.details.name, one.details.status.value, str(one.number_of_contacts)]
        for one in demo_center().campaigns()
    ]


def test_every_route_is_there_with_an_example_and_every_schema() -> None:
    page = REFERENCE / "control-api.md"
    routes = [(one.method, one.path or "/") for one in ROUTES]
    assert [(method, path) for method, path, _ in table(page, "Method")] == routes
    assert sorted((one.method, one.route) for one in EXAMPLES) == sorted(routes)
    text = page.read_text("utf-8")
    headings = [f"### {method} {path}" for method, path in routes]
    headings += [f"### {name}" for name in document()["components"]["schemas"]]
    assert [one for one in headings if f"\n{one}\n" not in text] == []


@pytest.mark.parametrize(
    ("page", "make_parser"),
    [("fake-ccmm.md", fake_ccmm.cli.make_parser), ("ccmm-contracts.md", ccmm_contracts.cli.make_parser)],
)
def test_every_option_of_every_command_is_there(page: str, make_parser: Callable[[], argparse.ArgumentParser]) -> None:
    text = (REFERENCE / page).read_text("utf-8")
    parts = dict(part.split("\n", 1) for part in text.split("\n## ")[1:])
    found = dict(commands(make_parser()))
    assert found
    for name, command in found.items():
        assert name in parts
        for option in command._actions:
            for spelled in set(option.option_strings) - {"-h", "--help"}:
                assert spelled in parts[name], f"{name} {spelled}"


def test_every_rule_and_every_contract_is_there() -> None:
    rules = (REFERENCE / "rules.md").read_text("utf-8")
    assert [rule for rule, told in RULES.items() if f"\n| {rule} | {told} |" not in rules] == []
    contracts = (REFERENCE / "contracts.md").read_text("utf-8")
    found = list(clauses())
    assert [one.contract.id for one in found if f"\n| `{one.contract.id}` | " not in contracts] == []
    assert f"{len(found)} contracts" in contracts
    assert [row[0] for row in table(REFERENCE / "client-rules.md", "Rule")] == list(KRULES)


def commands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """The commands that have none below them, by the words to type."""
    below = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    if not below:
        yield parser.prog, parser
    for group in below:
        for command in group.choices.values():
            yield from commands(command)
