"""Each example of a client keeps its side, against a mock in this process."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import pytest
from ccmm_contracts import plain, worlds
from ccmm_contracts.domain import Address, Contact, CustomField, PhoneNumber, User

from fake_ccmm import (
    CallPattern,
    CampaignCloses,
    CampaignStatus,
    ExpireSession,
    FakeCcmm,
    FaultRule,
    Garbage,
    HttpError,
    RejectKey,
    Reset,
    Truncate,
)

from .additions import Additions
from .driving import HONEST, ClientSaid, Driven, example

MAIN, EMPTY, COMPLETED = 101, 102, 105
ZOE = Contact(
    campaign_name="Spring",
    address=Address("1 Rue de l'Église", "", None, "דירה 4", " two  blanks ", "Éire", "D01"),
    custom_fields=(CustomField("Account", "<&>\"'\n𝒜", True), CustomField("Segment", "", False)),
    email_address="zoe@example.org",
    first_name="Zoë 顧客",
    last_name="Łukasiewicz-Ωμέγα 🙂",
    phone_number=PhoneNumber("353", "1", "5550001"),
    preferred_agent_id=7,
    preferred_agent_specified=True,
    title="Доктор",
    skillset_id=worlds.SALES.skillset_id,
)
BARE = Contact(skillset_id=worlds.SALES.skillset_id)

pytestmark = pytest.mark.examples


def _world() -> worlds.World:
    many = tuple(
        worlds.WorldContact(
            Contact(
                custom_fields=(CustomField("Account", f"A-{n}"),),
                first_name=f"Contact {n}",
                phone_number=PhoneNumber("44", None, f"{n}"),
                skillset_id=worlds.SALES.skillset_id,
            )
        )
        for n in range(1, 402)
    )
    return worlds.World(
        users=(User("ann", "secret 🙂"),),
        campaigns=(
            worlds.WorldCampaign(MAIN, "Spring – Frühling", contacts=many),
            worlds.WorldCampaign(EMPTY, "Empty", "Waiting"),
            worlds.WorldCampaign(COMPLETED, "Done", "Completed", contacts=many[:1]),
        ),
    )


@pytest.fixture
def ccmm() -> Iterator[FakeCcmm]:
    with FakeCcmm(seed=_world().seed(frozen=False)) as served:
        yield served


@pytest.fixture(params=HONEST, scope="module")
def program(request: pytest.FixtureRequest) -> Iterator[Driven]:
    with Driven(example(request.param)) as driven:
        yield driven


@pytest.fixture
def client(program: Driven, ccmm: FakeCcmm) -> Iterator[Driven]:
    """A program that others have used before: ``start`` makes a fresh client of it."""
    yield program
    with contextlib.suppress(ClientSaid):
        program.ask("end")


def _refused(client: Driven, do: str, **arguments: Any) -> ClientSaid:
    with pytest.raises(ClientSaid) as caught:
        client.ask(do, **arguments)
    return caught.value


def _told(contact: Contact, contact_id: int) -> Any:
    return _without_nothings(plain.plain(contact) | {"contact_id": contact_id})


def _without_nothings(value: Any) -> Any:
    """The same with None for what is empty: many toolkits cannot tell an empty element from none."""
    if isinstance(value, dict):
        value = {name: _without_nothings(one) for name, one in value.items()}
        return value if any(one is not None for one in value.values()) else None
    if isinstance(value, list):
        return [_without_nothings(one) for one in value] or None
    return None if value == "" else value


def _calls(ccmm: FakeCcmm) -> list[str]:
    return [one.operation for one in ccmm.journal.exchanges() if one.operation]


def test_a_whole_job_is_done_and_logged_off(client: Driven, ccmm: FakeCcmm) -> None:
    hello = client.ask("hello")
    assert hello["protocol"] == 1
    assert {"start", "log_in", "append_contacts", "end"} <= set(hello["can"])
    client.start(ccmm)
    assert _calls(ccmm) == []
    assert client.ask("log_in") is None
    assert client.ask("list_campaigns") == [
        {"campaign_id": MAIN, "name": "Spring – Frühling", "status": "Running", "number_of_contacts": 401},
        {"campaign_id": EMPTY, "name": "Empty", "status": "Waiting", "number_of_contacts": 0},
    ]
    assert client.ask("append_contacts", campaign_id=EMPTY, contacts=[plain.plain(ZOE)]) == {"appended": 1}
    (found,) = client.ask("fetch_contacts", campaign_id=EMPTY)
    assert _without_nothings(found) == _told(ZOE, found["contact_id"])
    assert client.ask("find_contact_id", campaign_id=EMPTY, phone_number=found["phone_number"]) == found["contact_id"]
    arguments = {"campaign_id": EMPTY, "contact_id": found["contact_id"]}
    assert client.ask("close_contact", **arguments, text="Verkauft – 完", disposition="Completed") is None
    assert client.ask("contact_status", **arguments) == "Closed"
    assert client.ask("find_contacts", campaign_id=EMPTY, phone_number=found["phone_number"], status="New") == []
    assert client.ask("find_contacts", campaign_id=EMPTY, phone_number=found["phone_number"], status=None) == [found]
    assert client.ask("end") is None
    assert _calls(ccmm)[-1] == "OutboundLogoff"
    assert _calls(ccmm).count("OutboundLogoff") == 1


def test_paging_goes_on_from_the_last_id_to_the_end(client: Driven, ccmm: FakeCcmm) -> None:
    client.start(ccmm).ask("log_in")
    found = client.ask("fetch_contacts", campaign_id=MAIN)
    assert [one["first_name"] for one in found] == [f"Contact {n}" for n in range(1, 402)]
    pages = [one.arguments for one in ccmm.journal.exchanges() if one.operation == "Get200CampaignContacts"]
    assert [one["last_contact_id"] for one in pages] == [0, found[199]["contact_id"], found[399]["contact_id"]]


def test_a_contact_with_nothing_but_its_skillset_stays_bare(client: Driven, ccmm: FakeCcmm) -> None:
    client.start(ccmm).ask("log_in")
    client.ask("append_contacts", campaign_id=EMPTY, contacts=[plain.plain(BARE)])
    assert ccmm.journal.exchanges()[-1].arguments["contact"]["address"] is None
    (found,) = client.ask("fetch_contacts", campaign_id=EMPTY)
    assert _without_nothings(found) == _told(BARE, found["contact_id"])


def test_appends_and_closings_are_a_second_apart(client: Driven, ccmm: FakeCcmm) -> None:
    client.start(ccmm).ask("log_in")
    client.ask("append_contacts", campaign_id=EMPTY, contacts=[plain.plain(BARE)] * 2)
    client.ask("close_contact", campaign_id=MAIN, contact_id=1, text=None, disposition=None)
    field = {"name": "Account", "text": "A-2"}
    client.ask("close_contact", campaign_id=MAIN, custom_field=field, text="", disposition="No Answer")
    assert client.ask("contact_status", campaign_id=MAIN, custom_field=field) == "Closed"
    assert [one["contact_id"] for one in client.ask("find_contacts", campaign_id=MAIN, custom_field=field)] == [2]
    assert {one.outcome for one in ccmm.journal.exchanges() if one.operation} == {"ok"}
    calls = {one.operation: one.arguments for one in ccmm.journal.exchanges() if one.operation}
    assert calls["CloseContact"]["contact_id"] == 0
    assert calls["CloseContact"]["custom_field_specified"]
    assert calls["CloseContact"]["disposition_code_specified"]
    assert calls["GetContactStatus"]["custom_field_passed"]


def test_a_number_that_nobody_has_is_not_found(client: Driven, ccmm: FakeCcmm) -> None:
    client.start(ccmm).ask("log_in")
    number = {"int_code": None, "area_code": None, "phone_no": "no such"}
    assert client.ask("find_contact_id", campaign_id=MAIN, phone_number=number) is None
    assert _refused(client, "close_contact", campaign_id=MAIN, contact_id=-1).kind == "not-found"
    assert "CloseContact" not in _calls(ccmm)


def test_a_code_that_is_not_linked_is_refused_without_a_call(client: Driven, ccmm: FakeCcmm) -> None:
    client.start(ccmm).ask("log_in")
    arguments = {"campaign_id": MAIN, "contact_id": 1, "text": None, "disposition": worlds.NOT_LINKED.name}
    assert _refused(client, "close_contact", **arguments).kind == "not-linked"
    assert "CloseContact" not in _calls(ccmm)


def test_a_wrong_password_is_a_refused_log_in(client: Driven, ccmm: FakeCcmm) -> None:
    client.start(ccmm, password="wrong")
    said = _refused(client, "log_in")
    assert (said.kind, "Invalid Administrator Login Details" in said.message) == ("login-refused", True)
    client.ask("end")
    assert _calls(ccmm) == ["OutboundLogin"]


def test_a_session_of_somebody_else_is_taken_over_only_when_told(client: Driven, ccmm: FakeCcmm) -> None:
    ccmm.center.log_in("ann", "secret 🙂")
    client.start(ccmm)
    assert _refused(client, "log_in").kind == "already-logged-in"
    client.ask("end")
    assert _calls(ccmm) == ["OutboundLogin"]
    client.start(ccmm, take_over=True).ask("log_in")
    client.ask("list_campaigns")
    assert _calls(ccmm)[1:] == ["OutboundLogin", "OutboundLogoff", "OutboundLogin", "GetCampaigns"]


@pytest.mark.parametrize("trouble", [ExpireSession(), RejectKey()], ids=["expired", "rejected"])
def test_a_stale_key_leads_to_one_new_log_in(client: Driven, ccmm: FakeCcmm, trouble: Any) -> None:
    client.start(ccmm).ask("log_in")
    ccmm.faults.add(FaultRule(when=CallPattern("AppendContactsToCampaign"), nth=1, do=trouble))
    assert client.ask("append_contacts", campaign_id=EMPTY, contacts=[plain.plain(BARE)]) == {"appended": 1}
    append = "AppendContactsToCampaign"
    assert _calls(ccmm) == ["OutboundLogin", append, "OutboundLogoff", "OutboundLogin", append]


def test_a_key_that_stays_stale_is_no_loop(client: Driven, ccmm: FakeCcmm) -> None:
    client.start(ccmm).ask("log_in")
    ccmm.faults.add(FaultRule(when=CallPattern("GetCampaigns"), do=RejectKey()))
    assert _refused(client, "list_campaigns").kind == "refused"
    assert _calls(ccmm).count("GetCampaigns") == 2
    client.ask("end")
    assert _calls(ccmm)[-1] == "OutboundLogoff"


@pytest.mark.parametrize(
    "trouble", [Reset(), Truncate(), Garbage(keep_head=True), HttpError(503)], ids=lambda one: one.kind
)
def test_a_lost_append_is_not_sent_again(client: Driven, ccmm: FakeCcmm, trouble: Any) -> None:
    client.start(ccmm).ask("log_in")
    ccmm.faults.add(FaultRule(when=CallPattern("AppendContactsToCampaign"), nth=1, do=trouble))
    said = _refused(client, "append_contacts", campaign_id=EMPTY, contacts=[plain.plain(BARE)] * 2)
    assert said.kind == "transport"
    assert "may or may not" in said.message
    client.ask("end")
    assert _calls(ccmm) == ["OutboundLogin", "AppendContactsToCampaign", "OutboundLogoff"]


def test_a_campaign_that_completes_stops_the_work_with_the_servers_words(client: Driven, ccmm: FakeCcmm) -> None:
    client.start(ccmm).ask("log_in")
    ccmm.faults.add(FaultRule(when=CallPattern("Get200CampaignContacts"), nth=2, do=CampaignCloses()))
    said = _refused(client, "fetch_contacts", campaign_id=MAIN)
    fault = ccmm.journal.exchanges()[-1].fault_text
    assert said.kind == "refused"
    assert fault is not None
    assert fault in said.message
    ccmm.center.set_campaign_status(EMPTY, CampaignStatus.COMPLETED)
    assert _refused(client, "append_contacts", campaign_id=EMPTY, contacts=[plain.plain(BARE)] * 3).kind == "refused"
    assert _calls(ccmm).count("AppendContactsToCampaign") == 1


@pytest.mark.parametrize("name", HONEST)
def test_a_session_is_logged_off_when_stdin_closes(name: str, ccmm: FakeCcmm) -> None:
    with Driven(example(name)) as client:
        client.start(ccmm).ask("log_in")
        assert client.close_stdin() == 0
    assert _calls(ccmm) == ["OutboundLogin", "OutboundLogoff"]


def test_elements_that_no_wsdl_knows_are_passed_over(client: Driven, ccmm: FakeCcmm) -> None:
    base = ccmm.utility_url.rpartition("/")[0]
    with Additions(base) as door:
        client.start(ccmm, url=door.url).ask("log_in")
        assert [one["campaign_id"] for one in client.ask("list_campaigns")] == [MAIN, EMPTY]
        client.ask("append_contacts", campaign_id=EMPTY, contacts=[plain.plain(ZOE)])
        (found,) = client.ask("fetch_contacts", campaign_id=EMPTY)
        assert _without_nothings(found) == _told(ZOE, found["contact_id"])
        client.ask("end")


def test_the_revision_with_a_priority_is_served_too(client: Driven) -> None:
    with FakeCcmm(seed=_world().seed(frozen=False), revision="priority") as ccmm:
        client.start(ccmm).ask("log_in")
        assert client.ask("append_contacts", campaign_id=EMPTY, contacts=[plain.plain(BARE)]) == {"appended": 1}
        client.ask("end")


def test_a_certificate_of_a_ca_of_ones_own_is_checked(client: Driven) -> None:
    if client.example.name == "csharp":
        pytest.skip("Mono cannot check the elliptic curves of a certificate made for a test")
    with FakeCcmm(seed=_world().seed(frozen=False), tls="adhoc") as ccmm:
        client.start(ccmm, ca=str(ccmm.ca_file)).ask("log_in")
        assert len(client.ask("list_campaigns")) == 2
        client.ask("end")
        assert _calls(ccmm)[-1] == "OutboundLogoff"


def test_a_certificate_of_an_unknown_ca_is_not_taken(client: Driven) -> None:
    with FakeCcmm(seed=_world().seed(frozen=False), tls="adhoc") as ccmm:
        with pytest.raises(ClientSaid) as caught:
            client.start(ccmm).ask("log_in")
        assert caught.value.kind == "transport"
        assert _calls(ccmm) == []


def test_what_it_cannot_do_and_what_it_cannot_read_are_answered(client: Driven, ccmm: FakeCcmm) -> None:
    assert _refused(client, "dance").kind == "unsupported"
    client.start(ccmm)
    assert _refused(client, "list_campaigns").kind == "failed"
    assert client.ask("log_off") is None
    assert _calls(ccmm) == []


def test_a_text_that_xml_cannot_carry_is_not_sent(client: Driven, ccmm: FakeCcmm) -> None:
    client.start(ccmm).ask("log_in")
    contact = plain.plain(BARE) | {"first_name": "Zo\u0001"}
    assert _refused(client, "append_contacts", campaign_id=EMPTY, contacts=[contact]).kind == "failed"
    assert "AppendContactsToCampaign" not in _calls(ccmm)
