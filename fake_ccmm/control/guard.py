"""Who may steer: programs that were told the address and, where one is set, the token; no page of another site.

A browser carries out requests for whatever page is open in it, also to servers that only its machine can reach. It
says whose page that is, in headers that no page can change, and asks first before it sends JSON elsewhere. No header
here ever allows that.
"""

from __future__ import annotations

import ipaddress
import re
from hmac import compare_digest

from werkzeug.wrappers import Request

from .problems import ControlError

_HOST = re.compile(r"(\[[^\]]*\]|[^:\[\]]*)(?::\d*)?")
_OTHER_SITES = ("cross-site", "same-site")


def check_origin(request: Request) -> None:
    """Refuse what a page of another site sends."""
    site = request.headers.get("Sec-Fetch-Site", "")
    origin = request.headers.get("Origin")
    own = f"{request.environ['wsgi.url_scheme']}://{request.headers.get('Host', '')}"
    if site in _OTHER_SITES or (origin is not None and origin.lower() != own.lower()):
        raise ControlError(
            403, "a page of another site must not steer this server; use a program, or the server itself"
        )


def check_host(request: Request) -> None:
    """Refuse a name, which whoever owns it may lead here from a browser; an address nobody can lead anywhere."""
    host = request.headers.get("Host")
    if host is not None and not _is_own(host):
        raise ControlError(
            403, f"the control API is not known as {host!r}; use its address or localhost, or set a token for it"
        )


def check(request: Request, token: str | None, *, is_open: bool) -> None:
    """Refuse, with a ControlError, what must not get through; ``is_open`` is for what needs no token.

    What is open answers by any name as well: probes call containers by name.
    """
    check_origin(request)
    if is_open:
        return
    if token is not None and _knows(request, token):
        return
    if token is not None:
        raise ControlError(
            401,
            "the control API of this server needs its token: Authorization: Bearer TOKEN",
            headers={"WWW-Authenticate": 'Bearer realm="fake-ccmm"'},
        )
    check_host(request)


def _knows(request: Request, token: str) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and compare_digest(given.strip().encode("latin-1", "replace"), token.encode())


def _is_own(host: str) -> bool:
    match = _HOST.fullmatch(host)
    if match is None:
        return False
    name = match[1]
    if name.lower() == "localhost":
        return True
    try:
        ipaddress.ip_address(name[1:-1] if name.startswith("[") else name)
    except ValueError:
        return False
    return True
