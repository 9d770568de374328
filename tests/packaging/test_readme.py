"""The README is true: its examples run as they stand there, and its links lead somewhere."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fake_ccmm import FakeCcmm

from ..running.process import DEADLINE, SOURCE

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
"""The language and text of each block, in their order."""

SERVED_AT = "http://127.0.0.1:8000"
"""Where ``fake-ccmm serve`` serves: the only part of a block that a test replaces."""


def blocks(language: str) -> list[str]:
    return [text for one, text in BLOCKS if one == language]


def output_of(command: list[str], text: str) -> str:
    """What a command prints that reads ``text``."""
    done = subprocess.run(
        command,
        input=text,
        env={**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=DEADLINE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_each_block_is_of_a_kind_that_is_tested_here() -> None:
    expected = ["sh", "sh", "sh", "python", "text", "python", "console"]
    # The last python is a test, see tests/plugin/test_readme_example.py; the console is run on the kit's own page.
    assert [one for one, _ in BLOCKS] == expected


def test_one_line_each_makes_installs_and_serves_or_tests() -> None:
    install = "python3 -m venv .venv && .venv/bin/pip install --quiet "
    serve, test, _ = blocks("sh")
    assert serve == f"{install}. && .venv/bin/fake-ccmm serve\n"
    assert test == f"{install}-e '.[test]' && .venv/bin/python -m pytest\n"


def test_the_python_example_prints_what_stands_below_it() -> None:
    (example, _), (expected,) = blocks("python"), blocks("text")
    with FakeCcmm(log=None) as ccmm:
        assert SERVED_AT in example
        assert output_of([sys.executable, "-W", "error", "-"], example.replace(SERVED_AT, ccmm.url)) == expected


@pytest.mark.skipif(sys.platform == "win32" or shutil.which("curl") is None, reason="this machine has no sh or no curl")
def test_the_curl_example_logs_in() -> None:
    _, _, example = blocks("sh")
    with FakeCcmm(log=None) as ccmm:
        assert SERVED_AT in example
        answer = output_of(["sh"], example.replace(SERVED_AT, ccmm.url))
        assert re.search("<OutboundLoginResult>[A-Za-z0-9]{10}__apiuser</OutboundLoginResult>", answer)
        assert ccmm.center.usernames() == ["apiuser"]


def test_its_links_lead_to_files_that_are_there() -> None:
    links = [link for link in re.findall(r"\]\((.+?)\)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link.partition("#")[0]).exists()] == []
