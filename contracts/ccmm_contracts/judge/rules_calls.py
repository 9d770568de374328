"""What a client's calls are like, one by one: K12, K14, K16 and K18."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .journal import APPEND, CLOSE, FIND_ID, GET_CAMPAIGNS, GET_PAGE, GET_STATUS, Call, Journal
from .verdict import Breach, Verdict, verdict

_LOOKS = (
    GET_CAMPAIGNS,  # its NumberOfContacts tells as well
    GET_PAGE,
    GET_STATUS,
    FIND_ID,
    "FindContactsByPhoneNumber",
    "FindContactsByCustomField",
)
"""The operations that can show whether a contact was appended."""

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_FLAGS = {CLOSE: "custom_field_specified", GET_STATUS: "custom_field_passed"}


def judge_k12(journal: Journal) -> Verdict:
    """An append whose answer was lost is not blindly sent again."""
    lost = [one for one in journal.of(APPEND) if one.may_be_lost]
    breaches = [one for call in lost for one in _sent_again(journal, call)]
    why_not = "no answer to an append was lost" if journal.of(APPEND) else f"the journal has no {APPEND}"
    return verdict(len(lost), breaches, why_not)


def _sent_again(journal: Journal, lost: Call) -> Iterator[Breach]:
    for one in journal.after(lost):
        if one.operation in _LOOKS and one.is_ok and one.campaign_id in (None, lost.campaign_id):
            return
        if one.operation == APPEND and _is_same_contact(one, lost):
            yield Breach(
                "an append whose answer was lost was sent again, without a look whether it was done", (lost, one)
            )
            return


def _is_same_contact(one: Call, other: Call) -> bool:
    return one.campaign_id == other.campaign_id and one.arguments.get("contact") == other.arguments.get("contact")


def judge_k14(journal: Journal) -> Verdict:
    """The flags agree with the way that was chosen."""
    calls = journal.of(*_FLAGS)
    breaches = [Breach(f"{one.operation}: {wrong}", (one,)) for one in calls for wrong in _wrong_flags(one)]
    return verdict(len(calls), breaches, f"the journal has neither {CLOSE} nor {GET_STATUS}")


def _wrong_flags(call: Call) -> Iterator[str]:
    given = call.arguments
    flag = _FLAGS[call.operation or ""]
    name, value, contact_id = (given.get(one) for one in ("custom_field_name", "custom_field_value", "contact_id"))
    if given.get(flag):
        if not name:
            yield f"{flag} is true, but no custom field is named"
        if contact_id:
            yield f"{flag} is true, but contact id {contact_id} is sent as well"
    elif name or value:
        yield f"{flag} is false, but the custom field {name!r} with the text {value!r} is sent"
    elif not contact_id:
        yield f"{flag} is false, but no contact's id is sent"
    if call.operation == CLOSE:
        yield from _wrong_code_flag(call)


def _wrong_code_flag(call: Call) -> Iterator[str]:
    code, is_specified = (call.arguments.get(one) for one in ("disposition_code", "disposition_code_specified"))
    if code and not is_specified:
        yield f"disposition_code_specified is false, but the disposition code {code} is sent"
    if is_specified and not code and not call.is_ok:  # a code of the campaign may have the id 0
        yield "disposition_code_specified is true, but there is no disposition code"


def judge_k16(journal: Journal) -> Verdict:
    """Names in any script arrive whole: only what was certainly lost on the way can be seen in a journal."""
    broken = [one for one in journal.of(APPEND) if _has_replacement(one.arguments.get("contact"))]
    message = f"a text of the appended contact holds U+FFFD, the sign ({_REPLACEMENT}) for what could not be read"
    why_not = "a journal does not show what the texts should have been: drive the client with 'ccmm-contracts client'"
    return verdict(0, [Breach(message, (one,)) for one in broken], why_not)


def _has_replacement(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_has_replacement(one) for one in value.values())
    if isinstance(value, (list, tuple)):
        return any(_has_replacement(one) for one in value)
    return isinstance(value, str) and _REPLACEMENT in value


def judge_k18(journal: Journal) -> Verdict:
    """Every call is one that the WSDL describes."""
    calls = [one for one in journal.everything if one.outcome != "page"]
    wrong = [one for one in journal.everything if one.outcome == "protocol-error" or _is_odd_page(one)]
    breaches = [
        Breach(f"no call that the WSDL describes: answered {one.fault_text or one.status}", (one,)) for one in wrong
    ]
    return verdict(len(calls), breaches, "the journal has no call")


def _is_odd_page(one: Call) -> bool:
    """Whether a request that is no call was meant as one: to a service, or with a body, and refused."""
    method, _, address = one.request_line.partition(" ")
    is_meant = ".asmx" in address.lower() or method == "POST"
    has_failed = one.status is not None and one.status >= 400
    return one.outcome == "page" and one.injected is None and is_meant and has_failed
