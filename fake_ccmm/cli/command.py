"""What every command is declared with, and how a wrong command line is told: in one line that says what is right."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

if TYPE_CHECKING:
    Commands: TypeAlias = argparse._SubParsersAction["CommandParser"]
    """Where a command is declared."""


class CommandFormatter(argparse.RawDescriptionHelpFormatter):
    """Leaves lines as they are, and lists commands without a line for the word COMMAND."""

    def _format_action(self, action: argparse.Action) -> str:
        told = super()._format_action(action)
        return told.partition("\n")[2] if isinstance(action, argparse._SubParsersAction) else told


class CommandParser(argparse.ArgumentParser):
    """Tells in one line what is wrong with a command line, and what was meant or where that is described."""

    def error(self, message: str) -> NoReturn:
        if message.endswith("required: COMMAND"):
            message = f"{message}; there are: {', '.join(self.command_names())}"
        joint = " See" if message.endswith("?") else "; see"
        self.exit(2, f"{self.prog}: error: {message}{joint} '{self.prog} --help'\n")

    def refuse_unknown(self, words: Sequence[str]) -> NoReturn:
        """End the process because of words that nothing takes; values of options, maybe secret, are not repeated."""
        options = [one.partition("=")[0] for one in words if one.startswith("-")]
        told = options or list(words)
        names = [one[2:] for one in self._option_string_actions if one.startswith("--")]
        self.error(f"unrecognized arguments: {' '.join(told)}{did_you_mean(told[0].strip('-'), names, '--')}")

    def command_names(self) -> list[str]:
        """The commands below this one."""
        groups = (one for one in self._actions if isinstance(one, argparse._SubParsersAction))
        return [name for group in groups for name in group.choices]

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            names = [str(one) for one in action.choices]
            every = ", ".join(names)
            meant = did_you_mean(str(value), names)
            raise argparse.ArgumentError(
                action, f"invalid choice: {value!r}{f'{meant} There' if meant else '; there'} are: {every}"
            )


def did_you_mean(word: str, names: Iterable[str], start: str = "") -> str:
    """``; did you mean 'name'?`` where a name is spelled nearly like the word, and nothing where none is.

    ``start`` is what stands before the name then.
    """
    from difflib import get_close_matches

    by_lower = {name.lower(): name for name in names}
    close = get_close_matches(word.lower(), by_lower, n=1)
    return f"; did you mean '{start}{by_lower[close[0]]}'?" if close else ""


def new_command(
    commands: Commands,
    name: str,
    run: Callable[[argparse.Namespace], int],
    *,
    summary: str,
    description: str,
    examples: tuple[str, ...],
) -> CommandParser:
    """The parser of a new command, for its options.

    ``run`` gets what was parsed and returns the exit status. ``command``, this parser, is there too. The lines of
    ``description`` stay as they are, the first says it all.
    """
    command = commands.add_parser(
        name,
        help=summary,
        description=description,
        epilog="\n  ".join(["examples:", *examples]),
        formatter_class=CommandFormatter,
    )
    command.set_defaults(run=run, command=command)
    return command


def new_group(command: CommandParser, *, required: bool) -> Commands:
    """Where the commands below a command are declared; if none is ``required``, the command runs alone too."""
    return command.add_subparsers(title="commands", required=required, metavar="COMMAND")


def no_run(parsed: argparse.Namespace) -> int:
    """What a command runs that is only there for those below it."""
    raise AssertionError("a command below it runs")


def wrong(parsed: argparse.Namespace, message: str) -> NoReturn:
    """End the process because the command line is wrong."""
    parsed.command.error(message)
    raise AssertionError("the process has ended")
