"""The request of a call: an envelope of SOAP 1.1 or 1.2 with its headers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..exchange import HttpRequest
from .names import CALLS, DATATYPES, LISTS, NAMESPACE, SOAP_VERSIONS, STRUCTURES, Element, soap_action

_NOT_FOR_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TO_ESCAPE = re.compile("[&<>\r]")
# A carriage return is written as a reference, or the reader would make a line feed of it.
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}


@dataclass(frozen=True, slots=True)
class Raw:
    """A text to write as an argument of any type: ``Raw("abc")`` as ``campaign_id`` is a number that is none."""

    text: str


def request_for(url: str, operation: str, arguments: Mapping[str, Any], *, soap: str = "1.1") -> HttpRequest:
    """The request that calls ``operation`` of the service at ``url``, the address of its .asmx.

    ``arguments`` go by the names of :mod:`ccmm_contracts.operations`; one that is left out, or None, is an element that
    is left out. Raises ValueError for an operation, an argument or a SOAP version that does not exist, and for
    characters that XML cannot carry; TypeError for a value that is not of its argument's type.
    """
    version, call = SOAP_VERSIONS.get(soap), CALLS.get(operation)
    if version is None or call is None:
        raise ValueError(f"there is no operation {operation!r} in SOAP {soap!r}")
    unknown = arguments.keys() - {one.field for one in call.arguments}
    if unknown:
        known = ", ".join(one.field for one in call.arguments)
        raise ValueError(f"{operation} has no argument {sorted(unknown)}; it has: {known}")
    content = "".join(_written(one, "", arguments.get(one.field)) for one in call.arguments)
    body = (
        f'<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{version.namespace}" '
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:d="{DATATYPES}"><soap:Body>'
        f'<{operation} xmlns="{NAMESPACE}">{content}</{operation}></soap:Body></soap:Envelope>'
    )
    return HttpRequest("POST", url, headers_for(operation, soap=soap), body.encode())


def headers_for(operation: str, *, soap: str = "1.1") -> tuple[tuple[str, str], ...]:
    """The headers of a call of ``operation``: SOAP 1.1 names the action in SOAPAction, 1.2 beside the media type."""
    media_type = SOAP_VERSIONS[soap].media_type
    action = f'"{soap_action(operation)}"'
    if soap == "1.1":
        return (("Content-Type", f"{media_type}; charset=utf-8"), ("SOAPAction", action))
    return (("Content-Type", f"{media_type}; charset=utf-8; action={action}"),)


def escaped(text: str) -> str:
    """``text`` as XML has it between tags; raises ValueError where XML cannot carry a character of it."""
    wrong = _NOT_FOR_XML.search(text)
    if wrong:
        raise ValueError(f"XML cannot carry the character U+{ord(wrong[0]):04X}")
    return _TO_ESCAPE.sub(lambda one: _ESCAPES[one[0]], text)


def _written(element: Element, prefix: str, value: Any) -> str:
    if value is None:
        return ""
    tag = prefix + element.name
    return f"<{tag}>{_content(element, value)}</{tag}>"


def _content(element: Element, value: Any) -> str:
    if isinstance(value, Raw):
        return escaped(value.text)
    if element.type in LISTS and isinstance(value, (tuple, list)):
        item = Element("", LISTS[element.type], LISTS[element.type])
        return "".join(
            f'<d:{item.name} xsi:nil="true" />' if one is None else _written(item, "d:", one) for one in value
        )
    structure = STRUCTURES.get(element.type)
    if structure is not None and isinstance(value, structure.kind):
        return "".join(_written(one, "d:", getattr(value, one.field)) for one in structure.members)
    if element.type == "boolean" and isinstance(value, bool):
        return "true" if value else "false"
    if element.type in ("int", "long") and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if element.type in ("string", "dateTime") and isinstance(value, str):
        return escaped(value)
    raise TypeError(
        f"{element.name} is {element.type}, and cannot be a {type(value).__name__}; "
        "to send what is none on purpose, send a Raw"
    )
