"""What the kit's oracle holds of a server: campaigns, contacts and sessions, with what is not known of them.

A contact may have one of several statuses, and an id that nobody has told yet. Lists of contacts that a server
shows are held against those that are due by :func:`assigned`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ..domain import CONTACT_STATUSES, Address, Campaign, Contact, CustomField, PhoneNumber
from ..generate import as_received

ANY_STATUS = frozenset(CONTACT_STATUSES)
CLOSED = "Closed"
IS_CLOSED = frozenset({CLOSED})


@dataclass(slots=True, eq=False)
class KeptContact:
    """A contact of the server, as it was sent. It has one of ``statuses``; ``contact_id`` is None until it is seen.

    ``looks`` is what may be shown of it, without the id. ``is_exact`` is whether that holds to the letter: a contact
    that was appended to a server that is no mock may come back with what is blank left out, or the other way round.
    ``after`` is the greatest id that was known when it was appended, ``number`` how many were appended before it.
    """

    campaign_id: int
    looks: tuple[Contact, ...]
    statuses: frozenset[str]
    contact_id: int | None = None
    is_exact: bool = True
    after: int = 0
    number: int = -1

    @property
    def may_be_open(self) -> bool:
        """Whether it is perhaps not closed."""
        return self.statuses != IS_CLOSED

    @property
    def is_open(self) -> bool:
        """Whether it is not closed, surely."""
        return CLOSED not in self.statuses

    def looks_like(self, shown: Contact) -> bool:
        """Whether ``shown`` may be this contact, whatever their ids."""
        bare = replace(shown, contact_id=0)
        return bare in self.looks or any(_alike(one, bare, exact=self.is_exact) for one in self.looks)

    def has_field(self, name: str | None, text: str | None) -> bool:
        """Whether its custom field of that name has that text; none is the same as empty."""
        wanted = as_received(name or ""), as_received(text or "")
        return any((one.name or "", one.text or "") == wanted for one in self.looks[0].custom_fields or ())


def _alike(due: Contact, shown: Contact, *, exact: bool) -> bool:
    """Whether two contacts are the same but for the order of their custom fields, and of a doubled one which counts.

    With ``exact`` False what is blank is the same as what is not there.
    """
    if not _same_fields(due.custom_fields, shown.custom_fields, exact=exact):
        return False
    due, shown = replace(due, custom_fields=None), replace(shown, custom_fields=None)
    return due == shown or (not exact and _without_blanks(due) == _without_blanks(shown))


def _same_fields(due: tuple[CustomField, ...] | None, shown: tuple[CustomField, ...] | None, *, exact: bool) -> bool:
    if due is None or shown is None:
        return due == shown or not (exact or due or shown)
    if exact:
        key = _field_key
        return sorted(due, key=key) == sorted(shown, key=key)
    filled = {(one.name, one.text) for one in due if one.text}
    return filled == {(one.name, one.text) for one in shown if one.text}


def _field_key(one: CustomField) -> tuple[str, str, bool]:
    return one.name or "", one.text or "", one.is_text_visible


def _without_blanks(contact: Contact) -> Contact:
    """The contact with None for every empty text, and for every object that is nothing but those."""
    address, number = contact.address, contact.phone_number
    if address is not None:
        lines = (address.line1, address.line2, address.line3, address.line4, address.line5)
        address = Address(*(one or None for one in (*lines, address.country, address.post_code)))
    if number is not None:
        number = PhoneNumber(number.int_code or None, number.area_code or None, number.phone_no or None)
    return replace(
        contact,
        address=None if address == Address() else address,
        phone_number=None if number == PhoneNumber() else number,
        campaign_name=contact.campaign_name or None,
        email_address=contact.email_address or None,
        first_name=contact.first_name or None,
        last_name=contact.last_name or None,
        title=contact.title or None,
    )


@dataclass(slots=True, eq=False)
class KeptCampaign:
    """A campaign of the server. ``custom_field_names`` is None where they are not known.

    ``seen`` is what GetCampaigns must show; ``compared`` are the names of its fields that are known.
    """

    seen: Campaign
    compared: tuple[str, ...]
    status: str
    custom_field_names: tuple[str, ...] | None
    contacts: list[KeptContact]
    most_closed: int | None = None

    @property
    def codes_by_id(self) -> frozenset[int]:
        """The ids of the disposition codes that are linked to it."""
        return frozenset(one.disposition_code_id for one in self.seen.disposition_codes or ())

    @property
    def codes_by_number(self) -> frozenset[int]:
        """The numbers of the disposition codes that are linked to it."""
        return frozenset(one.numeric_value for one in self.seen.disposition_codes or ())


@dataclass(slots=True, eq=False)
class KeptSession:
    """A session, live or expired. It was last used between two moments, in microseconds: it is not always known
    whether a call that was refused counts.
    """

    key: str
    user: str
    used: int
    perhaps_used: int
    was_ended: bool = False


@dataclass(frozen=True, slots=True)
class LimitedCall:
    """A call of an operation that is limited to one a second; whether it was carried out may not be known (None)."""

    at: int
    operation: str
    key: str
    user: str
    carried_out: bool | None


@dataclass(frozen=True, slots=True)
class Due:
    """A contact that is to be shown; ``is_optional`` where it perhaps is not."""

    contact: KeptContact
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Assigned:
    """Which contact each one that was shown is; ``contacts`` is None where it could be several, ``problem`` says why
    the list is none that was due.
    """

    contacts: tuple[KeptContact, ...] | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to read a list up to a place: the contact taken last, and the way before it."""

    taken: KeptContact | None
    before: _Way | None
    is_only: bool = True


def assigned(
    shown: Sequence[Contact], due: Sequence[Due], fits_id: Callable[[KeptContact, int], bool], *, may_end_after: int
) -> Assigned:
    """``shown`` as some of the contacts that are due, in their order: all but the optional ones.

    From ``may_end_after`` contacts on nothing more need come.
    """
    ways: dict[int, _Way] = {0: _Way(None, None)}
    for at, one in enumerate(shown):
        following: dict[int, _Way] = {}
        for start, way in ways.items():
            for place in range(start, len(due)):
                kept = due[place].contact
                if fits_id(kept, one.contact_id) and kept.looks_like(one):
                    known = following.get(place + 1)
                    following[place + 1] = _Way(kept, way, is_only=way.is_only and known is None)
                if not due[place].is_optional:
                    break
        if not following:
            return Assigned(problem=_problem(at, one, due, min(ways), fits_id))
        ways = following
    ended = len(shown) >= may_end_after
    ends = [start for start in ways if ended or all(one.is_optional for one in due[start:])]
    if not ends:
        missing = next(one.contact for one in due[max(ways) :] if not one.is_optional)
        return Assigned(problem=f"{_named(missing)} is not among the {len(shown)} contacts")
    last: _Way | None = ways[ends[0]]
    if len(ends) > 1 or last is None or not last.is_only:
        return Assigned()
    taken: list[KeptContact] = []
    while last is not None and last.taken is not None:
        taken.append(last.taken)
        last = last.before
    return Assigned(tuple(reversed(taken)))


def _problem(
    at: int, shown: Contact, due: Sequence[Due], start: int, fits_id: Callable[[KeptContact, int], bool]
) -> str:
    """Why a contact that was shown is not the one that was due."""
    of_its_id = [one.contact for one in due if one.contact.contact_id == shown.contact_id]
    if of_its_id and not of_its_id[0].looks_like(shown):
        return f"contact {shown.contact_id} is not as it went in: {_differences(of_its_id[0].looks[0], shown)}"
    if start >= len(due):
        return f"contact {shown.contact_id} is not one of the {len(due)} that are due"
    nearest = due[start].contact
    if fits_id(nearest, shown.contact_id):
        return f"{_named(nearest)} is not as it went in: {_differences(nearest.looks[0], shown)}"
    return f"contact {shown.contact_id} comes at place {at + 1}, where {_named(nearest)} is due"


def _named(kept: KeptContact) -> str:
    if kept.contact_id is None:
        return f"the {kept.number + 1}. contact that was appended"
    return f"contact {kept.contact_id}"


def _differences(due: Contact, shown: Contact) -> str:
    names = [one for one in Contact.__dataclass_fields__ if one != "contact_id"]
    pairs = [(one, getattr(due, one), getattr(shown, one)) for one in names]
    return "; ".join(f"{name} is {came!r}, not {wanted!r}" for name, wanted, came in pairs if wanted != came)
