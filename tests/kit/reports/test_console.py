"""A run as people follow it in a terminal or a build's log."""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import replace

import pytest
from ccmm_contracts.report import Contract, Outcome, Report, Result
from ccmm_contracts.reports import Console
from ccmm_contracts.reports.events import ContractFinished, ContractStarted, Event, RunFinished, RunStarted

from ...rules import RULES
from . import samples


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _a_usual_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")


def _run(report: Report) -> list[Event]:
    contracts = tuple(one.contract for one in report.results)
    events: list[Event] = [
        RunStarted(report.kind, report.target, report.version, report.seed, report.started, contracts)
    ]
    for one in report.results:
        if one.outcome is not Outcome.SKIPPED:
            events.append(ContractStarted(one.contract))
        events.append(ContractFinished(one))
    return [*events, RunFinished(report)]


def _told(report: Report, *, colour: bool | None = None, verbose: bool = False) -> str:
    stream = io.StringIO()
    console = Console(stream, colour=colour, verbose=verbose)
    for one in _run(report):
        console(one)
    return stream.getvalue()


def _section(told: str, title: str) -> list[str]:
    """The lines below a title, up to the next empty one."""
    after = told.split(f"\n{title}\n", 1)[1]
    return after.split("\n\n", 1)[0].splitlines()


def _on_screen(written: str) -> list[str]:
    """The lines as a terminal shows them: a carriage return starts over, what is written covers what was there."""
    shown = []
    for line in re.sub(r"\x1b\[[\d;]*m", "", written).split("\n"):
        cells = ""
        for part in line.split("\r"):
            cells = part + cells[len(part) :]
        shown.append(cells.rstrip())
    return shown


def test_the_last_line_has_the_counts_and_what_the_exit_code_means() -> None:
    assert _told(samples.usual_report()).splitlines()[-1] == (
        "49 contracts: 38 hold, 2 broken, 1 stale, 4 observed, 1 known, 3 skipped in 12.3 s; "
        "exit code 1: something does not hold"
    )


def test_a_log_gets_a_line_for_each_contract_that_does_not_simply_hold() -> None:
    told = _told(samples.usual_report()).split("\nRules\n")[0].splitlines()
    assert told[:2] == [f"Server {samples.TARGET}", "ccmm-contracts 0.4.0, seed 4242"]
    assert told[2] == f"[38/49] A4.refused broken: {samples.FINDING.message}"
    assert "[46/49] P5.controls known: ticket CC-77" in told[-4]
    assert told[-2:] == [
        "[48/49] S6.other skipped: needs a second user: --second-user",
        "[49/49] S8 skipped: needs a clock that can be moved: only mocks have one",
    ]
    assert len(told) == 2 + 49 - 38


def test_a_log_holds_no_control_character() -> None:
    assert not re.search(r"[^\n\x20-\x7e]", _told(samples.usual_report()))


def test_a_terminal_shows_one_line_of_what_is_being_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    stream = _Terminal()
    console = Console(stream, colour=False)
    long = samples.contract("A4.refused", "An append within a second of the last is refused")
    console(RunStarted("server", "there", "", 1, samples.STARTED, (long, samples.contract("X1", "Short"))))
    console(ContractStarted(long))
    assert _on_screen(stream.getvalue())[-1] == "[1/2] A4.refused An append within a sec"
    console(ContractFinished(Result(long, Outcome.BROKEN)))
    console(ContractStarted(samples.contract("X1", "Short")))
    assert _on_screen(stream.getvalue())[-1] == "[2/2] 1 finding, X1 Short ..."
    assert stream.getvalue().count("\n") == 2


def test_the_line_of_progress_is_gone_at_the_end() -> None:
    stream = _Terminal()
    console = Console(stream)
    for one in _run(samples.usual_report()):
        console(one)
    assert not any("..." in one for one in _on_screen(stream.getvalue()))
    assert _on_screen(stream.getvalue())[2:4] == ["", "Rules"]


def test_a_rule_is_a_line() -> None:
    lines = _section(_told(samples.usual_report()), "Rules")
    assert len(lines) == len(RULES)
    (line,) = (one for one in lines if one.startswith("  A4 "))
    assert re.fullmatch(r"  A4  1 broken, 1 holds, 1 observed +An append within .* is refused \(D, W, A\)", line)


def test_a_rule_is_wrapped_where_the_terminal_is_narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    stream = _Terminal()
    Console(stream, colour=False)(RunFinished(samples.usual_report()))
    lines = _section(stream.getvalue(), "Rules")
    assert len(lines) > len(RULES)
    assert max(map(len, lines)) < 80


def test_a_finding_tells_message_story_and_replay_and_curl_only_when_verbose() -> None:
    lines = _section(_told(samples.usual_report()), "Findings")
    assert lines[:4] == [
        "  A4.refused broken: An append within a second of the last is refused",
        f"    {samples.FINDING.message}",
        f"      1. {samples.FINDING.story[0]}",
        f"      2. {samples.FINDING.story[1]}",
    ]
    assert "    see it again: ccmm-contracts replay ccmm-contracts/replay/A4.refused.json" in lines
    assert not any("curl" in one for one in lines)
    verbose = _section(_told(samples.usual_report(), verbose=True), "Findings")
    assert set(samples.FINDING.curl) <= set(verbose)


def test_a_long_story_is_shortened_unless_verbose() -> None:
    report = replace(samples.long_report(), results=samples.long_report().results[25:26])
    assert report.results[0].outcome is Outcome.BROKEN
    assert "... 361 more steps" in _told(report)
    assert "more steps" not in _told(report, verbose=True)
    assert "      401. ann: AppendContactsToCampaign(campaign 101, contact 400) -> 1" in _told(report)


def test_the_rest_comes_in_its_sections() -> None:
    told = _told(samples.usual_report())
    assert _section(told, "Observations")[1:3] == [
        "  A4.how      a second user is not held up by the first",
        "  X5.how      too fast: -1 is returned",
    ]
    assert _section(told, "Skipped") == [
        "  S4, S6.other: needs a second user: --second-user",
        "  S8: needs a clock that can be moved: only mocks have one",
    ]
    assert _section(told, "Known deviations")[0].startswith("  P5.controls: ticket CC-77")
    assert len(_section(told, "Facts")) == 2
    assert _section(told, "Left behind")[0].startswith("  contacts 812, 813 and 814")


def test_observed_choices_are_shown_when_verbose() -> None:
    assert _section(_told(samples.usual_report(), verbose=True), "Observations")[4:6] == [
        "  A4.how      a second user is not held up by the first",
        '              limit_scope = "session"',
    ]


def test_a_broken_set_up_cannot_be_overlooked() -> None:
    lines = _told(samples.set_up_report()).splitlines()
    assert lines[-7:-1] == [
        "!" * 99,
        "THE SET-UP IS BROKEN: this run proves nothing.",
        "no answer from ccmm.example.com within 10.0 s: is the URL right?",
        "Try it with curl first.",
        "!" * 99,
        "",
    ]
    assert lines[-1] == "0 contracts in 10.0 s; exit code 2: the set-up is broken"


def test_a_contract_whose_set_up_is_broken_counts_as_a_broken_set_up() -> None:
    result = Result(samples.contract("S1"), Outcome.SETUP, "the log-in of ann was refused")
    told = _told(Report("server", samples.TARGET, samples.STARTED, results=(result,)))
    assert "THE SET-UP IS BROKEN" in told
    assert _section(told, "Findings")[1] == "    the log-in of ann was refused"


def test_an_empty_report_is_a_few_lines() -> None:
    assert _told(samples.empty_report()).splitlines() == [
        f"Server {samples.TARGET}",
        "ccmm-contracts 0.4.0, seed 0",
        "",
        "0 contracts in 0.0 s; exit code 0: nothing is broken",
    ]


@pytest.mark.parametrize("text", [*samples.HOSTILE, "".join(samples.HOSTILE)])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252", "utf-16"])
def test_no_stream_is_too_poor_for_any_text(encoding: str, text: str) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    console = Console(stream, verbose=True)
    for one in _run(samples.hostile_report(text)):
        console(one)
    told = raw.getvalue().decode(encoding)
    controls = {one for one in told if unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp")} - {"\ufeff"}
    assert controls <= {"\n", "\t"}


@pytest.mark.parametrize("text", samples.HOSTILE)
def test_no_text_gives_a_terminal_orders(text: str) -> None:
    stream = _Terminal()
    console = Console(stream, verbose=True)
    for one in _run(samples.hostile_report(text)):
        console(one)
    own = re.sub(r"\x1b\[(?:0|1|2|3[0-7]|1;31|1;37;41)m", "", stream.getvalue())
    assert {one for one in own if unicodedata.category(one) == "Cc"} <= {"\n", "\r", "\t"}


@pytest.mark.parametrize(
    ("variables", "is_terminal", "colour", "painted"),
    [
        ({}, True, None, True),
        ({"NO_COLOR": "1"}, True, None, False),
        ({"NO_COLOR": ""}, True, None, True),
        ({"TERM": "dumb"}, True, None, False),
        ({}, False, None, False),
        ({}, False, True, True),
        ({"NO_COLOR": "1"}, False, True, True),
        ({}, True, False, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(
    variables: dict[str, str], is_terminal: bool, colour: bool | None, painted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    stream = _Terminal() if is_terminal else io.StringIO()
    Console(stream, colour=colour)(RunFinished(samples.usual_report()))
    assert ("\x1b[" in stream.getvalue()) is painted


def test_a_dumb_terminal_gets_lines_as_a_log_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "dumb")
    stream = _Terminal()
    console = Console(stream)
    for one in _run(samples.usual_report()):
        console(one)
    assert "\r" not in stream.getvalue()
    assert "[38/49] A4.refused broken" in stream.getvalue()


def test_a_run_that_does_not_know_its_contracts_beforehand_counts_them() -> None:
    stream = _Terminal()
    console = Console(stream, colour=False)
    one = Contract("K1", "K1", "Paging starts with 0", "D", "")
    console(RunStarted("judge", "a journal", "", 0, samples.STARTED, ()))
    console(ContractStarted(one))
    assert _on_screen(stream.getvalue()) == ["Judged journal a journal", "seed 0", "[1] K1 Paging starts with 0 ..."]
