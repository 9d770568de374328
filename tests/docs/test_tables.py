"""The tables of docs/ say what the code says, and its links lead somewhere."""

from __future__ import annotations

import argparse
import json
import shlex
from collections.abc import Iterator
from dataclasses import MISSING, fields
from typing import Any

import pytest

from fake_ccmm.calls import OPERATIONS
from fake_ccmm.cli import make_parser
from fake_ccmm.cli.remote import DEFAULT_URL, TOKEN_VARIABLE, URL_VARIABLE
from fake_ccmm.faults.delays import Distribution
from fake_ccmm.faults.rules import Action, layer_of
from fake_ccmm.journal.query import CONDITIONS
from fake_ccmm.kinds import kind_of, members
from fake_ccmm.seed.contact_tables import COLUMNS
from fake_ccmm.timeline import Effect

from .pages import DOCS, PAGES, ROOT, anchors, links, name_of, table

README = ROOT / "README.md"
CHANGELOG = ROOT / "CHANGELOG.md"
FAULTS = DOCS / "how-to" / "inject-a-fault.md"
COMMANDS = DOCS / "command-line.md"


def parameters(cls: Any, *, without: tuple[str, ...] = ("kind",)) -> list[str]:
    """The fields of a dataclass as the tables write them: with their defaults, where they have some."""
    found = []
    for one in fields(cls):
        if one.name not in without:
            default = one.default
            written = default if isinstance(default, str) else json.dumps(None if default is MISSING else default)
            found.append(one.name if default is MISSING else f"{one.name}={written}")
    return found


def names(cell: str) -> list[str]:
    """The words of a cell, between commas."""
    return [one.strip() for one in cell.split(",") if one.strip()]


def test_the_table_of_faults_is_what_can_go_wrong() -> None:
    expected = []
    for cls in members(Action):
        layer = layer_of(object.__new__(cls))
        expected.append([kind_of(cls), cls.__name__, layer, parameters(cls)])
    rows = table(FAULTS, "Kind")
    assert [[kind, cls, layer, names(told)] for kind, cls, layer, told, _ in rows] == expected
    assert all(what for *_, what in rows)


def test_the_table_of_distributions_is_what_there_is() -> None:
    expected = [
        [kind_of(one), one.__name__, parameters(one, without=("kind", "most"))] for one in members(Distribution)
    ]
    assert [[kind, cls, names(told)] for kind, cls, told in table(FAULTS, "Distribution")] == expected
    (most,) = {one for cls in members(Distribution) for one in parameters(cls) if one.startswith("most")}
    assert f"`{most}`" in FAULTS.read_text("utf-8")


def test_the_table_of_operations_is_what_can_be_called() -> None:
    assert {name: tuple(names(told)) for name, told in table(FAULTS, "Operation")} == OPERATIONS


def test_the_table_of_the_timeline_is_what_can_happen() -> None:
    expected = [
        [kind_of(one), one.__name__, [field.name for field in fields(one) if field.name != "kind"]]
        for one in members(Effect)
    ]
    rows = table(DOCS / "how-to" / "freeze-time.md", "Kind")
    assert [[kind, cls, names(told)] for kind, cls, told, _ in rows] == expected


def test_the_table_of_conditions_is_what_a_query_takes() -> None:
    rows = table(DOCS / "how-to" / "verify-what-a-client-did.md", "Condition")
    assert tuple(name for told, _ in rows for name in names(told)) == CONDITIONS


def test_the_table_of_commands_is_the_parser() -> None:
    rows = table(COMMANDS, "Command")
    assert sorted(name for name, _, _ in rows) == sorted(_leaves(make_parser()))


@pytest.mark.parametrize("row", table(COMMANDS, "Command"), ids=lambda row: row[0])
def test_the_example_of_a_command_is_one(row: list[str]) -> None:
    name, _, example = row
    program, *words = shlex.split(example.partition(">")[0])
    assert program == "fake-ccmm"
    assert words[: len(name.split())] == name.split()
    assert callable(make_parser().parse_args(words).run)


def test_the_table_of_variables_is_what_is_read() -> None:
    rows = table(COMMANDS, "Variable")
    assert [(name, default) for name, _, default in rows] == [(URL_VARIABLE, DEFAULT_URL), (TOKEN_VARIABLE, "none")]


def test_every_column_of_a_table_of_contacts_is_named() -> None:
    text = (
        (DOCS / "how-to" / "seed-a-world.md")
        .read_text("utf-8")
        .replace("`line1` to `line5`", "line1 line2 line3 line4 line5")
    )
    assert [one for one in COLUMNS if one not in text] == []


@pytest.mark.parametrize("page", [*PAGES, README, CHANGELOG], ids=name_of)
def test_the_links_of_a_page_lead_to_what_is_there(page: Any) -> None:
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def _leaves(parser: argparse.ArgumentParser, above: str = "") -> Iterator[str]:
    """The commands that have none below them, with what stands before them."""
    below = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    if not below:
        yield above
    for group in below:
        for name, command in group.choices.items():
            yield from _leaves(command, f"{above} {name}".strip())
