"""Between the core's values and the members of the wire's types, by their wire names."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timezone

from ..campaign import CampaignView
from ..model import Address, Contact, ContactStatus, CustomField, DispositionCode, PhoneNumber
from ..profile import Profile
from .reading import Members
from .writing import UNSET_DATE

_ADDRESS = (
    ("AddressLine1", "line1"),
    ("AddressLine2", "line2"),
    ("AddressLine3", "line3"),
    ("AddressLine4", "line4"),
    ("AddressLine5", "line5"),
    ("Country", "country"),
    ("PostCode", "post_code"),
)


def contact_of(members: Members, priority: int = 0) -> Contact:
    """The contact an OWContact says, its ContactID included, with the priority that came beside it."""
    address, fields = members["Address"], members["CustomFieldList"]
    return Contact(
        contact_id=members["ContactID"],
        campaign_name=members["CampaignName"],
        address=None if address is None else Address(*(address[wire] for wire, _ in _ADDRESS)),
        custom_fields=None if fields is None else tuple(custom_field_of(one) for one in fields if one is not None),
        email_address=members["EmailAddress"],
        first_name=members["FirstName"],
        last_name=members["LastName"],
        phone_number=phone_number_of(members["PhoneNumber"]),
        preferred_agent_id=members["PreferredAgentID"],
        preferred_agent_specified=members["PreferredAgentSpecified"],
        title=members["Title"],
        skillset_id=members["SkillsetID"],
        priority=priority,
    )


def custom_field_of(members: Members | None) -> CustomField:
    """The custom field an OWCustomField says; nothing known for a null one."""
    if members is None:
        return CustomField()
    return CustomField(members["Name"], members["Text"], members["IsTextVisible"])


def phone_number_of(members: Members | None) -> PhoneNumber | None:
    """The phone number an OWPhoneNumber says."""
    if members is None:
        return None
    return PhoneNumber(members["IntCode"], members["AreaCode"], members["PhoneNo"])


def status_members(profile: Profile, status: ContactStatus) -> Members:
    """The members of a contact's OWStatus."""
    return {"Id": profile.contact_status_id(status), "Name": status.value}


def campaign_members(profile: Profile, view: CampaignView) -> Members:
    """The members of an OWCampaign."""
    details = view.details
    skillset = details.skillset
    return {
        "ID": details.campaign_id,
        "Name": details.name,
        "Description": details.description,
        "NumberOfContacts": view.number_of_contacts,
        "NumberOfContactsProcessed": view.number_of_contacts_processed,
        "DateCreated": date_text(details.date_created, profile.dates),
        "Owner": details.owner,
        "StartDateTime": date_text(details.start_date_time, profile.dates),
        "Skillset": None if skillset is None else {"Id": skillset.skillset_id, "Name": skillset.name},
        "Status": {"Id": profile.campaign_status_id(details.status), "Name": details.status.value},
        "StartOfRun": details.start_of_run,
        "Priority": details.priority,
        "LoadContactsPerInterval": details.load_contacts_per_interval,
        "DialingPrefix": details.dialing_prefix,
        "AutoDialTimeOut": details.auto_dial_timeout,
        "MinimumRingTime": details.minimum_ring_time,
        "Locked": details.locked,
        "DispositionCodes": [disposition_code_members(one) for one in details.disposition_codes],
        "NumberOfContactsClosed": view.number_of_contacts_closed,
    }


def disposition_code_members(code: DispositionCode) -> Members:
    """The members of an OWDispositioncode."""
    return {
        "Id": code.disposition_code_id,
        "Name": code.name,
        "RetryTimeOut": code.retry_timeout,
        "NumbericValue": code.numeric_value,
        "MaxRetryCount": code.max_retry_count,
        "Deletable": code.deletable,
        "CallRequired": code.call_required,
        "MarkAsDeleted": code.marked_as_deleted,
        "SaveAgentScript": code.save_agent_script,
    }


def date_text(moment: datetime | None, style: str) -> str:
    """A naive UTC date as .NET writes it: without offset, as UTC, or with the machine's offset; fractions trimmed."""
    if moment is None:
        return UNSET_DATE
    offset = ""
    if style == "utc":
        offset = "Z"
    elif style == "local":
        with suppress(OverflowError):  # at either end of the calendar there is no offset to add
            moment = moment.replace(tzinfo=timezone.utc).astimezone()
            zone = moment.strftime("%z")
            offset = f"{zone[:3]}:{zone[3:5]}"
    text = moment.replace(tzinfo=None).isoformat()
    return (text.rstrip("0") if "." in text else text) + offset
