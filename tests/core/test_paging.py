"""A campaign's contacts in pages: none left out, none twice, and each as it went in."""

from __future__ import annotations

from itertools import chain, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_ccmm.center import PAGE_SIZE
from fake_ccmm.contacts import PlainCodec
from fake_ccmm.model import Address, Contact, ContactStatus, CustomField, PhoneNumber
from fake_ccmm.soap.contact_xml import XML_CONTACTS

from .world import SALES, World, open_world, person

SIZES = (0, 1, 199, 200, 201, 400, 401)
ODD_TEXTS = {
    "blanks": "  a  b ",
    "only blanks": "   ",
    "line feeds": "one\ntwo\n",
    "carriage returns": "one\r\ntwo\r",
    "tabs": "\tone\ttwo",
    "markup": "<a href='x'>&amp; ]]> <!-- \" --></a>",
    "many scripts": "שלום Ελλάδα Москва 東京 naïve",
    "beyond the basic plane": "😀 𝔘 \U0010ffff",
    "joined and combining": "👩‍👩‍👧 e\u0301 \u202e\u200b\ufeff",
    "the edges of XML": "\ud7ff\ue000\ufffd\x85\u2028\x7f",
}


@pytest.mark.rule("P1")
@pytest.mark.rule("P3")
@pytest.mark.parametrize("size", SIZES)
def test_pages_hold_at_most_200_and_together_all_contacts(world: World, size: int) -> None:
    world.center.load_contacts(2, [person(0)])
    world.center.load_contacts(1, (person(number) for number in range(size)))
    pages = world.pages()
    assert [len(page) for page in pages] == [PAGE_SIZE] * (size // 200) + ([size % 200] if size % 200 else [])
    assert [*chain(*pages)] == world.ids()
    assert world.counts()[0] == size


@pytest.mark.rule("P2")
@pytest.mark.parametrize("size", SIZES)
def test_ids_ascend_strictly_even_where_two_campaigns_take_turns(world: World, size: int) -> None:
    for number in range(size):
        world.center.load_contacts(1 + number % 2, [person(number)])
    ids = [*chain(*world.pages())]
    assert all(one < other for one, other in pairwise(ids))
    assert ids == world.ids()
    assert not set(ids) & set(chain(*world.pages(2)))


@pytest.mark.rule("P2")
@given(size=st.integers(0, 450), cursors=st.lists(st.integers(-(2**63), 2**63 - 1) | st.integers(-2, 910), max_size=20))
def test_a_page_is_the_first_200_ids_above_any_cursor(size: int, cursors: list[int]) -> None:
    world = open_world()
    for campaign_id in (2, 1, 2):
        world.center.load_contacts(campaign_id, (person(number) for number in range(size)))
    everything = world.ids()
    for cursor in [*cursors, *everything[:3], *everything[-3:]]:
        assert world.page(cursor) == [one for one in everything if one > cursor][:PAGE_SIZE]


@pytest.mark.rule("P2")
def test_a_contact_appended_while_a_client_pages_comes_last_and_once(world: World) -> None:
    world.center.load_contacts(1, (person(number) for number in range(200)))
    first = world.page()
    new = world.append()
    assert world.page(first[-1]) == [new]
    assert world.page(new) == []


@pytest.mark.rule("P3")
def test_closed_contacts_stay_in_the_pages(world: World) -> None:
    world.center.load_contacts(1, (person(number) for number in range(201)))
    for contact_id in world.ids()[::50]:
        world.close(contact_id)
    world.center.load_contacts(1, [person(status=ContactStatus.CLOSED)])
    assert [*chain(*world.pages())] == world.ids()
    assert world.counts() == (202, 6, 6)


@pytest.mark.rule("P4")
@pytest.mark.parametrize("cursor", [3, 4, 10**9, 2**63 - 1, 2**70])
def test_past_the_end_there_are_no_contacts(world: World, cursor: int) -> None:
    world.center.load_contacts(1, (person(number) for number in range(3)))
    assert world.page(cursor) == []
    assert world.page(cursor, campaign_id=2) == []


@pytest.mark.rule("P5")
@pytest.mark.parametrize("text", ODD_TEXTS.values(), ids=ODD_TEXTS)
def test_every_field_comes_back_as_it_went_in(world: World, text: str) -> None:
    full = Contact(
        campaign_name=text,
        address=Address(*[text] * 7),
        custom_fields=(CustomField("Account", text, True), CustomField("Note", "")),
        email_address=text,
        first_name=text,
        last_name=text,
        phone_number=PhoneNumber(text, text, text),
        preferred_agent_id=2**31,
        preferred_agent_specified=True,
        title=text,
        skillset_id=SALES.skillset_id,
    )
    contact_id = world.append(full)
    (found,) = world.center.get_200_campaign_contacts(world.key, 1, 0)
    assert found.contact_id == contact_id
    assert found == Contact(**{name: getattr(full, name) for name in Contact.__slots__} | {"contact_id": contact_id})


@pytest.mark.rule("P5")
@pytest.mark.parametrize("codec", [PlainCodec(), XML_CONTACTS], ids=["plain", "xml"])
def test_what_was_never_given_is_told_from_what_was_given_empty(codec: PlainCodec) -> None:
    world = open_world(codec=codec)
    contacts = [
        person(1, first_name=None),
        person(2, first_name="", custom_fields=()),
        person(3, address=Address(), phone_number=PhoneNumber(), custom_fields=None),
        person(4, address=Address(line1=""), phone_number=PhoneNumber(phone_no="")),
    ]
    world.center.load_contacts(1, contacts)
    found = world.center.contacts(1)
    assert [(one.first_name, one.custom_fields, one.address, one.phone_number) for one in found] == [
        (one.first_name, one.custom_fields, one.address, one.phone_number) for one in contacts
    ]
