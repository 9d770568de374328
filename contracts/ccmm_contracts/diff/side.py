"""One of the two servers: what the kit knows of it, and what the roles of a call mean there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from ..domain import Contact, CustomField, PhoneNumber, User
from ..exchange import Exchange
from ..finding import FindingWriter
from ..generate import WRONG_KEYS
from ..report import Contract, Finding
from ..run import ServerRun
from ..stage import Stage
from ..steps import SMALL, world
from ..target import Target
from ..trial import Failure

LIVE = "live"
FORMER = "former"
UNKNOWN_CAMPAIGN = 987654
_DATES = {"date_created": "2029-11-05T08:15:30", "start_date_time": "2029-12-24T18:00:00"}
_UNKNOWN_CONTACT = 1 << 40


@dataclass(frozen=True, slots=True)
class Person:
    """The name of the user at a place; ``spelled`` says how it is written: as it is, or ``upper``."""

    place: int
    spelled: str = ""


@dataclass(frozen=True, slots=True)
class Password:
    """The password of the user at a place; ``wrong`` is what is put behind it."""

    place: int
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """A session key of the user at a place: ``live``, ``former``, or a way of :data:`WRONG_KEYS` to get it wrong."""

    place: int
    kind: str = LIVE


@dataclass(frozen=True, slots=True)
class CampaignAt:
    """The id of the campaign at a place; of a place that there is not, an id that no campaign has."""

    place: int


@dataclass(frozen=True, slots=True)
class ContactAt:
    """The id of a contact by order of appearance, with something added; ``appended`` counts those of the run alone."""

    place: int
    plus: int = 0
    appended: bool = False


@dataclass(frozen=True, slots=True)
class NumberOf:
    """The phone number of the contact at a place."""

    place: int


@dataclass(frozen=True, slots=True)
class FieldOf:
    """The first custom field of the contact at a place; ``part`` is ``name``, ``text`` or nothing for all of it."""

    place: int
    part: str = ""


class Side:
    """One server with its stage. ``name`` is A or B; ``users`` are those who log in, by their place."""

    def __init__(self, name: str, target: Target) -> None:
        self.name = name
        self.target = target
        self.run = ServerRun(target)
        self.stage: Stage = self.run.stage
        self.users: list[User | None] = [self.stage.user, self.stage.second_user, self.stage.base_user]
        self.campaigns: list[int] = []
        self.contacts: dict[int, int] = {}
        self.appended: list[int] = []
        self.first_contacts: list[Contact] = []
        """The first contacts of the first campaign, of a server that is no mock."""
        self._logged_in: set[int] = set()
        self._keys: dict[int, list[str]] = {}
        self._seen: dict[int, Contact] = {}
        self._homes: dict[int, int] = {}
        self._profile: Mapping[str, Any] = {}

    # --- an example -------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Start an example: a mock is filled, any other server is as it is, with nobody of the kit's logged in."""
        stage = self.stage
        self.contacts, self._keys, self._seen = {}, {}, {}
        self._logged_in.clear()
        if stage.mock is not None:
            self._fill()
        else:
            self._read()
        stage.steps.clear()
        self.target.caller.forget()

    def _fill(self) -> None:
        stage = self.stage
        if stage.world is None:
            stage.begin()
        self._profile = stage.world.profile if stage.world else {}
        filled = world(SMALL, tuple(one for one in self.users if one is not None), self._profile)
        dated = tuple(replace(one, details={**one.details, **_DATES}) for one in filled.campaigns)
        filled = replace(filled, campaigns=dated)
        stage.become(filled)
        self.campaigns = [one.campaign_id for one in filled.campaigns]
        ids = filled.contact_ids()
        for one in filled.campaigns:
            for number, kept in zip(ids[one.campaign_id], one.contacts, strict=True):
                self._homes[number] = one.campaign_id
                self.learn([replace(kept.contact, contact_id=number)])

    def _read(self) -> None:
        stage = self.stage
        first = stage.target.options.campaign
        if not self.campaigns:
            shown = [one.campaign_id for one in stage.campaigns()]
            self.campaigns = shown if first is None else [first, *(one for one in shown if one != first)]
            self.first_contacts = stage.some_contacts(self.campaigns[0]) if self.campaigns else []
        self.learn(self.first_contacts)
        self.end()

    def end(self) -> None:
        """Log off everybody whom an example has logged in on a server that is not filled anew."""
        if self.stage.mock is None:
            for user in self.users:
                if user is not None and user.name in self.target.caller.open_users():
                    self.stage.log_off(user)

    def learn(self, contacts: list[Contact]) -> None:
        """Remember contacts that were seen, in the order in which they appeared."""
        for one in contacts:
            self.contacts.setdefault(one.contact_id, len(self.contacts) + 1)
            self._seen[one.contact_id] = one

    def learn_key(self, place: int, key: str) -> None:
        """Remember the key that a log-in gave."""
        self._keys.setdefault(place, []).append(key)
        self._logged_in.add(place)

    def learn_log_off(self, place: int) -> None:
        """Remember that a user was logged off."""
        self._logged_in.discard(place)

    def is_logged_in(self, place: int) -> bool:
        """Whether the user at a place has a session, as far as the calls of this example tell."""
        return place in self._logged_in

    def learn_roles(self, roles: Mapping[int, int]) -> None:
        """Remember the order of appearance of ids that an answer showed."""
        self.contacts = dict(roles)

    # --- what roles mean here ---------------------------------------------------------------------------------------

    def resolved(self, value: Any, known: int) -> Any:
        """An argument as this server is sent it; ``known`` is how many contacts both sides know."""
        if isinstance(value, (Person, Password)):
            return self._of_user(value)
        if isinstance(value, Key):
            return self._key(value)
        if isinstance(value, CampaignAt):
            return self.campaign(value.place)
        if isinstance(value, ContactAt):
            return self._contact(value, known)
        if isinstance(value, (NumberOf, FieldOf)):
            return self._of_contact(value, known)
        return value

    def with_skillset(self, contact: Contact) -> Contact:
        """The contact with a skillset that the campaign to work in takes."""
        return replace(contact, skillset_id=self.stage.skillset_id)

    def user(self, place: int) -> User:
        """The user at a place; the first one where there is none."""
        return self.users[place] or self.stage.user

    def campaign(self, place: int) -> int:
        """The id of the campaign at a place."""
        return self.campaigns[place] if 0 <= place < len(self.campaigns) else UNKNOWN_CAMPAIGN

    def home(self, place: int, known: int) -> tuple[int, int] | None:
        """The campaign and the id of the contact at a place, where both are known."""
        number = self._contact(ContactAt(place), known)
        return (self._homes[number], number) if number in self._homes else None

    def _of_user(self, value: Person | Password) -> str:
        user = self.user(value.place)
        if isinstance(value, Password):
            return user.password + value.wrong
        return user.name.upper() if value.spelled == "upper" else user.name

    def _key(self, value: Key) -> str | None:
        keys = self._keys.get(value.place, [])
        if value.kind == FORMER:
            return keys[-2] if len(keys) > 1 else "0000000000__nobody"
        newest = keys[-1] if keys else f"0000000000__{self.user(value.place).name}"
        return newest if value.kind == LIVE else WRONG_KEYS[value.kind](newest)

    def _contact(self, value: ContactAt, known: int) -> int:
        ids = self.appended if value.appended else list(self.contacts)
        count = len(ids) if value.appended else min(known, len(ids))
        return ids[value.place % count] + value.plus if count else _UNKNOWN_CONTACT

    def _of_contact(self, value: NumberOf | FieldOf, known: int) -> Any:
        contact = self._seen.get(self._contact(ContactAt(value.place), known), Contact())
        if isinstance(value, NumberOf):
            number = contact.phone_number
            return number if number and number.phone_no else PhoneNumber(None, None, "5550199")
        fields = contact.custom_fields or (CustomField("Account", "none such"),)
        return {"name": fields[0].name, "text": fields[0].text}.get(value.part, fields[0])

    # --- what it says -----------------------------------------------------------------------------------------------

    def last_exchange(self) -> Exchange:
        """What the newest call was, on the wire."""
        return self.target.caller.exchanges[-1]

    def by_role(self, text: str, exchange: Exchange) -> str:
        """A text of an answer with roles for what is this server's own: keys, its address, its users, the run.

        For comparing only: what is shown goes through the secrets of the whole run besides.
        """
        sent = exchange.arguments.get("session_key")
        keys = [(key, f"<key of user {at + 1}>") for at, all_of_it in self._keys.items() for key in all_of_it]
        for key, role in [*keys, (sent, "<key sent>")]:
            text = text.replace(key, role) if isinstance(key, str) and len(key) > 2 else text
        return self._without_names(text)

    def masked(self, text: str) -> str:
        """A text without secrets, and with roles for what is this server's own."""
        return self._without_names(self.stage.masked(text))

    def _without_names(self, text: str) -> str:
        text = text.replace(self.stage.mark, "<mark>").replace(self.target.run_id, "<run>")
        for place, user in enumerate(self.users):
            if user is not None and len(user.name) > 2:
                text = text.replace(user.name, f"<user {place + 1}>")
        return text.replace(self.target.base, "<server>").replace(urlsplit(self.target.base).netloc, "<host>")

    def finding(self, contract: Contract, failure: Failure) -> Finding:
        """What this side has to show of a difference."""
        control = self.target.mock.control_url if self.target.mock else None
        writer = FindingWriter(None, self.target.caller.secrets, base=self.target.base, control=control)
        return writer.finding(contract, failure)
