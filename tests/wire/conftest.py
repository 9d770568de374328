"""One server for all tests that leave it as they found it, and how to start one with a state of one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

import pytest

from fake_ccmm.center import ContactCenter
from fake_ccmm.clock import SettableClock
from fake_ccmm.model import (
    Administrator,
    CampaignDetails,
    CampaignStatus,
    Contact,
    PhoneNumber,
    Skillset,
)
from fake_ccmm.profile import Profile
from fake_ccmm.server import FakeCcmm
from tests.messages import CAMPAIGN, action, answer_xml, call, envelope, operation, post
from tests.raw_http import Reply, Site

SPRING, INBOX, OVER = 1, 2, 3
"""The campaigns: one that no test changes, one to append to, one that is closed."""

SKILLSET = Skillset(10, "OB_Sales")


def make_center(profile: Profile | None = None) -> ContactCenter:
    """A center whose time stands still, without limits and time-outs unless the profile has some."""
    center = ContactCenter(
        administrators=[Administrator(name, "secret") for name in ("agent", "second", "third")],
        skillsets=[SKILLSET],
        clock=SettableClock(datetime(2026, 3, 4, 5, 6, 7)),
        profile=profile or Profile(limit_seconds=0, session_timeout=0),
    )
    center.add_campaign(
        CampaignDetails(SPRING, "Spring", skillset=SKILLSET),
        [
            Contact(first_name="Ann", phone_number=PhoneNumber("353", "91", "123"), skillset_id=10),
            Contact(first_name="Bob", phone_number=PhoneNumber("353", "91", "456"), skillset_id=10),
        ],
    )
    center.add_campaign(CampaignDetails(INBOX, "Inbox", skillset=SKILLSET, custom_field_names=("Account", "Segment")))
    center.add_campaign(CampaignDetails(OVER, "Over", status=CampaignStatus.CLOSED))
    return center


@dataclass(frozen=True)
class Running:
    """A server, where it listens, and a session key of its user ``agent``."""

    ccmm: FakeCcmm
    site: Site
    key: str

    @property
    def center(self) -> ContactCenter:
        return self.ccmm.center

    def append(self, contact: str, *, after: str = "", before: str = "") -> Contact | None:
        """The contact that the server understood from the XML of an AppendContactsToCampaign, None for a refusal.

        ``before`` and ``after`` are more arguments around the contact's element.
        """
        known = len(self.center.contacts(INBOX))
        reply = self.append_reply(contact, after=after, before=before)
        added = self.center.contacts(INBOX)[known:]
        if not added:
            assert reply.status == 500, reply.body
            return None
        result = "<AppendContactsToCampaignResult>1</AppendContactsToCampaignResult>"
        assert reply.body == answer_xml(operation("AppendContactsToCampaignResponse", result))
        assert len(added) == 1
        return added[0]

    def append_reply(self, contact: str, *, after: str = "", before: str = "") -> Reply:
        """The answer to an AppendContactsToCampaign with this XML for the contact."""
        arguments = f"<CampaignID>{INBOX}</CampaignID>{before}{contact}<sessionKey>{self.key}</sessionKey>{after}"
        body = envelope(operation("AppendContactsToCampaign", arguments))
        return post(self.site, body, path=CAMPAIGN, soap_action=action("AppendContactsToCampaign"))

    def call(self, path: str, name: str, arguments: str = "") -> Reply:
        """The answer to a SOAP 1.1 call."""
        return call(self.site, path, name, arguments)


@pytest.fixture(scope="session")
def start() -> Iterator[Callable[..., Running]]:
    """Starts a server with a center of one's own, and stops it at the end of the session."""
    with ExitStack() as servers:

        def start_one(center: ContactCenter | None = None, **settings: str) -> Running:
            center = center or make_center()
            ccmm = servers.enter_context(FakeCcmm(center, log=None, **settings))  # type: ignore[arg-type]
            return Running(ccmm, Site(ccmm.host, ccmm.port), center.log_in("agent", "secret"))

        yield start_one


@pytest.fixture(scope="session")
def running(start: Callable[..., Running]) -> Running:
    """The server that all share."""
    return start()


@pytest.fixture(scope="session")
def site(running: Running) -> Site:
    """Where it listens."""
    return running.site


@pytest.fixture
def second_user(running: Running) -> Iterator[str]:
    """A user nobody else logs in, logged off afterwards."""
    yield "second"
    running.center.log_off("second")
