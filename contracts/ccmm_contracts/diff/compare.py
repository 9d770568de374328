"""Two answers compared by role: an answer as plain facts, in which ids, times, secrets and hosts have no values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from itertools import pairwise
from typing import Any

from ..answer import Answer, Fault, Odd, Returned
from ..domain import Campaign, Contact
from ..exchange import Exchange
from ..story import shown
from ..wire.document import Unreadable, parsed
from .side import Side

Facts = dict[str, Any]
"""What an answer says, by where it says it: ``fault text``, ``value[3].first_name``."""

_DATES = ("date_created", "start_date_time")
_OFFSET = re.compile(r"(?:(Z)|[+-]\d\d:\d\d)$")
_MISSING = "(nothing)"


def facts_of(
    side: Side, exchange: Exchange, answer: Answer, *, exact: bool, by_time: bool, roles: dict[int, int]
) -> Facts:
    """The facts of an answer. ``exact`` is whether both servers hold the same, else a value is only told by its kind;
    ``by_time`` is whether their clocks are the kit's, else a date is only told by how it is written. ``roles`` are the
    contacts by order of appearance; those that are new are added.
    """
    response = exchange.response
    media_type = response.header("Content-Type").lower().replace(" ", "")
    facts: Facts = {
        "outcome": {Returned: "returned", Fault: "refused", Odd: "unreadable"}[type(answer)],
        "HTTP status": response.status,
        "media type": media_type,
        "valid by the WSDL": "yes"
        if not exchange.invalid
        else re.sub(r"\d+", "#", side.by_role(exchange.invalid, exchange)),
    }
    if isinstance(answer, Odd):
        facts["what is wrong"] = side.by_role(answer.why, exchange)
        return facts
    if isinstance(answer, Fault):
        facts |= _facts_of_fault(side, exchange, answer, exact)
    elif exact:
        facts |= {"form": answer.form}
        facts |= dict(_leaves("value", _value(side, exchange, answer.value, by_time, roles)))
    else:
        facts["value"] = _kind(side, exchange, answer.value)
    if exact or isinstance(answer, Fault):
        facts["elements"] = _elements(response.body)
    return facts


def difference(a: Mapping[str, Any], b: Mapping[str, Any]) -> tuple[str, Any, Any] | None:
    """The first fact that is not the same on both sides, with both values; None where there is none."""
    for name in [*a, *(one for one in b if one not in a)]:
        first, second = a.get(name, _MISSING), b.get(name, _MISSING)
        if name == "elements" and first != second:
            return "an element", *_first_other(first, second)
        if first != second:
            return name, first, second
    return None


def told(answer: Answer) -> str:
    """An answer in a few words."""
    return shown(answer)


def _facts_of_fault(side: Side, exchange: Exchange, answer: Fault, exact: bool) -> Facts:
    text = side.by_role(answer.text, exchange)
    for name, role in (("campaign_id", "<campaign>"), ("contact_id", "<contact>")):
        value = exchange.arguments.get(name)
        if isinstance(value, int) and value and not exact:
            text = re.sub(rf"(?<!\d){value}(?!\d)", role, text)
    return {
        "fault code": answer.code,
        "fault number": answer.number,
        "fault text": text,
        "fault source": answer.source,
        "fault actor": side.by_role(answer.actor or "", exchange),
    }


def _value(side: Side, exchange: Exchange, value: Any, by_time: bool, roles: dict[int, int]) -> Any:
    operation = exchange.operation or ""
    if operation == "OutboundLogin" and isinstance(value, str):
        random, mark, rest = value.partition("__")
        return re.sub(r"[A-Za-z0-9]", "x", random) + mark + side.by_role(rest, exchange)
    if operation == "GetContactIDByPhoneNumber" and isinstance(value, int):
        return _role(value, roles)
    if operation == "CloseContact" and isinstance(value, int) and value not in (-1, 0, 1):
        return _role(value, roles)
    ids = [one.contact_id for one in value if isinstance(one, Contact)] if isinstance(value, tuple) else []
    plain = _plain(side, exchange, value, by_time, roles)
    if not ids:
        return plain
    ascending = all(first < second for first, second in pairwise(ids))
    return {"count": len(ids), "ids ascend": ascending, "contacts": plain}


def _plain(side: Side, exchange: Exchange, value: Any, by_time: bool, roles: dict[int, int], name: str = "") -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {
            one.name: _plain(side, exchange, getattr(value, one.name), by_time, roles, one.name)
            for one in fields(value)
        }
    if isinstance(value, tuple):
        return [_plain(side, exchange, one, by_time, roles) for one in value]
    if name == "contact_id":
        return _role(value, roles)
    if name in _DATES and not by_time:
        return _written(value)
    return side.by_role(value, exchange) if isinstance(value, str) else value


def _role(number: int, roles: dict[int, int]) -> str:
    """A contact by order of appearance; 0 and less is no contact."""
    return f"contact {roles.setdefault(number, len(roles) + 1)}" if number > 0 else str(number)


def _written(date: str) -> str:
    """How a date is written."""
    found = _OFFSET.search(date)
    if found is None:
        return "without offset"
    return "in UTC" if found[1] else "with an offset"


def _kind(side: Side, exchange: Exchange, value: Any) -> Any:
    """What sort of value it is; whole where it does not depend on what a server holds."""
    if exchange.operation in ("AppendContactsToCampaign", "CloseContact", "OutboundLogoff"):
        return value
    if exchange.operation == "OutboundLogin":
        return _value(side, exchange, value, False, {})
    dates = (
        {_written(getattr(one, name)) for one in value if isinstance(one, Campaign) for name in _DATES}
        if isinstance(value, tuple)
        else ()
    )
    return f"{type(value).__name__}, dates {' and '.join(sorted(dates))}" if dates else type(value).__name__


def _leaves(path: str, value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [leaf for name, one in value.items() for leaf in _leaves(f"{path}.{name}", one)]
    if isinstance(value, list):
        head = [(f"{path}: how many", len(value))]
        return head + [leaf for at, one in enumerate(value) for leaf in _leaves(f"{path}[{at}]", one)]
    return [(path, value)]


def _elements(body: bytes) -> tuple[str, ...]:
    """The elements of an answer in their order, each with the names above it; with what attributes say of it."""
    try:
        root = parsed(body)
    except Unreadable:
        return ("no XML",)
    found: list[str] = []

    def walk(element: Any, path: str) -> None:
        here = f"{path}/{element.tag}"
        found.append(here + "".join(f" {name}={value}" for name, value in sorted(element.attrib.items())))
        for child in element:
            walk(child, here)

    walk(root, "")
    return tuple(found)


def _first_other(a: tuple[str, ...], b: tuple[str, ...]) -> tuple[str, str]:
    """Where two lists of elements part, as local names."""
    at = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    first, second = (one[at] if at < len(one) else _MISSING for one in (a, b))
    return _local(first), _local(second)


def _local(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "", path)
