"""The protocol, as its schema has it: every line that is written is one that the schema describes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ccmm_contracts.clients
import jsonschema_rs
import pytest
from ccmm_contracts.clients.driver import Driver
from ccmm_contracts.clients.program import Workshop
from ccmm_contracts.clients.protocol import KINDS, NAMES, ClientError, answer_line, request_line
from ccmm_contracts.clients.python_client import PythonClient
from ccmm_contracts.clients.run import run_client
from ccmm_contracts.mock import find_mock
from ccmm_contracts.report import Outcome
from ccmm_contracts.target import services_base
from ccmm_contracts.wire.http import Http

from fake_ccmm import FakeCcmm

from .good_client import GoodClient

SCHEMA = json.loads((Path(ccmm_contracts.clients.__file__).parent / "protocol.schema.json").read_text("utf-8"))
PAGE = (Path(__file__).parents[3] / "contracts" / "client-protocol.md").read_text("utf-8")


def is_valid(name: str, value: Any) -> bool:
    """Whether a value is one that the schema describes under that name."""
    schema = {"$schema": SCHEMA["$schema"], "$ref": f"#/$defs/{name}", "$defs": SCHEMA["$defs"]}
    return bool(jsonschema_rs.is_valid(schema, value))


class Checked(PythonClient):
    """A client all of whose lines are held against the schema."""

    asked: set[str]

    def exchange(self, name: str, arguments: Mapping[str, Any], timeout: float) -> Any:
        line = json.loads(request_line(1, name, arguments))
        self.check("request", line)
        self.asked.add(name)
        try:
            result = super().exchange(name, arguments, timeout)
        except ClientError as error:
            self.check("answer", json.loads(answer_line(1, error=error)))
            raise
        self.check("answer", json.loads(answer_line(1, result)))
        result_name = f"{name}_result" if f"{name}_result" in SCHEMA["$defs"] else "no_result"
        self.check(result_name, result)
        return result

    def check(self, name: str, value: Any) -> None:
        assert is_valid(name, value), (name, value)


def test_all_that_is_said_in_a_run_is_described() -> None:
    client = Checked(GoodClient)
    client.asked = set()
    with FakeCcmm() as ccmm, Http() as http, Driver(client, "it") as driver:
        mock = find_mock(services_base(ccmm.url), http)
        assert mock is not None
        report = run_client(driver, mock, only=("K7", "K13", "K14", "K15", "K16", "K18"))
    assert {one.outcome for one in report.results} == {Outcome.HOLDS, Outcome.SKIPPED}, report.set_up
    assert client.asked == set(NAMES)


def test_the_schema_and_the_page_know_every_request_and_every_kind_of_error() -> None:
    assert {f"{name}_request" for name in NAMES} <= SCHEMA["$defs"].keys()
    assert [one["const"] for one in SCHEMA["$defs"]["error"]["properties"]["kind"]["oneOf"]] == list(KINDS)
    for one in (*NAMES, *KINDS):
        assert f"| `{one}` |" in PAGE, one


@pytest.mark.parametrize(
    "line",
    [
        {"id": 1, "do": "dance"},
        {"id": 1, "do": "log_in", "user": "ann"},
        {"id": 1, "do": "contact_status", "campaign_id": 7},
        {"id": 1, "do": "fetch_contacts"},
        {"do": "hello"},
    ],
)
def test_the_schema_refuses_other_requests(line: dict[str, Any]) -> None:
    assert not is_valid("request", line)


def test_a_client_says_what_it_offers_or_all_its_methods_count() -> None:
    class Modest(GoodClient):
        can = ("fetch_contacts",)

    assert Workshop(Modest).answer("hello", {})["can"] == ["fetch_contacts"]
    assert set(Workshop(GoodClient).answer("hello", {})["can"]) == set(NAMES) - {"hello", "start", "end"}
