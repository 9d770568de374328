"""Fault rules as data: what JSON can say, what makes no sense, and how a rule reads in one line."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from fake_ccmm.calls import OPERATIONS, CallPattern
from fake_ccmm.errors import SetupError
from fake_ccmm.faults import (
    Action,
    CampaignCloses,
    ContentType,
    Delay,
    Empty,
    ExpireSession,
    FaultRule,
    Fixed,
    Garbage,
    HttpError,
    RejectKey,
    Reset,
    SecondLogin,
    Slow,
    SoapFaultAction,
    TooSoonAction,
    Truncate,
    Uniform,
    check_rule,
    describe,
    is_carried_out,
    layer_of,
    operations_of,
)
from fake_ccmm.kinds import kind_of, members

RULES: TypeAdapter[FaultRule] = TypeAdapter(FaultRule)
ONE_OF_EACH: list[Action] = [
    Reset(),
    Empty(),
    Truncate(),
    Garbage(),
    Slow(100),
    Delay(Fixed(1)),
    HttpError(),
    ContentType(),
    SoapFaultAction("Database is down"),
    ExpireSession(),
    SecondLogin(),
    TooSoonAction(),
    CampaignCloses(),
    RejectKey(),
]
each_action = pytest.mark.parametrize("action", ONE_OF_EACH, ids=kind_of)


def test_there_is_an_example_of_each_action() -> None:
    assert [type(one) for one in ONE_OF_EACH] == list(members(Action))


@each_action
def test_a_rule_read_from_its_own_json_is_the_same_rule(action: Action) -> None:
    when = CallPattern(user="Ada", arguments={"contact": {"first_name": "Zoë"}, "campaign_id": 7})
    rule = FaultRule(name="a", when=when, skip=1, every=2, rate=0.5, budget=9, do=action, matched=4, struck=1)
    text = RULES.dump_json(rule)
    assert RULES.validate_json(text, strict=True) == rule
    assert json.loads(text)["do"]["kind"] == kind_of(action)


def test_json_says_no_more_than_it_has_to() -> None:
    text = """{"do": {"kind": "delay", "distribution": {"kind": "uniform", "lowest": 0.1, "highest": 1}}}"""
    assert RULES.validate_json(text, strict=True) == FaultRule(do=Delay(Uniform(0.1, 1.0)))
    text = """{"when": {"operation": "CloseContact"}, "nth": 3, "do": {"kind": "reset"}}"""
    expected = FaultRule(when=CallPattern("CloseContact"), nth=3, do=Reset())
    assert RULES.validate_json(text, strict=True) == expected


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ('{"do": {}}', ("do",), "Unable to extract tag"),
        ('{"do": {"kind": "rest"}}', ("do",), "expected tags: 'reset'"),
        ('{"do": {"kind": "reset", "carried": true}}', ("do", "reset", "carried"), "Unexpected keyword"),
        ('{"do": {"kind": "slow"}}', ("do", "slow", "bytes_per_second"), "Field required"),
        ('{"do": {"kind": "http-error", "status": "503"}}', ("do", "http-error", "status"), "valid integer"),
        ('{"do": {"kind": "reset"}, "nht": 3}', ("nht",), "Unexpected keyword"),
        ('{"nth": 3}', ("do",), "required"),
    ],
)
def test_a_mistake_in_json_is_named_once_and_where_it_is(text: str, where: tuple[str, ...], message: str) -> None:
    with pytest.raises(ValidationError, match=message) as caught:
        RULES.validate_json(text, strict=True)
    assert [error["loc"] for error in caught.value.errors()] == [where]


def test_the_json_schema_tells_actions_and_distributions_apart_by_their_kind() -> None:
    schema = RULES.json_schema()
    action, distribution = schema["properties"]["do"], schema["$defs"]["Delay"]["properties"]["distribution"]
    assert action["discriminator"]["propertyName"] == "kind"
    assert set(action["discriminator"]["mapping"]) == {kind_of(one) for one in ONE_OF_EACH}
    assert set(distribution["discriminator"]["mapping"]) == {"fixed", "uniform", "normal", "log-normal", "exponential"}
    for name in [*action["discriminator"]["mapping"].values(), *distribution["discriminator"]["mapping"].values()]:
        member = schema["$defs"][name.rpartition("/")[2]]
        assert "kind" in member["required"]
        assert member["additionalProperties"] is False
        assert member["description"]


@each_action
def test_a_rule_that_does_it_to_any_call_makes_sense(action: Action) -> None:
    check_rule(FaultRule(do=action))
    check_rule(FaultRule(name="A-1_b.c", skip=0, every=1, rate=1, budget=1, do=action, matched=3, struck=2))


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ({"rate": 0}, "rate is above 0 and at most 1"),
        ({"rate": 1.01}, "rate is above 0 and at most 1"),
        ({"rate": float("nan")}, "rate is above 0 and at most 1"),
        ({"rate": float("inf")}, "rate is above 0 and at most 1"),
        ({"rate": True}, "rate is above 0"),
        ({"rate": "0.5"}, "rate is above 0"),
        ({"nth": 0}, "nth is a whole number from 1 up, not 0"),
        ({"nth": 1.0}, "nth is a whole number from 1 up, not 1.0"),
        ({"every": 0}, "every is a whole number from 1 up"),
        ({"every": True}, "every is a whole number from 1 up"),
        ({"nth": 1, "every": 2}, "nth strikes one call only .* leave one of the two out"),
        ({"budget": 0}, "budget is a whole number from 1 up"),
        ({"skip": -1}, "skip is a whole number from 0 up"),
        ({"matched": -1}, "matched is a whole number from 0 up"),
        ({"struck": -1}, "struck is a whole number from 0 up"),
        ({"matched": 1, "struck": 2}, "struck is at most matched"),
        ({"when": None}, "when is a CallPattern"),
        ({"when": CallPattern("CloseContat")}, "no operation is called 'CloseContat'; did you mean 'CloseContact'"),
        ({"when": CallPattern("GetCampaigns", arguments={"contact_id": 7})}, "GetCampaigns does not have an argument"),
        ({"do": None}, "do is one of reset, empty, .*, not None"),
        ({"do": Reset(kind="empty")}, "the kind of Reset is reset, not 'empty'"),  # type: ignore[arg-type]
        ({"do": Reset(carried_out=1)}, "carried_out is true or false"),  # type: ignore[arg-type]
        ({"do": Truncate(1.0)}, "fraction is from 0 to below 1"),
        ({"do": Truncate(-0.1)}, "fraction is from 0 to below 1"),
        ({"do": Truncate(float("nan"))}, "fraction is from 0 to below 1"),
        ({"do": Truncate(bytes=-1)}, "bytes is a whole number from 0 up"),
        ({"do": Garbage(0)}, "bytes is a whole number from 1 to 16777216"),
        ({"do": Garbage(10**12)}, "bytes is a whole number from 1 to 16777216"),
        ({"do": Garbage(keep_head="no")}, "keep_head is true or false"),  # type: ignore[arg-type]
        ({"do": Slow(0)}, "bytes_per_second is a number from 0.01 up, not 0"),
        ({"do": Slow(float("inf"))}, "bytes_per_second is a number from 0.01 up"),
        ({"do": HttpError(399)}, "status is a whole number from 400 to 599"),
        ({"do": HttpError(600)}, "status is a whole number from 400 to 599"),
        ({"do": HttpError(503.0)}, "status is a whole number from 400 to 599"),  # type: ignore[arg-type]
        ({"do": ContentType("")}, "content_type is one line of Latin-1 characters"),
        ({"do": ContentType("text/html\r\nX-Evil: 1")}, "content_type is one line"),
        ({"do": ContentType("text/html\n")}, "content_type is one line"),
        ({"do": ContentType("text/žluť")}, "content_type is one line"),
        ({"do": ContentType("text/\x7fhtml")}, "content_type is one line"),
        ({"do": SoapFaultAction("")}, "text is what the fault says, and not empty"),
        ({"do": SoapFaultAction(" \n")}, "text is what the fault says, and not empty"),
        ({"do": SoapFaultAction("a\x00b")}, r"text holds U\+0000, which XML cannot carry; leave it out"),
        ({"do": SoapFaultAction("\ud800")}, r"text holds U\+D800, which XML cannot carry"),
        ({"do": SoapFaultAction("a", number=True)}, "number is a whole number"),
        ({"do": SoapFaultAction("a", number=1 << 63)}, "number is a whole number"),
        ({"do": SoapFaultAction("a", code="Sender")}, "code is Client or Server, not 'Sender'"),  # type: ignore[arg-type]
        ({"do": CampaignCloses("Running")}, "status is one of Closed, Completed, Cancelled, not 'Running'"),  # type: ignore[arg-type]
        ({"do": CampaignCloses(campaign_id="7")}, "campaign_id is a whole number"),  # type: ignore[arg-type]
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_what_would_be_right(settings: dict[str, Any], wrong: str) -> None:
    rule = FaultRule(**{"do": Reset(), **settings})
    with pytest.raises(SetupError, match=f"^fault rule: {wrong}"):
        check_rule(rule)


@pytest.mark.parametrize("name", ["a b", "ä", "a/b", "a\n", "x" * 65, "²", None, 7])
def test_a_name_has_plain_letters_only(name: Any) -> None:
    with pytest.raises(SetupError, match="a name has up to 64 letters"):
        check_rule(FaultRule(name=name, do=Reset()))


def test_the_message_names_the_rule() -> None:
    with pytest.raises(SetupError, match=r"^fault rule lost-answer: nth is"):
        check_rule(FaultRule(name="lost-answer", nth=0, do=Reset()))


def test_something_else_than_a_rule_is_refused() -> None:
    something: Any = {"do": "reset"}
    with pytest.raises(SetupError, match="has to be a FaultRule"):
        check_rule(something)


KEYED = set(OPERATIONS) - {"OutboundLogin", "OutboundLogoff"}
APPLIES: list[tuple[Action, set[str]]] = [
    (SecondLogin(), {"OutboundLogin"}),
    (TooSoonAction(), {"AppendContactsToCampaign", "CloseContact"}),
    (ExpireSession(), KEYED),
    (RejectKey(), KEYED),
    (CampaignCloses(), KEYED - {"GetCampaigns"}),
    (CampaignCloses(campaign_id=7), set(OPERATIONS)),
]


@pytest.mark.parametrize(("action", "allowed"), APPLIES)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_the_center_does_can_happen_to_some_operations_only(
    action: Action, allowed: set[str], operation: str
) -> None:
    rule = FaultRule(when=CallPattern(operation), do=action)
    if operation in allowed:
        check_rule(rule)
    else:
        with pytest.raises(SetupError, match=f"{action.kind} cannot happen to {operation}; it can to") as caught:
            check_rule(rule)
        assert all(one in str(caught.value) for one in allowed)


@each_action
def test_what_happens_on_the_way_can_happen_to_any_request(action: Action) -> None:
    assert (operations_of(action) is None) == (layer_of(action) != "domain")


def test_each_action_belongs_to_a_layer() -> None:
    layers = [layer_of(one) for one in ONE_OF_EACH]
    assert layers == ["wire"] * 6 + ["http"] * 2 + ["soap"] + ["domain"] * 5


def test_the_contact_center_gets_the_call_unless_the_action_keeps_it() -> None:
    kept = {kind_of(one) for one in ONE_OF_EACH if not is_carried_out(one)}
    assert kept == {"http-error", "soap-fault"}
    assert not is_carried_out(Reset(carried_out=False))
    assert is_carried_out(HttpError(carried_out=True))


@pytest.mark.parametrize(
    ("rule", "line"),
    [
        (
            FaultRule(
                name="fault-1", when=CallPattern("CloseContact", arguments={"contact_id": 7}), every=3, do=Reset()
            ),
            "fault-1: reset after the call is carried out, at each 3rd CloseContact with contact_id=7",
        ),
        (FaultRule(do=Reset(carried_out=False)), "reset in place of carrying the call out, at each call"),
        (
            FaultRule(when=CallPattern(user="Ada"), nth=12, skip=2, do=Delay(Uniform(0.1, 0.5))),
            "delay of 0.1 to 0.5 seconds, at the 12th call of 'Ada' after the first 2",
        ),
        (
            FaultRule(rate=0.25, budget=5, do=CampaignCloses("Closed")),
            "the call's campaign becomes Closed, at each call, in 25% of the cases, 5 times at most",
        ),
        (FaultRule(nth=1, do=CampaignCloses(campaign_id=7)), "campaign 7 becomes Completed, at the 1st call"),
        (FaultRule(nth=22, do=Truncate(0.25)), "answer cut off at 25% after the call is carried out, at the 22nd call"),
        (FaultRule(do=Truncate(bytes=9)), "answer cut off at 9 bytes after the call is carried out, at each call"),
        (
            FaultRule(when=CallPattern("OutboundLogin", arguments={"password": "secret"}), do=SecondLogin()),
            "refused as already logged in, at each OutboundLogin with password=***",
        ),
    ],
)
def test_a_rule_reads_as_one_line(rule: FaultRule, line: str) -> None:
    check_rule(rule)
    assert describe(rule) == line


@each_action
def test_every_action_has_words_of_its_own(action: Action) -> None:
    line = describe(FaultRule(name="a", do=action))
    assert line.startswith("a: ")
    assert "\n" not in line
    assert line != "a: , at each call"


@each_action
def test_an_action_cannot_be_changed_and_knows_its_kind(action: Action) -> None:
    assert fields(action)[0].name == "kind"
    with pytest.raises(AttributeError):
        action.kind = "other"  # type: ignore[misc, assignment]
