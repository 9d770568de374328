"""Start an example as a program and talk to it: one JSON request a line, one JSON answer a line."""

from __future__ import annotations

import atexit
import functools
import json
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

from fake_ccmm import ServedCenter

CLIENTS = Path(__file__).parents[3] / "examples" / "clients"
_PATIENCE = 60.0


class ClientSaid(Exception):
    """An error that the client answered, by its kind."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind, self.message = kind, message


@dataclass(frozen=True, slots=True)
class Example:
    """An example, the command that starts it, and why it cannot be started here ("" if it can)."""

    name: str
    command: tuple[str, ...]
    missing: str = ""


class Driven:
    """A running example; killed at the end of its ``with`` block if it has not ended by then."""

    def __init__(self, example: Example) -> None:
        if example.missing:
            pytest.skip(example.missing)
        self.example = example
        self._process = subprocess.Popen(
            example.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
        )
        self._asked = 0

    def ask(self, do: str, **arguments: Any) -> Any:
        """The result of a request; raises ClientSaid for an error."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._asked += 1
        self._process.stdin.write(json.dumps({"id": self._asked, "do": do} | arguments, ensure_ascii=False) + "\n")
        self._process.stdin.flush()
        watch = threading.Timer(_PATIENCE, self._process.kill)
        watch.start()
        line = self._process.stdout.readline()
        watch.cancel()
        assert line, f"no answer to {do}: {self._process.stderr.read() if self._process.stderr else ''}"
        answer = json.loads(line)
        assert answer["id"] == self._asked
        if "error" in answer:
            raise ClientSaid(answer["error"]["kind"], answer["error"]["message"])
        return answer["ok"]

    def start(self, ccmm: ServedCenter, *, url: str = "", ca: str | None = None, **more: Any) -> Driven:
        """Have it start as the center's user, at another ``url`` than the center's if there is one."""
        base = url or ccmm.utility_url.rpartition("/")[0]
        services = {one: f"{base}/Outbound{one.title()}WS.asmx" for one in ("utility", "campaign", "contact")}
        told = {"services": services, "user": ccmm.user, "password": ccmm.password, "take_over": False, "ca": ca}
        assert self.ask("start", **told | more) is None
        return self

    def close_stdin(self) -> int:
        """Close its stdin, and return the status it exits with."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        return self._process.wait(_PATIENCE)

    def __enter__(self) -> Driven:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        for one in (self._process.stdin, self._process.stdout, self._process.stderr):
            if one is not None:
                one.close()


def _php() -> Example:
    command = ("php", str(CLIENTS / "php" / "client.php"))
    if shutil.which("php") is None:
        return Example("php", command, "php is not installed")
    modules = subprocess.run(["php", "-m"], capture_output=True, text=True, check=True).stdout.split()
    return Example("php", command, "" if "soap" in modules else "php has no ext-soap")


def _node() -> Example:
    missing = ""
    if shutil.which("node") is None:
        missing = "node is not installed"
    elif not (CLIENTS / "node" / "node_modules").is_dir():
        missing = "the packages of examples/clients/node are not installed: run npm ci there"
    return Example("node", ("node", str(CLIENTS / "node" / "client.mjs")), missing)


def _java() -> Example:
    missing = "" if shutil.which("java") else "java is not installed"
    return Example("java", ("java", str(CLIENTS / "java" / "Client.java")), missing)


def _csharp() -> Example:
    if shutil.which("mono") is None or shutil.which("mcs") is None:
        return Example("csharp", (), "mono and mcs are not installed")
    folder = tempfile.mkdtemp(prefix="ccmm-csharp-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    program = Path(folder) / "client.exe"
    sources = [str(one) for one in sorted((CLIENTS / "csharp").glob("*.cs"))]
    references = ["-r:System.Web.Services", "-r:System.Web.Extensions"]
    subprocess.run(["mcs", "-warnaserror", *references, f"-out:{program}", *sources], check=True)
    return Example("csharp", ("mono", str(program)))


def _python(name: str, needs: str = "") -> Example:
    missing = ""
    if needs:
        try:
            __import__(needs)
        except ImportError:
            missing = f"{needs} is not installed"
    return Example(name, (sys.executable, str(CLIENTS / f"{name}_client.py")), missing)


_MAKERS: dict[str, Callable[[], Example]] = {
    "raw": lambda: _python("raw"),
    "zeep": lambda: _python("zeep", "zeep"),
    "node": _node,
    "php": _php,
    "java": _java,
    "csharp": _csharp,
    "careless": lambda: _python("careless"),
}
HONEST = ("raw", "zeep", "node", "php", "java", "csharp")
"""The examples that keep every rule."""


@functools.cache
def example(name: str) -> Example:
    """The example of that name."""
    return _MAKERS[name]()
