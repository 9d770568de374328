"""Log-in, log-off and session keys: rules S1 to S8."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from ..answer import Answer, Returned
from ..clause import Need, clause
from ..domain import Contact, CustomField, PhoneNumber, User
from ..errors import NotPossibleHere
from ..exchange import Exchange
from ..generate import WRONG_KEYS, texts, wrong_keys
from ..operations import OPERATIONS
from ..stage import Stage
from ..story import shown
from .campaigns import declared

OVERVIEW = "the vendor's SDK overview"
SEEN = "seen in clients of the product family and in their logs"

_SOON = 0.01
_LONG = 36_000.0
"""Seconds: sessions that expire sooner, or later, than that are not waited for, even on a mock."""

_KEY = re.compile(r"[A-Za-z0-9]{10}__(.*)", re.DOTALL)
_soap_versions = st.sampled_from(["1.1", "1.2"])


def log_in(stage: Stage, user: User | None = None, soap: str = "1.1") -> Answer:
    """Call OutboundLogin with the user's own name and password."""
    user = user or stage.user
    return stage.call("OutboundLogin", soap=soap, username=user.name, password=user.password)


def _new_key(stage: Stage, user: User | None = None) -> str:
    """A key of a session that begins now."""
    stage.log_off(user)
    key = stage.value(log_in(stage, user))
    stage.check(isinstance(key, str) and key, "a log-in is to return a session key, but it returned none")
    return str(key)


def works(stage: Stage, key: str) -> bool:
    """Whether a call with this key is carried out."""
    return isinstance(stage.call("GetCampaigns", session_key=key), Returned)


@clause("S1", "A good name and password get a session key that works", evidence="D", source=OVERVIEW)
def good_login_gets_a_key(stage: Stage) -> None:
    stage.log_off()
    key = stage.value(log_in(stage, soap=stage.draw(_soap_versions, "soap")))
    stage.check(isinstance(key, str) and key, "a log-in is to return a session key, but it returned none")
    answer = stage.call("GetCampaigns", session_key=key)
    stage.check(isinstance(answer, Returned), f"the key of a log-in is to work at once, but {shown(answer)}")


@clause("S1.shape", "A session key is ten letters or digits, two underscores and the user's name", evidence="O",
        source=SEEN)  # fmt: skip
def key_has_its_shape(stage: Stage) -> None:
    match = _KEY.fullmatch(_new_key(stage))
    stage.check(match, "the key is not ten letters or digits followed by two underscores and a name")
    if match:
        stage.check(match[1] == stage.user.name.partition("@")[0] or match[1] == stage.user.name,
                    "the name in the key is not that of the user who logged in")  # fmt: skip


@clause("S1.unguessable", "Nobody can tell one session key from others", evidence="D", source=OVERVIEW)
def keys_cannot_be_guessed(stage: Stage) -> None:
    keys = [_new_key(stage) for _ in range(12 if stage.can_seed else 4)]
    stage.check(len(set(keys)) == len(keys), "two log-ins got the same session key")
    heads = [key[:10] for key in keys]
    for one, other in pairwise(heads):
        same = sum(a == b for a, b in zip(one, other, strict=False))
        stage.check(same < 7, f"two session keys in a row agree in {same} of their first ten characters")


@clause("S2", "A wrong name or password is refused", evidence="D", source=OVERVIEW)
def wrong_login_is_refused(stage: Stage) -> None:
    stage.log_off()
    for name, password in _wrong_pairs(stage):
        stage.refused(stage.call("OutboundLogin", username=name, password=password))
    key = stage.value(log_in(stage))
    stage.check(key, "after a refused log-in the right password is to get a key")


@clause("S2.number", "The refusal of a wrong log-in has number 2800", evidence="O", source=SEEN)
def wrong_login_has_its_number(stage: Stage) -> None:
    stage.log_off()
    for name, password in _wrong_pairs(stage):
        fault = stage.refused(stage.call("OutboundLogin", username=name, password=password))
        stage.check_words(fault, "invalid_login", 2800)


def _wrong_pairs(stage: Stage) -> list[tuple[str | None, str | None]]:
    """A name and a password, at least one of them wrong; on a mock, where nobody is locked out, every kind of them."""
    user = stage.user
    other_letters = user.password.swapcase()
    other = stage.draw(texts(), "other")
    pairs: dict[str, tuple[str | None, str | None]] = {
        "another password": (user.name, other if other != user.password else other + "x"),
        "no password": (user.name, None),
        "an empty password": (user.name, ""),
        "a password with a blank": (user.name, user.password + " "),
        "a password in other letters": (user.name, other_letters + ("x" if other_letters == user.password else "")),
        "another name": (other + "?", user.password),
        "no name": (None, user.password),
        "nothing": (None, None),
    }
    if stage.can_seed:
        return list(pairs.values())
    return [pairs[stage.draw(st.sampled_from(sorted(pairs)), "what is wrong")]]


@clause(
    "S3", "An administrator of the base install cannot log in, password right or not", evidence="D", source=OVERVIEW
)
def base_install_cannot_log_in(stage: Stage) -> None:
    base = stage.base_user
    if base is None:
        raise NotPossibleHere("needs an administrator of the base install: --base-user and --base-password")
    right = stage.draw(st.booleans(), "with the right password")
    fault = stage.refused(log_in(stage, base if right else User(base.name, base.password + "x")))
    stage.check_words(fault, "invalid_login", 2800)


@clause("S4", "A user who is logged in is refused a second log-in, and the first key stays good", evidence="D",
        source=OVERVIEW)  # fmt: skip
def second_login_is_refused(stage: Stage) -> None:
    key = _new_key(stage)
    _lie_idle(stage)
    for _ in range(3 if stage.can_seed else 1):
        stage.refused(log_in(stage))
    stage.check(works(stage, key), "after a refused second log-in the first key is to stay good, but it was refused")


def _lie_idle(stage: Stage) -> None:
    """On a mock, let time pass in which a session does not yet expire."""
    timeout = _timeout(stage)
    if stage.has_clock and (timeout is None or timeout > _SOON):
        stage.advance(min(timeout or _LONG, _LONG) * 0.9)


def _timeout(stage: Stage) -> float | None:
    """The seconds after which a mock says that an idle session expires; None where it never does."""
    minutes = declared(stage, "session_timeout")
    return 60.0 * float(minutes) if minutes else None


@clause("S4.text", "That refusal has number 2801 and says who is already logged in", evidence="O", source=SEEN)
def second_login_says_why(stage: Stage) -> None:
    _new_key(stage)
    says = f"An Application administrator with user ID {stage.user.name} is already logged in"
    stage.check_words(stage.refused(log_in(stage)), "already_logged_in", 2801, says)


@clause("S5", "OutboundLogoff needs no key, destroys the user's key and returns nothing", evidence="DW",
        source=f"{OVERVIEW}, the WSDL")  # fmt: skip
def log_off_destroys_the_key(stage: Stage) -> None:
    key = _new_key(stage)
    answer = stage.call("OutboundLogoff", soap=stage.draw(_soap_versions, "soap"), username=stage.user.name)
    stage.check(isinstance(answer, Returned), f"a log-off is to be carried out, but {shown(answer)}")
    last = next((one for one in reversed(stage.steps) if isinstance(one, Exchange)), None)
    stage.check(not last or not last.invalid, f"a log-off is to return nothing, but {last.invalid if last else ''}")
    stage.check(not works(stage, key), "after the log-off the key is to be refused, but it still works")


@clause("S5.others", "A log-off ends nobody else's session", evidence="D", source=OVERVIEW, needs=(Need.SECOND_USER,))
def log_off_spares_others(stage: Stage) -> None:
    key = _new_key(stage)
    _new_key(stage, stage.second_user)
    stage.log_off(stage.second_user)
    stage.check(works(stage, key), "another user's log-off is to leave the key good, but it was refused")


@clause("S6", "After a log-off the user can log in again, and gets another key", evidence="D", source=OVERVIEW)
def user_can_come_back(stage: Stage) -> None:
    first = _new_key(stage)
    stage.log_off()
    second = stage.value(log_in(stage))
    stage.check(isinstance(second, str) and second != first, "the second log-in got the first key once more")
    stage.check(works(stage, second), "the second key is to work, but it was refused")
    stage.check(not works(stage, first), "the first key is to stay refused, but it works again")


@clause("S7", "Every other operation is refused without a live key", evidence="D", source=OVERVIEW)
def every_operation_needs_a_key(stage: Stage) -> None:
    good = stage.key()
    wrong = stage.draw(st.one_of(st.sampled_from([None, ""]), wrong_keys("A1b2C3d4E5__" + stage.user.name)), "key")
    key = _spoilt(good, wrong, stage)
    for operation in _operations_with_a_key(stage):
        answer = stage.call(operation, **_arguments(stage, operation), **_keyed(key))
        stage.refused(answer)
    stage.check(works(stage, good), "calls with a wrong key are to leave the right one good, but it was refused")


@clause("S7.nearly", "A key that is nearly right is refused", evidence="D", source=OVERVIEW)
def nearly_right_key_is_refused(stage: Stage) -> None:
    good = stage.key()
    ways = sorted(WRONG_KEYS) if stage.can_seed else [stage.draw(st.sampled_from(sorted(WRONG_KEYS)), "key")]
    for way in ways:
        key = WRONG_KEYS[way](good)
        answer = stage.call("GetCampaigns", **_keyed(key))
        stage.check(key == good or not isinstance(answer, Returned), f"a key {way} is to be refused, but it works")
        stage.refused(answer)


@clause("S7.destroyed", "A key that was destroyed is refused by every operation", evidence="D", source=OVERVIEW)
def destroyed_key_is_refused(stage: Stage) -> None:
    key = _new_key(stage)
    stage.log_off()
    for operation in _operations_with_a_key(stage):
        stage.refused(stage.call(operation, **_arguments(stage, operation), session_key=key))


@clause("S7.number", "That refusal has number 2805 and says that validation of the session key failed", evidence="O",
        source=SEEN)  # fmt: skip
def wrong_key_has_its_words(stage: Stage) -> None:
    key = stage.draw(st.one_of(st.none(), texts()), "key")
    fault = stage.refused(stage.call("GetCampaigns", **_keyed(key)))
    stage.check_words(fault, "invalid_session_key", 2805, "Access Denied - Validation of session key failed")


def _spoilt(good: str, wrong: str | None, stage: Stage) -> str | None:
    """A wrong key: as it was drawn, or the live key of the user with one character changed."""
    if not stage.draw(st.booleans(), "nearly right"):
        return wrong
    at = stage.draw(st.integers(0, len(good) - 1), "at")
    return good[:at] + ("a" if good[at] != "a" else "b") + good[at + 1 :]


def _operations_with_a_key(stage: Stage) -> list[str]:
    """One of the operations that need a key; the writing ones only where writing is allowed."""
    names = [one.name for one in OPERATIONS.values() if one.service != "OutboundUtilityWS"]
    if not stage.can_write:
        names = [name for name in names if not OPERATIONS[name].writes]
    return names if stage.can_seed else [stage.draw(st.sampled_from(names), "operation")]


def _keyed(key: str | None) -> dict[str, str]:
    return {} if key is None else {"session_key": key}


def _arguments(stage: Stage, operation: str) -> dict[str, Any]:
    """Arguments that are good but for the key; a call that is carried out all the same harms no contact of others."""
    values: dict[str, Any] = {
        "campaign_id": stage.campaign_id,
        "contact": Contact(skillset_id=stage.skillset_id if stage.can_seed else 1),
        "last_contact_id": 0,
        "contact_id": stage.world.contact_ids()[stage.campaign_id][0] if stage.world else 0,
        "custom_field_passed": False,
        "custom_field_specified": False,
        "disposition_code": 0,
        "disposition_code_specified": False,
        "phone_number": PhoneNumber(phone_no="1"),
        "custom_field": CustomField("Account", "1"),
    }
    return {name: values[name] for name in OPERATIONS[operation].arguments if name in values}


@clause("S8", "A session that was idle for too long is refused until the user has logged off", evidence="O",
        source=SEEN, needs=(Need.CLOCK,))  # fmt: skip
def expired_session_is_refused(stage: Stage) -> None:
    key = _new_key(stage)
    stage.expire(stage.user)
    for operation in _operations_with_a_key(stage):
        stage.refused(stage.call(operation, **_arguments(stage, operation), session_key=key))
    # Whether the new log-in is refused is the server's choice; the old key is dead either way.
    log_in(stage)
    stage.check(not works(stage, key), "the key of an expired session is to stay refused, but it works again")
    stage.log_off()
    again = stage.value(log_in(stage))
    stage.check(works(stage, again), "after log-off and log-in the new key is to work, but it was refused")


@clause("S8.idle", "A session expires when it was idle for as long as a mock says, and not while it is used",
        evidence="O", source=SEEN, needs=(Need.CLOCK,))  # fmt: skip
def idle_time_counts_from_the_last_call(stage: Stage) -> None:
    timeout = _timeout(stage)
    if timeout is None or not _SOON < timeout <= _LONG:
        raise NotPossibleHere("needs a mock whose sessions expire when they have been idle for some time")
    key = _new_key(stage)
    for _ in range(3):
        stage.advance(timeout * 0.6)
        stage.check(works(stage, key), f"a session that is used is to live on, but died {timeout:g} s after its log-in")
    stage.advance(timeout + 1)
    stage.check(not works(stage, key), f"a session that was idle for over {timeout:g} s is to be refused, but works")
    stage.log_off()


@clause("S8.text", "The refusal of an expired session says Expired", evidence="O", source=SEEN, needs=(Need.CLOCK,))
def expired_session_says_so(stage: Stage) -> None:
    key = _new_key(stage)
    stage.expire(stage.user)
    fault = stage.refused(stage.call("GetCampaigns", session_key=key))
    stage.check_words(fault, "session_expired", fault.number or 0, "Expired")
    answer = log_in(stage)
    if not isinstance(answer, Returned):
        fault = stage.refused(answer)
        stage.check_words(fault, "login_on_expired_session", fault.number or 0, "Expired")
    stage.log_off()
