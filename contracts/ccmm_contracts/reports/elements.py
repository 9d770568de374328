"""HTML put together so that no text can become markup: whatever is not made by :func:`element` is escaped.

Texts go in as they are; what has no look of its own is shown escaped (see :mod:`.characters`).
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from .characters import visible

_VOID = frozenset({"meta", "br"})


class Html(str):
    """Text that is HTML already. Only this module makes it."""

    __slots__ = ()


def element(name: str, /, *children: str | Iterable[str], **attributes: str) -> Html:
    """An element. Children are texts, elements, or iterables of them; empty ones leave no trace.

    An attribute's name loses a trailing underscore (``class_``) and has dashes for the others; an empty value leaves
    the attribute out. Names are the caller's own, never data.
    """
    shown = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_escaped(value)}"' for key, value in attributes.items() if value
    )
    return Html(f"<{name}{shown}>" if name in _VOID else f"<{name}{shown}>{together(*children)}</{name}>")


def together(*children: str | Iterable[str]) -> Html:
    """Several children one after the other."""
    return Html(
        "".join(
            (one if isinstance(one, Html) else _escaped(one)) if isinstance(one, str) else together(*one)
            for one in children
        )
    )


def style_sheet(css: str) -> Html:
    """A style element; ``css`` is a file of the package, as a style sheet cannot be escaped."""
    return Html(f"<style>\n{css}</style>")


def document(head: Html, body: Html) -> Html:
    """A whole document in English."""
    return Html(f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n")


def _escaped(text: str) -> str:
    return escape(visible(text, keep="\n\t"))
