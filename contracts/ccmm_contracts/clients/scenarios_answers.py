"""What a client makes of answers: none found, faults, unknown elements (rules K7, K11, K17 and K18)."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from ..domain import PhoneNumber
from ..errors import NotPossibleHere
from ..generate import as_received, names
from ..plain import plain
from .fillings import Filling, fillings, row, to_append
from .scenario import scenario
from .scenarios_paging import PAGE, check_contacts
from .scene import Said, Scene

_CALLED = {
    "log_in": "OutboundLogin",
    "list_campaigns": "GetCampaigns",
    "fetch_contacts": PAGE,
    "append_contacts": "AppendContactsToCampaign",
    "close_contact": "CloseContact",
    "find_contact_id": "GetContactIDByPhoneNumber",
    "find_contacts": "FindContactsByPhoneNumber",
    "contact_status": "GetContactStatus",
}
"""What each piece of work cannot be done without."""

_SPOILT: dict[str, dict[str, Any]] = {
    "503": {"kind": "http-error", "status": 503},
    "cut short": {"kind": "truncate", "fraction": 0.5},
    "empty": {"kind": "empty"},
}


@scenario("K7", needs=("find_contact_id",), cases=("nowhere", "in another campaign"), examples=2)
def takes_minus_one_for_not_found(scene: Scene) -> None:
    """Look for a phone number that no contact of the campaign has."""
    filling = scene.draw(fillings(4))
    main = filling.main
    missing = PhoneNumber("44", "20", f"{scene.draw(st.integers(50_000_000, 60_000_000))}")
    number = missing if scene.case == "nowhere" else filling.other.rows[0].contact.phone_number
    scene.open(filling)
    said = scene.ask("find_contact_id", campaign_id=main.campaign_id, phone_number=plain(number))
    not_found = said.error is not None and said.error.kind == "not-found"
    scene.check(
        "K7",
        not_found or (not said.failed and said.result is None),
        f"no contact of the campaign has the number: the server answered -1, and the client {said.told}",
    )
    _check_minus_one(scene)


@scenario("K7", needs=("find_contact_id",), examples=2)
def finds_an_id_by_number(scene: Scene) -> None:
    """Look for a phone number that a contact has."""
    filling = scene.draw(fillings(4))
    main = filling.main
    chosen = scene.draw(st.sampled_from(main.rows))
    scene.open(filling)
    number = plain(chosen.contact.phone_number)
    said = scene.ask("find_contact_id", campaign_id=main.campaign_id, phone_number=number)
    scene.check(
        "K7",
        said.result == chosen.contact_id,
        f"contact {chosen.contact_id} has the number, and the client {said.told}",
    )


@scenario("K11", needs=(), cases=tuple(_CALLED), deep_examples=5)
def hands_on_the_servers_words(scene: Scene) -> None:
    """Do a piece of work whose call the server refuses with words never heard before."""
    name = scene.case
    scene.need(name)
    filling = scene.draw(fillings(3, closed=False))
    text = f"{scene.draw(names())} <4711> & no more"
    do = {"kind": "soap-fault", "text": text, "number": 2899}
    scene.open(
        filling, faults=[{"name": "words", "when": {"operation": _CALLED[name]}, "do": do}], log_in=name != "log_in"
    )
    said = _ask_for(scene, name, filling)
    if not scene.center.faults()[0]["struck"]:
        raise NotPossibleHere(f"the client did {name} without {_CALLED[name]}")
    if scene.check("K11", said.failed, f"the server refused {_CALLED[name]} with {text!r}, and the client {said.told}"):
        heard = _plain_words(str(said.error))
        scene.check(
            "K11",
            _plain_words(text) in heard,
            f"the server refused {_CALLED[name]} with {text!r}; of these words the caller sees {heard!r}",
        )


@scenario("K11", needs=("fetch_contacts",), cases=tuple(_SPOILT))
def reports_answers_that_are_none(scene: Scene) -> None:
    """Read a campaign whose pages come as an error of HTTP, cut short, or not at all."""
    filling = scene.draw(fillings(3))
    scene.open(filling, faults=[{"when": {"operation": PAGE}, "do": _SPOILT[scene.case]}])
    said = scene.ask("fetch_contacts", campaign_id=filling.main.campaign_id)
    scene.check("K11", said.failed, f"no page came whole ({scene.case}), and the client {said.told}")


@scenario("K18", needs=(), cases=tuple(_CALLED), deep_examples=3)
def calls_what_the_wsdl_describes(scene: Scene) -> None:
    """Do a piece of work, and have every call held against the WSDL"""
    scene.need(scene.case)
    filling = scene.draw(fillings(3, closed=False))
    scene.open(filling, log_in=scene.case != "log_in")
    _ask_for(scene, scene.case, filling)


@scenario("K17", needs=(), cases=tuple(one for one in _CALLED if one != "log_in"), deep_examples=3)
def passes_over_unknown_elements(scene: Scene) -> None:
    """Do a piece of work while answers have elements that the client cannot know."""
    name = scene.case
    scene.need(name)
    filling = scene.draw(fillings(3, closed=False))
    main = filling.main
    scene.open(filling, enlarged=True)
    said = _ask_for(scene, name, filling)
    scene.check(
        "K17", not said.failed, f"the answers had an unknown element, and the client could not go on: {said.told}"
    )
    if said.failed:
        return
    if name == "list_campaigns":
        ids = {one["campaign_id"] for one in said.result}
        wanted = {main.campaign_id, filling.other.campaign_id}
        scene.check("K17", ids == wanted, f"the campaigns are {sorted(wanted)}, and the client saw {sorted(ids)}")
    elif name == "fetch_contacts":
        check_contacts(scene, "K17", said, main.ids)
    elif name == "find_contacts":
        check_contacts(scene, "K17", said, main.ids[:1])
    elif name == "find_contact_id":
        scene.check("K17", said.result == main.ids[0], f"contact {main.ids[0]} has the number; the client {said.told}")
    elif name == "contact_status":
        scene.check("K17", said.result == "New", f"the contact's status is New, and the client {said.told}")


def _ask_for(scene: Scene, name: str, filling: Filling) -> Said:
    """Have one piece of work done, on the first contact of the main campaign."""
    first = filling.main.rows[0]
    number = plain(first.contact.phone_number)
    arguments: dict[str, dict[str, Any]] = {
        "append_contacts": {"contacts": [to_append(row(0, 100).contact)]},
        "close_contact": {"contact_id": first.contact_id, "text": "Sold", "disposition": filling.main.codes[0].name},
        "find_contact_id": {"phone_number": number},
        "find_contacts": {"phone_number": number, "status": None},
        "contact_status": {"contact_id": first.contact_id},
    }
    if name in ("log_in", "list_campaigns"):
        return scene.ask(name)
    return scene.ask(name, campaign_id=filling.main.campaign_id, **arguments.get(name, {}))


def _check_minus_one(scene: Scene) -> None:
    used = [one["operation"] for one in scene.calls() if one["arguments"].get("contact_id") == -1]
    scene.check("K7", not used, f"the client took -1 for a contact's id, in {', '.join(used)}")


def _plain_words(text: str) -> str:
    """The text without regard to how its blanks and lines are set."""
    return " ".join(as_received(text).split())
