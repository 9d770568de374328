"""Mutants of what GetCampaigns shows, and of what no operation may touch: rules C1 to C5."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fake_ccmm.campaign import Campaign, CampaignView
from fake_ccmm.center import ContactCenter
from fake_ccmm.errors import ContactAlreadyClosed, TooSoon, UnknownCampaign
from fake_ccmm.model import CampaignDetails, CampaignStatus, ContactStatus
from fake_ccmm.soap import results, values

from .mutant import Replacement, mutant, patched, stand_in


def _listing(shows: Any) -> Replacement:
    """A GetCampaigns that lists the campaigns whose status is one of these."""

    def get_campaigns(original: Replacement, self: ContactCenter, key: str | None) -> list[CampaignView]:
        original(self, key)
        return [one for one in self.campaigns() if one.details.status in shows]

    return get_campaigns


_RUNNING, _WAITING, _PAUSED = CampaignStatus.RUNNING, CampaignStatus.WAITING, CampaignStatus.PAUSED
for _id, _broken, _shows in (
    ("C1-running-only", "Only running campaigns are listed", (_RUNNING,)),
    ("C1-paused-hidden", "Paused campaigns are not listed", (_RUNNING, _WAITING)),
    ("C1-completed-shown", "Completed campaigns are listed", (_RUNNING, _WAITING, _PAUSED, CampaignStatus.COMPLETED)),
    (
        "C1-all-but-closed",
        "All campaigns are listed but the closed ones",
        set(CampaignStatus) - {CampaignStatus.CLOSED},
    ),
):
    mutant(_id, _broken, ContactCenter, "get_campaigns")(_listing(_shows))


@mutant("C1-last-one-missing", "The last campaign is left out of the list", ContactCenter, "get_campaigns")
def _(get_campaigns: Replacement, self: ContactCenter, key: str | None) -> Any:
    return get_campaigns(self, key)[:-1]


@mutant("C1-list-is-kept", "A session gets the list of its first call again and again", ContactCenter, "get_campaigns")
def _(get_campaigns: Replacement, self: ContactCenter, key: str | None) -> Any:
    now = get_campaigns(self, key)
    ids = vars(self).setdefault("lists", {}).setdefault(key, [one.details.campaign_id for one in now])
    return [one for one in self.campaigns() if one.details.campaign_id in ids]


def _shown_with(**changes: Any) -> Replacement:
    """An OWCampaign with other members; a change is a function of the right members."""

    def members(campaign_members: Replacement, *arguments: Any) -> Any:
        right = campaign_members(*arguments)
        return {**right, **{name: change(right) for name, change in changes.items()}}

    return members


for _id, _broken, _changes in (
    ("C2-dates-swapped", "DateCreated and StartDateTime are swapped",
     {"DateCreated": lambda one: one["StartDateTime"], "StartDateTime": lambda one: one["DateCreated"]}),
    ("C2-status-in-capitals", "The name of the status is in capitals",
     {"Status": lambda one: {**one["Status"], "Name": one["Status"]["Name"].upper()}}),
    ("C2-closed-and-all-swapped", "NumberOfContacts and NumberOfContactsClosed are swapped",
     {"NumberOfContacts": lambda one: one["NumberOfContactsClosed"],
      "NumberOfContactsClosed": lambda one: one["NumberOfContacts"]}),
    ("C2-no-skillset", "The skillset is left out", {"Skillset": lambda one: None}),
    ("C2-empty-description", "A description that is not there comes as an empty one",
     {"Description": lambda one: one["Description"] or ""}),
):  # fmt: skip
    mutant(_id, _broken, results, "campaign_members")(_shown_with(**_changes))


@mutant("C2-number-of-code-is-its-id", "The NumbericValue of a disposition code is its Id", values,
        "disposition_code_members")  # fmt: skip
def _(members: Replacement, code: Any) -> Any:
    return {**members(code), "NumbericValue": code.disposition_code_id}


@mutant("C3-one-call-behind", "Counts are those of the call before", ContactCenter, "get_campaigns")
def _(get_campaigns: Replacement, self: ContactCenter, key: str | None) -> Any:
    now: list[CampaignView] = get_campaigns(self, key)
    before: list[CampaignView] = vars(self).get("before") or now
    vars(self)["before"] = now
    return before if [one.details for one in before] == [one.details for one in now] else now


def _viewed(change: Any) -> Replacement:
    """A campaign's view with other counts: ``change`` has the campaign and its right view."""

    def view(view: Replacement, self: Campaign) -> CampaignView:
        right: CampaignView = view(self)
        return replace(right, **change(self, right))

    return view


for _id, _broken, _change in (
    ("C3-closed-stands-still", "A close does not raise NumberOfContactsClosed",
     lambda campaign, view: {"number_of_contacts_closed": 0}),
    ("C3-close-takes-away", "A close lowers NumberOfContacts",
     lambda campaign, view: {"number_of_contacts": view.number_of_contacts - view.number_of_contacts_closed}),
    ("C3-appends-in-twos", "NumberOfContacts shows every second append",
     lambda campaign, view: {"number_of_contacts": view.number_of_contacts // 2 * 2}),
):  # fmt: skip
    mutant(_id, _broken, Campaign, "view")(_viewed(_change))

mutant("C3-processed-stands-still", "A close does not raise NumberOfContactsProcessed", Campaign, "view", assumed=True)(
    _viewed(lambda campaign, view: {"number_of_contacts_processed": 0})
)


@mutant("C3-closed-twice", "Each close counts, that of a closed contact too", ContactCenter, "close_contact")
def _(close_contact: Replacement, self: ContactCenter, key: str | None, campaign_id: int, **named: Any) -> Any:
    try:
        return close_contact(self, key, campaign_id, **named)
    except ContactAlreadyClosed:
        self._campaigns[campaign_id].contacts.closed_count += 1
        raise


@patched("C3-refused-append-counts", "An append that comes too soon is counted")
def _(patch: pytest.MonkeyPatch) -> None:
    def append_contact(original: Replacement, self: ContactCenter, key: Any, campaign_id: int, contact: Any) -> Any:
        try:
            return original(self, key, campaign_id, contact)
        except TooSoon:
            campaign = vars(self._campaigns[campaign_id])
            campaign["too_many"] = campaign.get("too_many", 0) + 1
            raise

    def too_many(campaign: Campaign, view: CampaignView) -> dict[str, int]:
        return {"number_of_contacts": view.number_of_contacts + vars(campaign).get("too_many", 0)}

    stand_in(patch, ContactCenter, "append_contact", append_contact)
    stand_in(patch, Campaign, "view", _viewed(too_many))


def _set_status(center: ContactCenter, campaign_id: int, status: CampaignStatus) -> None:
    if campaign_id in center._campaigns:
        center.set_campaign_status(campaign_id, status)


@mutant("C4-append-resumes", "An append lets a paused campaign run again", ContactCenter, "append_contact")
def _(append_contact: Replacement, self: ContactCenter, key: str | None, campaign_id: int, contact: Any) -> Any:
    returned = append_contact(self, key, campaign_id, contact)
    if self._campaigns[campaign_id].status is _PAUSED:
        _set_status(self, campaign_id, _RUNNING)
    return returned


@mutant("C4-paged-out-completes", "A campaign that is paged to its end is completed", ContactCenter,
        "get_200_campaign_contacts")  # fmt: skip
def _(page_of: Replacement, self: ContactCenter, key: str | None, campaign_id: int, last_contact_id: int) -> Any:
    page = page_of(self, key, campaign_id, last_contact_id)
    if not len(page):
        _set_status(self, campaign_id, CampaignStatus.COMPLETED)
    return page


@mutant("C4-last-close-completes", "The close of the last open contact completes the campaign", ContactCenter,
        "close_contact")  # fmt: skip
def _(close_contact: Replacement, self: ContactCenter, key: str | None, campaign_id: int, **named: Any) -> Any:
    returned = close_contact(self, key, campaign_id, **named)
    view = self.campaign(campaign_id)
    if view.number_of_contacts == view.number_of_contacts_closed:
        _set_status(self, campaign_id, CampaignStatus.COMPLETED)
    return returned


@mutant("C4-append-creates", "An append to a campaign that there is not creates it", ContactCenter, "append_contact")
def _(append_contact: Replacement, self: ContactCenter, key: str | None, campaign_id: int, contact: Any) -> Any:
    try:
        return append_contact(self, key, campaign_id, contact)
    except UnknownCampaign:
        self.add_campaign(CampaignDetails(campaign_id, f"Campaign {campaign_id}"))
        raise


@mutant("C4-listing-starts", "GetCampaigns lets waiting campaigns run", ContactCenter, "get_campaigns")
def _(get_campaigns: Replacement, self: ContactCenter, key: str | None) -> Any:
    listed = get_campaigns(self, key)
    for one in listed:
        if one.details.status is _WAITING:
            _set_status(self, one.details.campaign_id, _RUNNING)
    return listed


def _careless(operation: Replacement, self: ContactCenter, *arguments: Any, **named: Any) -> Any:
    """An operation that does not look whether the campaign has ended."""
    vars(self)["_campaign"] = self._campaigns.get
    try:
        return operation(self, *arguments, **named)
    finally:
        del vars(self)["_campaign"]


for _id, _broken, _name in (
    ("C5-ended-is-paged", "The contacts of an ended campaign can be paged through", "get_200_campaign_contacts"),
    ("C5-ended-takes-appends", "An ended campaign takes appends", "append_contact"),
    ("C5-ended-takes-closes", "Contacts of an ended campaign can be closed", "close_contact"),
    ("C5-ended-tells-id", "A phone number finds a contact of an ended campaign", "get_contact_id_by_phone_number"),
):
    mutant(_id, _broken, ContactCenter, _name)(_careless)


@mutant("C5-cancelled-is-active", "A cancelled campaign is treated as one that runs", ContactCenter, "_campaign")
def _(campaign: Replacement, self: ContactCenter, campaign_id: int) -> Any:
    found = self._campaigns.get(campaign_id)
    return found if found and found.status is CampaignStatus.CANCELLED else campaign(self, campaign_id)


@mutant(
    "C5-looked-up-once", "Whether a campaign is active is asked once, at its first call", ContactCenter, "_campaign"
)
def _(campaign: Replacement, self: ContactCenter, campaign_id: int) -> Any:
    found = campaign(self, campaign_id) if campaign_id not in vars(self).setdefault("active", set()) else None
    vars(self)["active"].add(campaign_id)
    return found or self._campaigns.get(campaign_id)


@mutant("C5-refused-after-all", "A close in an ended campaign is refused, but has closed the contact", ContactCenter,
        "close_contact")  # fmt: skip
def _(close_contact: Replacement, self: ContactCenter, key: str | None, campaign_id: int, **named: Any) -> Any:
    found = self._campaigns.get(campaign_id)
    if found is not None and not found.status.is_active:
        row = found.contacts.row_of(named["contact_id"])
        if row is not None:
            found.contacts.set_status(row, ContactStatus.CLOSED)
    return close_contact(self, key, campaign_id, **named)
