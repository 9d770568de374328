"""Journals as files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..errors import SetUpBroken
from .journal import Journal

_HELP = "save one with 'fake-ccmm journal --json > FILE'"


def load_journal(path: str | Path) -> list[dict[str, Any]]:
    """The exchanges of a journal's file: a JSON array, an object with ``exchanges``, or an exchange a line.

    Raises SetUpBroken where there is none; the message says where it is wrong.
    """
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SetUpBroken(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError as error:
        raise SetUpBroken(f"{path}: is no text in UTF-8 (byte {error.start}); {_HELP}") from None
    if not text.strip():
        raise SetUpBroken(f"{path}: is empty; {_HELP}")
    try:
        document = json.loads(text)
    except RecursionError:
        raise SetUpBroken(f"{path}: is nested too deeply for a journal; {_HELP}") from None
    except ValueError as error:
        return _checked(path, _lines(path, text, error), "line")
    if isinstance(document, dict):
        document = document.get("exchanges", [document])
    if not isinstance(document, list):
        raise SetUpBroken(f"{path}: is no list of exchanges, and no object that has one as 'exchanges'; {_HELP}")
    return _checked(path, document, "exchange")


def _lines(path: str | Path, text: str, whole: ValueError) -> list[Any]:
    """An exchange a line; where not even the first line is JSON, what is wrong with the text as a whole."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            found.append(json.loads(line))
        except (ValueError, RecursionError) as error:
            if not found:
                break
            raise SetUpBroken(f"{path}: line {number} is no JSON: {error}") from None
    if not found:
        raise SetUpBroken(f"{path}: is no JSON: {whole}; {_HELP}") from None
    return found


def _checked(path: str | Path, found: list[Any], what: str) -> list[dict[str, Any]]:
    for number, one in enumerate(found, 1):
        if not isinstance(one, dict) or "number" not in one or "operation" not in one:
            raise SetUpBroken(f"{path}: {what} {number} is no exchange of a journal; {_HELP}")
    try:
        Journal(found)
    except SetUpBroken as error:
        raise SetUpBroken(f"{path}: {error}") from None
    return found
