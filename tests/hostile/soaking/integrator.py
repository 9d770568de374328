"""Somebody who works on a campaign of his own, and so knows what every answer has to be."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import Any

from ccmm_contracts.answer import Answer, Fault, Odd, Returned
from ccmm_contracts.domain import Contact, CustomField, PhoneNumber
from ccmm_contracts.errors import Unreachable
from ccmm_contracts.operations import OPERATIONS
from ccmm_contracts.wire.answers import read_answer
from ccmm_contracts.wire.envelope import request_for
from ccmm_contracts.wire.http import Http

from fake_ccmm.control_client import ControlClient

from .findings import Findings

PASSWORD = "s3cret-of-the-soak"
SKILLSET, CODE = 11, 1
_MOST_CONTACTS = 450
_PAGE = 200
_LETTERS = "abc xyz äöü Ωμέγα 顧客 <&>\"' 🙂"
_FAULTS: tuple[tuple[dict[str, Any], Callable[[Answer | None], bool]], ...] = (
    ({"kind": "soap-fault", "text": "by request"}, lambda said: isinstance(said, Fault) and said.text == "by request"),
    ({"kind": "reject-key"}, lambda said: isinstance(said, Fault)),
    ({"kind": "too-soon"}, lambda said: isinstance(said, Fault)),
    ({"kind": "http-error", "status": 503}, lambda said: isinstance(said, Odd) and said.status == 503),
    ({"kind": "garbage"}, lambda said: said is None or isinstance(said, Odd)),
    ({"kind": "truncate", "fraction": 0.5}, lambda said: said is None or isinstance(said, Odd)),
    ({"kind": "empty"}, lambda said: said is None or isinstance(said, Odd)),
    ({"kind": "reset", "carried_out": True}, lambda said: said is None),
    ({"kind": "reset", "carried_out": False}, lambda said: said is None),
    ({"kind": "slow", "bytes_per_second": 200_000.0}, lambda said: isinstance(said, Returned)),
)
_NOT_CARRIED_OUT = ("soap-fault", "reject-key", "too-soon", "http-error")


class Integrator:
    """Logs in, appends, pages, closes, finds, logs off, now and then with a fault that he asked for himself.

    Whatever else goes wrong, or is missing or there twice, is a finding.
    """

    def __init__(self, number: int, url: str, http: Http, findings: Findings, seed: int) -> None:
        self.user = f"user{number}"
        self._number, self._url, self._http, self._findings = number, url, http, findings
        self._steer = ControlClient(url, timeout=30)
        self._chance = random.Random(f"{seed}/{number}")
        self._campaign = 1000 * (number + 1)
        self._status: dict[str, str] = {}
        self._ids: dict[str, int] = {}
        self._made = 0
        self._key: str | None = None
        self._works: tuple[tuple[Callable[[], None], int], ...] = (
            *((self._append, 40), (self._page, 8), (self._look, 12), (self._close, 8), (self._find, 12)),
            *((self._list, 4), (self._suffer, 12), (self._log_in_again, 3), (self._begin_anew, 1)),
        )

    def run(self, is_over: threading.Event) -> None:
        """Work until it is over, then look through everything once more and log off."""
        try:
            self._start_campaign()
            self._log_in()
            works, weights = zip(*self._works, strict=True)
            while not is_over.is_set():
                self._chance.choices(works, weights)[0]()
            self._page()
            self._value("OutboundLogoff", username=self.user)
        except Exception as error:
            self._findings.add(f"{self.user} could not go on: {type(error).__name__}: {error}")

    # --- calls ------------------------------------------------------------------------------------------------------

    def _call(self, operation: str, **arguments: Any) -> Answer | None:
        """The answer; None where none came."""
        url = f"{self._url}/ccmmoutboundwebservices/{OPERATIONS[operation].service}.asmx"
        self._findings.count(operation)
        try:
            return read_answer(operation, self._http.send(request_for(url, operation, arguments)))
        except Unreachable:
            return None

    def _value(self, operation: str, **arguments: Any) -> Any:
        """What the call returns; an error that was not asked for is a finding."""
        said = self._call(operation, **arguments)
        if isinstance(said, Returned):
            return said.value
        self._findings.add(f"{self.user}: {operation} was not asked to fail, and came to {said}")
        return None

    def _mine(self, operation: str, **arguments: Any) -> Any:
        return self._value(operation, campaign_id=self._campaign, session_key=self._key, **arguments)

    def _expect(self, what: str, said: object, wanted: object) -> None:
        if said != wanted:
            self._findings.add(f"{self.user}: {what}: {said!r} came, and {wanted!r} is right")

    # --- work -------------------------------------------------------------------------------------------------------

    def _log_in(self) -> None:
        self._key = self._value("OutboundLogin", username=self.user, password=PASSWORD)

    def _log_in_again(self) -> None:
        self._value("OutboundLogoff", username=self.user)
        self._log_in()

    def _start_campaign(self) -> None:
        self._campaign += 1
        self._status, self._ids = {}, {}
        campaign = {
            "campaign_id": self._campaign,
            "name": f"Campaign of {self.user}",
            "skillset": SKILLSET,
            "disposition_codes": [CODE],
            "custom_field_names": ["Account"],
        }
        self._steer.request("POST", "/centers/default/campaigns", campaign)

    def _begin_anew(self) -> None:
        """Leave a campaign that has become large, so that the server's memory has no reason to grow."""
        if len(self._status) >= _MOST_CONTACTS:
            self._page()
            self._steer.request("DELETE", f"/centers/default/campaigns/{self._campaign}")
            self._start_campaign()

    def _new_contact(self) -> tuple[str, Contact]:
        self._made += 1
        name = f"{self._made} {''.join(self._chance.choices(_LETTERS, k=8))}|"
        fields = (CustomField("Account", f"A-{self._made}"),)
        phone = PhoneNumber("44", "20", str(self._made))
        return name, Contact(first_name=name, custom_fields=fields, phone_number=phone, skillset_id=SKILLSET)

    def _append(self) -> None:
        if len(self._status) >= 2 * _MOST_CONTACTS:
            self._begin_anew()
        name, contact = self._new_contact()
        self._expect("an append", self._mine("AppendContactsToCampaign", contact=contact), 1)
        self._status[name] = "New"

    def _page(self) -> None:
        """Fetch all pages: the contacts are those appended, in their order, each once."""
        found: dict[str, int] = {}
        names: list[str] = []
        last = 0
        while True:
            page = self._mine("Get200CampaignContacts", last_contact_id=last)
            if not page:
                break
            names += [one.first_name for one in page]
            found.update((one.first_name, one.contact_id) for one in page)
            last = page[-1].contact_id
            if len(page) < _PAGE:
                break
        wanted = list(self._status)
        if names != wanted:
            lost, doubled = [one for one in wanted if one not in found], len(names) - len(found)
            self._findings.add(
                f"{self.user}: of {len(wanted)} contacts {len(names)} came, {len(lost)} are lost, {doubled} doubled"
            )
        self._ids = found

    def _known(self) -> str | None:
        return self._chance.choice(list(self._ids)) if self._ids else None

    def _look(self) -> None:
        if name := self._known():
            said = self._mine("GetContactStatus", contact_id=self._ids[name])
            self._expect("a status", said.name if said else said, self._status[name])

    def _close(self) -> None:
        name = self._known()
        if name and self._status[name] == "New":
            self._mine("CloseContact", contact_id=self._ids[name], closure_text="done")
            self._status[name] = "Closed"

    def _find(self) -> None:
        if name := self._known():
            phone = PhoneNumber("44", "20", name.partition(" ")[0])
            self._expect("an id", self._mine("GetContactIDByPhoneNumber", phone_number=phone), self._ids[name])

    def _list(self) -> None:
        campaigns = self._value("GetCampaigns", session_key=self._key) or ()
        counts = [one.number_of_contacts for one in campaigns if one.campaign_id == self._campaign]
        self._expect("the count of contacts", counts, [len(self._status)])

    def _suffer(self) -> None:
        """Ask for a fault and append: it comes as asked for, once, and the contact is there or not as it says."""
        do, is_right = self._chance.choice(_FAULTS)
        when = {"operation": "AppendContactsToCampaign", "user": self.user}
        rule = f"of-{self.user}"
        self._steer.request("POST", "/centers/default/faults", {"name": rule, "when": when, "do": do, "budget": 1})
        name, contact = self._new_contact()
        said = self._call(
            "AppendContactsToCampaign", campaign_id=self._campaign, contact=contact, session_key=self._key
        )
        self._steer.request("DELETE", f"/centers/default/faults/{rule}")
        if not is_right(said):
            self._findings.add(f"{self.user}: the fault {do} was asked for, and {said} came")
        if do["kind"] not in _NOT_CARRIED_OUT and do.get("carried_out", True):
            self._status[name] = "New"
