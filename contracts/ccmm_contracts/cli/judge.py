"""``ccmm-contracts judge``: judge an application that was simply pointed at a mock, from the mock's journal alone."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from ..client_rules import KRULES
from ..errors import SetUpBroken
from ..judge import judge_exchanges, load_journal
from ..mock import find_mock
from ..report import Outcome, Report, Result
from ..reports.events import ContractFinished, RunFinished, RunStarted
from ..selection import selected
from ..target import services_base
from ..version import version
from ..wire.http import Http
from .command import Commands, Reports, declare_reports, new_command
from .words import declare_selection, selection


def declare(commands: Commands) -> None:
    """Add the command."""
    command = new_command(
        commands,
        "judge",
        run,
        summary="judge an application from a mock's journal",
        description=(
            "Say which rules of clients an application keeps that was simply pointed at a mock.\n"
            "The journal is read from the running mock, or from a file that 'fake-ccmm journal --json' wrote."
        ),
        examples=(
            "ccmm-contracts judge --url http://127.0.0.1:8000",
            "ccmm-contracts judge journal.json --skip K8 --junit judged.xml",
        ),
    )
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument("journal", nargs="?", metavar="JOURNAL_FILE", help="a journal that was saved, as JSON")
    source.add_argument("--url", metavar="MOCK", help="the mock, or one of its centers")
    command.add_argument("--ca", metavar="FILE", help="the CA that the mock's https certificate is from, as PEM")
    command.add_argument("--control-url", metavar="URL", help="where the control API is, if it has a port of its own")
    command.add_argument(
        "--control-token", default=os.environ.get("FAKE_CCMM_TOKEN"), metavar="TEXT",
        help="what the control API asks for (FAKE_CCMM_TOKEN where it is left out)",
    )  # fmt: skip
    command.add_argument("--may-take-over", action="store_true", help="it may log off who is logged in already (K8)")
    command.add_argument(
        "--at-once", type=int, default=1, metavar="N", help="how many calls it may have under way at once (default: 1)"
    )
    declare_selection(command)
    declare_reports(command, replays=False)


def run(parsed: argparse.Namespace) -> int:
    """Judge the journal; the exit status."""
    started, clock = datetime.now(timezone.utc).isoformat(timespec="seconds"), time.perf_counter()
    target = parsed.url or parsed.journal
    reasons = selected(KRULES.values(), *selection(parsed))
    with Reports(parsed) as reports:
        reports(RunStarted("judge", target, version(), 0, started, tuple(KRULES.values())))
        report = Report("judge", target, started, version=version())
        try:
            exchanges, responses, facts = _journal(parsed)
            if not exchanges:
                raise SetUpBroken(f"{target} has no exchanges: let the client run against the mock first")
        except SetUpBroken as error:
            report = Report("judge", target, started, version=version(), set_up=str(error))
        else:
            found = judge_exchanges(
                exchanges, responses=responses, at_once=parsed.at_once, may_take_over=parsed.may_take_over
            )
            results = tuple(_chosen(one, reasons) for one in found)
            for one in results:
                reports(ContractFinished(one))
            report = Report(
                "judge", target, started, time.perf_counter() - clock, facts=facts, results=results, version=version()
            )
        reports(RunFinished(report))
        return reports.end(report)


def _chosen(result: Result, reasons: dict[str, str]) -> Result:
    reason = reasons[result.contract.id]
    return Result(result.contract, Outcome.SKIPPED, reason) if reason else result


def _journal(parsed: argparse.Namespace) -> tuple[list[dict[str, Any]], Callable[[int], bytes] | None, tuple[str, ...]]:
    """The exchanges, how to get at the bytes of an answer, and what there is to know of the journal."""
    if parsed.journal:
        exchanges = load_journal(parsed.journal)
        return exchanges, None, (f"{len(exchanges)} exchanges",)
    http = Http(ca_file=parsed.ca)
    mock = find_mock(services_base(parsed.url), http, token=parsed.control_token, control_url=parsed.control_url)
    if mock is None:
        raise SetUpBroken(f"{parsed.url} answers no control API of a mock: only a mock keeps a journal")
    page = mock.journal_page()
    facts = [f"{len(page.exchanges)} exchanges"]
    if page.dropped:
        facts.append(f"the journal is full: {page.dropped} older exchanges are not in it, and are not judged")
    return list(page.exchanges), mock.response_bytes, tuple(facts)
