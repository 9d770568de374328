"""What a seed says: everything a contact center starts with, as plain data.

A seed is the same in Python (these classes), in TOML, YAML and JSON files, and over HTTP (JSON): the names of fields
are those below, and a value of an Enum goes by its text, such as ``"Running"``. Dates are UTC where they name no
offset. Administrators, skillsets, disposition codes, addresses and so on are the classes of :mod:`fake_ccmm.model`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..faults import FaultRule
from ..model import (
    Address,
    Administrator,
    CampaignStatus,
    ContactStatus,
    CustomField,
    DispositionCode,
    PhoneNumber,
    Skillset,
)
from ..timeline import TimelineEvent


@dataclass(frozen=True, slots=True)
class ClosureSeed:
    """How a Closed contact was closed: when, with which words and which disposition code (if any).

    The code is the id of one of the campaign's, or a code in full.
    """

    at: datetime
    text: str | None = None
    disposition_code: int | DispositionCode | None = None


@dataclass(frozen=True, slots=True)
class ContactSeed:
    """A contact as it stands at the start: the fields of :class:`~fake_ccmm.model.Contact` and its closure.

    Without a ``contact_id`` (0) it gets the center's next one, without a ``skillset_id`` that of the campaign.
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
    skillset_id: int | None = None
    status: ContactStatus = ContactStatus.NEW
    priority: int = 0
    closure: ClosureSeed | None = None


@dataclass(frozen=True, slots=True)
class Generate:
    """Contacts to invent: people of many countries, the same ones for the same seed everywhere.

    ``locales`` are the countries, such as ``de``, ``gb`` and ``jp``; all there are where none is named. Each
    ``closed_every``-th contact is Closed; none for 0.
    """

    count: int
    seed: int = 0
    locales: tuple[str, ...] = ()
    closed_every: int = 0


@dataclass(frozen=True, slots=True)
class CampaignSeed:
    """A campaign and its contacts: those listed, then those of a CSV file, then those invented.

    The fields are those of :class:`~fake_ccmm.model.CampaignDetails`, but skillset and disposition codes may be ids of
    the seed's. ``auto_dial_timeout`` and ``minimum_ring_time`` are in seconds.
    """

    campaign_id: int
    name: str
    status: CampaignStatus = CampaignStatus.RUNNING
    skillset: int | Skillset | None = None
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
    disposition_codes: tuple[int | DispositionCode, ...] = ()
    custom_field_names: tuple[str, ...] = ()
    contacts: tuple[ContactSeed, ...] = ()
    contacts_file: str | None = None
    generate: Generate | None = None


@dataclass(frozen=True, slots=True)
class ClockSeed:
    """What time it is in the center: the machine's time, where nothing is given.

    ``start`` is the time at the start, from which a ``frozen`` clock does not move; ``offset`` the seconds that a
    running clock is ahead of the machine's time, instead of a start.
    """

    start: datetime | None = None
    frozen: bool = False
    offset: float | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of the past the journal keeps."""

    journal_exchanges: int = 1000
    journal_bytes: int = 64 * 1024 * 1024


@dataclass(frozen=True)  # no slots: that a seed has been checked is kept with a weak reference to it
class Seed:
    """Everything a center starts with. An empty seed is an empty center, into which nobody can log in.

    ``profile`` has choices by name and wordings by refusal: ``{"limit_seconds": 0, "too_soon": {"number": 1}}``.
    A wording may go by dotted names too, and has to beside a choice of that name: ``{"unknown_campaign.number": 1}``.
    ``last_contact_id`` is the greatest id given out so far, where no contact has it any more.
    """

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  holds for all that a seed consists of

    administrators: tuple[Administrator, ...] = ()
    skillsets: tuple[Skillset, ...] = ()
    disposition_codes: tuple[DispositionCode, ...] = ()
    campaigns: tuple[CampaignSeed, ...] = ()
    profile: Mapping[str, Any] = field(default_factory=dict)
    clock: ClockSeed = ClockSeed()
    last_contact_id: int | None = None
    limits: Limits = Limits()
    timeline: tuple[TimelineEvent, ...] = ()
    faults: tuple[FaultRule, ...] = ()
    fault_seed: int = 0
