"""Colour for people who look at a terminal, and have not asked for none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TextIO

BOLD, DIM, RED, GREEN, YELLOW = "1", "2", "31", "32", "33"
"""How something can be shown."""


def takes_colour(stream: TextIO, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether what is written there is seen in colour: on a terminal that can, unless NO_COLOR is set."""
    if environ.get("NO_COLOR") or environ.get("TERM") == "dumb":
        return False
    if os.name == "nt" and not {"WT_SESSION", "TERM", "ANSICON"} & environ.keys():
        return False  # an old console shows the codes
    return stream.isatty()


def painted(text: str, colour: str, stream: TextIO) -> str:
    """The text in one of the colours above, where the stream takes them."""
    return f"\x1b[{colour}m{text}\x1b[0m" if takes_colour(stream) else text
