"""One GET of HTTP or HTTPS that takes no longer than it may, past any proxy."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection

from ..clock import stopwatch
from .addresses import Root

SECONDS = 1.0
"""How long to wait for an answer, in all."""

_MOST_BYTES = 2_000_000


class NoAnswer(Exception):
    """There is no answer of HTTP; ``error`` is why, None where it took too long."""

    def __init__(self, error: Exception | None) -> None:
        super().__init__("it takes too long" if error is None else str(error) or type(error).__name__)
        self.error = error


@dataclass(frozen=True, slots=True)
class Page:
    """An answer: its status, its headers by their names in lower case, its text, and the certificate as DER."""

    status: int
    headers: dict[str, str]
    text: str
    certificate: bytes | None = None


def get(
    root: Root, path: str, *, context: ssl.SSLContext | None = None, token: str | None = None, seconds: float = SECONDS
) -> Page:
    """The answer to a GET of a path below the root; ``context`` is for https. Raises NoAnswer."""
    deadline = stopwatch() + seconds
    connection = (
        HTTPSConnection(root.host, root.port, timeout=seconds, context=context or trusting_anybody())
        if root.scheme == "https"
        else HTTPConnection(root.host, root.port, timeout=seconds)
    )
    headers = {"Connection": "close"} | ({"Authorization": f"Bearer {token}"} if token else {})
    try:
        connection.request("GET", root.path + path, headers=headers)
        plug = connection.sock
        shown = plug.getpeercert(True) if isinstance(plug, ssl.SSLSocket) else None
        response = connection.getresponse()
        text = _text_of(response, plug, deadline)
        return Page(response.status, {name.lower(): value for name, value in response.getheaders()}, text, shown)
    except TimeoutError:
        raise NoAnswer(None) from None
    except (OSError, HTTPException, ValueError) as error:
        raise NoAnswer(error) from None
    finally:
        connection.close()


def trusting_anybody() -> ssl.SSLContext:
    """For a look at who is there, whoever it is."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _text_of(response: HTTPResponse, plug: socket.socket | None, deadline: float) -> str:
    """The body, up to the most that is of interest; a server that sends it drop by drop is given up."""
    data = b""
    while len(data) < _MOST_BYTES:
        left = deadline - stopwatch()
        if left <= 0:
            raise TimeoutError
        if plug is not None and plug.fileno() >= 0:
            plug.settimeout(left)
        part = response.read1(65536)
        if not part:
            break
        data += part
    return data.decode("utf-8", "replace")
