"""The OpenAPI document: what it says is what the server does, for every route."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files
from typing import Any

import pytest
import schemathesis

from fake_ccmm import __version__
from fake_ccmm.control.api import url_map
from fake_ccmm.control.openapi import document_text
from fake_ccmm.control.service import DOCUMENT as FILE

from .steering import BASE, DOCUMENT, Steering

Paths = set[tuple[str, str]]


def operations() -> list[dict[str, Any]]:
    return [operation for path in DOCUMENT["paths"].values() for operation in path.values()]


def test_the_file_is_what_the_table_of_routes_gives() -> None:
    kept = files("fake_ccmm.control").joinpath(FILE).read_text("utf-8")
    assert kept == document_text(), (
        "python -c 'from fake_ccmm.control.openapi import document_text as t; print(t(), end=\"\")' "
        "> fake_ccmm/control/control.openapi.json"
    )


def test_it_is_a_valid_document_of_openapi_3_1() -> None:
    schemathesis.openapi.from_dict(DOCUMENT).validate()


def test_what_is_no_valid_document_would_be_found() -> None:
    broken = {**DOCUMENT, "info": {"title": 7}}
    with pytest.raises(Exception, match="title"):
        schemathesis.openapi.from_dict(broken).validate()


def test_every_route_of_the_server_is_in_it_and_no_other() -> None:
    served: Paths = set()
    for rule in url_map.iter_rules():
        path = re.sub(r"<(?:digits:)?(\w+)>", r"{\1}", rule.rule)
        served |= {(path, method) for method in (rule.methods or ()) if method != "HEAD"}
    told: Paths = {(path, method.upper()) for path, all_ in DOCUMENT["paths"].items() for method in all_}
    assert served == told


def test_every_operation_has_a_name_of_its_own_and_a_description() -> None:
    names = Counter(one["operationId"] for one in operations())
    assert max(names.values()) == 1
    assert all(one["summary"] and one["description"] for one in operations())


def test_every_reference_leads_somewhere_and_every_schema_is_referred_to() -> None:
    text = document_text()
    found = set(re.findall(r'"#/components/(schemas|responses)/(\w+)"', text))
    components = DOCUMENT["components"]
    assert found == {(kind, name) for kind in ("schemas", "responses") for name in components[kind]}


def test_it_is_served_with_the_version_that_runs(steering: Steering) -> None:
    served = steering.get(f"{BASE}/openapi.json")
    assert served == DOCUMENT
    assert served["info"]["version"] == __version__


def test_the_index_leads_to_what_is_there(steering: Steering) -> None:
    index = steering.get(BASE)
    assert index["version"] == __version__
    assert index["centers"] == ["default"]
    assert index["links"]["self"] == BASE
    assert set(index["links"].values()) <= set(DOCUMENT["paths"])
