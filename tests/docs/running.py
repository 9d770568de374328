"""Runs the blocks of a page, in order, as its reader would.

- ``python`` runs in this process, in a folder of the page's own; all of a page share their names. Where it holds
  tests, pytest runs it in a process, unless an ``sh`` block names its file.
- ``sh`` runs in bash in that folder; it is to end with 0, or with N after ``exits=N``. A line that starts
  ``fake-ccmm serve`` is the page's server from then on; the documented port 8000 is its real one.
- Any block with ``title=NAME`` is written to that file of the folder first; what is neither of the two is only that.
- ``text`` is what the block before it printed, errors too. In it ``...`` stands for anything within a line, on a line
  of its own for any lines; and the port is 8000 whatever it was.
"""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack, redirect_stdout
from pathlib import Path
from types import TracebackType
from typing import Any

from ..autoloading import PLUGIN
from ..running.process import DEADLINE, SOURCE, Serving, command
from .pages import Block

FILES = ("toml", "yaml", "json", "csv")
"""Languages of blocks that are only written to a file."""

DOCUMENTED = "127.0.0.1:8000"
"""Where the server of a page is, on the page."""

KIT_PLUGIN = "ccmm_contracts.pytest_plugin"
_NOWHERE = "127.0.0.1:9"
_SERVE = re.compile(r"^fake-ccmm serve\b(?P<options>[^>&]*)(?:> *(?P<file>\S+))? *&?$", re.MULTILINE)
_TEST = re.compile(r"^ *(?:async )?def test_", re.MULTILINE)
_PORT = re.compile(r"(?<=127\.0\.0\.1:)\d+")


class Page:
    """A page that is being run: its folder, its names in Python, its server where it has one."""

    def __init__(self, blocks: Sequence[Block], folder: Path, tools: Path) -> None:
        self._shell = "".join(one.text for one in blocks if one.language == "sh")
        self._folder = folder
        self._tools = tools
        self._names: dict[str, Any] = {"__name__": "__main__"}
        self._stack = ExitStack()
        self._at = _NOWHERE
        self._url = f"http://{_NOWHERE}"
        self._said: str | None = None

    def __enter__(self) -> Page:
        _write_tools(self._tools)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def run(self, block: Block) -> None:
        """Run a block; an AssertionError says which it is, and what was wrong."""
        if block.language == "text":
            assert self._said is not None, f"{block.place}: nothing was run that could have printed this"
            check_output(block, self._said)
            return
        self._said = None
        text = block.text.replace(DOCUMENTED, self._at)
        if block.title:
            (self._folder / block.title).write_text(text, "utf-8")
        if block.language == "python":
            self._run_python(block, text)
        elif block.language == "sh":
            self._run_shell(block, text)
        else:
            assert block.language in FILES, f"{block.place}: nobody knows how to run {block.language!r}"
            assert block.title, f"{block.place}: give the name of the file, as title=NAME"

    def _run_python(self, block: Block, text: str) -> None:
        if _TEST.search(text):
            name = block.title or f"test_line_{block.line}.py"
            (self._folder / name).write_text(text, "utf-8")
            if name not in self._shell:
                self._run_process(block, [str(self._tools / "pytest"), name])
        elif not block.title:
            said = io.StringIO()
            with redirect_stdout(said):
                exec(compile(text, block.place, "exec"), self._names)
            self._said = said.getvalue()

    def _run_shell(self, block: Block, text: str) -> None:
        serve = _SERVE.search(text)
        if serve is None:
            self._run_process(block, ["bash", "-euc", text])
            return
        before, after = text[: serve.start()], text[serve.end() :]
        assert not before.strip(), f"{block.place}: the server comes first"
        self._serve(shlex.split(serve["options"]), serve["file"])
        if after.strip():
            self._run_process(block, ["bash", "-euc", after.replace(DOCUMENTED, self._at)])

    def _serve(self, options: list[str], file: str | None) -> None:
        self._stack.close()
        server = self._stack.enter_context(Serving(*options, folder=self._folder))
        self._url = server.facts["url"]
        self._at = self._url.partition("//")[2]
        if file:
            (self._folder / file).write_text(json.dumps(server.facts) + "\n", "utf-8")
        self._said = server.stdout.wait_for(len)[0]

    def _run_process(self, block: Block, arguments: list[str]) -> None:
        environment = {
            **os.environ,
            "PATH": f"{self._tools}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join([str(SOURCE), str(SOURCE / "contracts")]),
            "PYTHONIOENCODING": "utf-8",
            "FAKE_CCMM_URL": self._url,
            "HOME": str(self._folder),
            "COLUMNS": "100",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        }
        done = subprocess.run(
            arguments,
            cwd=self._folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=DEADLINE,
            check=False,
        )
        assert done.returncode == block.exit_status, f"{block.place} ended with {done.returncode}:\n{done.stdout}"
        self._said = done.stdout


def check_output(block: Block, said: str) -> None:
    """Hold what was printed against the block that shows it."""
    pattern = "".join(map(_pattern_of, block.text.splitlines()))
    said = _PORT.sub(DOCUMENTED.rpartition(":")[2], "".join(f"{line.rstrip()}\n" for line in said.splitlines()))
    assert re.fullmatch(pattern, said), f"{block.place} shows\n{block.text}\nbut it was\n{said}"


def _pattern_of(line: str) -> str:
    if line.strip() == "...":
        return "(?:[^\n]*\n)*?"
    return re.escape(line).replace(re.escape("..."), "[^\n]*") + "\n"


def _write_tools(folder: Path) -> None:
    """The commands that a reader has after installing, made from this Python and this source."""
    plugins = [part for plugin in ("no:cacheprovider", "xdist.plugin", PLUGIN, KIT_PLUGIN) for part in ("-p", plugin)]
    tools = {
        "fake-ccmm": command(),
        "ccmm-contracts": [sys.executable, "-m", "ccmm_contracts"],
        "python": [sys.executable],
        "pytest": [sys.executable, "-m", "pytest", *plugins],
    }
    folder.mkdir(exist_ok=True)
    for name, words in tools.items():
        path = folder / name
        path.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', "utf-8")
        path.chmod(0o755)
