"""What becomes of a call that may come too soon, and where in time such a thing ends: to the microsecond, on mocks."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from threading import Thread
from types import TracebackType
from typing import Any

from .answer import Answer, Fault, Odd, Returned
from .domain import Contact, Status
from .errors import NotPossibleHere
from .mock import Mock
from .stage import Stage

SECOND = 1_000_000
"""One second in the microseconds that mocks' clocks count."""
MINUTE = 60 * SECOND

APPEND = "AppendContactsToCampaign"
CLOSE = "CloseContact"

LONGEST = 1_000_000_000
"""The longest limit, in seconds, and the longest time-out, in minutes, that a mock can be given."""

PATIENCE = 0.02
"""Seconds without an answer after which a call counts as held, where other calls have theirs much sooner."""
_TIMES = 5
"""A call also has this many times as long as another one just took."""
_LONG = 0.5
"""Seconds for which a call to a server with a clock of its own takes if it was held."""
_STEPS = 800
"""Calls that keep a session alive, in one measurement at most."""
_MANY = 4


class Fate(Enum):
    """What became of a limited call."""

    DONE = "carried out"
    REFUSED = "refused"
    IGNORED = "answered, but not carried out"
    HELD = "held until later"
    ODD = "answered with what cannot be read"

    @property
    def is_limited(self) -> bool:
        """Whether a call that is good in itself came too soon."""
        return self is not Fate.DONE


@dataclass(frozen=True, slots=True)
class Tried:
    """A limited call and what became of it; ``answer`` of one that was held came when the clock was moved on."""

    fate: Fate
    answer: Answer
    seconds: float = 0.0


def first_without(holds: Callable[[int], bool], most: int, *, likely: int = SECOND) -> int | None:
    """The first microsecond at which ``holds`` is no longer so; it is so at 0. None where it still is at ``most``.

    Looks at ``likely`` first, then at whole seconds, then at milliseconds. ``most`` is a whole number of seconds.
    """
    holds = cache(holds)
    if not holds(likely) and holds(likely - 1):
        return likely
    low, high = 0, min(SECOND, most)
    while holds(high):
        if high == most:
            return None
        low, high = high, min(2 * high, most)
    for grid in (SECOND, 1000, 1):
        while high - low > grid:
            middle = (low + high) // 2 // grid * grid
            low, high = (middle, high) if holds(middle) else (low, middle)
        if low + 1 < high and not holds(low + 1):
            return low + 1
        if low + 1 < high and holds(high - 1):
            return high
    return high


class Kept:
    """A mock's state as it is now, to go back to as often as one likes. A context manager; at its end the center holds
    again what the stage filled it with last.
    """

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._mock = mock_of(stage)
        self._names = [f"kept-{stage.target.run_id}-{one}" for one in (0, 1)]
        self._is_twice = False

    def __enter__(self) -> Kept:
        self._mock.snapshot(self._names[0])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in self._names[: 1 + self._is_twice]:
            self._mock.forget_snapshot(name)
        if self._stage.world is not None:
            self._stage.become(self._stage.world)

    def back(self) -> None:
        """Go back to the state."""
        self._mock.restore(self._names[0])

    def note(self) -> None:
        """Keep the present state too, for :meth:`go_by_note`."""
        self._mock.snapshot(self._names[1])
        self._is_twice = True

    def go_by_note(self) -> None:
        """From now on, go back to the state that was noted last."""
        self._names.reverse()


def mock_of(stage: Stage) -> Mock:
    """The mock that the stage is on; raises NotPossibleHere where it is on a server that is none."""
    if stage.mock is None:
        raise NotPossibleHere("needs a center that the kit may fill and a clock that it may move: only mocks have them")
    return stage.mock


def try_append(stage: Stage, key: str, *, patience: float = PATIENCE, in_steps: bool = False) -> Tried:
    """Append a contact now, whether or not it is too soon; with ``in_steps`` the clock of a mock that holds the call is
    moved on step by step, so that it may be carried out.
    """
    contact = Contact(skillset_id=stage.skillset_id)
    before = _contacts(stage, key) if _says_nothing(stage, 1) else None
    where = stage.campaign_id
    tried = _try(stage, APPEND, patience, in_steps=in_steps, campaign_id=where, contact=contact, session_key=key)
    if tried.fate is not Fate.DONE or not isinstance(tried.answer, Returned):
        return tried
    if before is not None:
        is_done = _contacts(stage, key) > before
    else:
        is_done = not (stage.choices.get("limit_answer") == "return" and tried.answer.value != 1)
    return tried if is_done else Tried(Fate.IGNORED, tried.answer)


def try_close(stage: Stage, key: str, contact_id: int, *, patience: float = PATIENCE) -> Tried:
    """Close an open contact now, whether or not it is too soon."""
    tried = _try(
        stage,
        CLOSE,
        patience,
        campaign_id=stage.campaign_id,
        contact_id=contact_id,
        custom_field_specified=False,
        closure_text="tried by ccmm-contracts",
        disposition_code_specified=False,
        session_key=key,
    )
    if tried.fate is not Fate.DONE or stage.choices.get("limit_answer") not in (None, "return"):
        return tried
    status = stage.call(
        "GetContactStatus",
        campaign_id=stage.campaign_id,
        contact_id=contact_id,
        custom_field_passed=False,
        session_key=key,
    )
    is_open = isinstance(status, Returned) and isinstance(status.value, Status) and status.value.name != "Closed"
    return Tried(Fate.IGNORED, tried.answer) if is_open else tried


def _says_nothing(stage: Stage, success: int) -> bool:
    """Whether a call that came too soon may be answered like one that was carried out, as far as is known."""
    how = stage.choices.get("limit_answer")
    return how is None or (how == "return" and stage.choices.get("limit_return_value", success) == success)


def _contacts(stage: Stage, key: str) -> int:
    campaign = stage.campaign(key=key)
    return campaign.number_of_contacts if campaign is not None else 0


def _try(stage: Stage, operation: str, patience: float, *, in_steps: bool = False, **arguments: Any) -> Tried:
    started = time.monotonic()
    if stage.mock is not None and stage.choices.get("limit_answer") in (None, "delay"):
        before = stage.mock.clock().now
        patience = max(patience, _TIMES * (time.monotonic() - started))
        call = _Call(stage, operation, arguments)
        is_held = call.is_held(patience)
        answer = call.answer_when_released(stage, in_steps=in_steps) if is_held else call.answer()
        if is_held and not _was_done_by(stage.mock, before):
            return Tried(Fate.HELD, answer)
    else:
        answer = stage.call(operation, **arguments)
    seconds = time.monotonic() - started
    if isinstance(answer, Fault):
        return Tried(Fate.REFUSED, answer, seconds)
    if isinstance(answer, Odd):
        return Tried(Fate.ODD, answer, seconds)
    is_held = stage.mock is None and seconds > _LONG
    return Tried(Fate.HELD if is_held else Fate.DONE, answer, seconds)


def _was_done_by(mock: Mock, moment: datetime) -> bool:
    """Whether the newest call was carried out by then, and its answer was just slow to come."""
    newest = mock.journal(limit=1)
    return bool(newest) and datetime.fromisoformat(newest[-1]["center_time"].replace("Z", "+00:00")) <= moment


class _Call:
    """A call made in a thread of its own, since it may be held."""

    def __init__(self, stage: Stage, operation: str, arguments: dict[str, Any]) -> None:
        self._answers: list[Answer] = []
        self._errors: list[BaseException] = []

        def call() -> None:
            try:
                self._answers.append(stage.call(operation, **arguments))
            except BaseException as error:  # raised where the answer is asked for
                self._errors.append(error)

        self._thread = Thread(target=call, name=f"a {operation} that may be held", daemon=True)
        self._thread.start()

    def is_held(self, patience: float) -> bool:
        """Whether there is no answer after so many seconds."""
        self._thread.join(patience)
        return self._thread.is_alive()

    def answer_when_released(self, stage: Stage, *, in_steps: bool) -> Answer:
        """Move the clock on until the answer comes; ``in_steps`` at first, in which the session may live on."""
        mock = mock_of(stage)
        timeout = timeout_microseconds(stage)
        step = min(2.0, timeout / SECOND / 2) if timeout else 2.0
        for _ in range(_MANY if in_steps else 0):
            mock.advance(step)
            self._thread.join(2 * PATIENCE)
            if not self._thread.is_alive():
                return self.answer()
        mock.advance(LONGEST)
        return self.answer()

    def answer(self) -> Answer:
        """The answer, or what was raised instead."""
        self._thread.join()
        if self._errors:
            raise self._errors[0]
        return self._answers[0]


def timeout_microseconds(stage: Stage) -> int:
    """How long a session lives when it lies idle, as far as is known; 0 for ever."""
    return int(float(stage.choices.get("session_timeout", 0.0)) * MINUTE)


class Outlived(Exception):
    """The limit is so much longer than a session lives that it cannot be measured; ``seconds`` it is at least."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the limit is longer than {seconds:g} seconds")
        self.seconds = seconds


class Measurement:
    """Whether an append is too soon, at any time after another: each time from the same state."""

    def __init__(self, stage: Stage, kept: Kept, key: str, patience: float) -> None:
        self._stage = stage
        self._mock = mock_of(stage)
        self._kept = kept
        self._key = key
        self.patience = patience
        self._timeout = timeout_microseconds(stage)
        self._is_of_session = stage.choices.get("limit_scope", "session") == "session"
        self._from = 0
        self._steps = 0

    def is_too_soon(self, at: int) -> bool:
        """Whether the append is, ``at`` microseconds after the first; never asked for a time before one that was."""
        self._kept.back()
        if self._timeout == 0 or at - self._from <= self._timeout:
            self._advance(at - self._from)
            key, is_noted = self._key, False
        elif self._is_of_session:
            key, is_noted = self._key, self._keep_alive_until(at)
        else:
            self._advance(at)
            self._stage.log_off()
            key, is_noted = self._stage.key(), False
        is_too_soon = try_append(self._stage, key, patience=self.patience).fate.is_limited
        if is_too_soon and is_noted:
            self._kept.go_by_note()
            self._from = at
        return is_too_soon

    def _keep_alive_until(self, at: int) -> bool:
        """Go there in steps that the session survives; whether that was worth a note."""
        left, steps = at - self._from, 0
        self._steps += left // self._timeout
        if self._steps > _STEPS:
            raise Outlived(self._from / SECOND)
        while left > 0:
            self._advance(min(left, self._timeout))
            left -= self._timeout
            steps += 1
            self._stage.call("GetContactIDByPhoneNumber", campaign_id=self._stage.campaign_id, session_key=self._key)
        if steps > _MANY:
            self._kept.note()
        return steps > _MANY

    def _advance(self, microseconds: int) -> None:
        if microseconds > 0:
            self._mock.advance(microseconds / SECOND)
