"""Contacts are closed and asked for their status: which one is meant, and what stays with it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from fake_ccmm.errors import (
    SERVER,
    ContactAlreadyClosed,
    DispositionCodeNotLinked,
    TooSoon,
    UnknownContact,
)
from fake_ccmm.model import Closure, ContactStatus, CustomField

from .world import BUSY, LOST, SOLD, START, World, person

A1 = CustomField("Account", "A1")


def statuses(world: World, campaign_id: int = 1) -> list[ContactStatus]:
    return [one.status for one in world.center.contacts(campaign_id)]


NEW, CLOSED = ContactStatus.NEW, ContactStatus.CLOSED


@pytest.mark.rule("X1")
@pytest.mark.rule("X4")
def test_a_contact_is_closed_by_its_id(world: World) -> None:
    ids = [world.append(person(number)) for number in range(3)]
    assert world.close(ids[1]) == 1
    assert statuses(world) == [NEW, CLOSED, NEW]
    assert world.center.get_contact_status(world.key, 1, contact_id=ids[1]) is CLOSED


@pytest.mark.rule("X1")
def test_a_contact_is_closed_by_a_custom_field_and_the_id_is_then_ignored(world: World) -> None:
    first = world.append(person(1))
    world.append(person(2, account="A1"))
    assert world.close(first, custom_field=A1) == 1
    assert statuses(world) == [NEW, CLOSED]


@pytest.mark.rule("X1")
@pytest.mark.parametrize(
    "how",
    [
        {"contact_id": 0},
        {"contact_id": -1},
        {"contact_id": 3},
        {"contact_id": 2**63 - 1},
        {"custom_field": CustomField("Account", "A2")},
        {"custom_field": CustomField("Account", "a1")},
        {"custom_field": CustomField("Note", "A1")},
        {"custom_field": CustomField("Nothing", "A1")},
        {"custom_field": CustomField()},
        {"contact_id": 1, "custom_field": CustomField("Account", "")},
    ],
)
def test_a_contact_the_campaign_has_not_is_refused(world: World, how: dict[str, Any]) -> None:
    world.append(person(1, account="A1"))
    world.append(person(2))
    world.append(person(3, account="A2"), campaign_id=2)
    world.clock.advance(1)
    before = world.state()
    with pytest.raises(UnknownContact) as refused:
        world.center.close_contact(world.key, 1, **how)
    assert (refused.value.number, refused.value.code) == (2831, SERVER)
    with pytest.raises(UnknownContact):
        world.center.get_contact_status(world.key, 1, **how)
    assert world.state() == before


@pytest.mark.rule("X2")
@pytest.mark.parametrize("code", [LOST.disposition_code_id, SOLD.numeric_value, 0, -1, 2**62])
def test_a_disposition_code_of_another_campaign_or_none_at_all_is_refused(world: World, code: int) -> None:
    contact_id = world.append()
    before = world.state()
    with pytest.raises(DispositionCodeNotLinked, match=str(code)):
        world.center.close_contact(world.key, 1, contact_id=contact_id, disposition_code=code)
    assert world.state() == before
    world.append(campaign_id=2)


@pytest.mark.rule("X2")
@pytest.mark.parametrize("code", [SOLD, BUSY, None])
def test_a_linked_disposition_code_or_none_stays_with_the_contact(world: World, code: Any) -> None:
    contact_id = world.append()
    world.close(contact_id, disposition_code=None if code is None else code.disposition_code_id)
    closure = world.center.closure(1, contact_id)
    assert closure is not None
    assert closure.disposition_code == code


@pytest.mark.rule("X3")
@pytest.mark.parametrize("text", [None, "", "done", " שיחה <b>\r\n& 😀 ", "x" * 100_000])
def test_any_text_closes_and_stays_with_the_contact(world: World, text: str | None) -> None:
    contact_id = world.append()
    world.close(contact_id, text=text, disposition_code=101)
    assert world.center.closure(1, contact_id) == Closure(START + timedelta(seconds=2), text, SOLD)


@pytest.mark.rule("X4")
def test_a_contact_that_is_closed_cannot_be_closed_again(world: World) -> None:
    contact_id = world.append(person(account="A1"))
    world.close(contact_id, text="first")
    world.clock.advance(1)
    before = world.state()
    hows: list[dict[str, Any]] = [{"contact_id": contact_id}, {"custom_field": A1}]
    for how in hows:
        with pytest.raises(ContactAlreadyClosed):
            world.center.close_contact(world.key, 1, text="second", disposition_code=101, **how)
    assert world.state() == before


@pytest.mark.rule("X4")
@pytest.mark.parametrize("status", [one for one in ContactStatus if one is not CLOSED])
def test_a_contact_in_any_other_status_can_be_closed(world: World, status: ContactStatus) -> None:
    contact_id = world.append()
    world.center.set_contact_status(1, contact_id, status)
    world.close(contact_id)
    assert statuses(world) == [CLOSED]
    world.center.set_contact_status(1, contact_id, status)
    assert world.center.closure(1, contact_id) is None


@pytest.mark.rule("X5")
@pytest.mark.parametrize("seconds", [0, 0.5, 0.999999])
def test_a_second_close_within_the_second_is_refused(world: World, seconds: float) -> None:
    ids = [world.append(), world.append()]
    world.close(ids[0])
    world.clock.advance(seconds)
    before = world.state()
    with pytest.raises(TooSoon, match="CloseContact can only be called every 1 seconds"):
        world.center.close_contact(world.key, 1, contact_id=ids[1])
    assert world.state() == before
    world.clock.advance(1 - seconds)
    assert world.center.close_contact(world.key, 1, contact_id=ids[1]) == 1


@pytest.mark.rule("X5")
def test_a_refused_close_starts_no_new_second(world: World) -> None:
    contact_id = world.append()
    world.clock.advance(1)
    with pytest.raises(UnknownContact):
        world.center.close_contact(world.key, 1, contact_id=99)
    with pytest.raises(DispositionCodeNotLinked):
        world.center.close_contact(world.key, 1, contact_id=contact_id, disposition_code=0)
    assert world.center.close_contact(world.key, 1, contact_id=contact_id) == 1


@pytest.mark.rule("X5")
def test_an_append_after_a_close_is_not_too_soon(world: World) -> None:
    contact_id = world.append()
    world.close(contact_id)
    assert world.center.append_contact(world.key, 1, person()) == 1


@pytest.mark.rule("X6")
def test_of_several_matches_the_first_open_one_is_closed(world: World) -> None:
    for number in range(4):
        world.append(person(number, account="A1" if number else "A0"))
    expected = [NEW] * 4
    for row in (1, 2, 3):
        assert world.close(custom_field=A1) == 1
        expected[row] = CLOSED
        assert statuses(world) == expected
    with pytest.raises(ContactAlreadyClosed):
        world.close(custom_field=A1)


@pytest.mark.rule("T1")
@pytest.mark.parametrize("status", ContactStatus)
def test_the_status_is_found_by_id_or_by_custom_field(world: World, status: ContactStatus) -> None:
    world.append(person(1))
    contact_id = world.append(person(2, account="A1"))
    world.center.set_contact_status(1, contact_id, status)
    center, key = world.center, world.key
    assert center.get_contact_status(key, 1, contact_id=contact_id) is status
    assert center.get_contact_status(key, 1, contact_id=1, custom_field=A1) is status
    assert center.get_contact_status(key, 1, contact_id=10**9, custom_field=A1) is status


@pytest.mark.rule("T1")
def test_of_several_matches_the_status_is_that_of_the_first_even_when_closed(world: World) -> None:
    for number in range(2):
        world.append(person(number, account="A1"))
    world.close(custom_field=A1)
    assert world.center.get_contact_status(world.key, 1, custom_field=A1) is CLOSED
