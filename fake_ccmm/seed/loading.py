"""A contact center made of a seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from ..center import ContactCenter
from ..clock import SettableClock
from ..contacts import ContactCodec
from ..model import CampaignDetails, Closure, Contact, ContactStatus
from ..profile import make_profile
from .checks import details_of, flat_profile, set_clock
from .cleaning import utc
from .files import checked
from .problems import SeedError, SeedProblem, line_of
from .schema import CampaignSeed, ClosureSeed, Generate, Seed

Progress = Callable[[int, int], None]
"""Told how many contacts are there, and how many there will be."""

_STEP = 2000
_FIELDS = tuple(name for name in Contact.__dataclass_fields__ if name != "skillset_id")


def build_center(
    seed: Seed,
    *,
    codec: ContactCodec[Any] | None = None,
    progress: Progress | None = None,
    clock: SettableClock | None = None,
) -> ContactCenter:
    """A new center that is what the seed says; a SeedError with everything that is wrong with the seed.

    ``codec`` is how contacts are kept. ``clock`` is the center's, set as the seed says once all else is done; a new
    one that runs where it is left out. Administrators are those of the seed: without any, nobody can log in.
    """
    seed = checked(seed)
    clock = clock or SettableClock(running=True)
    center = ContactCenter(
        administrators=seed.administrators,
        skillsets=seed.skillsets,
        disposition_codes=seed.disposition_codes,
        profile=make_profile(flat_profile(seed.profile)),
        clock=clock,
        codec=codec,
    )
    _Loader(center, seed, progress).load()
    if seed.last_contact_id is not None:
        center.give_out_ids_after(seed.last_contact_id)
    set_clock(clock, seed.clock)
    return center


class _Loader:
    """Puts campaigns and their contacts into a new center."""

    def __init__(self, center: ContactCenter, seed: Seed, progress: Progress | None) -> None:
        self._center = center
        self._seed = seed
        self._progress = progress
        self._total = sum(len(one.contacts) + (one.generate.count if one.generate else 0) for one in seed.campaigns)
        self._done = 0
        self._closures: list[tuple[int, ClosureSeed]] = []

    def load(self) -> None:
        for number, campaign in enumerate(self._seed.campaigns):
            details = details_of(self._seed, campaign)
            try:
                self._center.add_campaign(details)
                self._center.load_contacts(details.campaign_id, self._contacts(campaign, details), keep_ids=True)
            except ValueError as error:
                raise SeedError([SeedProblem(f"campaigns[{number}]", line_of(str(error)))]) from None
            for contact_id, closure in self._closures:
                self._center.set_closure(details.campaign_id, contact_id, _closure(closure, details))
        if self._progress and (self._done % _STEP or not self._done):
            self._progress(self._done, self._total)

    def _contacts(self, campaign: CampaignSeed, details: CampaignDetails) -> Iterator[Contact]:
        """The campaign's contacts one by one, noting closures by the ids that contacts get."""
        self._closures.clear()
        last = self._center.last_contact_id
        skillset_id = details.skillset.skillset_id if details.skillset else 0
        for one in campaign.contacts:
            contact_id = one.contact_id or last + 1
            last = max(last, contact_id)
            if one.closure is not None:
                self._closures.append((contact_id, one.closure))
            own = skillset_id if one.skillset_id is None else one.skillset_id
            yield Contact(skillset_id=own, **{name: getattr(one, name) for name in _FIELDS})
            self._count()
        if campaign.generate is not None:
            for contact in _generated(campaign.generate, details, skillset_id):
                yield contact
                self._count()

    def _count(self) -> None:
        self._done += 1
        if self._progress and not self._done % _STEP:
            self._progress(self._done, self._total)


def _generated(wanted: Generate, details: CampaignDetails, skillset_id: int) -> Iterator[Contact]:
    from ..demo.people import people  # its lists of names are made at import, and few seeds ask for them

    drawn = people(
        wanted.seed,
        count=wanted.count,
        campaign_name=details.name,
        skillset_ids=[skillset_id],
        custom_field_names=details.custom_field_names,
        locales=wanted.locales,
    )
    for number, contact in enumerate(drawn, 1):
        is_closed = wanted.closed_every and not number % wanted.closed_every
        yield replace(contact, status=ContactStatus.CLOSED) if is_closed else contact


def _closure(given: ClosureSeed, details: CampaignDetails) -> Closure:
    code = given.disposition_code
    if isinstance(code, int):
        code = next(one for one in details.disposition_codes if one.disposition_code_id == code)
    return Closure(utc(given.at), given.text, code)
