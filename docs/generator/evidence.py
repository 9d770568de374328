"""The letters of evidence, and what the contract kit says of each rule."""

from __future__ import annotations

from collections.abc import Iterable

from ccmm_contracts.clause import clauses
from ccmm_contracts.report import Contract

from .markdown import table

LETTERS = {
    "D": "The vendor's SDK overview says so",
    "W": "The WSDL says so",
    "O": "It was observed: in real clients, in logs of the product family, or in ASP.NET as Microsoft published it",
    "A": "Nobody says so: it is assumed, and a choice of the [profile](profile.md) where it can be another way",
}
"""What each letter means, strongest first."""


def legend() -> str:
    """The letters as a table."""
    return table(("Evidence", "What it means"), LETTERS.items())


def letters(contracts: Iterable[Contract]) -> str:
    """The letters of all these together, strongest first."""
    found = {letter for one in contracts for letter in one.evidence}
    return " ".join(letter for letter in LETTERS if letter in found)


def contracts_of_rules() -> dict[str, list[Contract]]:
    """The contracts of servers by the rule they belong to, in the order of their ids."""
    found: dict[str, list[Contract]] = {}
    for one in sorted((each.contract for each in clauses()), key=lambda one: one.id):
        found.setdefault(one.rule, []).append(one)
    return found
