"""A scene: a center of its own on the mock, a fresh client at work on it, and what was seen to be wrong."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ..answer import Answer, Returned
from ..domain import User
from ..errors import KitError, NotPossibleHere, SetUpBroken
from ..judge import judge_exchanges
from ..mock import Mock
from ..operations import CAMPAIGN, CONTACT, OPERATIONS, UTILITY
from ..report import Finding, ShownExchange
from ..wire.answers import read_answer
from ..wire.envelope import request_for
from ..wire.http import Http
from ..wire.schema import REVISIONS, invalid
from .driver import ClientTimedOut, Driver
from .fillings import Filling
from .protocol import ClientError
from .proxy import enlarging_proxy
from .story import Story, told_answer, told_exchange, told_request

_T = TypeVar("_T")

GENERAL = ("K15", "K18")
"""The rules that every scene tries, whatever else it is about."""

_EXCHANGES_SHOWN = 6
_LONGEST_SHOWN = 4000
_USER = "kit-client"


class SceneOver(KitError):
    """What the client did is a finding already, and there is nothing more to ask it: it hangs, or cannot log in."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a client answered: a result, or an error."""

    result: Any = None
    error: ClientError | None = None

    @property
    def failed(self) -> bool:
        """Whether it was an error."""
        return self.error is not None

    @property
    def told(self) -> str:
        """The answer in words."""
        return told_answer(self.result, self.error).removeprefix("the client ")


@dataclass(slots=True)
class Troupe:
    """What all scenes of a run share: the client, the mock, the connections to it, and what the client offers."""

    driver: Driver
    mock: Mock
    http: Http
    can: frozenset[str]
    ca: str | None = None
    run_id: str = field(default_factory=lambda: secrets.token_hex(4))
    centers: int = 0
    calls: int = 0


class Scene:
    """One scene of a scenario. ``case`` is which of the scenario's cases it is; ``broken`` what was found, by
    rule, ``made`` how many calls the client made.

    A context manager: on the way out the client is told that its job is over, what must hold of every client is judged,
    and the center is deleted.
    """

    def __init__(self, troupe: Troupe, rules: Sequence[str], case: Any, data: st.DataObject) -> None:
        self.case = case
        self.broken: dict[str, Finding] = {}
        self.made = 0
        self.user = User(_USER, f"{secrets.token_hex(6)}-ä<&>")
        self._troupe = troupe
        self._rules = rules
        self._data = data
        self._story = Story([self.user])
        self._stack = ExitStack()
        self._center: Mock | None = None
        self._told = 0
        self._is_over = False
        self._may_take_over = False
        self._not_the_clients: set[int] = set()

    def __enter__(self) -> Scene:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None and self._center is not None:
                self._finish()
            if self._center is not None and kind in (None, SceneOver):
                self.made = len(self.calls())
                self._troupe.calls += self.made
        finally:
            self._stack.close()

    # --- setting the scene ------------------------------------------------------------------------------------------

    def draw(self, strategy: SearchStrategy[_T]) -> _T:
        """A value of the strategy."""
        return self._data.draw(strategy)

    def offers(self, *names: str) -> bool:
        """Whether the client offers all of these."""
        return self._troupe.can.issuperset(names)

    def need(self, *names: str) -> None:
        """Raise NotPossibleHere unless the client offers all of these."""
        if missing := [one for one in names if not self.offers(one)]:
            raise NotPossibleHere(f"the client does not offer {', '.join(missing)}")

    def open(
        self,
        filling: Filling,
        *,
        faults: Sequence[Mapping[str, Any]] = (),
        timeline: Sequence[Mapping[str, Any]] = (),
        profile: Mapping[str, Any] | None = None,
        enlarged: bool = False,
        take_over: bool = False,
        log_in: bool = True,
    ) -> None:
        """Fill a center and have the client prepare for it and log in, where that is something it can be asked for.

        ``enlarged`` adds unknown elements to its answers. Raises SceneOver where the client cannot log in.
        """
        troupe = self._troupe
        self._may_take_over = take_over
        troupe.centers += 1
        name = f"client-{troupe.run_id}-{troupe.centers}"
        seed = filling.seed([self.user], faults=faults, timeline=timeline, profile=profile)
        self._center = troupe.mock.create_center(name, seed)
        self._stack.callback(self._center.delete)
        base = self._center.base
        if enlarged:
            base = self._stack.enter_context(enlarging_proxy(base, troupe.http))
        services = {"utility": UTILITY, "campaign": CAMPAIGN, "contact": CONTACT}
        try:
            troupe.driver.ask(
                "start",
                services={word: f"{base}/{service}.asmx" for word, service in services.items()},
                user=self.user.name,
                password=self.user.password,
                take_over=take_over,
                ca=troupe.ca,
            )
        except ClientError as error:
            raise SetUpBroken(f"the client cannot be prepared: it answered start with {error.kind}: {error}") from None
        if log_in and self.offers("log_in"):
            said = self.ask("log_in")
            if said.failed and not self.calls():
                raise SetUpBroken(f"the client could not log in, and has not called the mock: it {said.told}")
            if said.failed:
                self._give_up(f"the client could not log in: {said.told}")

    @property
    def center(self) -> Mock:
        """The center of the scene."""
        if self._center is None:
            raise ValueError("the scene is not open")
        return self._center

    def call(self, operation: str, **arguments: Any) -> Answer:
        """Call the center beside the client, as somebody else would."""
        before = self._newest(self.center.journal())
        url = f"{self.center.base}/{OPERATIONS[operation].service}.asmx"
        answer = read_answer(operation, self._troupe.http.send(request_for(url, operation, arguments)))
        told = "ok" if isinstance(answer, Returned) else "refused"
        self._story.tell(f"somebody else calls {operation} -> {told}")
        self._told = self._newest(self.center.journal())
        self._not_the_clients.update(range(before + 1, self._told + 1))
        return answer

    # --- at work ----------------------------------------------------------------------------------------------------

    def ask(self, name: str, **arguments: Any) -> Said:
        """Ask the client for something.

        Raises NotPossibleHere where it says that it does not offer this, SceneOver where it hangs after calls of the
        services, and SetUpBroken where it hangs without any or does not keep to the protocol.
        """
        self._story.tell(told_request(name, arguments))
        self._is_over = self._is_over or name == "end"
        try:
            said = Said(self._troupe.driver.ask(name, **arguments))
        except ClientError as error:
            said = Said(error=error)
        except ClientTimedOut as error:
            calls = self._tell_calls()
            if not calls:
                raise
            self._give_up(f"{error}; it made {calls} calls meanwhile")
        self._tell_calls()
        self._story.tell(told_answer(said.result, said.error))
        if said.error is not None and said.error.kind == "unsupported":
            raise NotPossibleHere(f"the client does not offer this: {said.error.message or name}")
        return said

    def calls(self, *operations: str) -> list[dict[str, Any]]:
        """What the client called, from the journal, oldest first; of these operations, or of all."""
        return [
            one
            for one in self.center.journal()
            if one["operation"] is not None
            and one["number"] not in self._not_the_clients
            and (not operations or one["operation"] in operations)
        ]

    def check(self, rule: str, condition: bool, message: str) -> bool:
        """Hold the rule broken where the condition is false, by its first message, and return the condition."""
        if rule not in (*self._rules, *GENERAL):
            raise ValueError(f"this scenario is not about {rule}")
        if not condition and rule not in self.broken:
            masked = self._story.masked(message)
            self.broken[rule] = Finding(masked, self._story.lines(), self._shown_exchanges())
        return condition

    def _give_up(self, why: str) -> NoReturn:
        """Hold everything broken that the scene is about, and go no further."""
        for rule in self._rules:
            self.check(rule, False, why)
        raise SceneOver(why)

    # --- the end ----------------------------------------------------------------------------------------------------

    def _finish(self) -> None:
        self._end()
        exchanges = [one for one in self.center.journal() if one["number"] not in self._not_the_clients]
        judged = judge_exchanges(
            exchanges,
            responses=self.center.response_bytes,
            may_take_over=self._may_take_over,
            rules=(*self._rules, *GENERAL),
        )
        for one in judged:
            if one.finding is not None:
                self.check(one.contract.id, False, one.finding.message)
        self._check_requests()

    def _end(self) -> None:
        said = Said() if self._is_over else self.ask("end")
        # Where somebody else is at work under the same name, the session may be his: the scenario judges that itself.
        left = [] if self._not_the_clients else [one["username"] for one in self.center.sessions()]
        told = f" (it answered: {said.error.message})" if said.error is not None else ""
        self.check("K15", not left, f"the session of {', '.join(left)} is still open when the job is over{told}")

    def _check_requests(self) -> None:
        """Hold one call of each operation against the WSDLs."""
        seen = set()
        for one in self.calls():
            if one["operation"] in seen or one["outcome"] == "protocol-error":
                continue
            seen.add(one["operation"])
            head, _, body = self.center.request_bytes(one["number"]).partition(b"\r\n\r\n")
            if re.search(rb"(?im)^(content|transfer)-encoding:", head):
                continue
            service = OPERATIONS[one["operation"]].service
            wrong = [invalid(revision, service, body) for revision in REVISIONS]
            self.check(
                "K18", not all(wrong), f"{one['operation']} was called with what the WSDL does not allow: {wrong[0]}"
            )

    def _tell_calls(self) -> int:
        """Tell what has been called since this was last told, and return how many calls that were."""
        exchanges = self.center.journal(after=self._told) if self._center is not None else []
        for one in exchanges:
            self._story.tell(told_exchange(one))
        self._told = max(self._told, self._newest(exchanges))
        return len(exchanges)

    def _newest(self, exchanges: Sequence[Mapping[str, Any]]) -> int:
        return max((int(one["number"]) for one in exchanges), default=0)

    def _shown_exchanges(self) -> tuple[ShownExchange, ...]:
        """The newest exchanges as they went over the wire, masked by the mock."""
        if self._center is None:
            return ()
        return tuple(
            ShownExchange(one["number"], told_exchange(one).strip(), self._shown(one, True), self._shown(one, False))
            for one in self.calls()[-_EXCHANGES_SHOWN:]
        )

    def _shown(self, one: Mapping[str, Any], is_request: bool) -> str:
        read = self.center.request_bytes if is_request else self.center.response_bytes
        text = self._story.masked(read(int(one["number"])).decode(errors="replace"))
        return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "\n..."
