"""Soak a server in mixed load and faults: ``python -m tests.hostile.soak --minutes 60``.

Several integrators work at once, each on a campaign of his own, with faults that they ask for; others make and remove
centers, or are rude. Ends with exit status 1 where a contact was lost or there twice, an error came that nobody asked
for, the log had anything but its lines, or memory, descriptors or threads grew.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ccmm_contracts.wire.http import Http

from .soaking.findings import Findings
from .soaking.flatness import growth
from .soaking.integrator import CODE, PASSWORD, SKILLSET, Integrator
from .soaking.others import be_rude, make_and_remove_centers
from .soaking.server import DEADLINE, Usage, WatchedServer

_INTEGRATORS = 6
_SAMPLES = 240
_JOIN_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Soaked:
    """What a soak came to: calls by kind, seconds, what the server took at each sample, and what was wrong."""

    calls: dict[str, int]
    seconds: float
    usage: tuple[Usage, ...]
    wrong: tuple[str, ...]


def soak(seconds: float, seed: int, *, sabotage: Callable[[str], None] | None = None) -> Soaked:
    """Let all of them work for so many seconds. ``sabotage``, for the tests, is given the server's URL half-way."""
    findings, is_over = Findings(), threading.Event()
    usage: list[Usage] = []
    with tempfile.TemporaryDirectory() as home, Http(timeout=30) as http:
        path = Path(home) / "seed.json"
        path.write_text(json.dumps(_seed()), "utf-8")
        with WatchedServer("--seed", str(path), secrets=[PASSWORD]) as server:
            url = f"http://127.0.0.1:{server.site.port}"
            integrators = [Integrator(n, url, http, findings, seed) for n in range(_INTEGRATORS)]
            threads = [threading.Thread(target=one.run, args=(is_over,), daemon=True) for one in integrators]
            threads += [
                threading.Thread(target=make_and_remove_centers, args=(url, findings, is_over), daemon=True),
                threading.Thread(target=be_rude, args=(server.site.port, seed, findings, is_over), daemon=True),
            ]
            started = time.monotonic()
            for one in threads:
                one.start()
            while (passed := time.monotonic() - started) < seconds and server.is_alive:
                usage.append(server.usage())
                if sabotage is not None and passed > seconds / 2:
                    sabotage(url)
                    sabotage = None
                is_over.wait(max(0.1, seconds / _SAMPLES))
            is_over.set()
            for one in threads:
                one.join(_JOIN_SECONDS)
                if one.is_alive():
                    findings.add("somebody still waits for an answer")
            _check_end(server, findings)
    for told in growth(usage):
        findings.add(told)
    return Soaked(dict(findings.calls), time.monotonic() - started, tuple(usage), findings.told)


def _check_end(server: WatchedServer, findings: Findings) -> None:
    if not server.is_alive:
        findings.add("the server has ended")
    elif (status := server.stop()) != 0:
        findings.add(f"asked to stop, it ended with status {status} (within {DEADLINE:g} seconds)")
    for told in server.log.taken():
        findings.add(told)


def _seed() -> dict[str, object]:
    return {
        "administrators": [{"username": f"user{n}", "password": PASSWORD} for n in range(_INTEGRATORS)],
        "skillsets": [{"skillset_id": SKILLSET, "name": "Sales"}],
        "disposition_codes": [{"disposition_code_id": CODE, "name": "Sold"}],
        "profile": {"limit_seconds": 0},
        "limits": {"journal_exchanges": 200},
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Soak a server, and tell the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0, help="how long (default: 60)")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args(arguments)
    done = soak(given.minutes * 60, given.seed)
    total = sum(done.calls.values())
    print(f"{total:,} calls in {done.seconds:,.0f} s, {total / done.seconds:,.0f} /s")
    for name, count in sorted(done.calls.items()):
        print(f"    {name:28} {count:>10,}")
    for part in range(5):
        one = done.usage[(len(done.usage) - 1) * part // 4]
        print(f"{25 * part:>4} %  {one.kilobytes:>9,} KB {one.descriptors:>5} descriptors {one.threads:>4} threads")
    print(f"{len(done.wrong)} findings")
    for told in done.wrong:
        print(f"    {told}")
    return 1 if done.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
