"""The one bridge between uvicorn and the WSGI application.

A subclass of uvicorn's HTTP protocol collects each request, with bounds, and calls the application straight from the
event loop: a call is tens of microseconds and never waits. A call that is postponed is made again later by a
timer, while its connection waits; so is an answer that a fault rule holds back or lets out in drops. A request that
may take long is made in a thread.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from functools import partial
from io import BytesIO
from typing import Any

import httptools

from .app import NO_HOLDING, ON_EVENT_LOOP, NeedsThread
from .asmx import answers
from .asmx.answers import Answer, Headers
from .bounds import BODY_TOO_LONG
from .connection import BODY, HEAD, NOTHING, Connection
from .errors import Postponed
from .recording import HEAD as REQUEST_HEAD
from .wire_faults import EFFECT, SUPPORTED, WireEffect
from .wire_text import (
    BAD_URL,
    BAD_VERSION,
    BROKEN,
    TOO_LONG,
    UNAVAILABLE,
    closing,
    encoded_head,
    environ_entry,
    explained,
    parsed_url,
)

MAX_REFUSED_BODY = 30_000_000
"""Bytes of a body that IIS does not even take in (404.13); up to this, ASP.NET answers with a fault."""

_RETRY_SECONDS = 0.02
_LEAST_SECONDS = 0.001  # less is at once to uvloop, which would spin where the clock stands still
_MANY_HELD = 100  # so many more calls that are held back, and each is looked at only half as often
_SMALL_BODY = 16 * 1024
_MOST_FRAMING = 16  # bytes around each byte of a body in chunks, which may all be of one byte

_CONNECTION = {True: b"Connection: keep-alive\r\n", False: b"Connection: close\r\n"}


class CcmmHttpProtocol(Connection):
    """The requests of one connection, and their answers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._base: dict[str, Any] = {}
        self._chunk_bytes = 0
        self._unparsed_bytes = 0
        self._messages = 0
        self._raw_headers: list[tuple[bytes, bytes]] = []
        self._url = b""
        self._environ: dict[str, Any] = {}
        self._body = bytearray()
        self._most_body = 0

    # --- the connection -------------------------------------------------------------------------------------------

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._begin_watch()
        if len(self.connections) > self.gate.most_connections:
            head, _ = self._head(UNAVAILABLE.status, UNAVAILABLE.headers, len(UNAVAILABLE.body), {}, False)
            self._turn_away(head + UNAVAILABLE.body)
            return
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

    def data_received(self, data: bytes) -> None:
        if self._is_deaf:
            return
        message, phase, body_bytes = self._messages, self._phase, self._body_bytes
        self._chunk_bytes = size = len(data)
        while data:
            try:
                self.parser.feed_data(data)
                data = b""
            except httptools.HttpParserUpgrade as upgrade:
                data = self._head_without_upgrade() + data[upgrade.args[0] :]
            except httptools.HttpParserError as error:
                self._refuse(explained(error))
                return
            if self._is_deaf:
                return
        if message == self._messages and phase == self._phase:
            self._count_unparsed(size if phase != BODY else size - (self._body_bytes - body_bytes))

    def _count_unparsed(self, size: int) -> None:
        """Count what belongs to no body: a header without an end is known to no one but this count."""
        self._unparsed_bytes += size
        most = self.gate.header_bytes
        if self._phase == BODY:
            most += _MOST_FRAMING * self._body_bytes
        if self._unparsed_bytes > most:
            self.gate.tell_exceeded("header_bytes", f"headers of {self._unparsed_bytes:,} bytes and more were refused")
            self._refuse(TOO_LONG)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._answer_waiting()

    def shutdown(self) -> None:
        """The server stops: what was answered has been handed to the transport, which sends it before it closes."""
        self._hang_up()

    # --- one request, as the parser reads it ----------------------------------------------------------------------

    def _is_upgrade(self) -> bool:
        """Whether the client offers another protocol, as Java does by default: the parser then stops at the headers."""
        return "HTTP_UPGRADE" in self._environ and self.parser.should_upgrade() and not self._is_tunnel()

    def _is_tunnel(self) -> bool:
        return bool(self.parser.get_method() == b"CONNECT")

    def _check_headers(self) -> None:
        """Refuse request line and headers that are too many or too long."""
        count = len(self._raw_headers)
        size = len(self._url) + sum(len(name) + len(value) + 4 for name, value in self._raw_headers)
        if count > self.gate.most_headers:
            self.gate.tell_exceeded("headers", f"a request with {count:,} headers was refused")
        elif size > self.gate.header_bytes:
            self.gate.tell_exceeded("header_bytes", f"headers of {size:,} bytes were refused")
        else:
            return
        self._refuse(TOO_LONG)

    def _head_without_upgrade(self) -> bytes:
        """The head of a request once more, for a new parser, as if nothing had been offered: none is taken up here."""
        if self._is_tunnel():
            return b""
        lines = [b"%s %s HTTP/%s" % (self.parser.get_method(), self._url, self.parser.get_http_version().encode())]
        lines += [b"%s: %s" % header for header in self._raw_headers if header[0].lower() != b"upgrade"]
        self.parser = httptools.HttpRequestParser(self)
        return b"\r\n".join(lines) + b"\r\n\r\n"

    def on_message_begin(self) -> None:
        self._phase = HEAD
        self._since = self.loop.time()
        self._messages += 1
        self._unparsed_bytes = 0
        self._raw_headers = []
        self._url = b""
        self._environ = dict(self._base)
        self._body = bytearray()
        self._body_bytes = 0
        self._most_body = self.gate.body_bytes

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._phase == BODY:
            return  # it stands behind a body in chunks, where nobody looks for it
        header, key, text = environ_entry((name, value))
        self._raw_headers.append(header)
        environ = self._environ
        environ[key] = f"{environ[key]},{text}" if key in environ else text

    def on_headers_complete(self) -> None:
        gate = self.gate
        if len(self._raw_headers) > gate.most_headers or self._chunk_bytes + self._unparsed_bytes > gate.header_bytes:
            self._check_headers()  # they cannot be too long where no more than that has come at all
            if self._is_deaf:
                return
        if self._is_upgrade():
            return
        self._phase = BODY
        self._since = self.loop.time()
        declared = self._environ.get("CONTENT_LENGTH", "0")
        if declared.isdecimal() and int(declared) > self._most_body and not self._may_come(int(declared)):
            return
        if self._environ.get("HTTP_EXPECT", "").lower() == "100-continue" and not (self._is_held or self._is_deaf):
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if self._body_bytes <= _SMALL_BODY or self._may_grow():
            self._body += body

    def _may_grow(self) -> bool:
        """Whether more of a large body is kept; what is not kept is still read, as far as IIS would read it."""
        if self._is_deaf or (self._body_bytes > self._most_body and not self._may_come(self._body_bytes)):
            return False
        if self._body_bytes > self._most_body:
            self._body.clear()
            self._release()
            return False
        if not self._hold_bytes(self._body_bytes):
            self.gate.tell_exceeded("pending_bytes", f"a body of {self._body_bytes:,} bytes and more was refused")
            self._refuse(UNAVAILABLE)
            return False
        return True

    def _may_come(self, size: int) -> bool:
        """Whether a body of more than ``body_bytes`` is read at all; where it is not, it is refused.

        For the control API it may be longer, and for the services ASP.NET tells that it is too long.
        """
        bounds = self.gate.bounds
        if self._is_for_control():
            self._most_body = bounds.control_body_bytes
            if size > self._most_body:
                self._environ[BODY_TOO_LONG] = size
                self._body.clear()
                self._answer_request(is_last=True)
                return False
        elif size > max(MAX_REFUSED_BODY, bounds.body_bytes):
            self.gate.tell_exceeded("body_bytes", f"a body of {size:,} bytes was refused")
            self._refuse(closing(answers.iis_not_found()))
            return False
        return True

    def _is_for_control(self) -> bool:
        try:
            return bool(self.app.is_control(self._environ, parsed_url(self._url)[1]))
        except httptools.HttpParserError:
            return False

    def on_message_complete(self) -> None:
        if self._is_deaf or self._is_upgrade():
            return
        self._phase = NOTHING
        self._answer_request()

    def _answer_request(self, *, is_last: bool = False) -> None:
        """Answer the request that has come; or later, when those before it are answered.

        After the last one nothing more is listened to.
        """
        environ = self._environ
        try:
            self._fill(environ)
        except (httptools.HttpParserError, ValueError):
            self._refuse(BAD_URL)
            return
        if environ["SERVER_PROTOCOL"] not in ("HTTP/1.0", "HTTP/1.1"):
            self._refuse(BAD_VERSION)
            return
        keep_alive = self.parser.should_keep_alive() and not is_last
        self._is_deaf = is_last
        if self._is_held or self.flow.write_paused:
            self._waiting.append(partial(self._answer, environ, keep_alive))
            self.flow.pause_reading()
        else:
            self._answer(environ, keep_alive)

    def _fill(self, environ: dict[str, Any]) -> None:
        """What the request line and the body say."""
        host, environ["PATH_INFO"], environ["QUERY_STRING"] = parsed_url(self._url)
        if host:
            environ["HTTP_HOST"] = host
        environ["REQUEST_METHOD"] = self.parser.get_method().decode("latin-1")
        environ["SERVER_PROTOCOL"] = f"HTTP/{self.parser.get_http_version()}"
        if "CONTENT_LENGTH" in environ or "HTTP_TRANSFER_ENCODING" in environ:
            environ["CONTENT_LENGTH"] = str(self._body_bytes)
        environ["wsgi.input"] = BytesIO(self._body)
        environ[REQUEST_HEAD] = (
            self._url,
            tuple(self._raw_headers),
            environ["SERVER_PROTOCOL"],
            environ["REMOTE_ADDR"],
        )

    # --- its answer -----------------------------------------------------------------------------------------------

    def _answer(self, environ: dict[str, Any], keep_alive: bool) -> None:
        if self.gate.may_hold <= 0:
            environ[NO_HOLDING] = self.gate.tell_held
        try:
            status, headers, body = self._ask(environ)
        except Postponed as postponed:
            environ["wsgi.input"].seek(0)
            self.flow.pause_reading()  # a client that goes is not noticed: its call is made all the same
            often = _RETRY_SECONDS * (1 + self.gate.held / _MANY_HELD)
            seconds = max(min(postponed.seconds, often), _LEAST_SECONDS)
            self._hold(seconds, self._answer, environ, keep_alive)
            return
        except NeedsThread:
            self._answer_from_thread(environ, keep_alive)
            return
        effect: WireEffect | None = environ.get(EFFECT)
        if effect is not None:
            self._answer_with(effect, Answer(status, headers, body), environ, keep_alive)
        elif not self._write(status, headers, body, environ, keep_alive):
            self._end()

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
            status, headers, body = BROKEN if error is not None else done.result()
            if not self._write(status, headers, body, environ, keep_alive):
                self._end()
            self._answer_waiting()

        asked.add_done_callback(write)

    def _answer_with(self, effect: WireEffect, answer: Answer, environ: dict[str, Any], keep_alive: bool) -> None:
        """Do to an answer what a fault rule says, when its time has come."""
        if not effect.is_due:
            self._hold(_RETRY_SECONDS, self._answer_with, effect, answer, environ, keep_alive)
            return
        if effect.resets:
            self._reset()
            return
        self._release()
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
        self.gate.may_hold -= 1
        self.loop.call_later(seconds, self._go_on, go_on, arguments)

    def _go_on(self, go_on: Callable[..., None], arguments: tuple[Any, ...]) -> None:
        self.gate.may_hold += 1
        if self.transport.is_closing():
            return
        self._is_held = False
        go_on(*arguments)
        self._answer_waiting()

    def _end(self) -> None:
        """Close; what is not read yet of the request is read first."""
        if self._phase == BODY:
            self._say_goodbye()
        else:
            self._hang_up()

    def _answer_waiting(self) -> None:
        """Go on with the requests that came while an answer was held, or could not be sent."""
        while self._waiting and not (self._is_held or self.flow.write_paused):
            self._waiting.popleft()()
        if not (self._is_held or self.flow.write_paused or self.transport.is_closing()):
            self.flow.resume_reading()

    def _write(self, status: str, headers: Headers, body: bytes, environ: dict[str, Any], keep_alive: bool) -> bool:
        """Put an answer on the wire in one go and return whether another may follow."""
        self._release()
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
        head, is_last = encoded_head(status, tuple(headers))
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
