"""A command line as a page: every command with its options, as its parser of argparse has them."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from itertools import groupby
from textwrap import dedent

from .markdown import block, code, page, plain, sentence, table

_DEFAULT = re.compile(r"\(?\bdefault: ([^()]*)\)?$")
_SHOWN_BY_ALL = (argparse._HelpAction, argparse._VersionAction)


def command_page(parser: argparse.ArgumentParser, lead: str) -> str:
    """The page of a parser: an index of its commands, then a part for each of them."""
    commands = list(_leaves(parser))
    index = table(
        ("Command", "What it does"),
        ([f"[{name}](#{anchor(f'{parser.prog} {name}')})", sentence(plain(help))] for name, help, _ in commands),
    )
    parts = [_command(command, f"{parser.prog} {name}") for name, _, command in commands]
    status = "\n".join(f"- {code(number)}: {sentence(text)}" for number, text in _statuses(parser))
    return page(f"The command {parser.prog}", lead, index, "## Exit status", status, *parts)


def anchor(heading: str) -> str:
    """The anchor of a heading of words and blanks."""
    return heading.lower().replace(" ", "-")


def _command(parser: argparse.ArgumentParser, name: str) -> str:
    options = [one for one in parser._actions if not isinstance(one, (*_SHOWN_BY_ALL, argparse._SubParsersAction))]
    parts = [f"## {name}", plain_lines(parser.description or ""), block("text", usage(options, name))]
    if options:
        parts.append(table(("Argument", "Default", "What it does"), map(_argument, options)))
    examples = [line.strip() for line in (parser.epilog or "").splitlines()[1:] if line.strip()]
    if (parser.epilog or "").startswith("examples:") and examples:
        parts.append(block("text", "\n".join(examples)))
    return "\n\n".join(part for part in parts if part)


def plain_lines(text: str) -> str:
    """The paragraphs of a description; lines that are indented stay as they are."""
    parts: list[str] = []
    for is_indented, lines in groupby(text.splitlines(), lambda line: line.startswith(" ")):
        part = "\n".join(lines)
        parts += [block("text", dedent(part))] if is_indented else map(plain, part.split("\n\n"))
    return "\n\n".join(part for part in parts if part)


def usage(options: list[argparse.Action], name: str) -> str:
    """The line that says what is needed and what may be left out."""
    needed = [_spelled(one) if one.option_strings else _operand(one) for one in options if _is_needed(one)]
    optional = [_operand(one) for one in options if not one.option_strings and not _is_needed(one)]
    some = any(one.option_strings and not one.required for one in options)
    return " ".join([name, *(["[OPTIONS]"] if some else []), *needed, *optional])


def _is_needed(option: argparse.Action) -> bool:
    return option.required if option.option_strings else option.nargs not in ("?", "*", argparse.REMAINDER)


def _operand(option: argparse.Action) -> str:
    word = _metavar(option)
    return {"?": f"[{word}]", "*": f"[{word} ...]", "+": f"{word} [{word} ...]", "...": f"{word} ..."}.get(
        str(option.nargs), word
    )


def _spelled(option: argparse.Action) -> str:
    if not option.option_strings:
        return _operand(option)
    word = "" if option.nargs == 0 else f" {_metavar(option)}"
    return ", ".join(option.option_strings) + word


def _metavar(option: argparse.Action) -> str:
    if isinstance(option.metavar, tuple):
        return " ".join(option.metavar)
    if option.metavar:
        return option.metavar
    if option.choices is not None:
        return "{" + ",".join(map(str, option.choices)) + "}"
    return option.dest.upper().replace("_", "-")


def _argument(option: argparse.Action) -> list[str]:
    """The row of an option: its default is the parser's, or what its help says of it."""
    text = (option.help or "") % {**vars(option), "prog": ""}
    said = _DEFAULT.search(text)
    default = option.default
    if default in (None, False, argparse.SUPPRESS) or default in ([], ()) or option.nargs == 0:
        default = None
    told = code(default) if default is not None else plain(said[1]) if said else ""
    return [code(_spelled(option)), told, sentence(plain(_DEFAULT.sub("", text).rstrip(" ;,")))]


def _leaves(parser: argparse.ArgumentParser, above: str = "") -> Iterator[tuple[str, str, argparse.ArgumentParser]]:
    """Every command that runs, with its help: those without any below them, and those that may run alone too."""
    for group in parser._actions:
        if not isinstance(group, argparse._SubParsersAction):
            continue
        helps = {one.dest: one.help or "" for one in group._choices_actions}
        for name, command in group.choices.items():
            full = f"{above} {name}".strip()
            below = [one for one in command._actions if isinstance(one, argparse._SubParsersAction)]
            if not any(one.required for one in below):
                yield full, helps.get(name, ""), command
            yield from _leaves(command, full)


def _statuses(parser: argparse.ArgumentParser) -> Iterator[tuple[str, str]]:
    """The exit statuses that the epilog lists."""
    for line in (parser.epilog or "").splitlines():
        number, _, text = line.strip().partition("  ")
        if number.isdecimal():
            yield number, text.strip()
