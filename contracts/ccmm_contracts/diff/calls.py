"""Calls that Hypothesis makes up for two servers at once: arguments are roles, so that each side has its own values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from .. import generate
from ..domain import Contact, CustomField
from ..steps import SMALL, world
from ..wire.envelope import Raw
from ..worlds import COMPLETED, NO_ANSWER, NOT_LINKED, SALES, SERVICE
from .side import FORMER, LIVE, CampaignAt, ContactAt, FieldOf, Key, NumberOf, Password, Person, Side

_PHONES = ("5550100", "5550101", "30", "49")
_FIELDS = ("Account", "Segment")
_VALUES = ("A-1", "A-2", "", "gold & <silver>", " ")
_STATUSES = ("Running", "Waiting", "Paused", "Closed", "Completed", "Cancelled")

CAMPAIGNS_IN_A_WORLD = len(world(SMALL, (), {}).campaigns)


@dataclass(frozen=True, slots=True)
class Call:
    """A call of an operation; arguments are values or roles."""

    operation: str
    arguments: Mapping[str, Any]
    soap: str = "1.1"


@dataclass(frozen=True, slots=True)
class Turn:
    """Something done to both mocks that is no call: ``advance``, ``campaign``, ``contact`` or ``expire``."""

    what: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


Step = Call | Turn


def beginning(sides: tuple[Side, Side]) -> list[Step]:
    """What every example begins with: those log in who may, and the first campaign's contacts are looked at."""
    people = [at for at in (0, 1) if all(side.users[at] is not None for side in sides)]
    return [Call("OutboundLogin", {"username": Person(at), "password": Password(at)}) for at in people]


def steps(sides: tuple[Side, Side]) -> SearchStrategy[list[Step]]:
    """What may follow on these two: reading; writing where both may be written to; on two mocks everything."""
    on_mocks = all(side.stage.can_seed for side in sides)
    can_write = all(side.stage.can_write for side in sides)
    calls = _sessions(on_mocks) + _reading(sides, on_mocks)
    if can_write:
        calls += _writing(sides, on_mocks)
    if on_mocks:
        calls += _turns()
    # Long ones, as little can be said of two servers in a few calls; what a difference does not need is left out after.
    return st.lists(st.one_of(calls), min_size=8 if on_mocks else 4, max_size=24 if on_mocks else 8)


def _call(operation: str, **arguments: SearchStrategy[Any]) -> SearchStrategy[Step]:
    soaps = st.sampled_from(("1.1", "1.1", "1.2"))
    return st.builds(lambda soap, given: Call(operation, given, soap), soaps, st.fixed_dictionaries(arguments))


def _keys() -> SearchStrategy[Any]:
    kinds = st.sampled_from((*[LIVE] * 150, FORMER, *generate.WRONG_KEYS))
    return st.builds(Key, st.sampled_from((0, 0, 0, 1)), kinds)


def _campaigns(sides: tuple[Side, Side], on_mocks: bool) -> SearchStrategy[Any]:
    count = CAMPAIGNS_IN_A_WORLD if on_mocks else min(3, *(len(side.campaigns) for side in sides))
    places = [0] * 9 + list(range(count)) + [99]
    return _mostly(st.sampled_from([CampaignAt(one) for one in places]), _wrong(0, -1))


def _wrong(*numbers: int) -> SearchStrategy[Any]:
    """Arguments that are no number, and numbers at the edge."""
    return st.sampled_from((None, *numbers, Raw("abc"), Raw(""), Raw("1.5"), Raw("99999999999999999999")))


def _mostly(usual: SearchStrategy[Any], other: SearchStrategy[Any]) -> SearchStrategy[Any]:
    return st.integers(0, 14).flatmap(lambda one: other if one == 14 else usual)


def _contact_ids() -> SearchStrategy[Any]:
    places = st.integers(0, 40)
    known = st.builds(ContactAt, places)
    return _mostly(known, st.builds(ContactAt, places, st.sampled_from((-1, 1))) | _wrong(0, -1, 1 << 40))


def _sessions(on_mocks: bool) -> list[SearchStrategy[Step]]:
    people = st.sampled_from((0, 0, 1, 2) if on_mocks else (0, 1))
    leaving = st.sampled_from((0, 1, 1, 2) if on_mocks else (0, 1))
    # Wrong passwords may lock an account, so they are tried on mocks alone.
    wrong = st.sampled_from(("", "", "", "x", " ") if on_mocks else ("",))
    spelled = st.sampled_from(("", "", "", "upper") if on_mocks else ("",))
    soap = st.sampled_from(("1.1", "1.2"))
    log_in = st.builds(
        lambda at, bad, how, version: Call(
            "OutboundLogin", {"username": Person(at, how), "password": Password(at, bad)}, version
        ),
        people, wrong, spelled, soap,
    )  # fmt: skip
    log_off = st.builds(lambda at, version: Call("OutboundLogoff", {"username": Person(at)}, version), leaving, soap)
    return [log_in, log_off]


def _reading(sides: tuple[Side, Side], on_mocks: bool) -> list[SearchStrategy[Step]]:
    key, where, contact = _keys(), _mostly(_campaigns(sides, on_mocks), st.none()), _contact_ids()
    cursor = _mostly(st.just(0) | contact, _wrong(1 << 40))
    if not on_mocks:
        cursor = st.sampled_from((0, 1 << 40)) | contact
    number = _mostly(generate.phone_numbers(_PHONES) | st.builds(NumberOf, st.integers(0, 40)), st.none())
    fields: SearchStrategy[Any] = st.builds(FieldOf, st.integers(0, 40))
    if on_mocks:
        own = st.builds(CustomField, st.sampled_from((*_FIELDS, *_FIELDS, "No such field")), st.sampled_from(_VALUES))
        fields = _mostly(fields | own, st.none())
    filters: SearchStrategy[Any] = generate.status_filters()
    if on_mocks:
        filters = st.one_of(filters, filters, filters, generate.wrong_status_filters())
    return [
        _call("GetCampaigns", session_key=key),
        _call("Get200CampaignContacts", campaign_id=where, last_contact_id=cursor, session_key=key),
        _call("GetContactIDByPhoneNumber", phone_number=number, campaign_id=where, session_key=key),
        _call(
            "FindContactsByPhoneNumber", contact_status=filters, campaign_id=where, phone_number=number, session_key=key
        ),
        _call(
            "FindContactsByCustomField", contact_status=filters, campaign_id=where, custom_field=fields, session_key=key
        ),
        _by_contact("GetContactStatus", "custom_field_passed", where, contact, key),
    ]


def _by_contact(
    operation: str,
    flag: str,
    where: SearchStrategy[Any],
    contact: SearchStrategy[Any],
    key: SearchStrategy[Any],
    **more: SearchStrategy[Any],
) -> SearchStrategy[Step]:
    """A call for one contact, by its id or by a custom field; the way that is not taken has something else in it."""
    names = st.just(None) | st.sampled_from((*_FIELDS, "No such field"))
    common = {"campaign_id": where, "session_key": key, "contact_id": contact, **more}
    by_id = _call(
        operation, **common, custom_field_name=names, custom_field_value=st.sampled_from((None, *_VALUES)),
        **{flag: st.sampled_from((False, False, False, None))},
    )  # fmt: skip
    by_field = st.builds(
        lambda call, place: Call(
            call.operation,
            {
                **call.arguments,
                "custom_field_name": FieldOf(place, "name"),
                "custom_field_value": FieldOf(place, "text"),
                flag: True,
            },
            call.soap,
        ),
        by_id, st.integers(0, 40),
    )  # fmt: skip
    return by_id | by_field


def _writing(sides: tuple[Side, Side], on_mocks: bool) -> list[SearchStrategy[Step]]:
    if on_mocks:
        where, key, contact = _mostly(_campaigns(sides, True), st.none()), _keys(), _contact_ids()
        skillsets: tuple[int, ...] = (*[SALES.skillset_id] * 4, SERVICE.skillset_id, 0, UNKNOWN, UNKNOWN)
        codes = generate.dispositions(
            (COMPLETED.disposition_code_id, NO_ANSWER.disposition_code_id),
            (COMPLETED.numeric_value, NOT_LINKED.disposition_code_id),
        )
        contacts = generate.contacts(skillsets, _FIELDS, unknown_fields=True, field_values=st.sampled_from(_VALUES))
        append = _call(
            "AppendContactsToCampaign", campaign_id=where, contact=_mostly(contacts, st.none()), session_key=key
        )
        close = _by_contact(
            "CloseContact", "custom_field_specified", where, contact, key, closure_text=st.none() | generate.texts()
        )
        coded = st.builds(lambda call, code: Call(call.operation, {**call.arguments, **code}, call.soap), close, codes)
        return [append, coded]
    own, live = st.just(CampaignAt(0)), st.just(Key(0))
    append = _call(
        "AppendContactsToCampaign",
        campaign_id=own,
        contact=st.builds(Contact, first_name=generate.names(), skillset_id=st.just(SKILLSET)),
        session_key=live,
    )
    close = _call(
        "CloseContact",
        campaign_id=own,
        contact_id=st.builds(ContactAt, st.integers(0, 3), appended=st.just(True)),
        custom_field_specified=st.just(False),
        closure_text=st.sampled_from((None, "", "closed by ccmm-contracts")),
        disposition_code_specified=st.just(False),
        session_key=live,
    )
    return [append, close]


UNKNOWN = 987654
SKILLSET = -1
"""Stands for a skillset that the campaign takes, which on two servers need not be the same."""


def _turns() -> list[SearchStrategy[Step]]:
    seconds = st.sampled_from((0.5, 0.999, *[1.001] * 8, 60.0, 1199.0, 1201.0))
    campaign = st.fixed_dictionaries(
        {"place": st.integers(1, CAMPAIGNS_IN_A_WORLD), "status": st.sampled_from(_STATUSES)}
    )
    contact = st.fixed_dictionaries({"place": st.integers(0, 40), "status": generate.contact_statuses()})
    return [
        st.builds(lambda much: Turn("advance", {"seconds": much}), seconds),
        st.builds(lambda given: Turn("campaign", given), campaign),
        st.builds(lambda given: Turn("contact", given), contact),
        st.builds(lambda at: Turn("expire", {"place": at}), st.sampled_from((0, 1, 1, 1))),
    ]


__all__ = ["SKILLSET", "Call", "Step", "Turn", "beginning", "steps"]
