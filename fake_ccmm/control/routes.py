"""Every path and verb of the control API: what handles it, what it takes and what it answers.

The one table that both the server and its OpenAPI document are made of.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..calls import ARGUMENTS, OPERATIONS
from ..errors import REFUSALS
from ..faults import FaultRule
from ..journal import OUTCOMES, Exchange
from ..model import DispositionCode, Skillset
from ..seed.schema import CampaignSeed, ContactSeed, Seed
from ..timeline import TimelineEvent
from . import campaigns, centers, clock, contacts, faults, journal, people, profile, service, timeline
from .models import (
    AddedContacts,
    AdministratorChange,
    CampaignChange,
    CenterSummary,
    ClockAdvance,
    ClockChange,
    ClockReading,
    ContactChange,
    DispositionCodeChange,
    Expectation,
    ExpectedSequence,
    FaultRules,
    Health,
    Index,
    JournalPage,
    NewFaultRules,
    ProfileSettings,
    ShownAdministrator,
    ShownCampaign,
    ShownContact,
    ShownSession,
    SkillsetChange,
    TimelineEvents,
    Verdict,
)
from .parameters import Parameter
from .request import ControlRequest

BASE = "/control/v1"
"""What every path of the table comes after."""

JSON = "application/json"
YAML = "application/yaml"
BYTES = "application/octet-stream"
TEXT = "text/plain"
_SMALL = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Body:
    """What a request has to bring: a ``model`` in one of the content types.

    It is of at most so many bytes, or of as many as the server's bound ``control_body_bytes`` says (None).
    """

    model: Any
    content_types: tuple[str, ...] = (JSON,)
    most_bytes: int | None = _SMALL
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes when all goes well; ``model`` None with JSON is no body at all."""

    model: Any = None
    status: int = 200
    content_types: tuple[str, ...] = (JSON,)
    has_location: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the table. ``errors`` are the statuses that are no matter of course; ``is_open`` needs no token."""

    method: str
    path: str
    handler: Callable[[ControlRequest], Any]
    summary: str
    answer: Answer = Answer(status=204)
    body: Body | None = None
    query: tuple[Parameter, ...] = ()
    errors: tuple[int, ...] = ()
    is_open: bool = False

    @property
    def name(self) -> str:
        """The operationId: the topic and what is done."""
        words = self.handler.__name__.split("_")
        topic = self.handler.__module__.rpartition(".")[2]
        return topic + "".join(map(str.capitalize, words))


_SECRETS = Parameter("secrets", "Whether passwords and session keys are shown.", "switch", default=False)
_CONDITIONS = (
    Parameter("operation", "The operation that was called.", words=tuple(OPERATIONS)),
    Parameter("user", "Who called it."),
    Parameter("outcome", "What became of it.", words=tuple(OUTCOMES)),
    Parameter("refusal", "What it was refused for.", words=tuple(REFUSALS)),
    Parameter("rule", "The rule it was refused by, such as X5."),
    Parameter("injected", "The fault rule that changed the answer."),
    Parameter("status", "The HTTP status of the answer.", "whole"),
    Parameter("session", "The session it belongs to."),
    Parameter("after", "Only exchanges with a number above this one.", "whole"),
    Parameter("since", "Only exchanges from then on, by the center's clock.", "moment"),
    Parameter("until", "Only exchanges up to then, by the center's clock.", "moment"),
    Parameter("limit", "The newest so many.", "whole", default=1000, least=0),
    _SECRETS,
    Parameter(
        "argument",
        f"What an argument was, in JSON or as plain text; NAME is one of {', '.join(ARGUMENTS)}, or a part of one "
        "such as contact.first_name.",
        is_prefix=True,
    ),
)
_FORMAT = Parameter("format", "What the seed is written in.", default="json", words=("json", "yaml", "toml"))
_AFTER = Parameter("after", "Only contacts with an id above this one.", "whole", default=0)
_LIMIT = Parameter("limit", "At most so many.", "whole", default=200, least=0, most=1000)
_SEEDS = tuple(centers.SEED_TYPES)
_CENTER = "/centers/{center}"
_CAMPAIGN = "/centers/{center}/campaigns/{campaign_id}"

ROUTES: tuple[Route, ...] = (
    Route("GET", "", service.index, "Where everything starts", Answer(Index)),
    Route("GET", "/health", service.health, "Whether a SOAP login works", Answer(Health), errors=(503,), is_open=True),
    Route("GET", "/openapi.json", service.openapi, "This document", Answer(dict[str, Any])),
    Route("GET", "/metrics", service.show_metrics, "Figures for Prometheus", Answer(str, content_types=(TEXT,))),
    # --- centers
    Route("GET", "/centers", centers.show_all, "Every center", Answer(list[CenterSummary])),
    Route(
        "PUT",
        _CENTER,
        centers.create,
        "Make a center, as the default one was started or of a seed",
        Answer(CenterSummary, 201, has_location=True),
        Body(Seed, _SEEDS, None, is_needed=False),
        errors=(409,),
    ),
    Route("GET", _CENTER, centers.show, "One center", Answer(CenterSummary)),
    Route("DELETE", _CENTER, centers.delete, "Forget a center", errors=(409,)),
    Route("POST", f"{_CENTER}/reset", centers.reset, "Go back to the start, and forget the journal"),
    Route(
        "GET",
        f"{_CENTER}/seed",
        centers.show_seed,
        "The seed of a center as it is now",
        Answer(Seed, 200, _SEEDS),
        query=(_FORMAT,),
    ),
    Route(
        "PUT",
        f"{_CENTER}/seed",
        centers.load_seed,
        "Become what a seed says",
        Answer(CenterSummary),
        Body(Seed, _SEEDS, None),
    ),
    Route("GET", f"{_CENTER}/snapshots", centers.show_snapshots, "The names of all snapshots", Answer(list[str])),
    Route("PUT", f"{_CENTER}/snapshots/{{name}}", centers.save_snapshot, "Keep the state under a name"),
    Route("DELETE", f"{_CENTER}/snapshots/{{name}}", centers.drop_snapshot, "Forget a snapshot"),
    Route("POST", f"{_CENTER}/snapshots/{{name}}/restore", centers.restore_snapshot, "Go back to a snapshot"),
    Route("GET", f"{_CENTER}/clock", clock.show, "What time it is", Answer(ClockReading)),
    Route(
        "PUT",
        f"{_CENTER}/clock",
        clock.change,
        "Set the clock, stop it or let it run",
        Answer(ClockReading),
        Body(ClockChange),
    ),
    Route(
        "POST",
        f"{_CENTER}/clock/advance",
        clock.advance,
        "Move the clock forward",
        Answer(ClockReading),
        Body(ClockAdvance),
    ),
    Route("GET", f"{_CENTER}/profile", profile.show, "Every choice of the profile", Answer(ProfileSettings)),
    Route(
        "PUT",
        f"{_CENTER}/profile",
        profile.replace,
        "Make these choices, and the defaults for the rest",
        Answer(ProfileSettings),
        Body(ProfileSettings),
    ),
    Route(
        "PATCH",
        f"{_CENTER}/profile",
        profile.change,
        "Make some choices differently",
        Answer(ProfileSettings),
        Body(ProfileSettings),
    ),
    # --- what a center holds
    Route("GET", f"{_CENTER}/campaigns", campaigns.show_all, "Every campaign", Answer(list[ShownCampaign])),
    Route(
        "POST",
        f"{_CENTER}/campaigns",
        campaigns.add,
        "Add a campaign with its contacts",
        Answer(ShownCampaign, 201, has_location=True),
        Body(CampaignSeed, most_bytes=None),
        errors=(409,),
    ),
    Route("GET", _CAMPAIGN, campaigns.show, "One campaign", Answer(ShownCampaign)),
    Route(
        "PATCH",
        _CAMPAIGN,
        campaigns.change,
        "Change some of a campaign's details",
        Answer(ShownCampaign),
        Body(CampaignChange),
    ),
    Route("DELETE", _CAMPAIGN, campaigns.remove, "Forget a campaign and its contacts"),
    Route(
        "GET",
        f"{_CAMPAIGN}/contacts",
        contacts.show_all,
        "The contacts of a campaign, by id",
        Answer(list[ShownContact]),
        query=(_AFTER, _LIMIT),
    ),
    Route(
        "POST",
        f"{_CAMPAIGN}/contacts",
        contacts.add,
        "Add a contact, or a list of them",
        Answer(AddedContacts, 201),
        Body(ContactSeed | list[ContactSeed], most_bytes=None),
    ),
    Route("GET", f"{_CAMPAIGN}/contacts/{{contact_id}}", contacts.show, "One contact", Answer(ShownContact)),
    Route(
        "PATCH",
        f"{_CAMPAIGN}/contacts/{{contact_id}}",
        contacts.change,
        "Change a contact's status, or close it",
        Answer(ShownContact),
        Body(ContactChange),
    ),
    Route("GET", f"{_CENTER}/sessions", people.show_sessions, "Who is logged in", Answer(list[ShownSession])),
    Route("DELETE", f"{_CENTER}/sessions/{{username}}", people.log_off, "Log a user off"),
    Route("POST", f"{_CENTER}/sessions/{{username}}/expire", people.expire_session, "Let a user's session expire"),
    Route(
        "GET",
        f"{_CENTER}/administrators",
        people.show_administrators,
        "Who has a name and a password",
        Answer(list[ShownAdministrator]),
    ),
    Route(
        "PUT",
        f"{_CENTER}/administrators/{{username}}",
        people.put_administrator,
        "Let somebody log in, or change a password",
        body=Body(AdministratorChange),
    ),
    Route("GET", f"{_CENTER}/skillsets", people.show_skillsets, "Every skillset", Answer(list[Skillset])),
    Route(
        "PUT",
        f"{_CENTER}/skillsets/{{skillset_id}}",
        people.put_skillset,
        "Add or rename a skillset",
        Answer(Skillset),
        Body(SkillsetChange),
    ),
    Route(
        "GET",
        f"{_CENTER}/disposition-codes",
        people.show_disposition_codes,
        "Every code that campaigns can link",
        Answer(list[DispositionCode]),
    ),
    Route(
        "PUT",
        f"{_CENTER}/disposition-codes/{{disposition_code_id}}",
        people.put_disposition_code,
        "Add or change a disposition code",
        Answer(DispositionCode),
        Body(DispositionCodeChange),
    ),
    # --- what happens
    Route(
        "GET",
        f"{_CENTER}/journal",
        journal.show,
        "The newest exchanges that match",
        Answer(JournalPage),
        query=_CONDITIONS,
    ),
    Route("DELETE", f"{_CENTER}/journal", journal.clear, "Forget every exchange"),
    Route(
        "POST",
        f"{_CENTER}/journal/verify",
        journal.verify,
        "Whether there were as many as expected",
        Answer(Verdict),
        Body(Expectation),
    ),
    Route(
        "POST",
        f"{_CENTER}/journal/sequence",
        journal.verify_sequence,
        "Whether these came in this order",
        Answer(Verdict),
        Body(ExpectedSequence),
    ),
    Route(
        "GET",
        f"{_CENTER}/journal/{{number}}",
        journal.show_exchange,
        "One exchange",
        Answer(Exchange),
        query=(_SECRETS,),
    ),
    Route(
        "GET",
        f"{_CENTER}/journal/{{number}}/request",
        journal.show_request,
        "The bytes that came in",
        Answer(bytes, content_types=(BYTES,)),
        query=(_SECRETS,),
    ),
    Route(
        "GET",
        f"{_CENTER}/journal/{{number}}/response",
        journal.show_response,
        "The bytes that went out",
        Answer(bytes, content_types=(BYTES,)),
        query=(_SECRETS,),
    ),
    Route("GET", f"{_CENTER}/faults", faults.show_all, "The fault rules in force", Answer(FaultRules)),
    Route(
        "POST",
        f"{_CENTER}/faults",
        faults.add,
        "Put a fault rule in force",
        Answer(FaultRule, 201, has_location=True),
        Body(FaultRule),
        errors=(409,),
    ),
    Route(
        "PUT",
        f"{_CENTER}/faults",
        faults.replace_all,
        "Have these fault rules and no others",
        Answer(FaultRules),
        Body(NewFaultRules),
    ),
    Route("DELETE", f"{_CENTER}/faults", faults.clear, "Put all fault rules out of force"),
    Route("GET", f"{_CENTER}/faults/{{name}}", faults.show, "One fault rule with its counters", Answer(FaultRule)),
    Route("DELETE", f"{_CENTER}/faults/{{name}}", faults.remove, "Put a fault rule out of force"),
    Route(
        "GET", f"{_CENTER}/timeline", timeline.show, "What lies ahead, and what has happened", Answer(TimelineEvents)
    ),
    Route(
        "POST",
        f"{_CENTER}/timeline",
        timeline.add,
        "Let one more thing happen",
        Answer(TimelineEvent, 201),
        Body(TimelineEvent, most_bytes=None),
        errors=(409,),
    ),
    Route("DELETE", f"{_CENTER}/timeline", timeline.clear, "Let nothing happen by itself"),
    Route("DELETE", f"{_CENTER}/timeline/{{name}}", timeline.remove, "Let one event not happen"),
)
"""The table."""
