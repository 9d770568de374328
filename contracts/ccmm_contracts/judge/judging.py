"""An application that was simply pointed at a mock, judged by the mock's journal alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..client_rules import KRULES
from ..report import Contract, Finding, Outcome, Result
from . import rules_calls, rules_campaigns, rules_log_in, rules_lost_sessions, rules_pacing, rules_paging
from .journal import Call, Journal, Responses
from .verdict import Breach, Verdict

Judge = Callable[[Journal], Verdict]

JUDGES: dict[str, Judge] = {
    "K1": rules_paging.judge_k1,
    "K2": rules_paging.judge_k2,
    "K3": rules_paging.judge_k3,
    "K4": rules_pacing.judge_k4,
    "K5": rules_pacing.judge_k5,
    "K6": rules_campaigns.judge_k6,
    "K7": rules_campaigns.judge_k7,
    "K8": rules_log_in.judge_k8,
    "K9": rules_lost_sessions.judge_k9,
    "K10": rules_lost_sessions.judge_k10,
    "K12": rules_calls.judge_k12,
    "K13": rules_campaigns.judge_k13,
    "K14": rules_calls.judge_k14,
    "K15": rules_log_in.judge_k15,
    "K16": rules_calls.judge_k16,
    "K18": rules_calls.judge_k18,
}
"""The function of each rule that a journal can be held against; it takes a journal and changes nothing."""

_DRIVEN = "a journal does not show what a client tells its caller: drive it with 'ccmm-contracts client'"
_BREACHES_TOLD = 3
_CALLS_TOLD = 8


def judge_exchanges(
    exchanges: Iterable[Mapping[str, Any]],
    *,
    responses: Responses | None = None,
    at_once: int = 1,
    may_take_over: bool = False,
    rules: Iterable[str] | None = None,
) -> list[Result]:
    """What the exchanges of a mock's journal say of every rule of clients, in the order of KRULES.

    ``exchanges`` is the journal's JSON. ``responses`` gives the bytes of an answer by its exchange's number, as a mock
    does that still runs: with it, K2 knows how many contacts a campaign was said to have. ``at_once`` is how many calls
    the application makes at the same time; ``may_take_over`` says that it was told to log off whoever is logged in;
    ``rules`` are the ids of those to judge by, all where it is None. Raises SetUpBroken where it is no journal.
    """
    journal = Journal(exchanges, at_once=at_once, may_take_over=may_take_over, responses=responses)
    wanted = KRULES.keys() if rules is None else set(rules)
    return [_result(contract, journal) for contract in KRULES.values() if contract.id in wanted]


def _result(contract: Contract, journal: Journal) -> Result:
    judge = JUDGES.get(contract.id)
    if judge is None:
        return Result(contract, Outcome.SKIPPED, _DRIVEN)
    found = judge(journal)
    if found.breaches:
        return Result(contract, Outcome.BROKEN, finding=_finding(found.breaches), calls=found.judged)
    if not found.judged:
        return Result(contract, Outcome.SKIPPED, found.why_not)
    return Result(contract, Outcome.HOLDS, calls=found.judged)


def _finding(breaches: tuple[Breach, ...]) -> Finding:
    """The first breach in words, and the story of the first few."""
    more = f" (and {len(breaches) - 1} more)" if len(breaches) > 1 else ""
    story: list[str] = []
    for one in breaches[:_BREACHES_TOLD]:
        if len(breaches) > 1:
            story.append(f"{one.message}:")
        story += _told(one.calls)
    if len(breaches) > _BREACHES_TOLD:
        story.append(f"... and {len(breaches) - _BREACHES_TOLD} more")
    return Finding(f"{_where(breaches[0].calls)}: {breaches[0].message}{more}", tuple(story))


def _told(calls: tuple[Call, ...]) -> list[str]:
    if len(calls) <= _CALLS_TOLD:
        return [one.told() for one in calls]
    half = _CALLS_TOLD // 2
    between = f"... {len(calls) - 2 * half} more"
    return [*(one.told() for one in calls[:half]), between, *(one.told() for one in calls[-half:])]


def _where(calls: tuple[Call, ...]) -> str:
    numbers = [str(one.number) for one in calls]
    if len(numbers) == 1:
        return f"exchange {numbers[0]}"
    if len(numbers) > _CALLS_TOLD:
        return f"exchanges {numbers[0]} to {numbers[-1]}"
    return f"exchanges {', '.join(numbers[:-1])} and {numbers[-1]}"
