"""What two mocks are asked before anything is left to chance: every unusual argument of each operation, by itself.

Chance finds what only a story shows; that one argument is taken otherwise, it finds late or never.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .. import generate
from ..domain import Contact, CustomField, PhoneNumber, Status
from ..operations import OPERATIONS
from ..wire.envelope import Raw
from ..worlds import COMPLETED, NOT_LINKED
from .calls import CAMPAIGNS_IN_A_WORLD, SKILLSET, UNKNOWN, Call, Step, Turn, beginning
from .side import FORMER, CampaignAt, ContactAt, FieldOf, Key, NumberOf, Password, Person, Side

_NO_NUMBERS = (Raw("abc"), Raw(""), Raw("1.5"), Raw("99999999999999999999"))
_CAMPAIGNS = (
    *(CampaignAt(at) for at in range(1, CAMPAIGNS_IN_A_WORLD)),
    *(CampaignAt(99), None, 0, -1, *_NO_NUMBERS),
)
_CONTACTS = (ContactAt(39), ContactAt(0, -1), None, 0, -1, 1 << 40, *_NO_NUMBERS)
_KEYS = (Key(1), Key(0, FORMER), *(Key(0, kind) for kind in generate.WRONG_KEYS))
_PHONE_PARTS = (None, "", " ", "49", "30", "5550100")
_NUMBERS = (
    None,
    *(NumberOf(at) for at in range(1, 6)),
    *(PhoneNumber(country, "30", "5550100") for country in _PHONE_PARTS),
    *(PhoneNumber("49", area, "5550101") for area in _PHONE_PARTS),
    *(PhoneNumber("49", "30", number) for number in _PHONE_PARTS),
)
_STATUSES = (
    Status(0, "New"),
    Status(0, "new"),
    Status(0, "Closed"),
    Status(1, None),
    Status(0, "No such status"),
    Status(987654, None),
    Status(0, ""),
)
_FIELDS = (
    None,
    *(FieldOf(at) for at in range(1, 6)),
    *(CustomField("Account", text) for text in ("", " ", "a-1", None)),
    CustomField("No such field", "A-1"),
    CustomField("", "A-1"),
)
_SHAPES = (
    None,
    Contact(),
    Contact(skillset_id=UNKNOWN),
    Contact(skillset_id=SKILLSET, custom_fields=(CustomField("No such field", "x"),)),
    Contact(skillset_id=SKILLSET, custom_fields=(CustomField("Account", ""),)),
    Contact(skillset_id=SKILLSET, custom_fields=(CustomField("Account", "A-1"), CustomField("Account", "A-2"))),
    Contact(skillset_id=SKILLSET, campaign_name="Another", contact_id=77),
    Contact(skillset_id=SKILLSET, preferred_agent_id=4711, preferred_agent_specified=True),
    Contact(skillset_id=SKILLSET, first_name="", last_name=" ", phone_number=PhoneNumber("", None, " ")),
)
_BY_FIELD = {"custom_field_name": FieldOf(1, "name"), "custom_field_value": FieldOf(1, "text")}
_WAYS: tuple[Mapping[str, Any], ...] = (
    {"flag": True, **_BY_FIELD},
    {"flag": True, **_BY_FIELD, "custom_field_name": "No such field"},
    {"flag": True, **_BY_FIELD, "custom_field_value": "No such value"},
    {"flag": True, **_BY_FIELD, "custom_field_value": None},
    {"flag": None, **_BY_FIELD},
    {"flag": False, **_BY_FIELD},
)
_CODES: tuple[Mapping[str, Any], ...] = (
    {"disposition_code_specified": True, "disposition_code": COMPLETED.disposition_code_id},
    {"disposition_code_specified": True, "disposition_code": NOT_LINKED.disposition_code_id},
    {"disposition_code_specified": True, "disposition_code": UNKNOWN},
    {"disposition_code_specified": False, "disposition_code": UNKNOWN},
)
_USUAL: dict[str, Mapping[str, Any]] = {
    "GetCampaigns": {},
    "Get200CampaignContacts": {"campaign_id": CampaignAt(0), "last_contact_id": 0},
    "GetContactIDByPhoneNumber": {"campaign_id": CampaignAt(0), "phone_number": NumberOf(0)},
    "FindContactsByPhoneNumber": {
        "campaign_id": CampaignAt(0), "phone_number": NumberOf(0), "contact_status": Status(0, "New"),
    },
    "FindContactsByCustomField": {
        "campaign_id": CampaignAt(0), "custom_field": FieldOf(0), "contact_status": Status(0, "New"),
    },
    "GetContactStatus": {
        "campaign_id": CampaignAt(0), "contact_id": ContactAt(0), "custom_field_name": None,
        "custom_field_value": None, "custom_field_passed": False,
    },
    "AppendContactsToCampaign": {"campaign_id": CampaignAt(0), "contact": Contact(skillset_id=SKILLSET)},
    "CloseContact": {
        "campaign_id": CampaignAt(0), "contact_id": ContactAt(0), "custom_field_name": None,
        "custom_field_value": None, "custom_field_specified": False, "closure_text": "done",
        "disposition_code": 0, "disposition_code_specified": False,
    },
}  # fmt: skip
"""A call of each operation that needs a key, with the arguments that a client sends."""

_UNUSUAL: Mapping[str, tuple[Any, ...]] = {
    "campaign_id": _CAMPAIGNS,
    "contact_id": (ContactAt(1), *_CONTACTS),
    "last_contact_id": (ContactAt(2), *_CONTACTS),
    "phone_number": _NUMBERS,
    "contact_status": (None, *_STATUSES),
    "custom_field": _FIELDS,
    "contact": _SHAPES,
    "closure_text": (None, "", " ", "<&>"),
    "session_key": _KEYS,
}


def sweeps(sides: tuple[Side, Side]) -> Iterator[tuple[str, list[Step]]]:
    """One walk after another with the operation it is about, for two mocks.

    What may change the mocks is a walk by itself, as the first difference ends it.
    """
    begun = beginning(sides)
    for operation in _USUAL:
        calls = list(_calls(operation))
        closed = Turn("contact", {"place": 1, "status": "Closed"})
        if not OPERATIONS[operation].writes:
            yield operation, [*begun, closed, *calls]
            continue
        for one in calls:
            yield operation, [*begun, one]
        usual = calls[0]
        for seconds in (0.0, 0.999, 1.001):
            yield operation, [*begun, usual, Turn("advance", {"seconds": seconds}), usual]
            yield operation, [*begun, usual, Turn("advance", {"seconds": seconds}), _on_the_next(usual)]
    yield from (("OutboundLogin", [*begun, one]) for one in _log_ins())
    for at in (0, 1, 2):
        leaving = Call("OutboundLogoff", {"username": Person(at)})
        yield "OutboundLogoff", [*begun, leaving, leaving]
    for seconds in (1199.0, 1201.0):
        late: list[Step] = [Turn("advance", {"seconds": seconds}), Call("GetCampaigns", {"session_key": Key(0)})]
        yield "GetCampaigns", [*begun, *late, *_log_ins()]


def _calls(operation: str) -> Iterator[Call]:
    """The usual call in both versions of SOAP, and those with one argument otherwise."""
    usual = {**_USUAL[operation], "session_key": Key(0)}
    yield Call(operation, usual)
    yield Call(operation, usual, "1.2")
    for name in usual:
        for value in _UNUSUAL.get(name, ()):
            yield Call(operation, {**usual, name: value})
    flag = {"GetContactStatus": "custom_field_passed", "CloseContact": "custom_field_specified"}.get(operation)
    for way in _WAYS if flag else ():
        yield Call(operation, {**usual, **{str(flag) if name == "flag" else name: one for name, one in way.items()}})
    for code in _CODES if operation == "CloseContact" else ():
        yield Call(operation, {**usual, **code})


def _on_the_next(call: Call) -> Call:
    contact = {"contact_id": ContactAt(1)} if "contact_id" in call.arguments else {}
    return Call(call.operation, {**call.arguments, **contact})


def _log_ins() -> list[Call]:
    given = (
        (Person(0), Password(0)),
        (Person(0), Password(0, "x")),
        (Person(0, "upper"), Password(0)),
        (Person(2), Password(2)),
        (Person(2), Password(2, "x")),
        (Person(2, "upper"), Password(2)),
        (Person(2), Password(1)),
        ("nobody-at-all", Password(0)),
        ("", ""),
        (None, None),
    )
    return [Call("OutboundLogin", {"username": user, "password": password}) for user, password in given]
