"""Files that are either the old one or the new one, whatever moment the process ends at."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

_USUAL_MODE = 0o666


def write_whole(path: Path, data: bytes) -> None:
    """Write a file beside the one of that name, and put it in its place once it is whole; raises OSError.

    What is no ordinary file, such as a pipe or /dev/stdout, is written to, and so is a file in a folder where no other
    can be made. A link stays a link.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    path = Path(os.path.realpath(path))
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    except OSError:
        path.write_bytes(data)
        return
    beside = Path(name)
    try:
        with open(handle, "wb") as file:
            file.write(data)
        beside.chmod(_mode_of(path))
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def _mode_of(path: Path) -> int:
    """The mode of the file there is, or that of a new one."""
    with suppress(OSError):
        return path.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return _USUAL_MODE & ~mask
