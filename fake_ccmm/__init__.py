"""A mock of Avaya CCMM's Outbound Web Services.

``FakeCcmm`` serves a ``ContactCenter`` in this process; the model's types say what a center holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .center import ContactCenter
from .clock import RealClock, SettableClock
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

if TYPE_CHECKING:
    from .server import FakeCcmm

__version__ = "0.1.0"

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
    "RealClock",
    "Refusal",
    "SettableClock",
    "SetupError",
    "Skillset",
    "make_profile",
]


def __getattr__(name: str) -> Any:
    """The server is imported when first asked for: the command line starts faster without it."""
    if name == "FakeCcmm":
        from .server import FakeCcmm

        return FakeCcmm
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
