"""A mock of Avaya CCMM's Outbound Web Services.

``FakeCcmm`` serves a ``ContactCenter`` in this process; the model's types say what a center holds, ``Seed`` what it
starts with, ``FaultRule`` what goes wrong, ``TimelineEvent`` what happens by itself, and the ``Journal`` has what was
asked. Each name is imported when first asked for, so that what a program does not use costs it nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .calls import CallPattern
    from .center import ContactCenter
    from .clock import SettableClock
    from .errors import FakeCcmmError, Refusal, SetupError
    from .faults import (
        CampaignCloses,
        ContentType,
        Delay,
        Empty,
        ExpireSession,
        Exponential,
        FaultPlan,
        FaultRule,
        Fixed,
        Garbage,
        HttpError,
        LogNormal,
        Normal,
        RejectKey,
        Reset,
        SecondLogin,
        Slow,
        SoapFaultAction,
        TooSoonAction,
        Truncate,
        Uniform,
    )
    from .journal import Exchange, Journal, JournalQuery, Verification, VerificationError
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
    from .seed import (
        CampaignSeed,
        ClockSeed,
        ClosureSeed,
        ContactSeed,
        Generate,
        Limits,
        Seed,
        SeedError,
        read_seed,
        write_seed,
    )
    from .served import NamedCenter, ServedCenter
    from .server import FakeCcmm
    from .timeline import AddContacts, CloseOne, Dial, EndSession, LogOff, SetCampaignStatus, Timeline, TimelineEvent

__version__ = "0.1.0"

_HOMES = {
    ".calls": ("CallPattern",),
    ".center": ("ContactCenter",),
    ".clock": ("SettableClock",),
    ".errors": (
        "FakeCcmmError",
        "Refusal",
        "SetupError",
    ),
    ".faults": (
        "CampaignCloses",
        "ContentType",
        "Delay",
        "Empty",
        "ExpireSession",
        "Exponential",
        "FaultPlan",
        "FaultRule",
        "Fixed",
        "Garbage",
        "HttpError",
        "LogNormal",
        "Normal",
        "RejectKey",
        "Reset",
        "SecondLogin",
        "Slow",
        "SoapFaultAction",
        "TooSoonAction",
        "Truncate",
        "Uniform",
    ),
    ".journal": (
        "Exchange",
        "Journal",
        "JournalQuery",
        "Verification",
        "VerificationError",
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
    ".seed": (
        "CampaignSeed",
        "ClockSeed",
        "ClosureSeed",
        "ContactSeed",
        "Generate",
        "Limits",
        "Seed",
        "SeedError",
        "read_seed",
        "write_seed",
    ),
    ".served": (
        "NamedCenter",
        "ServedCenter",
    ),
    ".server": ("FakeCcmm",),
    ".timeline": (
        "AddContacts",
        "CloseOne",
        "Dial",
        "EndSession",
        "LogOff",
        "SetCampaignStatus",
        "Timeline",
        "TimelineEvent",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "AddContacts",
    "Address",
    "Administrator",
    "CallPattern",
    "CampaignCloses",
    "CampaignDetails",
    "CampaignSeed",
    "CampaignStatus",
    "ClockSeed",
    "CloseOne",
    "Closure",
    "ClosureSeed",
    "Contact",
    "ContactCenter",
    "ContactSeed",
    "ContactStatus",
    "ContentType",
    "CustomField",
    "Delay",
    "Dial",
    "DispositionCode",
    "Empty",
    "EndSession",
    "Exchange",
    "ExpireSession",
    "Exponential",
    "FakeCcmm",
    "FakeCcmmError",
    "FaultPlan",
    "FaultRule",
    "Fixed",
    "Garbage",
    "Generate",
    "HttpError",
    "Journal",
    "JournalQuery",
    "Limits",
    "LogNormal",
    "LogOff",
    "NamedCenter",
    "Normal",
    "PhoneNumber",
    "Profile",
    "Refusal",
    "RejectKey",
    "Reset",
    "SecondLogin",
    "Seed",
    "SeedError",
    "ServedCenter",
    "SetCampaignStatus",
    "SettableClock",
    "SetupError",
    "Skillset",
    "Slow",
    "SoapFaultAction",
    "Timeline",
    "TimelineEvent",
    "TooSoonAction",
    "Truncate",
    "Uniform",
    "Verification",
    "VerificationError",
    "make_profile",
    "read_seed",
    "write_seed",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name], __name__), name)
    globals()[name] = value
    return value
