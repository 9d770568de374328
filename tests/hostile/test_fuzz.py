"""Whatever is sent, what comes back is something ASP.NET would say; nothing changes, and the server goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from fake_ccmm import (
    Administrator,
    CampaignDetails,
    Contact,
    ContactCenter,
    CustomField,
    DispositionCode,
    FakeCcmm,
    PhoneNumber,
    SettableClock,
    Skillset,
)
from tests.messages import SOAP11, SOAP12, envelope, operation
from tests.messages import D as DATATYPES
from tests.messages import T as TARGET
from tests.raw_http import Reply, Site

USER, PASSWORD = "user", "pa55w0rd"
CAMPAIGN = 5

SERVICES = {
    "OutboundLogin": "OutboundUtilityWS",
    "OutboundLogoff": "OutboundUtilityWS",
    "GetCampaigns": "OutboundCampaignWS",
    "AppendContactsToCampaign": "OutboundCampaignWS",
    "Get200CampaignContacts": "OutboundCampaignWS",
    "GetContactStatus": "OutboundContactWS",
    "CloseContact": "OutboundContactWS",
    "GetContactIDByPhoneNumber": "OutboundContactWS",
    "FindContactsByPhoneNumber": "OutboundContactWS",
    "FindContactsByCustomField": "OutboundContactWS",
}

FAULT_TEXTS = re.compile(
    "|".join(
        (
            r"Server did not recognize the value of HTTP Header SOAPAction: .*\.",
            r"Unable to handle request without a valid action parameter\. Please supply a valid soap action\.",
            r"Unable to handle request\. The action '.*' was not recognized\.",
            r"Possible SOAP version mismatch: Envelope namespace .* was unexpected\. Expecting .*\.",
            r"SOAP header .* was not understood\.",
            r"Server was unable to read request\. ---> There is an error in XML document \(\d+, \d+\)\. ---> "
            r"(Input string was not in a correct format\.|Value was either too large or too small for an Int(32|64)\.|"
            r"The string '.*' is not a valid Boolean value\.|The specified type was not recognized: .*\.)",
            r"Server was unable to (read|process) request\. ---> "
            r"Request format is invalid: Missing required soap:\w+ element\.",
            r"Server was unable to process request\. ---> .*( Line \d+, position \d+\.|Root element is missing\."
            r"|DTD is prohibited in this XML document\.|Cannot switch to Unicode\.)",
            r"Server was unable to process request\. ---> Length cannot be less than zero\.\s+Parameter name: length",
            r"Invalid Administrator Login Details for : .*",
            r"Access Denied - Validation of session key failed",
            r"An Application administrator with user ID .* is already logged in",
        )
    ),
    re.DOTALL,
)
FAULT_CODES = {
    SOAP11: {"soap:Client", "soap:Server", "soap:MustUnderstand", "soap:VersionMismatch"},
    SOAP12: {"soap:Sender", "soap:Receiver", "soap:MustUnderstand"},
}


class Target:
    """A server with one of everything, and a picture of its state."""

    def __init__(self) -> None:
        self.center = ContactCenter(
            administrators=[Administrator(USER, PASSWORD)], skillsets=[Skillset(1, "OB_Test")], clock=SettableClock()
        )
        details = CampaignDetails(
            CAMPAIGN, "Only", disposition_codes=(DispositionCode(1, "Completed"),), custom_field_names=("A",)
        )
        contact = Contact(
            skillset_id=1, phone_number=PhoneNumber("1", "2", "3"), custom_fields=(CustomField("A", "x"),)
        )
        self.center.add_campaign(details, [contact] * 3)
        self.key = self.center.log_in(USER, PASSWORD)
        self.server = FakeCcmm(self.center).start()
        self.site = Site("127.0.0.1", self.server.port)
        self.before = self.picture()

    def picture(self) -> object:
        return self.center.campaigns(), self.center.contacts(CAMPAIGN), self.center.usernames()

    def exchange(self, request: bytes) -> bytes:
        """Everything the server says to a request after which the client sends no more."""
        with self.site.connection() as connection:
            connection.send(request)
            connection.send_no_more()
            return connection.rest()

    def check_unharmed(self) -> None:
        assert self.picture() == self.before
        arguments = f"<sessionKey>{self.key}</sessionKey>"
        reply = self.site.exchange(post("OutboundCampaignWS", call("GetCampaigns", arguments).encode()))
        assert reply.status == 200


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    target = Target()
    yield target
    target.check_unharmed()
    target.server.stop()


def call(name: str, arguments: str) -> str:
    """An operation's envelope, without a declaration."""
    return envelope(operation(name, arguments), declaration="")


def post(
    service: str,
    body: bytes,
    *,
    content_type: str = "text/xml; charset=utf-8",
    action: str | None = None,
) -> bytes:
    """A request to a service; ``action`` is the value of SOAPAction as it stands on the wire."""
    headers = [("Content-Type", content_type)]
    if action is not None:
        headers.append(("SOAPAction", action))
    path = f"/ccmmoutboundwebservices/{service}.asmx"
    return Site("localhost", 80).request("POST", path, headers, body, host="localhost")


def arguments_of(operation: str, key: str) -> str:
    """Every argument of an operation, filled in."""
    members = {
        "OutboundLogin": "<username>nobody</username><password>x</password>",
        "OutboundLogoff": "<username>nobody</username>",
        "GetCampaigns": "",
        "AppendContactsToCampaign": f'<CampaignID>5</CampaignID><contact><SkillsetID xmlns="{DATATYPES}">1</SkillsetID>'
        f'<PreferredAgentID xmlns="{DATATYPES}">1</PreferredAgentID></contact>',
        "Get200CampaignContacts": "<CampaignID>5</CampaignID><LastContactID>0</LastContactID>",
        "GetContactStatus": "<contactId>1</contactId><campaignID>5</campaignID><customFieldName>A</customFieldName>"
        "<customFieldValue>x</customFieldValue><customFieldPassed>true</customFieldPassed>",
        "CloseContact": "<campaignId>5</campaignId><contactId>1</contactId><customFieldSpecified>false"
        "</customFieldSpecified><closureText>t</closureText><closedReasonCodeValue>1</closedReasonCodeValue>"
        "<closedReasonCodeSpecified>true</closedReasonCodeSpecified>",
        "GetContactIDByPhoneNumber": f'<phoneNumber><PhoneNo xmlns="{DATATYPES}">3</PhoneNo></phoneNumber>'
        "<CampaignID>5</CampaignID>",
        "FindContactsByPhoneNumber": f'<ContactStatus><Id xmlns="{DATATYPES}">1</Id></ContactStatus>'
        f'<CampaignID>5</CampaignID><PhoneNumber><PhoneNo xmlns="{DATATYPES}">3</PhoneNo></PhoneNumber>',
        "FindContactsByCustomField": f'<CampaignID>5</CampaignID><CustomField><Name xmlns="{DATATYPES}">A</Name>'
        f'<Text xmlns="{DATATYPES}">x</Text><IsTextVisible xmlns="{DATATYPES}">1</IsTextVisible></CustomField>',
    }[operation]
    name = "sessionkey" if operation.startswith(("Find", "GetContactID")) else "sessionKey"
    return members if operation.startswith("Outbound") else f"{members}<{name}>{key}</{name}>"


def check_soap_answer(reply: Reply) -> None:
    """Hold an answer to a POST against everything ASMX can say."""
    status, body = reply.status, reply.body
    assert b"Traceback" not in body
    if status in (400, 415):
        assert body == b""
        return
    assert status in (200, 500), status
    # ASP.NET quotes a control character of the request as a reference, which is not well-formed XML 1.0 either.
    root = etree.fromstring(re.sub(rb"&#x[01]?[0-9A-F];", b"?", body))
    namespace = etree.QName(root).namespace
    assert namespace in FAULT_CODES
    expected = "text/xml" if namespace == SOAP11 else "application/soap+xml"
    assert reply.header("Content-Type") == f"{expected}; charset=utf-8"
    fault = root.find(f"{{{namespace}}}Body/{{{namespace}}}Fault")
    assert (fault is not None) == (status == 500)
    if fault is not None:
        names = ("faultcode", "faultstring") if namespace == SOAP11 else (f"{{{SOAP12}}}Value", f"{{{SOAP12}}}Text")
        code, text = (fault.findtext(f".//{name}") or "" for name in names)
        assert code in FAULT_CODES[namespace], code
        assert FAULT_TEXTS.fullmatch(text), text


OPERATIONS = st.sampled_from(sorted(SERVICES))
SNIPPETS = st.sampled_from(
    [
        *(
            "<",
            ">",
            "&",
            "&amp;",
            "&#0;",
            "&#xD800;",
            "&x;",
            "]]>",
            "<!--",
            "-->",
            "<![CDATA[",
            "<?xml?>",
            "<?a b?>",
            "'",
        ),
        *(
            '<!DOCTYPE a [<!ENTITY x "y">]>',
            "</",
            "/>",
            '"',
            "=",
            ":",
            "xmlns=",
            'xsi:nil="true"',
            "\0",
            "\x1d",
            "\ufffe",
        ),
        *(
            "soap:Envelope",
            "soap:Header",
            "soap:Body",
            "<soap:Header/>",
            "é",
            "𝄞",
            " ",
            "\r",
            "\n",
            "\ufeff",
            "-",
            "9" * 40,
        ),
        *('<h soap:mustUnderstand="1"/>', "<?xml version='1.1'?>", "x:", "true", "TRUE", "1.5", f'xmlns="{TARGET}"'),
    ]
)
CONTENT_TYPES = st.one_of(
    st.sampled_from(
        [
            *("text/xml; charset=utf-8", "text/xml", "application/soap+xml; charset=utf-8", "application/soap+xml"),
            *("text/xml; charset=utf-16", "text/xml; charset=nope", "application/json", "text/plain", "", "text/xml ;"),
            *(
                f'application/soap+xml; action="{TARGET}GetCampaigns"',
                "application/soap+xml; action=nope",
                "a;charset=",
            ),
        ]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30).map(str.strip),
)


@st.composite
def mangled(draw: st.DrawFn, text: str) -> str:
    """A text with pieces cut out, doubled, moved or put in."""
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + draw(st.sampled_from([0, 1, 3, 20, 500])))))
        piece = draw(st.one_of(SNIPPETS, st.just(""), st.just(text[start:end] * 2), st.text(max_size=4)))
        text = text[:start] + piece + text[end:]
    return text


@st.composite
def soap_requests(draw: st.DrawFn) -> bytes:
    """A request for some operation with a key that is not good, more or less mangled, in some encoding."""
    operation = draw(OPERATIONS)
    text = call(operation, arguments_of(operation, "AbCdEfGhIj__nobody"))
    if draw(st.booleans()):
        text = text.replace(SOAP11, SOAP12)
    body = draw(mangled(text)).encode(draw(st.sampled_from(["utf-8", "utf-8", "utf-16", "utf-8-sig"])), "replace")
    action = draw(
        st.one_of(
            st.none(),
            st.sampled_from(
                [f'"{TARGET}{operation}"', f"{TARGET}{operation}", '""', '"', "'x'", "%41", f'"{TARGET}nope"']
            ),
            mangled(f'"{TARGET}{operation}"').filter(lambda one: one.isascii() and one.isprintable()),
        )
    )
    return post(SERVICES[operation], body, content_type=draw(CONTENT_TYPES), action=action)


@given(request=soap_requests())
def test_any_soap_request_gets_an_answer_that_asmx_could_give(target: Target, request: bytes) -> None:
    with target.site.connection() as connection:
        connection.send(request)
        reply = connection.reply()
        check_soap_answer(reply)
        connection.send(request)
        again = connection.reply()
        assert (again.status, again.body) == (reply.status, reply.body), "and the connection stays open"
    assert target.picture() == target.before


BAD_VALUES = st.one_of(
    st.sampled_from(
        ["", " ", "abc", "1.5", "1e3", "0x10", "1,000", "TRUE", "yes", "2", "-", "+-7", "9" * 19, "9" * 40, "٣"]
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_characters="<&>"), max_size=8),
).filter(lambda value: not re.fullmatch(r"\s*([+-]?[0-9]{1,9}|true|false)\s*", value))
TYPED = "|".join(
    (
        *(
            "CampaignID",
            "campaignId",
            "campaignID",
            "LastContactID",
            "contactId",
            "SkillsetID",
            "PreferredAgentID",
            "Id",
        ),
        *("customFieldPassed", "customFieldSpecified", "closedReasonCodeSpecified", "closedReasonCodeValue"),
        "IsTextVisible",
    )
)


@given(data=st.data(), value=BAD_VALUES)
def test_a_value_of_the_wrong_type_in_any_argument_is_refused_and_changes_nothing(
    target: Target, data: st.DataObject, value: str
) -> None:
    text = call(operation := data.draw(OPERATIONS), arguments_of(operation, target.key))
    places = list(re.finditer(rf"<({TYPED})( [^>]*)?>([^<]*)</\1>", text))
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    body = text[: place.start(3)] + value + text[place.end(3) :]
    answer = target.site.exchange(post(SERVICES[operation], body.encode(), action=f'"{TARGET}{operation}"'))
    assert answer.status == 500
    check_soap_answer(answer)
    assert b"There is an error in XML document" in answer.body
    assert target.picture() == target.before


HEAD = (
    b"POST /ccmmoutboundwebservices/OutboundUtilityWS.asmx HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc"
)


@given(
    request=st.one_of(
        st.binary(max_size=300),
        st.lists(st.sampled_from([HEAD[i : i + 7] for i in range(0, len(HEAD), 7)]), max_size=30).map(b"".join),
        st.tuples(st.integers(0, len(HEAD)), st.binary(max_size=6)).map(
            lambda cut: HEAD[: cut[0]] + cut[1] + HEAD[cut[0] :]
        ),
        st.sampled_from([b"GET", b"HEAD", b"PUT", b"OPTIONS", b"TRACE", b"CONNECT", b"BREW", b"get"]).flatmap(
            lambda verb: st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=40).map(
                lambda path: verb + b" /" + path.encode() + b" HTTP/1.1\r\nHost: h\r\n\r\n"
            )
        ),
    )
)
@example(request=b"\r\n\r\n")
@example(request=b"GET / HTTP/9.9\r\n\r\n")
@example(request=b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
@example(request=b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n")
@example(request=b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999999999999\r\n\r\n")
@example(request=b"GET /" + b"a" * 20000 + b" HTTP/1.1\r\nHost: h\r\n\r\n")
@example(request=b"GET / HTTP/1.1\r\nX: " + b"a" * 70000)
def test_any_bytes_at_all_get_an_http_answer_or_none_and_do_no_harm(target: Target, request: bytes) -> None:
    answers = target.exchange(request)
    assert b"Traceback" not in answers
    if answers:
        assert re.match(rb"HTTP/1\.1 (100|200|301|400|403|404|405|411|415|500|505) ", answers), answers[:80]
    assert target.picture() == target.before


HOSTILE = {
    "an entity that explodes": '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>{}',
    "an entity from a file": '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>{}',
    "a DTD from elsewhere": '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">{}',
    "a parameter entity": '<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>{}',
}


@pytest.mark.parametrize("template", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_document_type_is_refused_without_being_read(target: Target, template: str) -> None:
    body = template.format(call("OutboundLogoff", "<username>&a;</username>")).encode()
    answer = target.site.exchange(post("OutboundUtilityWS", body, action=f'"{TARGET}OutboundLogoff"'))
    assert (answer.status, answer.body) == (400, b"")


def test_an_xinclude_is_an_element_like_any_other(target: Target) -> None:
    inside = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
    body = call("OutboundLogin", f"<username>{inside}</username>").encode()
    answer = target.site.exchange(post("OutboundUtilityWS", body, action=f'"{TARGET}OutboundLogin"'))
    assert (answer.status, answer.body) == (400, b"")


XSI_ROOT = '<a xmlns:x="http://www.w3.org/2001/XMLSchema-instance">'
MANY_ATTRIBUTES = "<a " + " ".join(f'b{i}=""' for i in range(50_000)) + "/>"
LARGE = {
    "deep nesting": (call("OutboundLogoff", "<a>" * 100_000 + "</a>" * 100_000), 200),
    "deep nesting left open": (call("OutboundLogoff", "")[:-40] + "<a>" * 200_000, 400),
    "many elements": (call("OutboundLogoff", "<a/>" * 200_000), 200),
    "many elements, then an error": (call("OutboundLogoff", "<a/>" * 200_000) + "&", 400),
    "many lines": (call("OutboundLogoff", "<username>" + "\n" * 1_000_000 + "</username>"), 200),
    "many attributes": (call("OutboundLogoff", MANY_ATTRIBUTES), 200),
    "many types": (call("OutboundLogoff", f"{XSI_ROOT}{'<b x:type=$c$/>'.replace('$', chr(34)) * 50_000}</a>"), 200),
    "one long text": (call("OutboundLogoff", f"<username>{'x' * 3_000_000}</username>"), 200),
}


@pytest.mark.parametrize(("body", "status"), LARGE.values(), ids=LARGE.keys())
def test_a_large_document_is_answered_like_a_small_one(target: Target, body: str, status: int) -> None:
    answer = target.site.exchange(post("OutboundUtilityWS", body.encode(), action=f'"{TARGET}OutboundLogoff"'))
    assert answer.status == status


def test_a_truncated_request_is_let_go_when_the_client_is_gone(target: Target) -> None:
    request = post("OutboundUtilityWS", call("OutboundLogoff", "").encode())
    for length in (5, 60, len(request) - 1):
        assert target.exchange(request[:length]) == b""
    target.check_unharmed()


def test_a_client_that_says_nothing_does_not_keep_others_waiting(target: Target) -> None:
    with ExitStack() as stack:
        idle = [stack.enter_context(target.site.connection()) for _ in range(50)]
        for connection in idle[::2]:
            connection.send(b"POST /ccmmoutboundwebservices/OutboundUtilityWS.asmx HTTP/1.1\r\nHo")
        target.check_unharmed()
