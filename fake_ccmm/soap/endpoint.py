"""The spyne transport: a request in, an answer out, for one of the three services.

Rule E1: SOAP 1.1 and 1.2 are both answered, and every answer is valid against the WSDL's schema.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..errors import NotCarriedOut, Postponed, Refusal
from .compat import Application, Fault, MethodContext, ServerBase
from .envelope import SoapRequest
from .faults import UNABLE_TO_PROCESS, SoapFault, error_detail, fault_xml
from .names import TARGET
from .protocol import AsmxProtocol
from .services import declared_services

LOGGER = logging.getLogger("fake_ccmm")


@dataclass(frozen=True, slots=True)
class SoapAnswer:
    """What goes back: an HTTP status, a Content-Type and a body, which is empty for 400 and 415."""

    status: int
    content_type: str
    body: bytes


class _Call(MethodContext):  # type: ignore[misc]
    """Spyne's context of one call, without what costs a third of a call: the guard on attributes, events, to which
    nothing here listens, and contexts of transport and protocol, which would hold it in a cycle.
    """

    TransportContext = None
    __setattr__ = object.__setattr__

    def fire_event(self, event: str, *_: Any, **__: Any) -> None:
        """Tell no one."""


class _AsmxApplication(Application):  # type: ignore[misc]
    """Calls the declared function; turns what it refuses into a fault, without spyne logging it as an error."""

    def call_wrapper(self, ctx: Any) -> Any:
        request: SoapRequest = ctx.udc
        try:
            if request.before_call is not None:
                request.before_call(request)
            request.returned = ctx.function(ctx, *ctx.in_object)
            return request.returned
        except Refusal as refusal:
            ctx.out_error = refused(refusal, request)
        except SoapFault as fault:
            ctx.out_error = fault
        except (Postponed, NotCarriedOut) as stopped:
            request.stopped = stopped
        except Exception as error:  # a defect of this program: said to the client as ASMX says it
            LOGGER.exception("%s failed", request.operation)
            ctx.out_error = SoapFault("Server", f"{UNABLE_TO_PROCESS}{str(error) or type(error).__name__}")
        return None


class AsmxEndpoint(ServerBase):  # type: ignore[misc]
    """One service, ready to answer."""

    transport = "http://schemas.xmlsoap.org/soap/http"

    def __init__(self, app: Application) -> None:
        super().__init__(app)
        app.in_protocol.compile()

    def answer(self, request: SoapRequest) -> SoapAnswer:
        """Answer a request; what became of it stays in the request.

        Raises Postponed where its turn has not come, NotCarriedOut where a fault rule took its place.
        """
        ctx = _Call(self, MethodContext.SERVER)
        ctx.event = None  # it points back at the context: without it, the call is gone when it is over
        ctx.udc = request
        self.generate_contexts(ctx)
        if ctx.in_error is None:
            self.get_in_object(ctx)
        if ctx.in_error is None:
            ctx.out_object = [self.app.call_wrapper(ctx)]
        if request.stopped is not None:
            raise request.stopped
        if ctx.out_error is None:
            self.app.out_protocol.serialize(ctx, self.app.out_protocol.RESPONSE)
            return SoapAnswer(200, request.version.content_type, ctx.out_document)
        return fault_answer(ctx.out_error, request)

    def read(self, request: SoapRequest) -> None:
        """Find out the operation and the arguments of a request, as far as it can be read, and call nothing."""
        ctx = _Call(self, MethodContext.SERVER)
        ctx.event = None
        ctx.udc = request
        self.generate_contexts(ctx)
        if ctx.in_error is None:
            self.get_in_object(ctx)

    def write(self, request: SoapRequest, returned: Any) -> bytes:
        """The answer to a request that has been read, had its operation returned this."""
        return self.app.in_protocol.write(request, returned)  # type: ignore[no-any-return]

    def get_in_object(self, ctx: Any) -> None:
        """As spyne does it, but a client's mistake is no error of this program, and is not logged as one."""
        try:
            self.app.in_protocol.deserialize(ctx, message=self.app.in_protocol.REQUEST)
        except Fault as fault:
            ctx.in_error = ctx.out_error = fault


@cache
def endpoints(revision: str) -> dict[str, AsmxEndpoint]:
    """The endpoint of each service name, as one revision declares it; made once, shared by all centers."""
    return {
        name: AsmxEndpoint(
            _AsmxApplication(parts, TARGET, name=name, in_protocol=AsmxProtocol(), out_protocol=AsmxProtocol())
        )
        for name, parts in declared_services(revision).items()
    }


def fault_answer(fault: SoapFault, request: SoapRequest) -> SoapAnswer:
    """The answer that a fault makes, in the version of the request, which remembers it."""
    request.fault = fault
    version = request.version
    body = fault_xml(fault, version).encode() if fault.status == 500 else b""
    return SoapAnswer(fault.status, version.content_type, body)


def refused(refusal: Refusal, request: SoapRequest) -> SoapFault:
    """The product family's fault: the message alone, the address as actor, an Error element as detail."""
    profile = request.center.profile
    number, code, text = profile.wording_of(refusal)
    if profile.fault_detail == "plain":
        return SoapFault(code, text, label=refusal.name, number=number)
    detail = error_detail(number, text, request.operation or "")
    return SoapFault(code, text, actor=request.url, detail=detail, label=refusal.name, number=number)
