"""A center as a test sees it: where it is served, who can log in, and all that steers it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from .asmx.paths import APPLICATION
from .center import ContactCenter
from .clock import SettableClock
from .errors import SetupError
from .faults import FaultPlan
from .journal import Journal
from .model import (
    Administrator,
    CampaignDetails,
    CampaignStatus,
    Contact,
    DispositionCode,
    Skillset,
)
from .timeline import Timeline
from .world import UnknownName, World

if TYPE_CHECKING:
    from .seed.schema import Seed

    SeedLike = Seed | Mapping[str, Any] | str | PathLike[str]
    """A seed, a mapping with the keys of a seed file, or the path of one."""


class ServedCenter(ABC):
    """A center on a running server: its addresses, and its state, clock, journal, fault rules and timeline."""

    @property
    @abstractmethod
    def world(self) -> World:
        """The center and all that steers it."""

    @property
    @abstractmethod
    def url(self) -> str:
        """Where the center stands, without a slash at the end; its services are below."""

    @property
    def utility_url(self) -> str:
        """The address of OutboundUtilityWS."""
        return self.service_url("OutboundUtilityWS")

    @property
    def campaign_url(self) -> str:
        """The address of OutboundCampaignWS."""
        return self.service_url("OutboundCampaignWS")

    @property
    def contact_url(self) -> str:
        """The address of OutboundContactWS."""
        return self.service_url("OutboundContactWS")

    def service_url(self, service: str) -> str:
        """The address of a service by its name."""
        return f"{self.url}{APPLICATION}/{service}.asmx"

    @property
    def name(self) -> str:
        """The name of the center; that of the one at the server's root is ``default``."""
        return self.world.name

    @property
    def center(self) -> ContactCenter:
        """The contact center itself, to look at and to change."""
        return self.world.center

    @property
    def clock(self) -> SettableClock:
        """Its clock: freeze, set, advance, run."""
        return self.world.clock

    @property
    def journal(self) -> Journal:
        """What was asked and answered: query, count, verify."""
        return self.world.journal

    @property
    def faults(self) -> FaultPlan:
        """What shall go wrong: add, remove, clear."""
        return self.world.faults

    @property
    def timeline(self) -> Timeline:
        """What will happen by itself: add, remove, clear."""
        return self.world.timeline

    @property
    def user(self) -> str:
        """The first who can log in; a SetupError where nobody can."""
        return self._administrator().username

    @property
    def password(self) -> str:
        """The password of ``user``."""
        return self._administrator().password

    def reset(self) -> None:
        """Go back to the state it was seeded or started with, and forget the journal."""
        self.world.reset()

    def save(self, name: str) -> None:
        """Keep the present state under a name."""
        self.world.save(name)

    def restore(self, name: str) -> None:
        """Go back to a saved state."""
        self.world.restore(name)

    def load(self, seed: SeedLike) -> None:
        """Become what a seed says, and start the journal anew; a SetupError changes nothing."""
        self.world.load(read_seed_like(seed))

    def export(self) -> Seed:
        """A seed that gives the present state again, but for sessions and journal."""
        return self.world.export()

    def add_campaign(
        self,
        name: str = "Campaign",
        *,
        contacts: int | Iterable[Contact] = 0,
        campaign_id: int | None = None,
        status: CampaignStatus = CampaignStatus.RUNNING,
        disposition_codes: Iterable[DispositionCode] | None = None,
        custom_field_names: Iterable[str] = (),
        **details: Any,
    ) -> int:
        """Add a campaign with these contacts, or so many invented ones, and return its id.

        Without a ``campaign_id`` it gets the next one, without a ``skillset`` the center's first (one is made where
        there is none), without ``disposition_codes`` all of the center's. ``details`` are other fields of
        CampaignDetails.
        """
        center = self.center
        with center.locked():
            if campaign_id is None:
                campaign_id = max((one.details.campaign_id for one in center.campaigns()), default=0) + 1
            if "skillset" not in details:
                if not center.skillsets():
                    center.add_skillset(Skillset(1, "Skillset"))
                details["skillset"] = center.skillsets()[0]
            codes = center.disposition_codes() if disposition_codes is None else disposition_codes
            campaign = CampaignDetails(
                campaign_id,
                name,
                status,
                disposition_codes=tuple(codes),
                custom_field_names=tuple(custom_field_names),
                **details,
            )
            center.add_campaign(campaign, _invented(campaign, contacts) if isinstance(contacts, int) else contacts)
        return campaign_id

    def _administrator(self) -> Administrator:
        for one in self.center.administrators():
            if not one.base_install:
                return one
        raise SetupError(f"nobody can log in to the center {self.name!r}; add an administrator to it")


class NamedCenter(ServedCenter):
    """A center beside the default one, under ``/centers/<name>``; gone at the end of its ``with`` block."""

    def __init__(self, world: World, root: Callable[[], str], remove: Callable[[str], None]) -> None:
        self._world = world
        self._root = root
        self._remove = remove

    @property
    def world(self) -> World:
        return self._world

    @property
    def url(self) -> str:
        return f"{self._root()}/centers/{self.name}"

    def remove(self) -> None:
        """Have the server forget it; its calls are answered with 404 from then on."""
        self._remove(self.name)

    def __enter__(self) -> NamedCenter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(UnknownName):  # where it was removed already
            self.remove()


def read_seed_like(seed: SeedLike) -> Seed:
    """The seed that is meant: itself, or read from a mapping or a file; a SeedError says what is wrong with it."""
    from .seed.schema import Seed

    if isinstance(seed, Seed):
        return seed
    from .seed.files import parse_seed, read_seed

    if isinstance(seed, Mapping):
        import json

        return parse_seed(json.dumps(dict(seed), default=_as_json), "json", "seed")
    if isinstance(seed, (str, PathLike)):
        return read_seed(Path(seed))
    raise SetupError(f"a seed is a Seed, a mapping or the path of a file, not {seed!r}")


def _as_json(value: Any) -> Any:
    """What a seed in Python may hold that JSON cannot."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "value"):
        return value.value
    from .seed.writing import to_document

    return to_document(value)


def _invented(campaign: CampaignDetails, count: int) -> Iterable[Contact]:
    from .demo.people import people

    skillset_id = campaign.skillset.skillset_id if campaign.skillset else 0
    return people(
        campaign.campaign_id,
        count=count,
        campaign_name=campaign.name,
        skillset_ids=[skillset_id],
        custom_field_names=campaign.custom_field_names,
    )
