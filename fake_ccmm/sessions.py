"""Who is logged in: one session a user, keyed by a key nobody can guess (rules S1 to S8)."""

from __future__ import annotations

import secrets
import string
from collections.abc import Iterable
from dataclasses import dataclass, field
from hmac import compare_digest

from .clock import Clock
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
_MINUTE = 60_000_000


@dataclass(slots=True)
class Session:
    """A live or expired log-in. ``last_used`` and ``last_calls`` (of the limited operations) are in microseconds."""

    key: str
    username: str
    last_used: int
    last_calls: dict[str, int] = field(default_factory=dict)


class Sessions:
    """The sessions of one center. Not locked: the center calls it with its own lock held."""

    def __init__(self, administrators: Iterable[Administrator], clock: Clock, profile: Profile) -> None:
        self.administrators = {one.username: one for one in administrators}
        self._clock = clock
        self._profile = profile
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
            if self._profile.login_on_expired == "fault":
                raise LoginOnExpiredSession(username=administrator.username)
            self._forget(current)
        head = "".join(secrets.choice(_KEY_ALPHABET) for _ in range(_KEY_LENGTH))
        session = Session(f"{head}__{administrator.username}", administrator.username, self._clock.microseconds())
        self._by_key[session.key] = self._by_user[session.username] = session
        return session.key

    def log_off(self, username: str | None) -> None:
        """Destroy the user's key, live or expired (S5, S6). Of a user who has none: nothing, or as the profile says."""
        session = self._by_user.get(username or "")
        if session is not None:
            self._forget(session)
        elif self._profile.unknown_logoff == "fault":
            raise NotLoggedIn(username=username or "")

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

    def _has_expired(self, session: Session) -> bool:
        limit = self._profile.session_timeout * _MINUTE
        return bool(limit) and self._clock.microseconds() - session.last_used > limit

    def _forget(self, session: Session) -> None:
        del self._by_key[session.key], self._by_user[session.username]
