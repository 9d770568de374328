"""Checks of a running server: whether it is there, what it is, and whether clients get to where its WSDL sends them."""

from __future__ import annotations

import ssl
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from .addresses import Root, is_loopback, masked, root_of
from .finding import Outcome, ok, problem, warning
from .holder import can_connect
from .running import SERVICES

if TYPE_CHECKING:
    from .examination import Examination
    from .running import Running

_SKEW_SECONDS = 120
_WHICH_URL = "give the url that 'fake-ccmm serve' prints, such as --url http://127.0.0.1:8000"


def server(asked: Examination) -> Outcome | None:
    """Whether a server answers where one is named, or where one is by default, and whether it is a CCMM."""
    running = asked.running
    if running is None:
        return problem(f"{asked.shown_url!r} is no URL of a server", _did_you_mean(asked.named_url or ""))
    where = running.root
    if running.silence is not None:
        return _silent(asked, running)
    if running.has_wsdl and running.version is None:
        what = "a CCMM, or a fake-ccmm whose control API is off or on another port,"
    elif running.has_wsdl:
        what = f"fake-ccmm {running.version}"
    elif asked.named_url is None:
        return None  # port() tells who that is
    elif running.version is not None:
        return problem(f"fake-ccmm {running.version} answers at {where}, but has no services there", _WHICH_URL)
    else:
        pages = running.pages or {}
        status = pages[SERVICES[0]].status
        by = "".join(one for one in pages[SERVICES[0]].headers.get("server", "") if one.isprintable())[:60]
        return problem(
            f"{where} answers, but not as a CCMM does: {status} for {SERVICES[0]}.asmx?wsdl{by and f', by {by}'}",
            _WHICH_URL,
        )
    return ok(f"{what} answers at {where}")


def _silent(asked: Examination, running: Running) -> Outcome | None:
    """Why a server does not answer; nothing where none is named and another check tells."""
    where, error = running.root, running.silence.error if running.silence else None
    if asked.named_url is None:
        if can_connect(where.host, where.port):
            return None  # port() tells who that is
        return ok(f"no server runs at {where}; 'fake-ccmm serve' starts one")
    if isinstance(error, ConnectionRefusedError):
        return problem(f"nothing listens at {where}", "start it with 'fake-ccmm serve', or give the --url it printed")
    if error is None:
        return problem(f"{where} does not answer within a second", f"look at what runs there; or {_WHICH_URL}")
    if isinstance(error, ssl.SSLError):
        return problem(f"{where} speaks no TLS ({error.reason})", f"give http:// instead of https://; or {_WHICH_URL}")
    return problem(
        f"{where} does not answer in HTTP: {str(error) or type(error).__name__}",
        f"give https:// where it serves over TLS; or {_WHICH_URL}",
    )


def addresses(asked: Examination) -> Outcome | None:
    """Whether the addresses in the WSDL are those that it was asked at, or can be reached."""
    running = asked.running
    if running is None or not running.has_wsdl:
        return None
    found = [one for name in SERVICES for one in running.addresses.get(name, [])]
    if not found:
        return problem(f"the WSDL of {running.root} names no address", _WHICH_URL)
    elsewhere = {one: root_of(one) for one in found if not _is_at(root_of(one), running.root)}
    if not elsewhere:
        return ok("its WSDL sends clients to the address it was asked at")
    url, root = next(iter(elsewhere.items()))
    said = f"the WSDL of {running.root} sends clients to {masked(url)}"
    fix = f"set the address in the client: {running.root}{_path_of(url)}; or ask for the WSDL at that other address"
    if root is None or not (is_loopback(root.host) or root.host == running.root.host):
        return problem(said, fix)
    if not can_connect(root.host, root.port):
        return problem(f"{said}, where nothing listens", fix)
    return warning(f"{said}, where somebody listens", fix)


def control(asked: Examination) -> Outcome | None:
    """Whether the control API takes the token."""
    running = asked.running
    if running is None or running.version is None or running.silence is not None:
        return None
    if not running.is_token_wrong:
        return ok("its control API can be used: 'fake-ccmm journal' shows what it was asked")
    given = "takes another token than the one given" if asked.token_to_show else "asks for a token"
    return problem(
        f"the control API of {running.root} {given}",
        "export FAKE_CCMM_TOKEN=TOKEN, or give --token TOKEN; 'fake-ccmm serve' prints the one that it made",
    )


def time(asked: Examination) -> Outcome | None:
    """Whether the server's clock is this machine's."""
    running = asked.running
    if running is None or not running.date or not running.has_wsdl:
        return None
    try:
        skew = parsedate_to_datetime(running.date).timestamp() - asked.now()
    except (ValueError, TypeError, OverflowError):
        return None
    if abs(skew) <= _SKEW_SECONDS:
        return ok("its clock is this machine's")
    return warning(
        f"its clock is {abs(skew):,.0f} seconds {'ahead of' if skew > 0 else 'behind'} this machine's",
        "set the clocks; certificates and dates go by them",
    )


def _did_you_mean(url: str) -> str:
    guess = f"http://{url}"
    if "://" not in url and root_of(guess) is not None:
        return f"give it with http:// in front: --url {masked(guess)}"
    return _WHICH_URL


def _is_at(found: Root | None, asked: Root) -> bool:
    if found is None:
        return False
    return (found.scheme, found.host.lower(), found.port) == (asked.scheme, asked.host.lower(), asked.port)


def _path_of(url: str) -> str:
    """The part of a service's address that is the same at every server."""
    start = url.lower().find("/ccmmoutboundwebservices")
    return url[start:] if start >= 0 else ""
