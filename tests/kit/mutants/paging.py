"""Mutants of paging through a campaign's contacts: rules P1 to P5."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from fake_ccmm import center
from fake_ccmm.campaign import Campaign
from fake_ccmm.center import ContactCenter
from fake_ccmm.contacts import ContactPage, ContactStore
from fake_ccmm.errors import UnknownContact
from fake_ccmm.model import Address, Contact, ContactStatus, CustomField
from fake_ccmm.soap import contact_xml

from .mutant import Replacement, mutant, patched


@patched("P1-201", "A page holds 201 contacts")
def _(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(center, "PAGE_SIZE", 201)


@patched("P1-everything", "The first page holds all contacts")
def _(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(center, "PAGE_SIZE", 1_000_000)


@mutant("P1-first-page-doubled", "The first page holds 400 contacts, the others 200", ContactStore, "page_after")
def _(page_after: Replacement, self: ContactStore, contact_id: int, size: int, **named: Any) -> Any:
    return page_after(self, contact_id, size if contact_id else 2 * size, **named)


def _page(self: ContactStore, rows: list[int]) -> ContactPage[Any]:
    return self.page_of(rows)


def _rows_after(self: ContactStore, contact_id: int) -> list[int]:
    return list(range(self.row_after(contact_id), len(self)))


@mutant("P2-last-one-again", "A page begins with the last contact of the one before", ContactStore, "page_after")
def _(page_after: Replacement, self: ContactStore, contact_id: int, size: int, **named: Any) -> Any:
    return page_after(self, contact_id - 1, size, **named)


@mutant("P2-one-left-out", "Between two pages a contact is left out", ContactStore, "page_after")
def _(page_after: Replacement, self: ContactStore, contact_id: int, size: int, **named: Any) -> Any:
    return page_after(self, contact_id + 1 if contact_id else 0, size, **named)


@mutant("P2-a-count-for-an-id", "LastContactID is taken for how many contacts were received", ContactStore,
        "page_after")  # fmt: skip
def _(page_after: Replacement, self: ContactStore, contact_id: int, size: int, **named: Any) -> Any:
    return _page(self, list(range(len(self)))[max(contact_id, 0) :][:size])


@mutant("P2-first-two-swapped", "The first two contacts of a page come the wrong way round", ContactStore, "page_after")
def _(page_after: Replacement, self: ContactStore, contact_id: int, size: int, **named: Any) -> Any:
    rows = _rows_after(self, contact_id)[:size]
    return _page(self, rows[:2][::-1] + rows[2:])


@mutant("P2-must-be-there", "Behind an id that no contact of the campaign has, there is nothing", ContactStore,
        "page_after")  # fmt: skip
def _(page_after: Replacement, self: ContactStore, contact_id: int, size: int, **named: Any) -> Any:
    known = not contact_id or self.row_of(contact_id) is not None
    return page_after(self, contact_id, size, **named) if known else _page(self, [])


@mutant("P2-ids-as-texts", "Ids are compared as texts: 10 comes before 9", ContactStore, "page_after")
def _(page_after: Replacement, self: ContactStore, contact_id: int, size: int, **named: Any) -> Any:
    rows = (row for row in range(len(self)) if not contact_id or str(self.contact_id(row)) > str(contact_id))
    return _page(self, sorted(rows, key=lambda row: str(self.contact_id(row)))[:size])


@mutant("P3-stops-at-400", "Behind 400 contacts no more come", ContactStore, "page_after")
def _(page_after: Replacement, self: ContactStore, contact_id: int, size: int, **named: Any) -> Any:
    return _page(self, [row for row in _rows_after(self, contact_id)[:size] if row < 400])


@mutant("P3-full-pages-only", "The last page is left out unless it is full", ContactStore, "page_after")
def _(page_after: Replacement, self: ContactStore, contact_id: int, size: int, **named: Any) -> Any:
    rows = _rows_after(self, contact_id)[:size]
    return _page(self, rows if len(rows) == size or not contact_id else [])


@mutant("P3-new-ones-only", "Contacts that are waiting are left out of the pages", ContactStore, "page_after")
def _(page_after: Replacement, self: ContactStore, contact_id: int, size: int, **named: Any) -> Any:
    rows = (row for row in _rows_after(self, contact_id) if self.status(row) is not ContactStatus.WAITING)
    return _page(self, list(rows)[:size])


@mutant(
    "P3-counts-the-open-ones", "NumberOfContacts counts the open contacts only, the pages hold all", Campaign, "view"
)
def _(view: Replacement, self: Campaign) -> Any:
    right = view(self)
    return replace(right, number_of_contacts=right.number_of_contacts - right.number_of_contacts_closed)


@mutant("P3-pages-are-kept", "A page is kept, and shown again without what was appended since", ContactStore,
        "page_after")  # fmt: skip
def _(page_after: Replacement, self: ContactStore, contact_id: int, size: int, **named: Any) -> Any:
    ids = vars(self).setdefault("kept_pages", {})
    if contact_id not in ids:
        ids[contact_id] = _rows_after(self, contact_id)[:size]
    return _page(self, ids[contact_id])


@mutant("P4-starts-again", "Past the end the first page comes again", ContactStore, "page_after", assumed=True)
def _(page_after: Replacement, self: ContactStore, contact_id: int, size: int, **named: Any) -> Any:
    page = page_after(self, contact_id, size, **named)
    return page if len(page) else page_after(self, 0, size, **named)


@mutant("P4-refused", "Past the end a page is refused", ContactCenter, "get_200_campaign_contacts", assumed=True)
def _(page_of: Replacement, self: ContactCenter, key: str | None, campaign_id: int, last_contact_id: int) -> Any:
    page = page_of(self, key, campaign_id, last_contact_id)
    if not len(page):
        raise UnknownContact(contact=str(last_contact_id))
    return page


def _appending(change: Callable[[Contact], Contact]) -> Replacement:
    """An append that changes the contact."""

    def append_contact(
        original: Replacement, self: ContactCenter, key: str | None, campaign_id: int, contact: Contact | None
    ) -> Any:
        return original(self, key, campaign_id, contact and change(contact))

    return append_contact


def _with_texts(contact: Contact, change: Callable[[str], str | None]) -> Contact:
    names = ("first_name", "last_name", "title", "email_address", "campaign_name")
    changes: dict[str, Any] = {}
    for name in names:
        text = getattr(contact, name)
        changes[name] = text if text is None else change(text)
    return replace(contact, **changes)


def _fields(contact: Contact, change: Callable[[CustomField], CustomField]) -> Contact:
    fields = contact.custom_fields
    return replace(contact, custom_fields=None if fields is None else tuple(change(one) for one in fields))


def _post_code_for_country(contact: Contact) -> Contact:
    address = contact.address or Address()
    swapped = replace(address, country=address.post_code, post_code=address.country)
    return replace(contact, address=contact.address and swapped)


for _id, _broken, _change in (
    ("P5-blanks-trimmed", "Blanks around a text are cut off", lambda one: _with_texts(one, str.strip)),
    ("P5-empty-is-missing", "An empty text comes back as one that is not there",
     lambda one: _with_texts(one, lambda text: text or None)),
    ("P5-beyond-the-plane", "A character beyond U+FFFF comes back as a question mark",
     lambda one: _with_texts(one, lambda text: "".join("?" if char > "\uffff" else char for char in text))),
    ("P5-one-line", "A line feed comes back as a blank",
     lambda one: _with_texts(one, lambda text: text.replace("\n", " "))),
    ("P5-accents-composed", "An accent that follows its letter comes back in one character with it",
     lambda one: _with_texts(one, lambda text: text.replace("e\u0308", "\u00eb"))),
    ("P5-post-code-for-country", "Country and PostCode are swapped", _post_code_for_country),
    ("P5-text-always-visible", "IsTextVisible is always true",
     lambda one: _fields(one, lambda field: replace(field, is_text_visible=True))),
):  # fmt: skip
    mutant(_id, _broken, ContactCenter, "append_contact")(_appending(_change))


@mutant("P5-escaped-twice", "An ampersand is escaped twice", contact_xml, "escape")
def _(escape: Replacement, text: str) -> str:
    return str(escape(escape(text) if "&" in text else text))
