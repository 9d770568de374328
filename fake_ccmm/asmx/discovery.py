"""The two XML descriptions of a service that depend on the address it is called by: ?disco and ?wsdl."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

_TARGET_NAMESPACE = "http://nortel.com/CCMMOutboundWebservices/"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOCATION = re.compile(rb'(<soap(?:12)?:address\s+location=")http://localhost/ccmmoutboundwebservices/[^"]*')


def disco(url: str, service: str) -> bytes:
    """The answer to ?disco: where the description is, and the address and binding of both ports.

    Takes the service's absolute URL as the client called it, without the query, and the service's name. Gives the XML
    document: UTF-8, indented, CRLF, nothing after the root element.
    """
    address, name = _attribute(url), _attribute(service)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<discovery xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"'
        ' xmlns="http://schemas.xmlsoap.org/disco/">',
        f'  <contractRef ref="{address}?wsdl" docRef="{address}" xmlns="http://schemas.xmlsoap.org/disco/scl/" />',
        *(
            f'  <soap address="{address}" xmlns:{prefix}="{_TARGET_NAMESPACE}" binding="{prefix}:{name}{binding}"'
            ' xmlns="http://schemas.xmlsoap.org/disco/soap/" />'
            for prefix, binding in (("q1", "Soap"), ("q2", "Soap12"))
        ),
        "</discovery>",
    ]
    return "\r\n".join(lines).encode()


def wsdl(document: bytes, url: str) -> bytes:
    """The answer to ?wsdl: the service's WSDL with the address the client called it by.

    Takes the stored WSDL, whose soap:address and soap12:address point below
    http://localhost/ccmmoutboundwebservices/, and the service's absolute URL without the query. Gives the document with
    that URL in both places and every other byte as it was.
    """
    address = _attribute(url).encode()
    return _LOCATION.sub(lambda match: match[1] + address, document)


def _attribute(value: str) -> str:
    """Text escaped for a double-quoted XML attribute; characters that XML cannot hold become U+FFFD."""
    entities = {'"': "&quot;", "\t": "&#x9;", "\n": "&#xA;", "\r": "&#xD;"}
    return escape(_NOT_XML.sub("\ufffd", value), entities)
