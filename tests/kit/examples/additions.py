"""A door before a mock that adds elements to its answers which no WSDL knows."""

from __future__ import annotations

import re
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

_KEPT = ("content-type", "soapaction")


class Additions:
    """For as long as the ``with`` block lasts: ``url`` is the base of the services behind the door."""

    def __init__(self, base: str) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(base.rstrip("/")))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Additions:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _with_additions(answer: bytes) -> bytes:
    """Each contact, campaign, address and phone number gets a text at its end, each contact a tree of elements."""
    answer = re.sub(rb"</(OWCampaign|OWContact|Address|PhoneNumber)>", rb"<Mood>good</Mood></\1>", answer)
    return re.sub(rb"</OWContact>", rb"<Hobbies><Hobby><Name>Chess</Name></Hobby></Hobbies></OWContact>", answer)


def _handler(base: str) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._pass_on(None)

        def do_POST(self) -> None:
            self._pass_on(self.rfile.read(int(self.headers["Content-Length"])))

        def _pass_on(self, body: bytes | None) -> None:
            headers = {name: value for name, value in self.headers.items() if name.lower() in _KEPT}
            try:
                with urllib.request.urlopen(urllib.request.Request(base + self.path, body, headers)) as answer:
                    status, kind, data = answer.status, answer.headers["Content-Type"], answer.read()
            except urllib.error.HTTPError as error:
                with error:
                    status, kind, data = error.code, error.headers["Content-Type"], error.read()
            data = data if body is None else _with_additions(data)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *told: object) -> None:
            """Nothing is told."""

    return Door
