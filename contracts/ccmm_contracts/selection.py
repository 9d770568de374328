"""Which contracts to try: ``--only`` and ``--skip`` name rules, contracts or groups."""

from __future__ import annotations

from collections.abc import Iterable

from .errors import SetUpBroken
from .report import Contract

NOT_ASKED_FOR = "not among --only"
"""Why a contract is left out that ``--only`` does not name."""


def selected(contracts: Iterable[Contract], only: Iterable[str], skip: Iterable[str]) -> dict[str, str]:
    """Why a contract is left out, by its id; empty for those to try.

    A word is a contract's id (``A4.how``), a rule (``A4``: all of its contracts) or a group (``appending``), in any
    letter case. Raises SetUpBroken for a word that names nothing.
    """
    known = list(contracts)
    only, skip = [one.lower() for one in only], [one.lower() for one in skip]
    for word in [*only, *skip]:
        if not any(word in _names(one) for one in known):
            raise SetUpBroken(f"{word!r} names no contract, rule or group; 'ccmm-contracts list' has them all")
    reasons = {}
    for one in known:
        names = _names(one)
        if only and not names & set(only):
            reasons[one.id] = NOT_ASKED_FOR
        elif names & set(skip):
            reasons[one.id] = "left out by --skip"
        else:
            reasons[one.id] = ""
    return reasons


def _names(contract: Contract) -> set[str]:
    return {contract.id.lower(), contract.rule.lower(), contract.group.lower()} - {""}
