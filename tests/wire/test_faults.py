"""Faults of the operations themselves, byte for byte in both versions."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fake_ccmm.center import ContactCenter
from fake_ccmm.profile import Profile, make_profile
from tests.messages import (
    APPLICATION,
    CAMPAIGN,
    CONTACT,
    PROCESS,
    SOAP11,
    SOAP12,
    SOAP_XML,
    UTILITY,
    D,
    T,
    action,
    assert_fault,
    call,
    envelope,
    error_detail,
    login,
    post,
    said,
)
from tests.raw_http import Site

from .conftest import Running, make_center

Start = Callable[..., Running]
BOTH = pytest.mark.parametrize("soap", [SOAP11, SOAP12], ids=["SOAP 1.1", "SOAP 1.2"])
NO_KEY = "Access Denied - Validation of session key failed"


@BOTH
def test_a_refusal_of_the_callers_mistake(site: Site, soap: str) -> None:
    reply = call(site, UTILITY, "OutboundLogin", "<username>Zoë &amp; &lt;co&gt;</username>", soap=soap)
    text = "Invalid Administrator Login Details for : Zoë &amp; &lt;co&gt;"
    assert_fault(
        reply,
        "Client" if soap == SOAP11 else "Sender",
        text,
        soap=soap,
        actor=f"http://{site.authority}{UTILITY}",
        detail=error_detail(2800, text, "OutboundLogin"),
    )


@BOTH
def test_a_refusal_of_a_condition_in_the_data(running: Running, soap: str) -> None:
    arguments = f"<CampaignID>77</CampaignID><sessionKey>{running.key}</sessionKey>"
    reply = call(running.site, CAMPAIGN, "Get200CampaignContacts", arguments, soap=soap)
    text = "Campaign ID not recognised: 77"
    assert_fault(
        reply,
        "Server" if soap == SOAP11 else "Receiver",
        text,
        soap=soap,
        actor=f"http://{running.site.authority}{CAMPAIGN}",
        detail=error_detail(2841, text, "Get200CampaignContacts"),
    )


@BOTH
def test_a_refusal_of_a_key(site: Site, soap: str) -> None:
    reply = call(site, CAMPAIGN, "GetCampaigns", "<sessionKey>nope</sessionKey>", soap=soap)
    assert_fault(
        reply,
        "Client" if soap == SOAP11 else "Sender",
        NO_KEY,
        soap=soap,
        actor=f"http://{site.authority}{CAMPAIGN}",
        detail=error_detail(2805, NO_KEY, "GetCampaigns"),
    )


def test_a_refusal_names_the_operation_that_ran_not_the_one_in_the_body(site: Site) -> None:
    body = envelope(f'<GetCampaigns xmlns="{T}"/>')
    reply = post(site, body, path=CAMPAIGN, soap_action=action("Get200CampaignContacts"))
    assert b"<ErrorSource>Get200CampaignContacts</ErrorSource>" in reply.body


@pytest.mark.parametrize("path", [UTILITY, UTILITY.lower(), UTILITY.upper(), f"{APPLICATION}/%4futboundUtilityWS.asmx"])
def test_a_refusals_actor_is_the_address_as_the_client_wrote_it(site: Site, path: str) -> None:
    body = envelope(login("nobody"))
    headers = [("Content-Type", "text/xml; charset=utf-8"), ("SOAPAction", action("OutboundLogin"))]
    data = site.request("POST", f"{path}?a=b", headers, body.encode(), host="Ccmm.Example:8080")
    shown = path.replace("%4f", "O")
    assert f"<faultactor>http://Ccmm.Example:8080{shown}</faultactor>".encode() in site.exchange(data).body


@BOTH
def test_a_plain_refusal_has_no_actor_and_an_empty_detail(start: Start, soap: str) -> None:
    running = _plain(start)
    reply = call(running.site, CAMPAIGN, "GetCampaigns", soap=soap)
    assert_fault(reply, "Client" if soap == SOAP11 else "Sender", NO_KEY, soap=soap)


_PLAIN: list[Running] = []


def _plain(start: Start) -> Running:
    if not _PLAIN:
        _PLAIN.append(start(make_center(Profile(fault_detail="plain", limit_seconds=0))))
    return _PLAIN[0]


@BOTH
def test_the_wording_of_a_refusal_is_the_profiles(start: Start, soap: str) -> None:
    settings = {
        "invalid_session_key.number": 1,
        "invalid_session_key.code": "Server",
        "invalid_session_key.text": 'No <key> & no "way"',
    }
    running = _worded(start, settings)
    reply = call(running.site, CAMPAIGN, "GetCampaigns", soap=soap)
    text = 'No &lt;key&gt; &amp; no "way"'
    assert_fault(
        reply,
        "Server" if soap == SOAP11 else "Receiver",
        text,
        soap=soap,
        actor=f"http://{running.site.authority}{CAMPAIGN}",
        detail=error_detail(1, text, "GetCampaigns"),
    )


_WORDED: list[Running] = []


def _worded(start: Start, settings: dict[str, object]) -> Running:
    if not _WORDED:
        _WORDED.append(start(make_center(make_profile(settings))))
    return _WORDED[0]


class _Failing(ContactCenter):
    """A center one of whose operations fails in a way nobody thought of."""

    def get_campaigns(self, key: str | None) -> list[object]:  # type: ignore[override]
        raise RuntimeError("boom <x>")


@BOTH
def test_a_failure_nobody_thought_of_is_the_servers(start: Start, soap: str) -> None:
    if not _FAILING:
        ready = make_center()
        failing = _Failing(administrators=ready._sessions.administrators.values(), clock=ready.clock)
        _FAILING.append(start(failing))
    reply = call(_FAILING[0].site, CAMPAIGN, "GetCampaigns", soap=soap)
    text = PROCESS.replace(">", "&gt;") + "boom &lt;x&gt;"
    assert_fault(reply, "Server" if soap == SOAP11 else "Receiver", text, soap=soap)


_FAILING: list[Running] = []


@pytest.mark.parametrize(
    ("path", "name", "arguments", "text"),
    [
        pytest.param(
            CONTACT,
            "CloseContact",
            "<campaignId>1</campaignId><contactId>1</contactId><closedReasonCodeSpecified>1</closedReasonCodeSpecified>"
            "<closedReasonCodeValue>5</closedReasonCodeValue><sessionKey>{}</sessionKey>",
            "Disposition code 5 is not linked to campaign 1",
            id="a disposition code that is not linked",
        ),
        pytest.param(
            CONTACT,
            "FindContactsByPhoneNumber",
            "<CampaignID>1</CampaignID><sessionkey>{}</sessionkey>",
            "PhoneNo must not be empty",
            id="no phone number",
        ),
        pytest.param(
            CONTACT,
            "FindContactsByCustomField",
            f'<ContactStatus><Name xmlns="{D}">Nope</Name></ContactStatus><CampaignID>1</CampaignID>'
            "<sessionkey>{}</sessionkey>",
            "Contact status not recognised: Nope",
            id="no such status",
        ),
        pytest.param(
            CAMPAIGN,
            "Get200CampaignContacts",
            "<CampaignID>3</CampaignID><sessionKey>{}</sessionKey>",
            "Campaign 3 is Closed: only Running, Waiting and Paused campaigns are available",
            id="a closed campaign",
        ),
    ],
)
def test_a_refusal_says_the_bare_message(running: Running, path: str, name: str, arguments: str, text: str) -> None:
    reply = running.call(path, name, arguments.format(running.key))
    assert said(reply) == text
    assert f"<ErrorMessage>{text}</ErrorMessage><ErrorSource>{name}</ErrorSource>".encode() in reply.body


@BOTH
def test_a_faults_headers_are_those_of_asp_net_with_its_cache_policy_reset(site: Site, soap: str) -> None:
    reply = call(site, CAMPAIGN, "GetCampaigns", soap=soap)
    assert reply.names == [
        "Cache-Control",
        "Content-Type",
        "Server",
        "X-AspNet-Version",
        "X-Powered-By",
        "Date",
        "Content-Length",
    ]
    assert reply.header("Cache-Control") == "private"
    assert reply.header("X-AspNet-Version") == "4.0.30319"
    assert reply.header("Content-Length") == str(len(reply.body))


@pytest.mark.parametrize(("body", "status"), [("<", 400), (envelope(login("x")), 415)])
def test_a_bare_400_or_415_has_the_headers_of_a_fault(site: Site, body: str, status: int) -> None:
    reply = post(site, body, content_type="text/plain" if status == 415 else "text/xml")
    assert reply.status == status
    assert reply.names == [
        "Cache-Control",
        "Content-Type",
        "Server",
        "X-AspNet-Version",
        "X-Powered-By",
        "Date",
        "Content-Length",
    ]


def test_a_control_character_in_a_fault_is_a_reference(site: Site) -> None:
    reply = post(site, "", soap_action='"urn:%01%1f"')
    text = "Server did not recognize the value of HTTP Header SOAPAction: urn:&#x1;&#x1F;."
    assert_fault(reply, "Client", text)


def test_a_fault_of_routing_is_in_soap_12_where_the_media_type_is(site: Site) -> None:
    reply = post(site, "", soap_action="urn:nope", content_type=SOAP_XML)
    text = PROCESS.replace(">", "&gt;") + "Root element is missing."
    assert_fault(reply, "Receiver", text, soap=SOAP12)
