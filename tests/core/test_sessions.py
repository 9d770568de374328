"""Who gets a session key, how long it is good, and what is refused without one."""

from __future__ import annotations

import random
import re
from string import ascii_letters, digits

import pytest

from fake_ccmm.errors import (
    CLIENT,
    AlreadyLoggedIn,
    InvalidLogin,
    InvalidSessionKey,
    LoginOnExpiredSession,
    SessionExpired,
)
from fake_ccmm.model import Administrator

from .world import ANNA, BEN, BUILT_IN, KEYED_CALLS, Call, World, open_world, person

TIMEOUT = 20 * 60
"""The default idle time in seconds."""


@pytest.fixture
def world() -> World:
    return open_world()


@pytest.mark.rule("S1")
def test_a_good_log_in_gives_ten_letters_or_digits_two_underscores_and_the_name(world: World) -> None:
    assert re.fullmatch(r"[A-Za-z0-9]{10}__ben", world.center.log_in("ben", "tulip"))


@pytest.mark.rule("S1")
def test_keys_use_the_whole_alphabet_and_do_not_follow_the_seedable_generator(world: World) -> None:
    keys = set()
    for _ in range(300):
        random.seed(1)
        keys.add(world.center.log_in("ben", "tulip"))
        world.center.log_off("ben")
    assert len(keys) == 300
    assert set("".join(key[:10] for key in keys)) == set(ascii_letters + digits)


@pytest.mark.rule("S1")
def test_an_administrator_added_later_can_log_in_whatever_the_name(world: World) -> None:
    world.center.add_administrator(Administrator("דנה__x", ""))
    assert world.center.log_in("דנה__x", "").endswith("__דנה__x")
    assert world.center.usernames() == ["anna", "דנה__x"]


@pytest.mark.rule("S2")
@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("ben", "Tulip"),
        ("ben", "tulip "),
        ("ben", ""),
        ("ben", None),
        ("ben", "\ud800"),
        ("ben", "päss & word"),
        ("Ben", "tulip"),
        (" ben", "tulip"),
        ("nobody", "tulip"),
        ("nobody", ""),
        ("nobody", None),
        ("", ""),
        (None, None),
        (None, "tulip"),
    ],
)
def test_a_wrong_name_or_password_is_refused_with_2800(
    world: World, username: str | None, password: str | None
) -> None:
    before = world.state()
    with pytest.raises(InvalidLogin) as refused:
        world.center.log_in(username, password)
    assert (refused.value.number, refused.value.code) == (2800, CLIENT)
    assert (username or "") in str(refused.value)
    assert world.state() == before


@pytest.mark.rule("S2")
def test_a_wrong_password_is_refused_as_wrong_even_while_the_user_is_logged_in_or_expired(world: World) -> None:
    for seconds in (0, TIMEOUT + 1):
        world.clock.advance(seconds)
        with pytest.raises(InvalidLogin):
            world.center.log_in("anna", "guess")


@pytest.mark.rule("S3")
@pytest.mark.parametrize("password", [BUILT_IN.password, "wrong", "", None])
def test_an_administrator_of_the_base_install_is_refused_like_a_wrong_password(
    world: World, password: str | None
) -> None:
    with pytest.raises(InvalidLogin) as refused:
        world.center.log_in(BUILT_IN.username, password)
    assert refused.value.number == 2800
    assert str(refused.value).replace(BUILT_IN.username, "X") == str(InvalidLogin(username="X"))
    assert world.center.usernames() == ["anna"]


@pytest.mark.rule("S4")
def test_a_second_log_in_is_refused_and_the_first_key_stays_good(world: World) -> None:
    with pytest.raises(AlreadyLoggedIn) as refused:
        world.center.log_in(ANNA.username, ANNA.password)
    assert (refused.value.number, refused.value.code) == (2801, CLIENT)
    assert str(refused.value) == "An Application administrator with user ID anna is already logged in"
    assert world.center.get_campaigns(world.key)


@pytest.mark.rule("S4")
def test_users_do_not_stand_in_each_others_way(world: World) -> None:
    other = world.center.log_in(BEN.username, BEN.password)
    assert world.center.get_campaigns(other) == world.center.get_campaigns(world.key)
    assert world.center.usernames() == ["anna", "ben"]
    assert [world.center.username_of(key) for key in (world.key, other, "x", None)] == ["anna", "ben", None, None]


@pytest.mark.rule("S5")
def test_a_log_off_needs_no_key_and_destroys_that_users_key_alone(world: World) -> None:
    other = world.center.log_in(BEN.username, BEN.password)
    world.center.log_off("anna")
    assert world.center.usernames() == ["ben"]
    assert world.center.username_of(world.key) is None
    with pytest.raises(InvalidSessionKey):
        world.center.get_campaigns(world.key)
    assert world.center.get_campaigns(other)


@pytest.mark.rule("S5")
@pytest.mark.parametrize("username", ["ben", "nobody", "webadmin", "Anna", "", None])
def test_a_log_off_of_a_user_who_is_not_logged_in_does_nothing(world: World, username: str | None) -> None:
    before = world.state()
    world.center.log_off(username)
    assert world.state() == before
    assert world.center.get_campaigns(world.key)


@pytest.mark.rule("S6")
def test_after_a_log_off_the_user_gets_another_key_and_the_old_one_stays_dead(world: World) -> None:
    world.center.log_off("anna")
    key = world.center.log_in(ANNA.username, ANNA.password)
    assert key != world.key
    assert world.center.get_campaigns(key)
    with pytest.raises(InvalidSessionKey):
        world.center.get_campaigns(world.key)


@pytest.mark.rule("S7")
@pytest.mark.parametrize("call", KEYED_CALLS.values(), ids=KEYED_CALLS)
@pytest.mark.parametrize("bad", ["missing", "empty", "unknown", "destroyed", "other case", "with a blank", "name only"])
def test_every_other_operation_is_refused_without_a_live_key(world: World, call: Call, bad: str) -> None:
    world.append(person(1))
    world.clock.advance(1)
    destroyed = world.center.log_in("ben", "tulip")
    world.center.log_off("ben")
    keys = {
        "missing": None,
        "empty": "",
        "unknown": "AAAAAAAAAA__anna",
        "destroyed": destroyed,
        "other case": world.key.swapcase(),
        "with a blank": world.key + " ",
        "name only": "anna",
    }
    before = world.state()
    with pytest.raises(InvalidSessionKey) as refused:
        call(world.center, keys[bad], 1)
    assert (refused.value.number, refused.value.code) == (2805, CLIENT)
    assert str(refused.value) == "Access Denied - Validation of session key failed"
    assert world.state() == before


@pytest.mark.rule("S7")
@pytest.mark.parametrize("call", KEYED_CALLS.values(), ids=KEYED_CALLS)
def test_the_key_is_looked_at_before_anything_else(world: World, call: Call) -> None:
    with pytest.raises(InvalidSessionKey):
        call(world.center, "", 99)


@pytest.mark.rule("S8")
@pytest.mark.parametrize("call", KEYED_CALLS.values(), ids=KEYED_CALLS)
def test_a_session_left_idle_expires_for_every_operation(world: World, call: Call) -> None:
    world.append(person(1))
    world.clock.advance(TIMEOUT + 0.000001)
    before = world.state()
    for _ in range(2):
        with pytest.raises(SessionExpired, match="Expired"):
            call(world.center, world.key, 1)
    assert world.state() == before


@pytest.mark.rule("S8")
@pytest.mark.parametrize("call", KEYED_CALLS.values(), ids=KEYED_CALLS)
def test_every_operation_starts_the_idle_time_anew(world: World, call: Call) -> None:
    world.append(person(1))
    for _ in range(2):
        world.clock.advance(TIMEOUT)
        world.center.get_campaigns(world.key)
    world.clock.advance(TIMEOUT)
    call(world.center, world.key, 1)
    world.clock.advance(TIMEOUT)
    assert world.center.get_campaigns(world.key)


@pytest.mark.rule("S8")
def test_only_the_session_that_was_idle_expires(world: World) -> None:
    world.clock.advance(TIMEOUT / 2)
    other = world.center.log_in("ben", "tulip")
    world.clock.advance(TIMEOUT / 2 + 1)
    with pytest.raises(SessionExpired):
        world.center.get_campaigns(world.key)
    assert world.center.get_campaigns(other)


@pytest.mark.rule("S8")
def test_after_expiry_a_log_in_is_refused_until_the_log_off(world: World) -> None:
    world.clock.advance(TIMEOUT + 1)
    for _ in range(2):
        with pytest.raises(LoginOnExpiredSession, match="Expired") as refused:
            world.center.log_in(ANNA.username, ANNA.password)
    assert "anna" in str(refused.value)
    assert world.center.usernames() == ["anna"]
    world.center.log_off("anna")
    key = world.center.log_in(ANNA.username, ANNA.password)
    assert world.center.get_campaigns(key)
    with pytest.raises(InvalidSessionKey):
        world.center.get_campaigns(world.key)
