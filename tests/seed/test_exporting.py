"""A center is written down as the seed that makes it again, whatever has happened to it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_ccmm.campaign import CampaignView
from fake_ccmm.center import ContactCenter
from fake_ccmm.clock import SettableClock
from fake_ccmm.contacts import ContactCodec, PlainCodec
from fake_ccmm.errors import REFUSALS
from fake_ccmm.model import (
    Address,
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
from fake_ccmm.profile import Choice, Wording, choices, make_profile
from fake_ccmm.seed import ClockSeed, Seed, build_center, export_seed, parse_seed, write_seed
from fake_ccmm.soap.contact_xml import XML_CONTACTS

from .samples import PYTHON
from .test_json_schema import is_valid

CODECS: list[ContactCodec[Any]] = [PlainCodec(), XML_CONTACTS]
LOOKS_LIKE = (
    "",
    " ",
    " x ",
    "\tx\n",
    "a\nb",
    "a\r\nb\r",
    "a\u0085b",
    "a\u2028b\u2029",
    "\ufeff",
    "😀",
    "é",
    '"',
    "'",
    "\\",
    "\\n",
    "7",
    "0x1f",
    "1_000",
    "12:30:45",
    "-.inf",
    "1e5",
    "yes",
    "No",
    "~",
    "null",
    "true",
    "2026-01-31",
    "2026-01-31T08:00:00Z",
    "- a",
    "a: b",
    "a #b",
    "#",
    "&a",
    "*a",
    "<<",
    "=",
    "!tag",
    "%",
    "@",
    "`",
    "|",
    ">",
    "[a]",
    "{a}",
    "?",
    "---",
    "...",
    "x" * 200 + " " + "y" * 200,
    '"""',
    "'''",
)
carried = st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff").filter(
    lambda char: char >= " " or char in "\t\n\r"
)
texts = st.sampled_from(LOOKS_LIKE) | st.text(carried, max_size=8)
given_texts = st.none() | texts
longs = st.integers(-(1 << 63), (1 << 63) - 1)
counts = st.integers(0, 99) | longs
dates = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29))
skillsets = st.builds(Skillset, st.integers(1, 4), texts)
codes = st.builds(DispositionCode, st.integers(1, 4), texts, counts, counts, counts, *[st.booleans()] * 4)
addresses = st.builds(Address, *[given_texts] * 7)
phones = st.builds(PhoneNumber, *[given_texts] * 3)
custom_fields = st.builds(CustomField, given_texts, given_texts, st.booleans())
contacts = st.builds(
    Contact,
    contact_id=st.just(0),
    campaign_name=given_texts,
    address=st.none() | addresses,
    custom_fields=st.none() | st.lists(custom_fields, max_size=3).map(tuple),
    email_address=given_texts,
    first_name=given_texts,
    last_name=given_texts,
    phone_number=st.none() | phones,
    preferred_agent_id=counts,
    preferred_agent_specified=st.booleans(),
    title=given_texts,
    skillset_id=st.integers(0, 4) | longs,
    status=st.sampled_from(ContactStatus),
    priority=st.integers(0, 6),
)


def values_of(choice: Choice) -> st.SearchStrategy[Any]:
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "true": st.booleans(),
        "whole number": st.integers(0, 1000),
        "number": st.floats(0, 1000),
    }
    return kinds.get(choice.alternatives[0], st.sampled_from(choice.alternatives))


settings = st.fixed_dictionaries({}, optional={one.name: values_of(one) for one in choices()})
wordings = st.dictionaries(
    st.sampled_from(sorted(REFUSALS)),
    st.builds(Wording, longs, st.sampled_from([None, "Client", "Server"]), st.none() | texts.filter(bool)),
    max_size=3,
)


@st.composite
def clocks(draw: st.DrawFn) -> SettableClock:
    if draw(st.booleans()):
        return SettableClock(draw(dates))
    clock = SettableClock(running=True)
    clock.set_ahead(draw(st.sampled_from([0.0, 3600.0]) | st.floats(-5e9, 5e9)))
    return clock


def details(campaign_id: int) -> st.SearchStrategy[CampaignDetails]:
    return st.builds(
        CampaignDetails,
        campaign_id=st.just(campaign_id),
        name=texts,
        status=st.sampled_from(CampaignStatus),
        skillset=st.none() | skillsets,
        description=given_texts,
        owner=given_texts,
        date_created=st.none() | dates,
        start_date_time=st.none() | dates,
        start_of_run=st.booleans(),
        priority=counts,
        load_contacts_per_interval=counts,
        dialing_prefix=given_texts,
        auto_dial_timeout=counts,
        minimum_ring_time=counts,
        locked=st.booleans(),
        disposition_codes=st.lists(codes, max_size=3).map(tuple),
        custom_field_names=st.lists(texts, max_size=3).map(tuple),
    )


@st.composite
def centers(draw: st.DrawFn) -> ContactCenter:
    profile = replace(make_profile(draw(settings)), wordings=draw(wordings))
    center = ContactCenter(
        administrators=draw(st.lists(st.builds(Administrator, texts, texts, st.booleans()), max_size=3)),
        skillsets=draw(st.lists(skillsets, max_size=3)),
        disposition_codes=draw(st.lists(codes, max_size=3)),
        profile=profile,
        clock=draw(clocks()),
        codec=draw(st.sampled_from(CODECS)),
    )
    for campaign_id in draw(st.lists(st.integers(1, 9) | longs, max_size=3, unique=True)):
        center.add_campaign(draw(details(campaign_id)))
        for _ in range(draw(st.integers(0, 3))):
            center.give_out_ids_after(center.last_contact_id + draw(st.integers(0, 5)))
            center.load_contacts(campaign_id, [draw(contacts)])
            if draw(st.booleans()):
                linked = (*center.campaign(campaign_id).details.disposition_codes, draw(codes), None)
                closure = Closure(draw(dates), draw(given_texts), draw(st.sampled_from(linked)))
                center.set_closure(campaign_id, center.last_contact_id, closure)
    if draw(st.booleans()):
        center.give_out_ids_after(center.last_contact_id + draw(st.integers(0, 1 << 40)))
    return center


@pytest.mark.parametrize("format", ["toml", "yaml", "json"])
@given(center=centers())
def test_what_is_exported_makes_the_same_center_again(format: str, center: ContactCenter) -> None:
    text = write_seed(export_seed(center), format)
    assert is_valid(json.loads(write_seed(export_seed(center), "json")))
    again = build_center(parse_seed(text, format), codec=center.codec)
    assert again.campaigns() == with_all_fields(center)
    for view in center.campaigns():
        assert again.contacts(view.details.campaign_id) == center.contacts(view.details.campaign_id)
    assert again.profile == center.profile
    assert again.last_contact_id == center.last_contact_id
    assert write_seed(export_seed(again), format) == text


@pytest.mark.parametrize("format", ["toml", "yaml", "json"])
def test_a_choice_is_exported_beside_the_wording_of_the_refusal_that_has_its_name(format: str) -> None:
    chosen: dict[str, Any] = {"too_soon.number": 1}
    for one in choices():
        if one.name in REFUSALS:
            other = next(word for word in one.alternatives if word != one.default)
            chosen |= {one.name: other, f"{one.name}.number": 7, f"{one.name}.text": "no: {such} thing"}
    center = ContactCenter(profile=make_profile(chosen))
    assert export_seed(center).profile == chosen
    text = write_seed(export_seed(center), format)
    assert is_valid(json.loads(write_seed(export_seed(center), "json")))
    again = build_center(parse_seed(text, format))
    assert again.profile == center.profile
    assert write_seed(export_seed(again), format) == text


def with_all_fields(center: ContactCenter) -> list[CampaignView]:
    """The campaigns with the fields that their contacts were loaded with against the rules."""
    found = []
    for view in center.campaigns():
        had = {
            one.name or ""
            for contact in center.contacts(view.details.campaign_id)
            for one in contact.custom_fields or ()
        }
        names = view.details.custom_field_names
        (seed,) = [one for one in export_seed(center).campaigns if one.campaign_id == view.details.campaign_id]
        assert seed.custom_field_names[: len(names)] == names
        assert set(seed.custom_field_names) == set(names) | had
        found.append(replace(view, details=replace(view.details, custom_field_names=seed.custom_field_names)))
    return found


@given(st.text(carried) | texts)
def test_any_text_goes_through_each_format(text: str) -> None:
    seed = Seed(administrators=(Administrator("a" + text, text),))
    for format in ("toml", "yaml", "json"):
        assert parse_seed(write_seed(seed, format), format) == seed
        assert parse_seed(write_seed(seed, format).encode(), format) == seed


def test_an_export_says_all_in_full() -> None:
    exported = export_seed(build_center(PYTHON))
    assert exported.administrators == PYTHON.administrators
    assert (exported.timeline, exported.faults, exported.limits) == ((), (), Seed().limits)
    own, spring = exported.campaigns
    assert own.skillset == Skillset(8, "Own")
    assert spring.skillset == 7
    assert spring.disposition_codes == (1, DispositionCode(2, "Busy"))
    assert spring.generate is None
    assert [one.contact_id for one in spring.contacts] == [40, 41, 42, 43, 44]
    closure = spring.contacts[1].closure
    assert closure is not None
    assert closure.disposition_code == 2
    assert exported.profile == {
        "limit_seconds": 0.5,
        "close_result": "contact-id",
        "too_soon.number": 1,
        "too_soon.text": "wait",
    }
    assert exported.clock == ClockSeed(start=datetime(2026, 3, 1), frozen=True)
    assert exported.last_contact_id == 5000
    assert exported != PYTHON


def test_a_code_that_is_no_longer_what_its_id_says_is_written_in_full() -> None:
    center = ContactCenter(skillsets=[Skillset(1, "a")], disposition_codes=[DispositionCode(1, "a")])
    old = CampaignDetails(1, "x", skillset=Skillset(1, "a"), disposition_codes=(DispositionCode(1, "a"),))
    center.add_campaign(old, [Contact()])
    center.set_closure(1, 1, Closure(datetime(2026, 1, 1), None, DispositionCode(1, "gone")))
    center.add_skillset(Skillset(1, "b"))
    center.add_disposition_code(DispositionCode(1, "b"))
    (campaign,) = export_seed(center).campaigns
    assert campaign.skillset == Skillset(1, "a")
    assert campaign.disposition_codes == (DispositionCode(1, "a"),)
    assert campaign.contacts[0].closure is not None
    assert campaign.contacts[0].closure.disposition_code == DispositionCode(1, "gone")
    assert export_seed(build_center(export_seed(center))) == export_seed(center)


def test_a_clock_is_written_as_it_goes() -> None:
    assert export_seed(ContactCenter()).clock == ClockSeed()
    clock = SettableClock(running=True)
    clock.set_ahead(90.5)
    assert export_seed(ContactCenter(clock=clock)).clock == ClockSeed(offset=90.5)
    clock.freeze(datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=1))))
    assert export_seed(ContactCenter(clock=clock)).clock == ClockSeed(datetime(2025, 12, 31, 23), frozen=True)


def test_the_last_id_is_written_only_where_no_contact_has_it() -> None:
    center = ContactCenter()
    center.add_campaign(CampaignDetails(1, "a"), [Contact(), Contact()])
    assert export_seed(center).last_contact_id is None
    center.remove_campaign(1)
    assert export_seed(center).last_contact_id == 2
    assert build_center(export_seed(center)).last_contact_id == 2
