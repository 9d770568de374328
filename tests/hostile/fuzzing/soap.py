"""SOAP requests over sockets: spoilt envelopes, and spoilt requests of HTTP as a whole."""

from __future__ import annotations

import random
import socket
from contextlib import suppress

from tests.hostile.test_fuzz import SERVICES, Target, arguments_of, call, check_soap_answer, post
from tests.messages import action
from tests.raw_http import TIMEOUT, Connection, Reply

from .mutation import mutated

_FRAMED = b"E"
_RAW = b"R"
_READING = ("GetCampaigns", "Get200CampaignContacts", "GetContactStatus", "FindContactsByPhoneNumber")


class SoapRequests:
    """A server with three contacts and one session: no spoilt request may change them, nor the server end."""

    def __init__(self) -> None:
        self._target = Target()
        self._calls: list[tuple[str, bytes]] = []
        for name in SERVICES:
            keys = ("nobody", self._target.key) if name in _READING else ("nobody",)
            self._calls += [(name, call(name, arguments_of(name, key)).encode()) for key in keys]
        self._bodies = [body for _, body in self._calls]
        self._connection: Connection | None = None
        self._plug: socket.socket | None = None

    def make(self, chance: random.Random) -> bytes:
        """A request with a letter in front: whether its head is in order, so that the connection can be kept."""
        name, body = chance.choice(self._calls)
        if chance.random() < 0.9:
            return _FRAMED + post(SERVICES[name], mutated(chance, body, self._bodies), action=action(name))
        return _RAW + mutated(chance, post(SERVICES[name], body, action=action(name)), self._bodies)

    def attempt(self, data: bytes) -> None:
        """Send it; what comes back has to be something that ASP.NET says."""
        kind, request = data[:1], data[1:]
        if kind == _RAW:
            said = self._target.exchange(request)
            assert b"Traceback" not in said
            assert not said or said.startswith(b"HTTP/1.1 "), said[:80]
            return
        _check(self._kept(request))

    def check(self) -> None:
        """The contacts and the session are there, and calls are answered."""
        self._target.check_unharmed()

    def close(self) -> None:
        """Stop the server."""
        self._drop()
        self._target.server.stop()

    def _kept(self, request: bytes) -> Reply:
        """The answer on the connection that is kept, or on a new one where the server closed that."""
        if self._plug is None or self._connection is None:
            self._plug = socket.create_connection(("127.0.0.1", self._target.server.port), TIMEOUT)
            self._plug.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connection = Connection(self._plug)
        try:
            self._connection.send(request)
            reply = self._connection.reply()
        except BaseException:
            self._drop()
            raise
        if (reply.header("Connection") or "").lower() == "close":
            self._drop()
        return reply

    def _drop(self) -> None:
        if self._plug is not None:
            with suppress(OSError):
                self._plug.close()
        self._plug = self._connection = None


def _check(reply: Reply) -> None:
    try:
        check_soap_answer(reply)
    except AssertionError:
        # A refusal of CCMM's own has its number in the detail, and many wordings.
        if reply.status != 500 or b"ErrorNumber>" not in reply.body:
            raise
