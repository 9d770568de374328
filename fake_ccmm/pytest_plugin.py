"""The pytest plugin: a server for the session, a center for each test, and its journal in the report of a failure.

Every run of pytest in an environment with fake-ccmm imports this module, so it imports the server only when a test
asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping

    from .seed import ClockSeed, Seed
    from .served import NamedCenter, SeedLike
    from .server import FakeCcmm
    from .world import World

_MARKER = (
    "ccmm(seed=..., profile={...}, clock=...): what the center of the test is made from (as of the fixture ccmm_seed), "
    "choices of its profile, and its clock: 'frozen', or a datetime at which it stands still"
)
_MARKER_TAKES = ("seed", "profile", "clock")
_MOST_SHOWN = 10
_MOST_TEMPLATES = 16


@pytest.fixture(scope="session")
def ccmm_settings() -> Mapping[str, Any]:
    """The keyword arguments of FakeCcmm for ``ccmm_server``; override it to give some."""
    return {}


@pytest.fixture
def ccmm_seed() -> SeedLike | None:
    """What the center of each test is made from: a Seed, a mapping or the path of a file; override it to give one.

    None is what the server was started with: the demo center, unless ``ccmm_settings`` says otherwise. A Seed is made
    into a center once and then copied, so prefer it to a path where it is large.
    """
    return None


@pytest.fixture(scope="session")
def ccmm_server(request: pytest.FixtureRequest, ccmm_settings: Mapping[str, Any]) -> Iterator[FakeCcmm]:
    """A server on a free port for all tests; under pytest-xdist each worker has its own.

    Its own center is shared by all tests; ``ccmm`` is not.
    """
    with _watched_server(_watch_of(request.config), ccmm_settings) as server:
        yield server


@pytest.fixture
def ccmm(
    request: pytest.FixtureRequest,
    ccmm_server: FakeCcmm,
    ccmm_settings: Mapping[str, Any],
    ccmm_seed: SeedLike | None,
) -> Iterator[NamedCenter]:
    """A center of the test's own on ``ccmm_server``, new at its start and gone at its end."""
    watch = _watch_of(request.config)
    wanted = _marked(request.node)
    seed = wanted.get("seed", ccmm_seed)
    profile, clock = wanted.get("profile"), wanted.get("clock")
    template = None
    if profile is not None or clock is not None:
        template = _changed(ccmm_server, ccmm_settings.get("seed") if seed is None else seed, profile or {}, clock)
    elif seed is not None:
        template = watch.template(ccmm_server, seed)
    with ccmm_server.create_center() as center:
        if template is not None:
            center.world.become(template)
        watch.add(center.world)
        yield center


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known, for ``--strict-markers`` and ``pytest --markers``."""
    config.addinivalue_line("markers", _MARKER)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """What is asked of any center from here on belongs to this test."""
    watch = item.config.stash.get(_WATCH, None)
    if watch is not None:
        watch.begin_test()


@pytest.hookimpl(hookwrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Add what the centers of the test were asked, where it failed."""
    outcome = yield
    watch = item.config.stash.get(_WATCH, None)
    if watch is not None and outcome.excinfo is None:
        report = outcome.get_result()
        if report.failed:
            report.sections += watch.sections()


class _Watch:
    """The centers of this process's servers, and what their journals had when the present test began."""

    def __init__(self) -> None:
        self.sources: list[Callable[[], list[World]]] = []
        self._templates: dict[int, tuple[Seed, World]] = {}
        self._of_test: list[World] = []
        self._told: dict[World, int] = {}  # by center the number of the last exchange that needs no telling

    def begin_test(self) -> None:
        """Forget the centers that are gone; exchanges so far are another test's."""
        self._of_test = []
        self._told = {world: world.journal.total for world in self._worlds()}

    def add(self, world: World) -> None:
        """Watch a center that was made for the test or by it."""
        if world not in self._of_test:
            self._of_test.append(world)

    def sections(self) -> list[tuple[str, str]]:
        """Title and text for each center of the test, and each other one that it used; nothing is told twice."""
        found = []
        for world in self._worlds():
            told, total = self._told.get(world, -1 if world in self._of_test else 0), world.journal.total
            if total > told:
                found.append((f"fake-ccmm journal of {world.name}", _account(world, max(told, 0), total)))
                self._told[world] = total
        return found

    def template(self, server: FakeCcmm, seed: SeedLike) -> World:
        """A center to copy, which is what the seed says; that of a Seed is kept."""
        from .seed import Seed

        if not isinstance(seed, Seed):
            return _seeded(server, seed)
        if id(seed) not in self._templates:
            if len(self._templates) >= _MOST_TEMPLATES:
                del self._templates[next(iter(self._templates))]
            self._templates[id(seed)] = seed, _seeded(server, seed)
        return self._templates[id(seed)][1]

    def _worlds(self) -> dict[World, None]:
        served = (world for worlds in self.sources for world in worlds())
        return dict.fromkeys((*served, *self._of_test))


_WATCH = pytest.StashKey[_Watch]()


def _watch_of(config: pytest.Config) -> _Watch:
    return config.stash.setdefault(_WATCH, _Watch())


def _watched_server(watch: _Watch, settings: Mapping[str, Any]) -> FakeCcmm:
    """A server whose centers are watched, those too that come and go within a test."""
    from .server import FakeCcmm

    class WatchedServer(FakeCcmm):
        def create_center(self, name: str | None = None, seed: SeedLike | None = None) -> NamedCenter:
            made = super().create_center(name, seed)
            watch.add(made.world)
            return made

        def worlds(self) -> list[World]:
            return self._worlds.all()

    server = WatchedServer(**settings)
    watch.sources.append(server.worlds)
    return server


def _marked(node: pytest.Item) -> dict[str, Any]:
    """What the markers of a test say; where several say it, the nearest to the test counts."""
    wanted: dict[str, Any] = {}
    for marker in node.iter_markers("ccmm"):
        strange = [*map(repr, marker.args), *(name for name in marker.kwargs if name not in _MARKER_TAKES)]
        if strange:
            from .errors import SetupError

            raise SetupError(f"the marker ccmm takes seed=, profile= and clock=, not {', '.join(strange)}")
        wanted = {**marker.kwargs, **wanted}
    return wanted


def _seeded(server: FakeCcmm, seed: SeedLike) -> World:
    """A center that is not served, to copy."""
    from .center import ContactCenter
    from .served import read_seed_like
    from .world import World

    world = World(ContactCenter(codec=server.center.codec))
    world.load(read_seed_like(seed))
    return world


def _changed(server: FakeCcmm, seed: SeedLike | None, profile: Mapping[str, Any], clock: Any) -> World:
    """A center to copy: what the seed says (None: what the server was started with), but for profile and clock."""
    from dataclasses import replace

    from .center import ContactCenter
    from .profile import make_profile
    from .seed.checks import flat_profile, set_clock
    from .served import read_seed_like
    from .world import World

    flat = flat_profile(profile)
    if seed is not None:
        read = read_seed_like(seed)
        seed = replace(read, profile={**flat_profile(read.profile), **flat}, clock=_clock_seed(clock, read.clock))
        return _seeded(server, seed)
    center = ContactCenter(codec=server.center.codec)
    World(center).become(server.world)
    made = make_profile(flat)
    plain = {name: getattr(made, name) for name in flat if "." not in name}
    center.set_profile(replace(center.profile, **plain, wordings={**center.profile.wordings, **made.wordings}))
    set_clock(center.clock, _clock_seed(clock))
    return World(center)


def _clock_seed(clock: Any, before: ClockSeed | None = None) -> ClockSeed:
    """The clock that a marker asks for, where there was one ``before``."""
    from dataclasses import replace
    from datetime import datetime

    from .seed import ClockSeed

    before = before or ClockSeed()
    if clock is None or isinstance(clock, ClockSeed):
        return clock or before
    if clock == "frozen":
        return replace(before, frozen=True, offset=None)
    if isinstance(clock, datetime):
        return ClockSeed(start=clock, frozen=True)
    from .errors import SetupError

    raise SetupError(f"the marker ccmm takes clock='frozen', a datetime or a ClockSeed, not {clock!r}")


def _account(world: World, told: int, total: int) -> str:
    """The newest exchanges after number ``told``, and the fault rules in force."""
    from .faults import describe as describe_rule
    from .journal import JournalQuery, describe

    kept = world.journal.exchanges(JournalQuery(after=told), limit=_MOST_SHOWN)
    left_out = total - told - len(kept)
    lines = [describe(one) for one in kept]
    if left_out:
        lines.insert(0, f"{left_out} {'more before these' if kept else 'that the journal has forgotten'}")
    for rule in world.faults.rules()[:_MOST_SHOWN]:
        lines.append(f"fault rule {describe_rule(rule)}: has struck {rule.struck} of {rule.matched} matching calls")
    return "\n".join(lines if total > told else ["nothing was asked of it", *lines])
