"""``fake-ccmm doctor``: what is wrong with this environment, and how to mend it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .. import __version__
from ..clock import stopwatch
from .command import new_command, wrong
from .painting import BOLD, GREEN, RED, YELLOW, painted
from .remote import DEFAULT_URL, TOKEN_VARIABLE, URL_VARIABLE, port, token

if TYPE_CHECKING:
    from ..doctor.finding import Finding
    from .command import Commands

_COLOURS = {"ok": GREEN, "warning": YELLOW, "problem": RED}
_NAME_WIDTH = 16
_STATUS_WIDTH = 7


def declare(commands: Commands) -> None:
    """Add the command."""
    command = new_command(
        commands,
        "doctor",
        run,
        summary="say what is wrong with this environment, and how to mend it",
        description="Check what fake-ccmm needs here, and a running server, and say how to mend\nwhat is wrong.\n\n"
        "Starts a server for a moment, on loopback. Asks no other machine than that of\n--url. "
        "The exit status is 1 if there is a problem, 0 if there are warnings.",
        examples=(
            "fake-ccmm doctor",
            "fake-ccmm doctor --url http://127.0.0.1:8080",
            "fake-ccmm doctor --tls-cert cert.pem --tls-key key.pem --ca ca.pem",
            "fake-ccmm doctor --json",
        ),
    )
    command.add_argument(
        "--url", help=f"look at the server with this address (default: {URL_VARIABLE}, or {DEFAULT_URL})"
    )
    command.add_argument("--host", help="the address to serve on (default: 127.0.0.1)")
    command.add_argument("--port", type=port, help="the port to serve on (default: 8000)")
    command.add_argument("--tls-cert", type=Path, metavar="FILE", help="the certificate to serve with, as PEM")
    command.add_argument("--tls-key", type=Path, metavar="FILE", help="the private key of --tls-cert, as PEM")
    command.add_argument("--ca", type=Path, metavar="FILE", help="the CA that clients trust, as PEM")
    command.add_argument(
        "--token", type=token, help=f"what the server's control API asks for (default: {TOKEN_VARIABLE})"
    )
    command.add_argument(
        "--json", action="store_true", help="print JSON: status, and checks with check, status, message, fix"
    )


def run(parsed: argparse.Namespace) -> int:
    """Check, and print each finding as soon as it is there."""
    from ..doctor.checks import examine
    from ..doctor.examination import Examination
    from ..doctor.finding import PROBLEM, STATUSES

    if bool(parsed.tls_cert) != bool(parsed.tls_key):
        wrong(parsed, "--tls-cert and --tls-key go together: give both, or neither")
    if parsed.host == "":
        wrong(parsed, "--host is an address of this machine, such as 127.0.0.1, and not empty")
    asked = Examination(parsed.url, parsed.host, parsed.port, parsed.tls_cert, parsed.tls_key, parsed.ca, parsed.token)
    began = stopwatch()
    findings = []
    for one in examine(asked):
        findings.append(one)
        if not parsed.json:
            _print(one)
    seconds = stopwatch() - began
    worst = max((one.status for one in findings), key=STATUSES.index)
    if parsed.json:
        checks = [
            {"check": one.check, "status": one.status, "message": one.message, "fix": one.fix} for one in findings
        ]
        told = {"version": __version__, "status": worst, "seconds": round(seconds, 3), "checks": checks}
        print(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        print(_summary(findings, seconds))
    return 1 if worst == PROBLEM else 0


def _print(finding: Finding) -> None:
    """A line for the finding, and one for what to do about it."""
    status = painted(finding.status.ljust(_STATUS_WIDTH), _COLOURS[finding.status], sys.stdout)
    print(f"{status}  {finding.check.ljust(_NAME_WIDTH)}  {finding.message}", flush=True)
    if finding.fix:
        print(f"{' ' * _STATUS_WIDTH}  {'fix:'.rjust(_NAME_WIDTH)}  {finding.fix}", flush=True)


def _summary(findings: Sequence[Finding], seconds: float) -> str:
    """How many checks found what."""
    counts = {status: sum(one.status == status for one in findings) for status in _COLOURS}
    words = [f"{counts['ok']} of {len(findings)} checks well"]
    words += [f"{n} {name if n == 1 else f'{name}s'}" for name, n in counts.items() if n and name != "ok"]
    return painted(f"{', '.join(words)} ({seconds:.1f} s)", BOLD, sys.stdout)
