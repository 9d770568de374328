"""The control API of a server that runs, and used by many at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from fake_ccmm import FakeCcmm
from fake_ccmm.control_client import ControlClient, ControlError
from fake_ccmm.journal import Exchange
from tests.journal.recorded import Recorded
from tests.running.soap import log_in

from .steering import DEFAULT, Steering, check_schema

PATIENCE = 30


@pytest.fixture(scope="module")
def server() -> Iterator[FakeCcmm]:
    with FakeCcmm(control_token="tulip") as server:
        yield server


@pytest.fixture(scope="module")
def client(server: FakeCcmm) -> ControlClient:
    assert server.control_url is not None
    return ControlClient(server.control_url, token="tulip")


def test_health_is_a_login_over_a_real_connection(client: ControlClient) -> None:
    assert client.request("GET", "/health")["status"] == "ok"


def test_a_center_that_was_made_answers_calls_at_its_own_urls(client: ControlClient) -> None:
    made = client.request("PUT", "/centers/alice")
    key = log_in(made["urls"]["utility"], "apiuser", "apipassword")
    assert key.endswith("__apiuser")
    (exchange,) = client.request("GET", "/centers/alice/journal")["exchanges"]
    check_schema({"$ref": "#/components/schemas/Exchange"}, exchange)
    assert (exchange["operation"], exchange["outcome"]) == ("OutboundLogin", "ok")
    assert "apipassword" not in str(exchange)
    raw = client.request("GET", "/centers/alice/journal/1/request")
    assert raw.startswith(b"POST /centers/alice/")
    assert b"apipassword" not in raw
    assert [one["username"] for one in client.request("GET", "/centers/alice/sessions")] == ["apiuser"]
    assert 'ccmm_calls_total{center="alice",operation="OutboundLogin",outcome="ok"} 1.0' in client.request(
        "GET", "/metrics"
    )
    client.request("DELETE", "/centers/alice")
    with pytest.raises(ControlError, match="no center is named 'alice'"):
        client.request("GET", "/centers/alice")


def test_without_the_token_only_health_is_told(server: FakeCcmm) -> None:
    assert server.control_url is not None
    stranger = ControlClient(server.control_url)
    assert stranger.request("GET", "/health")["status"] == "ok"
    with pytest.raises(ControlError, match="needs its token"):
        stranger.request("GET", "/centers")


def test_a_page_of_another_site_is_refused_on_the_wire_too(server: FakeCcmm) -> None:
    parts = urlsplit(server.control_url or "")
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
    headers = {"Origin": "http://evil.example", "Content-Type": "text/plain", "Authorization": "Bearer tulip"}
    connection.request("POST", f"{DEFAULT}/reset", b"{}", headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.status == 403


def test_many_may_steer_at_once() -> None:
    steering = Steering()
    contacts = f"{DEFAULT}/campaigns/1/contacts"

    def add(number: int) -> list[int]:
        steering.post(f"{DEFAULT}/faults", {"do": {"kind": "reset"}}, 201)
        steering.get("/metrics")
        added: list[int] = steering.post(contacts, [{"first_name": str(number)}] * 3, 201)["contact_ids"]
        return added

    with ThreadPoolExecutor(8) as pool:
        ids = [one for added in pool.map(add, range(24)) for one in added]
    assert len(set(ids)) == len(ids) == 72
    assert len(steering.get(f"{DEFAULT}/faults")["rules"]) == 24
    assert steering.get(f"{DEFAULT}/campaigns/1")["number_of_contacts"] == 74


def test_calls_go_on_while_somebody_reads_the_journal() -> None:
    is_reading, may_go_on = threading.Event(), threading.Event()

    class Slow(Recorded):
        def exchange(self, number: int, *, secrets: bool) -> Exchange:
            is_reading.set()
            assert may_go_on.wait(PATIENCE)
            return super().exchange(number, secrets=secrets)

    steering = Steering()
    steering.world.journal.add(Slow())
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(steering.get, f"{DEFAULT}/journal")
        assert is_reading.wait(PATIENCE)
        assert steering.center.log_in("anna", "tulip")
        steering.world.journal.add(Recorded())
        may_go_on.set()
        assert reading.result(PATIENCE)["exchanges"][0]["number"] == 1
