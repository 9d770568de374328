"""``ccmm-contracts replay``: play a finding again, on the same server or another."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..options import declare_server_options, flattened, server_options
from ..replay import replay
from .command import Commands, Reports, declare_reports, new_command


def declare(commands: Commands) -> None:
    """Add the command."""
    command = new_command(
        commands,
        "replay",
        run,
        summary="play a finding again",
        description="Try the contract of a finding again with what it drew then: does it still not hold?",
        examples=(
            "ccmm-contracts replay ccmm-contracts-replays/S4.json",
            "ccmm-contracts replay ccmm-contracts-replays/S4.json https://ccmm --user apiuser",
        ),
    )
    command.add_argument("file", type=Path, metavar="FILE", help="what a run saved of a finding")
    command.add_argument("url", nargs="?", metavar="URL", help="the server (default: the one it was found on)")
    declare_server_options(command.add_argument_group("the server").add_argument)
    declare_reports(command)


def run(parsed: argparse.Namespace) -> int:
    """Play the finding again; the exit status."""
    with Reports(parsed) as reports:
        given = flattened(vars(parsed))
        report = replay(
            parsed.file,
            lambda base: server_options(parsed.url or base, given),
            reports,
            replay_folder=parsed.replays,
        )
        return reports.end(report)
