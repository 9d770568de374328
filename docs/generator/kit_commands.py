"""The page of ``ccmm-contracts``."""

from __future__ import annotations

from ccmm_contracts.cli import make_parser

from .commands import command_page

_LEAD = """\
Every command and option of the contract kit with its default, as its `--help` has them.
[The contract kit](../../contracts/README.md) shows what they are for. Passwords may come from the variables
`CCMM_PASSWORD`, `CCMM_SECOND_PASSWORD` and `CCMM_BASE_PASSWORD`."""


def page() -> str:
    """The text of the page."""
    return command_page(make_parser(), _LEAD)
