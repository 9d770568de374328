"""What a runner tells while it runs, and the form of it that programs read: one JSON object a line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol, TextIO

from ..plain import plain
from ..report import Contract, Report, Result


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run begins. ``kind``, ``started`` and the rest are those of the report to come.

    ``contracts`` are all that will be tried or skipped, in order.
    """

    kind: str
    target: str
    version: str
    seed: int
    started: str
    contracts: tuple[Contract, ...]


@dataclass(frozen=True, slots=True)
class SetUpFact:
    """Something to know of the target has been found out."""

    text: str


@dataclass(frozen=True, slots=True)
class ContractStarted:
    """A contract is being tried from now on."""

    contract: Contract


@dataclass(frozen=True, slots=True)
class ContractFinished:
    """What became of a contract; one that is skipped need not have been started."""

    result: Result


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """Something that the run could not take away again is still on the server."""

    text: str


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The run is over; ``report`` holds everything, so that a listener may do without the events before it."""

    report: Report


Event = RunStarted | SetUpFact | ContractStarted | ContractFinished | LeftBehind | RunFinished

_NAMES: dict[type, str] = {
    RunStarted: "run-started",
    SetUpFact: "set-up-fact",
    ContractStarted: "contract-started",
    ContractFinished: "contract-finished",
    LeftBehind: "left-behind",
    RunFinished: "run-finished",
}


class Listener(Protocol):
    """Whoever wants to know how a run goes."""

    def __call__(self, event: Event) -> None:
        """Take one event; called in the order in which things happen, from one thread."""


class JsonLines:
    """A listener that writes each event as one line of JSON: ``{"event": "contract-finished", "result": {...}}``.

    The lines are plain ASCII, whatever the texts hold, and each is flushed, so that another program can follow.
    ``run-finished`` holds the whole report and the ``exit_code`` that goes with it.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __call__(self, event: Event) -> None:
        """Write the event's line."""
        data: dict[str, Any] = {"event": _NAMES[type(event)], **plain(event)}
        if isinstance(event, RunFinished):
            data["exit_code"] = event.report.exit_code.value
        self._stream.write(json.dumps(data, default=_as_json) + "\n")
        self._stream.flush()


def _as_json(value: Any) -> Any:
    """What JSON has no form for: an outcome by its value, a set in order, anything else as text."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (set, frozenset)):
        return sorted(map(str, value))
    return str(value)
