"""Of two mistakes in one request, the one that is found first."""

from __future__ import annotations

import pytest

from tests.messages import (
    CAMPAIGN,
    NO_BODY,
    NO_FORMAT,
    READ,
    SOAP11,
    SOAP12,
    SOAP_XML,
    TEXT_XML,
    UPGRADE,
    T,
    action,
    assert_empty,
    assert_fault,
    envelope,
    operation,
    post,
    said,
)
from tests.raw_http import Reply, Site

from .conftest import SPRING, Running

GET200 = action("Get200CampaignContacts")
BAD_NUMBER = operation("Get200CampaignContacts", "<CampaignID>abc</CampaignID>")
MISMATCH = f"Possible SOAP version mismatch: Envelope namespace urn:other was unexpected. Expecting {SOAP11}."


def get_contacts(site: Site, body: str, content_type: str = TEXT_XML, soap_action: str | None = GET200) -> Reply:
    return post(site, body, path=CAMPAIGN, soap_action=soap_action, content_type=content_type)


def test_an_unknown_action_comes_before_the_media_type(site: Site) -> None:
    reply = get_contacts(site, "{}", "application/json", "urn:nope")
    assert said(reply) == "Server did not recognize the value of HTTP Header SOAPAction: urn:nope."


def test_an_unknown_action_comes_before_the_version(site: Site) -> None:
    reply = get_contacts(site, envelope("", soap="urn:other"), soap_action="urn:nope")
    assert said(reply) == "Server did not recognize the value of HTTP Header SOAPAction: urn:nope."


def test_the_media_type_comes_before_broken_xml(site: Site) -> None:
    assert_empty(get_contacts(site, "not XML", "text/plain"), 415)


def test_the_media_type_comes_before_the_version(site: Site) -> None:
    assert_empty(get_contacts(site, envelope("", soap="urn:other"), "text/plain"), 415)


def test_routing_by_the_body_comes_before_the_media_type(site: Site) -> None:
    reply = get_contacts(site, "{}", "application/json", None)
    assert said(reply).endswith("Data at the root level is invalid. Line 1, position 1.")
    assert_empty(get_contacts(site, envelope(BAD_NUMBER), "application/json", None), 415, soap=SOAP12)


def test_the_version_comes_before_the_media_type_of_soap_11(site: Site) -> None:
    content_type = f'{SOAP_XML}; action="{T}Get200CampaignContacts"'
    reply = get_contacts(site, envelope("", soap="urn:other"), content_type, None)
    assert_fault(reply, "VersionMismatch", MISMATCH, header=UPGRADE)


def test_the_version_comes_before_xml_that_breaks_after_the_root(site: Site) -> None:
    reply = get_contacts(site, '<s:Envelope xmlns:s="urn:other"><')
    assert_fault(reply, "VersionMismatch", MISMATCH, header=UPGRADE)


def test_the_version_comes_before_the_root_elements_name(site: Site) -> None:
    reply = get_contacts(site, '<Letter xmlns="urn:other"/>')
    assert_fault(reply, "VersionMismatch", MISMATCH, header=UPGRADE)


def test_the_media_type_of_soap_11_comes_before_broken_xml(site: Site) -> None:
    content_type = f'{SOAP_XML}; action="{T}Get200CampaignContacts"'
    assert_empty(get_contacts(site, f'<s:Envelope xmlns:s="{SOAP11}"><', content_type, None), 415)


def test_a_missing_body_comes_before_xml_that_breaks_later(site: Site) -> None:
    body = f'<s:Envelope xmlns:s="{SOAP11}"><nobody></s:Envelope>'
    assert_fault(get_contacts(site, body), "Client", READ.replace(">", "&gt;") + NO_BODY)


@pytest.mark.parametrize("soap", [SOAP11, SOAP12], ids=["SOAP 1.1", "SOAP 1.2"])
def test_a_bad_number_comes_before_xml_that_breaks_later(site: Site, soap: str) -> None:
    content = operation("Get200CampaignContacts", "<CampaignID>abc</CampaignID><a/><b></c>")
    content_type = TEXT_XML if soap == SOAP11 else f'{SOAP_XML}; action="{T}Get200CampaignContacts"'
    reply = get_contacts(site, envelope(content, soap=soap), content_type)
    assert said(reply).endswith(f" ---> {NO_FORMAT}")
    assert reply.header("Content-Type") == content_type.partition("; action")[0]


@pytest.mark.parametrize(
    "breakage",
    [
        pytest.param("</oops>", id="a wrong end tag"),
        pytest.param("<a b='1' b='2'/>", id="a doubled attribute"),
        pytest.param("<p:a/>", id="an undeclared prefix"),
        pytest.param("<", id="a bare bracket"),
        pytest.param("\x01", id="a control character"),
        pytest.param("text\x01", id="text with a control character"),
        pytest.param("]]>", id="an end of CDATA"),
        pytest.param("<!-- -- -->", id="a bad comment"),
        pytest.param("<a", id="a tag that never ends"),
    ],
)
def test_xml_that_breaks_right_after_a_bad_number_comes_first(site: Site, breakage: str) -> None:
    content = f'<Get200CampaignContacts xmlns="{T}"><CampaignID>abc</CampaignID>{breakage}'
    assert_empty(get_contacts(site, envelope(content)), 400)


@pytest.mark.parametrize(
    "breakage",
    [
        pytest.param("<a></b>", id="a wrong end tag"),
        pytest.param("<a>&nope;</a>", id="an unknown entity"),
        pytest.param("<p:a/>", id="an undeclared prefix"),
        pytest.param("<a>\x01</a>", id="a control character"),
    ],
)
def test_xml_that_breaks_before_a_bad_number_comes_first(site: Site, breakage: str) -> None:
    content = operation("Get200CampaignContacts", f"{breakage}<CampaignID>abc</CampaignID>")
    assert_empty(get_contacts(site, envelope(content)), 400)


def test_of_two_bad_values_the_first_in_the_text_counts(site: Site) -> None:
    arguments = "<LastContactID>99999999999999999999</LastContactID><CampaignID>abc</CampaignID>"
    reply = get_contacts(site, envelope(operation("Get200CampaignContacts", arguments)))
    assert said(reply).endswith(" ---> Value was either too large or too small for an Int64.")


HEADER = '<soap:Header><h:A xmlns:h="urn:h" soap:mustUnderstand="1"/></soap:Header>'


def test_a_bad_number_comes_before_a_header_that_must_be_understood(site: Site) -> None:
    reply = get_contacts(site, envelope(BAD_NUMBER, header=HEADER))
    assert said(reply).endswith(f" ---> {NO_FORMAT}")


def test_broken_xml_comes_before_a_header_that_must_be_understood(site: Site) -> None:
    reply = get_contacts(site, envelope(BAD_NUMBER, header=HEADER).removesuffix("</soap:Envelope>"))
    assert_empty(get_contacts(site, envelope("<a></b>", header=HEADER)), 400)
    assert said(reply).endswith(f" ---> {NO_FORMAT}")


def test_a_header_that_must_be_understood_comes_before_the_session_key(site: Site) -> None:
    content = operation("Get200CampaignContacts", "<sessionKey>wrong</sessionKey>")
    reply = get_contacts(site, envelope(content, header=HEADER))
    assert_fault(reply, "MustUnderstand", "SOAP header A was not understood.", detail=None)


def test_a_bad_number_comes_before_the_session_key(site: Site) -> None:
    content = operation("Get200CampaignContacts", "<sessionKey>wrong</sessionKey><CampaignID/>")
    assert said(get_contacts(site, envelope(content))).endswith(f" ---> {NO_FORMAT}")


@pytest.mark.parametrize("cut", [1, 16, 17, 30])
def test_a_truncated_envelope_is_a_bad_request_and_changes_nothing(running: Running, cut: int) -> None:
    arguments = f"<CampaignID>{SPRING}</CampaignID><sessionKey>{running.key}</sessionKey>"
    body = envelope(
        operation("AppendContactsToCampaign", arguments + '<contact><SkillsetID xmlns="x">10</SkillsetID></contact>')
    )
    reply = post(running.site, body[:-cut], path=CAMPAIGN, soap_action=action("AppendContactsToCampaign"))
    assert_empty(reply, 400)
    assert len(running.center.contacts(SPRING)) == 2
