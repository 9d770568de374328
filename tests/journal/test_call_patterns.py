"""Patterns that pick calls out by operation, user and arguments."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_ccmm import calls
from fake_ccmm.calls import OPERATIONS, CallPattern
from fake_ccmm.errors import SetupError
from fake_ccmm.model import ContactStatus

from .recorded import APPENDED

WSDL = Path(__file__).parents[2] / "wsdl" / "sdk-7.0"
APPEND = "AppendContactsToCampaign"
ONE_ARGUMENT = [
    {"campaign_id": 26},
    {"contact": {"first_name": "Zoë"}},
    {"contact": {"phone_number": {"phone_no": "5550100"}}},
    {"contact": {"phone_number.phone_no": "5550100"}},
    {"contact.first_name": "Zoë"},
    {"contact.phone_number.phone_no": "5550100"},
    {"contact.phone_number": {"area_code": "2"}},
    {"contact": {"custom_fields": {"AccountNumber": "A-1"}}},
    {"contact.custom_fields": {"AccountNumber": "A-1", "v1.note": None}},
    {"contact.custom_fields.AccountNumber": "A-1"},
    {"contact.custom_fields.v1.note": None},
    {"contact": {"custom_fields": [{"name": "AccountNumber"}, {"text": None}]}},
    {"contact": {"title": None}},
    {"contact": {"email_address": None}},
    {"contact.address.line1": None},
    {"contact": {"address": {"line1": None}}},
    {"campaign_id": lambda number: number > 20},
    {"contact": {"first_name": lambda name: name.startswith("Z")}},
    {"contact": lambda contact: contact["priority"] == 0},
]
OTHER_ARGUMENT = [
    ({"campaign_id": 27}, ["campaign_id is 26, not 27"]),
    ({"campaign_id": "26"}, ["campaign_id is 26, not '26'"]),
    ({"campaign_id": 26.0}, ["campaign_id is 26, not 26.0"]),
    ({"contact": {"first_name": "Zoe"}}, ["contact.first_name is 'Zoë', not 'Zoe'"]),
    ({"contact.phone_number.phone_no": ""}, ["contact.phone_number.phone_no is '5550100', not ''"]),
    (
        {"contact": {"first_name": None, "phone_number": {"int_code": "1"}}},
        ["contact.first_name is 'Zoë', not None", "contact.phone_number.int_code is '972', not '1'"],
    ),
    (
        {"contact": {"custom_fields": {"AccountNumber": "A-2", "Other": "x"}}},
        ["contact.custom_fields.AccountNumber is 'A-1', not 'A-2'", "contact.custom_fields.Other is None, not 'x'"],
    ),
    (
        {"contact": {"custom_fields": [{"name": "Account"}, {}]}},
        ["contact.custom_fields[0].name is 'AccountNumber', not 'Account'"],
    ),
    ({"contact": {"address": {"line1": "1 High Street"}}}, ["contact.address.line1 is None, not '1 High Street'"]),
    ({"campaign_id": {"id": 26}}, ["campaign_id is 26, not {'id': 26}"]),
    ({"contact": {"custom_fields": []}}, None),
    ({"contact_id": 7}, ["contact_id was not given"]),
    ({"contact_id": None}, ["contact_id was not given"]),
    ({"contact_id": lambda number: True}, ["contact_id was not given"]),
    ({"campaign_id": str.isupper}, None),
    ({"campaign_id": lambda number: number > 26}, ["campaign_id is 26, which <lambda> does not accept"]),
    ({"campaign_id": lambda number: 1 // 0}, None),
]


def test_the_operations_are_those_of_the_services() -> None:
    wsdl = "".join(path.read_text("utf-8") for path in WSDL.glob("*.wsdl"))
    assert set(re.findall('<wsdl:operation name="(.+?)"', wsdl)) == set(OPERATIONS)


@pytest.mark.parametrize("expected", ONE_ARGUMENT)
def test_an_argument_that_is_as_expected_matches_and_has_no_differences(expected: dict[str, Any]) -> None:
    pattern = CallPattern(APPEND, arguments=expected)
    pattern.check()
    assert pattern.matches(APPEND, "ann", APPENDED)
    assert pattern.differences(APPEND, "ann", APPENDED) == []


@pytest.mark.parametrize(("expected", "differences"), OTHER_ARGUMENT)
def test_an_argument_that_is_another_does_not_match_and_says_how_it_differs(
    expected: dict[str, Any], differences: list[str] | None
) -> None:
    pattern = CallPattern(APPEND, arguments=expected)
    assert not pattern.matches(APPEND, "ann", APPENDED)
    found = pattern.differences(APPEND, "ann", APPENDED)
    assert len(found) == 1 if differences is None else found == differences


@pytest.mark.parametrize(("expected", "actual"), [(1, True), (True, 1), (0, False), (0, None), ("", None), (1, 1.0)])
def test_values_of_different_kinds_are_never_the_same(expected: Any, actual: Any) -> None:
    assert not CallPattern(arguments={"priority": expected}).matches(APPEND, None, {"priority": actual})


def test_a_status_equals_its_name() -> None:
    for expected, actual in [(ContactStatus.OPEN, "Open"), ("Open", ContactStatus.OPEN)]:
        assert CallPattern(arguments={"contact.status": expected}).matches(
            APPEND, None, {"contact": {"status": actual}}
        )


def test_an_error_in_a_predicate_is_a_difference_and_not_an_error() -> None:
    def is_large(number: int) -> bool:
        raise ValueError("cannot tell")

    pattern = CallPattern(arguments={"campaign_id": is_large})
    assert pattern.differences(APPEND, None, APPENDED) == [
        "campaign_id is 26, on which is_large raised ValueError('cannot tell')"
    ]


def test_a_pattern_without_conditions_matches_every_call_but_no_page() -> None:
    assert CallPattern().matches("GetCampaigns", None, {})
    assert not CallPattern().matches(None, None, {})
    assert CallPattern().differences(None, None, {}) == ["no operation was called"]


def test_operation_and_user_are_compared_before_the_arguments() -> None:
    def never_asked(value: Any) -> bool:
        raise AssertionError(value)

    pattern = CallPattern("CloseContact", "ann", {"contact_id": never_asked})
    assert not pattern.matches("GetCampaigns", "ann", {"contact_id": 1})
    assert not pattern.matches("CloseContact", "ben", {"contact_id": 1})
    assert pattern.differences("GetCampaigns", "ben", {})[:2] == [
        "operation is GetCampaigns, not CloseContact",
        "user is ben, not ann",
    ]


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (CallPattern("closeContact"), "did you mean 'CloseContact'"),
        (CallPattern("Dial"), "there are: OutboundLogin"),
        (CallPattern("CloseContact", arguments={"contactid": 7}), "did you mean 'contact_id'"),
        (CallPattern("GetCampaigns", arguments={"contact_id": 7}), "GetCampaigns does not have an argument"),
        (
            CallPattern(arguments={"ContactID": 7}),
            "no operation has an argument 'ContactID'; did you mean 'contact_id'",
        ),
        (CallPattern(APPEND, arguments={"contact": {"firstname": "Z"}}), "did you mean 'first_name'"),
        (CallPattern(APPEND, arguments={"contact.firstname": "Z"}), "did you mean 'first_name'"),
        (CallPattern(APPEND, arguments={"contact.phone_number.number": "Z"}), "phone_number has no field 'number'"),
        (CallPattern(APPEND, arguments={"contact": "Zoë"}), "contact has to be a mapping"),
        (CallPattern(APPEND, arguments={"contact.custom_fields": "A-1"}), "custom_fields has to be a mapping"),
        (CallPattern(APPEND, arguments={"contact.custom_fields": [{"value": "A-1"}]}), "no field 'value'"),
        (CallPattern(APPEND, arguments={"campaign_id.id": 7}), "campaign_id is a plain value"),
        (CallPattern("FindContactsByCustomField", arguments={"contact_status.nam": "Open"}), "did you mean 'name'"),
    ],
)
def test_a_pattern_that_can_match_nothing_is_refused_with_what_would_be_right(pattern: CallPattern, words: str) -> None:
    with pytest.raises(SetupError) as refused:
        pattern.check()
    assert words in str(refused.value)


def test_a_pattern_is_read_from_json_and_refuses_what_it_does_not_know() -> None:
    pydantic = pytest.importorskip("pydantic")
    adapter = pydantic.TypeAdapter(CallPattern)
    pattern = CallPattern("CloseContact", "ann", {"contact_id": 7})
    assert adapter.validate_json(adapter.dump_json(pattern)) == pattern
    with pytest.raises(pydantic.ValidationError):
        adapter.validate_json('{"op": "CloseContact"}')


VALUES = st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["", "0", "a"])
FIELDS = st.lists(st.fixed_dictionaries({"name": st.sampled_from("AB"), "text": VALUES}), max_size=2)
CONTACTS = st.none() | st.fixed_dictionaries(
    {}, optional={"title": VALUES, "phone_number": st.none() | st.fixed_dictionaries({}, optional={"phone_no": VALUES})}
)
CALLS = st.fixed_dictionaries({}, optional={"priority": VALUES, "contact": CONTACTS})


@given(expected=CALLS, actual=CALLS, fields=FIELDS, wanted=FIELDS | st.dictionaries(st.sampled_from("AB"), VALUES))
def test_there_are_differences_exactly_where_a_call_does_not_match(
    expected: dict[str, Any], actual: dict[str, Any], fields: list[Any], wanted: Any
) -> None:
    pattern = CallPattern(arguments={**expected, "contact.custom_fields": wanted})
    pattern.check()
    call = {**actual, "contact": {**(actual.get("contact") or {}), "custom_fields": fields}}
    assert pattern.matches(APPEND, None, call) == (not pattern.differences(APPEND, None, call))


@given(call=CALLS)
def test_a_call_matches_the_pattern_of_itself_whether_nested_or_dotted(call: dict[str, Any]) -> None:
    dotted = {f"contact.{name}": value for name, value in (call.get("contact") or {}).items()}
    assert CallPattern(arguments=call).matches(APPEND, None, call)
    assert CallPattern(arguments=dotted).matches(APPEND, None, call)


def test_long_values_are_shortened_in_words() -> None:
    assert calls.shown("x" * 500).endswith("…")
    assert len(calls.shown("x" * 500)) == 80
