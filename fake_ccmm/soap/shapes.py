"""What was parsed once need not be parsed again: requests of one client differ only in the texts of their elements.

A *shape* is a request's XML with those texts taken out. Two requests of one shape have the same nodes in the same
places, but for the texts: what stands between them is the same to the letter, so a parser comes to each text in the
same state, and plain text (no reference, no carriage return, nothing XML cannot hold) leaves it as it was.
"""

from __future__ import annotations

import re
from typing import Any

_TEXTS = re.compile(">([^<]+)(?=<)")
_NOT_PLAIN = re.compile("[&\r]|]]>|[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST = 16 * 1024
_MOST = 512
_BLANK = " \t\n"

Nodes = list[Any]
_Places = list["int | None"]
_known: dict[str, tuple[Nodes, _Places]] = {}


def split(text: str) -> tuple[str, list[str]] | None:
    """The shape of a text, and the texts taken out of it; None for one that is not worth it."""
    if len(text) > _LONGEST:
        return None
    parts = _TEXTS.split(text)
    values = parts[1::2]
    if _NOT_PLAIN.search("".join(values)):
        return None
    return "\0".join(parts[::2]), values


def recall(shape: str, values: list[str]) -> Nodes | None:
    """The nodes of a request of a known shape with these texts, or None."""
    known = _known.get(shape)
    if known is None:
        return None
    nodes, places = known[0].copy(), known[1]
    for place, value in zip(places, values, strict=True):
        if place is not None:
            nodes[place] = value
        elif value.strip(_BLANK):
            return None
    return nodes


def remember(shape: str, values: list[str], nodes: Nodes) -> None:
    """Keep the nodes that a request of this shape was parsed into, if its texts are just its text nodes.

    Blanks between the declaration and the root are no node; they have no place.
    """
    places: _Places = [place for place, node in enumerate(nodes) if type(node) is str]
    texts = [nodes[place] for place in places if place is not None]
    if len(values) == len(texts) + 1 and not values[0].strip(_BLANK):
        places.insert(0, None)
        texts.insert(0, values[0])
    if texts == values:
        if len(_known) >= _MOST:
            del _known[next(iter(_known))]
        _known[shape] = (nodes.copy(), places)
