"""The once-a-second limits of AppendContactsToCampaign and CloseContact (rules A4 and X5)."""

from __future__ import annotations

from .clock import SECOND, SettableClock
from .errors import Postponed, TooSoon
from .profile import Profile
from .sessions import Session

PacingState = dict[str, dict[str, int]]


class Pacing:
    """When each limited operation was last carried out. Not locked: the center calls it with its own lock held."""

    def __init__(self, clock: SettableClock, profile: Profile) -> None:
        self.profile = profile
        self._clock = clock
        self._last_by_user: dict[str, dict[str, int]] = {}

    def is_too_soon(self, operation: str, session: Session) -> bool:
        """Whether the call comes within the limit and is to be answered with the profile's return value.

        Raises TooSoon or Postponed where the profile answers in that way.
        """
        profile = self.profile
        limit = round(profile.limit_seconds * SECOND)
        last = self._last(session).get(self._counter(operation))
        now = self._clock.microseconds()
        # A clock that was set back starts afresh.
        wait = last + limit - now if last is not None and last <= now else 0
        if wait > 0 and profile.limit_answer == "delay":
            raise Postponed(wait / SECOND)
        if profile.limit_counts_refused:
            self.record(operation, session)
        if wait > 0 and profile.limit_answer == "fault":
            raise TooSoon(operation=operation, seconds=profile.limit_seconds)
        return wait > 0

    def record(self, operation: str, session: Session) -> None:
        """The operation was carried out just now: its next second starts."""
        self._last(session)[self._counter(operation)] = self._clock.microseconds()

    def state(self) -> PacingState:
        """For :meth:`restore`; what belongs to a session is kept with it."""
        return {who: last.copy() for who, last in self._last_by_user.items()}

    def restore(self, state: PacingState) -> None:
        """Count from the same calls again."""
        self._last_by_user = {who: last.copy() for who, last in state.items()}

    def _counter(self, operation: str) -> str:
        return "" if self.profile.limit_shared else operation

    def _last(self, session: Session) -> dict[str, int]:
        """The times kept for whoever is limited together; a session's end with it."""
        scope = self.profile.limit_scope
        if scope == "session":
            return session.last_calls
        return self._last_by_user.setdefault(session.username if scope == "user" else "", {})
