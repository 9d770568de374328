"""What has no look of its own is shown escaped."""

from __future__ import annotations

import unicodedata

import pytest
from ccmm_contracts.reports.characters import first_line, lines, visible
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("Überfällige 顧客 🙂", "Überfällige 顧客 🙂"),
        ("\x1b[2J", "\\x1b[2J"),
        ("a\x9bb\x00", "a\\x9bb\\x00"),
        ("one\ntwo\r\tthree", "one\\ntwo\\r\\tthree"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\u2028\u200b\ufeff", "\\u2028\\u200b\\ufeff"),
        ("\ud800\ufffe\uffff", "\\ud800\\ufffe\\uffff"),
        ("\U0001fffe", "\\U0001fffe"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ],
)
def test_a_text_is_shown_with_escapes_for_what_cannot_be_seen(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_what_shall_stay_stays() -> None:
    assert visible("one\n\ttwo\r", keep="\n\t") == "one\n\ttwo\\r"


@given(st.text(st.characters()))
def test_any_text_can_be_written_as_utf_8_and_as_xml(text: str) -> None:
    shown = visible(text, keep="\n\t")
    shown.encode("utf-8")
    etree.Element("text", value=shown).text = shown


@given(st.text(st.characters()))
def test_no_text_keeps_a_control_character(text: str) -> None:
    assert not any(unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp") for one in visible(text))


def test_the_lines_of_a_text_are_told_apart() -> None:
    assert lines("\none\r\ntwo\rstill two\n") == ["one", "two\\rstill two"]
    assert lines("") == [""]
    assert first_line("one\ntwo") == "one"
