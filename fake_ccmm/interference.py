"""One call that fault rules may strike: what happens to it before the center gets it, and to its answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .asmx import answers
from .asmx.answers import Answer
from .center import ContactCenter
from .clock import SECOND
from .errors import InvalidSessionKey, NotCarriedOut, TooSoon
from .faults import (
    Action,
    CampaignCloses,
    ContentType,
    Decision,
    ExpireSession,
    HttpError,
    RejectKey,
    SecondLogin,
    SoapFaultAction,
    TooSoonAction,
    is_carried_out,
    layer_of,
)
from .model import CampaignStatus
from .recording import INJECTED
from .soap.domain import domain_arguments
from .soap.endpoint import fault_answer
from .soap.envelope import SoapRequest
from .soap.faults import SoapFault, error_detail
from .wire_faults import EFFECT, WireEffect
from .world import World

_Domain = Callable[[ContactCenter, "str | None", dict[str, Any], Any], None]


class Interference:
    """What the fault plan of a center decided about one call. A call that is made again is not decided again."""

    __slots__ = ("_decision", "_has_wire", "_world")

    def __init__(self, world: World, *, has_wire: bool) -> None:
        self._world = world
        self._has_wire = has_wire
        self._decision: Decision | None = None

    @property
    def rule_names(self) -> str | None:
        """The rules that struck, for the journal; None where none did."""
        decision = self._decision
        if decision is None:
            return None
        names = [*decision.delayed_by, *([decision.rule.name] if decision.rule else [])]
        return ", ".join(names) or None

    def before_call(self, request: SoapRequest) -> None:
        """Decide, and do what has to be done before the call.

        Raises what refuses the call, or NotCarriedOut.
        """
        if self._decision is not None:
            return
        center = self._world.center
        arguments = domain_arguments(request.arguments)
        key = arguments.get("session_key")
        user = arguments.get("username") or center.username_of(key)
        self._decision = self._world.faults.decide(request.operation, user, arguments)
        if self._is_impossible():
            raise NotCarriedOut
        if self._decision.rule is None:
            return
        action = self._decision.rule.do
        if layer_of(action) == "domain":
            _DOMAIN[type(action)](center, request.operation, arguments, action)
        elif not is_carried_out(action):
            if isinstance(action, SoapFaultAction):
                raise _fault(action, request)
            raise NotCarriedOut

    def after_call(self, request: SoapRequest, environ: dict[str, Any], answer: Answer) -> Answer:
        """The answer that is sent; what is to happen on the wire is left for the transport in the environment."""
        if self._decision is None:
            self._decision = self._world.faults.decide(None, None, {})
        if self._is_impossible():
            return answers.plain_error(
                f"The fault rule {self.rule_names} works on the wire, which only fake-ccmm's own server can do; "
                "serve with FakeCcmm or 'fake-ccmm serve', or use a rule of another layer."
            )
        decision = self._decision
        rule = decision.rule
        action: Action | None = None if rule is None else rule.do
        if isinstance(action, HttpError):
            answer = answers.error_page(action.status)
        elif isinstance(action, ContentType):
            headers = [
                (name, action.content_type if name == "Content-Type" else value) for name, value in answer.headers
            ]
            answer = Answer(answer.status, headers, answer.body)
        elif isinstance(action, SoapFaultAction):  # what could not be read has not been answered with it yet
            fault = fault_answer(_fault(action, request), request)
            answer = Answer(*answers.soap_head(fault.status, fault.content_type), fault.body)
        on_wire = action if action is not None and layer_of(action) == "wire" else None
        if on_wire is None and not decision.delay_seconds:
            return answer
        seed = f"{self._world.faults.seed}/{rule.name}/{rule.matched}" if rule is not None else ""
        environ[EFFECT] = WireEffect(self._world.clock, round(decision.delay_seconds * SECOND), on_wire, seed)
        return answer

    def _is_impossible(self) -> bool:
        """Whether what was decided is to happen on the wire, and the transport has no hand in that."""
        decision = self._decision
        if self._has_wire or decision is None:
            return False
        return bool(decision.delay_seconds) or (decision.rule is not None and layer_of(decision.rule.do) == "wire")


def _fault(action: SoapFaultAction, request: SoapRequest) -> SoapFault:
    """The fault of a rule; one with a number looks like those of the contact center."""
    if action.number is None or request.center.profile.fault_detail == "plain":
        return SoapFault(action.code, action.text, label=INJECTED, number=action.number)
    detail = error_detail(action.number, action.text, request.operation or "")
    return SoapFault(action.code, action.text, actor=request.url, detail=detail, label=INJECTED, number=action.number)


def _expire_session(center: ContactCenter, operation: str | None, arguments: dict[str, Any], action: Action) -> None:
    user = center.username_of(arguments.get("session_key"))
    if user is not None:
        center.expire_session(user)


def _log_in_elsewhere(center: ContactCenter, operation: str | None, arguments: dict[str, Any], action: Action) -> None:
    name = arguments.get("username")
    if any(one.username == name and not one.base_install for one in center.administrators()):
        center.log_in_elsewhere(name or "")


def _start_limit(center: ContactCenter, operation: str | None, arguments: dict[str, Any], action: Action) -> None:
    """The center's own limit answers, in the way its profile says; where there is none, the refusal is made here."""
    center.start_limit(operation or "", arguments.get("session_key"))
    if not center.profile.limit_seconds:
        raise TooSoon(operation=operation, seconds=1)


def _close_campaign(
    center: ContactCenter, operation: str | None, arguments: dict[str, Any], action: CampaignCloses
) -> None:
    campaign_id = arguments.get("campaign_id") if action.campaign_id is None else action.campaign_id
    if any(one.details.campaign_id == campaign_id for one in center.campaigns()):
        center.set_campaign_status(campaign_id or 0, CampaignStatus(action.status))


def _reject_key(center: ContactCenter, operation: str | None, arguments: dict[str, Any], action: Action) -> None:
    raise InvalidSessionKey


_DOMAIN: dict[type, _Domain] = {
    ExpireSession: _expire_session,
    SecondLogin: _log_in_elsewhere,
    TooSoonAction: _start_limit,
    CampaignCloses: _close_campaign,
    RejectKey: _reject_key,
}
