"""A client that is a program: it reads a request a line from standard input and writes an answer a line."""

from __future__ import annotations

import os
import queue
import shlex
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from typing import IO, Any

from ..errors import SetUpBroken
from .driver import ClientTimedOut
from .protocol import BadAnswer, read_answer, request_line

_LINES_KEPT = 20
_LONGEST_KEPT = 500
_SECONDS_TO_END = 2.0
_IS_WINDOWS = os.name == "nt"
_TERMINATE = int(signal.SIGTERM)
_KILL = _TERMINATE if _IS_WINDOWS else int(signal.SIGKILL)


class CommandClient:
    """Runs a command line, and starts it anew where it has ended. ``environment`` is the program's."""

    def __init__(self, command: str, environment: Mapping[str, str]) -> None:
        self._command = command
        self._environment = {**environment, "PYTHONUNBUFFERED": "1"}
        self._program: _Program | None = None
        self._words: tuple[str, ...] = ()
        self._number = 0

    def exchange(self, name: str, arguments: Mapping[str, Any], timeout: float) -> Any:
        """See :class:`ccmm_contracts.clients.driver.Client`."""
        if self._program is None:
            self._program = _Program(self._command, self._environment)
        self._number += 1
        return read_answer(self._program.answer_to(request_line(self._number, name, arguments), timeout), self._number)

    def close(self) -> None:
        """End the program: by closing its standard input, then by its process id."""
        program, self._program = self._program, None
        if program is not None:
            program.end()
            self._words = program.last_words()

    def last_words(self) -> tuple[str, ...]:
        """The newest lines of its standard error, also when it has ended."""
        return self._words if self._program is None else self._program.last_words()


class _Program:
    """One run of the command."""

    def __init__(self, command: str, environment: Mapping[str, str]) -> None:
        # A group of its own, so that what a wrapper such as a shell or npm started ends with it.
        grouped: dict[str, Any] = {} if _IS_WINDOWS else {"start_new_session": True}
        try:
            self._process = subprocess.Popen(  # noqa: S603 - the command is the user's own
                command if _IS_WINDOWS else shlex.split(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=dict(environment),
                **grouped,
            )
        except (OSError, ValueError) as error:
            raise SetUpBroken(f"cannot be started: {error}; give a command that runs in this folder") from None
        self._lines: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._errors: deque[str] = deque(maxlen=_LINES_KEPT)
        self._readers = [
            threading.Thread(target=self._read_answers, daemon=True),
            threading.Thread(target=self._read_errors, daemon=True),
        ]
        for one in self._readers:
            one.start()

    def answer_to(self, line: str, timeout: float) -> str:
        """The next line that the program writes, once it has been sent this one."""
        # A program that has died takes no request; why it did is told by what it answers: nothing.
        with suppress(OSError, ValueError):
            stdin = _there(self._process.stdin)
            stdin.write(line.encode() + b"\n")
            stdin.flush()
        try:
            answer = self._lines.get(timeout=timeout)
        except queue.Empty:
            raise ClientTimedOut(line) from None
        if answer is None:
            raise SetUpBroken(self._told_end())
        try:
            return answer.decode()
        except UnicodeDecodeError:
            raise BadAnswer(f"it wrote {answer[:100]!r}, which is not UTF-8") from None

    def end(self) -> None:
        """Ask the program to end by closing its standard input, and see to it that it does."""
        with suppress(OSError, ValueError):
            _there(self._process.stdin).close()
        self._wait()
        if self._process.poll() is None:
            self._signal(_TERMINATE)
            self._wait()
        # Also where the program itself has ended: what it started may not have.
        self._signal(_KILL)
        self._wait()
        for one in self._readers:
            one.join(_SECONDS_TO_END)
        if not any(one.is_alive() for one in self._readers):
            for stream in (self._process.stdout, self._process.stderr):
                _there(stream).close()

    def last_words(self) -> tuple[str, ...]:
        """The newest lines of its standard error."""
        return tuple(self._errors)

    def _wait(self) -> None:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_SECONDS_TO_END)

    def _signal(self, which: int) -> None:
        """Send the program and all in its group a signal; where there are no groups, end the program."""
        with suppress(OSError):
            if _IS_WINDOWS:
                self._process.kill()
            else:
                os.killpg(self._process.pid, which)

    def _told_end(self) -> str:
        self._wait()
        status = self._process.poll()
        if status is None:
            return "closed its standard output, so that nothing it answers can come"
        return f"ended by signal {-status}" if status < 0 else f"ended with status {status}"

    def _read_answers(self) -> None:
        for line in _there(self._process.stdout):
            if line.strip():
                self._lines.put(line.rstrip(b"\r\n"))
        self._lines.put(None)

    def _read_errors(self) -> None:
        for line in _there(self._process.stderr):
            self._errors.append(line.decode(errors="replace").rstrip()[:_LONGEST_KEPT])


def _there(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise ValueError("the program has no such stream")
    return stream
