"""SOAP calls by hand and by zeep, none of which waits for ever."""

from __future__ import annotations

from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import zeep

from .process import DEADLINE

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
CCMM = "http://nortel.com/CCMMOutboundWebservices/"


def call(url: str, operation: str, **arguments: str) -> str:
    """The text of the answer to a call."""
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in arguments.items())
    body = (
        f'<s:Envelope xmlns:s="{SOAP}"><s:Body><{operation} xmlns="{CCMM}">{inner}</{operation}></s:Body></s:Envelope>'
    )
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{CCMM}{operation}"'}
    return _exchange(url, "POST", body, headers)


def get(url: str) -> str:
    """The text of the answer to a GET."""
    return _exchange(url, "GET", "", {})


def log_in(url: str, username: str, password: str) -> str:
    """The session key of a login, or the text of the fault."""
    answer = call(url, "OutboundLogin", username=username, password=password)
    _, found, key = answer.partition("<OutboundLoginResult>")
    return key.partition("<")[0] if found else answer


def zeep_service(url: str) -> Any:
    """The operations that zeep finds in the WSDL of a service."""
    transport = zeep.Transport(timeout=DEADLINE, operation_timeout=DEADLINE)  # type: ignore[no-untyped-call]
    return zeep.Client(f"{url}?wsdl", transport=transport).service  # type: ignore[no-untyped-call]


def _exchange(url: str, method: str, body: str, headers: dict[str, str]) -> str:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=DEADLINE)
    try:
        connection.request(method, f"{parts.path}?{parts.query}" if parts.query else parts.path, body.encode(), headers)
        return connection.getresponse().read().decode()
    finally:
        connection.close()
