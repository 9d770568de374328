"""Campaigns and contacts, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from fake_ccmm.model import CampaignStatus, ContactStatus

from .steering import DEFAULT, Steering

CAMPAIGNS = f"{DEFAULT}/campaigns"
CONTACTS = f"{CAMPAIGNS}/1/contacts"
SUMMER = {
    "campaign_id": 9,
    "name": "Summer",
    "skillset": 11,
    "disposition_codes": [101, {"disposition_code_id": 5, "name": "Own"}],
    "custom_field_names": ["Account"],
    "contacts": [
        {"first_name": "Ida", "custom_fields": {"Account": "A-1"}},
        {"status": "Closed", "closure": {"at": "2026-01-01T00:00:00Z", "text": "sold", "disposition_code": 5}},
    ],
    "generate": {"count": 3},
}


def test_campaigns_are_shown_with_their_counts(steering: Steering) -> None:
    steering.center.set_contact_status(1, 2, ContactStatus.CLOSED)
    first, second = steering.get(CAMPAIGNS)
    assert first == steering.get(f"{CAMPAIGNS}/1")
    assert (first["name"], first["date_created"], second["date_created"]) == ("Spring", "2026-01-15T08:30:00Z", None)
    assert [first[f"number_of_contacts{part}"] for part in ("", "_closed", "_processed")] == [2, 1, 1]
    assert first["disposition_codes"][0]["name"] == "Sold"


def test_a_campaign_is_added_with_contacts_as_in_a_seed(steering: Steering) -> None:
    answer = steering.send("POST", CAMPAIGNS, json=SUMMER)
    assert (answer.status_code, answer.headers["Location"]) == (201, f"{CAMPAIGNS}/9")
    shown = steering.get(f"{CAMPAIGNS}/9")
    assert (shown["skillset"]["name"], shown["number_of_contacts"]) == ("Sales", 5)
    ida, closed, *invented = steering.get(f"{CAMPAIGNS}/9/contacts")
    assert [one["contact_id"] for one in (ida, closed, *invented)] == [3, 4, 5, 6, 7]
    assert (ida["first_name"], ida["skillset_id"], ida["custom_fields"][0]["text"]) == ("Ida", 11, "A-1")
    assert closed["closure"]["disposition_code"]["name"] == "Own"
    assert (closed["status"], closed["closure"]["at"]) == ("Closed", "2026-01-01T00:00:00Z")
    assert all(one["last_name"] for one in invented)


def test_a_campaign_whose_id_is_taken_is_a_conflict(steering: Steering) -> None:
    steering.post(CAMPAIGNS, {"campaign_id": 1, "name": "Again"}, 409)
    assert steering.get(f"{CAMPAIGNS}/1")["name"] == "Spring"


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"skillset": 12}, "skillset"),
        ({"name": "\x01"}, "name"),
        ({"name": None}, "name"),
        ({"priority": 2**63}, "priority"),
        ({"status": "Runing"}, "status"),
        ({"contacts_file": "contacts.csv"}, "contacts_file"),
        ({"contacts": [{}, {"title": 7}]}, "contacts[1].title"),
        ({"contacts": [{"contact_id": 2}]}, "contacts[0].contact_id"),
        ({"contacts": [{"custom_fields": {"Other": "x"}}]}, "contacts[0].custom_fields"),
        ({"generate": {"count": -1}}, "generate.count"),
    ],
)
def test_what_is_no_campaign_is_refused_and_leaves_nothing(
    steering: Steering, changes: dict[str, Any], place: str
) -> None:
    assert list(steering.errors("POST", CAMPAIGNS, SUMMER | changes)) == [place]
    assert [one["campaign_id"] for one in steering.get(CAMPAIGNS)] == [1, 2]
    assert steering.center.last_contact_id == 2


def test_details_of_a_campaign_are_changed_and_the_rest_stays(steering: Steering) -> None:
    before = steering.get(f"{CAMPAIGNS}/1")
    changed = steering.patch(f"{CAMPAIGNS}/1", {"status": "Paused", "description": None, "disposition_codes": []})
    assert changed == before | {"status": "Paused", "description": None, "disposition_codes": []}
    assert steering.center.campaign(1).details.status is CampaignStatus.PAUSED
    assert steering.get(f"{CAMPAIGNS}/1") == changed


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"campaign_id": 3}, "campaign_id"),
        ({"contacts": []}, "contacts"),
        ({"disposition_codes": [7]}, "disposition_codes[0]"),
        ({"nam": "x"}, "nam"),
        ([], ""),
    ],
)
def test_what_cannot_be_changed_about_a_campaign_is_refused(steering: Steering, body: Any, place: str) -> None:
    before = steering.get(f"{CAMPAIGNS}/1")
    assert list(steering.errors("PATCH", f"{CAMPAIGNS}/1", body)) == [place]
    assert steering.get(f"{CAMPAIGNS}/1") == before


def test_a_campaign_is_forgotten(steering: Steering) -> None:
    steering.delete(f"{CAMPAIGNS}/1")
    for method, path in (("GET", f"{CAMPAIGNS}/1"), ("DELETE", f"{CAMPAIGNS}/1"), ("GET", CONTACTS)):
        assert steering.send(method, path).status_code == 404


@pytest.mark.parametrize("campaign_id", ["x", "1.0", "9" * 30, "+1", "٧", "1_0"])
def test_an_id_that_is_no_number_is_nowhere(steering: Steering, campaign_id: str) -> None:
    assert "a whole number belongs" in steering.get(f"{CAMPAIGNS}/{campaign_id}", 404)["detail"]


def test_contacts_are_paged_by_their_ids(steering: Steering) -> None:
    assert [one["first_name"] for one in steering.get(CONTACTS)] == ["Ann", "Zoë"]
    assert [one["contact_id"] for one in steering.get(f"{CONTACTS}?after=1")] == [2]
    assert [one["contact_id"] for one in steering.get(f"{CONTACTS}?limit=1")] == [1]
    assert steering.get(f"{CONTACTS}?limit=0") == []
    for query in ("limit=-1", "limit=1001", "after=x", "limit=", "after=1&after=2", "from=1"):
        name = query.partition("=")[0]
        assert list(steering.errors("GET", f"{CONTACTS}?{query}")) == [name]


def test_one_contact_is_added_or_a_list_of_them(steering: Steering) -> None:
    assert steering.post(CONTACTS, {"first_name": "Eva"}, 201) == {"added": 1, "contact_ids": [3]}
    assert steering.post(CONTACTS, [{"first_name": "Max"}, {}], 201) == {"added": 2, "contact_ids": [4, 5]}
    assert steering.post(CONTACTS, [], 201) == {"added": 0, "contact_ids": []}
    assert steering.get(f"{CONTACTS}/3")["skillset_id"] == 11


def test_contacts_can_have_ids_of_their_own_that_were_not_given_out_yet(steering: Steering) -> None:
    added = steering.post(CONTACTS, [{"contact_id": 10}, {}, {"contact_id": 20}], 201)
    assert added["contact_ids"] == [10, 11, 20]
    errors = steering.errors("POST", CONTACTS, [{}, {"contact_id": 20}])
    assert errors == {"[1].contact_id": "is 20, and ids up to 21 were given out; leave it out for the next"}
    assert steering.errors("POST", CONTACTS, {"contact_id": 20})["contact_id"]
    assert steering.get(f"{CAMPAIGNS}/1")["number_of_contacts"] == 5


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"first_name": 7}, "first_name"),
        ({"first_name": "\ud800"}, "first_name"),
        ([{}, {"firstname": "x"}], "[1].firstname"),
        ([{}, 7], "[1]"),
        ("x", ""),
        ({"status": "Open", "closure": {"at": "2026-01-01T00:00:00Z"}}, "closure"),
        ({"phone_number": {"phone": "1"}}, "phone_number.phone"),
        ({"skillset_id": 2**64}, "skillset_id"),
    ],
)
def test_what_is_no_contact_is_refused_and_none_is_added(steering: Steering, body: Any, place: str) -> None:
    assert list(steering.errors("POST", CONTACTS, body)) == [place]
    assert steering.center.last_contact_id == 2


def test_a_contact_gets_another_status(steering: Steering) -> None:
    assert steering.patch(f"{CONTACTS}/1", {"status": "Open"})["status"] == "Open"
    closed = steering.patch(f"{CONTACTS}/1", {"status": "Closed"})
    assert (closed["status"], closed["closure"]) == ("Closed", None)


def test_a_contact_is_closed_as_an_agent_would(steering: Steering) -> None:
    closure = {"text": "sold", "disposition_code": 101}
    closed = steering.patch(f"{CONTACTS}/1", {"closure": closure})
    assert (closed["status"], closed["closure"]["at"]) == ("Closed", "2026-03-02T09:00:00Z")
    assert closed["closure"]["disposition_code"]["name"] == "Sold"
    whole = {"disposition_code_id": 9, "name": "Other"}
    then = {"at": "2026-01-01T10:00:00+01:00", "disposition_code": whole}
    again = steering.patch(f"{CONTACTS}/1", {"status": "Closed", "closure": then})
    assert (again["closure"]["at"], again["closure"]["disposition_code"]["name"]) == ("2026-01-01T09:00:00Z", "Other")
    assert steering.get(f"{CONTACTS}/1") == again


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, ""),
        ({"status": "Shut"}, "status"),
        ({"first_name": "x"}, "first_name"),
        ({"status": "Open", "closure": {}}, "closure"),
        ({"closure": {"disposition_code": 102}}, "closure.disposition_code"),
        ({"closure": {"disposition_code": True}}, "closure.disposition_code"),
        ({"closure": {"disposition_code": {"name": "x"}}}, "closure.disposition_code.disposition_code_id"),
        ({"closure": {"at": 5}}, "closure.at"),
    ],
)
def test_what_is_no_change_of_a_contact_is_refused(steering: Steering, body: Any, place: str) -> None:
    assert list(steering.errors("PATCH", f"{CONTACTS}/1", body)) == [place]
    assert steering.get(f"{CONTACTS}/1")["status"] == "New"


def test_a_contact_that_is_not_there_is_not_found(steering: Steering) -> None:
    steering.get(f"{CONTACTS}/7", 404)
    steering.patch(f"{CONTACTS}/7", {"status": "Open"}, 404)
    steering.get(f"{CAMPAIGNS}/7/contacts/1", 404)
    steering.post(f"{CAMPAIGNS}/7/contacts", {}, 404)
