"""A center of one's own on a running server, calls to it in bytes, and sockets that see how a connection ends."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from types import TracebackType
from typing import Any
from xml.sax.saxutils import escape

from fake_ccmm import (
    Administrator,
    CampaignDetails,
    Contact,
    ContactCenter,
    FakeCcmm,
    PhoneNumber,
    Profile,
    SettableClock,
    Skillset,
)
from fake_ccmm.calls import CallPattern
from fake_ccmm.faults import Action, FaultRule
from fake_ccmm.journal import Exchange
from fake_ccmm.served import ServedCenter
from tests.messages import SOAP11, SOAP_XML, TEXT_XML, D, T, envelope, operation
from tests.raw_http import TIMEOUT, Reply, Site

SPRING, INBOX = 1, 2
"""The campaigns: one with 450 contacts, an empty one to append to."""

POLL = 0.02
"""Seconds between two looks that the server takes at an answer it holds."""

USER, PASSWORD = "anna", "secret"
START = datetime(2026, 3, 4, 5, 6, 7)
SERVICES = {
    "OutboundLogin": "OutboundUtilityWS",
    "OutboundLogoff": "OutboundUtilityWS",
    "GetCampaigns": "OutboundCampaignWS",
    "Get200CampaignContacts": "OutboundCampaignWS",
    "AppendContactsToCampaign": "OutboundCampaignWS",
}
"""Where the operations are; those that are not here are in OutboundContactWS."""


def small_center(profile: Profile | None = None) -> ContactCenter:
    """A center whose time stands still, without limits and time-outs unless the profile has some."""
    center = ContactCenter(
        administrators=[Administrator(USER, PASSWORD), Administrator("bert", PASSWORD)],
        skillsets=[Skillset(1, "OB_Sales")],
        clock=SettableClock(START),
        profile=profile or Profile(limit_seconds=0, session_timeout=0),
    )
    people = (
        Contact(first_name=f"P{number}", skillset_id=1, phone_number=PhoneNumber("353", "91", str(number)))
        for number in range(1, 451)
    )
    center.add_campaign(CampaignDetails(SPRING, "Spring", custom_field_names=("Account",)), people)
    center.add_campaign(CampaignDetails(INBOX, "Inbox"))
    return center


@dataclass(frozen=True)
class Wired:
    """A center, where its server listens, and a session key of USER."""

    served: ServedCenter
    site: Site
    key: str
    trust: ssl.SSLContext | None = None

    def strike(self, do: Action, operation: str | None = None, **rule: Any) -> FaultRule:
        """Put a rule in force for all calls, or those of one operation; its pattern has ``arguments`` and ``user``."""
        pattern = CallPattern(operation, rule.pop("user", None), rule.pop("arguments", {}))
        return self.served.faults.add(FaultRule(do=do, when=pattern, **rule))

    def rule(self) -> FaultRule:
        """The one rule in force, with its counters."""
        [rule] = self.served.faults.rules()
        return rule

    def last(self) -> Exchange:
        """The newest exchange in the journal that is no page."""
        return [one for one in self.served.journal.exchanges() if one.outcome != "page"][-1]

    def appended(self) -> int:
        """How many contacts have been appended."""
        return len(self.served.center.contacts(INBOX))

    # --- requests in bytes ----------------------------------------------------------------------------------------

    def path(self, name: str) -> str:
        """Where an operation is called."""
        url = self.served.service_url(SERVICES.get(name, "OutboundContactWS"))
        return url[url.index("/", len("https://")) :]

    def post(self, name: str, body: bytes, *, soap: str = SOAP11, version: str = "HTTP/1.1") -> bytes:
        """A request for an operation with this body."""
        headers = [("Content-Type", TEXT_XML), ("SOAPAction", f'"{T}{name}"')]
        if soap != SOAP11:
            headers = [("Content-Type", f'{SOAP_XML}; action="{T}{name}"')]
        return self.site.request("POST", self.path(name), headers, body, version=version)

    def request(
        self, name: str, *, xml: str = "", soap: str = SOAP11, version: str = "HTTP/1.1", **arguments: Any
    ) -> bytes:
        """A call with these arguments; ``xml`` stands before them as it is."""
        inner = xml + "".join(f"<{one}>{escape(str(value))}</{one}>" for one, value in arguments.items())
        return self.post(name, envelope(operation(name, inner), soap=soap).encode(), soap=soap, version=version)

    def append(self, first_name: str = "Zoë", *, version: str = "HTTP/1.1", key: str | None = None) -> bytes:
        """A call that appends a contact to INBOX."""
        contact = (
            f'<contact><FirstName xmlns="{D}">{first_name}</FirstName><SkillsetID xmlns="{D}">1</SkillsetID></contact>'
        )
        xml = f"<CampaignID>{INBOX}</CampaignID>{contact}"
        return self.request("AppendContactsToCampaign", xml=xml, sessionKey=key or self.key, version=version)

    def page(self, last_contact_id: int = 0, campaign_id: int = SPRING, *, version: str = "HTTP/1.1") -> bytes:
        """A call for a page of contacts."""
        arguments: dict[str, Any] = {
            "CampaignID": campaign_id,
            "LastContactID": last_contact_id,
            "sessionKey": self.key,
        }
        return self.request("Get200CampaignContacts", version=version, **arguments)

    def campaigns(self, **choices: Any) -> bytes:
        """A call for the campaigns, by default with the key of USER."""
        return self.request("GetCampaigns", **{"sessionKey": self.key, **choices})

    def close(self, contact_id: int, campaign_id: int = SPRING) -> bytes:
        """A call that closes a contact."""
        arguments: dict[str, Any] = {
            "campaignId": campaign_id,
            "contactId": contact_id,
            "customFieldSpecified": "false",
        }
        return self.request("CloseContact", closedReasonCodeSpecified="false", sessionKey=self.key, **arguments)

    def log_in(self, user: str = USER, password: str = PASSWORD) -> bytes:
        """A call that logs in."""
        return self.request("OutboundLogin", username=user, password=password)

    def log_off(self, user: str = USER) -> bytes:
        """A call that logs off."""
        return self.request("OutboundLogoff", username=user)

    # --- and their answers ----------------------------------------------------------------------------------------

    def ask(self, request: bytes) -> Reply:
        """The answer to a request on a connection of its own."""
        with self.plug() as plug:
            plug.send(request)
            return plug.reply()

    def end_of(self, request: bytes) -> tuple[bytes, str]:
        """All bytes that come for a request, and how its connection ends."""
        with self.plug() as plug:
            plug.send(request)
            return plug.to_the_end()

    def plug(self) -> Plug:
        """A connection to the server."""
        plain = socket.create_connection((self.site.host, self.site.port), TIMEOUT)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return Plug(plain, self.trust, self.site.host)

    def let_others_be_served(self) -> None:
        """Two calls one after the other: whatever reached the server before them has been looked at by then."""
        with self.plug() as plug:
            for _ in range(2):
                plug.send(self.site.request("GET", "/"))
                plug.reply()

    def is_silent(self, plug: Plug) -> bool:
        """Whether nothing comes on a connection, although the server has looked at it again in the meantime."""
        end = time.monotonic() + 2 * POLL
        while time.monotonic() < end:
            self.let_others_be_served()
        self.let_others_be_served()
        return plug.is_silent()


class Plug:
    """A connection that shows which bytes come, and whether it is closed (FIN) or reset (RST), under TLS too."""

    def __init__(self, plain: socket.socket, trust: ssl.SSLContext | None, host: str) -> None:
        self._plain = plain
        self._come = b""
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = trust.wrap_bio(self._in, self._out, server_hostname=host) if trust else None
        while self._tls:
            with suppress(ssl.SSLWantReadError):
                self._tls.do_handshake()
                break
            plain.sendall(self._out.read())
            self._in.write(plain.recv(65536))
        self.send(b"")

    def __enter__(self) -> Plug:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._plain.close()

    def send(self, data: bytes) -> None:
        if self._tls:
            while data:
                data = data[self._tls.write(data) :]
            data = self._out.read()
        self._plain.sendall(data)

    def read(self, length: int) -> bytes:
        """The next so many bytes."""
        while len(self._come) < length:
            self._more()
        data, self._come = self._come[:length], self._come[length:]
        return data

    def reply(self) -> Reply:
        """The next answer."""
        while b"\r\n\r\n" not in self._come:
            self._more()
        head, _, self._come = self._come.partition(b"\r\n\r\n")
        reply = parsed(head)
        return replace(reply, body=self.read(int(reply.header("Content-Length") or 0)))

    def to_the_end(self) -> tuple[bytes, str]:
        """All that is still to come, and how it ends."""
        try:
            while piece := self._receive():
                self._come += piece
        except ConnectionResetError:
            return self._come, "RST"
        return self._come, "FIN"

    def is_silent(self) -> bool:
        """Whether nothing has come that was not read yet, not even the end."""
        self._plain.settimeout(0)
        try:
            self._come += self._receive()
        except BlockingIOError:
            return not self._come
        finally:
            self._plain.settimeout(TIMEOUT)
        return False

    def _more(self) -> None:
        piece = self._receive()
        assert piece, f"the connection was closed after {self._come!r}"
        self._come += piece

    def _receive(self) -> bytes:
        """Some more bytes, none at the end."""
        if self._tls is None:
            return self._plain.recv(65536)
        while True:
            with suppress(ssl.SSLWantReadError, ssl.SSLZeroReturnError):
                return self._tls.read(65536)
            piece = self._plain.recv(65536)
            if not piece:
                return b""
            self._in.write(piece)


def parsed(head: bytes) -> Reply:
    """An answer's head, without a body."""
    first, *lines = head.decode("latin-1").split("\r\n")
    version, status, reason = first.split(" ", 2)
    headers = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
    return Reply(version, int(status), reason, headers, b"")


def without_date(data: bytes) -> bytes:
    """An answer's bytes but for the header that changes every second."""
    head, blank, body = data.partition(b"\r\n\r\n")
    return b"\r\n".join(line for line in head.split(b"\r\n") if not line.startswith(b"Date:")) + blank + body


@contextmanager
def own_center(ccmm: FakeCcmm) -> Iterator[Wired]:
    """A new center on a server, as its default center was at first."""
    with ccmm.create_center() as center:
        yield wired(ccmm, center)


def wired(ccmm: FakeCcmm, served: ServedCenter | None = None) -> Wired:
    """A center of a running server, the default one if none is given, with USER logged in."""
    served = served or ccmm
    trust = ssl.create_default_context(cafile=ccmm.ca_file) if ccmm.ca_file else None
    return Wired(served, Site(ccmm.host, ccmm.port), served.center.log_in(USER, PASSWORD), trust)
