"""Reports on disk: a file is there whole or not at all."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from ..errors import SetUpBroken

PathLike = str | os.PathLike[str]


def write_file(path: PathLike, data: bytes) -> None:
    """Write ``data`` to ``path``, in place of what was there; folders that are missing are made.

    Readers see the old file or the new one, never half of one. Raises SetUpBroken where it cannot be written.
    """
    try:
        _write(Path(path), data)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise SetUpBroken(
            f"the report {os.fspath(path)!r} cannot be written: {why}; name a file in a folder that can be written to"
        ) from error


def _write(path: Path, data: bytes) -> None:
    if path.exists() and not path.is_file() and not path.is_dir():
        # A pipe or a device such as /dev/stdout: to replace it would take it away from everybody else.
        path.write_bytes(data)
        return
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.parent / f".{secrets.token_hex(8)}.part"
    try:
        part.write_bytes(data)
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
