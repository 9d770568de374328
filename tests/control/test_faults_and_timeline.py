"""Fault rules and the timeline, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from fake_ccmm.calls import CallPattern
from fake_ccmm.faults import FaultRule, Reset
from fake_ccmm.model import CampaignStatus

from .steering import DEFAULT, Steering

FAULTS = f"{DEFAULT}/faults"
TIMELINE = f"{DEFAULT}/timeline"
LOST = {"when": {"operation": "CloseContact", "arguments": {"contact_id": 7}}, "nth": 2, "do": {"kind": "reset"}}
CLOSING = {"do": {"kind": "campaign-status", "campaign_id": 1, "status": "Closed"}}


def test_a_rule_is_put_in_force_and_counts(steering: Steering) -> None:
    answer = steering.send("POST", FAULTS, json=LOST)
    assert (answer.status_code, answer.headers["Location"]) == (201, f"{FAULTS}/fault-1")
    for _ in range(2):
        steering.world.faults.decide("CloseContact", "anna", {"contact_id": 7})
    shown = steering.get(f"{FAULTS}/fault-1")
    assert shown["do"] == {"kind": "reset", "carried_out": True}
    assert (shown["name"], shown["nth"], shown["matched"], shown["struck"]) == ("fault-1", 2, 2, 1)
    assert steering.get(FAULTS) == {"seed": 0, "rules": [shown]}


def test_rules_are_taken_out_of_force(steering: Steering) -> None:
    steering.post(FAULTS, LOST | {"name": "lost"}, 201)
    steering.post(FAULTS, LOST, 201)
    steering.delete(f"{FAULTS}/lost")
    assert [one["name"] for one in steering.get(FAULTS)["rules"]] == ["fault-1"]
    steering.delete(FAULTS)
    assert steering.get(FAULTS)["rules"] == []
    steering.delete(f"{FAULTS}/lost", 404)
    steering.get(f"{FAULTS}/lost", 404)


def test_all_rules_are_replaced_or_none(steering: Steering) -> None:
    steering.put(FAULTS, {"rules": [LOST, LOST | {"name": "lost"}], "seed": 5})
    replaced = steering.put(FAULTS, {"rules": [LOST | {"name": "other"}]})
    assert ([one["name"] for one in replaced["rules"]], replaced["seed"]) == (["other"], 5)
    errors = steering.errors("PUT", FAULTS, {"rules": [LOST, LOST | {"nth": "2"}], "seed": "5"})
    assert list(errors) == ["rules[1].nth", "seed"]
    assert list(steering.errors("PUT", FAULTS, {"rule": []})) == ["rule", "rules"]
    assert list(steering.errors("PUT", FAULTS, {"rules": {}})) == ["rules"]
    assert steering.get(FAULTS) == replaced
    assert steering.put(FAULTS, replaced) == replaced


def test_a_rules_name_that_is_taken_is_a_conflict(steering: Steering) -> None:
    steering.post(FAULTS, LOST | {"name": "lost"}, 201)
    steering.post(FAULTS, LOST | {"name": "lost"}, 409)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"do": {"kind": "rest"}}, "do.kind"),
        ({"do": {}}, "do.kind"),
        ({"do": {"kind": "slow"}}, "do.bytes_per_second"),
        ({"when": {"operation": "Close"}}, ""),
        ({"when": {"operation": "CloseContact", "arguments": {"contac_id": 1}}}, ""),
        ({"nth": 0}, ""),
        ({"budget": 2**63}, "budget"),
        ({"nht": 1}, "nht"),
        ({"rate": "1"}, "rate"),
        ({"name": "\x00"}, "name"),
    ],
)
def test_what_is_no_rule_is_refused(steering: Steering, changes: Any, place: str) -> None:
    assert list(steering.errors("POST", FAULTS, LOST | changes)) == [place]
    assert not steering.world.faults.active


def test_a_rule_with_a_predicate_of_python_is_shown_by_its_name(steering: Steering) -> None:
    def is_even(value: Any) -> bool:
        return bool(value % 2 == 0)

    pattern = CallPattern("CloseContact", arguments={"contact_id": is_even})
    steering.world.faults.add(FaultRule(name="even", when=pattern, do=Reset()))
    assert steering.get(f"{FAULTS}/even")["when"]["arguments"] == {"contact_id": "is_even"}


def test_an_event_comes_at_its_time(steering: Steering) -> None:
    event = steering.post(TIMELINE, CLOSING | {"after": 60}, 201)
    assert (event["name"], event["at"], event["after"]) == ("event-1", "2026-03-02T09:01:00Z", None)
    assert steering.get(TIMELINE) == {"events": [event], "past": []}
    steering.post(f"{DEFAULT}/clock/advance", {"seconds": 60})
    past = {"name": "event-1", "kind": "campaign-status", "at": "2026-03-02T09:01:00Z"}
    assert steering.get(TIMELINE) == {"events": [], "past": [past]}
    assert steering.center.campaign(1).details.status is CampaignStatus.CLOSED


@pytest.mark.parametrize(
    "event",
    [
        {"at": "2027-01-01T00:00:00+01:00", "do": {"kind": "expire-session", "username": "anna"}},
        {"after": 0.5, "do": {"kind": "log-off", "username": "anna"}},
        {"calls": 3, "when": {"operation": "GetCampaigns"}, "do": {"kind": "dial", "campaign_id": 1, "per_minute": 2}},
        {"after": 1, "do": {"kind": "close-contact", "campaign_id": 1, "contact_id": 2, "disposition_code": 101}},
        {"after": 1, "do": {"kind": "add-contacts", "campaign_id": 2, "contacts": [{"first_name": "Eva"}]}},
    ],
)
def test_every_kind_of_event_can_lie_ahead(steering: Steering, event: Any) -> None:
    added = steering.post(TIMELINE, event, 201)
    assert steering.get(TIMELINE)["events"] == [added]


def test_events_are_forgotten(steering: Steering) -> None:
    for name in ("one", "two", "three"):
        steering.post(TIMELINE, CLOSING | {"after": 60, "name": name}, 201)
    steering.delete(f"{TIMELINE}/two")
    assert [one["name"] for one in steering.get(TIMELINE)["events"]] == ["one", "three"]
    steering.delete(f"{TIMELINE}/two", 404)
    steering.delete(TIMELINE)
    assert steering.get(TIMELINE)["events"] == []


def test_an_events_name_that_is_taken_is_a_conflict(steering: Steering) -> None:
    steering.post(TIMELINE, CLOSING | {"after": 60, "name": "one"}, 201)
    steering.post(TIMELINE, CLOSING | {"after": 60, "name": "one"}, 409)


@pytest.mark.parametrize(
    "event",
    [
        CLOSING,
        CLOSING | {"after": 1, "calls": 1},
        CLOSING | {"after": -1},
        CLOSING | {"at": "tomorrow"},
        CLOSING | {"after": 1, "nam": "x"},
        {"after": 1},
        {"after": 1, "do": {"kind": "close"}},
        {"after": 1, "do": {"kind": "log-off", "username": "nobody"}},
        {"after": 1, "do": {"kind": "campaign-status", "campaign_id": 9, "status": "Closed"}},
        {"after": 1, "do": {"kind": "campaign-status", "campaign_id": 1, "status": "Shut"}},
        [],
    ],
)
def test_what_is_no_event_is_refused(steering: Steering, event: Any) -> None:
    assert steering.post(TIMELINE, event, 422)["detail"]
    assert steering.get(TIMELINE)["events"] == []
