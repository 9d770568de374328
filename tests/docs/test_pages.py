"""The pages are true: every block on them runs, in order, and prints what stands below it."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from .pages import GENERATED, PAGES, ROOT, Block, blocks, name_of, number_of_fences
from .running import FILES, Page, check_output

RUN = ("python", "sh", "text", *FILES)
"""The languages of blocks that are run; those of files are if they have a name."""

NOT_RUN = {
    "docs/docker.md": {"console": 11},
    "docs/tutorial/first-hour.md": {"console": 1},
    "docs/how-to/tls.md": {"console": 1, "csharp": 1, "php": 1},
    "contracts/README.md": {"console": 1},
    "contracts/client-protocol.md": {"console": 1},
}
"""How many blocks of other languages a page shows: what needs more than fake-ccmm."""

RUN_ELSEWHERE = {"docs/clients/": "tests/client_pages"}
"""Folders of pages whose blocks are run by tests of their own."""

SLOW = (
    *("docs/tutorial/first-hour.md", "docs/how-to/run-in-parallel.md", "contracts/README.md"),
    *("docs/how-to/seed-a-world.md", "docs/how-to/inject-a-fault.md", "docs/how-to/freeze-time.md"),
    *("docs/how-to/use-it-in-python.md", "docs/how-to/tls.md", "docs/command-line.md"),
)
"""Pages that run the whole kit, pytest several times, or many commands."""

HERE = [page for page in PAGES if page not in GENERATED and not name_of(page).startswith(tuple(RUN_ELSEWHERE))]
"""The pages whose blocks are run here."""


def is_run(block: Block) -> bool:
    return block.language in RUN and (block.language not in FILES or block.title is not None)


def cases() -> list[Any]:
    """The pages with blocks to run."""
    names = [name_of(page) for page in HERE if any(map(is_run, blocks(page)))]
    assert set(SLOW) <= set(names)
    return [pytest.param(one, marks=[pytest.mark.slow] if one in SLOW else []) for one in names]


def test_each_block_is_run_or_listed_as_not_run() -> None:
    for page in PAGES:
        assert 2 * len(blocks(page)) == number_of_fences(page), f"{page.name} has a block that no test finds"
    for page in HERE:
        others = Counter(one.language for one in blocks(page) if not is_run(one))
        assert others == NOT_RUN.get(name_of(page), {}), f"{page.name} has blocks that nobody runs"
    assert NOT_RUN.keys() <= {name_of(page) for page in HERE}


def test_what_is_run_elsewhere_has_tests_there() -> None:
    for folder, tests in RUN_ELSEWHERE.items():
        assert list((ROOT / folder).glob("*.md")), folder
        assert list((ROOT / tests).glob("test_*.py")), tests


@pytest.mark.parametrize("name", cases())
def test_the_blocks_run_as_they_stand_there(
    name: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for variable in ("FAKE_CCMM_TOKEN", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(variable, raising=False)
    found = blocks(ROOT / name)
    shell = "".join(one.text for one in found if one.language == "sh")
    if shell and sys.platform == "win32":
        pytest.skip("its lines are for a POSIX shell")
    for program in ("bash", "curl", "openssl"):
        if (program in shell or program == "bash") and shell and shutil.which(program) is None:
            pytest.skip(f"this machine has no {program}")
    with Page(found, tmp_path, tmp_path_factory.mktemp("tools")) as page:
        for block in filter(is_run, found):
            page.run(block)


@pytest.mark.parametrize(
    ("shown", "said", "is_right"),
    [
        ("one\ntwo\n", "one\ntwo\n", True),
        ("one\ntwo\n", "one\n", False),
        ("one ... three\n", "one two three\n", True),
        ("one ... three\n", "one\nthree\n", False),
        ("one\n  ...\nfour\n", "one\ntwo\nthree\nfour\n", True),
        ("one\n...\nfour\n", "one\ntwo\n", False),
        ("at 127.0.0.1:8000\n", "at 127.0.0.1:54321\n", True),
        ("", "something\n", False),
    ],
)
def test_what_a_page_shows_is_held_against_what_was_printed(shown: str, said: str, is_right: bool) -> None:
    block = Block("page.md", 1, "text", shown)
    if is_right:
        check_output(block, said)
    else:
        with pytest.raises(AssertionError, match=r"page\.md, line 1"):
            check_output(block, said)


@pytest.mark.parametrize(
    "wrong",
    [
        Block("page.md", 1, "cobol", "STOP RUN."),
        Block("page.md", 1, "text", "of nothing"),
        Block("page.md", 1, "toml", "a = 1"),
        Block("page.md", 1, "sh", "exit 3"),
        Block("page.md", 1, "python", "assert False, 'page.md, line 1'"),
        Block("page.md", 1, "sh", "echo first\nfake-ccmm serve"),
    ],
    ids=lambda block: block.text,
)
def test_a_block_that_does_not_run_is_found(wrong: Block, tmp_path: Path) -> None:
    with Page([wrong], tmp_path, tmp_path / "tools") as page, pytest.raises(AssertionError, match=r"page\.md, line 1"):
        page.run(wrong)
