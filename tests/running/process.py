"""The command line as a user has it: real processes, read with a deadline and never left behind."""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import fake_ccmm
from fake_ccmm.cli import main

DEADLINE = 30.0
"""Seconds after which what has not happened fails the test; nothing here takes one of them on an idle machine."""

SOURCE = Path(fake_ccmm.__file__).parent.parent
_IN_PLACE = (sys.executable, "-c", "import sys; from fake_ccmm.cli import main; sys.exit(main())")


def command() -> list[str]:
    """How to run fake-ccmm: the program that FAKE_CCMM_COMMAND names, or this Python with this source."""
    named = os.environ.get("FAKE_CCMM_COMMAND")
    return [named] if named else list(_IN_PLACE)


def environment() -> dict[str, str]:
    """The environment of the command; a named program must find its package by itself."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return own if "FAKE_CCMM_COMMAND" in own else {**own, "PYTHONPATH": str(SOURCE)}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """What the command does that ends by itself."""
    return subprocess.run(
        [*command(), *arguments],
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=DEADLINE,
        check=False,
    )


def run_here(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The same in this process, which takes a hundredth of the time; how it ends as a process is for others to say."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
    with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        try:
            status = main(arguments)
        except SystemExit as end:
            status = int(end.code or 0)
    said = [stream.buffer.getvalue().decode() for stream in streams]
    return subprocess.CompletedProcess(["fake-ccmm", *arguments], status, *said)


class Output:
    """What a stream has said so far. A thread reads it, so that no test waits longer than the deadline."""

    def __init__(self, stream: IO[str]) -> None:
        self._lines: list[str] = []
        self._has_ended = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def _read(self, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                with self._changed:
                    self._lines.append(line)
                    self._changed.notify_all()
        with self._changed:
            self._has_ended = True
            self._changed.notify_all()

    def wait_for(self, is_wanted: Callable[[list[str]], Any]) -> list[str]:
        """The lines so far, once they are as wanted."""
        with self._changed:
            self._changed.wait_for(lambda: self._has_ended or is_wanted(self._lines), DEADLINE)
            assert is_wanted(self._lines), f"only this was said: {self._lines}"
            return list(self._lines)

    def to_the_end(self) -> str:
        """All of it, once the stream is closed."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._has_ended, DEADLINE), "the stream is still open"
            return "".join(self._lines)


class Serving:
    """A ``fake-ccmm serve`` on a free port, ready when the ``with`` block starts and gone when it ends."""

    def __init__(self, *options: str, command_line: Sequence[str] = (), folder: Path | None = None) -> None:
        self._command = [*(command_line or command()), "serve", "--port", "0", *options]
        self._folder = folder
        self.facts: dict[str, Any] = {}

    def __enter__(self) -> Serving:
        self.process = subprocess.Popen(
            self._command,
            env=environment(),
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.stdout, self.stderr = Output(self.process.stdout), Output(self.process.stderr)
        try:
            self.facts = json.loads(self.stdout.wait_for(len)[0])
        except BaseException as error:
            self._end()
            raise AssertionError(f"it does not serve: {self.stderr.to_the_end()}") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def url(self, service: str) -> str:
        """The address of ``utility``, ``campaign`` or ``contact``."""
        return str(self.facts["services"][service])

    def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to stop, and return its exit status."""
        self.process.send_signal(with_signal)
        return self.process.wait(DEADLINE)

    def _end(self) -> None:
        self.process.kill()
        self.process.wait(DEADLINE)
        self.stdout.to_the_end()
        self.stderr.to_the_end()
