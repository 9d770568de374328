"""Every choice the vendor's papers leave open, by name, with its default and the reason for it.

A team that knows its real server sets these to make the mock behave like it: from a TOML file, as
``NAME=VALUE`` on the command line, or in Python. The wording of each refusal can be replaced too,
as ``<refusal>.number``, ``<refusal>.code`` and ``<refusal>.text``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints

from .errors import CLIENT, REFUSALS, SERVER, Refusal, SetupError
from .model import CampaignStatus, ContactStatus, check_carried

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True, slots=True)
class Wording:
    """How a refusal reads on the wire, where that differs from its class; ``None`` keeps the class's own."""

    number: int | None = None
    code: Literal["Client", "Server"] | None = None
    text: str | None = None

    def told(self) -> dict[str, Any]:
        """What differs, by the name of the part."""
        parts = {"number": self.number, "code": self.code, "text": self.text}
        return {part: value for part, value in parts.items() if value is not None}


def _choice(default: Any, rules: str, reason: str) -> Any:
    return field(default=default, metadata={"rules": rules, "reason": reason})


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One value for each open choice; see :func:`choices` for alternatives, rules and reasons."""

    limit_answer: Literal["fault", "return", "delay"] = _choice(
        "fault", "A4 X5", "a call within the second is refused; or answered limit_return_value; or held until its turn"
    )
    limit_return_value: int = _choice(-1, "A4 X5", "sibling services say no with small negative numbers")
    limit_seconds: float = _choice(1.0, "A4 X5", "the WSDL says every 1 seconds; 0 turns the limit off")
    limit_scope: Literal["session", "user", "server"] = _choice("session", "A4 X5", "whose calls are counted together")
    limit_shared: bool = _choice(False, "A4 X5", "append and close each have their own second, as each documents it")
    limit_counts_refused: bool = _choice(False, "A4 X5", "a refused call changes nothing, so starts no new second")
    unknown_campaign: Literal["fault", "empty"] = _choice("fault", "C5", "bad input deserves an error")
    inactive_campaign: Literal["fault", "empty"] = _choice(
        "fault", "C5", "never returned, never modified; refused aloud"
    )
    unknown_contact: Literal["fault", "empty"] = _choice("fault", "X1 T1", "sibling services refuse with 2831")
    closed_contact: Literal["fault", "ignore", "again"] = _choice(
        "fault", "X4", "closing a closed contact is refused; or answered as done; or overwrites the first closing"
    )
    close_matches: Literal["first", "all"] = _choice("first", "X6", "of several matches the first open one, or all")
    close_result: Literal["one", "zero", "contact-id"] = _choice("one", "X1", "1 is success for append")
    disposition_by: Literal["id", "numeric-value"] = _choice("id", "X2", "the overview names it DispositionID")
    blank_phone_part: Literal["exact", "any"] = _choice(
        "exact", "N3", "a blank part equals a part the contact lacks; or matches whatever the contact has"
    )
    closed_in_pages: bool = _choice(True, "P3", "the paging loop of the overview counts up to NumberOfContacts")
    find_cap: int = _choice(0, "F1", "no cap is documented for the two Find operations; 0 is none")
    empty_page: Literal["empty-list", "null-list", "null-result"] = _choice(
        "empty-list", "P4 F1", "which of ASMX's three forms of nothing is sent"
    )
    unknown_custom_field: Literal["ignore", "fault"] = _choice("ignore", "A6 F4", "stored by name, so nowhere to store")
    unknown_skillset: Literal["fault", "accept"] = _choice("fault", "A2", "SkillsetID is the one required field")
    unknown_status_filter: Literal["fault", "empty"] = _choice("fault", "F3", "bad input deserves an error")
    append_campaign_name: Literal["as-sent", "campaign"] = _choice(
        "as-sent", "P5", "the CampaignName of an appended contact comes back as sent; or becomes the campaign's"
    )
    session_timeout: float = _choice(20.0, "S8", "idle minutes, as ASP.NET's own default; 0 is never")
    login_on_expired: Literal["fault", "replace"] = _choice("fault", "S8", "clients log off and in again on Expired")
    unknown_logoff: Literal["ignore", "fault"] = _choice("ignore", "S5", "log-off needs no key and answers nothing")
    dates: Literal["unspecified", "utc", "local"] = _choice(
        "unspecified", "C2", "database values carry no offset; or Z; or the machine's own offset"
    )
    fault_detail: Literal["error", "plain"] = _choice("error", "S2", "sibling services send an Error element")
    campaign_status_id_running: int = _choice(1, "C2", "no numbers are known")
    campaign_status_id_waiting: int = _choice(2, "C2", "no numbers are known")
    campaign_status_id_paused: int = _choice(3, "C2", "no numbers are known")
    campaign_status_id_closed: int = _choice(4, "C2", "no numbers are known")
    campaign_status_id_completed: int = _choice(5, "C2", "no numbers are known")
    campaign_status_id_cancelled: int = _choice(6, "C2", "no numbers are known")
    contact_status_id_new: int = _choice(1, "T1", "no numbers are known")
    contact_status_id_open: int = _choice(2, "T1", "no numbers are known")
    contact_status_id_closed: int = _choice(3, "T1", "no numbers are known")
    contact_status_id_waiting: int = _choice(4, "T1", "no numbers are known")
    contact_status_id_unspecified: int = _choice(5, "T1", "no numbers are known")
    wordings: Mapping[str, Wording] = field(default_factory=dict)

    def wording_of(self, refusal: Refusal) -> tuple[int, str, str]:
        """Number, code (Client or Server) and text a refusal has on the wire."""
        own = self.wordings.get(refusal.name)
        if own is None:
            return refusal.number, refusal.code, str(refusal)
        number = refusal.number if own.number is None else own.number
        text = str(refusal) if own.text is None else _filled_in(own.text, refusal.data)
        return number, own.code or refusal.code, text

    def campaign_status_id(self, status: CampaignStatus) -> int:
        """The number a campaign's status has on the wire."""
        return int(getattr(self, f"campaign_status_id_{status.name.lower()}"))

    def contact_status_id(self, status: ContactStatus) -> int:
        """The number a contact's status has on the wire."""
        return int(getattr(self, f"contact_status_id_{status.name.lower()}"))


@dataclass(frozen=True, slots=True)
class Choice:
    """One line of ``fake-ccmm profile``: ``alternatives`` are the words allowed, or the kind of value."""

    name: str
    default: Any
    alternatives: tuple[str, ...]
    rules: str
    reason: str


def _filled_in(text: str, data: Mapping[str, Any]) -> str:
    """The text with each ``{name}`` or ``{name:format}`` that the refusal has data for replaced."""

    def value(match: re.Match[str]) -> str:
        try:
            return format(data[match[1]], match[2] or "")
        except (KeyError, ValueError):
            return match[0]

    return re.sub(r"\{(\w+)(?::(\.?\d{0,2}[a-z]?))?\}", value, text)


_TYPES = get_type_hints(Profile)
_KIND_WORDS = {bool: "true or false", int: "a whole number", float: "a number"}
_KINDS = {bool: ("true", "false"), int: ("whole number",), float: ("number",)}


def choices() -> Iterator[Choice]:
    """Every open choice but the wordings, in the profile's order."""
    for one in fields(Profile):
        if one.metadata:
            kind = _TYPES[one.name]
            words = get_args(kind) or _KINDS[kind]
            yield Choice(one.name, one.default, words, one.metadata["rules"], one.metadata["reason"])


def load_profile(path: Path) -> dict[str, Any]:
    """The settings in a TOML file, for :func:`make_profile`; a refusal's wording is a table of its name.

    Raises SetupError where the file cannot be read or is not TOML.
    """
    try:
        settings = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SetupError(f"{path}: cannot be read: {error.strerror}") from None
    except RecursionError:
        raise SetupError(f"{path}: is nested too deeply; no choice is") from None
    except ValueError as error:  # no TOML, no UTF-8, or a number of more digits than Python reads
        raise SetupError(f"{path}: is not TOML: {error}") from None
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        if isinstance(value, dict):
            if name not in REFUSALS:
                raise SetupError(f"{path}: [{name}] is no refusal; there are {', '.join(sorted(REFUSALS))}")
            flat.update({f"{name}.{part}": one for part, one in value.items()})
        else:
            flat[name] = value
    return flat


def make_profile(settings: Mapping[str, Any]) -> Profile:
    """A profile with the given settings, values as themselves or as the text a command line has.

    Raises SetupError, naming the setting and what would be right.
    """
    plain: dict[str, Any] = {}
    wordings: dict[str, dict[str, Any]] = {}
    for name, value in settings.items():
        refusal, dot, part = name.partition(".")
        if dot:
            wordings.setdefault(refusal, {})[part] = _wording_value(refusal, part, value)
        else:
            plain[name] = _value(name, value)
    return Profile(**plain, wordings={name: Wording(**parts) for name, parts in wordings.items()})


def _value(name: str, value: Any) -> Any:
    kind = _TYPES.get(name)
    if kind is None or name == "wordings":
        raise SetupError(f"profile: there is no choice named {name!r}; 'fake-ccmm profile' lists all")
    words = get_args(kind)
    if words:
        if value in words:
            return value
        raise SetupError(f"profile: {name} is one of {', '.join(words)}, not {_shown(value)}")
    converted = _converted(kind, value)
    if converted is None:
        raise SetupError(f"profile: {name} is {_KIND_WORDS[kind]}, not {_shown(value)}")
    if name in _NOT_NEGATIVE and converted < 0:
        raise SetupError(f"profile: {name} is 0 or more, not {_shown(value)}")
    if kind is float and converted > _LONGEST:
        raise SetupError(f"profile: {name} is {_LONGEST} at most, not {_shown(value)}")
    bits = 32 if name == "limit_return_value" else 64
    if kind is int and not -(1 << bits - 1) <= converted < 1 << bits - 1:
        raise SetupError(f"profile: {name} is a {bits}-bit number, not {_shown(value)}")
    return converted


def _shown(value: Any) -> str:
    told = repr(value)
    return told if len(told) <= _LONGEST_SHOWN else f"{told[:_LONGEST_SHOWN]}..."


_LONGEST_SHOWN = 80
_LONGEST = 1_000_000_000
_NOT_NEGATIVE = frozenset({"limit_seconds", "find_cap", "session_timeout"})


def _converted(kind: Any, value: Any) -> Any:
    """``value`` as a ``kind``, or None where it is not one."""
    if kind is bool:
        return value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value).lower())
    if isinstance(value, bool):
        return None
    try:
        number = kind(value)
    except (TypeError, ValueError, OverflowError):
        return None
    finite = number == number and abs(number) != float("inf")
    return number if finite and (isinstance(value, str) or number == value) else None


def _wording_value(refusal: str, part: str, value: Any) -> Any:
    if refusal not in REFUSALS:
        raise SetupError(f"profile: there is no refusal named {refusal!r}; there are {', '.join(sorted(REFUSALS))}")
    if part == "number" and (number := _converted(int, value)) is not None:
        return number
    if part == "code" and value in (CLIENT, SERVER):
        return value
    if part == "text" and isinstance(value, str) and value:
        try:
            check_carried(value, f"{refusal}.text")
        except ValueError as error:
            raise SetupError(f"profile: {error}") from None
        return value
    raise SetupError(
        f"profile: {refusal}.{part} = {_shown(value)} is not a setting; a refusal has a number (a whole number), "
        f"a code ({CLIENT} or {SERVER}) and a text (not empty)"
    )
