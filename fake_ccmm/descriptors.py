"""How many files and connections this process may have open, and room for what is no connection."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

if sys.platform != "win32":
    import resource

_UNKNOWN_OPEN = 64
_LEAST_CONNECTIONS = 8
_MOST_WAITING = 2048
_MOST_LINGERING = 64


def limit() -> int | None:
    """How many this process may have open; None where nothing limits that."""
    if sys.platform == "win32":
        return None
    soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return None if soft == resource.RLIM_INFINITY else soft


def raise_limit(connections: int) -> None:
    """Have room for so many connections, as far as this process may; what is enough already stays as it is."""
    if sys.platform == "win32":
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + _open_now() + 2 * _MOST_WAITING
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    for value in (most, 10_240):  # macOS allows no more than that to most, and says that the rest is no value
        if value > soft:
            with suppress(OSError, ValueError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (value, hard))
                return


def room(connections: int) -> int:
    """How many connections there can be, of so many that are wanted, if the process is to go on opening files."""
    most = limit()
    if most is None:
        return connections
    return min(connections, max(most - _open_now() - _reserve(most), _LEAST_CONNECTIONS))


def backlog(connections: int) -> int:
    """How many connections may wait to be accepted, beside so many that are open.

    They are accepted all at once, and only then counted.
    """
    return min(max(_spare(connections) // 2, _LEAST_CONNECTIONS), _MOST_WAITING)


def lingering(connections: int) -> int:
    """How many that were turned away may stay for a moment, beside so many that are open, to read why."""
    return min(_spare(connections) // 4, _MOST_LINGERING)


def _spare(connections: int) -> int:
    most = limit()
    return 2 * _MOST_WAITING if most is None else max(most - _open_now() - connections, 0)


def are_left(of: int) -> bool:
    """Whether one more can be opened; ``of`` is any that is open."""
    if sys.platform == "win32":
        return True
    try:
        os.close(os.dup(of))
    except OSError:
        return False
    return True


def _reserve(most: int) -> int:
    """How many are kept for what is no connection: listeners, files that are read, clients of the server's own."""
    return max(16, min(most // 4, 1024))


def _open_now() -> int:
    try:
        return len(os.listdir("/dev/fd"))
    except OSError:
        return _UNKNOWN_OPEN
