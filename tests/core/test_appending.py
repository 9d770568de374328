"""One contact more: what it needs, what it gets, and how often it may come."""

from __future__ import annotations

import pytest

from fake_ccmm.errors import Refusal, SkillsetRequired, TooSoon, UnknownCampaign, UnknownSkillset
from fake_ccmm.model import Contact, ContactStatus, CustomField, Skillset

from .world import ANNA, CARE, SALES, START, World, person


@pytest.mark.rule("A1")
def test_an_append_adds_one_contact_and_returns_1(world: World) -> None:
    assert world.center.append_contact(world.key, 1, person(1)) == 1
    (found,) = world.center.contacts(1)
    assert (found.first_name, found.status) == ("Person 1", ContactStatus.NEW)
    assert world.counts() == (1, 0, 0)
    assert world.center.contacts(2) == []


@pytest.mark.rule("A2")
@pytest.mark.parametrize("contact", [None, Contact(), Contact(first_name="Ada", contact_id=5)])
def test_a_contact_without_a_skillset_is_refused(world: World, contact: Contact | None) -> None:
    before = world.state()
    with pytest.raises(SkillsetRequired):
        world.center.append_contact(world.key, 1, contact)
    assert world.state() == before


@pytest.mark.rule("A2")
@pytest.mark.parametrize("skillset_id", [13, -11, 2**62])
def test_a_skillset_the_center_does_not_know_is_refused(world: World, skillset_id: int) -> None:
    before = world.state()
    with pytest.raises(UnknownSkillset, match=str(skillset_id)):
        world.center.append_contact(world.key, 1, Contact(skillset_id=skillset_id))
    assert world.state() == before
    world.center.add_skillset(Skillset(skillset_id, "New"))
    assert world.append(Contact(skillset_id=skillset_id)) == 1


@pytest.mark.rule("A2")
def test_nothing_but_the_skillset_is_needed_and_it_need_not_be_the_campaigns(world: World) -> None:
    contact_id = world.append(Contact(skillset_id=CARE.skillset_id))
    expected = Contact(contact_id=contact_id, skillset_id=CARE.skillset_id)
    assert world.center.contact(1, contact_id) == expected


@pytest.mark.rule("A3")
def test_the_same_contact_can_be_appended_again_and_again(world: World) -> None:
    twin = person(1, account="A1")
    ids = [world.append(twin) for _ in range(3)] + [world.append(twin, campaign_id=2)]
    assert len(set(ids)) == 4
    assert (world.counts()[0], world.counts(2)[0]) == (3, 1)


@pytest.mark.rule("A4")
@pytest.mark.parametrize("campaign_id", [1, 2])
@pytest.mark.parametrize("seconds", [0, 0.5, 0.999999])
def test_a_second_append_within_the_second_is_refused(world: World, seconds: float, campaign_id: int) -> None:
    world.append()
    world.clock.advance(seconds)
    before = world.state()
    with pytest.raises(TooSoon, match="AppendContactsToCampaign can only be called every 1 seconds"):
        world.center.append_contact(world.key, campaign_id, person())
    assert world.state() == before
    world.clock.advance(1 - seconds)
    assert world.center.append_contact(world.key, campaign_id, person()) == 1


@pytest.mark.rule("A4")
def test_a_refused_append_starts_no_new_second(world: World) -> None:
    world.append()
    world.clock.advance(0.9)
    for contact in (person(), None):
        with pytest.raises(TooSoon):
            world.center.append_contact(world.key, 1, contact)
    world.clock.advance(0.1)
    with pytest.raises(SkillsetRequired):
        world.center.append_contact(world.key, 1, None)
    assert world.center.append_contact(world.key, 1, person()) == 1


@pytest.mark.rule("A4")
def test_reading_is_not_limited_nor_is_a_close_after_an_append(world: World) -> None:
    contact_id = world.append()
    for _ in range(5):
        assert world.page() == [contact_id]
        assert world.counts() == (1, 0, 0)
    assert world.center.close_contact(world.key, 1, contact_id=contact_id) == 1


@pytest.mark.rule("A4")
def test_a_clock_set_back_does_not_lock_anyone_out(world: World) -> None:
    world.append()
    world.clock.set(START)
    assert world.center.append_contact(world.key, 1, person()) == 1
    with pytest.raises(TooSoon):
        world.center.append_contact(world.key, 1, person())


@pytest.mark.rule("A5")
@pytest.mark.parametrize("sent", [0, 1, -7, 10**12])
def test_the_id_and_status_that_were_sent_are_ignored(world: World, sent: int) -> None:
    world.center.load_contacts(2, [person(), person()])
    contact_id = world.append(person(1, contact_id=sent, status=ContactStatus.CLOSED))
    assert contact_id == 3
    found = world.center.contact(1, 3)
    assert (found.contact_id, found.first_name, found.status) == (3, "Person 1", ContactStatus.NEW)
    assert world.counts() == (1, 0, 0)


@pytest.mark.rule("A5")
def test_ids_ascend_over_all_campaigns_and_all_ways_in(world: World) -> None:
    ids = []
    for number in range(6):
        campaign_id = 1 + number % 2
        if number % 3:
            ids.append(world.append(campaign_id=campaign_id))
        else:
            assert world.center.load_contacts(campaign_id, [person()]) == 1
            ids.append(world.ids(campaign_id)[-1])
    assert ids == [1, 2, 3, 4, 5, 6]


@pytest.mark.rule("A5")
def test_a_refused_append_uses_up_no_id(world: World) -> None:
    first = world.append()
    calls: list[tuple[int, Contact | None]] = [(1, person()), (1, None), (99, person()), (1, person(skillset_id=1))]
    for campaign_id, contact in calls:
        with pytest.raises(Refusal):
            world.center.append_contact(world.key, campaign_id, contact)
        world.clock.advance(1)
    assert world.append() == first + 1


@pytest.mark.rule("A5")
def test_a_new_session_goes_on_with_the_ids_of_the_last(world: World) -> None:
    first = world.append()
    world.center.log_off("anna")
    key = world.center.log_in(ANNA.username, ANNA.password)
    world.center.append_contact(key, 1, person())
    assert world.ids() == [first, first + 1]


@pytest.mark.rule("A6")
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (None, None),
        ((), ()),
        ((CustomField("Note", "n", True), CustomField("Account", "A1")),) * 2,
        ((CustomField("Balance", "1"), CustomField("Account", "A1")), (CustomField("Account", "A1"),)),
        ((CustomField("account", "A1"), CustomField("", "x"), CustomField(None, "x"), CustomField()), ()),
        ((CustomField("Account", None),), (CustomField("Account", None),)),
    ],
)
def test_custom_fields_are_kept_by_name_and_others_dropped(
    world: World, sent: tuple[CustomField, ...] | None, kept: tuple[CustomField, ...] | None
) -> None:
    contact_id = world.append(person(custom_fields=sent))
    assert world.center.contact(1, contact_id).custom_fields == kept
    for name, text in (("Balance", "1"), ("account", "A1"), ("", "x"), (None, "x")):
        assert len(world.center.find_contacts_by_custom_field(world.key, 1, CustomField(name, text))) == 0


@pytest.mark.rule("A6")
def test_of_two_custom_fields_of_one_name_the_last_is_kept(world: World) -> None:
    contact_id = world.append(person(custom_fields=(CustomField("Account", "A1"), CustomField("Account", "A2"))))
    assert world.center.contact(1, contact_id).custom_fields == (CustomField("Account", "A2"),)
    found = [
        len(world.center.find_contacts_by_custom_field(world.key, 1, CustomField("Account", a))) for a in ("A1", "A2")
    ]
    assert found == [0, 1]


def test_the_order_of_refusals_is_key_pace_campaign_contact(world: World) -> None:
    world.append()
    with pytest.raises(TooSoon):
        world.center.append_contact(world.key, 99, None)
    world.clock.advance(1)
    with pytest.raises(UnknownCampaign):
        world.center.append_contact(world.key, 99, None)


def test_the_priority_sent_with_a_contact_is_kept(world: World) -> None:
    ids = [world.append(person(priority=priority)) for priority in (0, 6, 1)]
    assert [world.center.contact(1, one).priority for one in ids] == [0, 6, 1]
    assert world.center.contact(1, ids[0]).skillset_id == SALES.skillset_id
