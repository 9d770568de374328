"""A request's XML as the row of nodes that .NET's XmlTextReader would come across, up to its first error.

Expat does the parsing. A node is a *start* ``(qualified name, attributes)``, an *end* ``None``, a *text* ``str``,
``ASIDE`` for a comment or processing instruction; the row ends in ``END_OF_FILE``, or in the XmlError that stops
the reader there. So whoever reads the row meets an error where ASMX would: after what comes before it, and not at all
if it stops earlier. Where things stand in the text is found out only when a fault asks for it.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final
from xml.parsers import expat

from .names import SEPARATOR
from .xml_errors import XmlError, explain

ASIDE: Final = 0
END_OF_FILE: Final = 1

Attributes = dict[str, str]
Node = Any
"""``tuple[str, Attributes] | None | str | int | XmlError``; kept as Any because each reader tells them apart itself."""

_BUFFER = 8192
_LARGE = 64 * 1024
_OPENINGS = ((b"<!--", 4), (b"<![CDATA[", 9), (b"<?", 2), (b"</", 2), (b"<", 1))
_DECLARED = re.compile(r"<\?xml\s[^>]*?\bencoding\s*=\s*[\"']([^\"'<>]+)[\"']")
_START_TAG = re.compile(rb"<[^\"'>]*(?:(?:\"[^\"]*\"|'[^']*')[^\"'>]*)*>")
_BLANKS = re.compile(rb"[ \t\r\n]+<")
_XSI_TYPES = tuple(
    f"http://www.w3.org/{version}{SEPARATOR}type"
    for version in ("2001/XMLSchema-instance", "2000/10/XMLSchema-instance", "1999/XMLSchema-instance")
)


class _Stop(Exception):
    """Ends a parse from within a handler: the document is well-formed so far, but ASMX goes no further."""


class _Starts(dict[str, tuple[str, Attributes]]):
    """The one start node of each name without attributes: large documents have few names."""

    def __missing__(self, name: str) -> tuple[str, Attributes]:
        node = self[name] = (name, {})
        return node


class Document:
    """The nodes of one text."""

    __slots__ = ("_offsets", "_text", "_types", "nodes")

    def __init__(self, text: str, broken_off: str | None = None) -> None:
        """Read a text; ``broken_off`` says why there is no more of it, where a byte after it could not be decoded."""
        self._text = text
        self._offsets: list[int] | None = None
        self._types: dict[int, tuple[str, str | None]] | None = None
        nodes = self._parse(text)
        if broken_off is not None:
            nodes[-1] = XmlError(broken_off)
        self.nodes = nodes

    def _parse(self, text: str) -> list[Node]:
        """The nodes of the text, and where it breaks off; the places of its nodes only then."""
        nodes: list[Node] = []
        parser = _parser(len(text))
        _listen(parser, nodes.append)
        try:
            with _without_collection(len(text)):
                parser.Parse(text, True)
        except (expat.ExpatError, _Stop):
            nodes, self._offsets = _read_with_offsets(self._bytes())
        else:
            nodes.append(END_OF_FILE)
        return nodes

    def position_of(self, index: int) -> tuple[int, int]:
        """Line and column, from 1, of the start tag at ``index``, just after its ``<``."""
        return self._position(self._offset(index) + 1)

    def position_after(self, index: int) -> tuple[int, int]:
        """Line and column of the node that follows the end at ``index``, as XmlTextReader gives them."""
        offset = end_of_tag(self._bytes(), self.nodes, index, self._offset(index))
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
        """The text in UTF-8. What its declaration says of an encoding does not count, not even as a name."""
        declared = _DECLARED.match(self._text)
        if declared is None:
            return self._text.encode()
        start, end = declared.span(1)
        return (self._text[:start] + "x" * (end - start) + self._text[end:]).encode()

    def _offset(self, index: int) -> int:
        """The byte at which expat came across the node at ``index``."""
        if self._offsets is None:
            _, self._offsets = _read_with_offsets(self._bytes())
        return self._offsets[index]

    def _position(self, offset: int) -> tuple[int, int]:
        """Line and column of a byte offset; columns count UTF-16 units, as .NET's strings do."""
        before = self._bytes()[:offset].decode()
        lines = re.split("\r\n|\r|\n", before)
        return len(lines), len(lines[-1].encode("utf-16-le")) // 2 + 1


def end_of_tag(data: bytes, nodes: list[Node], index: int, offset: int) -> int:
    """The byte after the end tag, or the empty element's tag, that is the end node at ``index``.

    Expat is at the ``<`` of an end tag, but already behind the tag of an empty element.
    """
    is_empty = type(nodes[index - 1]) is tuple and data[offset - 2 : offset] == b"/>"
    return offset if is_empty else data.index(b">", offset) + 1


def _parser(size: int) -> Any:
    """A parser of a UTF-8 text, whatever it declares, that gives each text in as few pieces as can be."""
    parser = expat.ParserCreate("utf-8", SEPARATOR)
    parser.buffer_text = True
    parser.buffer_size = max(min(size, 1 << 22), _BUFFER)
    return parser


def _listen(parser: Any, note: Callable[[Node], None]) -> None:
    """Have every node noted as the parser comes to it."""
    starts = _Starts()
    parser.StartElementHandler = lambda name, found: note((name, found) if found else starts[name])
    parser.EndElementHandler = lambda name: note(None)
    parser.CharacterDataHandler = note
    parser.CommentHandler = lambda text: note(ASIDE)
    parser.ProcessingInstructionHandler = lambda target, data: note(ASIDE)
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.XmlDeclHandler = _check_version


@contextmanager
def _without_collection(size: int) -> Iterator[None]:
    """Many nodes of a large text must not set off the garbage collector again and again."""
    pause = size > _LARGE and gc.isenabled()
    if pause:
        gc.disable()
    try:
        yield
    finally:
        if pause:
            gc.enable()


def _refuse_doctype(*_: object) -> None:
    raise _Stop("DTD is prohibited in this XML document.")


def _check_version(version: str, encoding: str | None, standalone: int) -> None:
    if version != "1.0":
        raise _Stop(f"Version number '{version}' is invalid. Line 1, position 16.")


def _read_with_offsets(data: bytes) -> tuple[list[Node], list[int]]:
    """A slower reading that knows where each node stands and what stops it."""
    nodes: list[Node] = []
    offsets: list[int] = []

    def note(node: Node) -> None:
        nodes.append(node)
        offsets.append(parser.CurrentByteIndex)

    parser = _parser(len(data))
    _listen(parser, note)
    message = None
    try:
        with _without_collection(len(data)):
            parser.Parse(data, True)
    except _Stop as stop:
        message = str(stop)
    except expat.ExpatError as error:
        offset = max(parser.ErrorByteIndex, 0)
        still_open = _open_starts(nodes, offsets)
        unseen = _text_before_error(data, nodes, offsets, offset, bool(still_open))
        if unseen:
            note(unseen)
        message = explain(error.code, data, offset, still_open, not nodes)
    note(END_OF_FILE if message is None else XmlError(message))
    return nodes, offsets


def _open_starts(nodes: list[Node], offsets: list[int]) -> list[int]:
    """The offsets of the start tags that were not closed, outermost first."""
    found: list[int] = []
    for node, offset in zip(nodes, offsets, strict=True):
        if type(node) is tuple:
            found.append(offset)
        elif node is None:
            found.pop()
    return found


def _text_before_error(data: bytes, nodes: list[Node], offsets: list[int], offset: int, is_inside: bool) -> str:
    """What .NET still reads as a node before the error but expat keeps to itself: text, and blanks after the root."""
    if not nodes:
        return ""
    start = _end_of_node(data, nodes, offsets)
    if not is_inside:
        return " " if _BLANKS.match(data, start) else ""
    end = data.find(b"<", start)
    return data[start:end].decode("utf-8", "replace") if start < end <= offset else ""


def _end_of_node(data: bytes, nodes: list[Node], offsets: list[int]) -> int:
    """The byte after the last node's markup; the end of all where it is a text, which has no more before the error."""
    node, offset = nodes[-1], offsets[-1]
    if node is None:
        return end_of_tag(data, nodes, len(nodes) - 1, offset)
    if node is ASIDE:
        mark = b"-->" if data.startswith(b"<!--", offset) else b"?>"
        return data.index(mark, offset) + len(mark)
    tag = _START_TAG.match(data, offset) if type(node) is tuple else None
    return tag.end() if tag else len(data)


def _types_of(data: bytes) -> dict[int, tuple[str, str | None]]:
    """The xsi:type of every start tag that has one, by its place in the row of nodes."""
    types: dict[int, tuple[str, str | None]] = {}
    scopes: dict[str, list[str]] = {"": [""]}
    place = 0

    def declared(prefix: str | None, uri: str | None) -> None:
        scopes.setdefault(prefix or "", []).append(uri or "")

    def undeclared(prefix: str | None) -> None:
        scopes[prefix or ""].pop()

    def started(name: str, attributes: Attributes) -> None:
        nonlocal place
        value = next((attributes[one] for one in _XSI_TYPES if one in attributes), None)
        if value is not None:
            prefix, _, local = value.rpartition(":")
            known = scopes.get(prefix)
            types[place] = (local, known[-1] if known else None)
        place += 1

    def passed(*_: object) -> None:
        nonlocal place
        place += 1

    parser = _parser(len(data))
    parser.StartNamespaceDeclHandler = declared
    parser.EndNamespaceDeclHandler = undeclared
    parser.StartElementHandler = started
    parser.EndElementHandler = passed
    parser.CharacterDataHandler = passed
    parser.CommentHandler = passed
    parser.ProcessingInstructionHandler = passed
    with suppress(expat.ExpatError):
        parser.Parse(data, True)
    return types
