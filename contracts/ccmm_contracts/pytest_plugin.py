"""The contracts as tests: ``pytest --pyargs ccmm_contracts --ccmm-url URL``, each contract an item.

Every run of pytest in an environment with the kit imports this module, so it imports the rest only when it is used.
Ends with exit status 2 where the set-up is broken, as the command line does.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from .options import SERVER_OPTIONS, declare_server_options, flattened, server_options

if TYPE_CHECKING:
    from .clause import Clause
    from .report import Result
    from .run import ServerRun

_SET_UP_BROKEN = pytest.StashKey[list[str]]()
_LEFT = pytest.StashKey[list[str]]()
_EXIT_SET_UP_BROKEN = 2
_PROPERTY = "observation"


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of ``ccmm-contracts server``, each with ``--ccmm-`` before its name."""
    group = parser.getgroup("ccmm-contracts", "contracts of a CCMM server (--pyargs ccmm_contracts)")
    group.addoption("--ccmm-url", metavar="URL", default=None, help="the server's address")
    group.addoption("--ccmm-baseline", metavar="FILE", default=None, help="known deviations, each with a reason (TOML)")
    group.addoption("--ccmm-replays", metavar="FOLDER", default=None, help="where findings are saved")
    declare_server_options(group.addoption, "--ccmm-")


def pytest_configure(config: pytest.Config) -> None:
    """A place for what is broken in the set-up, what was observed, and what is left on the server."""
    for key in (_SET_UP_BROKEN, _LEFT):
        config.stash[key] = []
    if config.getoption("ccmm_url"):
        from .errors import KitError

        try:
            from .scratch import use_scratch_folder

            use_scratch_folder()
        except ModuleNotFoundError as error:
            raise _not_installed(error) from None
        except KitError as error:
            raise pytest.UsageError(str(error)) from None


def _not_installed(error: ModuleNotFoundError) -> pytest.UsageError:
    return pytest.UsageError(f"{str(error.name).partition('.')[0]} is missing: pip install 'fake-ccmm[contracts]'")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """An item for each contract that is selected."""
    if "ccmm_clause" in metafunc.fixturenames:
        found = _selected(metafunc.config)
        metafunc.parametrize("ccmm_clause", found, ids=[one.contract.id for one in found])


def _selected(config: pytest.Config) -> list[Clause]:
    from .errors import SetUpBroken

    try:
        from .clause import clauses
        from .selection import selected

        known, given = list(clauses()), _given(config)
    except ModuleNotFoundError as error:
        raise _not_installed(error) from None
    try:
        reasons = selected([one.contract for one in known], given.get("only") or (), given.get("skip") or ())
    except SetUpBroken as error:
        raise pytest.UsageError(str(error)) from None
    return [one for one in known if not reasons[one.contract.id]]


def _given(config: pytest.Config) -> dict[str, Any]:
    return flattened({one.field: config.getoption(f"ccmm_{one.field}") for one in SERVER_OPTIONS})


@pytest.fixture(scope="session")
def ccmm_contract_run(request: pytest.FixtureRequest) -> Generator[ServerRun]:
    """The server that is checked, within reach; at the end everybody is logged off and a mock is as it was."""
    from .errors import SetUpBroken
    from .run import ServerRun
    from .target import Target

    config, why = request.config, ""
    try:
        with Target(_options(config)) as target:
            if target.mock is None and _is_worker(config):
                raise SetUpBroken("only a mock can be checked by several workers at once: leave out -n, or give -n 0")
            run = ServerRun(target, replay_folder=_folder(config), baseline=_baseline(config))
            try:
                yield run
            finally:
                run.finish()
        config.stash[_LEFT].extend(target.left_behind)
    except SetUpBroken as error:
        why = str(error)
    if why:
        _fail_set_up(config, why)


def _is_worker(config: pytest.Config) -> bool:
    """Whether this is one of several workers of pytest-xdist."""
    return hasattr(config, "workerinput")


def _options(config: pytest.Config) -> Any:
    from .errors import SetUpBroken

    url = config.getoption("ccmm_url")
    if not url:
        raise SetUpBroken("no server to check: give its address with --ccmm-url URL")
    # Workers of pytest-xdist share the server, so each has a center of its own.
    more: dict[str, Any] = {"own_center": True} if _is_worker(config) else {}
    return server_options(url, _given(config), **more)


def _folder(config: pytest.Config) -> Path | None:
    folder = config.getoption("ccmm_replays")
    return Path(folder) if folder else None


def _baseline(config: pytest.Config) -> Any:
    from .baseline import read_baseline
    from .clause import clauses

    path = config.getoption("ccmm_baseline")
    return read_baseline(Path(path), {one.contract.id for one in clauses()}) if path else None


def _fail_set_up(config: pytest.Config, why: str) -> None:
    config.stash[_SET_UP_BROKEN].append(why)
    pytest.fail(f"the set-up is broken: {why}", pytrace=False)


def judge(request: pytest.FixtureRequest, result: Result) -> None:
    """Let the test of a contract pass, fail or be skipped, as the result says."""
    from .report import Outcome

    config = request.config
    for one in result.observations:
        request.node.user_properties.append((_PROPERTY, f"{result.contract.id}: {one.text}"))
    if result.outcome is Outcome.SETUP:
        _fail_set_up(config, result.reason)
    if result.outcome is Outcome.SKIPPED:
        pytest.skip(result.reason)
    if result.outcome is Outcome.KNOWN:
        pytest.xfail(f"known: {result.reason}")
    if result.outcome is Outcome.STALE:
        pytest.fail(f"{result.contract.id} {result.reason}", pytrace=False)
    if result.finding is not None:
        pytest.fail(_told(result), pytrace=False)


def _told(result: Result) -> str:
    finding = result.finding
    if finding is None:
        return ""
    lines = [f"{result.contract.id}: {result.contract.sentence}", finding.message, "", *finding.story]
    if finding.replay_file:
        lines += ["", f"ccmm-contracts replay {finding.replay_file}"]
    return "\n".join(lines)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A broken set-up is no finding: exit status 2. A worker of pytest-xdist tells the one who started it."""
    stash = session.config.stash
    if _is_worker(session.config):
        session.config.workeroutput["ccmm_contracts"] = {  # type: ignore[attr-defined]
            "set_up": stash.get(_SET_UP_BROKEN, []),
            "left": stash.get(_LEFT, []),
        }
    elif stash.get(_SET_UP_BROKEN, []):
        session.exitstatus = _EXIT_SET_UP_BROKEN


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """What a worker of pytest-xdist had to tell."""
    told = getattr(node, "workeroutput", {}).get("ccmm_contracts") or {"set_up": [], "left": []}
    node.config.stash[_SET_UP_BROKEN].extend(told["set_up"])
    node.config.stash[_LEFT].extend(told["left"])


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """What was observed, and what is left on the server."""
    reports = [one for key in ("passed", "failed") for one in terminalreporter.stats.get(key, [])]
    seen = [text for one in reports for name, text in getattr(one, "user_properties", ()) if name == _PROPERTY]
    if seen and config.getoption("ccmm_url", None):
        terminalreporter.section("what the server was seen to do")
        for text in dict.fromkeys(map(str, seen)):
            terminalreporter.line(text)
    for text in config.stash.get(_LEFT, []):
        terminalreporter.line(f"left behind: {text}")
