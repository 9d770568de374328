"""A server that is killed in the middle of anything leaves nothing behind that stops the next one on the same port."""

from __future__ import annotations

import contextlib
import json
import random
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.raw_http import TIMEOUT
from tests.running.process import DEADLINE, command, environment, run

from .doors import CALL, door

KILLS = 3
CONTACTS = 5_000
CLIENTS = 4


def free_port() -> int:
    """A port that nobody listens on, for a server that is started again and again on it."""
    with socket.socket() as plug:
        plug.bind(("127.0.0.1", 0))
        return int(plug.getsockname()[1])


class Killed:
    """A server in a process of its own, on a port that stays the same, to be killed."""

    def __init__(self, folder: Path, *options: str) -> None:
        self._folder = folder
        self.port = free_port()
        self._command = [*command(), "serve", "--port", str(self.port), "--log-format", "none", *options]

    def start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self._command,
            env={**environment(), "TMPDIR": str(self._folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    @contextlib.contextmanager
    def serving(self) -> Iterator[subprocess.Popen[str]]:
        """The server, once a SOAP login has worked on it; killed at the end."""
        process = self.start()
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            assert said, f"it does not start again: {process.communicate(timeout=DEADLINE)[1]}"
            assert f":{self.port}" in json.loads(said)["url"]
            yield process
        finally:
            process.kill()
            process.communicate(timeout=DEADLINE)


def hammer(port: int, request: bytes, enough: threading.Event, calls: int) -> None:
    """Call again and again until the server is gone; ``enough`` is set when so many have been answered."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), TIMEOUT) as plug:
        plug.settimeout(TIMEOUT)
        while True:
            plug.sendall(request)
            if not plug.recv(1 << 20):
                return
            calls -= 1
            if calls == 0:
                enough.set()


@contextlib.contextmanager
def load_on(port: int, request: bytes, calls: int) -> Iterator[threading.Event]:
    """Clients that call until the server is gone."""
    enough = threading.Event()
    threads = [threading.Thread(target=hammer, args=(port, request, enough, calls)) for _ in range(CLIENTS)]
    for one in threads:
        one.start()
    try:
        yield enough
    finally:
        for one in threads:
            one.join(DEADLINE)


@pytest.fixture(scope="module")
def request_bytes() -> Iterator[bytes]:
    with door() as one:
        yield one.call(CALL)


def control(port: int, method: str, path: str, body: Any = None) -> bytes:
    """A request to the control API."""
    data = b"" if body is None else json.dumps(body).encode()
    head = f"{method} /control/v1{path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {len(data)}\r\n"
    return f"{head}Content-Type: application/json\r\n\r\n".encode() + data


SEED = {
    "skillsets": [{"skillset_id": 1, "name": "Sales"}],
    "campaigns": [{"campaign_id": 1, "name": "Spring", "skillset": 1, "generate": {"count": CONTACTS}}],
}
WORK: dict[str, Callable[[int], bytes]] = {
    "calls": lambda port: b"",
    "loading a seed": lambda port: control(port, "PUT", "/centers/default/seed", SEED),
    "giving a seed": lambda port: control(port, "GET", "/centers/default/seed"),
    "half a body": lambda port: control(port, "PUT", "/centers/default/seed", SEED)[:-10],
}


@pytest.mark.slow
@pytest.mark.parametrize("work", WORK.values(), ids=WORK.keys())
def test_a_server_killed_under_load_is_started_again_on_the_same_port(
    work: Callable[[int], bytes], request_bytes: bytes, tmp_path: Path
) -> None:
    dice = random.Random(str(work))
    server = Killed(tmp_path, "--contacts", "1000")
    for _ in range(KILLS):
        calls = dice.randint(1, 200)
        with (
            server.serving() as process,
            load_on(server.port, request_bytes, calls) as enough,
            socket.create_connection(("127.0.0.1", server.port), TIMEOUT) as plug,
        ):
            plug.sendall(work(server.port))
            assert enough.wait(DEADLINE)
            process.kill()
    with server.serving():
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [("--tls", "adhoc"), ("--tls", "adhoc", "--control-port", "0"), ("--control-token", "abcdefghijklmnop1234")],
    ids=["TLS", "TLS and a control port", "a token"],
)
def test_no_certificate_or_token_is_in_the_way_of_the_next(options: tuple[str, ...], tmp_path: Path) -> None:
    server = Killed(tmp_path, *options)
    for _ in range(KILLS):
        with server.serving():
            pass
    for left in tmp_path.rglob("*"):
        assert left.is_dir() or b"PRIVATE KEY" not in left.read_bytes(), "what is left is no secret"


@pytest.mark.slow
def test_a_server_killed_while_it_starts_is_started_again(tmp_path: Path) -> None:
    dice = random.Random(7)
    server = Killed(tmp_path, "--tls", "adhoc", "--contacts", "20000")
    for _ in range(2 * KILLS):
        process = server.start()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(dice.uniform(0.05, 2.0))
        process.kill()
        process.communicate(timeout=DEADLINE)
    with server.serving():
        pass


@pytest.mark.slow
def test_an_export_that_is_killed_leaves_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    dice = random.Random(11)
    server = Killed(tmp_path, "--contacts", str(CONTACTS))
    path = tmp_path / "now.json"
    with server.serving():
        arguments = ["seed", "export", "--url", f"http://127.0.0.1:{server.port}", "--output", str(path)]
        assert run(*arguments).returncode == 0
        whole = path.stat().st_size
        for _ in range(KILLS):
            process = subprocess.Popen([*command(), *arguments], env=environment(), stderr=subprocess.DEVNULL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(dice.uniform(0.3, 3.0))
            process.kill()
            process.wait(DEADLINE)
            assert path.stat().st_size == whole
            json.loads(path.read_bytes())
