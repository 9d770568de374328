"""What a mock's center holds while a client works on it: ids with gaps, names that come again, codes that mix up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ..domain import Contact, CustomField, DispositionCode, PhoneNumber, User
from ..plain import plain
from ..worlds import SALES, SERVICE

ACCOUNT = "Account"
"""The custom field that tells the contacts of a filling apart."""

_PEOPLE = (("Ann", "O'Neil"), ("Zoë", "Ångström"), ("太郎", "山田"), ("Ann", "O'Neil"), ("Söhne & Co", "<Müller>"))
_NAMES_OF_CODES = ("Completed", "No Answer", "Wrong Number")
_UNLINKED = "Not Interested"
_FIRST_IDS = (1, 2, 7, 199, 200, 201, 281, 8863, 2**31 + 5)


@dataclass(frozen=True, slots=True)
class Row:
    """A contact of a filling, with its status."""

    contact: Contact
    status: str = "New"

    @property
    def contact_id(self) -> int:
        """The id that it has in the center."""
        return self.contact.contact_id

    @property
    def account(self) -> str:
        """The text of its custom field Account, which no other contact of the campaign has."""
        return next((one.text or "" for one in self.contact.custom_fields or () if one.name == ACCOUNT), "")


@dataclass(frozen=True, slots=True)
class Work:
    """A campaign of a filling."""

    campaign_id: int
    name: str
    rows: tuple[Row, ...]
    codes: tuple[DispositionCode, ...]

    @property
    def ids(self) -> list[int]:
        """The ids of its contacts."""
        return [one.contact_id for one in self.rows]

    @property
    def open_rows(self) -> list[Row]:
        """Its contacts that are not closed."""
        return [one for one in self.rows if one.status != "Closed"]

    def code(self, name: str) -> DispositionCode:
        """Its disposition code of that name."""
        return next(one for one in self.codes if one.name == name)


@dataclass(frozen=True, slots=True)
class Filling:
    """A center: the campaign that clients are asked to work on, another one, and the codes of the whole center."""

    main: Work
    other: Work
    unlinked: tuple[DispositionCode, ...]
    """Codes that the center has and the main campaign has not, by names that no code of it bears."""

    def seed(
        self,
        users: Sequence[User],
        *,
        faults: Sequence[Mapping[str, Any]] = (),
        timeline: Sequence[Mapping[str, Any]] = (),
        profile: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The seed of it, as the control API of a mock takes it; its clock runs."""
        codes = {one.disposition_code_id: one for one in (*self.main.codes, *self.other.codes, *self.unlinked)}
        return {
            "administrators": [{"username": one.name, "password": one.password} for one in users],
            "skillsets": plain((SALES, SERVICE)),
            "disposition_codes": plain(list(codes.values())),
            "campaigns": [_campaign(one) for one in sorted((self.main, self.other), key=lambda one: one.campaign_id)],
            "faults": list(faults),
            "timeline": list(timeline),
            "profile": dict(profile or {}),
        }


def _campaign(one: Work) -> dict[str, Any]:
    return {
        "campaign_id": one.campaign_id,
        "name": one.name,
        "skillset": plain(SALES),
        "disposition_codes": plain(one.codes),
        "custom_field_names": [ACCOUNT, "Segment"],
        "contacts": [plain(row.contact) | {"status": row.status} for row in one.rows],
    }


def fillings(count: int | SearchStrategy[int] = 5, *, closed: bool = True) -> SearchStrategy[Filling]:
    """Centers whose main campaign has so many contacts; ``closed`` is whether some of them may be closed."""
    counts = st.just(count) if isinstance(count, int) else count
    return st.builds(
        _filling,
        counts,
        first_id=st.sampled_from(_FIRST_IDS),
        gaps=st.lists(st.integers(1, 7), min_size=1, max_size=3),
        closed_every=st.sampled_from((0, 2, 3)) if closed else st.just(0),
        campaign_ids=st.lists(st.integers(1, 9000), min_size=2, max_size=2, unique=True),
        first_code=st.integers(1, 400),
    )


def _filling(
    count: int, first_id: int, gaps: list[int], closed_every: int, campaign_ids: list[int], first_code: int
) -> Filling:
    main_id, other_id = campaign_ids
    ids, last = [], first_id
    for gap in islice(cycle(gaps), count):
        ids.append(last)
        last += gap
    rows = tuple(row(one, at, bool(closed_every) and at % closed_every == 1) for at, one in enumerate(ids))
    others = tuple(row(last + 50 + at, 70_000 + at) for at in range(3))
    codes = _codes(first_code)
    elsewhere = tuple(replace(one, disposition_code_id=one.disposition_code_id + 500) for one in codes)
    gone = DispositionCode(first_code + 900, _UNLINKED, numeric_value=codes[0].disposition_code_id)
    return Filling(Work(main_id, "Autumn", rows, codes), Work(other_id, "Autumn", others, (*elsewhere, gone)), (gone,))


def row(contact_id: int, at: int, is_closed: bool = False) -> Row:
    """The contact at a place in its campaign: names come again, numbers and accounts do not."""
    first, last = _PEOPLE[at % len(_PEOPLE)]
    contact = Contact(
        contact_id=contact_id,
        first_name=first,
        last_name=last,
        phone_number=PhoneNumber("44", "20", f"{79_460_000 + at}"),
        custom_fields=(CustomField(ACCOUNT, f"A-{at}"), CustomField("Segment", "Gold")),
        skillset_id=SALES.skillset_id,
    )
    return Row(contact, "Closed" if is_closed else "New")


def _codes(first: int) -> tuple[DispositionCode, ...]:
    """Codes of which each one's numeric value is the id of the next: who mixes them up sends a wrong code."""
    ids = [first + at for at in range(len(_NAMES_OF_CODES))]
    return tuple(
        DispositionCode(one, name, numeric_value=ids[(at + 1) % len(ids)])
        for at, (one, name) in enumerate(zip(ids, _NAMES_OF_CODES, strict=True))
    )


def to_append(contact: Contact) -> dict[str, Any]:
    """The contact as clients are handed it to append: its id is for the server to give."""
    document: dict[str, Any] = plain(contact)
    del document["contact_id"]
    return document
