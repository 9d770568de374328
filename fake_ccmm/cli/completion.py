"""``fake-ccmm completion``: what makes a shell complete command lines."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from .command import new_command

if TYPE_CHECKING:
    from .command import Commands

_SHELLS = ("bash", "zsh", "tcsh")


def declare(commands: Commands) -> None:
    """Add the command."""
    command = new_command(
        commands,
        "completion",
        run,
        summary="print a script that makes a shell complete command lines",
        description="Print a script that makes a shell complete commands, options and values.",
        examples=(
            'eval "$(fake-ccmm completion bash)"                        in ~/.bashrc',
            'fake-ccmm completion zsh > "${fpath[1]}/_fake-ccmm"        once',
            "fake-ccmm completion tcsh > ~/.fake-ccmm.tcsh              once; 'source' it in ~/.tcshrc",
        ),
    )
    command.add_argument("shell", choices=_SHELLS, metavar="SHELL", help=f"one of {', '.join(_SHELLS)}")


def run(parsed: argparse.Namespace) -> int:
    """Print the script."""
    import shtab

    from . import make_parser

    parser = make_parser()
    _complete_files(parser, shtab.FILE)
    print(shtab.complete(parser, parsed.shell))
    return 0


def _complete_files(parser: argparse.ArgumentParser, how: object) -> None:
    """Have shtab complete the name of a file wherever the parser, or one below it, takes a path."""
    for action in parser._actions:
        if action.type is Path:
            action.complete = how  # type: ignore[attr-defined]
        elif isinstance(action, argparse._SubParsersAction):
            for command in action.choices.values():
                _complete_files(command, how)
