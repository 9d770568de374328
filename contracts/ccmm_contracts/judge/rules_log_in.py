"""How a client logs in and off: K8 and K15."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from .journal import LOGIN, LOGOFF, Call, Journal, seconds_between
from .rules_lost_sessions import DEAD_KEY
from .verdict import Breach, Verdict, verdict

_AT_ONCE = 1.0
"""Seconds within which a client that was refused logs in again only if it has made room itself."""


def judge_k8(journal: Journal) -> Verdict:
    """A session that somebody else holds is not silently taken over."""
    refused = [one for one in journal.of(LOGIN) if one.refusal == "already_logged_in"]
    if journal.may_take_over:
        return verdict(0, (), "the client was told that it may log off whoever is logged in")
    breaches = [one for refusal in refused for one in _take_over(journal, refusal)]
    return verdict(len(refused), _without_repeats(breaches), "nobody logged in who was logged in already")


def _take_over(journal: Journal, refusal: Call) -> Iterator[Breach]:
    """The log-off that throws out whoever kept the refused one from logging in, if there is one."""
    log_off = next((one for one in journal.after(refusal) if _begins_or_ends(one)), None)
    if log_off is None or log_off.operation != LOGOFF or _is_own(journal, refusal):
        return
    told = Breach(
        f"{refusal.user} was logged in already, and was logged off by a client that holds no key of that session",
        (refusal, log_off),
    )
    holder = _holder(journal, refusal, log_off)
    if holder is None:
        yield told
        return
    # Whoever holds the session may log off, and is taken for the one who did, unless the next calls tell otherwise.
    sign = _sign_of_force(journal, refusal, log_off, holder)
    if sign is not None:
        yield Breach(told.message, (*told.calls, sign))


def _sign_of_force(journal: Journal, refusal: Call, log_off: Call, holder: Call) -> Call | None:
    """The call that tells that it was not the holder who logged off: the refused client's next log-in, which comes at
    once, or one of the holder, who did not know.
    """
    first, second = (*islice(journal.after(refusal), 2), None, None)[:2]
    if first is log_off and second is not None and second.operation == LOGIN:
        gap = seconds_between(refusal, second)
        if gap is not None and gap < _AT_ONCE:
            return second
    later = [one for one in journal.sessions.get(holder.session or "", ()) if one.number > log_off.number]
    is_taken = any(one.operation == LOGIN and one.is_ok for one in journal.after(log_off))
    return next((one for one in later if is_taken and one.refusal == "invalid_session_key"), None)


def _begins_or_ends(call: Call) -> bool:
    """Whether a session begins or ends with a call."""
    return call.operation == LOGOFF or (call.operation == LOGIN and call.is_ok)


def _is_own(journal: Journal, refusal: Call) -> bool:
    """Whether the session in the way is one that the client lost itself: with its key's answer, or as it was told."""
    opened = _opened_before(journal, refusal)
    if opened is None:
        return False
    session = journal.sessions.get(opened.session or "", [])
    return opened.may_be_lost or any(one.refusal in DEAD_KEY and one.number < refusal.number for one in session)


def _opened_before(journal: Journal, call: Call) -> Call | None:
    """The log-in of the session that a user has at a call; None where the journal has none."""
    last = next((one for one in journal.before(call) if _begins_or_ends(one)), None)
    return last if last is not None and last.operation == LOGIN else None


def _holder(journal: Journal, refusal: Call, log_off: Call) -> Call | None:
    """A sign of a client that holds the session: its log-in, or a call with a key whose log-in the journal lacks."""
    opened = _opened_before(journal, refusal)
    if opened is not None:
        return opened
    for one in journal.before(log_off):
        if _begins_or_ends(one):
            break
        if one.is_keyed and one.is_ok and one.session not in journal.logins:
            return one
    return None


def _without_repeats(breaches: list[Breach]) -> Iterator[Breach]:
    """Several refusals may come before the same log-off."""
    seen: set[int] = set()
    for one in reversed(breaches):
        if one.calls[1].number not in seen:
            seen.add(one.calls[1].number)
            yield one


def judge_k15(journal: Journal) -> Verdict:
    """Every session that was opened is logged off."""
    logins = [one for one in journal.logins.values() if not one.may_be_lost]
    breaches = [one for login in logins for one in _left_open(journal, login)]
    return verdict(len(logins), breaches, "the journal has no log-in that succeeded")


def _left_open(journal: Journal, login: Call) -> Iterator[Breach]:
    for one in journal.after(login):
        if _begins_or_ends(one):
            return  # a log-in that succeeds says that the session had ended otherwise
        if one.session == login.session and one.refusal == "invalid_session_key" and not one.injected:
            return
    session = journal.sessions.get(login.session or "", [])
    yield Breach(f"the session of {login.user} was not logged off by the end of the journal", (login, *session[-1:]))
