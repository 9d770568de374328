"""Appending and closing: lost answers, codes, flags, texts (rules K6, K12, K13, K14 and K16)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from ..domain import Contact, CustomField
from ..generate import as_received, names
from ..operations import OPERATIONS, UTILITY
from .fillings import ACCOUNT, Filling, Row, fillings, row, to_append
from .scenario import scenario
from .scenarios_paging import check_stopped
from .scene import Said, Scene

APPEND = "AppendContactsToCampaign"
CLOSE = "CloseContact"
STATUS = "GetContactStatus"
_LOOKS = frozenset(one.name for one in OPERATIONS.values() if not one.writes and one.service != UTILITY)
"""What a client can find out with whether a contact has arrived."""

_LOST: dict[str, dict[str, Any]] = {
    "reset": {"kind": "reset"},
    "empty": {"kind": "empty"},
    "cut short": {"kind": "truncate", "fraction": 0.5},
    "a bad gateway": {"kind": "http-error", "status": 502, "carried_out": True},
}
"""Ways to lose the answer of a call that was carried out."""


@scenario("K6", needs=("append_contacts",), deep_examples=3)
def stops_appending_to_a_campaign_that_closes(scene: Scene) -> None:
    """Append four contacts to a campaign that is completed before the first arrives."""
    filling = scene.draw(fillings(2))
    campaign_id = filling.main.campaign_id
    scene.open(filling, faults=[{"when": {"operation": APPEND}, "nth": 1, "do": {"kind": "campaign-closes"}}])
    contacts = [to_append(row(0, 100 + at).contact) for at in range(4)]
    said = scene.ask("append_contacts", campaign_id=campaign_id, contacts=contacts)
    check_stopped(scene, campaign_id)
    scene.check("K6", said.failed, f"the campaign was over before any contact arrived, and the client {said.told}")


@scenario("K12", needs=("append_contacts",), cases=tuple(_LOST), deep_examples=3)
def does_not_append_blindly_again(scene: Scene) -> None:
    """Append a contact, whose answer is lost after the server has carried it out."""
    filling = scene.draw(fillings(3))
    main = filling.main
    scene.open(filling, faults=[{"when": {"operation": APPEND}, "nth": 1, "do": _LOST[scene.case]}])
    contact = to_append(row(0, 100 + scene.draw(st.integers(0, 9))).contact)
    said = scene.ask("append_contacts", campaign_id=main.campaign_id, contacts=[contact])
    looked, again = True, 0
    for one in scene.calls():
        if one["operation"] == APPEND:
            again += not looked
            looked = False
        looked = looked or one["operation"] in _LOOKS
    copies = len(scene.center.contacts(main.campaign_id)) - len(main.ids)
    scene.check(
        "K12",
        again == 0,
        f"the answer to an append was lost ({scene.case}), and the client sent it again without looking whether the "
        f"contact had arrived; it is there {copies} times now",
    )
    scene.check("K12", copies <= 1, f"the contact whose answer was lost ({scene.case}) is there {copies} times now")
    right = said.failed or said.result["appended"] == copies
    scene.check("K12", right, f"of the contact whose answer was lost there is {copies}, and the client {said.told}")


@scenario("K13", needs=("close_contact",), cases=("nowhere linked", "linked elsewhere"), deep_examples=5)
def refuses_codes_that_are_not_linked(scene: Scene) -> None:
    """Close a contact with a disposition code that the campaign does not have."""
    filling = scene.draw(fillings(3, closed=False))
    main = filling.main
    if scene.case == "nowhere linked":
        filling = replace(filling, other=replace(filling.other, codes=filling.other.codes[:-1]))
    scene.open(filling)
    name = filling.unlinked[0].name
    said = scene.ask(
        "close_contact", campaign_id=main.campaign_id, contact_id=main.ids[0], text="Sold", disposition=name
    )
    linked = {one.disposition_code_id for one in main.codes}
    sent = [one["arguments"] for one in scene.calls(CLOSE)]
    wrong = [one["disposition_code"] for one in sent if _has_code(one) and one["disposition_code"] not in linked]
    scene.check(
        "K13",
        not wrong,
        f"the client closed with code {wrong[:1]}, which is not linked to campaign {main.campaign_id}: its codes are "
        f"{sorted(linked)}, {name!r} is none of them",
    )
    scene.check("K13", not sent, f"the client closed the contact, though the campaign has no code {name!r}")
    scene.check("K13", said.failed, f"the campaign has no code {name!r}, and the client {said.told}")


@scenario("K13", needs=("close_contact",), examples=2, deep_examples=10)
def uses_the_campaigns_own_codes(scene: Scene) -> None:
    """Close a contact with a code whose name other campaigns use too, for codes of their own."""
    filling = scene.draw(fillings(3, closed=False))
    main = filling.main
    code = scene.draw(st.sampled_from(main.codes))
    scene.open(filling)
    said = scene.ask(
        "close_contact", campaign_id=main.campaign_id, contact_id=main.ids[0], text="Sold", disposition=code.name
    )
    for one in scene.calls(CLOSE):
        sent = one["arguments"]["disposition_code"]
        scene.check(
            "K13",
            _has_code(one["arguments"]) and sent == code.disposition_code_id,
            f"the client closed with code {sent} (flag {_has_code(one['arguments'])}); in campaign {main.campaign_id} "
            f"{code.name!r} is {code.disposition_code_id}, whose NumbericValue is {code.numeric_value}",
        )
    scene.check("K13", not said.failed, f"the client could not close with {code.name!r}, which is linked: {said.told}")


@scenario(
    "K14",
    needs=("close_contact",),
    cases=(("by id", False), ("by id", True), ("by custom field", False), ("by custom field", True)),
    deep_examples=5,
)
def closes_with_flags_that_agree(scene: Scene) -> None:
    """Close a contact by its id or by a custom field, with a disposition code or without."""
    way, with_code = scene.case
    filling = scene.draw(fillings(4, closed=False))
    main = filling.main
    chosen = scene.draw(st.sampled_from(main.rows[1:]))
    scene.open(filling)
    said = scene.ask(
        "close_contact",
        campaign_id=main.campaign_id,
        **_way(way, chosen),
        text="Sold",
        disposition=main.codes[0].name if with_code else None,
    )
    for one in scene.calls(CLOSE):
        _check_way(scene, one, chosen, "custom_field_specified")
        scene.check(
            "K14",
            _has_code(one["arguments"]) == with_code,
            f"the contact was to be closed {'with' if with_code else 'without'} a disposition code, and "
            f"DispositionCodeSpecified is {_has_code(one['arguments'])}",
        )
    scene.check("K14", not said.failed, f"the client could not close a contact {way}: {said.told}")
    _check_closed(scene, filling, chosen)


@scenario("K14", needs=("contact_status",), cases=("by id", "by custom field"), deep_examples=5)
def asks_for_statuses_with_flags_that_agree(scene: Scene) -> None:
    """Ask for the status of a contact by its id or by a custom field."""
    filling = scene.draw(fillings(6))
    main = filling.main
    chosen = scene.draw(st.sampled_from(main.rows))
    scene.open(filling)
    said = scene.ask("contact_status", campaign_id=main.campaign_id, **_way(scene.case, chosen))
    for one in scene.calls(STATUS):
        _check_way(scene, one, chosen, "custom_field_passed")
    scene.check(
        "K14",
        said.result == chosen.status,
        f"the contact's status is {chosen.status}; asked for it {scene.case}, the client {said.told}",
    )


@scenario(
    "K16", needs=("append_contacts",), cases=(None, "太郎 👩\u200d👧 <b>&amp; O'Neil"), deep_examples=15, examples=2
)
def appends_names_in_any_script(scene: Scene) -> None:
    """Append a contact with names in any script, and read it again."""
    filling = scene.draw(fillings(1))
    main = filling.main
    first, last, segment = (scene.case or scene.draw(names()) for _ in range(3))
    contact = Contact(
        first_name=first,
        last_name=last,
        custom_fields=(CustomField("Segment", segment),),
        skillset_id=row(0, 0).contact.skillset_id,
    )
    scene.open(filling)
    said = scene.ask("append_contacts", campaign_id=main.campaign_id, contacts=[to_append(contact)])
    if not scene.check("K16", not said.failed, f"the client could not append {first!r} {last!r}: {said.told}"):
        return
    there = [one for one in scene.center.contacts(main.campaign_id) if one["contact_id"] not in main.ids]
    if not scene.check("K16", len(there) == 1, f"one contact was to be appended, and {len(there)} arrived"):
        return
    _check_texts(scene, contact, there[0], "arrived at the server as")
    if scene.offers("fetch_contacts"):
        _check_fetched(scene, contact, main.campaign_id, there[0]["contact_id"])


@scenario("K16", needs=("close_contact",), examples=2, deep_examples=10)
def closes_with_a_text_in_any_script(scene: Scene) -> None:
    """Close a contact with a text in any script."""
    filling = scene.draw(fillings(2, closed=False))
    main = filling.main
    text = scene.draw(st.just("售出 & <gekündigt> €") | names())
    scene.open(filling)
    said = scene.ask("close_contact", campaign_id=main.campaign_id, contact_id=main.ids[0], text=text, disposition=None)
    scene.check("K16", not said.failed, f"the client could not close a contact with {text!r}: {said.told}")
    for one in scene.calls(CLOSE):
        arrived = one["arguments"]["closure_text"]
        scene.check("K16", arrived == as_received(text), f"the closing text {text!r} arrived as {arrived!r}")


@scenario("K16", needs=("find_contacts",), examples=2, deep_examples=10)
def finds_texts_in_any_script(scene: Scene) -> None:
    """Find contacts by a custom field with a text in any script."""
    filling = scene.draw(fillings(3, closed=False))
    text = scene.draw(st.just("Śląsk 北京 <&>") | names())
    rows = list(filling.main.rows)
    marked = replace(rows[1].contact, custom_fields=(CustomField(ACCOUNT, text),))
    rows[1] = Row(marked)
    filling = replace(filling, main=replace(filling.main, rows=tuple(rows)))
    scene.open(filling)
    said = scene.ask(
        "find_contacts",
        campaign_id=filling.main.campaign_id,
        custom_field={"name": ACCOUNT, "text": text},
        status=None,
    )
    found = None if said.failed else [one["contact_id"] for one in said.result]
    scene.check(
        "K16",
        found == [marked.contact_id],
        f"one contact, {marked.contact_id}, has {text!r} in its field {ACCOUNT}, and the client {said.told}",
    )


def _has_code(arguments: dict[str, Any]) -> bool:
    return bool(arguments["disposition_code_specified"])


def _way(way: str, chosen: Row) -> dict[str, Any]:
    """The arguments that choose a contact."""
    if way == "by id":
        return {"contact_id": chosen.contact_id}
    return {"custom_field": {"name": ACCOUNT, "text": chosen.account}}


def _check_way(scene: Scene, one: dict[str, Any], chosen: Row, flag: str) -> None:
    """Check that a call means the contact by what its flag says; a client may turn a field into an id first."""
    arguments = one["arguments"]
    if arguments[flag]:
        sent = (arguments["custom_field_name"], arguments["custom_field_value"])
        right, means = sent == (ACCOUNT, chosen.account), f"the custom field {sent[0]} = {sent[1]}"
    else:
        right, means = arguments["contact_id"] == chosen.contact_id, f"the contact {arguments['contact_id']}"
    scene.check(
        "K14",
        right,
        f"{one['operation']} has the flag {flag} {bool(arguments[flag])}, so it means {means}; it should mean contact "
        f"{chosen.contact_id}, whose field {ACCOUNT} is {chosen.account}",
    )


def _check_closed(scene: Scene, filling: Filling, chosen: Row) -> None:
    closed = [one["contact_id"] for one in scene.center.contacts(filling.main.campaign_id) if one["status"] == "Closed"]
    scene.check("K14", closed == [chosen.contact_id], f"contact {chosen.contact_id} was to be closed, {closed} are")


def _check_fetched(scene: Scene, contact: Contact, campaign_id: int, contact_id: int) -> None:
    said: Said = scene.ask("fetch_contacts", campaign_id=campaign_id)
    came = [] if said.failed else [one for one in said.result if one["contact_id"] == contact_id]
    if scene.check("K16", len(came) == 1, f"the contact that was appended could not be read again: {said.told}"):
        _check_texts(scene, contact, came[0], "was read again as")


def _check_texts(scene: Scene, contact: Contact, came: dict[str, Any], told: str) -> None:
    """Check the names, and the custom field where the client knows of custom fields at all."""
    for name in ("first_name", "last_name"):
        text = as_received(getattr(contact, name))
        scene.check("K16", came.get(name) == text, f"the {name} {text!r} {told} {came.get(name)!r}")
    wanted = {one.name: as_received(one.text) for one in contact.custom_fields or ()}
    fields = {one["name"]: one["text"] for one in came.get("custom_fields") or ()}
    scene.check("K16", not fields or fields == wanted, f"the custom fields {wanted} {told} {fields}")
