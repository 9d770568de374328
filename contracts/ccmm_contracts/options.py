"""What a user may say of a server to check: one table for the command line and for pytest."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .target import ServerOptions


@dataclass(frozen=True, slots=True)
class Option:
    """An option: ``--name`` on the command line, ``--ccmm-name`` for pytest; its value has the type ``kind``.

    bool is a flag, tuple an option that may be repeated or given with commas. ``variable`` is read where the option is
    left out.
    """

    name: str
    help: str
    kind: type = str
    metavar: str | None = None
    variable: str | None = None

    @property
    def field(self) -> str:
        """The field of ServerOptions that it sets."""
        return {"no-control": "control"}.get(self.name, self.name.replace("-", "_"))


SERVER_OPTIONS = (
    Option("user", "who logs in (mocks: made up)", metavar="NAME"),
    Option("password", "the user's password", metavar="TEXT", variable="CCMM_PASSWORD"),
    Option("second-user", "another who may log in, for what takes two", metavar="NAME"),
    Option("second-password", "the second user's password", metavar="TEXT", variable="CCMM_SECOND_PASSWORD"),
    Option("base-user", "an administrator of the base install, who must not get in", metavar="NAME"),
    Option("base-password", "that one's password", metavar="TEXT", variable="CCMM_BASE_PASSWORD"),
    Option("write", "append to --campaign, and close what was appended; without it a real server is only read", bool),
    Option("campaign", "the one campaign to work in", int, metavar="ID"),
    Option("only", "try these rules, contracts or groups, such as S4,paging; may be repeated", tuple, metavar="WHAT"),
    Option("skip", "leave these rules, contracts or groups out; may be repeated", tuple, metavar="WHAT"),
    Option("deep", "many more examples: minutes instead of seconds", bool),
    Option("seed", "what the examples are made from: the same seed, the same examples (default: 0)", int, metavar="N"),
    Option("revision", "the WSDL to speak by: sdk-7.0 or priority (default: as the server's own)", metavar="NAME"),
    Option("ca", "the CA that the server's https certificate is from, as PEM", metavar="FILE"),
    Option("timeout", "how long to wait for each answer, in seconds (default: 10)", float, metavar="SECONDS"),
    Option("take-over", "log the user off where somebody else is logged in as him", bool),
    Option("control-url", "where a mock's control API is, if it has a port of its own", metavar="URL"),
    Option("control-token", "what a mock's control API asks for", metavar="TEXT", variable="FAKE_CCMM_TOKEN"),
    Option("no-control", "treat a mock as any other server", bool),
    Option("own-center", "leave a mock's center alone, and make one beside it for the run", bool),
)
"""Every option of ``ccmm-contracts server`` that says something of the server."""


def server_options(
    url: str, given: Mapping[str, Any], environment: Mapping[str, str] | None = None, **more: Any
) -> ServerOptions:
    """The options in ``given`` by their fields (None: left out), and of the environment what they leave out."""
    from .target import ServerOptions

    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    for option in SERVER_OPTIONS:
        value = given.get(option.field)
        if value is None and option.variable and _belongs(option, given):
            value = environment.get(option.variable) or None
        if value is not None:
            values[option.field] = tuple(value) if option.kind is tuple else value
    known = {one.name for one in fields(ServerOptions)}
    return ServerOptions(url=url, **{name: value for name, value in {**values, **more}.items() if name in known})


def _belongs(option: Option, given: Mapping[str, Any]) -> bool:
    """Whether a variable is to be read: a password only with its user."""
    return not option.name.endswith("password") or given.get(option.field.replace("password", "user")) is not None


def words(text: str) -> list[str]:
    """A list given with commas."""
    return [one.strip() for one in text.split(",") if one.strip()]


Declare = Callable[..., Any]


def declare_server_options(declare: Declare, prefix: str = "--") -> None:
    """Declare every option with ``add_argument`` of argparse or ``addoption`` of pytest: the two take the same."""
    before = prefix.lstrip("-").replace("-", "_")
    for one in SERVER_OPTIONS:
        name, dest = f"{prefix}{one.name}", before + one.field
        told = f"{one.help} ({one.variable} where it is left out)" if one.variable else one.help
        if one.kind is bool:
            action = "store_false" if one.name.startswith("no-") else "store_true"
            declare(name, dest=dest, action=action, default=None, help=told)
        elif one.kind is tuple:
            declare(name, dest=dest, action="append", default=None, metavar=one.metavar, help=told)
        else:
            declare(name, dest=dest, type=one.kind, default=None, metavar=one.metavar, help=told)


def flattened(given: Mapping[str, Any]) -> dict[str, Any]:
    """What was parsed, with repeated lists and lists with commas made one."""
    flat = dict(given)
    for one in SERVER_OPTIONS:
        if one.kind is tuple and flat.get(one.field) is not None:
            flat[one.field] = [word for text in flat[one.field] for word in words(text)]
    return flat
