"""What every command is declared with."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn, TypeAlias

if TYPE_CHECKING:
    Commands: TypeAlias = argparse._SubParsersAction[argparse.ArgumentParser]
    """Where a command is declared."""


def new_command(
    commands: Commands,
    name: str,
    run: Callable[[argparse.Namespace], int],
    *,
    summary: str,
    description: str,
    examples: tuple[str, ...],
) -> argparse.ArgumentParser:
    """The parser of a new command, for its options.

    ``run`` gets what was parsed and returns the exit status. ``wrong`` is there too: it ends the process because the
    command line is wrong, with a message. The lines of ``description`` stay as they are, the first says it all.
    """
    command = commands.add_parser(
        name,
        help=summary,
        description=description,
        epilog="\n  ".join(["examples:", *examples]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=run, wrong=command.error)
    return command


def new_group(command: argparse.ArgumentParser, *, required: bool) -> Commands:
    """Where the commands below a command are declared; if none is ``required``, the command runs alone too."""
    return command.add_subparsers(title="commands", required=required, metavar="COMMAND")


def no_run(parsed: argparse.Namespace) -> int:
    """What a command runs that is only there for those below it."""
    raise AssertionError("a command below it runs")


def wrong(parsed: argparse.Namespace, message: str) -> NoReturn:
    """End the process because the command line is wrong."""
    parsed.wrong(message)
    raise AssertionError("the process has ended")
