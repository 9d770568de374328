"""How the generated pages write Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_MARKS = re.compile(r"[\\*<\[\]]|(?<!\w)_|_(?!\w)")

NOTICE = "<!-- Made by: python -m docs.generator. Change the source, not this page. -->"


def page(title: str, *parts: str) -> str:
    """A page of these parts, with a blank line between them and a notice where it comes from."""
    return "\n\n".join([f"# {title}", NOTICE, *(part.rstrip("\n") for part in parts if part)]) + "\n"


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; its cells are Markdown, in which a ``|`` is escaped here."""
    lines = [_row(columns), _row(["---"] * len(columns)), *map(_row, rows)]
    return "\n".join(lines)


def code(text: object) -> str:
    """Text as code, in a line."""
    return f"`{text}`"


def codes(texts: Iterable[object]) -> str:
    """Several, with commas between them."""
    return ", ".join(map(code, texts))


def block(language: str, text: str) -> str:
    """A fenced block."""
    return f"```{language}\n{text.rstrip()}\n```"


def plain(text: str) -> str:
    """Text of the source as Markdown shows it unchanged, on one line."""
    return _MARKS.sub(r"\\\g<0>", " ".join(text.split()))


def sentence(text: str) -> str:
    """The text with a capital at its start, where that is a word, and an end."""
    first, blank, rest = text.partition(" ")
    begun = f"{first[0].upper()}{first[1:]}{blank}{rest}" if first.rstrip(".,:;").isalpha() else text
    return begun if not begun or begun.endswith((".", "!", "?")) else f"{begun}."


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
