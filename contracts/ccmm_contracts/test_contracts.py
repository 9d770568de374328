"""What ``pytest --pyargs ccmm_contracts --ccmm-url URL`` runs: each contract of a server as a test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .pytest_plugin import judge

if TYPE_CHECKING:
    import pytest

    from .clause import Clause
    from .run import ServerRun


def test_contract(ccmm_clause: Clause, ccmm_contract_run: ServerRun, request: pytest.FixtureRequest) -> None:
    """The contract holds, or is observed; it is skipped where the server lacks what it needs."""
    judge(request, ccmm_contract_run.try_one(ccmm_clause))
