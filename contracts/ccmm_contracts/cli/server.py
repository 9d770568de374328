"""``ccmm-contracts server``: check a server, a mock or a real one."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..baseline import read_baseline
from ..clause import clauses
from ..options import declare_server_options, flattened, server_options
from ..run import run_server
from .command import Commands, Reports, declare_reports, new_command


def declare(commands: Commands) -> None:
    """Add the command."""
    command = new_command(
        commands,
        "server",
        run,
        summary="check a server",
        description=(
            "Try every contract on a server, and say which hold.\n"
            "A mock whose control API answers is filled by the kit, and gets back what it held. Any other server is\n"
            "only read, unless --write names the campaign that may be written to; what is left there is said\n"
            "at the end. No session is left open, also on Ctrl-C."
        ),
        examples=(
            "ccmm-contracts server http://127.0.0.1:8000",
            "ccmm-contracts server https://ccmm --user apiuser --ca ca.pem --html report.html",
            "ccmm-contracts server https://ccmm --user apiuser --write --campaign 26 --only appending",
        ),
    )
    command.add_argument("url", metavar="URL", help="the server's address, or that of one of its services")
    declare_server_options(command.add_argument_group("the server").add_argument)
    command.add_argument("--baseline", type=Path, metavar="FILE", help="known deviations, each with a reason (TOML)")
    declare_reports(command)


def run(parsed: argparse.Namespace) -> int:
    """Check the server; the exit status."""
    known = {one.contract.id for one in clauses()}
    baseline = read_baseline(parsed.baseline, known) if parsed.baseline else None
    options = server_options(parsed.url, flattened(vars(parsed)))
    with Reports(parsed) as reports:
        return reports.end(run_server(options, reports, replay_folder=parsed.replays, baseline=baseline))
