"""A client of CCMM's Outbound Web Services with nothing but Python's standard library.

``CcmmClient`` is the part to copy, with raw_soap.py. Started as a program it is driven over JSON lines: see README.md.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping
from typing import Any

import json_lines
from json_lines import AlreadyLoggedIn, AnswerLost, ClientError, LoginRefused, NotFound, NotLinked, Refused
from raw_soap import CAMPAIGNS, CONTACT, CONTACTS, CUSTOM_FIELD, PHONE_NUMBER, STATUS, Arguments, Kind, SoapService

PAGE = 200
PAUSE = 1.05
"""Seconds between two appends, and between two closings: the server allows one a second."""
PACED = ("AppendContactsToCampaign", "CloseContact")
PRIORITY: int | None = None
"""1 (highest) to 6, for a server whose WSDL has ``priority`` in AppendContactsToCampaign; others do without."""


class CcmmClient:
    """One user's work with the services. Every error is a ClientError; ``end`` leaves no session open."""

    def __init__(
        self, services: Mapping[str, str], user: str, password: str, take_over: bool = False, ca: str | None = None
    ) -> None:
        self._soap = SoapService(services, ca)
        self._user, self._password, self._take_over = user, password, take_over
        self._key: str | None = None
        self._answered: dict[str, float] = {}

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
                "campaign_id": one["campaign_id"],
                "name": one["name"],
                "status": (one["status"] or {}).get("name"),
                "number_of_contacts": one["number_of_contacts"],
            }
            for one in self._campaigns()
        ]

    def fetch_contacts(self, campaign_id: int) -> list[dict[str, Any]]:
        """All contacts of a campaign, page by page, each page asked for with the last id of the one before."""
        contacts: list[dict[str, Any]] = []
        last = 0
        while True:
            page = self._page(campaign_id, last)
            contacts += page
            # A short page is the last one. NumberOfContacts does not tell: contacts may come in while we read.
            if len(page) < PAGE:
                return contacts
            if page[-1]["contact_id"] <= last:
                raise ClientError(f"the page after contact {last} ends with contact {page[-1]['contact_id']}")
            last = page[-1]["contact_id"]

    def append_contacts(self, campaign_id: int, contacts: list[dict[str, Any]]) -> dict[str, int]:
        """Append contacts one by one, a second apart, up to the first error; it says how far it came."""
        for done, contact in enumerate(contacts):
            try:
                result = self._append(campaign_id, contact)
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
        number, name, value, by_field = _way(contact_id, custom_field)
        code = None if disposition is None else self._code_id(campaign_id, disposition)
        result = self._call(
            "contact",
            "CloseContact",
            lambda key: [
                ("campaignId", campaign_id, int),
                ("contactId", number, int),
                ("customFieldName", name, str),
                ("customFieldValue", value, str),
                ("customFieldSpecified", by_field, bool),
                ("closureText", text, str),
                ("closedReasonCodeValue", code, int),
                ("closedReasonCodeSpecified", code is not None, bool),
                ("sessionKey", key, str),
            ],
            int,
        )
        if result < 0:
            raise ClientError(f"the server answered {result}: not closed")

    def find_contact_id(self, campaign_id: int, phone_number: dict[str, str | None]) -> int | None:
        """The id of the first contact with that number, or None: the server's -1 is nobody's id."""
        result = self._call(
            "contact",
            "GetContactIDByPhoneNumber",
            lambda key: [
                ("phoneNumber", phone_number, PHONE_NUMBER),
                ("CampaignID", campaign_id, int),
                ("sessionkey", key, str),
            ],
            int,
        )
        return None if result == -1 else int(result)

    def find_contacts(
        self,
        campaign_id: int,
        phone_number: dict[str, str | None] | None = None,
        custom_field: dict[str, Any] | None = None,
        status: str | None = None,
    ) -> list[dict[str, Any]]:
        """The contacts with that number or custom field; ``status`` narrows them to New or Closed ones."""
        by_phone = ("FindContactsByPhoneNumber", ("PhoneNumber", phone_number, PHONE_NUMBER))
        by_field = ("FindContactsByCustomField", ("CustomField", custom_field, CUSTOM_FIELD))
        operation, what = by_phone if custom_field is None else by_field
        return self._contacts(
            "contact",
            operation,
            lambda key: [
                ("ContactStatus", None if status is None else {"name": status}, STATUS),
                ("CampaignID", campaign_id, int),
                what,
                ("sessionkey", key, str),
            ],
        )

    def contact_status(
        self, campaign_id: int, contact_id: int | None = None, custom_field: dict[str, str] | None = None
    ) -> str:
        """The name of the status of a contact named by its id or by a custom field."""
        number, name, value, by_field = _way(contact_id, custom_field)
        status = self._call(
            "contact",
            "GetContactStatus",
            lambda key: [
                ("sessionKey", key, str),
                ("contactId", number, int),
                ("campaignID", campaign_id, int),
                ("customFieldName", name, str),
                ("customFieldValue", value, str),
                ("customFieldPassed", by_field, bool),
            ],
            STATUS,
        )
        if not status or not status["name"]:
            raise NotFound("the server told no status of that contact")
        return str(status["name"])

    def log_off(self) -> None:
        """End the session, if there is one."""
        if self._key is not None:
            self._end_session()
            self._key = None

    def end(self) -> None:
        """The work is over."""
        self.log_off()

    def _open_session(self) -> str:
        login: Arguments = [("username", self._user, str), ("password", self._password, str)]
        try:
            key = self._soap.call("utility", "OutboundLogin", login)
        except Refused as error:
            in_use = error.number == 2801 or "already logged in" in error.words
            raise (AlreadyLoggedIn if in_use else LoginRefused)(error.words) from None
        if not key:
            raise ClientError("the server answered the log-in without a session key")
        return str(key)

    def _end_session(self) -> None:
        try:
            self._soap.call("utility", "OutboundLogoff", [("username", self._user, str)])
        except AnswerLost:
            # To log off twice does no harm, to leave the session open locks the user out.
            self._soap.call("utility", "OutboundLogoff", [("username", self._user, str)])

    def _log_in_again(self) -> None:
        with contextlib.suppress(Refused):  # there was none to end; whether the log-in works is what counts
            self._end_session()
        self._key = None
        self._key = self._open_session()

    def _call(self, service: str, operation: str, arguments: Callable[[str], Arguments], result: Kind) -> Any:
        """Make a call with the session's key: one new log-in, and the call once more, where the key has gone stale."""
        if self._key is None:
            raise ClientError("log in first")
        try:
            return self._call_paced(service, operation, arguments(self._key), result)
        except Refused as error:
            # Refused for its key, a call was not carried out, so even an append may be repeated.
            if error.number != 2805 and "Expired" not in error.words and "session key" not in error.words:
                raise
        self._log_in_again()
        return self._call_paced(service, operation, arguments(self._key), result)

    def _call_paced(self, service: str, operation: str, arguments: Arguments, result: Kind) -> Any:
        if operation not in PACED:
            return self._soap.call(service, operation, arguments, result)
        since = time.monotonic() - self._answered.get(operation, float("-inf"))
        time.sleep(max(0.0, PAUSE - since))
        try:
            return self._soap.call(service, operation, arguments, result)
        finally:
            self._answered[operation] = time.monotonic()

    def _append(self, campaign_id: int, contact: dict[str, Any]) -> int:
        result = self._call(
            "campaign",
            "AppendContactsToCampaign",
            lambda key: [
                ("CampaignID", campaign_id, int),
                ("contact", {**contact, "contact_id": 0}, CONTACT),
                ("sessionKey", key, str),
                *([] if PRIORITY is None else [("priority", PRIORITY, int)]),
            ],
            int,
        )
        return int(result)

    def _page(self, campaign_id: int, last: int) -> list[dict[str, Any]]:
        return self._contacts(
            "campaign",
            "Get200CampaignContacts",
            lambda key: [("CampaignID", campaign_id, int), ("LastContactID", last, int), ("sessionKey", key, str)],
        )

    def _contacts(self, service: str, operation: str, arguments: Callable[[str], Arguments]) -> list[dict[str, Any]]:
        # A server may say "none" as an empty list, as no list, or as no result.
        return (self._call(service, operation, arguments, CONTACTS) or {}).get("contacts") or []

    def _campaigns(self) -> list[dict[str, Any]]:
        result = self._call("campaign", "GetCampaigns", lambda key: [("sessionKey", key, str)], CAMPAIGNS)
        return (result or {}).get("campaigns") or []

    def _code_id(self, campaign_id: int, name: str) -> int:
        """The id of one of the campaign's own disposition codes: the server takes no other."""
        campaign = next((one for one in self._campaigns() if one["campaign_id"] == campaign_id), None)
        if campaign is None:
            raise NotFound(f"campaign {campaign_id} is not among the active campaigns")
        for code in campaign["disposition_codes"] or []:
            if code["name"] == name:
                return int(code["id"])
        raise NotLinked(f"no disposition code {name!r} is linked to campaign {campaign_id}")


def _way(contact_id: int | None, custom_field: dict[str, str] | None) -> tuple[int, str | None, str | None, bool]:
    """How a contact is named: its id, or a custom field's name and text and the flag that says so."""
    if custom_field is not None:
        return 0, custom_field["name"], custom_field["text"], True
    if contact_id is None or contact_id <= 0:
        raise NotFound(f"{contact_id} is no contact's id")
    return contact_id, None, None, False


if __name__ == "__main__":
    json_lines.serve("raw", CcmmClient)
