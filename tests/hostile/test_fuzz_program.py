"""The fuzzer finds nothing in what is there, and something in what is broken."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from . import fuzz
from .fuzzing.target import FuzzTarget


class Broken:
    """Fails at every input with an even first byte, in the same place."""

    def make(self, chance: random.Random) -> bytes:
        return chance.randbytes(4)

    def attempt(self, data: bytes) -> None:
        if data[0] % 2 == 0:
            raise ValueError("an even one")

    def check(self) -> None:
        """Nothing to say."""

    def close(self) -> None:
        """Nothing to close."""


class Forgetful(Broken):
    """Takes every input, and has lost something afterwards."""

    def attempt(self, data: bytes) -> None:
        """Take it."""

    def check(self) -> None:
        raise AssertionError("it is gone")


@pytest.mark.parametrize("name", sorted(fuzz.TARGETS))
def test_a_few_inputs_find_nothing(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = fuzz.main(["--inputs", "200", "--seed", "3", "--only", name, "--out", str(tmp_path)])
    said = capsys.readouterr().out
    assert (status, "200 inputs" in said, list(tmp_path.iterdir())) == (0, True, []), said


@pytest.mark.parametrize(("target", "told"), [(Broken, "ValueError"), (Forgetful, "AssertionError")])
def test_a_target_that_is_broken_is_found_and_its_input_kept(
    target: type[FuzzTarget], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = fuzz.main(["--inputs", "500", "--out", str(tmp_path)], targets={"broken": target})
    assert status == 1
    assert "  1 findings" in capsys.readouterr().out
    assert told in (tmp_path / "broken-1.txt").read_text("utf-8")
    kept = (tmp_path / "broken-1.input").read_bytes()
    assert target is Forgetful or kept[0] % 2 == 0


def test_the_same_seed_makes_the_same_inputs() -> None:
    made = [_inputs(), _inputs()]
    assert made[0] == made[1]
    assert len(set(made[0])) > 10


def _inputs() -> list[bytes]:
    target = fuzz.TARGETS["seed"]()
    try:
        return [target.make(random.Random(f"9/{n}")) for n in range(20)]
    finally:
        target.close()
