"""What journal, counters and fault checks cost a call that has no use for them, beside the same call without them.

``python -m benchmarks.steering`` prints the figures by themselves.
"""

from __future__ import annotations

import gc
import statistics
import time
from typing import Any

from fake_ccmm.app import FakeCcmmApp
from fake_ccmm.calls import CallPattern
from fake_ccmm.faults import FaultRule, Reset

from . import load
from .requests import PASSWORD, USER, center_of, environ_of, page, smallest
from .servers import WithoutMemory

CALLS = 100
ROUNDS = 400
SOCKET_ROUNDS = 15
CONTACTS = 1_000
RULES = 5


def measured() -> dict[str, dict[str, float]]:
    """CPU microseconds of each kind of call: bare, as it is served, and with fault rules that never match."""
    apps = {
        name: _app(kind) for name, kind in (("bare", WithoutMemory), ("served", FakeCcmmApp), ("rules", FakeCcmmApp))
    }
    for number in range(RULES):
        pattern = CallPattern("CloseContact", arguments={"contact_id": number})
        apps["rules"][0].worlds.default.faults.add(FaultRule(when=pattern, do=Reset()))
    figures: dict[str, dict[str, float]] = {}
    for call in ("smallest", "page"):
        used: dict[str, list[float]] = {name: [] for name in apps}
        for _ in range(ROUNDS):  # in short turns, so that what else the machine does meets all alike
            for name, (app, environs) in apps.items():
                used[name].append(_cpu(app, environs[call]))
        figures[call] = {name: statistics.median(found) for name, found in used.items()}
    return figures


def report(figures: dict[str, dict[str, float]]) -> None:
    """Print the figures and their ratios."""
    print(
        "CPU per call, sockets left out: without journal and counters, with them, and with fault rules that never match"
    )
    for call, found in figures.items():
        ratios = "   ".join(
            f"{found[name]:6.1f} us {found[name] / found['bare']:.2f} x" for name in ("served", "rules")
        )
        print(f"  {call:10} {found['bare']:6.1f} us   {ratios}")


def report_over_sockets() -> None:
    """Print what a whole call costs the server's process, with and without: two servers under load in short turns."""
    print(
        f"CPU per call over sockets, {load.CONNECTIONS} connections, load by {load.generator()}: without and with them"
    )
    servers = {kind: load.ServerProcess(kind) for kind in ("bare", "fake-ccmm")}
    for call, request in (("smallest", smallest), ("page", page)):
        used: dict[str, list[float]] = {kind: [] for kind in servers}
        for _ in range(SOCKET_ROUNDS):
            for kind, server in servers.items():
                used[kind].append(load.measure(server, *request(server.key), seconds=1).cpu_microseconds)
        bare, served = (statistics.median(found) for found in used.values())
        print(f"  {call:10} {bare:6.1f} us   {served:6.1f} us {served / bare:.2f} x")
    for server in servers.values():
        server.stop()


def _app(kind: type[FakeCcmmApp]) -> tuple[FakeCcmmApp, dict[str, dict[str, Any]]]:
    center = center_of(CONTACTS)
    app = kind(center, log=None)
    key = center.log_in(USER, PASSWORD)
    return app, {"smallest": environ_of(*smallest(key)), "page": environ_of(*page(key, 0))}


def _cpu(app: FakeCcmmApp, environ: dict[str, Any]) -> float:
    def start_response(status: str, headers: Any, exc_info: Any = None, /) -> Any:
        if status != "200 OK":
            raise RuntimeError(f"answered {status}")

    started = time.process_time()
    for _ in range(CALLS):
        environ["wsgi.input"].seek(0)
        app(environ, start_response)
    return (time.process_time() - started) / CALLS * 1e6


if __name__ == "__main__":
    gc.freeze()  # as the command line does
    report(measured())
    report_over_sockets()
