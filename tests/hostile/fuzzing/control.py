"""Requests to the control API, each answer held against its OpenAPI document."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote_from_bytes

from werkzeug.test import EnvironBuilder

from tests.control.steering import BASE, DOCUMENT, Steering

from .mutation import mutated

_NEW_AFTER = 200
_VALUES = {"center": b"default", "campaign_id": b"1", "contact_id": b"1", "name": b"a", "username": b"anna"}
_BODIES = tuple(
    json.dumps(one).encode()
    for one in (
        {"administrators": [{"username": "a", "password": "b"}], "profile": {"limit_seconds": 0.5}},
        {
            "campaign_id": 7,
            "name": "New",
            "status": "Running",
            "contacts": [{"first_name": "Zo\u00eb", "skillset_id": 11}],
        },
        [{"first_name": "A", "skillset_id": 11, "phone_number": {"phone_no": "1"}, "custom_fields": []}],
        {"contacts": [{"first_name": "A", "skillset_id": 11, "custom_fields": [{"name": "Account", "text": "x"}]}]},
        {"frozen": True, "now": "2026-03-02T09:00:00Z"},
        {"seconds": 1.5},
        {"status": "Closed"},
        {"name": "f", "when": {"operation": "CloseContact", "username": "anna"}, "nth": 3, "do": {"kind": "reset"}},
        {"when": {"operation": "GetCampaigns"}, "rate": 0.5, "do": {"kind": "soap-fault", "text": "no", "number": 1}},
        {"at": "2026-03-02T10:00:00Z", "do": {"kind": "campaign-closes", "campaign_id": 1}},
        {"after": 60, "do": {"kind": "expire-session", "username": "anna"}},
        {"operation": "OutboundLogin", "count": 1, "at_least": 1, "arguments": {"username": "anna"}},
        {"unknown_campaign": "empty", "dates": "utc"},
        {},
    )
)
_QUERIES = (b"", b"", b"limit=1", b"after=0&limit=2", b"operation=GetCampaigns", b"status=New", b"pretty=true")


def _routes() -> Iterable[tuple[str, bytes]]:
    for path, methods in DOCUMENT["paths"].items():
        filled = path.encode()
        for name in [one.partition("}")[0] for one in path.split("{")[1:]]:
            filled = filled.replace(b"{%s}" % name.encode(), _VALUES.get(name, b"1"))
        for method in methods:
            if method in ("get", "put", "post", "patch", "delete", "head"):
                yield method.upper(), filled


class ControlRequests:
    """The control API over a small center, which is made anew now and then: what is in order changes it."""

    def __init__(self) -> None:
        self._routes = sorted(_routes())
        self._paths = [path for _, path in self._routes]
        self._steering = Steering()
        self._tried = 0

    def make(self, chance: random.Random) -> bytes:
        """Method, path with query, and body, each on its own part."""
        method, path = chance.choice(self._routes)
        body, query = chance.choice(_BODIES), chance.choice(_QUERIES)
        spoilt = chance.randrange(8)
        if spoilt == 0:
            path = quote_from_bytes(mutated(chance, path, self._paths), safe="/%").encode()
        elif spoilt == 1:
            query = quote_from_bytes(mutated(chance, query or b"limit=1", _QUERIES), safe="=&%").encode()
        if spoilt > 0:
            body = mutated(chance, body, _BODIES)
        kind = chance.choice((b"application/json",) * 9 + (b"application/yaml", b"text/csv", b"application/toml", b""))
        return b"\x1f".join((method.encode(), path + (b"?" + query if query else b""), kind, body))

    def attempt(self, data: bytes) -> None:
        """Send it; the answer has to be one that the document tells of."""
        self._tried += 1
        if self._tried % _NEW_AFTER == 0:
            self._steering = Steering()
        method, path, kind, body = data.split(b"\x1f", 3)
        url = path.decode("ascii")
        if not url.startswith("/") or url.startswith("//"):
            return  # the test's client would send another address: with a slash in front, or a part of it as the host
        how: dict[str, Any] = {
            "data": body if method not in (b"GET", b"HEAD") else b"",
            "content_type": kind.decode() or None,
        }
        try:
            EnvironBuilder(path=url, method=method.decode(), **how).close()
        except ValueError:
            return  # such an address cannot be sent at all
        self._steering.send(method.decode(), url, **how)

    def check(self) -> None:
        """A new one works as ever."""
        assert Steering().send("GET", BASE).status_code == 200

    def close(self) -> None:
        """Nothing is left."""
