"""Sessions, administrators, skillsets, disposition codes and the profile, over HTTP."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from fake_ccmm.errors import REFUSALS, SessionExpired
from fake_ccmm.profile import Profile, Wording, choices

from .steering import DEFAULT, Steering

PROFILE = f"{DEFAULT}/profile"
CLASHING = [one.name for one in choices() if one.name in REFUSALS]


def test_sessions_are_shown_without_their_keys(steering: Steering) -> None:
    key = steering.center.log_in("anna", "tulip")
    steering.world.clock.advance(30)
    assert steering.get(f"{DEFAULT}/sessions") == [{"username": "anna", "expired": False, "idle_seconds": 30.0}]
    assert key not in str(steering.get(f"{DEFAULT}/sessions"))


def test_a_session_expires_or_ends(steering: Steering) -> None:
    key = steering.center.log_in("anna", "tulip")
    steering.post(f"{DEFAULT}/sessions/anna/expire", status=204)
    with pytest.raises(SessionExpired):
        steering.center.get_campaigns(key)
    assert steering.get(f"{DEFAULT}/sessions")[0]["expired"]
    steering.delete(f"{DEFAULT}/sessions/anna")
    steering.delete(f"{DEFAULT}/sessions/anna", 404)
    steering.post(f"{DEFAULT}/sessions/anna/expire", status=404)
    steering.center.log_in("anna", "tulip")


def test_somebody_may_log_in_from_now_on(steering: Steering) -> None:
    steering.put(f"{DEFAULT}/administrators/zo%C3%AB%20b", {"password": "pässword"}, 204)
    steering.center.log_in("zoë b", "pässword")
    steering.put(f"{DEFAULT}/administrators/root", {"password": "x", "base_install": True}, 204)
    shown = steering.get(f"{DEFAULT}/administrators")
    assert [(one["username"], one["base_install"]) for one in shown[2:]] == [("zoë b", False), ("root", True)]
    assert "password" not in shown[0]


@pytest.mark.parametrize(
    ("username", "body", "place"),
    [
        ("ben", {}, "password"),
        ("ben", {"password": 7}, "password"),
        ("ben", {"password": "x", "admin": True}, "admin"),
        ("%01", {"password": "x"}, "username"),
        ("ben", {"password": "x", "base_install": 1}, "base_install"),
    ],
)
def test_who_cannot_be_an_administrator_is_refused(steering: Steering, username: str, body: Any, place: str) -> None:
    assert list(steering.errors("PUT", f"{DEFAULT}/administrators/{username}", body)) == [place]
    assert len(steering.get(f"{DEFAULT}/administrators")) == 2


def test_skillsets_are_added_and_renamed(steering: Steering) -> None:
    assert steering.put(f"{DEFAULT}/skillsets/12", {"name": "Care"}) == {"skillset_id": 12, "name": "Care"}
    steering.put(f"{DEFAULT}/skillsets/11", {"name": "More Sales", "skillset_id": 11})
    assert [one["name"] for one in steering.get(f"{DEFAULT}/skillsets")] == ["More Sales", "Care"]
    assert (
        "the path says 11"
        in steering.errors("PUT", f"{DEFAULT}/skillsets/11", {"name": "x", "skillset_id": 1})["skillset_id"]
    )


def test_disposition_codes_are_added_and_changed(steering: Steering) -> None:
    codes = f"{DEFAULT}/disposition-codes"
    steering.put(f"{codes}/102", {"name": "Busy", "retry_timeout": 5})
    shown = steering.get(codes)
    assert [(one["disposition_code_id"], one["name"], one["retry_timeout"]) for one in shown] == [
        (101, "Sold", 0),
        (102, "Busy", 5),
    ]
    assert list(steering.errors("PUT", f"{codes}/102", {"name": "Busy", "retry": 5})) == ["retry"]
    assert list(steering.errors("PUT", f"{codes}/102", [])) == [""]


def test_the_profile_is_shown_with_every_choice(steering: Steering) -> None:
    shown = steering.get(PROFILE)
    assert shown["limit_seconds"] == 1.0
    assert "too_soon" not in shown
    assert steering.put(PROFILE, shown) == shown


def test_some_choices_are_changed_and_the_rest_stays(steering: Steering) -> None:
    steering.patch(PROFILE, {"limit_seconds": 5, "too_soon": {"number": 7, "text": "wait"}})
    shown = steering.patch(PROFILE, {"limit_answer": "delay", "too_soon": {"code": "Server"}})
    assert (shown["limit_seconds"], shown["limit_answer"]) == (5.0, "delay")
    assert shown["too_soon"] == {"number": 7, "code": "Server", "text": "wait"}
    assert steering.center.profile.limit_answer == "delay"
    assert "too_soon" not in steering.put(PROFILE, {"find_cap": 3})
    assert (steering.get(PROFILE)["limit_seconds"], steering.get(PROFILE)["find_cap"]) == (1.0, 3)


@pytest.mark.parametrize("refusal", CLASHING)
def test_a_choice_is_shown_beside_the_wording_of_the_refusal_that_has_its_name(
    steering: Steering, refusal: str
) -> None:
    other = next(one.alternatives[-1] for one in choices() if one.name == refusal)
    wording = {f"{refusal}.number": 7, f"{refusal}.text": "no such thing"}
    chosen = {refusal: other, **wording, "too_soon": {"text": "wait"}}
    shown = steering.put(PROFILE, chosen)
    assert {name: shown[name] for name in chosen} == chosen
    profile = steering.center.profile
    assert (getattr(profile, refusal), profile.wordings[refusal]) == (other, Wording(7, None, "no such thing"))
    assert steering.get(PROFILE) == shown
    assert steering.put(PROFILE, shown) == shown
    assert steering.patch(PROFILE, {"find_cap": 3}) == shown | {"find_cap": 3}
    assert steering.center.profile == replace(profile, find_cap=3)
    changed = steering.patch(PROFILE, {refusal: {"number": 8}})
    assert changed == shown | {"find_cap": 3, f"{refusal}.number": 8}


def test_a_wording_that_says_nothing_is_not_shown(steering: Steering) -> None:
    steering.center.set_profile(Profile(wordings={"too_soon": Wording(), "unknown_campaign": Wording()}))
    shown = steering.get(PROFILE)
    assert "too_soon" not in shown
    assert steering.put(PROFILE, shown) == shown


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"limit_second": 1}, "limit_second"),
        ({"limit_answer": "never"}, "limit_answer"),
        ({"limit_seconds": "1"}, "limit_seconds"),
        ({"limit_seconds": -1}, "limit_seconds"),
        ({"too_soon": {"code": "Me"}}, "too_soon.code"),
        ({"limit_seconds": {}}, "limit_seconds"),
        ([], ""),
    ],
)
def test_what_is_no_choice_is_refused(steering: Steering, method: str, body: Any, place: str) -> None:
    assert list(steering.errors(method, PROFILE, {"find_cap": 9, **body} if body else body)) == [place]
    assert steering.get(PROFILE)["find_cap"] == 0
