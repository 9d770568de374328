"""Journals to judge: an application that calls a real mock, and exchanges made by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Any

from ccmm_contracts.answer import Answer, Returned
from ccmm_contracts.caller import Caller
from ccmm_contracts.domain import Contact, User
from ccmm_contracts.errors import Unreachable
from ccmm_contracts.judge import judge_exchanges
from ccmm_contracts.mock import Mock
from ccmm_contracts.report import Outcome, Result
from ccmm_contracts.wire.http import Http
from ccmm_contracts.worlds import MAIN, World, WorldCampaign, WorldContact

ANN = User("ann", "secret")
BEN = User("ben", "hidden")
CONTACT = Contact(first_name="Zoë", skillset_id=10032)
START = datetime(2030, 6, 3, 9, tzinfo=timezone.utc)


def world(contacts: int = 3) -> World:
    """Two users, a campaign with so many contacts, and another that is closed."""
    people = (WorldContact(CONTACT),) * contacts
    return World((ANN, BEN), (WorldCampaign(MAIN, "Autumn", contacts=people), WorldCampaign(102, "Past", "Closed")))


class Application:
    """A client of a mock that does whatever a test has it do, and the journal of it."""

    def __init__(self, mock: Mock, http: Http) -> None:
        self.mock = mock
        self.caller = Caller(mock.base, http, check_schema=False)

    def call(self, operation: str, **arguments: Any) -> Answer | None:
        """Call an operation; None where no answer came."""
        try:
            return self.caller.call(operation, **arguments)
        except Unreachable:
            return None

    def log_in(self, user: User = ANN) -> str:
        """The key, or an empty text where there is none."""
        answer = self.call("OutboundLogin", username=user.name, password=user.password)
        return str(answer.value) if isinstance(answer, Returned) else ""

    def log_off(self, user: User = ANN) -> None:
        self.call("OutboundLogoff", username=user.name)

    def campaigns(self, key: str) -> Answer | None:
        return self.call("GetCampaigns", session_key=key)

    def page(self, key: str, after: int, campaign_id: int = MAIN) -> int:
        """Ask for a page; returns the last id that came, or -1."""
        answer = self.call("Get200CampaignContacts", campaign_id=campaign_id, last_contact_id=after, session_key=key)
        contacts = answer.value if isinstance(answer, Returned) else ()
        return contacts[-1].contact_id if contacts else -1

    def append(self, key: str, contact: Contact = CONTACT, campaign_id: int = MAIN) -> Answer | None:
        return self.call("AppendContactsToCampaign", campaign_id=campaign_id, contact=contact, session_key=key)

    def close(self, key: str, **arguments: Any) -> Answer | None:
        given = {"campaign_id": MAIN, "custom_field_specified": False, "disposition_code_specified": False}
        return self.call("CloseContact", **{**given, "session_key": key, **arguments})

    def status(self, key: str, **arguments: Any) -> Answer | None:
        return self.call("GetContactStatus", **{"campaign_id": MAIN, "session_key": key, **arguments})

    def wait(self, seconds: float = 1.0) -> None:
        self.mock.advance(seconds)

    def strike(self, operation: str, do: dict[str, Any], **when: Any) -> None:
        """Have a fault rule strike the next call of an operation."""
        self.mock.put_faults([{"name": "struck", "when": {"operation": operation}, "nth": 1, "do": do, **when}])

    def journal(self) -> list[dict[str, Any]]:
        """Without the machine's time, so that only the center's clock counts and a slow machine changes nothing."""
        return [{**one, "real_time": None} for one in self.mock.journal()]


def result_of(rule: str, exchanges: Iterable[dict[str, Any]], **options: Any) -> Result:
    """What one rule says of a journal."""
    [found] = judge_exchanges(exchanges, rules=[rule], **options)
    assert found.contract.id == rule
    return found


def holds(rule: str, exchanges: Iterable[dict[str, Any]], **options: Any) -> None:
    found = result_of(rule, exchanges, **options)
    assert found.outcome is Outcome.HOLDS, (found.reason, found.finding)
    assert found.calls > 0


def skipped(rule: str, exchanges: Iterable[dict[str, Any]], **options: Any) -> str:
    found = result_of(rule, exchanges, **options)
    assert found.outcome is Outcome.SKIPPED, found.finding
    assert found.reason
    return found.reason


def broken(rule: str, exchanges: Iterable[dict[str, Any]], **options: Any) -> str:
    """The finding as one text."""
    found = result_of(rule, exchanges, **options)
    assert found.outcome is Outcome.BROKEN, found.reason
    assert found.finding is not None
    assert found.finding.story
    return "\n".join([found.finding.message, *found.finding.story])


class Written:
    """A journal made by hand: ``at`` is in seconds since its start, by both clocks."""

    def __init__(self, first: int = 1) -> None:
        self.exchanges: list[dict[str, Any]] = []
        self._next = first
        self._now = 0.0

    def add(self, operation: str | None, at: float | None = None, **given: Any) -> Written:
        """One more exchange, a millisecond after the last one unless ``at`` says when; arguments by ``arguments``."""
        self._now = self._now + 0.001 if at is None else at
        moment = (START + timedelta(seconds=self._now)).isoformat().replace("+00:00", "Z")
        is_log = operation in ("OutboundLogin", "OutboundLogoff")
        user = given.get("user", "ann")
        exchange = {
            "number": self._next,
            "operation": operation,
            "request_line": "POST /ccmmoutboundwebservices/OutboundCampaignWS.asmx",
            "arguments": {"username": user} if is_log else {"session_key": "***"},
            "user": user,
            "session": None if is_log else "s1",
            "outcome": "ok",
            "result": None,
            "refusal": None,
            "rule": None,
            "fault_number": None,
            "fault_text": None,
            "injected": None,
            "status": 200,
            "center_time": moment,
            "real_time": moment,
            "milliseconds": 0.3,
            "client": "127.0.0.1",
        }
        exchange["arguments"] = {**exchange["arguments"], **given.pop("arguments", {})}
        if "refusal" in given:
            exchange |= {"outcome": "refused", "status": 500, "fault_text": given["refusal"].replace("_", " ")}
        self.exchanges.append({**exchange, **given})
        self._next += 1
        return self

    def log_in(self, session: str = "s1", **given: Any) -> Written:
        return self.add("OutboundLogin", **{"session": session, "result": "***", **given})

    def log_off(self, **given: Any) -> Written:
        return self.add("OutboundLogoff", **given)

    def page(self, after: int, contacts: int, first: int | None = None, **given: Any) -> Written:
        """A page of consecutive ids, from the one behind ``after`` unless ``first`` says otherwise."""
        start = after + 1 if first is None else first
        ids = (start, start + contacts - 1) if contacts else (None, None)
        result = {"contacts": contacts, "first_contact_id": ids[0], "last_contact_id": ids[1]}
        arguments = {"campaign_id": MAIN, "last_contact_id": after}
        return self.add("Get200CampaignContacts", **{"arguments": arguments, "result": result, **given})

    def campaigns(self, **given: Any) -> Written:
        return self.add("GetCampaigns", **{"result": {"campaigns": [MAIN]}, **given})

    def append(self, campaign_id: int = MAIN, **given: Any) -> Written:
        contact = {"first_name": given.pop("name", "Zoë"), "skillset_id": 10032}
        arguments = {"campaign_id": campaign_id, "contact": contact}
        return self.add("AppendContactsToCampaign", **{"arguments": arguments, "result": 1, **given})

    def close(self, contact_id: int = 7, **given: Any) -> Written:
        arguments = {"campaign_id": MAIN, "contact_id": contact_id, **given.pop("more", {})}
        return self.add("CloseContact", **{"arguments": arguments, "result": 1, **given})
