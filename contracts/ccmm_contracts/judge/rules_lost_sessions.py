"""What a client does when its session has ended: K9 and K10."""

from __future__ import annotations

from collections.abc import Iterator

from .journal import LOGIN, Call, Journal, seconds_between
from .verdict import Breach, Verdict, verdict

DEAD_KEY = {"session_expired": "has expired", "invalid_session_key": "is not known"}
"""The refusals that say that a key is no good any more, and what they say of it."""

_FURTHER_CALLS = 2
"""How many calls with the same key may have been on their way when the first one was refused."""
_MOST_LOGINS = 1
_MOST_REFUSED_LOGINS = 3
_TRIES = 2
"""How often a call is made for one purpose: once, and once more after a new log-in."""
_AT_ONCE = 1.0
"""Seconds within which the same call again is for the same purpose."""


def judge_k9(journal: Journal) -> Verdict:
    """An expired session leads to one new log-in and the call again, not to a loop."""
    return _judge(journal, "session_expired", "no session expired")


def judge_k10(journal: Journal) -> Verdict:
    """A rejected session key leads to one new log-in and the call again, not to a loop."""
    return _judge(journal, "invalid_session_key", "no session key was rejected")


def _judge(journal: Journal, refusal: str, why_not: str) -> Verdict:
    judged = 0
    breaches: list[Breach] = []
    given_up: list[Call] = []
    for calls in journal.sessions.values():
        first = next((one for one in calls if one.refusal in DEAD_KEY), None)
        if first is None or first.refusal != refusal:
            continue
        found = [
            *_same_key_again(journal, first, [one for one in calls if one.number > first.number]),
            *_log_ins(journal, first),
            *_same_call_again(journal, first),
        ]
        breaches += found
        has_logged_in = any(one.operation == LOGIN for one in journal.after(first))
        judged += has_logged_in
        if not has_logged_in:
            given_up.append(first)
    if given_up:
        why_not = f"the client did not log in again after exchange {given_up[0].number}"
    return verdict(judged, breaches, why_not)


def _same_key_again(journal: Journal, first: Call, further: list[Call]) -> Iterator[Breach]:
    """Calls that go on with the key that was refused."""
    says = DEAD_KEY[first.refusal or ""]
    same = [one for one in further if one.asks_the_same_as(first)]
    if same and journal.at_once == 1:
        yield Breach(f"the call was made again with the same key, after the answer that it {says}", (first, same[0]))
    elif len(further) > max(_FURTHER_CALLS, journal.at_once):
        yield Breach(
            f"{len(further)} further calls were made with the same key, after the answer that it {says}",
            (first, *further),
        )


def _log_ins(journal: Journal, first: Call) -> Iterator[Breach]:
    """More log-ins than keys that were found to be no good, before anything succeeds again."""
    dead = {first.session}
    done: list[Call] = []
    refused: list[Call] = []
    for one in journal.after(first):
        if one.is_keyed and one.is_ok:
            break
        if one.refusal in DEAD_KEY:
            dead.add(one.session)
        if one.operation == LOGIN and not one.may_be_lost:
            (done if one.is_ok else refused).append(one)
    if len(done) > len(dead) * _MOST_LOGINS:
        yield Breach(f"{len(done)} new log-ins for one session that had ended", (first, *done))
    refused = [one for one in refused if one.outcome == "refused"]
    if len(refused) > len(dead) * _MOST_REFUSED_LOGINS:
        yield Breach(
            f"{len(refused)} log-ins in a row that were refused, for one session that had ended", (first, *refused)
        )


def _same_call_again(journal: Journal, first: Call) -> Iterator[Breach]:
    """The same call with one new key after another, each refused."""
    tries = [first]
    for one in journal.after(first):
        if one.is_keyed and one.is_ok:
            break
        if one.asks_the_same_as(first) and one.refusal in DEAD_KEY:
            gap = seconds_between(tries[-1], one)
            if gap is not None and gap >= _AT_ONCE:
                break
            if one.session != tries[-1].session:
                tries.append(one)
    if len(tries) > _TRIES and _starts_here(journal, first):
        yield Breach(f"the same call was made with {len(tries)} keys, one after the other, each refused", tuple(tries))


def _starts_here(journal: Journal, first: Call) -> bool:
    """Whether the call is the first of such a row, so that the row is told of once."""
    for one in journal.before(first):
        if one.is_keyed:
            return not (one.refusal in DEAD_KEY and one.asks_the_same_as(first))
    return True
