"""Who holds a port."""

from __future__ import annotations

import json
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .addresses import EVERY_ADDRESS, Root
from .web import SECONDS, NoAnswer, get

HEALTH = "/control/v1/health"
_LISTENING = "0A"
_OTHER = "another program"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a port: ``version`` of the fake-ccmm that does, ``what`` it is in words, ``process`` where known."""

    what: str
    version: str | None = None
    process: str | None = None

    def __str__(self) -> str:
        return f"{self.what} ({self.process})" if self.process else self.what


def holder_of(host: str, port: int, seconds: float = SECONDS) -> Holder:
    """Who listens there already, as far as it can be told within about so many seconds."""
    host = EVERY_ADDRESS.get(host, host)
    what, version = _identity(host, port, seconds)
    return Holder(what, version, _process_of(port))


def silent_holder(port: int) -> Holder:
    """Who holds a port without answering, which has been found out already."""
    return Holder(_OTHER, None, _process_of(port))


def how_to_find(port: int) -> str:
    """A command that tells who holds the port."""
    if sys.platform == "win32":
        return f"netstat -ano | findstr :{port}"
    return f"ss -ltnp 'sport = :{port}'" if sys.platform == "linux" else f"lsof -nP -iTCP:{port} -sTCP:LISTEN"


def version_of(text: str) -> str | None:
    """The version that an answer of the control API's health tells; None where it is something else."""
    try:
        told = json.loads(text)
    except ValueError:
        return None
    return str(told["version"])[:40] if isinstance(told, dict) and {"status", "version"} <= told.keys() else None


def _identity(host: str, port: int, seconds: float) -> tuple[str, str | None]:
    """What listens, in words, and its version where it is a fake-ccmm."""
    answered = _OTHER
    for scheme in ("http", "https"):
        try:
            page = get(Root(scheme, host, port), HEALTH, seconds=seconds)
        except NoAnswer as error:
            if error.error is None or isinstance(error.error, ConnectionRefusedError):
                break  # it says nothing: asking in another way would only take as long again
            continue
        version = version_of(page.text)
        if version is not None:
            return f"fake-ccmm {version}", version
        server = "".join(one for one in page.headers.get("server", "") if one.isprintable())[:60]
        answered = f"a web server{f' ({server})' if server else ''}"
        if page.status != 400:  # nginx answers so where https is wanted
            break
    return answered, None


def _process_of(port: int) -> str | None:
    """The name and number of the process, where Linux tells: that of one's own, or of anybody's for root."""
    sockets = {f"socket:[{inode}]" for inode in _inodes(port)}
    if not sockets:
        return None
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if any(str(one.readlink()) in sockets for one in (process / "fd").iterdir()):
                name = (process / "comm").read_text("utf-8", "replace").strip()
                return f"{name}, process {process.name}"
        except OSError:
            continue  # it is another user's, or has just ended
    return None


def _inodes(port: int) -> Iterator[str]:
    """The numbers of the sockets that listen on the port."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = Path(table).read_text("ascii").splitlines()[1:]
        except (OSError, ValueError):
            continue
        for row in rows:
            cells = row.split()
            if len(cells) > 9 and cells[3] == _LISTENING and int(cells[1].rpartition(":")[2], 16) == port:
                yield cells[9]


def can_connect(host: str, port: int, seconds: float = SECONDS) -> bool:
    """Whether somebody listens there."""
    try:
        socket.create_connection((host, port), seconds).close()
    except OSError:
        return False
    return True
