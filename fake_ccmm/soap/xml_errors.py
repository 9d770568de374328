"""What .NET's XmlTextReader says of text that is not XML, told from what expat finds."""

from __future__ import annotations

import re
from xml.parsers.expat import errors

_CODES: dict[str, int] = errors.codes
_NO_ELEMENT = _CODES[errors.XML_ERROR_NO_ELEMENTS]
_UNCLOSED_TOKEN = _CODES[errors.XML_ERROR_UNCLOSED_TOKEN]
_MISMATCH = _CODES[errors.XML_ERROR_TAG_MISMATCH]
_UNBOUND_PREFIX = _CODES[errors.XML_ERROR_UNBOUND_PREFIX]
_DUPLICATE = _CODES[errors.XML_ERROR_DUPLICATE_ATTRIBUTE]
_UNDEFINED_ENTITY = _CODES[errors.XML_ERROR_UNDEFINED_ENTITY]
_MISPLACED_DECLARATION = _CODES[errors.XML_ERROR_MISPLACED_XML_PI]
_JUNK = _CODES[errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]
_TAG = re.compile(rb"</?([^\s/>]*)")
_ATTRIBUTE = re.compile(rb"([^\s=<>\"'/]+)\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_ENTITY = re.compile(rb"&?([^;\s<&]*)")


class XmlError(Exception):
    """The text is not well-formed XML, or not XML that ASMX reads; the message is .NET's."""


def explain(code: int, data: bytes, offset: int, still_open: list[int], is_at_start: bool) -> str:
    """.NET's words for expat's error ``code`` at a byte offset.

    ``still_open`` are the offsets of the tags not closed by then; ``is_at_start`` says that nothing was read before.
    """
    line, column = _place(data, offset)
    where = f"Line {line}, position {column}."
    after_opening = f"Line {line}, position {column + 1}."
    if code == _NO_ELEMENT:
        if not still_open:
            return "Root element is missing."
        unclosed = ", ".join(_tag_at(data, start) for start in reversed(still_open))
        return f"Unexpected end of file has occurred. The following elements are not closed: {unclosed}. {where}"
    if code == _UNCLOSED_TOKEN:
        return f"Unexpected end of file has occurred. {where}"
    if code == _MISMATCH:
        start_line, start_column = _place(data, still_open[-1])
        found = offset - 2 if data[offset - 2 : offset] == b"</" else offset
        return (
            f"The '{_tag_at(data, still_open[-1])}' start tag on line {start_line} position {start_column + 1} "
            f"does not match the end tag of '{_tag_at(data, found)}'. {where}"
        )
    if code == _UNBOUND_PREFIX:
        return f"'{_tag_at(data, offset).partition(':')[0]}' is an undeclared prefix. {after_opening}"
    if code == _DUPLICATE:
        name, at = _doubled_attribute(data, offset)
        line, column = _place(data, at)
        return f"'{name}' is a duplicate attribute name. Line {line}, position {column}."
    if code == _UNDEFINED_ENTITY:
        named = _ENTITY.match(data, offset)
        entity = named[1].decode("utf-8", "replace") if named else ""
        return f"Reference to undeclared entity '{entity}'. {after_opening}"
    if code == _MISPLACED_DECLARATION:
        return (
            "Unexpected XML declaration. The XML declaration must be the first node in the document, and no white "
            f"space characters are allowed to appear before it. Line {line}, position {column + 2}."
        )
    if code == _JUNK and data[offset : offset + 1] == b"<":
        return f"There are multiple root elements. {after_opening}"
    if is_at_start and not data.lstrip().startswith(b"<"):
        line, column = _place(data, len(data) - len(data.lstrip()))
        return f"Data at the root level is invalid. Line {line}, position {column}."
    if code == _JUNK or is_at_start:
        return f"Data at the root level is invalid. {where}"
    return f"{_character_at(data, offset)} {where}"


def _place(data: bytes, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of a byte offset."""
    before = data[:offset].decode("utf-8", "replace")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _tag_at(data: bytes, offset: int) -> str:
    found = _TAG.match(data, offset)
    return found[1].decode("utf-8", "replace") if found else ""


def _doubled_attribute(data: bytes, offset: int) -> tuple[str, int]:
    """The name that stands twice in the tag around an offset, and where it does so again."""
    seen: set[bytes] = set()
    for found in _ATTRIBUTE.finditer(data, data.rfind(b"<", 0, offset + 1)):
        if found[1] in seen:
            return found[1].decode("utf-8", "replace"), found.start(1)
        seen.add(found[1])
    return _tag_at(data, offset), offset


def _character_at(data: bytes, offset: int) -> str:
    character = data[offset : offset + 8].decode("utf-8", "replace")[:1]
    if character and (ord(character) < 0x20 or character in "\ufffe\uffff"):
        return f"'{character}', hexadecimal value 0x{ord(character):02X}, is an invalid character."
    return f"'{character}' is an unexpected token."
