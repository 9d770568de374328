"""One request to the control API, as its handlers see it, and what they answer where the body is not all."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from werkzeug.wrappers import Request

from ..bounds import Bounds
from ..world import World, Worlds
from .metrics import Metrics
from .reading import parse_json, read_as

_T = TypeVar("_T")
_PORT = re.compile(r":\d*\Z")


@dataclass(frozen=True, slots=True)
class Server:
    """What there is to steer. ``check_soap`` raises SetupError where a SOAP login does not work; ``port`` is that of
    the services, None where it is the one that steering has too.
    """

    worlds: Worlds
    check_soap: Callable[[], None]
    metrics: Metrics
    port: int | None

    @property
    def bounds(self) -> Bounds:
        """What the server takes at most."""
        return self.worlds.bounds


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with headers or a content type of its own; ``value`` is bytes, or goes out as JSON."""

    value: Any
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class ControlRequest:
    """A request that was let through: ``path`` and ``query`` are the values of its parameters, ``data`` is its body."""

    def __init__(
        self, server: Server, request: Request, path: Mapping[str, Any], query: Mapping[str, Any], data: bytes
    ) -> None:
        self.server = server
        self.path = path
        self.query = query
        self.data = data
        self.content_type = request.mimetype
        self._environ = request.environ

    @property
    def site(self) -> str:
        """Where the services are, by the host name the client used: ``http://localhost:8080``."""
        environ = self._environ
        host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
        if self.server.port is not None:
            host = f"{_PORT.sub('', host)}:{self.server.port}"
        return f"{environ['wsgi.url_scheme']}://{host}"

    @cached_property
    def world(self) -> World:
        """The center the path names; UnknownName where there is none."""
        return self.server.worlds.get(self.path["center"])

    @cached_property
    def document(self) -> Any:
        """What the JSON of the body says; a ControlError where it is none."""
        return parse_json(self.data)

    def read(self, cls: type[_T]) -> _T:
        """The body as a dataclass; a ControlError tells everything that is wrong in it."""
        return read_as(cls, self.document)
