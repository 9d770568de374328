"""How an input that is in order is spoilt."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

_NUMBER = re.compile(rb"-?\d+(?:\.\d+)?")
_NUMBERS = (
    *(b"0", b"-0", b"-1", b"1e999", b"-1e999", b"NaN", b"Infinity", b"0x10", b"1_0", b"01", b"1.5", b".5", b"+1"),
    *(b"2147483647", b"2147483648", b"-2147483649", b"9223372036854775807", b"9223372036854775808"),
    *(b"9" * 40, b"9" * 5000, b"\xd9\xa3", b"true", b"null"),
)
_TOKENS = (
    *(b"<", b">", b"&", b"&amp;", b"&#0;", b"&#xD800;", b"&#x110000;", b"&x;", b"]]>", b"<!--", b"-->", b"<![CDATA["),
    *(b"<?x?>", b"<!DOCTYPE x [<!ENTITY x 'x'>]>", b' xmlns=""', b' xmlns:a="a"', b"</soap:Body>", b"<a/>", b"/>"),
    *(b"{", b"}", b"[", b"]", b":", b",", b'"', b"'", b"\\", b"\\ud800", b"\\u0000", b"null", b"true", b"{}", b"[]"),
    *(b"\x00", b"\x08", b"\x7f", b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xef\xbf\xbe", b"\xff\xfe"),
    *("\u0085\u2028\u200f\u0301😀".encode(), b"\r", b"\n", b"\r\n", b"\t", b" ", b"%", b"%00", b"%2F", b"..", b"//"),
    *(b"*x", b"&y", b"!!python/object:os.system", b"<<: *x", b"---", b"#", b"=", b"[[", b"'''", b'"""', b"|", b"?"),
    *(b"2026-02-30", b"24:00:60", b"9999-12-31T23:59:59.9999999Z", b"0001-01-01T00:00:00+14:00", b"A" * 3000),
)
_BRACKETS = (b"<a>", b"[", b'{"a":', b"{a: ", b"- ", b"(", b"<!--")


def mutated(chance: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """``data`` spoilt in one to six places, with pieces of the others or of what is known to hurt."""
    for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
        data = chance.choice(_WAYS)(chance, data, others)
    return data


def _span(chance: random.Random, data: bytes) -> tuple[int, int]:
    begin = chance.randrange(len(data) + 1)
    return begin, min(len(data), begin + chance.choice((1, 1, 2, 5, 20, 200)))


def _flipped(chance: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :] if at < len(data) else data


def _without(chance: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    begin, end = _span(chance, data)
    return data[:begin] + data[end:]


def _doubled(chance: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    begin, end = _span(chance, data)
    return data[:end] + data[begin:end] * chance.choice((1, 1, 2, 30)) + data[end:]


def _with_a_token(chance: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    begin, end = _span(chance, data)
    return data[:begin] + chance.choice(_TOKENS) + data[chance.choice((begin, end)) :]


def _with_another_number(chance: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    found = list(_NUMBER.finditer(data))
    if not found:
        return _with_a_token(chance, data, others)
    one = chance.choice(found)
    return data[: one.start()] + chance.choice(_NUMBERS) + data[one.end() :]


def _spliced(chance: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    other = chance.choice(others)
    begin, end = _span(chance, other)
    at, behind = _span(chance, data)
    return data[:at] + other[begin:end] + data[behind:]


def _crossed(chance: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    other = chance.choice(others)
    return data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other) + 1) :]


def _cut(chance: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _nested(chance: random.Random, data: bytes, others: Sequence[bytes]) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(_BRACKETS) * chance.choice((3, 70, 2000)) + data[at:]


_WAYS = (
    *(_flipped, _without, _doubled, _with_a_token, _with_a_token, _with_another_number, _with_another_number),
    *(_spliced, _crossed, _cut, _nested),
)
