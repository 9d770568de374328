"""What the journal keeps of a request: as little work as possible while it is answered, everything when it is asked."""

from __future__ import annotations

import os
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any

from .asmx import answers
from .asmx.answers import Answer, Headers
from .center import ContactCenter
from .clock import SECOND, real_seconds, stopwatch, to_datetime
from .contacts import ContactPage
from .errors import REFUSALS
from .journal import OPENERS, Exchange, Note
from .masking import MASK, mask_echo, mask_url, mask_xml
from .soap.decoding import decode
from .soap.domain import domain_arguments, domain_result, result_in
from .soap.endpoint import endpoints
from .soap.envelope import SoapRequest
from .soap.faults import SoapFault
from .soap.writing import escape_any
from .soap.xml_errors import XmlError
from .wire_faults import EFFECT, WireEffect

INJECTED = "injected"
"""The label of a fault that a fault rule made."""

HEAD = "fake_ccmm.head"
"""The key of a WSGI environment under which a transport leaves the request's head as it came."""

Head = tuple[bytes, tuple[tuple[bytes, bytes], ...], str, str]
"""URL and headers as they came, version of HTTP, the client's address."""

UNKNOWN = "unknown"
"""What stands for the operation of a call that named none."""

_OVERHEAD = 2048
_LONG = 16 * 1024
_POINTER = 8
_SALT = os.urandom(16)
_STOPWATCH_ZERO = real_seconds() - stopwatch()  # taken once, so that an exchange always reads the same
_SECRET_ARGUMENTS = ("password", "session_key")
_SECRET_HEADERS = frozenset({b"authorization", b"proxy-authorization", b"cookie"})
_NOWHERE = ContactCenter()
_OTHER_RULES = {("too_soon", "CloseContact"): "X5", ("unknown_contact", "GetContactStatus"): "T1"}


def call_note(
    request: SoapRequest,
    environ: dict[str, Any],
    asked: tuple[str, str],
    answer: tuple[str, Headers, bytes],
    center_fault: SoapFault | None,
    injected: str | None,
    seconds: float,
    now: int,
    ended: float,
) -> Note:
    """What is noted of a call; :class:`CallRecord` reads the request once more when somebody asks.

    ``asked`` is the revision and the service, ``center_fault`` what the center or the protocol answered with, whatever
    a fault rule made of it; ``seconds`` is how long it took, ``now`` the center's time in microseconds, ``ended`` the
    stopwatch's reading.
    """
    body = answer[2]
    length = len(body)
    head = environ.get(HEAD) or _head_of(environ)
    operation, own_type = request.operation, request.version.content_type
    if center_fault is None and injected is None and length <= _LONG:  # nearly every call
        size = len(request.body) + length + _OVERHEAD
        asked_with = (head, asked, request.content_type, request.soap_action, False, request.body)
        return (size, "call", operation, "ok", seconds, now, ended, asked_with, own_type, body, None, None)
    outcome, struck, page = "ok", None, None
    if center_fault is not None or injected is not None:
        struck = _Struck(request, center_fault, injected, environ.get(EFFECT), (answer[0], tuple(answer[1])))
        outcome = outcome_of(center_fault, request)
    elif length > _LONG and type(request.returned) is ContactPage:
        # The contacts are the campaign's own, and the page can be written again from them.
        page, body, length = request.returned, b"", len(request.returned) * _POINTER
    size = len(request.body) + length + _OVERHEAD
    asked_with = (head, asked, request.content_type, request.soap_action, request.too_long, request.body)
    return (size, "call", operation or UNKNOWN, outcome, seconds, now, ended, asked_with, own_type, body, page, struck)


class _Struck:
    """What is kept besides of a call that was refused, or that a fault rule struck."""

    __slots__ = ("center_fault", "effect", "fault", "head", "injected", "result", "user")

    def __init__(
        self,
        request: SoapRequest,
        center_fault: SoapFault | None,
        injected: str | None,
        effect: WireEffect | None,
        head: tuple[str, tuple[tuple[str, str], ...]],
    ) -> None:
        arguments = domain_arguments(request.arguments)
        self.user: str | None = arguments.get("username") or request.center.username_of(arguments.get("session_key"))
        self.center_fault = center_fault
        self.fault = request.fault
        self.injected = injected
        self.effect = effect
        self.head = head
        self.result = domain_result(request.returned)


class CallRecord:
    """A SOAP call and its answer, from the note that was taken of it."""

    def __init__(self, note: Note) -> None:
        self.size: int = note[0]
        self._outcome: str = note[3]
        self._times = note[4:7]
        head, (revision, service), content_type, soap_action, too_long, body = note[7]
        self._request_head = _RequestHead("POST", head)
        self._content_type, self._kept, self._page, self._struck = note[8:]
        self._request = SoapRequest(_NOWHERE, body, content_type, soap_action, "", too_long)
        self._endpoint = endpoints(revision)[service]
        self._endpoint.read(self._request)

    def exchange(self, number: int, *, secrets: bool) -> Exchange:
        """All of it in the domain's words."""
        request, struck = self._request, self._struck
        fault = None if struck is None else struck.fault
        arguments = domain_arguments(request.arguments)
        is_login = request.operation == "OutboundLogin"
        refusal = struck.center_fault.label if struck is not None and self._outcome == "refused" else None
        result = self._result()
        key = result if is_login else arguments.get("session_key")
        fault_text = fault.text if fault is not None else None
        if not secrets:
            if fault_text and self._outcome == "protocol-error":
                fault_text = mask_echo(fault_text, *_masked_body(request))
            arguments = {
                name: MASK if name in _SECRET_ARGUMENTS and value is not None else value
                for name, value in arguments.items()
            }
            if is_login and result is not None:
                result = MASK
        return Exchange(
            number=number,
            operation=request.operation,
            request_line=self._request_head.line(secrets=secrets),
            arguments=arguments,
            user=_user(arguments, key) if struck is None else struck.user,
            session=_digest(key) if key else None,
            outcome=self._outcome,
            result=result,
            refusal=refusal,
            rule=_rule(refusal, request.operation) if refusal else None,
            fault_number=fault.number if fault is not None else None,
            fault_text=fault_text,
            injected=None if struck is None else struck.injected,
            status=_status(self._head()[0], None if struck is None else struck.effect),
            client=self._request_head.client,
            **_moments(self._times),
        )

    def raw_request(self, *, secrets: bool) -> bytes:
        """Head and body as they came; masked, the body is in UTF-8."""
        request = self._request
        body = request.body if secrets else _masked_body(request)[0].encode("utf-8", "replace")
        return self._request_head.raw(secrets=secrets) + body

    def raw_response(self, *, secrets: bool) -> bytes:
        """Head and body as they went."""
        body = shown = self._body()
        if not secrets and self._request.operation == "OutboundLogin":
            shown = mask_xml(body.decode("utf-8", "replace"))[0].encode()
        effect = None
        if self._struck is not None:
            effect, said = self._struck.effect, self._struck.center_fault
            if not secrets and said is not None and self._outcome == "protocol-error":
                masked = escape_any(mask_echo(said.text, *_masked_body(self._request)))
                shown = shown.replace(escape_any(said.text).encode(), masked.encode())
        return _raw_answer(*self._head(), shown, len(body), effect)

    def _head(self) -> tuple[str, Iterable[tuple[str, str]]]:
        """Status line and headers of the answer."""
        if self._struck is None:
            return answers.soap_head(200, self._content_type)
        head: tuple[str, Iterable[tuple[str, str]]] = self._struck.head
        return head

    def _body(self) -> bytes:
        return bytes(self._kept) if self._page is None else self._endpoint.write(self._request, self._page)

    def _result(self) -> Any:
        """What the center returned, in short."""
        if self._struck is not None:
            return self._struck.result
        if self._page is not None:
            return domain_result(self._page)
        return result_in(self._request.operation, self._kept.decode())


class PageRecord:
    """A request that is no SOAP call, and its answer; see :class:`CallRecord`."""

    def __init__(self, note: Note) -> None:
        self.size: int = note[0]
        self._times = note[4:7]
        self._request_head = _RequestHead(*note[7:9])
        self._answer: tuple[str, Headers, bytes] = note[9]

    def exchange(self, number: int, *, secrets: bool) -> Exchange:
        """All that is known of it."""
        return Exchange(
            number=number,
            operation=None,
            request_line=self._request_head.line(secrets=secrets),
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
            client=self._request_head.client,
            **_moments(self._times),
        )

    def raw_request(self, *, secrets: bool) -> bytes:
        """The head as it came; the body of what is no call is not kept."""
        return self._request_head.raw(secrets=secrets)

    def raw_response(self, *, secrets: bool) -> bytes:
        """Head and body as they went."""
        status, headers, body = self._answer
        return _raw_answer(status, headers, b"" if self._request_head.method == "HEAD" else body, len(body), None)


def page_note(environ: dict[str, Any], answer: Answer, times: tuple[float, int, float]) -> Note:
    """What is noted of a request that is no call; times as of a call."""
    return (
        len(answer.body) + _OVERHEAD,
        "page",
        None,
        "page",
        *times,
        environ["REQUEST_METHOD"],
        environ.get(HEAD) or _head_of(environ),
        (answer.status, answer.headers, answer.body),
    )


def _head_of(environ: dict[str, Any]) -> Head:
    """What is known of a request's head where the transport does not tell."""
    return environ["PATH_INFO"].encode("latin-1"), (), environ["SERVER_PROTOCOL"], environ.get("REMOTE_ADDR", "")


OPENERS["call"] = CallRecord
OPENERS["page"] = PageRecord


class _RequestHead:
    """Method, URL, headers and version of a request, as far as the transport told."""

    def __init__(self, method: str, head: Head) -> None:
        self.method = method
        url, self._headers, self._version, self.client = head
        self._url = url.decode("latin-1")

    def line(self, *, secrets: bool) -> str:
        """Method and URL."""
        return f"{self.method} {self._url if secrets else mask_url(self._url)}"

    def raw(self, *, secrets: bool) -> bytes:
        """All of it as it came, up to the empty line."""
        lines = [
            b"%s: %s" % (name, value if secrets or name.lower() not in _SECRET_HEADERS else MASK.encode())
            for name, value in self._headers
        ]
        first = f"{self.line(secrets=secrets)} {self._version}".encode("latin-1", "replace")
        return b"\r\n".join([first, *lines, b"", b""])


def outcome_of(fault: SoapFault | None, request: SoapRequest) -> str:
    """What became of a call: one of the journal's OUTCOMES."""
    if request.stopped is not None or (fault is not None and fault.label == INJECTED):
        return "not-carried-out"
    if fault is None:
        return "ok"
    return "refused" if fault.label in REFUSALS else "protocol-error"


def _user(arguments: dict[str, Any], key: str | None) -> str | None:
    """Who made a call that was carried out: by name when logging in or off, else by the key, which says it."""
    if "username" in arguments:
        name: str | None = arguments["username"]
        return name
    return (key or "").partition("__")[2] or None


def _masked_body(request: SoapRequest) -> tuple[str, str]:
    """The text of a request without its secrets, and what was hidden."""
    try:
        decoded = decode(request.body, request.media)
    except XmlError:
        return mask_xml(request.body.decode("latin-1"))
    return mask_xml(decoded.text if decoded.broken_off is None else request.body.decode("latin-1"))


def _rule(refusal: str, operation: str | None) -> str:
    """The rule that a refusal holds; some refusals serve two operations."""
    return _OTHER_RULES.get((refusal, operation or "")) or REFUSALS[refusal].rule


def _digest(key: str) -> str:
    return blake2b(key.encode("utf-8", "surrogatepass"), key=_SALT, digest_size=6).hexdigest()


def _moments(times: tuple[float, int, float]) -> dict[str, Any]:
    seconds, center, ended = times
    return {
        "center_time": to_datetime(center),
        "real_time": to_datetime(int((_STOPWATCH_ZERO + ended) * SECOND)),
        "milliseconds": round(seconds * 1000, 3),
    }


def _status(status: str, effect: WireEffect | None) -> int | None:
    return int(status[:3]) if effect is None or effect.has_status_line else None


def _raw_answer(
    status: str, headers: Iterable[tuple[str, str]], body: bytes, length: int, effect: WireEffect | None
) -> bytes:
    length = length if effect is None else effect.body_length(length)
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers), f"Content-Length: {length}"]
    head = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace")
    return head + body if effect is None else effect.sent(head, body)
