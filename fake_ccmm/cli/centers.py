"""``fake-ccmm reset``, ``snapshot`` and ``centers``: a running server's centers, and going back to what they were."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .command import new_command, new_group, no_run
from .remote import LONG_SECONDS, Remote, add_server_options

if TYPE_CHECKING:
    from .command import Commands


def declare(commands: Commands) -> None:
    """Add the commands."""
    reset = new_command(
        commands,
        "reset",
        _reset,
        summary="make a running server's center what it was at the start",
        description="Make a running server's center what it was when it was started or seeded.\n\n"
        "Nobody is logged in then, and the journal is empty. Snapshots stay.",
        examples=("fake-ccmm reset", "fake-ccmm reset --center alice"),
    )
    add_server_options(reset)
    _declare_snapshot(commands)
    _declare_centers(commands)


def _declare_snapshot(commands: Commands) -> None:
    command = new_command(
        commands,
        "snapshot",
        no_run,
        summary="keep a running server's center as it is, and go back to it",
        description="Keep a running server's center as it is now, and go back to that as often as you like.\n\n"
        "A snapshot has sessions, clock and faults too. The journal goes on.",
        examples=("fake-ccmm snapshot save before", "fake-ccmm snapshot restore before"),
    )
    group = new_group(command, required=True)
    for name, run, summary in (
        ("save", _save, "keep the center as it is; replaces an older one of that name"),
        ("restore", _restore, "go back to it"),
        ("drop", _drop, "forget it"),
    ):
        one = new_command(
            group,
            name,
            run,
            summary=summary,
            description=f"{summary.capitalize()}.",
            examples=(f"fake-ccmm snapshot {name} before",),
        )
        one.add_argument("name", metavar="NAME", help="the snapshot's name")
        add_server_options(one)
    summary = "list the names of all, oldest first"
    one = new_command(
        group,
        "list",
        _list_snapshots,
        summary=summary,
        description=f"{summary.capitalize()}.",
        examples=("fake-ccmm snapshot list",),
    )
    add_server_options(one)


def _declare_centers(commands: Commands) -> None:
    command = new_command(
        commands,
        "centers",
        no_run,
        summary="list, create and delete a running server's centers",
        description="List, create and delete the centers of a running server.\n\n"
        "Each has its own users, campaigns, clock, journal and faults, and services at\naddresses of its own.",
        examples=("fake-ccmm centers create alice --seed site.toml", "fake-ccmm centers list"),
    )
    group = new_group(command, required=True)
    one = new_command(
        group,
        "list",
        _list_centers,
        summary="list them with what they hold",
        description="List the centers with what they hold.",
        examples=("fake-ccmm centers list",),
    )
    add_server_options(one, center=False)
    one = new_command(
        group,
        "create",
        _create,
        summary="create one and print the addresses of its services",
        description="Create a center and print the addresses of its services.\n\n"
        "Without a seed it is a copy of what the server was started with.",
        examples=("fake-ccmm centers create alice", "fake-ccmm centers create bob --seed site.toml"),
    )
    one.add_argument("name", metavar="NAME", help="letters, digits, '.', '_' and '-'")
    one.add_argument("--seed", type=Path, metavar="FILE", help="what it starts with: a seed in TOML, YAML or JSON")
    add_server_options(one, center=False)
    one = new_command(
        group,
        "delete",
        _delete,
        summary="delete one",
        description="Delete a center and all that is in it.",
        examples=("fake-ccmm centers delete alice",),
    )
    one.add_argument("name", metavar="NAME", help="the center's name")
    add_server_options(one, center=False)


def _reset(parsed: argparse.Namespace) -> int:
    Remote(parsed).request("POST", "reset")
    return 0


def _save(parsed: argparse.Namespace) -> int:
    Remote(parsed).request("PUT", "snapshots", parsed.name)
    return 0


def _restore(parsed: argparse.Namespace) -> int:
    Remote(parsed).request("POST", "snapshots", parsed.name, "restore")
    return 0


def _drop(parsed: argparse.Namespace) -> int:
    Remote(parsed).request("DELETE", "snapshots", parsed.name)
    return 0


def _list_snapshots(parsed: argparse.Namespace) -> int:
    for name in Remote(parsed).request("GET", "snapshots", expected=list):
        print(name)
    return 0


def _list_centers(parsed: argparse.Namespace) -> int:
    for one in Remote(parsed).request_any("GET", "centers", expected=list):
        print(summary_line(one))
    return 0


def _create(parsed: argparse.Namespace) -> int:
    remote = Remote(parsed, timeout=LONG_SECONDS)
    body = None
    if parsed.seed is not None:
        from ..seed import write_seed
        from .files import seed_of

        body = write_seed(seed_of(parsed.seed), "json")
    created = remote.request_any("PUT", "centers", parsed.name, body=body, expected=(*COUNTS, "name", "urls"))
    print("\n".join(created["urls"].values()))
    print(summary_line(created), file=sys.stderr)
    return 0


def _delete(parsed: argparse.Namespace) -> int:
    Remote(parsed).request_any("DELETE", "centers", parsed.name)
    return 0


def summary_line(center: dict[str, Any]) -> str:
    """A center on one line: ``default: 8 campaigns, 1,811 contacts, 2 sessions, 17 exchanges``."""
    counts = (f"{center[name]:,} {name if center[name] != 1 else name[:-1]}" for name in COUNTS)
    return f"{center['name']}: {', '.join(counts)}"


COUNTS = ("campaigns", "contacts", "sessions", "exchanges")
"""What of a center is counted."""
