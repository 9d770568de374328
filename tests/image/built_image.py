"""The image as it was built: started as Docker would start it, and looked into. ``.ci/image`` builds it and runs this.

FAKE_CCMM_IMAGE names the folder that ``.ci/image`` has put everything in: for ``server`` and ``contracts`` the
configuration (``server.json``) and where the root file system is (``server.root``), and the ``pip.conf`` that the build
was lent. Figures for people go to ``figures`` there.
"""

from __future__ import annotations

import json
import os
import re
import stat
import time
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

import fake_ccmm

from ..running.soap import call, get, log_in
from .container import Container, Image

ROOT = Path(__file__).parent.parent.parent
SEEDS = ROOT / "docker" / "seeds"
URL = "http://127.0.0.1:8000"
UTILITY = f"{URL}/ccmmoutboundwebservices/OutboundUtilityWS.asmx"
CAMPAIGN = f"{URL}/ccmmoutboundwebservices/OutboundCampaignWS.asmx"
TARGETS = ("server", "contracts")

SECONDS_TO_STOP = 2.0
CPU_SECONDS_TO_START = 1.0
"""As people wait for it: a container starts in less than a second. What it computes says so on a busy machine too."""


@pytest.fixture(scope="module")
def built() -> Path:
    """The folder of .ci/image."""
    return Path(os.environ["FAKE_CCMM_IMAGE"])


def image(built: Path, target: str) -> Image:
    root = (built / f"{target}.root").read_text("utf-8").strip()
    return Image(Path(root), json.loads((built / f"{target}.json").read_text("utf-8")))


@pytest.fixture(scope="module")
def mock(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Container]:
    """A server that most tests share: with no folder mounted, and nothing that can be written to but its volume."""
    with Container(image(built, "server"), tmp_path_factory.mktemp("mock")) as container:
        container.wait_until_ready()
        yield container


def tell(built: Path, figure: str) -> None:
    """Keep a figure for the end of .ci/image."""
    with (built / "figures").open("a", encoding="utf-8") as figures:
        figures.write(f"{figure}\n")


def test_it_starts_in_less_than_a_second(built: Path, tmp_path: Path) -> None:
    waits, costs = [], []
    for _ in range(3):
        with Container(image(built, "server"), tmp_path) as container:
            container.wait_until_ready()
            waits.append(container.seconds_to_start)
            costs.append(container.cpu_seconds())
    tell(built, f"start: {min(waits):.2f} s until a login has worked, {min(costs):.2f} s of it computing")
    assert min(costs) < CPU_SECONDS_TO_START


def test_it_is_process_1_of_a_user_without_any_right(mock: Container) -> None:
    status = mock.status()
    assert status["NSpid"].split()[-1] == "1"
    assert set(status["Uid"].split()) == {str(mock.image.user[0])} != {"0"}
    assert set(status["Gid"].split()) == {str(mock.image.user[1])} != {"0"}
    assert {status[name].strip("0") for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")} == {""}
    assert status["NoNewPrivs"] == "1"


def test_its_root_file_system_cannot_be_written_to(mock: Container) -> None:
    mounts = Path(f"/proc/{mock.pid}/mounts").read_text("utf-8").splitlines()
    (options,) = [one.split()[3].split(",") for one in mounts if one.split()[1] == "/"]
    assert "ro" in options
    for folder in ("/tmp", "/opt/fake-ccmm"):
        refused = mock.execute(["python", "-c", f"open('{folder}/a-file', 'w')"])
        assert re.search("Read-only file system|Permission denied", refused.stderr), folder


def test_its_health_check_is_content_and_quick_and_leaves_no_line_in_the_log(built: Path, mock: Container) -> None:
    mock.in_its_network(lambda: get(f"{UTILITY}?disco"))
    before = mock.stderr.wait_for(lambda lines: any(" disco " in line for line in lines))
    started = time.monotonic()
    done = mock.execute(mock.image.health_command)
    seconds = time.monotonic() - started
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["status"] == "ok"
    assert seconds < mock.image.config["Healthcheck"]["Timeout"] / 1e9
    tell(built, f"health check: {seconds:.2f} s, with the start of its process")
    mock.in_its_network(lambda: get(f"{UTILITY}?op=OutboundLogin"))
    after = mock.stderr.wait_for(lambda lines: any(" help " in line for line in lines))
    assert len(after) == len(before) + 1


def test_its_health_check_tells_where_nobody_answers(mock: Container) -> None:
    done = mock.execute(["env", "FAKE_CCMM_URL=http://127.0.0.1:9", *mock.image.health_command])
    assert done.returncode == 1
    assert done.stderr.startswith("http://127.0.0.1:9/control/v1/health: ")


def test_it_listens_on_all_addresses(mock: Container) -> None:
    rows = [line.split() for line in Path(f"/proc/{mock.pid}/net/tcp").read_text("utf-8").splitlines()[1:]]
    listening = {row[1] for row in rows if row[3] == "0A"}
    assert listening == {"00000000:1F40"}  # 0.0.0.0:8000


def test_somebody_outside_logs_in_at_the_address_that_it_tells(mock: Container) -> None:
    key = mock.in_its_network(lambda: log_in(UTILITY, "apiuser", "apipassword"))
    assert re.fullmatch("[A-Za-z0-9]{10}__apiuser", key)
    mock.in_its_network(lambda: call(UTILITY, "OutboundLogoff", username="apiuser"))


def test_its_log_has_what_a_newcomer_needs(mock: Container) -> None:
    said = "".join(mock.stderr.wait_for(lambda lines: any("Log in as" in line for line in lines)))
    assert "Log in as apiuser with password apipassword." in said
    assert UTILITY in said
    assert "0.0.0.0" not in said
    token = json.loads(mock.stdout.wait_for(len)[0])["control_token"]
    assert token in said


def test_its_commands_steer_it_from_inside(mock: Container) -> None:
    token = json.loads(mock.stdout.wait_for(len)[0])["control_token"]
    done = mock.execute(["env", f"FAKE_CCMM_TOKEN={token}", "fake-ccmm", "centers", "list"])
    assert done.returncode == 0, done.stderr
    assert "default" in done.stdout


def test_a_seed_from_the_volume_is_served(built: Path, tmp_path: Path) -> None:
    arguments = ("--seed", "/seeds/example.toml")
    with Container(image(built, "server"), tmp_path, *arguments, folders={"/seeds": SEEDS}) as container:
        assert container.wait_until_ready()["user"] == "ann"
        key = container.in_its_network(lambda: log_in(UTILITY, "ann", "secret"))
        listed = container.in_its_network(lambda: call(CAMPAIGN, "GetCampaigns", sessionKey=key))
        assert re.findall("<Name>(Autumn)</Name>", listed) == ["Autumn"]
        assert "<NumberOfContacts>300</NumberOfContacts>" in listed


def test_sigterm_to_process_1_ends_it_well_and_quickly(built: Path, tmp_path: Path) -> None:
    with Container(image(built, "server"), tmp_path) as container:
        container.wait_until_ready()
        started = time.monotonic()
        container.signal("TERM")
        assert container.wait() == 0
        seconds = time.monotonic() - started
        assert "Traceback" not in container.stderr.to_the_end()
    tell(built, f"stop: {seconds:.2f} s from SIGTERM to the end")
    assert seconds < SECONDS_TO_STOP


def test_it_listens_where_the_arguments_say_and_is_healthy_there(built: Path, tmp_path: Path) -> None:
    url = "http://127.0.0.1:9123"
    own = {"FAKE_CCMM_URL": url, "FAKE_CCMM_TOKEN": "of-the-user"}
    with Container(image(built, "server"), tmp_path, "--port", "9123", environment=own) as container:
        facts = container.wait_until_ready()
        assert (facts["url"], facts.get("control_token")) == (url, None)
        assert container.execute(container.image.health_command).returncode == 0
        assert "of-the-user" not in "".join(container.stderr.wait_for(len))


def test_what_serve_does_not_know_ends_it_with_status_2(built: Path, tmp_path: Path) -> None:
    with Container(image(built, "server"), tmp_path, "--no-such-option") as container:
        assert container.wait() == 2
        assert "--no-such-option" in container.stderr.to_the_end()


def test_a_certificate_for_the_run_needs_a_tmp_that_can_be_written_to(built: Path, tmp_path: Path) -> None:
    arguments = ("--tls", "adhoc")
    environment = {"FAKE_CCMM_URL": "https://127.0.0.1:8000"}
    with Container(image(built, "server"), tmp_path, *arguments) as container:
        assert container.wait() == 1
        assert "TMPDIR" in container.stderr.to_the_end()
    with Container(image(built, "server"), tmp_path, *arguments, environment=environment, has_tmp=True) as container:
        ca = container.wait_until_ready()["ca"]
        assert container.execute(container.image.health_command).returncode == 0
        assert "BEGIN CERTIFICATE" in container.execute(["cat", ca]).stdout


def test_the_contracts_hold_on_it_from_the_image_beside_it(built: Path, tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    kit = image(built, "contracts")
    os.chown(reports, *kit.user)
    token = {"FAKE_CCMM_TOKEN": "of-the-user"}
    with Container(image(built, "server"), tmp_path, environment=token) as server:
        server.wait_until_ready()
        arguments = ("server", URL, "--only", "session", "--junit", "/reports/junit.xml")
        with Container(
            kit, tmp_path, *arguments, environment=token, writable={"/reports": reports}, network=server, has_tmp=True
        ) as run:
            assert run.wait() == 0, run.stdout.to_the_end() + run.stderr.to_the_end()
    cases = list(ElementTree.parse(reports / "junit.xml").iter("testcase"))
    assert [one for one in cases if one.find("skipped") is None]


@pytest.mark.parametrize("target", TARGETS)
def test_its_labels_are_true(built: Path, target: str) -> None:
    labels = image(built, target).config["Labels"]
    assert labels["org.opencontainers.image.version"] == fake_ccmm.__version__
    assert labels["org.opencontainers.image.title"] == {"server": "fake-ccmm", "contracts": "ccmm-contracts"}[target]


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_is_in_it_that_is_not_needed(built: Path, target: str) -> None:
    root = image(built, target).root
    packages = root / "opt/fake-ccmm/lib"
    names = {path.name.partition("-")[0] for path in packages.glob("python3.*/site-packages/*")}
    assert {"fake_ccmm", "ccmm_contracts", "spyne"} <= names
    assert names.isdisjoint({"pip", "setuptools", "hatchling", "zeep", "schemathesis", "mypy", "tests"})
    assert ("hypothesis" in names) == (target == "contracts")
    programs = {path.name for folder in ("usr/bin", "usr/local/bin") for path in (root / folder).iterdir()}
    assert programs.isdisjoint({"cc", "gcc", "c++", "make", "git", "curl", "wget"})
    for left in ("source", "tools", "wheels", "wheel", "root/.cache", "etc/pip.conf", "run/secrets"):
        assert not (root / left).exists(), left
    assert not list(root.rglob(".git"))


@pytest.mark.parametrize("target", TARGETS)
def test_its_bytecode_is_there_and_is_not_checked_against_its_source(built: Path, target: str) -> None:
    packages = image(built, target).root / "opt/fake-ccmm/lib"
    sources = [path for name in ("fake_ccmm", "spyne", "pydantic") for path in packages.rglob(f"{name}/**/*.py")]
    assert len(sources) > 100
    for source in sources:
        (compiled,) = source.parent.glob(f"__pycache__/{source.stem}.cpython-*.pyc")
        assert int.from_bytes(compiled.read_bytes()[4:8], "little") == 1, compiled  # PEP 552: by hash, unchecked


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_of_the_machine_that_built_it_is_in_it(built: Path, target: str) -> None:
    lent = (built / "pip.conf").read_text("utf-8")
    (canary,) = re.findall(r"^# (canary-\w+)$", lent, re.MULTILINE)
    hosts = set(re.findall(r"://(?:[^/\s@]*@)?([\w.-]+)", lent)) - {"pypi.org"}
    traces = [one.encode() for one in (canary, *hosts, str(ROOT), str(built))]
    made = image(built, target)
    told = json.dumps({name: made.told[name] for name in ("OCIv1", "Docker", "Manifest")}).encode()
    assert not [one for one in traces if one in told]
    looked_at = 0
    for folder in ("opt", "etc", "root", "home", "run", "tmp", "var", "seeds", "reports", "srv", "usr/local"):
        for path in (made.root / folder).rglob("*"):
            if stat.S_ISREG(path.lstat().st_mode):
                content = path.read_bytes()
                looked_at += 1
                assert not [one for one in traces if one in content], path
    assert looked_at > 1000


@pytest.mark.parametrize("target", TARGETS)
def test_nobody_but_root_can_change_what_it_runs(built: Path, target: str) -> None:
    for path in (image(built, target).root / "opt").rglob("*"):
        info = path.lstat()
        assert (info.st_uid, info.st_gid) == (0, 0), path
        assert stat.S_ISLNK(info.st_mode) or not info.st_mode & (stat.S_IWGRP | stat.S_IWOTH), path


@pytest.mark.parametrize("target", TARGETS)
def test_its_size_is_told(built: Path, target: str) -> None:
    def size(folder: Path) -> float:
        return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_symlink()) / 1e6

    made = image(built, target)
    whole, own = size(made.root), size(made.root / "opt/fake-ccmm")
    tell(built, f"size of {target}: {own:.0f} MB on a base image of {whole - own:.0f} MB")
    assert own < 120
