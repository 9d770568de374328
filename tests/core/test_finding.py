"""Searches by phone number and by custom field, also against one that simply looks at every contact."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_ccmm.contacts import PlainCodec
from fake_ccmm.errors import PhoneNumberRequired, UnknownStatusFilter
from fake_ccmm.model import Contact, ContactStatus, CustomField, PhoneNumber
from fake_ccmm.soap.contact_xml import XML_CONTACTS

from .world import FILTERS, NUMBER, World, open_world, person

BLANKS = (None, "", " ", "\t\n")
PARTS = st.sampled_from([*BLANKS, "0", "1", "12", " 1", "١"])
NUMBERS = st.builds(PhoneNumber, PARTS, PARTS, PARTS)
CODECS: Any = st.sampled_from([PlainCodec(), XML_CONTACTS])
FIELD_TEXTS = st.sampled_from([None, "", " ", "A1", "a1", "A1 ", "א"])
FIELDS = st.builds(CustomField, st.sampled_from(["Account", "Note"]), FIELD_TEXTS)
STATUSES = st.sampled_from(ContactStatus)
CONTACTS = st.lists(
    st.builds(
        person,
        phone_number=st.none() | NUMBERS,
        custom_fields=st.none() | st.lists(FIELDS, max_size=3).map(tuple),
        status=STATUSES,
    ),
    max_size=15,
)


def blank(part: str | None) -> bool:
    return part is None or part.strip() == ""


def agrees(asked: PhoneNumber, had: PhoneNumber | None, *, any_blank: bool) -> bool:
    """Whether a contact has the number, by the rule's own words."""
    had = had or PhoneNumber()
    pairs = [(asked.int_code, had.int_code), (asked.area_code, had.area_code), (asked.phone_no, had.phone_no)]
    return all((any_blank or blank(other)) if blank(one) else one == other for one, other in pairs)


def by_phone(world: World, number: PhoneNumber | None, **narrowed: Any) -> list[int]:
    found = world.center.find_contacts_by_phone_number(world.key, 1, number, **narrowed)
    return [one.contact_id for one in found]


def by_field(world: World, name: str | None, text: str | None, **narrowed: Any) -> list[int]:
    found = world.center.find_contacts_by_custom_field(world.key, 1, CustomField(name, text), **narrowed)
    return [one.contact_id for one in found]


def id_of(world: World, number: PhoneNumber | None) -> int:
    return world.center.get_contact_id_by_phone_number(world.key, 1, number)


@pytest.mark.rule("N1")
def test_a_phone_number_finds_the_contact_of_that_campaign_or_minus_one(world: World) -> None:
    world.append(person(1, phone_number=NUMBER), campaign_id=2)
    world.append(person(2))
    assert id_of(world, NUMBER) == -1
    expected = world.append(person(3, phone_number=NUMBER))
    assert id_of(world, NUMBER) == expected
    for near in (
        PhoneNumber("972", "2", "555010"),
        PhoneNumber("972", "3", "5550100"),
        PhoneNumber("2", "972", "5550100"),
    ):
        assert id_of(world, near) == -1


@pytest.mark.rule("N2")
def test_of_several_the_first_by_id_is_found_even_when_closed(world: World) -> None:
    ids = [world.append(person(number, phone_number=NUMBER)) for number in range(3)]
    world.close(ids[0])
    assert id_of(world, NUMBER) == ids[0]


@pytest.mark.rule("N3")
@pytest.mark.parametrize("asked", BLANKS)
@pytest.mark.parametrize("had", BLANKS)
def test_a_blank_part_equals_one_the_contact_lacks(world: World, asked: str | None, had: str | None) -> None:
    world.append(person(1, phone_number=PhoneNumber("972", "2", "5550100")))
    expected = world.append(person(2, phone_number=PhoneNumber(had, had, "5550100")))
    assert id_of(world, PhoneNumber(asked, asked, "5550100")) == expected
    assert by_phone(world, PhoneNumber(asked, asked, "5550100")) == [expected]


@pytest.mark.rule("N3")
def test_a_number_all_blank_finds_a_contact_that_has_none(world: World) -> None:
    world.append(person(1, phone_number=NUMBER))
    assert id_of(world, None) == -1
    expected = world.append(person(2))
    assert id_of(world, None) == id_of(world, PhoneNumber("", None, " ")) == expected


@pytest.mark.rule("N3")
@pytest.mark.rule("F1")
@given(codec=CODECS, any_blank=st.booleans(), contacts=CONTACTS, asked=NUMBERS)
def test_searches_by_phone_number_find_what_looking_at_every_contact_finds(
    codec: PlainCodec, any_blank: bool, contacts: list[Contact], asked: PhoneNumber
) -> None:
    world = open_world(codec=codec, blank_phone_part="any" if any_blank else "exact")
    world.center.load_contacts(1, contacts)
    expected = [
        number for number, one in enumerate(contacts, start=1) if agrees(asked, one.phone_number, any_blank=any_blank)
    ]
    assert id_of(world, asked) == (expected[0] if expected else -1)
    if blank(asked.phone_no):
        with pytest.raises(PhoneNumberRequired):
            by_phone(world, asked)
    else:
        assert by_phone(world, asked) == expected


@pytest.mark.rule("N3")
def test_parts_of_a_number_never_run_into_each_other() -> None:
    world = open_world()
    world.append(person(1, phone_number=PhoneNumber("a\0b", "", "c")))
    assert id_of(world, PhoneNumber("a", "b\0", "c")) == -1
    assert id_of(world, PhoneNumber("a", "b", "\0c")) == -1


@pytest.mark.rule("F1")
def test_every_contact_with_the_number_is_found_in_order_and_whole(world: World) -> None:
    ids = [world.append(person(number, phone_number=NUMBER)) for number in range(3)]
    world.append(person(4))
    world.append(person(5, phone_number=NUMBER), campaign_id=2)
    world.close(ids[1])
    found = list(world.center.find_contacts_by_phone_number(world.key, 1, NUMBER))
    assert [one.contact_id for one in found] == ids
    assert [one.first_name for one in found] == ["Person 0", "Person 1", "Person 2"]


@pytest.mark.rule("F1")
def test_a_search_is_not_cut_at_the_size_of_a_page(world: World) -> None:
    world.center.load_contacts(1, [person(account="A1", phone_number=NUMBER)] * 450)
    assert by_phone(world, NUMBER) == by_field(world, "Account", "A1") == world.ids()


@pytest.mark.rule("F2")
@pytest.mark.parametrize("number", [None, *(PhoneNumber("972", "2", part) for part in BLANKS)])
def test_a_search_without_a_phone_no_is_refused(world: World, number: PhoneNumber | None) -> None:
    before = world.state()
    with pytest.raises(PhoneNumberRequired, match="PhoneNo"):
        by_phone(world, number)
    assert world.state() == before


@pytest.mark.rule("F3")
@pytest.mark.parametrize(("narrowed", "wanted"), FILTERS.values(), ids=FILTERS)
def test_a_status_narrows_both_searches(
    world: World, narrowed: dict[str, Any], wanted: frozenset[ContactStatus]
) -> None:
    contacts = [person(account="A1", phone_number=NUMBER, status=status) for status in [*ContactStatus] * 2]
    world.center.load_contacts(1, contacts)
    expected = [number for number, one in enumerate(contacts, start=1) if one.status in wanted]
    assert by_phone(world, NUMBER, **narrowed) == expected
    assert by_field(world, "Account", "A1", **narrowed) == expected


@pytest.mark.rule("F3")
def test_a_search_goes_by_the_status_of_this_moment(world: World) -> None:
    contact_id = world.append(person(account="A1", phone_number=NUMBER))
    assert by_phone(world, NUMBER, status_name="New") == [contact_id]
    world.close(contact_id)
    assert by_phone(world, NUMBER, status_name="New") == []
    assert by_field(world, "Account", "A1", status_name="Closed") == [contact_id]


@pytest.mark.rule("F3")
@pytest.mark.parametrize(
    "narrowed", [{"status_name": "Opened"}, {"status_id": 9}, {"status_id": -1}, {"status_name": " "}]
)
def test_a_status_nobody_knows_is_refused(world: World, narrowed: dict[str, Any]) -> None:
    before = world.state()
    with pytest.raises(UnknownStatusFilter):
        by_phone(world, NUMBER, **narrowed)
    with pytest.raises(UnknownStatusFilter):
        by_field(world, "Account", "A1", **narrowed)
    assert world.state() == before


@pytest.mark.rule("F4")
def test_a_custom_field_is_searched_by_name_and_whole_text(world: World) -> None:
    fields = (CustomField("Account", "A1", True), CustomField("Note", "A2"))
    expected = world.append(person(custom_fields=fields))
    world.append(person(account="A2"))
    world.append(person(account="A1"), campaign_id=2)
    assert by_field(world, "Account", "A1") == [expected]
    assert by_field(world, "Note", "A2") == [expected]
    for name, text in (
        ("Account", "A"),
        ("Account", "a1"),
        ("account", "A1"),
        ("Note", "A1"),
        ("Other", "A1"),
        (None, None),
    ):
        assert by_field(world, name, text) == []
    assert len(world.center.find_contacts_by_custom_field(world.key, 1, None)) == 0


@pytest.mark.rule("F4")
def test_a_contact_that_has_a_field_twice_is_found_once(world: World) -> None:
    twice = (CustomField("Account", "A1"), CustomField("Account", "A1", True))
    world.center.load_contacts(1, [person(custom_fields=twice)] * 3)
    assert by_field(world, "Account", "A1") == [1, 2, 3]


@pytest.mark.rule("F4")
@given(codec=CODECS, contacts=CONTACTS, asked=FIELDS, status=st.none() | STATUSES)
def test_searches_by_custom_field_find_what_looking_at_every_contact_finds(
    codec: PlainCodec, contacts: list[Contact], asked: CustomField, status: ContactStatus | None
) -> None:
    world = open_world(codec=codec)
    world.center.load_contacts(1, contacts)
    has = [
        any(one.name == asked.name and (one.text or "") == (asked.text or "") for one in contact.custom_fields or ())
        for contact in contacts
    ]
    expected = [
        number
        for number, (match, one) in enumerate(zip(has, contacts, strict=True), start=1)
        if match and status in (None, one.status)
    ]
    assert by_field(world, asked.name, asked.text, status_name=status and status.value) == expected
    first = next((one.status for match, one in zip(has, contacts, strict=True) if match), None)
    if first is not None:
        assert world.center.get_contact_status(world.key, 1, custom_field=asked) is first
