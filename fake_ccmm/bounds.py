"""What a server takes at most: every bound by name, with its default, and how a refusal tells it.

One table for all doors: the keyword ``bounds`` of FakeCcmm, the option ``--bound NAME=VALUE`` of ``fake-ccmm serve``
and the page on threats are made of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from typing import Any

from .errors import SetupError

BODY_TOO_LONG = "fake_ccmm.body_too_long"
"""The key of a WSGI environment under which a transport leaves the length of a body that it has not taken in."""

KILOBYTE = 1024
MEGABYTE = 1024 * KILOBYTE
_MOST = 1 << 62


class OutOfBounds(SetupError):
    """More was asked for than a server takes; nothing has changed. The message says how to have more."""


def _bound(default: float, told: str, least: float = 1) -> Any:
    return field(default=default, metadata={"told": told, "least": least})


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one server takes at most. Bytes, counts and seconds; seconds may have a fraction.

    Those of requests are what IIS and ASP.NET have, where they have one.
    """

    body_bytes: int = _bound(4096 * KILOBYTE, "bytes of a SOAP request's body (ASP.NET's maxRequestLength)")
    markup: int = _bound(250_000, "tags and attributes in the body of a SOAP request")
    header_bytes: int = _bound(16 * KILOBYTE, "bytes of a request line and headers (http.sys's MaxRequestBytes)", 256)
    headers: int = _bound(1_000, "headers of a request")
    url_bytes: int = _bound(4096, "bytes of a request's path (IIS's maxUrl)", 128)
    query_bytes: int = _bound(2048, "bytes of a request's query (IIS's maxQueryString); the control API's has none", 0)
    control_body_bytes: int = _bound(
        64 * MEGABYTE, "bytes of a body for the control API that holds a seed, a campaign, contacts or an event"
    )
    connections: int = _bound(10_000, "connections at a time; fewer where the limit of open files leaves room for less")
    held_calls: int = _bound(5_000, "calls at a time whose answers limit_answer=delay or a fault rule holds back", 0)
    pending_bytes: int = _bound(
        1024 * MEGABYTE, "bytes of unfinished bodies and of answers that clients do not take, in all connections"
    )
    handshake_seconds: float = _bound(60, "seconds for a TLS handshake", 0.001)
    header_seconds: float = _bound(120, "seconds for a request line and headers (http.sys's HeaderWait)", 0.001)
    body_seconds: float = _bound(
        120, "seconds for a body, and one more for each bytes_per_second bytes of it (http.sys's EntityBody)", 0.001
    )
    answer_seconds: float = _bound(
        120, "seconds for a client to take an answer, and one more for each bytes_per_second bytes of it", 0.001
    )
    bytes_per_second: int = _bound(240, "how fast a slow client has to be (http.sys's MinBytesPerSecond)")
    idle_seconds: float = _bound(120, "seconds a connection may be idle (http.sys's ConnectionTimeout)", 0.001)
    centers: int = _bound(1_000, "centers of a server")
    snapshots: int = _bound(100, "snapshots of a center", 0)
    contacts: int = _bound(
        5_000_000,
        "contacts that all centers and snapshots keep; one of more than 4 KB counts once for each 4 KB, a copy when it "
        "differs",
        0,
    )
    center_contacts: int = _bound(2_000_000, "contacts of a center", 0)
    campaigns: int = _bound(10_000, "campaigns of a center", 0)
    entries: int = _bound(
        10_000, "administrators of a center, and skillsets, and disposition codes; each has a session"
    )
    fault_rules: int = _bound(1_000, "fault rules of a center", 0)
    timeline_events: int = _bound(1_000, "events that lie ahead on the timeline of a center", 0)
    journal_bytes: int = _bound(
        1024 * MEGABYTE,
        "bytes of all journals together; above that each has its share, and drops its oldest exchanges",
        0,
    )

    def __post_init__(self) -> None:
        for one in fields(self):
            _check(one.name, getattr(self, one.name), one.type == "int", one.metadata["least"])

    def exceeded(self, name: str, told: str) -> OutOfBounds:
        """The refusal of what goes beyond a bound: what was asked, as ``told``, the bound, and how to have more."""
        return OutOfBounds(f"{told}; {self.how_to_have_more(name)}")

    def how_to_have_more(self, name: str) -> str:
        """Which bound it is and how to change it, for the end of a sentence."""
        value = getattr(self, name)
        return (
            f"the bound {name} is {value:,}: to have more, start the server with --bound {name}=N, "
            f"in Python with bounds={{'{name}': N}}"
        )

    def check(self, name: str, asked: int, what: str) -> None:
        """Raise OutOfBounds where so many ``what`` are more than the bound of that name."""
        most = getattr(self, name)
        if asked > most:
            raise self.exceeded(name, f"{asked:,} {what} are more than the {most:,} this server takes")


def bound_names() -> list[str]:
    """Every bound, in the order of the table."""
    return [one.name for one in fields(Bounds)]


def table() -> list[tuple[str, str, str]]:
    """Name, default and meaning of every bound, as text for people."""
    return [(one.name, str(one.default), str(one.metadata["told"])) for one in fields(Bounds)]


def make_bounds(given: Bounds | Mapping[str, Any] | None) -> Bounds:
    """The bounds that are meant: themselves, or the defaults with some changed. A SetupError says what is wrong."""
    if isinstance(given, Bounds):
        return given
    if not isinstance(given, (Mapping, type(None))):
        raise SetupError(f"bounds are Bounds, or values by name in a mapping, not {given!r}")
    for name in given or {}:
        _check_name(name)
    return replace(Bounds(), **(given or {}))


def read_bound(text: str) -> tuple[str, float]:
    """Name and value of ``NAME=VALUE``. A SetupError says what is wrong."""
    name, _, value = text.partition("=")
    _check_name(name)
    kind: type[float] = int if _types()[name] == "int" else float
    try:
        number = kind(value)
    except ValueError:
        what = "a whole number" if kind is int else "a number of seconds"
        raise SetupError(f"{name} takes {what}, such as {name}={_defaults()[name]}, not {value!r}") from None
    make_bounds({name: number})
    return name, number


def bounds_of(pairs: Iterable[tuple[str, float]]) -> Bounds:
    """The bounds with these changed; of several with one name the last counts."""
    return make_bounds(dict(pairs))


def _types() -> dict[str, Any]:
    return {one.name: one.type for one in fields(Bounds)}


def _defaults() -> dict[str, Any]:
    return {one.name: one.default for one in fields(Bounds)}


def _check_name(name: Any) -> None:
    names = bound_names()
    if name not in names:
        close = get_close_matches(str(name), names, n=1)
        meant = f"; did you mean {close[0]}?" if close else f"; there are: {', '.join(names)}"
        raise SetupError(f"no bound is called {name!r}{meant}")


def _check(name: str, value: Any, is_whole: bool, least: float) -> None:
    kinds = int if is_whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds) or not least <= value <= _MOST:
        what = "a whole number" if is_whole else "a number of seconds"
        raise SetupError(f"the bound {name} is {what} from {least:g} up, not {value!r}")
