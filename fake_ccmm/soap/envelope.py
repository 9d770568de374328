"""A SOAP request and its envelope, checked and read in ASP.NET's order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..center import ContactCenter
from .decoding import Decoded, Media, decode
from .document import END_OF_FILE, Document
from .faults import UNABLE_TO_READ, V11, VERSIONS, SoapFault, Version
from .names import SEPARATOR, SOAP11, SOAP12, split
from .reading import Cursor, Members
from .xml_errors import XmlError

MISSING_BODY = "Request format is invalid: Missing required soap:Body element."
MISSING_ENVELOPE = "Request format is invalid: Missing required soap:Envelope element."

_MUST_UNDERSTAND = (f"{SOAP11}{SEPARATOR}mustUnderstand", f"{SOAP12}{SEPARATOR}mustUnderstand")


@dataclass(slots=True)
class SoapRequest:
    """A POST to one of the services. ``soap_action`` is None where there was no such header; ``too_long`` says that
    the body was over MAX_BODY and is not here; ``url`` is the service's address as the client wrote it.

    ``before_call`` is asked when the arguments are known; it may raise a Refusal, or NotCarriedOut.

    What is found out on the way: the ``version`` answers are in, the ``operation``, its ``arguments``, what it
    ``returned``, the ``fault``; ``stopped`` is why the call was not made, or not yet.
    """

    center: ContactCenter
    body: bytes
    content_type: str
    soap_action: str | None
    url: str
    too_long: bool = False
    before_call: Callable[[SoapRequest], None] | None = None
    media: Media = field(init=False)
    version: Version = V11
    operation: str | None = None
    arguments: Members = field(default_factory=dict)
    fault: SoapFault | None = None
    returned: Any = None
    stopped: Exception | None = None


class LazyDocument:
    """A request's document, decoded and parsed when first asked for: routing by SOAPAction does not look at it."""

    __slots__ = ("_decoded", "_document", "_request")

    def __init__(self, request: SoapRequest) -> None:
        self._request = request
        self._decoded: Decoded | None = None
        self._document: Document | None = None

    def text(self) -> str:
        """The text of the request, up to where it breaks off; empty where the bytes are no text at all."""
        try:
            decoded = self._decode()
        except XmlError:
            return ""
        return "" if decoded.broken_off else decoded.text

    def cursor(self) -> Cursor:
        """A reader at the start; raises XmlError where the bytes are no text."""
        if self._document is None:
            self._document = Document(*self._decode())
        return Cursor(self._document)

    def _decode(self) -> Decoded:
        if self._decoded is None:
            self._decoded = decode(self._request.body, self._request.media)
        return self._decoded


class BadEnvelope(Exception):
    """The envelope lacks a part; the message is .NET's."""


def body_element(document: LazyDocument, request: SoapRequest) -> tuple[Any, str]:
    """The root, and the qualified name of the first node in the Body, whatever the envelope's namespace.

    A namespace that is no SOAP version's overrides whatever else is wrong.
    """
    cursor = document.cursor()
    root = cursor.content()
    namespace, local = split(root[0])
    try:
        if local != "Envelope":
            raise BadEnvelope(MISSING_ENVELOPE)
        cursor.step()
        body = f"{namespace}{SEPARATOR}Body" if namespace else "Body"
        while (node := cursor.content()) is not END_OF_FILE and (type(node) is not tuple or node[0] != body):
            cursor.skip()
        if node is END_OF_FILE:
            raise BadEnvelope(MISSING_BODY)
        cursor.step()
        first = cursor.content()
    except (XmlError, BadEnvelope):
        request.version = version_of(root, request)
        raise
    return root, first[0] if type(first) is tuple else ""


def version_of(root: Any, request: SoapRequest) -> Version:
    """The version of the envelope's namespace; an unknown one is a fault in SOAP 1.1."""
    namespace = split(root[0])[0]
    version = VERSIONS.get(namespace)
    if version is None:
        request.version = V11
        raise SoapFault(
            "VersionMismatch",
            f"Possible SOAP version mismatch: Envelope namespace {namespace} was unexpected. Expecting {SOAP11}.",
        )
    return version


def read_envelope(
    cursor: Cursor, version: Version, element: str, reader: tuple[Callable[[Cursor, Members], None], Members]
) -> tuple[Members, list[Any]]:
    """The arguments and the header blocks of a request, read up to one node past the envelope.

    ``element`` is the operation's; ``reader`` reads it, and has the arguments of one that is missing.
    """
    read, defaults = reader
    if cursor.content()[0] != version.envelope:
        raise _unreadable(MISSING_ENVELOPE)
    cursor.step()
    headers = _read_headers(cursor, version)
    node = cursor.content()
    if type(node) is not tuple or node[0] != version.body:
        raise _unreadable(MISSING_BODY)
    cursor.step()
    arguments = dict(defaults)
    while (node := cursor.content()) is not None and node is not END_OF_FILE:
        if type(node) is tuple and node[0] == element:
            read(cursor, arguments)
        else:
            cursor.skip()
    _read_to_end(cursor)
    return arguments, headers


def check_understood(headers: list[Any]) -> None:
    """Refuse the first header block that must be understood: none is."""
    for name, attributes in headers:
        said = next((attributes[one] for one in _MUST_UNDERSTAND if one in attributes), "")
        if said in ("1", "true"):
            text = f"SOAP header {split(name)[1]} was not understood."
            raise SoapFault("MustUnderstand", text, detail=None)


def _read_headers(cursor: Cursor, version: Version) -> list[Any]:
    headers: list[Any] = []
    node = cursor.content()
    if type(node) is not tuple or node[0] != version.header:
        return headers
    cursor.step()
    while (node := cursor.content()) is not None and node is not END_OF_FILE:
        if type(node) is tuple:
            headers.append(node)
        cursor.skip()
    cursor.step()
    return headers


def _read_to_end(cursor: Cursor) -> None:
    """From the Body's end past the Envelope's, and one node more: only an error on the way counts."""
    depth = 2
    nodes = cursor.nodes
    for at in range(cursor.at, len(nodes)):
        node = nodes[at]
        if type(node) is XmlError:
            raise node
        if depth == 0:
            return
        if node is None:
            depth -= 1
        elif type(node) is tuple:
            depth += 1


def _unreadable(message: str) -> SoapFault:
    return SoapFault("Client", UNABLE_TO_READ + message)


def bad_xml(error: XmlError) -> SoapFault:
    return SoapFault("Client", str(error), status=400, label="malformed XML")
