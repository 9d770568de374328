"""The command line, ``fake-ccmm``: a module for each command, and how they are started and end."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from .. import __version__
from ..errors import FakeCcmmError
from . import centers, clock, completion, faults, journal, profile, seed, serve

_EXIT_STATUS = """\
exit status:
  0  it was done
  1  it could not be done; standard error has the reason
  2  the command line is wrong

'fake-ccmm COMMAND --help' has the options of a command, with examples.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0 done, 1 it could not be done, 2 the command line is wrong."""
    parsed = make_parser().parse_args(arguments)
    try:
        status: int = parsed.run(parsed)
        _flush()
    except FakeCcmmError as error:
        print("\n".join(f"fake-ccmm: {line}" for line in str(error).splitlines()), file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1  # whoever read the output wanted no more of it
    except OSError as error:
        print(f"fake-ccmm: cannot write: {error.strerror}", file=sys.stderr)
        return 1
    return status


def make_parser() -> argparse.ArgumentParser:
    """The parser of all commands; what it parses has ``run``, which takes it and returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="fake-ccmm",
        description="A mock of Avaya CCMM's Outbound Web Services.",
        epilog=_EXIT_STATUS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("-V", "--version", action="version", version=f"fake-ccmm {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for module in (serve, seed, journal, clock, faults, centers, profile, completion):
        module.declare(commands)
    return parser


def _flush() -> None:
    """Write out what was printed, and leave nothing to be written at exit, where an error could not be told."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise
