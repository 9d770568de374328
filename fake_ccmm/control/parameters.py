"""What stands in paths and query strings: which there is, how it is read, and how the OpenAPI document tells it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from werkzeug.datastructures import MultiDict

from ..seed.problems import nearest, told
from .moments import to_moment
from .problems import ControlError, FieldProblem, invalid

Kind = Literal["text", "whole", "switch", "moment"]
_LONG = 1 << 63
_WHOLE = re.compile(r"-?[0-9]{1,19}")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named value in a path or query string. ``words`` are the only ones allowed, where there are any; ``pattern``
    is told only.

    With ``is_prefix`` the name is followed by a dot and anything: ``argument.campaign_id``.
    """

    name: str
    description: str
    kind: Kind = "text"
    default: Any = None
    words: tuple[str, ...] = ()
    least: int = -_LONG
    most: int = _LONG - 1
    pattern: str = ""
    is_prefix: bool = False

    def read(self, text: str) -> Any:
        """The value that a text stands for; a ValueError says what would be right."""
        if self.words and text not in self.words:
            raise ValueError(f"is {told(text)}, not one of {', '.join(self.words)}")
        return _READERS[self.kind](self, text)

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the value."""
        schema: dict[str, Any] = dict(_SCHEMAS[self.kind])
        if self.kind == "whole":
            schema |= {"minimum": self.least, "maximum": self.most}
        if self.pattern:
            schema["pattern"] = self.pattern
        if self.words:
            schema["enum"] = list(self.words)
        if self.default is not None:
            schema["default"] = self.default
        return schema


def read_query(given: MultiDict[str, str], parameters: tuple[Parameter, ...]) -> dict[str, Any]:
    """The values of all parameters, defaults included; a ControlError names each that is wrong.

    Those of a prefix come as a dict under its name, read no further.
    """
    known = {one.name: one for one in parameters}
    values: dict[str, Any] = {one.name: {} if one.is_prefix else one.default for one in parameters}
    problems = []
    for name, texts in given.lists():
        head, _, rest = name.partition(".")
        parameter = known.get(head if rest else name)
        if parameter is None or bool(rest) != parameter.is_prefix:
            names = [f"{one.name}." if one.is_prefix else one.name for one in parameters]
            help_ = nearest(name, names) if names else "; there is none"
            problems.append(FieldProblem(name, f"there is no such parameter{help_}"))
        elif len(texts) > 1:
            problems.append(FieldProblem(name, f"stands {len(texts)} times; once is enough"))
        elif parameter.is_prefix:
            values[head][rest] = texts[0]
        else:
            try:
                values[name] = parameter.read(texts[0])
            except ValueError as error:
                problems.append(FieldProblem(name, str(error)))
    if problems:
        raise invalid(problems)
    return values


def read_path(given: Mapping[str, str]) -> dict[str, Any]:
    """The values in a path; a ControlError (404) where one cannot be the name of anything."""
    values = {}
    for name, text in given.items():
        try:
            values[name] = PATH_PARAMETERS[name].read(text)
        except ValueError as error:
            raise ControlError(404, f"{name} {error}") from None
    return values


def _whole(parameter: Parameter, text: str) -> int:
    number = int(text) if _WHOLE.fullmatch(text) else _LONG
    if not parameter.least <= number <= parameter.most:
        reach = "" if parameter.least == -_LONG else f" from {parameter.least} to {parameter.most}"
        raise ValueError(f"is {told(text)}, where a whole number{reach} belongs")
    return number


def _switch(parameter: Parameter, text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"is {told(text)}, where true or false belongs")
    return text == "true"


_READERS: dict[str, Callable[[Parameter, str], Any]] = {
    "text": lambda parameter, text: text,
    "whole": _whole,
    "switch": _switch,
    "moment": lambda parameter, text: to_moment(text),
}
_SCHEMAS: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "whole": {"type": "integer", "format": "int64"},
    "switch": {"type": "boolean"},
    "moment": {"type": "string", "format": "date-time"},
}

PATH_PARAMETERS: dict[str, Parameter] = {
    one.name: one
    for one in (
        Parameter(
            "center",
            "The name of a center; the one at the server's root is called default.",
            pattern="^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
        ),
        Parameter("name", "The name it was given."),
        Parameter("username", "The name somebody logs in with."),
        Parameter("campaign_id", "The id of a campaign.", "whole"),
        Parameter("contact_id", "The id of a contact.", "whole"),
        Parameter("skillset_id", "The id of a skillset.", "whole"),
        Parameter("disposition_code_id", "The id of a disposition code.", "whole"),
        Parameter("number", "The number of an exchange.", "whole", least=1),
    )
}
"""Everything that stands in braces in a path."""
