"""A client of CCMM's Outbound Web Services made from their WSDL with zeep.

``CcmmClient`` is the part to copy. Started as a program it is driven over JSON lines: see README.md.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping
from typing import Any

import json_lines
import requests
import zeep
from json_lines import AlreadyLoggedIn, AnswerLost, ClientError, LoginRefused, NotFound, NotLinked, Refused
from lxml import etree
from zeep.exceptions import Error as ZeepError
from zeep.exceptions import Fault, TransportError, ValidationError, XMLSyntaxError

TARGET = "http://nortel.com/CCMMOutboundWebservices/"
TIMEOUT = 10.0
PAGE = 200
PAUSE = 1.05
"""Seconds between two appends, and between two closings: the server allows one a second."""
PACED = ("AppendContactsToCampaign", "CloseContact")
PRIORITY = 3
"""1 (highest) to 6, used where the WSDL has ``priority`` in AppendContactsToCampaign."""

ADDRESS = {**{f"AddressLine{n}": f"line{n}" for n in range(1, 6)}, "Country": "country", "PostCode": "post_code"}
CUSTOM_FIELD = {"Name": "name", "Text": "text", "IsTextVisible": "is_text_visible"}
PHONE_NUMBER = {"IntCode": "int_code", "AreaCode": "area_code", "PhoneNo": "phone_no"}
CONTACT = {
    "CampaignName": "campaign_name",
    "EmailAddress": "email_address",
    "FirstName": "first_name",
    "LastName": "last_name",
    "PreferredAgentID": "preferred_agent_id",
    "PreferredAgentSpecified": "preferred_agent_specified",
    "Title": "title",
    "SkillsetID": "skillset_id",
}
"""The members of a contact that are no types of their own; names of the WSDL, and those of the JSON protocol."""


class CcmmClient:
    """One user's work with the services. Every error is a ClientError; ``end`` leaves no session open."""

    def __init__(
        self, services: Mapping[str, str], user: str, password: str, take_over: bool = False, ca: str | None = None
    ) -> None:
        self._user, self._password, self._take_over = user, password, take_over
        self._key: str | None = None
        self._answered: dict[str, float] = {}
        session = requests.Session()
        if ca is not None:
            session.verify = ca
            session.trust_env = False  # REQUESTS_CA_BUNDLE would win over the line above
        # A connection for each call: the server may close a kept one just as an append is on its way.
        session.headers["Connection"] = "close"
        transport = _WholeAnswers(session=session, timeout=TIMEOUT, operation_timeout=TIMEOUT)
        self._utility = _service(services["utility"], "OutboundUtilityWS", transport)
        self._campaign = _service(services["campaign"], "OutboundCampaignWS", transport)
        self._contact = _service(services["contact"], "OutboundContactWS", transport)
        append = self._campaign._binding.get("AppendContactsToCampaign").input.body.type.elements
        self._priority = {"priority": PRIORITY} if "priority" in dict(append) else {}

    def log_in(self) -> None:
        """Open the session. One that is open already is taken over only where ``take_over`` says so."""
        if self._key is not None:
            return
        try:
            self._key = self._open_session()
        except AlreadyLoggedIn:
            if not self._take_over:
                raise
            self._log_in_again()
        except LoginRefused as error:
            # An expired session serves nobody, but it may still be in the way of a new one.
            if "Expired" not in str(error):
                raise
            self._log_in_again()

    def list_campaigns(self) -> list[dict[str, Any]]:
        """The campaigns that are Running, Waiting or Paused."""
        return [
            {
                "campaign_id": one.ID,
                "name": one.Name,
                "status": one.Status and one.Status.Name,
                "number_of_contacts": one.NumberOfContacts,
            }
            for one in self._campaigns()
        ]

    def fetch_contacts(self, campaign_id: int) -> list[dict[str, Any]]:
        """All contacts of a campaign, page by page, each page asked for with the last id of the one before."""
        contacts: list[dict[str, Any]] = []
        last = 0
        while True:
            page = self._call(self._campaign.Get200CampaignContacts, CampaignID=campaign_id, LastContactID=last)
            contacts += _contacts(page)
            # A short page is the last one. NumberOfContacts does not tell: contacts may come in while we read.
            if page is None or len(page.OWContact) < PAGE:
                return contacts
            if contacts[-1]["contact_id"] <= last:
                raise ClientError(f"the page after contact {last} ends with contact {contacts[-1]['contact_id']}")
            last = contacts[-1]["contact_id"]

    def append_contacts(self, campaign_id: int, contacts: list[dict[str, Any]]) -> dict[str, int]:
        """Append contacts one by one, a second apart, up to the first error; it says how far it came."""
        append = self._campaign.AppendContactsToCampaign
        for done, contact in enumerate(contacts):
            try:
                result = self._call(append, CampaignID=campaign_id, contact=_ow_contact(contact), **self._priority)
                if result is None:
                    raise AnswerLost("AppendContactsToCampaign: an answer without a result")
            except AnswerLost as error:
                # Not sent again: the server does not check for duplicates, and nobody wants to be called twice.
                raise AnswerLost(f"may or may not have been appended, {done} were before it: {error}") from None
            except Refused as error:
                raise Refused(error.words, error.number, f" ({done} appended before)") from None
            if result != 1:
                raise ClientError(f"the server answered {result}: not appended ({done} appended before)")
        return {"appended": len(contacts)}

    def close_contact(
        self,
        campaign_id: int,
        contact_id: int | None = None,
        custom_field: dict[str, str] | None = None,
        text: str | None = None,
        disposition: str | None = None,
    ) -> None:
        """Close a contact named by its id or by a custom field, with one of the campaign's codes by its name."""
        way = _way(contact_id, custom_field)
        code = None if disposition is None else self._code_id(campaign_id, disposition)
        result = self._call(
            self._contact.CloseContact,
            campaignId=campaign_id,
            **way,
            customFieldSpecified=custom_field is not None,
            closureText=text,
            closedReasonCodeValue=code or 0,
            closedReasonCodeSpecified=code is not None,
        )
        if result is None:
            raise AnswerLost("CloseContact: an answer without a result")
        if result < 0:
            raise ClientError(f"the server answered {result}: not closed")

    def find_contact_id(self, campaign_id: int, phone_number: dict[str, str | None]) -> int | None:
        """The id of the first contact with that number, or None: the server's -1 is nobody's id."""
        number = _ow(phone_number, PHONE_NUMBER)
        result = self._call(self._contact.GetContactIDByPhoneNumber, phoneNumber=number, CampaignID=campaign_id)
        if result is None:
            raise AnswerLost("GetContactIDByPhoneNumber: an answer without a result")
        return None if result == -1 else int(result)

    def find_contacts(
        self,
        campaign_id: int,
        phone_number: dict[str, str | None] | None = None,
        custom_field: dict[str, Any] | None = None,
        status: str | None = None,
    ) -> list[dict[str, Any]]:
        """The contacts with that number or custom field; ``status`` narrows them to New or Closed ones."""
        wanted = {"ContactStatus": status and {"Id": 0, "Name": status}, "CampaignID": campaign_id}
        if custom_field is None:
            number = _ow(phone_number, PHONE_NUMBER)
            return _contacts(self._call(self._contact.FindContactsByPhoneNumber, **wanted, PhoneNumber=number))
        field = _ow({"is_text_visible": False, **custom_field}, CUSTOM_FIELD)
        return _contacts(self._call(self._contact.FindContactsByCustomField, **wanted, CustomField=field))

    def contact_status(
        self, campaign_id: int, contact_id: int | None = None, custom_field: dict[str, str] | None = None
    ) -> str:
        """The name of the status of a contact named by its id or by a custom field."""
        way = _way(contact_id, custom_field)
        status = self._call(
            self._contact.GetContactStatus, campaignID=campaign_id, **way, customFieldPassed=custom_field is not None
        )
        if status is None or not status.Name:
            raise NotFound("the server told no status of that contact")
        return str(status.Name)

    def log_off(self) -> None:
        """End the session, if there is one."""
        if self._key is not None:
            self._end_session()
            self._key = None

    def end(self) -> None:
        """The work is over."""
        self.log_off()

    def _open_session(self) -> str:
        try:
            key = _ask(self._utility.OutboundLogin, username=self._user, password=self._password)
        except Refused as error:
            in_use = error.number == 2801 or "already logged in" in error.words
            raise (AlreadyLoggedIn if in_use else LoginRefused)(error.words) from None
        if not key:
            raise ClientError("the server answered the log-in without a session key")
        return str(key)

    def _end_session(self) -> None:
        try:
            _ask(self._utility.OutboundLogoff, username=self._user)
        except AnswerLost:
            # To log off twice does no harm, to leave the session open locks the user out.
            _ask(self._utility.OutboundLogoff, username=self._user)

    def _log_in_again(self) -> None:
        with contextlib.suppress(Refused):  # there was none to end; whether the log-in works is what counts
            self._end_session()
        self._key = None
        self._key = self._open_session()

    def _call(self, operation: Callable[..., Any], **arguments: Any) -> Any:
        """Make a call with the session's key: one new log-in, and the call once more, where the key has gone stale."""
        if self._key is None:
            raise ClientError("log in first")
        try:
            return self._call_paced(operation, arguments)
        except Refused as error:
            # Refused for its key, a call was not carried out, so even an append may be repeated.
            if error.number != 2805 and "Expired" not in error.words and "session key" not in error.words:
                raise
        self._log_in_again()
        return self._call_paced(operation, arguments)

    def _call_paced(self, operation: Any, arguments: dict[str, Any]) -> Any:
        name = operation._op_name
        # Three operations spell it in small letters.
        key = "sessionkey" if "ByPhoneNumber" in name or "ByCustomField" in name else "sessionKey"
        if name not in PACED:
            return _ask(operation, **arguments, **{key: self._key})
        since = time.monotonic() - self._answered.get(name, float("-inf"))
        time.sleep(max(0.0, PAUSE - since))
        try:
            return _ask(operation, **arguments, **{key: self._key})
        finally:
            self._answered[name] = time.monotonic()

    def _campaigns(self) -> list[Any]:
        campaigns = self._call(self._campaign.GetCampaigns)
        return [] if campaigns is None else list(campaigns.OWCampaign)

    def _code_id(self, campaign_id: int, name: str) -> int:
        """The id of one of the campaign's own disposition codes: the server takes no other."""
        campaign = next((one for one in self._campaigns() if campaign_id == one.ID), None)
        if campaign is None:
            raise NotFound(f"campaign {campaign_id} is not among the active campaigns")
        for code in campaign.DispositionCodes.OWDispositioncode if campaign.DispositionCodes else []:
            if code.Name == name:
                return int(code.Id)
        raise NotLinked(f"no disposition code {name!r} is linked to campaign {campaign_id}")


class _WholeAnswers(zeep.Transport):
    """Takes no answer that breaks off: where it is not strict, zeep would mend one and read it."""

    def post(self, address: str, message: Any, headers: Any) -> requests.Response:
        """The answer to a call, which is sent once."""
        response: requests.Response = super().post(address, message, headers)
        try:
            etree.fromstring(response.content)
        except etree.XMLSyntaxError as error:
            raise TransportError(f"HTTP {response.status_code}, and an answer that is no XML: {error}") from None
        return response


def _service(url: str, name: str, transport: zeep.Transport) -> Any:
    # Not strict: an element that the WSDL does not know is passed over.
    settings = zeep.Settings(strict=False)
    try:
        client = zeep.Client(f"{url}?wsdl", transport=transport, settings=settings)
    except (requests.RequestException, TransportError, XMLSyntaxError) as error:
        raise AnswerLost(f"{url}?wsdl: {error}") from None
    # The address that the WSDL gives may be one that only the server itself can reach.
    return client.create_service(f"{{{TARGET}}}{name}Soap", url)


def _ask(operation: Any, **arguments: Any) -> Any:
    """One SOAP call; Refused for a fault, AnswerLost for an answer that is neither a result nor a fault."""
    try:
        return operation(**arguments)
    except Fault as fault:
        number = None
        if fault.detail is not None:
            number = fault.detail.findtext(f"{{{TARGET}}}Error/{{{TARGET}}}ErrorNumber")
        raise Refused(fault.message, int(number) if number and number.isdigit() else None) from None
    except ValidationError as error:
        raise ClientError(f"{operation._op_name}: {error}") from None
    except (requests.RequestException, ZeepError) as error:
        raise AnswerLost(f"{operation._op_name}: {type(error).__name__}: {error}") from None
    except ValueError as error:  # a text with a character that XML cannot carry
        raise ClientError(f"{operation._op_name}: {error}") from None


def _way(contact_id: int | None, custom_field: dict[str, str] | None) -> dict[str, Any]:
    """The arguments that name a contact: by its id, or by a custom field's name and text."""
    if custom_field is not None:
        return {"contactId": 0, "customFieldName": custom_field["name"], "customFieldValue": custom_field["text"]}
    if contact_id is None or contact_id <= 0:
        raise NotFound(f"{contact_id} is no contact's id")
    return {"contactId": contact_id}


def _ow(value: Mapping[str, Any] | None, names: Mapping[str, str]) -> dict[str, Any] | None:
    # zeep leaves an element out where its value is None.
    return None if value is None else {theirs: value.get(ours) for theirs, ours in names.items()}


def _ow_contact(contact: Mapping[str, Any]) -> dict[str, Any]:
    contact = {"preferred_agent_id": 0, "preferred_agent_specified": False, **contact}
    fields = contact.get("custom_fields")
    return {
        **{theirs: contact.get(ours) for theirs, ours in CONTACT.items()},
        "ContactID": 0,
        "Address": _ow(contact.get("address"), ADDRESS),
        "CustomFieldList": None if fields is None else {"OWCustomField": [_ow(one, CUSTOM_FIELD) for one in fields]},
        "PhoneNumber": _ow(contact.get("phone_number"), PHONE_NUMBER),
    }


def _plain(value: Any, names: Mapping[str, str]) -> dict[str, Any] | None:
    return None if value is None else {ours: value[theirs] for theirs, ours in names.items()}


def _contacts(result: Any) -> list[dict[str, Any]]:
    # A server may say "none" as an empty list, as no list, or as no result.
    return [] if result is None else [_contact(one) for one in result.OWContact]


def _contact(value: Any) -> dict[str, Any]:
    fields = value.CustomFieldList
    return {
        **{ours: value[theirs] for theirs, ours in CONTACT.items()},
        "contact_id": value.ContactID,
        "address": _plain(value.Address, ADDRESS),
        "custom_fields": None if fields is None else [_plain(one, CUSTOM_FIELD) for one in fields.OWCustomField],
        "phone_number": _plain(value.PhoneNumber, PHONE_NUMBER),
    }


if __name__ == "__main__":
    json_lines.serve("zeep", CcmmClient)
