"""The contacts of a campaign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import fields, replace
from itertools import chain, islice, repeat
from typing import Any

from ..center import ContactCenter
from ..model import CampaignDetails, Closure, Contact, ContactStatus
from ..seed.checks import SAME_FIELDS
from ..seed.problems import Problems
from ..seed.schema import CampaignSeed, ClosureSeed
from ..seed.writing import to_document
from .models import AddedContacts, ClosureChange, ContactChange, ShownClosure, ShownContact
from .problems import FieldProblem, invalid
from .reading import build_part, need_mapping, raise_any, read_part
from .request import ControlRequest

_CHUNK = 500
_FIELDS = tuple(one.name for one in fields(Contact))


def show_all(request: ControlRequest) -> list[ShownContact]:
    """The contacts with the next ids after ``after``."""
    center, campaign_id = request.world.center, request.path["campaign_id"]
    after, limit = request.query["after"], request.query["limit"]
    with center.locked():
        found = center.contacts(campaign_id, after=after, most=limit)
        return [_shown(center, campaign_id, one) for one in found]


def show(request: ControlRequest) -> ShownContact:
    """One contact."""
    center, campaign_id = request.world.center, request.path["campaign_id"]
    with center.locked():
        return _shown(center, campaign_id, center.contact(campaign_id, request.path["contact_id"]))


def add(request: ControlRequest) -> AddedContacts:
    """Add a contact, or a list of them."""
    center, campaign_id = request.world.center, request.path["campaign_id"]
    body = request.document
    given, place = (body, "") if isinstance(body, list) else ([need_mapping(body)], "[0]")
    document = campaign_document(center.campaign(campaign_id).details) | {"contacts": given}
    places = {f"campaigns[0].contacts{place}": ""}
    seed = read_part({"campaigns": [document]}, places)
    ids = take_over(center, build_part(seed, places), seed.campaigns[0], places)
    return AddedContacts(len(ids), tuple(ids))


def change(request: ControlRequest) -> ShownContact:
    """Give a contact another status, or close it."""
    center, campaign_id, contact_id = request.world.center, request.path["campaign_id"], request.path["contact_id"]
    wanted = request.read(ContactChange)
    if wanted.status is None and wanted.closure is None:
        raise invalid([FieldProblem("", "names nothing to change; there are status and closure")])
    with center.locked():
        center.contact(campaign_id, contact_id)
        if wanted.closure is not None:
            center.set_closure(campaign_id, contact_id, _closure(center, campaign_id, wanted))
        elif wanted.status is not None:
            center.set_contact_status(campaign_id, contact_id, wanted.status)
        return _shown(center, campaign_id, center.contact(campaign_id, contact_id))


def campaign_document(details: CampaignDetails) -> dict[str, Any]:
    """A campaign as it would stand in a seed, without its contacts."""
    same = {name: getattr(details, name) for name in SAME_FIELDS}
    seed = CampaignSeed(**same, skillset=details.skillset, disposition_codes=details.disposition_codes)
    document: dict[str, Any] = to_document(seed)
    return document


def take_over(center: ContactCenter, made: ContactCenter, wanted: CampaignSeed, places: Mapping[str, str]) -> list[int]:
    """Put the contacts of ``made``, the center that a seed's only campaign gave, into ``center``; returns their ids.

    Calls are answered in between, unless ids were wanted: those must be new, or nothing is done.
    """
    has_ids = any(one.contact_id for one in wanted.contacts)
    campaign_id = wanted.campaign_id
    contacts = _contacts(made, wanted)
    ids: list[int] = []
    center.check_room(made.campaign(campaign_id).number_of_contacts)
    with center.locked() if has_ids else nullcontext():
        if has_ids:
            _check_ids(center, wanted, places)
        while chunk := list(islice(contacts, _CHUNK)):
            with center.locked():
                for contact, closure in chunk:
                    center.load_contacts(campaign_id, [contact], keep_ids=True)
                    ids.append(center.last_contact_id)
                    if closure is not None:
                        center.set_closure(campaign_id, ids[-1], closure)
    return ids


def _contacts(made: ContactCenter, wanted: CampaignSeed) -> Iterator[tuple[Contact, Closure | None]]:
    """The contacts that were made, with the ids that were wanted: 0 is any."""
    wanted_ids = chain((one.contact_id for one in wanted.contacts), repeat(0))
    last = 0
    while found := made.contacts(wanted.campaign_id, after=last, most=_CHUNK):
        for one in found:
            last = one.contact_id
            yield replace(one, contact_id=next(wanted_ids)), made.closure(wanted.campaign_id, last)


def _check_ids(center: ContactCenter, wanted: CampaignSeed, places: Mapping[str, str]) -> None:
    last = center.last_contact_id
    problems = Problems()
    for number, one in enumerate(wanted.contacts):
        if 0 < one.contact_id <= last:
            place = f"campaigns[0].contacts[{number}].contact_id"
            problems.add(place, f"is {one.contact_id}, and ids up to {last} were given out; leave it out for the next")
        last = max(last, one.contact_id or last + 1)
    raise_any(problems, places)


def _closure(center: ContactCenter, campaign_id: int, wanted: ContactChange) -> Closure:
    """The closure as the center takes it, with its code in full."""
    given = wanted.closure or ClosureChange()
    closure = ClosureSeed(given.at or center.clock.now(), given.text, given.disposition_code)
    status = wanted.status or ContactStatus.CLOSED
    document = campaign_document(center.campaign(campaign_id).details)
    contacts = [{"status": status.value, "closure": to_document(closure)}]
    places = {"campaigns[0].contacts[0]": ""}
    made = build_part(read_part({"campaigns": [document | {"contacts": contacts}]}, places), places)
    return made.closure(campaign_id, made.last_contact_id) or Closure(closure.at)


def _shown(center: ContactCenter, campaign_id: int, contact: Contact) -> ShownContact:
    closure = center.closure(campaign_id, contact.contact_id)
    return ShownContact(
        **{name: getattr(contact, name) for name in _FIELDS},
        closure=None if closure is None else ShownClosure(closure.at, closure.text, closure.disposition_code),
    )
