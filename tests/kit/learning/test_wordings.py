"""What changes in the text of a refusal becomes a place that a mock fills in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ccmm_contracts.answer import Fault, Returned
from ccmm_contracts.errors import ContractBroken
from ccmm_contracts.target import Target
from ccmm_contracts.wordings import asked, wording

from .helper import stage_of

pytestmark = pytest.mark.slow


def _text(*seen: tuple[str, dict[str, Any]]) -> Any:
    return wording("x", *((Fault("Client", text), sample) for text, sample in seen)).get("x.text")


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        ("No such: 10711", "No such: 20822", "No such: {contact}"),
        ("10711", "20822", "{contact}"),
        ("1071110711", "2082220822", "{contact}{contact}"),
        ("{10711} of 1", "{20822} of 1", "{{contact}} of 1"),
        ("{nobody} 10711", "{nobody} 20822", "{nobody} {contact}"),
        ("as it is", "as it is", "as it is"),
        ("at 9:01", "at 9:02", "at 9:01"),
        ("longer", "longer by far", "longer"),
    ],
)
def test_what_differs_as_the_samples_do_is_a_place(first: str, second: str, text: str) -> None:
    assert _text((first, {"contact": 10711}), (second, {"contact": 20822})) == text


def test_samples_that_begin_alike_are_told_apart() -> None:
    samples = {"campaign_id": 104, "status": "Closed"}, {"campaign_id": 105, "status": "Completed"}
    texts = "C104 is Closed: C", "C105 is Completed: C"
    assert _text((texts[0], samples[0]), (texts[1], samples[1])) == "C{campaign_id} is {status}: C"


def test_a_value_that_could_not_be_varied_is_a_place_where_it_is_a_word_of_its_own() -> None:
    samples = {"operation": "Append", "seconds:g": 1.0}, {"operation": "Close", "seconds:g": 1.0}
    texts = "Append: every 1 s, not 11 or 1.5", "Close: every 1 s, not 11 or 1.5"
    found = _text((texts[0], samples[0]), (texts[1], samples[1]))
    assert found == "{operation}: every {seconds:g} s, not 11 or 1.5"


def test_of_one_refusal_alone_values_become_places_where_they_are_words() -> None:
    assert _text(("ann is 7, not annie or 77", {"username": "ann", "contact": 7})) == (
        "{username} is {contact}, not annie or 77"
    )


def test_number_and_code_are_left_out_where_no_profile_can_say_them() -> None:
    assert wording("x", (Fault("MustUnderstand", "no"), {})) == {"x.text": "no"}
    assert wording("x", (Fault("Server", "", 5), {})) == {"x.number": 5, "x.code": "Server"}


def test_a_call_that_is_not_refused_is_made_once_and_has_no_wording() -> None:
    calls: list[int] = []

    def ask(contact: int) -> Returned:
        calls.append(contact)
        return Returned(None)

    assert asked("x", ask, {"contact": 1}, {"contact": 2}) == (Returned(None), None)
    assert calls == [1]


@pytest.mark.parametrize(
    ("settings", "refusal"),
    [
        ({"too_soon": {"number": 7, "text": "wait"}}, "too_soon"),
        (
            {"unknown_campaign": "fault", "unknown_campaign.number": 7, "unknown_campaign.text": "wait"},
            "unknown_campaign",
        ),
        ({"unknown_campaign": {"number": 7, "text": "wait"}}, "unknown_campaign"),
    ],
)
def test_a_mock_that_declares_words_is_taken_at_its_word(
    target: Target, settings: Mapping[str, Any], refusal: str
) -> None:
    with stage_of(target, settings) as stage:
        stage.check_words(Fault("Client", "wait", 7), refusal, 2841, "campaign")
        with pytest.raises(ContractBroken, match="number 2805"):
            stage.check_words(Fault("Client", "wait", 7), "invalid_session_key", 2805)
    with stage_of(target, {refusal: {"text": "wait"}}) as stage, pytest.raises(ContractBroken, match="number 2841"):
        stage.check_words(Fault("Client", "wait", 7), refusal, 2841, "campaign")
    with stage_of(target, {}) as stage, pytest.raises(ContractBroken, match="'campaign'"):
        stage.check_words(Fault("Client", "wait", 2841), refusal, 2841, "campaign")
