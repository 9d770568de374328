"""Which operation a POST reaches, and what is said to one that reaches none."""

from __future__ import annotations

import pytest

from tests.messages import (
    CAMPAIGN,
    CONTACT,
    NO_ACTION,
    NO_BODY,
    NO_ENVELOPE,
    PROCESS,
    SOAP11,
    SOAP12,
    SOAP_XML,
    TEXT_XML,
    UTILITY,
    T,
    action,
    assert_empty,
    assert_fault,
    assert_success,
    envelope,
    heard,
    login,
    operation,
    post,
)
from tests.raw_http import Site

from .conftest import Running

LOGIN = envelope(login("nobody"))
LOGIN12 = envelope(login("nobody"), soap=SOAP12)
LOGOFF = envelope(operation("OutboundLogoff", "<username>nobody</username>"))
LOGGED_OFF = f'<OutboundLogoffResponse xmlns="{T}" />'
UNKNOWN = envelope(operation("NoSuchOperation"))
UNKNOWN12 = envelope(operation("NoSuchOperation"), soap=SOAP12)
ENCODED = T.replace("/", "%2F").replace(":", "%3A") + "OutboundLogin"


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(f'"{T}OutboundLogin"', id="in double quotes"),
        pytest.param(f"{T}OutboundLogin", id="without quotes"),
        pytest.param(f'   "{T}OutboundLogin"  ', id="with blanks around"),
        pytest.param(f'"{T}Outbound%4Cogin"', id="with one character percent-encoded"),
        pytest.param(f'"{ENCODED}"', id="percent-encoded"),
        pytest.param(ENCODED, id="percent-encoded without quotes"),
        pytest.param(ENCODED.replace("%2F", "%2f"), id="percent-encoded in lower case"),
    ],
)
def test_an_action_is_recognised(site: Site, value: str) -> None:
    assert heard(post(site, LOGIN, soap_action=value)) == "nobody"


@pytest.mark.parametrize("name", ["soapaction", "SOAPACTION", "SoapAction", "sOaPaCtIoN"])
def test_the_name_of_the_action_header_has_any_letter_case(site: Site, name: str) -> None:
    assert heard(post(site, LOGIN, soap_action=None, headers=[(name, action("OutboundLogin"))])) == "nobody"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param(f"'{T}OutboundLogin'", f"'{T}OutboundLogin'", id="in single quotes"),
        pytest.param(f'"{T}OutboundLogin', f'"{T}OutboundLogin', id="with an opening quote only"),
        pytest.param(f'{T}OutboundLogin"', f'{T}OutboundLogin"', id="with a closing quote only"),
        pytest.param(f'""{T}OutboundLogin""', f'"{T}OutboundLogin"', id="in two pairs of quotes"),
        pytest.param(f'"{T}OutboundLogin";', f'"{T}OutboundLogin";', id="with a semicolon after it"),
        pytest.param(f"{T}OutboundLogin;", f"{T}OutboundLogin;", id="with a semicolon and no quotes"),
        pytest.param(f'"{T}outboundlogin"', f"{T}outboundlogin", id="in lower case"),
        pytest.param(f'"{T.lower()}OutboundLogin"', f"{T.lower()}OutboundLogin", id="with the namespace in lower case"),
        pytest.param('"OutboundLogin"', "OutboundLogin", id="without the namespace"),
        pytest.param(f'"{T[:-1]}OutboundLogin"', f"{T[:-1]}OutboundLogin", id="without the slash"),
        pytest.param(f'" {T}OutboundLogin "', f" {T}OutboundLogin ", id="with blanks inside the quotes"),
        pytest.param(f'"{T} OutboundLogin"', f"{T} OutboundLogin", id="with a blank in it"),
        pytest.param(f'"{T}Outbound+Login"', f"{T}Outbound Login", id="with a plus, which is a blank"),
        pytest.param(f'"{T}%3COutboundLogin"', f"{T}&lt;OutboundLogin", id="with an encoded bracket"),
        pytest.param(f'"{T}GetCampaigns"', f"{T}GetCampaigns", id="of another service"),
        pytest.param("urn:nope", "urn:nope", id="of no service"),
        pytest.param('""', "", id="of two quotes"),
        pytest.param("", "", id="that is empty"),
        pytest.param("  ", "", id="of blanks"),
    ],
)
def test_an_action_is_not_recognised(site: Site, value: str, shown: str) -> None:
    reply = post(site, LOGIN, soap_action=value)
    assert_fault(reply, "Client", f"Server did not recognize the value of HTTP Header SOAPAction: {shown}.")


@pytest.mark.parametrize(
    ("path", "name"),
    [
        pytest.param(UTILITY, "GetCampaigns", id="campaign at utility"),
        pytest.param(CAMPAIGN, "OutboundLogin", id="utility at campaign"),
        pytest.param(CAMPAIGN, "CloseContact", id="contact at campaign"),
        pytest.param(CONTACT, "GetCampaigns", id="campaign at contact"),
    ],
)
def test_each_service_knows_its_own_operations_only(site: Site, path: str, name: str) -> None:
    reply = post(site, envelope(operation(name)), path=path, soap_action=action(name))
    assert_fault(reply, "Client", f"Server did not recognize the value of HTTP Header SOAPAction: {T}{name}.")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param("not XML", TEXT_XML, id="text"),
        pytest.param("", TEXT_XML, id="nothing"),
        pytest.param("{}", "application/json", id="JSON"),
        pytest.param("a=b", "application/x-www-form-urlencoded", id="a form"),
        pytest.param(LOGIN, None, id="an envelope without Content-Type"),
        pytest.param("<!DOCTYPE x><x/>", TEXT_XML, id="a DTD"),
    ],
)
def test_an_unknown_action_is_refused_before_the_body_is_looked_at(
    site: Site, body: str, content_type: str | None
) -> None:
    reply = post(site, body, soap_action='"urn:nope"', content_type=content_type)
    assert_fault(reply, "Client", "Server did not recognize the value of HTTP Header SOAPAction: urn:nope.")


def test_two_action_headers_are_joined_and_not_recognised(site: Site) -> None:
    twice = [("SOAPAction", f"{T}OutboundLogin"), ("SOAPAction", f"{T}OutboundLogoff")]
    reply = post(site, LOGIN, soap_action=None, headers=twice)
    text = f"Server did not recognize the value of HTTP Header SOAPAction: {T}OutboundLogin,{T}OutboundLogoff."
    assert_fault(reply, "Client", text)


# --- without an action ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(LOGIN, TEXT_XML, id="SOAP 1.1"),
        pytest.param(LOGIN, "text/xml", id="SOAP 1.1 without charset"),
        pytest.param(LOGIN12, TEXT_XML, id="SOAP 1.2 in text/xml"),
        pytest.param(LOGIN12, SOAP_XML, id="SOAP 1.2"),
        pytest.param(LOGIN12, "application/soap+xml", id="SOAP 1.2 without charset"),
        pytest.param(LOGIN12, f'{SOAP_XML}; action=""', id="SOAP 1.2 with an empty action"),
    ],
)
def test_without_an_action_the_element_in_the_body_decides(site: Site, body: str, content_type: str) -> None:
    assert heard(post(site, body, soap_action=None, content_type=content_type)) == "nobody"


@pytest.mark.parametrize(
    ("content", "soap", "code"),
    [
        pytest.param(operation("NoSuchOperation"), SOAP11, "Client", id="unknown element, SOAP 1.1"),
        pytest.param(operation("NoSuchOperation"), SOAP12, "Sender", id="unknown element, SOAP 1.2"),
        pytest.param("", SOAP11, "Client", id="empty Body, SOAP 1.1"),
        pytest.param("", SOAP12, "Sender", id="empty Body, SOAP 1.2"),
        pytest.param("<OutboundLogin/>", SOAP11, "Client", id="unqualified element"),
        pytest.param('<OutboundLogin xmlns="urn:other"/>', SOAP11, "Client", id="element in another namespace"),
        pytest.param(f'<outboundlogin xmlns="{T}"/>', SOAP11, "Client", id="element in another letter case"),
        pytest.param(f'text<OutboundLogin xmlns="{T}"/>', SOAP11, "Client", id="text before the element"),
        pytest.param(
            operation("NoSuchOperation") + operation("OutboundLogin"), SOAP11, "Client", id="unknown element first"
        ),
    ],
)
def test_without_an_action_an_unknown_body_cannot_be_handled(site: Site, content: str, soap: str, code: str) -> None:
    content_type = TEXT_XML if soap == SOAP11 else SOAP_XML
    reply = post(site, envelope(content, soap=soap), soap_action=None, content_type=content_type)
    assert_fault(reply, code, NO_ACTION, soap=soap)


def test_without_an_action_an_empty_body_element_cannot_be_handled(site: Site) -> None:
    body = f'<s:Envelope xmlns:s="{SOAP11}"><s:Body/></s:Envelope>'
    assert_fault(post(site, body, soap_action=None), "Client", NO_ACTION)


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        pytest.param("<s:Envelope{}/>", NO_BODY, id="empty Envelope"),
        pytest.param("<s:Envelope{}></s:Envelope>", NO_BODY, id="Envelope with nothing in it"),
        pytest.param("<s:Envelope{}><s:Header/></s:Envelope>", NO_BODY, id="Header only"),
        pytest.param("<s:Envelope{}><Body/></s:Envelope>", NO_BODY, id="unqualified Body"),
        pytest.param("<s:Letter{}><s:Body/></s:Letter>", NO_ENVELOPE, id="root that is no Envelope"),
    ],
)
@pytest.mark.parametrize(("soap", "code"), [(SOAP11, "Server"), (SOAP12, "Receiver")], ids=["SOAP 1.1", "SOAP 1.2"])
def test_without_an_action_a_bad_envelope_is_the_servers_failure(
    site: Site, inside: str, text: str, soap: str, code: str
) -> None:
    body = inside.format(f' xmlns:s="{soap}"')
    content_type = TEXT_XML if soap == SOAP11 else SOAP_XML
    reply = post(site, body, soap_action=None, content_type=content_type)
    assert_fault(reply, code, PROCESS.replace(">", "&gt;") + text, soap=soap)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param("not XML", "Data at the root level is invalid. Line 1, position 1.", id="text"),
        pytest.param("{}", "Data at the root level is invalid. Line 1, position 1.", id="JSON"),
        pytest.param("username=a&password=b", "Data at the root level is invalid. Line 1, position 1.", id="form"),
        pytest.param("\n  {}", "Data at the root level is invalid. Line 2, position 3.", id="JSON further down"),
        pytest.param("", "Root element is missing.", id="nothing"),
        pytest.param("  \r\n", "Root element is missing.", id="blanks"),
        pytest.param("<!-- c -->", "Root element is missing.", id="a comment"),
        pytest.param(f"<!DOCTYPE x>{LOGIN[38:]}", "DTD is prohibited in this XML document.", id="DTD"),
    ],
)
@pytest.mark.parametrize(
    "content_type", [TEXT_XML, "application/json", "application/x-www-form-urlencoded", None, SOAP_XML], ids=str
)
def test_without_an_action_what_is_no_xml_is_the_servers_failure_in_soap_12(
    site: Site, body: str, text: str, content_type: str | None
) -> None:
    reply = post(site, body, soap_action=None, content_type=content_type)
    assert_fault(reply, "Receiver", PROCESS.replace(">", "&gt;") + text, soap=SOAP12)


OPENED = f'<s:Envelope xmlns:s="{SOAP11}"><s:Body>'


@pytest.mark.parametrize(
    ("body", "soap", "text"),
    [
        pytest.param(
            OPENED,
            SOAP11,
            "Unexpected end of file has occurred. The following elements are not closed: s:Body, s:Envelope. "
            f"Line 1, position {len(OPENED) + 1}.",
            id="truncated",
        ),
        pytest.param(
            f'<s:Envelope xmlns:s="{SOAP11}"></s:Letter>',
            SOAP11,
            "The 's:Envelope' start tag on line 1 position 2 does not match the end tag of 's:Letter'. "
            f"Line 1, position {len(OPENED) - len('<s:Body>') + 3}.",
            id="mismatched tag",
        ),
        pytest.param(
            f"{OPENED}<p:x/>",
            SOAP11,
            f"'p' is an undeclared prefix. Line 1, position {len(OPENED) + 2}.",
            id="undeclared prefix in the Body",
        ),
        pytest.param(
            f"{OPENED}ab\x01",
            SOAP11,
            f"'\x01', hexadecimal value 0x01, is an invalid character. Line 1, position {len(OPENED) + 3}.",
            id="control character",
        ),
        pytest.param("<a:b/>", SOAP12, "'a' is an undeclared prefix. Line 1, position 2.", id="undeclared prefix"),
        pytest.param(
            '<a b="1" b="2"/>',
            SOAP12,
            "'b' is a duplicate attribute name. Line 1, position 10.",
            id="duplicate attribute",
        ),
        pytest.param(
            f" {LOGIN}",
            SOAP12,
            "Unexpected XML declaration. The XML declaration must be the first node in the document, and no white "
            "space characters are allowed to appear before it. Line 1, position 4.",
            id="blank before the declaration",
        ),
        pytest.param(
            "<?xml version='1.1'?><a/>",
            SOAP12,
            "Version number '1.1' is invalid. Line 1, position 16.",
            id="version 1.1",
        ),
    ],
)
def test_without_an_action_broken_xml_says_what_is_wrong(site: Site, body: str, soap: str, text: str) -> None:
    code = "Server" if soap == SOAP11 else "Receiver"
    text = text.replace("\x01", "&#x1;")
    assert_fault(post(site, body, soap_action=None), code, PROCESS.replace(">", "&gt;") + text, soap=soap)


def test_without_an_action_xml_that_breaks_after_the_operations_element_is_a_bad_request(site: Site) -> None:
    for body, soap in ((LOGIN, SOAP11), (LOGIN12, SOAP12)):
        content_type = TEXT_XML if soap == SOAP11 else SOAP_XML
        reply = post(site, body.replace("</username>", "</oops>"), soap_action=None, content_type=content_type)
        assert_empty(reply, 400, soap=soap)


def test_without_an_action_an_unknown_envelope_is_a_version_mismatch_first(site: Site) -> None:
    reply = post(site, envelope("", soap="urn:other"), soap_action=None)
    assert b"<faultcode>soap:VersionMismatch</faultcode>" in reply.body


# --- the action and the body disagree ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(operation("OutboundLogoff", "<username>nobody</username>"), id="another operation"),
        pytest.param(operation("NoSuchOperation", "<username>nobody</username>"), id="an unknown operation"),
        pytest.param(login("nobody").replace(T, "urn:other"), id="the operation in another namespace"),
        pytest.param(login("nobody").replace(f' xmlns="{T}"', ""), id="the operation unqualified"),
        pytest.param(login("nobody").replace("OutboundLogin", "outboundlogin"), id="the operation in lower case"),
        pytest.param("nobody", id="text alone"),
        pytest.param("<!-- nobody -->", id="a comment"),
        pytest.param("", id="nothing"),
    ],
)
@pytest.mark.parametrize("soap", [SOAP11, SOAP12], ids=["SOAP 1.1", "SOAP 1.2"])
def test_the_action_decides_and_what_the_body_lacks_is_defaulted(site: Site, content: str, soap: str) -> None:
    body = envelope(content, soap=soap)
    if soap == SOAP11:
        reply = post(site, body)
    else:
        content_type = f'{SOAP_XML}; action="{T}OutboundLogin"'
        reply = post(site, body, soap_action=None, content_type=content_type)
    assert heard(reply) == ""


def test_the_operation_of_the_body_is_not_called(running: Running, second_user: str) -> None:
    running.center.log_in(second_user, "secret")
    body = envelope(operation("OutboundLogoff", f"<username>{second_user}</username>"))
    assert heard(post(running.site, body)) == ""
    assert second_user in running.center.usernames()


def test_a_log_off_whose_body_is_a_login_logs_nobody_off(running: Running) -> None:
    body = envelope(login("agent"))
    assert_success(post(running.site, body, soap_action=action("OutboundLogoff")), LOGGED_OFF)
    assert "agent" in running.center.usernames()


def test_numbers_that_the_body_lacks_are_zero(running: Running) -> None:
    reply = post(running.site, envelope(login("x")), path=CAMPAIGN, soap_action=action("Get200CampaignContacts"))
    assert b"Access Denied - Validation of session key failed" in reply.body


# --- the action of SOAP 1.2 -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content_type",
    [
        pytest.param(f'{SOAP_XML}; action="{T}OutboundLogin"', id="quoted"),
        pytest.param(f"{SOAP_XML}; action={T}OutboundLogin", id="unquoted"),
        pytest.param(f"{SOAP_XML}; action='{T}OutboundLogin'", id="in single quotes"),
        pytest.param(f'{SOAP_XML};action="{T}OutboundLogin"', id="without a blank"),
        pytest.param(f'application/soap+xml; action="{T}OutboundLogin"; charset=utf-8', id="before the charset"),
        pytest.param(f'{SOAP_XML}; ACTION="{T}OutboundLogin"', id="in capitals"),
        pytest.param(f'{SOAP_XML}; action = "{T}OutboundLogin"', id="with blanks around the equals sign"),
        pytest.param(f'{SOAP_XML}; action="{ENCODED}"', id="percent-encoded"),
        pytest.param(f'{SOAP_XML}; action=""', id="empty"),
        pytest.param(SOAP_XML, id="absent"),
        pytest.param(f'{SOAP_XML}; action="urn:nope"', id="unknown, but the body is known"),
        pytest.param(f'{SOAP_XML}; action="{T}outboundlogin"', id="in lower case, but the body is known"),
    ],
)
@pytest.mark.parametrize("soap_action", [None, action("OutboundLogin"), '"urn:nope"', ""], ids=repr)
def test_an_action_parameter_is_a_hint_and_the_action_header_is_not_looked_at(
    site: Site, content_type: str, soap_action: str | None
) -> None:
    reply = post(site, LOGIN12, content_type=content_type, soap_action=soap_action)
    assert heard(reply) == "nobody"
    assert reply.header("Content-Type") == SOAP_XML


def test_an_action_parameter_of_another_operation_wins_over_the_body(site: Site) -> None:
    content_type = f'{SOAP_XML}; action="{T}OutboundLogoff"'
    reply = post(site, LOGIN12, soap_action=None, content_type=content_type)
    assert_success(reply, LOGGED_OFF, soap=SOAP12)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        pytest.param("urn:nope", "urn:nope", id="plain"),
        pytest.param("urn:%6eope+x", "urn:nope x", id="URL-decoded"),
        pytest.param(f"{T}GetCampaigns", f"{T}GetCampaigns", id="of another service"),
    ],
)
def test_an_unknown_action_parameter_with_an_unknown_body_cannot_be_handled(site: Site, value: str, shown: str) -> None:
    reply = post(site, UNKNOWN12, soap_action=None, content_type=f'{SOAP_XML}; action="{value}"')
    assert_fault(reply, "Sender", f"Unable to handle request. The action '{shown}' was not recognized.", soap=SOAP12)


def test_an_action_parameter_counts_in_text_xml_too_when_there_is_no_action_header(site: Site) -> None:
    content_type = f'{TEXT_XML}; action="{T}OutboundLogoff"'
    assert_success(post(site, LOGIN, soap_action=None, content_type=content_type), LOGGED_OFF)


def test_an_action_parameter_does_not_count_beside_an_action_header_in_text_xml(site: Site) -> None:
    content_type = f'{TEXT_XML}; action="{T}OutboundLogoff"'
    assert heard(post(site, LOGIN, content_type=content_type)) == "nobody"


@pytest.mark.parametrize(
    ("body", "content_type", "soap"),
    [
        pytest.param(LOGOFF, TEXT_XML, SOAP11, id="SOAP 1.1 in text/xml"),
        pytest.param(LOGOFF.replace(SOAP11, SOAP12), TEXT_XML, SOAP12, id="SOAP 1.2 in text/xml"),
        pytest.param(LOGOFF.replace(SOAP11, SOAP12), SOAP_XML, SOAP12, id="SOAP 1.2"),
    ],
)
@pytest.mark.parametrize("soap_action", [None, action("OutboundLogoff")], ids=["no action", "action"])
def test_the_answer_is_in_the_version_of_the_envelope(
    site: Site, body: str, content_type: str, soap: str, soap_action: str | None
) -> None:
    reply = post(site, body, content_type=content_type, soap_action=soap_action)
    assert_success(reply, LOGGED_OFF, soap=soap)
