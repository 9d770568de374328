"""``fake-ccmm seed`` where it needs no server: files checked, begun and described."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from fake_ccmm.seed import Seed, build_center, parse_seed, read_seed

from .process import run_here as run

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

GOOD = """
administrators: [{username: ann, password: secret}]
skillsets: [{skillset_id: 1, name: Sales}]
campaigns: [{campaign_id: 7, name: Autumn, skillset: 1, generate: {count: 1200}}]
"""
PARSERS: dict[str, Callable[[str], Any]] = {"toml": tomllib.loads, "yaml": yaml.safe_load, "json": json.loads}


def test_good_files_are_said_to_be_good_with_what_they_hold(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(GOOD, "utf-8")
    (tmp_path / "two.json").write_text("{}", "utf-8")
    done = run("seed", "check", str(tmp_path / "one.yaml"), str(tmp_path / "two.json"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        f"{tmp_path / 'one.yaml'}: good: 1 administrator, 1 campaign, 1,200 contacts",
        f"{tmp_path / 'two.json'}: good: 0 administrators, 0 campaigns, 0 contacts",
    ]


def test_each_problem_of_each_file_is_a_line_with_file_and_place(tmp_path: Path) -> None:
    good, bad, missing = tmp_path / "good.yaml", tmp_path / "bad.yaml", tmp_path / "missing.yaml"
    good.write_text(GOOD, "utf-8")
    bad.write_text(
        GOOD.replace("skillset: 1, generate", "skillset: 2, generat").replace("password", "pasword"), "utf-8"
    )
    done = run("seed", "check", str(bad), str(missing), str(good))
    assert done.returncode == 1
    assert done.stdout == f"{good}: good: 1 administrator, 1 campaign, 1,200 contacts\n"
    lines = done.stderr.splitlines()
    assert f"{missing}: cannot be read: No such file or directory" in lines
    assert f'{bad}: campaigns[0].generat: there is no such field; did you mean "generate"?' in lines
    assert any(line.startswith(f"{bad}: administrators[0].pasword: ") for line in lines)
    assert all(line.startswith((f"{bad}: ", f"{missing}: ")) for line in lines)


def test_a_contact_of_a_csv_file_is_told_with_its_line(tmp_path: Path) -> None:
    seed, contacts = tmp_path / "site.yaml", tmp_path / "people.csv"
    seed.write_text("campaigns: [{campaign_id: 7, name: Autumn, contacts_file: people.csv}]", "utf-8")
    contacts.write_text("first_name,priority\nAnn,1\nBob,high\n", "utf-8")
    done = run("seed", "check", str(seed))
    assert done.returncode == 1
    assert done.stderr.startswith(f"{contacts}, line 3: priority: ")


@pytest.mark.parametrize("format", ["toml", "yaml", "json"])
def test_a_generated_seed_is_good_in_each_format(format: str, tmp_path: Path) -> None:
    file = tmp_path / f"site.{format}"
    options = ("--campaigns", "7", "--contacts", "30", "--locales", "de,gb", "--seed", "5", "--output", str(file))
    assert run("seed", "generate", *options).stdout == ""
    assert run("seed", "check", str(file)).stdout == f"{file}: good: 1 administrator, 7 campaigns, 210 contacts\n"
    center = build_center(read_seed(file))
    assert [(one.username, one.password) for one in center.administrators()] == [("apiuser", "apipassword")]
    countries = {one.address.country for view in center.campaigns() for one in contacts_of(center, view) if one.address}
    assert countries == {"Germany", "United Kingdom"}


def contacts_of(center: Any, view: Any) -> Any:
    return center.contacts(view.details.campaign_id)


def test_a_generated_seed_is_the_same_in_each_format() -> None:
    seeds = {format: parse_seed(generated("--format", format), format) for format in PARSERS}
    assert seeds["toml"] == seeds["yaml"] == seeds["json"]


def test_other_numbers_generate_other_people_and_the_same_number_the_same() -> None:
    first, again, other = (generated("--seed", number) for number in ("1", "1", "2"))
    assert first == again
    assert first != other


def test_each_generated_campaign_has_people_of_its_own() -> None:
    center = build_center(parse_seed(generated("--contacts", "5", "--campaigns", "6"), "toml"))
    people = [tuple(one.email_address for one in contacts_of(center, view)) for view in center.campaigns()]
    assert len(set(people)) == 6
    assert len({view.details.name for view in center.campaigns()}) == 6


@pytest.mark.parametrize("format", ["toml", "yaml"])
def test_comments_at_the_top_say_how_to_go_on(format: str) -> None:
    text = generated("--format", format)
    head = text.partition("\n\n")[0]
    for command in ("seed check", "serve --seed", "seed load", "seed schema"):
        assert re.search(rf"^# .*fake-ccmm {command}\b", head, re.MULTILINE)
    assert PARSERS[format](text) == PARSERS[format](text.partition("\n\n")[2])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--locales", "de,xx"], 'locales[1] is "xx", and there are only: '),
        (["--contacts", "99999999999"], "count is 99999999999; 0 to "),
        (["--contacts", "-1"], "a number is 0 or more, not '-1'"),
        (["--format", "xml"], "invalid choice: 'xml'"),
        (["--output", "site.txt"], "site.txt: ends in none of .toml, .yaml, .yml, .json"),
    ],
)
def test_what_cannot_be_generated_is_a_wrong_command_line(options: list[str], said: str) -> None:
    done = run("seed", "generate", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr.splitlines()[-1]


def test_a_file_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "missing" / "site.toml"
    done = run("seed", "generate", "--output", str(file))
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        done.stderr
        == f"fake-ccmm: {file}: cannot be written: No such file or directory; make the folder {file.parent} first\n"
    )


def test_the_schema_has_every_field_of_a_seed() -> None:
    done = run("seed", "schema")
    assert (done.returncode, done.stderr) == (0, "")
    schema = json.loads(done.stdout)
    assert schema["properties"].keys() - {"$schema"} == Seed.__dataclass_fields__.keys()


@pytest.mark.parametrize("name", ["check", "generate", "export", "load", "schema"])
def test_the_help_of_each_command_has_examples(name: str) -> None:
    _, _, examples = run("seed", name, "--help").stdout.partition("\nexamples:\n")
    assert re.search(rf"^  .*fake-ccmm seed {name}\b", examples, re.MULTILINE)


def generated(*options: str) -> str:
    """What ``seed generate`` prints."""
    done = run("seed", "generate", *options)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout
