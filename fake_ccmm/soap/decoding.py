"""From the bytes of a request to its text, by ASP.NET's rules of Content-Type, byte order mark and declaration."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from .xml_errors import XmlError

_ALIASES = {
    "utf-8": "utf-8 unicode-1-1-utf-8 unicode-2-0-utf-8 x-unicode-1-1-utf-8 x-unicode-2-0-utf-8",
    "utf-16-le": "utf-16 utf-16le unicode ucs-2 iso-10646-ucs-2",
    "utf-16-be": "utf-16be unicodefffe",
    "utf-32-le": "utf-32 utf-32le",
    "utf-32-be": "utf-32be",
    "utf-7": "utf-7 csunicode11utf7 unicode-1-1-utf-7 x-unicode-2-0-utf-7",
    "ascii": "us-ascii ascii us iso646-us iso_646.irv:1991 iso-ir-6 ibm367 cp367 csascii ansi_x3.4-1968 ansi_x3.4-1986",
    "iso8859-1": "iso-8859-1 iso8859-1 iso_8859-1 iso_8859-1:1987 iso-ir-100 latin1 l1 cp819 ibm819 csisolatin1",
    "iso8859-2": "iso-8859-2 iso8859-2 iso_8859-2 latin2 l2 csisolatin2",
    "iso8859-3": "iso-8859-3 iso_8859-3 latin3 l3",
    "iso8859-4": "iso-8859-4 iso_8859-4 latin4 l4",
    "iso8859-5": "iso-8859-5 iso_8859-5 cyrillic",
    "iso8859-6": "iso-8859-6 iso_8859-6 arabic",
    "iso8859-7": "iso-8859-7 iso_8859-7 greek greek8",
    "iso8859-8": "iso-8859-8 iso_8859-8 hebrew visual",
    "iso8859-9": "iso-8859-9 iso_8859-9 latin5 l5",
    "iso8859-13": "iso-8859-13",
    "iso8859-15": "iso-8859-15 iso_8859-15 latin9 l9",
    "cp1250": "windows-1250 x-cp1250",
    "cp1251": "windows-1251 x-cp1251",
    "cp1252": "windows-1252 x-ansi",
    "cp1253": "windows-1253",
    "cp1254": "windows-1254",
    "cp1255": "windows-1255",
    "cp1256": "windows-1256 cp1256",
    "cp1257": "windows-1257",
    "cp1258": "windows-1258",
    "cp437": "ibm437 437 cp437 cspc8codepage437",
    "cp850": "ibm850 cp850",
    "cp852": "ibm852 cp852",
    "cp866": "cp866 ibm866",
    "koi8-r": "koi8-r koi koi8 koi8r cskoi8r",
    "koi8-u": "koi8-u koi8-ru",
    "cp932": "shift_jis shift-jis sjis x-sjis ms_kanji csshiftjis",
    "euc-jp": "euc-jp x-euc x-euc-jp iso-2022-jpeuc extended_unix_code_packed_format_for_japanese",
    "iso-2022-jp": "iso-2022-jp csiso2022jp",
    "cp936": "gb2312 gbk cn-gb gb2312-80 chinese csgb2312",
    "gb18030": "gb18030",
    "cp950": "big5 big5-hkscs cn-big5 csbig5 x-x-big5",
    "cp949": "ks_c_5601-1987 ks_c_5601 ksc5601 korean euc-kr cseuckr",
    "mac-roman": "macintosh",
}
_CODECS = {name: codec for codec, names in _ALIASES.items() for name in names.split()}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_QUESTION_MARKS = bytes(byte if byte < 0x80 else ord("?") for byte in range(256))
_DECLARED = re.compile(rb"<\?xml\s[^>]*?encoding\s*=\s*[\"']([^\"']*)[\"']")


@dataclass(frozen=True, slots=True)
class Media:
    """What ASMX takes from a Content-Type.

    ``base`` is what stands before the first semicolon, in lower case, blanks kept; ``action`` is empty where there is
    none; ``codec`` is Python's for a charset that .NET knows, else None.
    """

    base: str
    action: str
    codec: str | None

    @property
    def leaves_encoding_to_xml(self) -> bool:
        """Whether byte order mark and declaration decide alone."""
        return self.codec is None and self.base.partition("/")[0] == "application"


@lru_cache(maxsize=256)
def media_of(content_type: str) -> Media:
    """A Content-Type as ASMX reads it."""
    charset = _parameter(content_type, "charset") or ""
    base = content_type.partition(";")[0].lower()
    return Media(base, _parameter(content_type, "action") or "", _CODECS.get(charset.lower()))


def _parameter(content_type: str, name: str) -> str | None:
    """A parameter as ASMX finds it: by the start of its name, quotes of both kinds stripped."""
    for part in content_type.split(";")[1:]:
        part = part.lstrip()
        if part[: len(name)].lower() == name:
            _, equals, value = part[len(name) :].partition("=")
            if equals:
                return value.strip(" '\"\t")
    return None


class Decoded(NamedTuple):
    """The text of a body; ``broken_off`` says why there is no more of it, where a byte after it is no text."""

    text: str
    broken_off: str | None = None


def decode(body: bytes, media: Media) -> Decoded:
    """The text of a request body.

    A byte order mark wins over the charset, the charset over the declaration. Without a known charset, text/* is
    ASCII with a question mark for every other byte, and application/* is whatever XML itself says.
    Bytes a charset cannot mean become U+FFFD; where XML itself decides, they break the text off. Raises XmlError where
    the declared encoding is none.
    """
    if media.leaves_encoding_to_xml:
        return _decode_as_xml_says(body)
    if body[:1] in _MARK_STARTS:
        for mark, marked in _MARKS:
            if body.startswith(mark):
                return Decoded(body[len(mark) :].decode(marked, "replace"))
    if media.codec is None or media.codec == "ascii":
        return Decoded(body.translate(_QUESTION_MARKS).decode("ascii"))
    return Decoded(body.decode(media.codec, "replace"))


_MARK_STARTS = frozenset(mark[:1] for mark, _ in _MARKS)


def _decode_as_xml_says(body: bytes) -> Decoded:
    start, codec = 0, None
    for mark, marked in _MARKS:
        if body.startswith(mark):
            start, codec = len(mark), marked
            break
    if codec is None:
        if body.startswith(b"<\0"):
            codec = "utf-16-le"
        elif body.startswith(b"\0<"):
            codec = "utf-16-be"
        else:
            codec = _declared_codec(body)
    try:
        return Decoded(body[start:].decode(codec))
    except UnicodeDecodeError as error:
        before = body[start : start + error.start].decode(codec)
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        return Decoded(before, f"Invalid character in the given encoding. Line {line}, position {column}.")


def _declared_codec(body: bytes) -> str:
    declared = _DECLARED.match(body)
    if declared is None:
        return "utf-8"
    name = declared[1].decode("latin-1")
    codec = _CODECS.get(name.lower())
    if codec is None:
        raise XmlError(f"System does not support '{name}' encoding. Line 1, position {declared.start(1) + 1}.")
    if codec.startswith(("utf-16", "utf-32")):
        raise XmlError("There is no Unicode byte order mark. Cannot switch to Unicode.")
    return codec
