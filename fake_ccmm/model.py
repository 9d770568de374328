"""What a contact center holds: campaigns, contacts, skillsets, disposition codes. Plain typed data."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class CampaignStatus(Enum):
    """The six states of a campaign, by the names the contact center shows."""

    RUNNING = "Running"
    WAITING = "Waiting"
    PAUSED = "Paused"
    CLOSED = "Closed"
    COMPLETED = "Completed"
    CANCELLED = "Cancelled"

    @property
    def is_active(self) -> bool:
        """Whether the services show and change a campaign in this state (rules C1 and C5)."""
        return self in _ACTIVE


_NOT_CARRIED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def check_carried(text: str, what: str) -> None:
    """A ValueError where ``text``, which is ``what``, holds a character that XML cannot carry (rule P5)."""
    if not text.isprintable():  # all that is printable can be carried, and this is ten times as fast
        bad = _NOT_CARRIED.search(text)
        if bad is not None:
            raise ValueError(f"{what} holds U+{ord(bad[0]):04X}, which XML cannot carry; leave it out")


_ACTIVE = frozenset({CampaignStatus.RUNNING, CampaignStatus.WAITING, CampaignStatus.PAUSED})


class ContactStatus(Enum):
    """The states of a contact, by the names the product family's services share."""

    NEW = "New"
    OPEN = "Open"
    CLOSED = "Closed"
    WAITING = "Waiting"
    UNSPECIFIED = "Unspecified"


@dataclass(frozen=True, slots=True)
class Skillset:
    """A queue of agents; a contact names the one that is to call it."""

    skillset_id: int
    name: str


@dataclass(frozen=True, slots=True)
class DispositionCode:
    """How a call ended. A contact can be closed only with a code linked to its campaign (rule X2).

    ``retry_timeout`` is in minutes; ``numeric_value`` is the number reports show.
    """

    disposition_code_id: int
    name: str
    numeric_value: int = 0
    retry_timeout: int = 0
    max_retry_count: int = 0
    deletable: bool = True
    call_required: bool = False
    marked_as_deleted: bool = False
    save_agent_script: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address. ``None`` is a line that was never given; ``""`` one that was given empty."""

    line1: str | None = None
    line2: str | None = None
    line3: str | None = None
    line4: str | None = None
    line5: str | None = None
    country: str | None = None
    post_code: str | None = None


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A phone number in its three parts; a part that is ``None`` or blank is one the number lacks (rule N3)."""

    int_code: str | None = None
    area_code: str | None = None
    phone_no: str | None = None


@dataclass(frozen=True, slots=True)
class CustomField:
    """One named text a campaign keeps with each of its contacts."""

    name: str | None = None
    text: str | None = None
    is_text_visible: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """A person to be called. Every text is optional; only ``skillset_id`` is required to append one (rule A2).

    ``custom_fields`` is ``None`` when no list was given, which is not the same as an empty one.
    ``priority`` (1 highest to 6) is what a client of the later revision sent with the contact; 0 is none.
    """

    contact_id: int = 0
    campaign_name: str | None = None
    address: Address | None = None
    custom_fields: tuple[CustomField, ...] | None = None
    email_address: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    phone_number: PhoneNumber | None = None
    preferred_agent_id: int = 0
    preferred_agent_specified: bool = False
    title: str | None = None
    skillset_id: int = 0
    status: ContactStatus = ContactStatus.NEW
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Closure:
    """What CloseContact left with a contact: when, with which words and which disposition code (if any)."""

    at: datetime
    text: str | None = None
    disposition_code: DispositionCode | None = None


@dataclass(frozen=True, slots=True)
class CampaignDetails:
    """Everything about a campaign but its contacts. Dates are naive UTC; ``auto_dial_timeout`` and
    ``minimum_ring_time`` are in seconds; ``custom_field_names`` are the fields its contacts may carry (rule A6).
    """

    campaign_id: int
    name: str
    status: CampaignStatus = CampaignStatus.RUNNING
    skillset: Skillset | None = None
    description: str | None = None
    owner: str | None = None
    date_created: datetime | None = None
    start_date_time: datetime | None = None
    start_of_run: bool = False
    priority: int = 3
    load_contacts_per_interval: int = 100
    dialing_prefix: str | None = None
    auto_dial_timeout: int = 0
    minimum_ring_time: int = 20
    locked: bool = False
    disposition_codes: tuple[DispositionCode, ...] = ()
    custom_field_names: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Administrator:
    """Someone who may log in; those of the base install may not, whatever their password (rule S3)."""

    username: str
    password: str
    base_install: bool = False

    def __repr__(self) -> str:
        return f"Administrator(username={self.username!r}, base_install={self.base_install!r})"
