"""Worlds: what a mock's center is filled with before a contract is tried, and the seed that says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .domain import ACTIVE_STATUSES, Contact, DispositionCode, Skillset, User
from .plain import plain

START = "2030-06-03T09:00:00Z"
"""What time it is in a world when it starts; the clock stands still there unless somebody moves it."""

SALES = Skillset(10032, "OB_Sales")
SERVICE = Skillset(10040, "OB_Service")
COMPLETED = DispositionCode(11, "Completed", numeric_value=501)
NO_ANSWER = DispositionCode(12, "No Answer", numeric_value=502, retry_timeout=30, max_retry_count=3)
WRONG_NUMBER = DispositionCode(13, "Wrong Number", numeric_value=503)
NOT_LINKED = DispositionCode(14, "Not Interested", numeric_value=504)
"""A code that the center knows, linked to no campaign of the standard world."""

MAIN = 101
"""The id of the standard world's campaign to work in."""


@dataclass(frozen=True, slots=True)
class WorldContact:
    """A contact of a world with its status. Its id is given out by the center: ascending, in the world's order."""

    contact: Contact
    status: str = "New"


@dataclass(frozen=True, slots=True)
class WorldCampaign:
    """A campaign of a world. ``custom_field_names`` are the fields that its contacts may carry (rule A6)."""

    campaign_id: int
    name: str
    status: str = "Running"
    skillset: Skillset | None = SALES
    disposition_codes: tuple[DispositionCode, ...] = (COMPLETED, NO_ANSWER)
    custom_field_names: tuple[str, ...] = ("Account", "Segment")
    contacts: tuple[WorldContact, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """Anything else that a seed may say of a campaign, by the seed's names."""

    @property
    def is_active(self) -> bool:
        """Whether the services show it (rules C1 and C5)."""
        return self.status in ACTIVE_STATUSES


@dataclass(frozen=True, slots=True)
class World:
    """Everything that a center is filled with. ``profile`` has choices by name, as a profile file has them."""

    users: tuple[User, ...]
    campaigns: tuple[WorldCampaign, ...] = ()
    skillsets: tuple[Skillset, ...] = (SALES, SERVICE)
    disposition_codes: tuple[DispositionCode, ...] = (COMPLETED, NO_ANSWER, WRONG_NUMBER, NOT_LINKED)
    profile: Mapping[str, Any] = field(default_factory=dict, hash=False)

    def campaign(self, campaign_id: int) -> WorldCampaign:
        """The campaign of that id."""
        return next(one for one in self.campaigns if one.campaign_id == campaign_id)

    def with_campaign(self, campaign: WorldCampaign) -> World:
        """The same world with this campaign added, or in place of the one of its id; campaigns stay in order of id."""
        others = [one for one in self.campaigns if one.campaign_id != campaign.campaign_id]
        return replace(self, campaigns=tuple(sorted([*others, campaign], key=lambda one: one.campaign_id)))

    def contact_ids(self) -> dict[int, tuple[int, ...]]:
        """The ids that the contacts of each campaign get: the center gives them out from 1, campaign by campaign."""
        ids, last = {}, 0
        for one in self.campaigns:
            ids[one.campaign_id] = tuple(range(last + 1, last + 1 + len(one.contacts)))
            last += len(one.contacts)
        return ids

    def seed(self, *, frozen: bool = True) -> dict[str, Any]:
        """The seed, as the control API of a mock takes it; with ``frozen`` its clock stands still at ``START``."""
        return {
            "administrators": [
                {"username": one.name, "password": one.password, "base_install": one.base_install} for one in self.users
            ],
            "skillsets": plain(self.skillsets),
            "disposition_codes": plain(self.disposition_codes),
            "campaigns": [_campaign_seed(one) for one in self.campaigns],
            "profile": dict(self.profile),
            **({"clock": {"start": START, "frozen": True}} if frozen else {}),
        }


def standard_world(users: tuple[User, ...], profile: Mapping[str, Any]) -> World:
    """What a mock holds at the start of every example: a campaign in each status, each with a few contacts."""
    statuses = ("Running", "Waiting", "Paused", "Closed", "Completed", "Cancelled")
    return World(
        users, tuple(_standard_campaign(MAIN + at, status) for at, status in enumerate(statuses)), profile=profile
    )


def _standard_campaign(campaign_id: int, status: str) -> WorldCampaign:
    people = [("Zoë", "Ångström", "New"), ("太郎", "山田", "Closed"), ("Ann", "O'Neil", "New")]
    contacts = [
        WorldContact(Contact(first_name=first, last_name=last, skillset_id=10032), state)
        for first, last, state in people
    ]
    return WorldCampaign(campaign_id, f"{status} campaign", status, contacts=tuple(contacts))


def _campaign_seed(one: WorldCampaign) -> dict[str, Any]:
    return {
        **one.details,
        "campaign_id": one.campaign_id,
        "name": one.name,
        "status": one.status,
        "skillset": plain(one.skillset),
        "disposition_codes": plain(one.disposition_codes),
        "custom_field_names": list(one.custom_field_names),
        "contacts": [_contact_seed(each) for each in one.contacts],
    }


def _contact_seed(one: WorldContact) -> dict[str, Any]:
    data: dict[str, Any] = plain(one.contact)
    del data["contact_id"]
    return data | {"status": one.status}
