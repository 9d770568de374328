"""What the kit's oracle remembers of a server, and what follows from it: who is logged in, what time it is, which
contacts there are, and which call came how soon behind another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from ..domain import Campaign, Contact, PhoneNumber, Status, User
from ..generate import as_appended, as_received
from ..plain import typed
from ..worlds import World, WorldCampaign
from .kept import ANY_STATUS, KeptCampaign, KeptContact, KeptSession, LimitedCall

SECOND = 1_000_000
MINUTE = 60 * SECOND
_FAR = 1_000_000
"""No id is given out that is so much greater than the greatest that was seen."""


class Memory:
    """A server's state as far as it is known. Time is in microseconds and only goes on by :meth:`advance`.

    ``is_settled`` is whether nobody else is at work on the server: on a mock, contacts change only when the kit has
    them changed. ``skillset_ids`` is None where it is not known which there are.
    """

    def __init__(self, users: Iterable[User], choices: Mapping[str, Any], *, is_settled: bool) -> None:
        self.users = tuple(users)
        self.choices = choices
        self.is_settled = is_settled
        self.now = 0
        self.campaigns: dict[int, KeptCampaign] = {}
        self.contacts: list[KeptContact] = []
        self.appended: list[KeptContact] = []
        self.sessions: dict[str, KeptSession] = {}
        self.keys_seen: set[str] = set()
        self.skillset_ids: frozenset[int] | None = None
        self.status_ids: dict[tuple[str, str], int] = {}
        self.greatest_id = 0
        self._by_id: dict[int, KeptContact] = {}
        self._limited: list[LimitedCall] = []

    # --- from a world, or from what was read -----------------------------------------------------------------------

    def fill(self, world: World) -> None:
        """Remember what a mock was filled with."""
        self.skillset_ids = frozenset(one.skillset_id for one in world.skillsets)
        ids, looks = world.contact_ids(), _looks_of(world)
        for one in world.campaigns:
            seen, compared = _seen(one)
            campaign = self.campaigns[one.campaign_id] = KeptCampaign(
                seen, compared, one.status, one.custom_field_names, []
            )
            rows = zip(ids[one.campaign_id], one.contacts, looks[one.campaign_id], strict=True)
            for contact_id, each, look in rows:
                self.keep(campaign, KeptContact(one.campaign_id, (look,), frozenset({each.status})), contact_id)

    def fill_from(self, campaigns: Iterable[Campaign], contacts: Mapping[int, Sequence[Contact]]) -> None:
        """Remember what was read from a server that is no mock."""
        compared = ("name", "skillset", "disposition_codes")
        for one in campaigns:
            there = contacts.get(one.campaign_id, ())
            found = (each.name for contact in there for each in contact.custom_fields or () if each.name)
            status = (one.status.name if one.status else None) or ""
            campaign = self.campaigns[one.campaign_id] = KeptCampaign(
                one, compared, status, tuple(dict.fromkeys(found)) or None, []
            )
            for contact in there:
                self.keep(campaign, KeptContact(one.campaign_id, (_bare(contact),), ANY_STATUS), contact.contact_id)

    def keep(self, campaign: KeptCampaign, contact: KeptContact, contact_id: int | None = None) -> None:
        """Remember one more contact."""
        self.contacts.append(contact)
        campaign.contacts.append(contact)
        if contact_id is not None:
            self.learn_id(contact, contact_id)

    def add(self, campaign: KeptCampaign, sent: Contact) -> None:
        """Remember a contact that was just appended; nobody has told its id."""
        looks = tuple(dict.fromkeys(self._looks(campaign, sent)))
        contact = KeptContact(
            campaign.seen.campaign_id,
            looks,
            frozenset({"New"}) if self.is_settled else ANY_STATUS,
            is_exact=self.is_settled,
            after=self.greatest_id,
            number=len(self.appended),
        )
        self.appended.append(contact)
        self.keep(campaign, contact)

    def _looks(self, campaign: KeptCampaign, sent: Contact) -> Iterable[Contact]:
        """Everything that an appended contact may come back as."""
        choice = self.choices.get("append_campaign_name")
        alternatives: dict[str, tuple[str | None, ...]] = {"as-sent": (None,), "campaign": (campaign.seen.name,)}
        names = alternatives.get(choice or "", (None, campaign.seen.name))
        fields = sent.custom_fields
        known = campaign.custom_field_names
        for name in names:
            yield as_appended(sent, contact_id=0, custom_field_names=known, campaign_name=name)
            if fields and len({one.name for one in fields}) < len(fields):
                # Of a doubled name no paper says which counts: the last, or the first.
                turned = replace(sent, custom_fields=fields[::-1])
                yield as_appended(turned, contact_id=0, custom_field_names=known, campaign_name=name)

    # --- contacts and their ids -------------------------------------------------------------------------------------

    def learn_id(self, contact: KeptContact, contact_id: int) -> None:
        """A contact's id was seen."""
        contact.contact_id = contact_id
        self._by_id[contact_id] = contact
        self.greatest_id = max(self.greatest_id, contact_id)

    def adopt(self, campaign: KeptCampaign, contact: Contact) -> None:
        """Somebody else has added a contact to a server that is no mock."""
        self.keep(campaign, KeptContact(campaign.seen.campaign_id, (_bare(contact),), ANY_STATUS), contact.contact_id)

    def knows_id(self, contact_id: int) -> bool:
        """Whether a contact is known to have this id."""
        return contact_id in self._by_id

    def bounds(self, contact: KeptContact) -> tuple[int, int]:
        """The least and the greatest id that a contact may have: its own, where it is known (rule A5)."""
        if contact.contact_id is not None:
            return contact.contact_id, contact.contact_id
        before = (one.contact_id for one in self.appended[: contact.number])
        behind = (one.contact_id for one in self.appended[contact.number + 1 :])
        least = max((one for one in before if one is not None), default=0)
        most = min((one for one in behind if one is not None), default=self.greatest_id + _FAR)
        return max(least, contact.after) + 1, most - 1

    def fits_id(self, contact: KeptContact, contact_id: int) -> bool:
        """Whether a contact may have this id."""
        if contact.contact_id is not None:
            return contact.contact_id == contact_id
        least, most = self.bounds(contact)
        return least <= contact_id <= most and contact_id not in self._by_id

    def with_id(self, campaign: KeptCampaign, contact_id: int) -> list[KeptContact | None]:
        """The contacts of the campaign that may have this id, and None where perhaps none of them has it."""
        known = self._by_id.get(contact_id)
        if known is not None:
            return [known if known.campaign_id == campaign.seen.campaign_id else None]
        unseen = [one for one in campaign.contacts if one.contact_id is None]
        return [None, *(one for one in unseen if self.fits_id(one, contact_id))]

    def in_order(self, campaign: KeptCampaign) -> list[KeptContact]:
        """The campaign's contacts as their ids ascend."""
        if self.is_settled:
            return campaign.contacts
        return sorted(campaign.contacts, key=self.bounds)

    def with_phone(self, campaign: KeptCampaign, number: PhoneNumber) -> list[list[KeptContact]]:
        """The contacts that have the number (rule N3), once for every way in which blank parts may be meant."""
        choice = self.choices.get("blank_phone_part")
        ways = [_PHONE_WAYS[choice]] if choice else list(_PHONE_WAYS.values())
        asked = as_received(number)
        lists = [
            [one for one in self.in_order(campaign) if way(asked, one.looks[0].phone_number or PhoneNumber())]
            for way in ways
        ]
        return [one for at, one in enumerate(lists) if one not in lists[:at]]

    # --- sessions ---------------------------------------------------------------------------------------------------

    def session_of(self, key: str | None) -> KeptSession | None:
        """The session that has this key, live or expired."""
        return next((one for one in self.sessions.values() if one.key == key), None)

    def has_expired(self, session: KeptSession) -> bool | None:
        """Whether a session was idle for too long (rule S8), None where it may be so."""
        if session.was_ended:
            return True
        minutes = self.choices.get("session_timeout")
        least, most = self.now - session.perhaps_used, self.now - session.used
        if minutes is None:
            return None if most > 0 else False
        limit = minutes * MINUTE
        if not limit or most < limit:
            return False
        return True if least > limit else None

    def use(self, session: KeptSession, *, surely: bool) -> None:
        """The session was used just now, or perhaps was."""
        session.perhaps_used = self.now
        if surely:
            session.used = self.now

    # --- time and limits --------------------------------------------------------------------------------------------

    def advance(self, seconds: float) -> None:
        """Time goes on."""
        self.now += round(seconds * SECOND)

    def note_limited(self, operation: str, session: KeptSession, carried_out: bool | None) -> None:
        """A limited operation was called just now."""
        self._limited.append(LimitedCall(self.now, operation, session.key, session.user, carried_out))

    def too_soon(self, operation: str, session: KeptSession) -> bool | None:
        """Whether a call now comes within the limit of an earlier one (rules A4 and X5), None where it may be so."""
        verdicts = [self._is_limited_by(one, operation, session) for one in self._recent()]
        return True if True in verdicts else None if None in verdicts else False

    def _limit(self) -> int:
        seconds = self.choices.get("limit_seconds")
        return round((1.0 if seconds is None else seconds) * SECOND)

    def _recent(self) -> list[LimitedCall]:
        self._limited = [one for one in self._limited if self.now - one.at < self._limit()]
        return self._limited

    def _is_limited_by(self, earlier: LimitedCall, operation: str, session: KeptSession) -> bool | None:
        shared, scope, counts = (self.choices.get(f"limit_{one}") for one in ("shared", "scope", "counts_refused"))
        same_scope = {
            "session": earlier.key == session.key,
            "user": earlier.user == session.user,
            "server": True,
            None: True if earlier.key == session.key else None,
        }[scope]
        same_operation = True if shared or earlier.operation == operation else None if shared is None else False
        counted = True if earlier.carried_out or counts else earlier.carried_out if counts is not None else None
        verdicts = (same_scope, same_operation, counted)
        return False if False in verdicts else None if None in verdicts else True

    # --- the numbers of statuses ------------------------------------------------------------------------------------

    def status_problem(self, kind: str, status: Status | None, names: Iterable[str]) -> str:
        """What is wrong with the status of a ``campaign`` or ``contact`` that has to have one of these names."""
        wanted = sorted(names)
        if status is None or status.name not in wanted:
            name = None if status is None else status.name
            return f"its status is {name!r}, not {' or '.join(wanted)}"
        due = self.status_id(kind, status.name)
        if due is None:
            due = self.status_ids.get((kind, status.name))
        return "" if due in (None, status.id) else f"the number of its status {status.name} is {status.id}, not {due}"

    def status_id(self, kind: str, name: str) -> int | None:
        """The number of a status where the choices tell it."""
        number: int | None = self.choices.get(f"{kind}_status_id_{name.lower()}")
        return number

    def learn_status_id(self, kind: str, status: Status | None) -> None:
        """The number of a status was seen; it stays the same from now on."""
        if status is not None and status.name is not None:
            self.status_ids.setdefault((kind, status.name), status.id)


@lru_cache(maxsize=8)
def _looks_of(world: World) -> dict[int, tuple[Contact, ...]]:
    """How the contacts of each campaign come back; many oracles begin with the same world."""
    return {
        one.campaign_id: tuple(as_received(_bare(each.contact)) for each in one.contacts) for one in world.campaigns
    }


def _bare(contact: Contact) -> Contact:
    return replace(contact, contact_id=0)


def _seen(world: WorldCampaign) -> tuple[Campaign, tuple[str, ...]]:
    """What GetCampaigns shows of a world's campaign, and the names of the fields that the world says."""
    details = {name: one for name, one in world.details.items() if name in Campaign.__dataclass_fields__}
    dates = {"date_created", "start_date_time"}  # in a form that is one of the open choices
    seen = typed(Campaign, {"campaign_id": world.campaign_id, "name": world.name, **details})
    seen = replace(seen, skillset=world.skillset, disposition_codes=world.disposition_codes)
    return seen, ("name", "skillset", "disposition_codes", *(one for one in details if one not in dates))


def _blank(part: str | None) -> bool:
    return not part or part.isspace()


def _filled(number: PhoneNumber) -> tuple[str, str, str]:
    parts = (number.int_code, number.area_code, number.phone_no)
    first, second, third = ("" if _blank(one) else one or "" for one in parts)
    return first, second, third


def _exactly(asked: PhoneNumber, had: PhoneNumber) -> bool:
    return _filled(asked) == _filled(had)


def _where_not_blank(asked: PhoneNumber, had: PhoneNumber) -> bool:
    pairs = zip(_filled(asked), (had.int_code, had.area_code, had.phone_no), strict=True)
    return all(not one or one == other for one, other in pairs)


def _to_the_letter(asked: PhoneNumber, had: PhoneNumber) -> bool:
    """With a blank being another text than an empty one."""
    parts = ("int_code", "area_code", "phone_no")
    return all((getattr(asked, one) or "") == (getattr(had, one) or "") for one in parts)


_PHONE_WAYS = {"exact": _exactly, "any": _where_not_blank, "to the letter": _to_the_letter}
