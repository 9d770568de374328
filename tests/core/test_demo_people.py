"""The demo people: the same everywhere for the same seed, from many countries, and harmless."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from itertools import islice
from pathlib import Path

import pytest

from fake_ccmm.demo.locales import LOCALES
from fake_ccmm.demo.people import people
from fake_ccmm.model import Contact, ContactStatus

FIELDS = ("AccountNumber", "Segment", "Balance", "RenewalDate", "Note")
SKILLSETS = (11, 12, 15)
DIGEST_OF_50 = "75fca31f8b60e8517393b9a0f8174176be17f3422d3532c0a0df0d6173336516"
SCRIPTS = {"LATIN", "GREEK", "CYRILLIC", "ARABIC", "CJK", "HIRAGANA", "KATAKANA", "HANGUL"}


def some(count: int, seed: int = 7) -> list[Contact]:
    return list(people(seed, count=count, campaign_name="Spring", skillset_ids=SKILLSETS, custom_field_names=FIELDS))


def digest(contacts: list[Contact]) -> str:
    return sha256(repr(contacts).encode()).hexdigest()


def texts(contact: Contact) -> Iterator[str]:
    address, phone = contact.address, contact.phone_number
    found = [contact.campaign_name, contact.title, contact.first_name, contact.last_name, contact.email_address]
    if address:
        found += [address.line1, address.line2, address.line3, address.line4, address.line5]
        found += [address.country, address.post_code]
    if phone:
        found += [phone.int_code, phone.area_code, phone.phone_no]
    for custom_field in contact.custom_fields or ():
        found += [custom_field.name, custom_field.text]
    return (text for text in found if text is not None)


def field(contact: Contact, name: str) -> str:
    (text,) = [f.text for f in contact.custom_fields or () if f.name == name]
    assert text
    return text


def test_the_same_seed_gives_the_same_contacts_on_every_python() -> None:
    assert digest(some(50)) == DIGEST_OF_50


def test_the_same_seed_gives_the_same_contacts_in_every_process() -> None:
    program = (
        "from hashlib import sha256; from fake_ccmm.demo.people import people;"
        f"p = people(7, count=50, campaign_name='Spring', skillset_ids={SKILLSETS}, custom_field_names={FIELDS});"
        "print(sha256(repr(list(p)).encode()).hexdigest())"
    )
    root = Path(__file__).parents[2]
    for hash_seed in ("1", "2"):
        environment = {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
        ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, check=True)
        assert ran.stdout.decode().strip() == DIGEST_OF_50


def test_another_seed_gives_other_contacts() -> None:
    assert some(50, seed=7) != some(50, seed=8)


@pytest.mark.parametrize("count", [0, 1, 20, 299])
def test_the_nth_contact_does_not_depend_on_how_many_are_asked_for(count: int) -> None:
    assert some(count) == some(300)[:count]


def test_contacts_come_one_at_a_time() -> None:
    endless = people(1, count=10**12, campaign_name="Spring", skillset_ids=SKILLSETS, custom_field_names=())
    assert len(list(islice(endless, 3))) == 3


def test_two_hundred_people_live_in_at_least_eight_countries() -> None:
    assert len({c.address.country for c in some(200) if c.address}) >= 8


def test_two_hundred_people_write_in_at_least_four_scripts() -> None:
    letters = {char for c in some(200) for char in f"{c.first_name}{c.last_name}" if char.isalpha()}
    assert len({unicodedata.name(char).split()[0] for char in letters} & SCRIPTS) >= 4


def test_mail_goes_to_reserved_domains_only() -> None:
    for contact in some(2000):
        if contact.email_address:
            local, domain = contact.email_address.split("@")
            assert domain in {"example.com", "example.org", "example.net"}
            assert local.isascii()
            assert local.replace(".", "").replace("-", "").isalnum()
            assert all(local.split("."))
            assert len(local.split(".")) == 2


def test_names_are_spelled_in_ascii_for_mail_without_losing_a_letter() -> None:
    for locale in LOCALES:
        for persons in locale.persons:
            for name in persons.first_names + persons.last_names:
                assert name.ascii.isascii()
                assert name.ascii.replace("-", "").isalpha()
                letters = [char for char in name.text if char.isalpha()]
                if unicodedata.name(letters[0]).startswith("LATIN"):
                    assert len(name.ascii) >= len(letters), name


def test_every_text_is_safe_in_xml() -> None:
    for contact in some(3000):
        for text in texts(contact):
            assert text.isprintable(), text
            assert text == text.strip() == unicodedata.normalize("NFC", text), text


def test_account_numbers_are_unique() -> None:
    numbers = [field(c, "AccountNumber") for c in some(3000)]
    assert len(set(numbers)) == 3000
    assert numbers[122] == "A-0000123"


def test_skillsets_are_drawn_from_those_given() -> None:
    assert {c.skillset_id for c in some(200)} == set(SKILLSETS)


def test_without_skillsets_nobody_is_invented() -> None:
    with pytest.raises(ValueError, match="at least one skillset"):
        people(1, count=1, campaign_name="Spring", skillset_ids=(), custom_field_names=())


def test_custom_fields_are_those_asked_for_with_texts_that_suit_their_names() -> None:
    for contact in some(300):
        assert tuple(f.name for f in contact.custom_fields or ()) == FIELDS
        assert field(contact, "Segment") in {"Gold", "Silver", "Bronze"}
        assert f"{float(field(contact, 'Balance')):.2f}" == field(contact, "Balance")
        assert date.fromisoformat(field(contact, "RenewalDate"))
        assert len(field(contact, "Note")) <= 40


def test_a_campaign_without_custom_fields_has_contacts_with_an_empty_list() -> None:
    bare = people(1, count=3, campaign_name="Spring", skillset_ids=SKILLSETS, custom_field_names=())
    assert [c.custom_fields for c in bare] == [(), (), ()]


def test_about_one_contact_in_ten_lacks_something_or_has_it_blank() -> None:
    def lacks(c: Contact) -> bool:
        phone = c.phone_number
        return not (c.email_address and c.title and c.address and c.address.post_code and phone and phone.int_code)

    contacts = some(3000)
    assert 200 < sum(map(lacks, contacts)) < 400
    assert any(c.email_address is None for c in contacts)
    assert any(c.email_address == "" for c in contacts)
    assert any(c.address is None for c in contacts)
    int_codes = {c.phone_number.int_code for c in contacts if c.phone_number}
    assert {None, ""} <= int_codes


def test_about_one_contact_in_twenty_has_a_preferred_agent() -> None:
    contacts = some(3000)
    assert 90 < sum(c.preferred_agent_specified for c in contacts) < 210
    assert all(c.preferred_agent_specified == (c.preferred_agent_id > 0) for c in contacts)


def test_every_contact_is_new_and_belongs_to_the_campaign() -> None:
    for contact in some(100):
        assert (contact.contact_id, contact.status, contact.priority) == (0, ContactStatus.NEW, 0)
        assert contact.campaign_name == "Spring"


def test_numbers_in_countries_with_a_range_for_fiction_lie_in_it() -> None:
    starts = {
        "United Kingdom": ("1632960", "2079460", "1614960", "1134960", "1314960", "29201", "2896496"),
        "Ireland": ("2091",),
        "Germany": ("3023125", "4066969", "2214710", "6990009", "8999998"),
        "France": ("19900", "26191", "35301", "46571", "53649"),
    }
    for locale in LOCALES:
        for place in locale.places:
            assert (place.area_code + place.exchange).startswith(starts.get(locale.country, ""))
            assert locale.country != "United States" or place.exchange + locale.phone_ends[-1] == "5550199"
