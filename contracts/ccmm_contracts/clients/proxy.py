"""A proxy between a client and a mock that adds to answers what a later revision of the services might add."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit, urlunsplit

from lxml import etree

from ..errors import SetUpBroken
from ..exchange import HttpRequest, HttpResponse
from ..wire.document import Unreadable, parsed
from ..wire.http import Http
from ..wire.names import DATATYPES

EXTRA = "Extra"
"""The element that is added; no revision of the services has one of this name."""

_ENLARGED = ("OWContact", "OWCampaign", "GetContactStatusResult", "PhoneNumber", "Status", "OWDispositioncode")
_NOT_FORWARDED = frozenset(
    (
        *("connection", "keep-alive", "transfer-encoding", "content-length", "te", "trailer", "upgrade"),
        *("expect", "accept-encoding"),
    )
)


def enlarged(body: bytes) -> bytes:
    """An answer with an unknown element at the end of each contact, campaign, status and phone number."""
    try:
        root = parsed(body)
    except Unreadable:
        return body
    for one in root.iter(*(f"{{*}}{name}" for name in _ENLARGED)):
        extra = etree.SubElement(one, f"{{{DATATYPES}}}{EXTRA}")
        extra.text = "4711"
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


@contextmanager
def enlarging_proxy(base: str, http: Http) -> Iterator[str]:
    """The address of a proxy to the services at ``base`` while it stands; only SOAP answers are changed.

    Raises SetUpBroken at its end where it could not hand a request on: the client is not to be blamed for that.
    """
    target = urlsplit(base)
    failures: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Nagle's algorithm would hold the body back until the head is acknowledged.
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._forward()

        def do_POST(self) -> None:
            self._forward()

        def _forward(self) -> None:
            body = self._body()
            headers = tuple((name, one) for name, one in self.headers.items() if name.lower() not in _NOT_FORWARDED)
            url = urlunsplit((target.scheme, target.netloc, *urlsplit(self.path)[2:]))
            try:
                self._answer(http.send(HttpRequest(self.command, url, headers, body)))
            except SetUpBroken as error:
                failures.append(str(error))
                self.close_connection = True

        def _answer(self, answer: HttpResponse) -> None:
            is_soap = self.command == "POST" and answer.status == 200
            body = enlarged(answer.body) if is_soap else answer.body
            self.send_response_only(answer.status, answer.reason)
            for name, value in answer.headers:
                if name.lower() not in _NOT_FORWARDED:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            if self.close_connection:
                # Many a client goes by the answer alone, and would send its next request where nobody reads it.
                self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        def log_message(self, *_: object) -> None:
            """The kit tells what it saw in its reports."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that goes away in mid-sentence is its own affair: the journal has what came of it."""
            error = sys.exc_info()[1]
            if not isinstance(error, ConnectionError):
                failures.append(repr(error))

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{target.path}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        if failures:
            raise SetUpBroken(f"the kit's proxy could not hand a request on to the mock: {failures[0]}")
