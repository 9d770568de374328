"""From values to XML text, byte for byte as .NET's XmlSerializer writes it, driven by spyne's declarations.

Null members are left out, empty ones are `` />`` elements, numbers, booleans and dates are always there. The
datatypes namespace is declared on each direct child of a result; deeper elements inherit it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from .compat import Boolean, ComplexModel, DateTime, Unicode
from .names import DATATYPES

Write = Callable[[Any], str]
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
UNSET_DATE = "0001-01-01T00:00:00"
"""How .NET writes a date that was never set."""


def escape(text: str) -> str:
    """Text as XmlTextWriter writes it: quotes, line ends and tabs raw, control characters as references."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    return text


def escape_any(text: str) -> str:
    """As :func:`escape`, for text that may hold what XML cannot: such characters become references or U+FFFD."""
    text = _CONTROL.sub(lambda match: f"&#x{ord(match[0]):X};", escape(text))
    return text.encode("utf-8", "replace").decode() if not text.isascii() else text


def element(name: str, text: str) -> str:
    """An element with text, or an empty one."""
    return f"<{name}>{escape(text)}</{name}>" if text else f"<{name} />"


def members_writer(model: type[ComplexModel], *, namespace: str = "") -> Callable[[Mapping[str, Any]], str]:
    """How to write the members of a complex type from their values by wire name.

    ``namespace`` is declared on each member: for the direct children of a result.
    """
    declared = f' xmlns="{namespace}"' if namespace else ""
    writers = [(name, _member_writer(name, kind, declared)) for name, kind in model._type_info.items()]

    def write(values: Mapping[str, Any]) -> str:
        return "".join([writer(values[name]) for name, writer in writers])

    return write


def _member_writer(name: str, kind: Any, declared: str) -> Write:
    head = f"<{name}{declared}"
    if issubclass(kind, ComplexModel):
        return _object_writer(name, head, members_writer(kind), _item_of(kind))
    empty, start, end = f"{head} />", f"{head}>", f"</{name}>"
    if issubclass(kind, Unicode):

        def write_text(value: Any) -> str:
            if value is None:
                return ""
            return f"{start}{escape(value)}{end}" if value else empty

        return write_text
    if issubclass(kind, Boolean):
        true, false = f"{start}true{end}", f"{start}false{end}"
        return lambda value: true if value else false
    if issubclass(kind, DateTime):
        return lambda value: f"{start}{value or UNSET_DATE}{end}"
    return lambda value: f"{start}{value}{end}"


def _item_of(kind: type[ComplexModel]) -> str | None:
    """The name of a list type's items, None for a type that is no list."""
    return next((name for name, item in kind._type_info.items() if item.Attributes.max_occurs > 1), None)


def _object_writer(name: str, head: str, write_members: Write, item: str | None) -> Write:
    empty, start, end = f"{head} />", f"{head}>", f"</{name}>"

    def write_object(value: Any) -> str:
        if value is None:
            return ""
        inner = write_members(value)
        return f"{start}{inner}{end}" if inner else empty

    def write_list(values: Any) -> str:
        if values is None:
            return ""
        inner = "".join([write_members({item: one}) for one in values])
        return f"{start}{inner}{end}" if inner else empty

    return write_list if item else write_object


def datatypes_writer(model: type[ComplexModel]) -> Callable[[Mapping[str, Any]], str]:
    """How to write the inside of a result of a data type."""
    return members_writer(model, namespace=DATATYPES)
