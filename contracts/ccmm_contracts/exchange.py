"""A request and its answer as they went over the wire, with what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .answer import Answer

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One HTTP request; ``url`` is absolute."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """One HTTP answer."""

    status: int
    reason: str = ""
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str:
        """The value of a header, in whatever letter case it was sent; empty where there is none."""
        return next((value for one, value in self.headers if one.lower() == name.lower()), "")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A call and what became of it.

    ``arguments`` are in the domain's words; ``answer`` is None where the exchange was no call of an operation (a WSDL,
    a probe of the protocol). ``user`` is whose session it was. ``seconds`` is how long it took. ``invalid`` is what the
    WSDL's schema has against the answer's body, empty where it is valid.
    """

    number: int
    request: HttpRequest
    response: HttpResponse
    operation: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    answer: Answer | None = None
    user: str | None = None
    soap: str = "1.1"
    seconds: float = 0.0
    invalid: str = ""
