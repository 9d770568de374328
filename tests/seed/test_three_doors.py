"""A seed is the same, whether it is told in TOML, YAML, JSON or Python."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path

import pytest

from fake_ccmm.calls import CallPattern
from fake_ccmm.errors import SetupError
from fake_ccmm.faults import FaultRule, Reset
from fake_ccmm.model import CampaignDetails, Contact, Skillset
from fake_ccmm.seed import (
    CampaignSeed,
    ClockSeed,
    ContactSeed,
    Seed,
    build_center,
    checked,
    parse_seed,
    read_seed,
    write_seed,
)

from .samples import PYTHON, TEXTS

FORMATS = sorted(TEXTS)


@pytest.mark.parametrize("format", FORMATS)
def test_each_format_says_what_python_says(format: str) -> None:
    assert parse_seed(TEXTS[format], format) == PYTHON
    assert parse_seed(TEXTS[format].encode(), format) == PYTHON


@pytest.mark.parametrize("format", FORMATS)
def test_what_is_written_is_read_again_and_written_alike(format: str) -> None:
    text = write_seed(PYTHON, format)
    assert text.endswith("\n")
    assert "😀" in text
    assert parse_seed(text, format) == PYTHON
    assert write_seed(parse_seed(text, format), format) == text


@pytest.mark.parametrize("format", FORMATS)
def test_the_empty_seed_is_an_empty_text(format: str) -> None:
    text = write_seed(Seed(), format)
    assert text == {"toml": "", "yaml": "{}\n", "json": "{}\n"}[format]
    assert parse_seed(text, format) == Seed()


@pytest.mark.parametrize("name", ["a.toml", "a.yaml", "a.yml", "a.JSON"])
def test_a_file_is_read_by_the_end_of_its_name(tmp_path: Path, name: str) -> None:
    format = {"yml": "yaml"}.get(name[2:].lower(), name[2:].lower())
    path = tmp_path / name
    path.write_bytes(b"\xef\xbb\xbf" + TEXTS[format].encode())
    assert read_seed(path) == PYTHON


def test_fields_are_called_alike_in_seed_and_model() -> None:
    def names(cls: type) -> list[str]:
        return [one.name for one in fields(cls)]

    assert names(ContactSeed) == [*names(Contact), "closure"]
    assert names(CampaignSeed) == [*names(CampaignDetails), "contacts", "contacts_file", "generate"]


def test_a_seed_made_in_python_is_checked_like_a_file() -> None:
    wrong = Seed(skillsets=(Skillset("7", "OB"),), campaigns=(CampaignSeed(1, "a"), CampaignSeed(2, "b", skillset=9)))  # type: ignore[arg-type]
    with pytest.raises(SetupError, match=r'^skillsets\[0\].skillset_id: is the text "7", where a whole number belongs'):
        build_center(wrong)
    with pytest.raises(SetupError, match=r"^campaigns\[1\].skillset: is 9, and no skillset"):
        build_center(replace(wrong, skillsets=()))


def test_a_seed_is_checked_once() -> None:
    seed = parse_seed(TEXTS["json"], "json")
    assert checked(seed) is seed
    again = replace(seed)
    assert checked(again) is not again
    assert checked(again) == again


def test_a_predicate_is_for_python_alone() -> None:
    rule = FaultRule(when=CallPattern(arguments={"contact_id": lambda value: value > 7}), do=Reset())
    assert checked(Seed(faults=(rule,))).faults == (rule,)
    with pytest.raises(SetupError, match="only Python can say"):
        write_seed(Seed(faults=(rule,)), "json")


def test_toml_cannot_say_null() -> None:
    seed = Seed(faults=(FaultRule(when=CallPattern("CloseContact", arguments={"closure_text": None}), do=Reset()),))
    for format in ("yaml", "json"):
        assert parse_seed(write_seed(seed, format), format) == seed
    with pytest.raises(SetupError, match="TOML has no null"):
        write_seed(seed, "toml")


def test_there_is_no_fourth_format(tmp_path: Path) -> None:
    for call in (lambda: write_seed(Seed(), "xml"), lambda: parse_seed("", "xml")):
        with pytest.raises(SetupError, match=r"one of toml, yaml, json"):
            call()
    with pytest.raises(SetupError, match=r"seed.xml: ends in none of .toml, .yaml, .yml, .json"):
        read_seed(tmp_path / "seed.xml")
    with pytest.raises(SetupError, match=r"seed.json: cannot be read: No such file"):
        read_seed(tmp_path / "seed.json")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31", datetime(2026, 1, 31)),
        ("2026-01-31T08:30", datetime(2026, 1, 31, 8, 30)),
        ("2026-01-31 08:30:01.5", datetime(2026, 1, 31, 8, 30, 1, 500000)),
        ("2026-01-31t08:30:01z", datetime(2026, 1, 31, 8, 30, 1)),
        ("2026-01-31T08:30:01-0330", datetime(2026, 1, 31, 12, 0, 1)),
        ("2026-01-31T08:30:01.123456789+14", datetime(2026, 1, 30, 18, 30, 1, 123456)),
    ],
)
def test_a_date_is_utc_where_it_names_no_offset(text: str, moment: datetime) -> None:
    expected = Seed(clock=ClockSeed(start=moment))
    assert parse_seed(f'{{"clock": {{"start": "{text}"}}}}', "json") == expected
    assert parse_seed(f"clock: {{start: {text}}}", "yaml") == expected


def test_what_yaml_takes_for_something_else_is_the_text_it_is_where_it_can_be() -> None:
    seed = parse_seed("campaigns: [{campaign_id: 1, name: 2026-01-31}, {campaign_id: 2, name: =}]", "yaml")
    assert [one.name for one in seed.campaigns] == ["2026-01-31", "="]


def test_yaml_may_have_aliases_and_merge_keys() -> None:
    text = """
    campaigns:
      - &one {campaign_id: 1, name: One, locked: true, custom_field_names: &fields [A, B]}
      - {<<: *one, campaign_id: 2, name: Two}
      - {<<: [{priority: 5}, *one], campaign_id: 3}
      - {campaign_id: 4, name: Four, custom_field_names: *fields}
    """
    one = CampaignSeed(1, "One", locked=True, custom_field_names=("A", "B"))
    expected = (
        one,
        replace(one, campaign_id=2, name="Two"),
        replace(one, campaign_id=3, priority=5),
        CampaignSeed(4, "Four", custom_field_names=("A", "B")),
    )
    assert parse_seed(text, "yaml").campaigns == expected
