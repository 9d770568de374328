"""What the commands share that steer a running server: which server, which center, and requests to it."""

from __future__ import annotations

import argparse
import os
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from ..doctor.variables import DEFAULT_URL as DEFAULT_URL
from ..doctor.variables import TOKEN_VARIABLE as TOKEN_VARIABLE
from ..doctor.variables import URL_VARIABLE as URL_VARIABLE
from ..errors import SetupError
from .command import wrong

if TYPE_CHECKING:
    from ..control_client import ControlClient, ControlError
    from .command import CommandParser

LONG_SECONDS = 600.0
"""How long to wait for what a server may take long for, such as loading a million contacts."""

_UNAUTHORIZED = 401


def add_server_options(command: CommandParser, *, center: bool = True) -> None:
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
        named = given.get("url")
        self._url: str = named or os.environ.get(URL_VARIABLE) or DEFAULT_URL
        token = given.get("token") or os.environ.get(TOKEN_VARIABLE) or None
        self.center: str = given.get("center") or "default"
        ca = given.get("ca")
        if ca is not None:
            _check_ca(ca)
        try:
            _check_url(self._url)
            self._client: ControlClient = ControlClient(self._url, token=token, ca_file=ca, timeout=timeout)
        except SetupError as error:
            is_token = "token" in str(error)
            variable = TOKEN_VARIABLE if is_token else URL_VARIABLE
            is_from_variable = not given.get("token") if is_token else not named
            wrong(parsed, f"{variable}: {error}" if is_from_variable else str(error))

    def request(
        self,
        method: str,
        *segments: object,
        body: object = None,
        content_type: str = "application/json",
        query: dict[str, object] | None = None,
        expected: Expected = None,
    ) -> Any:
        """Do a request below the center; see :meth:`request_any`."""
        return self.request_any(
            method,
            "centers",
            self.center,
            *segments,
            body=body,
            content_type=content_type,
            query=query,
            expected=expected,
        )

    def request_any(
        self,
        method: str,
        *segments: object,
        body: object = None,
        content_type: str = "application/json",
        query: dict[str, object] | None = None,
        expected: Expected = None,
    ) -> Any:
        """Do a request to a path of these segments, and return its answer.

        ``expected`` is what that has to be: the names in a mapping of JSON, a list, text, bytes, or nothing at all.
        Raises ControlError where it was not done, or where the answer is something else: that is no fake-ccmm then.
        """
        from ..control_client import ControlError, path_of

        try:
            answer = self._client.request(method, path_of(*segments), body, content_type, query)
        except ControlError as error:
            raise self._with_hint(error) from None
        if not _is_as(answer, expected):
            raise ControlError(
                f"the server at {self._client.url} answers, but not as a fake-ccmm does; "
                "give the url that 'fake-ccmm serve' prints"
            )
        return answer

    def _with_hint(self, error: ControlError) -> ControlError:
        """The error with what to do about it, where it does not say that yet."""
        from ..control_client import ControlError

        if error.status == _UNAUTHORIZED:
            message = f"{error}; give the server's token with --token, or in {TOKEN_VARIABLE}"
        elif error.status is None and "; " not in str(error):
            message = f"{error}; 'fake-ccmm doctor --url {self._url}' looks further"
        else:
            return error
        return ControlError(message, status=error.status, title=error.title, detail=error.detail)


Expected: TypeAlias = "tuple[str, ...] | type[list[Any]] | type[str] | type[bytes] | None"
"""What an answer has to be: a mapping with these names, a value of that type (text that is no HTML), or nothing."""


def _is_as(answer: object, expected: Expected) -> bool:
    if isinstance(expected, tuple):
        return isinstance(answer, dict) and answer.keys() >= set(expected)
    if expected is None:
        return answer is None
    if expected is bytes and answer is None:
        return True
    return isinstance(answer, expected) and not (isinstance(answer, str) and answer.lstrip().startswith("<"))


def _check_url(url: str) -> None:
    """Raise SetupError for an URL that cannot be meant, with the one that may be."""
    from ..doctor.addresses import masked, root_of

    if "://" not in url and root_of(f"http://{url}") is not None and "@" not in url:
        raise SetupError(f"the url of a server is such as {DEFAULT_URL}, not {url!r}; did you mean http://{url}?")
    if "@" in url:
        raise SetupError(
            f"the url of a server has no user and password in it, as {masked(url)} has; leave them out; the control "
            "API may want a token: --token"
        )


def _check_ca(file: Path) -> None:
    """Raise SetupError where the file of a CA cannot be used."""
    import ssl

    try:
        ssl.create_default_context(cafile=file)
    except OSError as error:
        why = error.strerror if not isinstance(error, ssl.SSLError) and error.strerror else "it holds no certificate"
        raise SetupError(
            f"{file}: cannot be read as the file of a CA: {why}; give a PEM file, such as the 'ca' that "
            "'fake-ccmm serve --tls adhoc' prints"
        ) from None


def moment(text: str) -> str:
    """A date and time of the command line as the control API takes it: UTC where it names no offset."""
    try:
        found = datetime.fromisoformat(text.strip().upper().replace("Z", "+00:00"))
        utc = found if found.tzinfo is None else found.astimezone(timezone.utc).replace(tzinfo=None)
    except (ValueError, OverflowError):
        raise argparse.ArgumentTypeError(f"a time is such as 2026-01-31T08:00:00Z, not {text!r}") from None
    return f"{utc.isoformat()}Z"


def port(text: str) -> int:
    """A port of the command line."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, not {text!r}")
    return int(text)


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
