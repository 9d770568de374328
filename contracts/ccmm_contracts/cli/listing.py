"""``ccmm-contracts list``: every contract, of servers and of clients."""

from __future__ import annotations

import argparse
import json

from ..clause import clauses
from ..client_rules import KRULES
from ..plain import plain
from ..report import Contract
from .command import Commands, new_command


def declare(commands: Commands) -> None:
    """Add the command."""
    command = new_command(
        commands,
        "list",
        run,
        summary="list every contract",
        description=(
            "List every contract of servers, and the rules of clients: id, evidence, what it needs, and its sentence.\n"
            "Evidence: D the vendor's overview, W the WSDL, O observed in clients and logs, A assumed (only observed)."
        ),
        examples=("ccmm-contracts list", "ccmm-contracts list --json"),
    )
    command.add_argument("--json", action="store_true", help="as JSON")


def run(parsed: argparse.Namespace) -> int:
    """Print the list; the exit status."""
    contracts = [*(one.contract for one in clauses()), *KRULES.values()]
    if parsed.json:
        print(json.dumps(plain(contracts), indent=2))
        return 0
    width = max(len(one.id) for one in contracts)
    for one in contracts:
        print(f"{one.id:{width}}  {one.evidence:3} {_needs(one)}{one.sentence} ({one.source})")
    return 0


def _needs(contract: Contract) -> str:
    return f"[{', '.join(contract.needs)}] " if contract.needs else ""
