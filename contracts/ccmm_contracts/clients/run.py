"""A run of the contracts of clients: scenario by scenario, rule by rule, into a report."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.errors import Flaky

from ..client_rules import KRULES
from ..errors import ContractBroken, NotPossibleHere, SetUpBroken
from ..mock import Mock
from ..report import Contract, Finding, Outcome, Report, Result
from ..reports.events import ContractFinished, ContractStarted, Event, RunFinished, RunStarted, SetUpFact
from ..selection import selected
from ..version import version
from ..wire.http import Http
from .driver import Driver
from .protocol import WORK, ClientError, Hello
from .scenario import Scenario, scenarios
from .scene import GENERAL, Scene, SceneOver, Troupe

_MOST_BREAKDOWNS = 3
"""So many scenes of which nothing can be said end a run: the rest would not go better."""

Listener = Callable[[Event], None]


@dataclass(slots=True)
class _Tried:
    """What the scenes of a run have shown of one rule."""

    contract: Contract
    finding: Finding | None = None
    broken_down: str = ""
    skipped: list[str] = field(default_factory=list)
    examples: int = 0
    calls: int = 0
    seconds: float = 0.0

    def result(self) -> Result:
        """What became of the rule."""
        outcome, reason = Outcome.HOLDS, ""
        if self.finding is not None:
            outcome = Outcome.BROKEN
        elif self.broken_down:
            outcome, reason = Outcome.SETUP, self.broken_down
        elif not self.examples:
            outcome, reason = Outcome.SKIPPED, "; ".join(dict.fromkeys(self.skipped)) or "no scenario could try it"
        return Result(
            self.contract,
            outcome,
            reason,
            self.finding,
            examples=self.examples,
            calls=self.calls,
            seconds=round(self.seconds, 3),
        )


def run_client(
    driver: Driver,
    mock: Mock,
    *,
    listener: Listener | None = None,
    seed: int = 0,
    deep: bool = False,
    only: Sequence[str] = (),
    skip: Sequence[str] = (),
    ca: str | None = None,
) -> Report:
    """Try the contracts of clients on one client, in centers of their own on the mock; never raises for a bad client.

    ``ca`` is the file of authorities to trust, for the kit and for the client. ``only`` and ``skip`` name rules; those
    that are left out are in the report as skipped. So is, in its place, a set-up that is broken. Raises SetUpBroken
    where there is no such rule.
    """
    reasons = selected(KRULES.values(), only, skip)
    with Http(ca_file=ca) as http:
        return _Run(driver, mock, http, listener or _nobody, seed, deep, reasons, ca).report()


def _about(one: Scenario, case: Any) -> tuple[str, ...]:
    """The rules that a case is about: a case that bears a rule's name is about that one of the scenario's rules."""
    return (case,) if case in one.rules else one.rules


def _nobody(_: Event) -> None:
    """Nobody listens."""


class _Run:
    def __init__(
        self,
        driver: Driver,
        mock: Mock,
        http: Http,
        listener: Listener,
        seed: int,
        deep: bool,
        reasons: Mapping[str, str],
        ca: str | None,
    ) -> None:
        self._driver, self._mock, self._http, self._listener = driver, mock, http, listener
        self._seed, self._deep, self._ca = seed, deep, ca
        self._tried = {one.id: _Tried(one) for one in KRULES.values() if not reasons[one.id]}
        self._left_out = {
            one.id: Result(one, Outcome.SKIPPED, reasons[one.id]) for one in KRULES.values() if reasons[one.id]
        }
        self._breakdowns, self._why, self._scenes = 0, "", 0
        self._report = Report(
            "client",
            driver.target,
            datetime.now(timezone.utc).isoformat(timespec="seconds"),
            seed=seed,
            version=version(),
        )

    def report(self) -> Report:
        """Run, and tell the listener how it goes."""
        started = time.monotonic()
        report = self._report
        contracts = tuple(KRULES.values())
        self._listener(RunStarted("client", report.target, report.version, self._seed, report.started, contracts))
        set_up = ""
        facts: tuple[str, ...] = ()
        finished = dict(self._left_out)
        for left_out in finished.values():
            self._listener(ContractFinished(left_out))
        try:
            hello = self._hello()
            facts = (f"{hello.name} offers {', '.join(one for one in WORK if one in hello.can) or 'nothing'}",)
            self._listener(SetUpFact(facts[0]))
            troupe = Troupe(self._driver, self._mock, self._http, hello.can, self._ca)
            for result in self._results(troupe):
                finished[result.contract.id] = result
            self._check_called(troupe)
        except SetUpBroken as error:
            set_up = str(error)
        finally:
            self._driver.close()
        for one in (rule for rule in KRULES.values() if rule.id not in finished):
            finished[one.id] = Result(one, Outcome.SKIPPED, "the set-up broke down before it was tried")
            self._listener(ContractFinished(finished[one.id]))
        results = tuple(finished[name] for name in KRULES if name in finished)
        seconds = round(time.monotonic() - started, 3)
        report = replace(report, seconds=seconds, facts=facts, results=results, set_up=set_up)
        self._listener(RunFinished(report))
        return report

    def _hello(self) -> Hello:
        try:
            hello = self._driver.hello()
        except ClientError as error:
            raise SetUpBroken(
                f"the client {self._driver.target!r} answered hello with an error: {error.message}"
            ) from None
        if not hello.can.intersection(WORK):
            raise SetUpBroken(
                f"the client {hello.name} offers nothing that can be tried; it may offer {', '.join(WORK)}"
            )
        return hello

    def _results(self, troupe: Troupe) -> Iterator[Result]:
        """Rule by rule; those that every scene tries come last, when all scenes have been played."""
        played: set[str] = set()
        for rule in sorted(self._tried, key=lambda one: one in GENERAL):
            tried = self._tried[rule]
            self._listener(ContractStarted(tried.contract))
            for one in scenarios():
                if rule in one.rules and one.play.__name__ not in played:
                    played.add(one.play.__name__)
                    self._play(one, troupe)
            result = tried.result()
            self._listener(ContractFinished(result))
            yield result

    def _play(self, one: Scenario, troupe: Troupe) -> None:
        if missing := [name for name in one.needs if name not in troupe.can]:
            self._note_skipped(one.rules, f"the client does not offer {', '.join(missing)}")
            return
        for case in one.cases:
            # Of a rule that is broken another case says nothing new.
            if any(tried.finding is None for tried in self._of(_about(one, case))):
                self._play_case(one, case, troupe)

    def _play_case(self, one: Scenario, case: Any, troupe: Troupe) -> None:
        """Play one case in several worlds, until one shows that a rule of the scenario does not hold."""
        rules = _about(one, case)
        is_over = False

        @seeded(self._seed)
        @settings(
            max_examples=one.deep_examples if self._deep else one.examples,
            # To shrink costs time: that of the client, and the seconds that it has to wait.
            phases=(Phase.generate, Phase.shrink) if self._deep else (Phase.generate,),
            database=None,
            deadline=None,
            verbosity=Verbosity.quiet,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.data())
        def play(data: st.DataObject) -> None:
            nonlocal is_over
            if is_over:
                return
            scene = Scene(troupe, rules, case, data)
            is_over = not self._played(one, scene, rules)
            found = [finding.message for rule, finding in scene.broken.items() if rule in rules and rule in self._tried]
            # What is raised here is played again: worth it only where a shorter story is looked for.
            is_over = is_over or (bool(found) and not self._deep)
            if found and not is_over:
                raise ContractBroken(found[0])

        # What was found is noted by rule already. Clients may well behave in one way now and in another then.
        with suppress(ContractBroken, Flaky):
            try:
                play()
            except AssertionError as error:
                # Hypothesis trips over an interruption that comes before it has begun.
                if isinstance(error.__context__, KeyboardInterrupt):
                    raise error.__context__ from None
                raise
        if self._breakdowns >= _MOST_BREAKDOWNS:
            raise SetUpBroken(self._why)
        if self._scenes >= _MOST_BREAKDOWNS:
            self._check_called(troupe)

    def _check_called(self, troupe: Troupe) -> None:
        """A client that has not called the mock in several scenes has broken no rule: it is not connected to it."""
        if self._scenes and not troupe.calls:
            raise SetUpBroken(
                f"the client {self._driver.target!r} has not called the mock at all; it has to use the services whose "
                "addresses start gives it"
            )

    def _played(self, one: Scenario, scene: Scene, rules: Sequence[str]) -> bool:
        """Play one scene and note what it shows; False where nothing can be said because the client broke down."""
        started = time.monotonic()
        self._scenes += 1
        try:
            with scene:
                one.play(scene)
        except NotPossibleHere as error:
            self._note_skipped(rules, str(error))
            return True
        except SceneOver:
            """What the client hung over is noted as a finding."""
        except SetUpBroken as error:
            self._breakdowns += 1
            self._why = str(error)
            for tried in self._of(rules):
                tried.broken_down = tried.broken_down or f"{one.title}: {error}"
            return False
        self._breakdowns = 0
        seconds = time.monotonic() - started
        for tried in self._of((*rules, *GENERAL)):
            tried.examples += 1
            tried.calls += scene.made
            tried.seconds += seconds
            if finding := scene.broken.get(tried.contract.id):
                # The last is the shortest, where a deep run has looked for shorter ones.
                tried.finding = replace(finding, message=f"{one.title}: {finding.message}")
        return True

    def _of(self, rules: Sequence[str]) -> Iterator[_Tried]:
        return (self._tried[rule] for rule in dict.fromkeys(rules) if rule in self._tried)

    def _note_skipped(self, rules: Sequence[str], why: str) -> None:
        for tried in self._of(rules):
            tried.skipped.append(why)
