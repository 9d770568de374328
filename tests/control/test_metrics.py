"""The figures that Prometheus reads."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from fake_ccmm import __version__
from fake_ccmm.faults import FaultRule, Reset
from fake_ccmm.meter import Count
from tests.journal.recorded import Recorded

from .steering import BASE, Steering

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def scraped(steering: Steering, path: str = "/metrics") -> Samples:
    text = steering.get(path)
    return {
        (one.name, tuple(sorted(one.labels.items()))): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def value(samples: Samples, name: str, **labels: str) -> float | None:
    return samples.get((name, tuple(sorted(labels.items()))))


@pytest.mark.parametrize("path", ["/metrics", f"{BASE}/metrics"])
def test_centers_are_told_apart(steering: Steering, path: str) -> None:
    steering.put(f"{BASE}/centers/empty", {}, 201)
    steering.center.log_in("anna", "tulip")
    steering.world.journal.add(Recorded(size=100))
    samples = scraped(steering, path)
    assert value(samples, "ccmm_build_info", version=__version__) == 1
    for center, contacts, sessions, kept in (("default", 2, 1, 1), ("empty", 0, 0, 0)):
        assert value(samples, "ccmm_contacts", center=center) == contacts
        assert value(samples, "ccmm_sessions", center=center) == sessions
        assert value(samples, "ccmm_journal_exchanges", center=center) == kept
        assert value(samples, "ccmm_journal_bytes", center=center) == kept * 100
    assert value(samples, "ccmm_campaigns", center="default", status="Running") == 2


def test_calls_are_counted_and_timed(steering: Steering, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = [
        Count("CloseContact", "ok", 2, 0.0203, (0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0)),
        Count("CloseContact", "refused", 1, 5.0, (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)),
    ]
    monkeypatch.setattr(steering.world, "counts", lambda: counts)
    samples = scraped(steering)
    own = {"center": "default", "operation": "CloseContact"}
    assert value(samples, "ccmm_calls_total", **own, outcome="ok") == 2
    assert value(samples, "ccmm_calls_total", **own, outcome="refused") == 1
    duration = "ccmm_call_duration_seconds"
    assert value(samples, f"{duration}_count", **own) == 3
    assert value(samples, f"{duration}_sum", **own) == pytest.approx(5.0203)
    buckets = [
        value(samples, f"{duration}_bucket", **own, le=le) for le in ("0.00025", "0.0005", "0.025", "1.0", "+Inf")
    ]
    assert buckets == [0, 1, 2, 2, 3]


def test_strikes_of_fault_rules_are_counted(steering: Steering) -> None:
    steering.world.faults.add(FaultRule(name="lost", do=Reset()))
    steering.world.faults.decide("GetCampaigns", "anna", {})
    assert value(scraped(steering), "ccmm_faults_struck_total", center="default", rule="lost") == 1


def test_two_servers_in_one_process_do_not_mix(steering: Steering) -> None:
    other = Steering()
    other.delete(f"{BASE}/centers/default/campaigns/1")
    assert value(scraped(steering), "ccmm_contacts", center="default") == 2
    assert value(scraped(other), "ccmm_contacts", center="default") == 0
