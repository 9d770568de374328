"""What the kit draws can be sent, and is what its strategies say."""

from __future__ import annotations

from typing import Any

import pytest
from ccmm_contracts import generate
from ccmm_contracts.domain import CONTACT_STATUSES, Address, Contact, CustomField, PhoneNumber, Status
from ccmm_contracts.plain import tagged, untagged
from ccmm_contracts.wire.envelope import request_for
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

URL = "http://127.0.0.1/OutboundCampaignWS.asmx"
KEY = "AbCdEf0123__ann"


@given(generate.texts())
def test_every_text_can_be_carried_by_xml_and_comes_back_as_received(text: str) -> None:
    element = etree.Element("t")
    element.text = text
    sent = etree.tostring(element, encoding="unicode")
    raw = sent.replace("&#13;", "\r")  # as ASMX writes it
    assert (etree.fromstring(raw).text or "") == generate.as_received(text)


@pytest.mark.parametrize(
    ("sent", "received"),
    [("a\rb", "a\nb"), ("a\r\nb", "a\nb"), ("\r\n\r", "\n\n"), ("a\nb", "a\nb"), (" \t", " \t"), ("", "")],
)
def test_a_carriage_return_is_received_as_a_line_feed(sent: str, received: str) -> None:
    assert generate.as_received(sent) == received


def test_every_text_of_a_value_is_received() -> None:
    sent = Contact(title="\r", address=Address("a\r\n"), custom_fields=(CustomField("n\r", "t\r"), CustomField()))
    assert generate.as_received(sent) == Contact(
        title="\n", address=Address("a\n"), custom_fields=(CustomField("n\n", "t\n"), CustomField())
    )
    assert generate.as_received(None) is None


@given(generate.names())
def test_a_name_is_not_empty_and_has_no_blanks_around(name: str) -> None:
    assert name
    assert name == name.strip()
    assert name.isprintable()


@given(generate.contacts([7, 9], ["Account", "Segment"]))
def test_a_contact_has_a_skillset_and_fields_of_its_campaign_and_can_be_sent(contact: Contact) -> None:
    assert contact.skillset_id in (7, 9)
    names = [one.name for one in contact.custom_fields or ()]
    assert set(names) <= {"Account", "Segment"}
    assert len(names) == len(set(names))
    assert untagged(tagged(contact)) == contact
    request_for(URL, "AppendContactsToCampaign", {"campaign_id": 1, "contact": contact, "session_key": "k"})


@given(st.data())
def test_a_contact_may_have_unknown_and_doubled_fields_where_asked_for(data: st.DataObject) -> None:
    found = generate.contacts([1], ["Account"], unknown_fields=True, doubled_fields=True)
    contact = data.draw(found.filter(lambda one: len(one.custom_fields or ()) > 1))
    assert {one.name for one in contact.custom_fields or ()} <= {"Account", "No such field", "Nor this one"}


@given(st.lists(generate.phone_numbers(["1", "2"]), min_size=1))
def test_phone_numbers_are_made_of_blanks_and_of_the_pool(numbers: list[PhoneNumber]) -> None:
    parts = {part for one in numbers for part in (one.int_code, one.area_code, one.phone_no)}
    assert parts <= {None, "", " ", "1", "2"}


@given(generate.wrong_keys(KEY))
def test_a_wrong_key_is_never_the_good_one(key: str | None) -> None:
    assert key != KEY


def test_a_key_is_got_wrong_in_ways_that_differ() -> None:
    assert len({make(KEY) for make in generate.WRONG_KEYS.values()}) == len(generate.WRONG_KEYS)


@given(generate.wrong_keys("1234567890"))
def test_a_wrong_key_differs_even_where_there_is_no_letter_case(key: str | None) -> None:
    assert key != "1234567890"


@given(generate.wrong_numbers())
def test_a_wrong_number_is_no_long(text: str) -> None:
    try:
        value: Any = int(text) if text.isascii() and "_" not in text else None
    except ValueError:
        value = None
    assert value is None or not -(2**63) <= value < 2**63


@given(generate.counts(most=250))
def test_counts_stay_within_what_is_asked_for(count: int) -> None:
    assert 0 <= count <= 250


@settings(max_examples=10)
@given(st.lists(generate.counts(), min_size=50, max_size=50))
def test_counts_are_mostly_where_pages_end(counts: list[int]) -> None:
    assert set(counts) & set(generate.BOUNDARIES)


@given(generate.status_filters({"New": 1, "Closed": 3}))
def test_a_status_filter_names_a_status_that_is_known(status: Status | None) -> None:
    assert status is None or status.id in (0, 1, 3)
    assert status is None or status.name in (None, *CONTACT_STATUSES)


@given(generate.wrong_status_filters())
def test_a_wrong_status_filter_names_none(status: Status) -> None:
    assert status.name not in (*CONTACT_STATUSES, "")
    assert status.id or status.name


@given(generate.contact_statuses())
def test_a_status_of_a_contact_is_one_of_the_five(status: str) -> None:
    assert status in CONTACT_STATUSES


@given(generate.dispositions([11], [14]))
def test_a_disposition_code_is_said_only_with_its_flag(arguments: dict[str, Any]) -> None:
    assert set(arguments) == {"disposition_code_specified", "disposition_code"}
    if arguments["disposition_code_specified"]:
        assert arguments["disposition_code"] in (11, 14)


def test_an_appended_contact_shows_the_fields_of_its_campaign_and_its_own_id() -> None:
    fields = (CustomField("A", "1"), CustomField("B", "2"), CustomField("A", "3\r"))
    sent = Contact(contact_id=99, title="x\r\ny", campaign_name="sent", custom_fields=fields)
    shown = generate.as_appended(sent, contact_id=5, custom_field_names=["A"])
    assert shown == Contact(contact_id=5, title="x\ny", campaign_name="sent", custom_fields=(CustomField("A", "3\n"),))
    assert generate.as_appended(sent, contact_id=5, custom_field_names=None, campaign_name="its").campaign_name == "its"


def test_an_appended_contact_without_fields_has_no_list_of_them() -> None:
    assert generate.as_appended(Contact(), contact_id=1, custom_field_names=["A"]).custom_fields is None
    nothing_known = Contact(custom_fields=(CustomField("B"),))
    assert generate.as_appended(nothing_known, contact_id=1, custom_field_names=["A"]).custom_fields == ()
