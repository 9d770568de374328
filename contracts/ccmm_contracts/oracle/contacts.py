"""The operations of OutboundContactWS: status, closing and finding (rules T1, X1 to X6, N1 to N3 and F1 to F4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..domain import CustomField, PhoneNumber, Status
from .expectation import Check, Expectation, any_number, is_number, number, returned
from .grounds import NO_LIMIT, Ground, Grounds, Outcomes
from .kept import ANY_STATUS, IS_CLOSED, Due, KeptCampaign, KeptContact, KeptSession

_NOBODY = -1


class ContactRules:
    """What becomes of the operations of OutboundContactWS."""

    def __init__(self, grounds: Grounds) -> None:
        self._grounds = grounds
        self._memory = grounds.memory

    # --- status -----------------------------------------------------------------------------------------------------

    def get_status(
        self,
        session_key: str | None = None,
        contact_id: int = 0,
        campaign_id: int = 0,
        custom_field_name: str | None = None,
        custom_field_value: str | None = None,
        custom_field_passed: bool = False,
    ) -> Outcomes:
        """Rules S7, C5 and T1."""
        field = CustomField(custom_field_name, custom_field_value) if custom_field_passed else None
        check = returned(lambda one: "" if one is None or not (one.id or one.name) else "a status came back")
        nothing = [Expectation("no status (C5, T1)", check)]

        def statuses(session: KeptSession) -> Outcomes:
            grounds = [self._grounds.campaign(campaign_id, lambda known: nothing), *self._named(campaign_id, field)]
            return self._grounds.unless(grounds, answered)

        def answered() -> Outcomes:
            # Whose status it is where several have the field, no paper says.
            lists = self._meant(self._memory.campaigns[campaign_id], contact_id, field)
            return [
                one
                for rows in lists
                for one in ([self._status(row) for row in rows] if rows else self._no_contact(nothing))
            ]

        return self._grounds.in_session(session_key, statuses)

    def _status(self, contact: KeptContact) -> Expectation:
        def learn(status: Status) -> None:
            self._memory.learn_status_id("contact", status)
            contact.statuses &= {status.name or ""}

        def check(status: Any) -> str:
            return self._memory.status_problem("contact", status, contact.statuses)

        return Expectation(f"the status {' or '.join(sorted(contact.statuses))} (T1)", returned(check), learn=learn)

    # --- which contact ----------------------------------------------------------------------------------------------

    def _meant(self, campaign: KeptCampaign, contact_id: int, field: CustomField | None) -> list[list[KeptContact]]:
        """The contacts meant by an id, or by a custom field where one is given (rules X1 and T1).

        One list for each way in which it may be meant; an empty one where perhaps there is no such contact.
        """
        if field is not None:
            return [self._with_field(campaign, field)]
        return [[] if one is None else [one] for one in self._memory.with_id(campaign, contact_id)]

    def _with_field(self, campaign: KeptCampaign, field: CustomField) -> list[KeptContact]:
        return [one for one in self._memory.in_order(campaign) if one.has_field(field.name, field.text)]

    def _named(self, campaign_id: int, field: CustomField | None) -> list[Ground]:
        """Why a custom field may be refused that a call goes by."""
        return [] if field is None else [self._grounds.field(self._memory.campaigns.get(campaign_id), field.name)]

    def _no_contact(self, nothing: Outcomes) -> Outcomes:
        refused = self._grounds.refused("unknown_contact", "a refusal, as the campaign has no such contact (X1, T1)")
        return self._grounds.by_choice("unknown_contact", {"fault": [refused], "empty": nothing})

    # --- closing ----------------------------------------------------------------------------------------------------

    def close(
        self,
        campaign_id: int = 0,
        contact_id: int = 0,
        custom_field_name: str | None = None,
        custom_field_value: str | None = None,
        custom_field_specified: bool = False,
        closure_text: str | None = None,
        disposition_code: int = 0,
        disposition_code_specified: bool = False,
        session_key: str | None = None,
    ) -> Outcomes:
        """Rules S7, C5 and X1 to X6."""
        field = CustomField(custom_field_name, custom_field_value) if custom_field_specified else None
        code = disposition_code if disposition_code_specified else None

        def nothing(known: bool) -> Outcomes:
            return [Expectation("0", is_number(0)) if known else Expectation("a number", any_number())]

        def close(session: KeptSession) -> Outcomes:
            grounds = [
                self._grounds.limit("CloseContact", session),
                self._grounds.campaign(campaign_id, nothing),
                *self._not_linked(campaign_id, code),
                *self._named(campaign_id, field),
            ]
            return self._grounds.unless(grounds, closed)

        def closed() -> Outcomes:
            lists = self._meant(self._memory.campaigns[campaign_id], contact_id, field)
            unknown = nothing(self._memory.choices.get("unknown_contact") is not None)
            return [one for rows in lists for one in (self._closings(rows) if rows else self._no_contact(unknown))]

        return self._grounds.in_session(session_key, close)

    def _not_linked(self, campaign_id: int, code: int | None) -> list[Ground]:
        """Why a disposition code may be refused (rule X2)."""
        campaign = self._memory.campaigns.get(campaign_id)
        if code is None or campaign is None:
            return []
        linked = {"id": code in campaign.codes_by_id, "numeric-value": code in campaign.codes_by_number}
        choice = self._memory.choices.get("disposition_by")
        verdicts = {linked[choice]} if choice else set(linked.values())
        if False not in verdicts:
            return []
        told = f"a refusal, as disposition code {code} is not linked to the campaign (X2)"
        return [(True not in verdicts, [self._grounds.refused("disposition_code_not_linked", told)])]

    def _closings(self, rows: Sequence[KeptContact]) -> Outcomes:
        """What becomes of closing these, all of which match: the first open one is closed, or all are (X4, X6)."""
        first: Outcomes = []
        closed_before: list[KeptContact] = []
        for row in rows:
            if row.may_be_open:
                first.append(self._closing(row, [*closed_before, row]))
            closed_before.append(row)
            if row.is_open:
                break
        open_rows = [one for one in rows if one.may_be_open]
        alternatives = {"first": first, "all": [self._closing(one, rows) for one in open_rows[:1]]}
        if len(open_rows) > 1 and not open_rows[0].is_open:
            # Which of them was the first open one is told by nothing but its id, perhaps.
            alternatives["all"] = [self._closing(None, rows)]
        outcomes = self._grounds.by_choice("close_matches", alternatives)
        return outcomes if any(one.is_open for one in rows) else [*outcomes, *self._closed_already(rows)]

    def _closing(self, row: KeptContact | None, closed: Sequence[KeptContact]) -> Expectation:
        after = dict.fromkeys(closed, IS_CLOSED)
        return Expectation("that the contact is closed (X1, X4)", self._result(row), after=after, carried_out=True)

    def _closed_already(self, rows: Sequence[KeptContact]) -> Outcomes:
        after = dict.fromkeys(rows, IS_CLOSED)
        refused = self._grounds.refused("contact_already_closed", "a refusal, as the contact is already closed (X4)")
        done = Expectation("the answer of a contact that was closed already (X4)", self._result(rows[0]), after=after)
        fault = [Expectation(refused.told, refused.check, after=after, carried_out=False)]
        return self._grounds.by_choice("closed_contact", {"fault": fault, "ignore": [done], "again": [done]})

    def _result(self, row: KeptContact | None) -> Check:
        """What CloseContact returns, having closed this contact."""
        choice = self._memory.choices.get("close_result")
        if choice == "contact-id" and row is not None:
            return number(lambda value: self._memory.fits_id(row, value))
        return {"one": is_number(1), "zero": is_number(0)}.get(choice or "", any_number())

    # --- finding ----------------------------------------------------------------------------------------------------

    def get_id_by_phone(
        self, phone_number: PhoneNumber | None = None, campaign_id: int = 0, session_key: str | None = None
    ) -> Outcomes:
        """Rules S7, C5 and N1 to N3."""
        nobody = Expectation("-1 (N1)", is_number(_NOBODY))

        def first(session: KeptSession) -> Outcomes:
            return self._grounds.unless([self._grounds.campaign(campaign_id, lambda known: [nobody])], found)

        def found() -> Outcomes:
            lists = self._memory.with_phone(self._memory.campaigns[campaign_id], phone_number or PhoneNumber())
            return [self._id_of(rows[0]) if rows else nobody for rows in lists]

        return self._grounds.in_session(session_key, first)

    def _id_of(self, contact: KeptContact) -> Expectation:
        def learn(contact_id: int) -> None:
            if contact.contact_id is None:
                self._memory.learn_id(contact, contact_id)

        told = "the id of a contact that was appended" if contact.contact_id is None else str(contact.contact_id)
        check = number(lambda value: self._memory.fits_id(contact, value))
        return Expectation(f"{told} (N1 to N3)", check, learn=learn)

    def find_by_phone(
        self,
        contact_status: Status | None = None,
        campaign_id: int = 0,
        phone_number: PhoneNumber | None = None,
        session_key: str | None = None,
    ) -> Outcomes:
        """Rules S7, C5, N3 and F1 to F3."""
        asked = phone_number or PhoneNumber()

        def find(session: KeptSession) -> Outcomes:
            grounds = [self._grounds.campaign(campaign_id, lambda known: [self._grounds.no_contacts()])]
            if not (asked.phone_no or "").strip():
                refused = self._grounds.refused("phone_number_required", "a refusal, as PhoneNo must not be empty (F2)")
                grounds.append((not asked.phone_no, [refused]))
            return self._grounds.unless(grounds, found)

        def found() -> Outcomes:
            campaign = self._memory.campaigns[campaign_id]
            lists = self._memory.with_phone(campaign, asked)
            return [one for rows in lists for one in self._narrowed(campaign, rows, contact_status, "F1, F3")]

        return self._grounds.in_session(session_key, find)

    def find_by_field(
        self,
        contact_status: Status | None = None,
        campaign_id: int = 0,
        custom_field: CustomField | None = None,
        session_key: str | None = None,
    ) -> Outcomes:
        """Rules S7, C5, F3 and F4."""
        asked = custom_field or CustomField()

        def find(session: KeptSession) -> Outcomes:
            ground = self._grounds.campaign(campaign_id, lambda known: [self._grounds.no_contacts()])
            return self._grounds.unless([ground, *self._named(campaign_id, asked)], found)

        def found() -> Outcomes:
            campaign = self._memory.campaigns[campaign_id]
            return self._narrowed(campaign, self._with_field(campaign, asked), contact_status, "F3, F4")

        return self._grounds.in_session(session_key, find)

    def _narrowed(
        self, campaign: KeptCampaign, rows: Sequence[KeptContact], wanted: Status | None, rules: str
    ) -> Outcomes:
        """The contacts of one status, or all where none is named (F3), as many as are found at most (F1)."""
        cap = self._memory.choices.get("find_cap")
        enough = 1 if cap is None else cap or NO_LIMIT
        outcomes = []
        for names in self._statuses_named(wanted):
            due = [Due(one, not one.statuses <= names) for one in rows if one.statuses & names]
            told = f"every contact that has it: {len(due)} ({rules})"
            outcomes.append(
                self._grounds.contacts(
                    told, campaign, due, enough=enough, most=cap or NO_LIMIT, by_id=False, statuses=names
                )
            )
        if self._surely_names(wanted):
            return outcomes
        refused = self._grounds.refused("unknown_status_filter", "a refusal of the contact status (F3)")
        alternatives = {"fault": [refused], "empty": [self._grounds.no_contacts()]}
        return [*outcomes, *self._grounds.by_choice("unknown_status_filter", alternatives)]

    def _statuses_named(self, wanted: Status | None) -> list[frozenset[str]]:
        """The statuses that a filter may mean, one set for each way; none where it surely names no status."""
        if wanted is None or not (wanted.name or wanted.id):
            return [ANY_STATUS]
        if wanted.name:
            return [frozenset({one}) for one in ANY_STATUS if one.lower() == wanted.name.lower()]
        numbers = {one: self._number_of(one) for one in ANY_STATUS}
        meant = [one for one, known in numbers.items() if known == wanted.id]
        return [frozenset({one}) for one in meant or [one for one, known in numbers.items() if known is None]]

    def _surely_names(self, wanted: Status | None) -> bool:
        if wanted is None or not (wanted.name or wanted.id):
            return True
        if wanted.name:
            return wanted.name in ANY_STATUS
        return any(self._number_of(one) == wanted.id for one in ANY_STATUS)

    def _number_of(self, status: str) -> int | None:
        known = self._memory.status_id("contact", status)
        return self._memory.status_ids.get(("contact", status)) if known is None else known
