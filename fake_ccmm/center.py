"""One contact center: the ten operations of the services as plain methods, over the state that supervision.py keeps.

Knows no SOAP, no HTTP and no sockets. Operations take and return Python values and raise a
:class:`~fake_ccmm.errors.Refusal`, having changed nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import islice
from typing import Any

from .campaign import Campaign, CampaignView
from .clock import to_datetime
from .contacts import ContactPage, ContactStore, is_blank
from .errors import (
    ContactAlreadyClosed,
    DispositionCodeNotLinked,
    InactiveCampaign,
    PhoneNumberRequired,
    SkillsetRequired,
    UnknownCampaign,
    UnknownContact,
    UnknownCustomField,
    UnknownSkillset,
    UnknownStatusFilter,
)
from .model import (
    Closure,
    Contact,
    ContactStatus,
    CustomField,
    DispositionCode,
    PhoneNumber,
)
from .supervision import SupervisedCenter

PAGE_SIZE = 200
"""The most contacts Get200CampaignContacts returns (rule P1)."""

NOT_FOUND = -1
"""What GetContactIDByPhoneNumber returns when no contact has the number (rule N1)."""

_APPEND = "AppendContactsToCampaign"
_CLOSE = "CloseContact"


class ContactCenter(SupervisedCenter):
    """The state of one center and its ten operations.

    ``clock`` drives session time-outs, the once-a-second limits and dates; without one, it tells the machine's time
    until it is moved. ``codec`` is how contacts are kept. ``disposition_codes`` are those that campaigns can link.
    """

    # --- sessions -------------------------------------------------------------------------------------------------

    def log_in(self, username: str | None, password: str | None) -> str:
        """A new session key; refusals as of rules S2, S3, S4 and S8. Rules S1 and S6."""
        with self._turn:
            return self._sessions.log_in(username, password)

    def log_off(self, username: str | None) -> None:
        """Destroy the user's key; needs none itself. Rules S5 and S6."""
        with self._turn:
            self._sessions.log_off(username)

    # --- campaigns ------------------------------------------------------------------------------------------------

    def get_campaigns(self, key: str | None) -> list[CampaignView]:
        """Every Running, Waiting or Paused campaign with its latest counts, by id. Rules S7, C1, C2, C3, C5."""
        with self._turn:
            self._sessions.check(key)
            return [one.view() for one in self._campaigns.values() if one.status.is_active]

    def get_200_campaign_contacts(self, key: str | None, campaign_id: int, last_contact_id: int) -> ContactPage[Any]:
        """The next at most 200 contacts with ids above ``last_contact_id``, ascending; 0 starts; past the end none.

        Rules S7, C5, P1, P2, P3, P4 and P5.
        """
        with self._turn:
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
        with self._turn:
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
        with self._turn:
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
        with self._turn:
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
            if closing:
                self._change(campaign.contacts)
            for row in closing:
                campaign.contacts.close(row, closure)
            self._pacing.record(_CLOSE, session)
            closed_id = campaign.contacts.contact_id(closing[0] if closing else first)
            return {"one": 1, "zero": 0, "contact-id": closed_id}[self.profile.close_result]

    def get_contact_id_by_phone_number(self, key: str | None, campaign_id: int, number: PhoneNumber | None) -> int:
        """The id of the first contact by id that has the number, or -1. Rules S7, C5, N1, N2 and N3."""
        with self._turn:
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
        with self._turn:
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
        with self._turn:
            self._sessions.check(key)
            campaign = self._campaign(campaign_id)
            if campaign is None:
                return self._no_contacts()
            wanted = custom_field or CustomField()
            self._check_field_name(campaign, wanted)
            rows = campaign.contacts.rows_with_field(wanted.name, wanted.text)
            return self._narrowed(campaign.contacts, rows, status_id, status_name)

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


def _told(contact_id: int, custom_field: CustomField | None) -> str:
    """How a refusal names the contact that was meant."""
    return str(contact_id) if custom_field is None else f"{custom_field.name or ''}={custom_field.text or ''}"
