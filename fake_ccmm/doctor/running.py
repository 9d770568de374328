"""A look at a running server: whether it answers, what it is, and what its WSDL says."""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path

from .addresses import EVERY_ADDRESS, Root
from .holder import HEALTH, version_of
from .web import NoAnswer, Page, get, trusting_anybody

SERVICES = ("OutboundUtilityWS", "OutboundCampaignWS", "OutboundContactWS")
_NAMESPACE = "http://nortel.com/CCMMOutboundWebservices/"
_CENTER = re.compile(r"/centers/[^/]+$")
_ADDRESS = re.compile(r"<(?:\w+:)?address\s[^>]*?\blocation=[\"']([^\"']+)[\"']")
_UNAUTHORIZED = 401


@dataclass(frozen=True, slots=True)
class Running:
    """What a look at a server found.

    ``silence`` is why there was no answer, ``distrust`` why its certificate is not trusted. ``version`` is that of a
    fake-ccmm whose control API is there, ``is_token_wrong`` whether that asks for another token. ``pages`` are the
    WSDL documents by service, ``addresses`` those they name; ``date`` is the server's clock as it told it.
    """

    root: Root
    silence: NoAnswer | None = None
    distrust: str | None = None
    certificate: bytes | None = None
    version: str | None = None
    is_token_wrong: bool = False
    pages: dict[str, Page] | None = None
    date: str | None = None

    @property
    def has_wsdl(self) -> bool:
        """Whether it serves the WSDL of all three services."""
        return bool(self.pages) and all(_is_wsdl(one) for one in (self.pages or {}).values())

    @property
    def addresses(self) -> dict[str, list[str]]:
        """The addresses in the WSDL of each service."""
        return {name: [unescape(one) for one in _ADDRESS.findall(page.text)] for name, page in self._pages.items()}

    @property
    def _pages(self) -> dict[str, Page]:
        return self.pages or {}


def look(root: Root, ca: Path | None, token: str | None) -> Running:
    """Ask a server for what it is: for pages alone, so that nothing changes but its journal."""
    root = replace(root, host=EVERY_ADDRESS.get(root.host, root.host))
    control = replace(root, path=_CENTER.sub("", root.path))
    context = trusting_anybody()
    try:
        health = get(control, HEALTH, context=context)
    except NoAnswer as silence:
        return Running(root, silence)
    distrust = _distrust(root, ca) if root.scheme == "https" else None
    version = version_of(health.text)
    pages = {}
    is_token_wrong = False
    try:
        if version is not None:
            is_token_wrong = get(control, "/control/v1", context=context, token=token).status == _UNAUTHORIZED
        for name in SERVICES:
            pages[name] = get(root, f"/ccmmoutboundwebservices/{name}.asmx?wsdl", context=context)
            if not _is_wsdl(pages[name]):
                break
    except NoAnswer as silence:
        return Running(root, silence)
    date = pages[SERVICES[0]].headers.get("date") or health.headers.get("date")
    return Running(root, None, distrust, health.certificate, version, is_token_wrong, pages, date)


def _is_wsdl(page: Page) -> bool:
    return page.status == 200 and "definitions" in page.text and _NAMESPACE in page.text


def _distrust(root: Root, ca: Path | None) -> str | None:
    """Why a client that trusts the CA (None: those of this machine) does not trust the server; None if it does."""
    try:
        context = ssl.create_default_context(cafile=ca)
        get(root, "/", context=context)
    except NoAnswer as error:
        if isinstance(error.error, ssl.SSLCertVerificationError):
            return error.error.verify_message
    except OSError as error:
        return f"{ca} cannot be read as the file of a CA: {error.strerror or 'it holds no certificate in PEM'}"
    return None
