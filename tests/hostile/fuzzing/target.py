"""What is fuzzed: it makes an input by chance, tries it, and says now and then whether it is still whole."""

from __future__ import annotations

import random
from typing import Protocol


class FuzzTarget(Protocol):
    """Whatever ``attempt`` or ``check`` raises is a finding."""

    def make(self, chance: random.Random) -> bytes:
        """The next input."""

    def attempt(self, data: bytes) -> None:
        """Try an input; raises where it is not taken as documented."""

    def check(self) -> None:
        """Raise unless all is as it was before the inputs."""

    def close(self) -> None:
        """The end."""
