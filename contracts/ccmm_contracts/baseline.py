"""The baseline: deviations of a server that are known, each with a reason, so that a run fails only on new ones.

A TOML file with a table for each contract::

    [deviations]
    "S1.shape" = "keys are GUIDs on this server, see the ticket"

A deviation that no longer shows fails the run as stale: the file must not outlive what it excuses.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from .errors import SetUpBroken
from .report import Outcome, Result

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True, slots=True)
class Baseline:
    """Known deviations: the reason for each, by the contract's id."""

    reasons: Mapping[str, str] = field(default_factory=dict)

    def judge(self, result: Result) -> Result:
        """The same result with a known deviation as ``known``, and one that does not show any more as ``stale``."""
        reason = self.reasons.get(result.contract.id)
        if reason is None:
            return result
        if result.outcome is Outcome.BROKEN:
            return replace(result, outcome=Outcome.KNOWN, reason=reason)
        if result.outcome is Outcome.HOLDS:
            return replace(result, outcome=Outcome.STALE, reason=f"holds, but the baseline excuses it: {reason}")
        return result


def read_baseline(path: Path, known: set[str]) -> Baseline:
    """The baseline in a file; ``known`` are the ids that contracts can have. Raises SetUpBroken for what is none."""
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise SetUpBroken(f"{path}: cannot be read: {error.strerror}") from None
    except RecursionError:
        raise SetUpBroken(f"{path}: is nested too deeply for a baseline") from None
    except ValueError as error:  # no TOML, no UTF-8, or a number of more digits than Python reads
        raise SetUpBroken(f"{path}: is not TOML: {error}") from None
    deviations = data.get("deviations")
    if not isinstance(deviations, dict) or set(data) != {"deviations"}:
        raise SetUpBroken(f'{path}: needs one table [deviations] with lines such as "S1.shape" = "the reason"')
    for contract_id, reason in deviations.items():
        if contract_id not in known:
            raise SetUpBroken(f"{path}: {contract_id!r} is no contract; 'ccmm-contracts list' has them all")
        if not isinstance(reason, str) or not reason.strip():
            raise SetUpBroken(f"{path}: {contract_id} needs a reason, in quotes")
    return Baseline(deviations)
