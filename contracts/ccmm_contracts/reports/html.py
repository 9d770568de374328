"""A report as one HTML file that people like to read: no scripts, nothing loaded from anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

from ..report import Finding, Outcome, Report, Result, ShownExchange
from . import summary
from .characters import lines
from .elements import Html, document, element, style_sheet, together
from .files import PathLike, write_file

_CLASSES = {
    Outcome.HOLDS: "holds",
    Outcome.BROKEN: "broken",
    Outcome.STALE: "stale",
    Outcome.SETUP: "setup",
    Outcome.OBSERVED: "observed",
    Outcome.KNOWN: "known",
    Outcome.SKIPPED: "skipped",
}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""A browser that keeps to it runs no script and loads nothing, even if a text got through as markup."""

_MOST_SHOWN = 20_000
"""How many characters of a request or a response are shown: pages of contacts are long, and there may be many."""

_LONG_STORY = 40
"""With more steps than these a story scrolls, so that the next finding is not pages away."""

_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(?:Z|\+00:00)")


def write_html(report: Report, path: PathLike) -> None:
    """Write ``report`` to ``path`` as one HTML file; folders are made, and the file is there whole or not at all.

    Raises SetUpBroken where it cannot be written.
    """
    write_file(path, _page(report).encode("utf-8"))


def _page(report: Report) -> Html:
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="robots", content="noindex"),
        element("title", f"{summary.verdict(report)} {report.target}"),
        style_sheet(files(__package__).joinpath("report.css").read_text("utf-8")),
    )
    main = element(
        "main",
        _set_up(report),
        _findings(report),
        _left_behind(report),
        _rules(report),
        _observations(report),
        _settings(report),
        _skipped(report),
        _known(report),
        _facts(report),
    )
    return document(head, element("body", _header(report), main, _footer(report)))


def _header(report: Report) -> Html:
    facts = (
        ("Started", _when(report.started)),
        ("Took", summary.duration(report.seconds)),
        ("Seed", str(report.seed)),
        ("Made by", f"ccmm-contracts {report.version}".rstrip()),
        ("Exit code", f"{report.exit_code.value}: {summary.MEANINGS[report.exit_code]}"),
    )
    return element(
        "header",
        element("p", f"Contracts · {summary.SUBJECTS.get(report.kind, report.kind)}", class_="kind"),
        element("p", report.target, class_="target"),
        element("h1", summary.verdict(report)),
        _bar(report),
        element("dl", (element("div", element("dt", name), element("dd", value)) for name, value in facts if value)),
        class_=f"exit-{report.exit_code.value}",
    )


def _bar(report: Report) -> Html:
    counts = summary.counts(report)
    if not counts:
        return Html()
    parts = (element("span", class_=_CLASSES[one], style=f"flex-grow: {count}") for one, count in counts)
    words = (element("li", _dot(one), summary.counted(one, count)) for one, count in counts)
    total = element("li", summary.several(len(report.results), "contract"), class_="total")
    return together(
        element("div", parts, class_="bar", aria_hidden="true"), element("ul", total, words, class_="counts")
    )


def _set_up(report: Report) -> Html:
    if not report.set_up:
        return Html()
    told = (element("p", one) for one in lines(report.set_up))
    return _section("The set-up is broken", element("div", told, class_="alarm"), anchor="set-up")


def _left_behind(report: Report) -> Html:
    if not report.left_behind:
        return Html()
    return _section(
        "Left behind on the server",
        element("p", "The run could not take this away again.", class_="lead"),
        _list(report.left_behind),
        anchor="left-behind",
    )


def _findings(report: Report) -> Html:
    found = summary.findings(report)
    if not found:
        return Html()
    shown = (_finding(result, number) for number, result in enumerate(found, 1))
    return _section(f"Findings ({len(found)})", shown, anchor="findings")


def _finding(result: Result, number: int) -> Html:
    contract, finding = result.contract, result.finding
    tried = [
        _evidence_words(contract.evidence),
        f"Source: {contract.source}" if contract.source else "",
        f"Tried with {summary.several(result.examples, 'example')}" if result.examples else "",
        summary.several(result.calls, "call") if result.calls else "",
    ]
    return element(
        "article",
        element("h3", element("span", contract.id, class_="id"), " ", _chip(result.outcome), " ", contract.sentence),
        (element("p", one, class_="message") for one in lines(summary.message(result))),
        element("p", " · ".join(one for one in tried if one), class_="quiet"),
        _proof(finding) if finding else "",
        id=f"finding-{number}",
        class_=_CLASSES[result.outcome],
    )


def _proof(finding: Finding) -> Iterator[Html]:
    """The story of a finding, and the ways to see it again."""
    if finding.story:
        yield element("h4", "The shortest story that shows it")
        steps = (element("li", one) for one in finding.story)
        is_long = len(finding.story) > _LONG_STORY
        yield element("ol", steps, class_="story long" if is_long else "story", tabindex="0" if is_long else "")
    if command := summary.replay_command(finding):
        yield element("h4", "See it again")
        yield _code(command)
    if finding.curl:
        yield _folded("The same with curl", _code("\n".join(finding.curl)))
    if finding.exchanges:
        told = summary.several(len(finding.exchanges), "exchange")
        yield _folded(f"{told} as they went over the wire", (_exchange(one) for one in finding.exchanges))


def _exchange(one: ShownExchange) -> Html:
    return element(
        "details",
        element("summary", element("span", str(one.number), class_="number"), element("span", one.told)),
        element("h4", "Request"),
        _code(_cut(one.request)),
        element("h4", "Response"),
        _code(_cut(one.response)),
        class_="exchange",
    )


def _rules(report: Report) -> Html:
    if not report.results:
        return Html()
    anchors = {one.contract.id: f"#finding-{number}" for number, one in enumerate(summary.findings(report), 1)}
    by_group: dict[str, list[summary.Rule]] = {}
    for rule in summary.rules(report):
        by_group.setdefault(rule.group, []).append(rule)
    bodies = (
        element(
            "tbody",
            element("tr", element("th", group, colspan="4", scope="rowgroup"), class_="group"),
            (_rule_row(rule, anchors) for rule in rules),
        )
        for group, rules in by_group.items()
    )
    letters = (together(element("b", letter), f" {words}; ") for letter, words in summary.EVIDENCE.items())
    return _section(
        "Rules",
        element("p", "Evidence: ", letters, "only what is not assumed can break a contract.", class_="lead"),
        _table("rules", ("Rule", "Outcome", "What it says", "Evidence"), bodies),
        anchor="rules",
    )


def _rule_row(rule: summary.Rule, anchors: dict[str, str]) -> Html:
    chips = (
        element("span", _chip(one), f" ×{count}" if count > 1 else "", class_="counted") for one, count in rule.outcomes
    )
    only = rule.results[0].contract if len(rule.results) == 1 else None
    anchor = anchors.get(only.id, "") if only else ""
    sentence = element("a", rule.sentence, href=anchor) if anchor else rule.sentence
    if not only:
        inner = (_contract_line(one, anchors) for one in rule.results)
        parts = _folded(summary.several(len(rule.results), "contract"), element("ul", inner, class_="contracts"))
    else:
        parts = element("span", only.id, class_="id") if only.id != rule.id else Html()
    return element(
        "tr",
        element("th", rule.id, scope="row", class_="id"),
        element("td", chips),
        element("td", sentence, parts),
        element("td", " ".join(rule.evidence), class_="evidence"),
    )


def _contract_line(result: Result, anchors: dict[str, str]) -> Html:
    contract = result.contract
    anchor = anchors.get(contract.id, "")
    name = element("a", contract.id, href=anchor) if anchor else together(contract.id)
    return element("li", element("span", name, class_="id"), " ", _chip(result.outcome), " ", contract.sentence)


def _observations(report: Report) -> Html:
    rows = [
        element(
            "tr",
            element("th", result.contract.id, scope="row", class_="id"),
            element("td", result.contract.sentence),
            element("td", (element("p", one) for one in lines(seen.text))),
        )
        for result in report.results
        for seen in result.observations
    ]
    if not rows:
        return Html()
    return _section(
        "Observations",
        element("p", "What was seen where no paper says what should be. It breaks nothing.", class_="lead"),
        _table("observations", ("Contract", "What was looked at", "What was seen"), element("tbody", rows)),
        anchor="observations",
    )


def _settings(report: Report) -> Html:
    seen = summary.settings(report)
    if not seen:
        return Html()
    rows = (
        element(
            "tr",
            element("th", name, scope="row", class_="id"),
            element("td", (element("p", element("code", value)) for value, _ in values)),
            element("td", (element("p", result.contract.id) for _, result in values), class_="id"),
        )
        for name, values in seen.items()
    )
    lead = "With these a mock behaves as this server was seen to behave."
    if any(len(values) > 1 for values in seen.values()):
        lead += " Where there are several values, the server was not seen to be of one mind."
    return _section(
        "Profile settings",
        element("p", lead, class_="lead"),
        _table("settings", ("Choice", "Value", "Seen by"), element("tbody", rows)),
        anchor="settings",
    )


def _skipped(report: Report) -> Html:
    reasons = summary.by_reason(report, Outcome.SKIPPED)
    if not reasons:
        return Html()
    rows = (
        element(
            "tr",
            element("td", (element("p", one) for one in lines(reason))),
            element("td", ", ".join(one.contract.id for one in results), class_="id"),
        )
        for reason, results in reasons.items()
    )
    return _section(
        f"Skipped ({report.count(Outcome.SKIPPED)})",
        _table("skipped", ("Why", "Contracts"), element("tbody", rows)),
        anchor="skipped",
    )


def _known(report: Report) -> Html:
    rows = [
        element(
            "tr",
            element("th", one.contract.id, scope="row", class_="id"),
            element("td", one.contract.sentence),
            element("td", one.finding.message if one.finding else ""),
            element("td", one.reason),
        )
        for one in report.results
        if one.outcome is Outcome.KNOWN
    ]
    if not rows:
        return Html()
    return _section(
        f"Known deviations ({len(rows)})",
        element("p", "These do not hold, and the baseline says why that is accepted.", class_="lead"),
        _table(
            "known", ("Contract", "What it says", "What is different", "Why it is accepted"), element("tbody", rows)
        ),
        anchor="known",
    )


def _facts(report: Report) -> Html:
    return _section("About the target", _list(report.facts), anchor="facts") if report.facts else Html()


def _footer(report: Report) -> Html:
    told = f"{summary.totals(report)}; {summary.exit_meaning(report)}."
    return element("footer", element("p", told))


def _section(title: str, *children: Html | Iterator[Html], anchor: str) -> Html:
    return element("section", element("h2", title, id=f"{anchor}-title"), *children, id=anchor)


def _table(kind: str, columns: tuple[str, ...], bodies: Html | Iterator[Html]) -> Html:
    head = element("thead", element("tr", (element("th", one, scope="col") for one in columns)))
    return element("table", head, bodies, class_=kind, aria_labelledby=f"{kind}-title")


def _folded(title: str, content: Html | Iterator[Html]) -> Html:
    return element("details", element("summary", title), content)


def _code(text: str) -> Html:
    """A block of code; the keyboard can reach it, as it may scroll."""
    return element("pre", element("code", text), tabindex="0")


def _list(texts: tuple[str, ...]) -> Html:
    return element("ul", (element("li", (element("p", each) for each in lines(one))) for one in texts))


def _chip(outcome: Outcome) -> Html:
    return element("span", outcome.value, class_=f"chip {_CLASSES[outcome]}")


def _dot(outcome: Outcome) -> Html:
    return element("span", class_=f"dot {_CLASSES[outcome]}", aria_hidden="true")


def _evidence_words(letters: str) -> str:
    words = [f"{one}: {summary.EVIDENCE[one]}" for one in summary.EVIDENCE if one in letters]
    return f"Evidence {', '.join(words)}" if words else ""


def _cut(text: str) -> str:
    text = text.replace("\r\n", "\n")
    if len(text) <= _MOST_SHOWN:
        return text
    return f"{text[:_MOST_SHOWN]}\n... and {len(text) - _MOST_SHOWN} more characters"


def _when(started: str) -> str:
    """An ISO time in UTC as people write it; anything else as it is."""
    found = _TIME.fullmatch(started)
    return f"{found[1]} {found[2]} UTC" if found else started
