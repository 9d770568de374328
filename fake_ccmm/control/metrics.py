"""What a server counts, in the text that Prometheus reads; gathered when somebody asks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from .. import __version__
from ..meter import BUCKETS
from ..world import World, Worlds

CONTENT_TYPE = CONTENT_TYPE_LATEST


class Metrics:
    """The figures of all centers of a server."""

    def __init__(self, worlds: Worlds) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Centers(worlds))

    def text(self) -> bytes:
        """Everything as it is now, in the format CONTENT_TYPE names."""
        return generate_latest(self._registry)


class _Centers(Collector):
    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds

    def collect(self) -> Iterable[Metric]:
        worlds = self._worlds.all()
        yield InfoMetricFamily("ccmm_build", "The version that runs.", value={"version": __version__})
        yield from _calls(worlds)
        yield _gauge(
            "ccmm_sessions", "Sessions, live or expired.", {one.name: len(one.center.usernames()) for one in worlds}
        )
        yield from _campaigns(worlds)
        yield _gauge(
            "ccmm_journal_exchanges", "Exchanges in the journal.", {one.name: len(one.journal) for one in worlds}
        )
        yield _gauge(
            "ccmm_journal_bytes", "Bytes in the journal.", {one.name: one.journal.bytes_kept for one in worlds}
        )
        struck = CounterMetricFamily("ccmm_faults_struck", "Calls struck by a fault rule.", labels=["center", "rule"])
        for world in worlds:
            for rule in world.faults.rules():
                struck.add_metric([world.name, rule.name], rule.struck)
        yield struck


def _gauge(name: str, told: str, values: dict[str, int]) -> GaugeMetricFamily:
    """One value for each center."""
    gauge = GaugeMetricFamily(name, told, labels=["center"])
    for center, value in values.items():
        gauge.add_metric([center], value)
    return gauge


def _calls(worlds: list[World]) -> Iterable[Metric]:
    """How many calls there were, and how long they took."""
    calls = CounterMetricFamily("ccmm_calls", "Calls answered.", labels=["center", "operation", "outcome"])
    durations = HistogramMetricFamily(
        "ccmm_call_duration_seconds", "How long calls took.", labels=["center", "operation"]
    )
    for world in worlds:
        buckets: dict[str, Counter[int]] = defaultdict(Counter)
        seconds: Counter[str] = Counter()
        for count in world.counts():
            calls.add_metric([world.name, count.operation, count.outcome], count.calls)
            buckets[count.operation].update(dict(enumerate(count.buckets)))
            seconds[count.operation] += count.seconds  # type: ignore[assignment]
        for operation, counted in buckets.items():
            durations.add_metric([world.name, operation], _cumulated(counted), seconds[operation])
    return calls, durations


def _cumulated(counted: Counter[int]) -> list[tuple[str, float]]:
    """The classes as Prometheus has them: each with all that is below its bound."""
    found: list[tuple[str, float]] = []
    total = 0
    for place, bound in enumerate((*map(str, BUCKETS), "+Inf")):
        total += counted[place]
        found.append((bound, total))
    return found


def _campaigns(worlds: list[World]) -> Iterable[Metric]:
    contacts = GaugeMetricFamily("ccmm_contacts", "Contacts in all campaigns.", labels=["center"])
    campaigns = GaugeMetricFamily("ccmm_campaigns", "Campaigns by status.", labels=["center", "status"])
    for world in worlds:
        views = world.center.campaigns()
        contacts.add_metric([world.name], sum(one.number_of_contacts for one in views))
        for status, number in Counter(one.details.status.value for one in views).items():
            campaigns.add_metric([world.name, status], number)
    return contacts, campaigns
