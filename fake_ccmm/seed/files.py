"""Seeds read from files and other text in TOML, YAML or JSON."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from .checks import check
from .cleaning import RepeatedKeys, clean
from .contact_tables import ContactTable, read_contacts
from .problems import Problems, SeedError, SeedProblem, line_of, told
from .schema import Seed
from .writing import to_document

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_FORMATS = {".toml": "toml", ".yaml": "yaml", ".yml": "yaml", ".json": "json"}
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_checked: WeakValueDictionary[int, Seed] = WeakValueDictionary()


def format_of(path: Path) -> str:
    """The format of a file, by the end of its name; a SeedError for any other."""
    format = _FORMATS.get(path.suffix.lower())
    if format is None:
        raise _error(str(path), f"ends in none of {', '.join(_FORMATS)}, which tell the format of a seed")
    return format


def read_seed(path: Path) -> Seed:
    """The seed in a file. Raises SeedError with everything that is wrong in it.

    Contacts of a ``contacts_file`` stand among the contacts of their campaign then.
    """
    path = Path(path)
    format = format_of(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _error(str(path), f"cannot be read: {error.strerror}") from None
    return parse_seed(data, format, str(path), path.parent)


def parse_seed(text: str | bytes, format: str, source_name: str = "", folder: Path | None = None) -> Seed:
    """The seed in a text of a ``format`` (toml, yaml or json). Raises SeedError with everything that is wrong in it.

    ``source_name`` is what messages call the text; ``folder`` is where files it names are, and None where it may name
    none, as what comes from another machine may not.
    """
    if format not in _PARSERS:
        raise _error(source_name, f"is of the format {format!r}; a seed is one of {', '.join(_PARSERS)}")
    try:
        decoded = text.decode("utf-8-sig") if isinstance(text, bytes) else text.removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _error(_at(source_name, line, 0), "is not UTF-8 text; save it as UTF-8") from None
    try:
        document = _PARSERS[format](decoded, source_name)
    except RecursionError:
        raise _error(source_name, "is nested too deeply; no field of a seed is") from None
    if not isinstance(document, dict):
        raise _error(source_name, f"is {told(document)}, where a mapping with administrators, campaigns, … belongs")
    return _made(document, Problems(source_name), folder)


def checked(seed: Seed) -> Seed:
    """A seed made in Python, checked like one that was read; with the contacts of its files (from where we are)."""
    if _checked.get(id(seed)) is seed:
        return seed
    # A pattern of theirs may hold a predicate, so faults and timeline go by their own checks alone.
    plain = _made(to_document(replace(seed, faults=(), timeline=())), Problems(), Path())
    if not (seed.faults or seed.timeline):
        return plain
    return _made_good(replace(plain, faults=seed.faults, timeline=seed.timeline), Problems(), {})


def _made(document: dict[str, Any], problems: Problems, folder: Path | None) -> Seed:
    """The seed of a document; a SeedError with everything that is wrong in it."""
    from .validation import to_seed  # pydantic, which not everyone who makes a seed needs

    clean(document, problems)
    seed = to_seed(document, problems)
    if seed is None:
        problems.raise_any()
        raise AssertionError("a seed that is none has a problem")
    seed, tables = _with_tables(seed, problems, folder)
    return _made_good(seed, problems, tables)


def _made_good(seed: Seed, problems: Problems, tables: dict[int, ContactTable]) -> Seed:
    check(seed, problems, tables)
    problems.raise_any()
    _checked[id(seed)] = seed
    return seed


def _with_tables(seed: Seed, problems: Problems, folder: Path | None) -> tuple[Seed, dict[int, ContactTable]]:
    """The seed with the contacts of its files, and where those are from."""
    tables: dict[int, ContactTable] = {}
    campaigns = list(seed.campaigns)
    for number, campaign in enumerate(campaigns):
        if campaign.contacts_file is None:
            continue
        place = f"campaigns[{number}].contacts_file"
        if folder is None:
            problems.add(place, "names a file, which only a seed in a file can; give the contacts themselves")
            continue
        table = tables[number] = read_contacts(folder / campaign.contacts_file, problems, place)
        contacts = (*campaign.contacts, *table.contacts)
        campaigns[number] = replace(campaign, contacts=contacts, contacts_file=None)
    return (replace(seed, campaigns=tuple(campaigns)) if tables else seed), tables


def _parse_toml(text: str, source: str) -> Any:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        found = _TOML_PLACE.search(message)
        line, column = (int(found[1] or 0), int(found[2] or 0)) if found else (0, 0)
        line = line or text.count("\n") + 1
        raise _error(_at(source, line, column), f"is not TOML: {_TOML_PLACE.sub('', message)}") from None
    except ValueError:  # of more digits than Python reads
        raise _error(source, "is not TOML: holds a number of thousands of digits") from None


def _parse_yaml(text: str, source: str) -> Any:
    from .yaml_text import YamlError, load_yaml

    try:
        document = load_yaml(text)
    except YamlError as error:
        raise _error(_at(source, error.line, error.column), f"is not YAML: {error}") from None
    return {} if document is None else document


def _parse_json(text: str, source: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_mapping)
    except json.JSONDecodeError as error:
        raise _error(_at(source, error.lineno, error.colno), f"is not JSON: {error.msg}") from None
    except ValueError:  # of more digits than Python reads
        raise _error(source, "is not JSON: holds a number of thousands of digits") from None


def _mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else RepeatedKeys(found, (key for key, _ in pairs))


_PARSERS: dict[str, Callable[[str, str], Any]] = {"toml": _parse_toml, "yaml": _parse_yaml, "json": _parse_json}


def _at(source: str, line: int, column: int) -> str:
    return ", ".join(filter(None, (source, f"line {line}" if line else "", f"column {column}" if column else "")))


def _error(source: str, message: str) -> SeedError:
    return SeedError([SeedProblem("", line_of(message), source)])
