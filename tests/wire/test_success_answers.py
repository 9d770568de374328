"""Answers to calls that succeed, byte for byte."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

import pytest

from fake_ccmm.center import ContactCenter
from fake_ccmm.clock import SettableClock
from fake_ccmm.model import (
    Address,
    Administrator,
    CampaignDetails,
    CampaignStatus,
    Contact,
    ContactStatus,
    CustomField,
    DispositionCode,
    PhoneNumber,
    Skillset,
)
from fake_ccmm.profile import make_profile
from tests.messages import (
    CAMPAIGN,
    CONTACT,
    SOAP11,
    SOAP12,
    SOAP_XML,
    UTILITY,
    D,
    T,
    action,
    assert_success,
    call,
    envelope,
    operation,
    post,
)
from tests.raw_http import Site

from .conftest import SPRING, Running

Start = Callable[..., Running]
BOTH = pytest.mark.parametrize("soap", [SOAP11, SOAP12], ids=["SOAP 1.1", "SOAP 1.2"])
SKILLSET = Skillset(10031, "OB_Sales")
CODES = (
    DispositionCode(1, "Completed", 100, deletable=False),
    DispositionCode(2, "Busy", 101, 15, 5, True, True, True, True),
)
FULL = CampaignDetails(
    26,
    "Überfällig & <neu>",
    CampaignStatus.PAUSED,
    skillset=SKILLSET,
    description="",
    owner="agent",
    date_created=datetime(2010, 3, 4, 5, 6, 7, 120000),
    start_date_time=datetime(2010, 7, 2),
    start_of_run=True,
    priority=6,
    load_contacts_per_interval=9223372036854775807,
    dialing_prefix="9",
    auto_dial_timeout=-9223372036854775808,
    minimum_ring_time=0,
    locked=True,
    disposition_codes=CODES,
)
FULL_XML = (
    "<OWCampaign><ID>26</ID><Name>Überfällig &amp; &lt;neu&gt;</Name><Description />"
    "<NumberOfContacts>1</NumberOfContacts><NumberOfContactsProcessed>1</NumberOfContactsProcessed>"
    "<DateCreated>{created}</DateCreated><Owner>agent</Owner><StartDateTime>{started}</StartDateTime>"
    "<Skillset><Id>10031</Id><Name>OB_Sales</Name></Skillset><Status><Id>3</Id><Name>Paused</Name></Status>"
    "<StartOfRun>true</StartOfRun><Priority>6</Priority>"
    "<LoadContactsPerInterval>9223372036854775807</LoadContactsPerInterval><DialingPrefix>9</DialingPrefix>"
    "<AutoDialTimeOut>-9223372036854775808</AutoDialTimeOut><MinimumRingTime>0</MinimumRingTime><Locked>true</Locked>"
    "<DispositionCodes>"
    "<OWDispositioncode><Id>1</Id><Name>Completed</Name><RetryTimeOut>0</RetryTimeOut><NumbericValue>100</NumbericValue>"
    "<MaxRetryCount>0</MaxRetryCount><Deletable>false</Deletable><CallRequired>false</CallRequired>"
    "<MarkAsDeleted>false</MarkAsDeleted><SaveAgentScript>false</SaveAgentScript></OWDispositioncode>"
    "<OWDispositioncode><Id>2</Id><Name>Busy</Name><RetryTimeOut>15</RetryTimeOut><NumbericValue>101</NumbericValue>"
    "<MaxRetryCount>5</MaxRetryCount><Deletable>true</Deletable><CallRequired>true</CallRequired>"
    "<MarkAsDeleted>true</MarkAsDeleted><SaveAgentScript>true</SaveAgentScript></OWDispositioncode>"
    "</DispositionCodes><NumberOfContactsClosed>1</NumberOfContactsClosed></OWCampaign>"
)
BARE = CampaignDetails(27, "Bare", load_contacts_per_interval=0, minimum_ring_time=0, priority=0)
BARE_XML = (
    "<OWCampaign><ID>27</ID><Name>Bare</Name><NumberOfContacts>0</NumberOfContacts>"
    "<NumberOfContactsProcessed>0</NumberOfContactsProcessed><DateCreated>0001-01-01T00:00:00</DateCreated>"
    "<StartDateTime>0001-01-01T00:00:00</StartDateTime><Status><Id>1</Id><Name>Running</Name></Status>"
    "<StartOfRun>false</StartOfRun><Priority>0</Priority><LoadContactsPerInterval>0</LoadContactsPerInterval>"
    "<AutoDialTimeOut>0</AutoDialTimeOut><MinimumRingTime>0</MinimumRingTime><Locked>false</Locked><DispositionCodes />"
    "<NumberOfContactsClosed>0</NumberOfContactsClosed></OWCampaign>"
)
PERSON = Contact(
    campaign_name="Spring",
    address=Address("1 High St", "", None, None, "Éire 🐄", "Ireland", "D01"),
    custom_fields=(CustomField("Account", "7 & 8", True), CustomField("Segment", "", False)),
    email_address="a@example.com",
    first_name="Ann",
    last_name='O\'Neill "Ann"',
    phone_number=PhoneNumber("353", "91", "123"),
    preferred_agent_id=-5,
    preferred_agent_specified=True,
    title="",
    skillset_id=10031,
    status=ContactStatus.CLOSED,
)
PERSON_XML = (
    "<OWContact><ContactID>1</ContactID><CampaignName>Spring</CampaignName>"
    "<Address><AddressLine1>1 High St</AddressLine1><AddressLine2 /><AddressLine5>Éire 🐄</AddressLine5>"
    "<Country>Ireland</Country><PostCode>D01</PostCode></Address>"
    "<CustomFieldList><OWCustomField><Name>Account</Name><Text>7 &amp; 8</Text><IsTextVisible>true</IsTextVisible>"
    "</OWCustomField><OWCustomField><Name>Segment</Name><Text /><IsTextVisible>false</IsTextVisible></OWCustomField>"
    "</CustomFieldList><EmailAddress>a@example.com</EmailAddress><FirstName>Ann</FirstName>"
    '<LastName>O\'Neill "Ann"</LastName>'
    "<PhoneNumber><IntCode>353</IntCode><AreaCode>91</AreaCode><PhoneNo>123</PhoneNo></PhoneNumber>"
    "<PreferredAgentID>-5</PreferredAgentID><PreferredAgentSpecified>true</PreferredAgentSpecified><Title />"
    "<SkillsetID>10031</SkillsetID></OWContact>"
)
NOBODY_XML = (
    "<OWContact><ContactID>{}</ContactID><PreferredAgentID>0</PreferredAgentID>"
    "<PreferredAgentSpecified>false</PreferredAgentSpecified><SkillsetID>0</SkillsetID></OWContact>"
)


def new_center(**choices: object) -> ContactCenter:
    """A center with no campaigns."""
    return ContactCenter(
        administrators=[Administrator("agent", "secret")],
        skillsets=[SKILLSET],
        clock=SettableClock(datetime(2026, 3, 4)),
        profile=make_profile({"limit_seconds": 0, "session_timeout": 0, **choices}),
    )


@pytest.fixture(scope="module")
def small(start: Start) -> Running:
    """A server with one full and one bare campaign, which no test changes."""
    center = new_center()
    center.add_campaign(FULL, [PERSON])
    center.add_campaign(BARE)
    return start(center)


def listed(name: str, listing: str, items: str) -> str:
    """The answer of an operation whose result holds one list."""
    inner = f'<{listing} xmlns="{D}">{items}</{listing}>' if items else f'<{listing} xmlns="{D}" />'
    return operation(f"{name}Response", f"<{name}Result>{inner}</{name}Result>")


@BOTH
def test_a_text_result(start: Start, running: Running, second_user: str, soap: str) -> None:
    arguments = f"<username>{second_user}</username><password>secret</password>"
    reply = call(running.site, UTILITY, "OutboundLogin", arguments, soap=soap)
    found = re.search(rb"<OutboundLoginResult>([A-Za-z0-9]{10}__second)</OutboundLoginResult>", reply.body)
    assert found is not None
    result = f"<OutboundLoginResult>{found[1].decode()}</OutboundLoginResult>"
    assert_success(reply, operation("OutboundLoginResponse", result), soap=soap)


def test_the_bytes_of_an_answer_begin_with_the_declaration_and_end_with_the_envelope(site: Site) -> None:
    reply = call(site, UTILITY, "OutboundLogoff", "<username>nobody</username>")
    assert reply.body == (
        b'<?xml version="1.0" encoding="utf-8"?>'
        b'<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"'
        b' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
        b'<soap:Body><OutboundLogoffResponse xmlns="http://nortel.com/CCMMOutboundWebservices/" /></soap:Body>'
        b"</soap:Envelope>"
    )


@BOTH
@pytest.mark.parametrize("arguments", ["<username>nobody</username>", "<username/>", ""])
def test_an_operation_without_a_result_answers_with_an_empty_element(site: Site, soap: str, arguments: str) -> None:
    reply = call(site, UTILITY, "OutboundLogoff", arguments, soap=soap)
    assert_success(reply, f'<OutboundLogoffResponse xmlns="{T}" />', soap=soap)


@pytest.mark.parametrize("prefix", ["s", "SOAP-ENV", "soapenv", "env", "soap12", "x.y-z"])
@BOTH
def test_the_prefix_of_an_answer_is_always_soap(site: Site, prefix: str, soap: str) -> None:
    body = (
        f'<{prefix}:Envelope xmlns:{prefix}="{soap}"><{prefix}:Header/><{prefix}:Body>'
        f'<q:OutboundLogoff xmlns:q="{T}"/></{prefix}:Body></{prefix}:Envelope>'
    )
    content_type = "text/xml; charset=utf-8" if soap == SOAP11 else SOAP_XML
    reply = post(site, body, soap_action=None, content_type=content_type)
    assert_success(reply, f'<OutboundLogoffResponse xmlns="{T}" />', soap=soap)


def test_a_default_namespace_for_the_envelope_makes_no_difference(site: Site) -> None:
    body = f'<Envelope xmlns="{SOAP11}"><Body><OutboundLogoff xmlns="{T}"/></Body></Envelope>'
    assert_success(post(site, body, soap_action=action("OutboundLogoff")), f'<OutboundLogoffResponse xmlns="{T}" />')


@BOTH
def test_a_list_of_campaigns(small: Running, soap: str) -> None:
    reply = call(small.site, CAMPAIGN, "GetCampaigns", f"<sessionKey>{small.key}</sessionKey>", soap=soap)
    full = FULL_XML.format(created="2010-03-04T05:06:07.12", started="2010-07-02T00:00:00")
    assert_success(reply, listed("GetCampaigns", "CampaignList", full + BARE_XML), soap=soap)


@BOTH
def test_a_page_of_contacts(small: Running, soap: str) -> None:
    arguments = f"<CampaignID>26</CampaignID><LastContactID>0</LastContactID><sessionKey>{small.key}</sessionKey>"
    reply = call(small.site, CAMPAIGN, "Get200CampaignContacts", arguments, soap=soap)
    assert_success(reply, listed("Get200CampaignContacts", "ContactList", PERSON_XML), soap=soap)


def test_a_contact_of_whom_nothing_is_known_has_its_numbers_and_flags(start: Start) -> None:
    center = new_center()
    center.add_campaign(BARE, [Contact(), Contact(custom_fields=(), address=Address(), phone_number=PhoneNumber())])
    running = start(center)
    reply = running.call(
        CAMPAIGN, "Get200CampaignContacts", f"<CampaignID>27</CampaignID><sessionKey>{running.key}</sessionKey>"
    )
    second = NOBODY_XML.format(2).replace("</ContactID>", "</ContactID><Address /><CustomFieldList />", 1)
    second = second.replace("<PreferredAgentID>", "<PhoneNumber /><PreferredAgentID>", 1)
    assert_success(reply, listed("Get200CampaignContacts", "ContactList", NOBODY_XML.format(1) + second))


@BOTH
def test_an_object_result_declares_its_namespace_on_each_member(running: Running, soap: str) -> None:
    arguments = (
        f"<contactId>1</contactId><campaignID>{SPRING}</campaignID><customFieldPassed>false</customFieldPassed>"
        f"<sessionKey>{running.key}</sessionKey>"
    )
    reply = call(running.site, CONTACT, "GetContactStatus", arguments, soap=soap)
    result = f'<GetContactStatusResult><Id xmlns="{D}">1</Id><Name xmlns="{D}">New</Name></GetContactStatusResult>'
    assert_success(reply, operation("GetContactStatusResponse", result), soap=soap)


@BOTH
def test_a_number_result(running: Running, soap: str) -> None:
    number = f'<PhoneNo xmlns="{D}">0</PhoneNo>'
    arguments = (
        f"<phoneNumber>{number}</phoneNumber><CampaignID>{SPRING}</CampaignID><sessionkey>{running.key}</sessionkey>"
    )
    reply = call(running.site, CONTACT, "GetContactIDByPhoneNumber", arguments, soap=soap)
    result = "<GetContactIDByPhoneNumberResult>-1</GetContactIDByPhoneNumberResult>"
    assert_success(reply, operation("GetContactIDByPhoneNumberResponse", result), soap=soap)


@pytest.mark.parametrize(
    ("name", "path", "arguments"),
    [
        ("Get200CampaignContacts", CAMPAIGN, "<CampaignID>27</CampaignID><sessionKey>{}</sessionKey>"),
        (
            "FindContactsByPhoneNumber",
            CONTACT,
            f'<CampaignID>27</CampaignID><PhoneNumber><PhoneNo xmlns="{D}">0</PhoneNo></PhoneNumber>'
            "<sessionkey>{}</sessionkey>",
        ),
        ("FindContactsByCustomField", CONTACT, "<CampaignID>27</CampaignID><sessionkey>{}</sessionkey>"),
    ],
)
@pytest.mark.parametrize("form", ["empty-list", "null-list", "null-result"])
def test_nothing_found_has_one_of_three_forms(start: Start, name: str, path: str, arguments: str, form: str) -> None:
    running = _with_form(start, form)
    reply = running.call(path, name, arguments.format(running.key))
    contents = {
        "empty-list": listed(name, "ContactList", ""),
        "null-list": operation(f"{name}Response", f"<{name}Result />"),
        "null-result": f'<{name}Response xmlns="{T}" />',
    }
    assert_success(reply, contents[form])


_FORMS: dict[str, Running] = {}


def _with_form(start: Start, form: str) -> Running:
    if form not in _FORMS:
        center = new_center(empty_page=form)
        center.add_campaign(BARE)
        _FORMS[form] = start(center)
    return _FORMS[form]


def test_no_campaigns_are_an_empty_list(start: Start) -> None:
    running = start(new_center())
    reply = running.call(CAMPAIGN, "GetCampaigns", f"<sessionKey>{running.key}</sessionKey>")
    assert_success(reply, listed("GetCampaigns", "CampaignList", ""))


def test_a_result_that_is_null_is_absent(start: Start) -> None:
    center = new_center(unknown_contact="empty")
    center.add_campaign(BARE)
    running = start(center)
    arguments = f"<contactId>7</contactId><campaignID>27</campaignID><sessionKey>{running.key}</sessionKey>"
    assert_success(running.call(CONTACT, "GetContactStatus", arguments), f'<GetContactStatusResponse xmlns="{T}" />')


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        pytest.param(datetime(2010, 3, 4, 5, 6, 7), "2010-03-04T05:06:07", id="whole seconds"),
        pytest.param(datetime(2010, 3, 4, 5, 6, 7, 120000), "2010-03-04T05:06:07.12", id="hundredths"),
        pytest.param(datetime(2010, 3, 4, 5, 6, 7, 1), "2010-03-04T05:06:07.000001", id="a microsecond"),
        pytest.param(datetime(2010, 1, 2), "2010-01-02T00:00:00", id="a day"),
        pytest.param(datetime(9999, 12, 31, 23, 59, 59, 999999), "9999-12-31T23:59:59.999999", id="the last moment"),
        pytest.param(datetime(1, 1, 1), "0001-01-01T00:00:00", id="the first moment"),
        pytest.param(datetime(999, 12, 31), "0999-12-31T00:00:00", id="a year of three digits"),
        pytest.param(None, "0001-01-01T00:00:00", id="never set"),
    ],
)
@pytest.mark.parametrize(("style", "suffix"), [("unspecified", ""), ("utc", "Z")])
def test_dates(start: Start, moment: datetime | None, text: str, style: str, suffix: str) -> None:
    running = _with_dates(start, style)
    campaign_id = len(running.center.campaigns()) + 1
    running.center.add_campaign(CampaignDetails(campaign_id, f"C{campaign_id}", date_created=moment))
    reply = running.call(CAMPAIGN, "GetCampaigns", f"<sessionKey>{running.key}</sessionKey>")
    suffix = "" if moment is None else suffix
    found = re.findall(rb"<DateCreated>(.*?)</DateCreated>", reply.body)
    assert found[campaign_id - 1].decode() == text + suffix


_DATES: dict[str, Running] = {}


def _with_dates(start: Start, style: str) -> Running:
    if style not in _DATES:
        _DATES[style] = start(new_center(dates=style))
    return _DATES[style]


@pytest.mark.parametrize(
    ("sent", "written"),
    [
        pytest.param("&lt;a&gt; &amp; b", b"&lt;a&gt; &amp; b", id="markup"),
        pytest.param("'a' \"b\"", b"'a' \"b\"", id="quotes"),
        pytest.param("&apos;a&apos; &quot;b&quot;", b"'a' \"b\"", id="quotes as entities"),
        pytest.param("a\tb\nc", b"a\tb\nc", id="tab and line feed"),
        pytest.param("a&#13;b&#13;&#10;c", b"a\rb\r\nc", id="carriage returns"),
        pytest.param("é € 𝄞 \u0394\u00a0\u200b", "é € 𝄞 \u0394\u00a0\u200b".encode(), id="not ASCII"),
        pytest.param("&#233;&#x20AC;&#119070;", "é€𝄞".encode(), id="character references"),
        pytest.param("<![CDATA[<a>&amp;]]>", b"&lt;a&gt;&amp;amp;", id="CDATA"),
        pytest.param("]]&gt;", b"]]&gt;", id="an end of CDATA"),
        pytest.param("  a  ", b"  a  ", id="blanks around"),
        pytest.param(" ", b" ", id="a blank"),
        pytest.param("\x7f\x85\u2028", "\x7f\x85\u2028".encode(), id="control characters that XML has"),
    ],
)
def test_texts_come_back_as_net_writes_them(running: Running, sent: str, written: bytes) -> None:
    contact = running.append(
        f'<contact><FirstName xmlns="{D}">{sent}</FirstName><SkillsetID xmlns="{D}">10</SkillsetID></contact>'
    )
    assert contact is not None
    arguments = (
        f"<CampaignID>2</CampaignID><LastContactID>{contact.contact_id - 1}</LastContactID>"
        f"<sessionKey>{running.key}</sessionKey>"
    )
    reply = running.call(CAMPAIGN, "Get200CampaignContacts", arguments)
    assert reply.header("Content-Length") == str(len(reply.body))
    assert b"<FirstName>%s</FirstName>" % written in reply.body


@pytest.mark.parametrize(
    ("sent", "written"),
    [
        pytest.param("", b"", id="absent"),
        pytest.param(f'<FirstName xmlns="{D}"/>', b"<FirstName />", id="empty"),
        pytest.param(f'<FirstName xmlns="{D}"></FirstName>', b"<FirstName />", id="start and end"),
        pytest.param(f'<FirstName xmlns="{D}" xsi:nil="true"/>', b"<FirstName />", id="nil"),
    ],
)
def test_a_missing_text_stays_missing_and_an_empty_one_empty(running: Running, sent: str, written: bytes) -> None:
    contact = running.append(f'<contact>{sent}<SkillsetID xmlns="{D}">10</SkillsetID></contact>')
    assert contact is not None
    arguments = (
        f"<CampaignID>2</CampaignID><LastContactID>{contact.contact_id - 1}</LastContactID>"
        f"<sessionKey>{running.key}</sessionKey>"
    )
    reply = running.call(CAMPAIGN, "Get200CampaignContacts", arguments)
    one = b"<OWContact><ContactID>%d</ContactID>%s<PreferredAgentID>0</PreferredAgentID>" % (
        contact.contact_id,
        written,
    )
    assert one in reply.body


def test_a_page_of_200_is_one_line_with_its_length(start: Start) -> None:
    center = new_center()
    center.add_campaign(BARE, [Contact(first_name="N" * 700, skillset_id=1)] * 201)
    running = start(center)
    reply = running.call(
        CAMPAIGN, "Get200CampaignContacts", f"<CampaignID>27</CampaignID><sessionKey>{running.key}</sessionKey>"
    )
    assert reply.body.count(b"<OWContact>") == 200
    assert len(reply.body) > 170_000
    assert b"\n" not in reply.body
    assert reply.header("Content-Length") == str(len(reply.body))
    assert reply.header("Transfer-Encoding") is None


def test_the_answers_headers_are_those_of_iis_in_their_order(site: Site) -> None:
    reply = call(site, UTILITY, "OutboundLogoff")
    assert reply.version == "HTTP/1.1"
    assert [one for one in reply.headers if one[0] not in ("Date", "Content-Length")] == [
        ("Cache-Control", "private, max-age=0"),
        ("Content-Type", "text/xml; charset=utf-8"),
        ("Server", "Microsoft-IIS/8.5"),
        ("X-AspNet-Version", "4.0.30319"),
        ("X-Powered-By", "ASP.NET"),
    ]
    assert reply.names[-2:] == ["Date", "Content-Length"]
    date = reply.header("Date") or ""
    assert datetime.strptime(date, "%a, %d %b %Y %H:%M:%S GMT").year >= 2024


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Accept", "application/json"),
        ("Accept-Charset", "iso-8859-1, utf-16"),
        ("Accept-Encoding", "gzip, deflate, br"),
        ("Accept-Language", "de"),
        ("Cookie", "ASP.NET_SessionId=1; a=b"),
        ("Authorization", "Basic YTpi"),
        ("If-Modified-Since", "Sat, 01 Jan 2050 00:00:00 GMT"),
        ("If-None-Match", "*"),
        ("Range", "bytes=0-3"),
        ("X-Forwarded-Host", "other"),
        ("X-HTTP-Method-Override", "PUT"),
    ],
)
def test_headers_that_asmx_does_not_read_change_nothing(site: Site, name: str, value: str) -> None:
    body = envelope(operation("OutboundLogoff"))
    reply = post(site, body, soap_action=action("OutboundLogoff"), headers=[(name, value)])
    assert_success(reply, f'<OutboundLogoffResponse xmlns="{T}" />')
    assert not {"Content-Encoding", "Set-Cookie", "Vary", "WWW-Authenticate"} & set(reply.names)
