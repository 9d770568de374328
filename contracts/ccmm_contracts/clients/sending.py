"""Contacts as the kit hands them to clients to append, and what arrived of them."""

from __future__ import annotations

from typing import Any

from ..domain import Contact
from ..plain import plain


def to_append(contact: Contact) -> dict[str, Any]:
    """The contact for ``append_contacts``: its id is for the server to give."""
    document: dict[str, Any] = plain(contact)
    del document["contact_id"]
    return document
