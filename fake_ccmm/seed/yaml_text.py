"""YAML read and written: the plain part of it that JSON has too, with aliases and merge keys for those who write it.

Reading goes by PyYAML's parser alone: its constructors recurse (in C, where too deep a file ends the process), take
a repeated key silently, and make dates of texts. Writing is done here, because what PyYAML writes depends on whether
it has its C library, which escapes emoji.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml
from yaml.constructor import ConstructorError, SafeConstructor

from .cleaning import RepeatedKeys

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DEEPEST = 60
_TOO_DEEP = f"is nested more than {_DEEPEST} levels deep"
_MOST_FROM_ALIASES = 1_000_000
_TAG = "tag:yaml.org,2002:"
_MERGE = "<<"
_CONSTRUCTOR = SafeConstructor()
_SCALARS: dict[str, Any] = {
    "null": lambda node: None,
    "bool": _CONSTRUCTOR.construct_yaml_bool,
    "int": _CONSTRUCTOR.construct_yaml_int,
    "float": _CONSTRUCTOR.construct_yaml_float,
    "str": lambda node: node.value,
    "timestamp": lambda node: node.value,  # where a date belongs, its text is read as one
    "value": lambda node: node.value,
    "merge": lambda node: node.value,
}


class YamlError(Exception):
    """No YAML, or none that a seed is written in; ``line`` and ``column`` count from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.line = line
        self.column = column


def _error(message: str, mark: Any) -> YamlError:
    return YamlError(message, mark.line + 1, mark.column + 1) if mark else YamlError(message, 0, 0)


def load_yaml(text: str) -> Any:
    """The one document of a text as dicts, lists and plain values; a YamlError says what cannot be read, and where."""
    try:
        return _Builder().build(yaml.parse(text, Loader=_Loader))
    except yaml.MarkedYAMLError as error:
        told = error.problem or str(error)
        # From PyYAML 6.0.4 on its scanner, which reads ahead, has a bound of its own.
        too_deep = "nesting depth" in told
        raise _error(_TOO_DEEP if too_deep else told, error.problem_mark or error.context_mark) from None
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        spot = (before.count("\n") + 1, len(before) - before.rfind("\n"))
        raise YamlError(f"holds U+{_code(error.character):04X}, which YAML cannot have as such", *spot) from None


def _code(character: Any) -> int:
    return ord(character) if isinstance(character, str) else int(character)


_STARTS = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_ENDS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


class _Frame:
    """A mapping or a list on the way, with the number of values in it."""

    __slots__ = ("anchor", "is_mapping", "items", "size")

    def __init__(self, is_mapping: bool, anchor: str | None) -> None:
        self.is_mapping = is_mapping
        self.anchor = anchor
        self.items: list[Any] = []  # of a mapping, keys and values in turn
        self.size = 1


class _Builder:
    def __init__(self) -> None:
        self._frames: list[_Frame] = []
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._aliased = 0
        self._plain: dict[str, Any] = {}
        self._result: Any = None
        self._documents = 0

    def build(self, events: Iterator[Any]) -> Any:
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._put(self._scalar(event), 1, event, event.anchor)
            elif kind in _STARTS:
                self._start(event)
            elif kind in _ENDS:
                frame = self._frames.pop()
                value = _mapping(frame.items, event) if frame.is_mapping else frame.items
                self._put(value, frame.size, event, frame.anchor)
            elif kind is yaml.AliasEvent:
                self._put_again(event)
            elif kind is yaml.DocumentStartEvent:
                self._documents += 1
                if self._documents > 1:
                    raise _error("a second document begins here; a seed is one document", event.start_mark)
        return self._result

    def _start(self, event: Any) -> None:
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        if event.tag not in (None, "!", _TAG + ("map" if is_mapping else "seq")):
            raise _unknown_tag(event)
        if len(self._frames) >= _DEEPEST:
            raise _error(_TOO_DEEP, event.start_mark)
        self._frames.append(_Frame(is_mapping, event.anchor))

    def _put(self, value: Any, size: int, event: Any, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = value, size
        if not self._frames:
            self._result = value
            return
        frame = self._frames[-1]
        if frame.is_mapping and not len(frame.items) % 2:
            value = self._key(value, event)
        frame.items.append(value)
        frame.size += size

    def _put_again(self, event: Any) -> None:
        if event.anchor not in self._anchors:
            raise _error(f"*{event.anchor} stands for nothing that is complete before it", event.start_mark)
        value, size = self._anchors[event.anchor]
        self._aliased += size
        if self._aliased > _MOST_FROM_ALIASES:
            message = f"aliases stand for more than {_MOST_FROM_ALIASES} values; write them out, or into a CSV file"
            raise _error(message, event.start_mark)
        self._put(value, size, event, None)

    def _key(self, value: Any, event: Any) -> str:
        if isinstance(event, yaml.ScalarEvent):
            return str(event.value)
        if isinstance(value, str):
            return value
        raise _error("a key is a text", event.start_mark)

    def _scalar(self, event: Any) -> Any:
        if event.tag is None and not event.implicit[0]:
            return event.value  # in quotes
        if event.tag is None:
            if event.value not in self._plain:
                self._plain[event.value] = _resolved(event, _tag_of(event.value))
            return self._plain[event.value]
        return event.value if event.tag == "!" else _resolved(event, event.tag)


def _tag_of(text: str) -> str:
    """The tag of a plain scalar, after its looks."""
    for tag, pattern in yaml.SafeLoader.yaml_implicit_resolvers.get(text[:1], ()):
        if pattern.match(text):
            return str(tag)
    return f"{_TAG}str"


def _resolved(event: Any, tag: str) -> Any:
    construct = _SCALARS.get(tag.removeprefix(_TAG))
    if construct is None:
        raise _unknown_tag(event)
    try:
        return construct(yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark))
    except (ValueError, KeyError, IndexError, ConstructorError):
        raise _error(f"is no {tag.removeprefix(_TAG)}: {event.value[:40]}", event.start_mark) from None


def _unknown_tag(event: Any) -> YamlError:
    return _error(f"the tag {event.tag} has no meaning here; leave it out", event.start_mark)


def _mapping(items: list[Any], event: Any) -> dict[str, Any]:
    """Keys and values as a dict, what is merged into it first and overruled by the rest."""
    keys, values = items[::2], items[1::2]
    found = dict(zip(keys, values, strict=True))
    if len(found) < len(keys):
        return RepeatedKeys(found, keys)
    if _MERGE not in found:
        return found
    sources = found.pop(_MERGE)
    merged: dict[str, Any] = {}
    for source in reversed(sources if isinstance(sources, list) else [sources]):
        if not isinstance(source, dict):
            raise _error("<< merges a mapping, or a list of mappings, into this one", event.start_mark)
        merged.update(source)
    return merged | found


_PLAIN = re.compile(r"[^\W\d_](?:[\w .@/+'()&-]*[\w.@/+'()&-])?")
_ESCAPED = re.compile("[\x7f-\x9f\xad\u2028\u2029\ufeff]")


def dump_yaml(document: dict[str, Any]) -> str:
    """The document in block style, keys in the order they have; each text plain or in double quotes."""
    lines: list[str] = []
    _write_mapping(document, "", "", lines)
    return "\n".join(lines) + "\n" if document else "{}\n"


def _write_mapping(mapping: dict[str, Any], first: str, indent: str, lines: list[str]) -> None:
    """Write the pairs, the first of them after ``first``, the others after ``indent``."""
    for key, value in mapping.items():
        _write(value, f"{first}{_text(key)}:", indent, lines)
        first = indent


def _write(value: Any, head: str, indent: str, lines: list[str]) -> None:
    if isinstance(value, dict) and value:
        lines.append(head)
        _write_mapping(value, f"{indent}  ", f"{indent}  ", lines)
    elif isinstance(value, list) and value:
        lines.append(head)
        for one in value:
            _write_item(one, f"{indent}  ", lines)
    else:
        lines.append(f"{head} {_plain(value)}")


def _write_item(value: Any, indent: str, lines: list[str]) -> None:
    if isinstance(value, dict) and value:
        _write_mapping(value, f"{indent}- ", f"{indent}  ", lines)
    elif isinstance(value, list) and value:
        _write(value, f"{indent}-", indent, lines)
    else:
        lines.append(f"{indent}- {_plain(value)}")


def _plain(value: Any) -> str:
    """A scalar, an empty mapping or an empty list."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, float) and "e" in (text := repr(value)) and "." not in text:
        return text.replace("e", ".0e")  # without a point it would be a text in YAML 1.1
    return json.dumps(value)


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and _tag_of(text) == f"{_TAG}str" and text.isprintable():
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)
