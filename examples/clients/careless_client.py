"""raw_client as it is often written: it works on a quiet day. NOT to be copied; the contract kit finds each mistake.

Each method names the rule of ``ccmm-contracts client`` that it breaks, and how.
"""

from __future__ import annotations

import contextlib
from typing import Any

import json_lines
from json_lines import AlreadyLoggedIn, AnswerLost, Refused
from raw_client import PAGE, CcmmClient
from raw_soap import Arguments, Kind


class CarelessClient(CcmmClient):
    """A client that has never met a colleague, a lost answer or a name with an accent."""

    def log_in(self) -> None:
        """K8: whoever is logged in under this name is thrown out, though nobody said so."""
        try:
            super().log_in()
        except AlreadyLoggedIn:
            self._log_in_again()

    def fetch_contacts(self, campaign_id: int) -> list[dict[str, Any]]:
        """K1, K3: pages are counted in contacts, as if ids began with 1 and had no gaps."""
        contacts: list[dict[str, Any]] = []
        while len(page := self._page(campaign_id, len(contacts))) == PAGE:
            contacts += page
        return contacts + page

    def append_contacts(self, campaign_id: int, contacts: list[dict[str, Any]]) -> dict[str, int]:
        """K12: what was not answered is sent again, and so one person gets two calls.

        K6: a refusal is skipped, so that the rest goes to a campaign that is over.
        """
        appended = 0
        for contact in contacts:
            with contextlib.suppress(Refused):
                try:
                    appended += self._append(campaign_id, contact)
                except AnswerLost:
                    appended += self._append(campaign_id, contact)
        return {"appended": appended}

    def _append(self, campaign_id: int, contact: dict[str, Any]) -> int:
        """K16: names are sent as ASCII."""
        texts = {name: one.encode("ascii", "replace").decode() for name, one in contact.items() if isinstance(one, str)}
        return super()._append(campaign_id, contact | texts)

    def find_contact_id(self, campaign_id: int, phone_number: dict[str, str | None]) -> int:
        """K7: the server's -1 is handed on as if it were an id."""
        found = super().find_contact_id(campaign_id, phone_number)
        return -1 if found is None else found

    def _code_id(self, campaign_id: int, name: str) -> int:
        """K13: a code is taken from whatever campaign has one of that name."""
        for campaign in self._campaigns():
            for code in campaign["disposition_codes"] or []:
                if code["name"] == name:
                    return int(code["id"])
        return 1

    def _call_paced(self, service: str, operation: str, arguments: Arguments, result: Kind) -> Any:
        """K4, K5: nothing waits for the second to pass. K11: the server's words are lost."""
        try:
            return self._soap.call(service, operation, arguments, result)
        except Refused as error:
            raise Refused("SOAP error", error.number) from None

    def end(self) -> None:
        """K15: nobody logs off, until the next log-in is refused."""


if __name__ == "__main__":
    json_lines.serve("careless", CarelessClient)
