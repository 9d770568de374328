"""What was read once need not be read again: requests of one client differ only in the texts of their elements.

A *shape* is a request's XML with those texts taken out. Two requests of one shape have the same nodes in the same
places, but for the texts: what stands between them is the same to the letter, so a parser comes to each text in the
same state, and plain text (no reference, no carriage return, nothing XML cannot hold) leaves it as it was. So the first
request of a shape is read once more with marks in place of its texts, and where the marks come out says which text
becomes which argument.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from .document import END_OF_FILE, Document
from .faults import Version
from .reading import Cursor, Deferred, Members

_TEXTS = re.compile(">([^<]+)(?=<)")
_NOT_PLAIN = re.compile("[&\r]|]]>|[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST = 16 * 1024
_MOST = 128
_BLANK = " \t\n"

_Build = Callable[[list[str]], Any]


class _Shape(NamedTuple):
    """How a request of a shape is read: ``blanks`` are the texts that must be nothing but white space."""

    version: Version
    blanks: tuple[int, ...]
    build: _Build


class Shapes:
    """The shapes in which one operation has been called; the last so many."""

    def __init__(self) -> None:
        self._known: dict[str, _Shape] = {}
        self._learning = threading.Lock()  # servers in several threads of a process share what they know

    def recall(self, text: str) -> tuple[Version, Members] | None:
        """The version and the arguments of a request of a known shape; None for any other, and for a bad value."""
        if len(text) > _LONGEST:
            return None
        parts = _TEXTS.split(text)
        shape = self._known.get("\0".join(parts[::2]))
        values = parts[1::2]
        if shape is None or _NOT_PLAIN.search("".join(values)):
            return None
        if any(values[place].strip(_BLANK) for place in shape.blanks):
            return None
        try:
            return shape.version, shape.build(values)
        except ValueError:
            return None

    def learn(self, text: str, document: Document, version: Version, read: Callable[[Cursor], Members]) -> None:
        """Keep the shape of a request that was read without a fault.

        ``read`` reads an envelope without converting the texts. Nothing is kept where the texts are not just the text
        nodes; blanks between the declaration and the root are a text without a node.
        """
        parts = _TEXTS.split(text)
        values, nodes = parts[1::2], document.nodes.copy()
        places = [place for place, node in enumerate(nodes) if type(node) is str]
        before_root = len(values) == len(places) + 1 and not values[0].strip(_BLANK)
        first = 1 if before_root else 0
        if len(text) > _LONGEST or nodes[-1] is not END_OF_FILE or [nodes[one] for one in places] != values[first:]:
            return
        for index, place in enumerate(places, first):
            nodes[place] = Deferred.mark(index, is_blank=not nodes[place].strip(_BLANK))
        cursor = Cursor(document)
        cursor.nodes = nodes
        used: set[int] = set()
        build = _builder(read(cursor), used)
        blanks = (index for index, value in enumerate(values) if not value.strip(_BLANK) and index not in used)
        with self._learning:
            if len(self._known) >= _MOST:
                del self._known[next(iter(self._known))]
            self._known["\0".join(parts[::2])] = _Shape(version, tuple(blanks), build)


def _builder(value: Any, used: set[int]) -> _Build:
    """How to make a value of the same form from other texts; notes which texts it takes."""
    if isinstance(value, Deferred):
        index, convert = value
        used.add(index)
        return lambda values: convert(values[index])
    if isinstance(value, list):
        items = [_builder(one, used) for one in value]
        return lambda values: [build(values) for build in items]
    if isinstance(value, dict):
        fixed = {name: one for name, one in value.items() if not isinstance(one, (Deferred, list, dict))}
        parts = [(name, _builder(one, used)) for name, one in value.items() if name not in fixed]
        order = dict.fromkeys(value)

        def build_members(values: list[str]) -> Members:
            members = {**order, **fixed}
            for name, build in parts:
                members[name] = build(values)
            return members

        return build_members
    return lambda values: value
