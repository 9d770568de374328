"""Mutants of log-in, log-off and session keys: rules S1 to S8."""

from __future__ import annotations

import random
from typing import Any

import pytest

from fake_ccmm import sessions
from fake_ccmm.center import ContactCenter
from fake_ccmm.clock import SECOND
from fake_ccmm.errors import AlreadyLoggedIn, InvalidLogin, InvalidSessionKey, Refusal, SessionExpired
from fake_ccmm.sessions import Session, Sessions
from fake_ccmm.soap.protocol import AsmxProtocol

from .mutant import Replacement, mutant, patched, stand_in


def _keyed(self: Sessions, username: str, key: str) -> Session:
    """A new session of the user with this key."""
    session = Session(key, username, self._clock.microseconds())
    self._by_key[session.key] = self._by_user[session.username] = session
    return session


@patched("S1-nine-characters", "A key begins with nine letters and digits")
def _(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sessions, "_KEY_LENGTH", 9)


@mutant("S1-one-underscore", "One underscore stands between the key's letters and the name", Sessions, "_open")
def _(_open: Replacement, self: Sessions, username: str) -> Session:
    return _keyed(self, username, _open(self, username).key.replace("__", "_", 1))


@mutant("S1-counted-keys", "Keys are numbered one by one", Sessions, "_open")
def _(_open: Replacement, self: Sessions, username: str) -> Session:
    given_out = vars(self).setdefault("given_out", [])
    given_out.append(0)
    return _keyed(self, username, f"{len(given_out):010}__{username}")


@mutant("S1-keys-from-the-clock", "Keys are made from the time of day", Sessions, "_open")
def _(_open: Replacement, self: Sessions, username: str) -> Session:
    chance = random.Random(self._clock.microseconds() // SECOND)
    return _keyed(self, username, f"{''.join(chance.choices(sessions._KEY_ALPHABET, k=10))}__{username}")


@mutant("S1-key-in-other-letters", "The key that is returned is in lower case, the one that works is not", Sessions,
        "log_in")  # fmt: skip
def _(log_in: Replacement, self: Sessions, username: str | None, password: str | None) -> str:
    return str(log_in(self, username, password)).lower()


def _good_password(self: Sessions, username: str | None, password: str | None) -> str | None:
    """The user's own password."""
    known = self.administrators.get(username or "")
    return known.password if known else password


@mutant("S2-password-not-checked", "Any password will do", Sessions, "log_in")
def _(log_in: Replacement, self: Sessions, username: str | None, password: str | None) -> Any:
    return log_in(self, username, _good_password(self, username, password))


@mutant("S2-no-password-needed", "A log-in without a password is taken", Sessions, "log_in")
def _(log_in: Replacement, self: Sessions, username: str | None, password: str | None) -> Any:
    return log_in(self, username, password or _good_password(self, username, password))


@mutant("S2-letter-case-ignored", "The password may be in any letter case", Sessions, "log_in")
def _(log_in: Replacement, self: Sessions, username: str | None, password: str | None) -> Any:
    good = _good_password(self, username, password)
    return log_in(self, username, good if good and good.lower() == (password or "").lower() else password)


@mutant("S2-password-trimmed", "Blanks around the password are ignored", Sessions, "log_in")
def _(log_in: Replacement, self: Sessions, username: str | None, password: str | None) -> Any:
    return log_in(self, username, (password or "").strip())


@mutant("S2-session-opened", "A refused log-in has opened a session all the same", Sessions, "log_in")
def _(log_in: Replacement, self: Sessions, username: str | None, password: str | None) -> Any:
    try:
        return log_in(self, username, password)
    except InvalidLogin:
        if username in self.administrators and username not in self._by_user:
            self._open(username)
        raise


@mutant("S2-number-2805", "A wrong log-in is refused with the number of a wrong key", Sessions, "log_in")
def _(log_in: Replacement, self: Sessions, username: str | None, password: str | None) -> Any:
    try:
        return log_in(self, username, password)
    except InvalidLogin as refusal:
        raise _NumberedOtherwise(text=str(refusal)) from None


class _NumberedOtherwise(Refusal):
    name, rule, number = "numbered_otherwise", "S2", 2805
    text = "{text}"


@mutant("S3-base-install-logs-in", "An administrator of the base install can log in", Sessions, "log_in")
def _(log_in: Replacement, self: Sessions, username: str | None, password: str | None) -> Any:
    known = self.administrators.get(username or "")
    if known is not None and known.base_install and known.password == password:
        self.end(known.username)
        return self._open(known.username).key
    return log_in(self, username, password)


@mutant("S3-tells-the-password", "The refusal tells whether the password of the base install is right", Sessions,
        "log_in")  # fmt: skip
def _(log_in: Replacement, self: Sessions, username: str | None, password: str | None) -> Any:
    known = self.administrators.get(username or "")
    if known is not None and known.base_install and known.password == password:
        raise _NumberedOtherwise(text="The base install has no outbound license")
    return log_in(self, username, password)


@mutant("S4-first-key-dies", "A refused second log-in ends the first session", Sessions, "log_in")
def _(log_in: Replacement, self: Sessions, username: str | None, password: str | None) -> Any:
    try:
        return log_in(self, username, password)
    except AlreadyLoggedIn:
        self.end(username or "")
        raise


@mutant("S4-same-key-again", "A second log-in gets the key of the first", Sessions, "log_in")
def _(log_in: Replacement, self: Sessions, username: str | None, password: str | None) -> Any:
    try:
        return log_in(self, username, password)
    except AlreadyLoggedIn:
        return self._by_user[username or ""].key


@mutant("S4-two-keys", "A second log-in gets a key of its own, and both work", Sessions, "log_in")
def _(log_in: Replacement, self: Sessions, username: str | None, password: str | None) -> Any:
    first = self._by_user.pop(username or "", None)
    if first is not None and self._has_expired(first):
        self._by_user[first.username] = first
    return log_in(self, username, password)


@mutant("S4-refused-as-wrong", "A second log-in is refused as if the password were wrong", Sessions, "log_in")
def _(log_in: Replacement, self: Sessions, username: str | None, password: str | None) -> Any:
    try:
        return log_in(self, username, password)
    except AlreadyLoggedIn:
        raise InvalidLogin(username=username or "") from None


@mutant("S4-third-time-lucky", "Who tries often enough gets a second session", Sessions, "log_in")
def _(log_in: Replacement, self: Sessions, username: str | None, password: str | None) -> Any:
    tried = vars(self).setdefault("tried", [])
    try:
        return log_in(self, username, password)
    except AlreadyLoggedIn:
        tried.append(0)
        if len(tried) % 3:
            raise
        self.end(username or "")
        return log_in(self, username, password)


@mutant("S4-idle-for-a-minute", "A user who has been idle for a minute is logged in anew", Sessions, "log_in")
def _(log_in: Replacement, self: Sessions, username: str | None, password: str | None) -> Any:
    try:
        return log_in(self, username, password)
    except AlreadyLoggedIn:
        if self._clock.microseconds() - self._by_user[username or ""].last_used < 60 * SECOND:
            raise
        self.end(username or "")
        return log_in(self, username, password)


@mutant("S5-key-survives", "A log-off forgets the user, but not the key", Sessions, "end")
def _(end: Replacement, self: Sessions, username: str) -> bool:
    return self._by_user.pop(username, None) is not None


@mutant("S5-everybody-goes", "A log-off ends everybody's session", Sessions, "end")
def _(end: Replacement, self: Sessions, username: str) -> bool:
    for other in set(self._by_user) - {username}:
        end(self, other)
    return bool(end(self, username))


@mutant("S5-answers-something", "The answer to a log-off holds a result", AsmxProtocol, "serialize")
def _(serialize: Replacement, self: AsmxProtocol, ctx: Any, message: Any) -> None:
    serialize(self, ctx, message)
    name = b"OutboundLogoffResponse"
    if name in ctx.out_document:
        head, _, end = ctx.out_document.rpartition(b" /></soap:Body>")
        ctx.out_document = head + b"><OutboundLogoffResult>0</OutboundLogoffResult></" + name + b"></soap:Body>" + end


@mutant("S6-locked-out", "Who has logged off stays logged in for the next log-in", Sessions, "end")
def _(end: Replacement, self: Sessions, username: str) -> bool:
    session = self._by_user.get(username)
    if session is not None and not session.was_ended:
        self._by_key.pop(session.key, None)
    return session is not None


@mutant("S6-same-key", "A user gets the same key at each log-in", Sessions, "_open")
def _(_open: Replacement, self: Sessions, username: str) -> Session:
    keys = vars(self).setdefault("first_keys", {})
    return _keyed(self, username, keys.setdefault(username, _open(self, username).key))


@mutant("S6-old-key-works-again", "A new log-in revives the user's old keys", Sessions, "_open")
def _(_open: Replacement, self: Sessions, username: str) -> Session:
    session: Session = _open(self, username)
    old = vars(self).setdefault("old_keys", {}).setdefault(username, [])
    self._by_key.update(dict.fromkeys(old, session))
    old.append(session.key)
    return session


def _accepting(same: Any) -> Replacement:
    """A check that takes a key for the first live one that ``same`` says it is."""

    def check(check: Replacement, self: Sessions, key: str | None) -> Any:
        if key not in self._by_key:
            key = next((one for one in self._by_key if same(key or "", one)), key)
        return check(self, key)

    return check


for _id, _broken, _same in (
    ("S7-no-key-needed", "Without a key the session of whoever is logged in is used", lambda key, one: not key),
    ("S7-ten-characters", "Only the first ten characters of a key are compared", lambda key, one: key[:10] == one[:10]),
    ("S7-letter-case-ignored", "A key works in any letter case", lambda key, one: key.lower() == one.lower()),
    ("S7-key-trimmed", "Blanks around a key are ignored", lambda key, one: key.strip() == one),
):  # fmt: skip
    mutant(_id, _broken, Sessions, "check")(_accepting(_same))


def _unchecked(operation: Replacement, self: ContactCenter, key: str | None, *arguments: Any, **named: Any) -> Any:
    """An operation that does not look at its key."""
    if self.username_of(key) is not None:
        return operation(self, key, *arguments, **named)
    session = self._sessions._open("nobody")
    try:
        return operation(self, session.key, *arguments, **named)
    finally:
        self._sessions.end("nobody")


for _id, _broken, _name in (
    ("S7-status-unchecked", "GetContactStatus does not check its key", "get_contact_status"),
    ("S7-append-unchecked", "AppendContactsToCampaign does not check its key", "append_contact"),
):
    mutant(_id, _broken, ContactCenter, _name)(_unchecked)


@mutant(
    "S7-destroyed-key-pages", "A destroyed key is still good for paging", ContactCenter, "get_200_campaign_contacts"
)
def _(operation: Replacement, self: ContactCenter, key: str | None, *arguments: Any) -> Any:
    return (_unchecked if key and key.endswith(f"__{_administrator(self)}") else _as_it_is)(
        operation, self, key, *arguments
    )


def _as_it_is(operation: Replacement, *arguments: Any) -> Any:
    return operation(*arguments)


def _administrator(center: ContactCenter) -> str:
    """The first who may log in."""
    return next(one.username for one in center.administrators() if not one.base_install)


@mutant("S7-says-expired", "An unknown key is refused as an expired one", Sessions, "check")
def _(check: Replacement, self: Sessions, key: str | None) -> Any:
    try:
        return check(self, key)
    except InvalidSessionKey:
        raise SessionExpired from None


@mutant("S8-expired-key-pages", "An expired session can still page", ContactCenter, "get_200_campaign_contacts")
def _(operation: Replacement, self: ContactCenter, key: str | None, *arguments: Any) -> Any:
    session = self._sessions._by_key.get(key or "")
    return (_as_it_is if session is None else _unchecked)(operation, self, None if session else key, *arguments)


@mutant("S8-does-not-say-so", "An expired session is refused as an unknown key", Sessions, "check")
def _(check: Replacement, self: Sessions, key: str | None) -> Any:
    try:
        return check(self, key)
    except SessionExpired:
        raise InvalidSessionKey from None


@mutant("S8-log-in-revives", "A log-in revives the expired session, and is refused", Sessions, "log_in")
def _(log_in: Replacement, self: Sessions, username: str | None, password: str | None) -> Any:
    try:
        return log_in(self, username, password)
    finally:
        if session := self._by_user.get(username or ""):
            session.was_ended, session.last_used = False, self._clock.microseconds()


@mutant("S8-log-off-ignored", "A log-off does nothing for a session that has expired", Sessions, "end")
def _(end: Replacement, self: Sessions, username: str) -> bool:
    session = self._by_user.get(username)
    if session is not None and self._has_expired(session):
        return True
    return bool(end(self, username))


@mutant("S8-counts-from-log-in", "The time-out counts from the log-in, however much the session is used", Sessions,
        "check")  # fmt: skip
def _(check: Replacement, self: Sessions, key: str | None) -> Any:
    session = self._by_key.get(key or "")
    before = session.last_used if session else 0
    found: Session = check(self, key)
    found.last_used = before
    return found


@patched("S8-never-expires", "A session lives for ever, however long it is idle")
def _(patch: pytest.MonkeyPatch) -> None:
    stand_in(patch, Sessions, "_has_expired", lambda has_expired, self, session: session.was_ended)
