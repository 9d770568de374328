"""Contacts in a CSV file beside the seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from fake_ccmm.model import Address, ContactStatus, CustomField, PhoneNumber
from fake_ccmm.seed import CampaignSeed, ContactSeed, Generate, Seed, SeedError, build_center, read_seed
from fake_ccmm.seed.contact_tables import COLUMNS

SEED = """\
{"campaigns": [{
  "campaign_id": 1, "name": "Spring", "skillset": {"skillset_id": 7, "name": "OB"},
  "custom_field_names": ["Account", "Ort"],
  "contacts": [{"first_name": "Inline"}], "contacts_file": "people.csv", "generate": {"count": 1}
}]}
"""


def contacts(folder: Path, csv: str | bytes) -> tuple[ContactSeed, ...]:
    """The contacts that a seed has from a CSV file."""
    (folder / "seed.json").write_text(SEED, "utf-8")
    (folder / "people.csv").write_bytes(csv.encode() if isinstance(csv, str) else csv)
    (campaign,) = read_seed(folder / "seed.json").campaigns
    assert campaign.contacts_file is None
    assert campaign.generate == Generate(1)
    assert campaign.contacts[0] == ContactSeed(first_name="Inline")
    return campaign.contacts[1:]


def problems(folder: Path, csv: str | bytes) -> list[str]:
    """What is wrong with a CSV file."""
    with pytest.raises(SeedError) as caught:
        contacts(folder, csv)
    return str(caught.value).replace(str(folder / "people.csv"), "people.csv").splitlines()


def test_every_column_has_its_field(tmp_path: Path) -> None:
    cells = {
        "contact_id": "41",
        "title": "Dr",
        "first_name": "Zoë",
        "last_name": "Müller, geb. Braun",
        "email_address": "z@example.com",
        "int_code": "0049",
        "area_code": "30",
        "phone_no": "123",
        "line1": "1",
        "line2": "2",
        "line3": "3",
        "line4": "4",
        "line5": "5",
        "country": "DE",
        "post_code": "01234",
        "skillset_id": "9",
        "preferred_agent_id": "1001",
        "status": "Closed",
        "priority": "2",
        "campaign_name": "Other",
        "custom:Account": "A-1",
        "custom:Ort": "Köln",
    }
    assert set(COLUMNS) == {name for name in cells if ":" not in name}
    quoted = ",".join(f'"{text}"' for text in cells.values())
    assert contacts(tmp_path, f"{','.join(cells)}\n{quoted}\n") == (
        ContactSeed(
            contact_id=41,
            campaign_name="Other",
            address=Address("1", "2", "3", "4", "5", "DE", "01234"),
            custom_fields=(CustomField("Account", "A-1"), CustomField("Ort", "Köln")),
            email_address="z@example.com",
            first_name="Zoë",
            last_name="Müller, geb. Braun",
            phone_number=PhoneNumber("0049", "30", "123"),
            preferred_agent_id=1001,
            preferred_agent_specified=True,
            title="Dr",
            skillset_id=9,
            status=ContactStatus.CLOSED,
            priority=2,
        ),
    )


def test_an_empty_cell_is_a_field_not_given(tmp_path: Path) -> None:
    csv = ",".join(COLUMNS) + ",custom:Ort\n" + "," * len(COLUMNS) + "\n"
    assert contacts(tmp_path, csv) == (ContactSeed(),)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_separator_line_ends_and_byte_order_mark_are_found_out(
    tmp_path: Path, separator: str, ending: str, mark: str
) -> None:
    lines = [["first_name", "last_name"], ["Ada", "L"], [], ["Bob", '"a\nb"']]
    csv = mark + ending.join(separator.join(line) for line in lines)
    assert contacts(tmp_path, csv) == (
        ContactSeed(first_name="Ada", last_name="L"),
        ContactSeed(first_name="Bob", last_name="a\nb"),
    )


def test_what_is_wrong_is_told_with_file_line_and_column(tmp_path: Path) -> None:
    csv = "contact_id,status,first_name,priority\n2,,a,\nx,New,\x01,1.5\n\n4,new,b\n7,Shut,b,\n"
    assert problems(tmp_path, csv) == [
        "people.csv, line 3: first_name: the text holds U+0001, which XML cannot carry; leave it out",
        'people.csv, line 3: contact_id: is the text "x", where a whole number of 64 bits belongs',
        'people.csv, line 3: priority: is the text "1.5", where a whole number of 64 bits belongs',
        "people.csv, line 5: has 3 cells, but the first line names 4 columns",
        'people.csv, line 6: status: is the text "Shut", not one of New, Open, Closed, Waiting, Unspecified',
    ]


def test_a_contact_that_does_not_go_with_the_others_is_told_with_its_line(tmp_path: Path) -> None:
    assert problems(tmp_path, 'contact_id,last_name\n7,"a\nb"\n6,c\n') == [
        "people.csv, line 4: contact_id: is 6, below the 7 before it; sort contacts by their ids"
    ]


@pytest.mark.parametrize(
    ("csv", "problem"),
    [
        ("", "people.csv, line 1: is empty; the first line names the columns, such as contact_id, title"),
        ("frist_name\nx\n", 'people.csv, line 1: frist_name: there is no such column; did you mean "first_name"?; and'),
        ("title,title\nx,y\n", "people.csv, line 1: title: this column stands twice"),
        (b"title\nx\n\xfc\n", "people.csv, line 3: is not UTF-8 text; save the file as UTF-8"),
        ('title\n"x"y\n', "people.csv, line 2: is no CSV: "),
        ("contact_id\n9223372036854775808\n", 'people.csv, line 2: contact_id: is the text "9223372036854775808"'),
        ("custom:Nope\nx\n", 'people.csv, line 2: custom_fields: the campaign has no custom field "Nope"'),
    ],
)
def test_a_file_that_is_no_table_of_contacts_is_refused(tmp_path: Path, csv: str | bytes, problem: str) -> None:
    assert problems(tmp_path, csv)[0].startswith(problem)


def test_a_file_that_is_not_there_is_told_where_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "seed.json").write_text(SEED, "utf-8")
    with pytest.raises(
        SeedError, match=r"campaigns\[0\].contacts_file: is .*people.csv., which cannot be read: No such"
    ):
        read_seed(tmp_path / "seed.json")


def test_a_seed_made_in_python_may_name_a_file_too(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("first_name\nAda\n", "utf-8")
    center = build_center(Seed(campaigns=(CampaignSeed(1, "a", contacts_file=str(tmp_path / "people.csv")),)))
    assert [one.first_name for one in center.contacts(1)] == ["Ada"]
