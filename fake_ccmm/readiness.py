"""Proof that a server is ready: a real SOAP login over a real socket, and the log-off after it."""

from __future__ import annotations

import secrets
import ssl
import threading
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from .asmx.paths import APPLICATION, CENTERS
from .center import ContactCenter
from .errors import SetupError
from .model import Administrator
from .soap.contact_xml import XML_CONTACTS
from .soap.names import SOAP11, TARGET
from .world import World, Worlds

_TIMEOUT_SECONDS = 5.0
_NAME = "~readiness"


class Readiness:
    """Whether SOAP works on a server, found out at a center of its own: no other one's state or journal changes."""

    def __init__(self, worlds: Worlds) -> None:
        self._world = World(ContactCenter(codec=XML_CONTACTS), _NAME)
        self._lock = threading.Lock()
        worlds.hide(self._world)

    def check(self, root: str, ca_file: Path | None) -> None:
        """Log in and off over a socket at the server with that root; a SetupError where that does not work."""
        with self._lock:
            self._world.reset()
            password = secrets.token_hex(16)
            self._world.center.add_administrator(Administrator("readiness", password))
            url = f"{root}{CENTERS}/{_NAME}{APPLICATION}/OutboundUtilityWS.asmx"
            check_by_logging_in(url, "readiness", password, ca_file)


def check_by_logging_in(url: str, username: str, password: str, ca_file: Path | None = None) -> None:
    """Log in and off at an OutboundUtilityWS; raises SetupError where that does not work.

    ``ca_file`` is the CA that an https URL's certificate has to be from; without one, any certificate will do.
    """
    context = _trust(ca_file) if url.startswith("https:") else None
    credentials = f"<username>{escape(username)}</username><password>{escape(password)}</password>"
    answer = _call(url, "OutboundLogin", credentials, context)
    if "</OutboundLoginResult>" not in answer:
        raise SetupError(f"the server is up at {url}, but a login as {username} was refused")
    _call(url, "OutboundLogoff", f"<username>{escape(username)}</username>", context)


def _trust(ca_file: Path | None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    else:  # a server of one's own: which names its certificate has, and from whom, is its clients' affair
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _call(url: str, operation: str, arguments: str, context: ssl.SSLContext | None) -> str:
    parts = urlsplit(url)
    body = (
        f'<soap:Envelope xmlns:soap="{SOAP11}"><soap:Body>'
        f'<{operation} xmlns="{TARGET}">{arguments}</{operation}></soap:Body></soap:Envelope>'
    )
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{TARGET}{operation}"'}
    where = (parts.hostname or "", parts.port)
    connection = (
        HTTPSConnection(*where, timeout=_TIMEOUT_SECONDS, context=context)
        if context
        else HTTPConnection(*where, timeout=_TIMEOUT_SECONDS)
    )
    try:
        connection.request("POST", parts.path, body.encode(), headers)
        return connection.getresponse().read().decode()
    except (OSError, HTTPException) as error:
        raise SetupError(f"the server does not answer at {url}: {error}") from None
    finally:
        connection.close()
