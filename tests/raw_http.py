"""HTTP by hand: what goes over the wire, byte for byte."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field

DEADLINE_SECONDS = 20.0
TARGET = "http://nortel.com/CCMMOutboundWebservices/"
DATATYPES = "http://datatypes.outboundwebservices.ccmm.applications.nortel.com"
SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"


@dataclass(frozen=True)
class RawAnswer:
    """One HTTP answer: its status, its headers by lower-case name, its body."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class RawConnection:
    """One TCP connection to a server on loopback."""

    port: int
    host: str = "127.0.0.1"
    _socket: socket.socket = field(init=False)
    _pending: bytes = field(default=b"", init=False)

    def __post_init__(self) -> None:
        self._socket = socket.create_connection((self.host, self.port), timeout=DEADLINE_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> RawConnection:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, data: bytes) -> None:
        self._socket.sendall(data)

    def end_sending(self) -> None:
        self._socket.shutdown(socket.SHUT_WR)

    def read_answer(self, *, has_body: bool = True) -> RawAnswer | None:
        """The next answer, or None where the server has closed instead."""
        head = self._read_until(b"\r\n\r\n")
        if head is None:
            return None
        lines = head.decode("latin-1").split("\r\n")
        protocol, status = lines[0].split(" ")[:2]
        assert protocol == "HTTP/1.1", lines[0]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:] if line)}
        if int(status) == 100:
            return RawAnswer(100, headers, b"")
        body = self._read_exactly(int(headers["content-length"])) if has_body else b""
        return RawAnswer(int(status), headers, body)

    def read_to_end(self) -> bytes:
        """Everything until the server closes."""
        while self._more():
            pass
        data, self._pending = self._pending, b""
        return data

    def _read_until(self, mark: bytes) -> bytes | None:
        while mark not in self._pending:
            if not self._more():
                assert not self._pending, f"the connection ended within an answer: {self._pending!r}"
                return None
        head, _, self._pending = self._pending.partition(mark)
        return head

    def _read_exactly(self, count: int) -> bytes:
        while len(self._pending) < count:
            assert self._more(), "the connection ended within a body"
        body, self._pending = self._pending[:count], self._pending[count:]
        return body

    def _more(self) -> bool:
        try:
            data = self._socket.recv(65536)
        except ConnectionResetError:
            return False
        self._pending += data
        return bool(data)


def envelope(inner: str, namespace: str = SOAP11) -> str:
    """A SOAP envelope around the inside of a Body."""
    return f'<soap:Envelope xmlns:soap="{namespace}"><soap:Body>{inner}</soap:Body></soap:Envelope>'


def call(operation: str, arguments: str) -> str:
    """An operation's envelope, arguments as XML."""
    return envelope(f'<{operation} xmlns="{TARGET}">{arguments}</{operation}>')


def post(
    service: str,
    body: bytes,
    *,
    content_type: str | None = "text/xml; charset=utf-8",
    action: str | None = None,
    extra: bytes = b"",
) -> bytes:
    """A whole HTTP request to a service; ``action`` is the value of SOAPAction as it stands on the wire."""
    head = f"POST /ccmmoutboundwebservices/{service}.asmx HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
    if content_type is not None:
        head += f"Content-Type: {content_type}\r\n"
    if action is not None:
        head += f"SOAPAction: {action}\r\n"
    return head.encode("latin-1") + extra + b"\r\n" + body
