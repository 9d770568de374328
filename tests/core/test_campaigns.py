"""Which campaigns are shown, what is told of them, and that no operation touches what is over."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest
from lxml import etree

from fake_ccmm.campaign import CampaignView
from fake_ccmm.errors import SERVER, InactiveCampaign, SetupError, UnknownCampaign
from fake_ccmm.model import CampaignDetails, CampaignStatus, ContactStatus, CustomField
from fake_ccmm.soap.contact_xml import XML_CONTACTS

from .wire import get_campaigns
from .world import (
    ACTIVE,
    AUTUMN,
    CAMPAIGN_CALLS,
    INACTIVE,
    KEYED_CALLS,
    NO_SUCH_CAMPAIGN,
    NUMBER,
    SALES,
    SPRING,
    Call,
    World,
    open_world,
    person,
)


def shown(world: World) -> list[int]:
    return [one.details.campaign_id for one in world.center.get_campaigns(world.key)]


@pytest.mark.rule("C1")
@pytest.mark.parametrize("status", CampaignStatus)
def test_a_campaign_is_listed_while_it_runs_waits_or_pauses(world: World, status: CampaignStatus) -> None:
    world.center.set_campaign_status(1, status)
    assert shown(world) == ([1, 2] if status in ACTIVE else [2])


@pytest.mark.rule("C1")
def test_campaigns_are_listed_by_id_whatever_the_order_they_came_in(world: World) -> None:
    for number in (7, -3, 5):
        world.center.add_campaign(CampaignDetails(number, f"Campaign {number}"))
    assert shown(world) == [-3, 1, 2, 5, 7]


@pytest.mark.rule("C1")
def test_no_active_campaign_is_an_empty_list_and_not_a_refusal(world: World) -> None:
    world.center.set_campaign_status(1, CampaignStatus.CLOSED)
    world.center.set_campaign_status(2, CampaignStatus.CANCELLED)
    assert shown(world) == []


@pytest.mark.rule("C2")
def test_a_campaign_comes_with_its_counts_dates_skillset_status_and_codes(world: World) -> None:
    world.append()
    view, _ = world.center.get_campaigns(world.key)
    assert view == CampaignView(SPRING, 1, 0, 0)
    assert (view.details.skillset, view.details.status) == (SALES, CampaignStatus.RUNNING)
    assert view.details.disposition_codes == SPRING.disposition_codes
    assert (view.details.date_created, view.details.start_date_time) == (SPRING.date_created, SPRING.start_date_time)


@pytest.mark.rule("C3")
def test_every_append_and_close_shows_in_the_next_call(world: World) -> None:
    assert world.counts() == (0, 0, 0)
    ids = []
    for number in range(1, 4):
        ids.append(world.append(person(number)))
        assert world.counts() == (number, 0, 0)
    for number, contact_id in enumerate(reversed(ids), start=1):
        world.close(contact_id)
        assert world.counts() == (3, number, number)
    assert world.counts(2) == (0, 0, 0)


@pytest.mark.rule("C3")
def test_a_change_of_status_made_by_an_agent_shows_too(world: World) -> None:
    contact_id = world.append()
    world.center.set_contact_status(1, contact_id, ContactStatus.CLOSED)
    world.center.set_contact_status(1, contact_id, ContactStatus.CLOSED)
    assert world.counts() == (1, 1, 1)
    world.center.set_contact_status(1, contact_id, ContactStatus.WAITING)
    assert world.counts() == (1, 0, 0)
    world.center.set_campaign_status(1, CampaignStatus.PAUSED)
    assert world.center.get_campaigns(world.key)[0].details.status is CampaignStatus.PAUSED


@pytest.mark.rule("C3")
def test_a_view_taken_before_stays_what_it_was(world: World) -> None:
    before = world.center.get_campaigns(world.key)
    world.append()
    assert before[0].number_of_contacts == 0


@pytest.mark.rule("C4")
@pytest.mark.parametrize("call", KEYED_CALLS.values(), ids=KEYED_CALLS)
def test_no_operation_changes_what_campaigns_there_are(world: World, call: Call) -> None:
    world.append(person(account="A1", phone_number=NUMBER, campaign_name="Renamed"))
    world.clock.advance(1)
    before = [one.details for one in world.center.campaigns()]
    call(world.center, world.key, 1)
    world.center.log_off("anna")
    assert [one.details for one in world.center.campaigns()] == before == [SPRING, AUTUMN]


@pytest.mark.rule("C5")
@pytest.mark.parametrize("status", INACTIVE)
@pytest.mark.parametrize("call", CAMPAIGN_CALLS.values(), ids=CAMPAIGN_CALLS)
def test_a_campaign_that_is_over_is_refused_and_left_alone(world: World, call: Call, status: CampaignStatus) -> None:
    world.append(person(account="A1", phone_number=NUMBER))
    world.clock.advance(1)
    world.center.set_campaign_status(1, status)
    before = world.state()
    with pytest.raises(InactiveCampaign) as refused:
        call(world.center, world.key, 1)
    assert refused.value.code == SERVER
    assert status.value in str(refused.value)
    assert world.state() == before


@pytest.mark.rule("C5")
@pytest.mark.parametrize("number", [NO_SUCH_CAMPAIGN, 0, -1, 2**31, -(2**63)])
@pytest.mark.parametrize("call", CAMPAIGN_CALLS.values(), ids=CAMPAIGN_CALLS)
def test_a_campaign_nobody_knows_is_refused(world: World, call: Call, number: int) -> None:
    before = world.state()
    with pytest.raises(UnknownCampaign, match=str(number)) as refused:
        call(world.center, world.key, number)
    assert refused.value.code == SERVER
    assert world.state() == before


@pytest.mark.rule("C5")
@pytest.mark.parametrize("call", CAMPAIGN_CALLS.values(), ids=CAMPAIGN_CALLS)
def test_an_operation_does_not_reach_into_another_campaign(world: World, call: Call) -> None:
    world.append(person(1, account="A1", phone_number=NUMBER))
    world.append(person(2, account="A1", phone_number=NUMBER), campaign_id=2)
    world.clock.advance(1)
    before = world.center.contacts(2)
    call(world.center, world.key, 1)
    assert world.center.contacts(2) == before


@pytest.mark.rule("C5")
def test_a_campaign_that_completes_in_mid_paging_shows_no_further_page(world: World) -> None:
    world.center.load_contacts(1, (person(number) for number in range(250)))
    last = world.page()[-1]
    world.center.set_campaign_status(1, CampaignStatus.COMPLETED)
    with pytest.raises(InactiveCampaign):
        world.page(last)
    world.center.set_campaign_status(1, CampaignStatus.WAITING)
    assert len(world.page(last)) == 50


@pytest.mark.rule("C5")
def test_contacts_of_a_campaign_that_is_over_are_found_by_no_search(world: World) -> None:
    world.append(person(1, account="A1", phone_number=NUMBER))
    expected = world.append(person(2, account="A1", phone_number=NUMBER), campaign_id=2)
    world.center.set_campaign_status(1, CampaignStatus.CLOSED)
    center, key = world.center, world.key
    assert center.get_contact_id_by_phone_number(key, 2, NUMBER) == expected
    found = center.find_contacts_by_custom_field(key, 2, CustomField("Account", "A1"))
    assert [one.contact_id for one in found] == [expected]


@pytest.mark.rule("C2")
@pytest.mark.parametrize("text", ["\0", "\x1f", "\ud800", "\ufffe"], ids=["U+0000", "U+001F", "U+D800", "U+FFFE"])
def test_a_text_xml_cannot_carry_in_a_campaign_never_spoils_the_list_of_campaigns(text: str) -> None:
    """Either it is refused when the campaign is added, as a contact's is, or something else is sent in its place."""
    world = open_world(codec=XML_CONTACTS)
    with suppress(ValueError, SetupError):
        world.center.add_campaign(CampaignDetails(3, f"Bad {text}"))
    answer = etree.fromstring(get_campaigns(world.center, world.key).encode())
    assert [one.text for one in answer.iterfind(".//{*}OWCampaign/{*}Name")][:2] == ["Spring", "Autumn"]


def test_a_campaign_id_can_be_taken_only_once(world: World) -> None:
    before = world.state()
    with pytest.raises(SetupError, match="1 is taken"):
        world.center.add_campaign(replace(AUTUMN, campaign_id=1), [person()])
    assert world.state() == before


@pytest.mark.parametrize("name", ["contacts", "load_contacts", "set_campaign_status", "contact", "closure"])
def test_steering_a_campaign_nobody_knows_says_so(world: World, name: str) -> None:
    arguments: dict[str, tuple[object, ...]] = {
        "load_contacts": ([person()],),
        "set_campaign_status": (CampaignStatus.CLOSED,),
        "contact": (1,),
        "closure": (1,),
    }
    with pytest.raises(UnknownCampaign):
        getattr(world.center, name)(NO_SUCH_CAMPAIGN, *arguments.get(name, ()))
