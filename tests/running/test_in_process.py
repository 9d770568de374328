"""``FakeCcmm`` in the test process: zeep over real sockets, with time that stands still."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
import zeep

from fake_ccmm import (
    Administrator,
    CampaignDetails,
    CampaignStatus,
    Contact,
    ContactCenter,
    ContactStatus,
    CustomField,
    DispositionCode,
    FakeCcmm,
    PhoneNumber,
    Profile,
    SettableClock,
    SetupError,
    Skillset,
)

from .soap import zeep_service

START = datetime(2026, 3, 4, 5, 6, 7)
SALES = Skillset(10040, "OB_Sales")
CODES = (DispositionCode(1, "Completed", numeric_value=100), DispositionCode(2, "Busy", numeric_value=101))
AUTUMN = 7
PEOPLE = (
    Contact(
        first_name="Zoë",
        phone_number=PhoneNumber("353", "91", "555123"),
        custom_fields=(CustomField("AccountNumber", "A-1", True),),
        skillset_id=SALES.skillset_id,
    ),
    Contact(
        first_name="Ola",
        phone_number=PhoneNumber("353", "91", "555123"),
        custom_fields=(CustomField("AccountNumber", "A-2", True),),
        skillset_id=SALES.skillset_id,
        status=ContactStatus.CLOSED,
    ),
)


def make_center(**settings: Any) -> ContactCenter:
    """A center of two administrators and one running campaign, whose time stands still."""
    center = ContactCenter(
        administrators=[Administrator("ann", "secret"), Administrator("bob", "secret")],
        skillsets=[SALES],
        clock=SettableClock(START),
        profile=Profile(**settings),
    )
    details = CampaignDetails(
        AUTUMN,
        "Autumn",
        skillset=SALES,
        date_created=START,
        disposition_codes=CODES,
        custom_field_names=("AccountNumber",),
    )
    center.add_campaign(details, PEOPLE)
    return center


@dataclass(frozen=True)
class World:
    """A center, the server it is served by, zeep's view of its services, and Ann's session key."""

    ccmm: FakeCcmm
    clock: SettableClock
    utility: Any
    campaign: Any
    contact: Any
    key: str

    @property
    def center(self) -> ContactCenter:
        return self.ccmm.center


@pytest.fixture
def world() -> Iterator[World]:
    """A server of one's own, with Ann logged in."""
    center = make_center()
    with FakeCcmm(center, log=None) as ccmm:
        utility = zeep_service(ccmm.utility_url)
        key = utility.OutboundLogin("ann", "secret")
        assert isinstance(center.clock, SettableClock)
        yield World(ccmm, center.clock, utility, zeep_service(ccmm.campaign_url), zeep_service(ccmm.contact_url), key)


def new_contact(name: str, **members: Any) -> dict[str, Any]:
    """An OWContact as zeep takes it."""
    required = {"ContactID": 0, "PreferredAgentID": 0, "PreferredAgentSpecified": False}
    return {**required, "FirstName": name, "SkillsetID": SALES.skillset_id, **members}


def names(found: Any) -> list[str]:
    """The first names in an OWContacts, none where zeep has nothing for it."""
    return [one.FirstName for one in found.OWContact] if found else []


# --- the ten operations -----------------------------------------------------------------------------------------------


@pytest.mark.rule("S1", "S6")
def test_a_login_gives_a_key_and_after_a_logoff_another(world: World) -> None:
    assert re.fullmatch("[A-Za-z0-9]{10}__ann", world.key)
    assert world.utility.OutboundLogoff("ann") is None
    assert world.utility.OutboundLogin("ann", "secret") != world.key


def test_a_second_login_is_refused_with_the_text_clients_know(world: World) -> None:
    with pytest.raises(zeep.exceptions.Fault) as caught:
        world.utility.OutboundLogin("ann", "secret")
    assert caught.value.message == "An Application administrator with user ID ann is already logged in"
    assert caught.value.code == "soap:Client"
    assert caught.value.detail.findtext(".//{*}ErrorNumber") == "2801"


def test_the_campaigns_come_with_their_details(world: World) -> None:
    (autumn,) = world.campaign.GetCampaigns(world.key).OWCampaign
    assert (autumn.ID, autumn.Name, autumn.Status.Name, autumn.Skillset.Name) == (7, "Autumn", "Running", "OB_Sales")
    assert (autumn.NumberOfContacts, autumn.NumberOfContactsClosed) == (2, 1)
    assert autumn.DateCreated == START
    assert [code.Name for code in autumn.DispositionCodes.OWDispositioncode] == ["Completed", "Busy"]


def test_the_contacts_come_in_pages_of_200(world: World) -> None:
    world.center.load_contacts(AUTUMN, [Contact(first_name=f"n{number}", skillset_id=10040) for number in range(399)])
    last, sizes, ids = 0, [], []
    for _ in range(3):
        page = world.campaign.Get200CampaignContacts(AUTUMN, last, world.key).OWContact
        sizes.append(len(page))
        ids += [one.ContactID for one in page]
        last = ids[-1]
    assert sizes == [200, 200, 1]
    assert ids == sorted(set(ids))
    assert world.campaign.Get200CampaignContacts(AUTUMN, last, world.key) is None


def test_contacts_are_appended_once_a_second_of_the_centers_own_time(world: World) -> None:
    append = world.campaign.AppendContactsToCampaign
    assert append(AUTUMN, new_contact("Åsa"), world.key) == 1
    world.clock.advance(0.999999)
    with pytest.raises(zeep.exceptions.Fault, match="AppendContactsToCampaign can only be called every 1 seconds"):
        append(AUTUMN, new_contact("too soon"), world.key)
    world.clock.advance(0.000001)
    fields = {"OWCustomField": [{"Name": "AccountNumber", "Text": "A-3", "IsTextVisible": True}]}
    assert append(AUTUMN, new_contact("Ибрагим", CustomFieldList=fields), world.key) == 1
    assert [one.first_name for one in world.center.contacts(AUTUMN)] == ["Zoë", "Ola", "Åsa", "Ибрагим"]
    assert world.center.contact(AUTUMN, 4).custom_fields == (CustomField("AccountNumber", "A-3", True),)
    assert names(world.campaign.Get200CampaignContacts(AUTUMN, 2, world.key)) == ["Åsa", "Ибрагим"]


def test_the_status_is_found_by_id_and_by_custom_field(world: World) -> None:
    status = world.contact.GetContactStatus
    assert status(world.key, 1, AUTUMN, None, None, False).Name == "New"
    assert status(world.key, 1, AUTUMN, "AccountNumber", "A-2", True).Name == "Closed"


def test_contacts_are_closed_once_a_second_by_id_and_by_custom_field(world: World) -> None:
    world.center.load_contacts(AUTUMN, [PEOPLE[0]])
    close = world.contact.CloseContact
    assert close(AUTUMN, 1, None, None, False, "Sold, at last", 1, True, world.key) == 1
    with pytest.raises(zeep.exceptions.Fault, match="CloseContact can only be called every 1 seconds"):
        close(AUTUMN, 3, None, None, False, None, 0, False, world.key)
    world.clock.advance(1)
    assert close(AUTUMN, 0, "AccountNumber", "A-1", True, None, 0, False, world.key) == 1
    closure = world.center.closure(AUTUMN, 1)
    assert closure is not None
    assert (closure.at, closure.text, closure.disposition_code) == (START, "Sold, at last", CODES[0])
    assert [one.status for one in world.center.contacts(AUTUMN)] == [ContactStatus.CLOSED] * 3


def test_a_phone_number_finds_the_first_contact_or_minus_one(world: World) -> None:
    find = world.contact.GetContactIDByPhoneNumber
    number = {"IntCode": "353", "AreaCode": "91", "PhoneNo": "555123"}
    assert find(number, AUTUMN, world.key) == 1
    assert find({**number, "PhoneNo": "555124"}, AUTUMN, world.key) == -1


def test_contacts_are_found_by_phone_number_and_status(world: World) -> None:
    find = world.contact.FindContactsByPhoneNumber
    number = {"IntCode": "353", "AreaCode": "91", "PhoneNo": "555123"}
    assert names(find(None, AUTUMN, number, world.key)) == ["Zoë", "Ola"]
    assert names(find({"Id": 0, "Name": "Closed"}, AUTUMN, number, world.key)) == ["Ola"]
    assert names(find(None, AUTUMN, {"PhoneNo": "1"}, world.key)) == []


def test_contacts_are_found_by_custom_field_and_status(world: World) -> None:
    find = world.contact.FindContactsByCustomField
    field = {"Name": "AccountNumber", "Text": "A-2", "IsTextVisible": False}
    assert names(find(None, AUTUMN, field, world.key)) == ["Ola"]
    assert names(find({"Id": 0, "Name": "New"}, AUTUMN, field, world.key)) == []


def test_a_session_expires_when_the_clock_is_moved(world: World) -> None:
    world.clock.advance(20 * 60 + 1)
    with pytest.raises(zeep.exceptions.Fault, match="Expired"):
        world.campaign.GetCampaigns(world.key)
    world.utility.OutboundLogoff("ann")
    assert world.campaign.GetCampaigns(world.utility.OutboundLogin("ann", "secret")).OWCampaign


# --- a center of one's own --------------------------------------------------------------------------------------------


def test_what_python_changes_shows_in_the_next_call(world: World) -> None:
    world.center.add_campaign(CampaignDetails(8, "Winter", CampaignStatus.WAITING))
    world.center.set_campaign_status(AUTUMN, CampaignStatus.COMPLETED)
    assert [one.Name for one in world.campaign.GetCampaigns(world.key).OWCampaign] == ["Winter"]
    world.center.add_administrator(Administrator("cleo", "secret"))
    assert world.utility.OutboundLogin("cleo", "secret").endswith("__cleo")


def test_the_later_revision_takes_a_priority_with_an_append() -> None:
    center = make_center()
    with FakeCcmm(center, revision="priority", log=None) as ccmm:
        key = zeep_service(ccmm.utility_url).OutboundLogin("ann", "secret")
        zeep_service(ccmm.campaign_url).AppendContactsToCampaign(AUTUMN, new_contact("Åsa"), key, 4)
    assert [one.priority for one in center.contacts(AUTUMN)] == [0, 0, 4]


def test_the_profile_can_be_a_mapping_of_choices() -> None:
    with FakeCcmm(profile={"campaign_status_id_running": 11}, clock=SettableClock(START), log=None) as ccmm:
        key = zeep_service(ccmm.utility_url).OutboundLogin(ccmm.user, ccmm.password)
        campaigns = zeep_service(ccmm.campaign_url).GetCampaigns(key).OWCampaign
    assert {one.Status.Id for one in campaigns if one.Status.Name == "Running"} == {11}


# --- servers come and go ----------------------------------------------------------------------------------------------


def test_several_servers_run_at_once_each_with_its_own_state() -> None:
    with FakeCcmm(make_center(), log=None) as one, FakeCcmm(make_center(), log=None) as other:
        assert one.port != other.port
        key = zeep_service(one.utility_url).OutboundLogin("ann", "secret")
        assert zeep_service(one.campaign_url).GetCampaigns(key)
        with pytest.raises(zeep.exceptions.Fault, match="Validation of session key failed"):
            zeep_service(other.campaign_url).GetCampaigns(key)


def test_the_state_outlives_the_server_and_can_be_served_again(world: World) -> None:
    port = world.ccmm.port
    world.ccmm.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), 5).close()
    world.ccmm.start()
    assert world.ccmm.port == port
    assert world.campaign.GetCampaigns(world.key).OWCampaign


def test_the_server_stops_when_its_block_fails() -> None:
    with pytest.raises(ZeroDivisionError), FakeCcmm(make_center(), log=None) as ccmm:
        _ = 1 / 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", ccmm.port), 5).close()


def test_stopping_leaves_no_thread_and_is_harmless_when_repeated() -> None:
    before = threading.active_count()
    ccmm = FakeCcmm(make_center(), log=None)
    ccmm.stop()
    with ccmm, socket.create_connection(("127.0.0.1", ccmm.port), 5):
        assert threading.active_count() > before
    ccmm.stop()
    assert threading.active_count() == before


def test_the_addresses_are_those_of_the_vendors_application() -> None:
    with FakeCcmm(make_center(), log=None) as ccmm:
        application = f"http://127.0.0.1:{ccmm.port}/ccmmoutboundwebservices"
        assert ccmm.url == f"http://127.0.0.1:{ccmm.port}"
        assert ccmm.utility_url == f"{application}/OutboundUtilityWS.asmx"
        assert ccmm.campaign_url == f"{application}/OutboundCampaignWS.asmx"
        assert ccmm.contact_url == f"{application}/OutboundContactWS.asmx"


def test_the_address_of_a_server_on_every_interface_is_one_that_works_here() -> None:
    with FakeCcmm(make_center(), host="0.0.0.0", log=None) as ccmm:
        assert ccmm.host == "127.0.0.1"
        assert zeep_service(ccmm.utility_url).OutboundLogin("ann", "secret")


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as plug:
            plug.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
def test_it_listens_on_ipv6() -> None:
    with FakeCcmm(make_center(), host="::1", log=None) as ccmm:
        assert ccmm.url == f"http://[::1]:{ccmm.port}"
        assert zeep_service(ccmm.utility_url).OutboundLogin("ann", "secret")


# --- what cannot be set up --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: FakeCcmm(revision="8.0"), "revision is one of sdk-7.0, priority, not '8.0'"),
        (
            lambda: FakeCcmm(ContactCenter(), clock=SettableClock()),
            "a center has its own profile and clock; give them to ContactCenter instead",
        ),
        (
            lambda: FakeCcmm(ContactCenter(), profile={}),
            "a center has its own profile and clock; give them to ContactCenter instead",
        ),
        (
            lambda: FakeCcmm(profile={"limit_answer": "never"}),
            "profile: limit_answer is one of fault, return, delay, not 'never'",
        ),
    ],
    ids=["revision", "center and clock", "center and profile", "profile"],
)
def test_what_does_not_fit_together_is_said_when_it_is_made(make: Callable[[], FakeCcmm], said: str) -> None:
    with pytest.raises(SetupError) as caught:
        make()
    assert str(caught.value) == said


def test_a_port_that_is_taken_is_said_when_it_is_started() -> None:
    with FakeCcmm(make_center(), log=None) as ccmm:
        another = FakeCcmm(make_center(), port=ccmm.port)
        with pytest.raises(SetupError, match=rf"^cannot listen on 127\.0\.0\.1 port {ccmm.port}: "):
            another.start()
        another.stop()


def test_a_host_that_is_none_of_this_machine_is_said_when_it_is_started() -> None:
    with pytest.raises(SetupError, match=r"^cannot listen on 192\.0\.2\.1 port 0: "):
        FakeCcmm(make_center(), host="192.0.2.1").start()


def test_a_server_that_is_running_cannot_be_started_again() -> None:
    with FakeCcmm(make_center(), log=None) as ccmm, pytest.raises(SetupError, match="this server is running already"):
        ccmm.start()


# --- the demo center --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo() -> ContactCenter:
    """The center that is served where no other is given."""
    return FakeCcmm(log=None).center


def test_the_demo_center_has_campaigns_in_every_status(demo: ContactCenter) -> None:
    assert {one.details.status for one in demo.campaigns()} == set(CampaignStatus)


def test_the_demo_center_has_campaigns_at_the_borders_of_paging(demo: ContactCenter) -> None:
    sizes = [one.number_of_contacts for one in demo.campaigns() if one.details.status.is_active]
    assert {1050, 201, 200, 0} <= set(sizes)
    for one in demo.campaigns():
        assert len(demo.contacts(one.details.campaign_id)) == one.number_of_contacts


def test_every_demo_campaign_can_be_closed_with_the_code_completed(demo: ContactCenter) -> None:
    for one in demo.campaigns():
        assert "Completed" in [code.name for code in one.details.disposition_codes]


def test_the_demo_contacts_carry_the_custom_fields_of_their_campaign_and_names_beyond_ascii(
    demo: ContactCenter,
) -> None:
    details = next(one.details for one in demo.campaigns() if one.number_of_contacts == 1050)
    contacts = demo.contacts(details.campaign_id)
    for one in contacts:
        assert [field.name for field in one.custom_fields or ()] == list(details.custom_field_names)
    assert [one for one in contacts if not (one.first_name or "").isascii()]
    assert {one.status for one in contacts} == {ContactStatus.NEW, ContactStatus.CLOSED}


def test_the_demo_center_is_the_same_at_every_start(demo: ContactCenter) -> None:
    again = FakeCcmm(log=None).center
    assert again.campaigns() == demo.campaigns()
    for one in demo.campaigns():
        assert again.contacts(one.details.campaign_id) == demo.contacts(one.details.campaign_id)
    first = demo.contact(26, 1)
    assert (first.first_name, first.last_name) == ("直樹", "小野寺")
