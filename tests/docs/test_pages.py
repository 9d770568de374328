"""The pages of docs/ are true: every block on them runs, in order, and prints what stands below it."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from .pages import PAGES, ROOT, Block, blocks, number_of_fences
from .running import FILES, Page, check_output

RUN = ("python", "sh", "text", *FILES)
"""The languages of blocks that are run."""

NOT_RUN = {
    "docs/tls.md": {"console": 1, "csharp": 1, "php": 1},
    "contracts/README.md": {"console": 1},
    "contracts/client-protocol.md": {"console": 1},
}
"""How many blocks of other languages a page shows: what needs more than fake-ccmm."""


def test_each_block_is_run_or_listed_as_not_run() -> None:
    for page in PAGES:
        found = blocks(page)
        assert 2 * len(found) == number_of_fences(page), f"{page.name} has a block that no test finds"
        others = Counter(one.language for one in found if one.language not in RUN)
        assert others == NOT_RUN.get(page.relative_to(ROOT).as_posix(), {}), f"{page.name} has blocks that nobody runs"


@pytest.mark.parametrize("name", [page.relative_to(ROOT).as_posix() for page in PAGES if blocks(page)])
def test_the_blocks_run_as_they_stand_there(
    name: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for variable in ("FAKE_CCMM_TOKEN", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(variable, raising=False)
    found = blocks(ROOT / name)
    shell = "".join(one.text for one in found if one.language == "sh")
    for program in ("bash", "curl", "openssl"):
        if (program in shell or program == "bash") and shell and shutil.which(program) is None:
            pytest.skip(f"this machine has no {program}")
    with Page(found, tmp_path, tmp_path_factory.mktemp("tools")) as page:
        for block in found:
            if block.language in RUN:
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
