"""A mock's journal as the rules read it: calls in their order, whose they were, and how to tell of them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import cached_property
from itertools import islice, pairwise
from typing import Any

from ..errors import SetUpBroken
from ..operations import OPERATIONS

LOGIN, LOGOFF = "OutboundLogin", "OutboundLogoff"
GET_CAMPAIGNS, GET_PAGE = "GetCampaigns", "Get200CampaignContacts"
APPEND, CLOSE, GET_STATUS = "AppendContactsToCampaign", "CloseContact", "GetContactStatus"
FIND_ID = "GetContactIDByPhoneNumber"
FULL_PAGE = 200
"""As many contacts as a page has at most (rule P1)."""

Responses = Callable[[int], bytes]
"""Gives the answer of an exchange as it went out, head and body, by the exchange's number."""

_NEEDED = ("number", "operation", "arguments", "outcome")
_OUTCOMES = ("ok", "refused", "protocol-error", "not-carried-out", "page")
_SECRET = ("password", "session_key")
_DULL: tuple[Any, ...] = (None, False, 0, "", [], {})
_ALWAYS_TOLD = ("campaign_id", "contact_id", "last_contact_id")
_WORDS = {
    "username": "",
    "contact": "",
    "campaign_id": "campaign",
    "contact_id": "contact",
    "last_contact_id": "after contact",
    "disposition_code": "code",
    "closure_text": "text",
    "phone_number": "number",
    "contact_status": "status",
}
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Call:
    """One exchange of a journal. ``user`` is whose call it was, as far as the journal tells; ``session`` tells sessions
    apart; ``status`` None is an answer without a status line.
    """

    number: int
    operation: str | None
    arguments: Mapping[str, Any] = field(hash=False)
    outcome: str
    user: str | None = None
    session: str | None = None
    result: Any = field(default=None, hash=False)
    refusal: str | None = None
    fault_text: str | None = None
    injected: str | None = None
    status: int | None = 200
    request_line: str = ""
    client: str = ""
    center_time: datetime | None = None
    real_time: datetime | None = None

    @property
    def is_ok(self) -> bool:
        """Whether the contact center carried it out."""
        return self.outcome == "ok"

    @property
    def may_be_lost(self) -> bool:
        """Whether a fault rule may have kept the client from knowing what became of it."""
        return self.injected is not None and self.fault_text is None and (self.is_ok or self.status is None)

    @property
    def campaign_id(self) -> int | None:
        """The campaign it was for, if it was for one."""
        found = self.arguments.get("campaign_id")
        return found if isinstance(found, int) else None

    @property
    def campaigns(self) -> tuple[int, ...]:
        """The campaigns that its answer showed."""
        found = self.result.get("campaigns") if self.is_ok and isinstance(self.result, Mapping) else None
        return tuple(one for one in found if isinstance(one, int)) if isinstance(found, list) else ()

    @property
    def contacts(self) -> int:
        """How many contacts its answer had."""
        found = self.result.get("contacts") if self.is_ok and isinstance(self.result, Mapping) else 0
        return found if isinstance(found, int) else 0

    @property
    def last_id(self) -> int | None:
        """The id of the last contact that its answer had, None where it had none."""
        found = self.result.get("last_contact_id") if self.is_ok and isinstance(self.result, Mapping) else None
        return found if isinstance(found, int) else None

    @property
    def is_keyed(self) -> bool:
        """Whether it is a call that needs a session key."""
        return self.operation is not None and self.operation not in (LOGIN, LOGOFF)

    def asks_the_same_as(self, other: Call) -> bool:
        """Whether operation and arguments are the same, whatever the key."""
        return self.operation == other.operation and _asked(self) == _asked(other)

    def told(self) -> str:
        """It in one line: ``12. ann: CloseContact(campaign 101, contact 7) -> refused: 'the text'``."""
        if self.operation is None:
            return f"{self.number}. {_plain(self.request_line)} -> {self._told_answer()}"
        arguments = ", ".join(
            f"{_WORDS.get(name, name.replace('_', ' '))} {_told_value(value)}".strip()
            for name, value in self.arguments.items()
            if name not in _SECRET and (name in _ALWAYS_TOLD or value not in _DULL)
        )
        return (
            f"{self.number}. {_plain(self.user or 'somebody')}: {self.operation}({arguments}) -> {self._told_answer()}"
        )

    def _told_answer(self) -> str:
        if self.outcome == "refused":
            words = f"refused: {_told_value(self.fault_text or self.refusal)}"
        elif self.is_ok:
            words = self._told_result()
        else:
            words = f"{self.status}" + (f" {_told_value(self.fault_text)}" if self.fault_text else "")
        if self.status is None:
            words = f"no answer was sent ({'it was' if self.is_ok else 'it was not'} carried out)"
        return words + (f", by fault rule {_plain(self.injected)}" if self.injected else "")

    def _told_result(self) -> str:
        if self.operation == LOGIN:
            return "a session key"
        if isinstance(self.result, Mapping) and "contacts" in self.result:
            count, first, last = (self.result.get(one) for one in ("contacts", "first_contact_id", "last_contact_id"))
            return f"{count} contacts" + (f", {first} to {last}" if count else "")
        return "ok" if self.result is None else _told_value(self.result)


class Journal:
    """Exchanges of one center, in the order of their numbers.

    Raises SetUpBroken where they are none of a journal. ``at_once`` is how many calls the application makes at the same
    time, at most; ``may_take_over`` whether it was told to log off whoever is logged in. ``responses`` gives the bytes
    of answers, where they are at hand.
    """

    def __init__(
        self,
        exchanges: Iterable[Mapping[str, Any]],
        *,
        at_once: int = 1,
        may_take_over: bool = False,
        responses: Responses | None = None,
    ) -> None:
        everything = sorted((_call(at, one) for at, one in enumerate(exchanges, 1)), key=lambda one: one.number)
        for one, other in pairwise(everything):
            if one.number == other.number:
                raise SetUpBroken(
                    f"two exchanges of the journal have the number {one.number}: journals of two centers, or of two "
                    "runs, have to be judged one by one"
                )
        self.everything = tuple(everything)
        self.at_once = at_once
        self.may_take_over = may_take_over
        self.responses = responses
        self.calls = tuple(one for one in everything if one.operation is not None and one.outcome != "protocol-error")
        self.logins = {one.session: one for one in self.calls if one.operation == LOGIN and one.is_ok and one.session}

    @property
    def starts_at_the_start(self) -> bool:
        """Whether it has the center's first exchange; what came before is not known otherwise."""
        return bool(self.everything) and self.everything[0].number == 1

    def of(self, *operations: str) -> list[Call]:
        """The calls of these operations."""
        return [one for one in self.calls if one.operation in operations]

    @cached_property
    def owners(self) -> dict[str, str]:
        """Whose session each is, as far as the journal shows it."""
        return {one.session: one.user for one in self.calls if one.session and one.user}

    def who(self, call: Call) -> str:
        """Whose call it was: the user, or else something that tells the sessions of unknown users apart."""
        owner = call.user or self.owners.get(call.session or "")
        return f"user {owner}" if owner else f"session {call.session} of {call.client}"

    @cached_property
    def streams(self) -> dict[str, list[Call]]:
        """All calls by whose they were."""
        streams: dict[str, list[Call]] = defaultdict(list)
        for one in self.calls:
            streams[self.who(one)].append(one)
        return dict(streams)

    @cached_property
    def sessions(self) -> dict[str, list[Call]]:
        """The calls that were made with a key, by session."""
        sessions: dict[str, list[Call]] = defaultdict(list)
        for one in self.calls:
            if one.session and one.is_keyed:
                sessions[one.session].append(one)
        return dict(sessions)

    def after(self, call: Call) -> Iterator[Call]:
        """What the same user called after a call."""
        stream = self.streams[self.who(call)]
        return islice(stream, bisect_right(stream, call.number, key=_number), None)

    def before(self, call: Call) -> Iterator[Call]:
        """What the same user called before a call, newest first."""
        stream = self.streams[self.who(call)]
        return (stream[at] for at in reversed(range(bisect_left(stream, call.number, key=_number))))


def seconds_between(earlier: Call, later: Call) -> float | None:
    """The time between two calls, by the center's clock or by the machine's, whichever says more.

    A frozen center sees no time pass while a client waits; a center whose clock is moved has a client wait no more.
    None where the journal does not say, or the center's clock was set back.
    """
    gaps = []
    for one, other in ((earlier.center_time, later.center_time), (earlier.real_time, later.real_time)):
        if one is not None and other is not None:
            gaps.append((other - one).total_seconds())
    return None if not gaps or gaps[0] < 0 else max(gaps)


def _number(call: Call) -> int:
    return call.number


def _call(at: int, data: Any) -> Call:
    if not isinstance(data, Mapping) or any(name not in data for name in _NEEDED):
        raise SetUpBroken(
            f"entry {at} of the journal is no exchange: it has to have {', '.join(_NEEDED)}, as the control API of the "
            "mock, or 'fake-ccmm journal --json', writes them"
        )
    number, operation, arguments, outcome = (data[name] for name in _NEEDED)
    what = f"exchange {_cut(number)} of the journal"
    if not isinstance(number, int) or isinstance(number, bool):
        raise SetUpBroken(f"entry {at} of the journal has the number {_cut(number)}, which is none")
    if operation is not None and not (isinstance(operation, str) and operation in OPERATIONS):
        raise SetUpBroken(f"{what} is of the operation {_cut(operation)}; there are {', '.join(OPERATIONS)}")
    if outcome not in _OUTCOMES:
        raise SetUpBroken(f"{what} has the outcome {_cut(outcome)}; there are {', '.join(_OUTCOMES)}")
    if not isinstance(arguments, Mapping):
        raise SetUpBroken(f"{what} has no mapping of arguments by name")
    texts = {name: _text(what, name, data.get(name)) for name in _TEXTS}
    status = data.get("status")
    return Call(
        number,
        operation,
        dict(arguments),
        outcome,
        result=data.get("result"),
        status=status if isinstance(status, int) else None,
        request_line=_text(what, "request_line", data.get("request_line")) or "",
        client=_text(what, "client", data.get("client")) or "",
        center_time=_moment(what, data.get("center_time")),
        real_time=_moment(what, data.get("real_time")),
        **texts,
    )


_TEXTS = ("user", "session", "refusal", "fault_text", "injected")


def _text(what: str, name: str, value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise SetUpBroken(f"{what} has {_cut(value)} as its {name}, where a text belongs")
    return value


def _moment(what: str, value: Any) -> datetime | None:
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value.replace("Z", "+00:00"))
        return found if found.tzinfo is None else found.astimezone(timezone.utc).replace(tzinfo=None)
    except (AttributeError, OverflowError, TypeError, ValueError):  # OverflowError: not of the years 1 to 9999 in UTC
        raise SetUpBroken(
            f"{what} has the time {_cut(value)}, where one such as 2026-01-31T08:00:00Z belongs"
        ) from None


def _asked(call: Call) -> dict[str, Any]:
    return {name: value for name, value in call.arguments.items() if name not in _SECRET}


def _told_value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        filled = (f"{name} {_told_value(one)}" for name, one in value.items() if one not in _DULL)
        return f"({', '.join(filled)})"
    return _cut(value)


def _cut(value: Any) -> str:
    told = repr(value)
    return told if len(told) <= _LONGEST else f"{told[:_LONGEST]}..."


def _plain(text: str) -> str:
    return text if text.isprintable() else repr(text)
