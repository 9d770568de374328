"""What happens to a center by itself: at a time of its clock, or after so many calls.

Nothing runs in the background. Whoever uses the center finds done what was due by then, each thing at its own time and
in the order of those times; so a frozen clock holds everything still, and a jump forward brings all that lies between.
"""

from __future__ import annotations

import logging
import math
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Annotated, Any, Literal

from .calls import CallPattern
from .center import ContactCenter
from .clock import SECOND, to_datetime, to_microseconds
from .errors import FakeCcmmError, SetupError
from .kinds import CLOSED, ByKind
from .model import CampaignStatus, Closure, Contact, DispositionCode, check_carried

LOGGER = logging.getLogger("fake_ccmm")
_KEPT = 100
_FASTEST = 60_000.0
_LONGEST = 10**10


@dataclass(frozen=True, slots=True)
class SetCampaignStatus:
    """A supervisor gives a campaign another status."""

    __pydantic_config__ = CLOSED

    campaign_id: int
    status: CampaignStatus
    kind: Literal["campaign-status"] = "campaign-status"


@dataclass(frozen=True, slots=True)
class EndSession:
    """A user's session expires, as if it had been idle for too long (rule S8)."""

    __pydantic_config__ = CLOSED

    username: str
    kind: Literal["expire-session"] = "expire-session"


@dataclass(frozen=True, slots=True)
class LogOff:
    """A user is logged off (rule S5)."""

    __pydantic_config__ = CLOSED

    username: str
    kind: Literal["log-off"] = "log-off"


@dataclass(frozen=True, slots=True)
class CloseOne:
    """A supervisor closes a contact; ``disposition_code`` is the id of one linked to the campaign."""

    __pydantic_config__ = CLOSED

    campaign_id: int
    contact_id: int
    closure_text: str | None = None
    disposition_code: int | None = None
    kind: Literal["close-contact"] = "close-contact"


@dataclass(frozen=True, slots=True)
class Dial:
    """A dialler closes the next open contact, ``per_minute`` of them, while the campaign is Running; when all are
    closed the campaign is Completed. The first is closed when the event comes.
    """

    __pydantic_config__ = CLOSED

    campaign_id: int
    per_minute: float
    closure_text: str | None = None
    disposition_code: int | None = None
    kind: Literal["dial"] = "dial"


@dataclass(frozen=True, slots=True)
class AddContacts:
    """Somebody else's contacts arrive in a campaign."""

    __pydantic_config__ = CLOSED

    campaign_id: int
    contacts: tuple[Contact, ...]
    kind: Literal["add-contacts"] = "add-contacts"


Effect = Annotated[SetCampaignStatus | EndSession | LogOff | CloseOne | Dial | AddContacts, ByKind()]
"""What an event does; in JSON told apart by ``kind``."""


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One thing that will happen, and when: ``at`` a moment of the center's clock (naive means UTC), ``after`` so many
    seconds from being added, or after so many ``calls`` that match ``when``. ``counted`` is how many there were.
    """

    __pydantic_config__ = CLOSED

    do: Effect
    name: str = ""
    at: datetime | None = None
    after: float | None = None
    calls: int | None = None
    when: CallPattern = field(default_factory=CallPattern)
    counted: int = 0


@dataclass(frozen=True, slots=True)
class PastEvent:
    """What has happened: the event's name and kind, and the moment of the center's clock (naive UTC)."""

    name: str
    kind: str
    at: datetime


class Timeline:
    """The events of one center that have not come yet. Safe in any thread: it works under the center's lock.

    ``counts_calls`` says whether any event waits for calls; without one, nobody need tell of them.
    """

    def __init__(self, center: ContactCenter) -> None:
        self.counts_calls = False
        self._center = center
        self._events: dict[str, TimelineEvent] = {}
        self._past: deque[PastEvent] = deque(maxlen=_KEPT)
        self._due: dict[str, int] = {}
        self._next = math.inf
        self._added = 0
        center.before_each_turn(self._catch_up)

    def add(self, event: TimelineEvent) -> TimelineEvent:
        """Add an event and return it as it is kept, named and with its moment; a SetupError changes nothing."""
        with self._center.locked():
            kept = self._timed(self._checked(event, set(self._events)))
            self._events[kept.name] = kept
            self._look_ahead()
        return kept

    def prepared(self, events: Iterable[TimelineEvent]) -> tuple[TimelineEvent, ...]:
        """The events as :meth:`restore` takes them, named and checked, and nothing changed; a SetupError for bad ones.

        What comes ``after`` so many seconds counts them from then on.
        """
        given = tuple(events)
        taken: set[str] = set()
        reserved = {one.name for one in given}
        kept = []
        with self._center.locked():
            for event in given:
                kept.append(one := self._checked(event, taken, reserved))
                self._timed(one)
                taken.add(one.name)
        return tuple(kept)

    def remove(self, name: str) -> None:
        """Forget an event that has not come yet."""
        with self._center.locked():
            if name not in self._events:
                known = ", ".join(self._events) or "none"
                raise SetupError(f"no event named {name!r} lies ahead; there are: {known}")
            del self._events[name]
            self._look_ahead()

    def clear(self) -> None:
        """Forget all events, past ones too."""
        self.restore(())

    def events(self) -> list[TimelineEvent]:
        """What lies ahead, in the order in which it was added."""
        with self._center.locked():
            return list(self._events.values())

    def possible(self) -> list[TimelineEvent]:
        """What lies ahead, without that whose campaign, contact or code has gone: what a seed can say."""
        with self._center.locked():
            return [one for one in self._events.values() if self._is_possible(one)]

    def past(self) -> list[PastEvent]:
        """What has happened, oldest first; the last 100."""
        with self._center.locked():
            return list(self._past)

    def called(self, operation: str | None, user: str | None, arguments: Mapping[str, Any]) -> None:
        """Count a call that was answered; events that waited for it happen."""
        with self._center.locked():
            for event in list(self._events.values()):
                if event.calls is not None and event.when.matches(operation, user, arguments):
                    counted = event.counted + 1
                    if counted < event.calls:
                        self._events[event.name] = replace(event, counted=counted)
                    else:
                        self._happen(event, self._center.clock.microseconds())
                        self._look_ahead()

    def state(self) -> tuple[TimelineEvent, ...]:
        """For :meth:`restore`."""
        return tuple(self.events())

    def restore(self, state: tuple[TimelineEvent, ...]) -> None:
        """Have the same events lie ahead again; none has happened, and names are given out from the first."""
        with self._center.locked():
            self._events = {one.name: self._timed(one) for one in state}
            self._past.clear()
            self._added = 0
            self._look_ahead()

    def _catch_up(self) -> None:
        if self._next == math.inf:
            return
        now = self._center.clock.microseconds()
        while self._next <= now:
            name = min(self._due, key=self._due.__getitem__)
            self._happen(self._events[name], self._due[name])
            following = self._events.get(name)
            if following is None or following.at is None:
                del self._due[name]
            else:
                self._due[name] = to_microseconds(following.at)
            self._next = min(self._due.values(), default=math.inf)

    def _look_ahead(self) -> None:
        """Find out anew what is due when; of what is due at once, that comes first which was added first."""
        events = self._events.values()
        self._due = {one.name: to_microseconds(one.at) for one in events if one.at is not None}
        self._next = min(self._due.values(), default=math.inf)
        self.counts_calls = any(one.calls is not None for one in events)

    def _happen(self, event: TimelineEvent, now: int) -> None:
        """Let an event happen as of ``now``; one that cannot any more is told to the log, and is over."""
        following: datetime | None = None
        try:
            if isinstance(event.do, Dial):
                following = self._dial(event.name, event.do, now)
            else:
                _EFFECTS[type(event.do)](self._center, event.do, to_datetime(now))
        except (FakeCcmmError, ValueError) as error:
            LOGGER.warning("event %s of the timeline could not happen: %s", event.name, error)
        if following is not None:
            self._events[event.name] = replace(event, at=following, calls=None)
        else:
            del self._events[event.name]
            self._past.append(PastEvent(event.name, event.do.kind, to_datetime(now)))

    def _dial(self, name: str, do: Dial, now: int) -> datetime | None:
        """Close one contact; when to come again, None where the campaign has no more."""
        center = self._center
        status = center.campaign(do.campaign_id).details.status
        if not status.is_active:
            return None
        step = round(min(60 * SECOND / do.per_minute, _LONGEST * SECOND))
        following = now + step
        if status is CampaignStatus.RUNNING:
            closure = Closure(to_datetime(now), do.closure_text, _code(center, do.campaign_id, do.disposition_code))
            if center.close_next(do.campaign_id, closure) is None:
                center.set_campaign_status(do.campaign_id, CampaignStatus.COMPLETED)
                return None
        else:  # nothing to do until another event changes that, or until the present
            until = min((self._due[one] for one in self._status_changes(do.campaign_id)), default=math.inf)
            until = min(until, center.clock.microseconds())
            following += max(int(until) - following, 0) // step * step
        return _moment(name, following)

    def _status_changes(self, campaign_id: int) -> Iterator[str]:
        """The names of the events that will change the status of a campaign."""
        for name in self._due:
            do = self._events[name].do
            if isinstance(do, SetCampaignStatus) and do.campaign_id == campaign_id:
                yield name

    def _is_possible(self, event: TimelineEvent) -> bool:
        try:
            _check_effect(self._center, event.name, event.do)
        except SetupError:
            return False
        return True

    def _timed(self, event: TimelineEvent) -> TimelineEvent:
        """The event with its moment, where it comes after some seconds."""
        if event.after is None:
            return event
        at = _moment(event.name, self._center.clock.microseconds() + round(event.after * SECOND))
        return replace(event, at=at, after=None)

    def _checked(self, event: TimelineEvent, taken: set[str], reserved: Collection[str] = ()) -> TimelineEvent:
        """The event with a name, its moment in UTC; names that are ``reserved`` are not given out."""
        name = event.name or self._new_name(taken.union(reserved))
        if name in taken:
            raise SetupError(f"event name {name!r} is taken; give each its own, or none")
        if sum(one is not None for one in (event.at, event.after, event.calls)) != 1:
            raise SetupError(f"event {name!r} needs one of: at (a moment), after (seconds), calls (how many)")
        _check_effect(self._center, name, event.do)
        at = event.at
        if event.calls is not None:
            if event.calls < 1 or not 0 <= event.counted < event.calls:
                raise SetupError(f"event {name!r}: calls is 1 or more, and more than were counted")
            try:
                event.when.check()
            except SetupError as error:
                raise SetupError(f"event {name!r}: {error}") from None
        elif event.after is not None:
            if not 0 <= event.after <= _LONGEST:
                raise SetupError(f"event {name!r}: after is a number of seconds from 0 to {_LONGEST}")
        elif at is not None:
            at = _moment(name, to_microseconds(at))
        return replace(event, name=name, at=at)

    def _new_name(self, taken: set[str]) -> str:
        while True:
            self._added += 1
            if (name := f"event-{self._added}") not in taken:
                return name


def _moment(name: str, microseconds: int) -> datetime:
    try:
        return to_datetime(microseconds)
    except OverflowError:
        raise SetupError(f"event {name!r} lies outside the years 1 to 9999; let it come within them") from None


def _check_effect(center: ContactCenter, name: str, do: Effect) -> None:
    """A SetupError where the effect names what is not there, or what cannot be."""
    if type(do) not in _KINDS:
        raise SetupError(f"event {name!r}: do is one of {', '.join(one.__name__ for one in _KINDS)}, not {do!r}")
    names = {one.name for one in fields(do)}
    try:
        if "campaign_id" in names:
            campaign_id: int = getattr(do, "campaign_id")  # noqa: B009  not every effect has one
            center.campaign(campaign_id)
        if isinstance(do, SetCampaignStatus) and not isinstance(do.status, CampaignStatus):
            raise SetupError(f"status is a CampaignStatus, not {do.status!r}")
        if isinstance(do, AddContacts):
            for one in do.contacts:
                center.codec.encode(one, 1)
        if isinstance(do, CloseOne):
            center.contact(do.campaign_id, do.contact_id)
        if isinstance(do, (CloseOne, Dial)):
            check_carried(do.closure_text or "", "closure_text")
            _code(center, do.campaign_id, do.disposition_code)
        if isinstance(do, Dial) and not 0 < do.per_minute <= _FASTEST:
            raise SetupError(f"per_minute is more than 0 and at most {_FASTEST:g}, not {do.per_minute}")
        if isinstance(do, (EndSession, LogOff)) and do.username not in {
            one.username for one in center.administrators()
        }:
            raise SetupError(f"no administrator is named {do.username!r}")
    except (FakeCcmmError, ValueError) as error:
        raise SetupError(f"event {name!r}: {error}") from None


def _code(center: ContactCenter, campaign_id: int, code_id: int | None) -> DispositionCode | None:
    if code_id is None:
        return None
    codes = center.campaign(campaign_id).details.disposition_codes
    for one in codes:
        if one.disposition_code_id == code_id:
            return one
    linked = ", ".join(str(one.disposition_code_id) for one in codes) or "none"
    raise SetupError(f"disposition code {code_id} is not linked to campaign {campaign_id}; linked: {linked}")


def _close_one(center: ContactCenter, do: CloseOne, moment: datetime) -> None:
    closure = Closure(moment, do.closure_text, _code(center, do.campaign_id, do.disposition_code))
    center.set_closure(do.campaign_id, do.contact_id, closure)


_EFFECTS: dict[type[Any], Callable[[ContactCenter, Any, datetime], object]] = {
    SetCampaignStatus: lambda center, do, moment: center.set_campaign_status(do.campaign_id, do.status),
    EndSession: lambda center, do, moment: center.expire_session(do.username),
    LogOff: lambda center, do, moment: center.end_session(do.username),
    CloseOne: _close_one,
    AddContacts: lambda center, do, moment: center.load_contacts(do.campaign_id, do.contacts),
}
_KINDS = (*_EFFECTS, Dial)
