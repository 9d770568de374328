"""A client that keeps every rule, written with nothing but http.client; careless ones are made from it."""

from __future__ import annotations

import http.client
import time
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from ccmm_contracts.clients import ClientError

OWN = "http://nortel.com/CCMMOutboundWebservices/"
DATA = "http://datatypes.outboundwebservices.ccmm.applications.nortel.com"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
EXPIRED, REJECTED, ALREADY = "has Expired", "Validation of session key failed", "is already logged in"

Elements = list[tuple[str, Any]]


class Fault(Exception):
    """The server refused a call."""


class GoodClient:
    """Everything that a client can be asked for; each habit is a method of its own, to be broken one at a time."""

    name = "good client"

    def start(self, services: dict[str, str], user: str, password: str, take_over: bool, ca: str | None) -> None:
        """Prepare; no call is made."""
        self.services, self.user, self.password, self.take_over = services, user, password, take_over
        self.key: str | None = None
        self.last_call: dict[str, float] = {}

    # --- what it offers ---------------------------------------------------------------------------------------------

    def log_in(self) -> None:
        self.key = self.key or self.new_key()

    def list_campaigns(self) -> list[dict[str, Any]]:
        result = self.work("campaign", "GetCampaigns", [("sessionKey", ...)])
        return [
            {
                "campaign_id": int(text(one, "ID")),
                "name": text(one, "Name"),
                "status": text(part(one, "Status"), "Name"),
                "number_of_contacts": int(text(one, "NumberOfContacts")),
            }
            for one in every(result, "OWCampaign")
        ]

    def fetch_contacts(self, campaign_id: int) -> list[dict[str, Any]]:
        contacts: list[dict[str, Any]] = []
        cursor = self.first_cursor()
        while True:
            page = self.page(campaign_id, cursor)
            contacts += page
            if self.is_end(page, contacts):
                return contacts
            cursor = self.next_cursor(cursor, page)

    def append_contacts(self, campaign_id: int, contacts: list[dict[str, Any]]) -> dict[str, int]:
        for one in contacts:
            self.pace("AppendContactsToCampaign")
            self.append(campaign_id, one)
        return {"appended": len(contacts)}

    def close_contact(
        self,
        campaign_id: int,
        text: str | None,
        disposition: str | None,
        contact_id: int | None = None,
        custom_field: dict[str, str] | None = None,
    ) -> None:
        code = None if disposition is None else self.code(campaign_id, disposition)
        self.pace("CloseContact")
        self.close(campaign_id, contact_id, custom_field, text, code)

    def find_contact_id(self, campaign_id: int, phone_number: dict[str, Any]) -> int | None:
        elements: Elements = [
            ("phoneNumber", phone_elements(phone_number)),
            ("CampaignID", campaign_id),
            ("sessionkey", ...),
        ]
        found = int(self.work("contact", "GetContactIDByPhoneNumber", elements).text or 0)
        return None if found == -1 else found

    def find_contacts(
        self,
        campaign_id: int,
        status: str | None,
        phone_number: dict[str, Any] | None = None,
        custom_field: dict[str, str] | None = None,
    ) -> list[dict[str, Any]]:
        wanted: Elements = [("CampaignID", campaign_id)]
        if status is not None:
            wanted.insert(0, ("ContactStatus", Members([("Id", 0), ("Name", status)])))
        operation = "FindContactsByPhoneNumber" if phone_number is not None else "FindContactsByCustomField"
        if phone_number is not None:
            wanted.append(("PhoneNumber", phone_elements(phone_number)))
        if custom_field is not None:
            name, words = custom_field["name"], custom_field["text"]
            wanted.append(("CustomField", Members([("Name", name), ("Text", words), ("IsTextVisible", False)])))
        elements: Elements = [*wanted, ("sessionkey", ...)]
        return [read_contact(one) for one in every(self.work("contact", operation, elements), "OWContact")]

    def contact_status(
        self, campaign_id: int, contact_id: int | None = None, custom_field: dict[str, str] | None = None
    ) -> str:
        elements: Elements = [
            ("sessionKey", ...),
            ("contactId", contact_id or 0),
            ("campaignID", campaign_id),
            ("customFieldName", custom_field["name"] if custom_field else None),
            ("customFieldValue", custom_field["text"] if custom_field else None),
            ("customFieldPassed", custom_field is not None),
        ]
        return text(self.work("contact", "GetContactStatus", elements), "Name")

    def log_off(self) -> None:
        if self.key is not None:
            self.call("utility", "OutboundLogoff", [("username", self.user)])
            self.key = None

    def end(self) -> None:
        self.log_off()

    # --- its habits -------------------------------------------------------------------------------------------------

    def new_key(self) -> str:
        try:
            return self.log_in_once()
        except Fault as fault:
            if ALREADY in str(fault):
                return self.on_already_logged_in(str(fault))
            if EXPIRED in str(fault):
                self.call("utility", "OutboundLogoff", [("username", self.user)])
                return self.log_in_once()
            raise ClientError("login-refused", str(fault)) from None

    def log_in_once(self) -> str:
        result = self.call("utility", "OutboundLogin", [("username", self.user), ("password", self.password)])
        return result.text or ""

    def on_already_logged_in(self, words: str) -> str:
        if not self.take_over:
            raise ClientError("already-logged-in", words)
        self.call("utility", "OutboundLogoff", [("username", self.user)])
        return self.log_in_once()

    def first_cursor(self) -> int:
        return 0

    def next_cursor(self, cursor: int, page: list[dict[str, Any]]) -> int:
        return int(page[-1]["contact_id"])

    def is_end(self, page: list[dict[str, Any]], contacts: list[dict[str, Any]]) -> bool:
        return len(page) < 200

    def page(self, campaign_id: int, cursor: int) -> list[dict[str, Any]]:
        elements: Elements = [("CampaignID", campaign_id), ("LastContactID", cursor), ("sessionKey", ...)]
        return [
            read_contact(one) for one in every(self.work("campaign", "Get200CampaignContacts", elements), "OWContact")
        ]

    def pace(self, operation: str) -> None:
        """Wait for the turn of the operation; the second begins when the last answer has come."""
        wait = self.last_call.get(operation, -9.0) + 1.02 - time.monotonic()
        if wait > 0:
            time.sleep(wait)

    def append(self, campaign_id: int, contact: dict[str, Any]) -> None:
        elements: Elements = [
            ("CampaignID", campaign_id),
            ("contact", contact_elements(contact)),
            ("sessionKey", ...),
        ]
        self.work("campaign", "AppendContactsToCampaign", elements)

    def code(self, campaign_id: int, name: str) -> int:
        """The id of the campaign's code of that name."""
        for campaign in every(self.work("campaign", "GetCampaigns", [("sessionKey", ...)]), "OWCampaign"):
            if int(text(campaign, "ID")) == campaign_id:
                for one in every(campaign, "OWDispositioncode"):
                    if text(one, "Name") == name:
                        return int(text(one, "Id"))
        raise ClientError("not-linked", f"campaign {campaign_id} has no disposition code {name!r}")

    def close(
        self,
        campaign_id: int,
        contact_id: int | None,
        field: dict[str, str] | None,
        words: str | None,
        code: int | None,
    ) -> None:
        elements: Elements = [
            ("campaignId", campaign_id),
            ("contactId", contact_id or 0),
            ("customFieldName", field["name"] if field else None),
            ("customFieldValue", field["text"] if field else None),
            ("customFieldSpecified", field is not None),
            ("closureText", words or ""),
            ("closedReasonCodeValue", code or 0),
            ("closedReasonCodeSpecified", code is not None),
            ("sessionKey", ...),
        ]
        self.work("contact", "CloseContact", elements)

    # --- how it calls -----------------------------------------------------------------------------------------------

    def work(self, service: str, operation: str, elements: Elements) -> ElementTree.Element:
        """Call with a key, ``...`` standing for it; log in again once where the session has ended."""
        self.log_in()
        try:
            return self.call(service, operation, elements)
        except Fault as fault:
            if EXPIRED not in str(fault) and REJECTED not in str(fault):
                raise ClientError("refused", str(fault)) from None
            return self.on_session_ended(service, operation, elements, str(fault))

    def on_session_ended(self, service: str, operation: str, elements: Elements, words: str) -> ElementTree.Element:
        self.log_off()
        self.log_in()
        try:
            return self.call(service, operation, elements)
        except Fault as fault:
            raise ClientError("refused", str(fault)) from None

    def call(self, service: str, operation: str, elements: Elements) -> ElementTree.Element:
        """The result element of a call; an empty one where there is none."""
        key = ("sessionkey", "sessionKey")
        filled = [(name, self.key if one is ... and name in key else one) for name, one in elements]
        body = f'<{operation} xmlns="{OWN}" xmlns:d="{DATA}">{written(filled)}</{operation}>'
        envelope = f'<s:Envelope xmlns:s="{SOAP}"><s:Body>{body}</s:Body></s:Envelope>'
        try:
            status, answer = self.send(self.services[service], operation, envelope.encode())
        except (OSError, http.client.HTTPException) as error:
            raise ClientError("transport", f"{operation} was not answered: {error!r}") from None
        finally:
            self.last_call[operation] = time.monotonic()
        return self.read(operation, status, answer)

    def send(self, url: str, operation: str, body: bytes) -> tuple[int, bytes]:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        try:
            headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{OWN}{operation}"'}
            connection.request("POST", parts.path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def read(self, operation: str, status: int, answer: bytes) -> ElementTree.Element:
        try:
            root = ElementTree.fromstring(answer)
        except ElementTree.ParseError:
            raise ClientError("transport", f"{operation} was answered with status {status} and no XML") from None
        fault = root.find(f".//{{{SOAP}}}Fault")
        if fault is not None:
            raise Fault(fault.findtext("faultstring") or "")
        if status != 200:
            raise ClientError("transport", f"{operation} was answered with status {status}")
        result = root.find(f".//{{{OWN}}}{operation}Result")
        return ElementTree.Element("nothing") if result is None else result


class Members(list[tuple[str, Any]]):
    """The members of a contact, a number and the like: they are in the namespace of the datatypes."""


def written(elements: Elements) -> str:
    """The elements as XML; what is None is left out."""
    prefix = "d:" if isinstance(elements, Members) else ""
    return "".join(f"<{prefix}{name}>{inner(one)}</{prefix}{name}>" for name, one in elements if one is not None)


def inner(value: Any) -> str:
    if isinstance(value, list):
        return written(value)
    return str(value).lower() if isinstance(value, bool) else escape(str(value))


def phone_elements(number: dict[str, Any]) -> Elements:
    parts = {"IntCode": "int_code", "AreaCode": "area_code", "PhoneNo": "phone_no"}
    return Members((name, number.get(one)) for name, one in parts.items())


def contact_elements(contact: dict[str, Any]) -> Elements:
    fields = [
        ("OWCustomField", Members([("Name", one["name"]), ("Text", one["text"]), ("IsTextVisible", False)]))
        for one in contact.get("custom_fields") or ()
    ]
    number = contact.get("phone_number")
    return Members(
        [
            ("ContactID", 0),
            ("CustomFieldList", Members(fields)),
            ("FirstName", contact.get("first_name")),
            ("LastName", contact.get("last_name")),
            ("PhoneNumber", None if number is None else phone_elements(number)),
            ("PreferredAgentID", 0),
            ("PreferredAgentSpecified", False),
            ("Title", contact.get("title")),
            ("SkillsetID", contact["skillset_id"]),
        ]
    )


def read_contact(one: ElementTree.Element) -> dict[str, Any]:
    return {
        "contact_id": int(text(one, "ContactID")),
        "first_name": text(one, "FirstName"),
        "last_name": text(one, "LastName"),
        "custom_fields": [
            {"name": text(each, "Name"), "text": text(each, "Text")} for each in every(one, "OWCustomField")
        ],
    }


def every(one: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return one.findall(f".//{{{DATA}}}{name}")


def part(one: ElementTree.Element, name: str) -> ElementTree.Element:
    found = one.find(f"{{{DATA}}}{name}")
    return ElementTree.Element("nothing") if found is None else found


def text(one: ElementTree.Element, name: str) -> str:
    return part(one, name).text or ""
