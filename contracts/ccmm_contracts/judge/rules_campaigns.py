"""How a client treats campaigns and contacts that are not there, and codes that are not linked: K6, K7 and K13."""

from __future__ import annotations

from collections.abc import Iterator

from .journal import CLOSE, FIND_ID, GET_CAMPAIGNS, GET_PAGE, GET_STATUS, Call, Journal
from .verdict import Breach, Verdict, verdict

NOT_FOUND = -1
FURTHER_CALLS = 2
"""How many calls a client may still make that were on their way, or try again, after it was told to stop."""

_BY_ID = {CLOSE: "custom_field_specified", GET_STATUS: "custom_field_passed"}
"""The operations that take a contact's id, each with the flag that says it does not count."""


def judge_k6(journal: Journal) -> Verdict:
    """A client stops working on a campaign that is no longer active."""
    told = [one for calls in journal.sessions.values() for one in calls if one.refusal == "inactive_campaign"]
    breaches = [one for calls in journal.sessions.values() for one in _hammering(calls, journal.at_once)]
    return verdict(len(told), breaches, "no call was refused because its campaign was inactive")


def _hammering(calls: list[Call], at_once: int) -> Iterator[Breach]:
    """One breach for each time that a session went on with a campaign it was told is inactive."""
    since: dict[int, list[Call]] = {}
    for call in calls:
        if call.operation == GET_CAMPAIGNS and call.is_ok:
            for campaign_id in call.campaigns:
                yield from _told_too_often(since.pop(campaign_id, []), at_once)
        elif call.campaign_id is not None and call.is_ok:
            yield from _told_too_often(since.pop(call.campaign_id, []), at_once)
        elif call.campaign_id is not None and (call.campaign_id in since or call.refusal == "inactive_campaign"):
            since.setdefault(call.campaign_id, []).append(call)
    for told in since.values():
        yield from _told_too_often(told, at_once)


def _told_too_often(calls: list[Call], at_once: int) -> Iterator[Breach]:
    further = calls[1:]
    if len(further) > max(FURTHER_CALLS, at_once):
        yield Breach(
            f"after it was told that campaign {calls[0].campaign_id} is inactive, the client made {len(further)} "
            "further calls for it",
            tuple(calls),
        )


def judge_k7(journal: Journal) -> Verdict:
    """-1 is 'not found', never a contact's id."""
    missed = [one for one in journal.of(FIND_ID) if one.is_ok and one.result == NOT_FOUND]
    breaches = []
    for call in journal.of(*_BY_ID, GET_PAGE):
        if _id_used(call) == NOT_FOUND:
            cause = [one for one in missed if one.number < call.number][-1:]
            what = f"-1, which means that no contact was found, was used as a contact's id by {call.operation}"
            breaches.append(Breach(what, (*cause, call)))
    why_not = "no phone number was looked up in vain" if journal.of(FIND_ID) else f"the journal has no {FIND_ID}"
    return verdict(len(missed), breaches, why_not)


def _id_used(call: Call) -> object:
    if call.operation == GET_PAGE:
        return call.arguments.get("last_contact_id")
    return None if call.arguments.get(_BY_ID[call.operation or ""]) else call.arguments.get("contact_id")


def judge_k13(journal: Journal) -> Verdict:
    """Only disposition codes that are linked to the campaign."""
    coded = [one for one in journal.of(CLOSE) if one.arguments.get("disposition_code_specified")]
    breaches = [
        Breach(
            f"disposition code {one.arguments.get('disposition_code')} is not linked to campaign {one.campaign_id}",
            (one,),
        )
        for one in coded
        if one.refusal == "disposition_code_not_linked"
    ]
    return verdict(len(coded), breaches, "no contact was closed with a disposition code")
