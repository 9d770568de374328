"""What calls cost in the application alone, in small and in large campaigns; run in processes of their own.

``python -m benchmarks.growth COUNT`` prints JSON: seconds and bytes to load, CPU microseconds of each kind of call.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from fake_ccmm.app import FakeCcmmApp

from .requests import (
    CAMPAIGN,
    PASSWORD,
    USER,
    center_of,
    environ_of,
    find_by_field,
    find_by_phone,
    page,
    smallest,
)

CALLS = 3_000
ROUNDS = 5


def measured(count: int) -> dict[str, float]:
    """The figures of one campaign size, from a fresh process."""
    output = subprocess.run(
        [sys.executable, "-m", "benchmarks.growth", str(count)], capture_output=True, text=True, check=True
    ).stdout
    figures: dict[str, float] = json.loads(output)
    return figures


def main(count: int) -> None:
    center_of(10)  # whatever is only needed once is not counted
    resident, started = _resident(), time.perf_counter()
    center = center_of(count)
    figures = {"seconds": time.perf_counter() - started, "bytes": (_resident() - resident) / count}
    app = FakeCcmmApp(center, log=None)
    key = center.log_in(USER, PASSWORD)
    middle = center.contact(CAMPAIGN, count // 2)
    number = middle.phone_number
    parts = (number.int_code or "", number.area_code or "", number.phone_no or "") if number else ("", "", "1")
    figures["smallest"] = _cpu(app, *smallest(key))
    figures["page"] = _cpu(app, *page(key, count // 2))
    figures["phone"] = _cpu(app, *find_by_phone(key, parts))
    figures["field"] = _cpu(app, *find_by_field(key, "AccountNumber", f"A-{count // 2:07}"))
    print(json.dumps(figures))


def _cpu(app: FakeCcmmApp, service: str, operation: str, body: bytes) -> float:
    """CPU microseconds a call, the best of some rounds."""
    statuses: list[str] = []

    def start_response(status: str, headers: Any, exc_info: Any = None, /) -> Any:
        statuses.append(status)

    environs = [environ_of(service, operation, body) for _ in range(CALLS)]
    best = float("inf")
    for _ in range(ROUNDS):
        for environ in environs:
            environ["wsgi.input"].seek(0)
        started = time.process_time()
        for environ in environs:
            app(environ, start_response)
        best = min(best, time.process_time() - started)
    if set(statuses) != {"200 OK"}:
        raise RuntimeError(f"{operation} was answered {set(statuses)}")
    return best / CALLS * 1e6


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


if __name__ == "__main__":
    main(int(sys.argv[1]))
