"""What a center starts with, as data: the same in Python, in TOML, YAML and JSON files, and over HTTP.

``fake_ccmm.seed.schema`` has the classes; importing it costs next to nothing. Functions are imported when used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .problems import SeedError, SeedProblem
from .schema import CampaignSeed, ClockSeed, ClosureSeed, ContactSeed, Generate, Limits, Seed

if TYPE_CHECKING:
    from .description import json_schema
    from .exporting import export_seed
    from .files import checked, format_of, parse_seed, read_seed
    from .loading import build_center
    from .writing import FORMATS, to_document, write_seed

_HOMES = {
    "export_seed": "exporting",
    "checked": "files",
    "format_of": "files",
    "parse_seed": "files",
    "read_seed": "files",
    "json_schema": "description",
    "build_center": "loading",
    "FORMATS": "writing",
    "to_document": "writing",
    "write_seed": "writing",
}

__all__ = [
    "FORMATS",
    "CampaignSeed",
    "ClockSeed",
    "ClosureSeed",
    "ContactSeed",
    "Generate",
    "Limits",
    "Seed",
    "SeedError",
    "SeedProblem",
    "build_center",
    "checked",
    "export_seed",
    "format_of",
    "json_schema",
    "parse_seed",
    "read_seed",
    "to_document",
    "write_seed",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)
