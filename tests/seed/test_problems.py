"""What is wrong with a seed is told all at once, each thing with its place and what would be right."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from fake_ccmm.seed import SeedError, SeedProblem, parse_seed

CASES: list[tuple[str, str, str]] = [
    # Types.
    ("skillsets: [{skillset_id: '7', name: a}]", "skillsets[0].skillset_id", 'is the text "7", where a whole number'),
    ("administrators: [{username: yes, password: p}]", "administrators[0].username", "true, where a text belongs; put"),
    (
        "administrators: [{username: null, password: p}]",
        "administrators[0].username",
        "is nothing (null), where a text",
    ),
    ("campaigns: [{campaign_id: 1.0, name: a}]", "campaigns[0].campaign_id", "is the number 1.0, where a whole number"),
    ("campaigns: [{campaign_id: true, name: a}]", "campaigns[0].campaign_id", "is true, where a whole number"),
    ("campaigns: [{campaign_id: 1, name: a, locked: 1}]", "campaigns[0].locked", "the number 1, where true or false"),
    ("campaigns: {}", "campaigns", "is an empty mapping, where a list belongs"),
    ("campaigns: [x]", "campaigns[0]", "where a mapping with campaign_id, name, status, skillset, … belongs"),
    ("clock: {offset: '5'}", "clock.offset", 'is the text "5", where a number belongs; leave the quotes out'),
    ("clock: {start: soon, frozen: true}", "clock.start", 'is the text "soon", and no date and time such as 2026-'),
    ("clock: {start: '1767225600'}", "clock.start", "and no date and time"),
    ("clock: {start: 5}", "clock.start", "is the number 5, where a date and time such as"),
    ("clock: {start: 2026-02-30}", "clock.start", "and there is no such date and time"),
    ("clock: {start: '0001-01-01T00:00:00+01:00'}", "clock.start", "and there is no such date and time"),
    ("clock: {offset: .inf}", "clock.offset", "is inf; numbers in a seed are finite"),
    ("fault_seed: 9223372036854775808", "fault_seed", "is a number beyond 64 bits"),
    # Fields and words.
    ("campaigns: [{name: a}]", "campaigns[0].campaign_id", "is missing; a whole number belongs here"),
    ("campaigns: [{campaign_id: 1, nmae: a}]", "campaigns[0].nmae", 'no such field; did you mean "name"?'),
    ("limits: {size: 1}", "limits.size", "no such field; there are: journal_exchanges, journal_bytes"),
    ("'two words': 1", '["two words"]', "there is no such field"),
    (
        "campaigns: [{campaign_id: 1, name: a, status: running}]",
        "campaigns[0].status",
        'is the text "running", not one of Running, Waiting, Paused, Closed, Completed, Cancelled; did',
    ),
    # One of several.
    (
        "campaigns: [{campaign_id: 1, name: a, skillset: x}]",
        "campaigns[0].skillset",
        "where a whole number or a mapping with skillset_id, name belongs",
    ),
    (
        "campaigns: [{campaign_id: 1, name: a, skillset: {skillset_id: 1}}]",
        "campaigns[0].skillset.name",
        "is missing; a text belongs here",
    ),
    (
        "campaigns: [{campaign_id: 1, name: a, disposition_codes: [{disposition_code_id: 1, nam: a}]}]",
        "campaigns[0].disposition_codes[0].nam",
        'there is no such field; did you mean "name"?',
    ),
    ("faults: [{do: {kind: rest}}]", "faults[0].do.kind", 'is the text "rest", not one of reset, empty, truncate'),
    ("faults: [{do: {}}]", "faults[0].do.kind", "is missing; it is one of reset, empty"),
    ("faults: [{do: {kind: slow}}]", "faults[0].do.bytes_per_second", "is missing; a number belongs here"),
    (
        "faults: [{do: {kind: delay, distribution: {kind: fixed, second: 1, seconds: 1}}}]",
        "faults[0].do.distribution.second",
        'there is no such field; did you mean "seconds"?',
    ),
    ("timeline: [{do: {campaign_id: 1}}]", "timeline[0].do.kind", "is missing; it is one of campaign-status"),
    # Texts.
    (
        'administrators: [{username: "a\\0", password: p}]',
        "administrators[0].username",
        "U+0000, which XML cannot carry",
    ),
    ('profile: {"a\\uFFFE": 1}', 'profile["a\\ufffe"]', "the text holds U+FFFE, which XML cannot carry"),
    (
        "campaigns: [{campaign_id: 1, name: a, custom_field_names: [A], contacts: [{custom_fields: {A: 7}}]}]",
        "campaigns[0].contacts[0].custom_fields.A",
        "is the number 7, where a text belongs; put it in quotes",
    ),
    # Parts that do not go together.
    (
        "skillsets: [{skillset_id: 7, name: a}, {skillset_id: 7, name: b}]",
        "skillsets[1].skillset_id",
        "as in skillsets[0]",
    ),
    (
        "administrators: [{username: a, password: p}, {username: a, password: p}]",
        "administrators[1].username",
        "is a, as in administrators[0]; each needs its own",
    ),
    (
        "disposition_codes: [{disposition_code_id: 1, name: a}, {disposition_code_id: 1, name: a}]",
        "disposition_codes[1].disposition_code_id",
        "each needs its own",
    ),
    (
        "campaigns: [{campaign_id: 1, name: a}, {campaign_id: 1, name: b}]",
        "campaigns[1].campaign_id",
        "as in campaigns[0]",
    ),
    (
        "campaigns: [{campaign_id: 1, name: a, skillset: 5}]",
        "campaigns[0].skillset",
        "no skillset of the seed has this id",
    ),
    (
        "{disposition_codes: [{disposition_code_id: 1, name: a}],"
        " campaigns: [{campaign_id: 1, name: a, disposition_codes: [1, 2]}]}",
        "campaigns[0].disposition_codes[1]",
        "is 2, and no disposition code of the seed has this id; there are: 1",
    ),
    (
        "campaigns: [{campaign_id: 1, name: a, contacts: [{contact_id: 5}, {}, {contact_id: 6}]}]",
        "campaigns[0].contacts[2].contact_id",
        "is 6, which another contact has",
    ),
    (
        "campaigns: [{campaign_id: 1, name: a, contacts: [{contact_id: 5}, {contact_id: 4}]}]",
        "campaigns[0].contacts[1].contact_id",
        "is 4, below the 5 before it; sort contacts by their ids",
    ),
    (
        "campaigns: [{campaign_id: 1, name: a, skillset: {skillset_id: 1, name: a}, generate: {count: 9}},"
        " {campaign_id: 2, name: a, contacts: [{contact_id: 9}]}]",
        "campaigns[1].contacts[0].contact_id",
        "is 9, which another contact has",
    ),
    (
        "campaigns: [{campaign_id: 1, name: a, contacts: [{contact_id: -1}]}]",
        "campaigns[0].contacts[0].contact_id",
        "is -1; ids are 1 to 9223372036854775807",
    ),
    (
        "campaigns: [{campaign_id: 1, name: a, contacts: [{contact_id: 9223372036854775807}, {}]}]",
        "campaigns[0].contacts[1].contact_id",
        "is 9223372036854775808; ids are 1 to 9223372036854775807",
    ),
    (
        "campaigns: [{campaign_id: 1, name: a, custom_field_names: [Account],"
        " contacts: [{custom_fields: {Acount: x}}]}]",
        "campaigns[0].contacts[0].custom_fields",
        'no custom field "Acount" in custom_field_names; did you mean "Account"?',
    ),
    (
        "campaigns: [{campaign_id: 1, name: a, contacts: [{closure: {at: 2026-01-31}}]}]",
        "campaigns[0].contacts[0].closure",
        'belongs to a contact whose status is "Closed", not "New"',
    ),
    (
        "campaigns: [{campaign_id: 1, name: a,"
        " contacts: [{status: Closed, closure: {at: 2026-01-31, disposition_code: 1}}]}]",
        "campaigns[0].contacts[0].closure.disposition_code",
        "is 1, and no disposition code of the campaign has this id; there is none",
    ),
    ("campaigns: [{campaign_id: 1, name: a, generate: {count: 1}}]", "campaigns[0].generate", "needs a skillset"),
    (
        "campaigns: [{campaign_id: 1, name: a, generate: {count: -1}}]",
        "campaigns[0].generate.count",
        "is -1; 0 to 10000000",
    ),
    (
        "campaigns: [{campaign_id: 1, name: a, generate: {count: 1, locales: [de, DE]}}]",
        "campaigns[0].generate.locales[1]",
        'is "DE", and there are only: gb, ie, de',
    ),
    (
        "campaigns: [{campaign_id: 1, name: a, generate: {count: 1, closed_every: -2}}]",
        "campaigns[0].generate.closed_every",
        "is -2; 0 (none) or more belongs here",
    ),
    (
        "campaigns: [{campaign_id: 1, name: a, contacts_file: a.csv}]",
        "campaigns[0].contacts_file",
        "only a seed in a file",
    ),
    (
        "{last_contact_id: 4, campaigns: [{campaign_id: 1, name: a, contacts: [{contact_id: 5}]}]}",
        "last_contact_id",
        "is 4, but",
    ),
    ("last_contact_id: -1", "last_contact_id", "is -1"),
    ("limits: {journal_bytes: -1}", "limits.journal_bytes", "is -1; 0 or more belongs here"),
    ("clock: {offset: 5, frozen: true}", "clock.offset", "leave one of the two out"),
    ("clock: {offset: 1e300}", "clock.offset", "where a number belongs"),  # a text in YAML 1.1, for want of a point
    ("clock: {offset: 1.0e+300}", "clock", "at most"),
    ("profile: {limit_seconds: '1'}", "profile.limit_seconds", 'is the text "1"; leave the quotes out'),
    ("profile: {limit_second: 1}", "profile.limit_second", 'there is no such choice; did you mean "limit_seconds"?'),
    ("profile: {xyz: 1}", "profile.xyz", "there is no such choice; 'fake-ccmm profile' lists all"),
    ("profile: {close_result: two}", "profile.close_result", "is one of one, zero, contact-id, not 'two'"),
    ("profile: {too_son: {number: 1}}", "profile.too_son", 'there is no such refusal; did you mean "too_soon"?'),
    ("profile: {too_soon.number: '1'}", "profile.too_soon.number", 'is the text "1"; leave the quotes out'),
    ("profile: {too_soon: {code: Both}}", "profile.too_soon.code", "a code (Client or Server)"),
    ("faults: [{do: {kind: reset}, rate: 2}]", "faults[0]", "rate is above 0 and at most 1"),
    (
        "faults: [{name: a, do: {kind: reset}}, {name: a, do: {kind: reset}}]",
        "faults[1].name",
        'is "a", as in faults[0]; each needs its own',
    ),
    # Keys that stand twice.
    ("{clock: {frozen: true, frozen: false}}", "clock.frozen", "stands twice here"),
    ("{profile: {}, clock: {}, profile: {}}", "profile", "stands twice here"),
]


@pytest.mark.parametrize(
    ("text", "place", "message"), CASES, ids=[f"{place}-{no}" for no, (_, place, _) in enumerate(CASES)]
)
def test_a_problem_has_its_place_and_says_what_would_be_right(text: str, place: str, message: str) -> None:
    with pytest.raises(SeedError) as caught:
        parse_seed(text, "yaml", "seed.yaml")
    (problem,) = [one for one in caught.value.problems if one.place == place] or caught.value.problems
    assert problem.place == place
    assert message in problem.message
    assert f"seed.yaml: {place}: {problem.message}" in str(caught.value)


@pytest.mark.parametrize(
    ("format", "text", "message"),
    [
        ("json", '{"a":\n  x}', "s, line 2, column 3: is not JSON: Expecting value"),
        ("json", '{"a": 1, "a": 2}', "s: a: stands twice here"),
        ("json", "", "s, line 1, column 1: is not JSON: Expecting value"),
        ("json", "[]", "s: is an empty list, where a mapping with"),
        ("json", '{"fault_seed": NaN}', "s: fault_seed: is nan"),
        ("json", '{"fault_seed": ' + "9" * 5000 + "}", "s: is not JSON: holds a number of thousands of digits"),
        ("json", '{"clock": ' + "[" * 100_000, "s: is nested too deeply"),
        ("json", '{"clock": ' + "[" * 100 + "]" * 100 + "}", "is nested more than 60 levels deep"),
        ("json", '{"profile": {"\\ud800": 1}}', "U+D800, which XML cannot carry"),
        ("json", b'{"a": 1,\n "\xff"}', "s, line 2: is not UTF-8 text"),
        ("toml", "a = 1\nb = [1\nc = 2\n", "s, line 3, column 1: is not TOML: "),
        ("toml", "a = [", "s, line 1: is not TOML: "),
        ("toml", "[clock]\n[clock]\n", "s, line 2, column 7: is not TOML: Cannot declare"),
        ("toml", "fault_seed = " + "9" * 5000, "s: is not TOML: holds a number of thousands of digits"),
        ("toml", "campaigns = [{campaign_id = 1, name = 2026-01-31}]", "campaigns[0].name: is the date 2026-01-31"),
        ("toml", "clock = {start = 08:30:00}", "s: clock.start: is the time 08:30:00, to which a date belongs"),
        (
            "toml",
            "clock = {start = 0001-01-01T00:00:00+01:00}",
            "s: clock.start: is 0001-01-01 00:00:00+01:00, which is",
        ),
        ("yaml", "a: [1\nb: 2", "s, line 2, column 2: is not YAML: "),
        ("yaml", "a: *b", "s, line 1, column 4: is not YAML: *b stands for nothing"),
        ("yaml", "a: &b [*b]", "s, line 1, column 8: is not YAML: *b stands for nothing"),
        ("yaml", "a: \0", "s, line 1, column 4: is not YAML: holds U+0000"),
        ("yaml", "a: 1\n---\nb: 2", "s, line 2, column 1: is not YAML: a second document"),
        (
            "yaml",
            "a: !!python/object:os.system x",
            "is not YAML: the tag tag:yaml.org,2002:python/object:os.system has no",
        ),
        ("yaml", "a: !!set {b}", "is not YAML: the tag tag:yaml.org,2002:set has no meaning"),
        ("yaml", "a: !!int x", "s, line 1, column 4: is not YAML: is no int: x"),
        ("yaml", "a: {<<: 1}", "<< merges a mapping"),
        ("yaml", "? [a]\n: b", "s, line 1, column 5: is not YAML: a key is a text"),
        ("yaml", "[" * 100 + "]" * 100, "s, line 1, column 61: is not YAML: is nested more than 60 levels deep"),
        ("yaml", "[" * 100_000, "is not YAML: is nested more than 60 levels deep"),
        ("yaml", "just words", 's: is the text "just words", where a mapping with'),
    ],
)
def test_what_cannot_be_read_is_told_with_line_and_column(format: str, text: str | bytes, message: str) -> None:
    with pytest.raises(SeedError) as caught:
        parse_seed(text, format, "s")
    assert message in str(caught.value)


def test_aliases_that_stand_for_billions_are_refused() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"{this}: &{this} [{', '.join([f'*{last}'] * 10)}]" for last, this in pairwise("abcdefghijk")]
    with pytest.raises(SeedError, match="aliases stand for more than 1000000 values"):
        parse_seed("\n".join(lines), "yaml")


def test_merge_keys_cannot_grow_without_end() -> None:
    lines = ["a: &a {x: 1}"]
    lines += [f"{this}: &{this} {{<<: [{', '.join([f'*{last}'] * 10)}]}}" for last, this in pairwise("abcdefghijk")]
    with pytest.raises(SeedError, match=r"aliases stand for more|there is no such field"):
        parse_seed("\n".join(lines), "yaml")


def test_twenty_problems_are_told_and_the_others_counted() -> None:
    text = "administrators: [" + "{username: 1}," * 15 + "]"
    with pytest.raises(SeedError) as caught:
        parse_seed(text, "yaml")
    assert len(caught.value.problems) == 20
    assert caught.value.more == 10
    assert str(caught.value).endswith("\nand 10 more")
    assert caught.value.problems[0] == SeedProblem(
        "administrators[0].username", "is the number 1, where a text belongs; put it in quotes"
    )


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "more.csv").write_text("contact_id,custom:X\nx,1\n3,1\n2,\n", "utf-8")
    text = """
    campaigns:
      - {campaign_id: 1, name: a, skillset: 5, contacts_file: more.csv}
      - {campaign_id: 1, name: b, generate: {count: 1}}
    clock: {offset: 1, frozen: true}
    profile: {dates: never}
    """
    with pytest.raises(SeedError) as caught:
        parse_seed(text, "yaml", "s", tmp_path)
    csv = tmp_path / "more.csv"
    assert [str(one).split(": ")[:2] for one in caught.value.problems] == [
        [f"{csv}, line 2", "contact_id"],
        ["s", "campaigns[1].campaign_id"],
        ["s", "campaigns[0].skillset"],
        [f"{csv}, line 4", "contact_id"],
        [f"{csv}, line 2", "custom_fields"],
        [f"{csv}, line 3", "custom_fields"],
        ["s", "campaigns[1].generate"],
        ["s", "profile.dates"],
        ["s", "clock.offset"],
    ]
