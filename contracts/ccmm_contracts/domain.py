"""What a contact center holds, in the words of the field: the kit's own typed data.

The names of fields are those of seeds, journals and client requests: see :mod:`ccmm_contracts.plain`.
"""

from __future__ import annotations

from dataclasses import dataclass

ACTIVE_STATUSES = ("Running", "Waiting", "Paused")
"""The statuses of campaigns that the services show (rule C1)."""

INACTIVE_STATUSES = ("Closed", "Completed", "Cancelled")
"""The statuses of campaigns that no operation shows or changes (rule C5)."""

CONTACT_STATUSES = ("New", "Open", "Closed", "Waiting", "Unspecified")
"""The statuses of contacts, as the product family's services name them."""


@dataclass(frozen=True, slots=True)
class Status:
    """The status of a campaign or a contact; as a search filter, ``Status(0, None)`` is any (rule F3)."""

    id: int = 0
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Skillset:
    """A queue of agents."""

    skillset_id: int
    name: str | None = None


@dataclass(frozen=True, slots=True)
class DispositionCode:
    """How a call ended; ``retry_timeout`` as the server counts it."""

    disposition_code_id: int
    name: str | None = None
    numeric_value: int = 0
    retry_timeout: int = 0
    max_retry_count: int = 0
    deletable: bool = True
    call_required: bool = False
    marked_as_deleted: bool = False
    save_agent_script: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; None is a line that is not there, which is not the same as an empty one."""

    line1: str | None = None
    line2: str | None = None
    line3: str | None = None
    line4: str | None = None
    line5: str | None = None
    country: str | None = None
    post_code: str | None = None


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A phone number in its three parts."""

    int_code: str | None = None
    area_code: str | None = None
    phone_no: str | None = None


@dataclass(frozen=True, slots=True)
class CustomField:
    """One named text of a contact."""

    name: str | None = None
    text: str | None = None
    is_text_visible: bool = False


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact as it goes over the wire. ``custom_fields`` None is no list, which is not the same as an empty one."""

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


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign as GetCampaigns shows it; dates are the texts that were sent."""

    campaign_id: int
    name: str | None = None
    description: str | None = None
    number_of_contacts: int = 0
    number_of_contacts_processed: int = 0
    number_of_contacts_closed: int = 0
    date_created: str = "0001-01-01T00:00:00"
    owner: str | None = None
    start_date_time: str = "0001-01-01T00:00:00"
    skillset: Skillset | None = None
    status: Status | None = None
    start_of_run: bool = False
    priority: int = 0
    load_contacts_per_interval: int = 0
    dialing_prefix: str | None = None
    auto_dial_timeout: int = 0
    minimum_ring_time: int = 0
    locked: bool = False
    disposition_codes: tuple[DispositionCode, ...] | None = None


@dataclass(frozen=True, slots=True, repr=False)
class User:
    """Somebody who may log in; ``base_install`` users may not (rule S3)."""

    name: str
    password: str
    base_install: bool = False

    def __repr__(self) -> str:
        return f"User(name={self.name!r}, base_install={self.base_install!r})"
