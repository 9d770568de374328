"""Mutants of looking contacts up: rules N1 to N3 and F1 to F4."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fake_ccmm import center, contacts
from fake_ccmm.center import ContactCenter
from fake_ccmm.contacts import ContactStore
from fake_ccmm.errors import PhoneNumberRequired, UnknownContact
from fake_ccmm.model import ContactStatus, CustomField, PhoneNumber

from .mutant import Replacement, mutant

_FIND_ID = "get_contact_id_by_phone_number"
_FIND = "find_contacts_by_phone_number"


def _id_found(change: Callable[[int], int]) -> Replacement:
    def find(original: Replacement, self: ContactCenter, *arguments: Any) -> Any:
        return change(original(self, *arguments))

    return find


mutant("N1-none-is-0", "Where no contact has the number 0 is returned", ContactCenter, _FIND_ID)(
    _id_found(lambda found: max(found, 0))
)


@mutant("N1-none-is-refused", "Where no contact has the number the call is refused", ContactCenter, _FIND_ID)
def _(find: Replacement, self: ContactCenter, *arguments: Any) -> Any:
    found = find(self, *arguments)
    if found == center.NOT_FOUND:
        raise UnknownContact(contact="with that number")
    return found


@mutant("N1-any-campaign", "A contact of another campaign is found", ContactCenter, _FIND_ID)
def _(find: Replacement, self: ContactCenter, key: str | None, campaign_id: int, number: Any) -> Any:
    found = [find(self, key, campaign_id, number)]
    found += [
        find(self, key, one.details.campaign_id, number) for one in self.campaigns() if one.details.status.is_active
    ]
    return next((one for one in found if one != center.NOT_FOUND), center.NOT_FOUND)


def _matching(agrees: Callable[[PhoneNumber, PhoneNumber], bool]) -> Replacement:
    """A search by number with another idea of what is the same."""

    def rows(original: Replacement, self: ContactStore, number: PhoneNumber) -> Any:
        held = ((row, self.contact(row).phone_number or PhoneNumber()) for row in range(len(self)))
        return [row for row, one in held if agrees(number, one)]

    return rows


def _digits(number: PhoneNumber) -> str:
    return "".join(filter(str.isdigit, "".join(_parts(number))))


def _parts(number: PhoneNumber) -> list[str]:
    return [part or "" for part in (number.int_code, number.area_code, number.phone_no)]


def _some_parts(asked: PhoneNumber, one: PhoneNumber, *, blank_of: str) -> bool:
    pairs = zip(_parts(asked), _parts(one), strict=True)
    return all(a == b or (blank_of != "asked" and not b) or (blank_of != "kept" and not a) for a, b in pairs)


for _id, _broken, _agrees in (
    ("N1-phone-no-alone", "Only the PhoneNo is compared", lambda asked, one: asked.phone_no == one.phone_no),
    ("N1-digits-in-a-row", "The digits of all parts are compared as one number",
     lambda asked, one: _digits(asked) == _digits(one)),
    ("N1-area-code-ignored", "The AreaCode is not compared", lambda asked, one: (asked.int_code, asked.phone_no) == (
        one.int_code, one.phone_no)),
    ("N3-empty-is-not-missing", "An empty part is another than one that is missing", lambda asked, one: asked == one),
    ("N3-lacking-fits-any", "A part that the contact lacks fits whatever is asked for",
     lambda asked, one: _some_parts(asked, one, blank_of="kept")),
    ("F1-phone-no-alone", "Only the PhoneNo is compared", lambda asked, one: asked.phone_no == one.phone_no),
    ("F1-begins", "A number need only begin with the one that is asked for", lambda asked, one: (
        asked.int_code, asked.area_code) == (one.int_code, one.area_code)
        and (one.phone_no or "").startswith(asked.phone_no or "")),
):  # fmt: skip
    mutant(_id, _broken, ContactStore, "rows_with_phone")(_matching(_agrees))

mutant(
    "N3-blank-fits-any", "A blank part fits whatever the contact has", ContactStore, "rows_with_phone", assumed=True
)(_matching(lambda asked, one: _some_parts(asked, one, blank_of="asked")))


def _first(choose: Callable[[ContactStore, list[int]], list[int]]) -> Replacement:
    """A search by number that finds others of those that have it."""

    def rows(original: Replacement, self: ContactStore, number: PhoneNumber) -> Any:
        return choose(self, list(original(self, number)))

    return rows


def _without_closed(store: ContactStore, rows: list[int]) -> list[int]:
    return [row for row in rows if not store.is_closed(row)]


for _id, _broken, _rows in (
    ("N2-last-one", "Of several contacts with the number the last is found", lambda store, rows: rows[::-1]),
    ("N2-open-ones", "Of several contacts with the number the first open one is found",
     lambda store, rows: _without_closed(store, rows) or rows),
    ("N2-none-of-several", "Of several contacts with the number none is found",
     lambda store, rows: rows if len(rows) < 2 else []),
    ("F1-first-only", "Only the first contact with the number is found", lambda store, rows: rows[:1]),
    ("F1-open-ones-only", "Closed contacts with the number are not found", _without_closed),
    ("F1-doubled", "A contact is found twice", lambda store, rows: rows + rows[-1:]),
):  # fmt: skip
    mutant(_id, _broken, ContactStore, "rows_with_phone")(_first(_rows))


@mutant("F1-any-campaign", "Contacts of other campaigns are found as well", ContactCenter, _FIND)
def _(find: Replacement, self: ContactCenter, key: str | None, campaign_id: int, number: Any, **named: Any) -> Any:
    own = find(self, key, campaign_id, number, **named).records
    others = (one.contacts for other, one in self._campaigns.items() if other != campaign_id and one.status.is_active)
    records = [one for store in others for one in store.page_of(store.rows_with_phone(number)).records]
    return contacts.ContactPage(own + records, self.codec)


@mutant("F1-names-only", "Contacts that are found come without their PhoneNumber", ContactStore, "page_of")
def _(page_of: Replacement, self: ContactStore, rows: Any) -> Any:
    found = [replace(self.contact(row), phone_number=None) for row in rows]
    return contacts.ContactPage([self.codec.encode(one, one.contact_id) for one in found], self.codec)


@mutant("F1-capped", "No more than 50 contacts are found", ContactCenter, "_narrowed", assumed=True)
def _(narrowed: Replacement, self: ContactCenter, store: ContactStore, rows: Any, *status: Any) -> Any:
    return narrowed(self, store, list(rows)[:50], *status)


def _blank_searched(is_blank: Callable[[PhoneNumber | None], bool]) -> Replacement:
    """A search that refuses fewer numbers."""

    def find(
        original: Replacement, self: ContactCenter, key: str | None, campaign_id: int, number: Any, **named: Any
    ) -> Any:
        try:
            return original(self, key, campaign_id, number, **named)
        except PhoneNumberRequired:
            if is_blank(number):
                raise
            rows = self._campaigns[campaign_id].contacts.rows_with_phone(number or PhoneNumber())
            return self._campaigns[campaign_id].contacts.page_of(rows)

    return find


for _id, _broken, _refused in (
    ("F2-nothing-is-required", "A search without a PhoneNo is carried out", lambda number: False),
    ("F2-empty-will-do", "A PhoneNo that is empty is searched for",
     lambda number: number is None or number.phone_no is None),
    ("F2-a-code-will-do", "A search by IntCode alone is carried out",
     lambda number: number is None or not number.int_code),
):  # fmt: skip
    mutant(_id, _broken, ContactCenter, _FIND)(_blank_searched(_refused))


def _narrowing(keeps: Callable[[ContactStatus, str], bool]) -> Replacement:
    """A filter with another idea of which statuses are meant by a name."""

    def narrowed(original: Replacement, self: ContactCenter, store: ContactStore, rows: Any, _: int, name: Any) -> Any:
        return original(self, store, [row for row in rows if keeps(store.status(row), name or "")], 0, None)

    return narrowed


def _is(status: ContactStatus, name: str) -> bool:
    return not name or status.value == name


for _id, _broken, _keeps in (
    ("F3-ignored", "The status does not narrow a search", lambda status, name: True),
    ("F3-new-is-not-closed", "The filter New finds all that are not closed",
     lambda status, name: status is not ContactStatus.CLOSED if name == "New" else _is(status, name)),
    ("F3-closed-is-not-new", "The filter Closed finds all that are not new",
     lambda status, name: status is not ContactStatus.NEW if name == "Closed" else _is(status, name)),
    ("F3-none-is-open", "Without a status closed contacts are left out",
     lambda status, name: status is not ContactStatus.CLOSED if not name else _is(status, name)),
    ("F3-turned-round", "The filter leaves out what it names",
     lambda status, name: not name or status.value != name),
):  # fmt: skip
    mutant(_id, _broken, ContactCenter, "_narrowed")(_narrowing(_keeps))


@mutant("F3-no-name-is-a-status", "A status without Id and name narrows a search to nothing", ContactCenter,
        "_narrowed")  # fmt: skip
def _(narrowed: Replacement, self: ContactCenter, store: ContactStore, rows: Any, number: int, name: Any) -> Any:
    return narrowed(self, store, rows if name is None or name else [], number, name)


@mutant("F3-phone-search-only", "The status narrows a search by phone number only", ContactCenter,
        "find_contacts_by_custom_field")  # fmt: skip
def _(find: Replacement, self: ContactCenter, key: str | None, campaign_id: int, field: Any, **named: Any) -> Any:
    return find(self, key, campaign_id, field)


def _fields_like(agrees: Callable[[str, str, str, str], bool]) -> Replacement:
    """A search by custom field with another idea of what is the same; of name and text asked for, and of those held."""

    def rows(original: Replacement, self: ContactStore, name: str | None, text: str | None) -> Any:
        held = ((row, self.contact(row).custom_fields or ()) for row in range(len(self)))
        return [row for row, fields in held if any(_agree(agrees, name, text, one) for one in fields)]

    return rows


def _agree(agrees: Any, name: str | None, text: str | None, one: CustomField) -> bool:
    return bool(agrees(name or "", text or "", one.name or "", one.text or ""))


for _id, _broken, _same in (
    ("F4-name-ignored", "A text is looked for in every custom field", lambda name, text, own, had: text == had),
    ("F4-text-ignored", "A custom field is found whatever its text", lambda name, text, own, had: name == own),
    ("F4-letter-case-ignored", "A text is found in any letter case",
     lambda name, text, own, had: name == own and text.lower() == had.lower()),
    ("F4-blanks-ignored", "Blanks around a text do not count",
     lambda name, text, own, had: name == own and text.strip() == had.strip()),
    ("F4-ascii-only", "Texts are compared as ASCII", lambda name, text, own, had: name == own and (
        text.encode("ascii", "replace") == had.encode("ascii", "replace"))),
):  # fmt: skip
    mutant(_id, _broken, ContactStore, "rows_with_field")(_fields_like(_same))


@mutant("F4-first-field-only", "Only a contact's first custom field is looked at", ContactStore, "append")
def _(append: Replacement, self: ContactStore, contact: Any, contact_id: int) -> None:
    rest = [one.name for one in (contact.custom_fields or ())[1:]]
    known = {name: self._fields.get(name or "", {}).copy() for name in rest}
    append(self, contact, contact_id)
    self._fields.update({name or "": rows for name, rows in known.items()})


@mutant("F4-not-at-once", "A contact is found by custom field only when the next one has come", ContactStore,
        "rows_with_field")  # fmt: skip
def _(rows: Replacement, self: ContactStore, name: str | None, text: str | None) -> Any:
    return [row for row in rows(self, name, text) if row < len(self) - 1]
