"""What ``fake-ccmm serve`` tells people once it is ready: what they need next, in a dozen lines at most."""

from __future__ import annotations

import os
import ssl
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .. import __version__
from ..doctor.addresses import EVERY_ADDRESS, in_url, is_loopback, own_names
from ..doctor.handshake import distrust_of
from ..doctor.proxies import proxies_for, sent_to_a_proxy
from .curl import PASSWORD, Trust, login_line, quoted, wsdl_line
from .painting import BOLD, DIM, painted
from .remote import DEFAULT_URL, TOKEN_VARIABLE, URL_VARIABLE

if TYPE_CHECKING:
    from ..server import FakeCcmm


@dataclass(frozen=True, slots=True)
class Occasion:
    """What the command line says of a server that has just begun to serve.

    ``host`` is the address listened on, ``user`` who can log in, if anybody, ``password`` that of the demo user and of
    nobody else; ``certificate`` and ``key`` are files of one's own. ``is_token_made`` says that the token of the
    control API was made for this run, ``has_control_port`` that the API has a port of its own.
    """

    host: str
    user: str | None
    password: str | None
    certificate: Path | None = None
    key: Path | None = None
    is_token_made: bool = False
    has_control_port: bool = False


def announce(ccmm: FakeCcmm, occasion: Occasion) -> None:
    """Tell it on standard error."""
    lines = [painted(f"fake-ccmm {__version__} is ready:", BOLD, sys.stderr)]
    lines += [f"  {url}?wsdl" for url in (ccmm.utility_url, ccmm.campaign_url, ccmm.contact_url)]
    told = [*_network(ccmm, occasion), *_certificate(ccmm, occasion), *_control(ccmm, occasion)]
    trust = _trust(ccmm, occasion)
    first, line = _first_call(ccmm, occasion, trust)
    lines += [*_aligned([*told, ("First call", first)]), f"  {line}"]
    lines += _aligned(_further(ccmm, trust))
    password = f" with password {occasion.password}" if occasion.password else ""
    who = f"Log in as {occasion.user}{password}." if occasion.user else _NOBODY
    print("\n".join([*lines, painted(f"{who} Stop with Ctrl-C.", BOLD, sys.stderr)]), file=sys.stderr, flush=True)


_NOBODY = "Nobody can log in: the seed has no administrator for that."


def _aligned(rows: list[tuple[str, str]]) -> list[str]:
    return [f"{painted(f'{name}:'.ljust(13), DIM, sys.stderr)}{told}" for name, told in rows]


def _network(ccmm: FakeCcmm, occasion: Occasion) -> list[tuple[str, str]]:
    """Where other machines reach it, if they do."""
    if not _is_exposed(occasion):
        return []
    names = own_names() if occasion.host in EVERY_ADDRESS else [occasion.host]
    if occasion.host == "0.0.0.0":  # noqa: S104
        names = [one for one in names if ":" not in one]
    if ccmm.ca_file is not None and occasion.host in EVERY_ADDRESS:
        names = names[:1]  # the certificate has no other
    scheme = urlsplit(ccmm.url).scheme
    urls = " or ".join(f"{scheme}://{in_url(one)}:{ccmm.port}" for one in names)
    at = f", at {urls}" if urls else ""
    return [("Network", f"other machines can reach it{at}")]


def _is_exposed(occasion: Occasion) -> bool:
    return occasion.host in EVERY_ADDRESS or not is_loopback(occasion.host)


def _certificate(ccmm: FakeCcmm, occasion: Occasion) -> list[tuple[str, str]]:
    """What clients have to trust."""
    if ccmm.ca_file is None:
        return []
    return [("Certificate", f"of the CA {ccmm.ca_file}, gone when it stops; zeep takes it as REQUESTS_CA_BUNDLE")]


def _control(ccmm: FakeCcmm, occasion: Occasion) -> list[tuple[str, str]]:
    """Where the control API is, and its token, if one was made."""
    if ccmm.control_url is None or not (occasion.is_token_made or occasion.has_control_port or _is_exposed(occasion)):
        return []
    at = f" at {ccmm.control_url}" if occasion.has_control_port else ""
    told = f"the API{at}"
    if occasion.is_token_made:
        setting = f"set {TOKEN_VARIABLE}=" if os.name == "nt" else f"export {TOKEN_VARIABLE}="
        told += f" changes the center for whoever has the token; its commands take it: {setting}{ccmm.control_token}"
    elif ccmm.control_token is not None:
        told += " changes the center for whoever has the token that was given"
    return [("Control", told)]


def _first_call(ccmm: FakeCcmm, occasion: Occasion, trust: Trust) -> tuple[str, str]:
    """What the line to paste does, and that line."""
    parts = urlsplit(ccmm.url)
    lost = sent_to_a_proxy([parts.hostname or ""], os.environ)
    trust = replace(trust, is_proxied=bool(lost and proxies_for(parts.scheme, os.environ)))
    if occasion.user is None:
        return "paste this, and get the WSDL", wsdl_line(ccmm.utility_url, trust)
    line = login_line(ccmm.utility_url, occasion.user, occasion.password, trust)
    if occasion.password is not None:
        return "paste this, and get a session key", line
    return f"put the password of {occasion.user} into {PASSWORD}, paste this, and get a session key", line


def _further(ccmm: FakeCcmm, trust: Trust) -> list[tuple[str, str]]:
    """How to look further."""
    look = "the addresses above, in a browser"
    if ccmm.control_url is not None:
        url = ccmm.control_url.removesuffix("/control/v1")
        words = ["fake-ccmm journal"]
        if url != (os.environ.get(URL_VARIABLE) or DEFAULT_URL).rstrip("/"):
            words.append(f"--url {url}")
        if ccmm.ca_file is not None:
            words.append(f"--ca {quoted(ccmm.ca_file)}")
        elif trust.ca is not None or not trust.is_given:
            words.append("--ca FILE")  # of its CA, which is not known here
        look += f"; the calls so far: {' '.join(words)}"
    return [("Look", look), ("Help", "fake-ccmm --help, the docs in the source; what is wrong: fake-ccmm doctor")]


def _trust(ccmm: FakeCcmm, occasion: Occasion) -> Trust:
    """What clients need to trust the server."""
    if occasion.certificate is None or occasion.key is None:
        return Trust(ccmm.ca_file)
    host = (urlsplit(ccmm.url).hostname or "").partition("%")[0]
    try:
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(occasion.certificate, occasion.key)
        if distrust_of(server, None, host) is None:
            return Trust()
        if distrust_of(server, occasion.certificate, host, is_anchor=True) is None:
            return Trust(occasion.certificate.resolve())
    except OSError:
        pass
    return Trust(is_given=False)
