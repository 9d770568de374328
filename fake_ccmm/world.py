"""A center with all that steers it, and the many centers of one server.

A :class:`World` is a contact center together with its clock, journal, fault rules, timeline and snapshots.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .allowance import Allowance
from .bounds import Bounds
from .center import ContactCenter
from .contacts import ContactStore
from .errors import SetupError
from .faults import FaultPlan, FaultState
from .journal import Journal, JournalShare
from .meter import Count, Meter
from .supervision import CenterState
from .timeline import Timeline, TimelineEvent

if TYPE_CHECKING:
    from .clock import SettableClock
    from .seed.schema import Seed

DEFAULT = "default"
"""The name of the center at the root of the server."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")

Progress = Callable[[int, int], None]
"""Told how many contacts of how many have been loaded."""


class UnknownName(SetupError):
    """No center, or no snapshot, has that name."""


class TakenName(SetupError):
    """A center of that name is there already."""


@dataclass(frozen=True, slots=True)
class WorldState:
    """A center and what steers it at one moment. The journal is not part of it."""

    center: CenterState
    clock: tuple[int | None, int]
    timeline: tuple[TimelineEvent, ...]
    faults: FaultState


class _BoundTimeline(Timeline):
    """A timeline that takes no more events than ``bounds`` say."""

    bounds: Bounds | None = None

    def add(self, event: TimelineEvent) -> TimelineEvent:
        with self._center.locked():
            if self.bounds is not None:
                self.bounds.check("timeline_events", len(self._events) + 1, "events on a timeline")
            return super().add(event)


class World:
    """One center, steered. Safe in any thread.

    ``center`` is the contact center, ``journal`` what was asked and answered, ``faults`` what shall go wrong,
    ``timeline`` what will happen by itself. It starts with the center as it is: that is
    what :meth:`reset` goes back to.
    """

    def __init__(self, center: ContactCenter, name: str = DEFAULT) -> None:
        self.name = name
        self.is_hidden = False
        self.center = center
        self._meter = Meter()
        self.journal = Journal(on_taken=self._meter.count)
        self.faults = FaultPlan()
        self.timeline = _BoundTimeline(center)
        self._snapshots: dict[str, tuple[WorldState, WorldState]] = {}
        self._bounds = Bounds()
        self._initial = self.state()

    def keep_within(self, allowance: Allowance, share: JournalShare) -> None:
        """Keep no more than that from now on; OutOfBounds, and nothing changed, where it is more already."""
        self.center.keep_within(allowance)
        self._bounds = allowance.bounds
        self.faults.bounds = self.timeline.bounds = allowance.bounds
        self.journal.share = share

    def stores(self) -> list[ContactStore]:
        """Every store of contacts: of the center, of what a reset goes back to, and of the snapshots."""
        states = [self._initial, *(state for kept in list(self._snapshots.values()) for state in kept)]
        return [*self.center.stores(), *(one.contacts for state in states for one in state.center.campaigns)]

    def counts(self) -> list[Count]:
        """The calls of the center, counted by operation and outcome."""
        self.journal.take_in()
        return self._meter.counts()

    @property
    def clock(self) -> SettableClock:
        """The center's clock."""
        return self.center.clock

    def state(self) -> WorldState:
        """Everything but the journal as it is now; contacts are copied only when they change."""
        with self.center.locked():
            return WorldState(self.center.state(), self.clock.state(), self.timeline.state(), self.faults.state())

    def restore_state(self, state: WorldState) -> None:
        """Go back to a state, this center's or another's."""
        with self.center.locked():
            self.center.restore(state.center)
            self.clock.restore(state.clock)
            self.timeline.restore(state.timeline)
            self.faults.restore(state.faults)

    def reset(self) -> None:
        """Go back to the state it was seeded or started with, and forget the journal; snapshots stay."""
        self.restore_state(self._initial)
        self.journal.clear()

    def become(self, other: World) -> None:
        """Start anew from what another center was seeded or started with, with nobody logged in."""
        administrators, _ = other._initial.center.sessions
        self._initial = replace(other._initial, center=replace(other._initial.center, sessions=(administrators, ())))
        self.journal.resize(most_exchanges=other.journal.most_exchanges, most_bytes=other.journal.most_bytes)
        self.reset()

    def save(self, name: str) -> None:
        """Keep the present state, sessions and clock included, under a name; an older one of that name is replaced.

        What a reset goes back to is kept with it.
        """
        _check_name("snapshot", name)
        bounds = self._bounds
        if name not in self._snapshots and len(self._snapshots) >= bounds.snapshots:
            raise bounds.exceeded("snapshots", f"a center keeps {bounds.snapshots} snapshots at most; drop one first")
        kept = (self.state(), self._initial)
        self._snapshots.pop(name, None)  # so that they stay in the order of their age
        self._snapshots[name] = kept

    def restore(self, name: str) -> None:
        """Go back to a saved state; as often as wanted. The journal goes on."""
        state, initial = self._snapshot(name)
        self.restore_state(state)
        self._initial = initial

    def drop_snapshot(self, name: str) -> None:
        """Forget a saved state."""
        self._snapshot(name)
        del self._snapshots[name]

    def snapshots(self) -> list[str]:
        """The names of the saved states, oldest first."""
        return list(self._snapshots)

    def load(self, seed: Seed, progress: Progress | None = None) -> None:
        """Become what a seed says, and start the journal anew; on a SetupError nothing has changed."""
        from .seed.loading import build_center

        _check_seed(seed, self._bounds)
        built = World(build_center(seed, codec=self.center.codec, progress=progress))
        built.faults.replace_all(seed.faults, seed.fault_seed)
        # Not yet added, so that what comes after some seconds does so at every reset.
        self._initial = replace(built.state(), timeline=built.timeline.prepared(seed.timeline))
        self.journal.resize(
            most_exchanges=seed.limits.journal_exchanges,
            most_bytes=seed.limits.journal_bytes,
        )
        self.reset()

    def export(self) -> Seed:
        """A seed that gives this state again, but for sessions and journal."""
        from .seed.exporting import export_seed
        from .seed.schema import Limits

        twin = World(ContactCenter(codec=self.center.codec))  # so that calls are answered meanwhile
        twin.restore_state(self.state())
        return replace(
            export_seed(twin.center),
            limits=Limits(self.journal.most_exchanges, self.journal.most_bytes),
            timeline=tuple(twin.timeline.possible()),
            faults=tuple(twin.faults.rules()),
            fault_seed=twin.faults.seed,
        )

    def _snapshot(self, name: str) -> tuple[WorldState, WorldState]:
        if name not in self._snapshots:
            known = ", ".join(self._snapshots) or "none"
            raise UnknownName(f"no snapshot is named {name!r}; there are: {known}")
        return self._snapshots[name]


class Worlds:
    """The centers of one server by name: the default one, and those made on demand. Safe in any thread."""

    def __init__(self, default: World, bounds: Bounds | None = None) -> None:
        self.bounds = bounds or Bounds()
        self.default = default
        self._lock = threading.Lock()
        self._by_name = {default.name: default}
        self._hidden: dict[str, World] = {}
        self._allowance = Allowance(self.bounds, self._stores)
        self._share = JournalShare(self.bounds.journal_bytes, self._journal_bytes)
        default.keep_within(self._allowance, self._share)

    def find(self, name: str) -> World | None:
        """The center of that name, hidden ones too, or None."""
        return self._by_name.get(name) or self._hidden.get(name)

    def hide(self, world: World) -> None:
        """Serve one more center that is in no list, cannot be steered and is not logged."""
        world.is_hidden = True
        self._hidden[world.name] = world

    def get(self, name: str) -> World:
        """The center of that name; UnknownName where there is none."""
        world = self._by_name.get(name)
        if world is None:
            raise UnknownName(f"no center is named {name!r}; create it first")
        return world

    def create(self, name: str, seed: Seed | None = None) -> World:
        """A new center: what ``seed`` says, or what the default center was started with."""
        _check_name("center", name)
        self._check_free(name)
        template = self.default
        center = ContactCenter(codec=template.center.codec)
        world = World(center, name)
        world.keep_within(self._allowance, self._share)
        if seed is not None:
            world.load(seed)
        else:
            world.become(template)
        with self._lock:
            self._check_free(name)
            self._by_name[name] = world
        return world

    def delete(self, name: str) -> None:
        """Forget a center; its calls are answered with 404 from then on."""
        if name == self.default.name:
            raise SetupError(f"the center {name!r} stays as long as the server; reset it instead")
        with self._lock:
            if self._by_name.pop(name, None) is None:
                raise UnknownName(f"no center is named {name!r}")

    def names(self) -> list[str]:
        """Every center, the default one first."""
        return list(self._by_name)

    def all(self) -> list[World]:
        """Every center, the default one first."""
        return list(self._by_name.values())

    def _check_free(self, name: str) -> None:
        if name in self._by_name:
            raise TakenName(f"a center named {name!r} is there already; delete it first, or take another name")
        most = self.bounds.centers
        if len(self._by_name) >= most:
            raise self.bounds.exceeded("centers", f"a server has {most} centers at most; delete one first")

    def _stores(self) -> list[ContactStore]:
        return [store for world in self.all() for store in world.stores()]

    def _journal_bytes(self) -> tuple[int, int]:
        """What all journals have, and how many there are."""
        worlds = self.all()
        return sum(one.journal.bytes_now for one in worlds), len(worlds)


def _check_seed(seed: Seed, bounds: Bounds) -> None:
    """Raise OutOfBounds where a seed says more than a center may have; before any of it is made."""
    contacts = sum(len(one.contacts) + (one.generate.count if one.generate else 0) for one in seed.campaigns)
    for name, asked, what in (
        ("center_contacts", contacts, "contacts in a center"),
        ("contacts", contacts, "contacts"),
        ("campaigns", len(seed.campaigns), "campaigns in a center"),
        ("entries", len(seed.administrators), "administrators in a center"),
        ("entries", len(seed.skillsets), "skillsets in a center"),
        ("entries", len(seed.disposition_codes), "disposition codes in a center"),
        ("fault_rules", len(seed.faults), "fault rules in a center"),
        ("timeline_events", len(seed.timeline), "events on a timeline"),
    ):
        bounds.check(name, asked, what)


def _check_name(what: str, name: str) -> None:
    if not isinstance(name, str) or not _NAME.match(name):
        raise SetupError(
            f"the name of a {what} is 1 to 64 letters, digits, '.', '_' or '-', the first a letter or digit, "
            f"not {name!r}"
        )
