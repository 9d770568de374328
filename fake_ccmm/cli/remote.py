"""What the commands share that steer a running server: which server, which center, and requests to it."""

from __future__ import annotations

import argparse
import os
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import SetupError
from .command import wrong

if TYPE_CHECKING:
    from ..control_client import ControlClient

DEFAULT_URL = "http://127.0.0.1:8000"
URL_VARIABLE = "FAKE_CCMM_URL"
TOKEN_VARIABLE = "FAKE_CCMM_TOKEN"  # noqa: S105 - the name of a variable
LONG_SECONDS = 600.0
"""How long to wait for what a server may take long for, such as loading a million contacts."""

_UNAUTHORIZED = 401


def add_server_options(command: argparse.ArgumentParser, *, center: bool = True) -> None:
    """Add the options that :class:`Remote` reads; they may stand before and after a command below this one."""
    options = command.add_argument_group("the server")
    missing = argparse.SUPPRESS  # so that a command below does not undo what was given before it
    options.add_argument("--url", default=missing, help=f"its address (default: {URL_VARIABLE}, or {DEFAULT_URL})")
    if center:
        options.add_argument(
            "--center", default=missing, metavar="NAME", help="which of its centers (default: default)"
        )
    options.add_argument("--token", default=missing, help=f"what it asks for, if anything (default: {TOKEN_VARIABLE})")
    options.add_argument(
        "--ca", type=Path, default=missing, metavar="FILE", help="the CA that its https certificate is from, as PEM"
    )


class Remote:
    """The server and the center that the command line names; the process ends where it names none that can be."""

    def __init__(self, parsed: argparse.Namespace, *, timeout: float = 10) -> None:
        from ..control_client import ControlClient

        given = vars(parsed)
        url = given.get("url") or os.environ.get(URL_VARIABLE) or DEFAULT_URL
        token = given.get("token") or os.environ.get(TOKEN_VARIABLE) or None
        self.center: str = given.get("center") or "default"
        try:
            self._client: ControlClient = ControlClient(url, token=token, ca_file=given.get("ca"), timeout=timeout)
        except SetupError as error:
            wrong(parsed, str(error))

    def request(
        self,
        method: str,
        *segments: object,
        body: object = None,
        content_type: str = "application/json",
        query: dict[str, object] | None = None,
    ) -> Any:
        """Do a request below the center; see :meth:`~fake_ccmm.control_client.ControlClient.request`."""
        return self.request_any(
            method, "centers", self.center, *segments, body=body, content_type=content_type, query=query
        )

    def request_any(
        self,
        method: str,
        *segments: object,
        body: object = None,
        content_type: str = "application/json",
        query: dict[str, object] | None = None,
    ) -> Any:
        """Do a request to a path of these segments."""
        from ..control_client import ControlError, path_of

        try:
            return self._client.request(method, path_of(*segments), body, content_type, query)
        except ControlError as error:
            if error.status != _UNAUTHORIZED:
                raise
            message = f"{error}\ngive the server's token with --token, or in {TOKEN_VARIABLE}"
            raise ControlError(message, status=error.status, title=error.title, detail=error.detail) from None


def moment(text: str) -> str:
    """A date and time of the command line as the control API takes it: UTC where it names no offset."""
    try:
        found = datetime.fromisoformat(text.strip().upper().replace("Z", "+00:00"))
        utc = found if found.tzinfo is None else found.astimezone(timezone.utc).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"a time is such as 2026-01-31T08:00:00Z, not {text!r}") from None
    return f"{utc.isoformat()}Z"


def pair(text: str) -> tuple[str, str]:
    """A NAME=VALUE of the command line."""
    name, equals, value = text.partition("=")
    if not (name.strip() and equals):
        raise argparse.ArgumentTypeError(f"this is NAME=VALUE, not {text!r}")
    return name.strip(), value


def whole(text: str) -> int:
    """A number of the command line that is 0 or more."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"a number is 0 or more, not {text!r}")
    return int(text)


def token(text: str) -> str:
    """A token of the command line."""
    if not (text and text.isascii() and text.isprintable()):
        raise argparse.ArgumentTypeError("a token is printable ASCII text, and not empty")
    return text
