"""``fake-ccmm serve``: a center worth exploring, until told to stop."""

from __future__ import annotations

import argparse
import gc
import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from ..model import check_carried
from ..request_log import FORMATS as LOG_FORMATS
from ..soap.names import REVISIONS
from .command import new_command, wrong
from .loading import LoadingProgress
from .profile import add_profile_options, chosen_profile, chosen_settings
from .remote import TOKEN_VARIABLE, port, token
from .stopping import StopRequest

if TYPE_CHECKING:
    from ..center import ContactCenter
    from ..seed.schema import Seed
    from ..server import FakeCcmm
    from ..tls import Tls
    from .command import CommandParser, Commands

_MANY_CONTACTS = 50_000


def declare(commands: Commands) -> None:
    """Add the command."""
    command = new_command(
        commands,
        "serve",
        run,
        summary="start a center worth exploring",
        description="Serve the three services until SIGINT or SIGTERM.\n\n"
        "The first line on standard output is JSON, printed when a real SOAP login has\njust worked.",
        examples=(
            "fake-ccmm serve --port 0 --user ann:secret",
            "fake-ccmm serve --tls adhoc --set limit_answer=delay",
            "fake-ccmm serve --seed site.toml",
        ),
    )
    command.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    command.add_argument("--port", type=port, default=8000, help="port, 0 for a free one (default: %(default)s)")
    command.add_argument(
        "--revision", choices=REVISIONS, default=REVISIONS[0], help="WSDL served (default: %(default)s)"
    )
    command.add_argument(
        "--user",
        type=_user,
        action="append",
        default=[],
        metavar="NAME:PASSWORD",
        help="who can log in, instead of the demo user, or besides those of the seed; may be repeated",
    )
    command.add_argument(
        "--contacts", type=_count, default=0, metavar="N", help="add a running campaign with N generated contacts"
    )
    command.add_argument(
        "--seed", type=Path, metavar="FILE", help="serve what this seed (TOML, YAML or JSON) says, not the demo center"
    )
    command.add_argument("--log-format", choices=LOG_FORMATS, default=LOG_FORMATS[0], help="default: %(default)s")
    command.add_argument(
        "--bound",
        type=_bound,
        action="append",
        default=[],
        dest="bounds",
        metavar="NAME=VALUE",
        help="take more, or less, of something than by default, such as connections=500; may be repeated; "
        "'--bound list' lists them all",
    )
    _add_control_options(command)
    _add_tls_options(command)
    add_profile_options(command)


def _add_control_options(command: CommandParser) -> None:
    command.add_argument("--no-control", action="store_true", help="serve no control API, by which others could steer")
    command.add_argument(
        "--control-port",
        type=port,
        metavar="PORT",
        help="serve the control API on a port of its own, 0 for a free one",
    )
    command.add_argument(
        "--control-token",
        type=token,
        metavar="TOKEN",
        help=f"what clients of the control API have to show; also in {TOKEN_VARIABLE}; where other machines can reach "
        "it, one is made",
    )


def _add_tls_options(command: CommandParser) -> None:
    command.add_argument(
        "--tls",
        choices=("adhoc",),
        help="serve over HTTPS with a certificate made for this run; says which CA file clients have to trust",
    )
    command.add_argument(
        "--tls-cert", type=Path, metavar="FILE", help="serve over HTTPS with this certificate and its chain, as PEM"
    )
    command.add_argument("--tls-key", type=Path, metavar="FILE", help="the private key of --tls-cert, as PEM")


def run(parsed: argparse.Namespace) -> int:
    """Serve until told to stop; what is imported here is not needed by the other commands."""
    tls = _tls(parsed)
    control_token = _control_token(parsed)
    if parsed.seed and parsed.contacts:
        wrong(
            parsed, "--contacts is for the demo center: leave it out, or have a campaign of the seed generate contacts"
        )
    stop = StopRequest()
    is_loading = True

    def asked_to_stop(*_: object) -> None:
        stop.make()
        if is_loading:
            raise SystemExit(0)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, asked_to_stop)
    from ..bounds import bounds_of
    from ..center import ContactCenter
    from ..descriptors import raise_limit
    from ..request_log import LineLog
    from ..server import FakeCcmm
    from .listening import started

    bounds = bounds_of(parsed.bounds)
    bounds.check("center_contacts", parsed.contacts, "contacts in a center")
    raise_limit(bounds.connections)
    seed = _seed(parsed) if parsed.seed else None
    center = ContactCenter() if seed else _demo_center(parsed)
    log = None if parsed.log_format == "none" else LineLog(sys.stderr, parsed.log_format)
    try:
        ccmm = FakeCcmm(
            center,
            host=parsed.host,
            port=parsed.port,
            revision=parsed.revision,
            log=log,
            tls=tls,
            control=not parsed.no_control,
            control_port=parsed.control_port,
            control_token=control_token,
            bounds=bounds,
        )
        if seed:
            ccmm.world.load(seed, LoadingProgress())
            del seed  # its contacts would be kept twice
        is_loading = False
        with started(ccmm, parsed):
            gc.freeze()  # what is here now stays: no collection need look at it again
            ccmm.check_soap()
            _announce(ccmm, parsed, is_token_made=ccmm.control_token != control_token)
            stop.wait()
    finally:
        if log is not None:
            log.close()
    return 0


def _demo_center(parsed: argparse.Namespace) -> ContactCenter:
    from ..demo.center import demo_center
    from ..model import Administrator
    from ..soap.contact_xml import XML_CONTACTS

    if parsed.contacts >= _MANY_CONTACTS:
        print(f"Generating {parsed.contacts:,} contacts ...", file=sys.stderr, flush=True)
    return demo_center(
        profile=chosen_profile(parsed),
        administrators=[Administrator(name, password) for name, password in parsed.user],
        codec=XML_CONTACTS,
        extra_contacts=parsed.contacts,
    )


def _seed(parsed: argparse.Namespace) -> Seed:
    """What the file says, with the users and the choices of the command line; a SeedError says what is wrong in it."""
    from ..model import Administrator
    from ..seed.checks import flat_profile
    from .files import seed_of

    chosen = chosen_settings(parsed)
    seed = seed_of(parsed.seed)
    if parsed.user:
        users = {one.username: one for one in seed.administrators}
        users |= {name: Administrator(name, password) for name, password in parsed.user}
        seed = replace(seed, administrators=tuple(users.values()))
    if chosen:
        seed = replace(seed, profile=flat_profile(seed.profile) | chosen)
    return seed


def _tls(parsed: argparse.Namespace) -> Tls | None:
    """How to serve over HTTPS, as the options say; the process ends where they do not go together."""
    certificate, key = parsed.tls_cert, parsed.tls_key
    if parsed.tls and (certificate or key):
        wrong(parsed, "--tls adhoc makes a certificate: leave out --tls-cert and --tls-key, or --tls")
    if bool(certificate) != bool(key):
        wrong(parsed, "--tls-cert and --tls-key go together: give both, or neither")
    return "adhoc" if parsed.tls else (certificate, key) if certificate else None


def _control_token(parsed: argparse.Namespace) -> str | None:
    """The token of the control API; the process ends where its options do not go together."""
    if parsed.no_control and (parsed.control_port is not None or parsed.control_token):
        wrong(parsed, "--no-control serves no control API: leave out --control-port and --control-token, or that")
    if parsed.control_port and parsed.control_port == parsed.port:
        wrong(parsed, "--control-port is another port than --port; without it, both are served on the same port")
    named = os.environ.get(TOKEN_VARIABLE)
    if parsed.no_control or parsed.control_token or not named:
        return cast("str | None", parsed.control_token)
    try:
        return token(named)
    except argparse.ArgumentTypeError as error:
        wrong(parsed, f"{TOKEN_VARIABLE}: {error}")


def _announce(ccmm: FakeCcmm, parsed: argparse.Namespace, *, is_token_made: bool) -> None:
    """Tell programs on standard output and people on standard error that the server is ready."""
    from .announcement import Occasion, announce

    user = _first_user(ccmm)
    services = {"utility": ccmm.utility_url, "campaign": ccmm.campaign_url, "contact": ccmm.contact_url}
    facts: dict[str, Any] = {"url": ccmm.url, "services": services, "user": user, "pid": os.getpid()}
    if ccmm.control_url:
        facts["control"] = ccmm.control_url
    if is_token_made:
        facts["control_token"] = ccmm.control_token
    if ccmm.ca_file:
        facts["ca"] = str(ccmm.ca_file)
    with suppress(BrokenPipeError):  # a reader that took no notice must not end the server
        print(json.dumps(facts), flush=True)
    announce(
        ccmm,
        Occasion(
            host=parsed.host,
            user=user,
            password=None if parsed.seed or parsed.user else ccmm.password,
            certificate=parsed.tls_cert,
            key=parsed.tls_key,
            is_token_made=is_token_made,
            has_control_port=parsed.control_port is not None,
        ),
    )


def _first_user(ccmm: FakeCcmm) -> str | None:
    """Whoever can log in, None where nobody can."""
    return next((one.username for one in ccmm.center.administrators() if not one.base_install), None)


def _bound(text: str) -> tuple[str, float]:
    from ..bounds import read_bound, table
    from ..errors import SetupError

    if text == "list":
        print("\n".join(f"{name}={default}  {told}" for name, default, told in table()))
        raise SystemExit(0)
    try:
        return read_bound(text)
    except SetupError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


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
