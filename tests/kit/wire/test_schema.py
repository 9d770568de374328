"""Bodies held against the WSDLs' schema."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from ccmm_contracts.operations import SERVICES
from ccmm_contracts.wire.schema import REVISIONS, invalid, wsdl

from .envelopes import DATATYPES, envelope, fault_11, fault_12, response, result_of

CONTACT = (
    "<d:OWContact><d:ContactID>7</d:ContactID><d:FirstName>Ann</d:FirstName><d:PreferredAgentID>0</d:PreferredAgentID>"
    "<d:PreferredAgentSpecified>false</d:PreferredAgentSpecified><d:SkillsetID>1</d:SkillsetID></d:OWContact>"
)
CAMPAIGN, CONTACT_SERVICE, UTILITY = "OutboundCampaignWS", "OutboundContactWS", "OutboundUtilityWS"


def page(contacts: str) -> bytes:
    return envelope(result_of("Get200CampaignContacts", f"<d:ContactList>{contacts}</d:ContactList>"))


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("service", SERVICES)
def test_the_wsdls_are_those_of_the_repository(revision: str, service: str) -> None:
    folder = Path(__file__).parents[3] / "wsdl"
    assert wsdl(revision, service) == (folder / revision / f"{service}.wsdl").read_bytes()


@pytest.mark.parametrize(("revision", "service"), [("sdk-8.0", UTILITY), ("sdk-7.0", "../sdk-7.0/OutboundUtilityWS")])
def test_an_unknown_wsdl_is_told(revision: str, service: str) -> None:
    with pytest.raises(ValueError, match="there is no WSDL"):
        wsdl(revision, service)


@pytest.mark.parametrize("revision", REVISIONS)
def test_what_asmx_writes_is_valid(revision: str) -> None:
    for soap in ("1.1", "1.2"):
        assert invalid(revision, UTILITY, envelope(response("OutboundLogoff"), soap=soap)) == ""
    assert invalid(revision, CAMPAIGN, page(CONTACT)) == ""
    assert invalid(revision, CAMPAIGN, page("")) == ""
    assert invalid(revision, CAMPAIGN, envelope(response("GetCampaigns"))) == ""
    status = f'<GetContactStatusResult><Id xmlns="{DATATYPES}">1</Id></GetContactStatusResult>'
    assert invalid(revision, CONTACT_SERVICE, envelope(response("GetContactStatus", status))) == ""


def test_a_fault_is_valid_whatever_its_detail_holds() -> None:
    assert invalid("sdk-7.0", CAMPAIGN, envelope(fault_11(detail="<detail><x/></detail>"))) == ""
    assert invalid("sdk-7.0", CAMPAIGN, envelope(fault_12(), soap="1.2")) == ""


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (page(CONTACT.replace("<d:FirstName>Ann</d:FirstName>", "<d:Age>7</d:Age>")), "Element 'Age'"),
        (page(CONTACT.replace("<d:ContactID>7</d:ContactID>", "")), "Expected is ( ContactID )"),
        (page(CONTACT.replace(">7<", "><")), "'' is not a valid value of the atomic type 'xs:long'"),
        (page(CONTACT.replace(">false<", ">False<")), "'False'"),
        (page(CONTACT.replace("d:", "")), "Element 'OWContact'"),
        (page(CONTACT.replace(">7<", ">a<").replace(">1<", ">b<")), "more)"),
        (envelope(response("OutboundLogoff")), "OutboundLogoffResponse"),
        (envelope(""), "the SOAP Body is empty"),
        (b"<html/>", "no SOAP envelope with a Body, but html"),
        (b"nothing", "no XML"),
        (b"", "no XML"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(body: bytes, reason: str) -> None:
    told = invalid("sdk-7.0", CAMPAIGN, body)
    assert reason in told
    assert "\n" not in told
    assert "{" not in told


def test_only_the_revision_with_a_priority_knows_it() -> None:
    body = envelope(
        '<AppendContactsToCampaign xmlns="http://nortel.com/CCMMOutboundWebservices/"><CampaignID>1</CampaignID>'
        "<priority>1</priority></AppendContactsToCampaign>"
    )
    assert "priority" in invalid("sdk-7.0", CAMPAIGN, body)
    assert invalid("priority", CAMPAIGN, body) == ""


def test_threads_do_not_read_each_others_mistakes() -> None:
    bodies = [page(CONTACT.replace("FirstName", f"First{n}")) for n in range(8)] * 10
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda one: invalid("sdk-7.0", CAMPAIGN, one), bodies))
    assert all(f"'First{n % 8}'" in one for n, one in enumerate(told))


def test_a_page_of_200_contacts_is_validated_in_no_time() -> None:
    body = page(CONTACT * 200)
    invalid("sdk-7.0", CAMPAIGN, body)
    fastest = min(_seconds(body) for _ in range(5))
    assert fastest < 0.05


def _seconds(body: bytes) -> float:
    started = time.perf_counter()
    assert invalid("sdk-7.0", CAMPAIGN, body) == ""
    return time.perf_counter() - started
