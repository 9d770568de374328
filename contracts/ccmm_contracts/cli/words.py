"""The options ``--only`` and ``--skip``, where they are not among those of a server."""

from __future__ import annotations

import argparse

from ..options import words


def declare_selection(command: argparse.ArgumentParser) -> None:
    """Add the two options."""
    for name, told in (("only", "try these rules"), ("skip", "leave these rules out")):
        command.add_argument(
            f"--{name}", action="append", default=[], metavar="WHAT", help=f"{told}, such as K4,K5; may be repeated"
        )


def selection(parsed: argparse.Namespace) -> tuple[list[str], list[str]]:
    """What is to be tried, and what is to be left out."""
    only, skip = ([word for text in texts for word in words(text)] for texts in (parsed.only, parsed.skip))
    return only, skip
