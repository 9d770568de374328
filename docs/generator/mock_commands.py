"""The page of ``fake-ccmm``."""

from __future__ import annotations

from fake_ccmm.cli import make_parser

from .commands import command_page

_LEAD = """\
Every command and option with its default, as its `--help` has them.
[Use the command line](../command-line.md) shows how they work together, and lists the variables of the environment."""


def page() -> str:
    """The text of the page."""
    return command_page(make_parser(), _LEAD)
