"""The kit's own copy of the open choices is the mock's."""

from __future__ import annotations

import pytest
from ccmm_contracts import choices as kit
from ccmm_contracts.choices import CHOICES, Choices
from ccmm_contracts.report import Observation

from fake_ccmm import errors, profile


def test_choices_have_the_mocks_names_alternatives_defaults_and_rules_in_its_order() -> None:
    theirs = [(one.name, one.alternatives, one.default, one.rules) for one in profile.choices()]
    assert [(one.name, one.alternatives, one.default, one.rules) for one in CHOICES.values()] == theirs


def test_refusals_have_the_mocks_names_rules_numbers_codes_and_texts() -> None:
    theirs = [(one.name, one.rule, one.number, one.code, one.text) for one in errors.REFUSALS.values()]
    assert [(one.name, one.rule, one.number, one.code, one.text) for one in kit.REFUSALS.values()] == theirs


def test_a_choice_that_nobody_has_seen_is_missing() -> None:
    known = Choices({"limit_seconds": 2.0})
    assert dict(known) == {"limit_seconds": 2.0}
    assert known.get("find_cap") is None


def test_what_was_seen_later_counts_and_wordings_are_put_together_part_by_part() -> None:
    seen = [
        Observation("a", {"limit_seconds": 2.0, "too_soon": {"number": 7, "code": "Client"}}),
        Observation("b", {"limit_seconds": 3.0, "too_soon": {"text": "no"}}),
    ]
    known = Choices.from_observations(seen)
    assert known["limit_seconds"] == 3.0
    assert known.wordings == {"too_soon": {"number": 7, "code": "Client", "text": "no"}}
    assert Choices(known.settings()).settings() == known.settings()


def test_a_wording_may_be_given_part_by_part() -> None:
    assert Choices({"too_soon.text": "no", "too_soon.number": 3}).wordings == {"too_soon": {"text": "no", "number": 3}}


@pytest.mark.parametrize("name", ["nonsense", "too_soon", "nonsense.text", "too_soon.colour"])
def test_what_is_no_choice_and_no_wording_is_said_to_be_none(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        Choices({name: 1})


def test_a_choice_and_a_wording_of_one_name_are_kept_apart() -> None:
    known = Choices({"unknown_campaign": "fault"}).plus({"unknown_campaign": {"text": "no"}})
    assert known["unknown_campaign"] == "fault"
    assert known.wordings == {"unknown_campaign": {"text": "no"}}
    assert known.settings() == {"unknown_campaign": "fault", "unknown_campaign.text": "no"}
