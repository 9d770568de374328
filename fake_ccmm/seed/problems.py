"""What is wrong with a seed, all of it at once, each with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from ..errors import SetupError

MOST_PROBLEMS = 20
"""How many problems an error tells; the rest are counted."""

_LONGEST_STEP = 100
_LONGEST_LINE = 1000
_WORD = re.compile(r"[^\W\d][\w$-]*")


@dataclass(frozen=True, slots=True)
class SeedProblem:
    """One thing that is wrong: where, and what is there and what would be right.

    ``place`` is such as ``campaigns[2].contacts[17].phone_number``; empty for the seed as a whole. ``source`` is the
    file, with line and column where a line is meant; empty for a seed made in Python.
    """

    place: str
    message: str
    source: str = ""

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.source, self.place, self.message)))


class SeedError(SetupError):
    """A seed that makes no center. ``problems`` are the first of them, ``more`` the number of the others."""

    def __init__(self, problems: Sequence[SeedProblem], more: int = 0) -> None:
        lines = [str(one) for one in problems] + ([f"and {more} more"] if more else [])
        super().__init__("\n".join(lines))
        self.problems = list(problems)
        self.more = more


class Problems:
    """Gathers problems, one a place, the first of each."""

    def __init__(self, source: str = "") -> None:
        self.source = source
        self._found: list[SeedProblem] = []
        self._places: set[tuple[str, str]] = set()

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, place: str, message: str, source: str | None = None) -> None:
        """Note a problem; ``source`` where it is not in the seed itself."""
        place = line_of(place)
        problem = SeedProblem(place, line_of(message), self.source if source is None else source)
        if (problem.source, place) not in self._places:
            self._places.add((problem.source, place))
            if len(self._found) < MOST_PROBLEMS:
                self._found.append(problem)

    def raise_any(self) -> None:
        """A SeedError with the problems, where there are any."""
        if self._found:
            raise SeedError(self._found, len(self._places) - len(self._found))


def place_of(path: Iterable[str | int]) -> str:
    """A path as people write it: ``campaigns[2].name``."""
    text = ""
    for step in path:
        step = _cut(step, _LONGEST_STEP) if isinstance(step, str) else step
        if isinstance(step, int):
            text += f"[{step}]"
        elif _WORD.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f"[{json.dumps(step, ensure_ascii=not step.isprintable())}]"
    return text


def line_of(text: str) -> str:
    """A text as one line that every terminal shows, cut where nobody reads on; what does not print is escaped."""
    if not text.isprintable():
        text = "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)
    return _cut(text, _LONGEST_LINE)


def told(value: Any, most: int = 60) -> str:
    """A value in the words of a message: ``the text "x"``, ``the number 7``, ``true``, ``nothing (null)``."""
    if value is None:
        return "nothing (null)"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list):
        return "a list" if value else "an empty list"
    if isinstance(value, str):
        return f"the text {_cut(json.dumps(value[:most], ensure_ascii=False), most)}"
    kind = "number" if isinstance(value, (int, float)) else type(value).__name__
    return f"the {kind} {_cut(str(value), most)}"


def nearest(word: str, names: Iterable[str], otherwise: str = "") -> str:
    """``; did you mean "name"?`` for the name spelled most like ``word``; ``otherwise``, or all names, for none."""
    by_lower = {name.lower(): name for name in names}
    close = get_close_matches(word.lower(), by_lower, n=1)
    if close:
        return f'; did you mean "{by_lower[close[0]]}"?'
    return "; " + (otherwise or f"there are: {', '.join(by_lower.values())}")


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
