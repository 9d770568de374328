"""What a clause works on: calls to the server, drawn values, time, and the words to say what is wrong."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from hypothesis.strategies import SearchStrategy

from .answer import Answer, Fault, Returned
from .choices import WORDING_PARTS, Choices
from .domain import Campaign, Contact, User
from .errors import ContractBroken, NotPossibleHere
from .exchange import Exchange, HttpRequest, HttpResponse
from .mock import Mock
from .operations import OPERATIONS
from .report import Observation
from .story import ControlStep, Step, shown
from .target import Target
from .worlds import MAIN, World, standard_world

_T = TypeVar("_T")
_APPEND = "AppendContactsToCampaign"
_CLOSE = "CloseContact"
_MARGIN = 0.05
"""Seconds waited beyond a limit on a server whose clock is its own."""
_MOST_SNAPSHOTS = 8
_SOME = 201
_MOST_INVALID = 20

Drawer = Callable[[SearchStrategy[Any], str], Any]


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """A world that the mock was filled with and can go back to: its name there, what to tell of it, its seed."""

    name: str
    told: str
    seed: Mapping[str, Any]


class Stage:
    """One target as the clauses of one run see it.

    ``choices`` is what is known of the server's open choices, by observation; what is unknown is missing. ``steps``
    are those of the present example.
    """

    def __init__(self, target: Target) -> None:
        self.target = target
        self.mock: Mock | None = target.mock
        self.user, self.second_user, self.base_user = target.user, target.second_user, target.base_user
        self.revision = target.revision
        self.is_deep = target.options.deep
        self.can_seed = self.has_clock = self.mock is not None
        self.can_write = target.may_write
        self.choices = Choices()
        self.world: World | None = None
        self.steps: list[Step] = []
        self.draws: list[tuple[str, Any]] = []
        self.observations: list[Observation] = []
        self.invalid_answers: list[str] = []
        self.appended = 0
        self.closed: list[int] = []
        self.example_seed = 0
        self._is_walking = False
        self._caller = target.caller
        self._drawer: Drawer | None = None
        self._snapshots: dict[World, _Snapshot] = {}
        self._last_limited: dict[str, float] = {}
        self._doubtful: set[str] = set()
        self._campaign_id: int | None = target.options.campaign
        self._last_ids: dict[int, int] = {}
        self._field_names: tuple[str, ...] | None = None
        self._declared: Mapping[str, Any] = self.mock.profile() if self.mock else {}

    # --- the example ----------------------------------------------------------------------------------------------

    def begin(self, drawer: Drawer | None = None) -> None:
        """Start an example: a mock holds the standard world, nothing is drawn or called yet."""
        self._drawer = drawer
        self.steps.clear()
        self.draws.clear()
        self._caller.forget()
        if self.mock is not None:
            users = tuple(one for one in (self.user, self.second_user, self.base_user) if one is not None)
            self.become(standard_world(users, self._declared))

    @contextmanager
    def walking(self) -> Iterator[None]:
        """While it lasts, an example begins whenever the center is filled anew."""
        self._is_walking = True
        try:
            yield
        finally:
            self._is_walking = False

    def draw(self, strategy: SearchStrategy[_T], name: str) -> _T:
        """A value of the strategy, which a replay file keeps under this name."""
        if self._drawer is None:
            raise ValueError("only an example can draw")
        value: _T = self._drawer(strategy, name)
        self.draws.append((name, value))
        return value

    # --- what only a mock can do ----------------------------------------------------------------------------------

    def become(self, world: World) -> None:
        """Fill the center: nobody is logged in then, and the clock stands still at the world's start."""
        mock = self._needs_mock("a center that the kit may fill")
        if self._is_walking:
            self.steps.clear()
            self._caller.forget()
        self._caller.open_users().clear()
        self._caller.perhaps_open.clear()
        self._doubtful.clear()
        self._last_ids.clear()
        kept = self._snapshots.get(world)
        if kept is None:
            kept = self._filled(mock, world)
        else:
            mock.restore(kept.name)
        self.world = world
        self.steps.append(ControlStep(kept.told, "PUT", "/seed", kept.seed))

    def _filled(self, mock: Mock, world: World) -> _Snapshot:
        """Fill the center for the first time, and keep that to come back to."""
        contacts = sum(len(one.contacts) for one in world.campaigns)
        told = f"(the center is filled: {len(world.campaigns)} campaigns, {contacts} contacts)"
        name = f"{self.target.run_id}-{len(self._snapshots)}"
        if len(self._snapshots) >= _MOST_SNAPSHOTS:
            name = self._snapshots.pop(next(iter(self._snapshots))).name
            mock.forget_snapshot(name)
        kept = _Snapshot(name, told, world.seed())
        mock.become(kept.seed)
        mock.snapshot(name)
        self._snapshots[world] = kept
        return kept

    def advance(self, seconds: float) -> None:
        """Move the center's clock."""
        self._needs_mock("a clock that can be moved").advance(seconds)
        self._doubtful.update(self._caller.open_users())
        self.steps.append(
            ControlStep(f"(the clock moves on by {seconds:g} s)", "POST", "/clock/advance", {"seconds": seconds})
        )

    def set_campaign_status(self, campaign_id: int, status: str) -> None:
        """What a supervisor does."""
        self._needs_mock("a campaign whose status can be set").set_campaign_status(campaign_id, status)
        told = f"(campaign {campaign_id} becomes {status})"
        self.steps.append(ControlStep(told, "PATCH", f"/campaigns/{campaign_id}", {"status": status}))

    def set_contact_status(self, campaign_id: int, contact_id: int, status: str) -> None:
        """What a dialler or an agent does."""
        mock = self._needs_mock("a contact whose status can be set")
        mock.set_contact_status(campaign_id, contact_id, status)
        path = f"/campaigns/{campaign_id}/contacts/{contact_id}"
        self.steps.append(ControlStep(f"(contact {contact_id} becomes {status})", "PATCH", path, {"status": status}))

    def expire(self, user: User) -> None:
        """Let the user's session expire, as if it had been idle for too long."""
        self._needs_mock("a session that can be expired").expire(user.name)
        path = f"/sessions/{user.name}/expire"
        self.steps.append(ControlStep(f"(the session of {user.name} expires)", "POST", path))

    def _needs_mock(self, what: str) -> Mock:
        if self.mock is None:
            raise NotPossibleHere(f"needs {what}: only mocks have one")
        return self.mock

    def close_snapshots(self) -> None:
        """Forget what the kit kept on the mock."""
        for one in self._snapshots.values():
            if self.mock is not None:
                self.mock.forget_snapshot(one.name)
        self._snapshots.clear()

    # --- calls ----------------------------------------------------------------------------------------------------

    def call(self, operation: str, *, soap: str = "1.1", **arguments: Any) -> Answer:
        """Call an operation with these arguments and no others; nothing is waited for.

        With revision ``priority`` an append without one gets a priority of 3.
        """
        if operation == _APPEND and self.revision == "priority":
            arguments.setdefault("priority", 3)
        if operation == _APPEND and isinstance(arguments.get("contact"), Contact):
            arguments["contact"] = self.marked(arguments["contact"])
        before = len(self._caller.exchanges)
        try:
            answer = self._caller.call(operation, soap=soap, **arguments)
        finally:
            self.steps += self._caller.exchanges[before:]
        for one in self._caller.exchanges[before:]:
            if one.invalid and len(self.invalid_answers) < _MOST_INVALID:
                self.invalid_answers.append(f"the answer of {operation} is not valid by the WSDL: {one.invalid}")
        if OPERATIONS[operation].limited:
            self._last_limited[operation] = time.monotonic()
        if self.mock is None and isinstance(answer, Returned):
            self.appended += operation == _APPEND and answer.value == 1
            if operation == _CLOSE:
                self.closed.append(int(arguments.get("contact_id") or 0))
        return answer

    def send(self, request: HttpRequest) -> HttpResponse:
        """Any request at all, as it is."""
        before = len(self._caller.exchanges)
        try:
            return self._caller.send(request)
        finally:
            self.steps += self._caller.exchanges[before:]

    def url_of(self, service: str) -> str:
        """The address of a service."""
        return self._caller.url_of(service)

    @property
    def calls(self) -> int:
        """How many calls the run has made."""
        return self._caller.calls

    def key(self, user: User | None = None) -> str:
        """A live session key of the user; logs in where there is none, and again where the session has ended."""
        user = user or self.user
        key = self._caller.open_users().get(user.name)
        if key is not None and user.name in self._doubtful:
            self._doubtful.discard(user.name)
            if not isinstance(self.call("GetCampaigns", session_key=key), Returned):
                self.log_off(user)
                key = None
        return key if key is not None else self._log_in(user)

    def _log_in(self, user: User) -> str:
        answer = self.call("OutboundLogin", username=user.name, password=user.password)
        if not isinstance(answer, Returned) or not isinstance(answer.value, str):
            raise ContractBroken(f"{user.name} cannot log in: {shown(answer)}")
        return answer.value

    def log_off(self, user: User | None = None) -> None:
        """Log the user off, whether or not he is logged in."""
        self.call("OutboundLogoff", username=(user or self.user).name)

    def append(
        self, contact: Contact, *, campaign_id: int | None = None, key: str | None = None, **more: Any
    ) -> Answer:
        """Append a contact, once the limit allows it; to the campaign to work in unless another is named."""
        self.await_turn(_APPEND)
        where = self.campaign_id if campaign_id is None else campaign_id
        return self.call(_APPEND, campaign_id=where, contact=contact, session_key=key or self.key(), **more)

    def close(self, *, campaign_id: int | None = None, key: str | None = None, **arguments: Any) -> Answer:
        """Close a contact, once the limit allows it; flags that are left out are false."""
        self.await_turn(_CLOSE)
        where = self.campaign_id if campaign_id is None else campaign_id
        arguments = {"custom_field_specified": False, "disposition_code_specified": False, **arguments}
        return self.call(_CLOSE, campaign_id=where, session_key=key or self.key(), **arguments)

    def await_turn(self, operation: str) -> None:
        """Let the limit of an operation pass: by the clock of a mock, or by waiting."""
        limit = self.limit_seconds
        if limit <= 0:
            return
        if self.mock is not None:
            self.advance(limit + 0.001)
            return
        # Whether the two limits are one is not known of a real server, so both are waited for.
        last = max(self._last_limited.values(), default=0.0)
        wait = last + limit + _MARGIN - time.monotonic()
        if wait > 0:
            time.sleep(wait)

    def elapse(self, seconds: float) -> None:
        """Let time pass: by the clock of a mock, or by waiting."""
        if self.mock is not None:
            self.advance(seconds)
        else:
            time.sleep(seconds)

    @property
    def limit_seconds(self) -> float:
        """How long to wait between two limited calls: as observed, as a mock declares, or the second of the papers."""
        declared = self._declared.get("limit_seconds", 1.0)
        known = self.choices.get("limit_seconds")
        return float(declared if known is None else max(known, declared) if self.mock else known)

    # --- what the server holds ------------------------------------------------------------------------------------

    @property
    def campaign_id(self) -> int:
        """The campaign to work in: a mock's main one, the one that the user named, or the first that is shown."""
        if self.mock is not None:
            return MAIN
        if self._campaign_id is None:
            shown_campaigns = self.campaigns()
            if not shown_campaigns:
                raise NotPossibleHere("needs a campaign that is Running, Waiting or Paused")
            self._campaign_id = max(shown_campaigns, key=lambda one: one.number_of_contacts > 0).campaign_id
        return self._campaign_id

    def campaigns(self, key: str | None = None) -> tuple[Campaign, ...]:
        """What GetCampaigns shows."""
        found: tuple[Campaign, ...] = self.value(self.call("GetCampaigns", session_key=key or self.key()))
        return found

    def campaign(self, campaign_id: int | None = None, key: str | None = None) -> Campaign | None:
        """One campaign as GetCampaigns shows it, None where it does not."""
        wanted = self.campaign_id if campaign_id is None else campaign_id
        return next((one for one in self.campaigns(key) if one.campaign_id == wanted), None)

    def pages(
        self, campaign_id: int | None = None, key: str | None = None, *, after: int = 0
    ) -> list[tuple[Contact, ...]]:
        """Every page of a campaign's contacts behind an id; the last one is empty."""
        return list(self._pages(campaign_id, key, after))

    def contacts(self, campaign_id: int | None = None, key: str | None = None, *, after: int = 0) -> list[Contact]:
        """Every contact of a campaign behind an id."""
        return [one for page in self._pages(campaign_id, key, after) for one in page]

    def _pages(self, campaign_id: int | None, key: str | None, after: int) -> Iterator[tuple[Contact, ...]]:
        where = self.campaign_id if campaign_id is None else campaign_id
        key = key or self.key()
        while True:
            page = self.value(
                self.call("Get200CampaignContacts", campaign_id=where, last_contact_id=after, session_key=key)
            )
            yield page
            if not page:
                return
            last = page[-1].contact_id
            self.check(last > after, f"a page after contact {after} ends with contact {last}, so paging never ends")
            after = last

    def marked(self, contact: Contact) -> Contact:
        """The contact as it is appended: on a server that is no mock it bears the run's mark as its e-mail address."""
        return contact if self.mock is not None else replace(contact, email_address=self.mark)

    def some_contacts(self, campaign_id: int | None = None) -> list[Contact]:
        """The first contacts of a campaign, two pages at most."""
        found: list[Contact] = []
        for page in self._pages(campaign_id, None, 0):
            found += page
            if len(found) > _SOME:
                break
        return found

    def fresh_contact(self, contact: Contact | None = None, *, campaign_id: int | None = None) -> Contact:
        """Append a contact and return it as the server shows it, with its id."""
        where = self.campaign_id if campaign_id is None else campaign_id
        before = self.last_id(where)
        answer = self.append(contact or Contact(skillset_id=self.skillset_id), campaign_id=where)
        self.check(isinstance(answer, Returned), f"a good contact is to be appended, but {shown(answer)}")
        new = self.contacts(where, after=before)
        self.check(new, f"a contact was appended, but no page shows one with an id above {before}")
        self._last_ids[where] = new[-1].contact_id
        return new[-1]

    def last_id(self, campaign_id: int) -> int:
        """The greatest id of a campaign's contacts; read once, then from where it stood."""
        known = self._last_ids.get(campaign_id, 0)
        more = self.contacts(campaign_id, after=known)
        self._last_ids[campaign_id] = more[-1].contact_id if more else known
        return self._last_ids[campaign_id]

    @property
    def skillset_id(self) -> int:
        """A skillset that contacts of the campaign to work in may name."""
        if self.world is not None:
            return self.world.skillsets[0].skillset_id
        campaign = self.campaign()
        if campaign is not None and campaign.skillset is not None:
            return campaign.skillset.skillset_id
        known = next((one.skillset_id for one in self.some_contacts() if one.skillset_id), 0)
        if not known:
            raise NotPossibleHere("needs a skillset, which neither the campaign nor one of its contacts names")
        return known

    @property
    def custom_field_names(self) -> tuple[str, ...]:
        """The custom fields that the campaign to work in is known to have; of a real server, those of its contacts."""
        if self.world is not None:
            return self.world.campaign(self.campaign_id).custom_field_names
        if self._field_names is None:
            fields = (one for contact in self.some_contacts() for one in contact.custom_fields or ())
            self._field_names = tuple(dict.fromkeys(one.name for one in fields if one.name))
        return self._field_names

    @property
    def mark(self) -> str:
        """The e-mail address of every contact that this run appends to a server that is no mock."""
        return f"ccmm-contracts-{self.target.run_id}@example.invalid"

    # --- what a clause says ---------------------------------------------------------------------------------------

    def check(self, condition: object, message: str) -> None:
        """The contract is broken unless ``condition`` holds; the message says what was due and what came."""
        if not condition:
            raise ContractBroken(message)

    def value(self, answer: Answer) -> Any:
        """What a call gave back; the contract is broken where it was refused or cannot be read."""
        if not isinstance(answer, Returned):
            raise ContractBroken(f"{self._last_call()} is to be carried out, but {shown(answer)}")
        return answer.value

    def refused(self, answer: Answer) -> Fault:
        """The fault of a call that must be refused; the contract is broken where it was not."""
        if not isinstance(answer, Fault):
            raise ContractBroken(f"{self._last_call()} is to be refused with a SOAP fault, but {shown(answer)}")
        return answer

    def known(self, choice: str) -> Any:
        """A choice of the server's as it was observed or, where it was not, as a mock declares it; else None."""
        return self.choices.get(choice, self._declared.get(choice))

    def check_words(self, fault: Fault, refusal: str, number: int, says: str = "") -> None:
        """The number, and a word of the text, that servers of this family are seen to send with a refusal.

        A mock that declares other words for the refusal is taken at its word; a fault without a number has none.
        """
        wording = self._declared.get(refusal)  # or the choice of this name, with the wording by dotted names
        table = wording if isinstance(wording, Mapping) else {}
        declared = {part for part in WORDING_PARTS if part in table or f"{refusal}.{part}" in self._declared}
        if "number" not in declared:
            self.check(fault.number in (None, number), f"the refusal has number {number}, not {fault.number}")
        if "text" not in declared:
            self.check(says.lower() in fault.text.lower(), f"the refusal says {says!r}, but its text is {fault.text!r}")

    def observe(self, text: str, **choices: Any) -> None:
        """Report what the server does where no paper says what it should."""
        self.observations.append(Observation(self._caller.secrets.mask(text), choices))

    def masked(self, text: str) -> str:
        """A text without passwords and session keys."""
        return self._caller.secrets.mask(text)

    def note(self, text: str) -> None:
        """A word for the story of this example."""
        self.steps.append(ControlStep(f"({text})", "", ""))

    def _last_call(self) -> str:
        last = next((one for one in reversed(self.steps) if isinstance(one, Exchange)), None)
        return last.operation or "the request" if last else "the call"
