"""The command ``ccmm-contracts``, run in this process: what it prints, and how it ends."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass

from ccmm_contracts.cli import main


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it wrote."""

    status: int
    out: str
    errors: str


def ccmm_contracts(*arguments: object) -> Ended:
    """Run the command."""
    out, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        try:
            status = main([str(one) for one in arguments])
        except SystemExit as end:
            status = int(end.code or 0)
    return Ended(status, out.getvalue(), errors.getvalue())
