"""What a supervisor, a test or a tool does to a center, without a session and without limits."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from fake_ccmm.center import ContactCenter
from fake_ccmm.clock import SettableClock
from fake_ccmm.contacts import ContactCodec, PlainCodec
from fake_ccmm.errors import (
    AlreadyLoggedIn,
    ContactAlreadyClosed,
    InvalidLogin,
    InvalidSessionKey,
    LoginOnExpiredSession,
    SessionExpired,
    SetupError,
    TooSoon,
    UnknownCampaign,
    UnknownContact,
)
from fake_ccmm.model import (
    Administrator,
    CampaignDetails,
    CampaignStatus,
    Closure,
    Contact,
    ContactStatus,
    CustomField,
    PhoneNumber,
    Skillset,
)
from fake_ccmm.profile import make_profile
from fake_ccmm.sessions import SessionView
from fake_ccmm.soap.contact_xml import XML_CONTACTS

from .world import (
    ANNA,
    BEN,
    BUILT_IN,
    BUSY,
    CARE,
    LOST,
    NO_SUCH_CAMPAIGN,
    NUMBER,
    SALES,
    SOLD,
    SPRING,
    START,
    World,
    open_world,
    person,
)

SOME = Closure(START, "sold", SOLD)


# --- campaigns and what belongs to them -------------------------------------------------------------------------------


def test_a_campaign_whose_contacts_cannot_be_kept_is_not_added() -> None:
    center = open_world(codec=XML_CONTACTS).center
    with pytest.raises(ValueError, match="XML cannot carry"):
        center.add_campaign(CampaignDetails(3, "Winter"), [person(), person(title="\0")])
    assert [one.details.campaign_id for one in center.campaigns()] == [1, 2]
    center.add_campaign(CampaignDetails(3, "Winter"), [person()])


def test_campaigns_are_listed_by_id_and_each_has_its_own(world: World) -> None:
    world.center.add_campaign(CampaignDetails(-5, "First"))
    assert [one.details.campaign_id for one in world.center.campaigns()] == [-5, 1, 2]
    with pytest.raises(SetupError, match="campaign id 1 is taken; each campaign needs its own"):
        world.center.add_campaign(SPRING)


def test_a_campaign_changes_all_but_its_id_and_its_contacts(world: World) -> None:
    contact_id = world.append()
    details = replace(SPRING, name="May", status=CampaignStatus.PAUSED, disposition_codes=(LOST,), owner=None)
    world.center.set_campaign_details(details)
    assert world.center.campaign(1).details == details
    assert world.ids() == [contact_id]
    assert world.close(contact_id, disposition_code=103) == 1
    assert world.center.closure(1, contact_id) == Closure(world.clock.now(), None, LOST)
    with pytest.raises(UnknownCampaign):
        world.center.set_campaign_details(replace(SPRING, campaign_id=NO_SUCH_CAMPAIGN))
    with pytest.raises(ValueError, match="XML cannot carry"):
        world.center.set_campaign_details(replace(SPRING, name="\0"))
    assert world.center.campaign(1).details == details


@pytest.mark.rule("A5")
def test_a_campaign_that_is_removed_takes_its_contacts_along_but_not_their_ids(world: World) -> None:
    world.append()
    world.append()
    world.center.remove_campaign(1)
    with pytest.raises(UnknownCampaign):
        world.center.contacts(1)
    with pytest.raises(UnknownCampaign):
        world.center.remove_campaign(1)
    assert world.center.last_contact_id == 2
    world.center.add_campaign(SPRING)
    assert world.ids() == []
    assert world.append() == 3


def test_lists_hold_what_was_added_and_the_latest_of_one_id(world: World) -> None:
    center = world.center
    center.add_skillset(Skillset(5, "Fifth"))
    center.add_skillset(Skillset(11, "Resale"))
    assert center.skillsets() == [Skillset(11, "Resale"), CARE, Skillset(5, "Fifth")]
    assert center.disposition_codes() == []
    center.add_disposition_code(SOLD)
    center.add_disposition_code(BUSY)
    center.add_disposition_code(replace(SOLD, name="Gone"))
    assert center.disposition_codes() == [replace(SOLD, name="Gone"), BUSY]
    assert center.campaign(1).details.disposition_codes == (SOLD, BUSY), "campaigns keep those they have"
    assert ContactCenter(disposition_codes=[LOST]).disposition_codes() == [LOST]
    center.skillsets().clear()
    assert len(center.skillsets()) == 3


def test_an_administrator_is_added_or_gets_another_password(world: World) -> None:
    center = world.center
    center.add_administrator(Administrator("cleo", "secret"))
    center.add_administrator(replace(BEN, password="rose"))
    assert center.administrators() == [ANNA, replace(BEN, password="rose"), BUILT_IN, Administrator("cleo", "secret")]
    assert center.log_in("cleo", "secret")
    with pytest.raises(InvalidLogin):
        center.log_in("ben", "tulip")
    assert center.log_in("ben", "rose")


# --- contacts ---------------------------------------------------------------------------------------------------------


@pytest.mark.rule("A5")
def test_contacts_are_loaded_with_their_ids_where_that_is_wanted(world: World) -> None:
    center = world.center
    people = [person(1, contact_id=7), person(2), person(3, contact_id=40, status=ContactStatus.OPEN, priority=6)]
    assert center.load_contacts(1, people, keep_ids=True) == 3
    assert [(one.contact_id, one.status, one.priority) for one in center.contacts(1)] == [
        (7, ContactStatus.NEW, 0),
        (8, ContactStatus.NEW, 0),
        (40, ContactStatus.OPEN, 6),
    ]
    assert center.load_contacts(2, [person(contact_id=5)], keep_ids=True) == 1
    assert (world.ids(2), center.last_contact_id) == ([5], 40)
    assert center.load_contacts(2, [person(contact_id=5)]) == 1
    assert world.ids(2) == [5, 41]


@pytest.mark.parametrize("contact_id", [40, 39, 1])
def test_an_id_that_does_not_ascend_is_refused_and_those_before_it_stay(contact_id: int, world: World) -> None:
    people = [person(contact_id=40), person(contact_id=contact_id), person(contact_id=50)]
    with pytest.raises(ValueError, match=f"ids ascend within a campaign, and {contact_id} comes after 40"):
        world.center.load_contacts(1, people, keep_ids=True)
    assert world.ids() == [40]
    assert world.center.last_contact_id == 40


def test_ids_go_on_after_the_one_that_is_named(world: World) -> None:
    center = world.center
    center.give_out_ids_after(100)
    assert (world.append(), center.last_contact_id) == (101, 101)
    center.give_out_ids_after(101)
    with pytest.raises(SetupError, match="contact ids go on after 101; 100 would give some out again"):
        center.give_out_ids_after(100)
    assert world.append() == 102


def test_contacts_are_read_in_parts(world: World) -> None:
    center = world.center
    center.load_contacts(1, (person(contact_id=number) for number in (3, 5, 8, 9)), keep_ids=True)

    def ids(after: int = 0, most: int | None = None) -> list[int]:
        return [one.contact_id for one in center.contacts(1, after=after, most=most)]

    assert ids() == [3, 5, 8, 9]
    assert ids(3) == ids(4) == [5, 8, 9]
    assert ids(0, 2) == [3, 5]
    assert ids(5, 1) == [8]
    assert ids(9) == ids(5, 0) == []


@pytest.mark.rule("X4")
def test_a_contact_is_closed_with_words_and_code_and_opened_again(world: World) -> None:
    center = world.center
    one, other = world.append(), world.append()
    center.set_closure(1, one, SOME)
    assert center.contact(1, one).status is ContactStatus.CLOSED
    assert center.closure(1, one) == SOME
    assert world.counts() == (2, 1, 1)
    with pytest.raises(ContactAlreadyClosed):
        world.close(one)
    center.set_closure(1, one, Closure(START, "twice"))
    assert world.counts() == (2, 1, 1)
    center.set_contact_status(1, one, ContactStatus.WAITING)
    assert center.closure(1, one) is None
    assert world.counts() == (2, 0, 0)
    assert world.close(one) == 1
    assert center.closure(1, other) is None
    for contact_id in (0, 3):
        with pytest.raises(UnknownContact):
            center.set_closure(1, contact_id, SOME)


def test_the_next_open_contact_is_closed_until_there_is_none(world: World) -> None:
    center = world.center
    center.load_contacts(1, [person(status=status) for status in (ContactStatus.CLOSED, *ContactStatus)])
    assert [center.close_next(1, SOME) for _ in range(6)] == [2, 3, 5, 6, None, None]
    assert [center.closure(1, one) for one in world.ids()] == [None, SOME, SOME, None, SOME, SOME]
    with pytest.raises(UnknownCampaign):
        center.close_next(NO_SUCH_CAMPAIGN, SOME)


# --- sessions ---------------------------------------------------------------------------------------------------------


@pytest.mark.rule("S8")
def test_a_session_is_ended_as_if_it_had_been_idle(world: World) -> None:
    center = world.center
    assert center.expire_session("anna")
    assert not center.expire_session("ben")
    with pytest.raises(SessionExpired):
        center.get_campaigns(world.key)
    with pytest.raises(LoginOnExpiredSession):
        center.log_in(ANNA.username, ANNA.password)
    center.log_off("anna")
    assert center.get_campaigns(center.log_in(ANNA.username, ANNA.password))


@pytest.mark.rule("S5")
def test_a_session_is_destroyed_whatever_the_profile_says_of_log_offs() -> None:
    world = open_world(unknown_logoff="fault")
    assert world.center.end_session("anna")
    assert not world.center.end_session("anna")
    with pytest.raises(InvalidSessionKey):
        world.center.get_campaigns(world.key)


def test_sessions_are_shown_without_their_keys(world: World) -> None:
    center = world.center
    world.clock.advance(90.5)
    center.log_in(BEN.username, BEN.password)
    assert center.sessions() == [SessionView("anna", False, 90.5), SessionView("ben", False, 0)]
    center.get_campaigns(world.key)
    center.expire_session("ben")
    world.clock.advance(1)
    assert center.sessions() == [SessionView("anna", False, 1), SessionView("ben", True, 1)]
    world.clock.set(START)
    assert [one.idle_seconds for one in center.sessions()] == [0, 0]
    assert "__" not in repr(center.sessions())


@pytest.mark.rule("S4")
def test_somebody_else_holds_the_session_of_a_user(world: World) -> None:
    center = world.center
    center.log_in_elsewhere("anna")
    assert center.get_campaigns(world.key), "a session that is live stays"
    center.log_in_elsewhere("ben")
    with pytest.raises(AlreadyLoggedIn):
        center.log_in(BEN.username, BEN.password)
    center.expire_session("anna")
    center.log_in_elsewhere("anna")
    with pytest.raises(InvalidSessionKey):
        center.get_campaigns(world.key)
    assert [one.is_expired for one in center.sessions()] == [False, False]


@pytest.mark.rule("A4", "X5")
def test_the_second_of_a_limited_operation_can_be_started(world: World) -> None:
    center = world.center
    center.start_limit("AppendContactsToCampaign", world.key)
    with pytest.raises(TooSoon):
        center.append_contact(world.key, 1, person())
    world.clock.advance(1)
    assert center.append_contact(world.key, 1, person())
    with pytest.raises(InvalidSessionKey):
        center.start_limit("CloseContact", "nobody's")


# --- profile and codec ------------------------------------------------------------------------------------------------


@pytest.mark.rule("N3")
def test_another_profile_holds_for_sessions_limits_and_the_phone_numbers_there_are(world: World) -> None:
    center = world.center
    contact_id = world.append(person(phone_number=NUMBER))
    blank = PhoneNumber(phone_no=NUMBER.phone_no)
    assert center.get_contact_id_by_phone_number(world.key, 1, blank) == -1
    center.set_profile(make_profile({"blank_phone_part": "any", "limit_seconds": 9, "session_timeout": 1}))
    assert center.get_contact_id_by_phone_number(world.key, 1, blank) == contact_id
    with pytest.raises(TooSoon, match="every 9 seconds"):
        center.append_contact(world.key, 1, person())
    center.set_profile(make_profile({"session_timeout": 1}))
    assert center.get_contact_id_by_phone_number(world.key, 1, blank) == -1
    assert center.get_contact_id_by_phone_number(world.key, 1, NUMBER) == contact_id
    world.clock.advance(61)
    with pytest.raises(SessionExpired):
        center.get_campaigns(world.key)


def test_contacts_are_kept_in_another_form_all_of_them_or_none() -> None:
    plain: ContactCodec[Any] = PlainCodec()
    world = open_world(codec=plain)
    center = world.center
    center.load_contacts(1, [person(1, account="A1", phone_number=NUMBER, priority=3)])
    center.load_contacts(2, [person(2, title="\0")])
    before = world.state()
    with pytest.raises(ValueError, match="XML cannot carry"):
        center.keep_contacts_as(XML_CONTACTS)
    assert center.codec is plain
    assert world.state() == before
    center.remove_campaign(2)
    before = world.state()
    center.keep_contacts_as(XML_CONTACTS)
    assert center.codec is XML_CONTACTS
    assert world.state() == before
    assert center.get_contact_id_by_phone_number(world.key, 1, NUMBER) == 1


# --- states and turns -------------------------------------------------------------------------------------------------


@pytest.mark.rule("F4")
def test_a_state_is_held_again_with_what_its_indexes_find(world: World) -> None:
    center = world.center
    for number in range(3):
        world.append(person(number, account="A1", phone_number=NUMBER))
    world.close(2, text="sold")
    state, before = center.state(), world.state()
    center.set_contact_status(1, 2, ContactStatus.NEW)
    world.append(person(account="A1", phone_number=NUMBER))
    center.remove_campaign(2)
    center.log_off("anna")
    for _ in range(2):
        center.restore(state)
        assert world.state() == before
        found = center.find_contacts_by_custom_field(world.key, 1, CustomField("Account", "A1"))
        assert [one.contact_id for one in found] == [1, 2, 3]
        assert world.append(person(account="A1", phone_number=NUMBER)) == 4
        by_number = center.find_contacts_by_phone_number(world.key, 1, NUMBER)
        assert [one.contact_id for one in by_number] == [1, 2, 3, 4]


def test_a_state_is_held_by_another_center_whose_clock_and_codec_are_others(world: World) -> None:
    world.append(person(account="A1"))
    world.close(1)
    state, before = world.center.state(), world.state()
    clock = SettableClock(datetime(2030, 1, 1))
    codecs: list[ContactCodec[Any]] = [PlainCodec(), XML_CONTACTS]
    for codec in codecs:
        other = ContactCenter(clock=clock, codec=codec)
        other.restore(state)
        assert World(other, clock, world.key).state() == before
        assert other.codec is codec
        other.set_contact_status(1, 1, ContactStatus.OPEN)
        other.add_administrator(Administrator("cleo", "secret"))
    assert world.state() == before
    assert world.center.administrators() == [ANNA, BEN, BUILT_IN]


def test_what_is_due_is_done_before_each_use_and_never_in_the_middle_of_one(world: World) -> None:
    center, done = world.center, []

    def catch_up() -> None:
        done.append(len(center.campaigns()))

    center.before_each_turn(catch_up)
    center.campaigns()
    assert done == [2], "what it uses itself is part of the same turn"
    with center.locked():
        assert done == [2, 2]
        center.skillsets()
        center.load_contacts(1, [Contact()])
        assert done == [2, 2]
    center.before_each_turn(None)
    center.campaigns()
    assert done == [2, 2]


def test_a_center_is_free_again_when_what_was_due_has_failed(world: World) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    center = world.center
    center.before_each_turn(fail)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            center.campaigns()
    center.before_each_turn(None)
    names: list[str] = []
    reader = threading.Thread(target=lambda: names.extend(one.name for one in center.skillsets()))
    reader.start()
    reader.join(30)
    assert names == [SALES.name, CARE.name]
