"""SOAP 1.1 as CCMM's Outbound Web Services speak it, over http.client: one call out, one result or error back.

A value on the wire is a dict by the names of the JSON protocol; the tables below say how each is spelled in XML.
"""

from __future__ import annotations

import http.client
import ssl
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from json_lines import AnswerLost, ClientError, Refused

SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
SERVICES = "http://nortel.com/CCMMOutboundWebservices/"
DATA = "http://datatypes.outboundwebservices.ccmm.applications.nortel.com"
TIMEOUT = 10.0

Kind = Any
"""int, bool or str; a table of members; or a tuple (element name, table) for a list."""
Table = list[tuple[str, str, Kind]]
"""The members of a type in the WSDL's order: the element's name, ours, and the kind of its value."""

STATUS: Table = [("Id", "id", int), ("Name", "name", str)]
PHONE_NUMBER: Table = [("IntCode", "int_code", str), ("AreaCode", "area_code", str), ("PhoneNo", "phone_no", str)]
CUSTOM_FIELD: Table = [("Name", "name", str), ("Text", "text", str), ("IsTextVisible", "is_text_visible", bool)]
ADDRESS: Table = [
    *((f"AddressLine{n}", f"line{n}", str) for n in range(1, 6)),
    ("Country", "country", str),
    ("PostCode", "post_code", str),
]
CONTACT: Table = [
    ("ContactID", "contact_id", int),
    ("CampaignName", "campaign_name", str),
    ("Address", "address", ADDRESS),
    ("CustomFieldList", "custom_fields", ("OWCustomField", CUSTOM_FIELD)),
    ("EmailAddress", "email_address", str),
    ("FirstName", "first_name", str),
    ("LastName", "last_name", str),
    ("PhoneNumber", "phone_number", PHONE_NUMBER),
    ("PreferredAgentID", "preferred_agent_id", int),
    ("PreferredAgentSpecified", "preferred_agent_specified", bool),
    ("Title", "title", str),
    ("SkillsetID", "skillset_id", int),
]
CONTACTS: Table = [("ContactList", "contacts", ("OWContact", CONTACT))]
# A table need not have all members: elements that it does not know are passed over.
CAMPAIGN: Table = [
    ("ID", "campaign_id", int),
    ("Name", "name", str),
    ("NumberOfContacts", "number_of_contacts", int),
    ("Status", "status", STATUS),
    ("DispositionCodes", "disposition_codes", ("OWDispositioncode", [("Id", "id", int), ("Name", "name", str)])),
]
CAMPAIGNS: Table = [("CampaignList", "campaigns", ("OWCampaign", CAMPAIGN))]

Arguments = list[tuple[str, Any, Kind]]
"""An operation's arguments: the element's name, the value (None is an element left out) and its kind."""


class SoapService:
    """The three services by their addresses (``utility``, ``campaign``, ``contact``); no call is ever sent twice."""

    def __init__(self, urls: Mapping[str, str], ca: str | None) -> None:
        self._urls = urls
        self._tls = ssl.create_default_context(cafile=ca)

    def call(self, service: str, operation: str, arguments: Arguments, result: Kind = str) -> Any:
        """The result read as its kind, None where there is none; Refused for a fault; AnswerLost for anything else."""
        url = urlsplit(self._urls[service])
        body = _envelope(operation, arguments)
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{SERVICES}{operation}"'}
        # A connection for each call: the server may close a kept one just as an append is on its way.
        connection = (
            http.client.HTTPSConnection(url.netloc, timeout=TIMEOUT, context=self._tls)
            if url.scheme == "https"
            else http.client.HTTPConnection(url.netloc, timeout=TIMEOUT)
        )
        try:
            connection.request("POST", url.path, body, headers)
            response = connection.getresponse()
            status, answer = response.status, response.read()
        except (OSError, http.client.HTTPException) as error:
            raise AnswerLost(f"{operation}: no answer: {type(error).__name__}: {error}") from None
        finally:
            connection.close()
        try:
            return _result(operation, status, answer, result)
        except (ET.ParseError, ValueError) as error:
            raise AnswerLost(f"{operation}: HTTP {status}, and an answer that cannot be read: {error}") from None


def _envelope(operation: str, arguments: Arguments) -> bytes:
    envelope = ET.Element(f"{{{SOAP}}}Envelope")
    call = ET.SubElement(ET.SubElement(envelope, f"{{{SOAP}}}Body"), f"{{{SERVICES}}}{operation}")
    for name, value, kind in arguments:
        _write(call, f"{{{SERVICES}}}{name}", value, kind)
    # A bare carriage return would arrive as a line feed.
    text: bytes = ET.tostring(envelope, encoding="utf-8", xml_declaration=True).replace(b"\r", b"&#13;")
    try:
        ET.fromstring(text)  # noqa: S314 - our own document
    except ET.ParseError as error:
        raise ClientError(f"{operation}: a text has a character that XML cannot carry: {error}") from None
    return text


def _write(parent: ET.Element, name: str, value: Any, kind: Kind) -> None:
    if value is None and kind not in (int, bool):
        return
    element = ET.SubElement(parent, name)
    # Types of the data have their members in a namespace of their own; the server reads no others.
    if isinstance(kind, tuple):
        for one in value:
            _write(element, f"{{{DATA}}}{kind[0]}", one, kind[1])
    elif isinstance(kind, list):
        for member, ours, its_kind in kind:
            _write(element, f"{{{DATA}}}{member}", value.get(ours), its_kind)
    elif kind is bool:
        element.text = "true" if value else "false"
    else:
        element.text = str(value or 0) if kind is int else str(value)


def _result(operation: str, status: int, answer: bytes, kind: Kind) -> Any:
    envelope = ET.fromstring(answer)  # noqa: S314 - expat expands no external entities
    fault = envelope.find(f"{{{SOAP}}}Body/{{{SOAP}}}Fault")
    if fault is not None:
        number = fault.findtext(f"detail/{{{SERVICES}}}Error/{{{SERVICES}}}ErrorNumber") or ""
        raise Refused(fault.findtext("faultstring") or "", int(number) if number.isdigit() else None)
    response = envelope.find(f"{{{SOAP}}}Body/{{{SERVICES}}}{operation}Response")
    if status != 200 or response is None:
        raise ValueError("neither a result nor a fault")
    return _read(response.find(f"{{{SERVICES}}}{operation}Result"), kind)


def _read(element: ET.Element | None, kind: Kind) -> Any:
    if kind is int:
        # No schema of theirs lets a number be missing.
        if element is None or element.text is None:
            raise ValueError("a number is missing")
        return int(element.text)
    if element is None:
        return None
    if isinstance(kind, tuple):
        return [_read(one, kind[1]) for one in element.findall(f"{{{DATA}}}{kind[0]}")]
    if isinstance(kind, list):
        return {ours: _read(element.find(f"{{{DATA}}}{member}"), its_kind) for member, ours, its_kind in kind}
    return element.text in ("true", "1") if kind is bool else element.text or ""
