"""More connections than there is room for are refused, those that are there are served, and nothing spins or ends."""

from __future__ import annotations

import json
import logging
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import pytest

from fake_ccmm import FakeCcmm, descriptors
from fake_ccmm.bounds import Bounds
from tests.raw_http import TIMEOUT, Connection, Site
from tests.running.process import DEADLINE, command, environment

from .doors import CALL, Door, door, says_how_to_have_more

HELD = 5000
LOW = 256
IS_POSIX = sys.platform != "win32"

if IS_POSIX:
    import resource


def test_connections_over_the_bound_get_http_syss_503_and_those_there_are_served(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING, logger="fake_ccmm")
    with door({"connections": 3}) as one, ExitStack() as stack:
        there = [stack.enter_context(one.site.connection()) for _ in range(3)]
        for connection in there:
            connection.send(one.call())
            assert connection.reply().status == 500
        for _ in range(5):
            with one.site.connection() as refused:
                reply = refused.reply()
                assert (reply.status, reply.header("Connection")) == (503, "close")
                assert b"HTTP Error 503. The service is unavailable." in reply.body
        for connection in there:
            connection.send(one.call())
            assert connection.reply().status == 500
    (told,) = caplog.messages
    assert told.startswith("a new connection was refused, for 3 are open; ")
    assert says_how_to_have_more(told, "connections", 3)


def test_when_one_goes_the_next_may_come() -> None:
    with door({"connections": 1}) as one:
        for _ in range(20):
            with one.site.connection() as connection:
                connection.send(one.call())
                answered = connection.reply()
                if answered.status == 503:  # the one before is not quite gone
                    continue
                assert answered.status == 500
                connection.send_no_more()
                assert connection.is_closed_by_server()
        assert one.ccmm.journal.total > 1


def test_over_tls_they_are_refused_too() -> None:
    with door({"connections": 1}, tls="adhoc") as one, one.plug():
        one.ccmm.check_soap()  # what has not ended its handshake is not counted, and has its own deadline


@pytest.mark.skipif(not IS_POSIX, reason="no limit of open files is known there")
@pytest.mark.parametrize(("limit", "is_low"), [(20_000, False), (1_024, True), (256, True), (40, True)])
def test_room_is_kept_for_what_is_no_connection(limit: int, is_low: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(descriptors, "limit", lambda: limit)
    monkeypatch.setattr(descriptors, "_open_now", lambda: 20)
    room = descriptors.room(10_000)
    assert (room < 10_000) is is_low
    assert room >= descriptors._LEAST_CONNECTIONS
    if limit > 40:
        assert room + 20 + descriptors.backlog(room) + descriptors.lingering(room) < limit


def test_where_nothing_is_limited_the_bound_alone_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(descriptors, "limit", lambda: None)
    assert descriptors.room(10_000) == 10_000
    assert descriptors.backlog(10_000) == 2048


# --- with limits of the system's own ----------------------------------------------------------------------------------


@contextmanager
def serving(limit: int, *options: str) -> Iterator[tuple[Door, subprocess.Popen[str]]]:
    """A server in a process of its own, which may have so many files open; its lines on stderr are left to the test."""
    line = f'ulimit -S -n {min(limit, 512)} && ulimit -H -n {limit} && exec "$@"'
    process = subprocess.Popen(
        ["bash", "-c", line, "bash", *command(), "serve", "--port", "0", "--log-format", "none", *options],
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdout is not None
    try:
        port = int(json.loads(process.stdout.readline())["url"].rpartition(":")[2])
        yield Door(FakeCcmm(), Site("127.0.0.1", port), ""), process
    finally:
        process.kill()
        process.communicate(timeout=DEADLINE)


def figures(process: subprocess.Popen[str]) -> tuple[float, float]:
    """Megabytes of resident memory and seconds of processor time."""
    after_name = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(after_name[11]) + int(after_name[12])
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6, ticks / 100


def idle(one: Door, plug: socket.socket) -> None:
    pass


def half_a_head(one: Door, plug: socket.socket) -> None:
    plug.sendall(one.call()[:60])


def after_a_call(one: Door, plug: socket.socket) -> None:
    plug.sendall(one.call())
    assert plug.recv(65536).startswith(b"HTTP/1.1 500 ")


def milliseconds(one: Door, connection: Connection, calls: int) -> float:
    """How long a call takes in the middle."""
    found = []
    for _ in range(calls):
        started = perf_counter()
        connection.send(one.call(CALL))
        assert connection.reply().status == 500
        found.append(perf_counter() - started)
    return median(found) * 1000


def processor_seconds_while_waiting(process: subprocess.Popen[str], seconds: float) -> float:
    """The processor time of a server that nobody asks anything."""
    _, before = figures(process)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(seconds)
    return figures(process)[1] - before


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="no /proc with a process's figures here")


@pytest.mark.slow
@needs_proc
@pytest.mark.parametrize("do", [idle, half_a_head, after_a_call], ids=["idle", "half a head", "after a call"])
def test_thousands_of_connections_that_are_held_do_no_harm(
    do: Callable[[Door, socket.socket], None], record_property: Callable[[str, Any], None]
) -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if hard != resource.RLIM_INFINITY and hard < 2 * HELD:
        pytest.skip(f"a process may have no more than {hard} files open here; it takes {2 * HELD}")
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, HELD + 500), hard))
    try:
        with serving(2 * HELD, "--bound", f"connections={HELD + 1000}") as (one, process), ExitStack() as stack:
            client = stack.enter_context(one.site.connection())
            alone = milliseconds(one, client, 200)
            memory, _ = figures(process)
            for _ in range(HELD):
                plug = stack.enter_context(socket.create_connection(("127.0.0.1", one.site.port), TIMEOUT))
                do(one, plug)
            assert one.is_served(), "a new client"
            together = milliseconds(one, client, 200)
            each = (figures(process)[0] - memory) * 1000 / HELD
            spent = processor_seconds_while_waiting(process, 1.0)
            record_property("figures", f"{alone:.2f} ms, {together:.2f} ms, {each:.1f} KB each, {spent:.2f} s")
            assert together < 10 * alone + 5, f"{alone:.2f} ms a call alone, {together:.2f} beside the others"
            assert each < 50, f"{each:.1f} KB a connection"
            assert spent < 0.3, f"{spent:.2f} of a second while nobody asks"
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.slow
@needs_proc
@pytest.mark.parametrize("options", [(), ("--bound", "connections=100000")], ids=["as it is", "with more wanted"])
def test_a_low_limit_of_open_files_is_told_and_neither_ends_the_server_nor_keeps_it_busy(
    options: tuple[str, ...],
) -> None:
    with serving(LOW, *options) as (one, process), ExitStack() as stack:
        client = stack.enter_context(one.site.connection())
        client.send(one.call())
        assert client.reply().status == 500
        turned_away = 0
        for _ in range(LOW):
            connection = stack.enter_context(one.site.connection())
            connection.send(one.call())
            try:
                turned_away += connection.reply().status == 503
            except (AssertionError, ConnectionResetError):
                turned_away += 1
        assert turned_away > 16
        client.send(one.call())
        assert client.reply().status == 500, "who was there before is served"
        assert processor_seconds_while_waiting(process, 1.0) < 0.3
        stack.close()
        assert one.is_served() or one.is_served(), "and when they go, others are"
        process.terminate()
        _, said = process.communicate(timeout=DEADLINE)
    told = [line for line in said.splitlines() if "ulimit -n" in line]
    assert told
    assert told[0].startswith("a new connection was refused, for "), said


def test_the_bound_of_connections_is_ten_thousand() -> None:
    assert Bounds().connections == 10_000
