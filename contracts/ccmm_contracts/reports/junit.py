"""A report as JUnit XML, in the form that Jenkins, GitLab, GitHub's actions and Azure all read.

A contract that is broken, or known as broken but holds, is a failure; a set-up that is broken is an error with a test
case of its own, so that it never passes; what was skipped and known deviations are skipped. Observations pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from ..report import Outcome, Report, Result
from . import summary
from .characters import first_line, visible
from .files import PathLike, write_file

_TAGS = {
    Outcome.BROKEN: "failure",
    Outcome.STALE: "failure",
    Outcome.SETUP: "error",
    Outcome.SKIPPED: "skipped",
    Outcome.KNOWN: "skipped",
}
_SET_UP = "set-up"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


def write_junit(report: Report, path: PathLike) -> None:
    """Write ``report`` to ``path`` as JUnit XML; folders are made, and the file is there whole or not at all.

    Raises SetUpBroken where it cannot be written.
    """
    write_file(path, etree.tostring(_document(report), encoding="utf-8", xml_declaration=True, pretty_print=True))


@dataclass(frozen=True, slots=True)
class _Case:
    """A test case: ``tag`` is empty where it passes."""

    name: str
    seconds: float = 0.0
    tag: str = ""
    type: str = ""
    message: str = ""
    text: str = ""
    output: str = ""


def _document(report: Report) -> etree._Element:
    suites = _suites(report)
    cases = [case for suite in suites.values() for case in suite]
    root = etree.Element("testsuites", {"name": _safe(f"ccmm-contracts {report.kind}"), **_counts(cases)})
    root.set("time", f"{report.seconds:.3f}")
    for name, suite in suites.items():
        root.append(_suite(report, name, suite))
    return root


def _suites(report: Report) -> dict[str, list[_Case]]:
    """The test cases by suite; one suite at least, as some readers refuse a file without any."""
    suites: dict[str, list[_Case]] = {}
    if report.set_up:
        case = _Case(_SET_UP, 0.0, "error", Outcome.SETUP.value, first_line(report.set_up), report.set_up)
        suites[_SET_UP] = [case]
    for one in report.results:
        suites.setdefault(summary.group_of(one.contract), []).append(_case(one))
    return suites or {"contracts": []}


def _case(result: Result) -> _Case:
    contract = result.contract
    name = f"{contract.id}: {contract.sentence}" if contract.sentence else contract.id
    tag = _TAGS.get(result.outcome, "")
    message = ""
    if tag:
        message = result.reason if tag == "skipped" else summary.message(result)
    if result.outcome is Outcome.KNOWN:
        message = f"known deviation: {message}"
    return _Case(
        name,
        result.seconds,
        tag,
        result.outcome.value,
        first_line(message),
        "\n".join(_details(result, message)) if tag else "",
        "\n".join(_seen(result)),
    )


def _details(result: Result, message: str) -> Iterator[str]:
    """What there is to read below a failure, an error or a known deviation."""
    yield message
    if not result.finding:
        return
    if result.outcome is Outcome.KNOWN:
        yield result.finding.message
    yield from (f"{number}. {visible(one)}" for number, one in enumerate(result.finding.story, 1))
    if command := summary.replay_command(result.finding):
        yield f"see it again: {command}"


def _seen(result: Result) -> Iterator[str]:
    for one in result.observations:
        yield one.text
        yield from (f"    {name} = {summary.shown_value(value)}" for name, value in one.choices.items())


def _suite(report: Report, name: str, cases: list[_Case]) -> etree._Element:
    suite = etree.Element("testsuite", {"name": _safe(name), **_counts(cases)})
    suite.set("skipped", str(sum(one.tag == "skipped" for one in cases)))
    suite.set("time", f"{sum(one.seconds for one in cases):.3f}")
    if started := _TIME.match(report.started):
        suite.set("timestamp", started[0])
    properties = etree.SubElement(suite, "properties")
    for key, value in _properties(report):
        etree.SubElement(properties, "property", name=key, value=_safe(value))
    class_name = _safe(f"ccmm-contracts.{report.kind}.{name}")
    for one in cases:
        suite.append(_test_case(one, class_name))
    return suite


def _test_case(case: _Case, class_name: str) -> etree._Element:
    element = etree.Element("testcase", classname=class_name, name=_safe(case.name), time=f"{case.seconds:.3f}")
    if case.tag:
        outcome = etree.SubElement(element, case.tag, message=_safe(case.message), type=case.type)
        outcome.text = _safe(case.text)
    if case.output:
        etree.SubElement(element, "system-out").text = _safe(case.output)
    return element


def _properties(report: Report) -> Iterator[tuple[str, str]]:
    yield "target", report.target
    yield "kind", report.kind
    yield "seed", str(report.seed)
    yield "version", report.version
    yield "started", report.started
    yield "exit-code", str(report.exit_code.value)
    yield from ((f"fact.{number}", one) for number, one in enumerate(report.facts, 1))
    yield from ((f"left-behind.{number}", one) for number, one in enumerate(report.left_behind, 1))


def _counts(cases: list[_Case]) -> dict[str, str]:
    return {
        "tests": str(len(cases)),
        "failures": str(sum(one.tag == "failure" for one in cases)),
        "errors": str(sum(one.tag == "error" for one in cases)),
    }


def _safe(text: str) -> str:
    """``text`` with what XML cannot carry, or nobody could see, written as escapes."""
    return visible(text, keep="\n\t")
