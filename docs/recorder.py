"""Makes the pictures of the pages from real runs: ``python -m docs.recorder``, in the folder of the checkout.

Terminals are run in a pseudo-terminal and drawn by rich as SVG, web pages are shot by Chromium. It needs Linux or
macOS, the extra ``docs``, curl, Chromium on the path (or named by ``CHROMIUM``), and port 8000, which the pages show.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import shlex
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

IMAGES = Path(__file__).parent / "images"
COLUMNS = 104
DEADLINE_SECONDS = 120.0
COLOURS = 64
READY = "Stop with Ctrl-C"
URL = "http://127.0.0.1:8000"
SERVICE = f"{URL}/ccmmoutboundwebservices/OutboundUtilityWS.asmx"
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")

_LOG_IN = """\
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
  <OutboundLogin xmlns="http://nortel.com/CCMMOutboundWebservices/">
    <username>apiuser</username><password>apipassword</password>
  </OutboundLogin></soap:Body></soap:Envelope>
"""


class Terminal:
    """What a terminal shows: commands as they are typed, and what they print."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lines: list[str] = []

    def run(self, command: str) -> None:
        """Type a command and wait until it ends."""
        with self._started(command) as (process, terminal):
            self._lines += _read(terminal, lambda _: False)
            process.wait(DEADLINE_SECONDS)
        self._lines.append("")

    @contextmanager
    def serving(self, command: str) -> Iterator[None]:
        """Type a command that serves, which ends with the block."""
        with self._started(f"{command} &") as (process, terminal):
            self._lines += [*_read(terminal, lambda said: READY in said), ""]
            try:
                yield
            finally:
                os.killpg(process.pid, signal.SIGINT)
                process.wait(DEADLINE_SECONDS)

    def draw(self, path: Path, title: str) -> None:
        """Write what it shows as an SVG that needs nothing else."""
        console = Console(record=True, width=COLUMNS, file=open(os.devnull, "w"), force_terminal=True)  # noqa: SIM115
        for line in self._lines[:-1] if self._lines[-1] == "" else self._lines:
            console.print(Text.from_ansi(line), soft_wrap=False)
        plain = re.sub(r"@font-face \{\{.*?\n    \}\}\n", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
        form = plain.replace("Fira Code, monospace", "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace")
        drawn = console.export_svg(title=title, theme=MONOKAI, code_format=form, unique_id="terminal")
        path.write_text("\n".join(line.rstrip() for line in drawn.splitlines()) + "\n", "utf-8")

    @contextmanager
    def _started(self, command: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
        self._lines.append(f"\x1b[1;32m$\x1b[0m {command}")
        ours, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, COLUMNS, 0, 0))
        environment = {
            **os.environ,
            "COLUMNS": str(COLUMNS),
            "TERM": "xterm-256color",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }
        words = shlex.split(command.removesuffix(" &"))
        process = subprocess.Popen(
            words, cwd=self._folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )  # fmt: skip
        os.close(theirs)
        try:
            yield process, ours
        finally:
            process.kill()
            process.wait()
            os.close(ours)


def _read(terminal: int, is_enough: Callable[[str], bool]) -> list[str]:
    """The lines that come until it is enough or the program ends, as they look at last."""
    said = b""
    started = time.monotonic()
    while not is_enough(said.decode("utf-8", "replace")):
        if time.monotonic() - started > DEADLINE_SECONDS:
            raise TimeoutError(said.decode("utf-8", "replace"))
        try:
            part = os.read(terminal, 65536)
        except OSError:  # how Linux says that the other end is closed
            break
        if not part:
            break
        said += part
    lines = said.decode("utf-8", "replace").replace("\r\n", "\n").rstrip("\n").split("\n")
    return [_overwritten(line) for line in lines]


def _overwritten(line: str) -> str:
    """What is left of a line in which carriage returns go back to its start."""
    shown = ""
    for part in line.split("\r"):
        shown = part or shown
    return shown.rstrip()


def shoot(address: str, path: Path, width: int, height: int) -> None:
    """Write what Chromium shows of a page, in few colours."""
    named = os.environ.get("CHROMIUM")
    browser = named or next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if browser is None:
        raise SystemExit("docs.recorder: no Chromium on the path; name it with CHROMIUM")
    options = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--window-size={width},{height}")
    command = [browser, *options, f"--screenshot={path}", address]
    subprocess.run(command, check=True, capture_output=True, timeout=DEADLINE_SECONDS)
    with Image.open(path) as image:
        small = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    small.save(path, optimize=True)


def main() -> None:
    """Make every picture anew."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "login.xml").write_text(_LOG_IN, "utf-8")
        first, second = Terminal(folder), Terminal(folder)
        with first.serving("fake-ccmm serve --log-format none"):
            first.run("cat login.xml")
            first.run(f"curl --silent --header 'Content-Type: text/xml; charset=utf-8' --data @login.xml {SERVICE}")
            first.run("fake-ccmm journal")
            first.draw(IMAGES / "serve.svg", "fake-ccmm serve")
            second.run(f"ccmm-contracts server {URL} --only session,paging --html report.html")
            second.draw(IMAGES / "contracts.svg", "ccmm-contracts server")
            shoot(f"{URL}/ccmmoutboundwebservices/OutboundContactWS.asmx", IMAGES / "service-page.png", 800, 300)
            shoot((folder / "report.html").as_uri(), IMAGES / "report.png", 1000, 800)
    for path in sorted(IMAGES.iterdir()):
        print(f"{path.name}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
