"""Contacts as they are kept: as XML and back, as values, and from the one form to the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_ccmm.contacts import ContactStore, PlainCodec
from fake_ccmm.errors import UnknownContact
from fake_ccmm.model import Address, Contact, ContactStatus, CustomField, PhoneNumber
from fake_ccmm.soap.contact_xml import XML_CONTACTS

from .world import NUMBER, SALES, World, open_world, person

MARKUP = ["<", ">", "&", "]]>", "&#13;", "&amp;", "<!--", "<?x ?>", "<![CDATA[", '"', "'"]
BLANKS = ["\r", "\n", "\t", " ", "\x85", "\u2028", "\ufeff"]
EDGES = ["\ufffd", "\ud7ff", "\ue000", "\U0001f600", "\U0001ffff", "\U0010ffff", "e\u0301", "א"]
TRICKY = st.sampled_from([*MARKUP, *BLANKS, *EDGES])
XML_CHARACTERS = st.characters(exclude_categories=["Cs"]).filter(
    lambda one: one in "\t\n\r" or (one >= " " and one not in "\ufffe\uffff")
)
TEXTS = st.none() | st.just("") | st.lists(TRICKY | st.text(XML_CHARACTERS, max_size=5), max_size=6).map("".join)
LONGS = st.integers(-(2**63), 2**63 - 1)
CONTACTS = st.builds(
    Contact,
    campaign_name=TEXTS,
    address=st.none() | st.builds(Address, *[TEXTS] * 7),
    custom_fields=st.none() | st.lists(st.builds(CustomField, TEXTS, TEXTS, st.booleans()), max_size=3).map(tuple),
    email_address=TEXTS,
    first_name=TEXTS,
    last_name=TEXTS,
    phone_number=st.none() | st.builds(PhoneNumber, TEXTS, TEXTS, TEXTS),
    preferred_agent_id=LONGS,
    preferred_agent_specified=st.booleans(),
    title=TEXTS,
    skillset_id=LONGS,
)
NOT_XML = ["\0", "\x01", "\x08", "\x0b", "\x0c", "\x0e", "\x1f", "\ud800", "\udfff", "\ufffe", "\uffff"]


def places(text: str) -> Iterator[tuple[str, Contact]]:
    """A contact for every place that text can stand in."""
    for name in ("campaign_name", "email_address", "first_name", "last_name", "title"):
        changed: dict[str, Any] = {name: text}
        yield name, person(**changed)
    for name in Address.__slots__:
        yield f"address {name}", person(address=Address(**{name: text}))
    for name in PhoneNumber.__slots__:
        yield f"phone {name}", person(phone_number=PhoneNumber(**{name: text}))
    yield "custom field text", person(custom_fields=(CustomField("Account", text),))


@pytest.mark.rule("P5")
@given(contact=CONTACTS, contact_id=st.integers(1, 2**63 - 1))
def test_a_contact_kept_as_xml_comes_back_as_it_went_in(contact: Contact, contact_id: int) -> None:
    kept = XML_CONTACTS.decode(XML_CONTACTS.encode(contact, contact_id))
    assert kept == PlainCodec().encode(contact, contact_id)


@pytest.mark.rule("P5")
@given(contacts=st.lists(CONTACTS, max_size=5))
def test_every_field_of_every_contact_comes_back_from_a_center_that_keeps_xml(contacts: list[Contact]) -> None:
    world = open_world(codec=XML_CONTACTS, session_timeout=0)
    world.center.load_contacts(1, contacts)
    found = list(world.center.get_200_campaign_contacts(world.key, 1, 0))
    assert found == [PlainCodec().encode(one, number) for number, one in enumerate(contacts, start=1)]


@pytest.mark.rule("P5")
def test_none_and_empty_are_written_apart() -> None:
    forms = {
        person(0): b"",
        person(0, title=""): b"<Title />",
        person(0, custom_fields=()): b"<CustomFieldList />",
        person(0, address=Address()): b"<Address />",
        person(0, phone_number=PhoneNumber()): b"<PhoneNumber />",
        person(0, address=Address(line1="")): b"<Address><AddressLine1 /></Address>",
    }
    records = {contact: XML_CONTACTS.encode(contact, 1) for contact in forms}
    assert len(set(records.values())) == len(forms)
    for contact, form in forms.items():
        assert form in records[contact]


@pytest.mark.rule("P5")
@pytest.mark.parametrize("character", NOT_XML, ids=[f"U+{ord(one):04X}" for one in NOT_XML])
def test_what_xml_cannot_carry_is_a_value_error_and_changes_nothing(character: str) -> None:
    world = open_world(codec=XML_CONTACTS, limit_seconds=0)
    world.append(person(1, account="A1", phone_number=NUMBER))
    for where, contact in places(f"x{character}y"):
        before = world.state()
        with pytest.raises(ValueError, match=f"U\\+{ord(character):04X}"):
            world.center.append_contact(world.key, 1, contact)
        assert world.state() == before, where
        with pytest.raises(UnknownContact):
            world.center.contact(1, 2)
        number, field = contact.phone_number, contact.custom_fields
        if number is not None:
            assert world.center.get_contact_id_by_phone_number(world.key, 1, number) == -1
        if field:
            assert len(world.center.find_contacts_by_custom_field(world.key, 1, field[0])) == 0
    assert world.append() == 2


@pytest.mark.rule("P5")
def test_a_number_the_wire_cannot_carry_is_a_value_error() -> None:
    for number in (2**63, -(2**63) - 1):
        for contact in (person(preferred_agent_id=number), person(skillset_id=number)):
            with pytest.raises(ValueError, match=str(number)):
                XML_CONTACTS.encode(contact, 1)


@pytest.mark.rule("A4")
def test_an_append_that_could_not_be_kept_starts_no_second() -> None:
    world = open_world(codec=XML_CONTACTS)
    with pytest.raises(ValueError, match=r"U\+0000"):
        world.center.append_contact(world.key, 1, person(title="\0"))
    assert world.center.append_contact(world.key, 1, person()) == 1


@given(contacts=st.lists(CONTACTS, max_size=5), data=st.data())
def test_contacts_can_be_kept_in_the_other_form_at_any_time(contacts: list[Contact], data: st.DataObject) -> None:
    world = open_world(limit_seconds=0)
    cut = data.draw(st.integers(0, len(contacts)))
    world.center.load_contacts(1, contacts[:cut])
    if cut:
        world.close(1, text="t")
    before = world.state()
    world.center.keep_contacts_as(XML_CONTACTS)
    world.center.keep_contacts_as(XML_CONTACTS)
    assert world.state() == before
    world.center.load_contacts(1, contacts[cut:])
    records = world.center.get_200_campaign_contacts(world.key, 1, 0).records
    assert records == [XML_CONTACTS.encode(one, number) for number, one in enumerate(contacts, start=1)]


def test_contacts_that_cannot_be_kept_in_the_other_form_stay_as_they_are_and_are_refused_each_time() -> None:
    world = open_world()
    world.append(person(1))
    world.append(person(2, title="\0"), campaign_id=2)
    before = world.state()
    for _ in range(2):
        with pytest.raises(ValueError, match=r"U\+0000"):
            world.center.keep_contacts_as(XML_CONTACTS)
        assert world.state() == before
        assert all(isinstance(one, Contact) for one in world.center.get_200_campaign_contacts(world.key, 1, 0).records)
        world.append(person(3), campaign_id=2)
        before = world.state()
        assert isinstance(world.center.get_200_campaign_contacts(world.key, 2, 0).records[-1], Contact)


def test_a_campaign_whose_contacts_cannot_be_kept_is_not_added_by_half() -> None:
    world = open_world(codec=XML_CONTACTS)
    before = world.state()
    details = world.center.campaigns()[0].details
    with pytest.raises(ValueError, match=r"U\+0000"):
        world.center.add_campaign(replace(details, campaign_id=3), [person(1), person(2, title="\0")])
    assert world.state() == before


@pytest.mark.parametrize("codec", [PlainCodec(), XML_CONTACTS], ids=["plain", "xml"])
def test_contacts_that_are_loaded_keep_their_status_and_priority(codec: Any) -> None:
    world = open_world(codec=codec)
    loaded = [person(number, status=status, priority=number) for number, status in enumerate(ContactStatus)]
    assert world.center.load_contacts(1, iter(loaded)) == len(loaded)
    found = world.center.contacts(1)
    assert [(one.status, one.priority) for one in found] == [(one.status, one.priority) for one in loaded]
    assert world.counts() == (5, 1, 1)
    assert world.center.closure(1, 3) is None


@pytest.mark.parametrize("codec", [PlainCodec(), XML_CONTACTS], ids=["plain", "xml"])
def test_contacts_of_a_page_are_the_same_in_whatever_form_they_are_kept(codec: Any) -> None:
    world = open_world(codec=codec)
    world.center.load_contacts(1, [person(status=ContactStatus.CLOSED, priority=4)])
    (found,) = world.center.get_200_campaign_contacts(world.key, 1, 0)
    assert (found.status, found.priority) == (ContactStatus.NEW, 0)


def test_many_contacts_are_loaded_and_an_id_is_found_among_them(world: World) -> None:
    assert world.center.load_contacts(1, (person(number) for number in range(1203))) == 1203
    assert world.center.load_contacts(1, ()) == 0
    assert world.center.contact(1, 777).first_name == "Person 776"
    assert world.center.contact(1, 777).skillset_id == SALES.skillset_id


def test_a_store_answers_for_what_it_has_not() -> None:
    store = ContactStore(PlainCodec(), any_blank=False)
    assert len(store) == store.closed_count == 0
    assert store.row_of(1) is None
    assert list(store.rows_with_phone(NUMBER)) == list(store.rows_with_field("Account", "A1")) == []
    assert len(store.page_after(0, 200, with_closed=False)) == 0


@pytest.mark.parametrize("contact_id", [0, 2, -1, 2**70])
def test_steering_a_contact_nobody_knows_says_so(world: World, contact_id: int) -> None:
    world.append()
    center = world.center
    with pytest.raises(UnknownContact):
        center.contact(1, contact_id)
    with pytest.raises(UnknownContact):
        center.closure(1, contact_id)
    with pytest.raises(UnknownContact):
        center.set_contact_status(1, contact_id, ContactStatus.OPEN)
