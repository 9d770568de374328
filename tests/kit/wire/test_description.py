"""WSDLs that a server shows, compared with those in the field."""

from __future__ import annotations

import pytest
from ccmm_contracts.caller import Caller
from ccmm_contracts.operations import SERVICES
from ccmm_contracts.wire.description import differences
from ccmm_contracts.wire.http import Http
from ccmm_contracts.wire.schema import REVISIONS, wsdl

from fake_ccmm import FakeCcmm

CAMPAIGN = "OutboundCampaignWS"


def spoilt(old: str, new: str, *, service: str = CAMPAIGN) -> list[str]:
    text = wsdl("sdk-7.0", service).decode()
    assert old in text
    return differences(service, text.replace(old, new).encode())["sdk-7.0"]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("revision", REVISIONS)
def test_a_revision_does_not_differ_from_itself_wherever_it_is_served(revision: str, service: str) -> None:
    with FakeCcmm(revision=revision) as ccmm, Http() as http:
        shown = Caller(f"{ccmm.url}/ccmmoutboundwebservices", http).wsdl(service)
    assert b"127.0.0.1" in shown
    assert differences(service, shown)[revision] == []


def test_the_revisions_differ_in_the_priority() -> None:
    found = differences(CAMPAIGN, wsdl("priority", CAMPAIGN))
    assert found == {
        "sdk-7.0": ["element tns:AppendContactsToCampaign: priority is there besides (xsd:int 1..1)"],
        "priority": [],
    }


def test_prefixes_order_of_attributes_and_blanks_mean_nothing() -> None:
    text = wsdl("sdk-7.0", CAMPAIGN).decode()
    other = text.replace("s1:", "types:").replace("xmlns:s1=", "xmlns:types=").replace("\n", "").replace("> ", ">")
    assert differences(CAMPAIGN, other.encode())["sdk-7.0"] == []


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("NumbericValue", "NumericValue", "type dt:OWDispositioncode: NumbericValue is missing (xsd:long 1..1)"),
        ("NumbericValue", "NumericValue", "type dt:OWDispositioncode: NumericValue is there besides (xsd:long 1..1)"),
        (
            'name="ContactID" type="s:long"',
            'name="ContactID" type="s:int"',
            "type dt:OWContact: ContactID is xsd:int 1..1, not xsd:long 1..1",
        ),
        (
            'minOccurs="0" maxOccurs="1" name="Title"',
            'minOccurs="1" maxOccurs="1" name="Title"',
            "type dt:OWContact: Title is xsd:string 1..1, not xsd:string 0..1",
        ),
        (
            'name="OWContact" nillable="true"',
            'name="OWContact"',
            "type dt:ArrayOfOWContact: OWContact is dt:OWContact 0..unbounded, not dt:OWContact 0..unbounded nillable",
        ),
        ("every 1 seconds", "every 2 seconds", "documentation of operation AppendContactsToCampaign"),
        (
            "CCMMOutboundWebservices/GetCampaigns",
            "CCMMOutboundWebservices/Campaigns",
            "binding OutboundCampaignWSSoap: GetCampaigns is document, input literal, output literal, SOAPAction "
            "http://nortel.com/CCMMOutboundWebservices/Campaigns, not document",
        ),
        ('elementFormDefault="qualified"', "", "schema dt: elementFormDefault is unqualified, not qualified"),
        ('<wsdl:part name="parameters"', '<wsdl:part name="body"', "message GetCampaignsSoapIn is body"),
        ('style="document"', 'style="rpc"', "binding OutboundCampaignWSSoap12: GetCampaigns is rpc"),
        ('wsdl:port name="OutboundCampaignWSSoap12"', 'wsdl:port name="Other"', "port OutboundCampaignWSSoap12 of"),
    ],
)
def test_a_difference_is_told_in_a_line(old: str, new: str, line: str) -> None:
    assert any(one.startswith(line) for one in spoilt(old, new)), spoilt(old, new)


def test_another_order_is_told_once() -> None:
    first = '<s:element minOccurs="1" maxOccurs="1" name="Id" type="s:long" />'
    second = '<s:element minOccurs="0" maxOccurs="1" name="Name" type="s:string" />'
    text = wsdl("sdk-7.0", CAMPAIGN).decode()
    start = text.index('complexType name="OWStatus"')
    end = text.index("</s:complexType>", start)
    members = text[start:end]
    swapped = members.replace(first, "@").replace(second, first).replace("@", second)
    found = differences(CAMPAIGN, (text[:start] + swapped + text[end:]).encode())["sdk-7.0"]
    assert found == ["type dt:OWStatus: order is Name, Id, not Id, Name"]


def test_a_type_that_is_missing_is_told_once_and_not_member_by_member() -> None:
    found = spoilt('complexType name="OWAddress"', 'complexType name="Address"')
    assert found == [
        "type dt:OWAddress is missing (with members)",
        "type dt:Address is there besides (with members)",
    ]


@pytest.mark.parametrize(
    ("document", "reason"), [(b"<html/>", "no WSDL"), (b"nothing", "no XML"), (b"<!DOCTYPE a []><a/>", "DTD")]
)
def test_what_is_no_wsdl_is_told(document: bytes, reason: str) -> None:
    for lines in differences(CAMPAIGN, document).values():
        assert len(lines) == 1
        assert reason in lines[0]


def test_an_empty_wsdl_lacks_everything() -> None:
    found = differences(CAMPAIGN, b'<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" />')["sdk-7.0"]
    assert "service OutboundCampaignWS is missing (a service)" in found
