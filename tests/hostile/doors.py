"""A small server with bounds of a test's own, and ways to ask it."""

from __future__ import annotations

import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any

from fake_ccmm import Administrator, CampaignDetails, Contact, ContactCenter, FakeCcmm, SettableClock, Skillset
from fake_ccmm.profile import make_profile
from tests.messages import CAMPAIGN, TEXT_XML, UTILITY, D, action, envelope, login, operation
from tests.raw_http import TIMEOUT, Site

CALL = envelope(login("nobody")).encode()


@dataclass(frozen=True)
class Door:
    """A server that runs, and who is logged in there."""

    ccmm: FakeCcmm
    site: Site
    key: str

    @property
    def center(self) -> ContactCenter:
        return self.ccmm.center

    def call(self, body: bytes = CALL, path: str = UTILITY, headers: tuple[tuple[str, str], ...] = ()) -> bytes:
        """The bytes of a login that is refused, as of any call that is read to its end."""
        named = [("Content-Type", TEXT_XML), ("SOAPAction", action("OutboundLogin")), *headers]
        return self.site.request("POST", path, named, body)

    def append(self) -> bytes:
        """The bytes of an append to the only campaign."""
        contact = f'<contact><SkillsetID xmlns="{D}">1</SkillsetID></contact>'
        arguments = f"<CampaignID>1</CampaignID>{contact}<sessionKey>{self.key}</sessionKey>"
        body = envelope(operation("AppendContactsToCampaign", arguments)).encode()
        headers = [("Content-Type", TEXT_XML), ("SOAPAction", action("AppendContactsToCampaign"))]
        return self.site.request("POST", CAMPAIGN, headers, body)

    @contextmanager
    def plug(self) -> Iterator[socket.socket]:
        """A connection on which anything can be sent at any pace."""
        with socket.create_connection(("127.0.0.1", self.ccmm.port), TIMEOUT) as plug:
            yield plug

    def is_served(self) -> bool:
        """Whether a client on a connection of its own is answered as ever."""
        return b"Invalid Administrator Login" in self.site.exchange(self.call()).body

    def steer(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and document of the control API's answer."""
        connection = HTTPConnection("127.0.0.1", self.ccmm.port, timeout=TIMEOUT)
        try:
            data = body if isinstance(body, (bytes, type(None))) else json.dumps(body).encode()
            connection.request(method, f"/control/v1{path}", data, {"Content-Type": "application/json"} if data else {})
            answer = connection.getresponse()
            said = answer.read()
            return answer.status, json.loads(said) if said else None
        finally:
            connection.close()


@contextmanager
def door(
    bounds: dict[str, Any] | None = None, *, contacts: int = 0, profile: dict[str, Any] | None = None, tls: Any = None
) -> Iterator[Door]:
    """A server with one campaign, its clock standing still."""
    center = ContactCenter(
        administrators=[Administrator("anna", "secret")],
        skillsets=[Skillset(1, "Sales")],
        clock=SettableClock(),
        profile=make_profile({"limit_seconds": 0, **(profile or {})}),
    )
    center.add_campaign(CampaignDetails(1, "Spring"), [Contact(skillset_id=1, title="x" * 200)] * contacts)
    with FakeCcmm(center, bounds=bounds, tls=tls) as ccmm:
        yield Door(ccmm, Site("127.0.0.1", ccmm.port), center.log_in("anna", "secret"))


def says_how_to_have_more(text: str, bound: str, value: int) -> bool:
    """Whether a refusal names the bound, what it is and how to change it."""
    return f"the bound {bound} is {value:,}" in text and f"--bound {bound}=N" in text


def drip(plug: socket.socket, piece: bytes, every: float = 0.01) -> bytes:
    """Send a piece now and then, until the server ends the connection; returns what it has said by then."""
    said = b""
    ends = time.monotonic() + TIMEOUT
    plug.settimeout(every)
    while time.monotonic() < ends:
        with suppress(TimeoutError, ssl.SSLWantReadError):
            try:
                plug.sendall(piece)
                more = plug.recv(65536)
            except (ConnectionError, ssl.SSLEOFError):
                return said
            if not more:
                return said
            said += more
    raise AssertionError("the server bore with the client to the end")


def wait_until(is_so: Callable[[], bool], door: Door) -> None:
    """Ask something of the server, which takes it a moment, until it is so."""
    ends = time.monotonic() + TIMEOUT
    while not is_so():
        assert time.monotonic() < ends, "it does not come to that"
        door.steer("GET", "/clock")
