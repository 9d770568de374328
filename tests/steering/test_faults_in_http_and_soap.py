"""Faults that strike the answer: error pages, wrong types, SOAP faults; and which calls rules strike at all."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape as html_escape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from zeep.exceptions import Fault, TransportError

from fake_ccmm import FakeCcmm, Profile
from fake_ccmm.faults import (
    Action,
    ContentType,
    FaultRule,
    HttpError,
    RejectKey,
    Reset,
    SoapFaultAction,
)
from tests.messages import (
    CAMPAIGN,
    SOAP11,
    SOAP12,
    UTILITY,
    answer_xml,
    assert_fault,
    envelope,
    error_detail,
    media_type,
    operation,
)
from tests.running.soap import zeep_service

from .wired import INBOX, PASSWORD, SPRING, USER, Wired, own_center, small_center, wired

IIS = "Microsoft-IIS/8.5"


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
    """The default center, for tests that take their rules away again."""
    return wired(ccmm)


@pytest.fixture(scope="module")
def by_zeep(shared: Wired) -> Any:
    """OutboundCampaignWS of the shared center."""
    return zeep_service(shared.served.campaign_url)


# --- HTTP -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "reason", "server", "said"),
    [
        (500, "Internal Server Error", IIS, "500 - Internal server error."),
        (503, "Service Unavailable", "Microsoft-HTTPAPI/2.0", "HTTP Error 503. The service is unavailable."),
        (404, "Not Found", IIS, "404 - File or directory not found."),
        (401, "Unauthorized", IIS, "401 - Unauthorized: Access is denied due to invalid credentials."),
        (403, "Forbidden", IIS, "403 - Forbidden: Access is denied."),
        (502, "Bad Gateway", IIS, "502 - Web server received an invalid response"),
        (418, "I'm a Teapot", IIS, "418 - "),
        (599, "Error", IIS, "599 - Error."),
    ],
)
def test_an_error_page_is_that_of_iis(one: Wired, status: int, reason: str, server: str, said: str) -> None:
    one.strike(HttpError(status=status), budget=1)
    reply = one.ask(one.append())
    assert (reply.status, reply.reason, reply.header("Server")) == (status, reason, server)
    assert (reply.header("Content-Type") or "").startswith("text/html")
    assert html_escape(said, quote=False) in reply.body.decode()
    assert reply.header("Content-Length") == str(len(reply.body))
    assert (one.appended(), one.last().outcome, one.last().status) == (0, "not-carried-out", status)
    assert one.ask(one.append()).status == 200


def test_a_call_may_be_carried_out_although_an_error_page_comes(one: Wired) -> None:
    one.strike(HttpError(status=500, carried_out=True))
    assert one.ask(one.append()).status == 500
    assert (one.appended(), one.last().outcome, one.last().result) == (1, "ok", 1)


def test_an_unavailable_service_ends_the_connection_and_an_error_of_iis_does_not(one: Wired) -> None:
    one.strike(HttpError(status=500), nth=1)
    one.strike(HttpError(status=503), nth=2)
    with one.plug() as plug:
        plug.send(one.append() + one.append() + one.append())
        assert [plug.reply().status, plug.reply().status] == [500, 503]
        assert plug.to_the_end() == (b"", "FIN")
    assert one.appended() == 0


@pytest.mark.parametrize("content_type", ["text/html", 'application/octet-stream; x="ü"', "x"])
def test_the_right_answer_may_be_under_a_wrong_type(one: Wired, content_type: str) -> None:
    right = one.ask(one.campaigns())
    one.strike(ContentType(content_type=content_type))
    wrong = one.ask(one.campaigns())
    assert (wrong.status, wrong.body, wrong.names) == (200, right.body, right.names)
    assert wrong.header("Content-Type") == content_type
    assert one.last().status == 200


def test_a_type_may_be_wrong_on_a_call_that_is_not_carried_out(one: Wired) -> None:
    one.strike(ContentType(content_type="text/plain", carried_out=False))
    reply = one.ask(one.append())
    assert (reply.status, reply.header("Content-Type"), one.appended()) == (500, "text/plain", 0)


def test_zeep_takes_an_error_page_for_what_it_is(shared: Wired, by_zeep: Any) -> None:
    rule = shared.strike(HttpError(status=503))
    try:
        with pytest.raises(TransportError) as error:
            by_zeep.GetCampaigns(shared.key)
        assert error.value.status_code == 503
    finally:
        shared.served.faults.remove(rule.name)


# --- SOAP -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("soap", [SOAP11, SOAP12])
@pytest.mark.parametrize("number", [0, 7, 2805, -(1 << 63), (1 << 63) - 1])
@pytest.mark.parametrize("code", ["Client", "Server"])
def test_a_fault_with_a_number_looks_like_the_centers_own(one: Wired, soap: str, number: int, code: Any) -> None:
    one.strike(SoapFaultAction("Out of order", number=number, code=code))
    reply = one.ask(one.campaigns(soap=soap))
    shown = code if soap == SOAP11 else {"Client": "Sender", "Server": "Receiver"}[code]
    assert_fault(
        reply,
        shown,
        "Out of order",
        soap=soap,
        actor=one.served.campaign_url,
        detail=error_detail(number, "Out of order", "GetCampaigns"),
    )
    exchange = one.last()
    assert (exchange.outcome, exchange.fault_number, exchange.fault_text) == ("not-carried-out", number, "Out of order")
    assert (exchange.refusal, exchange.status, exchange.injected) == (None, 500, "fault-1")


@pytest.mark.parametrize("soap", [SOAP11, SOAP12])
def test_a_fault_without_a_number_is_one_of_asp_net(one: Wired, soap: str) -> None:
    one.strike(SoapFaultAction("Out of order"))
    reply = one.ask(one.campaigns(soap=soap))
    assert_fault(reply, "Server" if soap == SOAP11 else "Receiver", "Out of order", soap=soap)


@pytest.mark.parametrize("soap", [SOAP11, SOAP12])
def test_a_fault_is_plain_where_the_profile_says_so(soap: str) -> None:
    with FakeCcmm(small_center(Profile(fault_detail="plain", session_timeout=0)), log=None) as ccmm:
        one = wired(ccmm)
        one.strike(SoapFaultAction("Out of order", number=7, code="Client"))
        reply = one.ask(one.campaigns(soap=soap))
        assert_fault(reply, "Client" if soap == SOAP11 else "Sender", "Out of order", soap=soap)
        assert one.last().fault_number == 7


@pytest.mark.parametrize("carried_out", [True, False])
def test_a_fault_may_come_although_the_call_was_carried_out(one: Wired, carried_out: bool) -> None:
    one.strike(SoapFaultAction("Timed out", number=1, carried_out=carried_out))
    assert b"Timed out" in one.ask(one.append()).body
    assert one.appended() == carried_out
    assert one.last().outcome == ("ok" if carried_out else "not-carried-out")
    assert one.last().result == (1 if carried_out else None)


def test_a_fault_may_take_the_place_of_a_refusal(one: Wired) -> None:
    one.strike(SoapFaultAction("Timed out", number=1, carried_out=True))
    assert b"Timed out" in one.ask(one.append(key="wrong")).body
    exchange = one.last()
    assert (exchange.outcome, exchange.refusal, exchange.fault_text) == ("refused", "invalid_session_key", "Timed out")
    assert exchange.user is None


CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
TEXTS = st.text(CHARACTERS, min_size=1).filter(str.strip)


@given(text=TEXTS, soap=st.sampled_from([SOAP11, SOAP12]))
def test_a_fault_says_any_text(shared: Wired, text: str, soap: str) -> None:
    rule = shared.strike(SoapFaultAction(text, number=1))
    try:
        body = shared.ask(shared.campaigns(soap=soap)).body
    finally:
        shared.served.faults.remove(rule.name)
    document = etree.fromstring(body)
    assert text in [element.text for element in document.iter()]
    assert shared.last().fault_text == text


@pytest.mark.parametrize("text", ["Access denied", "<&>\"' ]]> ü€😀", " spaces  stay ", "two\nlines\tand a tab"])
def test_zeep_raises_the_fault_with_its_text(shared: Wired, by_zeep: Any, text: str) -> None:
    rule = shared.strike(SoapFaultAction(text, number=7, code="Client"))
    try:
        with pytest.raises(Fault) as fault:
            by_zeep.GetCampaigns(shared.key)
    finally:
        shared.served.faults.remove(rule.name)
    assert (fault.value.message, fault.value.code) == (text, "soap:Client")
    assert fault.value.detail.findtext(".//{*}ErrorNumber") == "7"
    assert by_zeep.GetCampaigns(shared.key)


# --- requests that cannot be read -------------------------------------------------------------------------------------


def unreadable(one: Wired, soap: str = SOAP11) -> list[bytes]:
    """Malformed XML, an unknown operation, and an argument that is none of its type."""
    wrong = envelope(operation("GetContactStatus", "<contactId>x</contactId>"), soap=soap).encode()
    return [
        one.post("GetCampaigns", b"<", soap=soap),
        one.post("GetNothing", envelope(operation("GetNothing"), soap=soap).encode(), soap=soap),
        one.post("GetContactStatus", wrong, soap=soap),
    ]


@pytest.mark.parametrize("soap", [SOAP11, SOAP12])
@pytest.mark.parametrize(
    "action", [HttpError(), HttpError(carried_out=True), SoapFaultAction("no", number=1)], ids=repr
)
def test_a_rule_for_everything_strikes_what_cannot_be_read(one: Wired, action: Action, soap: str) -> None:
    one.strike(action)
    for number, request in enumerate(unreadable(one, soap), 1):
        reply = one.ask(request)
        if isinstance(action, HttpError):
            assert reply.status == 503
        else:
            assert b">no<" in reply.body
            assert reply.header("Content-Type") == media_type(soap)
        assert one.rule().struck == number
        assert (one.last().outcome, one.last().injected) == ("protocol-error", "fault-1")


@pytest.mark.parametrize("rule", [{"operation": "GetCampaigns"}, {"user": USER}, {"arguments": {"session_key": "x"}}])
def test_a_rule_for_some_calls_does_not_strike_what_cannot_be_read(one: Wired, rule: dict[str, Any]) -> None:
    one.strike(HttpError(), **rule)
    one.strike(RejectKey())
    assert [one.ask(request).status for request in unreadable(one)] == [400, 500, 500]
    assert [rule.matched for rule in one.served.faults.rules()] == [0, 0]


def test_a_lost_answer_may_be_one_to_what_cannot_be_read(one: Wired) -> None:
    one.strike(Reset())
    assert one.end_of(one.post("GetCampaigns", b"<")) == (b"", "RST")
    assert one.last().status is None


def test_pages_are_never_struck(one: Wired) -> None:
    one.strike(HttpError())
    for url in ("/", f"{CAMPAIGN}?wsdl", UTILITY):
        assert one.ask(one.site.request("GET", url)).status == 200
    assert one.rule().matched == 0


# --- which calls are struck -------------------------------------------------------------------------------------------


def struck(one: Wired, *requests: bytes) -> list[bool]:
    """Which of these calls a rule for HTTP errors strikes."""
    return [one.ask(request).status == 503 for request in requests]


def test_a_rule_is_for_an_operation(one: Wired) -> None:
    one.strike(HttpError(), "GetCampaigns")
    assert struck(one, one.campaigns(), one.append(), one.log_off("bert")) == [True, False, False]


def test_a_rule_is_for_a_contact(one: Wired) -> None:
    one.strike(HttpError(), "CloseContact", arguments={"contact_id": 7, "campaign_id": SPRING})
    assert struck(one, one.close(6), one.close(7), one.close(7, INBOX)) == [False, True, False]


@pytest.mark.parametrize("arguments", [{"contact.first_name": "Zoë"}, {"contact": {"first_name": "Zoë"}}])
def test_a_rule_is_for_a_name_in_a_contact(one: Wired, arguments: dict[str, Any]) -> None:
    one.strike(HttpError(), arguments=arguments)
    assert struck(one, one.append("Zoe"), one.append("Zo&#xEB;"), one.campaigns()) == [False, True, False]


def test_a_rule_in_python_asks_a_predicate(one: Wired) -> None:
    one.strike(HttpError(), "Get200CampaignContacts", arguments={"last_contact_id": lambda value: value > 100})
    assert struck(one, one.page(), one.page(100), one.page(200)) == [False, False, True]


def test_a_rule_is_for_a_user(one: Wired) -> None:
    other = one.served.center.log_in("bert", PASSWORD)
    one.strike(HttpError(), user="bert")
    assert struck(one, one.campaigns(), one.campaigns(sessionKey=other), one.log_off(USER)) == [False, True, False]
    assert struck(one, one.log_in("bert"), one.log_off("bert"), one.campaigns(sessionKey="?")) == [True, True, False]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"nth": 3}, "--x-------"),
        ({"every": 3}, "--x--x--x-"),
        ({"every": 3, "budget": 2}, "--x--x----"),
        ({"skip": 4}, "----xxxxxx"),
        ({"skip": 4, "nth": 2}, "-----x----"),
        ({"skip": 1, "every": 4, "budget": 1}, "----x-----"),
        ({"budget": 4}, "xxxx------"),
    ],
)
def test_a_rule_strikes_some_of_its_calls(one: Wired, rule: dict[str, int], expected: str) -> None:
    one.strike(HttpError(), "GetCampaigns", **rule)
    came = ""
    for _ in range(10):
        came += "x" if struck(one, one.campaigns())[0] else "-"
        assert struck(one, one.page()) == [False]
    assert came == expected
    assert (one.rule().matched, one.rule().struck) == (10, expected.count("x"))


def test_the_same_seed_strikes_the_same_calls_on_another_server() -> None:
    def came(seed: int) -> str:
        with FakeCcmm(small_center(), log=None) as ccmm:
            one = wired(ccmm)
            one.served.faults.seed = seed
            one.strike(HttpError(), rate=0.4)
            return "".join("x" if one.ask(one.campaigns()).status == 503 else "-" for _ in range(60))

    first = came(11)
    assert first == came(11)
    assert first != came(12)
    assert 10 < first.count("x") < 40


def test_of_several_rules_the_first_that_strikes_has_the_call(one: Wired) -> None:
    one.served.faults.add(FaultRule(do=HttpError(status=500), every=2))
    one.served.faults.add(FaultRule(do=HttpError(status=404)))
    assert [one.ask(one.campaigns()).status for _ in range(4)] == [404, 500, 404, 500]
    assert [rule.struck for rule in one.served.faults.rules()] == [2, 2]


def test_without_its_rules_a_center_answers_as_ever(one: Wired) -> None:
    right = one.ask(one.append())
    one.strike(HttpError(), name="a")
    one.strike(Reset(), name="b")
    assert one.ask(one.append()).status == 503
    one.served.faults.remove("a")
    assert one.end_of(one.append()) == (b"", "RST")
    one.served.faults.clear()
    assert (
        one.ask(one.append()).body
        == right.body
        == answer_xml(
            operation(
                "AppendContactsToCampaignResponse", "<AppendContactsToCampaignResult>1</AppendContactsToCampaignResult>"
            )
        )
    )
