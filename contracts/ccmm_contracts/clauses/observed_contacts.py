"""What a server does with contacts where no paper says what it should: appending, closing, finding, showing them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

from ..answer import Answer, Returned
from ..clause import Need, observation
from ..domain import CONTACT_STATUSES, Campaign, Contact, CustomField, PhoneNumber, Status
from ..errors import NotPossibleHere
from ..observing import is_nothing, observe_choice
from ..stage import Stage
from ..story import shown
from ..wordings import asked
from ..worlds import WorldContact

_OPEN = "nothing says what"
_FIRST = "closed by ccmm-contracts"
_AGAIN = "closed again by ccmm-contracts"
_MANY = 450
_NUMBER = PhoneNumber("353", "91", "7570001")
_SOUGHT = 5
_UNKNOWN_CONTACTS = ({"contact": 1918273645}, {"contact": 1645546372})
_UNKNOWN_FIELDS = ({"field_name": "ccmm-contracts no such field"}, {"field_name": "Something else"})
_UNKNOWN_SKILLSETS = ({"skillset_id": 918273645}, {"skillset_id": 645546372})
_UNKNOWN_STATUSES = ({"status": "Neither"}, {"status": "Somehow"})


def status_of(stage: Stage, contact_id: int) -> Answer:
    """What GetContactStatus says of a contact in the campaign to work in."""
    return stage.call(
        "GetContactStatus",
        campaign_id=stage.campaign_id,
        contact_id=contact_id,
        custom_field_passed=False,
        session_key=stage.key(),
    )


@observation("T1.unknown", "What becomes of a call for a contact that there is not", source=_OPEN,
             choices=("unknown_contact",))  # fmt: skip
def call_for_an_unknown_contact(stage: Stage) -> None:
    answer, words = asked("unknown_contact", lambda contact: status_of(stage, contact), *_UNKNOWN_CONTACTS)
    what = "the status of a contact that there is not"
    observe_choice(stage, what, answer, words, "unknown_contact", "empty", is_nothing)


@observation("T1.ids", "What numbers the statuses of contacts have", source="no numbers are known",
             choices=tuple(f"contact_status_id_{one.lower()}" for one in CONTACT_STATUSES))  # fmt: skip
def numbers_of_contact_statuses(stage: Stage) -> None:
    if stage.world is not None:
        contacts = tuple(WorldContact(Contact(skillset_id=stage.skillset_id), one) for one in CONTACT_STATUSES)
        campaign = replace(stage.world.campaign(stage.campaign_id), contacts=contacts)
        world = stage.world.with_campaign(campaign)
        stage.become(world)
        ids = list(world.contact_ids()[stage.campaign_id])
    else:
        ids = [one.contact_id for one in stage.some_contacts()[:_SOUGHT]]
    if not ids:
        raise NotPossibleHere("needs a campaign with contacts")
    seen: dict[str, int] = {}
    for one in ids:
        answer = status_of(stage, one)
        if isinstance(answer, Returned) and isinstance(answer.value, Status):
            seen[answer.value.name or ""] = answer.value.id
    for name, number in seen.items():
        choices: dict[str, Any] = {f"contact_status_id_{name.lower()}": number} if name in CONTACT_STATUSES else {}
        stage.observe(f"the status {name} of a contact has the number {number}", **choices)


@observation("A2.unknown", "What becomes of a contact whose skillset there is not", source=_OPEN,
             needs=(Need.WRITE,), choices=("unknown_skillset",))  # fmt: skip
def append_with_an_unknown_skillset(stage: Stage) -> None:
    def ask(skillset_id: int) -> Answer:
        return stage.append(Contact(skillset_id=skillset_id))

    answer, words = asked("unknown_skillset", ask, *_UNKNOWN_SKILLSETS)
    what = "an append of a contact whose skillset there is not"
    observe_choice(stage, what, answer, words, "unknown_skillset", "accept", lambda value: value == 1)


@observation("P5.campaign", "Which campaign's name an appended contact shows", source=_OPEN, needs=(Need.WRITE,),
             choices=("append_campaign_name",))  # fmt: skip
def campaign_name_of_an_appended_contact(stage: Stage) -> None:
    sent = "a name of ccmm-contracts' own"
    contact = stage.fresh_contact(Contact(campaign_name=sent, skillset_id=stage.skillset_id))
    campaign = stage.campaign()
    shown_name = contact.campaign_name
    told = f"a contact that was sent with the campaign name {sent!r} has {shown_name!r}"
    if shown_name == sent:
        stage.observe(told, append_campaign_name="as-sent")
    elif campaign is not None and shown_name == campaign.name:
        stage.observe(told, append_campaign_name="campaign")
    else:
        stage.observe(told)


@observation("F4.unknown", "What becomes of a search for a custom field that the campaign does not have", source=_OPEN,
             choices=("unknown_custom_field",))  # fmt: skip
def search_for_an_unknown_custom_field(stage: Stage) -> None:
    def ask(field_name: str) -> Answer:
        wanted = CustomField(field_name, "ccmm-contracts")
        where = stage.campaign_id
        return stage.call("FindContactsByCustomField", campaign_id=where, custom_field=wanted, session_key=stage.key())

    answer, words = asked("unknown_custom_field", ask, *_UNKNOWN_FIELDS)
    what = "a search for a custom field that the campaign does not have"
    observe_choice(stage, what, answer, words, "unknown_custom_field", "ignore", is_nothing)


def find_by_number(stage: Stage, number: PhoneNumber, status: Status | None = None) -> Answer:
    """What FindContactsByPhoneNumber gives in the campaign to work in."""
    return stage.call(
        "FindContactsByPhoneNumber",
        campaign_id=stage.campaign_id,
        phone_number=number,
        contact_status=status,
        session_key=stage.key(),
    )


@observation("F3.unknown", "What becomes of a search for a status that there is not", source=_OPEN,
             choices=("unknown_status_filter",))  # fmt: skip
def search_for_an_unknown_status(stage: Stage) -> None:
    number = _contact_with_number(stage).phone_number or _NUMBER

    def ask(status: str) -> Answer:
        return find_by_number(stage, number, Status(0, status))

    answer, words = asked("unknown_status_filter", ask, *_UNKNOWN_STATUSES)
    what = "a search for contacts in a status that there is not"
    observe_choice(stage, what, answer, words, "unknown_status_filter", "empty", is_nothing)


@observation("N3.blank", "Whether a blank part of a phone number matches whatever a contact has", source=_OPEN,
             choices=("blank_phone_part",))  # fmt: skip
def blank_part_of_a_phone_number(stage: Stage) -> None:
    contact = _contact_with_number(stage)
    whole = contact.phone_number or _NUMBER
    number = replace(whole, int_code=None) if whole.int_code else replace(whole, area_code=None)
    where = stage.campaign_id
    answer = stage.call("GetContactIDByPhoneNumber", campaign_id=where, phone_number=number, session_key=stage.key())
    told = f"the id by a phone number without a part that contact {contact.contact_id} has: {shown(answer)}"
    if isinstance(answer, Returned) and answer.value == -1:
        stage.observe(told, blank_phone_part="exact")
    elif isinstance(answer, Returned) and answer.value == contact.contact_id:
        stage.observe(told, blank_phone_part="any")
    else:
        stage.observe(f"{told}; perhaps that is another with such a number")


def _contact_with_number(stage: Stage) -> Contact:
    """A contact whose phone number has more than one part, appended where there is none."""
    for one in stage.some_contacts():
        number = one.phone_number
        if number is not None and number.phone_no and (number.int_code or number.area_code):
            return one
    if not stage.can_write:
        raise NotPossibleHere("needs a contact whose phone number has more than one part, and the campaign has none")
    return stage.fresh_contact(Contact(phone_number=_NUMBER, skillset_id=stage.skillset_id))


@observation("F1.cap", "How many contacts a search gives at most", source="nothing says that there is a limit",
             needs=(Need.SEED,), choices=("find_cap",))  # fmt: skip
def most_contacts_of_a_search(stage: Stage) -> None:
    if stage.world is None:
        return
    contacts = (WorldContact(Contact(phone_number=_NUMBER, skillset_id=stage.skillset_id)),) * _MANY
    campaign = replace(stage.world.campaign(stage.campaign_id), contacts=contacts)
    stage.become(stage.world.with_campaign(campaign))
    answer = find_by_number(stage, _NUMBER)
    found = len(answer.value) if isinstance(answer, Returned) and isinstance(answer.value, tuple) else 0
    if found == _MANY:
        stage.observe(f"a search gives all of {_MANY} contacts", find_cap=0)
    elif found:
        stage.observe(f"of {_MANY} contacts a search gives {found}", find_cap=found)
    else:
        stage.observe(f"a search for {_MANY} contacts: {shown(answer)}")


@observation("X1.result", "What CloseContact returns", source="an append returns 1; of a closing nothing is said",
             needs=(Need.WRITE,), choices=("close_result",))  # fmt: skip
def result_of_closing(stage: Stage) -> None:
    contact_id = stage.fresh_contact().contact_id
    answer = stage.close(contact_id=contact_id, closure_text=_FIRST)
    results: dict[Any, str] = {0: "zero", contact_id: "contact-id", 1: "one"}
    told = f"a closing of contact {contact_id}: {shown(answer)}"
    if isinstance(answer, Returned) and answer.value in results:
        stage.observe(told, close_result=results[answer.value])
    else:
        stage.observe(told)


@observation("X4.again", "What becomes of closing a contact that is closed", source=_OPEN, needs=(Need.WRITE,),
             choices=("closed_contact", "contact_already_closed"))  # fmt: skip
def closing_a_closed_contact(stage: Stage) -> None:
    ids = [stage.fresh_contact().contact_id for _ in range(2 if stage.mock is not None else 1)]
    for one in ids:
        stage.close(contact_id=one, closure_text=_FIRST)

    def ask(contact: int) -> Answer:
        return stage.close(contact_id=contact, closure_text=_AGAIN)

    answer, words = asked("contact_already_closed", ask, *({"contact": one} for one in ids))
    told = f"a closing of a contact that is closed: {shown(answer)}"
    if words is not None:
        stage.observe(told, closed_contact="fault", **words)
    elif not isinstance(answer, Returned):
        stage.observe(told)
    elif stage.mock is None:
        stage.observe(f"{told}; no operation shows whether the first closing or the second is kept")
    else:
        _observe_which_is_kept(stage, told, ids[0])


def _observe_which_is_kept(stage: Stage, told: str, contact_id: int) -> None:
    contacts = stage.mock.contacts(stage.campaign_id) if stage.mock is not None else []
    closures = [one.get("closure") or {} for one in contacts if one["contact_id"] == contact_id]
    text = closures[0].get("text") if closures else None
    kept = {_FIRST: "ignore", _AGAIN: "again"}.get(str(text))
    which = {"ignore": "the first closing is kept", "again": "the second closing takes the first one's place"}
    if kept is not None:
        stage.observe(f"{told}, and {which[kept]}", closed_contact=kept)
    else:
        stage.observe(f"{told}, and neither closing is kept")


@observation("X6.matches", "Which of several contacts with the same custom field are closed", source=_OPEN,
             needs=(Need.WRITE,), choices=("close_matches",))  # fmt: skip
def which_matches_are_closed(stage: Stage) -> None:
    names = stage.custom_field_names
    if not names:
        raise NotPossibleHere("needs a custom field, and none of the campaign's contacts has one")
    field = CustomField(names[0], f"ccmm-contracts {uuid4().hex[:12]}")
    contact = Contact(custom_fields=(field,), skillset_id=stage.skillset_id)
    ids = [stage.fresh_contact(contact).contact_id for _ in range(3)]
    answer = stage.close(
        custom_field_name=field.name,
        custom_field_value=field.text,
        custom_field_specified=True,
        closure_text=_FIRST,
    )
    closed = [one for one in ids if _is_closed(stage, one)]
    told = f"a closing by a custom field that three contacts have ({shown(answer)}) closes {len(closed)} of them"
    if closed == ids:
        stage.observe(told, close_matches="all")
    elif closed == ids[:1]:
        stage.observe(f"{told}, the first", close_matches="first")
    else:
        stage.observe(told)


def _is_closed(stage: Stage, contact_id: int) -> bool:
    answer = status_of(stage, contact_id)
    return isinstance(answer, Returned) and isinstance(answer.value, Status) and answer.value.name == "Closed"


@observation("X2.code", "Whether a disposition code is named by its id or by its numeric value", source="the overview "
             "calls it DispositionID, the WSDL the value of a code", needs=(Need.WRITE,),
             choices=("disposition_by",))  # fmt: skip
def what_names_a_disposition_code(stage: Stage) -> None:
    code_id, number = _telling_code(stage.campaign())
    answers: dict[str, Answer] = {}
    for name, value in (("id", code_id), ("numeric-value", number)):
        contact_id = stage.fresh_contact().contact_id
        answers[name] = stage.close(
            contact_id=contact_id,
            closure_text=_FIRST,
            disposition_code=value,
            disposition_code_specified=True,
        )
    good = [name for name, answer in answers.items() if isinstance(answer, Returned)]
    told = f"a closing with code {code_id}, whose numeric value is {number}: by id {shown(answers['id'])}; "
    told += f"by numeric value {shown(answers['numeric-value'])}"
    if len(good) == 1:
        stage.observe(told, disposition_by=good[0])
    else:
        stage.observe(told)


def _telling_code(campaign: Campaign | None) -> tuple[int, int]:
    """Id and numeric value of a code of the campaign, each of which is neither for any other of its codes."""
    codes = (campaign.disposition_codes if campaign is not None else None) or ()
    ids, numbers = {one.disposition_code_id for one in codes}, {one.numeric_value for one in codes}
    for one in codes:
        if one.disposition_code_id not in numbers and one.numeric_value not in ids:
            return one.disposition_code_id, one.numeric_value
    raise NotPossibleHere("needs a campaign with a disposition code whose id is no code's numeric value")


@observation("P3.closed", "Whether pages hold closed contacts too", source="the overview's loop counts up to "
             "NumberOfContacts", needs=(Need.WRITE,), choices=("closed_in_pages",))  # fmt: skip
def closed_contacts_in_pages(stage: Stage) -> None:
    contact_id = stage.fresh_contact().contact_id
    closed = stage.close(contact_id=contact_id, closure_text=_FIRST)
    if not isinstance(closed, Returned):
        stage.observe(f"a closing of an open contact: {shown(closed)}")
        return
    ids = [one.contact_id for one in stage.contacts(after=contact_id - 1)]
    is_there = contact_id in ids
    stage.observe(f"a contact that was closed is {'still' if is_there else 'no longer'} in the pages",
                  closed_in_pages=is_there)  # fmt: skip
