"""What each choice of the profile changes, with each of its alternatives."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest

from fake_ccmm.clock import to_datetime
from fake_ccmm.errors import (
    AlreadyLoggedIn,
    ContactAlreadyClosed,
    DispositionCodeNotLinked,
    InactiveCampaign,
    LoginOnExpiredSession,
    NotLoggedIn,
    Postponed,
    Refusal,
    SessionExpired,
    TooSoon,
    UnknownCampaign,
    UnknownContact,
    UnknownCustomField,
    UnknownSkillset,
    UnknownStatusFilter,
)
from fake_ccmm.model import CampaignDetails, CampaignStatus, ContactStatus, CustomField, PhoneNumber
from fake_ccmm.profile import choices

from .wire import get_campaigns, soap
from .world import (
    ANNA,
    BUSY,
    CAMPAIGN_CALLS,
    NO_SUCH_CAMPAIGN,
    NUMBER,
    SOLD,
    SPRING,
    World,
    open_world,
    person,
)

A1 = CustomField("Account", "A1")
NUMBERS: dict[str, tuple[Any, ...]] = {
    "limit_return_value": (-1, 0, 7),
    "limit_seconds": (0.0, 0.5, 1.0, 2.5),
    "find_cap": (0, 1, 2, 99),
    "session_timeout": (0.0, 0.5, 20.0),
}
STATUS_NUMBERS = (1, 2, 6, 77, -4)

BEHAVIOURS: dict[str, Callable[[Any], None]] = {}
"""For each choice, what must be so when it is set to a value."""


def choice(behaviour: Callable[[Any], None]) -> Callable[[Any], None]:
    BEHAVIOURS[behaviour.__name__] = behaviour
    return behaviour


def values_of(name: str, alternatives: tuple[str, ...]) -> tuple[Any, ...]:
    if alternatives == ("true", "false"):
        return (True, False)
    if name in NUMBERS:
        return NUMBERS[name]
    return STATUS_NUMBERS if "_status_id_" in name else alternatives


CASES = [(one.name, value) for one in choices() for value in values_of(one.name, one.alternatives)]


@pytest.mark.parametrize(("name", "value"), CASES, ids=[f"{name}={value}" for name, value in CASES])
def test_the_choice_changes_what_it_says(name: str, value: Any) -> None:
    BEHAVIOURS[name](value)


def outcome(operation: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """What an operation returns, or the class of its refusal; a page as its ids."""
    try:
        found = operation(*arguments, **named)
    except (Refusal, Postponed) as refusal:
        return type(refusal)
    return [one.contact_id for one in found] if hasattr(found, "records") else found


def append(world: World, key: str | None = None, campaign_id: int = 1) -> object:
    return outcome(world.center.append_contact, key or world.key, campaign_id, person())


def close(world: World, contact_id: int = 0, **how: Any) -> object:
    return outcome(world.center.close_contact, world.key, 1, contact_id=contact_id, **how)


# --- the once-a-second limits ---------------------------------------------------------------------------------------


@choice
def limit_answer(value: str) -> None:
    world = open_world(limit_answer=value, limit_return_value=-5)
    world.append()
    world.clock.advance(0.25)
    assert append(world) == {"fault": TooSoon, "return": -5, "delay": Postponed}[value]
    assert close(world, 1) == 1
    assert close(world, 1) == {"fault": TooSoon, "return": -5, "delay": Postponed}[value]
    assert world.counts() == (1, 1, 1)
    world.clock.advance(0.75)
    assert append(world) == 1


@choice
def limit_return_value(value: int) -> None:
    world = open_world(limit_answer="return", limit_return_value=value)
    contact_id = world.append()
    assert append(world) == value
    assert close(world, contact_id) == 1
    assert close(world, contact_id) == value
    assert world.counts() == (1, 1, 1)


@choice
def limit_seconds(value: float) -> None:
    world = open_world(limit_seconds=value)
    assert append(world) == 1
    if value:
        world.clock.advance(value - 0.000001)
        assert append(world) is TooSoon
        world.clock.advance(0.000001)
    assert append(world) == 1
    assert world.counts() == (2, 0, 0)


@choice
def limit_scope(value: str) -> None:
    world = open_world(limit_scope=value)
    assert append(world) == 1
    ben = world.center.log_in("ben", "tulip")
    assert append(world, ben) == (TooSoon if value == "server" else 1)
    world.center.log_off("anna")
    again = world.center.log_in(ANNA.username, ANNA.password)
    assert append(world, again) == (1 if value == "session" else TooSoon)
    world.clock.advance(1)
    assert [append(world, key) for key in (again, ben)] == [1, TooSoon if value == "server" else 1]


@choice
def limit_shared(value: bool) -> None:
    world = open_world(limit_shared=value)
    contact_id = world.append()
    assert close(world, contact_id) == (TooSoon if value else 1)
    world.clock.advance(1)
    assert append(world) == 1
    assert close(world, 2) == (TooSoon if value else 1)


@choice
def limit_counts_refused(value: bool) -> None:
    counts_refused("fault", TooSoon, value)
    counts_refused("return", -1, value)


def counts_refused(answer: str, too_soon: object, value: bool) -> None:
    world = open_world(limit_counts_refused=value, limit_answer=answer)
    world.append()
    world.clock.advance(0.5)
    assert append(world) == too_soon
    world.clock.advance(0.5)
    assert append(world) == (too_soon if value else 1)
    world.clock.advance(1)
    assert append(world, campaign_id=NO_SUCH_CAMPAIGN) is UnknownCampaign
    assert append(world) == (too_soon if value else 1)


def test_a_call_that_is_put_off_says_exactly_when_its_turn_comes() -> None:
    world = open_world(limit_answer="delay", limit_seconds=2.5)
    world.append()
    world.clock.advance(0.333333)
    for _ in range(2):
        with pytest.raises(Postponed) as found:
            world.center.append_contact(world.key, 1, person())
    assert found.value.seconds == pytest.approx(2.166667)
    world.clock.advance(found.value.seconds)
    assert append(world) == 1


def test_a_call_refused_after_its_turn_came_counts_where_refused_calls_count_and_calls_are_put_off() -> None:
    world = open_world(limit_answer="delay", limit_counts_refused=True)
    assert append(world, campaign_id=NO_SUCH_CAMPAIGN) is UnknownCampaign
    assert append(world) is Postponed


# --- what is not there, or over -------------------------------------------------------------------------------------

NOTHING: dict[str, object] = {
    "Get200CampaignContacts": [],
    "AppendContactsToCampaign": 0,
    "GetContactStatus": None,
    "CloseContact": 0,
    "GetContactIDByPhoneNumber": -1,
    "FindContactsByPhoneNumber": [],
    "FindContactsByCustomField": [],
}


def call_all(world: World, campaign_id: int) -> dict[str, object]:
    return {name: outcome(call, world.center, world.key, campaign_id) for name, call in CAMPAIGN_CALLS.items()}


@choice
def unknown_campaign(value: str) -> None:
    world = open_world(unknown_campaign=value)
    before = world.state()
    expected: dict[str, object] = NOTHING if value == "empty" else dict.fromkeys(CAMPAIGN_CALLS, UnknownCampaign)
    assert call_all(world, NO_SUCH_CAMPAIGN) == expected
    assert world.state() == before


@choice
def inactive_campaign(value: str) -> None:
    world = open_world(inactive_campaign=value)
    world.append(person(account="A1", phone_number=NUMBER))
    world.clock.advance(1)
    world.center.set_campaign_status(1, CampaignStatus.COMPLETED)
    before = world.state()
    expected: dict[str, object] = NOTHING if value == "empty" else dict.fromkeys(CAMPAIGN_CALLS, InactiveCampaign)
    assert call_all(world, 1) == expected
    assert world.state() == before


@choice
def unknown_contact(value: str) -> None:
    world = open_world(unknown_contact=value)
    world.append()
    before = world.state()
    hows: list[dict[str, Any]] = [{"contact_id": 9}, {"contact_id": 1, "custom_field": A1}]
    for how in hows:
        asked = outcome(world.center.get_contact_status, world.key, 1, **how)
        assert [asked, close(world, **how)] == ([None, 0] if value == "empty" else [UnknownContact] * 2)
    assert world.state() == before


@choice
def unknown_custom_field(value: str) -> None:
    world = open_world(unknown_custom_field=value)
    center, key = world.center, world.key
    world.append(person(account="A1"))
    world.clock.advance(1)
    before = world.state()
    for name in ("Balance", "account", "", None):
        field = CustomField(name, "A1")
        unknown = {"fault": UnknownCustomField, "ignore": UnknownContact}[value]
        found = outcome(center.find_contacts_by_custom_field, key, 1, field)
        assert found == {"fault": UnknownCustomField, "ignore": []}[value]
        assert outcome(center.get_contact_status, key, 1, custom_field=field) is unknown
        assert close(world, custom_field=field) is unknown
    assert world.state() == before
    sent = person(custom_fields=(CustomField("Balance", "1"), A1))
    added = outcome(world.center.append_contact, world.key, 1, sent)
    if value == "fault":
        assert added is UnknownCustomField
        assert world.state() == before
    else:
        assert added == 1
        assert world.center.contacts(1)[-1].custom_fields == (A1,)


@choice
def unknown_skillset(value: str) -> None:
    world = open_world(unknown_skillset=value)
    added = outcome(world.center.append_contact, world.key, 1, person(skillset_id=99))
    assert added == {"fault": UnknownSkillset, "accept": 1}[value]
    assert [one.skillset_id for one in world.center.contacts(1)] == ([99] if value == "accept" else [])


@choice
def unknown_status_filter(value: str) -> None:
    world = open_world(unknown_status_filter=value)
    world.append(person(account="A1", phone_number=NUMBER))
    expected: object = UnknownStatusFilter if value == "fault" else []
    center, key = world.center, world.key
    assert outcome(center.find_contacts_by_phone_number, key, 1, NUMBER, status_id=9) == expected
    assert outcome(center.find_contacts_by_custom_field, key, 1, A1, status_name="Gone") == expected


# --- closing --------------------------------------------------------------------------------------------------------


@choice
def closed_contact(value: str) -> None:
    world = open_world(closed_contact=value)
    world.append(person(account="A1"))
    world.close(1, text="first", disposition_code=SOLD.disposition_code_id)
    first = world.center.closure(1, 1)
    hows: list[dict[str, Any]] = [{"contact_id": 1}, {"custom_field": A1}]
    for how in hows:
        world.clock.advance(1)
        assert close(world, text="second", **how) == (ContactAlreadyClosed if value == "fault" else 1)
        closure = world.center.closure(1, 1)
        assert closure is not None
        if value == "again":
            assert (closure.text, closure.disposition_code) == ("second", None)
            assert closure.at == to_datetime(world.clock.microseconds())
        else:
            assert closure == first
        assert world.counts() == (1, 1, 1)


@choice
def close_matches(value: str) -> None:
    world = open_world(close_matches=value)
    for account in ("A1", "A2", "A1", "A1"):
        world.append(person(account=account))
    world.center.set_contact_status(1, 1, ContactStatus.CLOSED)
    assert world.close(custom_field=A1, text="t") == 1
    closed = [one.contact_id for one in world.center.contacts(1) if one.status is ContactStatus.CLOSED]
    assert closed == {"first": [1, 3], "all": [1, 3, 4]}[value]
    assert world.counts() == (4, len(closed), len(closed))
    assert world.center.closure(1, 1) is None
    assert (world.center.closure(1, 4) is None) == (value == "first")
    world.close(2)
    assert world.ids() == [1, 2, 3, 4]


@choice
def close_result(value: str) -> None:
    world = open_world(close_result=value)
    for account in ("A0", "A1", "A1"):
        world.append(person(account=account))
    assert world.close(1) == {"one": 1, "zero": 0, "contact-id": 1}[value]
    assert world.close(custom_field=A1) == {"one": 1, "zero": 0, "contact-id": 2}[value]
    assert world.close(custom_field=A1) == {"one": 1, "zero": 0, "contact-id": 3}[value]


@choice
def disposition_by(value: str) -> None:
    for code in (SOLD, BUSY):
        world = open_world(disposition_by=value)
        contact_id = world.append()
        right, wrong = code.disposition_code_id, code.numeric_value
        if value == "numeric-value":
            right, wrong = wrong, right
        world.clock.advance(1)
        assert close(world, contact_id, disposition_code=wrong) is DispositionCodeNotLinked
        assert close(world, contact_id, disposition_code=right) == 1
        closure = world.center.closure(1, contact_id)
        assert closure is not None
        assert closure.disposition_code == code


# --- paging and finding ---------------------------------------------------------------------------------------------


@choice
def blank_phone_part(value: str) -> None:
    world = open_world(blank_phone_part=value)
    for number in (NUMBER, PhoneNumber(None, " ", "5550100"), PhoneNumber("972", "3", "5550100"), None):
        world.append(person(phone_number=number))
    expected: dict[tuple[str | None, str | None, str], dict[str, list[int]]] = {
        ("", None, "5550100"): {"exact": [2], "any": [1, 2, 3]},
        ("972", "", "5550100"): {"exact": [], "any": [1, 3]},
        ("972", "2", "5550100"): {"exact": [1], "any": [1]},
        ("", "", "5550101"): {"exact": [], "any": []},
    }
    for parts, found in expected.items():
        asked = PhoneNumber(*parts)
        assert outcome(world.center.find_contacts_by_phone_number, world.key, 1, asked) == found[value]
        first = world.center.get_contact_id_by_phone_number(world.key, 1, asked)
        assert first == (found[value][0] if found[value] else -1)
    ids = [
        world.center.get_contact_id_by_phone_number(world.key, 1, one) for one in (None, PhoneNumber("972", "3", ""))
    ]
    assert ids == {"exact": [4, -1], "any": [1, 3]}[value]


@choice
def closed_in_pages(value: bool) -> None:
    world = open_world(closed_in_pages=value)
    world.center.load_contacts(1, [person()] * 450)
    for contact_id in (1, 200, 450):
        world.close(contact_id)
    expected = [one for one in range(1, 451) if value or one not in (1, 200, 450)]
    assert world.pages() == [expected[0:200], expected[200:400], expected[400:]]
    assert world.page(449) == ([450] if value else [])
    assert world.counts() == (450, 3, 3)


@choice
def find_cap(value: int) -> None:
    world = open_world(find_cap=value)
    world.center.load_contacts(1, [person(account="A1", phone_number=NUMBER)] * 4)
    world.close(1)
    center, key = world.center, world.key
    assert outcome(center.find_contacts_by_phone_number, key, 1, NUMBER) == [1, 2, 3, 4][: value or None]
    found = outcome(center.find_contacts_by_custom_field, key, 1, A1, status_name="New")
    assert found == [2, 3, 4][: value or None]
    assert world.page() == [1, 2, 3, 4]


@choice
def append_campaign_name(value: str) -> None:
    world = open_world(append_campaign_name=value)
    for sent in ("Elsewhere", None, "", SPRING.name):
        contact_id = world.append(person(campaign_name=sent))
        expected = sent if value == "as-sent" else SPRING.name
        assert world.center.contact(1, contact_id).campaign_name == expected


# --- sessions -------------------------------------------------------------------------------------------------------


@choice
def session_timeout(value: float) -> None:
    world = open_world(session_timeout=value)
    world.clock.advance(value * 60 if value else 10**9)
    assert world.center.get_campaigns(world.key)
    world.clock.advance(value * 60 + 0.000001 if value else 10**9)
    expired = value > 0
    assert (outcome(world.center.get_campaigns, world.key) is SessionExpired) == expired
    again = outcome(world.center.log_in, ANNA.username, ANNA.password)
    assert again is (LoginOnExpiredSession if expired else AlreadyLoggedIn)


@choice
def login_on_expired(value: str) -> None:
    world = open_world(login_on_expired=value)
    world.clock.advance(20 * 60 + 1)
    again = outcome(world.center.log_in, ANNA.username, ANNA.password)
    old = outcome(world.center.get_campaigns, world.key)
    if value == "fault":
        assert (again, old) == (LoginOnExpiredSession, SessionExpired)
    else:
        assert isinstance(again, str)
        assert again != world.key
        assert world.center.get_campaigns(again)
        assert world.center.usernames() == ["anna"]
        assert world.center.username_of(world.key) is None


@choice
def unknown_logoff(value: str) -> None:
    world = open_world(unknown_logoff=value)
    for username in ("ben", "nobody", "", None):
        expected = NotLoggedIn if value == "fault" else None
        assert outcome(world.center.log_off, username) is expected
    assert outcome(world.center.log_off, "anna") is None
    assert world.center.usernames() == []


# --- on the wire alone ----------------------------------------------------------------------------------------------


@choice
def empty_page(value: str) -> None:
    world = open_world(empty_page=value)
    calls = {
        "Get200CampaignContacts": ("OutboundCampaignWS", "sessionKey"),
        "FindContactsByCustomField": ("OutboundContactWS", "sessionkey"),
    }
    for operation, (service, name) in calls.items():
        body = soap(world.center, service, operation, f"<CampaignID>1</CampaignID><{name}>{world.key}</{name}>")
        forms = {
            "empty-list": rf"<{operation}Result><ContactList [^>]*/></{operation}Result>",
            "null-list": rf"<{operation}Result />",
            "null-result": rf"<{operation}Response [^>]*/>",
        }
        assert [form for form in forms if re.search(forms[form], body)] == [value]


@choice
def dates(value: str) -> None:
    world = open_world(dates=value)
    moment = SPRING.date_created
    assert moment is not None
    expected = {
        "unspecified": "2026-01-15T08:30:00.25",
        "utc": "2026-01-15T08:30:00.25Z",
        "local": moment.replace(tzinfo=timezone.utc).astimezone().isoformat().replace(".250000", ".25"),
    }
    created = re.findall(r"<DateCreated>(.*?)</DateCreated>", get_campaigns(world.center, world.key))
    assert created == [expected[value], "0001-01-01T00:00:00"]


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system's time zone cannot be changed for a test")
@pytest.mark.parametrize(
    ("zone", "moment", "expected"),
    [
        ("Asia/Jerusalem", datetime(2026, 1, 15, 8, 30), "2026-01-15T10:30:00+02:00"),
        ("Asia/Jerusalem", datetime(2026, 7, 15, 22, 30), "2026-07-16T01:30:00+03:00"),
        ("America/St_Johns", datetime(2026, 1, 15, 8, 30, 0, 100), "2026-01-15T05:00:00.0001-03:30"),
        ("America/New_York", datetime.min, "0001-01-01T00:00:00"),
    ],
)
def test_local_dates_carry_the_machines_offset_of_their_day(
    monkeypatch: pytest.MonkeyPatch, zone: str, moment: datetime, expected: str
) -> None:
    world = open_world(dates="local")
    world.center.add_campaign(CampaignDetails(3, "Dated", start_date_time=moment))
    try:
        with monkeypatch.context() as patch:
            patch.setenv("TZ", zone)
            time.tzset()
            body = get_campaigns(world.center, world.key)
    finally:
        time.tzset()
    assert re.findall(r"<StartDateTime>(.*?)</StartDateTime>", body)[-1] == expected


@choice
def fault_detail(value: str) -> None:
    world = open_world(fault_detail=value)
    body = soap(world.center, "OutboundUtilityWS", "OutboundLogin", "<username>x</username>")
    assert "<faultcode>soap:Client</faultcode>" in body
    assert "<faultstring>Invalid Administrator Login Details for : x</faultstring>" in body
    assert ("<ErrorNumber>2800</ErrorNumber>" in body) == (value == "error")
    assert ("<ErrorSource>OutboundLogin</ErrorSource>" in body) == (value == "error")
    assert ("<faultactor>" in body) == (value == "error")
    assert ("<detail />" in body) == (value == "plain")


def campaign_status_number(status: CampaignStatus) -> Callable[[int], None]:
    def behaviour(value: int) -> None:
        setting: dict[str, Any] = {f"campaign_status_id_{status.name.lower()}": value}
        world = open_world(**setting)
        world.center.set_campaign_status(1, status)
        world.center.set_campaign_status(2, CampaignStatus.CLOSED)
        body = get_campaigns(world.center, world.key)
        shown = re.findall(r"<Status><Id>(-?\d+)</Id><Name>(\w+)</Name></Status>", body)
        assert shown == ([(str(value), status.value)] if status.is_active else [])

    return behaviour


def contact_status_number(status: ContactStatus) -> Callable[[int], None]:
    def behaviour(value: int) -> None:
        name = f"contact_status_id_{status.name.lower()}"
        numbers: dict[str, Any] = {
            f"contact_status_id_{one.name.lower()}": 100 + row for row, one in enumerate(ContactStatus)
        }
        world = open_world(**{**numbers, name: value})
        for one in ContactStatus:
            world.center.load_contacts(1, [person(account="A1", phone_number=NUMBER, status=one)])
        contact_id = 1 + [*ContactStatus].index(status)
        inner = f"<sessionKey>{world.key}</sessionKey><contactId>{contact_id}</contactId><campaignID>1</campaignID>"
        body = soap(world.center, "OutboundContactWS", "GetContactStatus", inner)
        assert re.findall(r"<Id[^>]*>(-?\d+)</Id><Name[^>]*>(\w+)</Name>", body) == [(str(value), status.value)]
        found = outcome(world.center.find_contacts_by_phone_number, world.key, 1, NUMBER, status_id=value)
        assert found == [contact_id]

    return behaviour


for _campaign_status in CampaignStatus:
    BEHAVIOURS[f"campaign_status_id_{_campaign_status.name.lower()}"] = campaign_status_number(_campaign_status)
for _contact_status in ContactStatus:
    BEHAVIOURS[f"contact_status_id_{_contact_status.name.lower()}"] = contact_status_number(_contact_status)
