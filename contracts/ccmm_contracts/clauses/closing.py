"""CloseContact and GetContactStatus: rules X1 to X5 and T1; X6, which no paper settles, is observed."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, repeat

from hypothesis import strategies as st

from ..answer import Answer, Fault, Returned
from ..clause import Need, clause, observation
from ..domain import CONTACT_STATUSES, Contact, CustomField, DispositionCode, Status
from ..errors import NotPossibleHere
from ..generate import as_received, texts
from ..stage import Stage
from ..story import shown
from ..worlds import MAIN, NOT_LINKED, WRONG_NUMBER, WorldCampaign, WorldContact
from .appending import check_limit
from .campaigns import OVERVIEW, world_of

WRITE = (Need.WRITE,)
_CLOSE = "CloseContact"
_plain_texts = texts().filter(lambda text: text.strip() != "" and "\r" not in text)


def status_of(stage: Stage, contact_id: int, campaign_id: int | None = None) -> Answer:
    """Ask for a contact's status by its id."""
    where = stage.campaign_id if campaign_id is None else campaign_id
    return stage.call("GetContactStatus", campaign_id=where, contact_id=contact_id, custom_field_passed=False,
                      session_key=stage.key())  # fmt: skip


def is_closed(stage: Stage, contact_id: int) -> bool:
    """Whether the server says that a contact is Closed."""
    status: Status | None = stage.value(status_of(stage, contact_id))
    return status is not None and status.name == "Closed"


@clause("X1", "CloseContact closes the contact that its ContactID names, and no other", evidence="D", source=OVERVIEW,
        needs=WRITE)  # fmt: skip
def close_by_id(stage: Stage) -> None:
    one, other = stage.fresh_contact(), stage.fresh_contact()
    # What the flag leaves unused is ignored, whatever it says.
    unused = stage.draw(st.one_of(st.none(), texts()), "custom field that is not used")
    stage.value(stage.close(contact_id=one.contact_id, custom_field_name=unused, custom_field_value=unused))
    stage.check(is_closed(stage, one.contact_id), "the contact that was closed by its id is not Closed")
    stage.check(not is_closed(stage, other.contact_id), "a contact was closed that nobody named")


@clause("X1.field", "With its flag CloseContact closes by custom field, and ignores the ContactID", evidence="D",
        source=OVERVIEW, needs=WRITE)  # fmt: skip
def close_by_custom_field(stage: Stage) -> None:
    name, text = _a_field(stage)
    *others, one = _ids_of(stage, [*_nearly_with_field(stage, name, text), _with_field(stage, name, text)])
    unused = others[0] if stage.draw(st.booleans(), "another contact's id") else 0
    stage.value(
        stage.close(contact_id=unused, custom_field_name=name, custom_field_value=text, custom_field_specified=True)
    )
    stage.check(is_closed(stage, one), f"the contact whose {name} is {text!r} is not Closed")
    for other in others:
        stage.check(not is_closed(stage, other), f"a contact was closed whose {name} is another")


def _ids_of(stage: Stage, contacts: list[Contact]) -> list[int]:
    """The ids of these contacts, which a mock is filled with and any other server gets appended."""
    if not stage.can_seed:
        return [stage.fresh_contact(one).contact_id for one in contacts]
    campaign = replace(world_of(stage).campaign(MAIN), contacts=tuple(map(WorldContact, contacts)))
    stage.become(world_of(stage).with_campaign(campaign))
    return list(world_of(stage).contact_ids()[MAIN])


def _nearly_with_field(stage: Stage, name: str, text: str) -> list[Contact]:
    """Contacts that have another text in the field, or the text in another field; of a real server, one."""
    nearly = [_with_field(stage, name, text + "?"), _with_field(stage, name, "?" + text)]
    nearly += [_with_field(stage, one, text) for one in stage.custom_field_names if one != name]
    return nearly if stage.can_seed else nearly[:1]


def _a_field(stage: Stage) -> tuple[str, str]:
    """A custom field of the campaign, and a text that no other contact has in it."""
    names = stage.custom_field_names
    if not names:
        raise NotPossibleHere("needs a campaign whose contacts have custom fields")
    name = stage.draw(st.sampled_from(names), "custom field")
    text = stage.draw(_plain_texts, "its text")
    return name, text if stage.can_seed else f"{text} {stage.mark} {stage.calls}"


def _with_field(stage: Stage, name: str, text: str) -> Contact:
    return Contact(skillset_id=stage.skillset_id, custom_fields=(CustomField(name, text),))


@clause("X1.campaign", "CloseContact reaches contacts of its own campaign only", evidence="D", source=OVERVIEW,
        needs=(Need.SEED,))  # fmt: skip
def close_stays_in_its_campaign(stage: Stage) -> None:
    field = CustomField("Account", "elsewhere")
    contact = WorldContact(Contact(skillset_id=10032, custom_fields=(field,)))
    other = replace(world_of(stage).campaign(MAIN + 1), contacts=(contact, contact))
    # One has a lower id than this campaign's, one a greater.
    before = replace(other, campaign_id=MAIN - 1)
    stage.become(world_of(stage).with_campaign(other).with_campaign(before))
    where = stage.draw(st.sampled_from([MAIN - 1, MAIN + 1]), "other campaign")
    target = stage.draw(st.sampled_from(world_of(stage).contact_ids()[where]), "its contact")
    stage.close(contact_id=target)
    stage.close(custom_field_name=field.name, custom_field_value=field.text, custom_field_specified=True)
    for one in (MAIN - 1, MAIN + 1):
        for contact_id in world_of(stage).contact_ids()[one]:
            status = stage.value(status_of(stage, contact_id, one))
            is_new = status is not None and status.name == "New"
            stage.check(is_new, f"CloseContact on campaign {MAIN} changed contact {contact_id} of campaign {one}")


@clause("X2", "A disposition code must be linked to the campaign; without its flag there is none", evidence="D",
        source=OVERVIEW, needs=WRITE)  # fmt: skip
def only_linked_codes_are_taken(stage: Stage) -> None:
    if stage.can_seed:
        other = replace(world_of(stage).campaign(MAIN + 1), disposition_codes=(WRONG_NUMBER,))
        stage.become(world_of(stage).with_campaign(other))
    campaign = stage.campaign()
    codes = (campaign.disposition_codes if campaign else None) or ()
    linked = {one.disposition_code_id for one in codes} | {one.numeric_value for one in codes}
    fresh = stage.fresh_contact()
    drawn = stage.draw(st.one_of(st.sampled_from([13, 14, 0, -1]), st.integers(-(2**63), 2**63 - 1)), "unlinked code")
    # Linked to another campaign, known to the center, not a code at all.
    known = {WRONG_NUMBER.disposition_code_id, NOT_LINKED.disposition_code_id, 0}
    # The first example is always the simplest, so that the known ones are never left out.
    wrong = {drawn, *known} if stage.can_seed and drawn in known else {drawn}
    for code in sorted(wrong - linked):
        stage.refused(stage.close(contact_id=fresh.contact_id, disposition_code=code, disposition_code_specified=True))
        stage.check(not is_closed(stage, fresh.contact_id), "a close with an unlinked code was refused, but it closed")
    if drawn not in linked:
        stage.value(stage.close(contact_id=fresh.contact_id, disposition_code=drawn, disposition_code_specified=False))
        stage.check(is_closed(stage, fresh.contact_id), "without its flag the code is to be ignored")
    if codes:
        _close_with_linked_code(stage, codes)


def _close_with_linked_code(stage: Stage, codes: tuple[DispositionCode, ...]) -> None:
    """Whether codes go by their Id or their NumbericValue is the server's choice; one of them must do."""
    code = stage.draw(st.sampled_from(codes), "linked code") if stage.can_seed else codes[0]
    contact_id = stage.fresh_contact().contact_id
    for number in (code.disposition_code_id, code.numeric_value):
        answer = stage.close(contact_id=contact_id, disposition_code=number, disposition_code_specified=True)
        if isinstance(answer, Returned):
            stage.check(is_closed(stage, contact_id), "a close with a linked code was taken, but closed nothing")
            return
    stage.check(False, f"a close with the linked code {code.name!r} is to be taken, but {shown(answer)}")


@clause("X3", "The closure text is whatever a person writes", evidence="D", source=OVERVIEW, needs=WRITE)
def any_text_closes(stage: Stage) -> None:
    drawn = stage.draw(st.none() | texts(), "closure text")
    # The first example is always the simplest, so that the known ones are never left out.
    for text in (drawn, *_WORDS) if stage.can_seed and drawn is None else (drawn,):
        fresh = stage.fresh_contact()
        stage.value(stage.close(contact_id=fresh.contact_id, closure_text=text))
        stage.check(is_closed(stage, fresh.contact_id), "the contact that was closed is not Closed")
        if stage.mock is not None:
            kept = next(one for one in stage.mock.contacts(MAIN) if one["contact_id"] == fresh.contact_id)
            came = (kept.get("closure") or {}).get("text")
            due = None if text is None else as_received(text)
            # The request's own line ends are made one by XML before anybody reads them.
            stage.check(_as_received(came) == due, f"the closure text went in as {text!r} and was kept as {came!r}")


_WORDS = ("", "  Asked to be called again,\nafter 5 p.m.  ", "Zoë sagte <nein> & 山田 auch \U0001f600")


def _as_received(text: str | None) -> str | None:
    return None if text is None else as_received(text)


@clause("X4", "A contact that was closed has the status Closed", evidence="D", source=OVERVIEW, needs=WRITE)
def closed_contacts_are_closed(stage: Stage) -> None:
    fresh = stage.fresh_contact()
    stage.check(not is_closed(stage, fresh.contact_id), "a contact that was just appended is Closed already")
    stage.value(stage.close(contact_id=fresh.contact_id))
    status = stage.value(status_of(stage, fresh.contact_id))
    name = status.name if status else None
    stage.check(name == "Closed", f"the status of a contact that was closed is Closed, not {name}")
    stage.fresh_contact()
    stage.check(is_closed(stage, fresh.contact_id), "a contact was closed, but is no longer when another is appended")


@clause("X5", "A close is taken once every second; a refused one changes nothing", evidence="W",
        source="the WSDL's documentation", needs=WRITE)  # fmt: skip
def closes_keep_their_distance(stage: Stage) -> None:
    one, other = stage.fresh_contact(), stage.fresh_contact()
    stage.value(stage.close(contact_id=one.contact_id))
    if stage.mock is None or stage.known("limit_answer") != "delay":
        answer = stage.call(_CLOSE, campaign_id=stage.campaign_id, contact_id=other.contact_id, session_key=stage.key(),
                            custom_field_specified=False, disposition_code_specified=False)  # fmt: skip
        if isinstance(answer, Fault):
            stage.check(not is_closed(stage, other.contact_id), "a close that was refused has closed its contact")
    if not is_closed(stage, other.contact_id):
        stage.value(stage.close(contact_id=other.contact_id))
    stage.check(is_closed(stage, other.contact_id), "a close after the limit has passed has closed nothing")


@clause("X5.second", "A close within the time that a mock says is refused, and starts no new one", evidence="W",
        source="the WSDL's documentation", needs=(Need.SEED,))  # fmt: skip
def closes_are_limited_as_declared(stage: Stage) -> None:
    key = stage.key()
    one, other = (stage.fresh_contact().contact_id for _ in range(2))
    # The first call closes one, all that follow are to close the other.
    ids = chain((one,), repeat(other))
    check_limit(
        stage,
        lambda: stage.call(_CLOSE, campaign_id=stage.campaign_id, contact_id=next(ids), session_key=key,
                           custom_field_specified=False, disposition_code_specified=False),
    )  # fmt: skip


@observation("X6", "Which of several contacts with the custom field is closed, when the first is closed already",
             source="nothing says which", needs=WRITE)  # fmt: skip
def which_of_several_is_closed(stage: Stage) -> None:
    names = stage.custom_field_names
    if not names:
        raise NotPossibleHere("needs a campaign whose contacts have custom fields")
    text = f"several {stage.target.run_id} {stage.calls}"
    ids = [stage.fresh_contact(_with_field(stage, names[0], text)).contact_id for _ in range(4)]
    stage.value(stage.close(contact_id=ids[0]))
    answer = stage.close(custom_field_name=names[0], custom_field_value=text, custom_field_specified=True)
    closed = [str(at) for at, one in enumerate(ids, 1) if at > 1 and is_closed(stage, one)]
    told = "it was refused" if isinstance(answer, Fault) else "it was taken"
    stage.observe(f"a close by a custom field of four contacts, the first of them closed: {told}, and closed "
                  f"{'none' if not closed else 'number ' + ' and '.join(closed)}")  # fmt: skip


@clause("T1", "GetContactStatus answers Id and Name of the contact's status", evidence="D", source=OVERVIEW)
def status_is_told(stage: Stage) -> None:
    if not stage.can_seed:
        known = stage.some_contacts()
        if not known:
            raise NotPossibleHere("needs a campaign with contacts")
        one = stage.draw(st.integers(0, len(known) - 1), "contact")
        status = stage.value(status_of(stage, known[one].contact_id))
        stage.check(status is not None and status.name, "a contact's status comes without a name")
        return
    due = stage.draw(st.lists(st.sampled_from(CONTACT_STATUSES), min_size=1, max_size=6), "statuses")
    made = tuple(WorldContact(Contact(skillset_id=10032), status) for status in due)
    stage.become(replace(world_of(stage), campaigns=(WorldCampaign(MAIN, "Statuses", contacts=made),)))
    for contact_id, name in zip(world_of(stage).contact_ids()[MAIN], due, strict=True):
        status = stage.value(status_of(stage, contact_id))
        came = status.name if status else None
        stage.check(came == name, f"contact {contact_id} is {name}, but its status comes as {came}")


@clause("T1.field", "With its flag GetContactStatus goes by custom field, and ignores the ContactID", evidence="D",
        source=OVERVIEW, needs=(Need.SEED,))  # fmt: skip
def status_by_custom_field(stage: Stage) -> None:
    text = stage.draw(_plain_texts, "text")
    due, other = stage.draw(st.sampled_from([("New", "Closed"), ("Closed", "New"), ("Open", "Waiting")]), "statuses")
    made = tuple(
        WorldContact(Contact(skillset_id=10032, custom_fields=(CustomField("Account", value),)), status)
        for value, status in ((text + "?", other), (text, due))
    )
    stage.become(replace(world_of(stage), campaigns=(WorldCampaign(MAIN, "Statuses", contacts=made),)))
    first, second = world_of(stage).contact_ids()[MAIN]
    for use_field, wanted, which in ((True, due, second), (False, other, first)):
        status = stage.value(
            stage.call(
                "GetContactStatus",
                campaign_id=MAIN,
                contact_id=first,
                custom_field_name="Account",
                custom_field_value=text,
                custom_field_passed=use_field,
                session_key=stage.key(),
            )
        )
        came = status.name if status else None
        stage.check(came == wanted, f"contact {which} was meant, which is {wanted}, but the status comes as {came}")
