"""What every command is declared with, and how it shows what it finds."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TypeAlias

from ..errors import SetUpBroken
from ..report import Report
from ..reports import Console, JsonLines, write_html, write_junit
from ..reports.events import Event

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
"""Where a command is declared."""

REPLAYS = Path("ccmm-contracts-replays")
"""Where findings are saved unless the user says otherwise."""


def new_command(
    commands: Commands,
    name: str,
    run: Callable[[argparse.Namespace], int],
    *,
    summary: str,
    description: str,
    examples: tuple[str, ...],
) -> argparse.ArgumentParser:
    """The parser of a new command, for its options; ``run`` gets what was parsed and returns the exit status."""
    command = commands.add_parser(
        name,
        help=summary,
        description=description,
        epilog="\n  ".join(["examples:", *examples]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=run)
    return command


def declare_reports(command: argparse.ArgumentParser, *, replays: bool = True) -> None:
    """Add the options that :class:`Reports` reads."""
    options = command.add_argument_group("reports")
    options.add_argument("--junit", type=Path, metavar="FILE", help="write a JUnit XML report, for CI")
    options.add_argument("--html", type=Path, metavar="FILE", help="write one HTML file, for people")
    options.add_argument("--events", metavar="FILE", help="write each event as a line of JSON; - is standard output")
    options.add_argument("-q", "--quiet", action="store_true", help="show nothing on standard output but --events -")
    options.add_argument("-v", "--verbose", action="store_true", help="show whole stories and curl lines")
    if replays:
        options.add_argument(
            "--replays", type=Path, default=REPLAYS, metavar="FOLDER", help=f"where findings are saved ({REPLAYS})"
        )


class Reports:
    """Everybody who wants to know how a run goes: the console, and the files that the user asked for.

    A context manager. Call it with each event, and :meth:`end` with the report.
    """

    def __init__(self, parsed: argparse.Namespace) -> None:
        self._parsed = parsed
        self._stack = ExitStack()
        self._listeners: list[Callable[[Event], None]] = []

    def __enter__(self) -> Reports:
        parsed = self._parsed
        to_stdout = parsed.events == "-"
        if not parsed.quiet:
            self._listeners.append(Console(sys.stderr if to_stdout else sys.stdout, verbose=parsed.verbose))
        if to_stdout:
            self._listeners.append(JsonLines(sys.stdout))
        elif parsed.events:
            try:
                stream = self._stack.enter_context(open(parsed.events, "w", encoding="utf-8"))
            except OSError as error:
                raise SetUpBroken(f"{parsed.events}: cannot be written: {error.strerror}") from None
            self._listeners.append(JsonLines(stream))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def __call__(self, event: Event) -> None:
        for listener in self._listeners:
            listener(event)

    def end(self, report: Report) -> int:
        """Write the files; the exit status of the command."""
        if self._parsed.junit is not None:
            write_junit(report, self._parsed.junit)
        if self._parsed.html is not None:
            write_html(report, self._parsed.html)
        return report.exit_code.value
