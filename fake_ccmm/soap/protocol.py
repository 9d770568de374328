"""The spyne protocol that makes the services ASMX: its order of checks, its reading and its writing.

In the order ASP.NET has them: route by SOAPAction or body, then media type, root, version, envelope, arguments,
headers; only then the operation is called (rule E2). See :class:`AsmxProtocol` for which spyne hook does which.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_plus

from .compat import Soap11
from .decoding import media_of
from .document import Document
from .envelope import (
    BadEnvelope,
    LazyDocument,
    SoapRequest,
    bad_xml,
    body_element,
    check_understood,
    read_envelope,
    version_of,
)
from .faults import UNABLE_TO_PROCESS, UNABLE_TO_READ, V11, V12, SoapFault, Version
from .names import SEPARATOR, TARGET
from .reading import BadValue, arguments_reader
from .results import result_writer
from .shapes import Shapes
from .xml_errors import XmlError

NO_ACTION = "Unable to handle request without a valid action parameter. Please supply a valid soap action."
MAX_BODY = 4096 * 1024
"""ASP.NET's maxRequestLength in bytes."""


class AsmxProtocol(Soap11):  # type: ignore[misc]
    """One service's protocol. ``create_in_document`` guesses the version, ``decompose_incoming_envelope`` routes,
    ``deserialize`` does all checks from the media type to the headers, ``serialize`` writes the answer.
    """

    def compile(self) -> None:
        """Work out how each operation that spyne declares is read and written; once, when all are declared."""
        declared = (descriptors[0] for descriptors in self.app.interface.service_method_map.values())
        operations = [Operation(descriptor) for descriptor in declared]
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
        ctx.in_document = LazyDocument(request)
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
        operation: Operation = ctx.in_body_doc
        known = operation.shapes.recall(ctx.in_document.text())
        if known is not None:
            request.version, request.arguments = known
            self._check_media_of_version(request)
        else:
            self._read(request, operation, ctx.in_document)
        ctx.in_object = list(request.arguments.values())

    def _read(self, request: SoapRequest, operation: Operation, document: LazyDocument) -> None:
        """Read a request of a shape not known yet."""
        try:
            cursor = document.cursor()
            root = cursor.content()
        except XmlError as error:
            raise bad_xml(error) from None
        request.version = version_of(root, request)
        self._check_media_of_version(request)
        try:
            request.arguments, headers = read_envelope(cursor, request.version, operation.element, operation.reader)
        except XmlError as error:
            raise bad_xml(error) from None
        except BadValue as error:
            line, column = error.place
            raise SoapFault(
                "Client", f"{UNABLE_TO_READ}There is an error in XML document ({line}, {column}). ---> {error}"
            ) from None
        check_understood(headers)
        operation.learn(document.text(), cursor.document, request.version)

    def _check_media_of_version(self, request: SoapRequest) -> None:
        """SOAP 1.1 is taken as text/xml only; SOAP 1.2 as either."""
        if request.version is V11 and request.media.base != V11.media_type:
            raise SoapFault("Client", "", status=415, label="unsupported media type")

    def serialize(self, ctx: Any, message: Any) -> None:
        """Write the operation's result; faults are the endpoint's to write."""
        request: SoapRequest = ctx.udc
        write = ctx.in_body_doc.write
        ctx.out_document = write(request.center.profile, request.version, ctx.out_object)

    def write(self, request: SoapRequest, returned: Any) -> bytes:
        """The answer of the request's operation that returned this."""
        operation = self._by_action[f"{TARGET}{request.operation}"]
        return operation.write(request.center.profile, request.version, (returned,))

    def _route_by_action(self, request: SoapRequest, document: LazyDocument) -> Operation:
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

    def _route_by_any(self, request: SoapRequest, document: LazyDocument) -> Operation:
        action = unquote_plus(request.media.action)
        operation = self._by_action.get(action)
        if operation is not None:
            return operation
        try:
            root, found = body_element(document, request)
        except (XmlError, BadEnvelope) as error:
            raise SoapFault("Server", f"{UNABLE_TO_PROCESS}{error}") from None
        operation = self._by_element.get(found)
        if operation is not None:
            return operation
        request.version = version_of(root, request)
        if action:
            raise SoapFault("Client", f"Unable to handle request. The action '{action}' was not recognized.")
        raise SoapFault("Client", NO_ACTION)


class Operation:
    """One operation: its descriptor, how its arguments are read and its result is written, and its known shapes."""

    def __init__(self, descriptor: Any) -> None:
        self.descriptor = descriptor
        self.name: str = descriptor.name
        self.element = f"{TARGET}{SEPARATOR}{self.name}"
        self.reader = arguments_reader(descriptor.in_message)
        self.write = result_writer(descriptor.out_message)
        self.shapes = Shapes()
        self._deferred_reader = arguments_reader(descriptor.in_message, deferred=True)

    def learn(self, text: str, document: Document, version: Version) -> None:
        """Remember the shape of a request that was read without a fault."""
        reader = self._deferred_reader
        self.shapes.learn(
            text, document, version, lambda cursor: read_envelope(cursor, version, self.element, reader)[0]
        )
