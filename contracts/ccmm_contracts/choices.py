"""The open choices: what no paper says of a server, by the names that a mock's profile has for them.

The kit's own copy; a test of the project holds it against the mock's. :class:`Choices` is what is known of one server.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from .report import Observation

WORD = "word"
FLAG = "flag"
WHOLE = "whole number"
NUMBER = "number"

_KINDS: dict[tuple[str, ...], str] = {("true", "false"): FLAG, (WHOLE,): WHOLE, (NUMBER,): NUMBER}


@dataclass(frozen=True, slots=True)
class ChoiceInfo:
    """One open choice. ``alternatives`` are the words allowed, or the kind of value; ``rule`` names the first of its
    rules, ``rules`` all of them.
    """

    name: str
    alternatives: tuple[str, ...]
    default: Any
    rules: str

    @property
    def kind(self) -> str:
        """``word``, ``flag``, ``whole number`` or ``number``."""
        return _KINDS.get(self.alternatives, WORD)

    @property
    def rule(self) -> str:
        """The rule that leaves it open."""
        return self.rules.partition(" ")[0]


@dataclass(frozen=True, slots=True)
class RefusalInfo:
    """How a mock words a refusal when nobody says otherwise; the names in braces are the places of its text."""

    name: str
    rule: str
    number: int
    code: str
    text: str


CHOICES: dict[str, ChoiceInfo] = {
    one.name: one
    for one in (
        ChoiceInfo("limit_answer", ("fault", "return", "delay"), "fault", "A4 X5"),
        ChoiceInfo("limit_return_value", (WHOLE,), -1, "A4 X5"),
        ChoiceInfo("limit_seconds", (NUMBER,), 1.0, "A4 X5"),
        ChoiceInfo("limit_scope", ("session", "user", "server"), "session", "A4 X5"),
        ChoiceInfo("limit_shared", ("true", "false"), False, "A4 X5"),
        ChoiceInfo("limit_counts_refused", ("true", "false"), False, "A4 X5"),
        ChoiceInfo("unknown_campaign", ("fault", "empty"), "fault", "C5"),
        ChoiceInfo("inactive_campaign", ("fault", "empty"), "fault", "C5"),
        ChoiceInfo("unknown_contact", ("fault", "empty"), "fault", "X1 T1"),
        ChoiceInfo("closed_contact", ("fault", "ignore", "again"), "fault", "X4"),
        ChoiceInfo("close_matches", ("first", "all"), "first", "X6"),
        ChoiceInfo("close_result", ("one", "zero", "contact-id"), "one", "X1"),
        ChoiceInfo("disposition_by", ("id", "numeric-value"), "id", "X2"),
        ChoiceInfo("blank_phone_part", ("exact", "any"), "exact", "N3"),
        ChoiceInfo("closed_in_pages", ("true", "false"), True, "P3"),
        ChoiceInfo("find_cap", (WHOLE,), 0, "F1"),
        ChoiceInfo("empty_page", ("empty-list", "null-list", "null-result"), "empty-list", "P4 F1"),
        ChoiceInfo("unknown_custom_field", ("ignore", "fault"), "ignore", "A6 F4"),
        ChoiceInfo("unknown_skillset", ("fault", "accept"), "fault", "A2"),
        ChoiceInfo("unknown_status_filter", ("fault", "empty"), "fault", "F3"),
        ChoiceInfo("append_campaign_name", ("as-sent", "campaign"), "as-sent", "P5"),
        ChoiceInfo("session_timeout", (NUMBER,), 20.0, "S8"),
        ChoiceInfo("login_on_expired", ("fault", "replace"), "fault", "S8"),
        ChoiceInfo("unknown_logoff", ("ignore", "fault"), "ignore", "S5"),
        ChoiceInfo("dates", ("unspecified", "utc", "local"), "unspecified", "C2"),
        ChoiceInfo("fault_detail", ("error", "plain"), "error", "S2"),
        ChoiceInfo("campaign_status_id_running", (WHOLE,), 1, "C2"),
        ChoiceInfo("campaign_status_id_waiting", (WHOLE,), 2, "C2"),
        ChoiceInfo("campaign_status_id_paused", (WHOLE,), 3, "C2"),
        ChoiceInfo("campaign_status_id_closed", (WHOLE,), 4, "C2"),
        ChoiceInfo("campaign_status_id_completed", (WHOLE,), 5, "C2"),
        ChoiceInfo("campaign_status_id_cancelled", (WHOLE,), 6, "C2"),
        ChoiceInfo("contact_status_id_new", (WHOLE,), 1, "T1"),
        ChoiceInfo("contact_status_id_open", (WHOLE,), 2, "T1"),
        ChoiceInfo("contact_status_id_closed", (WHOLE,), 3, "T1"),
        ChoiceInfo("contact_status_id_waiting", (WHOLE,), 4, "T1"),
        ChoiceInfo("contact_status_id_unspecified", (WHOLE,), 5, "T1"),
    )
}
"""Every open choice but the wordings, by name, in the order of a profile file."""

REFUSALS: dict[str, RefusalInfo] = {
    one.name: one
    for one in (
        RefusalInfo("invalid_login", "S2", 2800, "Client", "Invalid Administrator Login Details for : {username}"),
        RefusalInfo(
            "already_logged_in",
            "S4",
            2801,
            "Client",
            "An Application administrator with user ID {username} is already logged in",
        ),
        RefusalInfo("invalid_session_key", "S7", 2805, "Client", "Access Denied - Validation of session key failed"),
        RefusalInfo("session_expired", "S8", 2806, "Client", "Access Denied - Session has Expired"),
        RefusalInfo(
            "login_on_expired_session",
            "S8",
            2807,
            "Client",
            "The session of the Application administrator with user ID {username} has Expired",
        ),
        RefusalInfo(
            "not_logged_in", "S5", 2808, "Client", "No Application administrator with user ID {username} is logged in"
        ),
        RefusalInfo("too_soon", "A4", 2840, "Client", "{operation} can only be called every {seconds:g} seconds"),
        RefusalInfo("unknown_campaign", "C5", 2841, "Server", "Campaign ID not recognised: {campaign_id}"),
        RefusalInfo(
            "inactive_campaign",
            "C5",
            2842,
            "Server",
            "Campaign {campaign_id} is {status}: only Running, Waiting and Paused campaigns are available",
        ),
        RefusalInfo("skillset_required", "A2", 2843, "Client", "SkillsetID is required"),
        RefusalInfo("unknown_skillset", "A2", 2844, "Client", "SkillsetID not recognised: {skillset_id}"),
        RefusalInfo("unknown_custom_field", "A6", 2845, "Client", "Custom field not recognised: {field_name}"),
        RefusalInfo("unknown_contact", "X1", 2831, "Server", "Contact not recognised: {contact}"),
        RefusalInfo("contact_already_closed", "X4", 2846, "Server", "Contact is already closed: {contact}"),
        RefusalInfo(
            "disposition_code_not_linked",
            "X2",
            2847,
            "Client",
            "Disposition code {disposition_code} is not linked to campaign {campaign_id}",
        ),
        RefusalInfo("phone_number_required", "F2", 2848, "Client", "PhoneNo must not be empty"),
        RefusalInfo("unknown_status_filter", "F3", 2849, "Client", "Contact status not recognised: {status}"),
    )
}
"""Every refusal by the name that a profile has for it."""

WORDING_PARTS = ("number", "code", "text")
"""What a wording may say of a refusal; a part that is not there is not known."""


class Choices(Mapping[str, Any]):
    """What is known of a server's open choices: a choice that nobody has seen yet is missing. Cannot be changed.

    ``wordings`` has, by refusal, what is known of its ``number``, ``code`` and ``text``. Some refusals have the name of
    the choice that they belong to, such as ``unknown_campaign``, so a wording is told by what it is: ``too_soon.text``
    is a part of one, and a mapping of parts is all of it.
    """

    def __init__(self, known: Mapping[str, Any] | None = None) -> None:
        """``known`` is what observations and profile files have: choices by name, and wordings.

        Raises ValueError for a name that is no choice and no refusal.
        """
        self._choices: dict[str, Any] = {}
        self._wordings: dict[str, dict[str, Any]] = {}
        for name, value in (known or {}).items():
            refusal, dot, part = name.partition(".")
            if name in CHOICES and not isinstance(value, Mapping):
                self._choices[name] = value
            elif refusal in REFUSALS and (part in WORDING_PARTS if dot else isinstance(value, Mapping)):
                self._wordings.setdefault(refusal, {}).update({part: value} if dot else value)
            else:
                raise ValueError(f"there is no choice and no refusal named {name!r}")

    @classmethod
    def from_observations(cls, observations: Iterable[Observation]) -> Choices:
        """Everything that was seen; what was seen later counts."""
        known = cls()
        for one in observations:
            known = known.plus(one.choices)
        return known

    @property
    def wordings(self) -> Mapping[str, Mapping[str, Any]]:
        """The parts of each refusal's wording that are known."""
        return MappingProxyType(self._wordings)

    def plus(self, more: Mapping[str, Any]) -> Choices:
        """These and ``more``, which has the form of an observation's choices and counts where both say something."""
        other = more if isinstance(more, Choices) else Choices(more)
        return Choices(self.settings() | other.settings())

    def settings(self) -> dict[str, Any]:
        """All of it, as a seed, a mock's control API and a profile file take it; wordings part by part."""
        parts = {f"{name}.{part}": one for name, wording in self._wordings.items() for part, one in wording.items()}
        return self._choices | parts

    def __getitem__(self, name: str) -> Any:
        return self._choices[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._choices)

    def __len__(self) -> int:
        return len(self._choices)

    def __repr__(self) -> str:
        return f"Choices({self.settings()!r})"
