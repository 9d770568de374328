"""The page of the profile: every choice that no paper settles, and how each refusal reads."""

from __future__ import annotations

import json

from fake_ccmm.errors import REFUSALS
from fake_ccmm.profile import Choice, choices

from .markdown import code, codes, plain, sentence, table
from .markdown import page as whole

_DECIDES = {
    "limit_answer": "An append or a close within the second: refused, answered with `limit_return_value`, or held "
    "until its turn",
    "limit_return_value": "The result of such a call where `limit_answer` is `return`",
    "limit_seconds": "The time between two calls; 0 turns the limit off",
    "limit_scope": "Whose calls count together",
    "limit_shared": "Whether appends and closes count together",
    "limit_counts_refused": "Whether a refused call starts a new second",
    "unknown_campaign": "A campaign id that does not exist: refused, or answered with nothing",
    "inactive_campaign": "The same for a Closed, Completed or Cancelled campaign",
    "unknown_contact": "Status or closing of a contact that does not exist: refused, or answered with nothing",
    "closed_contact": "Closing a closed contact: refused, answered as done, or closed anew",
    "close_matches": "Which of several contacts with the custom field are closed",
    "close_result": "What CloseContact returns",
    "disposition_by": "Whether the reason code of CloseContact is a code's Id or its NumbericValue",
    "blank_phone_part": "A blank part of a number: the contact lacks it too, or may have any",
    "closed_in_pages": "Whether pages hold closed contacts",
    "find_cap": "The most contacts a Find operation returns; 0 is no limit",
    "empty_page": "How the XML says that no contact was found",
    "unknown_custom_field": "A custom field the campaign lacks: passed over, or refused",
    "unknown_skillset": "An append with a skillset that does not exist",
    "unknown_status_filter": "A Find operation for a status that does not exist",
    "append_campaign_name": "The CampaignName that an appended contact gets",
    "session_timeout": "Idle minutes until a session expires; 0 is never",
    "login_on_expired": "A login while the user's session has expired: refused until OutboundLogoff, or a new session",
    "unknown_logoff": "OutboundLogoff of a user who is not logged in",
    "dates": "Dates without offset, with Z, or with the offset of the machine",
    "fault_detail": "Faults with an Error element in the detail, or without",
}
_STATUS_ID = "_status_id_"

_LEAD = """\
What the vendor's papers leave open is a named choice, so that a team that knows its real server can have the mock
behave like it. Set one with `--set limit_answer=delay`, several with `--profile FILE`
(`fake-ccmm profile --format toml` writes such a file), in a [seed](../how-to/seed-a-world.md), over the
[control API](control-api.md#profile) while it serves, or in Python with `FakeCcmm(profile={"limit_answer": "delay"})`.
[`ccmm-contracts learn`](ccmm-contracts.md#ccmm-contracts-learn) writes a profile from what a server is seen to do."""

_REFUSALS = """\
## Refusals

What the contact center refuses becomes a SOAP fault. The number, the fault code and the text of each can be set, in
the same ways: `--set 'too_soon.text=Not so fast'`, `--set too_soon.number=2899`. Words in braces are filled in. The
numbers 2800, 2801, 2805 and 2831 are those that the product family is seen to send; the other numbers, and all texts
but those of rules S4 and S7, are assumed."""


def page() -> str:
    """The text of the page."""
    rows = (
        [code(one.name), code(_written(one)), _values(one), decides(one), plain(one.reason), one.rules]
        for one in choices()
    )
    refusals = ([code(name), str(one.number), one.code, code(one.text), one.rule] for name, one in REFUSALS.items())
    return whole(
        "The profile",
        _LEAD,
        "## Choices",
        "The last column has the [rules](rules.md) that a choice belongs to.",
        table(("Choice", "Default", "Values", "What it decides", "Why this default", "Rule"), rows),
        _REFUSALS,
        table(("Refusal", "Number", "Code", "Text", "Rule"), refusals),
    )


def decides(choice: Choice) -> str:
    """What a choice decides; a KeyError where nobody has said so yet."""
    kind, found, status = choice.name.partition(_STATUS_ID)
    if found:
        return f"The Id of the {kind} status {sentence(status).rstrip('.')}"
    return _DECIDES[choice.name]


def _values(choice: Choice) -> str:
    kinds = ("whole number", "number")
    return codes(choice.alternatives) if choice.alternatives[0] not in kinds else choice.alternatives[0]


def _written(choice: Choice) -> str:
    return json.dumps(choice.default).strip('"')
