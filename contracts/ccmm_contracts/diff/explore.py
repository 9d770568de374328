"""Hypothesis as both kinds of comparison use it: examples by a seed, and the shortest one that shows a difference."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky

_SHORTENING = 1.0
"""Seconds spent on making a difference shorter."""


class Differs(Exception):
    """An example showed a difference; whoever raises it keeps what there is to tell."""


def explore(
    example: Callable[[st.DataObject], None], *, random_seed: int, examples: int, shorten: bool, deep: bool = False
) -> None:
    """Try ``example`` until it raises :class:`Differs`, then make what it drew shorter for a while.

    Without ``shorten`` nothing is tried again. What an example raises besides passes through.
    """
    until: list[float] = []

    @hypothesis.seed(random_seed)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=False,
        print_blob=False,
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink] if shorten else [Phase.generate],
    )
    @given(st.data())
    def tried(data: st.DataObject) -> None:
        if until and time.monotonic() > until[0]:
            return
        try:
            example(data)
        except Differs:
            until[:] = until or [time.monotonic() + (_SHORTENING * (5 if deep else 1) if shorten else 0)]
            raise

    # When the time for shortening is over, an example that differed passes: Hypothesis calls that flaky.
    with suppress(Differs, Flaky):
        tried()
