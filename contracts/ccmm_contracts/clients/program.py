"""Makes a program of a client written in Python: one that the kit drives over lines of JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any, BinaryIO

from .protocol import NAMES, PROTOCOL, WORK, ClientError, answer_line, error_of

Factory = Callable[[], Any]
"""Makes a client: an object with a method for each thing that it offers, named as in the protocol."""


class Workshop:
    """Answers the requests of the protocol with clients of a factory, a fresh one at every ``start``."""

    def __init__(self, factory: Factory) -> None:
        self._factory = factory
        self._client = factory()

    def answer(self, name: str, arguments: dict[str, Any]) -> Any:
        """The result of one request; raises what the client raises, and ClientError for what it does not offer."""
        if name == "hello":
            return self._hello()
        if name not in NAMES:
            raise ClientError("unsupported", f"there is no request {name!r}")
        if name == "start":
            self._client = self._factory()
        method = getattr(self._client, name, None)
        if name == "end" and method is None:
            method = getattr(self._client, "log_off", None)
        if method is None:
            raise ClientError("unsupported", f"this client has no {name}")
        return method(**arguments)

    def _hello(self) -> dict[str, Any]:
        client = self._client
        declared = getattr(client, "can", None)
        can = [one for one in WORK if callable(getattr(client, one, None))] if declared is None else list(declared)
        return {"name": str(getattr(client, "name", type(client).__name__)), "can": can, "protocol": PROTOCOL}


def serve_lines(factory: Factory, *, requests: BinaryIO | None = None, answers: BinaryIO | None = None) -> None:
    """Read requests from standard input and answer them on standard output, until there are no more.

    What the client prints meanwhile goes to standard error, so that it does not spoil the answers.
    """
    lines = sys.stdin.buffer if requests is None else requests
    out = sys.stdout.buffer if answers is None else answers
    with redirect_stdout(sys.stderr):
        workshop = Workshop(factory)
        for line in lines:
            request = json.loads(line)
            number, name = request.pop("id"), request.pop("do")
            try:
                answer = answer_line(number, workshop.answer(name, request))
            except Exception as error:
                answer = answer_line(number, error=error_of(error))
            out.write(answer.encode() + b"\n")
            out.flush()
