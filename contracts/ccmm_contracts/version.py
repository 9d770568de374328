"""Which version this is: that of the distribution the kit is part of."""

from __future__ import annotations

from functools import cache
from importlib import metadata


@cache
def version() -> str:
    """The version, or ``unknown`` in a source tree that is not installed."""
    try:
        return metadata.version("fake-ccmm")
    except metadata.PackageNotFoundError:
        return "unknown"
