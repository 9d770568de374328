"""What GetCampaigns shows, and what no operation touches: rules C1 to C5."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from hypothesis import strategies as st

from ..answer import Answer, Fault, Returned
from ..clause import Need, clause, observation
from ..domain import (
    ACTIVE_STATUSES,
    INACTIVE_STATUSES,
    Address,
    Campaign,
    Contact,
    CustomField,
    DispositionCode,
    PhoneNumber,
    Skillset,
)
from ..generate import texts
from ..operations import OPERATIONS
from ..stage import Stage
from ..story import shown
from ..worlds import MAIN, World, WorldCampaign, WorldContact

OVERVIEW = "the vendor's SDK overview"

_ANY_STATUS = st.sampled_from(ACTIVE_STATUSES + INACTIVE_STATUSES)
_longs = st.integers(0, 2**31 - 1)
_dates = st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)).map(
    lambda when: when.replace(microsecond=0).isoformat()
)


def world_of(stage: Stage) -> World:
    """The world that the center holds now."""
    if stage.world is None:
        raise ValueError("only a mock holds a world")
    return stage.world


def declared(stage: Stage, choice: str) -> Any:
    """What a mock says of itself in its profile, which may not be what it does; None of any other server."""
    return stage.mock.profile().get(choice) if stage.mock is not None else None


@clause("C1", "GetCampaigns lists every campaign that is Running, Waiting or Paused, and no other", evidence="D",
        source=OVERVIEW)  # fmt: skip
def active_campaigns_are_listed(stage: Stage) -> None:
    if stage.can_seed:
        statuses = stage.draw(st.lists(_ANY_STATUS, max_size=8), "statuses")
        campaigns = tuple(WorldCampaign(MAIN + at, f"No {at}", status) for at, status in enumerate(statuses))
        stage.become(replace(world_of(stage), campaigns=campaigns))
        due = sorted(one.campaign_id for one in campaigns if one.is_active)
        listed = sorted(one.campaign_id for one in stage.campaigns())
        stage.check(listed == due, f"the campaigns {due} of {_told(campaigns)} are to be listed, but {listed} are")
    for one in stage.campaigns():
        name = one.status.name if one.status else None
        stage.check(name in ACTIVE_STATUSES, f"campaign {one.campaign_id} is listed although its status is {name}")


@clause("C1.moves", "A campaign disappears from the list when it ends, and is back when it runs again", evidence="D",
        source=OVERVIEW, needs=(Need.SEED,))  # fmt: skip
def list_follows_the_status(stage: Stage) -> None:
    for status in stage.draw(st.lists(_ANY_STATUS, min_size=1, max_size=5), "statuses"):
        stage.set_campaign_status(MAIN, status)
        is_listed = stage.campaign(MAIN) is not None
        due = status in ACTIVE_STATUSES
        stage.check(is_listed == due, f"a campaign that is {status} is {'' if due else 'not '}to be listed")


def _told(campaigns: tuple[WorldCampaign, ...]) -> str:
    return ", ".join(f"{one.campaign_id} {one.status}" for one in campaigns) or "none"


@clause("C2", "A campaign comes with its counts, dates, skillset, status and disposition codes", evidence="DW",
        source=f"{OVERVIEW}, the WSDL")  # fmt: skip
def details_are_shown(stage: Stage) -> None:
    if not stage.can_seed:
        for one in stage.campaigns():
            _check_sane(stage, one)
        return
    details = stage.draw(_details(), "details")
    codes = stage.draw(_codes(), "disposition codes")
    name = stage.draw(texts(), "name")
    statuses = stage.draw(st.lists(st.sampled_from(["New", "Closed"]), max_size=4), "contacts")
    skillset = stage.draw(st.sampled_from([None, Skillset(10032, "OB_Sales")]), "skillset")
    campaign = WorldCampaign(
        MAIN,
        name,
        skillset=skillset,
        disposition_codes=codes,
        contacts=tuple(WorldContact(Contact(skillset_id=10032), one) for one in statuses),
        details=details,
    )
    stage.become(replace(world_of(stage), campaigns=(campaign,)))
    listed = stage.campaign(MAIN)
    stage.check(listed is not None, "the campaign is Running, but is not listed")
    if listed is not None:
        _check_details(stage, campaign, listed)


def _check_details(stage: Stage, campaign: WorldCampaign, listed: Campaign) -> None:
    """Every detail as the center was filled with it."""
    details = campaign.details
    due: dict[str, Any] = {
        **{name: details[name] for name in details if name not in ("date_created", "start_date_time")},
        "name": campaign.name,
        "skillset": campaign.skillset,
        "disposition_codes": campaign.disposition_codes,
        "number_of_contacts": len(campaign.contacts),
        "number_of_contacts_closed": sum(one.status == "Closed" for one in campaign.contacts),
    }
    for name, value in due.items():
        came = getattr(listed, name)
        if name == "disposition_codes":
            came = came or ()
        stage.check(came == _received(value), f"the campaign's {name} is {value!r}, but comes as {came!r}")
    for name in ("date_created", "start_date_time"):
        came = _instant(stage, getattr(listed, name))
        stage.check(came == details[name], f"the campaign's {name} is {details[name]}, but comes as {came}")
    status = listed.status.name if listed.status else None
    stage.check(status == campaign.status, f"the campaign is {campaign.status}, but its status comes as {status}")


def _received(value: Any) -> Any:
    return value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value


def _check_sane(stage: Stage, one: Campaign) -> None:
    """What can be said of a campaign that somebody else made."""
    who = f"campaign {one.campaign_id}"
    stage.check(one.name, f"{who} comes without a name")
    stage.check(one.status is not None and one.status.name, f"{who} comes without the name of its status")
    closed, all_of_them = one.number_of_contacts_closed, one.number_of_contacts
    stage.check(0 <= closed <= all_of_them, f"{who} has {all_of_them} contacts, but {closed} of them closed")
    for text in (one.date_created, one.start_date_time):
        _instant(stage, text)


def _instant(stage: Stage, text: str) -> str:
    """A date as UTC without an offset, whichever of the forms of a dateTime it came in."""
    try:
        when = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        stage.check(False, f"{text!r} is no date of XML Schema")
        raise
    return (when.astimezone(timezone.utc).replace(tzinfo=None) if when.tzinfo else when).isoformat()


def _details() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "description": st.none() | texts(),
            "owner": st.none() | texts(),
            "dialing_prefix": st.none() | texts(),
            "date_created": _dates,
            "start_date_time": _dates,
            "start_of_run": st.booleans(),
            "locked": st.booleans(),
            "priority": st.integers(1, 6),
            "load_contacts_per_interval": _longs,
            "auto_dial_timeout": _longs,
            "minimum_ring_time": _longs,
        }
    )


def _codes() -> st.SearchStrategy[tuple[DispositionCode, ...]]:
    flags = st.booleans()
    one = st.builds(
        DispositionCode, st.integers(1, 99), st.sampled_from(["Completed", "忙しい", "No Answer"]), _longs, _longs,
        _longs, flags, flags, flags, flags,
    )  # fmt: skip
    return st.lists(one, max_size=3, unique_by=lambda code: code.disposition_code_id).map(tuple)


@clause("C3", "An append raises NumberOfContacts at once, a close NumberOfContactsClosed", evidence="D",
        source=OVERVIEW, needs=(Need.WRITE,))  # fmt: skip
def counts_are_the_latest(stage: Stage) -> None:
    before = _main(stage)
    fresh = stage.fresh_contact()
    appended = _main(stage)
    came = appended.number_of_contacts - before.number_of_contacts
    stage.check(came == 1, f"an append is to raise NumberOfContacts by 1, but it rose by {came}")
    stage.value(stage.close(contact_id=fresh.contact_id))
    closed = _main(stage)
    came = closed.number_of_contacts_closed - appended.number_of_contacts_closed
    stage.check(came == 1, f"a close is to raise NumberOfContactsClosed by 1, but it rose by {came}")
    came = closed.number_of_contacts - appended.number_of_contacts
    stage.check(came == 0, f"a close is to leave NumberOfContacts as it is, but it rose by {came}")
    if stage.can_seed:
        _check_second_tries(stage, fresh.contact_id)


def _check_second_tries(stage: Stage, closed_id: int) -> None:
    """To close what is closed closes no more; an append that is refused adds nothing."""
    before = _main(stage)
    stage.close(contact_id=closed_id)
    after = _main(stage)
    came = after.number_of_contacts_closed - before.number_of_contacts_closed
    stage.check(came == 0, f"to close a contact once more is to leave NumberOfContactsClosed, but it rose by {came}")
    stage.fresh_contact()
    before = _main(stage)
    if stage.known("limit_answer") != "delay":
        answer = call_with_good_arguments(stage, "AppendContactsToCampaign", stage.campaign_id, at_once=True)
        came = _main(stage).number_of_contacts - before.number_of_contacts
        is_refused = isinstance(answer, Fault)
        stage.check(came == 0 or not is_refused, f"an append was refused, but NumberOfContacts rose by {came}")


@observation("C3.processed", "Whether a close raises NumberOfContactsProcessed", source="nothing says when it rises",
             needs=(Need.WRITE,))  # fmt: skip
def processed_contacts_are_counted(stage: Stage) -> None:
    fresh = stage.fresh_contact()
    before = _main(stage)
    stage.value(stage.close(contact_id=fresh.contact_id))
    rose = _main(stage).number_of_contacts_processed - before.number_of_contacts_processed
    stage.observe(f"a close raises NumberOfContactsProcessed by {rose}")


def _main(stage: Stage) -> Campaign:
    campaign = stage.campaign()
    if campaign is None:
        stage.check(False, f"campaign {stage.campaign_id} is not listed although it takes calls")
        raise AssertionError
    return campaign


@clause("C4", "No operation creates a campaign, deletes one or changes its status", evidence="D", source=OVERVIEW)
def campaigns_stay_as_they_are(stage: Stage) -> None:
    names = [one.name for one in OPERATIONS.values() if one.service != "OutboundUtilityWS"]
    if not stage.can_write:
        names = [name for name in names if not OPERATIONS[name].writes]
    elif not stage.can_seed:
        names = [name for name in names if name != "CloseContact"]
    before = _kept(stage)
    if stage.can_seed:
        _call_everywhere(stage, names)
    else:
        names = [stage.draw(st.sampled_from(names), "operation")]
        call_with_good_arguments(stage, names[0], stage.campaign_id)
    after = _kept(stage)
    stage.check(before == after, f"the campaigns were {before} and are {after} after {', '.join(names)}")


def _call_everywhere(stage: Stage, names: list[str]) -> None:
    """Every operation on every campaign, ended or never there; then all pages, and a close of all contacts."""
    for campaign_id in (*stage.world.contact_ids(), 999) if stage.world else ():
        for operation in names:
            call_with_good_arguments(stage, operation, campaign_id)
    for one in stage.contacts(MAIN):
        stage.close(contact_id=one.contact_id)


def _kept(stage: Stage) -> list[tuple[int, str | None, str | None]]:
    """Every campaign with name and status; on a mock those that are not shown, too."""
    if stage.mock is not None:
        return [(one["campaign_id"], one["name"], one["status"]) for one in stage.mock.campaigns()]
    return [(one.campaign_id, one.name, one.status.name if one.status else None) for one in stage.campaigns()]


def call_with_good_arguments(
    stage: Stage, operation: str, campaign_id: int, *, soap: str = "1.1", at_once: bool = False
) -> Answer:
    """Call an operation on a campaign with a live key and nothing wrong but perhaps the campaign.

    With ``at_once`` it may come too soon.
    """
    ids = stage.world.contact_ids().get(campaign_id, ()) if stage.world else ()
    values: dict[str, Any] = {
        "session_key": stage.key(),
        "campaign_id": campaign_id,
        "contact": Contact(first_name="Ann", skillset_id=stage.skillset_id),
        "last_contact_id": 0,
        "contact_id": ids[0] if ids else 0,
        "custom_field_passed": False,
        "custom_field_specified": False,
        "disposition_code": 0,
        "disposition_code_specified": False,
        "phone_number": PhoneNumber("353", "91", "5550100"),
        "custom_field": CustomField("Account", "4711"),
    }
    if OPERATIONS[operation].limited and not at_once:
        stage.await_turn(operation)
        values["session_key"] = stage.key()
    return stage.call(
        operation, soap=soap, **{name: values[name] for name in OPERATIONS[operation].arguments if name in values}
    )


@clause("C5", "A campaign that is Closed, Completed or Cancelled is neither shown nor changed by any operation",
        evidence="D", source=OVERVIEW, needs=(Need.SEED,))  # fmt: skip
def ended_campaigns_are_out_of_reach(stage: Stage) -> None:
    become_reachable(stage)
    where = stage.draw(st.sampled_from([MAIN + 3, MAIN + 4, MAIN + 5]), "campaign")
    before = _contents(stage, where)
    _check_out_of_reach(stage, where)
    listed = [one.campaign_id for one in stage.campaigns()]
    stage.check(where not in listed, f"campaign {where} has ended, but GetCampaigns lists it")
    stage.check(_contents(stage, where) == before, f"campaign {where} has ended, but calls have changed its contacts")


@clause("C5.midway", "A campaign that ends while a client works on it is out of reach from then on", evidence="D",
        source=OVERVIEW, needs=(Need.SEED,))  # fmt: skip
def campaign_that_ends_midway(stage: Stage) -> None:
    become_reachable(stage)
    stage.contacts(MAIN)
    stage.set_campaign_status(MAIN, stage.draw(st.sampled_from(INACTIVE_STATUSES), "status"))
    before = _contents(stage, MAIN)
    _check_out_of_reach(stage, MAIN)
    stage.check(_contents(stage, MAIN) == before, "a campaign has ended, but calls have changed its contacts")


def become_reachable(stage: Stage) -> None:
    """Give every contact of a mock's center what it can be found by with :func:`call_with_good_arguments`, and more."""
    world = world_of(stage)
    found_by = Contact(
        first_name="Ann",
        last_name="O'Neil",
        address=Address("1 High Street", country="Ireland"),
        email_address="ann@example.com",
        phone_number=PhoneNumber("353", "91", "5550100"),
        custom_fields=(CustomField("Account", "4711", True),),
        skillset_id=world.skillsets[0].skillset_id,
    )
    for one in world.campaigns:
        contacts = tuple(replace(each, contact=found_by) for each in one.contacts)
        world = world.with_campaign(replace(one, contacts=contacts))
    stage.become(world)


def _check_out_of_reach(stage: Stage, campaign_id: int) -> None:
    for one in OPERATIONS.values():
        if "campaign_id" in one.arguments:
            answer = call_with_good_arguments(stage, one.name, campaign_id)
            stage.check(
                not _gives_something(answer),
                f"{one.name} on a campaign that has ended is to be refused or to give nothing, but {shown(answer)}",
            )


def _contents(stage: Stage, campaign_id: int) -> list[dict[str, Any]]:
    """What a campaign holds, whether or not the services show it."""
    if stage.mock is None:
        raise ValueError("only a mock can tell")
    return stage.mock.contacts(campaign_id)


def _gives_something(answer: Answer) -> bool:
    """Whether an answer holds a contact, its status or its id, or says that something was done."""
    if not isinstance(answer, Returned):
        return False
    value = answer.value
    return value not in (None, (), 0, -1)
