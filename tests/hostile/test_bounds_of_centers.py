"""What centers may keep at most. Whatever would be more is refused, says how to have more, and changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from fake_ccmm import Administrator, CampaignDetails, Contact, ContactCenter, FakeCcmm, Skillset
from fake_ccmm.bounds import OutOfBounds
from fake_ccmm.faults import Empty, FaultRule
from fake_ccmm.journal import Journal, JournalShare
from fake_ccmm.model import Closure, ContactStatus, DispositionCode
from fake_ccmm.seed import CampaignSeed, Generate, Seed
from fake_ccmm.timeline import LogOff, TimelineEvent

from .doors import Door, door, says_how_to_have_more

ONE = Contact(skillset_id=1)
EVENT = TimelineEvent(LogOff("anna"), after=60.0)
CLOSED = Closure(ContactCenter().clock.now())
DEFAULT = "/centers/default"


def refused_here(bound: str, value: int, do: Callable[[], Any]) -> None:
    """Something in Python is refused because of a bound."""
    with pytest.raises(OutOfBounds) as caught:
        do()
    assert says_how_to_have_more(str(caught.value), bound, value)


def refused_by_control(bound: str, value: int, answer: tuple[int, Any]) -> None:
    """Something asked of the control API is refused because of a bound."""
    status, problem = answer
    assert status == 422
    assert says_how_to_have_more(problem["detail"], bound, value)


def test_centers() -> None:
    with door({"centers": 2}) as one:
        second = one.ccmm.create_center("second")
        refused_here("centers", 2, lambda: one.ccmm.create_center("third"))
        refused_by_control("centers", 2, one.steer("PUT", "/centers/third"))
        second.remove()
        assert one.steer("PUT", "/centers/third")[0] == 201


def test_snapshots() -> None:
    with door({"snapshots": 1}) as one:
        one.ccmm.save("one")
        one.ccmm.save("one")
        refused_here("snapshots", 1, lambda: one.ccmm.save("two"))
        refused_by_control("snapshots", 1, one.steer("PUT", f"{DEFAULT}/snapshots/two"))
        assert one.ccmm.world.snapshots() == ["one"]


def test_campaigns() -> None:
    with door({"campaigns": 2}) as one:
        one.center.add_campaign(CampaignDetails(2, "Summer"))
        refused_here("campaigns", 2, lambda: one.center.add_campaign(CampaignDetails(3, "Autumn")))
        body = {"campaign_id": 3, "name": "Autumn"}
        refused_by_control("campaigns", 2, one.steer("POST", f"{DEFAULT}/campaigns", body))
        assert len(one.center.campaigns()) == 2
        one.center.remove_campaign(2)
        assert one.steer("POST", f"{DEFAULT}/campaigns", body)[0] == 201


def test_administrators_skillsets_and_codes_and_with_them_sessions() -> None:
    with door({"entries": 1}) as one:
        center = one.center
        center.add_disposition_code(DispositionCode(1, "Sold"))
        refused_here("entries", 1, lambda: center.add_administrator(Administrator("ben", "x")))
        refused_here("entries", 1, lambda: center.add_skillset(Skillset(2, "Support")))
        refused_here("entries", 1, lambda: center.add_disposition_code(DispositionCode(2, "Lost")))
        refused_by_control("entries", 1, one.steer("PUT", f"{DEFAULT}/administrators/ben", {"password": "x"}))
        center.add_administrator(Administrator("anna", "changed"))
        center.add_skillset(Skillset(1, "Renamed"))
        assert [one.username for one in center.administrators()] == ["anna"]
        assert [one.name for one in center.skillsets()] == ["Renamed"]
        assert center.usernames() == ["anna"], "a session needs an administrator"


def test_fault_rules() -> None:
    rule = FaultRule(do=Empty())
    with door({"fault_rules": 1}) as one:
        one.ccmm.faults.add(rule)
        refused_here("fault_rules", 1, lambda: one.ccmm.faults.add(rule))
        refused_here("fault_rules", 1, lambda: one.ccmm.faults.replace_all([rule, rule], 0))
        refused_by_control("fault_rules", 1, one.steer("POST", f"{DEFAULT}/faults", {"do": {"kind": "empty"}}))
        assert [one.name for one in one.ccmm.faults.rules()] == ["fault-1"]


def test_timeline_events() -> None:
    event = {"after": 60, "do": {"kind": "log-off", "username": "anna"}}
    with door({"timeline_events": 1}) as one:
        one.ccmm.timeline.add(EVENT)
        refused_here("timeline_events", 1, lambda: one.ccmm.timeline.add(EVENT))
        refused_by_control("timeline_events", 1, one.steer("POST", f"{DEFAULT}/timeline", event))
        one.ccmm.clock.advance(61)
        assert one.steer("POST", f"{DEFAULT}/timeline", event)[0] == 201, "what has happened does not count"


# --- contacts ---------------------------------------------------------------------------------------------------------


def count(one: Door) -> int:
    return one.center.campaign(1).number_of_contacts


def test_contacts_of_a_center_by_every_way_in() -> None:
    with door({"center_contacts": 3}, contacts=2) as one:
        refused_here("center_contacts", 3, lambda: one.center.load_contacts(1, [ONE] * 2))
        refused_here("center_contacts", 3, lambda: one.ccmm.add_campaign("More", contacts=2))
        body = {"campaign_id": 9, "name": "More", "contacts": [{}, {}]}
        refused_by_control("center_contacts", 3, one.steer("POST", f"{DEFAULT}/campaigns", body))
        refused_by_control("center_contacts", 3, one.steer("POST", f"{DEFAULT}/campaigns/1/contacts", [{}, {}]))
        assert (count(one), len(one.center.campaigns())) == (2, 1)
        assert one.site.exchange(one.append()).status == 200
        reply = one.site.exchange(one.append())
        assert reply.status == 500
        assert b"<faultcode>soap:Server</faultcode>" in reply.body
        assert says_how_to_have_more(reply.body.decode(), "center_contacts", 3)
        assert count(one) == 3
        one.center.remove_campaign(1)
        assert one.ccmm.add_campaign("Other", contacts=3)


def test_a_seed_with_too_many_contacts_is_refused_before_any_is_made() -> None:
    seed = Seed(campaigns=(CampaignSeed(5, "Huge", generate=Generate(9_000_000)),))
    with door() as one:
        refused_here("center_contacts", 2_000_000, lambda: one.ccmm.load(seed))
        refused_here("center_contacts", 2_000_000, lambda: one.ccmm.create_center("huge", seed))
        campaign = {"campaign_id": 5, "name": "Huge", "skillset": 1, "generate": {"count": 9_000_000}}
        body = {"skillsets": [{"skillset_id": 1, "name": "Sales"}], "campaigns": [campaign]}
        refused_by_control("center_contacts", 2_000_000, one.steer("PUT", f"{DEFAULT}/seed", body))
        refused_by_control("center_contacts", 2_000_000, one.steer("PUT", "/centers/huge", body))
        assert one.center.campaign(1).details.name == "Spring"
        assert one.steer("GET", "/centers/huge")[0] == 404


@pytest.mark.parametrize(
    "seed",
    [
        Seed(administrators=(Administrator("a", "x"), Administrator("b", "x"))),
        Seed(faults=(FaultRule(do=Empty()), FaultRule(do=Empty()))),
        Seed(campaigns=(CampaignSeed(1, "One"), CampaignSeed(2, "Two"))),
    ],
    ids=["administrators", "fault rules", "campaigns"],
)
def test_a_seed_keeps_within_the_other_bounds_too(seed: Seed) -> None:
    with door({"entries": 1, "fault_rules": 1, "campaigns": 1}) as one:
        with pytest.raises(OutOfBounds, match=re.escape("2 ")):
            one.ccmm.load(seed)
        assert one.center.campaign(1).details.name == "Spring"


def test_a_center_that_has_more_to_begin_with_is_refused() -> None:
    center = ContactCenter(skillsets=[Skillset(1, "Sales")])
    center.add_campaign(CampaignDetails(1, "Spring"), [ONE] * 3)
    refused_here("center_contacts", 2, lambda: FakeCcmm(center, bounds={"center_contacts": 2}))


def test_contacts_of_all_centers_together() -> None:
    with door({"contacts": 5}, contacts=2) as one:
        second = one.ccmm.create_center("second")
        second.center.load_contacts(1, [ONE])  # its own copy has three now, beside the two
        refused_here("contacts", 5, lambda: second.center.load_contacts(1, [ONE]))
        assert second.center.campaign(1).number_of_contacts == 3
        second.remove()
        assert one.ccmm.create_center("third").center.load_contacts(1, [ONE]) == 1


def test_centers_that_change_nothing_share_what_they_have() -> None:
    with door({"contacts": 5}, contacts=3) as one:
        for number in range(10):
            one.ccmm.create_center(f"center-{number}")
        assert one.steer("GET", "/centers/center-9")[1]["contacts"] == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda center: center.set_contact_status(1, 1, ContactStatus.CLOSED),
        lambda center: center.set_closure(1, 1, CLOSED),
        lambda center: center.close_next(1, CLOSED),
        lambda center: center.close_contact("key", 1, contact_id=1),
        lambda center: center.load_contacts(1, [ONE]),
    ],
    ids=["status", "closure", "next", "close", "append"],
)
def test_whatever_copies_contacts_asks_for_room(change: Callable[[ContactCenter], Any]) -> None:
    with door({"contacts": 5}, contacts=3) as one:
        center = one.center
        center._sessions.check = lambda key: center._sessions._by_user["anna"]  # type: ignore[method-assign]
        refused_here("contacts", 5, lambda: change(center))
        assert [one.status for one in center.contacts(1)] == [ContactStatus.NEW] * 3


def test_snapshots_count_once_they_differ() -> None:
    with door({"contacts": 7}, contacts=2) as one:
        one.ccmm.save("two")
        one.center.load_contacts(1, [ONE])
        one.ccmm.save("three")  # 2 and 3 are kept now
        refused_here("contacts", 7, lambda: one.center.load_contacts(1, [ONE]))
        one.ccmm.world.drop_snapshot("three")
        one.ccmm.restore("two")
        assert one.center.load_contacts(1, [ONE]) == 1


def test_a_large_contact_counts_as_several() -> None:
    with door({"contacts": 100}) as one:
        one.center.load_contacts(1, [Contact(skillset_id=1, title="x" * 40 * 4096)])
        one.center.load_contacts(1, [Contact(skillset_id=1, title="x" * 40 * 4096)])
        one.center.load_contacts(1, [Contact(skillset_id=1, title="x" * 40 * 4096)])
        refused_here("contacts", 100, lambda: one.center.load_contacts(1, [ONE]))


def test_a_full_server_still_answers_what_adds_nothing() -> None:
    with door({"center_contacts": 1}, contacts=1) as one:
        assert one.site.exchange(one.append()).status == 500
        assert one.is_served()
        one.center.close_next(1, CLOSED)
        one.ccmm.reset()
        assert count(one) == 1


# --- journals ---------------------------------------------------------------------------------------------------------


def test_the_journals_of_all_centers_keep_within_their_share() -> None:
    with door({"journal_bytes": 40_000}) as one:
        others = [one.ccmm.create_center(f"center-{number}") for number in range(3)]
        for center in [one.ccmm, *others]:
            for _ in range(30):
                path = center.utility_url.removeprefix(one.ccmm.url)
                assert one.site.exchange(one.call(path=path)).status == 500
        journals = [center.journal for center in [one.ccmm, *others]]
        assert [journal.total for journal in journals] == [30] * 4
        assert sum(journal.bytes_kept for journal in journals) <= 2 * 40_000
        assert all(len(journal) for journal in journals), "each has its share"
        assert journals[0].dropped > 0


def test_a_journal_alone_has_all_there_is() -> None:
    with door({"journal_bytes": 200_000}) as one:
        for _ in range(30):
            one.site.exchange(one.call())
        assert (len(one.ccmm.journal), one.ccmm.journal.dropped) == (30, 0)


def test_the_share_of_a_journal_is_asked_for_only_when_there_is_little_left() -> None:
    asked = []

    def have() -> tuple[int, int]:
        asked.append(1)
        return 0, 1

    share = JournalShare(1_000_000, have)
    assert [share.of_one(100) for _ in range(1000)] == [None] * 1000
    assert len(asked) == 1
    assert Journal().share is None
