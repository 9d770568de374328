"""A small steered center whose time stands still, all that can be seen of it, and the server it is served by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from fake_ccmm import FakeCcmm
from fake_ccmm.center import ContactCenter
from fake_ccmm.clock import SettableClock
from fake_ccmm.faults import Empty, FaultRule
from fake_ccmm.model import (
    Administrator,
    CampaignDetails,
    CampaignStatus,
    Closure,
    ContactStatus,
    CustomField,
    PhoneNumber,
    Skillset,
)
from fake_ccmm.profile import make_profile
from fake_ccmm.served import ServedCenter
from fake_ccmm.soap.contact_xml import XML_CONTACTS
from fake_ccmm.timeline import LogOff, SetCampaignStatus, TimelineEvent
from fake_ccmm.world import World

from ..core.world import ANNA, BEN, BUSY, NUMBER, SOLD, START, open_world, person
from ..core.world import SPRING as SPRING_DETAILS
from ..running.soap import call, log_in

SPRING, AUTUMN = 1, 2
A1 = CustomField("Account", "A1")
ACCOUNTS = ("A1", "A2", "")
_WINTER = CampaignDetails(3, "Winter", custom_field_names=("Account",))
_OBSERVER = Administrator("observer", "looks on")
NUMBERS = (NUMBER, PhoneNumber("972", None, "5550100"), PhoneNumber(phone_no="1"))


@dataclass(frozen=True, slots=True)
class Steered:
    """A world whose center has two campaigns, and anna logged in under ``key``."""

    world: World
    key: str

    @property
    def center(self) -> ContactCenter:
        return self.world.center

    @property
    def clock(self) -> SettableClock:
        return self.world.clock


def steer(codec: Any = XML_CONTACTS, **settings: Any) -> Steered:
    """A fresh world; five people in the first campaign, one in the second, all of one account and phone number."""
    opened = open_world(codec=codec, **settings)
    people = [person(number, account="A1", phone_number=NUMBER) for number in range(5)]
    opened.center.load_contacts(SPRING, people)
    opened.center.load_contacts(AUTUMN, [person(9, account="A1", phone_number=NUMBER)])
    return Steered(World(opened.center), opened.key)


@contextmanager
def served(**settings: Any) -> Iterator[tuple[FakeCcmm, str]]:
    """A server with such a center at its root, and anna's key."""
    steered = steer(**settings)
    with FakeCcmm(steered.center, log=None) as server:
        yield server, steered.key


def key_at(center: ServedCenter) -> str:
    """Anna's session key of a login over SOAP."""
    key = log_in(center.utility_url, ANNA.username, ANNA.password)
    assert key.endswith("__anna"), key
    return key


def page(center: ServedCenter, key: str, last: int = 0) -> str:
    """The answer to a client that pages through the first campaign."""
    return call(
        center.campaign_url, "Get200CampaignContacts", CampaignID=str(SPRING), LastContactID=str(last), sessionKey=key
    )


def close(center: ServedCenter, key: str, contact_id: int, text: str = "") -> str:
    """The answer to a client that closes a contact of the first campaign."""
    flags = {"customFieldSpecified": "false", "closedReasonCodeSpecified": "false", "closedReasonCodeValue": "0"}
    return call(
        center.contact_url,
        "CloseContact",
        campaignId=str(SPRING),
        contactId=str(contact_id),
        closureText=text,
        sessionKey=key,
        **flags,
    )


def statuses(center: ContactCenter, campaign_id: int = SPRING) -> list[ContactStatus]:
    """The statuses of a campaign's contacts, by id."""
    return [one.status for one in center.contacts(campaign_id)]


def closed(center: ContactCenter, campaign_id: int = SPRING) -> int:
    """How many contacts of a campaign are closed."""
    return center.campaign(campaign_id).number_of_contacts_closed


def seen_of_center(center: ContactCenter) -> tuple[Any, ...]:
    """Everything that can be read of a center, and what its indexes find; an observer has been there afterwards."""
    finds = _found(center)
    campaigns = center.campaigns()
    contacts = {one.details.campaign_id: center.contacts(one.details.campaign_id) for one in campaigns}
    closures = {
        one.contact_id: center.closure(campaign_id, one.contact_id)
        for campaign_id, people in contacts.items()
        for one in people
    }
    people = [one for one in center.administrators() if one != _OBSERVER]
    lists = (people, center.skillsets(), center.disposition_codes(), center.sessions())
    return campaigns, contacts, closures, finds, lists, center.profile, center.last_contact_id


def _found(center: ContactCenter) -> dict[Any, list[int]]:
    """The ids that a search by each phone number and account finds in each active campaign."""
    center.add_administrator(_OBSERVER)
    key = center.log_in(_OBSERVER.username, _OBSERVER.password)
    finds: dict[Any, list[int]] = {}
    for view in center.get_campaigns(key):
        campaign_id = view.details.campaign_id
        for number in NUMBERS:
            by_number = center.find_contacts_by_phone_number(key, campaign_id, number)
            finds[campaign_id, number] = [one.contact_id for one in by_number]
        for account in ACCOUNTS:
            by_account = center.find_contacts_by_custom_field(key, campaign_id, CustomField("Account", account))
            finds[campaign_id, account] = [one.contact_id for one in by_account]
    center.log_off(_OBSERVER.username)
    return finds


def seen(world: World) -> tuple[Any, ...]:
    """Everything that can be read of a world, but for its journal."""
    clock = world.clock
    steering = (clock.is_frozen, clock.now(), world.timeline.events(), world.faults.rules(), world.faults.seed)
    return *seen_of_center(world.center), *steering


CHANGES: dict[str, Callable[[Steered], object]] = {
    "an append": lambda one: one.center.append_contact(one.key, SPRING, person(7, account="A2")),
    "a close": lambda one: one.center.close_contact(
        one.key, SPRING, custom_field=A1, text="sold", disposition_code=101
    ),
    "another status": lambda one: one.center.set_contact_status(SPRING, 2, ContactStatus.WAITING),
    "a closure": lambda one: one.center.set_closure(SPRING, 2, Closure(START, "busy", BUSY)),
    "a contact open again": lambda one: one.center.set_contact_status(SPRING, 5, ContactStatus.NEW),
    "a contact with a priority": lambda one: one.center.load_contacts(AUTUMN, [person(8, priority=3, account="")]),
    "an id that is kept": lambda one: one.center.load_contacts(AUTUMN, [person(8, contact_id=99)], keep_ids=True),
    "ids given out": lambda one: one.center.give_out_ids_after(500),
    "another campaign": lambda one: one.center.add_campaign(_WINTER, [person(account="A1")]),
    "a campaign less": lambda one: one.center.remove_campaign(AUTUMN),
    "a campaign's status": lambda one: one.center.set_campaign_status(SPRING, CampaignStatus.CLOSED),
    "a campaign's details": lambda one: one.center.set_campaign_details(replace(SPRING_DETAILS, name="May")),
    "a skillset": lambda one: one.center.add_skillset(Skillset(11, "Resale")),
    "a disposition code": lambda one: one.center.add_disposition_code(SOLD),
    "an administrator": lambda one: one.center.add_administrator(Administrator("cleo", "secret")),
    "a password": lambda one: one.center.add_administrator(replace(BEN, password="rose")),
    "a login": lambda one: one.center.log_in(BEN.username, BEN.password),
    "a log-off": lambda one: one.center.log_off("anna"),
    "an expired session": lambda one: one.center.expire_session("anna"),
    "the profile": lambda one: one.center.set_profile(make_profile({"find_cap": 1})),
    "what a blank matches": lambda one: one.center.set_profile(make_profile({"blank_phone_part": "any"})),
    "time": lambda one: one.clock.advance(1800),
    "time turned back": lambda one: one.clock.set(START - timedelta(days=1)),
    "time that runs": lambda one: one.clock.run(),
    "an event": lambda one: one.world.timeline.add(TimelineEvent(LogOff("anna"), after=1)),
    "no event": lambda one: one.world.timeline.clear(),
    "an event that has come": lambda one: one.clock.advance(100),
    "a call that an event waits for": lambda one: one.world.timeline.called("GetCampaigns", "anna", {}),
    "a fault rule": lambda one: one.world.faults.add(FaultRule(do=Empty())),
    "no fault rule": lambda one: one.world.faults.clear(),
    "a call that a rule has counted": lambda one: one.world.faults.decide("GetCampaigns", "anna", {}),
    "the seed of the faults": lambda one: setattr(one.world.faults, "seed", 5),
}
"""Everything that can be changed about a world, one by one."""


def prepare(steered: Steered) -> None:
    """Leave something of everything behind, so that there is something to go back to."""
    center = steered.center
    center.close_contact(steered.key, SPRING, contact_id=5, text="no answer", disposition_code=102)
    center.load_contacts(SPRING, [person(6, account="A2", phone_number=NUMBERS[1], priority=2)])
    center.add_disposition_code(BUSY)
    steered.world.timeline.add(TimelineEvent(SetCampaignStatus(AUTUMN, CampaignStatus.PAUSED), after=60))
    steered.world.timeline.add(TimelineEvent(LogOff("anna"), calls=2))
    steered.world.faults.add(FaultRule(do=Empty(), nth=9))
    steered.clock.advance(5)
