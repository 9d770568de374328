"""The choices a center makes where no paper says how."""

from __future__ import annotations

from typing import Any

from ..errors import REFUSALS
from ..profile import Profile, choices, make_profile
from ..seed.checks import flat_profile
from .problems import FieldProblem, invalid
from .reading import need_mapping, read_part
from .request import ControlRequest

_PLACES = {"profile": ""}


def show(request: ControlRequest) -> dict[str, Any]:
    """Every choice, and the wordings that differ from the defaults."""
    return _settings(request.world.center.profile)


def replace(request: ControlRequest) -> dict[str, Any]:
    """Make these choices, and the default ones for the rest."""
    profile = make_profile(_read(request))
    request.world.center.set_profile(profile)
    return _settings(profile)


def change(request: ControlRequest) -> dict[str, Any]:
    """Make some choices differently."""
    changes = _read(request)
    center = request.world.center
    with center.locked():
        profile = make_profile({**flat_profile(_settings(center.profile)), **changes})
        center.set_profile(profile)
    return _settings(profile)


def _read(request: ControlRequest) -> dict[str, Any]:
    """The settings of the body, checked; wordings by dotted names."""
    document = need_mapping(request.document)
    tables = [name for name, value in document.items() if value == {} and name not in REFUSALS]
    if tables:
        raise invalid([FieldProblem(name, "is an empty table, which only a refusal may be") for name in tables])
    seed = read_part({"profile": document}, _PLACES)
    return flat_profile(seed.profile)


def _settings(profile: Profile) -> dict[str, Any]:
    """All of it as a body has it; dotted names for the wording of a refusal that is called as a choice is."""
    found = {one.name: getattr(profile, one.name) for one in choices()}
    for refusal, wording in profile.wordings.items():
        told = wording.told()
        if refusal in found:
            found |= {f"{refusal}.{part}": value for part, value in told.items()}
        elif told:
            found[refusal] = told
    return found
