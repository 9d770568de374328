"""``ccmm-contracts learn``: see how a server behaves where no paper says how, as a profile for the mock."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime, timezone
from pathlib import Path

from ..learning import profile_text
from ..options import declare_server_options, flattened, server_options
from ..report import ExitCode
from ..reports.files import write_file
from ..run import run_server
from .command import Commands, Reports, declare_reports, new_command


def declare(commands: Commands) -> None:
    """Add the command."""
    command = new_command(
        commands,
        "learn",
        run,
        summary="make a profile of what a server does",
        description=(
            "Try what only observes, and write what was seen as a profile that the mock takes.\n"
            "A real server shows more with --write --campaign ID and with --second-user."
        ),
        examples=(
            "ccmm-contracts learn https://ccmm --user apiuser --write --campaign 26 -o profile.toml",
            "fake-ccmm serve --profile profile.toml",
        ),
    )
    command.add_argument("url", metavar="URL", help="the server's address, or that of one of its services")
    command.add_argument(
        "-o", "--output", default="-", metavar="FILE", help="where the profile goes (default: standard output)"
    )
    declare_server_options(command.add_argument_group("the server").add_argument)
    declare_reports(command, replays=False)


def run(parsed: argparse.Namespace) -> int:
    """Learn from the server; the exit status."""
    options = server_options(parsed.url, flattened(vars(parsed)))
    parsed.quiet = parsed.quiet or (parsed.output == "-" and parsed.events != "-")
    with Reports(parsed) as reports:
        report = run_server(options, reports, observe_only=True)
        status = reports.end(report)
        if report.exit_code is ExitCode.SETUP_BROKEN:
            if parsed.quiet:
                reasons = [
                    report.set_up,
                    *(one.reason for one in report.results if one.outcome.value == "set-up broken"),
                ]
                print("\n".join(f"ccmm-contracts: {one}" for one in reasons if one), file=sys.stderr)
            return status
        seen = [one for result in report.results for one in result.observations]
        now = datetime.now(timezone.utc).isoformat(timespec="seconds")
        text = profile_text(seen, target=parsed.url, when=now)
        if parsed.output == "-":
            print(text, end="")
        else:
            write_file(Path(parsed.output), text.encode())
        return status
