"""Mutants of CloseContact and GetContactStatus: rules X1 to X6 and T1."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import Any

from fake_ccmm.center import ContactCenter
from fake_ccmm.contacts import ContactStore
from fake_ccmm.errors import DispositionCodeNotLinked, UnknownContact
from fake_ccmm.model import Closure, Contact, ContactStatus, CustomField, DispositionCode
from fake_ccmm.soap import results
from fake_ccmm.soap.protocol import AsmxProtocol

from .appending import limited
from .mutant import Replacement, mutant

_CLOSE = "CloseContact"
Named = dict[str, Any]


def _asked(operation: str, change: Callable[[Named], Named]) -> Replacement:
    """A reading of one operation's arguments that changes some."""

    def deserialize(original: Replacement, self: AsmxProtocol, ctx: Any, message: Any) -> None:
        original(self, ctx, message)
        if ctx.udc.operation == operation:
            ctx.udc.arguments.update(change(ctx.udc.arguments))
            ctx.in_object = list(ctx.udc.arguments.values())

    return deserialize


for _id, _broken, _operation, _change in (
    ("X1-name-is-flag-enough", "A contact is closed by custom field whenever one is named", _CLOSE,
     lambda one: {"customFieldSpecified": bool(one["customFieldName"])}),
    ("X1-id-goes-first", "A ContactID that is not 0 goes before the flag", _CLOSE,
     lambda one: {"customFieldSpecified": one["customFieldSpecified"] and not one["contactId"]}),
    ("X2-flag-ignored", "A code that is not 0 is checked although its flag is false", _CLOSE,
     lambda one: {"closedReasonCodeSpecified": one["closedReasonCodeSpecified"] or one["closedReasonCodeValue"] != 0}),
    ("X2-zero-is-none", "The code 0 counts as none although its flag is true", _CLOSE,
     lambda one: {"closedReasonCodeSpecified": one["closedReasonCodeSpecified"] and one["closedReasonCodeValue"] != 0}),
    ("T1-flag-ignored", "A status is always told by ContactID, whatever the flag says", "GetContactStatus",
     lambda one: {"customFieldPassed": False}),
    ("T1-name-is-flag-enough", "A status is told by custom field whenever one is named", "GetContactStatus",
     lambda one: {"customFieldPassed": bool(one["customFieldName"])}),
):  # fmt: skip
    mutant(_id, _broken, AsmxProtocol, "deserialize")(_asked(_operation, _change))


def _closing(rows: Callable[[ContactCenter, Any, Named], Any]) -> Replacement:
    """A close of other rows: ``rows`` has the center, the campaign and the arguments."""

    def close_contact(
        original: Replacement, self: ContactCenter, key: str | None, campaign_id: int, **named: Any
    ) -> Any:
        campaign = self._campaigns.get(campaign_id)
        if campaign is not None:
            vars(self)["_rows"] = lambda *_: rows(self, campaign, named)
        try:
            return original(self, key, campaign_id, **named)
        finally:
            vars(self).pop("_rows", None)

    return close_contact


def _one_further(center: ContactCenter, campaign: Any, named: Named) -> Any:
    if named["custom_field"] is None:
        row = campaign.contacts.row_of(named["contact_id"])
        return () if row is None else (min(row + 1, len(campaign.contacts) - 1),)
    return campaign.contacts.rows_with_field(named["custom_field"].name, named["custom_field"].text)


def _rows_like(agrees: Callable[[CustomField, CustomField], bool]) -> Callable[..., Any]:
    """The rows with a custom field that agrees with the one that is asked for."""

    def rows(center: ContactCenter, campaign: Any, named: Named) -> Any:
        store, asked = campaign.contacts, named.get("custom_field")
        if asked is None:
            return [] if (row := store.row_of(named["contact_id"])) is None else [row]
        held = ((row, store.contact(row).custom_fields or ()) for row in range(len(store)))
        return [row for row, fields in held if any(agrees(asked, one) for one in fields)]

    return rows


def _text(one: CustomField) -> str:
    return one.text or ""


for _id, _broken, _which in (
    ("X1-one-further", "The contact after the one that is named is closed", _one_further),
    ("X1-text-ignored", "Any contact that has the custom field is closed, whatever its text",
     _rows_like(lambda asked, one: asked.name == one.name)),
    ("X1-name-ignored", "The text is looked for in every custom field",
     _rows_like(lambda asked, one: _text(asked) == _text(one))),
    ("X1-text-begins", "A custom field need only begin with the text",
     _rows_like(lambda asked, one: asked.name == one.name and _text(one).startswith(_text(asked)))),
):  # fmt: skip
    mutant(_id, _broken, ContactCenter, "close_contact")(_closing(_which))


@mutant("X1-any-campaign", "A contact of another campaign is closed", ContactCenter, "close_contact")
def _(close_contact: Replacement, self: ContactCenter, key: str | None, campaign_id: int, **named: Any) -> Any:
    holders = (
        one for one, campaign in self._campaigns.items() if campaign.contacts.row_of(named["contact_id"]) is not None
    )
    owner = next(holders, campaign_id) if named["custom_field"] is None else campaign_id
    return close_contact(self, key, owner, **named)


@mutant(
    "X1-field-of-any-campaign", "A custom field closes a contact of another campaign", ContactCenter, "close_contact"
)
def _(close_contact: Replacement, self: ContactCenter, key: str | None, campaign_id: int, **named: Any) -> Any:
    field = named["custom_field"]
    if field is not None and campaign_id in self._campaigns:
        for other, campaign in self._campaigns.items():
            if campaign.status.is_active and campaign.contacts.rows_with_field(field.name, field.text):
                return close_contact(self, key, other, **named)
    return close_contact(self, key, campaign_id, **named)


def _taking(codes: Callable[[ContactCenter, int, int], DispositionCode | None]) -> Replacement:
    """Codes that are taken although they are not linked."""

    def linked_code(original: Replacement, self: ContactCenter, campaign: Any, value: int) -> Any:
        found = codes(self, campaign.details.campaign_id, value)
        return original(self, campaign, value) if found is None else found

    return linked_code


def _of_any_campaign(center: ContactCenter, campaign_id: int, value: int) -> DispositionCode | None:
    return next((one.codes_by_id[value] for one in center._campaigns.values() if value in one.codes_by_id), None)


for _id, _broken, _codes in (
    ("X2-any-code", "Any number is taken for a disposition code", lambda center, _, value: DispositionCode(value, "?")),
    ("X2-known-code-will-do", "A code that the center knows is taken, linked or not",
     lambda center, _, value: center._codes.get(value)),
    ("X2-of-another-campaign", "A code that another campaign links is taken", _of_any_campaign),
):  # fmt: skip
    mutant(_id, _broken, ContactCenter, "_linked_code")(_taking(_codes))


@mutant("X2-closed-before-checked", "A close with an unlinked code is refused, but has closed", ContactCenter,
        "close_contact")  # fmt: skip
def _(close_contact: Replacement, self: ContactCenter, key: str | None, campaign_id: int, **named: Any) -> Any:
    try:
        return close_contact(self, key, campaign_id, **named)
    except DispositionCodeNotLinked:
        self.set_contact_status(campaign_id, named["contact_id"], ContactStatus.CLOSED)
        raise


@mutant("X2-never-taken", "No code is ever taken", ContactCenter, "_linked_code")
def _(linked_code: Replacement, self: ContactCenter, campaign: Any, value: int) -> Any:
    raise DispositionCodeNotLinked(disposition_code=value, campaign_id=campaign.details.campaign_id)


@mutant("X3-required", "A close needs a closure text", ContactCenter, "close_contact")
def _(close_contact: Replacement, self: ContactCenter, key: str | None, campaign_id: int, **named: Any) -> Any:
    if not named["text"]:
        self._sessions.check(key)
        raise UnknownContact(contact="without a closure text")
    return close_contact(self, key, campaign_id, **named)


def _remembering(change: Callable[[str], str]) -> Replacement:
    """A close that remembers another text."""

    def close(original: Replacement, self: ContactStore, row: int, closure: Closure) -> None:
        original(self, row, replace(closure, text=closure.text and change(closure.text)))

    return close


for _id, _broken, _words in (
    ("X3-trimmed", "Blanks around the closure text are cut off", str.strip),
    ("X3-ascii-only", "The closure text is kept as ASCII", lambda text: text.encode("ascii", "replace").decode()),
    ("X3-first-line", "Only the first line of the closure text is kept", lambda text: text.partition("\n")[0]),
):
    mutant(_id, _broken, ContactStore, "close")(_remembering(_words))


@mutant("X4-stays-new", "A contact that was closed keeps its status", ContactStore, "close")
def _(close: Replacement, self: ContactStore, row: int, closure: Closure) -> None:
    before = self.status(row)
    close(self, row, closure)
    self.set_status(row, before)


@mutant("X4-is-completed", "The status of a contact that was closed is told as Completed", results, "status_members")
def _(members: Replacement, profile: Any, status: ContactStatus) -> Any:
    right = members(profile, status)
    return {**right, "Name": "Completed"} if status is ContactStatus.CLOSED else right


@mutant("X4-opens-again", "The next append opens a closed contact again", ContactStore, "append")
def _(append: Replacement, self: ContactStore, contact: Contact, contact_id: int) -> None:
    append(self, contact, contact_id)
    for row in range(len(self)):
        if self.closure(row) is not None:
            self.set_status(row, ContactStatus.OPEN)


limited("X5", _CLOSE)


@mutant(
    "X5-refused-but-closed", "A close that comes too soon is refused, but has closed", ContactCenter, "close_contact"
)
def _(close_contact: Replacement, self: ContactCenter, key: str | None, campaign_id: int, **named: Any) -> Any:
    try:
        return close_contact(self, key, campaign_id, **named)
    except Exception:
        if named["contact_id"]:
            self.set_contact_status(campaign_id, named["contact_id"], ContactStatus.CLOSED)
        raise


def _choosing(which: Callable[[ContactStore, list[int]], list[int]]) -> Replacement:
    """A choice among the contacts that have the custom field."""

    def to_close(original: Replacement, self: ContactCenter, store: ContactStore, rows: Any) -> list[int]:
        return which(store, list(rows))

    return to_close


def _still_open(store: ContactStore, rows: list[int]) -> list[int]:
    return [row for row in rows if not store.is_closed(row)]


for _id, _broken, _match in (
    ("X6-last-one", "Of several contacts the last open one is closed",
     lambda store, rows: _still_open(store, rows)[-1:]),
    ("X6-all-of-them", "Of several contacts all are closed", _still_open),
    ("X6-first-or-none", "Of several contacts the first is closed, or none if it is closed already",
     lambda store, rows: _still_open(store, list(islice(rows, 1)))),
):  # fmt: skip
    mutant(_id, _broken, ContactCenter, "_to_close", assumed=True)(_choosing(_match))


@mutant("T1-name-in-capitals", "The name of a status is in capitals", results, "status_members")
def _(members: Replacement, profile: Any, status: ContactStatus) -> Any:
    right = members(profile, status)
    return {**right, "Name": right["Name"].upper()}


@mutant("T1-new-or-closed", "A contact that is open or waiting is told as New", ContactCenter, "get_contact_status")
def _(get_contact_status: Replacement, self: ContactCenter, *arguments: Any, **named: Any) -> Any:
    status = get_contact_status(self, *arguments, **named)
    return ContactStatus.NEW if status in (ContactStatus.OPEN, ContactStatus.WAITING) else status


@mutant("T1-one-further", "The status is that of the next contact", ContactStore, "status")
def _(status: Replacement, self: ContactStore, row: int) -> Any:
    return status(self, min(row + 1, len(self) - 1))


@mutant("T1-first-custom-field", "Any contact that has the custom field is meant, whatever its text", ContactCenter,
        "get_contact_status")  # fmt: skip
def _(get_contact_status: Replacement, self: ContactCenter, key: str | None, campaign_id: int, **named: Any) -> Any:
    return _closing(_rows_like(lambda asked, one: asked.name == one.name))(
        get_contact_status, self, key, campaign_id, **named
    )


@mutant("T1-id-is-0", "The Id of every status is 0", results, "status_members", assumed=True)
def _(members: Replacement, profile: Any, status: ContactStatus) -> Any:
    return {**members(profile, status), "Id": 0}
