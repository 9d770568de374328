"""The three services and their ten operations as spyne declarations; each hands over to the center at once.

A declaration's ``ctx.udc`` is the request; its ``center`` is the one the request is for.
"""

from __future__ import annotations

from typing import Any

from .. import model
from ..campaign import CampaignView
from ..center import ContactCenter
from ..contacts import ContactPage
from .compat import Service, rpc
from .reading import Members
from .types import (
    BOOLEAN,
    INT,
    LONG,
    TEXT,
    OWCampaigns,
    OWContact,
    OWContacts,
    OWCustomField,
    OWPhoneNumber,
    OWStatus,
    optional,
)
from .values import contact_of, custom_field_of, phone_number_of

_ONCE_A_SECOND = "Can only be called every 1 seconds"
DOCUMENTATION = {"AppendContactsToCampaign": _ONCE_A_SECOND, "CloseContact": _ONCE_A_SECOND}
"""What the WSDL says of an operation, for those of which it says something."""


def _center(ctx: Any) -> ContactCenter:
    center: ContactCenter = ctx.udc.center
    return center


class OutboundUtilityWS(Service):  # type: ignore[misc]
    """Log in and log off."""

    @rpc(TEXT, TEXT, _returns=TEXT, _out_variable_name="OutboundLoginResult")  # type: ignore[untyped-decorator]
    def OutboundLogin(ctx: Any, username: str | None, password: str | None) -> str:
        """Rules S1 to S4, S6 and S8."""
        return _center(ctx).log_in(username, password)

    @rpc(TEXT)  # type: ignore[untyped-decorator]
    def OutboundLogoff(ctx: Any, username: str | None) -> None:
        """Rules S5 and S6."""
        _center(ctx).log_off(username)


class OutboundCampaignWS(Service):  # type: ignore[misc]
    """List campaigns and page through their contacts."""

    @rpc(TEXT, _returns=optional(OWCampaigns), _out_variable_name="GetCampaignsResult")  # type: ignore[untyped-decorator]
    def GetCampaigns(ctx: Any, sessionKey: str | None) -> list[CampaignView]:
        """Rules S7 and C1 to C5."""
        return _center(ctx).get_campaigns(sessionKey)

    @rpc(  # type: ignore[untyped-decorator]
        LONG, LONG, TEXT, _returns=optional(OWContacts), _out_variable_name="Get200CampaignContactsResult"
    )
    def Get200CampaignContacts(
        ctx: Any, CampaignID: int, LastContactID: int, sessionKey: str | None
    ) -> ContactPage[bytes]:
        """Rules S7, C5 and P1 to P5."""
        return _center(ctx).get_200_campaign_contacts(sessionKey, CampaignID, LastContactID)


class _Sdk70Append(Service):  # type: ignore[misc]
    """What OutboundCampaignWS adds in the published SDK."""

    @rpc(  # type: ignore[untyped-decorator]
        INT, optional(OWContact), TEXT, _returns=INT, _out_variable_name="AppendContactsToCampaignResult"
    )
    def AppendContactsToCampaign(ctx: Any, CampaignID: int, contact: Members | None, sessionKey: str | None) -> int:
        """Rules S7, C3, C5 and A1 to A6."""
        return _append(ctx, CampaignID, contact, sessionKey, 0)


class _PriorityAppend(Service):  # type: ignore[misc]
    """What OutboundCampaignWS adds on later servers."""

    @rpc(  # type: ignore[untyped-decorator]
        INT, optional(OWContact), TEXT, INT, _returns=INT, _out_variable_name="AppendContactsToCampaignResult"
    )
    def AppendContactsToCampaign(
        ctx: Any, CampaignID: int, contact: Members | None, sessionKey: str | None, priority: int
    ) -> int:
        """Rules S7, C3, C5 and A1 to A6."""
        return _append(ctx, CampaignID, contact, sessionKey, priority)


def _append(ctx: Any, campaign_id: int, members: Members | None, key: str | None, priority: int) -> int:
    contact = None if members is None else contact_of(members, priority)
    return _center(ctx).append_contact(key, campaign_id, contact)


class OutboundContactWS(Service):  # type: ignore[misc]
    """Status, close and find."""

    @rpc(  # type: ignore[untyped-decorator]
        TEXT, LONG, LONG, TEXT, TEXT, BOOLEAN, _returns=optional(OWStatus), _out_variable_name="GetContactStatusResult"
    )
    def GetContactStatus(
        ctx: Any,
        sessionKey: str | None,
        contactId: int,
        campaignID: int,
        customFieldName: str | None,
        customFieldValue: str | None,
        customFieldPassed: bool,
    ) -> model.ContactStatus | None:
        """Rules S7, C5 and T1."""
        field = model.CustomField(customFieldName, customFieldValue) if customFieldPassed else None
        return _center(ctx).get_contact_status(sessionKey, campaignID, contact_id=contactId, custom_field=field)

    @rpc(  # type: ignore[untyped-decorator]
        LONG,
        LONG,
        TEXT,
        TEXT,
        BOOLEAN,
        TEXT,
        LONG,
        BOOLEAN,
        TEXT,
        _returns=LONG,
        _out_variable_name="CloseContactResult",
    )
    def CloseContact(
        ctx: Any,
        campaignId: int,
        contactId: int,
        customFieldName: str | None,
        customFieldValue: str | None,
        customFieldSpecified: bool,
        closureText: str | None,
        closedReasonCodeValue: int,
        closedReasonCodeSpecified: bool,
        sessionKey: str | None,
    ) -> int:
        """Rules S7, C3, C5 and X1 to X6."""
        return _center(ctx).close_contact(
            sessionKey,
            campaignId,
            contact_id=contactId,
            custom_field=model.CustomField(customFieldName, customFieldValue) if customFieldSpecified else None,
            text=closureText,
            disposition_code=closedReasonCodeValue if closedReasonCodeSpecified else None,
        )

    @rpc(  # type: ignore[untyped-decorator]
        optional(OWPhoneNumber), INT, TEXT, _returns=LONG, _out_variable_name="GetContactIDByPhoneNumberResult"
    )
    def GetContactIDByPhoneNumber(
        ctx: Any, phoneNumber: Members | None, CampaignID: int, sessionkey: str | None
    ) -> int:
        """Rules S7, C5 and N1 to N3."""
        number = phone_number_of(phoneNumber)
        return _center(ctx).get_contact_id_by_phone_number(sessionkey, CampaignID, number)

    @rpc(  # type: ignore[untyped-decorator]
        optional(OWStatus),
        INT,
        optional(OWPhoneNumber),
        TEXT,
        _returns=optional(OWContacts),
        _out_variable_name="FindContactsByPhoneNumberResult",
    )
    def FindContactsByPhoneNumber(
        ctx: Any, ContactStatus: Members | None, CampaignID: int, PhoneNumber: Members | None, sessionkey: str | None
    ) -> ContactPage[bytes]:
        """Rules S7, C5, N3 and F1 to F3."""
        return _center(ctx).find_contacts_by_phone_number(
            sessionkey, CampaignID, phone_number_of(PhoneNumber), **_status_filter(ContactStatus)
        )

    @rpc(  # type: ignore[untyped-decorator]
        optional(OWStatus),
        INT,
        optional(OWCustomField),
        TEXT,
        _returns=optional(OWContacts),
        _out_variable_name="FindContactsByCustomFieldResult",
    )
    def FindContactsByCustomField(
        ctx: Any, ContactStatus: Members | None, CampaignID: int, CustomField: Members | None, sessionkey: str | None
    ) -> ContactPage[bytes]:
        """Rules S7, C5, F3 and F4."""
        return _center(ctx).find_contacts_by_custom_field(
            sessionkey, CampaignID, custom_field_of(CustomField), **_status_filter(ContactStatus)
        )


def _status_filter(members: Members | None) -> dict[str, Any]:
    """A null OWStatus is the same as one of defaults: no filter (F3)."""
    return {} if members is None else {"status_id": members["Id"], "status_name": members["Name"]}


_APPEND = {"sdk-7.0": _Sdk70Append, "priority": _PriorityAppend}


def declared_services(revision: str) -> dict[str, list[type[Service]]]:
    """What spyne services each service name is made of, as one revision of the WSDL declares it."""
    return {
        "OutboundUtilityWS": [OutboundUtilityWS],
        "OutboundCampaignWS": [OutboundCampaignWS, _APPEND[revision]],
        "OutboundContactWS": [OutboundContactWS],
    }
