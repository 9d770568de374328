"""What docs/clients says of each toolkit is true: its examples run as they stand there, where the toolkit is here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.docs.pages import anchors, links, number_of_fences
from tests.docs.running import FILES, Page

from .sections import IS_WINDOWS, NEEDS, NOT_RUN, PAGES, Section, link_packages, sections, text_above

SECTIONS = [one for page in PAGES for one in sections(page)]
RUN = [one for one in SECTIONS if one.is_run]
BY_HAND = "A contract by hand: WCF"
"""What is no toolkit of its own."""

PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


def test_every_section_with_examples_is_run_or_says_that_it_is_not() -> None:
    assert sorted(NEEDS) == sorted(one.place for one in RUN)
    for one in SECTIONS:
        if one.blocks and not one.is_run:
            assert text_above(one).strip().startswith(NOT_RUN), one.place


def test_the_table_of_toolkits_says_which_are_not_run() -> None:
    index = next(one for one in SECTIONS if one.page.name == "README.md").text
    rows = [line for line in index.splitlines() if ".md#" in line]
    for one in SECTIONS:
        if one.blocks and one.page.name != "README.md" and one.heading != BY_HAND:
            (row,) = [row for row in rows if f"({one.page.name}#{_anchor(one.heading)})" in row]
            assert row.rstrip(" |").endswith("not run") is not one.is_run, row


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_block_of_a_page_is_found_and_every_link_leads_somewhere(page: Path) -> None:
    assert 2 * sum(len(one.blocks) for one in sections(page)) == number_of_fences(page)
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.examples
@pytest.mark.parametrize("section", RUN, ids=lambda one: one.place)
def test_the_examples_of_a_toolkit_run_as_they_stand_there(
    section: Section, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs = NEEDS[section.place]
    missing = "the commands are those of a Unix shell" if IS_WINDOWS else needs.missing()
    if missing:
        pytest.skip(missing)
    for variable in ("FAKE_CCMM_TOKEN", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", *PROXIES):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(tmp_path)
    link_packages(tmp_path, needs)
    serve = replace(section.blocks[0], language="sh", text="fake-ccmm serve\n", options={})
    look = replace(serve, text="fake-ccmm centers list > centers.txt\n")
    with Page(section.blocks, tmp_path, tmp_path_factory.mktemp("tools")) as page:
        page.run(serve)
        for block in section.blocks:
            is_only_written = block.title is not None and block.language != "sh"
            page.run(replace(block, language=FILES[0]) if is_only_written else block)
        page.run(look)
    assert " 0 sessions" in (tmp_path / "centers.txt").read_text("utf-8"), "somebody is still logged in"


def _anchor(heading: str) -> str:
    kept = "".join(one for one in heading.lower() if one.isalnum() or one in "-_ ")
    return kept.strip().replace(" ", "-")
