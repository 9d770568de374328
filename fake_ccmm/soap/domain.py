"""A call in the contact center's own words: what journal, fault rules and timeline see of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from xml.sax.saxutils import unescape

from ..campaign import CampaignView
from ..contacts import ContactPage
from ..model import ContactStatus
from .reading import Members
from .values import contact_of, custom_field_of, phone_number_of

_PAGES = frozenset({"Get200CampaignContacts", "FindContactsByPhoneNumber", "FindContactsByCustomField"})
_NUMBERS = frozenset({"AppendContactsToCampaign", "CloseContact", "GetContactIDByPhoneNumber"})
_RESULT = re.compile(r"<\w+Result>(.*?)</\w+Result>", re.DOTALL)
_CAMPAIGN_ID = re.compile(r"<OWCampaign><ID>(-?\d+)</ID>")
_CONTACT_ID = re.compile(r"<OWContact><ContactID>(-?\d+)</ContactID>")
_NAME = re.compile(r"<Name\b[^>]*>(.*?)</Name>")
_NAMES = {
    "username": "username",
    "password": "password",
    "sessionKey": "session_key",
    "sessionkey": "session_key",
    "CampaignID": "campaign_id",
    "campaignId": "campaign_id",
    "campaignID": "campaign_id",
    "LastContactID": "last_contact_id",
    "contactId": "contact_id",
    "priority": "priority",
    "customFieldName": "custom_field_name",
    "customFieldValue": "custom_field_value",
    "customFieldPassed": "custom_field_passed",
    "customFieldSpecified": "custom_field_specified",
    "closureText": "closure_text",
    "closedReasonCodeValue": "disposition_code",
    "closedReasonCodeSpecified": "disposition_code_specified",
    "contact": "contact",
    "phoneNumber": "phone_number",
    "PhoneNumber": "phone_number",
    "CustomField": "custom_field",
    "ContactStatus": "contact_status",
}


def domain_arguments(members: Members) -> dict[str, Any]:
    """The arguments of a call by the domain's names; structured values as plain mappings."""
    return {
        _NAMES[name]: _VALUES[name](value) if name in _VALUES and value is not None else value
        for name, value in members.items()
    }


def domain_result(returned: Any) -> Any:
    """What a call returned, in short: a number or text as it is, campaigns by id, contacts by how many and which."""
    if isinstance(returned, ContactPage):
        ids = [returned.contact_at(place).contact_id for place in (0, -1)] if len(returned) else [None, None]
        return {"contacts": len(returned), "first_contact_id": ids[0], "last_contact_id": ids[1]}
    if isinstance(returned, list):
        return {"campaigns": [one.details.campaign_id for one in returned if isinstance(one, CampaignView)]}
    return returned.value if isinstance(returned, ContactStatus) else returned


def result_in(operation: str | None, answer: str) -> Any:
    """The same as :func:`domain_result`, from the text of an answer that is no fault."""
    if operation == "GetCampaigns":
        return {"campaigns": [int(one) for one in _CAMPAIGN_ID.findall(answer)]}
    if operation in _PAGES:
        ids = [int(one) for one in _CONTACT_ID.findall(answer)]
        first, last = (ids[0], ids[-1]) if ids else (None, None)
        return {"contacts": len(ids), "first_contact_id": first, "last_contact_id": last}
    found = (_NAME if operation == "GetContactStatus" else _RESULT).search(answer)
    if found is None:
        return None
    return int(found[1]) if operation in _NUMBERS else unescape(found[1])


def _contact(members: Members) -> dict[str, Any]:
    contact = _plain(contact_of(members))
    del contact["status"], contact["priority"]  # neither is part of what a client sends as a contact
    return contact


def _plain(value: Any) -> dict[str, Any]:
    plain: dict[str, Any] = asdict(value)
    if plain.get("custom_fields") is not None:
        plain["custom_fields"] = list(plain["custom_fields"])
    return plain


def _status(members: Members) -> dict[str, Any]:
    return {"id": members["Id"], "name": members["Name"]}


def _phone_number(members: Members) -> dict[str, Any]:
    return _plain(phone_number_of(members))


def _custom_field(members: Members) -> dict[str, Any]:
    return _plain(custom_field_of(members))


_VALUES: dict[str, Callable[[Members], Any]] = {
    "contact": _contact,
    "phoneNumber": _phone_number,
    "PhoneNumber": _phone_number,
    "CustomField": _custom_field,
    "ContactStatus": _status,
}
