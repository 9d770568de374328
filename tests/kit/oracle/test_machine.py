"""Walks over all ten operations: the oracle agrees with an honest server, and tells on a broken one."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from ccmm_contracts.answer import Answer, Returned
from ccmm_contracts.choices import Choices
from ccmm_contracts.errors import Unreachable
from ccmm_contracts.machine import play_walk, run_machine, start_walk, wander
from ccmm_contracts.operations import OPERATIONS
from ccmm_contracts.stage import Stage
from ccmm_contracts.steps import LONG, SMALL, StepMaker, world
from ccmm_contracts.target import ServerOptions, Target
from ccmm_contracts.walk import Walk, WalkBroken
from ccmm_contracts.worlds import MAIN
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_ccmm import FakeCcmm

from .broken_centers import BROKEN
from .center_stage import USERS, CenterStage
from .profiles import DEFAULTS, partly_known, profiles

pytestmark = pytest.mark.slow

STEPS = 30


def run(stage: CenterStage, *, seed: int = 1, examples: int = 30, shorten: bool = True) -> None:
    run_machine(stage.as_stage, seed=seed, examples=examples, steps=STEPS, shorten=shorten)


def broken(stage: CenterStage, *, shorten: bool = True) -> WalkBroken:
    """What the machine has against a server."""
    with pytest.raises(WalkBroken) as caught:
        run(stage, examples=150, shorten=shorten)
    return caught.value


# --- an honest server -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("choices", [DEFAULTS, {}], ids=["known", "unknown"])
def test_the_mock_does_what_the_oracle_expects(choices: dict[str, Any]) -> None:
    stage = CenterStage(choices=choices)
    run(stage)
    assert {name for name, answer in stage.calls if isinstance(answer, Returned)} == set(OPERATIONS)


@settings(max_examples=25)
@given(profiles(), st.integers(0, 1000), st.sampled_from((SMALL, LONG)))
def test_a_mock_of_any_profile_does_what_is_expected_of_it(profile: dict[str, Any], seed: int, name: str) -> None:
    stage = CenterStage(profile, profile)
    wander(start_walk(stage.as_stage, name), seed=seed, steps=STEPS)


@settings(max_examples=25)
@given(partly_known(), st.integers(0, 1000))
def test_a_mock_of_a_profile_that_is_known_in_part_is_never_blamed(
    profile_and_known: tuple[dict[str, Any], dict[str, Any]], seed: int
) -> None:
    profile, known = profile_and_known
    stage = CenterStage(profile, known)
    # A call within the second is tried even where nobody knows how it is answered, but for those that would be held.
    wander(start_walk(stage.as_stage, patient=profile["limit_answer"] == "delay"), seed=seed, steps=STEPS)


@settings(max_examples=25)
@given(profiles(), st.integers(0, 1000))
def test_a_mock_of_a_profile_that_is_not_known_is_never_blamed(profile: dict[str, Any], seed: int) -> None:
    stage = CenterStage({**profile, "limit_seconds": 1.0})
    wander(start_walk(stage.as_stage, patient=profile["limit_answer"] == "delay"), seed=seed, steps=STEPS)


def test_a_walk_comes_again_with_its_seed() -> None:
    def operations(seed: int) -> list[str]:
        stage = CenterStage(choices=DEFAULTS)
        run(stage, seed=seed, examples=3)
        return [name for name, _ in stage.calls]

    assert operations(5) == operations(5)
    assert operations(5) != operations(6)


# --- broken servers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_center_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    BROKEN[name](monkeypatch.setattr)
    broken(CenterStage(choices=DEFAULTS), shorten=False)


WITHOUT_ITS_CHOICES = [one for one in BROKEN if not one.startswith(("A4", "F1", "P3"))]


@pytest.mark.parametrize("name", WITHOUT_ITS_CHOICES[::4])
def test_a_broken_center_is_found_even_where_its_choices_are_not_known(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    BROKEN[name](monkeypatch.setattr)
    broken(CenterStage(), shorten=False)


@pytest.mark.parametrize(
    ("name", "most"),
    [
        ("X6: the last of several is closed", 2),
        ("A3: a contact that is there already is not added again", 3),
        ("S4: a second log-in throws the first one out", 2),
        ("P1: a page has 201 contacts", 1),
    ],
)
def test_a_story_is_short_and_plays_again(name: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    BROKEN[name](monkeypatch.setattr)
    stage = CenterStage(choices=DEFAULTS)
    found = broken(stage)
    assert len(found.steps) <= most, str(found)
    steps = json.loads(json.dumps(found.steps))
    with pytest.raises(WalkBroken) as again:
        play_walk(stage.as_stage, found.world, steps)
    assert again.value.story == found.story
    monkeypatch.undo()
    play_walk(CenterStage(choices=DEFAULTS).as_stage, found.world, steps)


def test_a_story_tells_each_step_and_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    BROKEN["X6: the last of several is closed"](monkeypatch.setattr)
    stage = CenterStage(choices=DEFAULTS)
    found = broken(stage)
    told = str(found)
    assert told.startswith(found.difference)
    assert "CloseContact(" in told
    assert all(line in told for line in found.story)
    secrets = [one.password for one in USERS]
    secrets += [
        answer.value for name, answer in stage.calls if name == "OutboundLogin" and isinstance(answer, Returned)
    ]
    assert not any(one in told + json.dumps(found.steps) for one in secrets)


def test_what_the_stage_remembers_is_the_shortest_story(monkeypatch: pytest.MonkeyPatch) -> None:
    BROKEN["N1: 0 when nobody has the number"](monkeypatch.setattr)
    with FakeCcmm() as ccmm, Target(ServerOptions(url=ccmm.url)) as target:
        stage = Stage(target)
        stage.begin()
        with pytest.raises(WalkBroken) as caught:
            run_machine(stage, seed=1, examples=30, steps=STEPS)
        operations = [getattr(one, "operation", None) for one in stage.steps]
    assert operations[-2:] == ["OutboundLogin", "GetContactIDByPhoneNumber"], caught.value


class _Silent(CenterStage):
    """A server that is gone after some calls."""

    def call(self, operation: str, *, soap: str = "1.1", **arguments: Any) -> Answer:
        if len(self.calls) > 20:
            self.calls.append((operation, Returned(None)))
            raise Unreachable("the server does not answer: start it")
        return super().call(operation, soap=soap, **arguments)


def test_a_server_that_is_gone_is_no_finding_and_is_not_called_again() -> None:
    stage = _Silent(choices=DEFAULTS)
    with pytest.raises(Unreachable, match="start it"):
        run(stage)
    assert len(stage.calls) == 22


def test_a_fault_of_the_kit_itself_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> str:
        raise ZeroDivisionError

    monkeypatch.setattr("ccmm_contracts.oracle.Oracle.judge", fails)
    with pytest.raises(ZeroDivisionError):
        run(CenterStage())


# --- steps ------------------------------------------------------------------------------------------------------------


def walk_of(stage: CenterStage | None = None) -> Walk:
    return start_walk((stage or CenterStage(choices=DEFAULTS)).as_stage)


ANN = {"user": 0, "key": "live"}


def test_a_step_whose_reference_has_nothing_behind_it_is_left_out() -> None:
    walk = walk_of()
    nowhere: list[dict[str, Any]] = [
        {"step": "get_status", "by": {"contact": 999}, "key": ANN},
        {"step": "close", "by": {"appended": 0}, "key": ANN},
        {"step": "log_in", "who": {"user": 7}},
        {"step": "expire", "who": {"user": 0}},
        {"step": "get_campaigns", "key": {"user": 0, "key": "former"}},
        {"step": "find_by_field", "campaign_id": MAIN, "field": {"contact": 0}, "key": ANN},
    ]
    walk.play(nowhere)
    assert walk.steps == []
    assert walk.story == []


def test_places_count_on_from_the_first_where_that_is_asked_for() -> None:
    walk = walk_of()
    assert walk.take({"step": "get_status", "by": {"contact": 1 + len(walk.oracle.contacts)}, "key": ANN}, wrap=True)
    assert walk.steps == [{"step": "get_status", "by": {"contact": 1}, "key": ANN}]


def test_a_step_that_there_is_not_is_an_error() -> None:
    with pytest.raises(ValueError, match="no step 'dance'"):
        walk_of().play([{"step": "dance"}])


def test_a_contact_that_was_appended_can_be_closed_once_it_was_seen() -> None:
    walk = walk_of()
    start = len(walk.oracle.contacts)
    append = StepMaker(walk).make("append", random.Random(3))
    append |= {"campaign_id": MAIN, "key": ANN, "look": False, "at_once": False}
    append["contact"] = {"contact": 0}
    close = {"step": "close", "by": {"contact": start}, "key": ANN}
    assert walk.take(append)
    assert not walk.take(close), "nobody has told its id"
    assert walk.take({"step": "get_pages", "campaign_id": MAIN, "key": ANN})
    assert walk.take(close)
    assert walk.oracle.contacts[start].statuses == {"Closed"}


@pytest.mark.parametrize("kind", ["read", "write", "move"])
def test_every_kind_of_step_can_be_made_and_written_to_a_file(kind: str) -> None:
    walk = walk_of()
    maker = StepMaker(walk)
    for number in range(300):
        one = maker.make(random.Random(number).choice(maker.kinds[kind]), random.Random(number))
        walk.take(one, wrap=True)
    assert json.loads(json.dumps(walk.steps)) == walk.steps


# --- servers that are no mocks ----------------------------------------------------------------------------------------


def no_mock(*, can_write: bool, name: str = SMALL) -> CenterStage:
    stage = CenterStage(is_mock=False, can_write=can_write)
    stage.become(world(name, USERS, {}))
    return stage


WRITES = {name for name, one in OPERATIONS.items() if one.writes}


@pytest.mark.parametrize("name", [SMALL, LONG])
def test_a_server_that_is_no_mock_is_only_read(name: str) -> None:
    stage = no_mock(can_write=False, name=name)
    before = stage.center.contacts(MAIN)
    for seed in range(2):
        run(stage, seed=seed, examples=3)
    assert not {operation for operation, _ in stage.calls} & WRITES
    assert stage.center.contacts(MAIN) == before
    assert stage.center.usernames() == []


def test_where_it_may_be_written_to_only_appended_contacts_are_closed_and_in_one_campaign() -> None:
    stage = no_mock(can_write=True)
    before = {
        one.details.campaign_id: stage.center.contacts(one.details.campaign_id) for one in stage.center.campaigns()
    }
    for seed in range(6):
        run(stage, seed=seed, examples=3)
    after = {number: stage.center.contacts(number) for number in before}
    assert {operation for operation, _ in stage.calls} >= WRITES
    assert len(after[MAIN]) > len(before[MAIN])
    assert after[MAIN][: len(before[MAIN])] == before[MAIN]
    assert {number: one for number, one in after.items() if number != MAIN} == {
        number: one for number, one in before.items() if number != MAIN
    }
    assert any(one.status.value == "Closed" for one in after[MAIN][len(before[MAIN]) :])


@pytest.mark.parametrize(
    "step",
    [
        {"step": "close", "by": {"contact": 0}},
        {"step": "close", "by": {"id": 1}},
        {"step": "close", "by": {"contact": 0, "field": 1}, "campaign_id": MAIN},
        {"step": "append", "campaign_id": MAIN + 1, "contact": {"contact": 0}},
    ],
)
def test_no_file_can_make_the_kit_touch_what_it_may_not(step: dict[str, Any]) -> None:
    stage = no_mock(can_write=True)
    walk = walk_of(stage)
    assert not walk.take({**step, "key": ANN})
    assert not {operation for operation, _ in stage.calls} & WRITES


def test_a_difference_on_a_server_that_is_no_mock_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    BROKEN["N1: 0 when nobody has the number"](monkeypatch.setattr)
    stage = no_mock(can_write=True)
    with pytest.raises(WalkBroken) as caught:
        run(stage, examples=30)
    assert caught.value.story[-1].count("GetContactIDByPhoneNumber") == 1
    last = [operation for operation, _ in stage.calls if operation != "OutboundLogoff"][-1]
    assert last == "GetContactIDByPhoneNumber"


# --- over HTTP --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "known", [lambda profile: Choices(profile), lambda profile: Choices()], ids=["known", "unknown"]
)
def test_the_machine_walks_over_http(known: Callable[[dict[str, Any]], Choices]) -> None:
    with FakeCcmm() as ccmm, Target(ServerOptions(url=ccmm.url)) as target:
        stage = Stage(target)
        stage.begin()
        assert stage.mock is not None
        stage.choices = known(stage.mock.profile())
        run_machine(stage, seed=7, examples=6, steps=STEPS)
        assert stage.calls > 100
