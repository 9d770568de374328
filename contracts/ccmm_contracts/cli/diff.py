"""``ccmm-contracts diff``: compare two servers, mocks or real ones."""

from __future__ import annotations

import argparse
import os
from typing import Any

from ..diff import run_diff
from ..options import SERVER_OPTIONS, declare_server_options, flattened, server_options
from .command import Commands, Reports, declare_reports, new_command

_OF_THE_RUN = ("only", "skip", "deep", "seed")


def declare(commands: Commands) -> None:
    """Add the command."""
    command = new_command(
        commands,
        "diff",
        run,
        summary="compare two servers",
        description=(
            "Run the same clauses and the same generated calls on two servers, and say where they differ.\n"
            "Two mocks are filled alike, each with its own profile, and get back what they held. Any other two\n"
            "servers are only read, unless --write names a campaign on both; a mock beside one is treated so too.\n"
            "Session keys, ids, times and addresses are compared by what they stand for, not by value."
        ),
        examples=(
            "ccmm-contracts diff http://127.0.0.1:8000 http://127.0.0.1:8001",
            "ccmm-contracts diff https://ccmm http://127.0.0.1:8000 --user apiuser --user-b demo",
        ),
    )
    command.add_argument("a", metavar="URL_A", help="the first server")
    command.add_argument("b", metavar="URL_B", help="the second server")
    declare_server_options(command.add_argument_group("both servers").add_argument)
    second = command.add_argument_group("the second server, where it differs")
    for one in SERVER_OPTIONS:
        if one.kind in (str, int, float) and one.name not in _OF_THE_RUN:
            told = f"--{one.name} of the second server"
            told += f" ({one.variable}_B where it is left out)" if one.variable else ""
            second.add_argument(f"--{one.name}-b", dest=f"{one.field}_b", type=one.kind, metavar=one.metavar, help=told)
    declare_reports(command, replays=False)


def run(parsed: argparse.Namespace) -> int:
    """Compare the servers; the exit status."""
    given = flattened(vars(parsed))
    a, b = server_options(parsed.a, given), server_options(parsed.b, _of_the_second(given))
    with Reports(parsed) as reports:
        return reports.end(run_diff(a, b, reports))


def _of_the_second(given: dict[str, Any]) -> dict[str, Any]:
    """The options of the second server: its own, then those of both. A user of its own has a password of its own."""
    found = dict(given)
    for one in SERVER_OPTIONS:
        value = given.get(f"{one.field}_b")
        if value is None and one.variable and given.get(f"{one.field.replace('password', 'user')}_b"):
            value = os.environ.get(f"{one.variable}_B")
        if value is not None:
            found[one.field] = value
    return found
