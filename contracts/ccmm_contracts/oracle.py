"""The kit's own small model of a server, written from the rules: what may become of a call, after all that was before.

Where the rules leave something open and the choices of the server are not known, every alternative is expected, and the
oracle goes on with what the answer tells of it. It shares no code with any server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .answer import Answer, Odd, Returned
from .closing import close_outcomes
from .domain import ACTIVE_STATUSES, Campaign, Contact, CustomField, PhoneNumber, Status, User
from .expectation import Expectation, Refusals, described, is_number, number, returned
from .kept import ANY_STATUS, CLOSED, IS_CLOSED, Assigned, Due, KeptCampaign, KeptContact, KeptSession, assigned
from .memory import Memory
from .operations import OPERATIONS
from .worlds import World

PAGE_SIZE = 200
_NOBODY = -1

Outcomes = list[Expectation]
Ground = tuple[bool, Outcomes]
"""A reason why a call may not be carried out: whether it surely is one, and what becomes of the call then."""


class Oracle:
    """What a server has to do, given a world and what is known of its open choices.

    ``choices`` are by the names of :mod:`ccmm_contracts.choices`; wordings of refusals are those of a ``Choices``.
    """

    def __init__(self, world: World, choices: Mapping[str, Any]) -> None:
        memory = Memory(world.users, choices, is_settled=True)
        memory.fill(world)
        self._begin(memory)

    @classmethod
    def from_server(
        cls,
        users: Iterable[User],
        campaigns: Iterable[Campaign],
        contacts: Mapping[int, Sequence[Contact]],
        choices: Mapping[str, Any],
    ) -> Oracle:
        """The oracle of a server that is no mock, from what was read of it while nobody else wrote to it.

        Nobody of ``users`` is logged in. Statuses of the contacts are not known, and may change at any time.
        """
        oracle = cls.__new__(cls)
        memory = Memory(users, choices, is_settled=False)
        memory.fill_from(campaigns, contacts)
        oracle._begin(memory)
        return oracle

    def _begin(self, memory: Memory) -> None:
        self.memory = memory
        self._choices = memory.choices
        self._refusals = Refusals(memory.choices)

    # --- what a walk asks and tells ---------------------------------------------------------------------------------

    @property
    def contacts(self) -> Sequence[KeptContact]:
        """Every contact: those of the world or the server in their order, then those that were appended."""
        return self.memory.contacts

    def key_of(self, user: User) -> str | None:
        """The key that the user got last and that no log-off destroyed, live or expired."""
        session = self.memory.sessions.get(user.name)
        return session.key if session else None

    def advance(self, seconds: float) -> None:
        """Time goes on."""
        self.memory.advance(seconds)

    def set_campaign_status(self, campaign_id: int, status: str) -> None:
        """A supervisor gave a campaign another status."""
        self.memory.campaigns[campaign_id].status = status

    def set_contact_status(self, contact: KeptContact, status: str) -> None:
        """A dialler or an agent gave a contact another status."""
        contact.statuses = frozenset({status})

    def expire(self, user: User) -> None:
        """The user's session expired, if there is one."""
        session = self.memory.sessions.get(user.name)
        if session is not None:
            session.was_ended = True

    # --- judging ----------------------------------------------------------------------------------------------------

    def expect(self, operation: str, **arguments: Any) -> list[Expectation]:
        """Every acceptable outcome of a call now. Arguments as for ``Caller.call``: what is left out is None or 0."""
        outcomes = _OPERATIONS[operation](self, **arguments)

        def commit(one: Expectation, answer: Answer) -> None:
            self._commit(operation, [one], answer)

        return [replace(one, committer=commit) for one in outcomes]

    def judge(self, operation: str, arguments: Mapping[str, Any], answer: Answer) -> str:
        """What is wrong with the answer to a call, in words; empty where it is one that was expected.

        The oracle then knows what the answer tells.
        """
        expectations = self.expect(operation, **arguments)
        wrong = [one.check(answer) for one in expectations]
        fitting = [one for one, why in zip(expectations, wrong, strict=True) if not why]
        if fitting:
            decisive = [one for one in fitting if one.decisive]
            self._commit(operation, decisive or fitting, answer)
            return ""
        told = " or ".join(dict.fromkeys(one.told for one in expectations))
        what = described(answer)
        why = "; ".join(dict.fromkeys(one for one in wrong if one != what)) if isinstance(answer, Returned) else what
        return f"{operation}: expected {told}; but {why or what}"

    def _commit(self, operation: str, fitting: Outcomes, answer: Answer) -> None:
        """What happened is one of these."""
        for contact in {contact for one in fitting for contact in one.after}:
            contact.statuses = frozenset().union(*(one.after.get(contact, contact.statuses) for one in fitting))
        session = fitting[0].session
        if session is not None:
            self.memory.use(session, surely=isinstance(answer, Returned))
            if OPERATIONS[operation].limited:
                verdicts = {one.carried_out for one in fitting}
                self.memory.note_limited(operation, session, verdicts.pop() if len(verdicts) == 1 else None)
        # For a refusal there is nothing in the answer to learn from but that it came.
        if len(fitting) == 1:
            fitting[0].learn(answer if isinstance(answer, Returned) else Returned(None))
        if not self.memory.is_settled:
            for one in self.memory.contacts:
                if one.may_be_open:
                    one.statuses = ANY_STATUS

    # --- sessions ---------------------------------------------------------------------------------------------------

    def _log_in(self, username: str | None = None, password: str | None = None) -> Outcomes:
        user = next((one for one in self.memory.users if one.name == username), None)
        if user is None or user.base_install or user.password != (password or ""):
            rule = "S3" if user is not None and user.base_install else "S2"
            return [self._refused("invalid_login", f"a refusal of the log-in ({rule})")]
        session = self.memory.sessions.get(user.name)
        if session is None:
            return [self._new_session(user)]
        expired = self.memory.has_expired(session)
        outcomes = []
        if expired is not True:
            outcomes.append(
                self._refused(
                    "already_logged_in", f"a refusal, as {user.name} is already logged in (S4)", decisive=True
                )
            )
        if expired is not False:
            choice = self._choices.get("login_on_expired")
            if choice != "replace":
                refused = self._refused(
                    "login_on_expired_session", "a refusal with Expired, until the user logs off (S8)", decisive=True
                )
                outcomes.append(replace(refused, learn=lambda answer: self.expire(user)))
            if choice != "fault":
                outcomes.append(self._new_session(user))
        return outcomes

    def _new_session(self, user: User) -> Expectation:
        memory = self.memory

        def check(key: Any) -> str:
            if not isinstance(key, str) or not key:
                return "no session key came back"
            return "the session key is one that was given out before" if key in memory.keys_seen else ""

        def learn(answer: Returned) -> None:
            memory.keys_seen.add(answer.value)
            memory.sessions[user.name] = KeptSession(answer.value, user.name, memory.now, memory.now)

        return Expectation("a new session key (S1, S6)", returned(check), learn=learn)

    def _log_off(self, username: str | None = None) -> Outcomes:
        done = Expectation("an empty answer (S5)", returned(lambda value: "" if value is None else "it is not empty"))
        if username in self.memory.sessions:

            def learn(answer: Returned) -> None:
                del self.memory.sessions[username]

            return [replace(done, learn=learn)]
        refused = self._refused("not_logged_in", "a refusal, as nobody of that name is logged in (S5)")
        return self._by_choice("unknown_logoff", {"ignore": [done], "fault": [refused]})

    def _in_session(self, key: str | None, outcomes: Callable[[KeptSession], Outcomes]) -> Outcomes:
        """What becomes of a call with this key (S7, S8): with a live one these outcomes."""
        session = self.memory.session_of(key)
        if session is None:
            return [self._refused("invalid_session_key", "a refusal of the session key (S7)")]
        expired = self.memory.has_expired(session)
        found = []
        if expired is not False:

            def learn(answer: Returned) -> None:
                session.was_ended = True

            refused = self._refused("session_expired", "a refusal with Expired (S8)", decisive=True)
            found.append(replace(refused, learn=learn))
        if expired is not True:
            found += [replace(one, session=session) for one in outcomes(session)]
        return found

    # --- campaigns --------------------------------------------------------------------------------------------------

    def _get_campaigns(self, session_key: str | None = None) -> Outcomes:
        def learn(answer: Returned) -> None:
            for one in answer.value:
                self.memory.learn_status_id("campaign", one.status)

        told = "every Running, Waiting and Paused campaign with its latest counts (C1 to C3)"
        shown = Expectation(told, returned(self._campaigns_problem), learn=learn)
        return self._in_session(session_key, lambda session: [shown])

    def _campaigns_problem(self, shown: Any) -> str:
        due = {number: one for number, one in self.memory.campaigns.items() if one.status in ACTIVE_STATUSES}
        ids = [one.campaign_id for one in shown]
        if sorted(ids) != sorted(due):
            return f"the campaigns {sorted(ids)} are shown, not {sorted(due)}"
        problems = ((one.campaign_id, self._campaign_problem(due[one.campaign_id], one)) for one in shown)
        return "; ".join(f"of campaign {number}, {why}" for number, why in problems if why)

    def _campaign_problem(self, due: KeptCampaign, shown: Campaign) -> str:
        pairs = ((name, getattr(shown, name), getattr(due.seen, name)) for name in due.compared)
        problems = [f"{name} is {came!r}, not {wanted!r}" for name, came, wanted in pairs if came != wanted]
        settled = self.memory.is_settled
        problems.append(
            self.memory.status_problem("campaign", shown.status, {due.status} if settled else ACTIVE_STATUSES)
        )
        total, closed = shown.number_of_contacts, shown.number_of_contacts_closed
        least = sum(one.statuses == IS_CLOSED for one in due.contacts)
        most = sum(CLOSED in one.statuses for one in due.contacts)
        if total != len(due.contacts) and (settled or total < len(due.contacts)):
            problems.append(f"number_of_contacts is {total}, not {len(due.contacts)}")
        if not least <= closed <= (most if settled else total):
            problems.append(f"number_of_contacts_closed is {closed}, not {_between(least, most)}")
        if not closed <= shown.number_of_contacts_processed <= total:
            processed = shown.number_of_contacts_processed
            problems.append(f"number_of_contacts_processed is {processed}, where {closed} of {total} are closed")
        return "; ".join(one for one in problems if one)

    def _get_contacts(self, campaign_id: int = 0, last_contact_id: int = 0, session_key: str | None = None) -> Outcomes:
        def page(session: KeptSession) -> Outcomes:
            ground = self._campaign_ground(campaign_id, lambda known: [self._no_contacts()])
            return self._unless([ground], lambda: [self._page(self.memory.campaigns[campaign_id], last_contact_id)])

        return self._in_session(session_key, page)

    def _page(self, campaign: KeptCampaign, last: int) -> Expectation:
        """At most 200 contacts with ids above the last one (P1 to P5)."""
        with_closed = self._choices.get("closed_in_pages")
        due = []
        for one in self.memory.in_order(campaign):
            least, most = (one.contact_id,) * 2 if one.contact_id is not None else self.memory.bounds(one)
            if most <= last or (one.statuses == IS_CLOSED and with_closed is False):
                continue
            perhaps_closed = CLOSED in one.statuses and not with_closed
            due.append(Due(one, least <= last or perhaps_closed))
        return self._contacts_shown(f"the contacts with ids above {last} (P1 to P5)", campaign, due, PAGE_SIZE)

    def _append(
        self,
        campaign_id: int = 0,
        contact: Contact | None = None,
        session_key: str | None = None,
        priority: int = 0,
    ) -> Outcomes:
        sent = contact or Contact()

        def append(session: KeptSession) -> Outcomes:
            empty = Expectation("a number that is not 1 (C5)", number(lambda value: value != 1), carried_out=False)
            told = replace(empty, told="0 (C5)", check=is_number(0))
            grounds = [
                self._limit_ground("AppendContactsToCampaign", session),
                self._campaign_ground(campaign_id, lambda known: [told if known else empty]),
                *self._contact_grounds(campaign_id, sent),
            ]
            return self._unless(grounds, lambda: [self._appended(campaign_id, sent)])

        return self._in_session(session_key, append)

    def _appended(self, campaign_id: int, sent: Contact) -> Expectation:
        def learn(answer: Returned) -> None:
            self.memory.add(self.memory.campaigns[campaign_id], sent)

        return Expectation("1, with the contact added (A1)", is_number(1), learn=learn, carried_out=True)

    def _contact_grounds(self, campaign_id: int, sent: Contact) -> list[Ground]:
        """Why a contact may not be appended (A2, A6)."""
        if not sent.skillset_id:
            return [(True, [self._refused("skillset_required", "a refusal, as SkillsetID is required (A2)")])]
        grounds = []
        known = self.memory.skillset_ids
        if known is None or sent.skillset_id not in known:
            refused = self._refused("unknown_skillset", f"a refusal of skillset {sent.skillset_id} (A2)")
            grounds.append(self._ground("unknown_skillset", {"fault": [refused], "accept": []}))
        campaign = self.memory.campaigns.get(campaign_id)
        if campaign is not None:
            grounds += [self._field_ground(campaign, one.name) for one in sent.custom_fields or ()]
        return grounds

    # --- contacts ---------------------------------------------------------------------------------------------------

    def _get_status(
        self,
        session_key: str | None = None,
        contact_id: int = 0,
        campaign_id: int = 0,
        custom_field_name: str | None = None,
        custom_field_value: str | None = None,
        custom_field_passed: bool = False,
    ) -> Outcomes:
        field = CustomField(custom_field_name, custom_field_value) if custom_field_passed else None
        told = "no status (C5, T1)"
        nothing = Expectation(
            told, returned(lambda one: "" if one is None or not (one.id or one.name) else "a status came back")
        )

        def statuses(session: KeptSession) -> Outcomes:
            ground = self._campaign_ground(campaign_id, lambda known: [nothing])
            return self._unless(
                [ground, *self._meant_grounds(campaign_id, field)],
                lambda: [
                    one
                    for rows in self._meant(self.memory.campaigns[campaign_id], contact_id, field)
                    for one in ([self._status(row) for row in rows] if rows else self._no_contact([nothing]))
                ],
            )

        return self._in_session(session_key, statuses)

    def _status(self, contact: KeptContact) -> Expectation:
        def learn(answer: Returned) -> None:
            self.memory.learn_status_id("contact", answer.value)
            contact.statuses = frozenset({answer.value.name})

        def check(status: Any) -> str:
            return self.memory.status_problem("contact", status, contact.statuses)

        told = f"the status {' or '.join(sorted(contact.statuses))} (T1)"
        return Expectation(told, returned(check), learn=learn)

    def _close(
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
        field = CustomField(custom_field_name, custom_field_value) if custom_field_specified else None
        code = disposition_code if disposition_code_specified else None

        def any_number(rule: str) -> Expectation:
            return Expectation(f"a number ({rule})", number(lambda value: True))

        def nothing(known: bool, rule: str) -> Outcomes:
            return [replace(any_number(rule), told=f"0 ({rule})", check=is_number(0)) if known else any_number(rule)]

        def close(session: KeptSession) -> Outcomes:
            grounds = [
                self._limit_ground("CloseContact", session),
                self._campaign_ground(campaign_id, lambda known: nothing(known, "C5")),
                *self._code_grounds(campaign_id, code),
                *self._meant_grounds(campaign_id, field),
            ]
            return self._unless(grounds, lambda: carried_out())

        def carried_out() -> Outcomes:
            campaign = self.memory.campaigns[campaign_id]
            unknown = nothing(self._choices.get("unknown_contact") is not None, "X1")
            return [
                one
                for rows in self._meant(campaign, contact_id, field)
                for one in (close_outcomes(self.memory, rows, self._refused) if rows else self._no_contact(unknown))
            ]

        return self._in_session(session_key, close)

    def _code_grounds(self, campaign_id: int, code: int | None) -> list[Ground]:
        """Why a disposition code may be refused (X2)."""
        campaign = self.memory.campaigns.get(campaign_id)
        if code is None or campaign is None:
            return []
        linked = {"id": code in campaign.codes_by_id, "numeric-value": code in campaign.codes_by_number}
        choice = self._choices.get("disposition_by")
        verdicts = {linked[choice]} if choice else set(linked.values())
        if False not in verdicts:
            return []
        told = f"a refusal, as disposition code {code} is not linked to the campaign (X2)"
        return [(True not in verdicts, [self._refused("disposition_code_not_linked", told)])]

    def _meant(self, campaign: KeptCampaign, contact_id: int, field: CustomField | None) -> list[list[KeptContact]]:
        """The contacts that are meant by an id, or by a custom field where one is given (X1, T1).

        One list for each way it may be: a list without contacts where perhaps none is.
        """
        if field is not None:
            return [self._with_field(campaign, field)]
        return [[] if one is None else [one] for one in self.memory.with_id(campaign, contact_id)]

    def _with_field(self, campaign: KeptCampaign, field: CustomField) -> list[KeptContact]:
        return [one for one in self.memory.in_order(campaign) if one.has_field(field.name, field.text)]

    def _meant_grounds(self, campaign_id: int, field: CustomField | None) -> list[Ground]:
        campaign = self.memory.campaigns.get(campaign_id)
        return [] if field is None or campaign is None else [self._field_ground(campaign, field.name)]

    def _no_contact(self, nothing: Outcomes) -> Outcomes:
        """What becomes of a call for a contact that the campaign has not got (X1, T1)."""
        refused = self._refused("unknown_contact", "a refusal, as the campaign has no such contact (X1, T1)")
        return self._by_choice("unknown_contact", {"fault": [refused], "empty": nothing})

    # --- finding ----------------------------------------------------------------------------------------------------

    def _get_id_by_phone(
        self, phone_number: PhoneNumber | None = None, campaign_id: int = 0, session_key: str | None = None
    ) -> Outcomes:
        nobody = Expectation("-1 (N1)", is_number(_NOBODY))

        def first(session: KeptSession) -> Outcomes:
            ground = self._campaign_ground(campaign_id, lambda known: [nobody])
            return self._unless([ground], found)

        def found() -> Outcomes:
            lists = self.memory.with_phone(self.memory.campaigns[campaign_id], phone_number or PhoneNumber())
            return [self._id_of(rows[0]) if rows else nobody for rows in lists]

        return self._in_session(session_key, first)

    def _id_of(self, contact: KeptContact) -> Expectation:
        told = "the id of the contact just appended" if contact.contact_id is None else str(contact.contact_id)
        return Expectation(
            f"{told} (N1 to N3)",
            number(lambda value: self.memory.fits_id(contact, value)),
            learn=lambda answer: self.memory.learn_id(contact, answer.value),
        )

    def _find_by_phone(
        self,
        contact_status: Status | None = None,
        campaign_id: int = 0,
        phone_number: PhoneNumber | None = None,
        session_key: str | None = None,
    ) -> Outcomes:
        asked = phone_number or PhoneNumber()

        def find(session: KeptSession) -> Outcomes:
            grounds = [self._campaign_ground(campaign_id, lambda known: [self._no_contacts()])]
            if not (asked.phone_no or "").strip():
                refused = self._refused("phone_number_required", "a refusal, as PhoneNo must not be empty (F2)")
                grounds.append((not asked.phone_no, [refused]))

            def found() -> Outcomes:
                campaign = self.memory.campaigns[campaign_id]
                lists = self.memory.with_phone(campaign, asked)
                return [one for rows in lists for one in self._narrowed(campaign, rows, contact_status, "F1")]

            return self._unless(grounds, found)

        return self._in_session(session_key, find)

    def _find_by_field(
        self,
        contact_status: Status | None = None,
        campaign_id: int = 0,
        custom_field: CustomField | None = None,
        session_key: str | None = None,
    ) -> Outcomes:
        asked = custom_field or CustomField()

        def find(session: KeptSession) -> Outcomes:
            ground = self._campaign_ground(campaign_id, lambda known: [self._no_contacts()])

            def found() -> Outcomes:
                campaign = self.memory.campaigns[campaign_id]
                return self._narrowed(campaign, self._with_field(campaign, asked), contact_status, "F4")

            return self._unless([ground, *self._meant_grounds(campaign_id, asked)], found)

        return self._in_session(session_key, find)

    def _narrowed(
        self, campaign: KeptCampaign, rows: Iterable[KeptContact], wanted: Status | None, rule: str
    ) -> Outcomes:
        """The contacts of one status, or all where none is named (F3), as many as Find shows at most."""
        rows = list(rows)
        narrow = self._statuses_named(wanted)
        cap = self._choices.get("find_cap")
        enough = len(rows) + 1 if cap == 0 else cap or 1
        outcomes = []
        for names in narrow:
            due = [Due(one, not one.statuses <= names) for one in rows if one.statuses & names]
            told = f"the {len(due)} contacts that have it ({rule}, F3)"
            shown = self._contacts_shown(told, campaign, due, enough, names)
            outcomes.append(shown)
        if narrow and wanted is not None and (wanted.name or wanted.id) and not self._is_status(wanted):
            narrow = []
        if not narrow:
            refused = self._refused("unknown_status_filter", "a refusal of the contact status (F3)")
            outcomes += self._by_choice("unknown_status_filter", {"fault": [refused], "empty": [self._no_contacts()]})
        return outcomes

    def _statuses_named(self, wanted: Status | None) -> list[frozenset[str]]:
        """The statuses that a filter may mean: one set for each way; none where it names no status."""
        if wanted is None or not (wanted.name or wanted.id):
            return [ANY_STATUS]
        if wanted.name:
            return [frozenset({one}) for one in ANY_STATUS if one.lower() == wanted.name.lower()]
        known = {one: self.memory.status_id("contact", one) for one in ANY_STATUS}
        return [frozenset({one}) for one, number in known.items() if number in (wanted.id, None)]

    def _is_status(self, wanted: Status) -> bool:
        """Whether a filter surely names a status: by a name that the papers have, or by a number that is known."""
        if wanted.name:
            return True
        return any(self.memory.status_id("contact", one) == wanted.id for one in ANY_STATUS)
