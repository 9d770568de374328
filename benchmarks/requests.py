"""The requests that are measured, and the center they are for."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from fake_ccmm import Administrator, CampaignDetails, ContactCenter, Profile, Skillset
from fake_ccmm.demo.people import people
from fake_ccmm.soap.contact_xml import XML_CONTACTS
from fake_ccmm.soap.names import DATATYPES, SOAP11, TARGET

USER, PASSWORD = "bench", "bench"
CAMPAIGN = 1
FIELDS = ("AccountNumber", "Segment", "Balance")


def center_of(count: int) -> ContactCenter:
    """A center with one campaign of that many contacts, no session time-out and no limits."""
    center = ContactCenter(
        administrators=[Administrator(USER, PASSWORD)],
        skillsets=[Skillset(1, "OB_Bench")],
        profile=Profile(limit_seconds=0.0, session_timeout=0.0),
        codec=XML_CONTACTS,
    )
    drawn = people(1, count=count, campaign_name="Bench", skillset_ids=[1], custom_field_names=FIELDS)
    center.add_campaign(CampaignDetails(CAMPAIGN, "Bench", custom_field_names=FIELDS), drawn)
    return center


def envelope(operation: str, arguments: str) -> bytes:
    """A SOAP 1.1 request."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{SOAP11}"><soap:Body>'
        f'<{operation} xmlns="{TARGET}">{arguments}</{operation}></soap:Body></soap:Envelope>'
    ).encode()


def smallest(key: str) -> tuple[str, str, bytes]:
    """Service, operation and body of the smallest call that needs a key."""
    arguments = f"<sessionKey>{key}</sessionKey><contactId>1</contactId><campaignID>{CAMPAIGN}</campaignID>"
    return "OutboundContactWS", "GetContactStatus", envelope("GetContactStatus", arguments)


def page(key: str, last: int = 0) -> tuple[str, str, bytes]:
    """The same of a page of 200 contacts."""
    arguments = (
        f"<CampaignID>{CAMPAIGN}</CampaignID><LastContactID>{last}</LastContactID><sessionKey>{key}</sessionKey>"
    )
    return "OutboundCampaignWS", "Get200CampaignContacts", envelope("Get200CampaignContacts", arguments)


def find_by_phone(key: str, parts: tuple[str, str, str]) -> tuple[str, str, bytes]:
    """The same of a look-up by phone number."""
    names = ("IntCode", "AreaCode", "PhoneNo")
    number = "".join(
        f'<{name} xmlns="{DATATYPES}">{part}</{name}>' for name, part in zip(names, parts, strict=True) if part
    )
    arguments = f"<phoneNumber>{number}</phoneNumber><CampaignID>{CAMPAIGN}</CampaignID><sessionkey>{key}</sessionkey>"
    return "OutboundContactWS", "GetContactIDByPhoneNumber", envelope("GetContactIDByPhoneNumber", arguments)


def find_by_field(key: str, name: str, text: str) -> tuple[str, str, bytes]:
    """The same of a look-up by custom field."""
    field = f'<Name xmlns="{DATATYPES}">{name}</Name><Text xmlns="{DATATYPES}">{text}</Text>'
    arguments = f"<CampaignID>{CAMPAIGN}</CampaignID><CustomField>{field}</CustomField><sessionkey>{key}</sessionkey>"
    return "OutboundContactWS", "FindContactsByCustomField", envelope("FindContactsByCustomField", arguments)


def environ_of(service: str, operation: str, body: bytes) -> dict[str, Any]:
    """The WSGI environment of a request."""
    return {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": f"/ccmmoutboundwebservices/{service}.asmx",
        "QUERY_STRING": "",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "HTTP_SOAPACTION": f'"{TARGET}{operation}"',
        "CONTENT_TYPE": "text/xml; charset=utf-8",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
    }
