"""Contacts to fill a campaign with: people from many countries, the same ones for the same seed everywhere.

Only ``getrandbits()`` is drawn from: what ``choice()`` and its like return may change between versions of Python.
No third-party generator is used, because Faker takes hundreds of microseconds a contact and a million are wanted at
start-up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import TypeAlias, TypeVar

from fake_ccmm.demo.locales import LOCALES, Locale, Place
from fake_ccmm.model import Address, Contact, ContactStatus, CustomField, PhoneNumber

_T = TypeVar("_T")
_Spelled: TypeAlias = tuple[str, str]
_Setting: TypeAlias = tuple[
    tuple[str, ...],
    tuple[_Spelled, ...],
    tuple[_Spelled, ...],
    tuple[Place, ...],
    Locale,
]

_ACCOUNT_NUMBER = "AccountNumber"

_REMARKS = (
    "Prefers mornings",
    "Call after 17:00",
    "Asked for a new offer",
    "Customer since 2011",
    "Met at the trade fair",
    "Moved house recently",
    "Wants the bill on paper",
    "Interested in the yearly plan",
    "Recommended by a colleague",
    "Speaks English too",
    "Has two contracts",
    "Paid on time",
)

_FIRST_AGENT_ID = 1001
_AGENTS = 51  # of the 1024 that ten bits may name: one contact in twenty has a preferred agent


def _spread(pool: Sequence[_T], size: int) -> tuple[_T, ...]:
    """The pool repeated to a power of two, so that masked bits pick from it."""
    return tuple(pool[i % len(pool)] for i in range(size))


def _settings(locales: Sequence[Locale]) -> Iterator[_Setting]:
    """The men and the women of the locales, with all that is drawn for them."""
    for locale in locales:
        for persons in locale.persons:
            yield (
                _spread(persons.titles, 4),
                _spread([(name.text, name.ascii) for name in persons.first_names], 16),
                _spread([(name.text, name.ascii) for name in persons.last_names], 16),
                _spread(locale.places, 8),
                locale,
            )


_SETTINGS = tuple(_settings(LOCALES))
_MAIL_ENDS = _spread([f"{n}@example.{end}" for n in ("", "", *range(1, 20)) for end in ("com", "org", "net")], 64)


@cache
def _field_values(name: str) -> tuple[CustomField, ...]:
    """1024 values for a custom field of this name, made once and shared by all contacts."""
    if name == "Segment":
        texts: tuple[str, ...] = ("Gold", "Silver", "Silver", "Bronze", "Bronze", "Bronze")
    elif name == "Balance":
        texts = tuple(f"{cents / 100:.2f}" for cents in range(-4995, 250_000, 251))
    elif name == "RenewalDate":
        texts = tuple((date(2026, 1, 1) + timedelta(days)).isoformat() for days in range(2 * 365))
    else:
        texts = _REMARKS
    return _spread([CustomField(name, text, True) for text in texts], 1024)


def _settings_of(codes: Sequence[str]) -> tuple[_Setting, ...]:
    """The settings of the locales with these codes, as many as five bits pick from; those of all for no code."""
    if not codes:
        return _SETTINGS
    by_code = {locale.code: locale for locale in LOCALES}
    unknown = [code for code in codes if code not in by_code]
    if unknown:
        raise ValueError(f"there is no locale {unknown[0]!r}; there are {', '.join(by_code)}")
    chosen = [by_code[code] for code in codes[: len(LOCALES)]]
    return _spread(tuple(_settings(chosen)), len(_SETTINGS))


def people(
    seed: int,
    *,
    count: int,
    campaign_name: str,
    skillset_ids: Sequence[int],
    custom_field_names: Sequence[str],
    locales: Sequence[str] = (),
) -> Iterator[Contact]:
    """Invent ``count`` new contacts of a campaign, one at a time.

    The same arguments give the same contacts in every process and on every version of Python, and the n-th one does not
    depend on ``count``. About one in ten lacks something optional (``None``) or has it blank (``""``), and about one in
    twenty is kept for a preferred agent. An ``AccountNumber`` field is unique among the contacts of one call.
    ``locales`` are codes of countries, such as ``de``; people are from those only, or from all where there is none.

    :raises ValueError: ``skillset_ids`` is empty (every contact needs a skillset), or there is no such locale.
    """
    if not skillset_ids:
        raise ValueError("people() needs at least one skillset id")
    rng = Random(seed)  # noqa: S311 (nothing secret is drawn)
    return _invent(rng, count, campaign_name, tuple(skillset_ids), tuple(custom_field_names), _settings_of(locales))


def _invent(
    rng: Random,
    count: int,
    campaign_name: str,
    skillset_ids: tuple[int, ...],
    custom_field_names: tuple[str, ...],
    settings: tuple[_Setting, ...],
) -> Iterator[Contact]:
    """Draw each contact from three numbers, every choice from bits of its own (who, where, and what is noted).

    Homes are kept and given out again, up to 4096 in a country: a million contacts take less time and memory so.
    """
    draw = rng.getrandbits
    pools = [(_field_values(name), 10 * i) for i, name in enumerate(custom_field_names)]
    pool_bits = 10 * len(pools)
    accounts = [i for i, name in enumerate(custom_field_names) if name == _ACCOUNT_NUMBER]
    homes: dict[int, Address] = {}
    skillsets = len(skillset_ids)
    new = ContactStatus.NEW
    for number in range(1, count + 1):
        who, where = draw(60), draw(60)
        titles, first_names, last_names, places, locale = settings[who & 31]
        title: str | None = titles[who >> 5 & 3]
        first_name, first_spelled = first_names[who >> 7 & 15]
        last_name, last_spelled = last_names[who >> 11 & 15]
        email: str | None = f"{first_spelled}.{last_spelled}{_MAIL_ENDS[who >> 15 & 63]}"
        agent = who >> 21 & 1023

        place = places[where & 7]
        key = who & 30 | (where & 4095) << 5
        address: Address | None = homes.get(key)
        if address is None:
            address = homes[key] = _home(locale, place, where >> 12)
        int_code: str | None = locale.int_code
        area_code = place.area_code
        phone_ends = locale.phone_ends

        lacking = (who >> 31 & 1023) % 100
        if lacking < 10:
            if lacking < 2:
                email = None
            elif lacking == 2:
                email = ""
            elif lacking < 5:
                address = None
            elif lacking == 5:
                address = replace(address, post_code="")
            elif lacking < 8:
                int_code = None if lacking == 6 else ""
                area_code = locale.trunk + area_code
            else:
                title = None if lacking == 8 else ""

        what = draw(pool_bits)
        fields = [pool[what >> shift & 1023] for pool, shift in pools]
        for i in accounts:
            fields[i] = CustomField(_ACCOUNT_NUMBER, f"A-{number:07d}", True)

        # Positional arguments, which are quicker than keywords.
        yield Contact(
            0,
            campaign_name,
            address,
            tuple(fields),
            email,
            first_name,
            last_name,
            PhoneNumber(int_code, area_code, place.exchange + phone_ends[(where >> 44) % len(phone_ends)]),
            _FIRST_AGENT_ID + agent if agent < _AGENTS else 0,
            agent < _AGENTS,
            title,
            skillset_ids[(who >> 41) % skillsets],
            new,
            0,
        )


def _home(locale: Locale, place: Place, bits: int) -> Address:
    """An address at the place, from 32 bits."""
    street = locale.streets[(bits & 63) % len(locale.streets)]
    number = str((bits >> 6 & 127) + 1)
    line1 = number + locale.joint + street if locale.number_first else street + locale.joint + number
    pick = (bits >> 13 & 31) % (4 * len(locale.second_lines))
    line2 = locale.second_lines[pick] if pick < len(locale.second_lines) else None
    post_code = place.post_code + locale.post_code_ends[(bits >> 18 & 0x3FFF) % len(locale.post_code_ends)]
    return Address(line1, line2, place.city, place.region, None, locale.country, post_code)
