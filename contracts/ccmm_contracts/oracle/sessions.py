"""OutboundLogin and OutboundLogoff (rules S1 to S6 and S8)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..domain import User
from .expectation import Expectation, returned
from .grounds import Grounds, Outcomes
from .kept import KeptSession


class SessionRules:
    """What becomes of the operations that open and end sessions."""

    def __init__(self, grounds: Grounds) -> None:
        self._grounds = grounds
        self._memory = grounds.memory

    def log_in(self, username: str | None = None, password: str | None = None) -> Outcomes:
        """Rules S1 to S4, S6 and S8."""
        user = next((one for one in self._memory.users if one.name == username), None)
        if user is None or user.base_install or user.password != (password or ""):
            rule = "S3" if user is not None and user.base_install else "S2"
            return [self._grounds.refused("invalid_login", f"a refusal of the log-in ({rule})")]
        session = self._memory.sessions.get(user.name)
        if session is None:
            return [self._new_session(user)]
        expired = self._memory.has_expired(session)
        return [
            *([] if expired is True else [self._already_logged_in(user)]),
            *([] if expired is False else self._on_expired(user, session)),
        ]

    def _already_logged_in(self, user: User) -> Expectation:
        told = f"a refusal, as {user.name} is already logged in (S4)"
        return self._grounds.refused("already_logged_in", told, decisive=True)

    def _on_expired(self, user: User, session: KeptSession) -> Outcomes:
        def learn(value: Any) -> None:
            session.was_ended = True

        told = "a refusal with Expired, until the user logs off (S8)"
        refused = self._grounds.refused("login_on_expired_session", told, decisive=True)
        alternatives = {"fault": [replace(refused, learn=learn)], "replace": [self._new_session(user)]}
        return self._grounds.by_choice("login_on_expired", alternatives)

    def _new_session(self, user: User) -> Expectation:
        memory = self._memory

        def check(key: Any) -> str:
            if not isinstance(key, str) or not key:
                return "no session key came back"
            return "the session key is one that was given out before" if key in memory.keys_seen else ""

        def learn(key: str) -> None:
            memory.keys_seen.add(key)
            memory.sessions[user.name] = KeptSession(key, user.name, memory.now, memory.now)

        return Expectation("a new session key (S1, S6)", returned(check), learn=learn)

    def log_off(self, username: str | None = None) -> Outcomes:
        """Rules S5 and S6."""

        def learn(value: Any) -> None:
            self._memory.sessions.pop(username or "", None)

        check = returned(lambda value: "" if value is None else "it is not empty")
        done = Expectation("an empty answer (S5)", check, learn=learn)
        if username in self._memory.sessions:
            return [done]
        refused = self._grounds.refused("not_logged_in", "a refusal, as nobody of that name is logged in (S5)")
        return self._grounds.by_choice("unknown_logoff", {"ignore": [done], "fault": [refused]})
