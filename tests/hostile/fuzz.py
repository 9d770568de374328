"""Fuzz what reads foreign input: ``python -m tests.hostile.fuzz --minutes 10 --seed 1``.

Each input follows from the seed, the target and its number, so that a finding can be made again. Ends with exit
status 1 where there are findings; each is a file in the folder of ``--out``.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .fuzzing.control import ControlRequests
from .fuzzing.json_lines import JsonLines
from .fuzzing.seeds import SeedFiles
from .fuzzing.soap import SoapRequests
from .fuzzing.target import FuzzTarget

TARGETS: Mapping[str, Callable[[], FuzzTarget]] = {
    "soap": SoapRequests,
    "control": ControlRequests,
    "seed": SeedFiles,
    "jsonlines": JsonLines,
}
_CHECKED_EVERY = 100
_SLOW = 10.0
"""Seconds that no input may take."""
_MOST_FINDINGS = 20


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of a target: inputs tried, seconds, and what each finding was."""

    name: str
    inputs: int
    seconds: float
    findings: tuple[str, ...]


def fuzz(
    name: str, make: Callable[[], FuzzTarget], seed: int, out: Path, *, seconds: float, inputs: int | None = None
) -> Tally:
    """Try inputs for so many seconds, or so many inputs; the same finding is kept once."""
    target, started, tried = make(), time.monotonic(), 0
    found: dict[str, str] = {}
    try:
        while (time.monotonic() - started < seconds if inputs is None else tried < inputs) and len(
            found
        ) < _MOST_FINDINGS:
            data = target.make(random.Random(f"{seed}/{name}/{tried}"))
            tried += 1
            began = time.monotonic()
            try:
                target.attempt(data)
                if tried % _CHECKED_EVERY == 0:
                    target.check()
                took = time.monotonic() - began
                assert took < _SLOW, f"it took {took:.1f} seconds"
            except Exception as error:
                where = traceback.extract_tb(error.__traceback__)[-1]
                key = f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}"
                if key not in found:
                    found[key] = f"{key}: {str(error)[:300]}"
                    (out / f"{name}-{len(found)}.input").write_bytes(data)
                    (out / f"{name}-{len(found)}.txt").write_text(traceback.format_exc(), "utf-8")
    finally:
        target.close()
    return Tally(name, tried, time.monotonic() - started, tuple(found.values()))


def main(arguments: Sequence[str] | None = None, targets: Mapping[str, Callable[[], FuzzTarget]] = TARGETS) -> int:
    """Fuzz each target for its share of the time, and tell the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="for all targets together (default: 10)")
    parser.add_argument("--inputs", type=int, default=None, help="so many for each target, whatever the time")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default=",".join(targets), help="targets, with commas")
    parser.add_argument("--out", type=Path, default=None, help="where findings are kept (default: a new folder)")
    given = parser.parse_args(arguments)
    out = given.out or Path(tempfile.mkdtemp(prefix="fuzz-"))
    out.mkdir(parents=True, exist_ok=True)
    chosen = given.only.split(",")
    findings = 0
    for name in chosen:
        tally = fuzz(
            name, targets[name], given.seed, out, seconds=given.minutes * 60 / len(chosen), inputs=given.inputs
        )
        findings += len(tally.findings)
        rate = tally.inputs / max(tally.seconds, 0.001)
        print(f"{name:10} {tally.inputs:>9,} inputs {rate:>8,.0f} /s {len(tally.findings):>3} findings", flush=True)
        for one in tally.findings:
            print(f"    {one}")
    if findings:
        print(f"the inputs that did it are in {out}")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
