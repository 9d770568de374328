"""K6, K7, K12, K13, K14, K16 and K18: what the calls of a client are like."""

from __future__ import annotations

from typing import Any

import pytest
from ccmm_contracts.domain import Contact, CustomField, PhoneNumber
from ccmm_contracts.exchange import HttpRequest
from ccmm_contracts.worlds import MAIN

from .journals import CONTACT, Application, Written, broken, holds, skipped

# --- K6 ---------------------------------------------------------------------------------------------------------------


def close_campaign(application: Application) -> None:
    application.mock.set_campaign_status(MAIN, "Completed")


@pytest.mark.parametrize("further", [0, 1, 2])
def test_a_client_that_stops_when_its_campaign_closes_keeps_k6(application: Application, further: int) -> None:
    key = application.log_in()
    application.page(key, 0)
    close_campaign(application)
    for contact_id in range(1, 2 + further):
        application.close(key, contact_id=contact_id)
    application.campaigns(key)
    application.log_off()
    holds("K6", application.journal())


def test_a_client_that_goes_on_with_a_closed_campaign_breaks_k6(application: Application) -> None:
    key = application.log_in()
    close_campaign(application)
    for contact_id in (1, 2, 3, 1):
        application.close(key, contact_id=contact_id)
    told = broken("K6", application.journal())
    assert told.startswith("exchanges 2, 3, 4 and 5: after it was told that campaign 101 is inactive")
    assert "3 further calls" in told
    holds("K6", application.journal(), at_once=3)


def test_a_campaign_that_is_active_again_may_be_worked_on(application: Application) -> None:
    key = application.log_in()
    for status in ("Closed", "Running") * 3:
        application.mock.set_campaign_status(MAIN, status)
        application.campaigns(key)
        application.page(key, 0)
    holds("K6", application.journal())


def test_a_campaign_that_was_hammered_before_it_was_active_again_breaks_k6(application: Application) -> None:
    key = application.log_in()
    close_campaign(application)
    for contact_id in (1, 2, 3, 1):
        application.close(key, contact_id=contact_id)
    application.mock.set_campaign_status(MAIN, "Running")
    application.page(key, 0)
    application.campaigns(key)
    broken("K6", application.journal())


def test_campaigns_and_sessions_are_counted_one_by_one() -> None:
    journal = Written().log_in()
    for session in ("s1", "s2", "s3"):
        for campaign_id in (7, 8, 9):
            journal.append(campaign_id, session=session, refusal="inactive_campaign", result=None)
    holds("K6", journal.exchanges)


def test_without_an_inactive_campaign_there_is_nothing_to_judge(application: Application) -> None:
    application.page(application.log_in(), 0)
    assert skipped("K6", application.journal()) == "no call was refused because its campaign was inactive"


# --- K7 ---------------------------------------------------------------------------------------------------------------


def look_up(application: Application, key: str) -> None:
    application.call(
        "GetContactIDByPhoneNumber", phone_number=PhoneNumber(phone_no="0"), campaign_id=MAIN, session_key=key
    )


def test_a_client_that_takes_minus_one_as_not_found_keeps_k7(application: Application) -> None:
    key = application.log_in()
    look_up(application, key)
    application.close(key, contact_id=2)
    holds("K7", application.journal())


def test_a_client_that_closes_contact_minus_one_breaks_k7(application: Application) -> None:
    key = application.log_in()
    look_up(application, key)
    application.close(key, contact_id=-1)
    application.status(key, contact_id=-1)
    told = broken("K7", application.journal())
    assert (
        "exchanges 2 and 3: -1, which means that no contact was found, was used as a contact's id by CloseContact"
        in told
    )
    assert "(and 1 more)" in told
    assert "2. ann: GetContactIDByPhoneNumber((phone_no '0'), campaign 101) -> -1" in told.replace("number (", "(")


def test_minus_one_is_no_contact_id_wherever_it_comes_from() -> None:
    assert "exchange 2:" in broken("K7", Written().log_in().page(-1, 0).exchanges)
    by_field = {"custom_field_specified": True, "custom_field_name": "Account"}
    skipped("K7", Written().log_in().close(-1, more=by_field).exchanges)


def test_without_a_number_looked_up_in_vain_there_is_nothing_to_judge() -> None:
    assert skipped("K7", Written().close(7).exchanges) == "the journal has no GetContactIDByPhoneNumber"
    found = Written().add("GetContactIDByPhoneNumber", result=7).close(7).exchanges
    assert skipped("K7", found) == "no phone number was looked up in vain"


# --- K12 --------------------------------------------------------------------------------------------------------------

LOST: list[dict[str, Any]] = [
    {"kind": "reset"},
    {"kind": "reset", "carried_out": False},
    {"kind": "empty"},
    {"kind": "truncate"},
    {"kind": "garbage"},
    {"kind": "garbage", "keep_head": True},
    {"kind": "content-type"},
    {"kind": "http-error", "status": 500, "carried_out": True},
]


@pytest.mark.parametrize("do", LOST, ids=lambda do: "-".join(map(str, do.values())))
def test_an_append_sent_again_blindly_breaks_k12(application: Application, do: dict[str, Any]) -> None:
    application.strike("AppendContactsToCampaign", do)
    key = application.log_in()
    application.append(key)
    application.append(key, Contact(first_name="Ada", skillset_id=10032))
    application.wait()
    application.append(key)
    assert "exchanges 2 and 4: an append whose answer was lost was sent again" in broken("K12", application.journal())


@pytest.mark.parametrize("look", ["page", "find", "field", "id"])
def test_an_append_sent_again_after_a_look_keeps_k12(application: Application, look: str) -> None:
    application.strike("AppendContactsToCampaign", {"kind": "reset"})
    key = application.log_in()
    application.append(key)
    number, field = PhoneNumber(phone_no="1"), CustomField("Account", "7")
    if look == "page":
        application.page(key, 0)
    elif look == "find":
        application.call("FindContactsByPhoneNumber", phone_number=number, campaign_id=MAIN, session_key=key)
    elif look == "field":
        application.call("FindContactsByCustomField", custom_field=field, campaign_id=MAIN, session_key=key)
    else:
        application.call("GetContactIDByPhoneNumber", phone_number=number, campaign_id=MAIN, session_key=key)
    application.append(key)
    holds("K12", application.journal())


def test_a_look_at_another_campaign_or_one_that_fails_is_none() -> None:
    elsewhere: dict[str, Any] = {"arguments": {"campaign_id": 7, "last_contact_id": 0}}
    journal = Written().log_in().append(injected="lost", status=None).page(0, 3, **elsewhere)
    journal.page(0, 3, refusal="session_expired", result=None).append()
    broken("K12", journal.exchanges)


@pytest.mark.parametrize(
    "do",
    [
        {"kind": "http-error", "status": 503},
        {"kind": "soap-fault", "text": "no"},
        {"kind": "soap-fault", "text": "no", "carried_out": True},
        {"kind": "too-soon"},
        {"kind": "reject-key"},
    ],
    ids=lambda do: "-".join(map(str, do.values())),
)
def test_an_append_that_was_answered_may_be_sent_again(application: Application, do: dict[str, Any]) -> None:
    application.strike("AppendContactsToCampaign", do)
    key = application.log_in()
    application.append(key)
    application.wait()
    application.append(key)
    assert skipped("K12", application.journal()) == "no answer to an append was lost"


def test_other_contacts_other_campaigns_and_other_users_may_be_appended() -> None:
    journal = Written().log_in().append(injected="lost", status=None)
    journal.append(name="Ada").append(campaign_id=7).append(user="ben", session="s2")
    holds("K12", journal.exchanges)


def test_an_append_sent_again_in_a_new_session_is_sent_again() -> None:
    journal = Written().log_in().append(injected="lost", status=None).log_off().log_in("s2").append(session="s2")
    broken("K12", journal.exchanges)


# --- K13 --------------------------------------------------------------------------------------------------------------


def test_codes_of_the_campaign_keep_k13_and_others_break_it(application: Application) -> None:
    key = application.log_in()
    assert skipped("K13", application.journal()) == "no contact was closed with a disposition code"
    application.close(key, contact_id=1)
    skipped("K13", application.journal())
    application.close(key, contact_id=2, disposition_code=11, disposition_code_specified=True)
    holds("K13", application.journal())
    application.wait()
    application.close(key, contact_id=3, disposition_code=14, disposition_code_specified=True)
    assert "exchange 4: disposition code 14 is not linked to campaign 101" in broken("K13", application.journal())


# --- K14 --------------------------------------------------------------------------------------------------------------

BY_FIELD = {"custom_field_name": "Account", "custom_field_value": "7"}
GOOD_CLOSES: list[dict[str, Any]] = [
    {"contact_id": 1},
    {"contact_id": 1, "custom_field_name": "", "custom_field_value": ""},
    {"contact_id": 1, "disposition_code": 11, "disposition_code_specified": True},
    {**BY_FIELD, "custom_field_specified": True},
    {**BY_FIELD, "custom_field_specified": True, "contact_id": 0, "custom_field_value": ""},
]
WRONG_CLOSES: list[tuple[dict[str, Any], str]] = [
    ({**BY_FIELD}, "custom_field_specified is false, but the custom field 'Account' with the text '7' is sent"),
    ({**BY_FIELD, "contact_id": 1}, "custom_field_specified is false, but the custom field"),
    ({**BY_FIELD, "custom_field_specified": True, "contact_id": 1}, "but contact id 1 is sent as well"),
    ({"contact_id": 0, "custom_field_specified": True}, "custom_field_specified is true, but no custom field is named"),
    ({}, "custom_field_specified is false, but no contact's id is sent"),
    ({"contact_id": 1, "disposition_code": 11}, "is false, but the disposition code 11 is sent"),
    ({"contact_id": 1, "disposition_code_specified": True}, "is true, but there is no disposition code"),
]


@pytest.mark.parametrize("given", GOOD_CLOSES)
def test_flags_that_agree_keep_k14(application: Application, given: dict[str, Any]) -> None:
    application.close(application.log_in(), **given)
    holds("K14", application.journal())


@pytest.mark.parametrize(("given", "told"), WRONG_CLOSES)
def test_flags_that_do_not_agree_break_k14(application: Application, given: dict[str, Any], told: str) -> None:
    application.close(application.log_in(), **given)
    assert told in broken("K14", application.journal())


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"contact_id": 1}, ""),
        ({**BY_FIELD, "custom_field_passed": True}, ""),
        (BY_FIELD, "GetContactStatus: custom_field_passed is false, but the custom field"),
        ({**BY_FIELD, "custom_field_passed": True, "contact_id": 3}, "but contact id 3 is sent as well"),
        ({"custom_field_passed": True}, "no custom field is named"),
    ],
)
def test_the_flag_of_a_status_is_judged_too(application: Application, given: dict[str, Any], told: str) -> None:
    application.status(application.log_in(), **given)
    if told:
        assert told in broken("K14", application.journal())
    else:
        holds("K14", application.journal())


def test_a_code_with_the_id_0_is_one_where_the_campaign_has_it() -> None:
    flags = {"disposition_code": 0, "disposition_code_specified": True}
    holds("K14", Written().close(7, more=flags).exchanges)
    assert "neither CloseContact nor GetContactStatus" in skipped("K14", Written().log_in().exchanges)


# --- K16 --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "lost",
    [
        Contact(first_name="Zo\ufffd", skillset_id=10032),
        Contact(custom_fields=(CustomField("Account", "\ufffd\ufffd"),), skillset_id=10032),
    ],
)
def test_a_replacement_character_breaks_k16(application: Application, lost: Contact) -> None:
    key = application.log_in()
    application.append(key)
    assert "drive the client" in skipped("K16", application.journal())
    application.wait()
    application.append(key, lost)
    assert "U+FFFD" in broken("K16", application.journal())


def test_question_marks_and_other_scripts_say_nothing(application: Application) -> None:
    application.append(application.log_in(), Contact(first_name="??? Ã«", last_name="山田", skillset_id=10032))
    skipped("K16", application.journal())


# --- K18 --------------------------------------------------------------------------------------------------------------

ENVELOPE = b"<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Body><Foo/></s:Body></s:Envelope>"


@pytest.mark.parametrize(
    ("method", "path", "media_type", "body"),
    [
        ("POST", ".asmx", "text/xml", ENVELOPE),
        ("POST", ".asmx", "text/xml", b"<nonsense"),
        ("POST", ".asmx", "application/json", b"{}"),
        ("POST", ".asmx", "application/soap+xml", ENVELOPE),
        ("PUT", ".asmx", "text/xml", ENVELOPE),
        ("POST", "", "text/xml", ENVELOPE),
        ("GET", ".asmx/OutboundLogin?username=ann", "", b""),
    ],
)
def test_a_call_that_the_wsdl_does_not_describe_breaks_k18(
    application: Application, method: str, path: str, media_type: str, body: bytes
) -> None:
    application.log_in()
    url = application.caller.url_of("OutboundUtilityWS").removesuffix(".asmx") + path
    application.caller.send(HttpRequest(method, url, (("Content-Type", media_type),), body))
    assert "exchange 2: no call that the WSDL describes" in broken("K18", application.journal())


def test_calls_refused_calls_and_pages_keep_k18(application: Application) -> None:
    for address in (".asmx", ".asmx?wsdl", ".asmx?op=OutboundLogin"):
        url = application.caller.url_of("OutboundUtilityWS").removesuffix(".asmx") + address
        application.caller.send(HttpRequest("GET", url))
    application.caller.send(HttpRequest("GET", application.caller.base.rpartition("/")[0] + "/favicon.ico"))
    assert skipped("K18", application.journal()) == "the journal has no call"
    application.append(application.log_in(), CONTACT, campaign_id=102)
    holds("K18", application.journal())


@pytest.mark.parametrize("do", [*LOST, {"kind": "http-error", "status": 503}, {"kind": "soap-fault", "text": "no"}])
def test_what_a_fault_rule_did_is_not_the_clients_fault(application: Application, do: dict[str, Any]) -> None:
    application.mock.put_faults([{"do": do}])
    application.log_in()
    holds("K18", application.journal())
