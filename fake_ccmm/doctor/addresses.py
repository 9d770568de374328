"""Addresses as they stand in URLs and as sockets take them, and which of them are this machine's own."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit, urlunsplit

EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - recognized, not listened on
"""What stands for all addresses of a machine, with the one by which the machine itself reaches it."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))


@dataclass(frozen=True, slots=True)
class Root:
    """Where a server is: the start of its URLs, taken apart; ``path`` is what it has before the services' own."""

    scheme: str
    host: str
    port: int
    path: str = ""

    def __str__(self) -> str:
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{in_url(self.host)}{port}{self.path}"


def root_of(url: str) -> Root | None:
    """The root of a server that an URL names, be it that of the control API or of a service; None where it names none.

    A user and password in the URL are left out.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not host:
        return None
    path = parts.path
    for known in ("/control/v1", "/ccmmoutboundwebservices"):
        start = path.lower().find(known)
        path = path if start < 0 else path[:start]
    return Root(parts.scheme, host, port or _DEFAULT_PORTS[parts.scheme], path.rstrip("/"))


def in_url(host: str) -> str:
    """A host as it stands in an URL: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


def masked(url: str) -> str:
    """The URL with ``***`` in place of a user and password."""
    before, at, after = url.rpartition("@")
    if not at:
        return url
    scheme, slashes, _ = before.partition("://")
    try:
        parts = urlsplit(url)
        if parts.hostname:
            return urlunsplit(parts._replace(netloc=f"***@{parts.netloc.rpartition('@')[2]}"))
    except ValueError:
        pass
    return f"{scheme}://***@{after}" if slashes else f"***@{after}"


def is_loopback(host: str) -> bool:
    """Whether an address, or a name such as localhost, stands for this machine alone; nothing is looked up."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def own_names() -> list[str]:
    """By which names and addresses other machines may reach this one; no packet is sent to find out."""
    found = [socket.gethostname()]
    for family, elsewhere in _ELSEWHERE:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as plug:
                plug.connect((elsewhere, 9))
                found.append(plug.getsockname()[0])
        except OSError:
            continue
    return [one for one in dict.fromkeys(found) if one and not is_loopback(one)]
