"""Looking contacts up by phone number and by custom field: rules N1 to N3 and F1 to F4."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from ..answer import Returned
from ..clause import Need, clause
from ..domain import CONTACT_STATUSES, Contact, CustomField, PhoneNumber, Status
from ..errors import NotPossibleHere
from ..generate import texts
from ..stage import Stage
from ..story import shown
from ..worlds import MAIN, WorldCampaign, WorldContact
from .campaigns import OVERVIEW, declared, world_of

SEED = (Need.SEED,)
_digits = st.sampled_from(["1", "44", "0", "5550100", "5550101", "(030) 1"])
_whole_numbers = st.builds(PhoneNumber, _digits, _digits, _digits)
_statuses = st.sampled_from(["New", "Closed", "Open", "Waiting"])


def _fill(stage: Stage, contacts: list[tuple[Contact, str]], elsewhere: tuple[Contact, ...] = ()) -> list[int]:
    """Fill the campaign to work in, and another one; the ids of the first one's contacts."""
    made = tuple(WorldContact(replace(one, skillset_id=10032), status) for one, status in contacts)
    others = tuple(WorldContact(replace(one, skillset_id=10032)) for one in elsewhere)
    campaigns = (WorldCampaign(MAIN - 1, "Elsewhere", contacts=others), WorldCampaign(MAIN, "Here", contacts=made))
    stage.become(replace(world_of(stage), campaigns=campaigns))
    return list(world_of(stage).contact_ids()[MAIN])


def _with_numbers(stage: Stage) -> tuple[list[int], PhoneNumber, list[int]]:
    """A campaign of contacts with numbers: its ids, a number to look for, and the ids that are due for it."""
    wanted = stage.draw(_whole_numbers, "wanted")
    others = [*_nearly(wanted), *stage.draw(st.lists(_whole_numbers, max_size=4), "others")]
    held = stage.draw(st.lists(_statuses, max_size=3), "statuses of those that have it")
    contacts = [(Contact(phone_number=one), "New") for one in others]
    contacts += [(Contact(phone_number=wanted), status) for status in held]
    elsewhere = (Contact(phone_number=wanted),)
    ids = _fill(stage, contacts, elsewhere)
    due = [one for one, (contact, _) in zip(ids, contacts, strict=True) if contact.phone_number == wanted]
    return ids, wanted, due


def _nearly(number: PhoneNumber) -> list[PhoneNumber]:
    """Whole numbers that differ from one in a part, in letters that are no digits, or in where its parts begin."""
    code, area, phone = number.int_code or "", number.area_code or "", number.phone_no or ""
    return [
        replace(number, int_code=code + "9"),
        replace(number, area_code=area + "9"),
        replace(number, phone_no=phone + "9"),
        replace(number, phone_no="0" + phone),
        replace(number, phone_no=f"{phone[:-1]}-{phone[-1:]}"),
        PhoneNumber(code + area[:1], area[1:] or "-", phone),
    ]


def _id_by_number(stage: Stage, number: PhoneNumber | None) -> Any:
    return stage.value(
        stage.call(
            "GetContactIDByPhoneNumber", campaign_id=stage.campaign_id, phone_number=number, session_key=stage.key()
        )
    )


@clause("N1", "GetContactIDByPhoneNumber gives the contact's id, or -1 where no contact of the campaign has the number",
        evidence="D", source=OVERVIEW)  # fmt: skip
def number_finds_its_contact(stage: Stage) -> None:
    if not stage.can_seed:
        _number_of_an_unknown_campaign(stage)
        return
    _, wanted, found_by_it = _with_numbers(stage)
    due = found_by_it[0] if found_by_it else -1
    came = _id_by_number(stage, wanted)
    stage.check(came == due, f"{wanted} is that of contact {due}, but {came} came" if due > 0
                else f"no contact has {wanted}, so -1 is due, but {came} came")  # fmt: skip


def _number_of_an_unknown_campaign(stage: Stage) -> None:
    """What can be said of contacts that somebody else made."""
    absent = PhoneNumber("99", "99", stage.draw(st.integers(10**14, 10**15).map(str), "a number nobody has"))
    came = _id_by_number(stage, absent)
    stage.check(came == -1, f"no contact has {absent}, so -1 is due, but {came} came")
    known = [one for one in stage.some_contacts() if one.phone_number and all(_parts(one.phone_number))]
    if known:
        one = known[stage.draw(st.integers(0, len(known) - 1), "contact")]
        came = _id_by_number(stage, one.phone_number)
        due = min(each.contact_id for each in known if each.phone_number == one.phone_number)
        stage.check(came == due, f"contact {due} is the first with its number, but {came} came")


def _parts(number: PhoneNumber) -> tuple[str | None, str | None, str | None]:
    return number.int_code, number.area_code, number.phone_no


@clause("N2", "Of several contacts with the number only the first, by id, is found", evidence="D", source=OVERVIEW,
        needs=SEED)  # fmt: skip
def first_of_several_is_found(stage: Stage) -> None:
    wanted, other = stage.draw(_whole_numbers, "number"), PhoneNumber("7", "7", "7")
    # A closed contact is one as any other, and is looked for in the first place.
    statuses = ["Closed", *stage.draw(st.lists(_statuses, min_size=1, max_size=4), "statuses")]
    before = stage.draw(st.integers(0, 2), "contacts before")
    contacts = [(Contact(phone_number=other), "New")] * before
    ids = _fill(stage, contacts + [(Contact(phone_number=wanted), status) for status in statuses])
    came = _id_by_number(stage, wanted)
    stage.check(came == ids[before], f"contact {ids[before]} is the first of {len(statuses)}, but {came} came")


@clause("N3", "A part of the number that is left blank equals a part that the contact lacks", evidence="D",
        source=OVERVIEW, needs=SEED)  # fmt: skip
def blank_parts_equal_missing_ones(stage: Stage) -> None:
    lacks = stage.draw(st.sampled_from([("int_code",), ("area_code",), ("int_code", "area_code")]), "lacking")
    kept, asked = stage.draw(st.tuples(*[st.sampled_from([None, ""])] * 2), "as kept, as asked")
    whole = PhoneNumber("44", "20", "5550100")
    contact = replace(whole, **dict.fromkeys(lacks, kept))
    ids = _fill(stage, [(Contact(phone_number=replace(whole, phone_no="1")), "New"),
                        (Contact(phone_number=contact), "New")])  # fmt: skip
    question = replace(whole, **dict.fromkeys(lacks, asked))
    came = _id_by_number(stage, question)
    stage.check(came == ids[1], f"{question} is that of contact {ids[1]}, which lacks {lacks}, but {came} came")
    absent = replace(whole, phone_no="5550100", **{lacks[0]: "99"})
    came = _id_by_number(stage, absent)
    stage.check(came == -1, f"no contact has {absent}, so -1 is due, but {came} came")


def found(stage: Stage, operation: str, **arguments: Any) -> list[int]:
    """The ids of the contacts that a Find operation gives."""
    value = stage.value(stage.call(operation, campaign_id=stage.campaign_id, session_key=stage.key(), **arguments))
    return [one.contact_id for one in value]


def _capped(stage: Stage, ids: list[int]) -> list[int]:
    """The contacts that are due where the server is known to give so many at most; a mock says how many."""
    cap = stage.known("find_cap") if stage.mock is None else declared(stage, "find_cap")
    return ids[:cap] if cap else ids


@clause("F1", "FindContactsByPhoneNumber gives every contact of the campaign with the number", evidence="D",
        source=OVERVIEW)  # fmt: skip
def all_with_the_number_are_found(stage: Stage) -> None:
    if not stage.can_seed:
        known = [one for one in stage.some_contacts() if one.phone_number and all(_parts(one.phone_number))]
        if not known:
            raise NotPossibleHere("needs a campaign whose contacts have phone numbers")
        one = known[stage.draw(st.integers(0, len(known) - 1), "contact")]
        ids = found(stage, "FindContactsByPhoneNumber", phone_number=one.phone_number)
        stage.check(one.contact_id in ids, f"contact {one.contact_id} has the number, but is not among {ids}")
        return
    _, wanted, due = _with_numbers(stage)
    _check_found(stage, wanted, due)
    both = PhoneNumber("7", "7", "7")
    ids = _fill(stage, [(Contact(phone_number=both), status) for status in ("Closed", "New", "Waiting")])
    _check_found(stage, both, ids)


def _check_found(stage: Stage, wanted: PhoneNumber, due: list[int]) -> None:
    came = found(stage, "FindContactsByPhoneNumber", phone_number=wanted)
    due = _capped(stage, due)
    stage.check(sorted(came) == due, f"the contacts {due} have {wanted}, but {came} came")


@clause("F1.whole", "The contacts that are found come with all their fields", evidence="DW",
        source=f"{OVERVIEW}, the WSDL", needs=(Need.WRITE,))  # fmt: skip
def found_contacts_are_whole(stage: Stage) -> None:
    name = stage.draw(texts(), "first name")
    number = PhoneNumber("99", "1", f"{stage.calls:09}{stage.target.run_id}")
    fresh = stage.fresh_contact(Contact(first_name=name, phone_number=number, skillset_id=stage.skillset_id))
    value = stage.value(
        stage.call(
            "FindContactsByPhoneNumber", campaign_id=stage.campaign_id, phone_number=number, session_key=stage.key()
        )
    )
    stage.check(value == (fresh,), f"a page shows the contact as {fresh}, but the search gives {value}")


@clause("F2", "FindContactsByPhoneNumber needs a PhoneNo", evidence="D", source=OVERVIEW)
def search_needs_a_number(stage: Stage) -> None:
    part = st.sampled_from([None, "", "44"])
    number = stage.draw(st.one_of(st.none(), st.builds(PhoneNumber, part, part, st.sampled_from([None, ""]))), "number")
    stage.refused(
        stage.call(
            "FindContactsByPhoneNumber", campaign_id=stage.campaign_id, phone_number=number, session_key=stage.key()
        )
    )


@clause("F3", "A ContactStatus narrows a search to new or to closed contacts; without one all are found", evidence="DO",
        source=f"{OVERVIEW}, seen in what clients send", needs=SEED)  # fmt: skip
def status_narrows_a_search(stage: Stage) -> None:
    statuses = [*CONTACT_STATUSES, *stage.draw(st.lists(_statuses, max_size=4), "statuses")]
    number, field = PhoneNumber("44", "20", "5550100"), CustomField("Account", "4711")
    contacts = [(Contact(phone_number=number, custom_fields=(field,)), status) for status in statuses]
    ids = _fill(stage, contacts)
    searches: tuple[tuple[str, dict[str, Any]], ...] = (
        ("FindContactsByPhoneNumber", {"phone_number": number}),
        ("FindContactsByCustomField", {"custom_field": field}),
    )
    for operation, what in searches:
        for words, status in _FILTERS:
            narrow = status.name if status else None
            wanted = {} if status is None else {"contact_status": status}
            due = [one for one, name in zip(ids, statuses, strict=True) if not narrow or name == narrow]
            came = found(stage, operation, **what, **wanted)
            stage.check(sorted(came) == _capped(stage, due),
                        f"{operation} {words}: the contacts {due} are due, but {came} came")  # fmt: skip


_FILTERS = (
    ("without a status", None),
    ("with a status that has no name", Status(0, None)),
    ("with a status whose name is empty", Status(0, "")),
    ("with the status New", Status(0, "New")),
    ("with the status Closed", Status(0, "Closed")),
)


@clause("F4", "FindContactsByCustomField goes by the field's name and text", evidence="D", source=OVERVIEW, needs=SEED)
def custom_field_finds_contacts(stage: Stage) -> None:
    names = ("Account", "Segment")
    drawn = stage.draw(texts().filter(lambda text: "\r" not in text), "text")
    words = [*_WORDS, *([drawn] if drawn not in _WORDS else [])]
    held = [(name, text) for text in words for name in names]
    # Both fields, the one that is looked for behind the other.
    both = Contact(custom_fields=(CustomField("Account", "both"), CustomField("Segment", "gold")))
    elsewhere = (Contact(custom_fields=(CustomField("Account", drawn), CustomField("Segment", "gold"))),)
    contacts = [(Contact(custom_fields=(CustomField(*one),)), "New") for one in held]
    *ids, last = _fill(stage, [*contacts, (both, "New")], elsewhere)
    for (name, text), contact_id in zip(held, ids, strict=True):
        due = _capped(stage, [contact_id, last] if (name, text) == ("Segment", "gold") else [contact_id])
        came = found(stage, "FindContactsByCustomField", custom_field=CustomField(name, text))
        stage.check(sorted(came) == due, f"the contacts {due} have {name} {text!r}, but {came} came")


_WORDS = ("gold", "Gold", "golden", "  gold", "ゴールド", "ゴルード", "<gold/>")


@clause("F4.appended", "A contact is found by its custom field as soon as it is appended", evidence="D",
        source=OVERVIEW, needs=(Need.WRITE,))  # fmt: skip
def appended_contacts_are_found(stage: Stage) -> None:
    names = stage.custom_field_names
    if not names:
        raise NotPossibleHere("needs a campaign whose contacts have custom fields")
    field = CustomField(
        stage.draw(st.sampled_from(names), "field"), f"ccmm-contracts {stage.target.run_id} {stage.calls}"
    )
    fresh = stage.fresh_contact(Contact(skillset_id=stage.skillset_id, custom_fields=(field,)))
    answer = stage.call("FindContactsByCustomField", campaign_id=stage.campaign_id, custom_field=field,
                        session_key=stage.key())  # fmt: skip
    stage.check(isinstance(answer, Returned) and [one.contact_id for one in answer.value] == [fresh.contact_id],
                f"contact {fresh.contact_id} alone has that field, but {shown(answer)}")  # fmt: skip
