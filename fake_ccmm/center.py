"""One contact center: its whole state, and the ten operations of the services as plain methods.

Knows no SOAP, no HTTP and no sockets. Operations take and return Python values and raise a
:class:`~fake_ccmm.errors.Refusal`, having changed nothing. One lock makes every method safe in any thread.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from typing import Any

from .campaign import Campaign, CampaignView
from .clock import Clock, RealClock, to_datetime
from .contacts import ContactCodec, ContactPage, ContactStore, PlainCodec, is_blank
from .errors import (
    ContactAlreadyClosed,
    DispositionCodeNotLinked,
    InactiveCampaign,
    PhoneNumberRequired,
    SetupError,
    SkillsetRequired,
    UnknownCampaign,
    UnknownContact,
    UnknownCustomField,
    UnknownSkillset,
    UnknownStatusFilter,
)
from .model import (
    Administrator,
    CampaignDetails,
    CampaignStatus,
    Closure,
    Contact,
    ContactStatus,
    CustomField,
    DispositionCode,
    PhoneNumber,
    Skillset,
)
from .pacing import Pacing
from .profile import Profile
from .sessions import Sessions

PAGE_SIZE = 200
"""The most contacts Get200CampaignContacts returns (rule P1)."""

NOT_FOUND = -1
"""What GetContactIDByPhoneNumber returns when no contact has the number (rule N1)."""

_APPEND = "AppendContactsToCampaign"
_CLOSE = "CloseContact"
_LOAD_CHUNK = 500


class ContactCenter:
    """The state of one center and its ten operations.

    ``clock`` drives session time-outs, the once-a-second limits and dates; ``codec`` is how contacts are kept.
    """

    def __init__(
        self,
        *,
        administrators: Iterable[Administrator] = (),
        skillsets: Iterable[Skillset] = (),
        profile: Profile | None = None,
        clock: Clock | None = None,
        codec: ContactCodec[Any] | None = None,
    ) -> None:
        self.profile = profile or Profile()
        self.clock = clock or RealClock()
        self._codec = codec or PlainCodec()
        self._lock = threading.RLock()
        self._sessions = Sessions(administrators, self.clock, self.profile)
        self._pacing = Pacing(self.clock, self.profile)
        self._skillsets = {one.skillset_id: one for one in skillsets}
        self._campaigns: dict[int, Campaign] = {}
        self._last_contact_id = 0

    # --- sessions -------------------------------------------------------------------------------------------------

    def log_in(self, username: str | None, password: str | None) -> str:
        """A new session key; refusals as of rules S2, S3, S4 and S8. Rules S1 and S6."""
        with self._lock:
            return self._sessions.log_in(username, password)

    def log_off(self, username: str | None) -> None:
        """Destroy the user's key; needs none itself. Rules S5 and S6."""
        with self._lock:
            self._sessions.log_off(username)

    # --- campaigns ------------------------------------------------------------------------------------------------

    def get_campaigns(self, key: str | None) -> list[CampaignView]:
        """Every Running, Waiting or Paused campaign with its latest counts, by id. Rules S7, C1, C2, C3, C5."""
        with self._lock:
            self._sessions.check(key)
            return [one.view() for one in self._campaigns.values() if one.status.is_active]

    def get_200_campaign_contacts(self, key: str | None, campaign_id: int, last_contact_id: int) -> ContactPage[Any]:
        """The next at most 200 contacts with ids above ``last_contact_id``, ascending; 0 starts; past the end none.

        Rules S7, C5, P1, P2, P3, P4 and P5.
        """
        with self._lock:
            self._sessions.check(key)
            campaign = self._campaign(campaign_id)
            if campaign is None:
                return self._no_contacts()
            return campaign.contacts.page_after(last_contact_id, PAGE_SIZE, with_closed=self.profile.closed_in_pages)

    def append_contact(self, key: str | None, campaign_id: int, contact: Contact | None) -> int:
        """Add one contact under the next id, whatever id and status it names, and return 1.

        No check for duplicates (A3); the id it names is ignored and the next one given out (A5); custom fields the
        campaign lacks are dropped (A6). Rules S7, C3, C5, A1, A2 and A4.
        """
        with self._lock:
            session = self._sessions.check(key)
            if self._pacing.is_too_soon(_APPEND, session):
                return self.profile.limit_return_value
            campaign = self._campaign(campaign_id)
            if campaign is None:
                return 0
            new = self._accepted(campaign, contact or Contact())
            self._add(campaign, replace(new, status=ContactStatus.NEW))
            self._pacing.record(_APPEND, session)
            return 1

    # --- contacts -------------------------------------------------------------------------------------------------

    def get_contact_status(
        self,
        key: str | None,
        campaign_id: int,
        *,
        contact_id: int = 0,
        custom_field: CustomField | None = None,
    ) -> ContactStatus | None:
        """The status of a contact by id or, where ``custom_field`` is given, by that. Rules S7, C5 and T1.

        None for an unknown campaign or contact where the profile says so.
        """
        with self._lock:
            self._sessions.check(key)
            campaign = self._campaign(campaign_id)
            if campaign is None:
                return None
            row = next(iter(self._rows(campaign, contact_id, custom_field)), None)
            if row is None:
                self._refuse_unknown_contact(contact_id, custom_field)
                return None
            return campaign.contacts.status(row)

    def close_contact(
        self,
        key: str | None,
        campaign_id: int,
        *,
        contact_id: int = 0,
        custom_field: CustomField | None = None,
        text: str | None = None,
        disposition_code: int | None = None,
    ) -> int:
        """Close a contact by id or, where ``custom_field`` is given, the first open one that has it.

        ``disposition_code`` must be linked to the campaign (X2); None is no code. ``text`` is any human text (X3).
        Returns the profile's ``close_result``. Rules S7, C3, C5, X1, X4, X5 and X6.
        """
        with self._lock:
            session = self._sessions.check(key)
            if self._pacing.is_too_soon(_CLOSE, session):
                return self.profile.limit_return_value
            campaign = self._campaign(campaign_id)
            if campaign is None:
                return 0
            code = None if disposition_code is None else self._linked_code(campaign, disposition_code)
            rows = self._rows(campaign, contact_id, custom_field)
            first = next(iter(rows), None)
            if first is None:
                self._refuse_unknown_contact(contact_id, custom_field)
                return 0
            closing = self._to_close(campaign.contacts, rows)
            if not closing and self.profile.closed_contact == "fault":
                raise ContactAlreadyClosed(contact=_told(contact_id, custom_field))
            closure = Closure(to_datetime(self.clock.microseconds()), text, code)
            for row in closing:
                campaign.contacts.close(row, closure)
            self._pacing.record(_CLOSE, session)
            closed_id = campaign.contacts.contact_id(closing[0] if closing else first)
            return {"one": 1, "zero": 0, "contact-id": closed_id}[self.profile.close_result]

    def get_contact_id_by_phone_number(self, key: str | None, campaign_id: int, number: PhoneNumber | None) -> int:
        """The id of the first contact by id that has the number, or -1. Rules S7, C5, N1, N2 and N3."""
        with self._lock:
            self._sessions.check(key)
            campaign = self._campaign(campaign_id)
            if campaign is None:
                return NOT_FOUND
            row = next(iter(campaign.contacts.rows_with_phone(number or PhoneNumber())), None)
            return NOT_FOUND if row is None else campaign.contacts.contact_id(row)

    def find_contacts_by_phone_number(
        self,
        key: str | None,
        campaign_id: int,
        number: PhoneNumber | None,
        *,
        status_id: int = 0,
        status_name: str | None = None,
    ) -> ContactPage[Any]:
        """Every contact that has the number, by id, narrowed to one status where given. Rules S7, C5, N3, F1 to F3."""
        with self._lock:
            self._sessions.check(key)
            campaign = self._campaign(campaign_id)
            if number is None or is_blank(number.phone_no):
                raise PhoneNumberRequired
            if campaign is None:
                return self._no_contacts()
            rows = campaign.contacts.rows_with_phone(number)
            return self._narrowed(campaign.contacts, rows, status_id, status_name)

    def find_contacts_by_custom_field(
        self,
        key: str | None,
        campaign_id: int,
        custom_field: CustomField | None,
        *,
        status_id: int = 0,
        status_name: str | None = None,
    ) -> ContactPage[Any]:
        """Every contact whose field of that name has that text, by id, narrowed to one status where given.

        Rules S7, C5, F3 and F4.
        """
        with self._lock:
            self._sessions.check(key)
            campaign = self._campaign(campaign_id)
            if campaign is None:
                return self._no_contacts()
            wanted = custom_field or CustomField()
            self._check_field_name(campaign, wanted)
            rows = campaign.contacts.rows_with_field(wanted.name, wanted.text)
            return self._narrowed(campaign.contacts, rows, status_id, status_name)

    # --- for tests and tools: no session, no limits, any status ---------------------------------------------------

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the center still: what is done inside is one step for every other thread."""
        with self._lock:
            yield

    def add_campaign(self, details: CampaignDetails, contacts: Iterable[Contact] = ()) -> None:
        """Add a campaign, in any status, with its contacts; its id must be new. Ids of contacts are given out."""
        with self._lock:
            if details.campaign_id in self._campaigns:
                raise SetupError(f"campaign id {details.campaign_id} is taken; each campaign needs its own")
            any_blank = self.profile.blank_phone_part == "any"
            self._campaigns[details.campaign_id] = Campaign(details, self._codec, any_blank=any_blank)
            self._campaigns = dict(sorted(self._campaigns.items()))
        try:
            self.load_contacts(details.campaign_id, contacts)
        except BaseException:
            with self._lock:
                del self._campaigns[details.campaign_id]
            raise

    def add_skillset(self, skillset: Skillset) -> None:
        """Add a skillset, or rename the one of that id."""
        with self._lock:
            self._skillsets[skillset.skillset_id] = skillset

    def add_administrator(self, administrator: Administrator) -> None:
        """Let one more user log in, or change the password of the one of that name."""
        with self._lock:
            self._sessions.administrators[administrator.username] = administrator

    def load_contacts(self, campaign_id: int, contacts: Iterable[Contact]) -> int:
        """Add contacts as they are, status included, and return how many; calls are answered in between.

        A ValueError says which cannot be kept; those before it have been added.
        """
        remaining = iter(contacts)
        total = 0
        while chunk := list(islice(remaining, _LOAD_CHUNK)):
            with self._lock:
                campaign = self._known(campaign_id)
                for contact in chunk:
                    self._add(campaign, contact)
            total += len(chunk)
        return total

    def set_campaign_status(self, campaign_id: int, status: CampaignStatus) -> None:
        """What a supervisor does, and no operation can (rule C4)."""
        with self._lock:
            campaign = self._known(campaign_id)
            campaign.details = replace(campaign.details, status=status)

    def set_contact_status(self, campaign_id: int, contact_id: int, status: ContactStatus) -> None:
        """What a dialler or an agent does to one contact."""
        with self._lock:
            store, row = self._known_row(campaign_id, contact_id)
            store.set_status(row, status)

    def campaigns(self) -> list[CampaignView]:
        """Every campaign, whatever its status, by id."""
        with self._lock:
            return [one.view() for one in self._campaigns.values()]

    def contacts(self, campaign_id: int) -> list[Contact]:
        """Every contact of a campaign with its status, by id."""
        with self._lock:
            store = self._known(campaign_id).contacts
            return [store.contact(row) for row in range(len(store))]

    def contact(self, campaign_id: int, contact_id: int) -> Contact:
        """One contact with its status."""
        with self._lock:
            store, row = self._known_row(campaign_id, contact_id)
            return store.contact(row)

    def closure(self, campaign_id: int, contact_id: int) -> Closure | None:
        """How CloseContact closed a contact; None for one it has not."""
        with self._lock:
            store, row = self._known_row(campaign_id, contact_id)
            return store.closure(row)

    def usernames(self) -> list[str]:
        """Who holds a session, live or expired."""
        with self._lock:
            return self._sessions.usernames()

    def username_of(self, key: str | None) -> str | None:
        """Whose session key it is, or None."""
        return self._sessions.username_of(key)

    def keep_contacts_as(self, codec: ContactCodec[Any]) -> None:
        """Keep contacts in another codec's form from now on, those there too; all of them, or none on a ValueError."""
        with self._lock:
            if codec is not self._codec:
                stores = [campaign.contacts for campaign in self._campaigns.values()]
                for store, records in [(store, store.encoded(codec)) for store in stores]:
                    store.recode(codec, records)
                self._codec = codec

    # --- the steps of the operations, with the lock held ----------------------------------------------------------

    def _campaign(self, campaign_id: int) -> Campaign | None:
        """An active campaign (C5); None where the profile answers for the others with nothing."""
        campaign = self._campaigns.get(campaign_id)
        if campaign is None:
            if self.profile.unknown_campaign == "fault":
                raise UnknownCampaign(campaign_id=campaign_id)
            return None
        if not campaign.status.is_active:
            if self.profile.inactive_campaign == "fault":
                raise InactiveCampaign(campaign_id=campaign_id, status=campaign.status.value)
            return None
        return campaign

    def _accepted(self, campaign: Campaign, contact: Contact) -> Contact:
        """The contact as it will be kept: known skillset (A2), custom fields of the campaign by name (A6)."""
        if not contact.skillset_id:
            raise SkillsetRequired
        if contact.skillset_id not in self._skillsets and self.profile.unknown_skillset == "fault":
            raise UnknownSkillset(skillset_id=contact.skillset_id)
        changes: dict[str, Any] = {}
        if contact.custom_fields is not None:
            kept: dict[str, CustomField] = {}
            for one in contact.custom_fields:
                if one.name is not None and one.name in campaign.custom_field_names:
                    kept[one.name] = one
                elif self.profile.unknown_custom_field == "fault":
                    raise UnknownCustomField(field_name=one.name or "")
            changes["custom_fields"] = tuple(kept.values())
        if self.profile.append_campaign_name == "campaign":
            changes["campaign_name"] = campaign.details.name
        return replace(contact, **changes) if changes else contact

    def _add(self, campaign: Campaign, contact: Contact) -> None:
        campaign.contacts.append(contact, self._last_contact_id + 1)
        self._last_contact_id += 1  # only now: a contact that cannot be kept uses up no id (A5)

    def _rows(self, campaign: Campaign, contact_id: int, custom_field: CustomField | None) -> Collection[int]:
        """The rows meant by an id, or by a custom field where one is given (X1, T1), ascending."""
        if custom_field is None:
            row = campaign.contacts.row_of(contact_id)
            return () if row is None else (row,)
        self._check_field_name(campaign, custom_field)
        return campaign.contacts.rows_with_field(custom_field.name, custom_field.text)

    def _check_field_name(self, campaign: Campaign, custom_field: CustomField) -> None:
        if self.profile.unknown_custom_field == "fault" and custom_field.name not in campaign.custom_field_names:
            raise UnknownCustomField(field_name=custom_field.name or "")

    def _refuse_unknown_contact(self, contact_id: int, custom_field: CustomField | None) -> None:
        if self.profile.unknown_contact == "fault":
            raise UnknownContact(contact=_told(contact_id, custom_field))

    def _to_close(self, store: ContactStore, rows: Iterable[int]) -> list[int]:
        """Which of the rows to close: the first open one, or all open ones (X6); none where all are closed already."""
        many = None if self.profile.close_matches == "all" else 1
        still_open = list(islice((row for row in rows if not store.is_closed(row)), many))
        if not still_open and self.profile.closed_contact == "again":
            return list(islice(rows, many))
        return still_open

    def _linked_code(self, campaign: Campaign, value: int) -> DispositionCode:
        """The campaign's disposition code of that id or number (X2)."""
        codes = campaign.codes_by_id if self.profile.disposition_by == "id" else campaign.codes_by_number
        if value not in codes:
            raise DispositionCodeNotLinked(disposition_code=value, campaign_id=campaign.details.campaign_id)
        return codes[value]

    def _narrowed(
        self, store: ContactStore, rows: Iterable[int], status_id: int, status_name: str | None
    ) -> ContactPage[Any]:
        """The rows of one status, or all where none is named (F3), up to the profile's cap."""
        if status_name or status_id:
            wanted = self._status_named(status_id, status_name)
            rows = (row for row in rows if store.status(row) is wanted)
        return store.page_of(islice(rows, self.profile.find_cap or None))

    def _status_named(self, status_id: int, status_name: str | None) -> ContactStatus | None:
        """The status of that name in any letter case or, without one, of that number; None where there is none."""
        for status in ContactStatus:
            if status_name:
                if status.value.lower() == status_name.lower():
                    return status
            elif self.profile.contact_status_id(status) == status_id:
                return status
        if self.profile.unknown_status_filter == "fault":
            raise UnknownStatusFilter(status=status_name or status_id)
        return None

    def _no_contacts(self) -> ContactPage[Any]:
        return ContactPage([], self._codec)

    def _known(self, campaign_id: int) -> Campaign:
        campaign = self._campaigns.get(campaign_id)
        if campaign is None:
            raise UnknownCampaign(campaign_id=campaign_id)
        return campaign

    def _known_row(self, campaign_id: int, contact_id: int) -> tuple[ContactStore, int]:
        store = self._known(campaign_id).contacts
        row = store.row_of(contact_id)
        if row is None:
            raise UnknownContact(contact=contact_id)
        return store, row


def _told(contact_id: int, custom_field: CustomField | None) -> str:
    """How a refusal names the contact that was meant."""
    return str(contact_id) if custom_field is None else f"{custom_field.name or ''}={custom_field.text or ''}"
