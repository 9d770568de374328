"""Requests, as they are written."""

from __future__ import annotations

from typing import Any

import pytest
from ccmm_contracts.domain import Address, Contact, CustomField, PhoneNumber, Status
from ccmm_contracts.operations import OPERATIONS
from ccmm_contracts.wire.envelope import Raw, request_for
from ccmm_contracts.wire.names import CALLS, DATATYPES, NAMESPACE
from ccmm_contracts.wire.schema import invalid
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

URL = "http://host/ccmmoutboundwebservices/X.asmx"
SAMPLES: dict[str, Any] = {
    "string": "a text",
    "int": 101,
    "long": 2**40,
    "boolean": True,
    "OWContact": Contact(
        address=Address(line1="1 Main Street", country=""),
        custom_fields=(CustomField("Account", "7", True), CustomField()),
        phone_number=PhoneNumber(None, "30", "123"),
        skillset_id=10032,
    ),
    "OWPhoneNumber": PhoneNumber("49", "30", "123"),
    "OWStatus": Status(0, None),
    "OWCustomField": CustomField("Account", "7"),
}
XML_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"))


def every_argument(operation: str) -> dict[str, Any]:
    return {one.field: SAMPLES[one.type] for one in CALLS[operation].arguments}


def content(operation: str, **arguments: Any) -> etree._Element:
    root = etree.fromstring(request_for(URL, operation, arguments).body)
    return root[0][0]


@pytest.mark.parametrize("soap", ["1.1", "1.2"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_request_with_every_argument_is_valid_by_the_schema(operation: str, soap: str) -> None:
    request = request_for(URL, operation, every_argument(operation), soap=soap)
    assert invalid("priority", OPERATIONS[operation].service, request.body) == ""


@pytest.mark.parametrize("operation", OPERATIONS)
def test_arguments_come_in_the_wires_order_however_they_are_given(operation: str) -> None:
    given_backwards = dict(reversed(every_argument(operation).items()))
    written = content(operation, **given_backwards)
    assert written.tag == f"{{{NAMESPACE}}}{operation}"
    assert [one.tag for one in written] == [f"{{{NAMESPACE}}}{one.name}" for one in CALLS[operation].arguments]


def test_soap_1_1_names_the_action_in_quotes_in_its_own_header() -> None:
    request = request_for(URL, "GetCampaigns", {})
    assert (request.method, request.url) == ("POST", URL)
    assert request.headers == (
        ("Content-Type", "text/xml; charset=utf-8"),
        ("SOAPAction", f'"{NAMESPACE}GetCampaigns"'),
    )
    assert etree.fromstring(request.body).tag == "{http://schemas.xmlsoap.org/soap/envelope/}Envelope"


def test_soap_1_2_names_the_action_beside_the_media_type() -> None:
    request = request_for(URL, "GetCampaigns", {}, soap="1.2")
    assert request.headers == (
        ("Content-Type", f'application/soap+xml; charset=utf-8; action="{NAMESPACE}GetCampaigns"'),
    )
    assert etree.fromstring(request.body).tag == "{http://www.w3.org/2003/05/soap-envelope}Envelope"


def test_what_is_left_out_or_none_is_an_element_that_is_left_out() -> None:
    written = content("CloseContact", campaign_id=101, closure_text=None, custom_field_name="")
    assert [(one.tag.rpartition("}")[2], one.text) for one in written] == [
        ("campaignId", "101"),
        ("customFieldName", None),
    ]


def test_the_members_of_a_contact_are_in_the_namespace_of_the_datatypes_and_an_empty_list_is_not_none() -> None:
    contact = content("AppendContactsToCampaign", contact=Contact(custom_fields=(), title=""))[0]
    names = ["ContactID", "CustomFieldList", "PreferredAgentID", "PreferredAgentSpecified", "Title", "SkillsetID"]
    assert [one.tag for one in contact] == [f"{{{DATATYPES}}}{name}" for name in names]
    assert [one.text for one in contact] == ["0", None, "0", "false", None, "0"]


def test_a_raw_text_goes_where_a_number_or_an_object_is_due() -> None:
    written = content("GetContactIDByPhoneNumber", campaign_id=Raw("<abc>"), phone_number=Raw(""))
    assert [(one.tag.rpartition("}")[2], one.text, len(one)) for one in written] == [
        ("phoneNumber", None, 0),
        ("CampaignID", "<abc>", 0),
    ]


@given(XML_TEXT | st.sampled_from([" a ", "a\r\nb", "\r", "\t\n", "]]>", "&amp;<b>", "\x85\u2028", "\U00020bb7"]))
def test_any_text_that_xml_carries_arrives_as_it_was_given(text: str) -> None:
    assert (content("OutboundLogin", username=text)[0].text or "") == text


@pytest.mark.parametrize("text", ["\0", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_a_character_that_xml_cannot_carry_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=f"XML cannot carry the character U\\+{ord(text):04X}"):
        request_for(URL, "OutboundLogin", {"username": f"a{text}b"})


@pytest.mark.parametrize(
    ("operation", "argument", "value"),
    [
        ("GetCampaigns", "session_key", 1),
        ("Get200CampaignContacts", "campaign_id", "101"),
        ("Get200CampaignContacts", "campaign_id", True),
        ("GetContactStatus", "custom_field_passed", 1),
        ("FindContactsByPhoneNumber", "phone_number", CustomField()),
        ("AppendContactsToCampaign", "contact", {"first_name": "Ann"}),
    ],
)
def test_a_value_of_another_type_is_refused_and_the_way_out_is_told(operation: str, argument: str, value: Any) -> None:
    with pytest.raises(TypeError, match="send a Raw"):
        request_for(URL, operation, {argument: value})


def test_an_unknown_argument_is_told_with_those_there_are() -> None:
    with pytest.raises(ValueError, match=r"OutboundLogoff has no argument \['user'\]; it has: username"):
        request_for(URL, "OutboundLogoff", {"user": "ann"})


@pytest.mark.parametrize(("operation", "soap"), [("Login", "1.1"), ("OutboundLogin", "1.3")])
def test_an_unknown_operation_or_version_is_refused(operation: str, soap: str) -> None:
    with pytest.raises(ValueError, match="there is no operation"):
        request_for(URL, operation, {}, soap=soap)
