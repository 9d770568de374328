"""Contact centers with one rule broken on purpose, each as a change of the server's own methods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import Any

from fake_ccmm import center as centers
from fake_ccmm.campaign import Campaign
from fake_ccmm.center import ContactCenter
from fake_ccmm.contacts import ContactPage, ContactStore
from fake_ccmm.model import Contact, ContactStatus
from fake_ccmm.pacing import Pacing
from fake_ccmm.sessions import Session, Sessions

Patch = Callable[[Any, str, Any], None]
"""Like ``pytest.MonkeyPatch.setattr``."""

BROKEN: dict[str, Callable[[Patch], None]] = {}


def _breaks(name: str) -> Callable[[Callable[[Patch], None]], Callable[[Patch], None]]:
    def register(function: Callable[[Patch], None]) -> Callable[[Patch], None]:
        BROKEN[name] = function
        return function

    return register


@_breaks("S4: a second log-in throws the first one out")
def _(patch: Patch) -> None:
    log_in = Sessions.log_in

    def thrown_out(self: Sessions, username: str | None, password: str | None) -> str:
        one = self.administrators.get(username or "")
        if one is not None and one.password == password and not one.base_install:
            self.end(one.username)
        return log_in(self, username, password)

    patch(Sessions, "log_in", thrown_out)


@_breaks("S3: administrators of the base install may log in")
def _(patch: Patch) -> None:
    log_in = Sessions.log_in

    def anybody(self: Sessions, username: str | None, password: str | None) -> str:
        self.administrators = {name: replace(one, base_install=False) for name, one in self.administrators.items()}
        return log_in(self, username, password)

    patch(Sessions, "log_in", anybody)


@_breaks("S7: the letter case of a key does not matter")
def _(patch: Patch) -> None:
    check = Sessions.check

    def folded(self: Sessions, key: str | None) -> Session:
        return check(self, next((one for one in self._by_key if one.lower() == (key or "").lower()), key))

    patch(Sessions, "check", folded)


@_breaks("S5: a key outlives the log-off")
def _(patch: Patch) -> None:
    def forget(self: Sessions, session: Session) -> None:
        del self._by_user[session.username]

    patch(Sessions, "_forget", forget)


@_breaks("S8: a session never expires")
def _(patch: Patch) -> None:
    patch(Sessions, "_has_expired", lambda self, session: False)


@_breaks("C1: paused campaigns are not shown")
def _(patch: Patch) -> None:
    shown = ContactCenter.get_campaigns
    patch(
        ContactCenter,
        "get_campaigns",
        lambda self, key: [one for one in shown(self, key) if one.details.status.value != "Paused"],
    )


@_breaks("C3: a closed contact is not counted")
def _(patch: Patch) -> None:
    view = Campaign.view
    patch(Campaign, "view", lambda self: replace(view(self), number_of_contacts_closed=0))


@_breaks("C5: contacts can be appended to campaigns that are over")
def _(patch: Patch) -> None:
    append = ContactCenter.append_contact

    def anywhere(self: ContactCenter, key: str | None, campaign_id: int, contact: Contact | None) -> int:
        patch_of = ContactCenter._campaign
        try:
            ContactCenter._campaign = lambda self, number: self._campaigns[number]  # type: ignore[method-assign,assignment]
            return append(self, key, campaign_id, contact)
        except KeyError:
            ContactCenter._campaign = patch_of  # type: ignore[method-assign]
            return append(self, key, campaign_id, contact)
        finally:
            ContactCenter._campaign = patch_of  # type: ignore[method-assign]

    patch(ContactCenter, "append_contact", anywhere)


@_breaks("P1: a page has 201 contacts")
def _(patch: Patch) -> None:
    patch(centers, "PAGE_SIZE", 201)


@_breaks("P2: a page begins with the last contact of the one before")
def _(patch: Patch) -> None:
    page_after = ContactStore.page_after
    patch(
        ContactStore,
        "page_after",
        lambda self, contact_id, size, *, with_closed: page_after(self, contact_id - 1, size, with_closed=with_closed),
    )


@_breaks("P3: closed contacts are left out of pages")
def _(patch: Patch) -> None:
    page_after = ContactStore.page_after
    patch(
        ContactStore,
        "page_after",
        lambda self, contact_id, size, *, with_closed: page_after(self, contact_id, size, with_closed=False),
    )


@_breaks("P5: blanks at the ends of a title are lost")
def _(patch: Patch) -> None:
    accepted = ContactCenter._accepted

    def stripped(self: ContactCenter, campaign: Campaign, contact: Contact) -> Contact:
        kept = accepted(self, campaign, contact)
        return replace(kept, title=kept.title and kept.title.strip())

    patch(ContactCenter, "_accepted", stripped)


@_breaks("A2: SkillsetID is not required")
def _(patch: Patch) -> None:
    accepted = ContactCenter._accepted

    def lenient(self: ContactCenter, campaign: Campaign, contact: Contact) -> Contact:
        kept = accepted(self, campaign, replace(contact, skillset_id=contact.skillset_id or 10032))
        return replace(kept, skillset_id=contact.skillset_id)

    patch(ContactCenter, "_accepted", lenient)


@_breaks("A3: a contact that is there already is not added again")
def _(patch: Patch) -> None:
    add = ContactCenter._add

    def once(self: ContactCenter, campaign: Campaign, contact: Contact, contact_id: int = 0) -> None:
        there = (
            replace(one, contact_id=contact.contact_id) for one in ContactPage(campaign.contacts._records, self._codec)
        )
        if contact not in there:
            add(self, campaign, contact, contact_id)

    patch(ContactCenter, "_add", once)


@_breaks("A4: there is no limit")
def _(patch: Patch) -> None:
    patch(Pacing, "is_too_soon", lambda self, operation, session: False)


@_breaks("A4: appending and closing share their second")
def _(patch: Patch) -> None:
    patch(Pacing, "_counter", lambda self, operation: "")


@_breaks("A6: custom fields that the campaign lacks are kept")
def _(patch: Patch) -> None:
    accepted = ContactCenter._accepted

    def all_kept(self: ContactCenter, campaign: Campaign, contact: Contact) -> Contact:
        return replace(accepted(self, campaign, contact), custom_fields=contact.custom_fields)

    patch(ContactCenter, "_accepted", all_kept)


@_breaks("X2: any disposition code will do")
def _(patch: Patch) -> None:
    patch(ContactCenter, "_linked_code", lambda self, campaign, value: None)


@_breaks("X4: a closed contact stays as it was")
def _(patch: Patch) -> None:
    patch(ContactStore, "close", lambda self, row, closure: None)


@_breaks("X6: the last of several is closed")
def _(patch: Patch) -> None:
    patch(
        ContactCenter,
        "_to_close",
        lambda self, store, rows: [row for row in rows if not store.is_closed(row)][-1:],
    )


@_breaks("T1: every contact is New")
def _(patch: Patch) -> None:
    status = ContactCenter.get_contact_status

    def always_new(self: ContactCenter, *given: Any, **more: Any) -> ContactStatus | None:
        return ContactStatus.NEW if status(self, *given, **more) else None

    patch(ContactCenter, "get_contact_status", always_new)


@_breaks("N1: 0 when nobody has the number")
def _(patch: Patch) -> None:
    patch(centers, "NOT_FOUND", 0)


@_breaks("N2: the last of several with the number")
def _(patch: Patch) -> None:
    found = ContactStore.rows_with_phone
    get_id = ContactCenter.get_contact_id_by_phone_number

    def last(self: ContactCenter, *given: Any) -> int:
        ContactStore.rows_with_phone = lambda self, number: list(found(self, number))[::-1]  # type: ignore[method-assign]
        try:
            return get_id(self, *given)
        finally:
            ContactStore.rows_with_phone = found  # type: ignore[method-assign]

    patch(ContactCenter, "get_contact_id_by_phone_number", last)


@_breaks("N3: the area code does not matter")
def _(patch: Patch) -> None:
    key = ContactStore._phone_key
    patch(ContactStore, "_phone_key", lambda self, number: key(self, number and replace(number, area_code=None)))


@_breaks("F1: only the first contact is found")
def _(patch: Patch) -> None:
    page_of = ContactStore.page_of
    patch(ContactStore, "page_of", lambda self, rows: page_of(self, islice(rows, 1)))


@_breaks("F2: no PhoneNo is needed")
def _(patch: Patch) -> None:
    patch(centers, "is_blank", lambda part: False)


@_breaks("F3: the status does not narrow")
def _(patch: Patch) -> None:
    narrowed = ContactCenter._narrowed

    def never(self: ContactCenter, store: ContactStore, rows: Any, status_id: int, status_name: str | None) -> Any:
        narrowed(self, store, (), status_id, status_name)
        return narrowed(self, store, rows, 0, None)

    patch(ContactCenter, "_narrowed", never)


@_breaks("F4: the name of the custom field does not matter")
def _(patch: Patch) -> None:
    def by_text(self: ContactStore, name: str | None, text: str | None) -> list[int]:
        return sorted({row for one in self._fields for row in rows(self, one, text)})

    rows = ContactStore.rows_with_field
    patch(ContactStore, "rows_with_field", by_text)
