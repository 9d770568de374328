"""A small HTTP client that sends exactly the bytes it is told to, and shows the answer as it came."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BufferedReader

TIMEOUT = 10.0
"""Seconds after which an answer that does not come fails the test."""

Headers = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Reply:
    """One answer: its status line, its headers in their order, and its body."""

    version: str
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """The value of a header; None where there is none, joined with commas where there are several."""
        found = [value for one, value in self.headers if one.lower() == name.lower()]
        return ",".join(found) if found else None

    @property
    def names(self) -> list[str]:
        """The names of the headers, in their order."""
        return [name for name, _ in self.headers]


class Connection:
    """A TCP connection, on which bytes go out and answers come in."""

    def __init__(self, plug: socket.socket) -> None:
        self._plug = plug
        self._incoming: BufferedReader = plug.makefile("rb")

    def send(self, data: bytes) -> None:
        self._plug.sendall(data)

    def send_no_more(self) -> None:
        """Tell the server that this was all."""
        self._plug.shutdown(socket.SHUT_WR)

    def rest(self) -> bytes:
        """Everything until the server ends the connection."""
        data = b""
        with suppress(ConnectionResetError):
            while piece := self._plug.recv(65536):
                data += piece
        return data

    def reply(self, *, to: str = "POST") -> Reply:
        """The next answer; one to HEAD, and an interim one, has no body."""
        version, _, rest = self._line().partition(" ")
        status, _, reason = rest.partition(" ")
        headers = []
        while line := self._line():
            name, _, value = line.partition(":")
            headers.append((name, value.strip()))
        length = next((int(value) for name, value in headers if name.lower() == "content-length"), None)
        if to == "HEAD" or int(status) < 200:
            body = b""
        elif length is None:
            body = self._incoming.read()
        else:
            body = self._incoming.read(length)
            assert len(body) == length, "the connection was closed in the middle of an answer"
        return Reply(version, int(status), reason, tuple(headers), body)

    def is_closed_by_server(self) -> bool:
        """Whether the server has ended the connection, with nothing more to read; waits for it to do so."""
        return self._incoming.read(1) == b""

    def _line(self) -> str:
        line = self._incoming.readline()
        assert line.endswith(b"\r\n"), f"not a line of an answer: {line!r}"
        return line[:-2].decode("latin-1")


@dataclass(frozen=True)
class Site:
    """Where a server listens."""

    host: str
    port: int

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        return f"{self.host}:{self.port}"

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """A connection of one's own, on which nothing waits for more to send."""
        with socket.create_connection((self.host, self.port), TIMEOUT) as plug:
            plug.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = Connection(plug)
            with connection._incoming:
                yield connection

    def exchange(self, data: bytes, *, to: str = "POST") -> Reply:
        """The answer to some bytes, on a connection made for them."""
        with self.connection() as connection:
            connection.send(data)
            return connection.reply(to=to)

    def request(
        self,
        method: str,
        path: str,
        headers: Headers = (),
        body: bytes | None = None,
        *,
        version: str = "HTTP/1.1",
        host: str | None = "",
    ) -> bytes:
        """The bytes of a request. ``host`` None leaves the Host header out; a body brings its Content-Length along."""
        lines = [f"{method} {path} {version}"]
        if host is not None:
            lines.append(f"Host: {host or self.authority}")
        lines += [f"{name}: {value}" for name, value in headers]
        if body is not None and not any(name.lower() in ("content-length", "transfer-encoding") for name, _ in headers):
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + (body or b"")

    def ask(self, method: str, path: str, headers: Headers = (), body: bytes | None = None) -> Reply:
        """The answer to an ordinary request."""
        return self.exchange(self.request(method, path, headers, body), to=method)
