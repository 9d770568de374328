"""A comparison of two servers, from reaching them to leaving them as they were."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime, timezone

from ..clause import Clause, clauses
from ..errors import KitError, SetUpBroken
from ..operations import OPERATIONS, SERVICES
from ..report import Contract, Finding, Outcome, Report, Result
from ..reports.events import ContractFinished, ContractStarted, LeftBehind, RunFinished, RunStarted, SetUpFact
from ..run import Listen
from ..selection import selected
from ..target import ServerOptions, Target
from ..trial import Failure
from ..version import version
from ..wire.description import differences as differences_from_revisions
from .clauses import both_found, compare_clause
from .lockstep import Lockstep
from .side import Side

WALK = "walk"
"""The clause that makes walks of its own, and holds them against the kit's model instead of another server."""

_SOURCE = "the two servers are to be alike"
WSDL = Contract("diff.wsdl", "diff", "Both servers show the same WSDLs", "W", _SOURCE, group="diff")
CALLS = {
    name: Contract(f"diff.{name}", "diff", f"Both servers answer {name} alike", "W", _SOURCE, group="diff")
    for name in OPERATIONS
}
"""The contracts of generated calls, one for each operation."""


def run_diff(a: ServerOptions, b: ServerOptions, listen: Listen) -> Report:
    """Run the same clauses and the same generated calls on two servers, and tell ``listen`` how it goes.

    ``only``, ``skip``, ``deep`` and ``seed`` are those of ``a``. No replay file is saved: a difference takes two
    servers, and shows again with the same seed.

    Never raises for what the servers do: a set-up that is broken is in the report, which says on which side.
    KeyboardInterrupt passes through, after everybody has been logged off on both.
    """
    known = list(clauses())
    started, clock = datetime.now(timezone.utc).isoformat(timespec="seconds"), time.perf_counter()
    report = Report("diff", f"{a.url} and {b.url}", started, seed=a.seed, version=version())
    contracts = (*(one.contract for one in known), WSDL, *CALLS.values())
    listen(RunStarted("diff", report.target, report.version, a.seed, started, contracts))
    left_behind: list[str] = []
    try:
        reasons = selected(contracts, a.only, a.skip)
        with _reached(a, b, left_behind) as sides:
            facts = [f"{side.name}: {fact}" for side in sides for fact in (side.target.base, *side.target.facts)]
            for fact in facts:
                listen(SetUpFact(fact))
            results = _Comparison(sides, a, reasons, listen).all(known)
        report = replace(report, facts=tuple(facts), results=results)
    except SetUpBroken as error:
        report = replace(report, set_up=str(error))
    report = replace(report, left_behind=tuple(left_behind))
    for text in report.left_behind:
        listen(LeftBehind(text))
    report = replace(report, seconds=time.perf_counter() - clock)
    listen(RunFinished(report))
    return report


class _Comparison:
    """The contracts of one run, each tried on both sides."""

    def __init__(
        self, sides: tuple[Side, Side], options: ServerOptions, reasons: dict[str, str], listen: Listen
    ) -> None:
        self._sides = sides
        self._options = options
        self._reasons = reasons
        self._listen = listen
        self._results: list[Result] = []
        self._broken = False

    def all(self, known: list[Clause]) -> tuple[Result, ...]:
        """The result of each contract; after a set-up that broke the rest is not tried."""
        for clause in known:
            if clause.contract.id == WALK and not self._reasons[WALK]:
                self._finish(Result(clause.contract, Outcome.SKIPPED, "the generated calls, diff.*, are such walks"))
            elif self._is_tried(clause.contract):
                self._finish(
                    compare_clause(clause, self._sides, random_seed=self._options.seed, deep=self._options.deep)
                )
        if self._is_tried(WSDL):
            self._finish(self._compared_wsdl())
        self._generated()
        return tuple(self._results)

    def _is_tried(self, contract: Contract) -> bool:
        reason = self._reasons[contract.id] or ("not tried: the set-up broke before" if self._broken else "")
        if reason:
            self._finish(Result(contract, Outcome.SKIPPED, reason))
            return False
        self._listen(ContractStarted(contract))
        return True

    def _finish(self, result: Result) -> None:
        self._broken = self._broken or result.outcome is Outcome.SETUP
        self._results.append(result)
        self._listen(ContractFinished(result))

    def _compared_wsdl(self) -> Result:
        started = time.perf_counter()
        try:
            shown = [_described(side) for side in self._sides]
        except KitError as error:
            return Result(WSDL, Outcome.SETUP, str(error))
        told = ["; ".join(sorted(shown[at] - shown[1 - at])) or "not so" for at in (0, 1)]
        result = Result(WSDL, Outcome.HOLDS, examples=1, calls=2 * len(SERVICES), seconds=time.perf_counter() - started)
        if shown[0] == shown[1]:
            return result
        # What is told is how each differs from the nearest WSDL in the field.
        return replace(result, outcome=Outcome.BROKEN, finding=Finding(f"A: {told[0]}; B: {told[1]}"))

    def _generated(self) -> None:
        """The generated calls: one comparison, whose result has a contract for each operation."""
        tried = [name for name, one in CALLS.items() if not self._reasons[one.id]]
        calls = Lockstep(self._sides, random_seed=self._options.seed, deep=self._options.deep, wanted=tried)
        if not tried or self._broken:
            for one in CALLS.values():
                self._is_tried(one)
            return
        started = time.perf_counter()
        broken = ""
        try:
            found = calls.differences()
        except SetUpBroken as error:
            broken = str(error)
        seconds = (time.perf_counter() - started) / len(tried)
        for name, contract in CALLS.items():
            if not self._is_tried(contract):
                continue
            result = Result(
                contract, Outcome.HOLDS, examples=calls.examples, calls=2 * calls.calls[name], seconds=seconds
            )
            if broken:
                result = replace(result, outcome=Outcome.SETUP, reason=broken)
            elif difference := found.get(name):
                first, second = (Failure(difference.message, one, ()) for one in difference.steps)
                finding = both_found(contract, self._sides, difference.message, (first, second))
                result = replace(result, outcome=Outcome.BROKEN, finding=finding)
            elif not calls.calls[name]:
                result = replace(result, outcome=Outcome.SKIPPED, reason="needs leave to write on both servers")
            self._finish(result)


def _described(side: Side) -> set[str]:
    """What is other in a server's WSDLs than in those of each revision: two servers that say the same have the same."""
    lines: set[str] = set()
    for service in SERVICES:
        try:
            document = side.target.caller.wsdl(service)
        except SetUpBroken as error:
            raise SetUpBroken(f"{side.name}: {error}") from None
        for revision, found in differences_from_revisions(service, document).items():
            lines |= {f"{service}, beside revision {revision}: {one}" for one in found}
    return lines


# --- reaching both ----------------------------------------------------------------------------------------------------


@contextmanager
def _reached(a: ServerOptions, b: ServerOptions, left_behind: list[str]) -> Iterator[tuple[Side, Side]]:
    """Both servers, held to what both of them can do, and left as they were."""
    with ExitStack() as stack:
        first = _target("A", a, stack, left_behind)
        second = _target("B", b, stack, left_behind)
        if (first.mock is None) != (second.mock is None):
            # A mock beside another server is treated as any server.
            if first.mock is not None:
                first.close()
                first = _target("A", replace(a, control=False), stack, left_behind)
            else:
                second.close()
                second = _target("B", replace(b, control=False), stack, left_behind)
        _check_two(first, second)
        sides = (Side("A", first), Side("B", second))
        may_write = first.may_write and second.may_write
        shared = first.caller.secrets
        for side in sides:
            # Keys of one side are tried, almost right, on the other: each has to mask both sides' secrets.
            side.target.caller.secrets = shared
            for user in filter(None, side.users):
                shared.learn(user.password, f"<password of {user.name}>")
            side.target.caller.forget()
            side.stage.can_write = may_write
        both = [all(side.users[at] is not None for side in sides) for at in range(3)]
        for side in sides:
            side.stage.second_user = side.stage.second_user if both[1] else None
            side.stage.base_user = side.stage.base_user if both[2] else None
            side.users = [side.stage.user, side.stage.second_user, side.stage.base_user]
        try:
            yield sides
        finally:
            for side in sides:
                side.run.finish()


def _target(name: str, options: ServerOptions, stack: ExitStack, left_behind: list[str]) -> Target:
    try:
        target = Target(options)
    except SetUpBroken as error:
        raise SetUpBroken(f"{name}, {options.url}: {error}") from None
    stack.callback(lambda: left_behind.extend(f"{name}: {one}" for one in target.left_behind))
    stack.callback(target.close)
    return target


def _check_two(first: Target, second: Target) -> None:
    same = first.base.lower() == second.base.lower()
    if first.mock is not None and second.mock is not None:
        same = first.mock.control_url == second.mock.control_url
    if same:
        raise SetUpBroken(f"A and B are both {first.base}: give two servers, or two centers of a mock")
