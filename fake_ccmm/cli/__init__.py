"""The command line, ``fake-ccmm``: a module for each command, and how they are started and end."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING

from .. import __version__
from ..errors import FakeCcmmError

if TYPE_CHECKING:
    from .command import CommandParser

COMMANDS = (
    "serve", "doctor", "seed", "journal", "clock", "faults", "centers", "profile", "completion",
)  # fmt: skip
"""The modules of the commands, in the order in which they are listed."""

_OLDEST_PYTHON = (3, 10)
_EXAMPLES = """\
examples:
  fake-ccmm serve                      the demo center, at http://127.0.0.1:8000
  fake-ccmm journal                    what it was asked, and what it answered
  fake-ccmm seed generate > own.toml   a center of your own, to be edited
  fake-ccmm serve --seed own.toml      and to be served
  fake-ccmm doctor                     what is wrong here, if something is

exit status:
  0  it was done
  1  it could not be done; standard error has the reason
  2  the command line is wrong

'fake-ccmm COMMAND --help' has the options of a command, with examples.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0 done, 1 it could not be done, 2 the command line is wrong."""
    words = sys.argv[1:] if arguments is None else list(arguments)
    if sys.version_info[:2] < _OLDEST_PYTHON:
        have, need = (".".join(map(str, one)) for one in (sys.version_info[:2], _OLDEST_PYTHON))
        return _tell(f"this is Python {have}, and it needs {need} to 3.13; install it with one of those")
    try:
        parser = make_parser()
        if not words:
            parser.print_help(sys.stderr)
            print("\nfake-ccmm: error: the following arguments are required: COMMAND, such as serve", file=sys.stderr)
            return 2
        _check_first(parser, words)
        parsed, unknown = parser.parse_known_args(words)
        if unknown:
            parsed.command.refuse_unknown(unknown)
        status: int = parsed.run(parsed)
        _flush()
    except FakeCcmmError as error:
        return _tell(str(error))
    except ModuleNotFoundError as error:
        name = (error.name or "").partition(".")[0]
        if name in ("", "fake_ccmm"):
            raise
        return _tell(
            f"the package {name} is missing; 'fake-ccmm doctor' says what to install, or install fake-ccmm anew"
        )
    except BrokenPipeError:
        return 1  # whoever read the output wanted no more of it
    except OSError as error:
        return _tell(f"cannot write: {error.strerror}; give a place with room, where you may write")
    return status


def make_parser() -> CommandParser:
    """The parser of all commands; what it parses has ``run``, which takes it and returns the exit status."""
    from .command import CommandFormatter, CommandParser

    parser = CommandParser(
        prog="fake-ccmm",
        description="A mock of Avaya CCMM's Outbound Web Services.",
        epilog=_EXAMPLES,
        formatter_class=CommandFormatter,
    )
    parser.add_argument(
        "-V", "--version", action="version", version=f"fake-ccmm {__version__}", help="show the version and exit"
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name in COMMANDS:
        import_module(f"{__name__}.{name}").declare(commands)
    return parser


def _check_first(parser: CommandParser, words: list[str]) -> None:
    """End the process if an option of a command stands where the command belongs."""
    option = words[0].partition("=")[0]
    if option.startswith("-") and not any(one.startswith(option) for one in parser._option_string_actions):
        parser.error(f"{option} stands before the command; did you mean 'fake-ccmm serve {option} ...'?")


def _tell(message: str) -> int:
    print("\n".join(f"fake-ccmm: {line}" for line in message.splitlines()), file=sys.stderr)
    return 1


def _flush() -> None:
    """Write out what was printed, and leave nothing to be written at exit, where an error could not be told."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise
