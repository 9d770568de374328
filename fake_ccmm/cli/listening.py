"""Starting a server, and saying what to do where its port cannot be listened on."""

from __future__ import annotations

import argparse
import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..doctor.addresses import EVERY_ADDRESS, in_url, own_names, root_of
from ..doctor.holder import can_connect, holder_of, how_to_find
from ..errors import SetupError
from .command import did_you_mean

if TYPE_CHECKING:
    from ..server import FakeCcmm

_FIRST_FOR_ALL = 1024
_PATIENCE_SECONDS = 2.0


@contextmanager
def started(ccmm: FakeCcmm, parsed: argparse.Namespace) -> Iterator[None]:
    """Serve for as long as the block lasts; a SetupError says what was wrong and which option mends it."""
    try:
        ccmm.start()
    except SetupError as error:
        cause = error.__context__
        if not isinstance(cause, (OSError, UnicodeError)) or not str(error).startswith("cannot listen on"):
            raise
        is_control = f" port {parsed.control_port}:" in str(error) and parsed.control_port != parsed.port
        option, port = ("--control-port", parsed.control_port) if is_control else ("--port", parsed.port)
        raise SetupError(_said(cause, parsed.host, port, option)) from None
    try:
        yield
    finally:
        ccmm.stop()


def _said(error: OSError | UnicodeError, host: str, port: int, option: str) -> str:
    """Why the port cannot be listened on, and what to do."""
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    said = f"cannot listen on {host} port {port}: {reason}"
    code = error.errno if isinstance(error, OSError) and not isinstance(error, socket.gaierror) else None
    is_held = code == errno.EADDRINUSE or (
        code == errno.EACCES and can_connect(EVERY_ADDRESS.get(host, host), port)  # Windows says so
    )
    if is_held:
        holder = holder_of(host, port, _PATIENCE_SECONDS)
        said += f", by {holder}; give another port, such as {option} 0 for a free one, or stop that"
        return said if holder.process or holder.version else f"{said}: {how_to_find(port)} finds it"
    if code == errno.EACCES and 0 < port < _FIRST_FOR_ALL:
        return f"{said}, ports below {_FIRST_FOR_ALL} are not for everybody; give another one, such as {option} 8080"
    if code in (None, errno.EADDRNOTAVAIL):
        return f"{said}{_host_that_was_meant(host)}"
    return f"{said}; give another port, such as {option} 0 for a free one"


def _host_that_was_meant(host: str) -> str:
    """What to do about a host that is none of this machine's."""
    root = root_of(host if "://" in host else f"http://{host}")
    if root is not None and root.host != host.lower() and host.strip("[]") != root.host:
        port = f" --port {root.port}" if f":{root.port}" in host else ""
        return f"; give address and port apart: --host {root.host}{port}"
    if host != host.strip("[]"):
        return f"; give the address without brackets: --host {host.strip('[]')}"
    own = ["127.0.0.1", "localhost", "::1", *own_names()]
    meant = did_you_mean(host, own)
    every = ", ".join(in_url(one) for one in own)
    return f"{meant or ';'} --host takes an address of this machine ({every}), or 0.0.0.0 for all of them"
