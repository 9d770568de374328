"""What calls cost in the application alone, in a small and in a large campaign, from a process of its own.

``python -m benchmarks.growth SMALL LARGE`` prints JSON: seconds and bytes to load, CPU microseconds of each kind of
call.
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

CALLS = 2_000
ROUNDS = 7


def measured(small: int, large: int) -> dict[str, dict[str, float]]:
    """The figures of both campaign sizes, from a fresh process that measures them in turn."""
    command = [sys.executable, "-m", "benchmarks.growth", str(small), str(large)]
    figures: dict[str, dict[str, float]] = json.loads(
        subprocess.run(command, capture_output=True, text=True, check=True).stdout
    )
    return figures


def main(small: int, large: int) -> None:
    few = Workload(small)  # made first: whatever is only needed once is not counted for the large one
    resident, started = _resident(), time.perf_counter()
    many = Workload(large)
    figures = {
        "load": {"seconds": time.perf_counter() - started, "bytes": (_resident() - resident) / large},
        "small": dict.fromkeys(few.environs, float("inf")),
        "large": dict.fromkeys(many.environs, float("inf")),
    }
    for _ in range(ROUNDS):
        for name in few.environs:
            figures["small"][name] = min(figures["small"][name], few.cpu(name))
            figures["large"][name] = min(figures["large"][name], many.cpu(name))
    print(json.dumps(figures))


class Workload:
    """The calls that are measured, for a campaign of some size."""

    def __init__(self, count: int) -> None:
        center = center_of(count)
        self._app = FakeCcmmApp(center, log=None)
        key = center.log_in(USER, PASSWORD)
        number = center.contact(CAMPAIGN, count // 2).phone_number
        parts = (number.int_code or "", number.area_code or "", number.phone_no or "") if number else ("", "", "1")
        self.environs = {
            "smallest": environ_of(*smallest(key)),
            "page": environ_of(*page(key, count // 2)),
            "phone": environ_of(*find_by_phone(key, parts)),
            "field": environ_of(*find_by_field(key, "AccountNumber", f"A-{count // 2:07}")),
        }

    def cpu(self, name: str) -> float:
        """CPU microseconds a call, in one round."""
        statuses: set[str] = set()

        def start_response(status: str, headers: Any, exc_info: Any = None, /) -> Any:
            statuses.add(status)

        environ, app = self.environs[name], self._app
        started = time.process_time()
        for _ in range(CALLS):
            environ["wsgi.input"].seek(0)
            app(environ, start_response)
        used = time.process_time() - started
        if statuses != {"200 OK"}:
            raise RuntimeError(f"{name} was answered {statuses}")
        return used / CALLS * 1e6


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
