"""What SOAP toolkits of many languages send, and what they cannot bear."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from datetime import datetime

import pytest
from lxml import etree

from fake_ccmm.model import Contact, ContactStatus, PhoneNumber
from tests.messages import (
    CAMPAIGN,
    CONTACT,
    SOAP11,
    SOAP12,
    SOAP_XML,
    TEXT_XML,
    UTILITY,
    XSD,
    XSI,
    D,
    T,
    action,
    assert_success,
    call,
    envelope,
    heard,
    login,
    post,
    said,
)
from tests.raw_http import Reply, Site

from .conftest import INBOX, SPRING, Running

LOGIN = login("nobody")
BOTH = pytest.mark.parametrize("soap", [SOAP11, SOAP12], ids=["SOAP 1.1", "SOAP 1.2"])

AXIS = (
    '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="{soap}" xmlns:xsd="{xsd}"'
    ' xmlns:xsi="{xsi}"><soapenv:Body><OutboundLogin xmlns="{t}"><username xsi:type="xsd:string">nobody</username>'
    '<password xsi:type="xsd:string" xsi:nil="true"/></OutboundLogin></soapenv:Body></soapenv:Envelope>'
)
GSOAP = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<SOAP-ENV:Envelope xmlns:SOAP-ENV="{soap}"'
    ' xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsi="{xsi}" xmlns:xsd="{xsd}"'
    ' xmlns:ns1="http://x/1" xmlns:ns2="{d}" xmlns:ns3="{t}"><SOAP-ENV:Body><ns3:OutboundLogin>'
    "<ns3:username>nobody</ns3:username><ns3:password>x</ns3:password></ns3:OutboundLogin></SOAP-ENV:Body>"
    "</SOAP-ENV:Envelope>"
)
PHP = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<SOAP-ENV:Envelope xmlns:SOAP-ENV="{soap}" xmlns:ns1="{t}"><SOAP-ENV:Body>'
    "<ns1:OutboundLogin><ns1:username>nobody</ns1:username><ns1:password>x</ns1:password></ns1:OutboundLogin>"
    "</SOAP-ENV:Body></SOAP-ENV:Envelope>\n"
)
SUDS = (
    '<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:ns0="{t}" xmlns:ns1="{soap}" xmlns:xsi="{xsi}"'
    ' xmlns:SOAP-ENV="{soap}"><SOAP-ENV:Header/><ns1:Body><ns0:OutboundLogin><ns0:username>nobody</ns0:username>'
    "<ns0:password>x</ns0:password></ns0:OutboundLogin></ns1:Body></SOAP-ENV:Envelope>"
)
SOAP_LITE = (
    '<?xml version="1.0" encoding="UTF-8"?><soap:Envelope soap:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"'
    ' xmlns:soap="{soap}" xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/" xmlns:xsd="{xsd}"'
    ' xmlns:xsi="{xsi}"><soap:Body><OutboundLogin xmlns="{t}"><username xsi:type="xsd:string">nobody</username>'
    '<password xsi:type="soapenc:string">x</password></OutboundLogin></soap:Body></soap:Envelope>'
)
DOT_NET = (
    '<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{soap}" xmlns:xsi="{xsi}" xmlns:xsd="{xsd}">'
    '<soap:Body><OutboundLogin xmlns="{t}"><username>nobody</username><password>x</password></OutboundLogin>'
    "</soap:Body></soap:Envelope>"
)
WCF = (
    '<s:Envelope xmlns:s="{soap}"><s:Body xmlns:xsi="{xsi}" xmlns:xsd="{xsd}"><OutboundLogin xmlns="{t}">'
    "<username>nobody</username><password>x</password></OutboundLogin></s:Body></s:Envelope>"
)
ZEEP = (
    "<?xml version='1.0' encoding='utf-8'?>\n<soap-env:Envelope xmlns:soap-env=\"{soap}\"><soap-env:Body>"
    '<ns0:OutboundLogin xmlns:ns0="{t}"><ns0:username>nobody</ns0:username><ns0:password>x</ns0:password>'
    "</ns0:OutboundLogin></soap-env:Body></soap-env:Envelope>"
)
SOAP4R = (
    '<?xml version="1.0" encoding="utf-8" ?>\n<env:Envelope xmlns:xsd="{xsd}"\n    xmlns:env="{soap}"\n'
    '    xmlns:xsi="{xsi}">\n  <env:Body>\n    <n1:OutboundLogin xmlns:n1="{t}">\n'
    "      <n1:username>nobody</n1:username>\n      <n1:password>x</n1:password>\n"
    "    </n1:OutboundLogin>\n  </env:Body>\n</env:Envelope>"
)
TOOLKITS = {
    "Axis": AXIS,
    "gSOAP": GSOAP,
    "PHP": PHP,
    "suds": SUDS,
    "SOAP::Lite": SOAP_LITE,
    ".NET": DOT_NET,
    "WCF": WCF,
    "zeep": ZEEP,
    "soap4r": SOAP4R,
}


@pytest.mark.parametrize("toolkit", TOOLKITS)
@pytest.mark.parametrize(
    ("content_type", "soap_action"),
    [
        pytest.param("text/xml; charset=utf-8", action("OutboundLogin"), id="quoted action"),
        pytest.param("text/xml;charset=utf-8", action("OutboundLogin"), id="no blank before the charset"),
        pytest.param('text/xml; charset="UTF-8"', f"{T}OutboundLogin", id="unquoted action"),
        pytest.param("text/xml; charset=utf-8", None, id="no action"),
    ],
)
def test_the_envelopes_of_toolkits_are_read(
    site: Site, toolkit: str, content_type: str, soap_action: str | None
) -> None:
    body = TOOLKITS[toolkit].format(soap=SOAP11, t=T, d=D, xsi=XSI, xsd=XSD)
    assert heard(post(site, body, content_type=content_type, soap_action=soap_action)) == "nobody"


@pytest.mark.parametrize("toolkit", TOOLKITS)
@pytest.mark.parametrize(
    ("parameter", "soap_action"),
    [
        pytest.param(f'; action="{T}OutboundLogin"', None, id="quoted action"),
        pytest.param(f";action={T}OutboundLogin", None, id="unquoted action"),
        pytest.param("", None, id="no action"),
        pytest.param("", action("OutboundLogin"), id="action header instead"),
        pytest.param(f'; action="{T}OutboundLogin"', action("OutboundLogin"), id="action header beside it"),
        pytest.param("", '""', id="empty action header"),
    ],
)
def test_the_envelopes_of_toolkits_are_read_in_soap_12(
    site: Site, toolkit: str, parameter: str, soap_action: str | None
) -> None:
    body = TOOLKITS[toolkit].format(soap=SOAP12, t=T, d=D, xsi=XSI, xsd=XSD)
    reply = post(site, body, content_type=f"{SOAP_XML}{parameter}", soap_action=soap_action)
    assert heard(reply) == "nobody"
    assert reply.header("Content-Type") == SOAP_XML


@pytest.mark.parametrize("toolkit", [one for one in TOOLKITS if TOOLKITS[one].startswith("<?xml")])
def test_a_byte_order_mark_may_come_before_the_declaration(site: Site, toolkit: str) -> None:
    body = codecs.BOM_UTF8 + TOOLKITS[toolkit].format(soap=SOAP11, t=T, d=D, xsi=XSI, xsd=XSD).encode()
    for content_type in (TEXT_XML, "text/xml"):
        assert heard(post(site, body, content_type=content_type)) == "nobody"


@pytest.mark.parametrize(
    "declaration", ["", '<?xml version="1.0"?>', '<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n']
)
def test_the_declaration_may_be_missing(site: Site, declaration: str) -> None:
    assert heard(post(site, envelope(LOGIN, declaration=declaration))) == "nobody"


@pytest.mark.parametrize("text", ["Zoë", "Łukasz", "顧客", "🐄", "é&#233;&#x1F404;"])
@pytest.mark.parametrize("as_references", [False, True], ids=["raw", "as references"])
def test_any_character_is_understood_raw_and_as_a_reference(site: Site, text: str, as_references: bool) -> None:
    sent = text.encode("ascii", "xmlcharrefreplace").decode() if as_references else text
    expected = text.replace("&#233;", "é").replace("&#x1F404;", "🐄")
    assert heard(post(site, envelope(login(sent)))) == expected


# --- what means nothing -----------------------------------------------------------------------------------------------


def find(running: Running, status: str, *, soap: str = SOAP11) -> list[str]:
    """The first names of the contacts found with this XML for the status."""
    arguments = (
        f'{status}<CampaignID>{SPRING}</CampaignID><PhoneNumber xmlns:d="{D}"><d:IntCode>353</d:IntCode>'
        f"<d:AreaCode>91</d:AreaCode><d:PhoneNo>123</d:PhoneNo></PhoneNumber><sessionkey>{running.key}</sessionkey>"
    )
    reply = call(running.site, CONTACT, "FindContactsByPhoneNumber", arguments, soap=soap)
    assert reply.status == 200, reply.body
    return re.findall("<FirstName>(.*?)</FirstName>", reply.body.decode())


@pytest.mark.parametrize(
    ("status", "found"),
    [
        pytest.param("", ["Ann"], id="absent"),
        pytest.param(f'<ContactStatus xmlns:xsi="{XSI}" xsi:nil="true"/>', ["Ann"], id="nil"),
        pytest.param(f'<ContactStatus xmlns:i="{XSI}" i:nil="true" />', ["Ann"], id="nil with another prefix"),
        pytest.param("<ContactStatus/>", ["Ann"], id="empty"),
        pytest.param("<ContactStatus></ContactStatus>", ["Ann"], id="start and end"),
        pytest.param(f'<ContactStatus><Id xmlns="{D}">0</Id></ContactStatus>', ["Ann"], id="an id of 0"),
        pytest.param(
            f'<ContactStatus><Id xmlns="{D}">0</Id><Name xmlns="{D}"/></ContactStatus>', ["Ann"], id="no name"
        ),
        pytest.param(f'<ContactStatus><Name xmlns="{D}">New</Name></ContactStatus>', ["Ann"], id="New"),
        pytest.param(f'<ContactStatus><Name xmlns="{D}">Closed</Name></ContactStatus>', [], id="Closed"),
    ],
)
@BOTH
def test_no_status_is_no_filter_however_it_is_said(running: Running, status: str, found: list[str], soap: str) -> None:
    assert find(running, status, soap=soap) == found


@pytest.mark.parametrize("contact_id", ["", "<d:ContactID>0</d:ContactID>", "<d:ContactID>77</d:ContactID>"])
def test_an_appended_contact_needs_no_id(running: Running, contact_id: str) -> None:
    inside = f"{contact_id}<d:PhoneNumber><d:PhoneNo>5551234</d:PhoneNo></d:PhoneNumber><d:SkillsetID>10</d:SkillsetID>"
    contact = running.append(f'<contact xmlns:d="{D}">{inside}</contact>')
    assert contact is not None
    assert contact == Contact(
        contact_id=contact.contact_id,
        phone_number=PhoneNumber(phone_no="5551234"),
        skillset_id=10,
        status=ContactStatus.NEW,
    )


@pytest.mark.parametrize("revision", ["sdk-7.0", "priority"])
@pytest.mark.parametrize(("after", "priority"), [("", 0), ("<priority>1</priority>", 1)], ids=["left out", "sent"])
def test_a_priority_may_be_sent_to_either_revision_and_left_out(
    start: Callable[..., Running], revision: str, after: str, priority: int
) -> None:
    running = _of_revision(start, revision)
    contact = running.append(f'<contact><SkillsetID xmlns="{D}">10</SkillsetID></contact>', after=after)
    assert contact is not None
    assert contact.priority == (priority if revision == "priority" else 0)


def test_a_priority_that_is_no_number_is_a_fault_only_where_it_is_known(start: Callable[..., Running]) -> None:
    contact = f'<contact><SkillsetID xmlns="{D}">10</SkillsetID></contact>'
    reply = _of_revision(start, "priority").append_reply(contact, after="<priority>high</priority>")
    assert said(reply).endswith("Input string was not in a correct format.")
    assert _of_revision(start, "sdk-7.0").append(contact, after="<priority>high</priority>") is not None


_REVISIONS: dict[str, Running] = {}


def _of_revision(start: Callable[..., Running], revision: str) -> Running:
    if revision not in _REVISIONS:
        _REVISIONS[revision] = start(revision=revision)
    return _REVISIONS[revision]


# --- what clients cannot bear -----------------------------------------------------------------------------------------


def replies(running: Running, soap: str) -> dict[str, Reply]:
    """An answer of every operation that can be called twice, and two faults."""
    key = f"<sessionKey>{running.key}</sessionKey>"
    lower = f"<sessionkey>{running.key}</sessionkey>"
    number = f'<PhoneNumber><PhoneNo xmlns="{D}">1</PhoneNo></PhoneNumber>'
    calls = {
        "OutboundLogoff": (UTILITY, ""),
        "GetCampaigns": (CAMPAIGN, key),
        "Get200CampaignContacts": (CAMPAIGN, f"<CampaignID>{SPRING}</CampaignID>{key}"),
        "AppendContactsToCampaign": (
            CAMPAIGN,
            f'<CampaignID>{INBOX}</CampaignID><contact><SkillsetID xmlns="{D}">10</SkillsetID></contact>{key}',
        ),
        "GetContactStatus": (CONTACT, f"{key}<contactId>1</contactId><campaignID>{SPRING}</campaignID>"),
        "GetContactIDByPhoneNumber": (CONTACT, f"<CampaignID>{SPRING}</CampaignID>{lower}"),
        "FindContactsByPhoneNumber": (CONTACT, f"<CampaignID>{SPRING}</CampaignID>{number}{lower}"),
        "FindContactsByCustomField": (CONTACT, f"<CampaignID>{SPRING}</CampaignID>{lower}"),
    }
    return {name: call(running.site, path, name, inside, soap=soap) for name, (path, inside) in calls.items()}


@BOTH
def test_every_answer_names_its_charset_and_its_versions_media_type(running: Running, soap: str) -> None:
    for name, reply in replies(running, soap).items():
        assert reply.status == 200, name
        assert reply.header("Content-Type") == (TEXT_XML if soap == SOAP11 else SOAP_XML), name
        assert not reply.body.startswith(codecs.BOM_UTF8)
        reply.body.decode()


@BOTH
def test_every_answer_holds_one_response_element(running: Running, soap: str) -> None:
    for name, reply in replies(running, soap).items():
        body = etree.fromstring(reply.body)[0]
        assert body.tag == f"{{{soap}}}Body"
        assert [one.tag for one in body] == [f"{{{T}}}{name}Response"]


@BOTH
def test_no_answer_says_types(running: Running, soap: str) -> None:
    for name, reply in replies(running, soap).items():
        assert b"xsi:type" not in reply.body, name
        assert not etree.fromstring(reply.body).xpath("//@*"), name


@BOTH
def test_members_are_in_the_namespace_of_the_data_types_in_the_order_of_the_wsdl(running: Running, soap: str) -> None:
    reply = replies(running, soap)["Get200CampaignContacts"]
    contact = etree.fromstring(reply.body).find(f".//{{{D}}}OWContact")
    assert contact is not None
    assert [one.tag for one in contact] == [
        f"{{{D}}}{name}"
        for name in (
            "ContactID",
            "FirstName",
            "PhoneNumber",
            "PreferredAgentID",
            "PreferredAgentSpecified",
            "SkillsetID",
        )
    ]


def test_dates_are_iso_8601(running: Running) -> None:
    reply = replies(running, SOAP11)["GetCampaigns"]
    found = re.findall(rb"<(?:DateCreated|StartDateTime)>(.*?)<", reply.body)
    assert found
    for one in found:
        datetime.strptime(one.decode(), "%Y-%m-%dT%H:%M:%S")


@BOTH
def test_a_fault_is_a_500_of_its_own_version_and_says_something(site: Site, soap: str) -> None:
    for path, name in ((UTILITY, "OutboundLogin"), (CAMPAIGN, "GetCampaigns"), (CONTACT, "CloseContact")):
        reply = call(site, path, name, soap=soap)
        assert reply.status == 500
        assert reply.header("Content-Type") == (TEXT_XML if soap == SOAP11 else SOAP_XML)
        assert said(reply)
        fault = etree.fromstring(reply.body).find(f".//{{{soap}}}Fault")
        assert fault is not None
        expected = ["faultcode", "faultstring", "faultactor", "detail"]
        if soap == SOAP12:
            expected = [f"{{{SOAP12}}}{one}" for one in ("Code", "Reason", "Node")] + ["detail"]
        assert [one.tag for one in fault] == expected


@BOTH
def test_a_log_off_is_answered_with_its_response_element(site: Site, soap: str) -> None:
    assert_success(
        call(site, UTILITY, "OutboundLogoff", soap=soap), f'<OutboundLogoffResponse xmlns="{T}" />', soap=soap
    )


@pytest.mark.parametrize("path", [UTILITY, CAMPAIGN, CONTACT])
def test_both_ports_of_the_wsdl_can_be_reached(site: Site, path: str) -> None:
    reply = site.ask("GET", f"{path}?WSDL")
    addresses = [str(one.get("location")) for one in etree.fromstring(reply.body).iter() if one.get("location")]
    assert len(addresses) == 2
    for address in addresses:
        assert address.startswith(f"http://{site.authority}/")
        assert post(site, envelope("x"), path=address.removeprefix(f"http://{site.authority}")).status == 500


def test_a_call_with_everything_net_sends_at_once(site: Site) -> None:
    body = DOT_NET.format(soap=SOAP11, t=T, d=D, xsi=XSI, xsd=XSD).encode()
    headers = [
        ("User-Agent", "Mozilla/4.0 (compatible; MSIE 6.0; MS Web Services Client Protocol 4.0.30319.42000)"),
        ("Content-Type", TEXT_XML),
        ("SOAPAction", action("OutboundLogin")),
        ("Content-Length", str(len(body))),
        ("Expect", "100-continue"),
        ("Accept-Encoding", "gzip, deflate"),
        ("Connection", "Keep-Alive"),
    ]
    with site.connection() as connection:
        for _ in range(2):
            connection.send(site.request("POST", UTILITY, headers))
            assert connection.reply().status == 100
            connection.send(body)
            assert heard(connection.reply()) == "nobody"


def test_a_connection_for_every_call_is_fine(site: Site) -> None:
    for _ in range(20):
        assert heard(post(site, envelope(LOGIN), headers=[("Connection", "close")])) == "nobody"
