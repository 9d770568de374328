"""What every form of a report says in the same words: counts, verdict, rules, reasons and settings."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from typing import Any

from ..plain import plain
from ..report import Contract, ExitCode, Finding, Outcome, Report, Result

EVIDENCE = {
    "D": "the vendor's overview says so",
    "W": "the WSDL says so",
    "O": "seen in a real client or log",
    "A": "assumed: no paper says so",
}
"""What the letters mean, in order of weight."""

SUBJECTS = {"server": "Server", "client": "Client", "judge": "Judged journal", "diff": "Difference"}
"""What a run of each kind looked at."""

PLURALS = {Outcome.HOLDS: "hold"}
"""The words for several contracts, where they are not those for one."""

FINDINGS = (Outcome.BROKEN, Outcome.STALE, Outcome.SETUP)
"""The outcomes that somebody has to do something about."""

ORDER = (*FINDINGS, Outcome.HOLDS, Outcome.OBSERVED, Outcome.KNOWN, Outcome.SKIPPED)
"""The outcomes, with what matters most first."""

MEANINGS = {
    ExitCode.HOLDS: "nothing is broken",
    ExitCode.FINDINGS: "something does not hold",
    ExitCode.SETUP_BROKEN: "the set-up is broken",
}
"""What the exit codes mean."""

_RULE_ID = re.compile(r"([A-Za-z]+)([0-9]{1,6})")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule with the results of its contracts. ``evidence`` has the letters of all of them, by weight."""

    id: str
    group: str
    sentence: str
    evidence: str
    results: tuple[Result, ...]

    @property
    def outcomes(self) -> tuple[tuple[Outcome, int], ...]:
        """How often each outcome came, with what matters most first."""
        counts = ((one, sum(each.outcome is one for each in self.results)) for one in ORDER)
        return tuple((one, count) for one, count in counts if count)


def rules(report: Report) -> tuple[Rule, ...]:
    """The rules of a report: letter by letter, as they were tried, and by number.

    What only observes counts last, in whatever order it was tried: it says less of a rule than what the rule asks.
    """
    by_rule: dict[str, list[Result]] = {}
    for one in sorted(report.results, key=lambda result: result.contract.severity == "observes"):
        by_rule.setdefault(one.contract.rule or one.contract.id, []).append(one)
    letters = list(dict.fromkeys(_parts(rule_id)[0] for rule_id in by_rule))
    ids = sorted(by_rule, key=lambda rule_id: (letters.index(_parts(rule_id)[0]), _parts(rule_id)[1]))
    return tuple(_rule(rule_id, tuple(by_rule[rule_id])) for rule_id in ids)


def group_of(contract: Contract) -> str:
    """The group of a contract; where it has none, the letters that its rule begins with."""
    rule = contract.rule or contract.id
    return contract.group or rule.rstrip("0123456789") or rule or "contracts"


def findings(report: Report) -> tuple[Result, ...]:
    """What somebody has to do something about, broken contracts first."""
    return tuple(one for outcome in FINDINGS for one in report.results if one.outcome is outcome)


def message(result: Result) -> str:
    """What is wrong, of a result that is a finding or a known deviation."""
    if result.outcome is Outcome.STALE:
        reason = f' The reason it gives: "{result.reason}".' if result.reason else ""
        return f"The baseline says that this is broken, but it holds: take it out of the baseline.{reason}"
    if result.finding and result.finding.message:
        return result.finding.message
    return result.reason or "It does not hold."


def replay_command(finding: Finding) -> str:
    """The command that shows a finding again; empty where no file was kept."""
    return f"ccmm-contracts replay {shlex.quote(finding.replay_file)}" if finding.replay_file else ""


def by_reason(report: Report, outcome: Outcome) -> dict[str, list[Result]]:
    """The results of an outcome by their reason, in order of coming."""
    reasons: dict[str, list[Result]] = {}
    for one in report.results:
        if one.outcome is outcome:
            reasons.setdefault(one.reason or "no reason was given", []).append(one)
    return reasons


def outcome_words(outcomes: tuple[tuple[Outcome, int], ...]) -> str:
    """``holds`` for a single result, ``2 hold, 1 broken`` for several."""
    if len(outcomes) == 1 and outcomes[0][1] == 1:
        return outcomes[0][0].value
    return ", ".join(counted(one, count) for one, count in outcomes)


def counted(outcome: Outcome, count: int) -> str:
    """``1 holds``, ``41 hold``, ``2 broken``."""
    return f"{count} {outcome.value if count == 1 else PLURALS.get(outcome, outcome.value)}"


def counts(report: Report) -> tuple[tuple[Outcome, int], ...]:
    """How many contracts ended in which way, those that hold first; only what there is."""
    order = (Outcome.HOLDS, *(one for one in ORDER if one is not Outcome.HOLDS))
    return tuple((one, report.count(one)) for one in order if report.count(one))


def totals(report: Report) -> str:
    """``58 contracts: 41 hold, 2 broken, 9 observed, 6 skipped in 12.3 s``."""
    told = ", ".join(counted(one, count) for one, count in counts(report))
    return f"{several(len(report.results), 'contract')}{': ' if told else ''}{told} in {duration(report.seconds)}"


def verdict(report: Report) -> str:
    """What came out, in one sentence."""
    broken, stale = report.count(Outcome.BROKEN), report.count(Outcome.STALE)
    told = []
    if report.exit_code is ExitCode.SETUP_BROKEN:
        told.append("the set-up is broken, so this run proves nothing")
    if broken:
        told.append(f"{several(broken, 'contract')} {'does' if broken == 1 else 'do'} not hold")
    if stale:
        told.append(f"{several(stale, 'known deviation')} {'is' if stale == 1 else 'are'} no longer there")
    if not told:
        told.append(_nothing_broken(report))
    sentence = "; ".join(told)
    return sentence[0].upper() + sentence[1:] + "."


def exit_meaning(report: Report) -> str:
    """``exit code 1: something does not hold``."""
    return f"exit code {report.exit_code.value}: {MEANINGS[report.exit_code]}"


def settings(report: Report) -> dict[str, list[tuple[str, Result]]]:
    """The choices of a profile that were observed: by name, each value that was seen, with what saw it first."""
    seen: dict[str, list[tuple[str, Result]]] = {}
    for result in report.results:
        for observation in result.observations:
            for name, value in observation.choices.items():
                values = seen.setdefault(str(name), [])
                text = shown_value(value)
                if all(one != text for one, _ in values):
                    values.append((text, result))
    return seen


def shown_value(value: Any) -> str:
    """A value of a choice as people read it."""
    return json.dumps(plain(value), ensure_ascii=False, default=str)


def several(count: int, thing: str) -> str:
    """``1 contract``, ``2 contracts``."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def duration(seconds: float) -> str:
    """``12.3 s``, ``3 min 20 s``."""
    if seconds < 100:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s"


def _parts(rule_id: str) -> tuple[str, int]:
    """``K10`` as letters and number; an id of another form is all letters."""
    found = _RULE_ID.fullmatch(rule_id)
    return (found[1], int(found[2])) if found else (rule_id, 0)


def _rule(rule_id: str, results: tuple[Result, ...]) -> Rule:
    contracts = [one.contract for one in results]
    main = next((one for one in contracts if one.id == rule_id), contracts[0])
    evidence = "".join(one for one in EVIDENCE if any(one in each.evidence for each in contracts))
    return Rule(rule_id, group_of(main), main.sentence, evidence or main.evidence, results)


def _nothing_broken(report: Report) -> str:
    if not report.results:
        return "no contract was tried"
    if not report.count(Outcome.HOLDS):
        return "nothing is broken, but no contract was shown to hold either"
    known = report.count(Outcome.KNOWN)
    if known:
        return f"apart from {several(known, 'known deviation')}, every contract that was tried holds"
    return "every contract that was tried holds"
