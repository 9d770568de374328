"""What the journal says of requests that came over HTTP, and what it never says unless it is asked for secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fake_ccmm import Administrator, DispositionCode, FakeCcmm, Profile
from fake_ccmm.app import FakeCcmmApp
from fake_ccmm.faults import HttpError, SoapFaultAction
from fake_ccmm.journal import Exchange, exchange_to_json
from fake_ccmm.soap.protocol import MAX_BODY
from tests.messages import SOAP11, SOAP12, SOAP_XML, TEXT_XML, D, T, envelope, operation, said

from .wired import INBOX, PASSWORD, SPRING, START, USER, Wired, own_center, small_center, wired

MARK = "Zq7hunter2x"
"""What stands in every secret here, and nowhere else."""

ASMX = "/ccmmoutboundwebservices/OutboundUtilityWS.asmx"


@pytest.fixture(scope="module")
def ccmm() -> Iterator[FakeCcmm]:
    with FakeCcmm(small_center(), log=None) as one:
        yield one


@pytest.fixture
def one(ccmm: FakeCcmm) -> Iterator[Wired]:
    with own_center(ccmm) as center:
        yield center


@pytest.fixture(scope="module")
def shared(ccmm: FakeCcmm) -> Wired:
    return wired(ccmm)


def told(one: Wired, request: bytes) -> Exchange:
    """What the journal says of a request that was answered."""
    one.ask(request)
    [newest] = one.served.journal.exchanges(limit=1)
    return newest


# --- calls ------------------------------------------------------------------------------------------------------------


def number(wire: str) -> str:
    """The XML of a phone number of SPRING's seventh contact, under the name that an operation gives it."""
    parts = (("IntCode", "353"), ("AreaCode", "91"), ("PhoneNo", "7"))
    inner = "".join(f'<{name} xmlns="{D}">{text}</{name}>' for name, text in parts)
    return f"<{wire}>{inner}</{wire}>"


BY_FIELD = {"custom_field_name": None, "custom_field_value": None}
ONE_CONTACT = {"contacts": 1, "first_contact_id": 7, "last_contact_id": 7}


@pytest.mark.parametrize("soap", [SOAP11, SOAP12])
def test_every_operation_is_told_in_the_words_of_the_domain(one: Wired, soap: str) -> None:
    center, key = one.served.center, {"session_key": "***"}

    def ask(name: str, xml: str = "", **arguments: Any) -> tuple[Any, Any, str | None]:
        exchange = told(one, one.request(name, xml=xml, soap=soap, **arguments))
        assert (exchange.operation, exchange.outcome, exchange.status) == (name, "ok", 200)
        assert exchange.request_line == f"POST {one.path(name)}"
        assert (exchange.refusal, exchange.rule, exchange.fault_number, exchange.fault_text) == (None,) * 4
        assert (exchange.injected, exchange.client) == (None, "127.0.0.1")
        return dict(exchange.arguments), exchange.result, exchange.user

    login = {"username": "bert", "password": "***"}
    assert ask("OutboundLogin", username="bert", password=PASSWORD) == (login, "***", "bert")
    assert ask("OutboundLogoff", username="bert") == ({"username": "bert"}, None, "bert")
    assert ask("GetCampaigns", sessionKey=one.key) == (key, {"campaigns": [SPRING, INBOX]}, USER)
    assert ask("Get200CampaignContacts", CampaignID=SPRING, LastContactID=200, sessionKey=one.key) == (
        {**key, "campaign_id": SPRING, "last_contact_id": 200},
        {"contacts": 200, "first_contact_id": 201, "last_contact_id": 400},
        USER,
    )
    contact = f'<contact><FirstName xmlns="{D}">Zoë</FirstName><SkillsetID xmlns="{D}">1</SkillsetID></contact>'
    arguments, result, user = ask("AppendContactsToCampaign", contact, CampaignID=INBOX, sessionKey=one.key)
    assert (result, user, arguments["campaign_id"], arguments["contact"]["first_name"]) == (1, USER, INBOX, "Zoë")
    assert center.contacts(INBOX)[0].first_name == "Zoë"
    place = {"campaign_id": SPRING, "contact_id": 7}
    status = ask("GetContactStatus", sessionKey=one.key, campaignID=SPRING, contactId=7)
    assert status == ({**key, **place, **BY_FIELD, "custom_field_passed": False}, "New", USER)
    closing = {
        **BY_FIELD,
        "custom_field_specified": False,
        "closure_text": "Done & dusted",
        "disposition_code": 0,
        "disposition_code_specified": False,
    }
    closed = ask("CloseContact", campaignId=SPRING, contactId=7, closureText="Done & dusted", sessionKey=one.key)
    assert closed == ({**key, **place, **closing}, 1, USER)
    by_phone = {**key, "campaign_id": SPRING, "phone_number": told_number(one)}
    finding = ask("GetContactIDByPhoneNumber", number("phoneNumber"), CampaignID=SPRING, sessionkey=one.key)
    assert finding == (by_phone, 7, USER)
    finding = ask("FindContactsByPhoneNumber", number("PhoneNumber"), CampaignID=SPRING, sessionkey=one.key)
    assert finding == ({**by_phone, "contact_status": None}, ONE_CONTACT, USER)
    field = f'<CustomField><Name xmlns="{D}">Account</Name><Text xmlns="{D}">1</Text></CustomField>'
    arguments, result, user = ask("FindContactsByCustomField", field, CampaignID=SPRING, sessionkey=one.key)
    assert (arguments["custom_field"]["name"], arguments["custom_field"]["text"], user) == ("Account", "1", USER)
    assert result == {"contacts": 0, "first_contact_id": None, "last_contact_id": None}
    one.served.journal.sequence("OutboundLogin", "CloseContact", "FindContactsByCustomField")
    one.served.journal.verify("CloseContact", contact_id=7, user=USER).once()


def told_number(one: Wired) -> dict[str, Any]:
    """The phone number as the journal has it: the fields of the domain's PhoneNumber."""
    found = one.served.center.contact(SPRING, 7).phone_number
    assert found is not None
    return {name: getattr(found, name) for name in found.__slots__}


def test_a_session_is_known_again_but_not_its_key(one: Wired) -> None:
    other = one.served.center.log_in("bert", PASSWORD)
    mine = [told(one, one.campaigns()).session, told(one, one.append()).session]
    theirs = told(one, one.campaigns(sessionKey=other)).session
    assert mine[0] == mine[1] != theirs
    assert None not in (mine[0], theirs)
    assert one.key not in repr(mine)
    login = told(one, one.log_off("bert")), told(one, one.log_in("bert"))
    assert login[0].session is None
    assert login[1].session not in (None, theirs)
    key = one.served.journal.exchange(login[1].number, secrets=True).result
    assert told(one, one.campaigns(sessionKey=key)).session == login[1].session


@pytest.mark.parametrize("key", ["", "nobody's", "aaaaaaaaaa__anna", f"x__{MARK}"])
def test_a_key_that_was_never_given_out_says_nothing_of_its_user(one: Wired, key: str) -> None:
    header = '<soap:Header><a xmlns="b" soap:mustUnderstand="1"/></soap:Header>'
    body = envelope(operation("GetCampaigns", f"<sessionKey>{key}</sessionKey>"), header=header).encode()
    assert told(one, one.post("GetCampaigns", body)).user is None
    assert told(one, one.campaigns(sessionKey=key)).user is None
    for action in (HttpError(), SoapFaultAction("no"), HttpError(carried_out=True)):
        one.served.faults.clear()
        one.strike(action)
        exchange = told(one, one.campaigns(sessionKey=key))
        assert (exchange.user, exchange.injected) == (None, "fault-1")
        assert told(one, one.campaigns()).user == USER


def test_there_are_two_times(one: Wired) -> None:
    before = datetime.now(timezone.utc).replace(tzinfo=None)
    one.served.clock.advance(90)
    exchange = told(one, one.campaigns())
    after = datetime.now(timezone.utc).replace(tzinfo=None)
    assert exchange.center_time == START + timedelta(seconds=90)
    second = timedelta(seconds=1)  # the machine's time may be corrected while it runs
    assert before - second <= exchange.real_time <= after + second
    assert exchange == one.served.journal.exchange(exchange.number), "it always reads the same"
    assert 0 < exchange.milliseconds < 10_000


@pytest.mark.parametrize(
    ("refusal", "rule", "choices", "requests"),
    [
        ("too_soon", "A4", {"limit_seconds": 1}, ["append", "append"]),
        ("too_soon", "X5", {"limit_seconds": 1}, ["close", "close_second"]),
        ("contact_already_closed", "X4", {}, ["close", "close"]),
        ("unknown_contact", "X1", {}, ["close_nobody"]),
        ("unknown_contact", "T1", {}, ["status_of_nobody"]),
        ("invalid_login", "S2", {}, ["bad_login"]),
        ("already_logged_in", "S4", {}, ["log_in"]),
        ("invalid_session_key", "S7", {}, ["bad_key"]),
        ("session_expired", "S8", {}, ["expire", "campaigns"]),
        ("unknown_campaign", "C5", {}, ["page_of_nothing"]),
        ("phone_number_required", "F2", {}, ["find_nobody"]),
        ("disposition_code_not_linked", "X2", {}, ["close_with_code"]),
    ],
)
def test_a_refusal_has_its_name_and_its_rule(
    refusal: str, rule: str, choices: dict[str, Any], requests: list[str]
) -> None:
    center = small_center(Profile(**{"limit_seconds": 0, "session_timeout": 0, **choices}))
    center.add_disposition_code(DispositionCode(1, "Sold"))
    with FakeCcmm(center, log=None) as ccmm:
        one = wired(ccmm)
        made = {
            "append": one.append(),
            "close": one.close(1),
            "close_second": one.close(2),
            "close_nobody": one.close(10**6),
            "status_of_nobody": one.request(
                "GetContactStatus", sessionKey=one.key, campaignID=SPRING, contactId=10**6, customFieldPassed="false"
            ),
            "bad_login": one.log_in(USER, "wrong"),
            "log_in": one.log_in(),
            "bad_key": one.campaigns(sessionKey="?"),
            "campaigns": one.campaigns(),
            "page_of_nothing": one.page(campaign_id=99),
            "find_nobody": one.request("FindContactsByPhoneNumber", CampaignID=SPRING, sessionkey=one.key),
            "close_with_code": one.request(
                "CloseContact",
                campaignId=SPRING,
                contactId=1,
                closedReasonCodeValue=1,
                closedReasonCodeSpecified="true",
                sessionKey=one.key,
            ),
        }
        for name in requests:
            if name == "expire":
                center.expire_session(USER)
            else:
                reply = one.ask(made[name])
        exchange = one.last()
        assert (exchange.outcome, exchange.refusal, exchange.rule) == ("refused", refusal, rule)
        assert (exchange.status, exchange.fault_text, exchange.result) == (500, said(reply), None)
        assert f"<ErrorNumber>{exchange.fault_number}<" in reply.body.decode()
        assert exchange.user == (None if refusal == "invalid_session_key" else USER)
        assert exchange == one.served.journal.verify(rule=rule).once()[0]


# --- what is no proper call -------------------------------------------------------------------------------------------


def test_errors_of_the_protocol_are_told_with_what_is_known(one: Wired) -> None:
    malformed = told(one, one.post("GetCampaigns", envelope("<a>\n<b></a>").encode()))
    assert (malformed.operation, malformed.outcome, malformed.status) == ("GetCampaigns", "protocol-error", 400)
    assert malformed.fault_text == (
        "The 'b' start tag on line 2 position 2 does not match the end tag of 'a'. Line 2, position 6."
    )
    assert (malformed.arguments, malformed.user, malformed.session) == ({}, None, None)
    assert b"<a>\n<b></a>" in one.served.journal.raw_request(malformed.number)
    unknown = told(one, one.post("GetNothing", envelope(operation("GetNothing")).encode()))
    assert (unknown.operation, unknown.outcome, unknown.status) == (None, "protocol-error", 500)
    assert unknown.fault_text == f"Server did not recognize the value of HTTP Header SOAPAction: {T}GetNothing."
    typed = told(one, one.request("GetContactStatus", contactId="x"))
    assert (typed.operation, typed.outcome, typed.arguments) == ("GetContactStatus", "protocol-error", {})
    wrong_type = told(one, one.campaigns().replace(TEXT_XML.encode(), b"text/plain"))
    assert (wrong_type.outcome, wrong_type.status) == ("protocol-error", 415)
    too_long = told(one, one.post("GetCampaigns", b"x" * (MAX_BODY + 1)))
    assert (too_long.outcome, too_long.status) == ("protocol-error", 500)
    assert "Maximum request length exceeded." in (too_long.fault_text or "")
    assert one.served.journal.count(outcome="protocol-error") == one.served.journal.total == 5


def test_what_has_an_undecodable_end_is_shown_to_its_end(one: Wired) -> None:
    body = b"<a>gr\xfc\xdfe</a>"
    request = one.post("GetCampaigns", body, soap=SOAP12).replace(SOAP_XML.encode(), b"application/soap+xml")
    exchange = told(one, request)
    assert exchange.outcome == "protocol-error"
    assert one.served.journal.raw_request(exchange.number).decode().endswith("<a>grüße</a>")
    assert one.served.journal.raw_request(exchange.number, secrets=True) == request


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"{ASMX}?wsdl", 200),
        ("GET", ASMX, 200),
        ("HEAD", f"{ASMX}?wsdl", 405),
        ("GET", "/missing", 404),
        ("POST", f"{ASMX}/OutboundLogin", 500),
        ("DELETE", ASMX, 405),
    ],
)
def test_what_is_no_call_is_a_page(shared: Wired, method: str, path: str, status: int) -> None:
    request = shared.site.request(method, path, [("User-Agent", "curl/8")], b"" if method == "POST" else None)
    with shared.site.connection() as connection:
        connection.send(request)
        reply = connection.reply(to=method)
    [exchange] = shared.served.journal.exchanges(limit=1)
    assert (exchange.request_line, exchange.outcome, exchange.status) == (f"{method} {path}", "page", status)
    assert reply.status == status
    assert (exchange.operation, exchange.user, exchange.arguments, exchange.result) == (None, None, {}, None)
    assert shared.served.journal.raw_request(exchange.number) == request
    head, _, body = shared.served.journal.raw_response(exchange.number).partition(b"\r\n\r\n")
    assert body == reply.body
    assert method == "HEAD" or f"Content-Length: {reply.header('Content-Length')}".encode() in head


def test_a_page_of_a_center_that_is_not_there_is_in_the_journal_of_the_default_one(shared: Wired) -> None:
    exchange = told(shared, shared.site.request("GET", f"/centers/nobody{ASMX}?wsdl"))
    assert (exchange.outcome, exchange.status) == ("page", 404)


# --- as it came and as it went ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("soap", [SOAP11, SOAP12])
@pytest.mark.parametrize("last", [0, 400, 450])
def test_with_secrets_the_bytes_are_those_that_came_and_went(one: Wired, soap: str, last: int) -> None:
    arguments: dict[str, Any] = {"CampaignID": SPRING, "LastContactID": last, "sessionKey": one.key}
    request = one.request("Get200CampaignContacts", soap=soap, **arguments)
    reply = one.ask(request)
    for other in (one.close(1), one.close(201), one.close(450)):  # what changes later does not change what went
        one.ask(other)
    assert one.served.journal.raw_request(1, secrets=True) == request
    response = one.served.journal.raw_response(1, secrets=True)
    assert response == one.served.journal.raw_response(1)
    head, _, body = response.partition(b"\r\n\r\n")
    assert body == reply.body
    lines = head.decode().split("\r\n")
    assert lines[0] == "HTTP/1.1 200 OK"
    assert set(lines[1:]) == {f"{name}: {value}" for name, value in reply.headers if name != "Date"}
    assert one.key.encode() not in one.served.journal.raw_request(1)


def test_a_request_keeps_its_version_and_its_headers(one: Wired) -> None:
    request = one.append(version="HTTP/1.0").replace(
        b"\r\nContent-Type", b"\r\nX-Odd:  two  spaces\r\nAuthorization: Basic YTpi\r\nCookie: a=b\r\nContent-Type"
    )
    one.ask(request)
    raw = one.served.journal.raw_request(1)
    assert raw.startswith(b"POST ")
    assert b" HTTP/1.0\r\n" in raw
    assert b"\r\nAuthorization: ***\r\nCookie: ***\r\n" in raw
    assert b"two  spaces" in raw
    assert b"YTpi" in one.served.journal.raw_request(1, secrets=True)


def test_a_masked_login_is_as_long_as_it_says(one: Wired) -> None:
    reply = one.ask(one.log_in("bert"))
    raw = one.served.journal.raw_response(1).decode()
    assert f"Content-Length: {len(reply.body)}\r\n" in raw
    assert "<OutboundLoginResult>***</OutboundLoginResult>" in raw
    assert "<username>bert</username><password>***</password>" in one.served.journal.raw_request(1).decode()
    assert reply.body == one.served.journal.raw_response(1, secrets=True).partition(b"\r\n\r\n")[2]


def test_an_application_that_another_server_runs_keeps_a_journal_too() -> None:
    from werkzeug.test import Client

    app = FakeCcmmApp(small_center(), log=None)
    body = envelope(operation("OutboundLogin", f"<username>{USER}</username><password>{PASSWORD}</password>"))
    headers = {"SOAPAction": f'"{T}OutboundLogin"'}
    assert Client(app).post(ASMX, data=body, content_type=TEXT_XML, headers=headers).status_code == 200
    journal = app.worlds.default.journal
    [exchange] = journal.exchanges()
    assert (exchange.operation, exchange.outcome, exchange.user) == ("OutboundLogin", "ok", USER)
    assert journal.raw_request(1).startswith(f"POST {ASMX} HTTP/1.1\r\n".encode())
    assert PASSWORD.encode() not in journal.raw_request(1)


# --- secrets ----------------------------------------------------------------------------------------------------------


def everything(one: Wired) -> str:
    """All that the journal says of the newest request without being asked for secrets."""
    [exchange] = one.served.journal.exchanges(limit=1)
    raw = [one.served.journal.raw_request(exchange.number), one.served.journal.raw_response(exchange.number)]
    text = [data.decode(codec, "replace") for data in raw for codec in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le")]
    odd = [data[1:].decode(codec, "replace") for data in raw for codec in ("utf-16-le", "utf-16-be")]
    return "\n".join([repr(exchange), json.dumps(exchange_to_json(exchange), ensure_ascii=False), *text, *odd])


NASTY = ["<", ">", "&", '"', "'", "]]>", "<![CDATA[", "</password>", "</sessionKey>", "<b>", "</b>", "<!--", "-->"]
NASTY += ["__", " ", "\n", "&amp;", "é", "€", "😀", "/", "<?", "%", "\\1", "\\g<1>", "***", "password", "1", "a"]
PARTS = st.lists(st.sampled_from(NASTY), max_size=4).map("".join)
SECRETS = st.builds(lambda before, after: f"{before}{MARK}{after}", PARTS, PARTS)
WRITTEN: dict[str, Callable[[str], str]] = {
    "escaped": escape,
    "in CDATA": lambda text: f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>",
    "by number": lambda text: "".join(f"&#x{ord(one):X};" for one in text),
    "as it is": lambda text: text,
    "with a comment": lambda text: f"<!-- x -->{escape(text)}<!-- y -->",
}
BROKEN: dict[str, Callable[[str, int], str]] = {
    "not": lambda xml, at: xml,
    "cut off": lambda xml, at: xml[: xml.index(MARK) + len(MARK) + at] if MARK in xml else xml[:-at],
    "with no end tag": lambda xml, at: re.sub(r"</[^<>]*(password|session[kK]ey)\s*>", "", xml),
    "with another end tag": lambda xml, at: re.sub(r"(?s)(.*</[^<>]*)(password|session[kK]ey)", r"\1passwrod", xml),
    "with no start tag": lambda xml, at: re.sub(r"<([^<>/]*(password|session[kK]ey))", r"\1", xml, count=1),
    "with a half end": lambda xml, at: xml + "</",
    "with two roots": lambda xml, at: xml + "<again/>",
    "with an entity": lambda xml, at: xml.replace("?>", f'?><!DOCTYPE a [<!ENTITY p "{MARK}">]>', 1),
    "with a NUL": lambda xml, at: xml + "\0",
    "commented out": lambda xml, at: xml.replace("</soap:Body>", f"<!--<password>{MARK}</password>--></soap:Body>"),
    "in an attribute": lambda xml, at: xml.replace("<soap:Body>", f'<soap:Body password="{MARK}">'),
}
ENCODINGS = [
    ("utf-8", "; charset=utf-8"),
    ("utf-8", ""),
    ("utf-8", "; charset=utf-16"),
    ("utf-8-sig", "; charset=utf-8"),
    ("utf-16", "; charset=utf-16"),
    ("utf-16", ""),
    ("utf-16-le", "; charset=utf-8"),
    ("utf-16-be", ""),
    ("utf-32", "; charset=utf-32"),
    ("utf-32-le", "; charset=utf-8"),
    ("utf-7", "; charset=utf-7"),
    ("utf-7", "; charset=utf-8"),
    ("latin-1", "; charset=iso-8859-1"),
    ("latin-1", "; charset=no-such"),
]
TAGS = ["{name}", "x:{name}", "{name} \n", 'x:{name} a="b/>c"', "{name} a='<'", "{name} a='>' ", "·é:{name}"]

CALLS = [
    ("OutboundLogin", "password"),
    ("GetCampaigns", "sessionKey"),
    ("GetContactIDByPhoneNumber", "sessionkey"),
]


@given(
    secret=SECRETS,
    written=st.sampled_from(list(WRITTEN)),
    broken=st.sampled_from(list(BROKEN)),
    at=st.integers(1, 40),
    encoding=st.sampled_from(ENCODINGS),
    tag=st.sampled_from(TAGS),
    soap=st.sampled_from([SOAP11, SOAP12]),
    call=st.sampled_from(
        [("OutboundLogin", "password"), ("GetCampaigns", "sessionKey"), ("GetContactIDByPhoneNumber", "sessionkey")]
    ),
)
@example(f"</password>{MARK}", "in CDATA", "not", 1, ENCODINGS[0], TAGS[0], SOAP11, ("OutboundLogin", "password"))
@example(MARK, "escaped", "not", 1, ENCODINGS[0], TAGS[3], SOAP11, ("OutboundLogin", "password"))
@example(f"<{MARK}>", "as it is", "not", 1, ENCODINGS[0], TAGS[0], SOAP11, ("OutboundLogin", "password"))
@example(f"<b>{MARK}</b>", "as it is", "cut off", 9, ENCODINGS[0], TAGS[0], SOAP12, ("GetCampaigns", "sessionKey"))
@example(MARK, "escaped", "with an entity", 1, ENCODINGS[0], TAGS[0], SOAP11, ("OutboundLogin", "password"))
@example(MARK, "escaped", "not", 1, ENCODINGS[6], TAGS[0], SOAP11, ("OutboundLogin", "password"))
def test_no_secret_is_told_however_it_is_written(
    shared: Wired,
    secret: str,
    written: str,
    broken: str,
    at: int,
    encoding: tuple[str, str],
    tag: str,
    soap: str,
    call: tuple[str, str],
) -> None:
    name, argument = call
    shared.served.center.add_administrator(Administrator("nasty", secret))
    start = tag.format(name=argument)
    end = start.split(" ")[0]
    inner = f"<username>nasty</username><{start}>{WRITTEN[written](secret)}</{end} >"
    content = f'<{name} xmlns="{T}" xmlns:x="{T}" xmlns:·é="{T}">{inner}</{name}>'
    codec, charset = encoding
    xml = BROKEN[broken](envelope(content, soap=soap, declaration="<?xml version='1.0'?>"), at)
    body = xml.encode(codec, "xmlcharrefreplace")
    media = "text/xml" if soap == SOAP11 else "application/soap+xml"
    request = shared.post(name, body, soap=soap)
    request = request.replace((TEXT_XML if soap == SOAP11 else SOAP_XML).encode(), f"{media}{charset}".encode())
    reply = shared.ask(request)
    told = everything(shared)
    assert MARK not in told
    assert request == shared.served.journal.raw_request(shared.served.journal.total, secrets=True)
    found = re.search(rb"<OutboundLoginResult>(.+)</OutboundLoginResult>", reply.body)
    if found:
        key = found[1].decode()
        assert key not in told
        assert key == shared.served.journal.exchange(shared.served.journal.total, secrets=True).result
        shared.ask(shared.campaigns(sessionKey=key, soap=soap))
        assert key not in everything(shared)
        shared.ask(shared.log_off("nasty"))


@pytest.mark.parametrize("written", ["escaped", "in CDATA", "by number"])
@pytest.mark.parametrize("encoding", [ENCODINGS[0], ENCODINGS[4]], ids=lambda one: one[0])
def test_what_is_no_secret_stays_readable(one: Wired, written: str, encoding: tuple[str, str]) -> None:
    inner = f"<username>bert</username><password>{WRITTEN[written](PASSWORD)}</password>"
    body = envelope(operation("OutboundLogin", inner)).encode(encoding[0])
    request = one.post("OutboundLogin", body).replace(TEXT_XML.encode(), f"text/xml{encoding[1]}".encode())
    assert one.ask(request).status == 200
    raw = one.served.journal.raw_request(1).decode()
    assert raw.endswith(envelope(operation("OutboundLogin", inner.replace(WRITTEN[written](PASSWORD), "***"))))


def test_what_is_broken_is_shown_up_to_the_secret(one: Wired) -> None:
    body = envelope(f"<a>\n<username>A&B</username><password>{MARK}</password></a>")
    exchange = told(one, one.post("OutboundLogin", body.encode()))
    assert (exchange.status, exchange.fault_text) == (400, "'<' is an unexpected token. Line 2, position 14.")
    assert one.served.journal.raw_request(1).decode().endswith("<a>\n<username>A&B</username><password***")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", ["password", "sessionKey", "sessionkey", "PASSWORD"])
def test_no_secret_in_a_query_is_told(shared: Wired, method: str, name: str) -> None:
    secret = quote(f"a&b=?{MARK};'")
    for place in (f"{name}={secret}", f"username=x&{name}={secret}&y=z", f"x;{name}={secret}"):
        for path in (f"{ASMX}/OutboundLogin", ASMX, "/missing"):
            exchange = told(
                shared, shared.site.request(method, f"{path}?{place}", (), b"" if method == "POST" else None)
            )
            assert exchange.request_line == f"{method} {path}?{place.replace(secret, '***')}"
            assert MARK not in everything(shared)
            assert MARK.encode() in shared.served.journal.raw_request(exchange.number, secrets=True)


def test_no_secret_of_a_form_is_told(shared: Wired) -> None:
    body = f"username=x&password={MARK}".encode()
    headers = [("Content-Type", "application/x-www-form-urlencoded")]
    for path in (f"{ASMX}/OutboundLogin", ASMX):
        shared.ask(shared.site.request("POST", path, headers, body))
        assert MARK not in everything(shared)


# --- bounds -----------------------------------------------------------------------------------------------------------


def test_a_thousand_exchanges_are_kept_pages_as_well(one: Wired) -> None:
    journal = one.served.journal
    assert (journal.most_exchanges, journal.most_bytes) == (1000, 64 * 1024 * 1024)
    wsdl = one.site.request("GET", f"{one.path('GetCampaigns')}?wsdl")
    with one.plug() as plug:
        for _ in range(53):
            plug.send((one.campaigns() + wsdl) * 10)
            for _ in range(20):
                plug.reply()
    assert (journal.total, len(journal), journal.dropped) == (1060, 1000, 60)
    assert (journal.count(outcome="page"), journal.count("GetCampaigns")) == (500, 500)
    assert [one.number for one in journal.exchanges()] == list(range(61, 1061))


def test_pages_and_calls_count_by_their_bytes(one: Wired) -> None:
    journal = one.served.journal
    wsdl = one.site.request("GET", f"{one.path('GetCampaigns')}?wsdl")
    size = len(one.ask(wsdl).body)
    journal.resize(most_bytes=5 * (size + 4096))
    for _ in range(20):
        one.ask(wsdl)
    kept = len(journal)
    assert 4 <= kept <= 5
    one.ask(one.append("x" * 3 * size))
    assert 1 <= len(journal) < kept
    assert journal.exchanges()[-1].operation == "AppendContactsToCampaign"
    one.ask(one.append("x" * 20 * size))
    assert journal.total == 23
    assert 23 not in [one.number for one in journal.exchanges()]
