"""A server that answers with bytes it is given, one after the other, and keeps what it was asked."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from ccmm_contracts.exchange import HttpRequest


@dataclass
class Canned:
    """``asked`` has a pair for each request: which connection it came by, counted from 0, and its bytes.

    An answer that is None is never given. With ``hangs_up`` a connection is closed behind each answer, unannounced;
    ``closed`` counts those that are.
    """

    url: str
    answers: Sequence[bytes | None]
    hangs_up: bool
    asked: list[tuple[int, bytes]] = field(default_factory=list)
    closed: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def request(self) -> HttpRequest:
        return HttpRequest("POST", f"{self.url}/X.asmx", (("Content-Type", "text/xml"),), b"<a/>")

    def serve(self, listener: socket.socket) -> None:
        number = 0
        while True:
            connection, _ = listener.accept()
            if self.done.is_set():
                connection.close()
                return
            threading.Thread(target=self._converse, args=(connection, number), daemon=True).start()
            number += 1

    def _converse(self, connection: socket.socket, number: int) -> None:
        with connection:
            while (request := _read(connection)) is not None:
                answer = self.answers[min(len(self.asked), len(self.answers) - 1)]
                self.asked.append((number, request))
                if answer is None:
                    self.done.wait()
                    return
                connection.sendall(answer)
                if self.hangs_up:
                    break
        self.closed.release()


def _read(connection: socket.socket) -> bytes | None:
    """One request, or None where the client has hung up."""
    data = b""
    while b"\r\n\r\n" not in data:
        try:
            more = connection.recv(65536)
        except ConnectionError:
            return None
        if not more:
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lines = [line.lower() for line in head.split(b"\r\n")]
    length = next((int(line.partition(b":")[2]) for line in lines if line.startswith(b"content-length:")), 0)
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def canned(*answers: bytes | None, hangs_up: bool = False) -> Iterator[Canned]:
    """A server on a port of its own that gives these answers in turn, and the last one from then on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Canned(f"http://127.0.0.1:{listener.getsockname()[1]}", answers, hangs_up)
        thread = threading.Thread(target=server.serve, args=(listener,))
        thread.start()
        try:
            yield server
        finally:
            server.done.set()
            socket.create_connection(listener.getsockname()).close()
            thread.join()


def http_answer(
    body: bytes = b"", *, status: str = "200 OK", content_type: str = "text/xml; charset=utf-8", more: str = ""
) -> bytes:
    """An HTTP answer with these parts; ``more`` are further headers, each with its end of line."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body
