"""An exchange in one line, in the domain's words: who called what, and what became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

from .answer import Answer, Fault, Odd, Returned
from .domain import Campaign, Contact, Status
from .exchange import Exchange

Mask = Callable[[str], str]

_WORDS = {
    "username": "",
    "campaign_id": "campaign",
    "contact_id": "contact",
    "last_contact_id": "after contact",
    "session_key": "key",
    "contact_status": "status",
    "phone_number": "number",
    "closure_text": "text",
    "disposition_code": "code",
    "contact": "",
}
_LONGEST_TEXT = 80
_CAMPAIGNS_TOLD = 6


def told(exchange: Exchange, mask: Mask) -> str:
    """``ann: CloseContact(campaign 101, contact 7) -> refused: 2840 'The text'``; ``mask`` hides what is secret."""
    if exchange.operation is None or exchange.answer is None:
        return _told_of_http(exchange, mask)
    arguments = {
        name: value
        for name, value in exchange.arguments.items()
        if not (name == "session_key" and exchange.user is not None)
    }
    version = "" if exchange.soap == "1.1" else f" in SOAP {exchange.soap}"
    call = f"{exchange.operation}({_listed(arguments, mask)}){version}"
    return f"{exchange.user or 'nobody'}: {call} -> {told_answer(exchange.answer, mask)}"


def told_answer(answer: Answer, mask: Mask) -> str:
    """What became of a call, in a few words."""
    if isinstance(answer, Fault):
        name = answer.code if answer.number is None else str(answer.number)
        return f"refused: {name} {_text(answer.text, mask)}"
    if isinstance(answer, Odd):
        return f"no answer that can be read: {mask(answer.why)}"
    return _told_value(answer, mask)


def _told_of_http(exchange: Exchange, mask: Mask) -> str:
    request, response = exchange.request, exchange.response
    media_type = response.header("Content-Type").partition(";")[0].strip() or "no Content-Type"
    size = f"{len(response.body):,} bytes"
    return mask(f"{request.method} {request.url} -> {response.status} {response.reason}".rstrip()) + (
        f", {media_type}, {size}" if response.body else ", no body"
    )


def _listed(arguments: Mapping[str, Any], mask: Mask) -> str:
    return ", ".join(
        f"{_WORDS.get(name, name.replace('_', ' '))} {_told_argument(value, mask)}".strip()
        for name, value in arguments.items()
    )


def _told_argument(value: Any, mask: Mask) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return _text(value, mask)
    if isinstance(value, (tuple, list)):
        return "[" + ", ".join(_told_argument(one, mask) for one in value) + "]"
    if is_dataclass(value) and not isinstance(value, type):
        return f"{type(value).__name__}({_filled(value, mask)})"
    return mask(str(value))


def _filled(value: Any, mask: Mask) -> str:
    """The fields that hold something else than by default, by their names."""
    return ", ".join(
        f"{one.name} {_told_argument(getattr(value, one.name), mask)}"
        for one in fields(value)
        if one.default is MISSING or getattr(value, one.name) != one.default
    )


def _text(text: str, mask: Mask) -> str:
    """A text in quotes; a mask that is the whole of it stands without."""
    masked = mask(text)
    if masked != text and masked.startswith("<") and masked.endswith(">") and masked.count("<") == 1:
        return masked
    if len(masked) > _LONGEST_TEXT:
        return f"{masked[:_LONGEST_TEXT]!r}... ({len(masked):,} characters)"
    return repr(masked)


def _told_value(answer: Returned, mask: Mask) -> str:
    value = answer.value
    if isinstance(value, tuple) or answer.form:
        return _told_list(value, answer.form)
    if isinstance(value, Status):
        return f"status {value.id} {_told_argument(value.name, mask)}"
    if isinstance(value, str):
        return _text(value, mask)
    return "returned" if value is None else str(value)


def _told_list(items: tuple[Any, ...], form: str) -> str:
    if not items:
        return f"nothing ({form.replace('-', ' ')})" if form else "nothing"
    if isinstance(items[0], Campaign):
        shown = ", ".join(
            f"{one.campaign_id} {one.status.name if one.status else '?'}" for one in items[:_CAMPAIGNS_TOLD]
        )
        more = ", ..." if len(items) > _CAMPAIGNS_TOLD else ""
        return f"{_counted(len(items), 'campaign')}: {shown}{more}"
    if isinstance(items[0], Contact):
        first, last = items[0].contact_id, items[-1].contact_id
        return f"{_counted(len(items), 'contact')}: {first}" + (f" to {last}" if len(items) > 1 else "")
    return f"{len(items)} items"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" + ("" if count == 1 else "s")
