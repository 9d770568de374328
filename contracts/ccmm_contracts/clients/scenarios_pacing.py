"""The second between two appends, and between two closings: these scenes really take their time (rules K4 and K5)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .fillings import fillings, row, to_append
from .scenario import scenario
from .scene import Scene

_SECOND = 1.0
_MEASURED = 0.99
"""The moments of a journal are taken a little beside those that the server itself goes by."""


@scenario("K4", needs=("append_contacts",), deep_examples=2)
def waits_between_appends(scene: Scene) -> None:
    """Append two contacts in one go, then another."""
    filling = scene.draw(fillings(2))
    campaign_id = filling.main.campaign_id
    scene.open(filling)
    contacts = [to_append(row(0, 100 + at).contact) for at in range(3)]
    for some in (contacts[:2], contacts[2:]):
        said = scene.ask("append_contacts", campaign_id=campaign_id, contacts=some)
        scene.check("K4", not said.failed, f"the client could not append: {said.told}")
    _check_pace(scene, "K4", "AppendContactsToCampaign")
    there = len(scene.center.contacts(campaign_id)) - len(filling.main.ids)
    scene.check("K4", there == len(contacts), f"of {len(contacts)} contacts to append {there} arrived")


@scenario("K5", needs=("close_contact",), deep_examples=2)
def waits_between_closings(scene: Scene) -> None:
    """Close three contacts, one after the other."""
    filling = scene.draw(fillings(6, closed=False))
    main = filling.main
    scene.open(filling)
    for one in main.rows[:3]:
        said = scene.ask(
            "close_contact", campaign_id=main.campaign_id, contact_id=one.contact_id, text="Sold", disposition=None
        )
        scene.check("K5", not said.failed, f"the client could not close a contact: {said.told}")
    _check_pace(scene, "K5", "CloseContact")
    closed = sum(one["status"] == "Closed" for one in scene.center.contacts(main.campaign_id))
    scene.check("K5", closed == 3, f"of 3 contacts to close {closed} are closed")


def _check_pace(scene: Scene, rule: str, operation: str) -> None:
    """Check that a second passed from each call that was carried out to the next, by the server's clock."""
    last: datetime | None = None
    for one in scene.calls(operation):
        moment = _moment(one)
        passed = (moment - last).total_seconds() if last is not None else _SECOND
        scene.check(
            rule,
            passed >= _MEASURED and one["refusal"] != "too_soon",
            f"{operation} was called {passed:.3f} s after the one before; it can only be called every 1 seconds",
        )
        if one["outcome"] == "ok":
            last = moment


def _moment(one: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(one["center_time"].replace("Z", "+00:00"))
