"""The seed of a contact center as it is now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from ..campaign import CampaignView
from ..center import ContactCenter
from ..clock import SettableClock
from ..model import Closure, Contact, ContactStatus, DispositionCode, Skillset
from ..profile import Profile, choices
from .checks import SAME_FIELDS
from .cleaning import utc
from .schema import CampaignSeed, ClockSeed, ClosureSeed, ContactSeed, Seed

_DATES = ("date_created", "start_date_time")


def export_seed(center: ContactCenter) -> Seed:
    """The seed that makes the same center again, every contact with its id, status and closure.

    Sessions are no part of it, and neither are limits and faults, of which a center knows nothing. Custom fields that
    contacts were loaded with although their campaign lacks them are among those of the campaign then.
    """
    with center.locked():
        exporter = _Exporter(center)
        campaigns = tuple(exporter.campaign(view) for view in center.campaigns())
        greatest = max((one.contacts[-1].contact_id for one in campaigns if one.contacts), default=0)
        last = center.last_contact_id
        return Seed(
            administrators=tuple(center.administrators()),
            skillsets=tuple(center.skillsets()),
            disposition_codes=tuple(center.disposition_codes()),
            campaigns=campaigns,
            profile=_profile(center.profile),
            clock=_clock(center.clock),
            last_contact_id=None if last == greatest else last,
        )


class _Exporter:
    """Writes down campaigns, naming by id what the center has under this id."""

    def __init__(self, center: ContactCenter) -> None:
        self._center = center
        self._skillsets = {one.skillset_id: one for one in center.skillsets()}
        self._codes = {one.disposition_code_id: one for one in center.disposition_codes()}

    def campaign(self, view: CampaignView) -> CampaignSeed:
        details = view.details
        contacts = self._center.contacts(details.campaign_id)
        own = {name: getattr(details, name) for name in SAME_FIELDS}
        own |= {name: utc(own[name]) for name in _DATES if own[name] is not None}
        own["custom_field_names"] = _with_all_fields(details.custom_field_names, contacts)
        linked = {one.disposition_code_id: one for one in reversed(details.disposition_codes)}
        return CampaignSeed(
            **own,
            skillset=self._skillset(details.skillset),
            disposition_codes=tuple(_short(code, self._codes) for code in details.disposition_codes),
            contacts=tuple(self._contact(details.campaign_id, one, linked) for one in contacts),
        )

    def _skillset(self, skillset: Skillset | None) -> int | Skillset | None:
        if skillset is None or self._skillsets.get(skillset.skillset_id) != skillset:
            return skillset
        return skillset.skillset_id

    def _contact(self, campaign_id: int, contact: Contact, linked: dict[int, DispositionCode]) -> ContactSeed:
        closure = None
        if contact.status is ContactStatus.CLOSED:
            closure = self._center.closure(campaign_id, contact.contact_id)
        return ContactSeed(
            **{name: getattr(contact, name) for name in _CONTACT_FIELDS},
            closure=None if closure is None else _closure(closure, linked),
        )


_CONTACT_FIELDS = tuple(one.name for one in fields(Contact))


def _short(code: DispositionCode, known: dict[int, DispositionCode]) -> int | DispositionCode:
    """The id where it stands for this very code."""
    return code.disposition_code_id if known.get(code.disposition_code_id) == code else code


def _closure(closure: Closure, linked: dict[int, DispositionCode]) -> ClosureSeed:
    code = closure.disposition_code
    return ClosureSeed(utc(closure.at), closure.text, None if code is None else _short(code, linked))


def _with_all_fields(names: tuple[str, ...], contacts: Iterable[Contact]) -> tuple[str, ...]:
    """The names and, after them, those of other fields that contacts have."""
    had = {one.name or "": None for contact in contacts for one in contact.custom_fields or ()}
    return names + tuple(name for name in had if name not in names)


def _profile(profile: Profile) -> dict[str, Any]:
    """What differs from the defaults; wordings by dotted names, since a refusal may be called as a choice is."""
    found = {one.name: getattr(profile, one.name) for one in choices()}
    differing: dict[str, Any] = {name: found[name] for name in found if found[name] != getattr(_DEFAULT, name)}
    for refusal, wording in profile.wordings.items():
        differing |= {f"{refusal}.{part}": value for part, value in wording.told().items()}
    return differing


_DEFAULT = Profile()


def _clock(clock: SettableClock) -> ClockSeed:
    if clock.is_frozen:
        return ClockSeed(start=clock.now(), frozen=True)
    return ClockSeed(offset=clock.offset_seconds or None)
