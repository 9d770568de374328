"""``fake-ccmm seed``: check, begin, export and load what a center starts with."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .command import new_command, new_group, no_run, wrong
from .remote import LONG_SECONDS, Remote, add_server_options, whole

if TYPE_CHECKING:
    from ..seed.schema import Seed
    from .command import CommandParser, Commands
    from .remote import Expected

_FORMATS = ("toml", "yaml", "json")
_TYPES = {name: f"application/{name}" for name in _FORMATS}


def declare(commands: Commands) -> None:
    """Add the command."""
    command = new_command(
        commands,
        "seed",
        no_run,
        summary="check, generate, export and load what a center starts with",
        description="Check, generate, export and load seeds: files in TOML, YAML or JSON that say everything\n"
        "a center starts with.",
        examples=(
            "fake-ccmm seed generate --output site.toml",
            "fake-ccmm seed check site.toml",
            "fake-ccmm serve --seed site.toml",
        ),
    )
    group = new_group(command, required=True)
    one = new_command(
        group,
        "check",
        _check,
        summary="say everything that is wrong in files",
        description="Say everything that is wrong in seed files, each with its place. Needs no server.",
        examples=("fake-ccmm seed check site.toml", "fake-ccmm seed check seeds/*.yaml"),
    )
    one.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a seed in TOML, YAML or JSON")
    _declare_generate(group)
    one = new_command(
        group,
        "export",
        _export,
        summary="print a running server's center as a seed",
        description="Print a running server's center as a seed, all contacts included.\n\n"
        "Sessions and the journal are no part of it.",
        examples=("fake-ccmm seed export --output now.toml", "fake-ccmm seed export --center alice --format json"),
    )
    _add_output_options(one)
    add_server_options(one)
    one = new_command(
        group,
        "load",
        _load,
        summary="make a running server's center what a file says",
        description="Make a running server's center what a seed file says; where something is wrong in it,\n"
        "nothing changes. Nobody is logged in then, and the journal is empty.",
        examples=("fake-ccmm seed load site.toml", "fake-ccmm seed load site.yaml --center alice"),
    )
    one.add_argument("file", type=Path, metavar="FILE", help="a seed in TOML, YAML or JSON")
    add_server_options(one)
    new_command(
        group,
        "schema",
        _schema,
        summary="print the JSON Schema of seeds",
        description="Print the JSON Schema of seeds, with which editors check and complete them.",
        examples=("fake-ccmm seed schema > seed.schema.json",),
    )


def _declare_generate(group: Commands) -> None:
    one = new_command(
        group,
        "generate",
        _generate,
        summary="print a seed to begin with",
        description="Print a seed to begin with: an administrator apiuser with the password apipassword,\n"
        "skillsets, disposition codes, and campaigns with invented contacts. Needs no server.",
        examples=(
            "fake-ccmm seed generate --output site.toml",
            "fake-ccmm seed generate --campaigns 2 --contacts 1000 --locales de,gb --format yaml",
        ),
    )
    one.add_argument("--campaigns", type=whole, default=3, metavar="N", help="default: %(default)s")
    one.add_argument("--contacts", type=whole, default=100, metavar="N", help="in each campaign (default: %(default)s)")
    one.add_argument(
        "--seed", type=whole, default=0, metavar="N", help="other numbers give other people (default: %(default)s)"
    )
    one.add_argument("--locales", type=_words, default=(), metavar="CODES", help="where they are from, such as de,gb")
    _add_output_options(one)


def _add_output_options(command: CommandParser) -> None:
    command.add_argument("--format", choices=_FORMATS, help="default: by the end of the file's name, or else toml")
    command.add_argument("--output", type=Path, metavar="FILE", help="write a file instead")


def _check(parsed: argparse.Namespace) -> int:
    from ..seed import SeedError, read_seed
    from .files import similar_file

    status = 0
    for path in parsed.files:
        try:
            print(f"{path}: {_contents(read_seed(path))}", flush=True)
        except SeedError as error:
            meant = "" if path.exists() else similar_file(path)
            print(f"{error}{meant}", file=sys.stderr, flush=True)
            status = 1
    return status


def _contents(seed: Seed) -> str:
    contacts = sum(len(one.contacts) + (one.generate.count if one.generate else 0) for one in seed.campaigns)
    counts = {"administrator": len(seed.administrators), "campaign": len(seed.campaigns), "contact": contacts}
    return f"good: {', '.join(f'{n:,} {name}' if n == 1 else f'{n:,} {name}s' for name, n in counts.items())}"


def _generate(parsed: argparse.Namespace) -> int:
    from ..seed import SeedError, checked, write_seed

    format = _format(parsed)
    seed = _starting_seed(parsed)
    try:
        checked(replace(seed, campaigns=seed.campaigns[:1]))  # they are all alike
    except SeedError as error:
        wrong(parsed, "; ".join(f"{one.place.rpartition('.')[2]} {one.message}" for one in error.problems))
    text = write_seed(seed, format)
    _write(parsed, text if format == "json" else _COMMENT + text)
    return 0


_COMMENT = """\
# A seed: everything that a contact center starts with. To try it out:
#   fake-ccmm seed check FILE     says what is wrong in it
#   fake-ccmm serve --seed FILE   starts a server with it
#   fake-ccmm seed load FILE      loads it into a server that runs
# 'fake-ccmm seed schema' prints its JSON Schema, with which editors complete it.

"""
_NAMES = ("Renewals", "Customer Survey", "Payment Reminders", "Winback", "Appointments")


def _starting_seed(parsed: argparse.Namespace) -> Seed:
    from ..model import Administrator, DispositionCode, Skillset
    from ..seed.schema import CampaignSeed, Generate, Seed

    skillsets = (Skillset(10031, "OB_Default_Skillset"), Skillset(10032, "OB_Sales"))
    codes = (
        DispositionCode(1, "Completed", 100),
        DispositionCode(2, "Not Answered", 101, retry_timeout=60, max_retry_count=3),
        DispositionCode(3, "Do Not Call", 102),
    )
    campaigns = (
        CampaignSeed(
            campaign_id=number + 1,
            name=_NAMES[number] if number < len(_NAMES) else f"Campaign {number + 1}",
            skillset=skillsets[number % 2].skillset_id,
            disposition_codes=tuple(one.disposition_code_id for one in codes),
            custom_field_names=("AccountNumber", "Segment"),
            generate=Generate(parsed.contacts, parsed.seed * 1000 + number, parsed.locales),
        )
        for number in range(parsed.campaigns)
    )
    administrators = (Administrator("apiuser", "apipassword"),)
    return Seed(administrators, skillsets, codes, tuple(campaigns))


def _export(parsed: argparse.Namespace) -> int:
    format = _format(parsed)
    expected: Expected = ("administrators",) if format == "json" else str
    remote = Remote(parsed, timeout=LONG_SECONDS)
    text = remote.request("GET", "seed", query={"format": format}, expected=expected)
    _write(parsed, text if isinstance(text, str) else json.dumps(text, indent=2, ensure_ascii=False) + "\n")
    return 0


def _load(parsed: argparse.Namespace) -> int:
    from ..seed import write_seed
    from .centers import COUNTS, summary_line
    from .files import seed_of

    text = write_seed(seed_of(parsed.file), "json")
    remote = Remote(parsed, timeout=LONG_SECONDS)
    print(summary_line(remote.request("PUT", "seed", body=text, expected=("name", *COUNTS))))
    return 0


def _schema(parsed: argparse.Namespace) -> int:
    from ..seed import json_schema

    print(json.dumps(json_schema(), indent=2, ensure_ascii=False))
    return 0


def _format(parsed: argparse.Namespace) -> str:
    """The format to write; the process ends where neither option tells it."""
    from ..seed import SeedError, format_of

    if parsed.format or parsed.output is None:
        return parsed.format or "toml"
    try:
        return format_of(parsed.output)
    except SeedError as error:
        wrong(parsed, f"{error}; give --format")


def _write(parsed: argparse.Namespace, text: str) -> None:
    from ..errors import SetupError

    if parsed.output is None:
        sys.stdout.write(text)
        return
    try:
        parsed.output.write_bytes(text.encode())
    except OSError as error:
        raise SetupError(f"{parsed.output}: cannot be written: {error.strerror}{_where(parsed.output)}") from None


def _where(path: Path) -> str:
    """Where a file could be written that cannot be written here."""
    return f"; make the folder {path.parent} first" if not path.parent.exists() else "; give another place"


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())
