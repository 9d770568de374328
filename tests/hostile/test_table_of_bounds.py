"""The bounds as a table: how they are set, what is no bound, and that the page on threats has every one of them."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from fake_ccmm import FakeCcmm
from fake_ccmm.bounds import Bounds, bound_names, bounds_of, make_bounds, read_bound, table
from fake_ccmm.errors import SetupError
from tests.running.process import run, run_here

PAGE = Path(__file__).resolve().parents[2] / "docs" / "threat-model.md"


def test_every_bound_is_on_the_page_with_its_default() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([\d,]+) \| (.+) \|$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert rows == [(name, f"{float(default):,.0f}", told) for name, default, told in table()]


def test_bounds_are_given_by_name_or_as_a_whole() -> None:
    assert make_bounds(None) == make_bounds({}) == Bounds()
    assert make_bounds({"centers": 3}) == replace(Bounds(), centers=3) == Bounds(centers=3)
    assert FakeCcmm(bounds=Bounds(centers=3)).bounds.centers == FakeCcmm(bounds={"centers": 3}).bounds.centers == 3
    assert bounds_of([("centers", 3), ("centers", 4)]).centers == 4


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"center": 3}, "no bound is called 'center'; did you mean centers?"),
        ({"anything": 3}, "no bound is called 'anything'; there are: body_bytes, "),
        ({"centers": 0}, "the bound centers is a whole number from 1 up, not 0"),
        ({"centers": True}, "the bound centers is a whole number from 1 up, not True"),
        ({"centers": 1.5}, "the bound centers is a whole number from 1 up, not 1.5"),
        ({"centers": "9"}, "the bound centers is a whole number from 1 up, not '9'"),
        ({"idle_seconds": 0}, "the bound idle_seconds is a number of seconds from 0.001 up, not 0"),
        ({"idle_seconds": float("nan")}, "the bound idle_seconds is a number of seconds from 0.001 up, not nan"),
        ({"idle_seconds": float("inf")}, "the bound idle_seconds is a number of seconds from 0.001 up, not inf"),
        ([("centers", 3)], "bounds are Bounds, or values by name in a mapping, not [('centers', 3)]"),
    ],
)
def test_what_is_no_bound_is_told_so(given: dict[str, float], told: str) -> None:
    with pytest.raises(SetupError) as caught:
        FakeCcmm(bounds=given)
    assert str(caught.value).startswith(told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("centers", "centers takes a whole number, such as centers=1000, not ''"),
        ("centers=", "centers takes a whole number, such as centers=1000, not ''"),
        ("centers=1.5", "centers takes a whole number, such as centers=1000, not '1.5'"),
        ("idle_seconds=x", "idle_seconds takes a number of seconds, such as idle_seconds=120, not 'x'"),
        ("centers=0", "the bound centers is a whole number from 1 up, not 0"),
        ("center=5", "no bound is called 'center'; did you mean centers?"),
    ],
)
def test_the_command_line_tells_in_one_line_what_is_wrong(text: str, told: str) -> None:
    done = run_here("serve", "--bound", text)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert told in done.stderr


def test_the_command_line_lists_them() -> None:
    done = run_here("serve", "--bound", "list")
    assert done.returncode == 0
    assert [line.partition("=")[0] for line in done.stdout.splitlines()] == bound_names()


def test_values_are_read_as_what_they_are() -> None:
    assert read_bound("idle_seconds=0.5") == ("idle_seconds", 0.5)
    assert read_bound("centers=12") == ("centers", 12)


def test_contacts_that_no_bound_allows_are_refused_before_they_are_made() -> None:
    done = run("serve", "--contacts", "50", "--bound", "center_contacts=40", "--port", "0")
    assert done.returncode == 1
    assert "50 contacts in a center are more than the 40 this server takes; " in done.stderr
    assert done.stderr.count("\n") == 1
