"""A mock of Avaya CCMM's Outbound Web Services.

``FakeCcmm`` serves a ``ContactCenter`` in this process; the model's types say what a center holds. Each name is
imported when first asked for, so that what a program does not use costs it nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .center import ContactCenter
    from .clock import SettableClock
    from .errors import FakeCcmmError, Refusal, SetupError
    from .model import (
        Address,
        Administrator,
        CampaignDetails,
        CampaignStatus,
        Closure,
        Contact,
        ContactStatus,
        CustomField,
        DispositionCode,
        PhoneNumber,
        Skillset,
    )
    from .profile import Profile, make_profile
    from .server import FakeCcmm

__version__ = "0.1.0"

_HOMES = {
    ".center": ("ContactCenter",),
    ".clock": ("SettableClock",),
    ".errors": (
        "FakeCcmmError",
        "Refusal",
        "SetupError",
    ),
    ".model": (
        "Address",
        "Administrator",
        "CampaignDetails",
        "CampaignStatus",
        "Closure",
        "Contact",
        "ContactStatus",
        "CustomField",
        "DispositionCode",
        "PhoneNumber",
        "Skillset",
    ),
    ".profile": (
        "Profile",
        "make_profile",
    ),
    ".server": ("FakeCcmm",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Address",
    "Administrator",
    "CampaignDetails",
    "CampaignStatus",
    "Closure",
    "Contact",
    "ContactCenter",
    "ContactStatus",
    "CustomField",
    "DispositionCode",
    "FakeCcmm",
    "FakeCcmmError",
    "PhoneNumber",
    "Profile",
    "Refusal",
    "SettableClock",
    "SetupError",
    "Skillset",
    "make_profile",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name], __name__), name)
    globals()[name] = value
    return value
