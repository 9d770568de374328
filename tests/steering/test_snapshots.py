"""Snapshots: everything comes back as often as wanted, and nothing leaks between copies of one state."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from fake_ccmm.center import ContactCenter
from fake_ccmm.clock import SECOND, SettableClock, to_datetime
from fake_ccmm.contacts import PlainCodec
from fake_ccmm.errors import InvalidSessionKey, Refusal, SetupError, TooSoon
from fake_ccmm.model import (
    Administrator,
    CampaignDetails,
    CampaignStatus,
    Closure,
    ContactStatus,
    CustomField,
)
from fake_ccmm.profile import make_profile
from fake_ccmm.seed import Seed
from fake_ccmm.soap.contact_xml import XML_CONTACTS
from fake_ccmm.timeline import LogOff, SetCampaignStatus, TimelineEvent
from fake_ccmm.world import World, Worlds

from ..core.world import ANNA, BEN, START, open_world, person
from .steered import ACCOUNTS, AUTUMN, CHANGES, NUMBERS, SPRING, Steered, page, prepare, seen, served, steer

CODECS = [PlainCodec(), XML_CONTACTS]


@pytest.fixture(params=CODECS, ids=["plain", "xml"])
def steered(request: pytest.FixtureRequest) -> Steered:
    return steer(request.param)


@pytest.mark.parametrize("change", CHANGES)
def test_a_restored_snapshot_undoes(change: str, steered: Steered) -> None:
    prepare(steered)
    steered.world.save("before")
    before = seen(steered.world)
    for _ in range(3):
        CHANGES[change](steered)
        assert seen(steered.world) != before
        steered.world.restore("before")
        assert seen(steered.world) == before


def test_a_snapshot_undoes_everything_at_once_and_a_reset_even_more(steered: Steered) -> None:
    started = seen(steered.world)
    prepare(steered)
    steered.world.save("before")
    before = seen(steered.world)
    for one in CHANGES.values():
        try:
            one(steered)
        except (Refusal, SetupError):
            steered.center.set_campaign_status(SPRING, CampaignStatus.RUNNING)
    steered.world.restore("before")
    assert seen(steered.world) == before
    steered.world.reset()
    assert seen(steered.world) == started
    steered.world.restore("before")
    assert seen(steered.world) == before


def test_keys_of_a_snapshot_are_good_again_and_later_ones_are_not(steered: Steered) -> None:
    center = steered.center
    steered.world.save("before")
    center.log_off("anna")
    later = center.log_in("ben", "tulip")
    steered.world.restore("before")
    assert center.get_campaigns(steered.key)
    with pytest.raises(InvalidSessionKey):
        center.get_campaigns(later)
    assert center.usernames() == ["anna"]


@pytest.mark.parametrize("scope", ["session", "user", "server"])
def test_the_second_of_an_append_is_restored_as_far_as_it_had_passed(scope: str) -> None:
    steered = steer(limit_scope=scope)
    center, clock = steered.center, steered.clock
    assert center.append_contact(steered.key, SPRING, person())
    clock.advance(0.4)
    steered.world.save("after-0.4s")
    clock.advance(0.6)
    assert center.append_contact(steered.key, SPRING, person())
    for _ in range(2):
        steered.world.restore("after-0.4s")
        clock.advance(0.599999)
        with pytest.raises(TooSoon):
            center.append_contact(steered.key, SPRING, person())
        clock.advance(0.000001)
        assert center.append_contact(steered.key, SPRING, person())


def test_the_same_ids_are_given_out_again(steered: Steered) -> None:
    steered.world.save("before")
    given = []
    for _ in range(2):
        center = steered.center
        assert center.append_contact(steered.key, AUTUMN, person())
        given.append(center.contacts(AUTUMN)[-1].contact_id)
        steered.world.restore("before")
    assert given == [7, 7]


def test_a_clock_that_ran_goes_on_and_one_that_stood_stands_again() -> None:
    steered = steer()
    clock, world = steered.clock, steered.world
    world.save("standing")
    clock.set_ahead(500)
    world.save("running")
    read = clock.microseconds()
    clock.freeze(START + timedelta(days=1))
    world.restore("running")
    assert not clock.is_frozen
    assert clock.offset_seconds == 500
    assert clock.microseconds() >= read
    world.restore("standing")
    assert (clock.is_frozen, clock.now()) == (True, START)


def test_pending_events_come_again_and_past_ones_are_forgotten(steered: Steered) -> None:
    world, center = steered.world, steered.center
    world.timeline.add(TimelineEvent(SetCampaignStatus(SPRING, CampaignStatus.PAUSED), after=10))
    world.save("before")
    for _ in range(2):
        steered.clock.advance(10)
        assert center.campaign(SPRING).details.status is CampaignStatus.PAUSED
        assert [one.name for one in world.timeline.past()] == ["event-1"]
        world.restore("before")
        assert center.campaign(SPRING).details.status is CampaignStatus.RUNNING
        assert world.timeline.past() == []
    assert world.timeline.add(TimelineEvent(LogOff("anna"), after=1)).name == "event-2"


def test_a_state_holds_an_event_or_what_it_did_even_if_it_comes_just_then() -> None:
    class Hasty(SettableClock):
        """A clock that is a second later whenever it is read."""

        def microseconds(self) -> int:
            self.freeze(to_datetime(super().microseconds() + SECOND))
            return super().microseconds()

    center = ContactCenter(administrators=[BEN], clock=Hasty(START))
    center.add_campaign(CampaignDetails(SPRING, "Spring"))
    world = World(center)
    for seconds in range(1, 20):
        world.timeline.clear()
        center.set_campaign_status(SPRING, CampaignStatus.RUNNING)
        world.timeline.add(TimelineEvent(SetCampaignStatus(SPRING, CampaignStatus.PAUSED), after=seconds))
        state = world.state()
        (campaign,) = state.center.campaigns
        assert (campaign.status is CampaignStatus.RUNNING) == bool(state.timeline)
        center.log_off("ben")


# --- snapshots by name ------------------------------------------------------------------------------------------------


def test_snapshots_are_listed_from_the_oldest_replaced_and_dropped(steered: Steered) -> None:
    world = steered.world
    world.save("one")
    world.save("two")
    steered.center.remove_campaign(AUTUMN)
    world.save("one")
    assert world.snapshots() == ["two", "one"]
    world.restore("two")
    assert len(steered.center.campaigns()) == 2
    world.restore("one")
    assert len(steered.center.campaigns()) == 1
    world.drop_snapshot("two")
    assert world.snapshots() == ["one"]
    for do in (world.restore, world.drop_snapshot):
        with pytest.raises(SetupError, match=r"^no snapshot is named 'two'; there are: one$"):
            do("two")


@pytest.mark.parametrize("name", ["", "a b", "-a", ".", "a/b", "a\n", "ä", "a" * 65])
def test_a_snapshot_needs_a_name_that_can_stand_in_a_path(name: str, steered: Steered) -> None:
    with pytest.raises(SetupError, match="the name of a snapshot is 1 to 64 letters, digits"):
        steered.world.save(name)
    assert steered.world.snapshots() == []


def test_a_reset_keeps_snapshots_and_forgets_the_journal_which_a_restore_leaves_alone() -> None:
    with served() as (server, key):
        server.save("before")
        server.check_soap()  # at a center of its own
        assert len(server.journal) == 0
        assert "OWContact" in page(server, key)
        server.restore("before")
        assert server.journal.count("Get200CampaignContacts") == 1
        server.reset()
        assert len(server.journal) == 0
        assert server.world.snapshots() == ["before"]


# --- how contacts are kept --------------------------------------------------------------------------------------------


def test_a_state_from_before_contacts_were_kept_as_xml_is_restored_as_xml() -> None:
    steered = steer(PlainCodec())
    prepare(steered)
    steered.world.save("plain")
    before = seen(steered.world)
    steered.center.keep_contacts_as(XML_CONTACTS)
    assert seen(steered.world) == before
    for _ in range(2):
        steered.center.remove_campaign(SPRING)
        steered.world.restore("plain")
        assert seen(steered.world) == before
        assert steered.center.codec is XML_CONTACTS
        found = steered.center.get_200_campaign_contacts(steered.key, SPRING, 0)
        assert {type(one) for one in found.records} == {bytes}
        assert steered.center.append_contact(steered.key, SPRING, person(account="A1"))


def test_a_state_whose_contacts_xml_cannot_carry_is_refused_and_nothing_has_changed() -> None:
    steered = steer(PlainCodec())
    steered.center.load_contacts(AUTUMN, [person(email_address="\0")])
    steered.world.save("plain")
    steered.center.remove_campaign(AUTUMN)
    steered.center.keep_contacts_as(XML_CONTACTS)
    steered.clock.advance(60)
    steered.world.timeline.add(TimelineEvent(LogOff("anna"), after=1))
    before = seen(steered.world)
    with pytest.raises(ValueError, match=r"U\+0000, which XML cannot carry"):
        steered.world.restore("plain")
    assert seen(steered.world) == before


# --- copies never leak ------------------------------------------------------------------------------------------------


def _logged_in(world: World) -> Steered:
    return Steered(world, world.center.log_in(ANNA.username, ANNA.password))


def test_nobody_is_logged_in_to_a_center_that_is_made_like_another() -> None:
    steered = steer()
    made = Worlds(World(steered.center)).create("one")
    assert made.center.sessions() == []
    made.reset()
    assert made.center.sessions() == []
    assert [one.username for one in steered.center.sessions()] == [ANNA.username]


@pytest.mark.parametrize("change", ["an append", "a close", "another status", "a contact open again"])
def test_centers_of_one_template_change_each_on_its_own(change: str) -> None:
    steered = steer()
    steered.center.set_contact_status(SPRING, 5, ContactStatus.CLOSED)
    steered.center.log_off(ANNA.username)
    worlds = Worlds(World(steered.center))
    started = seen(worlds.default)
    one = _logged_in(worlds.create("one"))
    worlds.create("two")
    CHANGES[change](one)
    assert seen(one.world)[:4] != started[:4]
    assert seen(worlds.get("two")) == seen(worlds.default) == started
    CHANGES[change](_logged_in(steered.world))
    assert seen(one.world)[:4] == seen(steered.world)[:4]
    assert seen(worlds.create("three")) == seen(worlds.get("two")) == started


@dataclass
class Person:
    """A contact as the model knows it."""

    contact_id: int
    account: str
    number: int
    priority: int
    status: ContactStatus = ContactStatus.NEW
    text: str | None = None


@dataclass
class Model:
    """A center that is nothing but lists; a copy of it copies all."""

    people: dict[int, list[Person]] = field(default_factory=dict)
    statuses: dict[int, CampaignStatus] = field(default_factory=dict)
    users: list[str] = field(default_factory=list)
    last_id: int = 0
    seconds: int = 0
    events: int = 0
    any_blank: bool = False


CAMPAIGNS = st.sampled_from([SPRING, AUTUMN])
PLACES = st.integers(0, 2)


class CopiesMachine(RuleBasedStateMachine):
    """Three centers that start from one template, each with snapshots, states of one given to another at will."""

    @initialize(codec=st.sampled_from(CODECS))
    def start(self, codec: Any) -> None:
        opened = open_world(codec=codec)
        opened.center.log_off("anna")
        self.worlds = Worlds(World(opened.center))
        self.all = [self.worlds.default, self.worlds.create("one"), self.worlds.create("two")]
        running = dict.fromkeys((SPRING, AUTUMN), CampaignStatus.RUNNING)
        self.first = Model({SPRING: [], AUTUMN: []}, running)
        self.models = [deepcopy(self.first) for _ in self.all]
        self.saved: dict[tuple[int, str], Model] = {}

    @rule(place=PLACES, campaign_id=CAMPAIGNS, count=st.integers(1, 3), data=st.data())
    def load(self, place: int, campaign_id: int, count: int, data: st.DataObject) -> None:
        model = self.models[place]
        for _ in range(count):
            account, number = data.draw(st.sampled_from(ACCOUNTS)), data.draw(st.integers(0, len(NUMBERS) - 1))
            priority = data.draw(st.sampled_from([0, 0, 1, 6]))
            contact = person(account=account, phone_number=NUMBERS[number], priority=priority)
            self.all[place].center.load_contacts(campaign_id, [contact])
            model.last_id += 1
            model.people[campaign_id].append(Person(model.last_id, account, number, priority))

    @rule(place=PLACES, campaign_id=CAMPAIGNS, data=st.data(), status=st.sampled_from(ContactStatus))
    def set_status(self, place: int, campaign_id: int, data: st.DataObject, status: ContactStatus) -> None:
        if people := self.models[place].people[campaign_id]:
            one = data.draw(st.sampled_from(people))
            self.all[place].center.set_contact_status(campaign_id, one.contact_id, status)
            one.status, one.text = status, None

    @rule(place=PLACES, campaign_id=CAMPAIGNS, text=st.sampled_from(["done", "busy"]))
    def close_next(self, place: int, campaign_id: int, text: str) -> None:
        still_open = [one for one in self.models[place].people[campaign_id] if one.status is not ContactStatus.CLOSED]
        expected = still_open[0].contact_id if still_open else None
        assert self.all[place].center.close_next(campaign_id, Closure(START, text)) == expected
        if still_open:
            still_open[0].status, still_open[0].text = ContactStatus.CLOSED, text

    @rule(place=PLACES, campaign_id=CAMPAIGNS, status=st.sampled_from(CampaignStatus))
    def set_campaign_status(self, place: int, campaign_id: int, status: CampaignStatus) -> None:
        self.all[place].center.set_campaign_status(campaign_id, status)
        self.models[place].statuses[campaign_id] = status

    @rule(place=PLACES, campaign_id=CAMPAIGNS)
    def empty(self, place: int, campaign_id: int) -> None:
        center, model = self.all[place].center, self.models[place]
        details = center.campaign(campaign_id).details
        center.remove_campaign(campaign_id)
        center.add_campaign(details)
        model.people[campaign_id] = []

    @rule(place=PLACES, number=st.integers(1, 500))
    def give_out_ids(self, place: int, number: int) -> None:
        if number >= self.models[place].last_id:
            self.all[place].center.give_out_ids_after(number)
            self.models[place].last_id = number

    @rule(place=PLACES)
    def log_in_or_off(self, place: int) -> None:
        center, users = self.all[place].center, self.models[place].users
        if "ben" in users:
            center.log_off("ben")
            users.remove("ben")
        else:
            center.log_in("ben", "tulip")
            users.append("ben")

    @rule(place=PLACES)
    def let_time_pass(self, place: int) -> None:
        self.all[place].clock.advance(1)
        self.models[place].seconds += 1

    @rule(place=PLACES)
    def add_event(self, place: int) -> None:
        self.all[place].timeline.add(TimelineEvent(LogOff("ben"), after=10_000))
        self.models[place].events += 1

    @rule(place=PLACES, any_blank=st.booleans())
    def set_profile(self, place: int, any_blank: bool) -> None:
        self.all[place].center.set_profile(make_profile({"blank_phone_part": "any" if any_blank else "exact"}))
        self.models[place].any_blank = any_blank

    # --- back and forth -------------------------------------------------------------------------------------------

    @rule(place=PLACES, name=st.sampled_from(["a", "b"]))
    def save(self, place: int, name: str) -> None:
        self.all[place].save(name)
        self.saved[place, name] = deepcopy(self.models[place])

    @rule(place=PLACES, name=st.sampled_from(["a", "b"]))
    def restore(self, place: int, name: str) -> None:
        if (place, name) in self.saved:
            self.all[place].restore(name)
            self.models[place] = deepcopy(self.saved[place, name])

    @rule(place=PLACES)
    def reset(self, place: int) -> None:
        self.all[place].reset()
        self.models[place] = deepcopy(self.first)

    @rule(source=PLACES, place=PLACES)
    def give(self, source: int, place: int) -> None:
        self.all[place].restore_state(self.all[source].state())
        self.models[place] = deepcopy(self.models[source])

    @rule(place=st.integers(1, 2))
    def create_again(self, place: int) -> None:
        name = self.all[place].name
        self.worlds.delete(name)
        self.all[place] = self.worlds.create(name)
        self.models[place] = deepcopy(self.first)
        for key in [one for one in self.saved if one[0] == place]:
            del self.saved[key]

    @invariant()
    def each_is_what_its_model_is(self) -> None:
        for world, model in zip(self.all, self.models, strict=True):
            center = world.center
            assert world.clock.now() == START + timedelta(seconds=model.seconds)
            assert len(world.timeline.events()) == model.events
            assert (center.usernames(), center.last_contact_id) == (model.users, model.last_id)
            for campaign_id, people in model.people.items():
                check_campaign(center, campaign_id, people, model.any_blank)
                assert center.campaign(campaign_id).details.status is model.statuses[campaign_id]


def check_campaign(center: ContactCenter, campaign_id: int, people: list[Person], any_blank: bool) -> None:
    """A campaign holds these people, and finds them by what they have."""
    contacts = center.contacts(campaign_id)
    assert [(one.contact_id, one.status, one.priority) for one in contacts] == [
        (one.contact_id, one.status, one.priority) for one in people
    ]
    closures = [center.closure(campaign_id, one.contact_id) for one in people]
    assert [one and one.text for one in closures] == [one.text for one in people]
    view = center.campaign(campaign_id)
    assert view.number_of_contacts_closed == sum(one.status is ContactStatus.CLOSED for one in people)
    if not view.details.status.is_active:
        return
    center.add_administrator(Administrator("observer", "looks on"))
    key = center.log_in("observer", "looks on")
    for place, number in enumerate(NUMBERS):
        by_number = center.find_contacts_by_phone_number(key, campaign_id, number)
        having = {place, 0} if any_blank and number.area_code is None and number.int_code else {place}
        assert [one.contact_id for one in by_number] == [one.contact_id for one in people if one.number in having]
    for account in ACCOUNTS:
        by_account = center.find_contacts_by_custom_field(key, campaign_id, CustomField("Account", account))
        assert [one.contact_id for one in by_account] == [one.contact_id for one in people if one.account == account]
    center.log_off("observer")


CopiesMachine.TestCase.settings = settings(stateful_step_count=20)
TestAnyOrderOfCopies = CopiesMachine.TestCase


def test_what_a_reset_goes_back_to_is_kept_with_a_snapshot() -> None:
    world = World(ContactCenter(administrators=[Administrator("ann", "secret")]))
    world.save("before")
    world.load(Seed(administrators=(Administrator("bob", "secret"),)))
    world.restore("before")
    world.reset()
    assert [one.username for one in world.center.administrators()] == ["ann"]
