"""What was asked and answered, and whether it was as a test says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

from ..errors import SetupError
from ..journal import CheckResult, Exchange, JournalQuery, check, check_sequence
from .models import Conditions, Expectation, ExpectedSequence, JournalPage, ShownMiss, Verdict
from .problems import ControlError
from .request import ControlRequest, Reply

_T = TypeVar("_T")
_CONDITIONS = tuple(one.name for one in fields(JournalQuery))


def show(request: ControlRequest) -> JournalPage:
    """The newest exchanges that match."""
    journal = request.world.journal
    query = dict(request.query)
    limit, secrets = query.pop("limit"), query.pop("secrets")
    arguments = {name: _value(text) for name, text in query.pop("argument").items()}
    wanted = JournalQuery(**query, arguments=arguments)
    found = journal.exchanges(wanted, secrets=secrets, limit=limit)
    return JournalPage(journal.total, journal.dropped, tuple(found))


def clear(request: ControlRequest) -> None:
    """Forget every exchange."""
    request.world.journal.clear()


def show_exchange(request: ControlRequest) -> Exchange:
    """One exchange."""
    return _kept(request, request.world.journal.exchange)


def show_request(request: ControlRequest) -> Reply:
    """The bytes of a request as they came in."""
    return Reply(_kept(request, request.world.journal.raw_request))


def show_response(request: ControlRequest) -> Reply:
    """The bytes of an answer as they went out."""
    return Reply(_kept(request, request.world.journal.raw_response))


def verify(request: ControlRequest) -> Verdict:
    """Whether there were as many such exchanges as expected."""
    wanted = request.read(Expectation)
    at_least = wanted.at_least
    if at_least is None:
        at_least = 1 if wanted.at_most is None else 0
    journal = request.world.journal
    exchanges = journal.exchanges()
    return _verdict(check(_query(wanted), at_least, wanted.at_most, exchanges, dropped=journal.dropped))


def verify_sequence(request: ControlRequest) -> Verdict:
    """Whether these exchanges came in this order."""
    wanted = request.read(ExpectedSequence)
    journal = request.world.journal
    exchanges = journal.exchanges()
    return _verdict(check_sequence([_query(one) for one in wanted.steps], exchanges, dropped=journal.dropped))


def _kept(request: ControlRequest, read: Callable[..., _T]) -> _T:
    try:
        return read(request.path["number"], secrets=request.query["secrets"])
    except SetupError as error:
        raise ControlError(404, str(error)) from None


def _query(conditions: Conditions) -> JournalQuery:
    return JournalQuery(**{name: getattr(conditions, name) for name in _CONDITIONS})


def _verdict(result: CheckResult) -> Verdict:
    misses = tuple(ShownMiss(one.exchange, one.differences) for one in result.misses)
    return Verdict(result.holds, result.count, result.message, misses, result.note)


def _value(text: str) -> Any:
    """An argument's value: what its JSON says or, where it is none, the text itself."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return text


def _no_constant(name: str) -> None:
    raise ValueError(name)  # NaN and its like are no JSON
