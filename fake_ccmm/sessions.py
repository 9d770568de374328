"""Who is logged in: one session a user, keyed by a key nobody can guess (rules S1 to S8)."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from hmac import compare_digest

from .clock import SECOND, SettableClock
from .errors import (
    AlreadyLoggedIn,
    InvalidLogin,
    InvalidSessionKey,
    LoginOnExpiredSession,
    NotLoggedIn,
    SessionExpired,
)
from .model import Administrator
from .profile import Profile

_KEY_ALPHABET = string.ascii_letters + string.digits
_KEY_LENGTH = 10
_MINUTE = 60 * SECOND


@dataclass(slots=True)
class Session:
    """A live or expired log-in. ``last_used`` and ``last_calls`` (of the limited operations) are in microseconds."""

    key: str
    username: str
    last_used: int
    last_calls: dict[str, int] = field(default_factory=dict)
    was_ended: bool = False


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session as tests and tools see it, without its key; ``idle_seconds`` since its last call."""

    username: str
    is_expired: bool
    idle_seconds: float


SessionsState = tuple[tuple[Administrator, ...], tuple[Session, ...]]


class Sessions:
    """The sessions of one center. Not locked: the center calls it with its own lock held."""

    def __init__(self, administrators: Iterable[Administrator], clock: SettableClock, profile: Profile) -> None:
        self.administrators = {one.username: one for one in administrators}
        self.profile = profile
        self._clock = clock
        self._by_key: dict[str, Session] = {}
        self._by_user: dict[str, Session] = {}

    def log_in(self, username: str | None, password: str | None) -> str:
        """A new session key ``<10 of A-Za-z0-9>__<user>`` (S1).

        Refuses a wrong name or password (S2), administrators of the base install (S3), a user who is logged in (S4)
        and, by default, one whose session has expired without a log-off (S8).
        """
        administrator = self.administrators.get(username or "")
        expected = administrator.password if administrator else ""
        good = compare_digest(
            expected.encode("utf-8", "surrogatepass"), (password or "").encode("utf-8", "surrogatepass")
        )
        if administrator is None or administrator.base_install or not good:
            raise InvalidLogin(username=username or "")
        current = self._by_user.get(administrator.username)
        if current is not None:
            if not self._has_expired(current):
                raise AlreadyLoggedIn(username=administrator.username)
            if self.profile.login_on_expired == "fault":
                raise LoginOnExpiredSession(username=administrator.username)
            self._forget(current)
        return self._open(administrator.username).key

    def log_in_elsewhere(self, username: str) -> None:
        """Somebody else logs in as the user, whose own login is then refused (S4); nothing where one is live."""
        current = self._by_user.get(username)
        if current is not None:
            if not self._has_expired(current):
                return
            self._forget(current)
        self._open(username)

    def _open(self, username: str) -> Session:
        head = "".join(secrets.choice(_KEY_ALPHABET) for _ in range(_KEY_LENGTH))
        session = Session(f"{head}__{username}", username, self._clock.microseconds())
        self._by_key[session.key] = self._by_user[session.username] = session
        return session

    def log_off(self, username: str | None) -> None:
        """Destroy the user's key, live or expired (S5, S6). Of a user who has none: nothing, or as the profile says."""
        if not self.end(username or "") and self.profile.unknown_logoff == "fault":
            raise NotLoggedIn(username=username or "")

    def end(self, username: str) -> bool:
        """Destroy the user's key; whether there was one."""
        session = self._by_user.get(username)
        if session is not None:
            self._forget(session)
        return session is not None

    def check(self, key: str | None) -> Session:
        """The live session of ``key``, its idle time started anew; refuses any other key (S7, S8)."""
        session = self._by_key.get(key or "")
        if session is None:
            raise InvalidSessionKey
        if self._has_expired(session):
            raise SessionExpired
        session.last_used = self._clock.microseconds()
        return session

    def usernames(self) -> list[str]:
        """Who holds a session, live or expired, in the order they logged in."""
        return list(self._by_user)

    def username_of(self, key: str | None) -> str | None:
        """Whose key it is, or None; says nothing of whether it is still good."""
        session = self._by_key.get(key or "")
        return session.username if session else None

    def views(self) -> list[SessionView]:
        """Every session, live or expired, in the order of their logins."""
        now = self._clock.microseconds()
        return [
            SessionView(one.username, self._has_expired(one), max(now - one.last_used, 0) / SECOND)
            for one in self._by_user.values()
        ]

    def expire(self, username: str) -> bool:
        """End the user's session as if it had been idle for too long (S8); whether there was one."""
        session = self._by_user.get(username)
        if session is not None:
            session.was_ended = True
        return session is not None

    def state(self) -> SessionsState:
        """For :meth:`restore`: who may log in, and who is logged in."""
        return tuple(self.administrators.values()), tuple(_copied(one) for one in self._by_user.values())

    def restore(self, state: SessionsState) -> None:
        """Have the same administrators and sessions again, with the same keys."""
        administrators, sessions = state
        self.administrators = {one.username: one for one in administrators}
        self._by_user = {one.username: _copied(one) for one in sessions}
        self._by_key = {one.key: one for one in self._by_user.values()}

    def _has_expired(self, session: Session) -> bool:
        if session.was_ended:
            return True
        limit = self.profile.session_timeout * _MINUTE
        return bool(limit) and self._clock.microseconds() - session.last_used > limit

    def _forget(self, session: Session) -> None:
        del self._by_key[session.key], self._by_user[session.username]


def _copied(session: Session) -> Session:
    return replace(session, last_calls=session.last_calls.copy())
