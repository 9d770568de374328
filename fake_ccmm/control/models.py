"""What goes in and out of the control API, as dataclasses: the source of its schemas. Dates are naive UTC in here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import SkipValidation

from ..faults import FaultRule
from ..journal import Exchange
from ..model import Address, CampaignStatus, ContactStatus, CustomField, DispositionCode, PhoneNumber, Skillset
from ..timeline import TimelineEvent
from .moments import Moment

_STRICT = {"extra": "forbid"}


# --- the server and its centers ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Index:
    """Where everything starts: the version, the names of the centers, and paths by what they lead to."""

    version: str
    centers: tuple[str, ...]
    links: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Health:
    """A SOAP login and log-off just worked, in so many milliseconds."""

    status: Literal["ok"]
    version: str
    milliseconds: float


@dataclass(frozen=True, slots=True)
class ServiceUrls:
    """Where the three services of a center are."""

    utility: str
    campaign: str
    contact: str


@dataclass(frozen=True, slots=True)
class ClockReading:
    """A center's clock; ``offset_seconds`` is how far a running one is ahead of the machine's time."""

    now: Moment
    frozen: bool
    offset_seconds: float


@dataclass(frozen=True, slots=True)
class CenterSummary:
    """A center in short. ``exchanges`` are those in the journal; ``users`` are those who may log in."""

    name: str
    urls: ServiceUrls
    clock: ClockReading
    campaigns: int
    contacts: int
    sessions: int
    exchanges: int
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClockChange:
    """``now`` sets the clock, ``frozen`` stops it or lets it run on; ``real``, alone, is the machine's time again."""

    __pydantic_config__ = _STRICT

    now: Moment | None = None
    frozen: bool | None = None
    real: Literal[True] | None = None


@dataclass(frozen=True, slots=True)
class ClockAdvance:
    """How far to move a clock forward."""

    __pydantic_config__ = _STRICT

    seconds: float


# --- what a center holds ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShownCampaign:
    """A campaign with its counts; times are in seconds."""

    campaign_id: int
    name: str
    status: CampaignStatus
    skillset: Skillset | None
    description: str | None
    owner: str | None
    date_created: Moment | None
    start_date_time: Moment | None
    start_of_run: bool
    priority: int
    load_contacts_per_interval: int
    dialing_prefix: str | None
    auto_dial_timeout: int
    minimum_ring_time: int
    locked: bool
    disposition_codes: tuple[DispositionCode, ...]
    custom_field_names: tuple[str, ...]
    number_of_contacts: int
    number_of_contacts_closed: int
    number_of_contacts_processed: int


@dataclass(frozen=True, slots=True)
class ShownClosure:
    """How a contact was closed."""

    at: Moment
    text: str | None
    disposition_code: DispositionCode | None


@dataclass(frozen=True, slots=True)
class ShownContact:
    """A contact with its status; ``closure`` where CloseContact, or somebody in its place, closed it."""

    contact_id: int
    campaign_name: str | None
    address: Address | None
    custom_fields: tuple[CustomField, ...] | None
    email_address: str | None
    first_name: str | None
    last_name: str | None
    phone_number: PhoneNumber | None
    preferred_agent_id: int
    preferred_agent_specified: bool
    title: str | None
    skillset_id: int
    status: ContactStatus
    priority: int
    closure: ShownClosure | None


@dataclass(frozen=True, slots=True)
class ClosureChange:
    """How a contact is closed; ``at`` is now where it is left out. The code is one of the campaign's, by its id."""

    __pydantic_config__ = _STRICT

    at: Moment | None = None
    text: str | None = None
    disposition_code: Annotated[int | DispositionCode | None, SkipValidation] = None  # read as a part of a seed


@dataclass(frozen=True, slots=True)
class ContactChange:
    """Another status for a contact; a ``closure`` makes it Closed."""

    __pydantic_config__ = _STRICT

    status: ContactStatus | None = None
    closure: ClosureChange | None = None


@dataclass(frozen=True, slots=True)
class AddedContacts:
    """How many contacts were added, and the ids they got, in their order."""

    added: int
    contact_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ShownSession:
    """A session; its key is nobody's business. ``idle_seconds`` since its last call."""

    username: str
    expired: bool
    idle_seconds: float


@dataclass(frozen=True, slots=True)
class ShownAdministrator:
    """Somebody with a name and a password; those of the base install may not log in."""

    username: str
    base_install: bool


@dataclass(frozen=True, slots=True)
class AdministratorChange:
    """The password somebody has from now on."""

    __pydantic_config__ = _STRICT

    password: str
    base_install: bool = False


@dataclass(frozen=True, slots=True)
class SkillsetChange:
    """The name a skillset has from now on."""

    __pydantic_config__ = _STRICT

    name: str
    skillset_id: int | None = None


KEPT_BY_CAMPAIGN = ("campaign_id", "contacts", "contacts_file", "generate")
"""What a change of a campaign's details cannot change."""


@dataclass(frozen=True, slots=True)
class CampaignChange:
    """What changes about a campaign; all else stays. A campaign of a seed but for KEPT_BY_CAMPAIGN."""


@dataclass(frozen=True, slots=True)
class ProfileSettings:
    """The choices of a profile, and the wording of each refusal that differs from its default; as in a seed."""


@dataclass(frozen=True, slots=True)
class DispositionCodeChange:
    """What a disposition code is from now on; ``retry_timeout`` is in minutes."""

    __pydantic_config__ = _STRICT

    name: str
    numeric_value: int = 0
    retry_timeout: int = 0
    max_retry_count: int = 0
    deletable: bool = True
    call_required: bool = False
    marked_as_deleted: bool = False
    save_agent_script: bool = False
    disposition_code_id: int | None = None


# --- what happens -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Conditions:
    """Picks exchanges out; what is left out matches all. ``arguments`` compare as those of a fault rule do."""

    __pydantic_config__ = _STRICT

    operation: str | None = None
    user: str | None = None
    outcome: str | None = None
    refusal: str | None = None
    rule: str | None = None
    injected: str | None = None
    status: int | None = None
    session: str | None = None
    after: int | None = None
    since: Moment | None = None
    until: Moment | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expectation(Conditions):
    """How many such exchanges there should be: at least one, where nothing is said."""

    at_least: int | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class ExpectedSequence:
    """Exchanges that should have come in this order; others may stand between them."""

    __pydantic_config__ = _STRICT

    steps: tuple[Conditions, ...]


@dataclass(frozen=True, slots=True)
class ShownMiss:
    """An exchange that comes near, and what keeps it from being one of those looked for."""

    exchange: Exchange
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it was as expected. ``note`` is not empty where the journal has dropped what might have counted."""

    holds: bool
    count: int
    message: str
    misses: tuple[ShownMiss, ...]
    note: str


@dataclass(frozen=True, slots=True)
class JournalPage:
    """The newest exchanges that match, oldest first; ``total`` is how many there ever were, ``dropped`` how many of
    them were dropped for the journal's bounds.
    """

    total: int
    dropped: int
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class FaultRules:
    """The rules in force, in the order they are asked, and what their chance starts from."""

    seed: int
    rules: tuple[FaultRule, ...]


@dataclass(frozen=True, slots=True)
class NewFaultRules:
    """Rules to have from now on, in place of all others; the seed stays where it is left out."""

    __pydantic_config__ = _STRICT

    rules: tuple[FaultRule, ...]
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class ShownPastEvent:
    """What has happened, and when by the center's clock."""

    name: str
    kind: str
    at: Moment


@dataclass(frozen=True, slots=True)
class TimelineEvents:
    """What lies ahead, and the last hundred events that have happened, oldest first."""

    events: tuple[TimelineEvent, ...]
    past: tuple[ShownPastEvent, ...]
