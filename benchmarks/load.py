"""Calls per second through sockets: wrk where it is installed, a client of our own where it is not."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from fake_ccmm.soap.names import TARGET

SECONDS = 5
CONNECTIONS = 8


@dataclass(frozen=True)
class Load:
    """What a server did in one run: calls a second, and its CPU microseconds a call, kernel included."""

    per_second: float
    cpu_microseconds: float


class ServerProcess:
    """A server of :mod:`benchmarks.servers`, with its CPU time at any moment."""

    def __init__(self, kind: str) -> None:
        command = [sys.executable, "-m", "benchmarks.servers", kind]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url, self.key = self._process.stdout.readline().split()

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def stop(self) -> None:
        self._process.communicate()


def generator() -> str:
    """What makes the load."""
    return "wrk" if shutil.which("wrk") else "our own client"


def measure(server: ServerProcess, service: str, operation: str, body: bytes, seconds: int = SECONDS) -> Load:
    """One run of so many seconds with CONNECTIONS connections."""
    url = f"{server.url}/ccmmoutboundwebservices/{service}.asmx"
    started, before = time.perf_counter(), server.cpu_seconds()
    calls = _wrk(url, operation, body, seconds) if shutil.which("wrk") else _own(url, operation, body, seconds)
    elapsed, used = time.perf_counter() - started, server.cpu_seconds() - before
    return Load(calls / elapsed, used / calls * 1e6)


def _wrk(url: str, operation: str, body: bytes, seconds: int) -> int:
    quoted = body.decode().replace("]]", "] ]")
    script = (
        f'wrk.method = "POST"\nwrk.body = [[{quoted}]]\n'
        'wrk.headers["Content-Type"] = "text/xml; charset=utf-8"\n'
        f'wrk.headers["SOAPAction"] = \'"{TARGET}{operation}"\'\n'
    )
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", file.name, url]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output:
        raise RuntimeError(f"the server refused calls:\n{output}")
    return int(re.findall(r"(\d+) requests in", output)[0])


def _own(url: str, operation: str, body: bytes, seconds: int) -> int:
    parts = urlsplit(url)
    request = (
        f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: text/xml; charset=utf-8\r\n"
        f'SOAPAction: "{TARGET}{operation}"\r\nContent-Length: {len(body)}\r\n\r\n'
    ).encode() + body
    counts: list[int] = []
    end = time.perf_counter() + seconds

    def work() -> None:
        calls = 0
        with socket.create_connection((parts.hostname, parts.port)) as connection:
            while time.perf_counter() < end:
                connection.sendall(request)
                data = connection.recv(1 << 18)
                head, _, rest = data.partition(b"\r\n\r\n")
                missing = int(re.findall(rb"Content-Length: (\d+)", head)[0]) - len(rest)
                while missing > 0:
                    missing -= len(connection.recv(1 << 18))
                calls += 1
        counts.append(calls)

    threads = [threading.Thread(target=work) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts)
