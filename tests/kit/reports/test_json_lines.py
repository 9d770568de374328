"""Each event is one line of JSON."""

from __future__ import annotations

import io
import json
from decimal import Decimal
from typing import Any

import pytest
from ccmm_contracts.report import Observation, Outcome, Report, Result
from ccmm_contracts.reports import JsonLines
from ccmm_contracts.reports.events import (
    ContractFinished,
    ContractStarted,
    Event,
    LeftBehind,
    RunFinished,
    RunStarted,
    SetUpFact,
)

from . import samples


def _written(*events: Event) -> list[dict[str, Any]]:
    stream = io.StringIO()
    listener = JsonLines(stream)
    for one in events:
        listener(one)
    return [json.loads(one) for one in stream.getvalue().splitlines()]


def test_every_kind_of_event_has_its_line() -> None:
    one = samples.contract("A4.how", "How it is answered", evidence="A", severity="observes")
    result = Result(one, Outcome.OBSERVED, observations=(Observation("fault 2899", {"limit_answer": "fault"}),))
    started, fact, begun, finished, left, over = _written(
        RunStarted("server", samples.TARGET, "0.4.0", 7, samples.STARTED, (one,)),
        SetUpFact("it is a mock"),
        ContractStarted(one),
        ContractFinished(result),
        LeftBehind("contact 7"),
        RunFinished(Report("server", samples.TARGET, samples.STARTED, results=(result,))),
    )
    assert started["event"] == "run-started"
    assert started["seed"] == 7
    assert [each["id"] for each in started["contracts"]] == ["A4.how"]
    assert fact == {"event": "set-up-fact", "text": "it is a mock"}
    assert begun["event"] == "contract-started"
    assert begun["contract"]["rule"] == "A4"
    assert finished["event"] == "contract-finished"
    assert finished["result"]["outcome"] == "observed"
    assert finished["result"]["observations"] == [{"text": "fault 2899", "choices": {"limit_answer": "fault"}}]
    assert left == {"event": "left-behind", "text": "contact 7"}
    assert over["event"] == "run-finished"
    assert over["exit_code"] == 0
    assert over["report"]["results"] == [finished["result"]]


@pytest.mark.parametrize("text", samples.HOSTILE)
def test_any_text_stays_on_its_line_and_comes_back(text: str) -> None:
    (line,) = _written(RunFinished(samples.hostile_report(text)))
    assert line["report"]["results"][0]["finding"]["message"] == text


def test_the_lines_are_ascii() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    JsonLines(stream)(RunFinished(samples.hostile_report("顧客 \ud800")))
    stream.detach()


def test_choices_of_any_kind_can_be_written() -> None:
    choices = {"limit_seconds": Decimal("0.5"), "names": frozenset({"b", "a"}), "outcome": Outcome.HOLDS}
    result = Result(samples.contract("A4.how"), Outcome.OBSERVED, observations=(Observation("seen", choices),))
    (line,) = _written(ContractFinished(result))
    seen = line["result"]["observations"][0]["choices"]
    assert seen == {"limit_seconds": "0.5", "names": ["a", "b"], "outcome": "holds"}


def test_each_line_is_flushed_so_that_others_can_follow() -> None:
    raw = io.BytesIO()
    listener = JsonLines(io.TextIOWrapper(raw, encoding="utf-8", write_through=False))
    listener(SetUpFact("it is a mock"))
    assert raw.getvalue().endswith(b"}\n")
