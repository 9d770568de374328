"""How a profile is made from settings, what is wrong with bad ones, and how refusals are worded."""

from __future__ import annotations

import math
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_ccmm.errors import REFUSALS, AlreadyLoggedIn, InvalidLogin, Refusal, SetupError, TooSoon
from fake_ccmm.model import CampaignStatus, ContactStatus
from fake_ccmm.profile import Choice, Profile, Wording, choices, load_profile, make_profile

from ..rules import RULES

CHOICES = {one.name: one for one in choices()}
OTHER_VALUES: dict[tuple[str, ...], list[Any]] = {
    ("whole number",): [0, 7, "12", 3.0, 2**31 - 1],
    ("number",): [0, 2.5, "0.25", "1e3", 7],
    ("true", "false"): [True, False, "true", "False", "TRUE"],
}
BAD_VALUES: dict[tuple[str, ...], list[Any]] = {
    ("whole number",): ["", "x", "1.5", 1.5, None, True, [], {}, math.inf, math.nan, "nan"],
    ("number",): ["", "x", "1,5", None, False, [], math.inf, -math.inf, math.nan, "inf", "nan", "1e999"],
    ("true", "false"): ["", "yes", "x", 1, 0, None, []],
}
NEVER_NEGATIVE = ("limit_seconds", "find_cap", "session_timeout")
DATA = {
    "username": "u",
    "operation": "CloseContact",
    "seconds": 1.0,
    "campaign_id": 5,
    "status": "Closed",
    "skillset_id": 6,
    "field_name": "f",
    "contact": "c",
    "disposition_code": 7,
}


def settings_of(choice: Choice) -> list[Any]:
    return OTHER_VALUES.get(choice.alternatives, list(choice.alternatives))


def as_itself(choice: Choice, value: Any) -> Any:
    """What the profile holds when a setting is given as ``value``."""
    if choice.alternatives == ("true", "false"):
        return str(value).lower() == "true"
    return {"whole number": int, "number": float}.get(choice.alternatives[0], str)(value)


def complaint(settings: dict[str, Any]) -> str:
    with pytest.raises(SetupError) as found:
        make_profile(settings)
    return str(found.value)


def test_no_settings_make_the_default_profile() -> None:
    assert make_profile({}) == Profile()
    assert {name: getattr(Profile(), name) for name in CHOICES} == {one.name: one.default for one in CHOICES.values()}


@pytest.mark.parametrize("choice", CHOICES.values(), ids=CHOICES)
def test_each_choice_has_a_default_that_is_allowed_its_rules_and_a_reason(choice: Choice) -> None:
    assert make_profile({choice.name: choice.default}) == Profile()
    assert choice.rules
    assert set(choice.rules.split()) <= RULES.keys()
    assert choice.reason


@pytest.mark.parametrize("choice", CHOICES.values(), ids=CHOICES)
def test_each_choice_takes_every_alternative_as_itself_or_as_text(choice: Choice) -> None:
    for value in settings_of(choice):
        made = getattr(make_profile({choice.name: value}), choice.name)
        assert made == as_itself(choice, value)
        assert type(made) is type(choice.default)


@pytest.mark.parametrize("choice", CHOICES.values(), ids=CHOICES)
def test_a_value_that_is_none_of_the_alternatives_is_refused_by_name_and_with_what_is_right(choice: Choice) -> None:
    for value in BAD_VALUES.get(choice.alternatives, ["", "Fault", "nonsense", None, 1, True, []]):
        message = complaint({choice.name: value})
        assert choice.name in message
        assert repr(value) in message
        assert all(word in message for word in choice.alternatives)


@pytest.mark.parametrize("name", NEVER_NEGATIVE)
@pytest.mark.parametrize("value", [-1, "-1"])
def test_some_numbers_cannot_be_negative(name: str, value: Any) -> None:
    message = complaint({name: value})
    assert name in message
    assert "0 or more" in message


@pytest.mark.parametrize(
    ("name", "limit"),
    [("limit_return_value", 2**31), ("campaign_status_id_running", 2**63), ("contact_status_id_new", 2**63)],
)
def test_a_number_that_the_wire_sends_must_fit_its_type_there(name: str, limit: int) -> None:
    assert make_profile({name: limit - 1}) == make_profile({name: str(limit - 1)})
    for value in (limit, -limit - 1):
        assert name in complaint({name: value})


@pytest.mark.parametrize("name", ["", "limits", "Limit_answer", "wordings", "__class__", "wording_of"])
def test_a_choice_nobody_knows_is_refused_by_name(name: str) -> None:
    message = complaint({name: "fault"})
    assert repr(name) in message
    assert "fake-ccmm profile" in message


@pytest.mark.parametrize("name", REFUSALS)
def test_number_code_and_text_of_every_refusal_can_be_replaced(name: str) -> None:
    refusal = REFUSALS[name](**DATA)
    own = Profile().wording_of(refusal)
    assert own == (REFUSALS[name].number, REFUSALS[name].code, str(refusal))
    other_code = "Server" if own[1] == "Client" else "Client"
    assert make_profile({f"{name}.number": "9"}).wording_of(refusal) == (9, own[1], own[2])
    assert make_profile({f"{name}.number": 0}).wording_of(refusal) == (0, own[1], own[2])
    assert make_profile({f"{name}.code": other_code}).wording_of(refusal) == (own[0], other_code, own[2])
    assert make_profile({f"{name}.text": "No."}).wording_of(refusal) == (own[0], own[1], "No.")
    everything = {f"{name}.number": 9, f"{name}.code": other_code, f"{name}.text": "No."}
    assert make_profile(everything).wording_of(refusal) == (9, other_code, "No.")
    others = [one(**DATA) for one in REFUSALS.values() if one.name != name]
    assert [make_profile(everything).wording_of(one) for one in others] == [Profile().wording_of(one) for one in others]


@pytest.mark.parametrize("name", REFUSALS)
def test_a_replaced_text_can_say_what_the_own_text_says(name: str) -> None:
    refusal = REFUSALS[name](**DATA)
    assert make_profile({f"{name}.text": REFUSALS[name].text}).wording_of(refusal)[2] == str(refusal)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{username} is in already", "anna is in already"),
        ("{username}{username}", "annaanna"),
        ("{nobody} {} {0} {username!r} {username.__class__}", "{nobody} {} {0} {username!r} {username.__class__}"),
        ("{{username}", "{anna"),
        ("100% {username", "100% {username"),
    ],
)
def test_a_replaced_text_is_filled_in_with_the_refusals_data_and_nothing_else(text: str, expected: str) -> None:
    profile = make_profile({"already_logged_in.text": text})
    assert profile.wording_of(AlreadyLoggedIn(username="anna"))[2] == expected


def test_what_a_caller_sent_is_never_read_as_a_text_to_fill_in() -> None:
    profile = make_profile({"invalid_login.text": "Wrong: {username}"})
    assert profile.wording_of(InvalidLogin(username="{username} {0} \\1"))[2] == "Wrong: {username} {0} \\1"
    assert Profile().wording_of(InvalidLogin(username="{username}"))[2].endswith(": {username}")


@pytest.mark.parametrize(
    "settings",
    [
        {"too_soon.number": "many"},
        {"too_soon.number": None},
        {"too_soon.number": True},
        {"too_soon.code": "client"},
        {"too_soon.code": "soap:Server"},
        {"too_soon.text": ""},
        {"too_soon.text": 5},
        {"too_soon.words": "x"},
        {"too_soon.": "x"},
        {"too_soon.text.more": "x"},
    ],
)
def test_a_wording_that_is_none_is_refused_with_what_a_wording_has(settings: dict[str, Any]) -> None:
    message = complaint(settings)
    assert next(iter(settings)) in message
    assert all(word in message for word in ("number", "code", "text", "Client", "Server"))


@pytest.mark.parametrize("name", ["too_late.text", ".text", "limit_answer.text"])
def test_a_wording_of_a_refusal_nobody_knows_is_refused_with_those_there_are(name: str) -> None:
    message = complaint({name: "x"})
    assert repr(name.partition(".")[0]) in message
    assert all(one in message for one in REFUSALS)


@given(
    name=st.text(), value=st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())
)
def test_no_setting_makes_anything_but_a_profile_or_a_complaint(name: str, value: Any) -> None:
    for setting in (name, f"{name}.text", "too_soon.text", "too_soon.number", *CHOICES):
        with suppress(SetupError):
            assert isinstance(make_profile({setting: value}), Profile)


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_each_refusal_names_its_rule_and_has_a_number_of_its_own(refusal: type[Refusal]) -> None:
    assert refusal.rule in RULES
    assert [one.number for one in REFUSALS.values()].count(refusal.number) == 1


def test_the_wordings_that_were_not_set_stay_the_refusals_own() -> None:
    profile = Profile(wordings={"too_soon": Wording(number=5)})
    refusal = TooSoon(operation="CloseContact", seconds=0.5)
    assert profile.wording_of(refusal) == (5, "Client", "CloseContact can only be called every 0.5 seconds")


def test_the_numbers_of_the_statuses_are_those_that_were_set() -> None:
    for number, status in enumerate(CampaignStatus, start=50):
        profile = make_profile({f"campaign_status_id_{status.value.lower()}": number})
        assert profile.campaign_status_id(status) == number
    for number, one in enumerate(ContactStatus, start=50):
        profile = make_profile({f"contact_status_id_{one.value.lower()}": number})
        assert profile.contact_status_id(one) == number


def test_a_file_holds_choices_and_a_table_for_each_refusals_wording(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(
        'limit_answer = "return"\nlimit_seconds = 2\nclosed_in_pages = false\n'
        '"already_logged_in.number" = 1\n[too_soon]\nnumber = 5\ntext = "Čekejte {seconds}"\n',
        "utf-8",
    )
    settings = load_profile(path)
    assert settings == {
        "limit_answer": "return",
        "limit_seconds": 2,
        "closed_in_pages": False,
        "already_logged_in.number": 1,
        "too_soon.number": 5,
        "too_soon.text": "Čekejte {seconds}",
    }
    profile = make_profile(settings)
    assert (profile.limit_answer, profile.limit_seconds, profile.closed_in_pages) == ("return", 2.0, False)
    assert profile.wordings == {"too_soon": Wording(5, None, "Čekejte {seconds}"), "already_logged_in": Wording(1)}


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"limit_answer = return", "TOML"), (b"\xff\xfe", "TOML"), (b"a = 1\na = 2", "TOML"), (None, "cannot be read")],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(tmp_path: Path, content: bytes | None, told: str) -> None:
    path = tmp_path / "ours.toml"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with pytest.raises(SetupError, match=told) as found:
        load_profile(path)
    assert str(path) in str(found.value)


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"nowhere\.toml: cannot be read"):
        load_profile(tmp_path / "nowhere.toml")


@pytest.mark.parametrize("content", ["[nonsense]", "[limit_answer]", "[nonsense]\nx = 1", "[too_soon.text]\nx = 1"])
def test_a_table_that_is_no_wording_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(content, "utf-8")
    with pytest.raises(SetupError):
        make_profile(load_profile(path))
