"""The command line: ``fake-ccmm serve`` and ``fake-ccmm profile``."""

from __future__ import annotations

import argparse
import gc
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import __version__
from .errors import REFUSALS, FakeCcmmError
from .model import check_carried
from .profile import Profile, Wording, choices, load_profile, make_profile
from .request_log import FORMATS as LOG_FORMATS
from .soap.names import REVISIONS

if TYPE_CHECKING:
    from .server import FakeCcmm

_STOP_POLL_SECONDS = 0.5
_MANY_CONTACTS = 50_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status: 0 done, 1 it could not be done, 2 the command line is wrong."""
    parsed = _parser().parse_args(arguments)
    try:
        status: int = parsed.run(parsed)
        _flush()
    except FakeCcmmError as error:
        print(f"fake-ccmm: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1  # whoever read the output wanted no more of it
    except OSError as error:
        print(f"fake-ccmm: cannot write: {error.strerror}", file=sys.stderr)
        return 1
    return status


def _flush() -> None:
    """Write out what was printed, and leave nothing to be written at exit, where an error could not be told."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fake-ccmm", description="A mock of Avaya CCMM's Outbound Web Services.")
    parser.add_argument("--version", action="version", version=f"fake-ccmm {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serve = commands.add_parser(
        "serve",
        help="start a center worth exploring",
        description="Serve the three services until SIGINT or SIGTERM. The first line on standard output is JSON, "
        "printed when a real SOAP login has just worked.",
    )
    serve.set_defaults(run=_serve)
    serve.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    serve.add_argument("--port", type=_port, default=8000, help="port, 0 for a free one (default: %(default)s)")
    serve.add_argument("--revision", choices=REVISIONS, default=REVISIONS[0], help="WSDL served (default: %(default)s)")
    serve.add_argument(
        "--user",
        type=_user,
        action="append",
        default=[],
        metavar="NAME:PASSWORD",
        help="who can log in, instead of the demo user; may be repeated",
    )
    serve.add_argument(
        "--contacts", type=_count, default=0, metavar="N", help="add a running campaign with N generated contacts"
    )
    serve.add_argument("--log-format", choices=LOG_FORMATS, default=LOG_FORMATS[0], help="default: %(default)s")
    profile = commands.add_parser(
        "profile",
        help="list every choice the vendor's papers leave open",
        description="List every open choice with its value, its alternatives and the reason for its default.",
    )
    profile.set_defaults(run=_profile)
    profile.add_argument("--format", choices=("text", "toml", "json"), default="text", help="default: %(default)s")
    for command in (serve, profile):
        command.add_argument(
            "--profile", type=Path, metavar="FILE", help="choices from a TOML file", dest="profile_file"
        )
        command.add_argument(
            "--set", type=_setting, action="append", default=[], metavar="NAME=VALUE", help="one choice; wins over FILE"
        )
    return parser


def _serve(parsed: argparse.Namespace) -> int:
    """Serve until told to stop; what is imported here is not needed by the other commands."""
    stop = threading.Event()
    is_loading = True

    def asked_to_stop(*_: object) -> None:
        stop.set()
        if is_loading:
            raise SystemExit(0)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, asked_to_stop)
    from .demo.center import DEMO_PASSWORD, DEMO_USER, demo_center
    from .model import Administrator
    from .readiness import check_by_logging_in
    from .request_log import LineLog
    from .server import FakeCcmm
    from .soap.contact_xml import XML_CONTACTS

    if parsed.contacts >= _MANY_CONTACTS:
        print(f"Generating {parsed.contacts:,} contacts ...", file=sys.stderr, flush=True)
    users = parsed.user or [(DEMO_USER, DEMO_PASSWORD)]
    center = demo_center(
        profile=_chosen(parsed),
        administrators=[Administrator(name, password) for name, password in users],
        codec=XML_CONTACTS,
        extra_contacts=parsed.contacts,
    )
    is_loading = False
    log = None if parsed.log_format == "none" else LineLog(sys.stderr, parsed.log_format)
    try:
        with FakeCcmm(center, host=parsed.host, port=parsed.port, revision=parsed.revision, log=log) as ccmm:
            gc.freeze()  # what is here now stays: no collection need look at it again
            check_by_logging_in(ccmm.utility_url, *users[0])
            _announce(ccmm, users[0][0], None if parsed.user else DEMO_PASSWORD)
            while not stop.wait(_STOP_POLL_SECONDS):  # a bare wait would not notice Ctrl-C on Windows
                pass
    finally:
        if log is not None:
            log.close()
    return 0


def _announce(ccmm: FakeCcmm, user: str, demo_password: str | None) -> None:
    """Tell programs on standard output and people on standard error that the server is ready."""
    services = {"utility": ccmm.utility_url, "campaign": ccmm.campaign_url, "contact": ccmm.contact_url}
    facts: dict[str, Any] = {"url": ccmm.url, "services": services, "user": user, "pid": os.getpid()}
    with suppress(BrokenPipeError):  # a reader that took no notice must not end the server
        print(json.dumps(facts), flush=True)
    password = f" with password {demo_password}" if demo_password else ""
    lines = [f"fake-ccmm {__version__} is ready:", *(f"  {url}" for url in services.values())]
    lines.append(f"Log in as {user}{password}. Stop with Ctrl-C.")
    print("\n".join(lines), file=sys.stderr, flush=True)


def _profile(parsed: argparse.Namespace) -> int:
    profile = _chosen(parsed)
    write = {"text": _profile_text, "toml": _profile_toml, "json": _profile_json}[parsed.format]
    print(write(profile))
    return 0


def _chosen(parsed: argparse.Namespace) -> Profile:
    """The profile of the command line: the file's choices, then those of --set."""
    settings = load_profile(parsed.profile_file) if parsed.profile_file else {}
    return make_profile({**settings, **dict(parsed.set)})


def _profile_text(profile: Profile) -> str:
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


def _profile_toml(profile: Profile) -> str:
    """A file that --profile takes, with every choice in it."""
    lines = []
    for one in choices():
        lines.append(f"# {one.rules}: {one.reason}; {' | '.join(one.alternatives)}")
        lines.append(f"{one.name} = {_toml(getattr(profile, one.name))}")
    for name, own in profile.wordings.items():
        lines.append(f"\n[{name}]")
        parts = {"number": own.number, "code": own.code, "text": own.text}
        lines.extend(f"{part} = {_toml(value)}" for part, value in parts.items() if value is not None)
    return "\n".join(lines)


def _profile_json(profile: Profile) -> str:
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


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, not {text!r}")
    return int(text)


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"a number of contacts is 0 or more, not {text!r}")
    return int(text)


def _user(text: str) -> tuple[str, str]:
    name, colon, password = text.partition(":")
    if not (name and colon and password):
        raise argparse.ArgumentTypeError("a user is NAME:PASSWORD, neither of them empty")
    try:
        check_carried(text, "a user's name or password")
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    return name, password


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError(f"a choice is NAME=VALUE, not {text!r}; 'fake-ccmm profile' lists all")
    return name.strip(), value.strip()
