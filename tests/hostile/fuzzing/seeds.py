"""Seed files of each format, and tables of contacts."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory

from fake_ccmm.demo.center import demo_center
from fake_ccmm.seed import SeedError, build_center, export_seed, parse_seed, write_seed

from .mutation import mutated

_MOST = 2_000
_TABLE = (
    "first_name,last_name,phone_number.phone_no,custom_fields.Account,status,skillset_id\r\n"
    'Zoë,"O""Neil",5550100,A-1,New,10032\r\nAnn,,"5550101",,Closed,\r\n'
).encode()
_WITH_TABLE = b"campaigns:\n- campaign_id: 1\n  name: Table\n  custom_field_names: [Account]\n  contacts_file: t.csv\n"
_SMALL = b"""\
administrators: [{username: anna, password: tulip}]
skillsets: [{skillset_id: 10032, name: OB_Sales}]
disposition_codes: [{disposition_code_id: 11, name: Completed, numeric_value: 501}]
profile: {limit_seconds: 0.5, unknown_campaign: empty}
clock: {start: 2026-03-02T09:00:00Z, frozen: true}
campaigns:
- campaign_id: 7
  name: Spring
  status: Running
  skillset: 10032
  disposition_codes: [11]
  custom_field_names: [Account]
  contacts:
  - {first_name: Ann, phone_number: {phone_no: "1"}, custom_fields: [{name: Account, text: x}]}
  - {last_name: &x "b", title: *x, status: Closed}
"""


class SeedFiles:
    """A seed is read and made a center of, or refused with a SeedError; nothing else may come of it."""

    def __init__(self) -> None:
        seed = export_seed(demo_center())
        texts = {one: write_seed(seed, one).encode()[:6_000] for one in ("yaml", "toml", "json")}
        self._seeds = [*texts.items(), ("yaml", _SMALL), ("yaml", _SMALL), ("yaml", _SMALL)]
        self._texts = [text for _, text in self._seeds]
        self._home = TemporaryDirectory()
        self._folder = Path(self._home.name)

    def make(self, chance: random.Random) -> bytes:
        """The format, and a text of it."""
        if chance.random() < 0.2:
            return b"csv\x1f" + mutated(chance, _TABLE, self._texts)
        format, text = chance.choice(self._seeds)
        return format.encode() + b"\x1f" + mutated(chance, text, self._texts)

    def attempt(self, data: bytes) -> None:
        """Read it, and build what it says where that is not much."""
        format, text = data.split(b"\x1f", 1)
        try:
            if format == b"csv":
                (self._folder / "t.csv").write_bytes(text)
                seed = parse_seed(_WITH_TABLE, "yaml", "seed", self._folder)
            else:
                seed = parse_seed(text, format.decode(), "seed")
            if sum(one.generate.count if one.generate else 0 for one in seed.campaigns) <= _MOST:
                build_center(seed)
        except SeedError as error:
            _check_told(error)

    def check(self) -> None:
        """What is in order is still read."""
        build_center(parse_seed(_SMALL, "yaml"))

    def close(self) -> None:
        """Take the folder away."""
        self._home.cleanup()


def _check_told(error: SeedError) -> None:
    assert str(error).strip()
