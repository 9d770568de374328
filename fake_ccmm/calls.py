"""The calls that the services know, by the domain's names, and patterns that pick some of them out.

Journal, fault rules and timeline speak of calls in these words. Knows no SOAP and no HTTP.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import Enum
from typing import Any

from .errors import SetupError
from .model import Address, Contact, CustomField, PhoneNumber

OPERATIONS: dict[str, tuple[str, ...]] = {
    "OutboundLogin": ("username", "password"),
    "OutboundLogoff": ("username",),
    "GetCampaigns": ("session_key",),
    "Get200CampaignContacts": ("session_key", "campaign_id", "last_contact_id"),
    "AppendContactsToCampaign": ("session_key", "campaign_id", "contact", "priority"),
    "GetContactStatus": (
        "session_key",
        "campaign_id",
        "contact_id",
        "custom_field_name",
        "custom_field_value",
        "custom_field_passed",
    ),
    "CloseContact": (
        "session_key",
        "campaign_id",
        "contact_id",
        "custom_field_name",
        "custom_field_value",
        "custom_field_specified",
        "closure_text",
        "disposition_code",
        "disposition_code_specified",
    ),
    "GetContactIDByPhoneNumber": ("session_key", "campaign_id", "phone_number"),
    "FindContactsByPhoneNumber": ("session_key", "campaign_id", "phone_number", "contact_status"),
    "FindContactsByCustomField": ("session_key", "campaign_id", "custom_field", "contact_status"),
}
"""Every operation of the services with the names of its arguments."""

ARGUMENTS: tuple[str, ...] = tuple(dict.fromkeys(name for names in OPERATIONS.values() for name in names))
"""The arguments of all operations, each once."""

_FIELDS: dict[str, tuple[str, ...]] = {
    "contact": tuple(one.name for one in fields(Contact)),
    "address": tuple(one.name for one in fields(Address)),
    "phone_number": tuple(one.name for one in fields(PhoneNumber)),
    "custom_field": tuple(one.name for one in fields(CustomField)),
    "contact_status": ("id", "name"),
}
"""What the structured values hold, wherever they stand."""

_FIELDS_BY_NAME = "custom_fields"
_MISSING = object()
_PLAIN = (str, int, float, type(None))


@dataclass(frozen=True, slots=True)
class CallPattern:
    """Picks calls out by operation, user and arguments; what is left out matches any call of an operation.

    ``arguments`` goes by the domain's names. A nested mapping compares only the fields it names, and
    ``"contact.first_name"`` is short for one; a contact's custom fields may be given as a mapping from name to text.
    A field that a call left out reads as None. A value that can be called is asked whether it likes what the call has.
    """

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012  a ClassVar would not be found by pydantic

    operation: str | None = None
    user: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)

    def matches(self, operation: str | None, user: str | None, arguments: Mapping[str, Any]) -> bool:
        """Whether a call is one of these; a request that calls no operation (None) never is."""
        if operation is None or (self.operation is not None and self.operation != operation):
            return False
        if self.user is not None and self.user != user:
            return False
        return not self.arguments or arguments_match(self.arguments, arguments)

    def differences(self, operation: str | None, user: str | None, arguments: Mapping[str, Any]) -> list[str]:
        """What keeps a call from being one of these, each in a few words such as ``contact_id is 8, not 7``."""
        found: list[str] = []
        if operation is None:
            found.append("no operation was called")
        elif self.operation is not None and self.operation != operation:
            found.append(f"operation is {operation}, not {self.operation}")
        if self.user is not None and self.user != user:
            found.append(f"user is {user}, not {self.user}")
        return found + argument_differences(self.arguments, arguments)

    def check(self) -> None:
        """A SetupError where no call can ever match: an unknown operation, argument or field of an argument."""
        check_operation(self.operation)
        check_arguments(self.operation, self.arguments)


def arguments_match(expected: Mapping[str, Any], arguments: Mapping[str, Any]) -> bool:
    """Whether a call's arguments are as expected, in the way of :class:`CallPattern`."""
    return all(_matches(value, _argument(name, arguments)) for name, value in expected.items())


def argument_differences(expected: Mapping[str, Any], arguments: Mapping[str, Any]) -> list[str]:
    """What of a call's arguments is not as expected, in words; empty where :func:`arguments_match`."""
    return [text for name, value in expected.items() for text in _differences(name, value, _argument(name, arguments))]


def check_operation(operation: str | None) -> None:
    """A SetupError where this is not the name of an operation; None is any."""
    if operation is not None and operation not in OPERATIONS:
        raise SetupError(f"no operation is called {operation!r}{nearest(operation, OPERATIONS)}")


def check_arguments(operation: str | None, arguments: Mapping[str, Any]) -> None:
    """A SetupError where the operation (None: every one) has no such argument, or the argument no such field."""
    allowed = ARGUMENTS if operation is None else OPERATIONS[operation]
    owner = "no operation has" if operation is None else f"{operation} does not have"
    for path, value in arguments.items():
        name, _, rest = path.partition(".")
        if name not in allowed:
            raise SetupError(f"{owner} an argument {name!r}{nearest(name, allowed)}")
        _check_value(name, {rest: value} if rest else value)


def nearest(word: str, names: Collection[str]) -> str:
    """The end of a message about a word that is none of the names: the one that was meant, and all there are."""
    from difflib import get_close_matches  # only a mistake needs it

    by_lower = {name.lower(): name for name in names}
    close = get_close_matches(str(word).lower(), by_lower, n=1)
    every = ", ".join(names)
    return f"; did you mean {by_lower[close[0]]!r}? There are: {every}" if close else f"; there are: {every}"


def shown(value: Any, most: int = 80) -> str:
    """A value on one line, as Python writes it, shortened to ``most`` characters."""
    if isinstance(value, Enum):
        value = value.value
    text = _name_of(value) if callable(value) else repr(value)
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _argument(path: str, arguments: Mapping[str, Any]) -> Any:
    if path in arguments:
        return arguments[path]
    name, _, rest = path.partition(".")
    return _field(rest, arguments[name]) if rest and name in arguments else _MISSING


def _field(path: str, value: Any) -> Any:
    """What a structured value holds at a path; None where it holds nothing there."""
    if isinstance(value, Mapping):
        if path in value:
            return value[path]
        name, _, rest = path.partition(".")
        return _field(rest, value.get(name)) if rest else None
    if isinstance(value, (list, tuple)):  # custom fields: all that is left of the path is the name of one
        return next((one.get("text") for one in value if isinstance(one, Mapping) and one.get("name") == path), None)
    return None


def _matches(expected: Any, actual: Any) -> bool:
    if isinstance(expected, _PLAIN):  # nearly all are, and to know a mapping takes longer
        return _is_same(expected, _plain(actual))
    if actual is _MISSING:
        return False
    if isinstance(expected, Mapping):
        return _has_fields(actual) and all(_matches(value, _field(name, actual)) for name, value in expected.items())
    if isinstance(expected, (list, tuple)):
        return _is_as_long(expected, actual) and all(map(_matches, expected, actual))
    if callable(expected):
        return _accepts(expected, actual) is True
    return _is_same(_plain(expected), _plain(actual))


def _differences(path: str, expected: Any, actual: Any) -> Iterator[str]:
    if isinstance(expected, Mapping) and actual is not _MISSING and _has_fields(actual):
        for name, value in expected.items():
            yield from _differences(f"{path}.{name}", value, _field(name, actual))
    elif isinstance(expected, (list, tuple)) and _is_as_long(expected, actual):
        for place, (value, had) in enumerate(zip(expected, actual, strict=True)):
            yield from _differences(f"{path}[{place}]", value, had)
    elif not _matches(expected, actual):
        yield (
            f"{path} was not given" if actual is _MISSING else f"{path} is {shown(actual)}, {_wanted(expected, actual)}"
        )


def _wanted(expected: Any, actual: Any) -> str:
    if not callable(expected):
        return f"not {shown(expected)}"
    error = _accepts(expected, actual)
    return f"on which {shown(expected)} raised {error!r}" if error else f"which {shown(expected)} does not accept"


def _accepts(predicate: Callable[[Any], Any], actual: Any) -> bool | Exception:
    """What a predicate says, or the exception it raised."""
    try:
        return bool(predicate(actual))
    except Exception as error:
        return error


def _has_fields(actual: Any) -> bool:
    return actual is None or isinstance(actual, (Mapping, list, tuple))


def _is_as_long(expected: Any, actual: Any) -> bool:
    return isinstance(actual, (list, tuple)) and len(actual) == len(expected)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _is_same(expected: Any, actual: Any) -> bool:
    """Equal and of one kind: True is not 1, and 7 is not 7.0."""
    return bool(expected == actual) and (isinstance(expected, str) or type(expected) is type(actual))


def _name_of(predicate: Any) -> str:
    return str(getattr(predicate, "__name__", None) or repr(predicate))


def _check_value(name: str, value: Any) -> None:
    """Check what stands for a structured argument or field; any value will do for a plain one."""
    if callable(value) or value is None:
        return
    if name == _FIELDS_BY_NAME:
        _check_custom_fields(value)
    elif name not in _FIELDS:
        if isinstance(value, Mapping):
            raise SetupError(f"{name} is a plain value and has no field {next(iter(value), '')!r}")
    elif not isinstance(value, Mapping):
        raise SetupError(f"{name} has to be a mapping with some of {', '.join(_FIELDS[name])}, not {shown(value)}")
    else:
        for path, inner in value.items():
            part, _, rest = str(path).partition(".")
            if part not in _FIELDS[name]:
                raise SetupError(f"{name} has no field {part!r}{nearest(part, _FIELDS[name])}")
            _check_value(part, {rest: inner} if rest else inner)


def _check_custom_fields(value: Any) -> None:
    if isinstance(value, (list, tuple)):
        for one in value:
            _check_value("custom_field", one)
    elif not isinstance(value, Mapping):
        raise SetupError(
            f"{_FIELDS_BY_NAME} has to be a mapping from names to texts or a list of mappings with name and text, "
            f"not {shown(value)}"
        )
