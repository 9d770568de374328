"""The envelope of an operation's result, compiled from spyne's declaration of its response."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..campaign import CampaignView
from ..contacts import ContactPage
from ..model import ContactStatus
from ..profile import Profile
from .compat import ComplexModel
from .contact_xml import page_parts
from .faults import ENVELOPE_END, V11, V12, Version
from .names import TARGET
from .types import OWCampaigns, OWContacts, OWStatus
from .values import campaign_members, status_members
from .writing import datatypes_writer, members_writer

WriteResult = Callable[[Profile, Version, Any], bytes]
_Parts = list[bytes]
_write_campaigns = datatypes_writer(OWCampaigns)
_write_status = datatypes_writer(OWStatus)


def result_writer(message: type[ComplexModel]) -> WriteResult:
    """How to write the whole answer of an operation from what it returned, in either SOAP version."""
    name = message.get_type_name()
    starts = {v: f'{v.start}<soap:Body><{name} xmlns="{TARGET}"'.encode() for v in (V11, V12)}
    end = f"</{name}>{ENVELOPE_END}".encode()
    empty = f" />{ENVELOPE_END}".encode()
    inner = _inner_writer(message)

    def write(profile: Profile, version: Version, returned: Any) -> bytes:
        parts = inner(profile, returned[0])
        return b"".join([starts[version], b">", *parts, end]) if parts else starts[version] + empty

    return write


def _inner_writer(message: type[ComplexModel]) -> Callable[[Profile, Any], _Parts]:
    """How to write what is inside the response element: the result element, or nothing."""
    if not message._type_info:
        return lambda profile, returned: []
    ((name, kind),) = message._type_info.items()
    kinds: tuple[tuple[Any, Callable[[Profile, Any], _Parts | None]], ...] = (
        (OWContacts, _contacts),
        (OWCampaigns, _campaigns),
        (OWStatus, _status),
    )
    for model, content in kinds:
        if issubclass(kind, model):
            return _object_result(name, content)
    write_members = members_writer(message)

    def write_plain(profile: Profile, returned: Any) -> _Parts:
        text = write_members({name: returned})
        return [text.encode()] if text else []

    return write_plain


def _object_result(name: str, content: Callable[[Profile, Any], _Parts | None]) -> Callable[[Profile, Any], _Parts]:
    start, end, empty = f"<{name}>".encode(), f"</{name}>".encode(), f"<{name} />".encode()

    def write(profile: Profile, returned: Any) -> _Parts:
        parts = content(profile, returned)
        if parts is None:
            return []
        return [start, *parts, end] if parts else [empty]

    return write


def _contacts(profile: Profile, page: ContactPage[bytes]) -> _Parts | None:
    """The list of a page; with no contacts, whichever of ASMX's three forms of nothing the profile says (P4)."""
    if not len(page) and profile.empty_page != "empty-list":
        return None if profile.empty_page == "null-result" else []
    return page_parts(page.records)


def _campaigns(profile: Profile, views: Iterable[CampaignView]) -> _Parts:
    return [_write_campaigns({"CampaignList": [campaign_members(profile, one) for one in views]}).encode()]


def _status(profile: Profile, status: ContactStatus | None) -> _Parts | None:
    return None if status is None else [_write_status(status_members(profile, status)).encode()]
