"""A set-up that is broken is never a pass, and no run leaves a session open, however it ends."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from ccmm_contracts.answer import Answer
from ccmm_contracts.caller import Caller
from ccmm_contracts.errors import ContractBroken
from ccmm_contracts.report import ExitCode, Outcome, Report
from ccmm_contracts.run import run_server
from ccmm_contracts.stage import Stage
from ccmm_contracts.target import ServerOptions

from fake_ccmm import FakeCcmm, Profile
from fake_ccmm.calls import CallPattern
from fake_ccmm.center import ContactCenter
from fake_ccmm.errors import Postponed
from fake_ccmm.faults import FaultRule, HttpError, Reset

CAMPAIGN = 26
"""A campaign of the demo center that runs."""

SOME = ("S4", "C1", "E2.types")
WRITING = ("A4.how", "A1", "X1", "C3", "X6")


@pytest.fixture
def ccmm() -> Iterator[FakeCcmm]:
    # Without a limit a run that waits for real has nothing to wait for, once it has seen that there is none.
    with FakeCcmm(log=None, profile=Profile(limit_seconds=0)) as ccmm:
        yield ccmm


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that takes connections, and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


class _Page(BaseHTTPRequestHandler):
    """A web server that has the same page everywhere."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>It works!</html>")

    do_POST = do_GET

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def page() -> Iterator[str]:
    """The address of a web server that knows nothing of campaigns."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def run(url: str, **options: Any) -> Report:
    """The report of a run."""
    return run_server(ServerOptions(url=url, **options), lambda event: None)


def as_a_real_one(ccmm: FakeCcmm, **options: Any) -> ServerOptions:
    """The mock, treated as any other server."""
    return ServerOptions(url=ccmm.url, control=False, user=ccmm.user, password=ccmm.password, **options)


def check_proves_nothing(report: Report) -> None:
    """The run ends as a broken set-up, and says why."""
    assert report.exit_code is ExitCode.SETUP_BROKEN
    assert report.set_up or any(one.outcome is Outcome.SETUP and one.reason for one in report.results)


@pytest.mark.parametrize("control", [True, False])
def test_a_log_in_that_is_refused_is_a_broken_set_up(ccmm: FakeCcmm, control: bool) -> None:
    report = run(ccmm.url, user=ccmm.user, password="another", control=control)
    check_proves_nothing(report)
    assert report.results == ()
    assert ccmm.user in report.set_up
    assert ccmm.center.sessions() == []


def test_a_server_without_a_wsdl_is_a_broken_set_up(ccmm: FakeCcmm, page: str) -> None:
    for url in (page, f"{ccmm.url}/centers/nowhere"):
        report = run(url, user="ann", password="secret")
        check_proves_nothing(report)
        assert report.results == ()


def test_a_server_that_does_not_answer_is_a_broken_set_up(silent: str) -> None:
    report = run(silent, user="ann", password="secret", timeout=0.1)
    check_proves_nothing(report)
    assert report.results == ()


def test_a_port_on_which_nobody_listens_is_a_broken_set_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    check_proves_nothing(run(url, user="ann", password="secret"))


def check_broke_in_mid_run(report: Report) -> None:
    """What comes behind the contract that could not be tried is said not to have been tried, rather than to hold."""
    check_proves_nothing(report)
    at = next(at for at, one in enumerate(report.results) if one.outcome is Outcome.SETUP)
    assert {one.outcome for one in report.results[at + 1 :]} == {Outcome.SKIPPED}


@pytest.mark.parametrize("control", [True, False])
def test_a_server_that_hangs_in_mid_run_is_a_broken_set_up(
    ccmm: FakeCcmm, control: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(self: ContactCenter, key: str | None) -> None:
        raise Postponed(60)

    monkeypatch.setattr(ContactCenter, "get_campaigns", never)
    options = replace(as_a_real_one(ccmm, only=SOME, timeout=0.3), control=control)
    check_broke_in_mid_run(run_server(options, lambda event: None))
    assert ccmm.center.sessions() == []


def test_a_server_that_hangs_up_in_mid_run_is_a_broken_set_up(ccmm: FakeCcmm) -> None:
    ccmm.faults.add(FaultRule(when=CallPattern("GetCampaigns"), nth=1, do=Reset()))
    check_broke_in_mid_run(run_server(as_a_real_one(ccmm, only=SOME), lambda event: None))
    assert ccmm.center.sessions() == []


def test_error_pages_in_place_of_answers_are_no_pass(ccmm: FakeCcmm) -> None:
    ccmm.faults.add(FaultRule(when=CallPattern("GetCampaigns"), do=HttpError(503)))
    report = run_server(as_a_real_one(ccmm, only=SOME), lambda event: None)
    assert report.exit_code is not ExitCode.HOLDS
    assert ccmm.center.sessions() == []


MODES: dict[str, dict[str, Any]] = {
    "a mock": {"control": True, "user": None, "password": None, "only": (*SOME, *WRITING)},
    "a mock, as a user": {"control": True, "only": (*SOME, *WRITING)},
    "a center of its own": {"control": True, "own_center": True, "only": SOME},
    "only read": {"only": SOME},
    "written to": {"write": True, "campaign": CAMPAIGN, "only": (*SOME, *WRITING)},
}
every_mode = pytest.mark.parametrize("mode", MODES)


def options_of(ccmm: FakeCcmm, mode: str) -> ServerOptions:
    """The options of a run in a mode."""
    return replace(as_a_real_one(ccmm), **MODES[mode])


@every_mode
def test_no_session_is_left_open(ccmm: FakeCcmm, mode: str) -> None:
    report = run_server(options_of(ccmm, mode), lambda event: None)
    assert report.exit_code is ExitCode.HOLDS
    assert ccmm.center.sessions() == []


@every_mode
@pytest.mark.parametrize("nth", [1, 9])
def test_no_session_is_left_open_by_a_run_that_is_interrupted(
    ccmm: FakeCcmm, mode: str, nth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    original = Caller.call

    def call(self: Caller, operation: str, **arguments: Any) -> Answer:
        answer = original(self, operation, **arguments)
        if operation != "OutboundLogoff":
            calls.append(operation)
            if len(calls) == nth:
                raise KeyboardInterrupt
        return answer

    monkeypatch.setattr(Caller, "call", call)
    with pytest.raises(KeyboardInterrupt):
        run_server(options_of(ccmm, mode), lambda event: None)
    assert "OutboundLogin" in calls
    assert ccmm.center.sessions() == []


@every_mode
@pytest.mark.parametrize("error", [ContractBroken("not so"), RuntimeError("a fault of the kit's own")], ids=repr)
def test_no_session_is_left_open_by_a_clause_that_breaks(
    ccmm: FakeCcmm, mode: str, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(self: Stage, condition: object, message: str) -> None:
        raise error

    monkeypatch.setattr(Stage, "check", check)
    options = replace(options_of(ccmm, mode), only=("S4", "S5"))
    report = run_server(options, lambda event: None)
    is_finding = isinstance(error, ContractBroken)
    assert report.exit_code is (ExitCode.FINDINGS if is_finding else ExitCode.SETUP_BROKEN)
    assert ccmm.center.sessions() == []


def test_a_session_of_somebody_else_is_given_back(ccmm: FakeCcmm) -> None:
    key = ccmm.center.log_in(ccmm.user, ccmm.password)
    for only in (SOME, WRITING):
        assert run(ccmm.url, only=only).exit_code is ExitCode.HOLDS
    assert [one.username for one in ccmm.center.sessions()] == [ccmm.user]
    assert ccmm.center.get_campaigns(key)
