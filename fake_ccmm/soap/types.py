"""The data types of the wire as spyne declarations, in the vendor's order and spelling."""

from __future__ import annotations

from .compat import Boolean, ComplexModel, DateTime, Integer32, Integer64, Unicode
from .names import DATATYPES

TEXT = Unicode(min_occurs=0, max_occurs=1, nillable=False)
INT = Integer32(min_occurs=1, max_occurs=1, nillable=False)
LONG = Integer64(min_occurs=1, max_occurs=1, nillable=False)
BOOLEAN = Boolean(min_occurs=1, max_occurs=1, nillable=False)
DATE_TIME = DateTime(min_occurs=1, max_occurs=1, nillable=False)


def optional(model: type[ComplexModel]) -> type[ComplexModel]:
    """A member or parameter of a complex type: absent when null."""
    customized: type[ComplexModel] = model.customize(min_occurs=0, max_occurs=1, nillable=False)
    return customized


def repeated(model: type[ComplexModel]) -> type[ComplexModel]:
    """The items of a list, each of which may be null."""
    customized: type[ComplexModel] = model.customize(min_occurs=0, max_occurs="unbounded", nillable=True)
    return customized


class OWSkillset(ComplexModel):  # type: ignore[misc]
    __namespace__ = DATATYPES
    _type_info = [("Id", LONG), ("Name", TEXT)]


class OWStatus(ComplexModel):  # type: ignore[misc]
    __namespace__ = DATATYPES
    _type_info = [("Id", LONG), ("Name", TEXT)]


class OWDispositioncode(ComplexModel):  # type: ignore[misc]
    __namespace__ = DATATYPES
    _type_info = [
        ("Id", LONG),
        ("Name", TEXT),
        ("RetryTimeOut", LONG),
        ("NumbericValue", LONG),
        ("MaxRetryCount", LONG),
        ("Deletable", BOOLEAN),
        ("CallRequired", BOOLEAN),
        ("MarkAsDeleted", BOOLEAN),
        ("SaveAgentScript", BOOLEAN),
    ]


class ArrayOfOWDispositioncode(ComplexModel):  # type: ignore[misc]
    __namespace__ = DATATYPES
    _type_info = [("OWDispositioncode", repeated(OWDispositioncode))]


class OWCampaign(ComplexModel):  # type: ignore[misc]
    __namespace__ = DATATYPES
    _type_info = [
        ("ID", LONG),
        ("Name", TEXT),
        ("Description", TEXT),
        ("NumberOfContacts", LONG),
        ("NumberOfContactsProcessed", LONG),
        ("DateCreated", DATE_TIME),
        ("Owner", TEXT),
        ("StartDateTime", DATE_TIME),
        ("Skillset", optional(OWSkillset)),
        ("Status", optional(OWStatus)),
        ("StartOfRun", BOOLEAN),
        ("Priority", LONG),
        ("LoadContactsPerInterval", LONG),
        ("DialingPrefix", TEXT),
        ("AutoDialTimeOut", LONG),
        ("MinimumRingTime", LONG),
        ("Locked", BOOLEAN),
        ("DispositionCodes", optional(ArrayOfOWDispositioncode)),
        ("NumberOfContactsClosed", LONG),
    ]


class ArrayOfOWCampaign(ComplexModel):  # type: ignore[misc]
    __namespace__ = DATATYPES
    _type_info = [("OWCampaign", repeated(OWCampaign))]


class OWCampaigns(ComplexModel):  # type: ignore[misc]
    __namespace__ = DATATYPES
    _type_info = [("CampaignList", optional(ArrayOfOWCampaign))]


class OWAddress(ComplexModel):  # type: ignore[misc]
    __namespace__ = DATATYPES
    _type_info = [
        ("AddressLine1", TEXT),
        ("AddressLine2", TEXT),
        ("AddressLine3", TEXT),
        ("AddressLine4", TEXT),
        ("AddressLine5", TEXT),
        ("Country", TEXT),
        ("PostCode", TEXT),
    ]


class OWCustomField(ComplexModel):  # type: ignore[misc]
    __namespace__ = DATATYPES
    _type_info = [("Name", TEXT), ("Text", TEXT), ("IsTextVisible", BOOLEAN)]


class ArrayOfOWCustomField(ComplexModel):  # type: ignore[misc]
    __namespace__ = DATATYPES
    _type_info = [("OWCustomField", repeated(OWCustomField))]


class OWPhoneNumber(ComplexModel):  # type: ignore[misc]
    __namespace__ = DATATYPES
    _type_info = [("IntCode", TEXT), ("AreaCode", TEXT), ("PhoneNo", TEXT)]


class OWContact(ComplexModel):  # type: ignore[misc]
    __namespace__ = DATATYPES
    _type_info = [
        ("ContactID", LONG),
        ("CampaignName", TEXT),
        ("Address", optional(OWAddress)),
        ("CustomFieldList", optional(ArrayOfOWCustomField)),
        ("EmailAddress", TEXT),
        ("FirstName", TEXT),
        ("LastName", TEXT),
        ("PhoneNumber", optional(OWPhoneNumber)),
        ("PreferredAgentID", LONG),
        ("PreferredAgentSpecified", BOOLEAN),
        ("Title", TEXT),
        ("SkillsetID", LONG),
    ]


class ArrayOfOWContact(ComplexModel):  # type: ignore[misc]
    __namespace__ = DATATYPES
    _type_info = [("OWContact", repeated(OWContact))]


class OWContacts(ComplexModel):  # type: ignore[misc]
    __namespace__ = DATATYPES
    _type_info = [("ContactList", optional(ArrayOfOWContact))]
