"""A stage whose server is a ContactCenter in this process: no sockets, so that many walks take little time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

from ccmm_contracts import domain
from ccmm_contracts.answer import Answer, Fault, Returned
from ccmm_contracts.domain import Campaign, Contact, User
from ccmm_contracts.generate import as_received
from ccmm_contracts.plain import typed
from ccmm_contracts.stage import Stage
from ccmm_contracts.worlds import MAIN, START, World

from fake_ccmm import model
from fake_ccmm.campaign import CampaignView
from fake_ccmm.center import ContactCenter
from fake_ccmm.clock import SettableClock
from fake_ccmm.contacts import ContactPage
from fake_ccmm.errors import Postponed, Refusal
from fake_ccmm.seed import build_center, parse_seed
from fake_ccmm.soap.values import date_text

USERS = (User("ann", "Secret-1"), User("bob", "Secret-2"), User("root", "Secret-3", base_install=True))


class CenterStage:
    """What the machine needs of a Stage, over a center; ``settings`` is its profile, ``choices`` what is known of it.

    ``is_mock`` False hides that the center can be filled and its clock moved.
    """

    def __init__(
        self,
        settings: Mapping[str, Any] | None = None,
        choices: Mapping[str, Any] | None = None,
        *,
        is_mock: bool = True,
        can_write: bool = True,
    ) -> None:
        self.user, self.second_user, self.base_user = USERS
        self.settings = dict(settings or {})
        self.choices = choices or {}
        self.can_seed = self.has_clock = is_mock
        self.can_write = can_write
        self.world = World(USERS, profile=self.settings)
        self.campaign_id = MAIN
        self.steps: list[object] = []
        self.calls: list[tuple[str, Answer]] = []
        self._keys: dict[str, str] = {}
        self._seeded: dict[World, Any] = {}
        self.center = ContactCenter()

    @property
    def as_stage(self) -> Stage:
        """Itself, for what wants the kit's own class."""
        return cast(Stage, self)

    @property
    def limit_seconds(self) -> float:
        return float(self.settings.get("limit_seconds", 1.0))

    def become(self, world: World) -> None:
        if world not in self._seeded:
            clock = SettableClock(datetime.fromisoformat(START.replace("Z", "+00:00")))
            self.center = build_center(parse_seed(json.dumps(world.seed()), "json"), clock=clock)
            self._seeded[world] = (self.center, self.center.state(), clock.state())
        self.center, state, time_shown = self._seeded[world]
        self.center.restore(state)
        self.center.clock.restore(time_shown)
        self.world = world

    def advance(self, seconds: float) -> None:
        self.center.clock.advance(seconds)

    def await_turn(self, operation: str) -> None:
        """What waiting does on a server whose clock is its own: here it is moved, unknown to the walk."""
        self.center.clock.advance(self.limit_seconds)

    def set_campaign_status(self, campaign_id: int, status: str) -> None:
        self.center.set_campaign_status(campaign_id, model.CampaignStatus(status))

    def set_contact_status(self, campaign_id: int, contact_id: int, status: str) -> None:
        self.center.set_contact_status(campaign_id, contact_id, model.ContactStatus(status))

    def expire(self, user: User) -> None:
        self.center.expire_session(user.name)

    def marked(self, contact: Contact) -> Contact:
        return contact

    def log_off(self, user: User | None = None) -> None:
        self.center.end_session((user or self.user).name)
        self._keys.pop((user or self.user).name, None)

    def campaigns(self) -> tuple[Campaign, ...]:
        return cast("tuple[Campaign, ...]", self._value("GetCampaigns"))

    def contacts(self) -> list[Contact]:
        found: list[Contact] = []
        while page := self._value(
            "Get200CampaignContacts", campaign_id=MAIN, last_contact_id=found[-1].contact_id if found else 0
        ):
            found += page
        return found

    def _value(self, operation: str, **arguments: Any) -> Any:
        key = self._keys.get(self.user.name)
        if key is None:
            key = self._keys[self.user.name] = self.center.log_in(self.user.name, self.user.password)
        answer = self.call(operation, session_key=key, **arguments)
        assert isinstance(answer, Returned)
        return answer.value

    def call(self, operation: str, *, soap: str = "1.1", **arguments: Any) -> Answer:
        answer = self._answer(operation, arguments)
        self.calls.append((operation, answer))
        return answer

    def _answer(self, operation: str, arguments: dict[str, Any]) -> Answer:
        while True:
            try:
                return self._returned(_CALLS[operation](self.center, **arguments))
            except Postponed as postponed:
                self.center.clock.advance(postponed.seconds)
            except Refusal as refusal:
                number, code, text = self.center.profile.wording_of(refusal)
                return Fault(code, text, number if self.center.profile.fault_detail == "error" else None, operation)

    def _returned(self, value: Any) -> Returned:
        profile = self.center.profile
        if isinstance(value, ContactPage):
            shown = tuple(as_received(typed(Contact, asdict(one))) for one in value)
            return Returned(shown, "" if shown else profile.empty_page)
        if isinstance(value, list):
            return Returned(tuple(self._campaign(one) for one in value))
        if isinstance(value, model.ContactStatus):
            return Returned(domain.Status(profile.contact_status_id(value), value.value))
        return Returned(value)

    def _campaign(self, view: CampaignView) -> Campaign:
        details = asdict(view.details)
        status = view.details.status
        for name in ("date_created", "start_date_time"):
            details[name] = date_text(details[name], "unspecified")
        details["status"] = {"id": self.center.profile.campaign_status_id(status), "name": status.value}
        counts = {name: getattr(view, name) for name in CampaignView.__slots__ if name != "details"}
        return typed(Campaign, {**details, **counts})


def _modelled(kind: type[Any], value: Any) -> Any:
    """A value of the kit's domain as the server's model has it."""
    if value is None:
        return None
    data = {name: getattr(value, name) for name in type(value).__dataclass_fields__}
    if kind is model.Contact:
        fields = data["custom_fields"]
        data["custom_fields"] = fields and tuple(_modelled(model.CustomField, one) for one in fields)
        data["address"] = _modelled(model.Address, data["address"])
        data["phone_number"] = _modelled(model.PhoneNumber, data["phone_number"])
    return kind(**data)


def _field(name: str | None, text: str | None, is_meant: bool) -> model.CustomField | None:
    return model.CustomField(name, text) if is_meant else None


def _status_filter(status: domain.Status | None) -> dict[str, Any]:
    return {"status_id": status.id, "status_name": status.name} if status else {}


_CALLS: dict[str, Any] = {
    "OutboundLogin": lambda center, username=None, password=None: center.log_in(username, password),
    "OutboundLogoff": lambda center, username=None: center.log_off(username),
    "GetCampaigns": lambda center, session_key=None: center.get_campaigns(session_key),
    "Get200CampaignContacts": lambda center, campaign_id, last_contact_id, session_key: (
        center.get_200_campaign_contacts(session_key, campaign_id, last_contact_id)
    ),
    "AppendContactsToCampaign": lambda center, campaign_id, contact, session_key: center.append_contact(
        session_key, campaign_id, _modelled(model.Contact, contact)
    ),
}


def _get_status(center: ContactCenter, **arguments: Any) -> Any:
    return center.get_contact_status(
        arguments["session_key"],
        arguments["campaign_id"],
        contact_id=arguments["contact_id"],
        custom_field=_field(
            arguments["custom_field_name"], arguments["custom_field_value"], arguments["custom_field_passed"]
        ),
    )


def _close(center: ContactCenter, **arguments: Any) -> Any:
    return center.close_contact(
        arguments["session_key"],
        arguments["campaign_id"],
        contact_id=arguments["contact_id"],
        custom_field=_field(
            arguments["custom_field_name"], arguments["custom_field_value"], arguments["custom_field_specified"]
        ),
        text=arguments["closure_text"],
        disposition_code=arguments["disposition_code"] if arguments["disposition_code_specified"] else None,
    )


def _get_id(center: ContactCenter, **arguments: Any) -> Any:
    number = _modelled(model.PhoneNumber, arguments["phone_number"])
    return center.get_contact_id_by_phone_number(arguments["session_key"], arguments["campaign_id"], number)


def _find_by_phone(center: ContactCenter, **arguments: Any) -> Any:
    number = _modelled(model.PhoneNumber, arguments["phone_number"])
    narrowed = _status_filter(arguments["contact_status"])
    return center.find_contacts_by_phone_number(arguments["session_key"], arguments["campaign_id"], number, **narrowed)


def _find_by_field(center: ContactCenter, **arguments: Any) -> Any:
    field = _modelled(model.CustomField, arguments["custom_field"])
    narrowed = _status_filter(arguments["contact_status"])
    return center.find_contacts_by_custom_field(arguments["session_key"], arguments["campaign_id"], field, **narrowed)


_CALLS |= {
    "GetContactStatus": _get_status,
    "CloseContact": _close,
    "GetContactIDByPhoneNumber": _get_id,
    "FindContactsByPhoneNumber": _find_by_phone,
    "FindContactsByCustomField": _find_by_field,
}
