"""Mutants of AppendContactsToCampaign: rules A1 to A6."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fake_ccmm.campaign import Campaign
from fake_ccmm.center import ContactCenter
from fake_ccmm.errors import SkillsetRequired, TooSoon
from fake_ccmm.model import Contact, CustomField
from fake_ccmm.pacing import Pacing
from fake_ccmm.profile import Profile
from fake_ccmm.sessions import Session
from fake_ccmm.supervision import SupervisedCenter

from .mutant import Replacement, mutant

_APPEND = "AppendContactsToCampaign"


@mutant("A1-returns-the-id", "An append returns the contact's id", ContactCenter, "append_contact")
def _(append_contact: Replacement, self: ContactCenter, *arguments: Any) -> int:
    append_contact(self, *arguments)
    return self.last_contact_id


@mutant("A1-returns-0", "An append returns 0 for no error", ContactCenter, "append_contact")
def _(append_contact: Replacement, self: ContactCenter, *arguments: Any) -> int:
    append_contact(self, *arguments)
    return 0


@mutant("A1-adds-two", "An append adds the contact twice", ContactCenter, "append_contact")
def _(append_contact: Replacement, self: ContactCenter, key: str | None, campaign_id: int, contact: Contact) -> Any:
    returned = append_contact(self, key, campaign_id, contact)
    self._add(self._campaigns[campaign_id], contact)
    return returned


@mutant("A1-adds-none-without-a-name", "A contact without any name is taken, but not added", SupervisedCenter, "_add")
def _(add: Replacement, self: SupervisedCenter, campaign: Campaign, contact: Contact, *more: Any) -> None:
    if contact.first_name is not None or contact.last_name is not None:
        add(self, campaign, contact, *more)


@mutant("A1-into-another-campaign", "A contact is added to the campaign after the one that is named", ContactCenter,
        "append_contact")  # fmt: skip
def _(append_contact: Replacement, self: ContactCenter, key: str | None, campaign_id: int, contact: Any) -> Any:
    return append_contact(self, key, campaign_id + 1 if campaign_id + 1 in self._campaigns else campaign_id, contact)


def _accepting(change: Callable[[ContactCenter, Contact], Contact]) -> Replacement:
    """A check of a contact that sees another one."""

    def accepted(original: Replacement, self: ContactCenter, campaign: Campaign, contact: Contact) -> Any:
        return original(self, campaign, change(self, contact))

    return accepted


def _some_skillset(center: ContactCenter, contact: Contact) -> Contact:
    return contact if contact.skillset_id else replace(contact, skillset_id=next(iter(center._skillsets)))


def _needs_a_last_name(center: ContactCenter, contact: Contact) -> Contact:
    if not contact.last_name:
        raise SkillsetRequired
    return contact


def _needs_a_number(center: ContactCenter, contact: Contact) -> Contact:
    if contact.phone_number is None:
        raise SkillsetRequired
    return contact


for _id, _broken, _change in (
    ("A2-skillset-made-up", "A contact without a SkillsetID gets the center's first", _some_skillset),
    ("A2-last-name-required", "A contact needs a LastName", _needs_a_last_name),
    ("A2-number-required", "A contact needs a PhoneNumber", _needs_a_number),
):
    mutant(_id, _broken, ContactCenter, "_accepted")(_accepting(_change))


@mutant("A2-refused-but-added", "A contact without a SkillsetID is refused, but added", ContactCenter, "_accepted")
def _(accepted: Replacement, self: ContactCenter, campaign: Campaign, contact: Contact) -> Any:
    if not contact.skillset_id:
        self._add(campaign, contact)
    return accepted(self, campaign, contact)


@mutant("A2-nothing-is-added", "An append without any contact adds an empty one", ContactCenter, "append_contact")
def _(append_contact: Replacement, self: ContactCenter, key: str | None, campaign_id: int, contact: Any) -> Any:
    return append_contact(self, key, campaign_id, contact or _some_skillset(self, Contact()))


@mutant(
    "A2-any-skillset", "A skillset that the center does not know is taken", ContactCenter, "_accepted", assumed=True
)
def _(accepted: Replacement, self: ContactCenter, campaign: Campaign, contact: Contact) -> Any:
    known = contact.skillset_id in self._skillsets or not contact.skillset_id
    found = accepted(self, campaign, contact if known else _some_skillset(self, replace(contact, skillset_id=0)))
    return replace(found, skillset_id=contact.skillset_id)


@mutant("A3-refused", "A contact that is there already is refused", ContactCenter, "_accepted")
def _(accepted: Replacement, self: ContactCenter, campaign: Campaign, contact: Contact) -> Any:
    if _is_there(self, campaign, contact):
        raise SkillsetRequired
    return accepted(self, campaign, contact)


@mutant("A3-swallowed", "A contact that is there already is taken, but not added", SupervisedCenter, "_add")
def _(add: Replacement, self: ContactCenter, campaign: Campaign, contact: Contact, *more: Any) -> None:
    if not _is_there(self, campaign, contact):
        add(self, campaign, contact, *more)


def _is_there(self: SupervisedCenter, campaign: Campaign, contact: Contact) -> bool:
    names = (contact.first_name, contact.last_name, contact.title)
    store = campaign.contacts
    return any(names == (one.first_name, one.last_name, one.title) for one in map(store.contact, range(len(store))))


def _paced(change: Callable[[Profile], Profile]) -> Replacement:
    """A limit that goes by another profile."""

    def is_too_soon(original: Replacement, self: Pacing, operation: str, session: Session) -> Any:
        right, self.profile = self.profile, change(self.profile)
        try:
            return original(self, operation, session)
        finally:
            self.profile = right

    return is_too_soon


def limited(rule: str, operation: str) -> None:
    """The mutants of the limit of one of the two limited operations."""
    what = "appends" if operation == _APPEND else "closes"
    for name, broken, change in (
        ("no-limit", f"There is no limit for {what}", lambda one: replace(one, limit_seconds=0)),
        ("half-a-second", f"The limit for {what} is half a second", lambda one: replace(
            one, limit_seconds=one.limit_seconds / 2)),
        ("two-seconds", f"The limit for {what} is two seconds", lambda one: replace(
            one, limit_seconds=one.limit_seconds * 2)),
    ):  # fmt: skip
        mutant(f"{rule}-{name}", broken, Pacing, "is_too_soon")(_only(operation, _paced(change)))

    @mutant(f"{rule}-refusal-starts-anew", f"Of {what} that come too soon each starts a new second", Pacing,
            "is_too_soon")  # fmt: skip
    def _(is_too_soon: Replacement, self: Pacing, called: str, session: Session) -> Any:
        try:
            return is_too_soon(self, called, session)
        except TooSoon:
            if called == operation:
                self.record(called, session)
            raise

    @mutant(f"{rule}-once-only", f"Of {what} the second one is limited, the third one not", Pacing, "is_too_soon")
    def _(is_too_soon: Replacement, self: Pacing, called: str, session: Session) -> Any:
        try:
            return is_too_soon(self, called, session)
        except TooSoon:
            if called == operation:
                self._last(session).pop(self._counter(called), None)
            raise


def _only(operation: str, replacement: Replacement) -> Replacement:
    def is_too_soon(original: Replacement, self: Pacing, called: str, session: Session) -> Any:
        if called != operation:
            return original(self, called, session)
        return replacement(original, self, called, session)

    return is_too_soon


limited("A4", _APPEND)


@mutant("A4-refused-but-added", "An append that comes too soon is refused, but added", ContactCenter, "append_contact")
def _(append_contact: Replacement, self: ContactCenter, key: str | None, campaign_id: int, contact: Any) -> Any:
    try:
        return append_contact(self, key, campaign_id, contact)
    except TooSoon:
        self._add(self._campaigns[campaign_id], contact)
        raise


@mutant("A4-one-second-for-all", "All users together have one second", Pacing, "_last", assumed=True)
def _(last: Replacement, self: Pacing, session: Session) -> dict[str, int]:
    return self._last_by_user.setdefault("", {})


@mutant("A4-append-blocks-close", "Append and close share one second", Pacing, "_counter", assumed=True)
def _(counter: Replacement, self: Pacing, operation: str) -> str:
    return ""


@mutant("A5-sent-id-is-taken", "A ContactID that is sent, and higher than all, is taken", SupervisedCenter, "_add")
def _(add: Replacement, self: SupervisedCenter, campaign: Campaign, contact: Contact, contact_id: int = 0) -> None:
    add(self, campaign, contact, contact_id or max(contact.contact_id, self._last_contact_id + 1))


@mutant("A5-sent-id-is-changed", "An append with the ContactID of a contact overwrites that contact, too",
        ContactCenter, "append_contact")  # fmt: skip
def _(append_contact: Replacement, self: ContactCenter, key: str | None, campaign_id: int, contact: Contact) -> Any:
    returned = append_contact(self, key, campaign_id, contact)
    store = self._campaigns[campaign_id].contacts
    row = store.row_of(contact.contact_id) if contact else None
    if row is not None:
        store._own()
        store._records[row] = store.codec.encode(contact, contact.contact_id)
    return returned


@mutant("A5-ids-of-the-campaign", "Each campaign numbers its contacts by itself", SupervisedCenter, "_add")
def _(add: Replacement, self: SupervisedCenter, campaign: Campaign, contact: Contact, contact_id: int = 0) -> None:
    store = campaign.contacts
    add(self, campaign, contact, contact_id or (store.contact_id(len(store) - 1) + 1 if len(store) else 1))


@mutant("A5-sent-id-refused", "An append with a ContactID is refused", ContactCenter, "_accepted")
def _(accepted: Replacement, self: ContactCenter, campaign: Campaign, contact: Contact) -> Any:
    if contact.contact_id > 0:
        raise SkillsetRequired
    return accepted(self, campaign, contact)


def _keeping(change: Callable[[tuple[CustomField, ...]], tuple[CustomField, ...]]) -> Replacement:
    """A check of a contact that keeps other custom fields."""

    def accepted(original: Replacement, self: ContactCenter, campaign: Campaign, contact: Contact) -> Contact:
        found: Contact = original(self, campaign, contact)
        return replace(found, custom_fields=found.custom_fields and change(found.custom_fields))

    return accepted


for _id, _broken, _keep in (
    ("A6-first-one-only", "Only the first custom field is kept", lambda fields: fields[:1]),
    ("A6-names-in-lower-case", "The names of custom fields are kept in lower case", lambda fields: tuple(
        replace(one, name=one.name and one.name.lower()) for one in fields)),
    ("A6-texts-trimmed", "Blanks around the text of a custom field are cut off", lambda fields: tuple(
        replace(one, text=one.text and one.text.strip()) for one in fields)),
    ("A6-by-position", "The texts of custom fields go by their position, not by their names", lambda fields: tuple(
        replace(one, text=other.text) for one, other in zip(fields, sorted(
            fields, key=lambda one: one.name or ""), strict=True))),
    ("A6-empty-ones-dropped", "A custom field without a text is dropped",
     lambda fields: tuple(one for one in fields if one.text)),
):  # fmt: skip
    mutant(_id, _broken, ContactCenter, "_accepted")(_keeping(_keep))


@mutant("A6-unknown-ones-kept", "A custom field that the campaign lacks is kept", ContactCenter, "_accepted",
        assumed=True)  # fmt: skip
def _(accepted: Replacement, self: ContactCenter, campaign: Campaign, contact: Contact) -> Contact:
    found: Contact = accepted(self, campaign, contact)
    return replace(found, custom_fields=contact.custom_fields)
