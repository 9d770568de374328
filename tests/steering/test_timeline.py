"""The timeline: what happens by itself, when, in which order, and through which door it is seen."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from math import inf, nan
from typing import Any

import pytest
import zeep
from hypothesis import given
from hypothesis import strategies as st

from fake_ccmm.calls import CallPattern
from fake_ccmm.errors import Refusal, SessionExpired, SetupError
from fake_ccmm.faults import FaultRule, HttpError
from fake_ccmm.model import CampaignStatus, Closure, Contact, ContactStatus
from fake_ccmm.timeline import (
    AddContacts,
    CloseOne,
    Dial,
    EndSession,
    LogOff,
    PastEvent,
    SetCampaignStatus,
    TimelineEvent,
)

from ..core.world import BUSY, SOLD, START, person
from ..running.soap import call, zeep_service
from .steered import AUTUMN, SPRING, Steered, closed, key_at, page, seen, served, statuses, steer

RUNNING, PAUSED, COMPLETED = CampaignStatus.RUNNING, CampaignStatus.PAUSED, CampaignStatus.COMPLETED
NEW, CLOSED = ContactStatus.NEW, ContactStatus.CLOSED


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def status(steered: Steered, campaign_id: int = SPRING) -> CampaignStatus:
    return steered.center.campaign(campaign_id).details.status


def names(steered: Steered) -> list[str]:
    """What has happened, by name."""
    return [one.name for one in steered.world.timeline.past()]


@pytest.fixture
def steered() -> Steered:
    return steer()


# --- each effect, and each kind of moment -----------------------------------------------------------------------------

EFFECTS: dict[str, tuple[Any, Callable[[Steered], object], object, object]] = {
    "campaign-status": (SetCampaignStatus(SPRING, PAUSED), status, RUNNING, PAUSED),
    "expire-session": (
        EndSession("anna"),
        lambda one: [(view.username, view.is_expired) for view in one.center.sessions()],
        [("anna", False)],
        [("anna", True)],
    ),
    "log-off": (LogOff("anna"), lambda one: one.center.usernames(), ["anna"], []),
    "close-contact": (CloseOne(SPRING, 2, "sold", 101), lambda one: statuses(one.center)[:2], [NEW] * 2, [NEW, CLOSED]),
    "dial": (Dial(SPRING, 60), lambda one: closed(one.center), 0, 1),
    "add-contacts": (
        AddContacts(AUTUMN, (person(7), person(8, status=CLOSED, contact_id=5000))),
        lambda one: [(each.contact_id, each.status) for each in one.center.contacts(AUTUMN)],
        [(6, NEW)],
        [(6, NEW), (7, NEW), (8, CLOSED)],
    ),
}
"""Each effect by its kind, with how to see it, and what is seen before and after."""


def call_this_and_that(steered: Steered) -> None:
    """Two calls of the three that an event waits for, and some others."""
    campaign = {"campaign_id": SPRING}
    for operation, user, arguments in (
        ("GetContactStatus", "anna", campaign),
        ("GetContactStatus", "anna", {"campaign_id": AUTUMN}),
        ("GetContactStatus", "ben", campaign),
        ("CloseContact", "anna", campaign),
        (None, "anna", campaign),
        ("GetContactStatus", "anna", campaign),
    ):
        steered.world.timeline.called(operation, user, arguments)


TRIGGERS: dict[str, tuple[dict[str, Any], Callable[[Steered], object], Callable[[Steered], object]]] = {
    "at a moment": (
        {"at": after(10)},
        lambda one: one.clock.advance(9.999999),
        lambda one: one.clock.advance(0.000001),
    ),
    "at a moment of another zone": (
        {"at": after(10).replace(tzinfo=timezone.utc).astimezone(timezone(timedelta(hours=-5)))},
        lambda one: one.clock.set(after(9)),
        lambda one: one.clock.set(after(10)),
    ),
    "after some seconds": (
        {"after": 10},
        lambda one: one.clock.advance(9.999999),
        lambda one: one.clock.advance(0.000001),
    ),
    "at once": ({"after": 0}, lambda one: None, lambda one: one.center.campaigns()),
    "after some calls": (
        {"calls": 3, "when": CallPattern("GetContactStatus", "anna", {"campaign_id": 1})},
        call_this_and_that,
        lambda one: one.world.timeline.called("GetContactStatus", "anna", {"campaign_id": 1}),
    ),
}
"""Each kind of moment: how to say it, what does not bring it yet, and what does."""


@pytest.mark.parametrize("trigger", TRIGGERS)
@pytest.mark.parametrize("kind", EFFECTS)
def test_it_happens(kind: str, trigger: str, steered: Steered) -> None:
    do, look, before, afterwards = EFFECTS[kind]
    when, not_yet, now = TRIGGERS[trigger]
    assert look(steered) == before
    steered.world.timeline.add(TimelineEvent(do, name="it", **when))
    if trigger != "at once":
        not_yet(steered)
        assert look(steered) == before
        assert names(steered) == []
    now(steered)
    assert look(steered) == afterwards
    if kind != "dial":
        assert steered.world.timeline.past() == [PastEvent("it", kind, steered.clock.now())]
        assert steered.world.timeline.events() == []


def test_a_clock_that_stands_holds_everything_still_and_one_that_runs_brings_it(steered: Steered) -> None:
    timeline = steered.world.timeline
    timeline.add(TimelineEvent(SetCampaignStatus(SPRING, PAUSED), after=0.000001))
    before = seen(steered.world)
    for _ in range(3):
        assert seen(steered.world) == before
    steered.clock.run()
    while timeline.events():
        pass
    assert status(steered) is PAUSED


def test_a_clock_turned_back_keeps_what_lies_ahead_and_undoes_nothing(steered: Steered) -> None:
    timeline = steered.world.timeline
    timeline.add(TimelineEvent(SetCampaignStatus(SPRING, PAUSED), after=10))
    timeline.add(TimelineEvent(SetCampaignStatus(AUTUMN, PAUSED), after=20))
    steered.clock.advance(10)
    assert status(steered) is PAUSED
    steered.clock.set(after(-3600))
    assert (status(steered), status(steered, AUTUMN)) == (PAUSED, RUNNING)
    steered.clock.set(after(20))
    assert status(steered, AUTUMN) is PAUSED


def test_a_closure_by_an_event_is_dated_at_its_own_time_and_has_its_code(steered: Steered) -> None:
    steered.world.timeline.add(TimelineEvent(CloseOne(SPRING, 3, "sold", 101), after=7.5))
    steered.clock.advance(1000)
    assert steered.center.closure(SPRING, 3) == Closure(after(7.5), "sold", SOLD)


def test_events_wait_for_calls_each_on_its_own(steered: Steered) -> None:
    timeline = steered.world.timeline
    assert not timeline.counts_calls
    timeline.add(TimelineEvent(SetCampaignStatus(SPRING, PAUSED), calls=1))
    timeline.add(TimelineEvent(SetCampaignStatus(AUTUMN, PAUSED), calls=2))
    assert timeline.counts_calls
    timeline.called("GetCampaigns", "anna", {})
    assert (status(steered), status(steered, AUTUMN)) == (PAUSED, RUNNING)
    assert [one.counted for one in timeline.events()] == [1]
    timeline.called("GetCampaigns", "anna", {})
    assert status(steered, AUTUMN) is PAUSED
    assert not timeline.counts_calls


# --- the dialler ------------------------------------------------------------------------------------------------------


def test_a_dialler_closes_one_by_one_at_its_rate_and_completes_the_campaign(steered: Steered) -> None:
    steered.center.set_contact_status(SPRING, 2, CLOSED)
    steered.world.timeline.add(TimelineEvent(Dial(SPRING, 30, "dialled", 102), after=1))
    counts = []
    for second in range(10):
        steered.clock.set(after(second))
        counts.append((closed(steered.center), status(steered)))
    expected = [1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert counts == [*((count, RUNNING) for count in expected), (5, COMPLETED)]
    closures = {one: steered.center.closure(SPRING, one) for one in range(1, 6)}
    assert closures == {
        1: Closure(after(1), "dialled", BUSY),
        2: None,
        3: Closure(after(3), "dialled", BUSY),
        4: Closure(after(5), "dialled", BUSY),
        5: Closure(after(7), "dialled", BUSY),
    }
    assert steered.world.timeline.past() == [PastEvent("event-1", "dial", after(9))]


def test_a_jump_brings_everything_between_in_the_order_of_its_times(steered: Steered) -> None:
    add = steered.world.timeline.add
    add(TimelineEvent(SetCampaignStatus(SPRING, RUNNING), name="resume", after=100))
    add(TimelineEvent(CloseOne(SPRING, 4, "by hand"), name="close", after=60))
    add(TimelineEvent(Dial(SPRING, 60), name="dial", after=10))
    add(TimelineEvent(SetCampaignStatus(SPRING, PAUSED), name="pause", at=after(11.5)))
    add(TimelineEvent(AddContacts(SPRING, (person(77),)), name="late", after=101))
    steered.clock.advance(100_000)
    assert status(steered) is COMPLETED
    assert names(steered) == ["pause", "close", "resume", "late", "dial"]
    dates = [steered.center.closure(SPRING, one.contact_id) for one in steered.center.contacts(SPRING)]
    seconds = [one and (one.at - START).total_seconds() for one in dates]
    assert seconds == [10, 11, 100, 60, 101, 102]


def test_a_jump_and_many_small_steps_come_to_the_same() -> None:
    def run(steps: int) -> object:
        steered = steer()
        add = steered.world.timeline.add
        add(TimelineEvent(Dial(SPRING, 7, "x"), after=3))
        add(TimelineEvent(Dial(AUTUMN, 0.5), after=2))
        add(TimelineEvent(SetCampaignStatus(SPRING, PAUSED), after=20))
        add(TimelineEvent(SetCampaignStatus(SPRING, RUNNING), after=50.25))
        for _ in range(steps):
            steered.clock.advance(600 / steps)
            steered.center.campaigns()
        contacts = [one.contact_id for one in steered.center.contacts(SPRING)]
        return [steered.center.closure(SPRING, one) for one in contacts], steered.world.timeline.past()

    assert run(1) == run(600)


def test_a_paused_dialler_waits_however_long_and_however_many_there_are(steered: Steered) -> None:
    for campaign_id in (SPRING, AUTUMN):
        steered.center.set_campaign_status(campaign_id, PAUSED)
        for _ in range(3):
            steered.world.timeline.add(TimelineEvent(Dial(campaign_id, 60_000), after=1))
    steered.clock.advance(100 * 365 * 86400)
    assert (closed(steered.center), closed(steered.center, AUTUMN)) == (0, 0)
    assert len(steered.world.timeline.events()) == 6
    steered.center.set_campaign_status(SPRING, RUNNING)
    steered.clock.advance(0.01)
    assert status(steered) is COMPLETED


def test_a_dialler_is_over_when_its_campaign_is(steered: Steered) -> None:
    steered.world.timeline.add(TimelineEvent(Dial(SPRING, 60), after=0))
    assert closed(steered.center) == 1
    steered.center.set_campaign_status(SPRING, CampaignStatus.CANCELLED)
    steered.clock.advance(60)
    assert (closed(steered.center), status(steered)) == (1, CampaignStatus.CANCELLED)
    assert names(steered) == ["event-1"]


def test_a_dialler_started_by_a_call_goes_on_by_the_clock(steered: Steered) -> None:
    steered.world.timeline.add(TimelineEvent(Dial(SPRING, 60), calls=1))
    steered.clock.advance(5)
    steered.world.timeline.called("GetCampaigns", "anna", {})
    assert closed(steered.center) == 1
    assert not steered.world.timeline.counts_calls
    steered.clock.advance(1)
    assert closed(steered.center) == 2


@pytest.mark.parametrize("per_minute", [5e-324, 1e-9])
def test_a_dialler_too_slow_for_the_calendar_closes_one_and_is_over(per_minute: float, steered: Steered) -> None:
    steered.clock.set(datetime(9900, 1, 1))
    steered.world.timeline.add(TimelineEvent(Dial(SPRING, per_minute), after=0))
    assert closed(steered.center) == 1
    assert names(steered) == ["event-1"]


# --- in order ---------------------------------------------------------------------------------------------------------


@given(
    dues=st.lists(st.integers(0, 50), min_size=1, max_size=12),
    steps=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.booleans()), max_size=6),
)
def test_events_come_in_the_order_of_their_times_then_of_their_adding(
    dues: list[int], steps: list[tuple[int, int, bool]]
) -> None:
    steered = steer()
    timeline, now = steered.world.timeline, 0
    moments = {timeline.add(TimelineEvent(LogOff("ben"), at=after(due))).name: due for due in dues}
    for step, seconds, looks in steps:
        steered.clock.advance(step)
        now += step
        if looks:
            steered.center.campaigns()
        moments[timeline.add(TimelineEvent(LogOff("ben"), after=seconds)).name] = now + seconds
    steered.clock.advance(100)
    in_order = sorted(moments, key=lambda name: moments[name])  # of those due at once, the first added comes first
    assert [(one.name, one.at) for one in timeline.past()] == [(name, after(moments[name])) for name in in_order]
    assert timeline.events() == []


def test_only_the_last_hundred_are_remembered(steered: Steered) -> None:
    for number in range(105):
        steered.world.timeline.add(TimelineEvent(LogOff("ben"), name=f"e{number}", after=number))
    steered.clock.advance(1000)
    assert names(steered) == [f"e{number}" for number in range(5, 105)]


# --- through every door -----------------------------------------------------------------------------------------------


def test_python_finds_done_what_was_due_whatever_it_asks() -> None:
    doors: dict[str, tuple[Any, Callable[[Steered], bool]]] = {
        "campaigns": (
            SetCampaignStatus(SPRING, PAUSED),
            lambda one: one.center.campaigns()[0].details.status is PAUSED,
        ),
        "campaign": (SetCampaignStatus(SPRING, PAUSED), lambda one: status(one) is PAUSED),
        "contacts": (CloseOne(SPRING, 1), lambda one: one.center.contacts(SPRING)[0].status is CLOSED),
        "contact": (CloseOne(SPRING, 1), lambda one: one.center.contact(SPRING, 1).status is CLOSED),
        "closure": (CloseOne(SPRING, 1), lambda one: one.center.closure(SPRING, 1) is not None),
        "last_contact_id": (AddContacts(SPRING, (person(),)), lambda one: one.center.last_contact_id == 7),
        "sessions": (EndSession("anna"), lambda one: one.center.sessions()[0].is_expired),
        "usernames": (LogOff("anna"), lambda one: one.center.usernames() == []),
        "state": (LogOff("anna"), lambda one: one.world.state().timeline == ()),
        "export": (AddContacts(SPRING, (person(),)), lambda one: len(one.world.export().campaigns[0].contacts) == 6),
        "events": (LogOff("anna"), lambda one: one.world.timeline.events() == []),
        "past": (LogOff("anna"), lambda one: names(one) == ["event-1"]),
    }
    for door, (do, is_done) in doors.items():
        steered = steer()
        steered.world.timeline.add(TimelineEvent(do, after=5))
        steered.clock.advance(5)
        assert is_done(steered), door


def test_what_is_done_with_the_center_locked_is_not_interrupted(steered: Steered) -> None:
    steered.world.timeline.add(TimelineEvent(SetCampaignStatus(SPRING, PAUSED), after=5))
    with steered.center.locked():
        steered.clock.advance(5)
        assert status(steered) is RUNNING
    assert status(steered) is PAUSED


def test_soap_finds_done_what_was_due() -> None:
    with served() as (server, key):
        server.timeline.add(TimelineEvent(AddContacts(SPRING, (person(77),)), after=5))
        server.timeline.add(TimelineEvent(SetCampaignStatus(AUTUMN, PAUSED), after=6))
        assert "Person 77" not in page(server, key)
        server.clock.advance(6)
        assert "<FirstName>Person 77</FirstName>" in page(server, key)
        answer = call(server.campaign_url, "GetCampaigns", sessionKey=key)
        assert "<NumberOfContacts>6</NumberOfContacts>" in answer
        assert "<Name>Paused</Name>" in answer


def test_a_campaign_completes_while_a_client_pages_through_it() -> None:
    with served() as (server, key):
        server.center.load_contacts(SPRING, [person(number) for number in range(500)])
        server.timeline.add(
            TimelineEvent(
                SetCampaignStatus(SPRING, COMPLETED),
                calls=2,
                when=CallPattern("Get200CampaignContacts", "anna", {"campaign_id": SPRING}),
            )
        )
        campaign = zeep_service(server.campaign_url)
        received: list[int] = []

        def read_to_the_end() -> None:
            while found := campaign.Get200CampaignContacts(SPRING, received[-1] if received else 0, key):
                received.extend(one.ContactID for one in found.OWContact)

        with pytest.raises(zeep.exceptions.Fault, match="Campaign 1 is Completed") as caught:
            read_to_the_end()
        assert caught.value.detail.findtext(".//{*}ErrorNumber") == "2842"
        assert len(received) == 400
        assert [one.ID for one in campaign.GetCampaigns(key).OWCampaign] == [AUTUMN]
        assert [one.kind for one in server.timeline.past()] == ["campaign-status"]


def test_a_session_expires_under_a_client_which_has_to_log_off_and_on() -> None:
    with served() as (server, key):
        server.timeline.add(TimelineEvent(EndSession("anna"), after=30))
        assert "OWContact" in page(server, key)
        server.clock.advance(30)
        assert "Session has Expired" in page(server, key)
        call(server.utility_url, "OutboundLogoff", username="anna")
        assert "OWContact" in page(server, key_at(server))


def test_calls_that_were_refused_or_not_carried_out_count_and_pages_do_not() -> None:
    with served() as (server, key):
        server.timeline.add(TimelineEvent(SetCampaignStatus(AUTUMN, PAUSED), calls=3))
        assert "Validation of session key failed" in page(server, "nobody's")
        server.faults.add(FaultRule(do=HttpError(503), budget=1))
        page(server, key)
        server.check_soap()
        assert [one.counted for one in server.timeline.events()] == [2]
        page(server, key)
        assert server.center.campaign(AUTUMN).details.status is PAUSED


# --- what cannot happen -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("do", "said"),
    [
        (SetCampaignStatus(AUTUMN, PAUSED), "Campaign ID not recognised: 2"),
        (CloseOne(AUTUMN, 6), "Campaign ID not recognised: 2"),
        (Dial(AUTUMN, 60), "Campaign ID not recognised: 2"),
        (AddContacts(AUTUMN, (person(),)), "Campaign ID not recognised: 2"),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_an_event_whose_campaign_has_gone_is_told_to_the_log_and_is_over(
    do: Any, said: str, steered: Steered, caplog: pytest.LogCaptureFixture
) -> None:
    steered.world.timeline.add(TimelineEvent(do, name="orphan", after=5))
    steered.world.timeline.add(TimelineEvent(SetCampaignStatus(SPRING, PAUSED), name="next", after=6))
    steered.center.remove_campaign(AUTUMN)
    assert [one.name for one in steered.world.export().timeline] == ["next"]
    steered.clock.advance(10)
    with caplog.at_level(logging.WARNING, "fake_ccmm"):
        assert status(steered) is PAUSED
    assert caplog.messages == [f"event orphan of the timeline could not happen: {said}"]
    assert names(steered) == ["orphan", "next"]


GOOD = LogOff("anna")
NEVER: dict[str, tuple[TimelineEvent, str]] = {
    "no moment": (TimelineEvent(GOOD), "needs one of: at"),
    "two moments": (TimelineEvent(GOOD, after=1, calls=1), "needs one of: at"),
    "a taken name": (TimelineEvent(GOOD, "taken", after=1), "event name 'taken' is taken"),
    "the past": (TimelineEvent(GOOD, after=-0.1), "after is a number of seconds from 0"),
    "no number": (TimelineEvent(GOOD, after=nan), "after is a number of seconds from 0"),
    "never": (TimelineEvent(GOOD, after=inf), "after is a number of seconds from 0"),
    "beyond the calendar": (TimelineEvent(GOOD, at=datetime.max.replace(tzinfo=timezone(-timedelta(1) / 2))), "9999"),
    "no calls": (TimelineEvent(GOOD, calls=0), "calls is 1 or more"),
    "calls that were": (TimelineEvent(GOOD, calls=2, counted=2), "more than were counted"),
    "no operation": (TimelineEvent(GOOD, calls=1, when=CallPattern("GetCampaign")), "no operation is called"),
    "no argument": (
        TimelineEvent(GOOD, calls=1, when=CallPattern("GetCampaigns", arguments={"campaign_id": 1})),
        "GetCampaigns does not have an argument 'campaign_id'",
    ),
    "a campaign": (TimelineEvent(SetCampaignStatus(99, PAUSED), after=1), "Campaign ID not recognised: 99"),
    "a status": (TimelineEvent(SetCampaignStatus(SPRING, "Paused"), after=1), "a CampaignStatus"),  # type: ignore[arg-type]
    "a contact": (TimelineEvent(CloseOne(SPRING, 6), after=1), "Contact not recognised: 6"),
    "a code": (
        TimelineEvent(CloseOne(SPRING, 1, disposition_code=103), after=1),
        "disposition code 103 is not linked to campaign 1; linked: 101, 102",
    ),
    "a text": (TimelineEvent(CloseOne(SPRING, 1, "\0"), after=1), "XML cannot carry"),
    "a rate": (TimelineEvent(Dial(SPRING, 0), after=1), "per_minute is more than 0 and at most 60000"),
    "a rate without end": (TimelineEvent(Dial(SPRING, inf), after=1), "per_minute is more than 0"),
    "the dialler's code": (TimelineEvent(Dial(AUTUMN, 1, None, 101), after=1), "linked: 103"),
    "a user": (TimelineEvent(EndSession("nobody"), after=1), "no administrator is named 'nobody'"),
    "a user to log off": (TimelineEvent(LogOff("nobody"), after=1), "no administrator is named 'nobody'"),
    "a new contact": (TimelineEvent(AddContacts(SPRING, (Contact(title="\0"),)), after=1), "XML cannot carry"),
    "an effect": (TimelineEvent("pause", after=1), "do is one of SetCampaignStatus"),  # type: ignore[arg-type]
}
"""Events that are refused, and what is said."""


@pytest.mark.parametrize("reason", NEVER)
def test_an_event_that_can_never_happen_is_refused_and_changes_nothing(reason: str, steered: Steered) -> None:
    timeline = steered.world.timeline
    timeline.add(TimelineEvent(GOOD, "taken", after=100))
    before = seen(steered.world)
    event, said = NEVER[reason]
    with pytest.raises(SetupError, match=r"^event ") as caught:
        timeline.add(event)
    assert said in str(caught.value)
    with pytest.raises(SetupError, match=r"^event "):
        timeline.prepared([TimelineEvent(GOOD, "taken", after=1), event])
    assert seen(steered.world) == before


def test_an_event_can_be_removed_before_it_comes(steered: Steered) -> None:
    timeline = steered.world.timeline
    timeline.add(TimelineEvent(SetCampaignStatus(SPRING, PAUSED), name="pause", after=1))
    timeline.add(TimelineEvent(SetCampaignStatus(AUTUMN, PAUSED), calls=1))
    with pytest.raises(SetupError, match=r"^no event named 'paus' lies ahead; there are: pause, event-1$"):
        timeline.remove("paus")
    timeline.remove("pause")
    timeline.remove("event-1")
    assert not timeline.counts_calls
    steered.clock.advance(10)
    assert status(steered) is RUNNING
    with pytest.raises(SetupError, match="there are: none"):
        timeline.remove("pause")


def test_a_cleared_timeline_has_neither_future_nor_past(steered: Steered) -> None:
    timeline = steered.world.timeline
    timeline.add(TimelineEvent(LogOff("ben"), after=0))
    timeline.add(TimelineEvent(SetCampaignStatus(SPRING, PAUSED), after=1))
    assert len(timeline.past()) == 1
    timeline.clear()
    steered.clock.advance(10)
    assert (timeline.events(), timeline.past(), status(steered)) == ([], [], RUNNING)
    assert timeline.add(TimelineEvent(LogOff("ben"), after=1)).name == "event-1"


def test_prepared_events_get_the_names_that_are_left_and_count_from_their_restore(steered: Steered) -> None:
    timeline = steered.world.timeline
    given = [TimelineEvent(GOOD, after=10), TimelineEvent(GOOD, "event-1", calls=1), TimelineEvent(GOOD, after=20)]
    prepared = timeline.prepared(given)
    assert timeline.events() == []
    steered.clock.advance(100)
    timeline.restore(prepared)
    assert [(one.name, one.at) for one in timeline.events()] == [
        ("event-2", after(110)),
        ("event-1", None),
        ("event-3", after(120)),
    ]


def test_a_call_after_an_expiry_that_is_due_is_refused(steered: Steered) -> None:
    steered.world.timeline.add(TimelineEvent(EndSession("anna"), after=1))
    steered.clock.advance(1)
    with pytest.raises(SessionExpired):
        steered.center.get_campaigns(steered.key)
    assert issubclass(SessionExpired, Refusal)
