"""A run as people follow it in a terminal or a build's log: its progress, and at the end everything there is to know.

The kit's own words are plain ASCII; what servers sent is shown escaped where a terminal would act on it or could not
show it.
"""

from __future__ import annotations

import os
import shutil
import textwrap
from collections.abc import Iterator
from typing import TextIO

from ..report import ExitCode, Observation, Outcome, Report, Result
from . import summary
from .characters import first_line, lines, visible
from .events import ContractFinished, ContractStarted, Event, RunFinished, RunStarted

_BOLD, _DIM, _ALARM = "1", "2", "1;37;41"
_COLOURS = {
    Outcome.HOLDS: "32",
    Outcome.BROKEN: "1;31",
    Outcome.STALE: "1;31",
    Outcome.SETUP: "1;31",
    Outcome.OBSERVED: "36",
    Outcome.KNOWN: "33",
    Outcome.SKIPPED: "2",
}
_LONG_STORY = 40
_WIDE = 100
"""How wide the banner of a broken set-up is at most, in characters."""


class Console:
    """A listener that tells a run to people.

    On a terminal one line shows what is being tried; elsewhere there is a line for each contract that does not simply
    hold, and no control character. ``colour`` None: on a terminal, unless NO_COLOR is set. ``verbose`` shows whole
    stories, curl lines and the choices of a profile that were observed.
    """

    def __init__(self, stream: TextIO, *, colour: bool | None = None, verbose: bool = False) -> None:
        self._stream = stream
        self._encoding = getattr(stream, "encoding", None) or "utf-8"
        self._is_live = stream.isatty() and os.environ.get("TERM") != "dumb"
        self._has_colour = _wants_colour(self._is_live) if colour is None else colour
        self._verbose = verbose
        self._total = 0
        self._finished = 0
        self._findings = 0
        self._progress = ""
        self._has_begun = False

    def __call__(self, event: Event) -> None:
        """Show what there is to show of an event."""
        if isinstance(event, RunStarted):
            self._total = len(event.contracts)
            self._begin(event.kind, event.target, event.version, event.seed)
        elif isinstance(event, ContractStarted):
            self._show_progress(event)
        elif isinstance(event, ContractFinished):
            self._count(event.result)
        elif isinstance(event, RunFinished):
            self._end(event.report)
        self._stream.flush()

    def _begin(self, kind: str, target: str, version: str, seed: int) -> None:
        self._has_begun = True
        subject = summary.SUBJECTS.get(kind, kind)
        self._line(self._painted(f"{visible(subject)} {visible(target)}", _BOLD))
        self._line(f"ccmm-contracts {visible(version)}, seed {seed}" if version else f"seed {seed}")

    def _show_progress(self, event: ContractStarted) -> None:
        if not self._is_live:
            return
        found = f" {summary.several(self._findings, 'finding')}," if self._findings else ""
        number = f"{self._finished + 1}/{self._total}" if self._total else f"{self._finished + 1}"
        text = f"[{number}]{found} {visible(event.contract.id)} {visible(event.contract.sentence)} ... "
        text = self._showable(text)[: _width() - 1]
        # Blanks over the rest of the old line: every terminal knows them, unlike a code that clears it.
        self._stream.write("\r" + text.ljust(len(self._progress)))
        self._progress = text

    def _count(self, result: Result) -> None:
        self._finished += 1
        self._findings += result.outcome in summary.FINDINGS
        if self._is_live or result.outcome is Outcome.HOLDS:
            return
        number = f"[{self._finished}/{self._total}]" if self._total else f"[{self._finished}]"
        told = f"{number} {visible(result.contract.id)} {self._outcome(result.outcome)}"
        about = first_line(_about(result))
        self._line(f"{told}: {about}" if about else told)

    def _end(self, report: Report) -> None:
        if not self._has_begun:
            self._begin(report.kind, report.target, report.version, report.seed)
        for title, told in (
            ("Rules", self._rules(report)),
            ("Findings", self._all_findings(report)),
            ("Observations", self._observations(report)),
            ("Skipped", self._reasons(report, Outcome.SKIPPED)),
            ("Known deviations", self._reasons(report, Outcome.KNOWN)),
            ("Facts", _indented(report.facts)),
            ("Left behind", _indented(report.left_behind)),
        ):
            self._section(title, told)
        self._alarm(report)
        colour = _COLOURS[Outcome.HOLDS if report.exit_code is ExitCode.HOLDS else Outcome.BROKEN]
        self._line()
        self._line(self._painted(f"{summary.totals(report)}; {summary.exit_meaning(report)}", colour))

    def _section(self, title: str, told: Iterator[str]) -> None:
        found = list(told)
        if found:
            self._line()
            self._line(self._painted(title, _BOLD))
            for one in found:
                self._line(one)

    def _rules(self, report: Report) -> Iterator[str]:
        rules = summary.rules(report)
        ids = max((len(visible(one.id)) for one in rules), default=0)
        words = max((len(summary.outcome_words(one.outcomes)) for one in rules), default=0)
        for one in rules:
            told = summary.outcome_words(one.outcomes)
            outcomes = self._painted(told, _COLOURS[one.outcomes[0][0]]) + " " * (words - len(told))
            sentence = visible(f"{one.sentence} ({', '.join(one.evidence)})" if one.evidence else one.sentence)
            indent = 2 + ids + 2 + words + 2
            yield f"  {visible(one.id):<{ids}}  {outcomes}  {self._wrapped(sentence, indent)}"

    def _wrapped(self, text: str, indent: int) -> str:
        """``text`` in lines that fit the terminal, where there is one that leaves room beside the indent."""
        room = _width() - 1 - indent
        if not self._is_live or room < 30:
            return text
        return f"\n{' ' * indent}".join(textwrap.wrap(text, room, break_on_hyphens=False) or [""])

    def _all_findings(self, report: Report) -> Iterator[str]:
        for result in summary.findings(report):
            contract = result.contract
            head = f"{visible(contract.id)} {self._outcome(result.outcome)}"
            yield f"  {head}: {visible(contract.sentence)}" if contract.sentence else f"  {head}"
            yield from (f"    {one}" for one in lines(summary.message(result)))
            if not result.finding:
                continue
            yield from (f"      {one}" for one in self._story(result.finding.story))
            if command := summary.replay_command(result.finding):
                yield f"    see it again: {self._painted(visible(command), _BOLD)}"
            if self._verbose:
                # Not indented, and line feeds kept: these are to be copied into a shell.
                yield from (visible(one, keep="\n\t") for one in result.finding.curl)

    def _story(self, story: tuple[str, ...]) -> list[str]:
        steps = [f"{number:>{len(str(len(story)))}}. {visible(one)}" for number, one in enumerate(story, 1)]
        if self._verbose or len(steps) <= _LONG_STORY:
            return steps
        half = _LONG_STORY // 2
        left_out = f"... {len(steps) - 2 * half} more steps: the other reports have them, and so has verbose output"
        return [*steps[:half], left_out, *steps[-half:]]

    def _observations(self, report: Report) -> Iterator[str]:
        seen = [(result, each) for result in report.results for each in result.observations]
        ids = max((len(visible(result.contract.id)) for result, _ in seen), default=0)
        for result, observation in seen:
            first, *rest = lines(observation.text)
            yield f"  {visible(result.contract.id):<{ids}}  {first}"
            yield from (f"  {'':<{ids}}  {one}" for one in [*rest, *self._choices(observation)])

    def _choices(self, observation: Observation) -> Iterator[str]:
        if self._verbose:
            for name, value in observation.choices.items():
                yield self._painted(visible(f"{name} = {summary.shown_value(value)}"), _DIM)

    def _reasons(self, report: Report, outcome: Outcome) -> Iterator[str]:
        for reason, results in summary.by_reason(report, outcome).items():
            yield f"  {', '.join(visible(one.contract.id) for one in results)}: {' / '.join(lines(reason))}"

    def _alarm(self, report: Report) -> None:
        if report.exit_code is not ExitCode.SETUP_BROKEN:
            return
        told = lines(report.set_up) if report.set_up else ["See the findings: a contract could not be tried."]
        rule = "!" * min(_width() - 1, _WIDE)
        self._line()
        for one in (rule, "THE SET-UP IS BROKEN: this run proves nothing.", *told, rule):
            self._line(self._painted(one, _ALARM))

    def _outcome(self, outcome: Outcome) -> str:
        return self._painted(outcome.value, _COLOURS[outcome])

    def _painted(self, text: str, colour: str) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._has_colour else text

    def _line(self, text: str = "") -> None:
        if self._progress:
            self._stream.write("\r" + " " * len(self._progress) + "\r")
            self._progress = ""
        self._stream.write(self._showable(text) + "\n")

    def _showable(self, text: str) -> str:
        """``text`` with what the stream's encoding lacks written as escapes."""
        return text.encode(self._encoding, "backslashreplace").decode(self._encoding)


def _about(result: Result) -> str:
    """What there is to say of a result in a line."""
    if result.outcome in summary.FINDINGS:
        return summary.message(result)
    return result.reason or "; ".join(one.text for one in result.observations)


def _indented(texts: tuple[str, ...]) -> Iterator[str]:
    for one in texts:
        first, *rest = lines(one)
        yield f"  {first}"
        yield from (f"    {each}" for each in rest)


def _width() -> int:
    return shutil.get_terminal_size().columns


def _wants_colour(is_terminal: bool) -> bool:
    """Whether to paint where nobody said: NO_COLOR as no-color.org has it; old Windows consoles would show codes."""
    is_old_windows = os.name == "nt" and not ({"WT_SESSION", "ANSICON", "TERM"} & os.environ.keys())
    return is_terminal and not os.environ.get("NO_COLOR") and not is_old_windows
