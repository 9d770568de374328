"""What the journal keeps of a request: as little work as possible while it is answered, everything when it is asked."""

from __future__ import annotations

import os
import re
from hashlib import blake2b
from typing import Any

from .asmx.answers import Headers
from .clock import SECOND, to_datetime
from .errors import REFUSALS
from .journal import Exchange
from .soap.decoding import decode
from .soap.domain import domain_arguments, domain_result
from .soap.envelope import SoapRequest
from .soap.faults import SoapFault
from .soap.xml_errors import XmlError
from .wire_faults import WireEffect

INJECTED = "injected"
"""The label of a fault that a fault rule made."""

MASK = "***"
HEAD = "fake_ccmm.head"
"""The key of a WSGI environment under which a transport leaves the request's URL and headers as they came."""

RequestHead = tuple[str, "tuple[bytes, list[tuple[bytes, bytes]]] | None", str, str]
"""Method; URL and headers as they came, where they are known; path; the client's address."""

Times = tuple[int, float, float]
"""The center's time in microseconds, the machine's in seconds since 1970, the seconds it took."""

_OVERHEAD = 2048
_SALT = os.urandom(16)
_SECRET_ARGUMENTS = ("password", "session_key")
_SECRET_HEADERS = frozenset({b"authorization", b"proxy-authorization", b"cookie"})
_NAME = r"(?:[\w.-]+:)?(?:password|sessionKey|sessionkey|OutboundLoginResult)"
_SECRET_ELEMENT = re.compile(rf"(<{_NAME}(?:\s[^>]*)?(?<!/)>)(.*?)(?=</{_NAME}\s*>|\Z)", re.DOTALL)
_OTHER_RULES = {("too_soon", "CloseContact"): "X5", ("unknown_contact", "GetContactStatus"): "T1"}


class CallRecord:
    """A SOAP call and its answer.

    ``center_fault`` is what the center or the protocol answered with, whatever a fault rule made of it; ``head`` the
    method, the URL and headers as they came, and the client's address; ``answer`` status line, headers and body;
    ``times`` the center's time in microseconds, the machine's in seconds since 1970, and the seconds it took.
    """

    __slots__ = ("_answer", "_center_fault", "_effect", "_head", "_injected", "_request", "_times", "_user", "size")

    def __init__(
        self,
        request: SoapRequest,
        head: RequestHead,
        user: str | None,
        answer: tuple[str, Headers, bytes],
        center_fault: SoapFault | None,
        injected: str | None,
        effect: WireEffect | None,
        times: Times,
    ) -> None:
        self._request = request
        self._head = head
        self._user = user
        self._answer = answer
        self._center_fault = center_fault
        self._injected = injected
        self._effect = effect
        self._times = times
        self.size = len(request.body) + len(answer[2]) + _OVERHEAD

    def exchange(self, number: int, *, secrets: bool) -> Exchange:
        """All of it in the domain's words."""
        request, fault = self._request, self._request.fault
        arguments = domain_arguments(request.arguments)
        outcome = outcome_of(self._center_fault, request)
        refusal = self._center_fault.label if self._center_fault is not None and outcome == "refused" else None
        result = domain_result(request.returned)
        key = result if request.operation == "OutboundLogin" else arguments.get("session_key")
        if not secrets:
            arguments = {
                name: MASK if name in _SECRET_ARGUMENTS and value is not None else value
                for name, value in arguments.items()
            }
            if request.operation == "OutboundLogin" and result is not None:
                result = MASK
        return Exchange(
            number=number,
            operation=request.operation,
            request_line=f"{self._head[0]} {_url(self._head)}",
            arguments=arguments,
            user=self._user,
            session=_digest(key) if key else None,
            outcome=outcome,
            result=result,
            refusal=refusal,
            rule=_rule(refusal, request.operation) if refusal else None,
            fault_number=fault.number if fault is not None else None,
            fault_text=fault.text if fault is not None else None,
            injected=self._injected,
            status=_status(self._answer[0], self._effect),
            client=self._head[3],
            **_moments(self._times),
        )

    def raw_request(self, *, secrets: bool) -> bytes:
        """Head and body as they came; masked, the body is in UTF-8."""
        body = self._request.body
        if not secrets and body:
            try:
                body = _masked(decode(body, self._request.media).text).encode("utf-8", "replace")
            except XmlError:
                body = b"(in no known encoding)"
        return _raw_head(self._head, secrets=secrets) + body

    def raw_response(self, *, secrets: bool) -> bytes:
        """Head and body as they went."""
        status, headers, body = self._answer
        if not secrets and self._request.operation == "OutboundLogin":
            body = _masked(body.decode("utf-8", "replace")).encode()
        return _raw_answer(status, headers, body, self._effect)


class PageRecord:
    """A request that is no SOAP call, and its answer; see :class:`CallRecord`."""

    __slots__ = ("_answer", "_head", "_times", "size")

    def __init__(self, head: RequestHead, answer: tuple[str, Headers, bytes], times: Times) -> None:
        self._head = head
        self._answer = answer
        self._times = times
        self.size = len(answer[2]) + _OVERHEAD

    def exchange(self, number: int, *, secrets: bool) -> Exchange:
        """All that is known of it."""
        return Exchange(
            number=number,
            operation=None,
            request_line=f"{self._head[0]} {_url(self._head)}",
            arguments={},
            user=None,
            session=None,
            outcome="page",
            result=None,
            refusal=None,
            rule=None,
            fault_number=None,
            fault_text=None,
            injected=None,
            status=_status(self._answer[0], None),
            client=self._head[3],
            **_moments(self._times),
        )

    def raw_request(self, *, secrets: bool) -> bytes:
        """The head as it came; the body of what is no call is not kept."""
        return _raw_head(self._head, secrets=secrets)

    def raw_response(self, *, secrets: bool) -> bytes:
        """Head and body as they went."""
        return _raw_answer(*self._answer, None)


def request_head(environ: dict[str, Any]) -> RequestHead:
    """What a record keeps of a request's head."""
    return environ["REQUEST_METHOD"], environ.get(HEAD), environ["PATH_INFO"], environ.get("REMOTE_ADDR", "")


def outcome_of(fault: SoapFault | None, request: SoapRequest) -> str:
    """What became of a call: one of the journal's OUTCOMES."""
    if request.stopped is not None or (fault is not None and fault.label == INJECTED):
        return "not-carried-out"
    if fault is None:
        return "ok"
    return "refused" if fault.label in REFUSALS else "protocol-error"


def _rule(refusal: str, operation: str | None) -> str:
    """The rule that a refusal holds; some refusals serve two operations."""
    return _OTHER_RULES.get((refusal, operation or "")) or REFUSALS[refusal].rule


def _digest(key: str) -> str:
    return blake2b(key.encode("utf-8", "surrogatepass"), key=_SALT, digest_size=6).hexdigest()


def _moments(times: Times) -> dict[str, Any]:
    center, real, seconds = times
    return {
        "center_time": to_datetime(center),
        "real_time": to_datetime(int(real * SECOND)),
        "milliseconds": round(seconds * 1000, 3),
    }


def _status(status: str, effect: WireEffect | None) -> int | None:
    return int(status[:3]) if effect is None or effect.has_status_line else None


def _url(head: RequestHead) -> str:
    return head[1][0].decode("latin-1") if head[1] else head[2]


def _raw_head(head: RequestHead, *, secrets: bool) -> bytes:
    method, as_it_came, _, _ = head
    headers = as_it_came[1] if as_it_came else []
    lines = [
        b"%s: %s" % (name, value if secrets or name.lower() not in _SECRET_HEADERS else MASK.encode())
        for name, value in headers
    ]
    first = f"{method} {_url(head)} HTTP/1.1".encode("latin-1", "replace")
    return b"\r\n".join([first, *lines, b"", b""])


def _raw_answer(status: str, headers: Headers, body: bytes, effect: WireEffect | None) -> bytes:
    length = len(body) if effect is None else effect.body_length(body)
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers), f"Content-Length: {length}"]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
    return head + body if effect is None else effect.sent(head, body)


def _masked(text: str) -> str:
    """XML without the passwords and session keys in it, wherever it is broken."""
    return _SECRET_ELEMENT.sub(rf"\g<1>{MASK}", text)
