"""The one bridge between uvicorn and the WSGI application.

A subclass of uvicorn's HTTP protocol collects each request, with bounds, and calls the application straight from the
event loop: a call is tens of microseconds and never waits. A call that is postponed is made again later by a
timer, while its connection waits; so is an answer that a fault rule holds back or lets out in drops. A request that
may take long is made in a thread.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from collections import deque
from collections.abc import Callable
from functools import lru_cache, partial
from io import BytesIO
from typing import Any
from urllib.parse import unquote_to_bytes

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .app import ON_EVENT_LOOP, NeedsThread
from .asmx import answers
from .asmx.answers import Answer, Headers
from .errors import Postponed
from .recording import HEAD
from .soap.protocol import MAX_BODY
from .wire_faults import EFFECT, SUPPORTED, WireEffect

MAX_HEADERS = 16 * 1024
"""Bytes of request line and headers together, as in http.sys."""

MAX_REFUSED_BODY = 30_000_000
"""Bytes of a body that IIS does not even take in (404.13); between MAX_BODY and this, ASP.NET answers with a fault."""

IDLE_SECONDS = 120.0
"""How long a client may say nothing before its connection is closed, as in http.sys."""

_RETRY_SECONDS = 0.02
_LEAST_SECONDS = 0.001  # less is at once to uvloop, which would spin where the clock stands still
_LINGER_SECONDS = 2.0

_CONNECTION = {True: b"Connection: keep-alive\r\n", False: b"Connection: close\r\n"}


class CcmmHttpProtocol(HttpToolsProtocol):
    """One connection."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: deque[Callable[[], None]] = deque()
        self._is_held = False
        self._is_deaf = False
        self._last_active = 0.0
        self._idle_timer: Any = None
        self._base: dict[str, Any] = {}
        self._chunk_bytes = 0
        self._unparsed_bytes = 0
        self._messages = 0
        self._raw_headers: list[tuple[bytes, bytes]] = []
        self._in_headers = True
        self._url = b""
        self._environ: dict[str, Any] = {}
        self._body = bytearray()
        self._body_bytes = 0

    # --- the connection -------------------------------------------------------------------------------------------

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        server = self.server or ("localhost", 80)
        self._base = {
            "SCRIPT_NAME": "",
            "SERVER_NAME": server[0],
            "SERVER_PORT": str(server[1] or 80),
            "REMOTE_ADDR": self.client[0] if self.client else "",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": self.scheme,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
            "wsgi.input_terminated": True,
            ON_EVENT_LOOP: True,
            SUPPORTED: True,
        }
        self._last_active = self.loop.time()
        self._idle_timer = self.loop.call_later(IDLE_SECONDS, self._close_if_idle)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._waiting.clear()
        self._is_deaf = True
        if self._idle_timer is not None:
            self._idle_timer.cancel()

    def data_received(self, data: bytes) -> None:
        if self._is_deaf:
            return
        self._last_active = self.loop.time()
        message, was_in_headers = self._messages, self._in_headers
        self._chunk_bytes = len(data)
        while data:
            try:
                self.parser.feed_data(data)
                data = b""
            except httptools.HttpParserUpgrade as upgrade:
                data = self._head_without_upgrade() + data[upgrade.args[0] :]
            except httptools.HttpParserError as error:
                self._refuse(_explained(error))
                return
            if self._is_deaf:
                return
        if was_in_headers and self._in_headers and message == self._messages:
            self._unparsed_bytes += self._chunk_bytes  # a header without an end is known to no one but this count
            if self._unparsed_bytes > MAX_HEADERS:
                self._refuse(_TOO_LONG)

    def pause_writing(self) -> None:
        """The client does not take its answers: take no more requests from it."""
        super().pause_writing()
        self.flow.pause_reading()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._answer_waiting()

    def shutdown(self) -> None:
        """The server stops: what was answered has been handed to the transport, which sends it before it closes."""
        self._hang_up()

    def _close_if_idle(self) -> None:
        idle = self.loop.time() - self._last_active
        if idle >= IDLE_SECONDS and not self._is_held:
            self.transport.close()
        else:
            self._idle_timer = self.loop.call_later(max(IDLE_SECONDS - idle, 1.0), self._close_if_idle)

    # --- one request, as the parser reads it ----------------------------------------------------------------------

    def _is_upgrade(self) -> bool:
        """Whether the client offers another protocol, as Java does by default: the parser then stops at the headers."""
        return "HTTP_UPGRADE" in self._environ and self.parser.should_upgrade() and not self._is_tunnel()

    def _is_tunnel(self) -> bool:
        return bool(self.parser.get_method() == b"CONNECT")

    def _has_too_many_headers(self) -> bool:
        """Whether request line and headers are too long; they cannot be where no more than that has come at all."""
        if self._chunk_bytes + self._unparsed_bytes <= MAX_HEADERS:
            return False
        return len(self._url) + sum(len(name) + len(value) + 4 for name, value in self._raw_headers) > MAX_HEADERS

    def _head_without_upgrade(self) -> bytes:
        """The head of a request once more, for a new parser, as if nothing had been offered: none is taken up here."""
        if self._is_tunnel():
            return b""
        lines = [b"%s %s HTTP/%s" % (self.parser.get_method(), self._url, self.parser.get_http_version().encode())]
        lines += [b"%s: %s" % header for header in self._raw_headers if header[0].lower() != b"upgrade"]
        self.parser = httptools.HttpRequestParser(self)
        return b"\r\n".join(lines) + b"\r\n\r\n"

    def on_message_begin(self) -> None:
        self._in_headers = True
        self._messages += 1
        self._unparsed_bytes = 0
        self._raw_headers = []
        self._url = b""
        self._environ = dict(self._base)
        self._body = bytearray()
        self._body_bytes = 0

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        header, key, text = _environ_entry((name, value))
        self._raw_headers.append(header)
        environ = self._environ
        environ[key] = f"{environ[key]},{text}" if key in environ else text

    def on_headers_complete(self) -> None:
        if self._has_too_many_headers():
            self._refuse(_TOO_LONG)
            return
        if self._is_upgrade():
            return
        self._in_headers = False
        declared = self._environ.get("CONTENT_LENGTH", "0")
        if declared.isdecimal() and int(declared) > MAX_REFUSED_BODY:
            self._refuse(_closing(answers.iis_not_found()))
        elif self._environ.get("HTTP_EXPECT", "").lower() == "100-continue" and not (self._is_held or self._is_deaf):
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if self._body_bytes <= MAX_BODY:
            self._body += body
        else:
            self._body.clear()
        if self._body_bytes > MAX_REFUSED_BODY and not self._is_deaf:
            self._refuse(_closing(answers.iis_not_found()))

    def on_message_complete(self) -> None:
        if self._is_deaf or self._is_upgrade():
            return
        environ = self._environ
        try:
            self._fill(environ)
        except (httptools.HttpParserError, ValueError):
            self._refuse(answers.bad_request("Invalid URL", "The request URL is invalid."))
            return
        if environ["SERVER_PROTOCOL"] not in ("HTTP/1.0", "HTTP/1.1"):
            self._refuse(_BAD_VERSION)
            return
        keep_alive = self.parser.should_keep_alive()
        if self._is_held or self.flow.write_paused:
            self._waiting.append(partial(self._answer, environ, keep_alive))
            self.flow.pause_reading()
        else:
            self._answer(environ, keep_alive)

    def _fill(self, environ: dict[str, Any]) -> None:
        """What the request line and the body say."""
        host, environ["PATH_INFO"], environ["QUERY_STRING"] = _parsed_url(self._url)
        if host:
            environ["HTTP_HOST"] = host
        environ["REQUEST_METHOD"] = self.parser.get_method().decode("latin-1")
        environ["SERVER_PROTOCOL"] = f"HTTP/{self.parser.get_http_version()}"
        if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            environ["CONTENT_LENGTH"] = str(self._body_bytes)
        environ["wsgi.input"] = BytesIO(self._body)
        environ[HEAD] = (self._url, tuple(self._raw_headers), environ["SERVER_PROTOCOL"], environ["REMOTE_ADDR"])

    # --- its answer -----------------------------------------------------------------------------------------------

    def _answer(self, environ: dict[str, Any], keep_alive: bool) -> None:
        try:
            status, headers, body = self._ask(environ)
        except Postponed as postponed:
            environ["wsgi.input"].seek(0)
            self.flow.pause_reading()  # a client that goes is not noticed: its call is made all the same
            seconds = max(min(postponed.seconds, _RETRY_SECONDS), _LEAST_SECONDS)
            self._hold(seconds, self._answer, environ, keep_alive)
            return
        except NeedsThread:
            self._answer_from_thread(environ, keep_alive)
            return
        effect: WireEffect | None = environ.get(EFFECT)
        if effect is not None:
            self._answer_with(effect, Answer(status, headers, body), environ, keep_alive)
        elif not self._write(status, headers, body, environ, keep_alive):
            self._hang_up()

    def _ask(self, environ: dict[str, Any]) -> tuple[str, Headers, bytes]:
        """What the application answers."""
        head: list[Any] = []

        def start_response(status: str, headers: Headers, exc_info: Any = None) -> None:
            head[:] = [status, headers]

        body = b"".join(self.app(environ, start_response))
        return head[0], head[1], body

    def _answer_from_thread(self, environ: dict[str, Any], keep_alive: bool) -> None:
        """Have the application asked in a thread, and write its answer when it comes."""
        self._is_held = True
        self.flow.pause_reading()
        environ[ON_EVENT_LOOP] = False
        asked = self.loop.run_in_executor(None, self._ask, environ)

        def write(done: asyncio.Future[tuple[str, Headers, bytes]]) -> None:
            if self.transport.is_closing():
                return
            self._is_held = False
            error = done.exception()
            status, headers, body = _BROKEN if error is not None else done.result()
            if not self._write(status, headers, body, environ, keep_alive):
                self._hang_up()
            self._answer_waiting()

        asked.add_done_callback(write)

    def _answer_with(self, effect: WireEffect, answer: Answer, environ: dict[str, Any], keep_alive: bool) -> None:
        """Do to an answer what a fault rule says, when its time has come."""
        if not effect.is_due:
            self._hold(_RETRY_SECONDS, self._answer_with, effect, answer, environ, keep_alive)
            return
        if effect.resets:
            self._is_deaf = True
            self._waiting.clear()
            _reset(self.transport)
            return
        length = effect.body_length(len(answer.body))
        head, keep_alive = self._head(answer.status, answer.headers, length, environ, keep_alive)
        self.server_state.total_requests += 1
        self._let_out(
            effect, effect.sent(head, answer.body if environ["REQUEST_METHOD"] != "HEAD" else b""), keep_alive
        )

    def _let_out(self, effect: WireEffect, left: bytes, keep_alive: bool, sent: int = 0) -> None:
        """Send as much of an answer as may have gone by now; the rest later."""
        allowed = max(effect.allowed(sent + len(left)) - sent, 0)
        if allowed > 0:
            self.transport.write(left[:allowed])
            self._last_active = self.loop.time()
        if allowed < len(left):
            self._hold(_RETRY_SECONDS, self._let_out, effect, left[allowed:], keep_alive, sent + allowed)
        elif effect.ends_connection or not keep_alive:
            self._say_goodbye()

    def _hold(self, seconds: float, go_on: Callable[..., None], *arguments: Any) -> None:
        """Go on soon: the center's clock may be moved at any time."""
        self._is_held = True
        self.loop.call_later(seconds, self._go_on, go_on, arguments)

    def _go_on(self, go_on: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        if self.transport.is_closing():
            return
        self._is_held = False
        go_on(*arguments)
        self._answer_waiting()

    def _hang_up(self) -> None:
        self._is_deaf = True
        self._waiting.clear()
        self.transport.close()

    def _say_goodbye(self) -> None:
        """Send no more, and close.

        What the client still sends is read and thrown away for a moment: closing on unread bytes would reset the
        connection, and with it the answer.
        """
        self._is_deaf = True
        self._waiting.clear()
        if not self.transport.can_write_eof():
            self.transport.close()
        else:
            self.transport.write_eof()
            self.flow.resume_reading()
            self.loop.call_later(_LINGER_SECONDS, self.transport.close)

    def _answer_waiting(self) -> None:
        """Go on with the requests that came while an answer was held, or could not be sent."""
        while self._waiting and not (self._is_held or self.flow.write_paused):
            self._waiting.popleft()()
        if not (self._is_held or self.flow.write_paused or self.transport.is_closing()):
            self.flow.resume_reading()

    def _write(self, status: str, headers: Headers, body: bytes, environ: dict[str, Any], keep_alive: bool) -> bool:
        """Put an answer on the wire in one go and return whether another may follow."""
        head, keep_alive = self._head(status, headers, len(body), environ, keep_alive)
        # An empty piece would never leave the buffers of asyncio's own loop.
        self.transport.writelines([head, body] if body and environ.get("REQUEST_METHOD") != "HEAD" else [head])
        self._last_active = self.loop.time()
        self.server_state.total_requests += 1
        return keep_alive

    def _head(
        self, status: str, headers: Headers, length: int, environ: dict[str, Any], keep_alive: bool
    ) -> tuple[bytes, bool]:
        """Status line and headers, and whether another answer may follow.

        A ``Connection`` header among the answer's own means that it is the last.
        """
        head, is_last = _encoded_head(status, tuple(headers))
        if is_last:
            keep_alive = False
        is_default = keep_alive and environ.get("SERVER_PROTOCOL") != "HTTP/1.0"
        connection = b"" if is_default else _CONNECTION[keep_alive]
        text = b"%sDate: %s\r\nContent-Length: %d\r\n%s\r\n" % (head, self._date(), length, connection)
        return text, keep_alive

    def _refuse(self, answer: Answer) -> None:
        """Answer what is no proper request when those before it have been answered, and close."""
        if self._is_deaf:
            return
        self._is_deaf = True
        if self._is_held or self._waiting:
            self._waiting.append(partial(self._refuse_now, answer))
        else:
            self._refuse_now(answer)

    def _refuse_now(self, answer: Answer) -> None:
        self._write(answer.status, answer.headers, answer.body, {}, False)
        self._say_goodbye()

    def _date(self) -> bytes:
        """The Date header that uvicorn keeps up to date once a second, the first of its own."""
        return self.server_state.default_headers[0][1]


@lru_cache(maxsize=64)
def _encoded_head(status: str, headers: tuple[tuple[str, str], ...]) -> tuple[bytes, bool]:
    """Status line and headers but for those that are the transport's own, and whether they end the connection."""
    own = [name.lower() for name, _ in headers]
    lines = [f"{name}: {value}" for name, value in headers if name.lower() not in ("connection", "content-length")]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, ""]).encode("latin-1", "replace"), "connection" in own


@lru_cache(maxsize=1024)
def _environ_entry(header: tuple[bytes, bytes]) -> tuple[tuple[bytes, bytes], str, str]:
    """A header, its WSGI name and its text; a client sends most of them again and again, and the first copy stays."""
    name = header[0].decode("latin-1").upper().replace("-", "_")
    key = name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"
    return header, key, header[1].decode("latin-1").strip(" \t")


@lru_cache(maxsize=256)
def _parsed_url(url: bytes) -> tuple[str, str, str]:
    """Host (where the request line has one), path without percent signs and query of a URL."""
    host = ""
    if url.startswith(b"/"):
        path, _, query = url.partition(b"?")
    else:
        parsed = httptools.parse_url(url)
        path, query = parsed.path or b"/", parsed.query or b""
        if parsed.host:
            name = parsed.host.decode("latin-1")
            host = (f"[{name}]" if ":" in name else name) + (f":{parsed.port}" if parsed.port else "")
    return host, (unquote_to_bytes(path) if b"%" in path else path).decode("latin-1"), query.decode("latin-1")


def _reset(transport: Any) -> None:
    """Tear the connection down: the client sees it reset, not closed."""
    connection = transport.get_extra_info("socket")
    if connection is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGERING)
    transport.abort()


_NO_LINGERING = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_BROKEN: tuple[str, Headers, bytes] = ("500 Internal Server Error", [], b"")
_BAD_VERSION = answers.http_sys(
    "505 HTTP Version Not Supported",
    "Version Not Supported",
    "The request used an HTTP version that is not supported.",
)
_TOO_LONG = answers.bad_request("Request Too Long", "The size of the request headers is too long.")


def _explained(error: httptools.HttpParserError) -> Answer:
    """http.sys's page for what the parser did not like."""
    if isinstance(error, httptools.HttpParserInvalidMethodError):
        return answers.bad_request("Invalid Verb", "The request verb is invalid.")
    if isinstance(error, httptools.HttpParserInvalidURLError):
        return answers.bad_request("Invalid URL", "The request URL is invalid.")
    return answers.bad_request("Invalid Header", "The request has an invalid header name.")


def _closing(answer: Answer) -> Answer:
    """The answer, with the connection closed after it."""
    return Answer(answer.status, [*answer.headers, ("Connection", "close")], answer.body, answer.outcome)
