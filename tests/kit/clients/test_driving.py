"""How clients are driven: programs and Python objects, and what becomes of those that do not keep to the protocol."""

from __future__ import annotations

import io
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from ccmm_contracts.clients import ClientError, serve_lines
from ccmm_contracts.clients.command_client import CommandClient
from ccmm_contracts.clients.driver import ClientTimedOut, Driver, Patience
from ccmm_contracts.clients.launcher import driver_for
from ccmm_contracts.clients.python_client import PythonClient
from ccmm_contracts.errors import SetUpBroken

_HELLO = {"name": "it", "can": ["log_in"], "protocol": 1}


class Helpful:
    """A client that calls nothing."""

    name = "helpful"

    def start(self, user: str, **_: Any) -> None:
        self.user = user

    def log_in(self) -> None:
        print("debugging")
        raise ClientError("already-logged-in", f"{self.user} is there: Zoë")

    def find_contact_id(self, campaign_id: int, phone_number: dict[str, str]) -> int | None:
        return campaign_id if phone_number["phone_no"] == "1" else None

    def list_campaigns(self) -> list[Any]:
        raise KeyError("broken")

    def log_off(self) -> str:
        return "off"


@pytest.fixture
def program(tmp_path: Path) -> Any:
    """Makes a command of a Python script, which has ``answer(request_id, result)`` and ``requests``."""

    def make(script: str) -> str:
        head = (
            "import json, sys\n"
            "def answer(number, result): print(json.dumps({'id': number, 'ok': result}))\n"
            "requests = (json.loads(line) for line in sys.stdin)\n"
        )
        path = tmp_path / "client.py"
        path.write_text(head + script)
        return f'"{sys.executable}" "{path}"'

    return make


def drive(command: str, seconds: float = 20.0) -> Driver:
    return driver_for(command, Patience(seconds, 0))


def start(driver: Driver) -> None:
    driver.ask("start", services={}, user="ann", password="x", take_over=False, ca=None)


@pytest.mark.parametrize("is_program", [False, True])
def test_a_client_answers_fails_and_offers_what_it_has(is_program: bool, program: Any) -> None:
    command = program(
        f"sys.path.insert(0, {str(Path(__file__).parents[3])!r})\n"
        "from ccmm_contracts.clients import serve_lines\n"
        "from tests.kit.clients.test_driving import Helpful\n"
        "serve_lines(Helpful)\n"
    )
    with drive(command) if is_program else Driver(PythonClient(Helpful), "helpful") as driver:
        hello = driver.hello()
        assert hello.name == "helpful"
        assert hello.can == {"log_in", "find_contact_id", "list_campaigns", "log_off"}
        start(driver)
        assert driver.ask("find_contact_id", campaign_id=7, phone_number={"phone_no": "1"}) == 7
        assert driver.ask("find_contact_id", campaign_id=7, phone_number={"phone_no": "2"}) is None
        assert driver.ask("end") == "off"
        for name, kind, words in (
            ("log_in", "already-logged-in", "ann is there: Zoë"),
            ("list_campaigns", "failed", "broken"),
            ("fetch_contacts", "unsupported", "fetch_contacts"),
        ):
            with pytest.raises(ClientError, match=words) as caught:
                driver.ask(name)
            assert caught.value.kind == kind


def test_each_start_makes_a_fresh_client() -> None:
    made: list[Helpful] = []

    def make() -> Helpful:
        made.append(Helpful())
        return made[-1]

    with Driver(PythonClient(make), "helpful") as driver:
        start(driver)
        start(driver)
        driver.ask("log_off")
    assert len(set(map(id, made))) == 3


def test_lines_are_served_from_any_stream() -> None:
    requests = io.BytesIO(b'{"id": 1, "do": "hello"}\n{"id": 2, "do": "dance"}\n')
    answers = io.BytesIO()
    serve_lines(Helpful, requests=requests, answers=answers)
    first, second = (json.loads(line) for line in answers.getvalue().splitlines())
    assert first["ok"]["protocol"] == 1
    assert second["error"] == {"kind": "unsupported", "message": "there is no request 'dance'"}


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("print('ready'); answer(next(requests)['id'], {})", "'ready' to standard output, which is no JSON"),
        ("next(requests); print('[1]')", "an answer is"),
        ("next(requests); print('{\"id\": 1}')", "an answer is"),
        ("answer(next(requests)['id'] + 1, {})", "to request 1; an answer has the request's id"),
        ('next(requests); print(\'{"id": 1, "error": {"kind": "odd", "message": ""}}\')', "KIND is one of"),
        ("next(requests); sys.stdout.buffer.write(b'\\xff\\n')", "not UTF-8"),
        ("answer(next(requests)['id'], {'name': 'it'})", "it speaks protocol None"),
        ("answer(next(requests)['id'], {'name': 'it', 'can': ['fly'], 'protocol': 1})", "can = "),
        ("answer(next(requests)['id'], None)", "it answered hello with"),
        ("next(requests); print('the reason', file=sys.stderr); sys.exit(3)", "ended with status 3.*the reason"),
        ("import os; os.close(1); next(requests); next(requests)", "closed its standard output"),
        ("raise SystemExit('no such module')", "ended with status 1.*no such module"),
    ],
)
def test_a_program_that_does_not_keep_to_the_protocol_is_a_broken_set_up(script: str, told: str, program: Any) -> None:
    with drive(program(script)) as driver, pytest.raises(SetUpBroken, match=f"(?s){told}"):
        driver.hello()


@pytest.mark.parametrize(
    ("name", "result", "told"),
    [
        ("fetch_contacts", '[{"first_name": "Ann"}]', "each with its contact_id"),
        ("append_contacts", "3", "how many were appended"),
        ("find_contact_id", '"7"', "an id, or null"),
        ("contact_status", "null", "the name of a status"),
    ],
)
def test_a_result_of_another_form_is_a_broken_set_up(name: str, result: str, told: str, program: Any) -> None:
    script = f"for one in requests: answer(one['id'], json.loads({result!r}))"
    with drive(program(script)) as driver, pytest.raises(SetUpBroken, match=f"(?s)it answered {name}.*{told}"):
        driver.ask(name)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc to see which processes run")
def test_a_program_that_hangs_is_ended_with_all_it_started_and_started_anew(program: Any, tmp_path: Path) -> None:
    ids = tmp_path / "ids"
    script = (
        "import os, signal, subprocess, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(ids)!r}, 'a').write(f'{{os.getpid()}} {{child.pid}} ')\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "for one in requests:\n"
        "    if one['do'] == 'hello':\n"
        f"        answer(one['id'], {_HELLO!r})\n"
        "    else:\n"
        "        print('still at it', file=sys.stderr)\n"
        "        time.sleep(600)\n"
    )
    with drive(program(script)) as driver:
        assert driver.hello().name == "it"
        driver._patience = Patience(0.2, 0)
        with pytest.raises(ClientTimedOut, match=r"did not answer log_in within 0.2 seconds(?s:.*)still at it"):
            driver.ask("log_in")
        driver._patience = Patience(20, 0)
        assert driver.hello().name == "it"
    started = [int(one) for one in ids.read_text().split()]
    assert len(started) == 4
    assert [one for one in started if not _ends_soon(one)] == []


def test_a_python_client_that_hangs_is_given_up() -> None:
    class Hanging(Helpful):
        def log_in(self) -> None:
            time.sleep(1.0)

    with Driver(PythonClient(Hanging), "hanging", Patience(0.05, 0)) as driver:
        with pytest.raises(ClientTimedOut, match="did not answer log_in within"):
            driver.ask("log_in")
        assert driver.hello().name == "helpful"


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("python:nowhere", "names no client"),
        ("python:no_such_module_at_all:Client", "cannot be imported: ModuleNotFoundError"),
        ("python:json:no_such_factory", "has no no_such_factory"),
        ("  ", "name the client"),
    ],
)
def test_a_target_that_names_no_client_is_a_broken_set_up(target: str, told: str) -> None:
    with pytest.raises(SetUpBroken, match=told):
        driver_for(target)


def test_a_command_that_is_not_there_is_a_broken_set_up() -> None:
    with drive("no-such-command-at-all --x") as driver, pytest.raises(SetUpBroken, match="cannot be started"):
        driver.hello()


def test_a_factory_that_fails_is_a_broken_set_up() -> None:
    def make() -> Any:
        raise RuntimeError("no licence")

    with Driver(PythonClient(make), "it") as driver, pytest.raises(SetUpBroken, match="RuntimeError: no licence"):
        driver.hello()


def test_a_python_client_is_found_by_its_name() -> None:
    with driver_for(f"python:{__name__}:Helpful") as driver:
        assert driver.hello().name == "helpful"


def test_programs_write_without_delay_and_see_the_environment(program: Any) -> None:
    script = "import os\nfor one in requests: answer(one['id'], os.environ['PYTHONUNBUFFERED'] + os.environ['MINE'])"
    with Driver(CommandClient(program(script), {**os.environ, "MINE": "x"}), "it") as driver:
        assert driver.ask("contact_status") == "1x"


def test_appending_may_take_longer_by_the_contact() -> None:
    patience = Patience(60.0, 1.5)
    assert patience.of("append_contacts", {"contacts": [{}] * 4}) == 66.0
    assert patience.of("fetch_contacts", {}) == 61.5


def _ends_soon(process_id: int) -> bool:
    """Whether a process is gone, or goes shortly: one that is killed takes its moment."""
    deadline = time.monotonic() + 10
    while _is_alive(process_id) and time.monotonic() < deadline:
        os.sched_yield()
    return not _is_alive(process_id)


def _is_alive(process_id: int) -> bool:
    """Whether a process still runs; one that has ended and is nobody's child yet does not."""
    try:
        with open(f"/proc/{process_id}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
