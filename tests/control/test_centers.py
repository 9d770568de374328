"""Centers made and forgotten, set back, seeded, kept as snapshots; none touches another."""

from __future__ import annotations

import json

import pytest

from fake_ccmm.errors import SetupError
from fake_ccmm.seed import parse_seed

from .steering import BASE, DEFAULT, Steering

SEED = {"administrators": [{"username": "ben", "password": "x"}], "campaigns": [{"campaign_id": 7, "name": "Seven"}]}


def test_a_center_is_told_in_short(steering: Steering) -> None:
    steering.center.log_in("anna", "tulip")
    assert steering.get(DEFAULT) == {
        "name": "default",
        "urls": {
            name: f"http://localhost/ccmmoutboundwebservices/Outbound{name.capitalize()}WS.asmx"
            for name in ("utility", "campaign", "contact")
        },
        "clock": {"now": "2026-03-02T09:00:00Z", "frozen": True, "offset_seconds": 0.0},
        "campaigns": 2,
        "contacts": 2,
        "sessions": 1,
        "exchanges": 0,
        "users": ["anna"],
    }


def test_urls_go_by_the_name_and_the_scheme_that_the_client_used(steering: Steering) -> None:
    answer = steering.send("GET", DEFAULT, base_url="https://[::1]:8443")
    assert json.loads(answer.get_data())["urls"]["utility"].startswith("https://[::1]:8443/ccmmoutboundwebservices/")


@pytest.mark.parametrize("host", ["127.0.0.1:9000", "[::1]:9000", "127.0.0.1"])
def test_urls_have_the_port_of_the_services_where_steering_has_its_own(host: str) -> None:
    answer = Steering(port=8080).send("GET", DEFAULT, base_url=f"http://{host}")
    name = host.removesuffix(":9000")
    assert json.loads(answer.get_data())["urls"]["contact"].startswith(f"http://{name}:8080/ccmm")


def test_a_center_made_without_a_body_is_as_the_default_one_was_started(steering: Steering) -> None:
    steering.delete(f"{DEFAULT}/campaigns/2")
    answer = steering.send("PUT", f"{BASE}/centers/second")
    assert (answer.status_code, answer.headers["Location"]) == (201, f"{BASE}/centers/second")
    made = json.loads(answer.get_data())
    assert (made["campaigns"], made["contacts"], made["users"]) == (2, 2, ["anna"])
    assert made["urls"]["utility"] == "http://localhost/centers/second/ccmmoutboundwebservices/OutboundUtilityWS.asmx"
    assert [one["name"] for one in steering.get(f"{BASE}/centers")] == ["default", "second"]


def test_a_center_can_be_made_of_a_seed(steering: Steering) -> None:
    made = steering.put(f"{BASE}/centers/second", SEED, 201)
    assert (made["campaigns"], made["users"]) == (1, ["ben"])


def test_an_empty_seed_is_a_center_with_nothing_in_it(steering: Steering) -> None:
    made = steering.put(f"{BASE}/centers/second", {}, 201)
    assert (made["campaigns"], made["users"]) == (0, [])


def test_two_centers_do_not_touch_each_other(steering: Steering) -> None:
    other = f"{BASE}/centers/other"
    steering.put(other, status=201)
    before = steering.get(f"{DEFAULT}/seed")
    steering.post(f"{other}/campaigns/1/contacts", {"first_name": "New"}, 201)
    steering.patch(f"{other}/campaigns/2", {"status": "Closed"})
    steering.put(f"{other}/clock", {"now": "2030-01-01T00:00:00Z"})
    steering.patch(f"{other}/profile", {"limit_seconds": 5})
    steering.put(f"{other}/administrators/anna", {"password": "other"}, 204)
    steering.post(f"{other}/faults", {"do": {"kind": "reset"}}, 201)
    steering.post(f"{other}/timeline", {"after": 5, "do": {"kind": "log-off", "username": "anna"}}, 201)
    steering.put(f"{other}/snapshots/one", status=204)
    assert steering.get(f"{DEFAULT}/seed") == before
    assert steering.get(f"{DEFAULT}/snapshots") == []
    assert steering.get(f"{other}/seed") != before
    steering.delete(other)
    assert steering.get(other, 404)["detail"] == "no center is named 'other'; create it first"
    assert steering.get(f"{DEFAULT}/seed") == before


def test_a_name_that_is_taken_is_a_conflict(steering: Steering) -> None:
    assert "is there already" in steering.put(DEFAULT, status=409)["detail"]


def test_a_name_that_no_center_can_have_is_refused(steering: Steering) -> None:
    assert "letters, digits" in steering.put(f"{BASE}/centers/a%20b", status=422)["detail"]


def test_the_default_center_stays(steering: Steering) -> None:
    assert "reset it instead" in steering.delete(DEFAULT, 409)["detail"]
    steering.get(DEFAULT)


def test_a_reset_goes_back_to_the_start(steering: Steering) -> None:
    before = steering.get(f"{DEFAULT}/seed")
    steering.delete(f"{DEFAULT}/campaigns/1")
    steering.post(f"{DEFAULT}/reset", status=204)
    assert steering.get(f"{DEFAULT}/seed") == before


@pytest.mark.parametrize("format_", ["json", "yaml", "toml"])
def test_a_seed_that_was_exported_makes_the_same_center_in_every_format(steering: Steering, format_: str) -> None:
    exported = steering.send("GET", f"{DEFAULT}/seed?format={format_}")
    assert exported.content_type == f"application/{format_}"
    assert parse_seed(exported.get_data(), format_) == steering.world.export()
    steering.put(f"{BASE}/centers/empty", {}, 201)
    loaded = steering.send(
        "PUT", f"{BASE}/centers/empty/seed", data=exported.get_data(), content_type=exported.content_type
    )
    assert json.loads(loaded.get_data())["contacts"] == 2
    again = steering.send("GET", f"{BASE}/centers/empty/seed?format={format_}")
    assert again.get_data() == exported.get_data()


def test_everything_wrong_with_a_seed_is_told_by_place_and_nothing_changes(steering: Steering) -> None:
    before = steering.get(f"{DEFAULT}/seed")
    wrong = {"campaigns": [{"campaign_id": "7", "name": "Seven"}, {"campaign_id": 8}], "camp": 1}
    errors = steering.errors("PUT", f"{DEFAULT}/seed", wrong)
    assert errors["campaigns[0].campaign_id"].endswith("leave the quotes out")
    assert errors["campaigns[1].name"].startswith("is missing")
    assert "campaigns" in errors["camp"]
    assert steering.get(f"{DEFAULT}/seed") == before


@pytest.mark.parametrize("path", [f"{DEFAULT}/seed", f"{BASE}/centers/second"])
def test_a_seed_from_elsewhere_cannot_name_files(steering: Steering, path: str) -> None:
    wrong = {"campaigns": [{"campaign_id": 7, "name": "Seven", "contacts_file": "/etc/passwd"}]}
    assert list(steering.errors("PUT", path, wrong)) == ["campaigns[0].contacts_file"]
    assert steering.worlds.names() == ["default"]


@pytest.mark.parametrize(
    ("format_", "text", "line"),
    [("json", b'{\n"a": }', "line 2"), ("yaml", b"a: 1\n  b: [", "line 2"), ("toml", b"a = 1\nb = ", "line 2")],
)
def test_a_seed_that_cannot_be_read_is_told_with_its_line(
    steering: Steering, format_: str, text: bytes, line: str
) -> None:
    answer = steering.send("PUT", f"{DEFAULT}/seed", data=text, content_type=f"application/{format_}")
    assert answer.status_code == 400
    assert line in json.loads(answer.get_data())["detail"]


def test_snapshots_are_saved_restored_and_dropped(steering: Steering) -> None:
    snapshots = f"{DEFAULT}/snapshots"
    steering.put(f"{snapshots}/before", status=204)
    steering.delete(f"{DEFAULT}/campaigns/1")
    steering.put(f"{snapshots}/after", status=204)
    assert steering.get(snapshots) == ["before", "after"]
    steering.post(f"{snapshots}/before/restore", status=204)
    assert steering.get(DEFAULT)["campaigns"] == 2
    steering.delete(f"{snapshots}/before")
    assert steering.get(snapshots) == ["after"]
    assert "no snapshot is named" in steering.post(f"{snapshots}/before/restore", status=404)["detail"]
    steering.delete(f"{snapshots}/before", 404)
    steering.put(f"{snapshots}/-", status=422)


def test_health_is_that_a_login_works() -> None:
    health = Steering().get(f"{BASE}/health")
    assert (health["status"], health["milliseconds"] >= 0) == ("ok", True)


def test_ill_health_is_told_with_its_reason() -> None:
    def check_soap() -> None:
        raise SetupError("a login as anna was refused")

    assert Steering(check_soap=check_soap).get(f"{BASE}/health", 503)["detail"] == "a login as anna was refused"
