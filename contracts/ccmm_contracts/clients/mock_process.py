"""The mock that clients work on: one that is running, or one that the kit starts for itself and ends again."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..errors import SetUpBroken
from ..mock import Mock, find_mock
from ..target import services_base
from ..wire.http import Http

_COMMAND = "fake-ccmm"
_MODULE = "fake_ccmm"
_ARGUMENTS = ("serve", "--port", "0", "--log-format", "none")
_SECONDS_TO_START = 30.0
_SECONDS_TO_END = 5.0


def running_mock(url: str, http: Http, *, token: str | None = None, control_url: str | None = None) -> Mock:
    """The mock that is running at a url; raises SetUpBroken where there is none."""
    mock = find_mock(services_base(url), http, token=token, control_url=control_url)
    if mock is None:
        raise SetUpBroken(f"there is no mock at {url}: start one with '{_COMMAND} serve', or leave --url out")
    return mock


@contextmanager
def started_mock(http: Http) -> Iterator[Mock]:
    """A mock started for the while, on a free port; raises SetUpBroken where none can be started."""
    grouped: dict[str, Any] = {} if os.name == "nt" else {"start_new_session": True}
    try:
        # It is told its own token: a token meant for others stands in the environment perhaps.
        environment = {name: one for name, one in os.environ.items() if name != "FAKE_CCMM_TOKEN"}
        process = subprocess.Popen(  # noqa: S603 - the mock that belongs to the kit
            [*_command(), *_ARGUMENTS],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            **grouped,
        )
    except OSError as error:
        raise SetUpBroken(f"the mock cannot be started: {error}") from None
    try:
        ready = _first_line(process)
        mock = find_mock(services_base(ready["url"]), http, control_url=ready["control"])
        if mock is None:
            raise SetUpBroken(f"the mock that was started does not answer at {ready['url']}")
        yield mock
    finally:
        _end(process)


def _command() -> list[str]:
    """How the mock is started: the command beside this Python, on the path, or its module."""
    beside = Path(sys.executable).parent
    for name in (_COMMAND, f"{_COMMAND}.exe"):
        if (beside / name).is_file():
            return [str(beside / name)]
    if found := shutil.which(_COMMAND):
        return [found]
    if find_spec(_MODULE) is not None:
        return [sys.executable, "-m", _MODULE]
    raise SetUpBroken(f"there is no command {_COMMAND}: install fake-ccmm, or name a running mock with --url")


def _first_line(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """What the mock says of itself as soon as it is ready."""
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    stdout = process.stdout
    if stdout is None:
        raise ValueError("the mock was started without a standard output")
    threading.Thread(target=lambda: lines.put(stdout.readline()), daemon=True).start()
    try:
        ready: dict[str, Any] = json.loads(lines.get(timeout=_SECONDS_TO_START))
    except (queue.Empty, ValueError):
        raise SetUpBroken(f"the mock does not start; see what '{_COMMAND} serve' says") from None
    return ready


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_SECONDS_TO_END)
    if process.poll() is None:
        process.kill()
        process.wait()
    if process.stdout is not None:
        process.stdout.close()
