"""The command line, ``ccmm-contracts``: a module for each command, and how they are started and end."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from types import FrameType

from ..errors import KitError
from ..version import version

COMMANDS = ("server", "client", "judge", "learn", "diff", "replay", "list")
"""The commands, each the name of its module (``listing`` for ``list``, which is Python's)."""

_EXIT_STATUS = """\
exit status:
  0  every contract that was tried holds
  1  there are findings, or known deviations that no longer show
  2  the set-up is broken: nothing was found out (wrong URL, log-in refused, no WSDL, a time-out, a wrong command line)

'ccmm-contracts COMMAND --help' has the options of a command, with examples.
"""
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0 all holds, 1 findings, 2 the set-up is broken."""
    try:
        from ..scratch import use_scratch_folder

        use_scratch_folder()
        parser = make_parser()
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing in ("", __package__.partition(".")[0]):
            raise
        print(f"ccmm-contracts: {missing} is missing: pip install 'fake-ccmm[contracts]'", file=sys.stderr)
        return 2
    except KitError as error:
        return _told(error)
    parsed = parser.parse_args(arguments)
    before = _interrupt_when_terminated()
    try:
        status: int = parsed.run(parsed)
        sys.stdout.flush()
        return status
    except KitError as error:
        return _told(error)
    except KeyboardInterrupt:
        print("ccmm-contracts: interrupted; everybody has been logged off", file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)


def _told(error: KitError) -> int:
    print("\n".join(f"ccmm-contracts: {line}" for line in str(error).splitlines()), file=sys.stderr)
    return 2


def make_parser() -> argparse.ArgumentParser:
    """The parser of all commands; what it parses has ``run``, which takes it and returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="ccmm-contracts",
        description="Executable contracts for servers and clients of CCMM's Outbound Web Services.",
        epilog=_EXIT_STATUS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("-V", "--version", action="version", version=f"ccmm-contracts {version()}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for name in COMMANDS:
        module = {"list": "listing"}.get(name, name)
        import_module(f"{__name__}.{module}").declare(commands)
    return parser


def _interrupt_when_terminated() -> signal.Handlers | None:
    """Let SIGTERM end a run as Ctrl-C does, sessions closed; what was done about it before."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, interrupt)
    except ValueError:  # not the main thread
        return None
    return before if isinstance(before, signal.Handlers) else signal.SIG_DFL
