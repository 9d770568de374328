"""A clause: one contract of a server as one function, with its rule, its evidence and what it needs.

A clause takes a :class:`~ccmm_contracts.stage.Stage`, calls the server through it, draws what it needs from Hypothesis
through it, and says what is wrong with :meth:`Stage.check`. An observing clause reports with :meth:`Stage.observe`
what the server does where no paper says what it should, and never fails a server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from typing import TYPE_CHECKING

from .report import Contract

if TYPE_CHECKING:
    from .stage import Stage

ClauseFunction = Callable[["Stage"], None]

GROUPS = (
    "observed_limits",
    "observed_sessions",
    "observed_campaigns",
    "observed_contacts",
    "observed_faults",
    "session",
    "campaigns",
    "paging",
    "appending",
    "closing",
    "finding",
    "machine",
    "envelope",
)
"""The modules of :mod:`ccmm_contracts.clauses`, in the order they are tried: what is observed helps the others."""


class Need(Enum):
    """What a clause needs of its target."""

    WRITE = "write"
    """Leave to append and close contacts in a campaign."""
    SECOND_USER = "second user"
    """Another name and password that may log in."""
    CLOCK = "clock"
    """A clock that the kit may move: only mocks have one."""
    SEED = "seed"
    """A center that the kit may fill as it likes: only mocks have one."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A contract of a server, with the function that tries it; ``choices`` are those of a profile it may observe."""

    contract: Contract
    function: ClauseFunction
    needs: frozenset[Need]
    choices: tuple[str, ...] = ()

    @property
    def observes(self) -> bool:
        """Whether it only reports what the server does."""
        return self.contract.severity == "observes"


_clauses: dict[str, Clause] = {}


def clause(
    contract_id: str, sentence: str, *, evidence: str, source: str, needs: tuple[Need, ...] = ()
) -> Callable[[ClauseFunction], ClauseFunction]:
    """Make a function the clause ``contract_id``: a rule's id, with ``.word`` behind it where a rule has several."""
    return _registered(contract_id, sentence, evidence, source, needs, "must", ())


def observation(
    contract_id: str, sentence: str, *, source: str, choices: tuple[str, ...] = (), needs: tuple[Need, ...] = ()
) -> Callable[[ClauseFunction], ClauseFunction]:
    """Make a function an observing clause: evidence A, reports what is seen of these choices, never fails."""
    return _registered(contract_id, sentence, "A", source, needs, "observes", choices)


def clauses() -> Iterator[Clause]:
    """Every clause, in the order they are tried: group by group, as they stand in their modules."""
    for group in GROUPS:
        import_module(f"ccmm_contracts.clauses.{group}")
    yield from sorted(_clauses.values(), key=lambda one: GROUPS.index(one.contract.group))


def _registered(
    contract_id: str,
    sentence: str,
    evidence: str,
    source: str,
    needs: tuple[Need, ...],
    severity: str,
    choices: tuple[str, ...],
) -> Callable[[ClauseFunction], ClauseFunction]:
    def register(function: ClauseFunction) -> ClauseFunction:
        if contract_id in _clauses:
            raise ValueError(f"there are two clauses {contract_id}")
        group = function.__module__.rpartition(".")[2]
        contract = Contract(
            contract_id,
            contract_id.partition(".")[0],
            sentence,
            evidence,
            source,
            severity,
            tuple(one.value for one in Need if one in needs),
            group,
        )
        _clauses[contract_id] = Clause(contract, function, frozenset(needs), choices)
        return function

    return register
