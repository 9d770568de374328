"""A contact center made of a seed."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

import pytest

from fake_ccmm.center import ContactCenter
from fake_ccmm.clock import SettableClock
from fake_ccmm.contacts import ContactCodec, PlainCodec
from fake_ccmm.demo.locales import LOCALES
from fake_ccmm.demo.people import people
from fake_ccmm.errors import InvalidLogin
from fake_ccmm.model import CampaignDetails, CampaignStatus, Closure, ContactStatus, DispositionCode, Skillset
from fake_ccmm.profile import Wording
from fake_ccmm.seed import (
    CampaignSeed,
    ClockSeed,
    ContactSeed,
    Generate,
    Seed,
    SeedError,
    build_center,
    parse_seed,
)
from fake_ccmm.soap.contact_xml import XML_CONTACTS

from .samples import PYTHON

OB = Skillset(7, "OB")


def ids(center: ContactCenter, campaign_id: int) -> list[int]:
    return [one.contact_id for one in center.contacts(campaign_id)]


@pytest.mark.parametrize("codec", [PlainCodec(), XML_CONTACTS], ids=["plain", "xml"])
def test_the_center_is_what_the_seed_says(codec: ContactCodec[Any]) -> None:
    center = build_center(PYTHON, codec=codec)
    assert center.codec is codec
    assert [one.username for one in center.administrators()] == ["zoë", "webadmin"]
    assert center.skillsets() == [Skillset(7, "OB_Default")]
    assert center.disposition_codes() == [DispositionCode(1, "Sold", 100)]
    assert center.profile.limit_seconds == 0.5
    assert center.profile.close_result == "contact-id"
    assert center.profile.wordings == {"too_soon": Wording(number=1, text="wait")}
    assert center.clock.is_frozen
    assert center.clock.now() == datetime(2026, 3, 1)
    assert center.last_contact_id == 5000
    own, spring = (view.details for view in center.campaigns())
    assert own == CampaignDetails(3, "", skillset=Skillset(8, "Own"))
    assert spring == CampaignDetails(
        11,
        "Spring",
        CampaignStatus.PAUSED,
        skillset=Skillset(7, "OB_Default"),
        date_created=datetime(2026, 1, 31, 8),
        start_date_time=datetime(2026, 2, 1),
        disposition_codes=(DispositionCode(1, "Sold", 100), DispositionCode(2, "Busy")),
        custom_field_names=("Account", "Note"),
    )
    contacts = center.contacts(11)
    assert [one.contact_id for one in contacts] == [40, 41, 42, 43, 44]
    assert [one.skillset_id for one in contacts] == [7, 0, 7, 7, 7]
    statuses = [one.status.value for one in contacts]
    assert statuses == ["New", "Closed", "New", "Closed", "New"]
    moment = datetime(2026, 2, 3, 4, 5, 6, 789000)
    assert center.closure(11, 41) == Closure(moment, "no\nanswer", DispositionCode(2, "Busy"))
    assert center.closure(11, 43) is None


def test_contacts_without_an_id_get_the_next_one_in_the_order_of_the_seed() -> None:
    one, five = ContactSeed(), ContactSeed(contact_id=5)
    seed = Seed(
        campaigns=(
            CampaignSeed(9, "a", contacts=(one, five, one)),
            CampaignSeed(2, "b", contacts=(ContactSeed(contact_id=3), one), skillset=OB, generate=Generate(2)),
            CampaignSeed(1, "c", contacts=(one, ContactSeed(contact_id=100))),
        )
    )
    center = build_center(seed)
    assert [ids(center, number) for number in (9, 2, 1)] == [[1, 5, 6], [3, 7, 8, 9], [10, 100]]


def test_invented_people_are_those_of_the_demo() -> None:
    wanted = Generate(40, seed=3, closed_every=4)
    campaign = CampaignSeed(1, "Spring", skillset=OB, custom_field_names=("AccountNumber",), generate=wanted)
    center = build_center(Seed(campaigns=(campaign,)))
    made = center.contacts(1)
    drawn = people(3, count=40, campaign_name="Spring", skillset_ids=[7], custom_field_names=["AccountNumber"])
    assert [one.first_name for one in made] == [one.first_name for one in drawn]
    assert [one.contact_id for one in made if one.status is ContactStatus.CLOSED] == [*range(4, 41, 4)]


def test_invented_people_are_from_the_countries_asked_for() -> None:
    campaign = CampaignSeed(1, "a", skillset=OB, generate=Generate(300, locales=("jp", "gr", "us")))
    made = build_center(Seed(campaigns=(campaign,))).contacts(1)
    assert {one.address.country for one in made if one.address} == {"Japan", "Greece", "United States"}


def test_each_country_has_a_code_of_its_own() -> None:
    assert len({one.code for one in LOCALES}) == len(LOCALES)
    with pytest.raises(ValueError, match="there is no locale 'xx'; there are gb, ie, de"):
        people(1, count=1, campaign_name="", skillset_ids=[1], custom_field_names=(), locales=["xx"])


def test_progress_is_told_up_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    campaign = CampaignSeed(1, "a", contacts=(ContactSeed(),) * 5, skillset=OB, generate=Generate(4000))
    build_center(Seed(campaigns=(campaign,)), progress=lambda done, total: told.append((done, total)))
    assert told == [(2000, 4005), (4000, 4005), (4005, 4005)]
    told.clear()
    build_center(Seed(), progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 0)]


def test_a_clock_runs_where_the_seed_does_not_stop_it() -> None:
    assert not build_center(Seed()).clock.is_frozen
    assert build_center(Seed()).clock.offset_seconds == 0
    assert build_center(Seed(clock=ClockSeed(offset=-3600))).clock.offset_seconds == -3600
    running = build_center(Seed(clock=ClockSeed(start=datetime(2030, 1, 1)))).clock
    assert not running.is_frozen
    assert datetime(2030, 1, 1) <= running.now() < datetime(2030, 1, 2)
    stopped = build_center(Seed(clock=ClockSeed(frozen=True))).clock
    assert stopped.is_frozen


def test_a_clock_that_is_given_is_the_centers_and_set_only_as_the_seed_says() -> None:
    clock = SettableClock(datetime(2020, 1, 1))
    assert build_center(Seed(), clock=clock).clock is clock
    assert clock.now() == datetime(2020, 1, 1)
    with pytest.raises(SeedError):
        build_center(Seed(clock=ClockSeed(offset=1, frozen=True)), clock=clock)
    assert clock.now() == datetime(2020, 1, 1)
    build_center(Seed(clock=ClockSeed(frozen=True, start=datetime(2021, 1, 1))), clock=clock)
    assert clock.now() == datetime(2021, 1, 1)


def test_without_administrators_nobody_can_log_in() -> None:
    with pytest.raises(InvalidLogin):
        build_center(Seed()).log_in("", "")


def test_a_hundred_thousand_contacts_are_there_in_seconds() -> None:
    contact = '{"first_name": "Ada", "phone_number": {"phone_no": "123"}, "custom_fields": {"A": "x"}}'
    text = f'{{"campaigns": [{{"campaign_id": 1, "name": "a", "custom_field_names": ["A"], "contacts": [{contact}'
    text += f", {contact}" * 99_999 + "]}]}"
    started = time.perf_counter()
    center = build_center(parse_seed(text, "json"), codec=XML_CONTACTS)
    assert center.campaign(1).number_of_contacts == 100_000
    assert time.perf_counter() - started < 60  # about 5 on an idle machine
