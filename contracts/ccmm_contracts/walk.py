"""A walk: steps on a server and on the kit's oracle together, each judged at once.

A step is plain data, ``{"step": "close", "by": {"contact": 3}, ...}``, so that a walk can be written to a file and
played again. People and contacts are told by their place: ``{"contact": 3}`` is the fourth contact of all, first those
of the world and then those that were appended; ``{"appended": 0}`` is the first one that the walk appended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .answer import Answer, Returned
from .domain import Contact, CustomField, PhoneNumber, Status, User
from .generate import WRONG_KEYS
from .judged import DoesNotFit, JudgedCalls, WalkBroken, shown
from .plain import tagged, untagged

__all__ = ["FORMER", "LIVE", "PRESENT", "WRONG_LOGINS", "Walk", "WalkBroken"]

LIVE = "live"
"""A key that works: the user logs in first where that is needed."""
PRESENT = "present"
"""The key that the user got last, whatever has become of the session."""
FORMER = "former"
"""A key of the user that a log-off has destroyed."""

WRONG_LOGINS: dict[str, Callable[[str, str], tuple[str | None, str | None]]] = {
    "password missing": lambda name, password: (name, None),
    "password empty": lambda name, password: (name, ""),
    "password in the other letter case": lambda name, password: (name, password.swapcase()),
    "password with a blank behind": lambda name, password: (name, password + " "),
    "password cut": lambda name, password: (name, password[:-1]),
    "name missing": lambda name, password: (None, password),
    "name of nobody": lambda name, password: (name + "-nobody", password),
}
"""Ways to get a log-in wrong (rule S2)."""

_MOST_PAGES = 1000
_UNSEEN_KEY = "0000000000__"


class Walk(JudgedCalls):
    """Steps on a stage, judged by an oracle of the same server; ``world`` is the name of what the server holds.

    ``steps`` is what was done, for :meth:`play`; ``story`` tells it. A patient walk never calls within the
    once-a-second limits; it is patient where it is not known that such a call is answered at once.
    """

    # --- playing ----------------------------------------------------------------------------------------------------

    def play(self, steps: Iterable[Mapping[str, Any]], *, wrap: bool = False) -> None:
        """Do these steps; one whose references have nothing behind them is left out.

        With ``wrap`` the places of people and contacts count on from the first where there are no more. Raises
        WalkBroken at the first difference, ValueError for a step that there is not.
        """
        for step in steps:
            self.take(step, wrap=wrap)

    def take(self, step: Mapping[str, Any], *, wrap: bool = False) -> bool:
        """Do one step; whether it was done, and not left out. As :meth:`play`."""
        arguments = {name: untagged(one) for name, one in step.items()}
        method = _STEPS.get(arguments.pop("step", ""))
        if method is None:
            raise ValueError(f"there is no step {step.get('step')!r}; there are {', '.join(_STEPS)}")
        if wrap:
            arguments = {name: self._wrapped(one) for name, one in arguments.items()}
        told = {"step": step["step"], **{name: tagged(one) for name, one in arguments.items()}}
        self.steps.append(told)
        happened = len(self.story)
        try:
            method(self, **arguments)
        except DoesNotFit:
            if len(self.story) == happened:  # else part of it was done, and has to be done when it is played again
                self.steps.pop()
            return False
        return True

    def _wrapped(self, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        memory = self.oracle.memory
        ends = {"user": len(self._users), "contact": len(memory.contacts), "appended": len(memory.appended)}
        return {name: one % ends[name] if ends.get(name) else one for name, one in value.items()}

    # --- sessions ---------------------------------------------------------------------------------------------------

    def log_in(self, who: Mapping[str, int], wrong: str | None = None, soap: str = "1.1") -> None:
        """A user logs in, rightly or in one of the ways of ``WRONG_LOGINS``."""
        user = self.user(who)
        name, password = (user.name, user.password) if wrong is None else WRONG_LOGINS[wrong](user.name, user.password)
        told = f"{user.name} logs in" + (f", {wrong}" if wrong else "")
        answer = self.call(told, "OutboundLogin", soap, username=name, password=password)
        if isinstance(answer, Returned) and isinstance(answer.value, str):
            self._keys.setdefault(user.name, []).append(answer.value)

    def log_off(self, who: Mapping[str, int], soap: str = "1.1", look: bool = False) -> None:
        """A user logs off, whether or not he is logged in; with ``look`` his key is then tried once more."""
        user = self.user(who)
        key = self.oracle.key_of(user)
        answer = self.call(f"{user.name} logs off", "OutboundLogoff", soap, username=user.name)
        if look and key is not None and isinstance(answer, Returned):
            self.get_campaigns({**who, "key": FORMER}, soap)

    # --- reading ----------------------------------------------------------------------------------------------------

    def get_campaigns(self, key: Mapping[str, Any], soap: str = "1.1") -> None:
        """GetCampaigns."""
        self._call_with(key, "GetCampaigns", soap)

    def get_page(
        self, campaign_id: int, after: int | Mapping[str, int], key: Mapping[str, Any], soap: str = "1.1"
    ) -> None:
        """One page of contacts, behind an id or a contact."""
        last = after if isinstance(after, int) else self.id(self.contact(after)) + after.get("plus", 0)
        self._call_with(key, "Get200CampaignContacts", soap, campaign_id=campaign_id, last_contact_id=last)

    def get_pages(self, campaign_id: int, key: Mapping[str, Any], soap: str = "1.1") -> None:
        """Every page of a campaign."""
        last = 0
        for _ in range(_MOST_PAGES):
            answer = self._call_with(key, "Get200CampaignContacts", soap, campaign_id=campaign_id, last_contact_id=last)
            if not isinstance(answer, Returned) or not answer.value:
                return
            last = answer.value[-1].contact_id

    def get_status(
        self,
        by: Mapping[str, Any] | CustomField,
        key: Mapping[str, Any],
        campaign_id: int | None = None,
        soap: str = "1.1",
    ) -> None:
        """GetContactStatus, by a contact's id (``{"contact": 3}``, or any ``{"id": 99}``) or by a custom field."""
        where, contact_id, field = self._meant(by, campaign_id)
        self._call_with(
            key,
            "GetContactStatus",
            soap,
            contact_id=contact_id,
            campaign_id=where,
            custom_field_name=field.name if field else "not asked for",
            custom_field_value=field.text if field else None,
            custom_field_passed=field is not None,
        )

    def get_id_by_phone(
        self, campaign_id: int, number: PhoneNumber | Mapping[str, int], key: Mapping[str, Any], soap: str = "1.1"
    ) -> None:
        """GetContactIDByPhoneNumber, by a number or by that of a contact."""
        asked = self.number(number)
        self._call_with(key, "GetContactIDByPhoneNumber", soap, phone_number=asked, campaign_id=campaign_id)

    def find_by_phone(
        self,
        campaign_id: int,
        number: PhoneNumber | Mapping[str, int],
        key: Mapping[str, Any],
        status: Status | None = None,
        soap: str = "1.1",
    ) -> None:
        """FindContactsByPhoneNumber, by a number or by that of a contact."""
        asked = self.number(number)
        self._call_with(
            key,
            "FindContactsByPhoneNumber",
            soap,
            contact_status=status,
            campaign_id=campaign_id,
            phone_number=asked,
        )

    def find_by_field(
        self,
        campaign_id: int,
        field: CustomField | Mapping[str, int],
        key: Mapping[str, Any],
        status: Status | None = None,
        soap: str = "1.1",
    ) -> None:
        """FindContactsByCustomField, by a custom field or by the first one of a contact."""
        asked = field if isinstance(field, CustomField) else self.first_field(self.contact(field))
        self._call_with(
            key, "FindContactsByCustomField", soap, contact_status=status, campaign_id=campaign_id, custom_field=asked
        )

    # --- writing ----------------------------------------------------------------------------------------------------

    def append(
        self,
        campaign_id: int,
        contact: Contact | Mapping[str, int],
        key: Mapping[str, Any],
        soap: str = "1.1",
        at_once: bool = False,
        look: bool = False,
    ) -> None:
        """AppendContactsToCampaign, once the limit allows it or ``at_once``: a contact, or one like another.

        With ``look`` the campaign's counts and its last contacts are then read.
        """
        self._check_may_write(campaign_id)
        sent = self.stage.marked(contact if isinstance(contact, Contact) else self.contact(contact).looks[0])
        self.await_turn("AppendContactsToCampaign", at_once)
        answer = self._call_with(key, "AppendContactsToCampaign", soap, campaign_id=campaign_id, contact=sent)
        if look and answer == Returned(1):
            campaign = self.oracle.memory.campaigns[campaign_id]
            last = max((one.contact_id or 0 for one in campaign.contacts), default=0)
            self.get_campaigns(key, soap)
            self.get_page(campaign_id, last, key, soap)

    def close(
        self,
        by: Mapping[str, Any] | CustomField,
        key: Mapping[str, Any],
        campaign_id: int | None = None,
        closure_text: str | None = None,
        disposition_code: int = 0,
        disposition_code_specified: bool = False,
        soap: str = "1.1",
        at_once: bool = False,
        look: bool = False,
    ) -> None:
        """CloseContact, by a contact's id (``{"contact": 3}``, or any ``{"id": 99}``) or by a custom field.

        It is called once the limit allows it, or ``at_once``. With ``look`` the campaign's counts and the statuses of
        the contacts that were meant are then read.
        """
        where, contact_id, field = self._meant(by, campaign_id)
        self._check_may_write(where)
        if not self.stage.can_seed and (isinstance(by, CustomField) or "appended" not in by or field is not None):
            raise DoesNotFit
        self.await_turn("CloseContact", at_once)
        answer = self._call_with(
            key,
            "CloseContact",
            soap,
            campaign_id=where,
            contact_id=contact_id,
            custom_field_name=field.name if field else "not asked for",
            custom_field_value=field.text if field else None,
            custom_field_specified=field is not None,
            closure_text=closure_text,
            disposition_code=disposition_code,
            disposition_code_specified=disposition_code_specified,
        )
        campaign = self.oracle.memory.campaigns.get(where)
        if look and isinstance(answer, Returned) and campaign is not None:
            self.get_campaigns(key, soap)
            for one in campaign.contacts:
                meant = one.has_field(field.name, field.text) if field else one.contact_id == contact_id
                if meant and one.contact_id is not None:
                    self.get_status({"id": one.contact_id}, key, where, soap)

    def _check_may_write(self, campaign_id: int) -> None:
        """A server that is no mock is written to in one campaign, if at all, and of its contacts none is touched."""
        allowed = self.stage.can_seed or (self.stage.can_write and campaign_id == self.stage.campaign_id)
        if not allowed:
            raise DoesNotFit

    def end(self) -> None:
        """Log off whoever is logged in; for servers that are no mocks."""
        for name in list(self.oracle.memory.sessions):
            self.stage.call("OutboundLogoff", username=name)

    # --- what only happens on mocks ---------------------------------------------------------------------------------

    def set_campaign_status(self, campaign_id: int, status: str) -> None:
        """A supervisor gives a campaign another status."""
        self.stage.set_campaign_status(campaign_id, status)
        self.oracle.set_campaign_status(campaign_id, status)
        self.story.append(f"(campaign {campaign_id} becomes {status})")

    def set_contact_status(self, contact: Mapping[str, int], status: str) -> None:
        """A dialler or an agent gives a contact another status."""
        kept = self.contact(contact)
        contact_id = self.id(kept)
        self.stage.set_contact_status(kept.campaign_id, contact_id, status)
        self.oracle.set_contact_status(kept, status)
        self.story.append(f"(contact {contact_id} becomes {status})")

    def expire(self, who: Mapping[str, int], look: bool = False) -> None:
        """A user's session expires; left out where there is none. With ``look`` its key is then tried."""
        user = self.user(who)
        if self.oracle.key_of(user) is None:
            raise DoesNotFit
        self.stage.expire(user)
        self.oracle.expire(user)
        self.story.append(f"(the session of {user.name} expires)")
        if look:
            self.get_campaigns({**who, "key": PRESENT})

    # --- calls ------------------------------------------------------------------------------------------------------

    def _call_with(self, key: Mapping[str, Any], operation: str, soap: str, **arguments: Any) -> Answer:
        text, told = self._key(key)
        told_of = ", ".join(f"{name} {shown(one)}" for name, one in arguments.items() if one not in (None, ""))
        return self.call(f"{told}: {operation}({told_of})", operation, soap, **arguments, session_key=text)

    # --- what is meant by a reference -------------------------------------------------------------------------------

    def _key(self, reference: Mapping[str, Any]) -> tuple[str | None, str]:
        """A session key, and whose it is in words."""
        user, kind = self.user(reference), reference["key"]
        if kind == LIVE:
            self._have_logged_in(reference, user)
        present = self.oracle.key_of(user)
        if kind in (LIVE, PRESENT):
            return present or _UNSEEN_KEY + user.name, user.name
        if kind == FORMER:
            former = [one for one in self._keys.get(user.name, ()) if one != present]
            if not former:
                raise DoesNotFit
            return former[-1], f"{user.name}, with a key that was destroyed"
        wrong = WRONG_KEYS[kind](present or _UNSEEN_KEY + user.name)
        return wrong, f"{user.name}, with a key {kind}"

    def _have_logged_in(self, reference: Mapping[str, Any], user: User) -> None:
        """Log in, off before, where the session is surely no good; base users stay out."""
        session = self.oracle.memory.sessions.get(user.name)
        if user.base_install or (session and not self.oracle.memory.has_expired(session)):
            return
        if session:
            self.log_off(reference)
        self.log_in(reference)

    def _meant(
        self, by: Mapping[str, Any] | CustomField, campaign_id: int | None
    ) -> tuple[int, int, CustomField | None]:
        """Campaign, contact id and custom field of a call by one of the two. The one that is not used is nonsense."""
        here = self.stage.campaign_id if campaign_id is None else campaign_id
        if isinstance(by, CustomField):
            return here, -7, by
        if "id" in by:
            return here, by["id"], None
        contact = self.contact(by)
        where = contact.campaign_id if campaign_id is None else campaign_id
        if by.get("field"):
            return where, -7, self.first_field(contact)
        return where, self.id(contact), None


_STEPS: dict[str, Callable[..., None]] = {
    one.__name__: one
    for one in (
        *(Walk.log_in, Walk.log_off, Walk.get_campaigns, Walk.get_page, Walk.get_pages, Walk.append, Walk.close),
        *(Walk.get_status, Walk.get_id_by_phone, Walk.find_by_phone, Walk.find_by_field),
        *(Walk.advance, Walk.set_campaign_status, Walk.set_contact_status, Walk.expire),
    )
}
