"""The site: its navigation has every page, its generated pages are new, and Sphinx finds nothing to warn of."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from docs.generator import PAGES as GENERATORS
from docs.generator import REFERENCE

from .pages import DOCS, GENERATED, PAGES, ROOT, links, name_of

MOST_BYTES = 200_000
"""What a picture may weigh."""

BUILD_SECONDS = 180
MAKE = "make it anew with: python -m docs.generator"
IMAGES = sorted((DOCS / "images").iterdir())
_FROM_ELSEWHERE = re.compile(
    r"""<(?:script|img|iframe|source)\b[^>]*\bsrc=["'](?:https?:)?//|<link\b(?![^>]*rel=["']?(?:canonical|license))"""
    r"""[^>]*\bhref=["'](?:https?:)?//|@import|url\(["']?(?:https?:)?//"""
)
"""What makes a browser fetch something from another site."""


@pytest.mark.parametrize("name", GENERATORS)
def test_a_generated_page_is_what_the_source_says(name: str) -> None:
    assert (REFERENCE / name).read_text("utf-8") == GENERATORS[name](), MAKE


def test_no_generated_page_is_left_over() -> None:
    assert {page.name for page in GENERATED} == GENERATORS.keys()


def test_every_page_is_in_the_index() -> None:
    index = DOCS / "index.md"
    listed = {(DOCS / link).resolve() for link in links(index)}
    stand_ins = {page: stands_for(page) for page in PAGES if stands_for(page)}
    listed |= {
        (one.parent / link.partition("#")[0]).resolve() for one in listed if is_index(one) for link in links(one)
    }
    assert {page for page in PAGES if page != index and page not in stand_ins} - listed == set()
    assert set(stand_ins.values()) <= listed


def test_every_picture_is_small_shown_and_whole() -> None:
    shown = {(page.parent / link).resolve() for page in PAGES for link in links(page)}
    for image in IMAGES:
        assert image in shown, f"no page shows {image.name}"
        assert image.stat().st_size < MOST_BYTES
        assert image.suffix != ".svg" or not _FROM_ELSEWHERE.search(image.read_text("utf-8"))


@pytest.mark.slow
def test_the_site_is_built_without_a_warning_and_needs_no_other_site(tmp_path: Path) -> None:
    if find_spec("sphinx") is None:
        pytest.skip("the extra docs is not installed")
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html", "-d", str(tmp_path / "doctrees"), "docs"]
    site = tmp_path / "site"
    done = subprocess.run(
        [*command, str(site)], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=BUILD_SECONDS, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    pages = {path.relative_to(site).with_suffix(".md").as_posix() for path in site.rglob("*.html")}
    assert {page.relative_to(DOCS).as_posix() for page in PAGES if page.is_relative_to(DOCS)} <= pages
    for path in (*site.rglob("*.html"), *site.rglob("*.css")):
        assert not _FROM_ELSEWHERE.search(path.read_text("utf-8")), path


def test_the_navigation_of_the_site_is_made_of_the_index() -> None:
    """Without Sphinx: the names of the pages that stand elsewhere are those of the stand-ins."""
    named = re.findall(r'^    "([\w/-]+)": "([\w./-]+)",$', (DOCS / "conf.py").read_text("utf-8"), re.MULTILINE)
    assert {f"docs/{name}.md": path for name, path in named} == {
        name_of(page): name_of(stands_for(page) or page) for page in PAGES if stands_for(page)
    }


def is_index(page: Path) -> bool:
    """Whether a page lists those beside it."""
    return page.name == "README.md" and page.is_relative_to(DOCS)


def stands_for(page: Path) -> Path | None:
    """The page elsewhere in the repository that a page of ``docs`` only names."""
    text = page.read_text("utf-8")
    found = re.fullmatch(r"# .+\n\nThis page stands beside what it is about: \[.+\]\((.+)\)\.\n", text)
    return (page.parent / found[1]).resolve() if found else None


@pytest.mark.parametrize(
    ("text", "is_found"),
    [
        ('<script src="https://cdn.example.com/a.js"></script>', True),
        ('<link rel="stylesheet" href="//fonts.example.com/a.css">', True),
        ("@font-face {src: url(https://fonts.example.com/a.woff2)}", True),
        ('<a href="https://example.com">a link</a>', False),
        ('<script src="_static/a.js"></script>', False),
    ],
)
def test_what_a_browser_would_fetch_from_elsewhere_is_found(text: str, is_found: bool) -> None:
    assert bool(_FROM_ELSEWHERE.search(text)) == is_found
