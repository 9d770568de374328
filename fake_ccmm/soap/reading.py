"""From a row of XML nodes to arguments, as .NET's XmlSerializer reads them, driven by spyne's declarations.

Very lenient: any order, missing members are null, 0 or false, unknown ones are skipped, the first of two scalars
and the last of two lists count. Strict only about numbers, booleans, xsi:type and well-formedness.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from .compat import Boolean, ComplexModel, Integer32, Integer64
from .document import ASIDE, END_OF_FILE, Attributes, Document, Node
from .names import XSI, qualified, split
from .xml_errors import XmlError


class Deferred(NamedTuple):
    """A value not converted yet: which of a request's texts it is made of, and how."""

    text: int
    convert: Callable[[str], Any]

    @staticmethod
    def mark(index: int, *, is_blank: bool) -> str:
        """What stands in a row of nodes for a text, and is blank if that is: no text that XML can hold."""
        return " " * (index + 1) if is_blank else f"\0{index}"

    @classmethod
    def of(cls, convert: Callable[[str], Any], mark: str) -> Any:
        """The deferred conversion of the marked text; an element that is always empty is converted at once."""
        if not mark:
            return convert(mark)
        return cls(len(mark) - 1 if mark.isspace() else int(mark[1:]), convert)


Members = dict[str, Any]
"""An object's members by their wire names."""

_BLANK = " \t\r\n"
_NUMBER = re.compile(r"[\t-\r ]*[+-]?[0-9]+[\t-\r ]*\Z")
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_NILS = tuple(
    qualified(namespace, local)
    for namespace, local in (
        (XSI, "nil"),
        (XSI, "null"),
        ("http://www.w3.org/2000/10/XMLSchema-instance", "null"),
        ("http://www.w3.org/1999/XMLSchema-instance", "null"),
    )
)


class BadValue(Exception):
    """A value that is not what its element's type takes; the message is .NET's, with the place in the text."""

    def __init__(self, message: str, place: tuple[int, int]) -> None:
        super().__init__(message)
        self.place = place


class Cursor:
    """A place in a document's row of nodes. Every step raises the document's XmlError when it comes to it."""

    __slots__ = ("at", "document", "nodes")

    def __init__(self, document: Document) -> None:
        self.document = document
        self.nodes = document.nodes
        self.at = 0

    def content(self) -> Node:
        """The node here or after: a start, an end, text that is not blank, or END_OF_FILE."""
        nodes, at = self.nodes, self.at
        while True:
            node = nodes[at]
            if node is None or type(node) is tuple or node is END_OF_FILE:
                break
            if node is not ASIDE:
                if type(node) is XmlError:
                    raise node
                if node.strip(_BLANK):
                    break
            at += 1
        self.at = at
        return node

    def step(self) -> None:
        """To the next node."""
        self.at += 1
        if type(self.nodes[self.at]) is XmlError:
            raise self.nodes[self.at]

    def skip(self) -> None:
        """Past the node here, with all that is in it if it is a start."""
        nodes, at, depth = self.nodes, self.at, 0
        while True:
            node = nodes[at]
            at += 1
            if type(node) is tuple:
                depth += 1
            elif node is None:
                depth -= 1
            elif type(node) is XmlError:
                raise node
            if depth <= 0:
                break
        self.at = at
        if type(nodes[at]) is XmlError:
            raise nodes[at]

    def text(self) -> str:
        """The text of the element here, and on past it; anything but text in it is an XmlError."""
        nodes, at = self.nodes, self.at + 1
        node = nodes[at]
        if node is None:
            text = ""
        elif type(node) is str:
            text = node
            at += 1
            while type(nodes[at]) is str:
                text += nodes[at]
                at += 1
        else:
            text = ""
        if nodes[at] is not None:
            raise nodes[at] if type(nodes[at]) is XmlError else XmlError("Unexpected node type in simple content.")
        self.at = at + 1
        if type(nodes[self.at]) is XmlError:
            raise nodes[self.at]
        return text


def arguments_reader(
    message: type[ComplexModel], *, deferred: bool = False
) -> tuple[Callable[[Cursor, Members], None], Members]:
    """How to read an operation's element into its arguments, and what they are where it is missing.

    ``deferred`` leaves their texts, which are marks, unconverted.
    """
    members, defaults = _members(message, deferred=deferred)

    def read(cursor: Cursor, into: Members) -> None:
        _read_members(cursor, members, into)

    return read, defaults


def object_reader(model: type[ComplexModel], *, deferred: bool = False) -> Callable[[Cursor], Members]:
    """How to read an element of a complex type that is never null: xsi:nil does not count."""
    members, defaults = _members(model, deferred=deferred)
    own = (model.get_type_name(), model.get_namespace())

    def read(cursor: Cursor) -> Members:
        _check_type(cursor, cursor.at, own)
        found = dict(defaults)
        _read_members(cursor, members, found)
        return found

    return read


def _item_reader(model: type[ComplexModel], *, deferred: bool) -> Callable[[Cursor], Members | None]:
    """How to read an item of a list, which xsi:nil makes null."""
    read_object = object_reader(model, deferred=deferred)
    own = (model.get_type_name(), model.get_namespace())

    def read(cursor: Cursor) -> Members | None:
        index = cursor.at
        if not _is_nil(cursor, index):
            return read_object(cursor)
        cursor.skip()
        _check_type(cursor, index, own)
        return None

    return read


def read_number(text: str, bits: int) -> int:
    """An integer as .NET's Int32.Parse and Int64.Parse take it; a ValueError has their message."""
    if not _NUMBER.match(text):
        raise ValueError("Input string was not in a correct format.")
    digits = text.strip("\t\n\v\f\r ")
    number = int(digits) if len(digits) < 4000 else 1 << bits
    if not -(1 << bits - 1) <= number < 1 << bits - 1:
        raise ValueError(f"Value was either too large or too small for an Int{bits}.")
    return number


def read_boolean(text: str) -> bool:
    """A boolean as .NET's XmlConvert takes it; a ValueError has its message."""
    text = text.strip(_BLANK)
    if text not in _BOOLEANS:
        raise ValueError(f"The string '{text}' is not a valid Boolean value.")
    return _BOOLEANS[text]


class _Member(NamedTuple):
    """How one member is read: text that is converted, or an element that is read; ``repeats`` if the last counts."""

    name: str
    default: Any
    convert: Callable[[str], Any] | None
    read: Callable[[Cursor], Any]
    repeats: bool


_UNCHANGED = object()
"""What a null list is read as: the member stays what it was."""


def _members(model: type[ComplexModel], *, deferred: bool) -> tuple[dict[str, _Member], Members]:
    """The members of a type by qualified name, and their values where they are missing."""
    members = {
        qualified(model.get_namespace(), name): _member(name, kind, deferred=deferred)
        for name, kind in model._type_info.items()
    }
    return members, {one.name: one.default for one in members.values()}


def _member(name: str, kind: Any, *, deferred: bool) -> _Member:
    if issubclass(kind, ComplexModel):
        items = [(one, item) for one, item in kind._type_info.items() if item.Attributes.max_occurs > 1]
        if items:
            item_name, item = items[0]
            item_name = qualified(kind.get_namespace(), item_name)
            return _Member(name, None, None, _list_reader(item_name, _item_reader(item, deferred=deferred)), True)
        return _Member(name, None, None, object_reader(kind, deferred=deferred), False)
    default, convert = next((how for scalar, how in _SCALARS if issubclass(kind, scalar)), (None, str))
    if deferred:
        convert = partial(Deferred.of, convert)
    return _Member(name, default, convert, Cursor.text, False)


_SCALARS: tuple[tuple[Any, tuple[Any, Callable[[str], Any]]], ...] = (
    (Boolean, (False, read_boolean)),
    (Integer32, (0, partial(read_number, bits=32))),
    (Integer64, (0, partial(read_number, bits=64))),
)


def _list_reader(item_name: str, read_item: Callable[[Cursor], Members | None]) -> Callable[[Cursor], Any]:
    def read(cursor: Cursor) -> Any:
        if _is_nil(cursor, cursor.at):
            cursor.skip()
            return _UNCHANGED
        items: list[Members | None] = []
        cursor.step()
        while (node := cursor.content()) is not None and node is not END_OF_FILE:
            if type(node) is tuple and node[0] == item_name:
                items.append(read_item(cursor))
            else:
                cursor.skip()
        cursor.step()
        return items

    return read


def _read_members(cursor: Cursor, members: Mapping[str, _Member], into: Members) -> None:
    """Read the children of the element here into ``into``, and go on past it."""
    nodes = cursor.nodes
    seen: set[str] = set()
    cursor.step()
    while (node := nodes[cursor.at]) is not None:
        if type(node) is not tuple:
            if (node := cursor.content()) is None or node is END_OF_FILE:
                break
            if type(node) is str:
                cursor.skip()
            continue
        member = members.get(node[0])
        if member is None or member.name in seen:
            cursor.skip()
            continue
        name, _, convert, read, repeats = member
        value = read(cursor)
        if convert is not None:
            try:
                value = convert(value)
            except ValueError as error:
                raise BadValue(str(error), cursor.document.position_after(cursor.at - 1)) from None
        if value is not _UNCHANGED:
            into[name] = value
        if not repeats:
            seen.add(name)
    cursor.step()


def _is_nil(cursor: Cursor, index: int) -> bool:
    attributes: Attributes = cursor.nodes[index][1]
    value = next((attributes[name] for name in _NILS if name in attributes), None) if attributes else None
    if value is None:
        return False
    try:
        return read_boolean(value)
    except ValueError as error:
        raise BadValue(str(error), cursor.document.position_of(index)) from None


def _check_type(cursor: Cursor, index: int, own: tuple[str, str]) -> None:
    """Refuse an xsi:type other than the element's own; one whose prefix is not declared is passed over."""
    name, attributes = cursor.nodes[index]
    if not any(split(one)[1] == "type" for one in attributes):
        return
    named = cursor.document.type_at(index)
    if named is None or named[1] is None or named == own:
        return
    namespace, local = split(name)
    message = (
        f"The specified type was not recognized: name='{named[0]}', namespace='{named[1]}', "
        f"at <{local} xmlns='{namespace}'>."
    )
    raise BadValue(message, cursor.document.position_of(index))
