"""``python -m benchmarks``: every figure, from one run."""

from __future__ import annotations

from collections.abc import Callable

from . import growth, load, steering
from .requests import page, smallest

SMALL, LARGE = 1_000, 1_000_000


def main() -> None:
    figures = growth.measured(SMALL, LARGE)
    small, large, loaded = figures["small"], figures["large"], figures["load"]
    print("CPU per call, sockets left out")
    print(f"  smallest call            {small['smallest']:9.1f} us")
    print(
        f"  page of 200              {small['page']:9.1f} us   {small['page'] / small['smallest']:.2f} x the smallest"
    )
    print(f"Load of {LARGE:,} contacts")
    print(f"  {loaded['seconds']:.1f} s, {loaded['bytes']:.0f} bytes of memory each")
    print(f"Growth: CPU per call among {SMALL:,} and among {LARGE:,} contacts")
    for name in ("page", "phone", "field"):
        ratio = large[name] / small[name]
        print(f"  {name:24} {small[name]:9.1f} us {large[name]:9.1f} us   {ratio:.2f} x")
    steering.report(steering.measured())
    steering.report_over_sockets()
    print(f"Calls per second, {load.CONNECTIONS} connections, load by {load.generator()}")
    rates = {}
    for kind in ("fake-ccmm", "plain-spyne"):
        server = load.ServerProcess(kind)
        for name, request in CALLS.items():
            rates[kind, name] = found = load.measure(server, *request(server.key))
            print(f"  {kind:12} {name:12} {found.per_second:9.0f} /s   {found.cpu_microseconds:7.0f} us of CPU each")
        server.stop()
    for name in CALLS:
        ratio = rates["fake-ccmm", name].per_second / rates["plain-spyne", name].per_second
        print(f"  {name:12} fake-ccmm is {ratio:.1f} x plain spyne")
    cost = rates["fake-ccmm", "page of 200"].cpu_microseconds / rates["fake-ccmm", "smallest"].cpu_microseconds
    print(f"  over sockets a page costs {cost:.2f} x the smallest call's CPU, kernel included")


CALLS: dict[str, Callable[[str], tuple[str, str, bytes]]] = {"smallest": smallest, "page of 200": page}

if __name__ == "__main__":
    main()
