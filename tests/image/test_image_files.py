"""The files that the image is built and used by, as far as they can be checked without building it."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import fake_ccmm
from fake_ccmm import FakeCcmm
from fake_ccmm.cli import make_parser
from fake_ccmm.cli.remote import DEFAULT_URL
from fake_ccmm.control.routes import ROUTES
from fake_ccmm.seed import read_seed

from ..running.process import DEADLINE
from .files import ROOT, is_ignored, pinned, read_dockerfile, unmet

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DOCKERFILE = read_dockerfile()
SERVER, CONTRACTS = DOCKERFILE.stages["server"], DOCKERFILE.stages["contracts"]
FINAL = pytest.mark.parametrize("target", [SERVER, CONTRACTS], ids=lambda stage: stage.name)
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
LOCKS = ("build", "server", "contracts")
PYTHON = "3.13"

BUILD_DEADLINE = 1500.0
"""Seconds for building and trying both images; on an idle machine it takes three minutes."""


def health_check(url: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command of the HEALTHCHECK, with this Python and the file that is copied to where it names one."""
    _, _, command = SERVER.values("HEALTHCHECK")[-1].partition("CMD ")
    python, *options, file = yaml.safe_load(command)
    assert python == "python"
    (source,) = [words[0] for words in map(str.split, SERVER.values("COPY")) if words[-1] == file]
    own = {name: value for name, value in os.environ.items() if "FAKE_CCMM" not in name}
    return subprocess.run(
        [sys.executable, *options, str(ROOT / source)],
        env={**own, **variables, "FAKE_CCMM_URL": url},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=DEADLINE,
        check=False,
    )


def test_the_server_is_what_is_built_unless_said_otherwise() -> None:
    assert list(DOCKERFILE.stages)[-1] == "server"


def test_the_base_image_is_fixed_to_a_patch_release_and_a_digest() -> None:
    (image,) = DOCKERFILE.arguments.values()
    assert re.fullmatch(rf"docker\.io/library/python:{re.escape(PYTHON)}\.\d+-slim-trixie@sha256:[0-9a-f]{{64}}", image)
    assert "suite=trixie " in (ROOT / ".ci" / "image").read_text("utf-8")
    assert f"--python-version {PYTHON} " in (ROOT / "docker" / "lock").read_text("utf-8")


def test_every_stage_is_built_on_that_image() -> None:
    known = {"${PYTHON_IMAGE}"}
    for stage in DOCKERFILE.stages.values():
        assert stage.base in known, stage.name
        known.add(stage.name)


def test_pip_takes_only_what_is_pinned_by_hash_or_already_there() -> None:
    runs = [value for stage in DOCKERFILE.stages.values() for value in stage.values("RUN")]
    calls = [call for value in runs for call in re.findall(r"\bpip (?:--python \S+ )?(?:install|wheel)\b[^&|]*", value)]
    assert len(calls) == len(re.findall(r"bin/pip ", " ".join(runs))) > 3
    for call in calls:
        assert ("--require-hashes" in call) != ("--no-index" in call), call
    for call in (call for call in calls if " wheel " in f" {call}"):
        assert {"--no-build-isolation", "--no-deps"} <= set(call.split()), call


@FINAL
def test_it_runs_as_a_numeric_user_who_is_not_root(target: Any) -> None:
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", target.values("USER")[-1])
    names = [name for name, _ in target.instructions]
    assert "RUN" not in names[names.index("USER") :]


@FINAL
def test_its_entry_point_is_process_1_itself(target: Any) -> None:
    program = target.words("ENTRYPOINT")[0]
    assert program in PROJECT["project"]["scripts"]
    assert len(target.values("ENTRYPOINT")) == 1


def test_its_entry_point_serves_on_all_addresses_and_takes_further_options() -> None:
    (port,) = SERVER.values("EXPOSE")
    entry = SERVER.words("ENTRYPOINT")[1:]
    plain = make_parser().parse_args(entry)
    assert (plain.host, plain.port) == ("0.0.0.0", int(port))
    more = make_parser().parse_args([*entry, "--port", "9000", "--seed", "/seeds/example.toml"])
    assert (more.host, more.port, more.seed.as_posix()) == ("0.0.0.0", 9000, "/seeds/example.toml")
    assert not SERVER.values("CMD")


def test_the_seeds_are_a_volume_and_where_it_is_started() -> None:
    assert SERVER.values("VOLUME") == SERVER.values("WORKDIR") == ["/seeds"]


def test_its_labels_are_true_and_name_no_address() -> None:
    labels = [
        dict(word.split("=", 1) for word in shlex.split(value))
        for stage in DOCKERFILE.stages.values()
        for value in stage.values("LABEL")
    ]
    merged = {name.removeprefix("org.opencontainers.image."): value for one in labels for name, value in one.items()}
    assert merged["version"] == fake_ccmm.__version__
    assert merged["licenses"] == PROJECT["project"]["license"]
    assert {stage.name for stage in DOCKERFILE.stages.values() if stage.values("LABEL")} == {
        "base",
        "contracts",
        "server",
    }
    assert not [value for value in merged.values() if "://" in value]


def test_what_is_copied_is_there_and_not_ignored() -> None:
    copied = DOCKERFILE.copied()
    assert "fake_ccmm" in copied
    for source in copied:
        assert (ROOT / source).exists(), source
        assert not is_ignored(source), source


def test_all_that_the_wheel_is_made_from_is_copied() -> None:
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    project = PROJECT["project"]
    sources = [*wheel["packages"], *wheel["force-include"], project["readme"], *project["license-files"]]
    copied = DOCKERFILE.copied()
    for source in [*sources, "pyproject.toml", PROJECT["tool"]["hatch"]["version"]["path"]]:
        assert any(source == one or source.startswith(f"{one}/") for one in copied), source
        assert not is_ignored(source), source


@pytest.mark.parametrize(
    "path",
    [
        *(".git", ".git/config", ".venv/bin/python", "tests/conftest.py", "docs/docker.md", ".ci/run", "x.pem"),
        *("docker/seeds/example.toml", "docker/lock", "contracts/README.md", "fake_ccmm/soap/__pycache__/names.pyc"),
    ],
)
def test_what_the_image_is_not_built_from_does_not_reach_the_build(path: str) -> None:
    assert is_ignored(path)


def test_its_health_check_is_quick_to_begin_and_asks_what_the_server_routes() -> None:
    options, _, _ = SERVER.values("HEALTHCHECK")[-1].partition("CMD")
    seconds = {name: int(value) for name, value in re.findall(r"--(\S+)=(\d+)s", options)}
    assert seconds["interval"] <= 5
    assert seconds["timeout"] <= 5
    asked = health_check("http://127.0.0.1:9").stderr.partition(": ")[0].removeprefix("http://127.0.0.1:9")
    assert [
        route for route in ROUTES if f"/control/v1{route.path}" == asked and route.is_open and route.method == "GET"
    ]
    assert f'"{DEFAULT_URL}"' in (ROOT / "docker" / "health.py").read_text("utf-8")
    assert f"http://127.0.0.1:{SERVER.values('EXPOSE')[0]}" == DEFAULT_URL


def test_its_health_check_succeeds_while_the_server_answers_and_fails_when_it_is_gone() -> None:
    with FakeCcmm(log=None, control_token="nobody-told-the-check") as ccmm:
        done = health_check(ccmm.url)
        assert (done.returncode, done.stderr) == (0, "")
        assert '"ok"' in done.stdout
        assert health_check(f"{ccmm.url}/", http_proxy="http://127.0.0.1:9").returncode == 0
        url = ccmm.url
    gone = health_check(url)
    assert (gone.returncode, gone.stdout) == (1, "")
    assert gone.stderr.count("\n") == 1


def test_its_health_check_fails_where_there_is_no_control_api() -> None:
    with FakeCcmm(log=None, control=False) as ccmm:
        assert health_check(ccmm.url).returncode == 1


def test_its_health_check_works_over_https() -> None:
    with FakeCcmm(log=None, tls="adhoc") as ccmm:
        assert health_check(ccmm.url).returncode == 0


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_with_hashes(lock: str) -> None:
    file = ROOT / "docker" / f"{lock}.txt"
    assert len(pinned(file)) > 5
    assert "docker/lock" in file.read_text("utf-8").partition("==")[0]
    assert f"docker/{lock}.txt" in " ".join(DOCKERFILE.copied())


def test_what_is_pinned_is_what_the_project_needs() -> None:
    build, server, contracts = (pinned(ROOT / "docker" / f"{lock}.txt") for lock in LOCKS)
    needed = PROJECT["project"]["dependencies"]
    kit = PROJECT["project"]["optional-dependencies"]["contracts"]
    assert unmet(needed, server, PYTHON) == []
    assert unmet([*needed, *kit], contracts, PYTHON) == []
    assert unmet([*PROJECT["build-system"]["requires"], "pip", "setuptools"], build, PYTHON) == []
    assert len(unmet(kit, server, PYTHON)) == len(kit)
    assert {name: contracts.get(name) for name in server} == server


def test_compose_serves_to_this_machine_alone_and_locked_down() -> None:
    mock = COMPOSE["services"]["mock"]
    assert mock["build"] == {"context": ".", "target": "server"}
    assert mock["ports"] == [f"127.0.0.1:8000:{SERVER.values('EXPOSE')[0]}"]
    assert mock["environment"] == {"FAKE_CCMM_TOKEN": "${FAKE_CCMM_TOKEN-}"}
    _, _, command = SERVER.values("HEALTHCHECK")[-1].partition("CMD ")
    assert mock["healthcheck"]["test"] == ["CMD", *yaml.safe_load(command)]
    (seeds,) = mock["volumes"]
    assert (seeds["target"], seeds["read_only"]) == (SERVER.values("VOLUME")[0], True)
    assert seeds["source"] == "${FAKE_CCMM_SEEDS:-./docker/seeds}"


@pytest.mark.parametrize("service", COMPOSE["services"])
def test_each_service_of_compose_has_no_right_that_it_does_not_need(service: str) -> None:
    told = COMPOSE["services"][service]
    assert told["read_only"] is True
    assert told["cap_drop"] == ["ALL"]
    assert told["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in told


def test_compose_tries_the_contracts_once_the_mock_is_healthy_and_keeps_their_report() -> None:
    run = COMPOSE["services"]["contracts"]
    assert run["build"]["target"] == "contracts"
    assert run["depends_on"] == {"mock": {"condition": "service_healthy"}}
    assert run["profiles"] == ["contracts"]
    assert run["environment"] == COMPOSE["services"]["mock"]["environment"]
    (reports,) = run["volumes"]
    assert CONTRACTS.values("VOLUME") == [reports["target"]] == ["/reports"]
    command, url, option, report = run["command"]
    assert (command, url, option) == ("server", "http://mock:8000", "--junit")
    assert Path(report).parent.as_posix() == reports["target"]


def test_the_seed_to_begin_with_can_be_served() -> None:
    seed = read_seed(ROOT / "docker" / "seeds" / "example.toml")
    assert [one.username for one in seed.administrators] == ["ann"]
    assert "/seeds/example.toml" in (ROOT / "docs" / "docker.md").read_text("utf-8")


@pytest.mark.parametrize("script", [".ci/image", "docker/lock"])
def test_the_scripts_can_be_started_and_are_sound(script: str) -> None:
    text = (ROOT / script).read_text("utf-8")
    assert text.startswith("#!/usr/bin/env bash\n")
    assert "set -euo pipefail\n" in text
    if sys.platform != "win32":
        assert os.access(ROOT / script, os.X_OK)
        checked = subprocess.run(["bash", "-n", str(ROOT / script)], capture_output=True, timeout=DEADLINE, check=False)
        assert (checked.returncode, checked.stderr) == (0, b"")


@pytest.mark.skipif(sys.platform != "linux", reason="the images are built on Linux")
def test_building_is_skipped_with_the_reason_where_a_program_is_missing(tmp_path: Path) -> None:
    bash = shutil.which("bash")
    assert bash is not None
    for name in ("dirname", "uname", "id"):
        found = shutil.which(name)
        assert found is not None
        (tmp_path / name).symlink_to(found)
    done = run_image_script([bash], {"PATH": str(tmp_path)}, DEADLINE)
    assert done.returncode == 0, done.stderr
    reason, last = done.stdout.splitlines()
    assert last == "image: skipped"
    assert reason.startswith("only root" if os.getuid() else "not on this machine: buildah debootstrap runc; apt-get ")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the images are built on Linux")
def test_the_images_are_built_and_hold_what_is_said_of_them() -> None:
    done = run_image_script(["bash"], {"PYTHON": sys.executable}, BUILD_DEADLINE)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    last = done.stdout.splitlines()[-1]
    assert last in ("image: ok", "image: skipped"), said
    if last == "image: skipped":
        pytest.skip(said)


def run_image_script(shell: list[str], variables: dict[str, str], seconds: float) -> subprocess.CompletedProcess[str]:
    """What .ci/image does; it gets nothing of the pytest that runs here, since it starts one of its own."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "FAKE_CCMM"))}
    process = subprocess.Popen(
        [*shell, str(ROOT / ".ci" / "image")],
        env={**own, **variables},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    with process:
        try:
            stdout, stderr = process.communicate(timeout=seconds)
        finally:
            if process.poll() is None:  # not killed, so that it unmounts and removes what it made
                os.killpg(process.pid, signal.SIGTERM)
    return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)
