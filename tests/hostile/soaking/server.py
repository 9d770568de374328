"""A ``fake-ccmm serve`` in a process of its own that is watched: what it logs, what it takes of the machine."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from tests.raw_http import Site
from tests.running.process import command, environment

DEADLINE = 30.0
"""Seconds for the server to start, to stop, and to answer anything at all."""

_KEPT = 100


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process takes: kilobytes of memory, open descriptors, threads. -1 where the system does not tell."""

    kilobytes: int
    descriptors: int
    threads: int


def usage_of(pid: int) -> Usage:
    """What a process takes now."""
    folder = Path("/proc") / str(pid)
    if not folder.is_dir():
        return Usage(_kilobytes_by_ps(pid), -1, -1)
    pages = int((folder / "statm").read_text("ascii").split()[1])
    size = os.sysconf("SC_PAGE_SIZE") if sys.platform != "win32" else 4096
    return Usage(pages * size // 1024, len(os.listdir(folder / "fd")), len(os.listdir(folder / "task")))


def _kilobytes_by_ps(pid: int) -> int:
    try:
        told = subprocess.run(
            ["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True, timeout=DEADLINE
        )
        return int(told.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return -1


class LogWatch:
    """Looks through what a server logs, line by line, and keeps what should not be there.

    From the first request on, each line is JSON about one request, and holds no secret. Anything else is wrong.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        self.secrets = list(secrets)
        self.lines = 0
        self.wrong: list[str] = []
        self.newest: deque[str] = deque(maxlen=20)
        self._is_starting = True

    def see(self, line: str) -> None:
        """Look at one more line."""
        self.newest.append(line)
        self._is_starting = self._is_starting and not line.startswith(("{", "Traceback"))
        if self._is_starting:
            return
        self.lines += 1
        if line.startswith("{"):
            secret = next((one for one in self.secrets if one in line), None)
            if secret is not None:
                self._keep(f"a secret is in the log: {line.strip().replace(secret, '<the secret>')}")
        elif line.strip():
            self._keep(f"the log says: {line.strip()}")

    def taken(self) -> list[str]:
        """What was wrong since this was last asked for."""
        found, self.wrong = self.wrong, []
        return found

    def _keep(self, wrong: str) -> None:
        if len(self.wrong) < _KEPT:
            self.wrong.append(wrong)


class WatchedServer:
    """A server on a free port, there while the ``with`` block runs.

    ``options`` are those of ``fake-ccmm serve``; no line of its log may hold one of the ``secrets``.
    """

    def __init__(self, *options: str, secrets: Sequence[str] = ()) -> None:
        self._command = [*command(), "serve", "--port", "0", "--log-format", "json", *options]
        self.log = LogWatch(secrets)
        self._first: queue.SimpleQueue[str] = queue.SimpleQueue()

    def __enter__(self) -> WatchedServer:
        self._process = subprocess.Popen(
            self._command,
            env={**environment(), "PYTHONFAULTHANDLER": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        )
        self._readers = [
            threading.Thread(target=self._read, args=(stream, see), daemon=True)
            for stream, see in ((self._process.stdout, self._first.put), (self._process.stderr, self.log.see))
        ]
        for one in self._readers:
            one.start()
        try:
            facts: dict[str, Any] = json.loads(self._first.get(timeout=DEADLINE))
        except (queue.Empty, ValueError):
            self._end()
            raise AssertionError(f"it does not serve: {list(self.log.newest)}") from None
        self.pid = int(facts["pid"])
        self.site = Site("127.0.0.1", int(str(facts["url"]).rpartition(":")[2]))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def usage(self) -> Usage:
        """What it takes now."""
        return usage_of(self.pid)

    def stop(self) -> int:
        """Ask it to stop, wait for its last lines, and return its exit status."""
        self._process.terminate()
        status = self._process.wait(DEADLINE)
        for one in self._readers:
            one.join(DEADLINE)
        return status

    def _end(self) -> None:
        self._process.kill()
        self._process.wait(DEADLINE)
        for one in self._readers:
            one.join(DEADLINE)

    @staticmethod
    def _read(stream: IO[str], see: Any) -> None:
        with stream:
            for line in stream:
                see(line)
