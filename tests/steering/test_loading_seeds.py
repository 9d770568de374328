"""A world becomes what a seed says, all of it or nothing, and can be written down as a seed again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from fake_ccmm.calls import CallPattern
from fake_ccmm.center import ContactCenter
from fake_ccmm.errors import Refusal, SetupError
from fake_ccmm.faults import Empty, FaultRule, HttpError, SecondLogin
from fake_ccmm.model import CampaignStatus, ContactStatus, DispositionCode
from fake_ccmm.seed import CampaignSeed, ClockSeed, ClosureSeed, ContactSeed, Limits, Seed, parse_seed, write_seed
from fake_ccmm.soap.contact_xml import XML_CONTACTS
from fake_ccmm.timeline import AddContacts, CloseOne, Dial, LogOff, SetCampaignStatus, TimelineEvent
from fake_ccmm.world import World, Worlds

from ..core.world import ANNA, START, person
from .steered import CHANGES, SPRING, Steered, close, key_at, page, prepare, seen, served, steer

PAUSED = CampaignStatus.PAUSED
SOLD = DispositionCode(1, "Sold", 100)
FULL = Seed(
    administrators=(ANNA,),
    disposition_codes=(SOLD,),
    campaigns=(
        CampaignSeed(
            SPRING,
            "Seeded",
            disposition_codes=(1,),
            contacts=(
                ContactSeed(contact_id=40, first_name="Ada"),
                ContactSeed(status=ContactStatus.CLOSED, closure=ClosureSeed(START, "sold", 1)),
                ContactSeed(contact_id=77, priority=2),
            ),
        ),
    ),
    profile={"session_timeout": 5},
    clock=ClockSeed(START, frozen=True),
    last_contact_id=90,
    limits=Limits(5, 100_000),
    timeline=(
        TimelineEvent(SetCampaignStatus(SPRING, PAUSED), after=60),
        TimelineEvent(LogOff("anna"), "bye", calls=3, when=CallPattern("GetCampaigns", "anna"), counted=1),
        TimelineEvent(CloseOne(SPRING, 40, "late", 1), "close", at=START + timedelta(seconds=90)),
    ),
    faults=(
        FaultRule(do=HttpError(503), nth=4, matched=2),
        FaultRule(name="lost", do=Empty(), matched=1, struck=1, budget=2),
    ),
    fault_seed=9,
)


def test_a_world_becomes_what_the_seed_says() -> None:
    steered = steer()
    steered.world.save("before")
    steered.world.load(FULL)
    center, world = steered.center, steered.world
    assert center.administrators() == [ANNA]
    assert center.usernames() == []
    assert [one.contact_id for one in center.contacts(SPRING)] == [40, 41, 77]
    assert center.last_contact_id == 90
    assert center.profile.session_timeout == 5
    assert (world.clock.is_frozen, world.clock.now()) == (True, START)
    assert [(one.name, one.at, one.counted) for one in world.timeline.events()] == [
        ("event-1", START + timedelta(seconds=60), 0),
        ("bye", None, 1),
        ("close", START + timedelta(seconds=90), 0),
    ]
    assert [(one.name, one.matched, one.struck) for one in world.faults.rules()] == [("fault-1", 2, 0), ("lost", 1, 1)]
    assert (world.faults.seed, world.faults.active, world.timeline.counts_calls) == (9, True, True)
    assert (world.journal.most_exchanges, world.journal.most_bytes) == (5, 100_000)
    assert world.snapshots() == ["before"]
    world.restore("before")
    assert [one.details.name for one in center.campaigns()] == ["Spring", "Autumn"]


def test_loading_starts_the_journal_anew_and_bounds_it() -> None:
    with served() as (server, key):
        page(server, key)
        assert len(server.journal) == 1
        server.load(replace(FULL, faults=()))
        assert len(server.journal) == 0
        assert "Validation of session key failed" in page(server, key)
        key = key_at(server)
        for _ in range(6):
            page(server, key)
        assert len(server.journal.exchanges()) == 5
        server.load({})
        assert (len(server.journal), server.journal.most_exchanges) == (0, 1000)
        assert server.center.campaigns() == []


def stop(done: int, total: int) -> None:
    raise KeyboardInterrupt


BAD: dict[str, tuple[Seed, str]] = {
    "an event": (replace(FULL, timeline=(*FULL.timeline, TimelineEvent(Dial(9, 60), after=1))), "event 'event-2': "),
    "an event's name": (replace(FULL, timeline=(*FULL.timeline, *FULL.timeline)), "event name 'bye' is taken"),
    "a new contact": (
        replace(FULL, timeline=(TimelineEvent(AddContacts(SPRING, (person(title="\0"),)), after=1),)),
        "XML cannot carry",
    ),
    "a fault rule": (
        replace(FULL, faults=(FaultRule(when=CallPattern("GetCampaigns"), do=SecondLogin()),)),
        r"faults\[0\]",
    ),
    "a fault rule's name": (replace(FULL, faults=(FULL.faults[1], FULL.faults[1])), r"faults\[1\].name"),
    "campaigns of one id": (replace(FULL, campaigns=FULL.campaigns * 2), r"campaigns\[1\].campaign_id"),
    "a contact": (
        replace(FULL, campaigns=(CampaignSeed(1, "A", contacts=(ContactSeed(title="\0"),)),), timeline=()),
        "XML cannot carry",
    ),
    "a choice": (replace(FULL, profile={"limit_answer": "never"}), "limit_answer is one of"),
    "a clock": (replace(FULL, clock=ClockSeed(START, offset=5)), "clock.offset"),
    "limits": (replace(FULL, limits=Limits(-1)), "limits.journal_exchanges"),
    "an id": (replace(FULL, last_contact_id=5), "last_contact_id: is 5"),
}
"""Seeds that make no center, and what is said."""


@pytest.mark.parametrize("reason", BAD)
def test_a_bad_seed_changes_nothing(reason: str) -> None:
    steered = steer()
    prepare(steered)
    steered.world.save("before")
    limits = (steered.world.journal.most_exchanges, steered.world.journal.most_bytes)
    before = seen(steered.world)
    seed, said = BAD[reason]
    with pytest.raises(SetupError, match=said):
        steered.world.load(seed)
    assert seen(steered.world) == before
    assert (steered.world.journal.most_exchanges, steered.world.journal.most_bytes) == limits
    assert steered.world.snapshots() == ["before"]
    assert steered.center.get_campaigns(steered.key)
    steered.world.reset()
    assert [one.details.name for one in steered.center.campaigns()] == ["Spring", "Autumn"]


def test_a_load_that_is_broken_off_changes_nothing() -> None:
    steered = steer()
    before = seen(steered.world)
    with pytest.raises(KeyboardInterrupt):
        steered.world.load(FULL, stop)
    assert seen(steered.world) == before


def test_a_bad_seed_over_a_served_center_leaves_its_clients_alone() -> None:
    with served() as (server, key):
        page(server, key)
        with pytest.raises(SetupError, match="campaigns"):
            server.load({"campaigns": [{"campaign_id": "seven"}]})
        assert "OWContact" in page(server, key)
        assert len(server.journal) == 2


# --- there and back ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_exported_can_be_loaded_and_is_exported_again(change: str) -> None:
    steered = steer()
    prepare(steered)
    CHANGES[change](steered)
    seed = steered.world.export()
    for _ in range(2):
        again = World(ContactCenter(codec=XML_CONTACTS))
        again.load(seed)
        assert again.export() == seed
        again.reset()
        assert again.export() == seed
        seed = parse_seed(write_seed(seed, "json"), "json", "seed.json")
    assert [one.details for one in again.center.campaigns()] == [one.details for one in steered.center.campaigns()]


def test_everything_at_once_is_exported_and_loaded() -> None:
    steered = steer()
    prepare(steered)
    for change in CHANGES.values():
        try:
            change(steered)
        except (Refusal, SetupError):
            continue
    seed = steered.world.export()
    steered.world.load(seed)
    assert steered.world.export() == seed
    world = World(ContactCenter())
    world.load(FULL)
    exported = world.export()
    world.load(exported)
    assert world.export() == exported
    assert (exported.limits, exported.fault_seed) == (FULL.limits, 9)
    assert [one.name for one in exported.faults] == ["fault-1", "lost"]
    assert exported.timeline[1:] == FULL.timeline[1:]


def test_an_exported_dialler_goes_on_where_it_was() -> None:
    steered = steer()
    steered.world.timeline.add(TimelineEvent(Dial(SPRING, 60), after=0))
    steered.clock.advance(1)
    seed = steered.world.export()
    ends = []
    for world in (steered.world, World(ContactCenter())):
        world.load(seed)
        world.clock.advance(3)
        ends.append([world.center.closure(SPRING, one.contact_id) for one in world.center.contacts(SPRING)])
    assert ends[0] == ends[1]
    assert [one and (one.at - START).seconds for one in ends[0]] == [0, 1, 2, 3, 4]


# --- again and again --------------------------------------------------------------------------------------------------

RUNNING = replace(FULL, clock=ClockSeed(), timeline=(TimelineEvent(SetCampaignStatus(SPRING, PAUSED), after=60),))


@pytest.mark.parametrize("start", ["reset", "create"])
def test_what_comes_after_some_seconds_counts_them_from_each_start(start: str) -> None:
    worlds = Worlds(World(ContactCenter(codec=XML_CONTACTS)))
    world = worlds.default
    world.load(RUNNING)
    world.clock.advance(3600)
    assert world.center.campaign(SPRING).details.status is PAUSED
    if start == "reset":
        world.reset()
    else:
        worlds.default.clock.run()
        world = worlds.create("alpha")
    assert world.center.campaign(SPRING).details.status is CampaignStatus.RUNNING
    (event,) = world.timeline.events()
    assert event.at is not None
    assert timedelta(seconds=0) < event.at - world.clock.now() <= timedelta(seconds=60)
    world.clock.advance(60)
    assert world.center.campaign(SPRING).details.status is PAUSED


def test_what_comes_at_once_does_so_at_each_start() -> None:
    world = World(ContactCenter())
    world.load(replace(FULL, timeline=(TimelineEvent(CloseOne(SPRING, 40), after=0),)))
    for _ in range(2):
        assert world.center.contact(SPRING, 40).status is ContactStatus.CLOSED
        assert [one.name for one in world.timeline.past()] == ["event-1"]
        world.reset()


def test_a_reset_goes_back_to_the_seed_as_often_as_wanted() -> None:
    steered = Steered(World(ContactCenter(codec=XML_CONTACTS)), "")
    steered.world.load(replace(FULL, faults=()))
    seeded = seen(steered.world)
    doing: list[Callable[[], object]] = [
        lambda: steered.center.set_contact_status(SPRING, 40, ContactStatus.CLOSED),
        lambda: steered.center.remove_campaign(SPRING),
        lambda: steered.clock.advance(1000),
        lambda: steered.world.timeline.clear(),
    ]
    for do in doing * 2:
        do()
        assert seen(steered.world) != seeded
        steered.world.reset()
        assert seen(steered.world) == seeded


def test_a_seed_loaded_over_a_server_is_served() -> None:
    with served() as (server, _):
        server.load(replace(FULL, faults=()))
        key = key_at(server)
        assert page(server, key).count("<ContactID>") == 3
        assert ">1<" in close(server, key, 40)
        server.reset()
        assert server.center.contact(SPRING, 40).status is ContactStatus.NEW
