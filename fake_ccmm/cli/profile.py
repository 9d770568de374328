"""``fake-ccmm profile``, and the options that choose a profile."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import REFUSALS, SetupError
from ..profile import Profile, Wording, choices, load_profile, make_profile
from .command import did_you_mean, new_command

if TYPE_CHECKING:
    from .command import CommandParser, Commands


def declare(commands: Commands) -> None:
    """Add the command."""
    command = new_command(
        commands,
        "profile",
        run,
        summary="list every choice the vendor's papers leave open",
        description="List every choice that the vendor's papers leave open.\n\n"
        "Each has its value, its alternatives and the reason for its default.",
        examples=(
            "fake-ccmm profile",
            "fake-ccmm profile --set limit_answer=delay --format toml > site.toml",
        ),
    )
    command.add_argument("--format", choices=("text", "toml", "json"), default="text", help="default: %(default)s")
    add_profile_options(command)


def add_profile_options(command: CommandParser) -> None:
    """Add the options that ``chosen_profile`` reads."""
    command.add_argument("--profile", type=Path, metavar="FILE", help="choices from a TOML file", dest="profile_file")
    command.add_argument(
        "--set", type=_setting, action="append", default=[], metavar="NAME=VALUE", help="one choice; wins over FILE"
    )


def chosen_profile(parsed: argparse.Namespace) -> Profile:
    """The profile of the command line: the file's choices, then those of --set; raises SetupError for bad ones."""
    return make_profile(_settings(parsed))


def chosen_settings(parsed: argparse.Namespace) -> dict[str, Any]:
    """What the command line chooses and nothing else, as a seed has it; raises SetupError for bad choices."""
    settings = _settings(parsed)
    profile = make_profile(settings)
    return {name: _chosen(profile, name) for name in settings}


def _settings(parsed: argparse.Namespace) -> dict[str, Any]:
    settings = {**_of_file(parsed.profile_file), **dict(parsed.set)} if parsed.profile_file else dict(parsed.set)
    for name in settings:
        _check_name(name)
    return settings


def _of_file(path: Path) -> dict[str, Any]:
    try:
        return load_profile(path)
    except SetupError as error:
        if path.exists():
            raise
        from .files import similar_file

        meant = similar_file(path) or "; 'fake-ccmm profile --format toml > FILE' writes one"
        raise SetupError(f"{error}{meant}") from None


def _check_name(name: str) -> None:
    """Raise SetupError for a name that a profile has not, with the one that may have been meant."""
    refusal, dot, _ = name.partition(".")
    if not dot:
        names = {one.name for one in choices()}
        if name not in names:
            meant = did_you_mean(name, [*names, *REFUSALS])
            if meant and meant[len("; did you mean '") : -2] in REFUSALS:
                meant = f"{meant} That has .number, .code and .text;"
            raise SetupError(f"profile: there is no choice named {name!r}{meant or ';'} 'fake-ccmm profile' lists all")
    elif refusal not in REFUSALS:
        meant = did_you_mean(refusal, REFUSALS)
        raise SetupError(f"profile: there is no refusal named {refusal!r}{meant or ';'} 'fake-ccmm profile' lists all")


def _chosen(profile: Profile, name: str) -> Any:
    refusal, dot, part = name.partition(".")
    return getattr(profile.wordings[refusal], part) if dot else getattr(profile, name)


def run(parsed: argparse.Namespace) -> int:
    """Print the profile."""
    write = {"text": _as_text, "toml": _as_toml, "json": _as_json}[parsed.format]
    print(write(chosen_profile(parsed)))
    return 0


def _as_text(profile: Profile) -> str:
    lines = []
    for one in choices():
        lines.append(f"{one.name} = {_toml(getattr(profile, one.name))}    ({' | '.join(one.alternatives)})")
        lines.append(f"    {one.rules}: {one.reason}")
    lines.append("")
    lines.append("Wording of each refusal, set as NAME.number, NAME.code and NAME.text:")
    for name, refusal in REFUSALS.items():
        own = profile.wordings.get(name, Wording())
        number = refusal.number if own.number is None else own.number
        lines.append(f"    {name}: {number} {own.code or refusal.code} {_toml(own.text or refusal.text)}")
    return "\n".join(lines)


def _as_toml(profile: Profile) -> str:
    """A file that --profile takes, with every choice in it."""
    lines = []
    chosen = {one.name for one in choices()}
    for one in choices():
        lines.append(f"# {one.rules}: {one.reason}; {' | '.join(one.alternatives)}")
        lines.append(f"{one.name} = {_toml(getattr(profile, one.name))}")
    tables = []
    for name, own in profile.wordings.items():
        if name in chosen:  # no table may have the name of a key
            lines.extend(f'"{name}.{part}" = {_toml(value)}' for part, value in own.told().items())
        else:
            tables.append(f"\n[{name}]")
            tables.extend(f"{part} = {_toml(value)}" for part, value in own.told().items())
    return "\n".join(lines + tables)


def _as_json(profile: Profile) -> str:
    rows = [
        {
            "name": one.name,
            "value": getattr(profile, one.name),
            "default": one.default,
            "alternatives": list(one.alternatives),
            "rules": one.rules.split(),
            "reason": one.reason,
        }
        for one in choices()
    ]
    return json.dumps(rows, indent=2)


def _toml(value: Any) -> str:
    """A value as TOML writes it; that is how JSON does, but for one control character that JSON leaves raw."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError(f"a choice is NAME=VALUE, not {text!r}; 'fake-ccmm profile' lists all")
    return name.strip(), value.strip()
