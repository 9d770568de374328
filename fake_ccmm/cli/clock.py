"""``fake-ccmm clock``: what time it is in a running server's center."""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING, Any

from .command import new_command, new_group
from .remote import Remote, add_server_options, moment

if TYPE_CHECKING:
    from .command import CommandParser, Commands


def declare(commands: Commands) -> None:
    """Add the command."""
    command = new_command(
        commands,
        "clock",
        _show,
        summary="show, freeze, set or advance a running server's clock",
        description="Show, freeze, set or advance the clock of a running server's center.\n\n"
        "Limits, sessions and dates all go by this clock. Without a command, it is shown.",
        examples=(
            "fake-ccmm clock freeze 2026-03-01T08:00:00Z",
            "fake-ccmm clock advance 1200",
            "fake-ccmm clock real --url http://127.0.0.1:8080",
        ),
    )
    add_server_options(command)
    group = new_group(command, required=False)
    _declare_one(group, "show", _show, "show the time")
    freeze = _declare_one(group, "freeze", _freeze, "stop it, now or at a time")
    freeze.add_argument("at", nargs="?", type=moment, metavar="AT", help="a time, such as 2026-03-01T08:00:00Z")
    _declare_one(group, "run", _run_on, "let it go on from where it stands")
    to = _declare_one(group, "set", _set, "set it; frozen or running, it stays so")
    to.add_argument("at", type=moment, metavar="AT", help="a time, such as 2026-03-01T08:00:00Z")
    advance = _declare_one(group, "advance", _advance, "set it ahead")
    advance.add_argument("seconds", type=_seconds, metavar="SECONDS", help="such as 1.5")
    _declare_one(group, "real", _real, "make it this machine's time again")


def _declare_one(group: Commands, name: str, run: Any, summary: str) -> CommandParser:
    example = f"fake-ccmm clock {name}{_EXAMPLES.get(name, '')}"
    command = new_command(
        group, name, run, summary=summary, description=f"{summary.capitalize()}.", examples=(example,)
    )
    add_server_options(command)
    return command


_CLOCK = ("now", "frozen", "offset_seconds")
_EXAMPLES = {"freeze": " 2026-03-01T08:00:00Z", "set": " 2026-03-01T08:00:00Z", "advance": " 1.5"}


def _show(parsed: argparse.Namespace) -> int:
    return _tell(Remote(parsed).request("GET", "clock", expected=_CLOCK))


def _freeze(parsed: argparse.Namespace) -> int:
    return _change(parsed, {"frozen": True} | ({"now": parsed.at} if parsed.at else {}))


def _run_on(parsed: argparse.Namespace) -> int:
    return _change(parsed, {"frozen": False})


def _set(parsed: argparse.Namespace) -> int:
    return _change(parsed, {"now": parsed.at})


def _real(parsed: argparse.Namespace) -> int:
    return _change(parsed, {"real": True})


def _change(parsed: argparse.Namespace, change: dict[str, Any]) -> int:
    return _tell(Remote(parsed).request("PUT", "clock", body=change, expected=_CLOCK))


def _advance(parsed: argparse.Namespace) -> int:
    body = {"seconds": parsed.seconds}
    return _tell(Remote(parsed).request("POST", "clock", "advance", body=body, expected=_CLOCK))


def _tell(clock: dict[str, Any]) -> int:
    offset = clock["offset_seconds"]
    ahead = f", {abs(offset):,.3f} seconds {'ahead of' if offset > 0 else 'behind'} this machine" if offset else ""
    print(clock["now"], "frozen" if clock["frozen"] else f"running{ahead}")
    return 0


def _seconds(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not (math.isfinite(found) and found >= 0):
        raise argparse.ArgumentTypeError(f"seconds are a number that is 0 or more, not {text!r}")
    return found
