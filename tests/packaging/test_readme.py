"""The README is true: its examples run as they stand there, and its tables say what the code says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fake_ccmm import FakeCcmm
from fake_ccmm.cli import main
from fake_ccmm.demo.center import demo_center
from fake_ccmm.profile import choices

from ..running.process import DEADLINE, SOURCE

ROOT = Path(__file__).parent.parent.parent
README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
"""The language and text of each block, in their order."""

SERVED_AT = "http://127.0.0.1:8000"
"""Where ``fake-ccmm serve`` serves: the only part of a block that a test replaces."""


def blocks(language: str) -> list[str]:
    return [text for one, text in BLOCKS if one == language]


def table(heading: str) -> list[list[str]]:
    """The rows of the table whose first column has this heading, without the marks of code."""
    found = re.search(rf"^\| {heading} \|.*\n\|[-|]+\|\n((?:\|.*\|\n)+)", README, re.MULTILINE)
    assert found is not None
    rows = found[1].replace("`", "").splitlines()
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


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
    expected = ["sh", "sh", "python", "text", "sh", "python", "text", "python", "text", "python", "console"]
    # The last python is a test, see tests/plugin/test_readme_example.py; the console is run on the kit's own page.
    assert [one for one, _ in BLOCKS] == expected


def test_one_line_each_makes_installs_and_serves_or_tests() -> None:
    install = "python3 -m venv .venv && .venv/bin/pip install --quiet "
    serve, test, _ = blocks("sh")
    assert serve == f"{install}. && .venv/bin/fake-ccmm serve\n"
    assert test == f"{install}-e '.[test]' && .venv/bin/python -m pytest\n"


@pytest.mark.parametrize("number", range(3))
def test_the_python_examples_print_what_stands_below_them(number: int) -> None:
    example, expected = blocks("python")[number], blocks("text")[number]
    with FakeCcmm(log=None) as ccmm:
        assert (SERVED_AT in example) == (number == 0)
        assert output_of([sys.executable, "-W", "error", "-"], example.replace(SERVED_AT, ccmm.url)) == expected


@pytest.mark.skipif(shutil.which("curl") is None, reason="this machine has no curl")
def test_the_curl_example_logs_in() -> None:
    _, _, example = blocks("sh")
    with FakeCcmm(log=None) as ccmm:
        assert SERVED_AT in example
        answer = output_of(["sh"], example.replace(SERVED_AT, ccmm.url))
        assert re.search("<OutboundLoginResult>[A-Za-z0-9]{10}__apiuser</OutboundLoginResult>", answer)
        assert ccmm.center.usernames() == ["apiuser"]


def test_the_table_of_choices_is_the_profile() -> None:
    expected = [
        [one.name, json.dumps(one.default).strip('"'), ", ".join(one.alternatives), one.rules] for one in choices()
    ]
    assert [[name, default, values, rules] for name, default, values, _, rules in table("Choice")] == expected
    assert all(decides for _, _, _, decides, _ in table("Choice"))


def test_the_table_of_options_is_the_help(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    with pytest.raises(SystemExit):
        main(["serve", "--help"])
    options = dict(re.findall(r"^  (--\S+)(.*)$", capsys.readouterr().out, re.MULTILINE))
    rows = {option.split()[0]: default for option, default, _ in table("Option")}
    assert rows.keys() == options.keys()
    for option, told in options.items():
        if default := re.search(r"default: ([^)]+)", told):
            assert rows[option] == default[1]


def test_the_table_of_campaigns_is_the_demo_center() -> None:
    assert table("Campaign") == [
        [str(one.details.campaign_id), one.details.name, one.details.status.value, str(one.number_of_contacts)]
        for one in demo_center().campaigns()
    ]


def test_its_links_lead_to_files_that_are_there() -> None:
    links = [link for link in re.findall(r"\]\((.+?)\)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
