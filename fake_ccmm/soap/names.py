"""The namespaces and fixed words of the wire."""

from __future__ import annotations

TARGET = "http://nortel.com/CCMMOutboundWebservices/"
DATATYPES = "http://datatypes.outboundwebservices.ccmm.applications.nortel.com"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"
SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"

SEPARATOR = "\n"
"""What stands between namespace and local name in a qualified name here: no namespace can hold it unescaped."""

REVISIONS = ("sdk-7.0", "priority")
"""The two revisions of the WSDL in the field: the published SDK, and later servers that add a priority to append."""


def qualified(namespace: str, local: str) -> str:
    """The qualified name as the reader gives it."""
    return f"{namespace}{SEPARATOR}{local}" if namespace else local


def split(name: str) -> tuple[str, str]:
    """Namespace and local name of a qualified name."""
    namespace, _, local = name.rpartition(SEPARATOR)
    return namespace, local
