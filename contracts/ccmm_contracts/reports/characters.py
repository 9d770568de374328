"""Texts of servers made safe to show: what a terminal, XML or a reader's eye would stumble over is shown escaped."""

from __future__ import annotations

import re
import unicodedata

_SPECIAL = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_JOINERS = "\u200c\u200d"
"""They are of the same category as the bidirectional controls, but names and emoji need them."""
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_PLAIN = re.compile(r"[ -~]*")


def visible(text: str, *, keep: str = "") -> str:
    r"""``text`` with every character escaped that has no look of its own: ``\x1b``, ``\u202e``, ``\n``.

    These are control and format characters, line separators, lone surrogates and noncharacters. Those in ``keep`` stay.
    What comes out can be written as UTF-8 and as XML 1.0, and moves no terminal's cursor.
    """
    if _PLAIN.fullmatch(text):
        return text
    return "".join(one if one in keep or not _is_hidden(one) else _escaped(one) for one in text)


def lines(text: str) -> list[str]:
    """The lines of a text, each :func:`visible`; at least one."""
    return [visible(one) for one in text.replace("\r\n", "\n").strip("\n").split("\n")]


def first_line(text: str) -> str:
    """The first line of a text, :func:`visible`."""
    return lines(text)[0]


def _is_hidden(one: str) -> bool:
    is_noncharacter = ord(one) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(one) <= 0xFDEF
    return is_noncharacter or (unicodedata.category(one) in _HIDDEN_CATEGORIES and one not in _JOINERS)


def _escaped(one: str) -> str:
    code = ord(one)
    return _SPECIAL.get(one) or (
        f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    )
