"""The spyne protocol that makes the services ASMX: its order of checks, its reading and its writing.

In the order ASP.NET has them: route by SOAPAction or body, then media type, root, version, envelope, arguments,
headers; only then the operation is called. See :class:`AsmxProtocol` for which spyne hook does which.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

from ..center import ContactCenter
from .compat import Soap11
from .decoding import Media, decode, media_of
from .document import END_OF_FILE, Document
from .faults import UNABLE_TO_PROCESS, UNABLE_TO_READ, V11, V12, VERSIONS, SoapFault, Version
from .names import SEPARATOR, SOAP11, SOAP12, TARGET, split
from .reading import BadValue, Cursor, Members, arguments_reader
from .results import result_writer
from .xml_errors import XmlError

NO_ACTION = "Unable to handle request without a valid action parameter. Please supply a valid soap action."
MISSING_BODY = "Request format is invalid: Missing required soap:Body element."
MISSING_ENVELOPE = "Request format is invalid: Missing required soap:Envelope element."
MAX_BODY = 4096 * 1024
"""ASP.NET's maxRequestLength in bytes."""

_MUST_UNDERSTAND = (f"{SOAP11}{SEPARATOR}mustUnderstand", f"{SOAP12}{SEPARATOR}mustUnderstand")


@dataclass(slots=True)
class SoapRequest:
    """A POST to one of the services. ``soap_action`` is None where there was no such header; ``too_long`` says that
    the body was over MAX_BODY and is not here; ``url`` is the service's address as the client wrote it.

    What is found out on the way: the ``version`` answers are in, the ``operation``, its ``arguments``, the ``fault``.
    """

    center: ContactCenter
    body: bytes
    content_type: str
    soap_action: str | None
    url: str
    too_long: bool = False
    media: Media = field(init=False)
    version: Version = V11
    operation: str | None = None
    arguments: Members = field(default_factory=dict)
    fault: SoapFault | None = None
    postponed: Exception | None = None


class AsmxProtocol(Soap11):  # type: ignore[misc]
    """One service's protocol. ``create_in_document`` guesses the version, ``decompose_incoming_envelope`` routes,
    ``deserialize`` does all checks from the media type to the headers, ``serialize`` writes the answer.
    """

    def compile(self) -> None:
        """Work out how each operation that spyne declares is read and written; once, when all are declared."""
        declared = (descriptors[0] for descriptors in self.app.interface.service_method_map.values())
        operations = [_Operation(descriptor) for descriptor in declared]
        self._by_action = {f"{TARGET}{one.name}": one for one in operations}
        self._by_element = {one.element: one for one in operations}

    def get_context(self, parent: Any, transport: Any) -> None:
        """This protocol keeps nothing beside the request itself."""

    def create_in_document(self, ctx: Any, charset: str | None = None) -> None:
        """Guess the version, so that even the first fault has one."""
        request: SoapRequest = ctx.udc
        no_action = request.soap_action is None
        request.media = media_of(request.content_type)
        request.version = V12 if no_action or request.media.base == V12.media_type else V11
        ctx.in_document = _Lazy(request)
        if request.too_long:
            raise SoapFault(
                "Server",
                "There was an exception running the extensions specified in the config file. ---> "
                "Maximum request length exceeded.",
            )

    def decompose_incoming_envelope(self, ctx: Any, message: Any = None) -> None:
        """Find the operation the request is for."""
        request: SoapRequest = ctx.udc
        route = self._route_by_action if request.version is V11 else self._route_by_any
        ctx.in_body_doc = operation = route(request, ctx.in_document)
        request.operation = ctx.method_request_string = operation.name

    def generate_method_contexts(self, ctx: Any) -> list[Any]:
        """There are no auxiliary methods: the one context goes on, with its operation's descriptor."""
        ctx.descriptor = ctx.in_body_doc.descriptor
        return [ctx]

    def deserialize(self, ctx: Any, message: Any) -> None:
        """Check and read the request to its end; sets the arguments of the call."""
        request: SoapRequest = ctx.udc
        if request.media.base not in (V11.media_type, V12.media_type):
            raise SoapFault("Client", "", status=415, label="unsupported media type")
        try:
            cursor = ctx.in_document.cursor()
            root = cursor.content()
        except XmlError as error:
            raise _bad_xml(error) from None
        request.version = _version_of(root, request)
        if request.version is V11 and request.media.base != V11.media_type:
            raise SoapFault("Client", "", status=415, label="unsupported media type")
        try:
            arguments, headers = _read_envelope(cursor, request.version, ctx.in_body_doc)
        except XmlError as error:
            raise _bad_xml(error) from None
        except BadValue as error:
            line, column = error.place
            raise SoapFault(
                "Client", f"{UNABLE_TO_READ}There is an error in XML document ({line}, {column}). ---> {error}"
            ) from None
        request.arguments = arguments
        for name, attributes in headers:
            said = next((attributes[one] for one in _MUST_UNDERSTAND if one in attributes), "")
            if said in ("1", "true"):
                text = f"SOAP header {split(name)[1]} was not understood."
                raise SoapFault("MustUnderstand", text, detail=None)
        ctx.in_object = list(arguments.values())

    def serialize(self, ctx: Any, message: Any) -> None:
        """Write the operation's result; faults are the endpoint's to write."""
        request: SoapRequest = ctx.udc
        write = ctx.in_body_doc.write
        ctx.out_document = write(request.center.profile, request.version, ctx.out_object)

    def _route_by_action(self, request: SoapRequest, document: _Lazy) -> _Operation:
        action = request.soap_action or ""
        operation = self._by_action.get(action[1:-1])
        if operation is not None and action[0] == action[-1] == '"':
            return operation
        if action == '"':
            text = "Length cannot be less than zero.\r\nParameter name: length"
            raise SoapFault("Server", UNABLE_TO_PROCESS + text)
        if action.startswith('"') and action.endswith('"'):
            action = action[1:-1]
        action = unquote_plus(action)
        operation = self._by_action.get(action)
        if operation is None:
            raise SoapFault("Client", f"Server did not recognize the value of HTTP Header SOAPAction: {action}.")
        return operation

    def _route_by_any(self, request: SoapRequest, document: _Lazy) -> _Operation:
        action = unquote_plus(request.media.action)
        operation = self._by_action.get(action)
        if operation is not None:
            return operation
        try:
            root, found = _body_element(document, request)
        except (XmlError, _BadEnvelope) as error:
            raise SoapFault("Server", f"{UNABLE_TO_PROCESS}{error}") from None
        operation = self._by_element.get(found)
        if operation is not None:
            return operation
        request.version = _version_of(root, request)
        if action:
            raise SoapFault("Client", f"Unable to handle request. The action '{action}' was not recognized.")
        raise SoapFault("Client", NO_ACTION)


class _Operation:
    """One operation: its descriptor, and how its arguments are read and its result is written."""

    def __init__(self, descriptor: Any) -> None:
        self.descriptor = descriptor
        self.name: str = descriptor.name
        self.element = f"{TARGET}{SEPARATOR}{self.name}"
        self.read, self.defaults = arguments_reader(descriptor.in_message)
        self.write = result_writer(descriptor.out_message)


class _Lazy:
    """A request's document, decoded and parsed when first asked for: routing by SOAPAction does not look at it."""

    __slots__ = ("_document", "_request")

    def __init__(self, request: SoapRequest) -> None:
        self._request = request
        self._document: Document | None = None

    def cursor(self) -> Cursor:
        """A reader at the start; raises XmlError where the bytes are no text."""
        document = self._document
        if document is None:
            document = self._document = decode(self._request.body, self._request.media)
        return Cursor(document)


class _BadEnvelope(Exception):
    """The envelope lacks a part; the message is .NET's."""


def _body_element(document: _Lazy, request: SoapRequest) -> tuple[Any, str]:
    """The root, and the qualified name of the first node in the Body, whatever the envelope's namespace.

    A namespace that is no SOAP version's overrides whatever else is wrong.
    """
    cursor = document.cursor()
    root = cursor.content()
    namespace, local = split(root[0])
    try:
        if local != "Envelope":
            raise _BadEnvelope(MISSING_ENVELOPE)
        cursor.step()
        body = f"{namespace}{SEPARATOR}Body" if namespace else "Body"
        while (node := cursor.content()) is not END_OF_FILE and (type(node) is not tuple or node[0] != body):
            cursor.skip()
        if node is END_OF_FILE:
            raise _BadEnvelope(MISSING_BODY)
        cursor.step()
        first = cursor.content()
    except (XmlError, _BadEnvelope):
        request.version = _version_of(root, request)
        raise
    return root, first[0] if type(first) is tuple else ""


def _version_of(root: Any, request: SoapRequest) -> Version:
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


def _read_envelope(cursor: Cursor, version: Version, operation: _Operation) -> tuple[Members, list[Any]]:
    """The arguments and the header blocks of a request, read up to one node past the envelope."""
    if cursor.content()[0] != version.envelope:
        raise _unreadable(MISSING_ENVELOPE)
    cursor.step()
    headers = _read_headers(cursor, version)
    node = cursor.content()
    if type(node) is not tuple or node[0] != version.body:
        raise _unreadable(MISSING_BODY)
    cursor.step()
    arguments = dict(operation.defaults)
    while (node := cursor.content()) is not None and node is not END_OF_FILE:
        if type(node) is tuple and node[0] == operation.element:
            operation.read(cursor, arguments)
        else:
            cursor.skip()
    _read_to_end(cursor)
    return arguments, headers


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


def _bad_xml(error: XmlError) -> SoapFault:
    return SoapFault("Client", str(error), status=400, label="malformed XML")
