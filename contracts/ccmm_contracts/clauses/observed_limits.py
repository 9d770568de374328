"""How long a session lives, and how, for whom and for how long append and close are limited: rules S8, A4 and X5.

These come first: whoever knows them knows how long to wait.
"""

from __future__ import annotations

import time
from typing import Any

from ..answer import Fault, Returned
from ..clause import Need, observation
from ..domain import Contact
from ..errors import ContractBroken, NotPossibleHere
from ..pacing import (
    APPEND,
    CLOSE,
    LONGEST,
    MINUTE,
    PATIENCE,
    SECOND,
    Fate,
    Kept,
    Measurement,
    Outlived,
    Tried,
    first_without,
    mock_of,
    try_append,
    try_close,
)
from ..stage import Stage
from ..story import shown
from ..wordings import wording

_SOURCE = "the WSDL says every 1 seconds, and not how"
_AT_ONCE = 0.2
"""Seconds within which two calls come one right after the other."""
_A_SECOND = 1.05
_TRIES = 3


@observation("S8.timeout", "After how long an idle session expires", source="nothing says how long",
             choices=("session_timeout",), needs=(Need.CLOCK, Need.SEED))  # fmt: skip
def timeout_of_sessions(stage: Stage) -> None:
    mock = mock_of(stage)
    key = stage.key()
    with Kept(stage) as kept:

        def is_alive(microseconds: int) -> bool:
            kept.back()
            mock.advance(microseconds / SECOND)
            return isinstance(stage.call("GetCampaigns", session_key=key), Returned)

        if not is_alive(0):
            raise NotPossibleHere("needs a session that lives at least for as long as the clock stands still")
        end = first_without(is_alive, LONGEST * MINUTE, likely=20 * MINUTE + 1)
    if end is None:
        stage.observe("a session that lies idle for a thousand years is still alive", session_timeout=0.0)
        return
    minutes = _minutes(end - 1)
    stage.observe(f"a session expires when it has been idle for more than {minutes:g} minutes", session_timeout=minutes)


def _minutes(microseconds: int) -> float:
    """The minutes with the fewest digits that are so many microseconds, when what is left over is dropped."""
    for digits in range(17):
        minutes = round(microseconds / MINUTE, digits)
        if minutes > 0 and int(minutes * MINUTE) == microseconds:
            return minutes
    return microseconds / MINUTE


def _first_append(stage: Stage) -> str:
    """Append a contact, so that the limit runs from now; the key it was done with."""
    answer = stage.append(Contact(skillset_id=stage.skillset_id))
    if not isinstance(answer, Returned):
        raise ContractBroken(f"a contact of a known skillset is to be appended, but {shown(answer)}")
    return stage.key()


def _needs_a_limit(stage: Stage) -> None:
    if stage.choices.get("limit_seconds") == 0:
        raise NotPossibleHere("needs a server that limits appends: this one does not")


@observation("A4.how", "What becomes of an append within the second of another", source=_SOURCE, needs=(Need.WRITE,),
             choices=("limit_answer", "limit_return_value", "limit_seconds"))  # fmt: skip
def append_within_the_second(stage: Stage) -> None:
    key = _first_append(stage)
    started = time.monotonic()
    tried = try_append(stage, key, in_steps=True, patience=4 * PATIENCE)
    seconds = time.monotonic() - started
    told = f"an append right after another: {_told(tried)}"
    if tried.fate is Fate.REFUSED:
        stage.observe(told, limit_answer="fault")
    elif tried.fate is Fate.IGNORED and isinstance(tried.answer, Returned):
        stage.observe(told, limit_answer="return", limit_return_value=tried.answer.value)
    elif tried.fate is Fate.HELD:
        stage.observe(told, limit_answer="delay")
    elif tried.fate is Fate.DONE and (stage.has_clock or seconds < _AT_ONCE):
        stage.observe(f"{told}: there is no limit", limit_seconds=0.0)
    else:
        stage.observe(told)


def _told(tried: Tried) -> str:
    if tried.fate is Fate.HELD:
        return f"it was held until its time had come; then {shown(tried.answer)}"
    if tried.fate is Fate.IGNORED:
        return f"{shown(tried.answer)}, but no contact was added"
    return shown(tried.answer)


@observation("A4.scope", "Whose appends are limited together", source=_SOURCE, needs=(Need.WRITE,),
             choices=("limit_scope",))  # fmt: skip
def whose_appends_are_limited_together(stage: Stage) -> None:
    _needs_a_limit(stage)
    if stage.second_user is not None:
        stage.key(stage.second_user)
    _first_append(stage)
    stage.log_off()
    is_of_session = not try_append(stage, stage.key()).fate.is_limited
    if is_of_session:
        stage.observe("after logging off and in again an append is not too soon", limit_scope="session")
        return
    if stage.second_user is None:
        stage.observe("logging off and in again makes no difference; for want of a second user no more can be said")
        return
    stage.append(Contact(skillset_id=stage.skillset_id))
    if try_append(stage, stage.key(stage.second_user)).fate.is_limited:
        stage.observe("right after an append, one of another user is too soon", limit_scope="server")
    else:
        stage.observe("logging off and in again makes no difference; another user has his own second",
                      limit_scope="user")  # fmt: skip


@observation("A4.shared", "Whether append and close share one second", source=_SOURCE, needs=(Need.WRITE,),
             choices=("limit_shared",))  # fmt: skip
def append_and_close_together(stage: Stage) -> None:
    _needs_a_limit(stage)
    contact_id = open_contact(stage)
    tried = try_close(stage, _first_append(stage), contact_id)
    is_shared = tried.fate.is_limited
    stage.observe(f"a close right after an append: {_told(tried)}", limit_shared=is_shared)


def open_contact(stage: Stage) -> int:
    """The id of a contact that may be closed."""
    if stage.world is not None:
        ids = stage.world.contact_ids()[stage.campaign_id]
        contacts = stage.world.campaign(stage.campaign_id).contacts
        known = [one for one, contact in zip(ids, contacts, strict=True) if contact.status != "Closed"]
        if known:
            return known[-1]
    return stage.fresh_contact().contact_id


@observation("A4.refused", "Whether a call that is refused for another reason starts a new second", source=_SOURCE,
             needs=(Need.WRITE,), choices=("limit_counts_refused",))  # fmt: skip
def refused_calls_and_the_limit(stage: Stage) -> None:
    _needs_a_limit(stage)
    answer = stage.append(Contact(skillset_id=0))
    if not isinstance(answer, Fault):
        stage.observe(f"an append without a skillset, which was to be refused: {shown(answer)}")
        return
    tried = try_append(stage, stage.key())
    counts = tried.fate.is_limited
    stage.observe(f"an append right after one that was refused: {_told(tried)}", limit_counts_refused=counts)


@observation("A4.seconds", "For how long appends are limited", source=_SOURCE, needs=(Need.WRITE,),
             choices=("limit_seconds",))  # fmt: skip
def how_long_appends_are_limited(stage: Stage) -> None:
    _needs_a_limit(stage)
    if not stage.has_clock:
        _observe_a_second(stage)
        return
    for attempt in range(_TRIES):
        try:
            microseconds = _measured(stage, PATIENCE * 4**attempt)
        except Outlived as problem:
            stage.observe(f"{problem}; a session dies too soon to measure it")
            return
        if microseconds is not None:
            seconds = microseconds / SECOND
            stage.observe(f"an append is too soon for {seconds:g} seconds after another", limit_seconds=seconds)
            return
    stage.observe("for how long an append is too soon after another changes from one time to the next")


def _measured(stage: Stage, patience: float) -> int | None:
    """The microseconds; None where a second look, a more patient one, contradicts what was seen."""
    key = _first_append(stage)
    with Kept(stage) as kept:
        measurement = Measurement(stage, kept, key, patience)
        if not measurement.is_too_soon(0):
            return None
        end = first_without(measurement.is_too_soon, LONGEST * SECOND)
        if end is None:
            raise Outlived(float(LONGEST))
        if stage.choices.get("limit_answer") == "delay":
            measurement.patience = 8 * patience
            if not measurement.is_too_soon(end - 1):
                return None
        return end


def _observe_a_second(stage: Stage) -> None:
    """On a server whose clock is its own: whether an append is too soon at once, and not after a second."""
    key = _first_append(stage)
    if not try_append(stage, key).fate.is_limited:
        stage.observe("two appends right after each other were both carried out")
        return
    stage.elapse(_A_SECOND)
    tried = try_append(stage, key)
    if tried.fate is Fate.DONE:
        stage.observe(f"an append {_A_SECOND:g} seconds after another is not too soon", limit_seconds=1.0)
    else:
        stage.observe(f"an append {_A_SECOND:g} seconds after another: {_told(tried)}")


@observation("A4.words", "How a call that comes too soon is refused", source=_SOURCE, needs=(Need.WRITE,),
             choices=("too_soon",))  # fmt: skip
def wording_of_too_soon(stage: Stage) -> None:
    _needs_a_limit(stage)
    if stage.choices.get("limit_answer") not in (None, "fault"):
        raise NotPossibleHere("needs a server that refuses calls that come too soon: this one does not")
    seconds: dict[str, Any] = {}
    if "limit_seconds" in stage.choices:
        seconds = {"seconds:g": stage.choices["limit_seconds"], "seconds": stage.choices["limit_seconds"]}
    key = _first_append(stage)
    tried = try_append(stage, key)
    if not isinstance(tried.answer, Fault):
        stage.observe(f"an append right after another: {_told(tried)}")
        return
    samples = [(tried.answer, {"operation": APPEND, **seconds})]
    if stage.mock is not None:
        contact_id = open_contact(stage)
        closes = [try_close(stage, key, contact_id) for _ in range(2)]
        samples += [(one.answer, {"operation": CLOSE, **seconds}) for one in closes if isinstance(one.answer, Fault)]
    stage.observe(f"an append right after another: {_told(tried)}", **wording("too_soon", *samples[:2]))
