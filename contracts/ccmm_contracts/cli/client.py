"""``ccmm-contracts client``: check a client, in any language, on a mock."""

from __future__ import annotations

import argparse
import os
from contextlib import ExitStack

from ..clients.driver import Patience
from ..clients.launcher import driver_for
from ..clients.mock_process import running_mock, started_mock
from ..clients.run import run_client
from ..wire.http import Http
from .command import Commands, Reports, declare_reports, new_command
from .words import declare_selection, selection


def declare(commands: Commands) -> None:
    """Add the command."""
    command = new_command(
        commands,
        "client",
        run,
        summary="check a client",
        description=(
            "Ask a client to do its work on a mock, and say which rules of clients it keeps.\n"
            "The client is python:MODULE:FACTORY, or a command that reads a JSON request a line and writes a JSON\n"
            "answer a line. Without --url a mock is started for the run. The client's pauses are real: a run takes a\n"
            "while."
        ),
        examples=(
            "ccmm-contracts client python:my_package.ccmm:make_client",
            'ccmm-contracts client "php client.php" --only K1,K2,K3 --junit client.xml',
        ),
    )
    command.add_argument("target", metavar="TARGET", help="python:MODULE:FACTORY, or a command line in quotes")
    command.add_argument("--url", metavar="MOCK", help="a mock that is running (default: one is started)")
    command.add_argument("--ca", metavar="FILE", help="the CA that the mock's https certificate is from, as PEM")
    command.add_argument("--control-url", metavar="URL", help="where the control API is, if it has a port of its own")
    command.add_argument(
        "--control-token", default=os.environ.get("FAKE_CCMM_TOKEN"), metavar="TEXT",
        help="what the control API asks for (FAKE_CCMM_TOKEN where it is left out)",
    )  # fmt: skip
    command.add_argument("--deep", action="store_true", help="many more examples: minutes instead of seconds")
    command.add_argument(
        "--seed", type=int, default=0, metavar="N", help="what the examples are made from (default: 0)"
    )
    command.add_argument(
        "--timeout", type=float, default=Patience().request, metavar="SECONDS",
        help="how long the client may take for a request (default: %(default)g)",
    )  # fmt: skip
    declare_selection(command)
    declare_reports(command, replays=False)


def run(parsed: argparse.Namespace) -> int:
    """Check the client; the exit status."""
    only, skip = selection(parsed)
    with ExitStack() as stack:
        reports = stack.enter_context(Reports(parsed))
        driver = stack.enter_context(driver_for(parsed.target, Patience(parsed.timeout)))
        http = stack.enter_context(Http(ca_file=parsed.ca))
        mock = (
            running_mock(parsed.url, http, token=parsed.control_token, control_url=parsed.control_url)
            if parsed.url
            else stack.enter_context(started_mock(http))
        )
        report = run_client(
            driver, mock, listener=reports, seed=parsed.seed, deep=parsed.deep, only=only, skip=skip, ca=parsed.ca
        )
        return reports.end(report)
