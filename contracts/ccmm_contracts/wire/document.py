"""XML read from a server that is not trusted: no DTD, no entities, nothing fetched."""

from __future__ import annotations

from typing import cast

from lxml import etree

_OPTIONS = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "remove_comments": True,
    "remove_pis": True,
}
_PARSER = etree.XMLParser(huge_tree=True, encoding="utf-8", **_OPTIONS)  # type: ignore[arg-type]
# With ``huge_tree`` nothing bounds what entities may grow to: what may hold a DTD is read without.
_WARY_PARSER = etree.XMLParser(huge_tree=False, encoding="utf-8", **_OPTIONS)  # type: ignore[arg-type]


class Unreadable(Exception):
    """What came cannot be read; the message says in a sentence what is wrong with it."""


def parsed(document: bytes) -> etree._Element:
    """The root of a document in UTF-8; comments and processing instructions are left out.

    Raises Unreadable for what is no XML, no UTF-8, or has a DTD.
    """
    try:
        root = etree.fromstring(document, _WARY_PARSER if b"<!DOCTYPE" in document else _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable(f"it is no XML in UTF-8 ({error})") from None
    if cast("etree._ElementTree", root.getroottree()).docinfo.internalDTD is not None:
        raise Unreadable("it has a DTD, which clients refuse")
    return root
