"""A small contact center with a clock that stands still, and what tests ask of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fake_ccmm.center import ContactCenter
from fake_ccmm.clock import SettableClock
from fake_ccmm.contacts import ContactCodec
from fake_ccmm.model import (
    Administrator,
    CampaignDetails,
    CampaignStatus,
    Contact,
    ContactStatus,
    CustomField,
    DispositionCode,
    PhoneNumber,
    Skillset,
)
from fake_ccmm.profile import make_profile

START = datetime(2026, 3, 2, 9, 0, 0)
ANNA = Administrator("anna", "päss & word")
BEN = Administrator("ben", "tulip")
BUILT_IN = Administrator("webadmin", "webadmin", base_install=True)
SALES, CARE = Skillset(11, "Sales"), Skillset(12, "Care")
SOLD = DispositionCode(101, "Sold", numeric_value=7, retry_timeout=15, max_retry_count=3)
BUSY = DispositionCode(102, "Busy", numeric_value=8)
LOST = DispositionCode(103, "Lost", numeric_value=9)
SPRING = CampaignDetails(
    1,
    "Spring",
    skillset=SALES,
    description="Renewals <& more>",
    owner="anna",
    date_created=datetime(2026, 1, 15, 8, 30, 0, 250000),
    start_date_time=datetime(2026, 3, 1, 7, 0),
    disposition_codes=(SOLD, BUSY),
    custom_field_names=("Account", "Note"),
)
AUTUMN = CampaignDetails(2, "Autumn", skillset=CARE, disposition_codes=(LOST,), custom_field_names=("Account",))
NO_SUCH_CAMPAIGN = 99
ACTIVE = (CampaignStatus.RUNNING, CampaignStatus.WAITING, CampaignStatus.PAUSED)
INACTIVE = (CampaignStatus.CLOSED, CampaignStatus.COMPLETED, CampaignStatus.CANCELLED)
NUMBER = PhoneNumber("972", "2", "5550100")


def person(number: int = 0, *, account: str | None = None, **parts: Any) -> Contact:
    """A contact of SPRING or AUTUMN, told from others by ``number``."""
    fields = None if account is None else (CustomField("Account", account),)
    parts = {"first_name": f"Person {number}", "skillset_id": SALES.skillset_id, "custom_fields": fields, **parts}
    return Contact(**parts)


@dataclass(frozen=True, slots=True)
class World:
    """A center with two campaigns, and anna logged in under ``key``."""

    center: ContactCenter
    clock: SettableClock
    key: str

    def append(self, contact: Contact | None = None, campaign_id: int = 1) -> int:
        """Append in good time; the id the contact got."""
        self.clock.advance(1)
        assert self.center.append_contact(self.key, campaign_id, contact or person()) == 1
        return self.ids(campaign_id)[-1]

    def close(self, contact_id: int = 0, campaign_id: int = 1, **how: Any) -> int:
        """Close in good time."""
        self.clock.advance(1)
        return self.center.close_contact(self.key, campaign_id, contact_id=contact_id, **how)

    def ids(self, campaign_id: int = 1) -> list[int]:
        return [one.contact_id for one in self.center.contacts(campaign_id)]

    def counts(self, campaign_id: int = 1) -> tuple[int, int, int]:
        """Contacts, closed ones and processed ones, as GetCampaigns tells them."""
        views = self.center.get_campaigns(self.key)
        (view,) = [one for one in views if one.details.campaign_id == campaign_id]
        return view.number_of_contacts, view.number_of_contacts_closed, view.number_of_contacts_processed

    def page(self, last_contact_id: int = 0, campaign_id: int = 1) -> list[int]:
        return [one.contact_id for one in self.center.get_200_campaign_contacts(self.key, campaign_id, last_contact_id)]

    def pages(self, campaign_id: int = 1) -> list[list[int]]:
        """Page on until there is nothing more, as a client does; a page that leads nowhere is no way to go on."""
        found: list[list[int]] = []
        last = 0
        while page := self.page(last, campaign_id):
            assert page[-1] > last
            found.append(page)
            last = page[-1]
        return found

    def state(self) -> object:
        """Everything a refused call must leave alone."""
        campaigns = self.center.campaigns()
        ids = [one.details.campaign_id for one in campaigns]
        contacts = {number: self.center.contacts(number) for number in ids}
        closures = {
            (number, one.contact_id): self.center.closure(number, one.contact_id)
            for number in ids
            for one in contacts[number]
        }
        return campaigns, contacts, closures, self.center.usernames()


def open_world(*, codec: ContactCodec[Any] | None = None, **settings: Any) -> World:
    """A fresh world under a profile with the given settings."""
    clock = SettableClock(START)
    center = ContactCenter(
        administrators=(ANNA, BEN, BUILT_IN),
        skillsets=(SALES, CARE),
        profile=make_profile(settings),
        clock=clock,
        codec=codec,
    )
    center.add_campaign(SPRING)
    center.add_campaign(AUTUMN)
    return World(center, clock, center.log_in(ANNA.username, ANNA.password))


Call = Callable[[ContactCenter, "str | None", int], object]

CAMPAIGN_CALLS: dict[str, Call] = {
    "Get200CampaignContacts": lambda center, key, campaign: center.get_200_campaign_contacts(key, campaign, 0),
    "AppendContactsToCampaign": lambda center, key, campaign: center.append_contact(key, campaign, person()),
    "GetContactStatus": lambda center, key, campaign: center.get_contact_status(key, campaign, contact_id=1),
    "CloseContact": lambda center, key, campaign: center.close_contact(key, campaign, contact_id=1),
    "GetContactIDByPhoneNumber": lambda center, key, campaign: center.get_contact_id_by_phone_number(
        key, campaign, NUMBER
    ),
    "FindContactsByPhoneNumber": lambda center, key, campaign: center.find_contacts_by_phone_number(
        key, campaign, NUMBER
    ),
    "FindContactsByCustomField": lambda center, key, campaign: center.find_contacts_by_custom_field(
        key, campaign, CustomField("Account", "A1")
    ),
}
"""Every operation on one campaign, by its wire name."""

KEYED_CALLS: dict[str, Call] = {
    "GetCampaigns": lambda center, key, campaign: center.get_campaigns(key),
    **CAMPAIGN_CALLS,
}
"""Every operation that takes a session key, by its wire name."""

FILTERS: dict[str, tuple[dict[str, Any], frozenset[ContactStatus]]] = {
    "nothing": ({}, frozenset(ContactStatus)),
    "no id and no name": ({"status_id": 0, "status_name": None}, frozenset(ContactStatus)),
    "an empty name": ({"status_name": ""}, frozenset(ContactStatus)),
    "the name New": ({"status_name": "New"}, frozenset({ContactStatus.NEW})),
    "the name in other letter case": ({"status_name": "cLOSED"}, frozenset({ContactStatus.CLOSED})),
    "the number of New": ({"status_id": 1}, frozenset({ContactStatus.NEW})),
    "the number of Closed": ({"status_id": 3}, frozenset({ContactStatus.CLOSED})),
    "a name before a number": ({"status_id": 1, "status_name": "Closed"}, frozenset({ContactStatus.CLOSED})),
}
"""Ways to narrow a search, and the statuses each lets through."""
