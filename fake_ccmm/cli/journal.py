"""``fake-ccmm journal``: what a running server was asked, and what it answered."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from .command import new_command, wrong
from .remote import Remote, add_server_options, pair, whole

if TYPE_CHECKING:
    from .command import Commands

_JOURNAL = ("exchanges", "total", "dropped")
_SIDES = ("request", "response")
_CONDITIONS = (
    ("operation", str, "NAME", "calls of this operation, such as CloseContact"),
    ("user", str, "NAME", "calls of this user"),
    ("outcome", str, "OUTCOME", "ok, refused, protocol-error, not-carried-out or page"),
    ("refusal", str, "NAME", "what the center refused, such as too_soon"),
    ("rule", str, "ID", "what it refused by this rule, such as A4"),
    ("injected", str, "NAME", "what this fault rule struck"),
    ("status", whole, "STATUS", "answers with this status of HTTP"),
    ("after", whole, "NUMBER", "exchanges after this one"),
    ("limit", whole, "NUMBER", "the newest so many at most"),
)


def declare(commands: Commands) -> None:
    """Add the command."""
    command = new_command(
        commands,
        "journal",
        run,
        summary="show what a running server was asked and what it answered",
        description="Show what a running server was asked and what it answered, a line for each exchange.\n\n"
        "Several conditions hold together.",
        examples=(
            "fake-ccmm journal --operation CloseContact --argument contact_id=7",
            "fake-ccmm journal --outcome refused --rule A4 --json",
            "fake-ccmm journal --raw 12 response",
        ),
    )
    for name, kind, metavar, told in _CONDITIONS:
        command.add_argument(f"--{name}", type=kind, metavar=metavar, help=told)
    command.add_argument(
        "--argument",
        type=pair,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="calls with this argument, such as contact_id=7 or contact.first_name=Zoë; may be repeated",
    )
    command.add_argument("--json", action="store_true", help="print JSON, with all that is known of each")
    command.add_argument("--secrets", action="store_true", help="show passwords and session keys too")
    instead = command.add_mutually_exclusive_group()
    instead.add_argument(
        "--raw",
        nargs=2,
        metavar=("NUMBER", "SIDE"),
        help=f"print what came in or went out, byte for byte: {' or '.join(_SIDES)} of this exchange",
    )
    instead.add_argument("--clear", action="store_true", help="forget all exchanges")
    add_server_options(command)


def run(parsed: argparse.Namespace) -> int:
    """Print, or forget."""
    query = _query(parsed)
    if (parsed.raw or parsed.clear) and (query or parsed.json):
        wrong(parsed, f"--{'clear' if parsed.clear else 'raw'} goes with no condition, and not with --json")
    if parsed.raw:
        return _print_raw(parsed)
    if parsed.clear:
        Remote(parsed).request("DELETE", "journal")
        return 0
    if parsed.secrets:
        query["secrets"] = "true"
    answer = Remote(parsed).request("GET", "journal", query=query, expected=_JOURNAL)
    if parsed.json:
        print(json.dumps(answer, indent=2, ensure_ascii=False))
    else:
        _print_lines(answer)
    return 0


def _query(parsed: argparse.Namespace) -> dict[str, object]:
    """The conditions as the control API takes them."""
    given = {name: getattr(parsed, name) for name, *_ in _CONDITIONS}
    query = {name: value for name, value in given.items() if value is not None}
    return query | {f"argument.{name}": value for name, value in parsed.argument}


def _print_lines(answer: dict[str, Any]) -> None:
    from ..journal import describe, exchange_from_json

    for one in answer["exchanges"]:
        print(describe(exchange_from_json(one)))
    if not answer["exchanges"]:
        print(f"nothing matches; there were {answer['total']:,} exchanges in all", file=sys.stderr)
    if answer["dropped"]:
        print(f"the oldest {answer['dropped']:,} are no longer kept", file=sys.stderr)


def _print_raw(parsed: argparse.Namespace) -> int:
    number, side = parsed.raw
    if not number.isdecimal() or side not in _SIDES:
        wrong(parsed, f"--raw takes the number of an exchange and one of {', '.join(_SIDES)}, not {number} {side}")
    query: dict[str, object] | None = {"secrets": "true"} if parsed.secrets else None
    data = Remote(parsed).request("GET", "journal", int(number), side, query=query, expected=bytes)
    sys.stdout.buffer.write(data or b"")
    return 0
