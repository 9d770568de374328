"""What a run found, as plain data: what every report, console to JUnit, is made from.

The same for servers, clients, judged journals and differences: a list of contracts, each with its outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class Outcome(Enum):
    """What became of one contract."""

    HOLDS = "holds"
    BROKEN = "broken"
    OBSERVED = "observed"
    SKIPPED = "skipped"
    KNOWN = "known"
    """Broken, and the baseline file says so with a reason."""
    STALE = "stale"
    """The baseline file says it is broken, but it holds."""
    SETUP = "set-up broken"


class ExitCode(Enum):
    """How a command ends."""

    HOLDS = 0
    FINDINGS = 1
    SETUP_BROKEN = 2


@dataclass(frozen=True, slots=True)
class Contract:
    """What is known of a contract before it is tried.

    ``id`` names this one function (``A4`` or ``A4.how``), ``rule`` the rule it belongs to (``A4``, ``K3``).
    ``evidence`` holds letters: D the vendor's overview says so, W the WSDL says so, O seen in a real client or log,
    A assumed; ``source`` says where. ``severity`` is ``must`` or, for what only observes, ``observes``. ``needs`` has
    words of :class:`ccmm_contracts.clause.Need`.
    """

    id: str
    rule: str
    sentence: str
    evidence: str
    source: str
    severity: str = "must"
    needs: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class ShownExchange:
    """An exchange as a report shows it: secrets masked, ``told`` in the domain's words."""

    number: int
    told: str
    request: str
    response: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A contract that does not hold: what is wrong, the shortest story that shows it, and how to see it again.

    ``story`` has a line a step, ``curl`` the lines that show it without the kit, ``replay_file`` the file that
    ``ccmm-contracts replay`` takes.
    """

    message: str
    story: tuple[str, ...] = ()
    exchanges: tuple[ShownExchange, ...] = ()
    curl: tuple[str, ...] = ()
    replay_file: str | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """What a server was seen to do where no paper says what it should; ``choices`` are those of a profile."""

    text: str
    choices: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one contract. ``reason`` says why it was skipped, is known, or could not be tried."""

    contract: Contract
    outcome: Outcome
    reason: str = ""
    finding: Finding | None = None
    observations: tuple[Observation, ...] = ()
    examples: int = 0
    calls: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """A whole run. ``kind`` is ``server``, ``client``, ``judge`` or ``diff``; ``started`` is ISO 8601 in UTC.

    ``facts`` are things to know of the target, a line each: what it is, where its WSDL differs. ``set_up`` says what is
    broken in the set-up, ``left_behind`` what the run left on the server.
    """

    kind: str
    target: str
    started: str
    seconds: float = 0.0
    seed: int = 0
    facts: tuple[str, ...] = ()
    results: tuple[Result, ...] = ()
    set_up: str = ""
    left_behind: tuple[str, ...] = ()
    version: str = ""

    @property
    def exit_code(self) -> ExitCode:
        """2 where the set-up is broken, 1 where there is a finding or a stale deviation, else 0."""
        outcomes = {one.outcome for one in self.results}
        if self.set_up or Outcome.SETUP in outcomes:
            return ExitCode.SETUP_BROKEN
        if outcomes & {Outcome.BROKEN, Outcome.STALE}:
            return ExitCode.FINDINGS
        return ExitCode.HOLDS

    def count(self, outcome: Outcome) -> int:
        """How many contracts ended so."""
        return sum(one.outcome is outcome for one in self.results)
