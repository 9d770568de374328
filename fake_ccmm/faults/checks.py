"""Whether a rule makes sense, told before it is ever used."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from ..calls import CallPattern
from ..errors import CLIENT, SERVER, SetupError
from ..kinds import kind_of, members
from ..model import CampaignStatus, check_carried
from .delays import check_distribution, is_number
from .rules import (
    Action,
    CampaignCloses,
    ContentType,
    Delay,
    FaultRule,
    Garbage,
    HttpError,
    Slow,
    SoapFaultAction,
    Truncate,
    operations_of,
)

_NAME = re.compile(r"[A-Za-z0-9._-]{0,64}")
_HEADER_VALUE = re.compile("[\x21-\x7e\xa0-\xff](?:[\x20-\x7e\xa0-\xff]*[\x21-\x7e\xa0-\xff])?")
_MOST_NOISE = 16 * 1024 * 1024
_SLOWEST = 0.01
_OVER = tuple(status.value for status in CampaignStatus if not status.is_active)


def check_rule(rule: FaultRule) -> None:
    """A SetupError, saying what is wrong and what would be right, where a rule makes no sense."""
    if not isinstance(rule, FaultRule):
        raise SetupError(f"fault rule: has to be a FaultRule, not {rule!r}")
    if not (isinstance(rule.name, str) and _NAME.fullmatch(rule.name)):
        raise SetupError(
            f"fault rule: a name has up to 64 letters (A to Z), digits, '.', '_' and '-', unlike {rule.name!r}"
        )
    try:
        _check_pattern(rule)
        _check_counts(rule)
        _check_action(rule.do)
        _check_applies(rule)
    except SetupError as error:
        raise SetupError(f"fault rule{f' {rule.name}' if rule.name else ''}: {error}") from None


def _check_pattern(rule: FaultRule) -> None:
    if not isinstance(rule.when, CallPattern):
        raise SetupError(f"when is a CallPattern, not {rule.when!r}")
    rule.when.check()


def _check_counts(rule: FaultRule) -> None:
    for name, least in (("skip", 0), ("matched", 0), ("struck", 0)):
        _check_whole(name, getattr(rule, name), least)
    for name in ("nth", "every", "budget"):
        if getattr(rule, name) is not None:
            _check_whole(name, getattr(rule, name), 1)
    if rule.nth is not None and rule.every is not None:
        raise SetupError("nth strikes one call only and every strikes again and again; leave one of the two out")
    if not (is_number(rule.rate) and 0 < rule.rate <= 1):
        raise SetupError(f"rate is above 0 and at most 1 (0.25 is a quarter of the calls), not {rule.rate!r}")
    if rule.struck > rule.matched:
        raise SetupError(f"struck is at most matched, but {rule.struck} is above {rule.matched}")


def _check_action(action: Action) -> None:
    if type(action) not in members(Action):
        raise SetupError(f"do is one of {', '.join(kind_of(one) for one in members(Action))}, not {action!r}")
    if action.kind != kind_of(action):
        raise SetupError(f"the kind of {type(action).__name__} is {kind_of(action)}, not {action.kind!r}")
    if not isinstance(getattr(action, "carried_out", True), bool):
        raise SetupError("carried_out is true or false")
    _CHECKS.get(type(action), _is_always_fine)(action)


def _check_applies(rule: FaultRule) -> None:
    """A rule for one operation does something that can happen to this operation."""
    operations, operation = operations_of(rule.do), rule.when.operation
    if operations is not None and operation is not None and operation not in operations:
        raise SetupError(
            f"{rule.do.kind} cannot happen to {operation}; it can to {', '.join(sorted(operations))} "
            "(leave the operation out for all of them)"
        )


def _is_always_fine(action: Any) -> None:
    pass


def _check_delay(action: Delay) -> None:
    check_distribution(action.distribution)


def _check_truncate(action: Truncate) -> None:
    if not (is_number(action.fraction) and 0 <= action.fraction < 1):
        raise SetupError(f"fraction is from 0 to below 1 (0.5 is half of the answer), not {action.fraction!r}")
    if action.bytes is not None:
        _check_whole("bytes", action.bytes, 0)


def _check_garbage(action: Garbage) -> None:
    _check_whole("bytes", action.bytes, 1, _MOST_NOISE)
    if not isinstance(action.keep_head, bool):
        raise SetupError(f"keep_head is true or false, not {action.keep_head!r}")


def _check_slow(action: Slow) -> None:
    if not (is_number(action.bytes_per_second) and action.bytes_per_second >= _SLOWEST):
        raise SetupError(f"bytes_per_second is a number from {_SLOWEST:g} up, not {action.bytes_per_second!r}")


def _check_http_error(action: HttpError) -> None:
    _check_whole("status", action.status, 400, 599)


def _check_content_type(action: ContentType) -> None:
    if not (isinstance(action.content_type, str) and _HEADER_VALUE.fullmatch(action.content_type)):
        raise SetupError(
            "content_type is one line of Latin-1 characters that neither starts nor ends with a space, "
            f"such as text/html, not {action.content_type!r}"
        )


def _check_soap_fault(action: SoapFaultAction) -> None:
    if action.number is not None:
        _check_whole("number", action.number, -(1 << 63), (1 << 63) - 1)
    if action.code not in (CLIENT, SERVER):
        raise SetupError(f"code is {CLIENT} or {SERVER}, not {action.code!r}")
    if not (isinstance(action.text, str) and action.text.strip()):
        raise SetupError(f"text is what the fault says, and not empty, unlike {action.text!r}")
    try:
        check_carried(action.text, "text")
    except ValueError as error:
        raise SetupError(str(error)) from None


def _check_campaign_closes(action: CampaignCloses) -> None:
    if action.status not in _OVER:
        raise SetupError(f"status is one of {', '.join(_OVER)}, not {action.status!r}")
    if action.campaign_id is not None:
        _check_whole("campaign_id", action.campaign_id, -(1 << 63), (1 << 63) - 1)


def _check_whole(name: str, value: Any, least: int, most: int | None = None) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < least or (most is not None and value > most):
        reach = f"from {least} up" if most is None else f"from {least} to {most}"
        raise SetupError(f"{name} is a whole number {reach}, not {value!r}")


_CHECKS: dict[type, Callable[[Any], None]] = {
    Truncate: _check_truncate,
    Garbage: _check_garbage,
    Slow: _check_slow,
    Delay: _check_delay,
    HttpError: _check_http_error,
    ContentType: _check_content_type,
    SoapFaultAction: _check_soap_fault,
    CampaignCloses: _check_campaign_closes,
}
