"""One HTML file that people like to read, and that no text of a server can turn against them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from ccmm_contracts import reports
from ccmm_contracts.report import Outcome, Report, Result
from ccmm_contracts.reports import summary, write_html
from ccmm_contracts.reports.characters import visible
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ...rules import RULES
from . import samples

REPORTS = {
    "usual": samples.usual_report(),
    "long": samples.long_report(),
    "empty": samples.empty_report(),
    "set-up": samples.set_up_report(),
    "hostile": samples.hostile_report("".join(samples.HOSTILE)),
}

all_reports = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS.keys())

HARMLESS_TAG = re.compile(
    "html|head|meta|title|style|body|header|main|footer|section|article|div|p|span|b|a|h1|h2|h3|h4|ul|ol|li|dl|dt|dd|"
    "table|thead|tbody|tr|th|td|details|summary|pre|code"
)
HARMLESS_ATTRIBUTE = re.compile(
    "lang|charset|http-equiv|content|name|class|id|style|href|scope|colspan|tabindex|aria-hidden|aria-labelledby"
)


def _text(report: Report, folder: Path) -> str:
    path = folder / "report.html"
    write_html(report, path)
    return path.read_text("utf-8")


def _page(report: Report, folder: Path) -> Any:
    return lxml.html.document_fromstring(_text(report, folder).encode("utf-8"))


class _Skeleton(HTMLParser):
    """The tags of a page and the names of their attributes, without any text: a second opinion beside lxml's."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attributes)))


@all_reports
def test_a_page_holds_only_what_can_do_no_harm(report: Report, tmp_path: Path) -> None:
    page = _page(report, tmp_path)
    ids = {one.get("id") for one in page.iter() if one.get("id")}
    for one in page.iter():
        assert HARMLESS_TAG.fullmatch(one.tag)
        assert all(HARMLESS_ATTRIBUTE.fullmatch(name) for name in one.attrib)
        assert re.fullmatch(r"flex-grow: \d+", one.get("style", "flex-grow: 0"))
        if "href" in one.attrib:
            assert one.get("href").removeprefix("#") in ids
    assert "default-src 'none'" in page.find(".//meta[@http-equiv]").get("content")


@pytest.mark.parametrize("text", [one for one in samples.HOSTILE if "\n" not in one])
def test_a_hostile_text_adds_no_markup(text: str, tmp_path: Path) -> None:
    harmless, hostile = samples.hostile_report("harmless"), samples.hostile_report(text)
    assert _Skeleton(_text(hostile, tmp_path)).tags == _Skeleton(_text(harmless, tmp_path)).tags
    page = _page(hostile, tmp_path)
    assert page.findtext(".//title").endswith(visible(text, keep="\t"))
    assert visible(text, keep="\t") in page.find(".//article").text_content()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(text=st.text(st.characters(exclude_characters="\n"), min_size=1))
def test_no_text_at_all_adds_markup(text: str, tmp_path: Path) -> None:
    harmless = _text(samples.hostile_report("harmless"), tmp_path)
    assert _Skeleton(_text(samples.hostile_report(text), tmp_path)).tags == _Skeleton(harmless).tags


@all_reports
def test_a_page_needs_nothing_from_elsewhere(report: Report, tmp_path: Path) -> None:
    style = _page(report, tmp_path).findtext(".//style")
    assert style == "\n" + files(reports).joinpath("report.css").read_text("utf-8")
    assert not re.search(r"url\(|@import|</|<!--", style)


@all_reports
def test_headings_go_down_step_by_step_and_ids_are_unique(report: Report, tmp_path: Path) -> None:
    page = _page(report, tmp_path)
    assert page.get("lang") == "en"
    levels = [int(one.tag[1]) for one in page.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [one.get("id") for one in page.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    for table in page.iter("table"):
        assert table.get("aria-labelledby") in ids
        assert table.findall("thead/tr/th")


def test_the_top_says_what_was_checked_and_what_came_out(tmp_path: Path) -> None:
    report = samples.usual_report()
    header = _page(report, tmp_path).find(".//header")
    assert header.findtext("h1") == summary.verdict(report)
    told = header.text_content()
    for one in (samples.TARGET, "2030-06-03 09:00:00 UTC", "12.3 s", "4242", "49 contracts", "38 hold", "2 broken"):
        assert one in told
    widths = [int(one.get("style").split()[1]) for one in header.findall("div/span")]
    assert widths == [38, 2, 1, 4, 1, 3]


def test_a_finding_has_its_story_its_exchanges_and_the_ways_to_see_it_again(tmp_path: Path) -> None:
    article = _page(samples.usual_report(), tmp_path).find(".//article")
    assert article.findtext("p[@class='message']") == samples.FINDING.message
    assert tuple(one.text_content() for one in article.findall("ol/li")) == samples.FINDING.story
    blocks = [one.text_content() for one in article.iter("pre")]
    assert blocks[0] == "ccmm-contracts replay ccmm-contracts/replay/A4.refused.json"
    assert blocks[1] == "\n".join(samples.FINDING.curl)
    shown = [one.text_content() for one in article.findall(".//details[@class='exchange']/summary/span")]
    assert shown == [text for one in samples.FINDING.exchanges for text in (str(one.number), one.told)]
    assert "<FirstName>0</FirstName>" in blocks[2]
    assert "\r" not in blocks[2]


def test_everything_comes_in_its_order(tmp_path: Path) -> None:
    sections = [one.get("id") for one in _page(samples.usual_report(), tmp_path).iter("section")]
    assert sections == [
        "findings",
        "left-behind",
        "rules",
        "observations",
        "settings",
        "skipped",
        "known",
        "facts",
    ]


def test_every_rule_has_a_row_with_its_evidence(tmp_path: Path) -> None:
    report = samples.usual_report()
    rows = {
        row.findtext("th"): [cell.text_content() for cell in row.findall("td")]
        for row in _page(report, tmp_path).find(".//table[@class='rules']").iter("tr")
        if row.find("td") is not None
    }
    assert set(rows) == {one.contract.rule for one in report.results}
    assert rows["C1"] == ["holds", RULES["C1"], "D W"]
    assert rows["X5"] == ["observed", "How a closing that comes too soon is answeredX5.how", "A"]
    assert "A4.refused broken" in rows["A4"][1]


def test_observations_the_settings_they_make_and_what_disagrees_are_tables(tmp_path: Path) -> None:
    page = _page(samples.usual_report(), tmp_path)
    seen = page.find(".//table[@class='observations']").text_content()
    assert "too fast: fault 2899" in seen
    rows = [
        [cell.text_content() for cell in row] for row in page.find(".//table[@class='settings']").iterfind("tbody/tr")
    ]
    assert rows[0] == ["limit_answer", '"fault""return"', "A4.howX5.how"]
    assert ["limit_scope", '"session"', "A4.how"] in rows
    assert "not seen to be of one mind" in page.get_element_by_id("settings").text_content()


def test_what_was_skipped_and_what_is_known_come_with_their_reasons(tmp_path: Path) -> None:
    page = _page(samples.usual_report(), tmp_path)
    assert "needs a second user: --second-userS4, S6.other" in page.get_element_by_id("skipped").text_content()
    known = page.get_element_by_id("known").text_content()
    assert "came back as 'Ann'" in known
    assert "ticket CC-77" in known


def test_a_broken_set_up_is_the_first_thing_to_read(tmp_path: Path) -> None:
    page = _page(samples.set_up_report(), tmp_path)
    assert page.findtext(".//h1") == "The set-up is broken, so this run proves nothing."
    told = [one.text_content() for one in page.find(".//section").iter("p")]
    assert told == ["no answer from ccmm.example.com within 10.0 s: is the URL right?", "Try it with curl first."]


def test_an_empty_report_says_that_nothing_was_tried(tmp_path: Path) -> None:
    page = _page(samples.empty_report(), tmp_path)
    assert page.findtext(".//h1") == "No contract was tried."
    assert not list(page.iter("section"))


def test_very_long_answers_are_cut_so_that_browsers_can_open_the_file(tmp_path: Path) -> None:
    text = _text(samples.long_report(), tmp_path)
    assert len(text) < 3_000_000
    assert re.search(r"\.\.\. and \d+ more characters", text)


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_a_colour_of_its_own(outcome: Outcome, tmp_path: Path) -> None:
    page = _page(Report("server", "", "", results=(Result(samples.contract("A4"), outcome),)), tmp_path)
    (name,) = (one.get("class") for one in page.find(".//header/div"))
    assert f".{name} {{ --tone: var(--{name}); }}" in page.findtext(".//style")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", ["page", "card"])
def test_colours_have_the_contrast_that_reading_needs(scheme: str, ground: str) -> None:
    blocks = re.findall(r":root \{(.*?)\}", files(reports).joinpath("report.css").read_text("utf-8"), re.DOTALL)
    colours = dict(re.findall(r"--(\w+): (#\w{6});", blocks[("light", "dark").index(scheme)]))
    for name in set(colours) - {"page", "card", "line", "code"}:
        assert _contrast(colours[name], colours[ground]) >= 4.5, name


def _contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG counts it."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
