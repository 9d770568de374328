"""Requests and answers without the passwords and session keys in them, however badly they are written."""

from __future__ import annotations

import re
from xml.parsers import expat

MASK = "***"
UNREADABLE = "(in no known encoding)"

_NAMES = frozenset({"password", "sessionkey", "outboundloginresult"})
_WORD = re.compile("|".join(_NAMES), re.IGNORECASE)
_FIRST_SECRET = re.compile(rf"<!(?:doctype|entity)|{_WORD.pattern}", re.IGNORECASE)
_START_TAG = re.compile(rb"<[^\"'>]*(?:(?:\"[^\"]*\"|'[^']*')[^\"'>]*)*>")
_IN_QUERY = re.compile(rf"((?:^|[?&;])[^=&;]*(?:{_WORD.pattern})[^=&;]*=)[^&;#]*", re.IGNORECASE)
_WORDS = re.compile(r"\w+")


class _OutOfPlace(Exception):
    """There may be a secret where no element's content is."""


def mask_xml(text: str) -> tuple[str, str]:
    """XML without the content of elements that hold secrets, and what was hidden.

    What is no well-formed XML is shown up to the first place that speaks of a secret.
    """
    if "\0" in text:
        return UNREADABLE, text.replace("\0", "")
    data = text.encode("utf-8", "surrogatepass")
    try:
        spans = _secret_spans(data)
    except (expat.ExpatError, _OutOfPlace):
        return _cut(text)
    shown, hidden, at = [], [], 0
    for start, end in spans:
        shown += [data[at:start], MASK.encode()]
        hidden.append(data[start:end])
        at = end
    return b"".join([*shown, data[at:]]).decode(), b" ".join(hidden).decode()


def mask_url(url: str) -> str:
    """A URL without the secrets in its query."""
    path, question_mark, query = url.partition("?")
    return path + question_mark + _IN_QUERY.sub(rf"\g<1>{MASK}", query)


def mask_echo(said: str, shown: str, hidden: str) -> str:
    """A message without the words that it can have only from the hidden part of what it speaks of."""
    return _WORDS.sub(lambda word: MASK if word[0] in hidden and word[0] not in shown else word[0], said)


def _secret_spans(data: bytes) -> list[tuple[int, int]]:
    """Where the content of the outermost elements with secrets starts and ends. Raises ExpatError or _OutOfPlace."""
    parser = expat.ParserCreate("utf-8")
    spans: list[tuple[int, int]] = []
    depth, start = 0, 0  # of elements inside one that is secret, and where its content starts

    def start_element(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, start
        if any(_is_secret(one) for one in attributes):
            raise _OutOfPlace
        if depth:
            depth += 1
        elif _is_secret(name):
            tag = _START_TAG.match(data, parser.CurrentByteIndex)
            depth, start = 1, tag.end() if tag else parser.CurrentByteIndex

    def end_element(name: str) -> None:
        nonlocal depth
        if depth:
            depth -= 1
            if not depth and parser.CurrentByteIndex >= start and data[start - 2 : start] != b"/>":
                spans.append((start, parser.CurrentByteIndex))

    def aside(*said: str | None) -> None:
        if any(_WORD.search(one) for one in said if one):
            raise _OutOfPlace

    def doctype(*_: object) -> None:
        raise _OutOfPlace

    parser.StartElementHandler = start_element
    parser.EndElementHandler = end_element
    parser.CommentHandler = parser.ProcessingInstructionHandler = aside
    parser.StartDoctypeDeclHandler = doctype
    parser.Parse(data, True)
    return spans


def _is_secret(name: str) -> bool:
    return name.rpartition(":")[2].lower() in _NAMES


def _cut(text: str) -> tuple[str, str]:
    """Text up to the first place that speaks of a secret, and the rest."""
    word = _FIRST_SECRET.search(text)
    if word is None:
        return text, ""
    at = word.end()
    tag = text.rfind("<", 0, word.start())
    if tag >= 0 and text.startswith("</", tag):  # the secret was before its end tag
        at = text.rfind(">", 0, tag) + 1
    return f"{text[:at]}{MASK}", text[at:]
