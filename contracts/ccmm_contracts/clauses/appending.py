"""AppendContactsToCampaign: rules A1 to A6."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from ..answer import Answer, Fault, Returned
from ..clause import Need, clause, observation
from ..domain import Contact, CustomField
from ..errors import NotPossibleHere
from ..generate import contacts, texts
from ..stage import Stage
from ..story import shown
from .campaigns import OVERVIEW, declared

WRITE = (Need.WRITE,)
SEEN = "seen in clients' code and in the ids they got"
_APPEND = "AppendContactsToCampaign"


@clause("A1", "AppendContactsToCampaign adds one contact and returns 1", evidence="D", source=OVERVIEW, needs=WRITE)
def append_adds_one(stage: Stage) -> None:
    contact = stage.marked(stage.draw(contacts((stage.skillset_id,), stage.custom_field_names), "contact"))
    last, before = stage.last_id(stage.campaign_id), _count(stage)
    value = stage.value(stage.append(contact))
    stage.check(value == 1, f"an append is to return 1, but it returned {value}")
    new = stage.contacts(after=last)
    stage.check(len(new) == 1, f"an append is to add one contact, but the pages show {len(new)} new ones")
    rose = _count(stage) - before
    stage.check(rose == 1, f"an append is to add one contact, but NumberOfContacts rose by {rose}")


def _count(stage: Stage) -> int:
    campaign = stage.campaign()
    stage.check(campaign is not None, f"campaign {stage.campaign_id} takes appends, but is not listed")
    return campaign.number_of_contacts if campaign else 0


@clause("A2", "A contact needs a SkillsetID and nothing else", evidence="D", source=OVERVIEW, needs=WRITE)
def only_the_skillset_is_required(stage: Stage) -> None:
    last = stage.last_id(stage.campaign_id)
    contact = stage.marked(stage.draw(contacts((0,), stage.custom_field_names), "contact without a skillset"))
    stage.refused(stage.append(contact))
    if stage.can_seed:
        # Without any contact there is no skillset either.
        stage.await_turn(_APPEND)
        stage.refused(stage.call(_APPEND, campaign_id=stage.campaign_id, session_key=stage.key()))
    new = stage.contacts(after=last)
    stage.check(not new, "an append without a SkillsetID was refused, but it added a contact")
    answer = stage.append(Contact(skillset_id=stage.skillset_id))
    stage.check(isinstance(answer, Returned) and answer.value == 1,
                f"a contact with a SkillsetID and nothing else is to be appended, but {shown(answer)}")  # fmt: skip


@clause("A3", "The same contact can be appended again: nobody checks for duplicates", evidence="D", source=OVERVIEW,
        needs=WRITE)  # fmt: skip
def duplicates_are_taken(stage: Stage) -> None:
    contact = stage.marked(stage.draw(contacts((stage.skillset_id,), stage.custom_field_names), "contact"))
    last = stage.last_id(stage.campaign_id)
    times = stage.draw(st.integers(2, 4), "times") if stage.can_seed else 2
    for _ in range(times):
        value = stage.value(stage.append(contact))
        stage.check(value == 1, f"the same contact once more is to be appended, but the call returned {value}")
    new = stage.contacts(after=last)
    stage.check(len(new) == times, f"the same contact was appended {times} times, but {len(new)} are there")


@clause("A4", "An append is taken once every second; a refused one changes nothing", evidence="DW",
        source=f"{OVERVIEW}, the WSDL's documentation", needs=WRITE)  # fmt: skip
def appends_keep_their_distance(stage: Stage) -> None:
    if stage.mock is not None and stage.known("limit_answer") == "delay":
        # On a clock that stands still a call that is put off would never be answered.
        tries = 0
    else:
        tries = stage.draw(st.integers(1, 3), "calls too soon")
    last = stage.last_id(stage.campaign_id)
    contact = stage.marked(Contact(first_name="Soon", skillset_id=stage.skillset_id))
    value = stage.value(stage.append(contact))
    stage.check(value == 1, f"an append that does not come too soon is to return 1, but it returned {value}")
    taken, unsure = 1, 0
    key = stage.key()
    for _ in range(tries):
        answer = stage.call(_APPEND, campaign_id=stage.campaign_id, contact=contact, session_key=key)
        # A server may say no with a return value, and a peculiar one may even choose 1.
        says_yes = isinstance(answer, Returned) and answer.value == 1
        unsure += says_yes and stage.known("limit_return_value") == 1
        taken += says_yes
    value = stage.value(stage.append(contact))
    stage.check(value == 1, f"an append after the limit has passed is to return 1, but it returned {value}")
    came = len(stage.contacts(after=last))
    due = taken + 1
    stage.check(due - unsure <= came <= due, f"{due} appends were taken, the others refused, but {came} contacts came")


@clause("A4.second", "An append within the time that a mock says is refused, and starts no new one", evidence="DW",
        source=f"{OVERVIEW}, the WSDL's documentation", needs=(Need.SEED,))  # fmt: skip
def appends_are_limited_as_declared(stage: Stage) -> None:
    key = stage.key()
    contact = Contact(first_name="Soon", skillset_id=stage.skillset_id)
    check_limit(stage, lambda: stage.call(_APPEND, campaign_id=stage.campaign_id, contact=contact, session_key=key))


def check_limit(stage: Stage, call: Callable[[], Answer]) -> None:
    """A limited call, which a mock carries out as often as it is let, comes too soon for as long as the mock says.

    Raises NotPossibleHere where it answers in another way than with a refusal, or where sessions die before.
    """
    limit = declared(stage, "limit_seconds")
    timeout = 60.0 * (declared(stage, "session_timeout") or 10**9)
    if declared(stage, "limit_answer") != "fault" or not 0.01 < limit < timeout / 4:
        raise NotPossibleHere("needs a mock that refuses calls that come too soon, and sessions that outlive the limit")
    stage.advance(limit + 0.001)
    stage.value(call())
    for seconds in (0.0, limit * 0.5, limit * 0.5 - 0.002):
        if seconds:
            stage.advance(seconds)
        is_taken = not isinstance(call(), Fault)
        stage.check(not is_taken, f"the limit is {limit:g} s, but a second call within it was carried out")
    # Whether a refused call starts a new second is the server's choice.
    stage.advance(limit + 0.001 if declared(stage, "limit_counts_refused") else 0.003)
    answer = call()
    stage.check(isinstance(answer, Returned), f"the limit of {limit:g} s has passed, but {shown(answer)}")


@clause("A5", "The ContactID sent is ignored: ids are given out ascending, and never again", evidence="O", source=SEEN,
        needs=WRITE)  # fmt: skip
def ids_are_given_out(stage: Stage) -> None:
    known = stage.some_contacts()
    last = stage.last_id(stage.campaign_id)
    ids = [one.contact_id for one in known] or [1]
    sent = stage.draw(st.one_of(st.sampled_from([0, last, last + 1, last + 7, -1, 2**40]),
                                st.integers(0, len(ids) - 1).map(lambda at: -2 - at)), "id sent")  # fmt: skip
    # A negative draw below -1 stands for the id of a contact that is there.
    contact_id = ids[-2 - sent] if sent < -1 else sent
    contact = stage.marked(Contact(contact_id=contact_id, first_name="Own id", skillset_id=stage.skillset_id))
    seen = last
    for _ in range(2):
        stage.value(stage.append(contact))
        new = [one.contact_id for one in stage.contacts(after=last)]
        stage.check(new, f"a contact was appended, but none is behind contact {last}")
        stage.check(new[-1] > seen, f"ids are to ascend, but after {seen} came {new[-1]}")
        stage.check(sent in (last + 1, last + 7) or new[-1] != contact_id,
                    f"the ContactID sent is to be ignored, but the contact got just that: {contact_id}")  # fmt: skip
        seen = new[-1]
    stage.check(stage.some_contacts()[: len(known)] == known, "a contact that was there has changed by an append")


@clause("A5.all", "No contact of any campaign has the id of another", evidence="O", source=SEEN, needs=(Need.SEED,))
def ids_are_the_center_s(stage: Stage) -> None:
    for campaign_id in stage.draw(st.lists(st.sampled_from([101, 102, 103]), min_size=1, max_size=4), "campaigns"):
        stage.append(Contact(skillset_id=stage.skillset_id), campaign_id=campaign_id)
    ids = [one.contact_id for campaign_id in (101, 102, 103) for one in stage.contacts(campaign_id)]
    stage.check(len(ids) == len(set(ids)), "two contacts of different campaigns have the same id")


@clause("A6", "Custom fields that the campaign has are kept by their names", evidence="D", source=OVERVIEW, needs=WRITE)
def custom_fields_are_kept(stage: Stage) -> None:
    names = stage.custom_field_names
    if not names:
        raise NotPossibleHere("needs a campaign whose contacts have custom fields")
    some = stage.draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True), "fields")
    words = [stage.draw(texts().filter(lambda text: "\r" not in text), f"text of {name}") for name in some]
    _check_kept(stage, dict(zip(some, words, strict=True)))
    if stage.can_seed:
        _check_kept(stage, dict.fromkeys(reversed(names), "  Blanks around, LETTERS in both cases  "))
        _check_kept(stage, {name: "" if at else name for at, name in enumerate(names)})


def _check_kept(stage: Stage, due: dict[str, str]) -> None:
    fields = tuple(CustomField(name, text, True) for name, text in due.items())
    came = stage.fresh_contact(Contact(skillset_id=stage.skillset_id, custom_fields=fields))
    back = {one.name: one.text for one in came.custom_fields or ()}
    stage.check(back == due, f"the custom fields went in as {due} and came back as {back}")


@observation("A6.unknown", "What becomes of a custom field that the campaign does not have", source="nothing says what",
             needs=(Need.WRITE,))  # fmt: skip
def unknown_custom_fields_are_sent(stage: Stage) -> None:
    field = CustomField("ccmm-contracts no such field", "text")
    last = stage.last_id(stage.campaign_id)
    answer = stage.append(Contact(skillset_id=stage.skillset_id, custom_fields=(field,)))
    told = f"an append with a custom field that the campaign does not have: {shown(answer)}"
    new = stage.contacts(after=last)
    if not new:
        stage.observe(f"{told}, and no contact is added")
    else:
        kept = any(one.name == field.name for one in new[-1].custom_fields or ())
        stage.observe(f"{told}, and the field is {'kept' if kept else 'left out'}")
