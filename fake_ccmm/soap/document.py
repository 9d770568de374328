"""A request's XML as the row of nodes that .NET's XmlTextReader would come across, up to its first error.

Expat does the parsing. A node is a *start* ``(qualified name, attributes)``, an *end* ``None``, a *text* ``str``,
``ASIDE`` for a comment or processing instruction; the row ends in ``END_OF_FILE``, or in the XmlError that stops
the reader there. So whoever reads the row meets an error where ASMX would: after what comes before it, and not at all
if it stops earlier. Where things stand in the text is found out only when a fault asks for it.
"""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any, Final
from xml.parsers import expat

from .names import SEPARATOR

ASIDE: Final = 0
END_OF_FILE: Final = 1
_BUFFER = 1 << 20
_OPENINGS = ((b"<!--", 4), (b"<![CDATA[", 9), (b"<?", 2), (b"</", 2), (b"<", 1))

_XSI_TYPES = tuple(
    f"http://www.w3.org/{version}{SEPARATOR}type"
    for version in ("2001/XMLSchema-instance", "2000/10/XMLSchema-instance", "1999/XMLSchema-instance")
)

Attributes = dict[str, str]
_Places = tuple[dict[int, int], dict[int, int]]
Node = Any
"""``tuple[str, Attributes] | None | str | int | XmlError``; kept as Any because each reader tells them apart itself."""


class XmlError(Exception):
    """The text is not well-formed XML, or not XML that ASMX reads; the message is .NET's."""


class _Stop(Exception):
    """Ends a parse from within a handler."""


class Document:
    """The nodes of one text."""

    __slots__ = ("_places", "_text", "_types", "nodes")

    def __init__(self, text: str) -> None:
        self._text = text
        self._types: dict[int, tuple[str, str | None]] | None = None
        self._places: _Places | None = None
        nodes: list[Node] = []
        append = nodes.append

        parser = expat.ParserCreate(None, SEPARATOR)
        parser.buffer_text = True
        parser.buffer_size = _BUFFER if len(text) > 8000 else 8192
        parser.StartElementHandler = lambda name, attributes: append((name, attributes))
        parser.EndElementHandler = lambda name: append(None)
        parser.CharacterDataHandler = append
        parser.CommentHandler = lambda text: append(ASIDE)
        parser.ProcessingInstructionHandler = lambda target, data: append(ASIDE)
        parser.StartDoctypeDeclHandler = _refuse
        parser.XmlDeclHandler = _check_version
        try:
            parser.Parse(text, True)
        except (expat.ExpatError, _Stop):
            nodes = self._read_up_to_error()
        else:
            append(END_OF_FILE)
        self.nodes = nodes

    def position_of(self, index: int) -> tuple[int, int]:
        """Line and column, from 1, of the start tag at ``index``, just after its ``<``."""
        starts, _ = self._located()
        return self._position(starts[index] + 1)

    def position_after(self, index: int) -> tuple[int, int]:
        """Line and column of the node that follows the end at ``index``, as XmlTextReader gives them."""
        _, ends = self._located()
        offset = ends[index]
        data = self._bytes()
        for opening, length in _OPENINGS:
            if data.startswith(opening, offset):
                return self._position(offset + length)
        return self._position(offset)

    def type_at(self, index: int) -> tuple[str, str | None] | None:
        """The xsi:type of the start tag at ``index`` as (local name, namespace), or None where it has none.

        The namespace is None where the type's prefix is not declared.
        """
        if self._types is None:
            self._types = _types_of(self._bytes())
        return self._types.get(index)

    def _bytes(self) -> bytes:
        """The text in UTF-8, whatever its declaration says."""
        return self._text.encode()

    def _read_up_to_error(self) -> list[Node]:
        reading = _Reading(self._bytes())
        self._places = (reading.starts, reading.ends)
        return reading.nodes

    def _located(self) -> _Places:
        """The byte offset of each start tag's ``<``, and that after each end tag, by place in the row of nodes."""
        if self._places is None:
            reading = _Reading(self._bytes())
            self._places = (reading.starts, reading.ends)
        return self._places

    def _position(self, offset: int) -> tuple[int, int]:
        """Line and column of a byte offset; columns count UTF-16 units, as .NET's strings do."""
        before = self._bytes()[:offset].decode()
        lines = re.split("\r\n|\r|\n", before)
        return len(lines), len(lines[-1].encode("utf-16-le")) // 2 + 1


def _refuse(*_: object) -> None:
    raise _Stop


def _check_version(version: str, encoding: str | None, standalone: int) -> None:
    if version != "1.0":
        raise _Stop


def _types_of(data: bytes) -> dict[int, tuple[str, str | None]]:
    """The xsi:type of every start tag that has one, by its place in the row of nodes."""
    types: dict[int, tuple[str, str | None]] = {}
    scopes: dict[str, list[str]] = {"": [""]}
    count = 0

    def declared(prefix: str | None, uri: str | None) -> None:
        scopes.setdefault(prefix or "", []).append(uri or "")

    def undeclared(prefix: str | None) -> None:
        scopes[prefix or ""].pop()

    def started(name: str, attributes: Attributes) -> None:
        nonlocal count
        value = next((attributes[one] for one in _XSI_TYPES if one in attributes), None)
        if value is not None:
            prefix, _, local = value.rpartition(":")
            known = scopes.get(prefix)
            types[count] = (local, known[-1] if known else None)
        count += 1

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    parser = expat.ParserCreate("utf-8", SEPARATOR)
    parser.buffer_text = True
    parser.buffer_size = _BUFFER
    parser.StartNamespaceDeclHandler = declared
    parser.EndNamespaceDeclHandler = undeclared
    parser.StartElementHandler = started
    parser.EndElementHandler = counted
    parser.CharacterDataHandler = counted
    parser.CommentHandler = counted
    parser.ProcessingInstructionHandler = counted
    with suppress(expat.ExpatError):
        parser.Parse(data, True)
    return types


class _Reading:
    """A slower reading that knows where each node stands and what stopped it."""

    def __init__(self, data: bytes) -> None:
        self.nodes: list[Node] = []
        self.starts: dict[int, int] = {}
        self.ends: dict[int, int] = {}
        self._data = data
        self._open: list[tuple[str, int]] = []
        self._refusal: str | None = None
        parser = self._parser = expat.ParserCreate("utf-8", SEPARATOR)
        parser.buffer_text = True
        parser.buffer_size = _BUFFER
        parser.StartElementHandler = self._started
        parser.EndElementHandler = self._ended
        parser.CharacterDataHandler = self.nodes.append
        parser.CommentHandler = lambda text: self.nodes.append(ASIDE)
        parser.ProcessingInstructionHandler = lambda target, data: self.nodes.append(ASIDE)
        parser.StartDoctypeDeclHandler = self._doctype
        parser.XmlDeclHandler = self._declaration
        try:
            parser.Parse(data, True)
        except expat.ExpatError as error:
            self._stopped(self._explain(error))
        except _Stop:
            self._stopped(self._refusal or "")
        else:
            self.nodes.append(END_OF_FILE)

    def _started(self, name: str, attributes: Attributes) -> None:
        offset = self._parser.CurrentByteIndex
        self.starts[len(self.nodes)] = offset
        self._open.append((name, offset))
        self.nodes.append((name, attributes))

    def _ended(self, name: str) -> None:
        offset = self._parser.CurrentByteIndex
        self._open.pop()
        empty = type(self.nodes[-1]) is tuple and self._data[offset - 2 : offset] == b"/>"
        self.ends[len(self.nodes)] = offset if empty else self._data.index(b">", offset) + 1
        self.nodes.append(None)

    def _doctype(self, *_: object) -> None:
        self._refusal = "DTD is prohibited in this XML document."
        raise _Stop

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if version != "1.0":
            self._refusal = f"Version number '{version}' is invalid. Line 1, position 16."
            raise _Stop

    def _stopped(self, message: str) -> None:
        """Add what .NET still reads before the error but expat keeps to itself: text, and blanks after the root."""
        offset = max(self._parser.ErrorByteIndex, 0)
        last = len(self.nodes) - 1
        if not self._open:
            if last in self.ends and self._data[self.ends[last] : self.ends[last] + 1] in _BLANK_BYTES:
                self.nodes.append(" ")
        else:
            markup = self._data.rfind(b"<", 0, offset + 1)
            text = self._data[self._data.rfind(b">", 0, markup) + 1 : markup]
            if text and b"&" not in text and type(self.nodes[last]) is not str:
                self.nodes.append(text.decode())
        self.nodes.append(XmlError(message))

    def _explain(self, error: expat.ExpatError) -> str:
        """.NET's words for what expat found."""
        offset = max(self._parser.ErrorByteIndex, 0)
        before = self._data[:offset].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        where = f"Line {line}, position {column}."
        code = error.code
        if code == _CODES["no element found"]:
            if not self._open:
                return "Root element is missing."
            unclosed = ", ".join(self._tag_at(start) for _, start in reversed(self._open))
            return f"Unexpected end of file has occurred. The following elements are not closed: {unclosed}. {where}"
        if code == _CODES["unclosed token"]:
            return f"Unexpected end of file has occurred. {where}" if self._open else f"Unexpected end of file. {where}"
        if code == _CODES["mismatched tag"]:
            _, start = self._open[-1]
            tag, at = self._tag_at(start), self._data[:start].decode()
            found = self._tag_at(offset - 2 if self._data[offset - 2 : offset] == b"</" else offset)
            opened = f"line {at.count(chr(10)) + 1} position {len(at) - at.rfind(chr(10)) + 1}"
            return f"The '{tag}' start tag on {opened} does not match the end tag of '{found}'. {where}"
        if code == _CODES["unbound prefix"]:
            prefix = self._tag_at(offset).partition(":")[0]
            return f"'{prefix}' is an undeclared prefix. Line {line}, position {column + 1}."
        if code == _CODES["duplicate attribute"]:
            return f"An attribute is a duplicate attribute name. {where}"
        if code == _CODES["undefined entity"]:
            named = re.match(rb"&?([^;\s<&]*)", self._data[offset:])
            entity = named[1].decode("utf-8", "replace") if named else ""
            return f"Reference to undeclared entity '{entity}'. Line {line}, position {column + 1}."
        if code == _CODES["XML or text declaration not at start of entity"]:
            return (
                "Unexpected XML declaration. The XML declaration must be the first node in the document, and no white "
                f"space characters are allowed to appear before it. Line {line}, position {column + 2}."
            )
        if code == _CODES["junk after document element"]:
            if self._data[offset : offset + 1] == b"<":
                return f"There are multiple root elements. Line {line}, position {column + 1}."
            return f"Data at the root level is invalid. {where}"
        if not self.nodes:
            return f"Data at the root level is invalid. {where}"
        return f"{_character_at(self._data, offset)} {where}"

    def _tag_at(self, offset: int) -> str:
        found = re.match(rb"</?([^\s/>]*)", self._data[offset:])
        return found[1].decode("utf-8", "replace") if found else ""


_BLANK_BYTES = frozenset({b" ", b"\t", b"\r", b"\n"})
_CODES: dict[str, int] = expat.errors.codes


def _character_at(data: bytes, offset: int) -> str:
    character = data[offset:].decode("utf-8", "replace")[:1]
    if character and (ord(character) < 0x20 or character in "\ufffe\uffff"):
        return f"'{character}', hexadecimal value 0x{ord(character):02X}, is an invalid character."
    return f"'{character}' is an unexpected token."
