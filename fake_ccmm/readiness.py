"""Proof that a server is ready: a real SOAP login over a real socket, and the log-off after it."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from .errors import SetupError
from .soap.names import SOAP11, TARGET

_TIMEOUT_SECONDS = 5.0


def check_by_logging_in(url: str, username: str, password: str) -> None:
    """Log in and off at an OutboundUtilityWS; raises SetupError where that does not work."""
    answer = _call(
        url, "OutboundLogin", f"<username>{escape(username)}</username><password>{escape(password)}</password>"
    )
    if "</OutboundLoginResult>" not in answer:
        raise SetupError(f"the server is up at {url}, but a login as {username} was refused")
    _call(url, "OutboundLogoff", f"<username>{escape(username)}</username>")


def _call(url: str, operation: str, arguments: str) -> str:
    parts = urlsplit(url)
    body = (
        f'<soap:Envelope xmlns:soap="{SOAP11}"><soap:Body>'
        f'<{operation} xmlns="{TARGET}">{arguments}</{operation}></soap:Body></soap:Envelope>'
    )
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{TARGET}{operation}"'}
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request("POST", parts.path, body.encode(), headers)
        return connection.getresponse().read().decode()
    except (OSError, HTTPException) as error:
        raise SetupError(f"the server does not answer at {url}: {error}") from None
    finally:
        connection.close()
