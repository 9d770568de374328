"""The commands that steer a running server, such as ``fake-ccmm clock``, and the client that they use."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from fake_ccmm import FakeCcmm
from fake_ccmm.control_client import ControlClient, ControlError, path_of
from fake_ccmm.errors import SetupError
from fake_ccmm.faults.rules import Action
from fake_ccmm.kinds import kind_of, members
from fake_ccmm.seed import read_seed
from fake_ccmm.seed.shape import field_names

from .process import DEADLINE, Serving, environment
from .process import run_here as run
from .soap import call, log_in

NOBODY = "http://127.0.0.1:9"
"""Where nobody listens: the port is below those that systems hand out."""

COMMANDS = (
    *(("seed", name) for name in ("export", "load")),
    ("journal",),
    *(("clock", *name) for name in ((), ("show",), ("freeze",), ("run",), ("set",), ("advance",), ("real",))),
    *(("faults", *name) for name in ((), ("list",), ("add",), ("remove",), ("clear",))),
    ("reset",),
    *(("snapshot", name) for name in ("save", "restore", "list", "drop")),
    *(("centers", name) for name in ("list", "create", "delete")),
)


@pytest.fixture(scope="module")
def serving() -> Iterator[Serving]:
    """A server that tests share; each has a center of its own."""
    with Serving("--log-format", "none") as one:
        yield one


@pytest.fixture
def center(serving: Serving, request: pytest.FixtureRequest) -> Center:
    """A center like the demo center, which no other test has."""
    name = f"c{zlib.crc32(request.node.name.encode())}"
    ControlClient(serving.facts["url"]).request("PUT", path_of("centers", name))
    return Center(serving, name)


class Center:
    """A center of the shared server, reached by commands and by calls."""

    def __init__(self, serving: Serving, name: str) -> None:
        self.name = name
        self._url = serving.facts["url"]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command for this center."""
        return run(*arguments, "--url", self._url, "--center", self.name)

    def do(self, *arguments: str) -> str:
        """What a command for this center prints that does as it should."""
        done = self.run(*arguments)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    def url(self, service: str) -> str:
        return f"{self._url}/centers/{self.name}/ccmmoutboundwebservices/Outbound{service}WS.asmx"

    def log_in(self) -> str:
        return log_in(self.url("Utility"), "apiuser", "apipassword")

    def close(self, key: str, contact_id: int) -> str:
        """Close a contact of the first campaign."""
        return call(
            self.url("Contact"),
            "CloseContact",
            campaignId="26",
            contactId=str(contact_id),
            customFieldSpecified="false",
            closedReasonCodeValue="0",
            closedReasonCodeSpecified="false",
            sessionKey=key,
        )


# --- journal ----------------------------------------------------------------------------------------------------------


def test_the_journal_has_a_line_for_each_exchange(center: Center) -> None:
    key = center.log_in()
    center.close(key, 7)
    center.close(key, 8)
    lines = center.do("journal").splitlines()
    assert lines[0] == "1. OutboundLogin(username='apiuser') by apiuser: ok"
    assert re.fullmatch(r"2\. CloseContact\(campaign_id=26, contact_id=7.*\) by apiuser: ok", lines[1])
    assert re.fullmatch(r"3\. CloseContact\(.*\) by apiuser: refused too_soon \(X5\)", lines[2])
    assert key not in "".join(lines)


@pytest.mark.parametrize(
    ("conditions", "numbers"),
    [
        (["--operation", "CloseContact"], [2, 3]),
        (["--user", "apiuser", "--after", "1"], [2, 3]),
        (["--outcome", "refused"], [3]),
        (["--refusal", "too_soon"], [3]),
        (["--rule", "X5"], [3]),
        (["--status", "200"], [1, 2]),
        (["--limit", "2"], [2, 3]),
        (["--argument", "contact_id=7"], [2]),
        (["--argument", "username=apiuser", "--operation", "OutboundLogin"], [1]),
        (["--argument", "contact_id=7", "--argument", "campaign_id=27"], []),
    ],
)
def test_conditions_pick_exchanges_out(center: Center, conditions: list[str], numbers: list[int]) -> None:
    key = center.log_in()
    center.close(key, 7)
    center.close(key, 8)
    found = json.loads(center.do("journal", "--json", *conditions))
    assert [one["number"] for one in found["exchanges"]] == numbers
    assert found["total"] == 3


def test_a_journal_in_which_nothing_matches_says_so_besides_the_output(center: Center) -> None:
    center.log_in()
    done = center.run("journal", "--operation", "CloseContact")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr == "nothing matches; there were 1 exchanges in all\n"


def test_what_came_in_and_went_out_is_printed_byte_for_byte_with_secrets_only_if_asked(center: Center) -> None:
    key = center.log_in()
    request, response = (center.do("journal", "--raw", "1", side) for side in ("request", "response"))
    assert "<password>***</password>" in request
    assert "<OutboundLoginResult>***</OutboundLoginResult>" in response
    assert "<password>apipassword</password>" in center.do("journal", "--raw", "1", "request", "--secrets")
    assert key in center.do("journal", "--raw", "1", "response", "--secrets")
    assert key in center.do("journal", "--json", "--secrets")


def test_the_journal_can_be_forgotten(center: Center) -> None:
    center.log_in()
    assert center.do("journal", "--clear") == ""
    assert json.loads(center.do("journal", "--json"))["exchanges"] == []


def test_an_exchange_that_never_was_is_refused(center: Center) -> None:
    done = center.run("journal", "--raw", "99", "request")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("fake-ccmm: the server says: exchange 99 never was")


# --- clock ------------------------------------------------------------------------------------------------------------


def test_the_clock_is_frozen_set_and_advanced(center: Center) -> None:
    assert center.do("clock", "freeze", "2026-03-01T08:00:00Z") == "2026-03-01T08:00:00Z frozen\n"
    assert center.do("clock", "advance", "1.5") == "2026-03-01T08:00:01.500000Z frozen\n"
    assert center.do("clock", "set", "2026-03-02T01:00:00+01:00") == "2026-03-02T00:00:00Z frozen\n"
    assert center.do("clock") == center.do("clock", "show") == "2026-03-02T00:00:00Z frozen\n"


def test_the_clock_runs_on_and_goes_back_to_the_machines_time(center: Center) -> None:
    assert center.do("clock").endswith("Z running\n")
    assert re.search(r"Z running, 90\.\d+ seconds ahead of this machine\n", center.do("clock", "advance", "90"))
    center.do("clock", "freeze", "2020-01-01")
    assert re.search(r"^2020-01-01T.*Z running, .* seconds behind this machine\n", center.do("clock", "run"))
    assert center.do("clock", "real").endswith("Z running\n")


def test_the_limit_of_one_second_goes_by_the_clock(center: Center) -> None:
    key = center.log_in()
    center.do("clock", "freeze")
    assert "<CloseContactResult>" in center.close(key, 7)
    assert "<ErrorNumber>2840</ErrorNumber>" in center.close(key, 8)
    center.do("clock", "advance", "1")
    assert "<CloseContactResult>" in center.close(key, 8)


# --- faults -----------------------------------------------------------------------------------------------------------


def test_a_fault_is_added_strikes_and_is_removed(center: Center) -> None:
    told = center.do("faults", "add", "soap-fault", "text=Not so fast", "number=2899", "--operation", "OutboundLogin")
    rule = "fault-1: SOAP fault 'Not so fast' in place of carrying the call out, at each OutboundLogin"
    assert told == f"{rule} (matched 0, struck 0)\n"
    answer = center.log_in()
    assert "<faultstring>Not so fast</faultstring>" in answer
    assert "<ErrorNumber>2899</ErrorNumber>" in answer
    assert center.do("faults") == center.do("faults", "list") == f"{rule} (matched 1, struck 1)\n"
    assert center.do("faults", "remove", "fault-1") == ""
    assert center.do("faults") == ""
    assert center.log_in().endswith("__apiuser")


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (
            ["reset", "--operation", "CloseContact", "--nth", "3"],
            {"do": {"kind": "reset", "carried_out": True}, "nth": 3},
        ),
        (["http-error", "status=500", "--rate", "0.1"], {"do": {"kind": "http-error", "status": 500}, "rate": 0.1}),
        (["soap-fault", "text=500", "code=Client"], {"do": {"kind": "soap-fault", "text": "500", "code": "Client"}}),
        (["empty", "carried_out=false"], {"do": {"kind": "empty", "carried_out": False}}),
        (["campaign-closes", "campaign_id=26", "status=Closed"], {"do": {"status": "Closed", "campaign_id": 26}}),
        (["delay", "seconds=0.5"], {"do": {"distribution": {"kind": "fixed", "seconds": 0.5, "most": 3600}}}),
        (["delay", "lowest=1", "highest=2"], {"do": {"distribution": {"kind": "uniform", "lowest": 1}}}),
        (["delay", "mean=1", "deviation=2"], {"do": {"distribution": {"kind": "normal", "deviation": 2}}}),
        (["delay", "median=1", "sigma=2"], {"do": {"distribution": {"kind": "log-normal", "sigma": 2}}}),
        (["delay", "mean=1", "most=5"], {"do": {"distribution": {"kind": "exponential", "mean": 1, "most": 5}}}),
        (["too-soon", "--skip", "1", "--budget", "2", "--name", "x"], {"skip": 1, "budget": 2, "name": "x"}),
        (
            ["reset", "--user", "ann", "--argument", "campaign_id=26", "--argument", "contact.first_name=Zoë"],
            {"when": {"user": "ann", "arguments": {"campaign_id": 26, "contact.first_name": "Zoë"}}},
        ),
        (['{"do": {"kind": "slow", "bytes_per_second": 9}, "every": 2}'], {"do": {"bytes_per_second": 9}, "every": 2}),
    ],
)
def test_a_rule_is_what_the_command_line_says(center: Center, arguments: list[str], rule: dict[str, object]) -> None:
    center.do("faults", "add", *arguments)
    (added,) = json.loads(center.do("faults", "list", "--json"))
    assert holds(added, rule), added


def holds(found: object, expected: object) -> bool:
    """Whether what was found has all that is expected, and maybe more."""
    if isinstance(expected, dict) and isinstance(found, dict):
        return all(name in found and holds(found[name], value) for name, value in expected.items())
    return found == expected


def test_listed_rules_can_be_added_again_from_a_file(center: Center, tmp_path: Path) -> None:
    center.do("faults", "add", "reset", "--nth", "3", "--operation", "CloseContact")
    center.do("faults", "add", "reject-key", "--every", "2")
    file = tmp_path / "rules.json"
    file.write_text(center.do("faults", "list", "--json"), "utf-8")
    listed = center.do("faults")
    assert center.do("faults", "clear") == ""
    assert center.do("faults", "add", f"@{file}") == listed
    assert center.do("faults") == listed


def test_a_rule_that_makes_no_sense_is_refused_with_all_that_is_wrong(center: Center) -> None:
    done = center.run("faults", "add", "second-login", "--operation", "GetCampaigns")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("fake-ccmm: the server says: ")
    assert "GetCampaigns" in done.stderr
    done = center.run("faults", "add", '{"do": {"kind": "slow"}, "whn": {}}')
    assert done.returncode == 1
    assert "bytes_per_second" in done.stderr
    assert "whn" in done.stderr


def test_the_help_of_faults_has_every_kind_with_its_parameters() -> None:
    told = run("faults", "add", "--help").stdout
    for member in members(Action):
        (line,) = re.findall(rf"^  {kind_of(member)} .*", told, re.MULTILINE)
        words = set(field_names(member)) - {"kind", "distribution"}
        assert {word for word in words if not re.search(rf"\b{word}\b", line)} == set()


# --- seeds, snapshots, centers ----------------------------------------------------------------------------------------


def test_a_seed_is_loaded_with_the_contacts_of_its_file(center: Center, tmp_path: Path) -> None:
    seed = tmp_path / "site.yaml"
    seed.write_text(
        "administrators: [{username: ann, password: secret}]\n"
        "campaigns: [{campaign_id: 7, name: Autumn, contacts_file: people.csv}]\n",
        "utf-8",
    )
    (tmp_path / "people.csv").write_text("first_name\nZoë\nBob\n", "utf-8")
    told = center.do("seed", "load", str(seed))
    assert told == f"{center.name}: 1 campaign, 2 contacts, 0 sessions, 0 exchanges\n"
    assert log_in(center.url("Utility"), "ann", "secret").endswith("__ann")


def test_a_bad_seed_is_refused_before_it_is_sent(center: Center, tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text("campains = []\n", "utf-8")
    done = center.run("seed", "load", str(file))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"fake-ccmm: {file}: campains: there is no such field")


@pytest.mark.parametrize("format", ["toml", "yaml", "json"])
def test_an_exported_seed_gives_the_same_center_again(center: Center, format: str, tmp_path: Path) -> None:
    file = tmp_path / f"now.{format}"
    assert center.do("seed", "export", "--output", str(file)) == ""
    assert center.do("seed", "export", "--format", format) == file.read_text("utf-8")
    assert len(read_seed(file).campaigns) == 8
    center.do("seed", "load", str(file))
    assert center.do("seed", "export", "--format", format) == file.read_text("utf-8")


def test_a_snapshot_is_saved_restored_and_dropped(center: Center) -> None:
    assert center.do("snapshot", "list") == ""
    center.do("clock", "freeze", "2026-03-01")
    assert center.do("snapshot", "save", "before") == ""
    center.do("clock", "advance", "60")
    assert center.do("snapshot", "restore", "before") == ""
    assert center.do("clock") == "2026-03-01T00:00:00Z frozen\n"
    assert center.do("snapshot", "list") == "before\n"
    assert center.do("snapshot", "drop", "before") == ""
    done = center.run("snapshot", "restore", "before")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no snapshot is named 'before'" in done.stderr


def test_a_reset_brings_the_start_back(center: Center) -> None:
    first = center.log_in()
    center.do("faults", "add", "reset")
    assert center.do("reset") == ""
    assert center.do("faults") == ""
    assert center.log_in() not in ("", first)


def test_centers_are_created_listed_and_deleted(serving: Serving, tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_text(json.dumps({"administrators": [{"username": "ann", "password": "secret"}]}), "utf-8")
    where = ("--url", serving.facts["url"])
    created = run("centers", "create", "alice", "--seed", str(file), *where)
    assert created.returncode == 0
    utility = created.stdout.splitlines()[0]
    assert utility == f"{serving.facts['url']}/centers/alice/ccmmoutboundwebservices/OutboundUtilityWS.asmx"
    assert log_in(utility, "ann", "secret").endswith("__ann")
    listed = run("centers", "list", *where).stdout.splitlines()
    assert listed[0].startswith("default: 8 campaigns, 1,811 contacts, ")
    assert "alice: 0 campaigns, 0 contacts, 1 session, 1 exchange" in listed
    again = run("centers", "create", "alice", *where)
    assert (again.returncode, again.stdout) == (1, "")
    assert run("centers", "delete", "alice", *where).returncode == 0
    assert "alice" not in run("centers", "list", *where).stdout


def test_a_center_that_is_not_there_is_said(serving: Serving) -> None:
    done = run("clock", "--url", serving.facts["url"], "--center", "no body")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "fake-ccmm: the server says: no center is named 'no body'; create it first\n"


# --- which server -----------------------------------------------------------------------------------------------------


def test_the_address_comes_from_the_environment_or_the_command_line(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_CCMM_URL", serving.facts["url"])
    assert run("clock").returncode == 0
    monkeypatch.setenv("FAKE_CCMM_URL", NOBODY)
    assert run("clock").returncode == 1
    assert run("clock", "--url", serving.facts["control"]).returncode == 0
    assert run("clock", "--url", serving.facts["url"], "show").returncode == 0


def test_a_server_with_a_token_is_steered_by_those_who_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with Serving("--control-token", "let-me-in", "--control-port", "0", "--log-format", "none") as one:
        where = ("--url", one.facts["control"])
        assert "control_token" not in one.facts
        refused = run("reset", *where)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert refused.stderr.endswith("give the server's token with --token, or in FAKE_CCMM_TOKEN\n")
        assert run("reset", *where, "--token", "let-me-in").returncode == 0
        monkeypatch.setenv("FAKE_CCMM_TOKEN", "let-me-in")
        assert run("reset", *where).returncode == 0
        assert run("reset", "--url", one.facts["url"]).returncode == 1, "the services' port has no control API"


def test_a_server_without_control_api_is_not_steered() -> None:
    with Serving("--no-control", "--log-format", "none") as one:
        assert "control" not in one.facts
        done = run("reset", "--url", one.facts["url"])
    assert (done.returncode, done.stdout) == (1, "")
    assert "with 404 Not Found, in no way that the control API of fake-ccmm does" in done.stderr


def test_a_server_over_https_is_steered_by_those_who_trust_it() -> None:
    with Serving("--tls", "adhoc", "--log-format", "none") as one:
        assert run("clock", "--url", one.facts["url"], "--ca", one.facts["ca"]).returncode == 0
        done = run("clock", "--url", one.facts["url"])
        plain = run("clock", "--url", one.facts["url"].replace("https:", "http:"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "shows a certificate that is not trusted" in done.stderr
    assert "give its CA file, as with --ca FILE" in done.stderr
    assert (plain.returncode, plain.stdout) == (1, "")


def test_a_server_that_is_not_there_is_said_with_how_to_start_one() -> None:
    done = run("reset", "--url", NOBODY)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"fake-ccmm: the server at {NOBODY} is not there: nothing listens; 'fake-ccmm serve' starts one\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["clock", "--url", "localhost:8000"],
            "the url of a server is such as http://127.0.0.1:8000, not 'localhost:8000'",
        ),
        (["clock", "--url", "http://x:y"], "the url of a server is such as http://127.0.0.1:8000"),
        (["clock", "--token", "zu früh"], "a token is printable ASCII text"),
        (["clock", "set"], "the following arguments are required: AT"),
        (["clock", "set", "tomorrow"], "a time is such as 2026-01-31T08:00:00Z, not 'tomorrow'"),
        (["clock", "set", "0001-01-01T00:00:00+14:00"], "a time is such as 2026-01-31T08:00:00Z"),
        (["clock", "advance", "-1"], "seconds are a number that is 0 or more, not '-1'"),
        (["clock", "advance", "nan"], "seconds are a number that is 0 or more, not 'nan'"),
        (["journal", "--raw", "1", "both"], "--raw takes the number of an exchange and one of request, response"),
        (["journal", "--clear", "--user", "ann"], "--clear goes with no condition"),
        (["journal", "--raw", "1", "request", "--json"], "--raw goes with no condition, and not with --json"),
        (["journal", "--argument", "contact_id"], "this is NAME=VALUE, not 'contact_id'"),
        (["faults", "add", "restet"], "nothing of the kind 'restet' can go wrong; did you mean 'reset'?"),
        (["faults", "add", "reset", "times=3"], "reset has no parameter 'times'; there are: carried_out"),
        (["faults", "add", "too-soon", "times=3"], "too-soon has no parameter 'times'; it has none"),
        (["faults", "add", "delay", "mean=1", "sigma=1"], "delay takes one of: seconds, lowest and highest, mean and "),
        (["faults", "add", "reset", "--rate", "2"], "a share is above 0 and at most 1, such as 0.1, not '2'"),
        (["faults", "add", '{"do": {}}', "--nth", "3"], "a rule in JSON says everything itself"),
        (["snapshot"], "the following arguments are required: COMMAND"),
    ],
)
def test_a_wrong_command_line_has_an_exit_status_of_its_own(arguments: list[str], said: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr.splitlines()[-1]


def test_a_file_of_rules_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    missing = run("faults", "add", f"@{file}")
    assert missing.stderr == f"fake-ccmm: {file}: cannot be read: No such file or directory\n"
    file.write_text("{", "utf-8")
    bad = run("faults", "add", f"@{file}")
    assert bad.stderr.startswith(f"fake-ccmm: @{file} is not JSON: ")
    assert (missing.returncode, bad.returncode) == (1, 1)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_help_of_each_command_says_which_server_and_has_an_example(command: tuple[str, ...]) -> None:
    told = run(*command, "--help").stdout
    assert "FAKE_CCMM_URL" in told
    assert ("--center" in told) == (command[0] != "centers")
    assert f"  fake-ccmm {' '.join(command)}" in told.partition("\nexamples:\n")[2]


# --- the client alone -------------------------------------------------------------------------------------------------


@pytest.fixture
def strange() -> Iterator[str]:
    """The address of a server that is not fake-ccmm."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"{" if "json" in self.path else b"\xff"
            self.send_response(200)
            self.send_header("Content-Type", "application/json" if "json" in self.path else "image/png")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_answer_that_is_not_what_it_says_is_an_error(strange: str) -> None:
    client = ControlClient(strange)
    with pytest.raises(ControlError, match=r"answered GET /control/v1/json with what is no application/json"):
        client.request("GET", "/json")
    assert client.request("GET", "/picture") == b"\xff"


def test_what_the_server_refuses_is_told_with_status_and_places() -> None:
    with FakeCcmm(log=None) as ccmm, pytest.raises(ControlError) as told:
        ControlClient(ccmm.url).request("PUT", "/centers/default/seed", {"campaigns": [{"campaign_id": "7"}]})
    error = told.value
    assert error.status == 422
    places = {str(one["place"]): str(one["message"]) for one in error.errors}
    assert places.keys() == {"campaigns[0].campaign_id", "campaigns[0].name"}
    assert str(error).startswith("the server says: ")
    for place, message in places.items():
        assert f"{place}: {message}" in str(error)


def test_a_seed_is_loaded_in_any_format_by_its_content_type() -> None:
    with FakeCcmm(log=None) as ccmm:
        client = ControlClient(ccmm.url + "/")
        text = 'administrators = [{username = "ann", password = "secret"}]'
        assert client.request("PUT", "/centers/default/seed", text, "application/toml")["users"] == ["ann"]
        exported = client.request("GET", "/centers/default/seed", query={"format": "yaml"})
        assert exported.startswith("administrators:\n")


@pytest.mark.parametrize(
    "url", ["", "http://", "ftp://x", "http://a b", "http://x/?q", "http://x/\n", "http://x:99999"]
)
def test_an_url_that_can_be_no_servers_is_refused(url: str) -> None:
    with pytest.raises(SetupError, match="the url of a server is such as"):
        ControlClient(url)


def test_a_ca_file_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    with pytest.raises(SetupError, match="cannot be read as the file of a CA"):
        ControlClient("https://localhost", ca_file=file)
    file.write_text("no certificate", "utf-8")
    with pytest.raises(SetupError, match="cannot be read as the file of a CA"):
        ControlClient("https://localhost", ca_file=file)


def test_the_commands_are_declared_without_what_only_some_of_them_need() -> None:
    script = "import sys, fake_ccmm.cli; fake_ccmm.cli.make_parser(); print([n for n in {names} if n in sys.modules])"
    names = ["pydantic", "yaml", "tomli_w", "uvicorn", "lxml", "spyne", "http.client", "fake_ccmm.seed"]
    assert get_output(script.format(names=names)) == "[]\n"


def get_output(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=DEADLINE,
        check=True,
    )
    return done.stdout
