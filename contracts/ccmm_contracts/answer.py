"""What became of a call: it returned, it was refused with a SOAP fault, or the answer was neither."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Returned:
    """The call was carried out.

    ``value`` by operation: OutboundLogin the key (str or None); OutboundLogoff None; GetCampaigns a tuple of Campaign;
    Get200CampaignContacts and both Find operations a tuple of Contact; AppendContactsToCampaign, CloseContact and
    GetContactIDByPhoneNumber an int; GetContactStatus a Status or None. ``form`` is how a result without contacts was
    written: ``empty-list``, ``null-list`` or ``null-result``; empty for everything else.
    """

    value: Any
    form: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """The call was refused with a SOAP fault.

    ``code`` is the local part of SOAP 1.1's words, also for 1.2: ``Client``, ``Server``, ``VersionMismatch``,
    ``MustUnderstand``, or whatever else was sent. ``number`` and ``source`` are of the Error detail, None without one.
    """

    code: str
    text: str
    number: int | None = None
    source: str | None = None
    actor: str | None = None
    status: int = 500


@dataclass(frozen=True, slots=True)
class Odd:
    """No SOAP answer that can be read: the HTTP status, and in ``why`` what is wrong with it."""

    status: int
    why: str


Answer = Returned | Fault | Odd
