"""Two mocks in this process, and the kit's comparison of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ccmm_contracts.diff import run_diff
from ccmm_contracts.report import Outcome, Report
from ccmm_contracts.reports.events import Event
from ccmm_contracts.target import ServerOptions

from fake_ccmm import FakeCcmm, make_profile


@contextmanager
def two_mocks(settings: Mapping[str, Any] | None = None) -> Iterator[tuple[FakeCcmm, FakeCcmm]]:
    """A mock as it is by default, and one with these settings of its profile."""
    with FakeCcmm(log=None) as a, FakeCcmm(log=None, profile=make_profile(settings or {})) as b:
        yield a, b


def compared(a: FakeCcmm, b: FakeCcmm, *only: str, **options: Any) -> Report:
    """The report on two mocks; ``options`` are those of both."""
    first, second = (ServerOptions(url=one.url, only=only, **options) for one in (a, b))
    return run_diff(first, second, ignore)


def known_users(a: FakeCcmm, b: FakeCcmm, *only: str, **options: Any) -> Report:
    """The report on two mocks that are treated as any server, with the users that they have."""
    first, second = (
        ServerOptions(url=one.url, only=only, control=False, user=one.user, password=one.password, **options)
        for one in (a, b)
    )
    return run_diff(first, second, ignore)


def ignore(event: Event) -> None:
    """Listen to nothing."""


def broken(report: Report) -> dict[str, str]:
    """What each finding says, by its contract."""
    return {
        one.contract.id: one.finding.message
        for one in report.results
        if one.outcome is Outcome.BROKEN and one.finding is not None
    }


def nobody_is_logged_in(*mocks: FakeCcmm) -> bool:
    """Whether no session is open on any of them."""
    return not any(one.center.sessions() for one in mocks)
