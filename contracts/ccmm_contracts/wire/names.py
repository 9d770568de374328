"""The services' own spelling: every element, in the order it is sent, with the kit's word for it.

The spelling is part of the contract, with all its turns: ``NumbericValue``, ``sessionkey`` beside ``sessionKey``,
``campaignID`` beside ``campaignId`` and ``CampaignID``. A test holds these tables against the WSDLs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import domain

NAMESPACE = "http://nortel.com/CCMMOutboundWebservices/"
"""Of the operations, their arguments and results, and of the faults' Error detail."""

DATATYPES = "http://datatypes.outboundwebservices.ccmm.applications.nortel.com"
"""Of the members of contacts, campaigns, and all they hold."""

XSI_NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"


@dataclass(frozen=True, slots=True)
class SoapVersion:
    """What a version of SOAP asks for: its envelope's namespace and its media type."""

    name: str
    namespace: str
    media_type: str


SOAP_VERSIONS = {
    one.name: one
    for one in (
        SoapVersion("1.1", "http://schemas.xmlsoap.org/soap/envelope/", "text/xml"),
        SoapVersion("1.2", "http://www.w3.org/2003/05/soap-envelope", "application/soap+xml"),
    )
}
"""Both versions of SOAP by their name."""

SCALARS = ("string", "int", "long", "boolean", "dateTime")
"""The simple types that occur, by XML Schema's names."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element: the kit's word for it, its name on the wire, and its type by the WSDL's name."""

    field: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Structure:
    """A type with members: the class of :mod:`ccmm_contracts.domain` that it is, and its members in order."""

    kind: type[Any]
    members: tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """What goes in and what comes out of an operation; ``result`` is None where nothing does."""

    arguments: tuple[Element, ...]
    result: Element | None


def _elements(*rows: str) -> tuple[Element, ...]:
    return tuple(Element(*row.split()) for row in rows)


STRUCTURES: Mapping[str, Structure] = {
    "OWStatus": Structure(domain.Status, _elements("id Id long", "name Name string")),
    "OWSkillset": Structure(domain.Skillset, _elements("skillset_id Id long", "name Name string")),
    "OWDispositioncode": Structure(
        domain.DispositionCode,
        _elements(
            "disposition_code_id Id long",
            "name Name string",
            "retry_timeout RetryTimeOut long",
            "numeric_value NumbericValue long",
            "max_retry_count MaxRetryCount long",
            "deletable Deletable boolean",
            "call_required CallRequired boolean",
            "marked_as_deleted MarkAsDeleted boolean",
            "save_agent_script SaveAgentScript boolean",
        ),
    ),
    "OWAddress": Structure(
        domain.Address,
        _elements(
            "line1 AddressLine1 string",
            "line2 AddressLine2 string",
            "line3 AddressLine3 string",
            "line4 AddressLine4 string",
            "line5 AddressLine5 string",
            "country Country string",
            "post_code PostCode string",
        ),
    ),
    "OWPhoneNumber": Structure(
        domain.PhoneNumber,
        _elements("int_code IntCode string", "area_code AreaCode string", "phone_no PhoneNo string"),
    ),
    "OWCustomField": Structure(
        domain.CustomField,
        _elements("name Name string", "text Text string", "is_text_visible IsTextVisible boolean"),
    ),
    "OWContact": Structure(
        domain.Contact,
        _elements(
            "contact_id ContactID long",
            "campaign_name CampaignName string",
            "address Address OWAddress",
            "custom_fields CustomFieldList ArrayOfOWCustomField",
            "email_address EmailAddress string",
            "first_name FirstName string",
            "last_name LastName string",
            "phone_number PhoneNumber OWPhoneNumber",
            "preferred_agent_id PreferredAgentID long",
            "preferred_agent_specified PreferredAgentSpecified boolean",
            "title Title string",
            "skillset_id SkillsetID long",
        ),
    ),
    "OWCampaign": Structure(
        domain.Campaign,
        _elements(
            "campaign_id ID long",
            "name Name string",
            "description Description string",
            "number_of_contacts NumberOfContacts long",
            "number_of_contacts_processed NumberOfContactsProcessed long",
            "date_created DateCreated dateTime",
            "owner Owner string",
            "start_date_time StartDateTime dateTime",
            "skillset Skillset OWSkillset",
            "status Status OWStatus",
            "start_of_run StartOfRun boolean",
            "priority Priority long",
            "load_contacts_per_interval LoadContactsPerInterval long",
            "dialing_prefix DialingPrefix string",
            "auto_dial_timeout AutoDialTimeOut long",
            "minimum_ring_time MinimumRingTime long",
            "locked Locked boolean",
            "disposition_codes DispositionCodes ArrayOfOWDispositioncode",
            "number_of_contacts_closed NumberOfContactsClosed long",
        ),
    ),
}
"""Every type that is one thing with members, by the WSDL's name."""

LISTS: Mapping[str, str] = {
    "ArrayOfOWCampaign": "OWCampaign",
    "ArrayOfOWContact": "OWContact",
    "ArrayOfOWCustomField": "OWCustomField",
    "ArrayOfOWDispositioncode": "OWDispositioncode",
}
"""Every list, with the type of its items; the items' element has the type's name."""

HOLDERS: Mapping[str, Element] = {
    "OWCampaigns": Element("campaigns", "CampaignList", "ArrayOfOWCampaign"),
    "OWContacts": Element("contacts", "ContactList", "ArrayOfOWContact"),
}
"""The results that hold nothing but a list."""

CALLS: Mapping[str, Call] = {
    "OutboundLogin": Call(
        _elements("username username string", "password password string"),
        Element("session_key", "OutboundLoginResult", "string"),
    ),
    "OutboundLogoff": Call(_elements("username username string"), None),
    "GetCampaigns": Call(
        _elements("session_key sessionKey string"), Element("campaigns", "GetCampaignsResult", "OWCampaigns")
    ),
    "Get200CampaignContacts": Call(
        _elements("campaign_id CampaignID long", "last_contact_id LastContactID long", "session_key sessionKey string"),
        Element("contacts", "Get200CampaignContactsResult", "OWContacts"),
    ),
    "AppendContactsToCampaign": Call(
        _elements(
            "campaign_id CampaignID int",
            "contact contact OWContact",
            "session_key sessionKey string",
            "priority priority int",
        ),
        Element("appended", "AppendContactsToCampaignResult", "int"),
    ),
    "GetContactStatus": Call(
        _elements(
            "session_key sessionKey string",
            "contact_id contactId long",
            "campaign_id campaignID long",
            "custom_field_name customFieldName string",
            "custom_field_value customFieldValue string",
            "custom_field_passed customFieldPassed boolean",
        ),
        Element("status", "GetContactStatusResult", "OWStatus"),
    ),
    "CloseContact": Call(
        _elements(
            "campaign_id campaignId long",
            "contact_id contactId long",
            "custom_field_name customFieldName string",
            "custom_field_value customFieldValue string",
            "custom_field_specified customFieldSpecified boolean",
            "closure_text closureText string",
            "disposition_code closedReasonCodeValue long",
            "disposition_code_specified closedReasonCodeSpecified boolean",
            "session_key sessionKey string",
        ),
        Element("closed", "CloseContactResult", "long"),
    ),
    "GetContactIDByPhoneNumber": Call(
        _elements(
            "phone_number phoneNumber OWPhoneNumber", "campaign_id CampaignID int", "session_key sessionkey string"
        ),
        Element("contact_id", "GetContactIDByPhoneNumberResult", "long"),
    ),
    "FindContactsByPhoneNumber": Call(
        _elements(
            "contact_status ContactStatus OWStatus",
            "campaign_id CampaignID int",
            "phone_number PhoneNumber OWPhoneNumber",
            "session_key sessionkey string",
        ),
        Element("contacts", "FindContactsByPhoneNumberResult", "OWContacts"),
    ),
    "FindContactsByCustomField": Call(
        _elements(
            "contact_status ContactStatus OWStatus",
            "campaign_id CampaignID int",
            "custom_field CustomField OWCustomField",
            "session_key sessionkey string",
        ),
        Element("contacts", "FindContactsByCustomFieldResult", "OWContacts"),
    ),
}
"""Every operation by its name. ``priority`` of an append is known to the revision of that name only."""


def soap_action(operation: str) -> str:
    """The SOAPAction of an operation, without quotes."""
    return f"{NAMESPACE}{operation}"
