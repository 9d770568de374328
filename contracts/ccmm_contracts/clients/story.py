"""What went on between kit, client and mock, told in lines for a finding, without secrets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..domain import User
from ..plain import plain

_HEAD, _TAIL = 25, 25
_LONGEST_VALUE = 200
_KEPT_FROM_STORY = frozenset({"session_key", "password"})


class Story:
    """The lines of one story. The passwords and keys of these users are masked in all that it takes."""

    def __init__(self, users: Iterable[User]) -> None:
        users = tuple(users)
        names = "|".join(re.escape(one.name) for one in users)
        self._keys = re.compile(rf"[A-Za-z0-9]{{10}}__(?:{names})")
        self._passwords = [one.password for one in users]
        self._lines: list[str] = []

    def tell(self, line: str) -> None:
        """Add a line."""
        self._lines.append(self.masked(line))

    def lines(self) -> tuple[str, ...]:
        """The whole story; of a long one its beginning and its end."""
        left_out = len(self._lines) - _HEAD - _TAIL
        if left_out <= 1:
            return tuple(self._lines)
        return (*self._lines[:_HEAD], f"... {left_out} more lines ...", *self._lines[-_TAIL:])

    def masked(self, text: str) -> str:
        """The text with passwords and keys masked."""
        for one in self._passwords:
            text = text.replace(one, "<password>").replace(json.dumps(one)[1:-1], "<password>")
        return self._keys.sub("<key>", text)


def told_request(name: str, arguments: Mapping[str, Any]) -> str:
    """``the kit asks: fetch_contacts(campaign_id=101)``."""
    shown = ", ".join(f"{key}={_short(one)}" for key, one in arguments.items() if key != "password")
    return f"the kit asks: {name}({shown})"


def told_answer(result: Any, error: Any = None) -> str:
    """``the client answers: 401 contacts``."""
    if error is not None:
        return f"the client fails: {error.kind}: {error.message}"
    if isinstance(result, list):
        return f"the client answers: {len(result)} of them"
    return f"the client answers: {_short(result)}"


def told_exchange(one: Mapping[str, Any]) -> str:
    """``  3. Get200CampaignContacts(campaign_id=101, last_contact_id=0) -> ok: contacts=200``, from the journal."""
    operation = one["operation"] or one["request_line"]
    arguments = {key: value for key, value in one["arguments"].items() if key not in _KEPT_FROM_STORY}
    shown = ", ".join(f"{key}={_short(value)}" for key, value in arguments.items() if value is not None)
    call = f"  {one['number']}. {operation}({shown})" if one["operation"] else f"  {one['number']}. {operation}"
    return f"{call} -> {_outcome(one)}"


def _outcome(one: Mapping[str, Any]) -> str:
    injected = ", but its answer was spoilt on purpose" if one["injected"] and one["outcome"] == "ok" else ""
    if one["fault_text"]:
        number = f"{one['fault_number']} " if one["fault_number"] is not None else ""
        return f"{one['outcome']}: {number}{one['fault_text']}"
    result, outcome = one["result"], str(one["outcome"])
    if isinstance(result, Mapping):
        return f"{outcome}: " + ", ".join(f"{key}={_short(value)}" for key, value in result.items()) + injected
    return f"{outcome}{injected}"


def _short(value: Any) -> str:
    text = json.dumps(_without_nothing(plain(value)), ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST_VALUE else text[:_LONGEST_VALUE] + "..."


def _without_nothing(value: Any) -> Any:
    """Leave out what is not there, so that what matters can be seen."""
    if isinstance(value, dict):
        return {key: _without_nothing(one) for key, one in value.items() if one is not None}
    return [_without_nothing(one) for one in value] if isinstance(value, list) else value
