"""Answers, as they are read: what is right, and all that may be wrong."""

from __future__ import annotations

from typing import Any

import pytest
from ccmm_contracts.answer import Answer, Fault, Odd, Returned
from ccmm_contracts.domain import (
    Address,
    Campaign,
    Contact,
    CustomField,
    DispositionCode,
    PhoneNumber,
    Skillset,
    Status,
)
from ccmm_contracts.exchange import HttpResponse
from ccmm_contracts.operations import OPERATIONS
from ccmm_contracts.wire.answers import read_answer
from hypothesis import given
from hypothesis import strategies as st

from .envelopes import DATATYPES, ERROR, SERVICES, answer, envelope, fault_11, fault_12, response, result_of

LISTING = ["GetCampaigns", "Get200CampaignContacts", "FindContactsByPhoneNumber", "FindContactsByCustomField"]
LOGIN = response("OutboundLogin", "<OutboundLoginResult>key</OutboundLoginResult>")


def read(operation: str, content: str | bytes, *, ask: str | None = None, **how: Any) -> Answer:
    return read_answer(operation, answer(content, **how), soap=ask)


def why(operation: str, content: str | bytes, *, ask: str | None = None, **how: Any) -> str:
    found = read(operation, content, ask=ask, **how)
    assert isinstance(found, Odd), found
    return found.why


# --- what is returned -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("soap", ["1.1", "1.2"])
def test_a_key_is_the_text_that_was_sent(soap: str) -> None:
    assert read("OutboundLogin", LOGIN, soap=soap, ask=soap) == Returned("key")


@pytest.mark.parametrize(
    ("result", "value"),
    [
        ("", None),
        ("<OutboundLoginResult />", ""),
        ("<OutboundLoginResult></OutboundLoginResult>", ""),
        ('<OutboundLoginResult xsi:nil="true" />', None),
        ('<OutboundLoginResult xsi:nil="false" />', ""),
        ("<OutboundLoginResult> a\n b\t</OutboundLoginResult>", " a\n b\t"),
        ("<OutboundLoginResult>a&#13;&lt;<!-- no --><![CDATA[<b>]]></OutboundLoginResult>", "a\r<<b>"),
    ],
)
def test_missing_nil_empty_and_blank_texts_are_kept_apart(result: str, value: str | None) -> None:
    assert read("OutboundLogin", response("OutboundLogin", result)) == Returned(value)


def test_a_log_off_returns_nothing() -> None:
    assert read("OutboundLogoff", response("OutboundLogoff")) == Returned(None)


@pytest.mark.parametrize("operation", LISTING)
@pytest.mark.parametrize(
    ("content", "form"),
    [
        ("", "null-result"),
        ('<{operation}Result xsi:nil="true" />', "null-result"),
        ("<{operation}Result />", "null-list"),
        ('<{operation}Result><{list} xmlns="{dt}" xsi:nil="true" /></{operation}Result>', "null-list"),
        ('<{operation}Result><{list} xmlns="{dt}" /></{operation}Result>', "empty-list"),
    ],
)
def test_the_three_forms_of_nothing_are_kept_apart(operation: str, content: str, form: str) -> None:
    holder = "CampaignList" if operation == "GetCampaigns" else "ContactList"
    filled = content.format(operation=operation, list=holder, dt=DATATYPES)
    assert read(operation, response(operation, filled)) == Returned((), form)


def test_a_contact_comes_with_every_member_and_its_own_prefixes() -> None:
    content = result_of(
        "Get200CampaignContacts",
        "<d:ContactList><d:OWContact><d:ContactID> 7\n</d:ContactID><d:CampaignName>Spring</d:CampaignName>"
        "<d:Address><d:AddressLine1>1 Main Street</d:AddressLine1><d:PostCode /></d:Address>"
        "<d:CustomFieldList><d:OWCustomField><d:Name>Account</d:Name><d:Text>x</d:Text>"
        "<d:IsTextVisible>1</d:IsTextVisible></d:OWCustomField></d:CustomFieldList><d:EmailAddress>a@b</d:EmailAddress>"
        "<d:FirstName>Zoë</d:FirstName><d:LastName>\U00020bb7</d:LastName>"
        "<d:PhoneNumber><d:PhoneNo>123</d:PhoneNo></d:PhoneNumber><d:PreferredAgentID>-1</d:PreferredAgentID>"
        "<d:PreferredAgentSpecified>true</d:PreferredAgentSpecified><d:Title>Dr</d:Title>"
        "<d:SkillsetID>+5</d:SkillsetID></d:OWContact>"
        "<d:OWContact><d:ContactID>8</d:ContactID><d:CustomFieldList /></d:OWContact></d:ContactList>",
    )
    assert read("Get200CampaignContacts", content) == Returned(
        (
            Contact(
                7,
                "Spring",
                Address(line1="1 Main Street", post_code=""),
                (CustomField("Account", "x", True),),
                "a@b",
                "Zoë",
                "\U00020bb7",
                PhoneNumber(phone_no="123"),
                -1,
                True,
                "Dr",
                5,
            ),
            Contact(8, custom_fields=()),
        )
    )


def test_a_campaign_comes_with_its_dates_as_they_were_sent() -> None:
    content = result_of(
        "GetCampaigns",
        "<d:CampaignList><d:OWCampaign><d:ID>101</d:ID><d:Name>Spring</d:Name>"
        "<d:DateCreated>2026-01-27T09:30:00.12Z</d:DateCreated><d:Skillset><d:Id>5</d:Id></d:Skillset>"
        "<d:Status><d:Id>1</d:Id><d:Name>Running</d:Name></d:Status><d:DispositionCodes><d:OWDispositioncode>"
        "<d:Id>11</d:Id><d:NumbericValue>501</d:NumbericValue><d:Deletable>false</d:Deletable>"
        "</d:OWDispositioncode></d:DispositionCodes></d:OWCampaign></d:CampaignList>",
    )
    assert read("GetCampaigns", content) == Returned(
        (
            Campaign(
                101,
                "Spring",
                date_created="2026-01-27T09:30:00.12Z",
                skillset=Skillset(5),
                status=Status(1, "Running"),
                disposition_codes=(DispositionCode(11, numeric_value=501, deletable=False),),
            ),
        )
    )


@pytest.mark.parametrize(
    ("operation", "value"),
    [("AppendContactsToCampaign", 1), ("CloseContact", 2**63 - 1), ("GetContactIDByPhoneNumber", -1)],
)
def test_a_number_is_a_number(operation: str, value: int) -> None:
    content = response(operation, f"<{operation}Result>{value}</{operation}Result>")
    assert read(operation, content) == Returned(value)


def test_a_status_may_be_missing() -> None:
    assert read("GetContactStatus", result_of("GetContactStatus", "<d:Id>3</d:Id><d:Name>Closed</d:Name>")) == Returned(
        Status(3, "Closed")
    )
    assert read("GetContactStatus", response("GetContactStatus")) == Returned(None)


def test_members_in_another_namespace_are_not_seen_and_the_first_of_two_counts() -> None:
    content = result_of("GetContactStatus", "<Id>1</Id><d:Id>2</d:Id><d:Id>3</d:Id><d:Colour>red</d:Colour>")
    assert read("GetContactStatus", content) == Returned(Status(2))


# --- faults -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("detail", ["<detail>{}</detail>", "<soap:Detail>{}</soap:Detail>"])
def test_a_fault_of_soap_1_2_is_told_in_the_words_of_1_1(detail: str) -> None:
    found = read("GetCampaigns", fault_12(detail=detail.format(ERROR)), soap="1.2", status=500, ask="1.2")
    assert found == Fault("Client", "Access Denied", 2805, "GetCampaigns", "http://host/X.asmx", 500)


def test_a_fault_of_soap_1_1_has_its_number_and_source_from_the_detail() -> None:
    found = read("GetCampaigns", fault_11(detail=f"<detail>{ERROR}</detail>"), status=500, ask="1.1")
    assert found == Fault("Client", "Access Denied", 2805, "GetCampaigns", "http://host/X.asmx", 500)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("soap:Server", "Server"),
        ("Client", "Client"),
        ("soap:MustUnderstand", "MustUnderstand"),
        ("soap:Client.Auth", "Client.Auth"),
        ("soap:Sender", "Sender"),
    ],
)
def test_the_code_of_a_fault_is_its_local_part(sent: str, code: str) -> None:
    assert read("GetCampaigns", fault_11(code=sent), status=500) == Fault(
        code, "Access Denied", actor="http://host/X.asmx"
    )


def test_receiver_is_server() -> None:
    found = read("GetCampaigns", fault_12(code="soap:Receiver", detail=""), soap="1.2", status=500)
    assert isinstance(found, Fault)
    assert (found.code, found.number, found.source) == ("Server", None, None)


def test_a_fault_with_a_detail_of_its_own_has_no_number() -> None:
    for detail in ("", "<detail />", "<detail>text</detail>", "<detail><errorCode>7</errorCode></detail>"):
        found = read("GetCampaigns", fault_11(detail=detail), status=500)
        assert isinstance(found, Fault)
        assert found.number is None


def test_a_fault_about_versions_comes_in_soap_1_1_whatever_was_asked() -> None:
    found = read("GetCampaigns", fault_11(code="soap:VersionMismatch"), status=500, ask="1.2")
    assert isinstance(found, Fault)


# --- what is odd ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "how", "reason"),
    [
        (b"", {}, "its body is empty"),
        (b"", {"status": 415}, "HTTP 415: its body is empty"),
        (b"<html><body>Runtime Error</body>", {"status": 500, "content_type": "text/html"}, "but text/html"),
        (b"not XML", {}, "no XML in UTF-8"),
        (envelope(LOGIN)[:-9], {}, "no XML in UTF-8"),
        (envelope(LOGIN).replace(b"key", b"\xe9"), {}, "no XML in UTF-8"),
        (envelope(LOGIN).replace(b"key", b"&#1;"), {}, "no XML in UTF-8"),
        (envelope(LOGIN).replace(b"key", b"&nbsp;"), {}, "no XML in UTF-8"),
        (b"<definitions />", {}, "with the root definitions"),
        (b'<Envelope xmlns="urn:other" />', {}, "no SOAP envelope"),
        (envelope(LOGIN).replace(b"soap:Body", b"soap:Boby"), {}, "no Body"),
        (LOGIN, {"content_type": "application/soap+xml; charset=utf-8"}, "its envelope is SOAP 1.1, which is text/xml"),
        (LOGIN, {"soap": "1.2", "content_type": "text/xml"}, "its envelope is SOAP 1.2, which is application/soap"),
        (LOGIN, {"content_type": ""}, "its Content-Type is missing"),
        (LOGIN, {"content_type": "text/xml; charset=iso-8859-1"}, "charset=iso-8859-1"),
        (LOGIN.replace("key", "é"), {"content_type": "text/xml"}, "names no charset"),
        ("", {}, "its Body is empty where OutboundLoginResponse is due"),
        ("text", {}, "its Body is empty"),
        (response("OutboundLogoff"), {}, "its Body holds OutboundLogoffResponse where OutboundLoginResponse is due"),
        (LOGIN.replace(SERVICES, "urn:other"), {}, "its Body holds {urn:other}OutboundLoginResponse"),
        (LOGIN + LOGIN, {}, "its Body holds 2 elements"),
        (LOGIN, {"status": 202}, "HTTP 202: it is OutboundLoginResponse, which belongs with 200"),
        (LOGIN, {"status": 500}, "HTTP 500: it is OutboundLoginResponse"),
        (LOGIN.replace("key", "k<b/>"), {}, "holds elements where text is due"),
        (fault_11(), {"status": 200}, "it is a fault (Client 'Access Denied'), which belongs with 500"),
        (fault_12(), {"status": 400, "soap": "1.2"}, "HTTP 400: it is a fault"),
        ("<soap:Fault />", {"status": 500}, "without faultcode"),
        ("<soap:Fault><faultcode>soap:Client</faultcode></soap:Fault>", {"status": 500}, "without faultstring"),
        ("<soap:Fault />", {"status": 500, "soap": "1.2"}, "without Code"),
        (fault_11(code="env:Client"), {"status": 500}, "the prefix env is not declared"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said(content: str | bytes, how: dict[str, Any], reason: str) -> None:
    assert reason in why("OutboundLogin", content, **how)


@pytest.mark.parametrize(("asked", "answered"), [("1.1", "1.2"), ("1.2", "1.1")])
def test_an_answer_in_the_other_version_is_odd(asked: str, answered: str) -> None:
    assert f"in SOAP {answered} what was asked in SOAP {asked}" in why("OutboundLogin", LOGIN, soap=answered, ask=asked)
    fault = fault_11() if answered == "1.1" else fault_12()
    assert "what was asked" in why("OutboundLogin", fault, soap=answered, status=500, ask=asked)


@pytest.mark.parametrize("number", ["", "abc", "1.5", "1e3", "１", "1_0", "2147483648", "-2147483649", "9" * 5000])
def test_a_number_that_is_none_is_odd(number: str) -> None:
    operation = "AppendContactsToCampaign"
    content = response(operation, f"<{operation}Result>{number}</{operation}Result>")
    assert f"{operation}Result is {number[:60]!r}, which is no int" in why(operation, content)


@pytest.mark.parametrize("operation", ["AppendContactsToCampaign", "CloseContact", "GetContactIDByPhoneNumber"])
def test_a_number_that_is_missing_or_nil_is_odd(operation: str) -> None:
    assert f"lacks {operation}Result" in why(operation, response(operation))
    assert "lacks" in why(operation, response(operation, f'<{operation}Result xsi:nil="true" />'))


def test_a_boolean_that_is_none_is_odd() -> None:
    content = result_of(
        "Get200CampaignContacts",
        "<d:ContactList><d:OWContact><d:PreferredAgentSpecified>True</d:PreferredAgentSpecified></d:OWContact></d:ContactList>",
    )
    assert "PreferredAgentSpecified is 'True', which is no boolean" in why("Get200CampaignContacts", content)


def test_a_nil_item_is_odd() -> None:
    content = result_of("GetCampaigns", '<d:CampaignList><d:OWCampaign xsi:nil="true" /></d:CampaignList>')
    assert "item 1 of its CampaignList is nil" in why("GetCampaigns", content)


def test_a_redirect_says_where_to() -> None:
    moved = HttpResponse(302, "Found", (("Location", "https://host/"),))
    assert read_answer("GetCampaigns", moved) == Odd(302, "HTTP 302 Found: it redirects to https://host/")


def test_a_compressed_answer_is_odd_since_nobody_asked_for_it() -> None:
    sent = HttpResponse(200, "OK", (("Content-Type", "text/xml"), ("Content-Encoding", "gzip")), b"\x1f\x8b")
    assert "compressed (gzip)" in str(read_answer("GetCampaigns", sent))


# --- hostile answers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("entity", ["<!ENTITY a 'x'>", "<!ENTITY a SYSTEM 'file:///etc/passwd'>", ""])
def test_a_dtd_is_refused(entity: str) -> None:
    text = envelope(LOGIN.replace("key", "&a;" if entity else "key")).decode()
    declared = text.replace("?>", f"?><!DOCTYPE soap:Envelope [{entity}]>", 1)
    assert "DTD" in why("OutboundLogin", declared.encode())


def test_entities_do_not_grow() -> None:
    grown = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))
    declared = f"<!DOCTYPE x [<!ENTITY a0 'aaaaaaaaaa'>{grown}]><x y='&a11;'>&a11;</x>"
    assert isinstance(read("OutboundLogin", declared.encode()), Odd)


def test_what_only_looks_like_a_dtd_is_a_text_and_a_huge_text_is_fine() -> None:
    assert read("OutboundLogin", LOGIN.replace("key", "<![CDATA[<!DOCTYPE x>]]>")) == Returned("<!DOCTYPE x>")
    huge = "x" * 11_000_000
    assert read("OutboundLogin", LOGIN.replace("key", huge)) == Returned(huge)


def test_a_document_nested_without_end_is_odd() -> None:
    assert isinstance(read("OutboundLogin", b"<a>" * 100_000), Odd)


@given(
    st.sampled_from(sorted(OPERATIONS)),
    st.integers(100, 599),
    st.sampled_from(["text/xml; charset=utf-8", "application/soap+xml", "", "text/html", ";;=charset"]),
    st.binary() | st.text().map(str.encode),
)
def test_no_answer_makes_it_raise(operation: str, status: int, content_type: str, body: bytes) -> None:
    assert isinstance(read(operation, body, status=status, content_type=content_type), Odd)


@given(st.data())
def test_no_spoilt_answer_makes_it_raise(data: st.DataObject) -> None:
    whole = envelope(fault_11(detail=f"<detail>{ERROR}</detail>") if data.draw(st.booleans()) else LOGIN)
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, len(whole)))
    spoilt = whole[:start] + data.draw(st.binary(max_size=4)) + whole[end:]
    read("OutboundLogin", spoilt, status=data.draw(st.sampled_from([200, 500])))
