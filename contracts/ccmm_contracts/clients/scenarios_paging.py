"""Reading a campaign page by page: cursor, end, and what comes of it (rules K1, K2, K3 and K6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Any

from hypothesis import strategies as st

from ..domain import CONTACT_STATUSES, INACTIVE_STATUSES
from ..generate import BOUNDARIES
from .fillings import fillings
from .scenario import scenario
from .scene import Said, Scene

PAGE = "Get200CampaignContacts"
_FULL = 200
_STOPPED_BY_THE_KIT = "The contract kit has seen enough of this"
_MOST_AFTER_TOLD = 2


def guard(operation: str, after: int) -> dict[str, Any]:
    """A fault rule that ends a loop of calls: what the client does after so many is no longer of interest."""
    return {
        "name": "guard",
        "when": {"operation": operation},
        "skip": after,
        "do": {"kind": "soap-fault", "text": _STOPPED_BY_THE_KIT},
    }


@scenario("K1", "K2", "K3", needs=("fetch_contacts",), cases=(0, 1, 199, 200, 201, 401), deep_examples=3)
def reads_all_pages(scene: Scene) -> None:
    """Read every contact of a campaign whose contacts fill its pages just so."""
    filling = scene.draw(fillings(scene.case))
    scene.open(filling, faults=[guard(PAGE, 12)])
    said = scene.ask("fetch_contacts", campaign_id=filling.main.campaign_id)
    _check_pages(scene, filling.main.ids)
    check_contacts(scene, "K3", said, filling.main.ids)


@scenario("K1", "K2", "K3", needs=("fetch_contacts",), examples=3, deep_examples=15)
def reads_any_campaign(scene: Scene) -> None:
    """Read every contact of a campaign of any size."""
    filling = scene.draw(fillings(st.integers(2, 30) | st.integers(2, 450) | st.sampled_from((400, *BOUNDARIES))))
    scene.open(filling, faults=[guard(PAGE, 12)])
    said = scene.ask("fetch_contacts", campaign_id=filling.main.campaign_id)
    _check_pages(scene, filling.main.ids)
    check_contacts(scene, "K3", said, filling.main.ids)


@scenario("K1", "K2", "K3", needs=("fetch_contacts",), cases=(200, 201, 399), deep_examples=3)
def reads_while_others_append(scene: Scene) -> None:
    """Read a campaign to which others append contacts between the pages."""
    filling = scene.draw(fillings(scene.case))
    campaign_id = filling.main.campaign_id
    more = [{"first_name": "New", "skillset_id": 10032} for _ in range(scene.draw(st.integers(1, 3)))]
    arrival = {"kind": "add-contacts", "campaign_id": campaign_id, "contacts": more}
    scene.open(
        filling,
        faults=[guard(PAGE, 12)],
        timeline=[{"calls": 1, "when": {"operation": PAGE}, "do": arrival}],
    )
    said = scene.ask("fetch_contacts", campaign_id=campaign_id)
    _check_pages(scene, filling.main.ids)
    late = {one["contact_id"] for one in scene.center.contacts(campaign_id)} - set(filling.main.ids)
    check_contacts(scene, "K3", said, filling.main.ids, may_have=late)


@scenario("K2", needs=("fetch_contacts",), cases=(3, 200))
def stops_where_the_count_is_never_reached(scene: Scene) -> None:
    """Read a campaign of which the pages show fewer contacts than its NumberOfContacts says."""
    filling = scene.draw(fillings(scene.case, closed=False))
    scene.open(filling, faults=[guard(PAGE, 12)], profile={"closed_in_pages": False})
    closed = filling.main.ids[1]
    scene.center.set_contact_status(filling.main.campaign_id, closed, CONTACT_STATUSES[2])
    said = scene.ask("fetch_contacts", campaign_id=filling.main.campaign_id)
    _check_end(scene)
    check_contacts(scene, "K2", said, [one for one in filling.main.ids if one != closed])


@scenario("K6", needs=("fetch_contacts",), cases=INACTIVE_STATUSES, deep_examples=3)
def stops_reading_a_campaign_that_closes(scene: Scene) -> None:
    """Read a campaign that is closed, completed or cancelled after its first page."""
    filling = scene.draw(fillings(401))
    closes = {"kind": "campaign-closes", "status": scene.case}
    scene.open(filling, faults=[{"name": "closes", "when": {"operation": PAGE}, "nth": 2, "do": closes}])
    said = scene.ask("fetch_contacts", campaign_id=filling.main.campaign_id)
    check_stopped(scene, filling.main.campaign_id)
    scene.check(
        "K6",
        said.failed or not _was_told(scene),
        f"the campaign became {scene.case} before its second page, and the client passed for all what had come: it "
        + said.told,
    )


def check_stopped(scene: Scene, campaign_id: int) -> None:
    """Check that the client left the campaign alone once it had been told that it is no longer active (K6)."""
    calls = scene.calls()
    told = next((at for at, one in enumerate(calls) if one["refusal"] == "inactive_campaign"), len(calls))
    later = [one for one in calls[told + 1 :] if one["arguments"].get("campaign_id") == campaign_id]
    scene.check(
        "K6",
        len(later) <= _MOST_AFTER_TOLD,
        f"the client was told that campaign {campaign_id} is not active any more, and called it {len(later)} times "
        f"again; at most {_MOST_AFTER_TOLD} are tolerated",
    )


def _was_told(scene: Scene) -> bool:
    return any(one["refusal"] == "inactive_campaign" for one in scene.calls())


def _check_pages(scene: Scene, ids: Collection[int]) -> None:
    """Check the cursor of each page that was asked for, and where the client began and stopped (K1, K2 and K3)."""
    expected, asked, received = 0, set[int](), 0
    for one in scene.calls(PAGE):
        if one["outcome"] != "ok":
            continue
        cursor = one["arguments"]["last_contact_id"]
        scene.check("K3", cursor not in asked, f"the client asked twice for the page behind contact {cursor}")
        scene.check(
            "K1",
            cursor == expected or cursor in asked,
            f"the client asked for the page behind contact {cursor}, where LastContactID should be {expected}: "
            + ("the last id that came" if expected else "paging starts with 0"),
        )
        asked.add(cursor)
        received += one["result"]["contacts"]
        expected = one["result"].get("last_contact_id") or expected
    scene.check(
        "K2",
        received >= len(ids),
        f"the client stopped after {received} contacts of {len(ids)}: neither had NumberOfContacts come, nor was a "
        "page short",
    )
    _check_end(scene)


def _check_end(scene: Scene) -> None:
    """Check that the client did not go on behind the end (K2)."""
    sizes = [one["result"]["contacts"] for one in scene.calls(PAGE) if one["outcome"] == "ok"]
    empty = next((at for at, size in enumerate(sizes) if size == 0), len(sizes))
    short = next((at for at, size in enumerate(sizes) if size < _FULL), len(sizes))
    # A page that is short is the end already; asking once more, for the empty page, does no harm.
    last = min(empty, short + 1)
    scene.check(
        "K2",
        len(sizes) - 1 <= last,
        f"the client did not stop at the end: behind the last contact it asked for {len(sizes) - 1 - short} more pages",
    )


def check_contacts(
    scene: Scene, rule: str, said: Said, ids: Collection[int], *, may_have: Collection[int] = ()
) -> None:
    """Check that the client hands over these contacts, each once."""
    if not scene.check(
        rule, not said.failed, f"the client could not read the campaign's {len(ids)} contacts: {said.told}"
    ):
        return
    counts = Counter(one["contact_id"] for one in said.result)
    missing = [one for one in ids if one not in counts]
    doubled = [one for one, count in counts.items() if count > 1]
    unknown = counts.keys() - set(ids) - set(may_have)
    scene.check(rule, not missing, f"{len(missing)} of {len(ids)} contacts are missing, the first is {missing[:1]}")
    scene.check(rule, not doubled, f"{len(doubled)} contacts came more than once, the first is {doubled[:1]}")
    scene.check(
        rule, not unknown, f"{len(unknown)} contacts came that the campaign does not have: {sorted(unknown)[:3]}"
    )
