"""One exchange of the journal: a request and what became of it, as data, as JSON and as a line of text."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime, timezone
from enum import Enum
from typing import Any, Protocol

from ..calls import shown
from ..errors import SetupError

OUTCOMES: dict[str, str] = {
    "ok": "the contact center carried it out",
    "refused": "the contact center refused it",
    "protocol-error": "answered with a fault or a status of the protocol layer",
    "not-carried-out": "a fault rule answered instead of the contact center",
    "page": "no SOAP call: a WSDL, a help page, or a page that is not there",
}
"""What can become of a request, each with its meaning."""

_SECRET = ("password", "session_key")
_LONGEST_LINE = 300
_LONGEST_VALUE = 100


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request and its answer. Dates are naive UTC; ``arguments`` and ``result`` are in the domain's words.

    ``outcome`` is one of ``OUTCOMES``; ``refusal`` and ``rule`` name what the contact center refused it for.
    ``injected`` is the fault rule that changed the answer; where that lost the answer after the work was done, the
    outcome is still ``ok``. ``session`` tells sessions apart without giving the key away. ``status`` None is an answer
    without a status line. ``milliseconds`` is how long it took, ``client`` the address it came from.
    """

    number: int
    operation: str | None
    request_line: str
    arguments: Mapping[str, Any]
    user: str | None
    session: str | None
    outcome: str
    result: Any
    refusal: str | None
    rule: str | None
    fault_number: int | None
    fault_text: str | None
    injected: str | None
    status: int | None
    center_time: datetime
    real_time: datetime
    milliseconds: float
    client: str


class Record(Protocol):
    """What a server keeps of an exchange; it is made readable only when somebody asks, in whatever thread asks."""

    @property
    def size(self) -> int:
        """The bytes it keeps."""

    def exchange(self, number: int, *, secrets: bool) -> Exchange:
        """The exchange under the number it was given; passwords and keys are in it only with ``secrets``."""

    def raw_request(self, *, secrets: bool) -> bytes:
        """The request as it came in."""

    def raw_response(self, *, secrets: bool) -> bytes:
        """The answer as it went out."""


Note = tuple[Any, ...]
"""An exchange as a server in a hurry notes it: its size in bytes, the kind of note, the operation (None where it is no
call), the outcome, the seconds it took, and whatever else it takes to open it. A tuple of plain texts, bytes and
numbers costs the garbage collector nothing.
"""

OPENERS: dict[str, Callable[[Note], Record]] = {"record": lambda note: note[-1]}
"""How each kind of note is made a record again."""


def describe(exchange: Exchange) -> str:
    """An exchange on one line: ``12. CloseContact(campaign_id=26, contact_id=7) by ann: refused too_soon (X5)``.

    Keys, passwords and arguments that say nothing (None, False) are left out; long values are shortened.
    """
    return printable(f"{exchange.number}. {_call(exchange)}{_by(exchange)}: {_outcome(exchange)}")


def heading(exchange: Exchange) -> str:
    """An exchange without its arguments: ``12. CloseContact by ann, refused too_soon (X5)``."""
    what = exchange.operation or _cut(exchange.request_line, _LONGEST_VALUE)
    return printable(f"{exchange.number}. {what}{_by(exchange)}, {_outcome(exchange)}")


def exchange_to_json(exchange: Exchange) -> dict[str, Any]:
    """The exchange in what JSON knows: dates as ISO 8601 in UTC with a Z, all that JSON lacks as text."""
    return {one.name: _json_value(getattr(exchange, one.name)) for one in fields(exchange)}


def exchange_from_json(data: Mapping[str, Any]) -> Exchange:
    """The exchange that :func:`exchange_to_json` made this of; SetupError where it is none. More keys are ignored."""
    names = [one.name for one in fields(Exchange)]
    missing = [name for name in names if name not in data]
    if missing:
        raise SetupError(f"this is no exchange: it has to have {', '.join(missing)} too")
    values = {name: data[name] for name in names}
    for name in ("center_time", "real_time"):
        try:
            values[name] = naive_utc(datetime.fromisoformat(values[name].replace("Z", "+00:00")))
        except (AttributeError, ValueError):
            raise SetupError(
                f"{name} has to be a date such as 2026-01-31T08:00:00Z, not {shown(values[name])}"
            ) from None
    return Exchange(**values)


def naive_utc(moment: datetime) -> datetime:
    """The moment as the contact center writes it: UTC, without saying so."""
    return moment if moment.tzinfo is None else moment.astimezone(timezone.utc).replace(tzinfo=None)


def printable(text: str) -> str:
    """Text that a client may have chosen, on one line and free of terminal codes."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def _by(exchange: Exchange) -> str:
    return f" by {_cut(exchange.user, _LONGEST_VALUE)}" if exchange.user else ""


def _call(exchange: Exchange) -> str:
    if exchange.operation is None:
        return _cut(exchange.request_line, _LONGEST_VALUE)
    told = (
        f"{name}={_brief(value)}"
        for name, value in exchange.arguments.items()
        if name not in _SECRET and value is not None and value is not False
    )
    return f"{exchange.operation}({_cut(', '.join(told), _LONGEST_LINE)})"


def _outcome(exchange: Exchange) -> str:
    words = exchange.outcome
    if exchange.outcome == "refused":
        words += f" {exchange.refusal}" + (f" ({exchange.rule})" if exchange.rule else "")
    elif exchange.outcome != "ok" and exchange.status is not None:
        words += f" {exchange.status}"
    if exchange.outcome == "protocol-error" and exchange.fault_text:
        words += f" {shown(exchange.fault_text, _LONGEST_VALUE)}"
    if exchange.status is None:
        words += ", no answer was sent"
    return words + (f", fault rule {exchange.injected}" if exchange.injected else "")


def _brief(value: Any) -> str:
    """A value without the parts of it that say nothing."""
    if isinstance(value, Mapping):
        told = (f"{name}: {_brief(part)}" for name, part in value.items() if part not in (None, False, 0, "", [], ()))
        return _cut(f"{{{', '.join(told)}}}", _LONGEST_VALUE)
    if isinstance(value, (list, tuple)):
        return _cut(f"[{', '.join(map(_brief, value))}]", _LONGEST_VALUE)
    return shown(value, _LONGEST_VALUE)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _json_value(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, Enum):
        return _json_value(value.value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, datetime):
        return f"{naive_utc(value).isoformat()}Z"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode("utf-8", "backslashreplace")
    if isinstance(value, Mapping):
        return {str(name): _json_value(part) for name, part in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: _json_value(getattr(value, one.name)) for one in fields(value)}
    return [_json_value(part) for part in value] if isinstance(value, Collection) else str(value)
