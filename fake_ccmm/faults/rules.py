"""What can go wrong with a call, and when: plain data, which a JSON or YAML file can say as well.

``{"name": "lost", "when": {"operation": "CloseContact"}, "nth": 3, "do": {"kind": "reset"}}`` is a whole rule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from ..calls import OPERATIONS, CallPattern, shown
from ..kinds import CLOSED, ByKind
from .delays import Distribution, describe_distribution

Layer = Literal["wire", "http", "soap", "domain"]
"""Which part of the server does it: the connection, the HTTP answer, the SOAP answer, or the contact center."""


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is reset and no answer sent; ``carried_out`` says whether the call's work is done before."""

    __pydantic_config__ = CLOSED
    kind: Literal["reset"] = field(default="reset", kw_only=True)
    carried_out: bool = True


@dataclass(frozen=True, slots=True)
class Empty:
    """The connection is closed in good order with no byte of an answer."""

    __pydantic_config__ = CLOSED
    kind: Literal["empty"] = field(default="empty", kw_only=True)
    carried_out: bool = True


@dataclass(frozen=True, slots=True)
class Truncate:
    """Only the first ``fraction`` of the answer's body is sent, or its first ``bytes`` where they are given."""

    __pydantic_config__ = CLOSED
    kind: Literal["truncate"] = field(default="truncate", kw_only=True)
    fraction: float = 0.5
    bytes: int | None = None
    carried_out: bool = True


@dataclass(frozen=True, slots=True)
class Garbage:
    """So many ``bytes`` of noise instead of the answer; with ``keep_head`` instead of its body alone."""

    __pydantic_config__ = CLOSED
    kind: Literal["garbage"] = field(default="garbage", kw_only=True)
    bytes: int = 256
    keep_head: bool = False
    carried_out: bool = True


@dataclass(frozen=True, slots=True)
class Slow:
    """The answer is the right one, and comes in drops."""

    __pydantic_config__ = CLOSED
    kind: Literal["slow"] = field(default="slow", kw_only=True)
    bytes_per_second: float


@dataclass(frozen=True, slots=True)
class Delay:
    """The answer is the right one, and comes late. The only action that goes together with others."""

    __pydantic_config__ = CLOSED
    kind: Literal["delay"] = field(default="delay", kw_only=True)
    distribution: Distribution


@dataclass(frozen=True, slots=True)
class HttpError:
    """An error page with this HTTP ``status`` (400 to 599) in place of the answer."""

    __pydantic_config__ = CLOSED
    kind: Literal["http-error"] = field(default="http-error", kw_only=True)
    status: int = 503
    carried_out: bool = False


@dataclass(frozen=True, slots=True)
class ContentType:
    """The answer is the right one under a wrong Content-Type."""

    __pydantic_config__ = CLOSED
    kind: Literal["content-type"] = field(default="content-type", kw_only=True)
    content_type: str = "text/html"
    carried_out: bool = True


@dataclass(frozen=True, slots=True)
class SoapFaultAction:
    """A SOAP fault with this ``text`` and, where given, ErrorNumber ``number``."""

    __pydantic_config__ = CLOSED
    kind: Literal["soap-fault"] = field(default="soap-fault", kw_only=True)
    text: str
    number: int | None = None
    code: Literal["Client", "Server"] = "Server"
    carried_out: bool = False


@dataclass(frozen=True, slots=True)
class ExpireSession:
    """The caller's session expires just before the call."""

    __pydantic_config__ = CLOSED
    kind: Literal["expire-session"] = field(default="expire-session", kw_only=True)


@dataclass(frozen=True, slots=True)
class SecondLogin:
    """The log-in is refused as if someone else were already logged in under this name (OutboundLogin only)."""

    __pydantic_config__ = CLOSED
    kind: Literal["second-login"] = field(default="second-login", kw_only=True)


@dataclass(frozen=True, slots=True)
class TooSoonAction:
    """The call is refused as one that comes within the second (append and close only)."""

    __pydantic_config__ = CLOSED
    kind: Literal["too-soon"] = field(default="too-soon", kw_only=True)


@dataclass(frozen=True, slots=True)
class CampaignCloses:
    """A campaign goes into ``status`` just before the call: the one with ``campaign_id``, or else the call's own."""

    __pydantic_config__ = CLOSED
    kind: Literal["campaign-closes"] = field(default="campaign-closes", kw_only=True)
    status: Literal["Closed", "Completed", "Cancelled"] = "Completed"
    campaign_id: int | None = None


@dataclass(frozen=True, slots=True)
class RejectKey:
    """The call is refused as if nobody had been given its session key."""

    __pydantic_config__ = CLOSED
    kind: Literal["reject-key"] = field(default="reject-key", kw_only=True)


Action = Annotated[
    Reset
    | Empty
    | Truncate
    | Garbage
    | Slow
    | Delay
    | HttpError
    | ContentType
    | SoapFaultAction
    | ExpireSession
    | SecondLogin
    | TooSoonAction
    | CampaignCloses
    | RejectKey,
    ByKind(),
]
"""What a rule does to a call; in JSON told apart by ``kind``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRule:
    """Which calls are struck, and by what.

    Of the calls that ``when`` matches the first ``skip`` are let by; of the rest ``nth`` strikes one only and ``every``
    each so-and-so-many; of those a share of ``rate`` (above 0, up to 1) is struck, and never more than ``budget``.
    A rule without a ``name`` is given one. ``matched`` and ``struck`` count the calls so far, so that a rule that is
    written down and read again goes on where it was.
    """

    __pydantic_config__ = CLOSED
    name: str = ""
    when: CallPattern = field(default_factory=CallPattern)
    skip: int = 0
    nth: int | None = None
    every: int | None = None
    rate: float = 1.0
    budget: int | None = None
    do: Action
    matched: int = 0
    struck: int = 0


def layer_of(action: Action) -> Layer:
    """Which part of the server does it."""
    return _LAYERS[type(action)]


def is_carried_out(action: Action) -> bool:
    """Whether the contact center still gets the call; after a domain action it does, and answers for itself."""
    return bool(getattr(action, "carried_out", True))


def operations_of(action: Action) -> frozenset[str] | None:
    """The operations the action can apply to; None: to any request, even one that cannot be read."""
    if isinstance(action, CampaignCloses) and action.campaign_id is not None:
        return frozenset(OPERATIONS)
    return _OPERATIONS.get(type(action))


def describe(rule: FaultRule) -> str:
    """The rule in one line: ``fault-1: reset after the call is carried out, at each 3rd CloseContact``."""
    name = f"{rule.name}: " if rule.name else ""
    words = _WORDS[type(rule.do)](rule.do)
    if hasattr(rule.do, "carried_out"):
        words += " after the call is carried out" if rule.do.carried_out else " in place of carrying the call out"
    return f"{name}{words}, {_calls(rule)}{_limits(rule)}"


def _calls(rule: FaultRule) -> str:
    """Such as ``at each 3rd CloseContact of 'Ada' with contact_id=7``."""
    when = rule.when
    which = f"the {_ordinal(rule.nth)}" if rule.nth else f"each {_ordinal(rule.every)}" if rule.every else "each"
    user = "" if when.user is None else f" of {shown(when.user)}"
    conditions = ", ".join(_condition(name, value) for name, value in when.arguments.items())
    return f"at {which} {when.operation or 'call'}{user}{f' with {conditions}' if conditions else ''}"


def _limits(rule: FaultRule) -> str:
    after = f" after the first {rule.skip}" if rule.skip else ""
    rate = f", in {rule.rate * 100:g}% of the cases" if rule.rate < 1 else ""
    return after + rate + ("" if rule.budget is None else f", {rule.budget} times at most")


def _ordinal(number: int | None) -> str:
    number = number or 0
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _condition(name: str, value: Any) -> str:
    return f"{name}={'***' if name in _SECRETS else shown(value)}"


def _length_of(do: Truncate) -> str:
    return f"{do.fraction * 100:g}%" if do.bytes is None else f"{do.bytes} bytes"


def _campaign_of(do: CampaignCloses) -> str:
    return "the call's campaign" if do.campaign_id is None else f"campaign {do.campaign_id}"


_SECRETS = frozenset({"password", "session_key"})

_LAYERS: dict[type, Layer] = {
    Reset: "wire",
    Empty: "wire",
    Truncate: "wire",
    Garbage: "wire",
    Slow: "wire",
    Delay: "wire",
    HttpError: "http",
    ContentType: "http",
    SoapFaultAction: "soap",
    ExpireSession: "domain",
    SecondLogin: "domain",
    TooSoonAction: "domain",
    CampaignCloses: "domain",
    RejectKey: "domain",
}


def _with(argument: str) -> frozenset[str]:
    return frozenset(name for name, arguments in OPERATIONS.items() if argument in arguments)


_OPERATIONS: dict[type, frozenset[str]] = {
    ExpireSession: _with("session_key"),
    SecondLogin: frozenset({"OutboundLogin"}),
    TooSoonAction: frozenset({"AppendContactsToCampaign", "CloseContact"}),
    CampaignCloses: _with("campaign_id"),
    RejectKey: _with("session_key"),
}

_WORDS: dict[type, Callable[[Any], str]] = {
    Reset: lambda do: "reset",
    Empty: lambda do: "no answer",
    Truncate: lambda do: f"answer cut off at {_length_of(do)}",
    Garbage: lambda do: f"{do.bytes} bytes of noise",
    Slow: lambda do: f"answer at {do.bytes_per_second:g} bytes a second",
    Delay: lambda do: f"delay of {describe_distribution(do.distribution)}",
    HttpError: lambda do: f"HTTP status {do.status}",
    ContentType: lambda do: f"Content-Type {shown(do.content_type)}",
    SoapFaultAction: lambda do: f"SOAP fault {shown(do.text)}",
    ExpireSession: lambda do: "session expires",
    SecondLogin: lambda do: "refused as already logged in",
    TooSoonAction: lambda do: "refused as too soon",
    CampaignCloses: lambda do: f"{_campaign_of(do)} becomes {do.status}",
    RejectKey: lambda do: "session key refused",
}
