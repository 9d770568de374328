"""``fake-ccmm doctor``: every check fails where something is wrong, says how to mend it, and tells no secret."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import fake_ccmm
from fake_ccmm import ContactCenter, FakeCcmm
from fake_ccmm.control_client import ControlClient
from fake_ccmm.doctor.addresses import masked, root_of
from fake_ccmm.doctor.checks import CHECKS, Check, examine
from fake_ccmm.doctor.examination import Examination
from fake_ccmm.doctor.finding import OK, PROBLEM, STATUSES, WARNING, Finding
from fake_ccmm.doctor.proxies import sent_to_a_proxy

from .process import DEADLINE, environment, run_here

SECRET = "hunter2-is-no-password"
NOBODY = "http://127.0.0.1:9"
NOW = datetime.now(timezone.utc)
not_on_windows = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such thing")


def find(check: str, **asked: Any) -> Finding | None:
    """What one check finds, in an environment without variables."""
    examination = Examination(**{"environ": {}, **asked})
    return next(examine(examination, tuple(one for one in CHECKS if one.name == check)), None)


def found(check: str, status: str, message: str, fix: str | None = None, **asked: Any) -> None:
    """Hold what one check finds against the status, and parts of the message and of how to mend it."""
    finding = find(check, **asked)
    assert finding is not None
    assert (finding.check, finding.status) == (check, status), finding
    assert message in finding.message
    assert (finding.fix is None) == (status == OK), finding
    assert fix is None or fix in (finding.fix or ""), finding
    assert "\n" not in f"{finding.message}{finding.fix}"
    assert SECRET not in f"{finding.message}{finding.fix}"


# --- Python and what is installed -------------------------------------------------------------------------------------


def test_this_python_is_one_that_it_runs_on() -> None:
    found("python", OK, "CPython 3.")


@pytest.mark.parametrize(
    ("version", "status", "said"), [((3, 9), PROBLEM, "is too old"), ((3, 14), WARNING, "is newer than what")]
)
def test_another_python_is_told(
    version: tuple[int, int], status: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "version_info", (*version, 0, "final", 0))
    found("python", status, said, "install it with Python 3.10 to 3.13")


def test_another_implementation_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platform.python_implementation", lambda: "PyPy")
    found("python", WARNING, "PyPy", "CPython")


def install(folder: Path, name: str, version: str, *needs: str) -> None:
    """What pip leaves in a folder of packages."""
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {name}",
        f"Version: {version}",
        *(f"Requires-Dist: {one}" for one in needs),
    ]
    (info / "METADATA").write_text("\n".join(lines) + "\n", "utf-8")


def test_packages_that_are_missing_or_too_old_are_told_with_how_to_install_them(tmp_path: Path) -> None:
    needs = ("good>=1.0,<3", "old >=2.10", "gone[extra] (>=1.2)", "pinned==2.14.0", "spare>=1; extra == 'contracts'")
    install(tmp_path, "fake-ccmm", fake_ccmm.__version__, *needs, "elsewhere>=1; sys_platform == 'amiga'")
    install(tmp_path, "good", "2.0")
    install(tmp_path, "old", "2.9.1")
    install(tmp_path, "pinned", "2.14")
    fix = 'python -m pip install "old>=2.10" "gone>=1.2"'
    found("packages", PROBLEM, "old 2.9.1 is not >=2.10, gone is missing", fix, packages=[str(tmp_path)])
    install(tmp_path, "gone", "1.2rc1")
    shutil.rmtree(tmp_path / "old-2.9.1.dist-info")
    install(tmp_path, "old", "2.10")
    found("packages", OK, "all 4 packages that it needs are there", packages=[str(tmp_path)])


@pytest.mark.parametrize(
    ("marker", "is_needed"),
    [
        ("python_version >= '3.10'", True),
        ("python_version < '3.10'", False),
        ('python_version < "3.9" and sys_platform == "amiga"', False),
        (f"sys_platform == '{sys.platform}' and python_version > '3.2'", True),
        (f"implementation_name != '{sys.implementation.name}'", False),
        ("extra == 'test'", False),
    ],
)
def test_a_package_is_needed_where_its_marker_says_so(marker: str, is_needed: bool, tmp_path: Path) -> None:
    install(tmp_path, "fake-ccmm", fake_ccmm.__version__, f"gone>=1; {marker}")
    finding = find("packages", packages=[str(tmp_path)])
    assert finding is not None
    assert (finding.status == PROBLEM) == is_needed


def test_what_runs_without_being_installed_or_is_not_what_is_installed_is_told(tmp_path: Path) -> None:
    found("installation", WARNING, "not installed", "pip install", packages=[str(tmp_path)])
    found("packages", WARNING, "is not known", "install", packages=[str(tmp_path)])
    install(tmp_path, "fake-ccmm", "0.0.1")
    found("installation", WARNING, "but 0.0.1 is installed", "install it anew", packages=[str(tmp_path)])


def test_the_kit_need_not_be_there_and_is_told_with_what_it_lacks(tmp_path: Path) -> None:
    install(tmp_path, "fake-ccmm", fake_ccmm.__version__, "urllib3>=2; extra == 'contracts'")
    found("contract kit", OK, "it lacks urllib3; pip install 'fake-ccmm[contracts]'", packages=[str(tmp_path)])
    install(tmp_path, "urllib3", "2.2")
    found("contract kit", OK, "ccmm-contracts can be used", packages=[str(tmp_path)])


@pytest.mark.skipif(sys.platform == "win32", reason="there is no uvloop for Windows")
def test_what_makes_it_fast_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)
    found("speed", WARNING, "uvloop cannot be used", "pip install uvloop")
    monkeypatch.setitem(sys.modules, "httptools", None)
    found("speed", PROBLEM, "httptools cannot be used", "pip install httptools")


def test_it_examines_all_the_same_where_packages_are_missing() -> None:
    script = (
        "import sys; sys.modules.update(dict.fromkeys(['uvicorn', 'trustme', 'cryptography', 'pydantic', 'lxml']));"
        "from fake_ccmm.cli import main; sys.exit(main(['doctor', '--port', '0', '--json']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=DEADLINE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")
    told = {one["check"]: one for one in json.loads(done.stdout)["checks"]}
    assert told["start"]["status"] == told["tls adhoc"]["status"] == PROBLEM
    assert "trustme cannot be imported" in told["tls adhoc"]["message"]


# --- the machine ------------------------------------------------------------------------------------------------------


@not_on_windows
@pytest.mark.parametrize(("most", "status"), [(512, WARNING), (60, PROBLEM), (1024, OK)])
def test_a_low_limit_of_open_files_is_told(most: int, status: str) -> None:
    import resource

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, before[1]))
    try:
        finding = find("open files")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert finding is not None
    assert finding.status == status
    assert status == OK or (finding.fix or "").startswith("ulimit -n 1024")


def test_a_temporary_folder_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found("temporary folder", OK, "can be written to")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    found("temporary folder", PROBLEM, "No such file or directory", "TMPDIR")
    found("tls adhoc", PROBLEM, "cannot write the CA's certificate", "TMPDIR")


@pytest.mark.parametrize(("year", "status"), [(1970, PROBLEM), (2026, WARNING), (2999, PROBLEM)])
def test_a_clock_that_cannot_be_right_is_told(year: int, status: str) -> None:
    found(
        "clock", status, str(year), "set this machine's clock", now=datetime(year, 1, 2, tzinfo=timezone.utc).timestamp
    )


@pytest.mark.parametrize(
    ("environ", "status", "message", "fix"),
    [
        ({}, OK, "need not be", None),
        ({"FAKE_CCMM_URL": "http://127.0.0.1:1", "FAKE_CCMM_TOKEN": SECRET}, OK, "FAKE_CCMM_TOKEN is set", None),
        (
            {"FAKE_CCMM_URL": "localhost:8000"},
            PROBLEM,
            "'localhost:8000'",
            "export FAKE_CCMM_URL=http://127.0.0.1:8000",
        ),
        ({"FAKE_CCMM_URL": f"http://ann:{SECRET}@x:1/"}, PROBLEM, "http://***@x:1/", "export FAKE_CCMM_URL=http://x:1"),
        ({"FAKE_CCMM_TOKEN": f"{SECRET}ü"}, PROBLEM, "not printable ASCII", "unset FAKE_CCMM_TOKEN"),
    ],
)
def test_variables_that_commands_cannot_use_are_told(
    environ: dict[str, str], status: str, message: str, fix: str | None
) -> None:
    found("variables", status, message, fix, environ=environ)


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_a_variable_that_names_a_ca_file_that_is_not_there_is_told(name: str, tmp_path: Path) -> None:
    environ = {name: str(tmp_path / "ca.pem")}
    found("CA variables", PROBLEM, f"{name} names ", f"unset {name}; or ", environ=environ)
    (tmp_path / "ca.pem").touch()
    found("CA variables", OK, name, environ=environ)


# --- proxies and names ------------------------------------------------------------------------------------------------

LOOPBACK = "localhost,127.0.0.1,::1"


@pytest.mark.parametrize(
    ("environ", "status", "lost"),
    [
        ({"HTTP_PROXY": "http://p:3128"}, PROBLEM, LOOPBACK),
        ({"http_proxy": "http://p:3128"}, PROBLEM, LOOPBACK),
        ({"ALL_PROXY": "socks5://p"}, PROBLEM, LOOPBACK),
        ({"all_proxy": "p:1"}, PROBLEM, LOOPBACK),
        ({"HTTPS_PROXY": "http://p"}, WARNING, LOOPBACK),
        ({"HTTP_PROXY": "http://p", "NO_PROXY": "localhost"}, PROBLEM, LOOPBACK),
        ({"HTTP_PROXY": "http://p", "NO_PROXY": "x.org, 127.0.0.1"}, PROBLEM, "x.org,127.0.0.1,localhost,::1"),
        ({"HTTP_PROXY": "http://p", "NO_PROXY": "localhost,127.0.0.0/8"}, WARNING, "localhost,127.0.0.0/8,::1"),
        ({"HTTP_PROXY": "http://p", "NO_PROXY": LOOPBACK, "no_proxy": "x"}, PROBLEM, f"x,{LOOPBACK}"),
        ({"HTTP_PROXY": "http://p", "NO_PROXY": LOOPBACK}, OK, ""),
        ({"HTTP_PROXY": "http://p", "no_proxy": "*"}, OK, ""),
        ({"HTTP_PROXY": "", "http_proxy": " "}, OK, ""),
    ],
)
def test_a_proxy_that_gets_what_is_meant_for_this_machine_is_told(
    environ: dict[str, str], status: str, lost: str
) -> None:
    finding = find("proxies", environ=environ)
    assert finding is not None
    assert finding.status == status
    if status != OK and os.name != "nt":
        assert finding.fix == f"export NO_PROXY={lost} no_proxy={lost}"


@not_on_windows
def test_the_line_that_mends_a_proxy_does_when_it_is_pasted() -> None:
    environ = {"HTTP_PROXY": "http://p", "NO_PROXY": "a b.org,$(id)", "https_proxy": "http://p"}
    finding = find("proxies", environ=environ)
    assert finding is not None
    done = subprocess.run(
        ["sh", "-c", f'{finding.fix}; printf "%s|%s" "$NO_PROXY" "$no_proxy"'],
        env=environ | {"PATH": os.environ["PATH"]},
        capture_output=True,
        encoding="utf-8",
        timeout=DEADLINE,
        check=True,
    )
    upper, lower = done.stdout.split("|")
    assert upper == lower == f"a b.org,$(id),{LOOPBACK}"
    found("proxies", OK, "but not for localhost", environ=environ | {"NO_PROXY": upper, "no_proxy": lower})


@pytest.mark.parametrize("proxy", [f"http://ann:{SECRET}@p:3128", f"ann:{SECRET}@p", f"http://{SECRET}@[::1"])
def test_the_password_of_a_proxy_is_not_told(proxy: str) -> None:
    found("proxies", PROBLEM, "***@", environ={"http_proxy": proxy})
    assert SECRET not in masked(proxy)


@pytest.mark.parametrize(
    "listed", ["", "localhost", "127.0.0.1", "127.0.0.0/8", ".localhost", "host", "10.0.0.0/8,x", "local", "127.0.0"]
)
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_what_a_proxy_gets_is_what_requests_sends_it(host: str, listed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    is_spared = requests.utils.should_bypass_proxies(f"http://{host}:8000/", listed or None)
    if (host, listed) == ("localhost", "host"):
        is_spared = False  # requests compares the ends of names as text, curl whole parts of them
    assert (not sent_to_a_proxy([host], {"NO_PROXY": listed})) == is_spared


def resolve_as(*found: str) -> Callable[..., list[Any]]:
    """A getaddrinfo by which localhost leads to these addresses."""

    def look_up(host: str, port: Any, *_: Any, **__: Any) -> list[Any]:
        if not found:
            raise socket.gaierror(-2, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    return look_up


@pytest.mark.parametrize(
    ("addresses", "status", "message"),
    [
        (["127.0.0.1"], OK, "localhost is 127.0.0.1"),
        (["127.0.0.1", "::1"], OK, "localhost is 127.0.0.1, then ::1"),
        (["::1", "127.0.0.1"], OK, "localhost is ::1, then 127.0.0.1, and a server listens on 127.0.0.1"),
        (["::1"], WARNING, "localhost is ::1, and a server listens on 127.0.0.1"),
        (["192.0.2.1"], PROBLEM, "192.0.2.1 is not this machine alone"),
        ([], PROBLEM, "leads nowhere"),
    ],
)
def test_a_localhost_that_leads_elsewhere_is_told(
    addresses: list[str], status: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolve_as(*addresses))
    found("localhost", status, message, port=9)


def test_localhost_in_the_url_asked_about_is_told_where_it_leads_past_the_server(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", resolve_as("::1", "127.0.0.1"))
    found("localhost", WARNING, "misses it", "write 127.0.0.1 in URLs", url="http://localhost:9", port=9)


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_another_server_on_the_first_address_of_localhost_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with contextlib.closing(socket.create_server(("::1", 0), family=socket.AF_INET6)) as other:
        port = other.getsockname()[1]
        addresses = [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", ("::1", port, 0, 0)),
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port)),
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda host, *_, **__: addresses[: 1 if host == "::1" else 2])
        found("localhost", WARNING, f"somebody else listens on [::1]:{port}", "write 127.0.0.1", port=port)


# --- ports and serving ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ccmm() -> Iterator[FakeCcmm]:
    """A server that asks for a token."""
    with FakeCcmm(ContactCenter(), control_token=SECRET, log=None) as one:
        ControlClient(one.url).request("GET", "/health")  # the first one makes the control API, which takes a while
        yield one


@pytest.fixture(scope="module")
def secure() -> Iterator[FakeCcmm]:
    """A server over HTTPS."""
    with FakeCcmm(ContactCenter(), tls="adhoc", log=None) as one:
        ControlClient(one.url, ca_file=one.ca_file).request("GET", "/health")
        yield one


@pytest.fixture(scope="module")
def mute() -> Iterator[int]:
    """A port on which somebody listens and never says a word."""
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as one:
        yield one.getsockname()[1]


class Site:
    """A web server that is no fake-ccmm: what it answers to each GET is what a test says."""

    def __init__(self) -> None:
        self.headers: dict[str, str] = {}
        self.text = "<html>It works!</html>"
        site = self

        class Handler(BaseHTTPRequestHandler):
            server_version = "Cherokee/1.2"

            def do_GET(self) -> None:
                self.send_response_only(200)
                for name, value in {"Server": "Cherokee/1.2", **site.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(site.text.encode())

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    one = Site()
    yield one
    one.close()


def test_a_port_that_is_free_is_said_so() -> None:
    found("port", OK, "a free port of 127.0.0.1 can be had", port=0)


def test_a_port_is_not_looked_at_where_only_a_running_server_is_asked_about() -> None:
    assert find("port", url=NOBODY) is None


def test_a_fake_ccmm_that_holds_the_port_is_told_with_its_version(ccmm: FakeCcmm, secure: FakeCcmm) -> None:
    held = f"is held by fake-ccmm {fake_ccmm.__version__}"
    found("port", OK, held, port=ccmm.port)
    found("port", OK, held, port=secure.port)


def test_another_program_that_holds_the_port_is_told_with_what_it_says_of_itself(site: Site, mute: int) -> None:
    found("port", PROBLEM, "is held by a web server (Cherokee/1.2)", "--port 0", port=site.port)
    found("port", PROBLEM, "is held by another program", "--port 0", port=mute)
    if sys.platform == "linux":
        found("port", PROBLEM, f"process {os.getpid()})", port=site.port)


def test_a_host_that_is_none_of_this_machine_is_told() -> None:
    found("port", PROBLEM, "192.0.2.1 is no address of this machine", "127.0.0.1", host="192.0.2.1", port=0)
    found("port", PROBLEM, "is no address of this machine", "127.0.0.1", host="a..b", port=0)


@not_on_windows
def test_a_port_for_which_one_needs_rights_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Careful(socket.socket):
        """A socket of a system on which this user may not do everything."""

        def bind(self, address: Any) -> None:
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket, "socket", Careful)
    found("port", PROBLEM, "127.0.0.1 port 9 is not for everybody", "such as 8080", port=9)


def test_a_server_is_started_and_asked() -> None:
    found("start", OK, "a login and a log-off take ")


@not_on_windows
def test_a_server_that_cannot_start_is_told() -> None:
    import resource

    find("start")  # what it imports needs files
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, before[1]))
    try:
        finding = find("start")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert finding is not None
    assert finding.status == PROBLEM
    assert "no server starts here: " in finding.message
    assert "Too many open files" in finding.message


# --- certificates -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ca(tmp_path_factory: pytest.TempPathFactory) -> tuple[trustme.CA, Path]:
    """A CA, and a folder with its certificate in ``ca.pem``."""
    made = trustme.CA()
    folder = tmp_path_factory.mktemp("ca")
    made.cert_pem.write_to_path(folder / "ca.pem")
    trustme.CA().cert_pem.write_to_path(folder / "other.pem")
    return made, folder


def files(folder: Path, ca: trustme.CA, *names: str, until: datetime | None = None) -> dict[str, Any]:
    """A certificate and its key as files, as the examination takes them."""
    made = ca.issue_cert(*names, not_after=until)
    certificate, key = folder / "cert.pem", folder / "key.pem"
    made.cert_chain_pems[0].write_to_path(certificate)
    made.private_key_pem.write_to_path(key)
    return {"certificate": certificate, "key": key}


def test_certificates_that_are_well_are_said_so(ca: tuple[trustme.CA, Path], tmp_path: Path) -> None:
    asked = {**files(tmp_path, ca[0], "127.0.0.1"), "ca": ca[1] / "ca.pem"}
    for check in ("tls adhoc", "tls files", "tls validity", "tls names", "tls chain"):
        found(check, OK, "", **asked)
    found("start", OK, "over HTTPS", **asked)


def test_without_files_there_is_nothing_to_say_of_them() -> None:
    assert [find(name) for name in ("tls files", "tls validity", "tls names", "tls chain")] == [None] * 4


def test_a_key_of_another_certificate_is_told_once(ca: tuple[trustme.CA, Path], tmp_path: Path) -> None:
    asked = files(tmp_path, ca[0], "127.0.0.1")
    ca[0].issue_cert("127.0.0.1").private_key_pem.write_to_path(asked["key"])
    found("tls files", PROBLEM, "is not the private key of the certificate", "give the key", **asked)
    found("start", OK, "over HTTP", **asked)
    assert find("tls chain", **asked) is None


def test_files_that_are_not_there_are_told(ca: tuple[trustme.CA, Path], tmp_path: Path) -> None:
    asked = files(tmp_path, ca[0], "127.0.0.1")
    found(
        "tls files", PROBLEM, "no.pem: cannot be read", "give the PEM file", **{**asked, "certificate": Path("no.pem")}
    )
    found("tls chain", PROBLEM, "no.pem cannot be read", "file of the CA", **asked, ca=Path("no.pem"))


@pytest.mark.parametrize(
    ("days", "status", "message"),
    [(-2, PROBLEM, "has expired on"), (3, WARNING, "expires on"), (90, OK, "holds until")],
)
def test_a_certificate_that_has_expired_or_soon_will_is_told(
    days: int, status: str, message: str, ca: tuple[trustme.CA, Path], tmp_path: Path
) -> None:
    asked = files(tmp_path, ca[0], "127.0.0.1", until=NOW.replace(tzinfo=None) + timedelta(days=days))
    found("tls validity", status, message, None if status == OK else "have a new certificate made", **asked)
    if days < 0:
        found("tls chain", PROBLEM, "certificate has expired", **asked, ca=ca[1] / "ca.pem")


def test_a_certificate_of_the_future_is_told_with_the_clock(ca: tuple[trustme.CA, Path], tmp_path: Path) -> None:
    asked = files(tmp_path, ca[0], "127.0.0.1")
    found("tls validity", PROBLEM, "it is 1990-", "set this machine's clock", **asked, now=lambda: 631_200_000)


@pytest.mark.parametrize(
    ("names", "host", "status"),
    [
        (["127.0.0.1"], None, OK),
        (["localhost"], None, WARNING),
        (["ccmm.example"], "0.0.0.0", WARNING),
        (["*.example.org"], "ccmm.example.org", OK),
        (["*.example.org"], "a.ccmm.example.org", WARNING),
        (["CCMM.example"], "ccmm.EXAMPLE", OK),
        (["::1"], "::1", OK),
        (["::1"], "::", OK),
    ],
)
def test_a_certificate_for_another_host_is_told(
    names: list[str], host: str | None, status: str, ca: tuple[trustme.CA, Path], tmp_path: Path
) -> None:
    found("tls names", status, f"is for {names[0].lower()}", None, **files(tmp_path, ca[0], *names), host=host)


def test_a_certificate_for_no_host_is_told(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(NOW - timedelta(days=1)).not_valid_after(NOW + timedelta(days=90)).sign(key, hashes.SHA256())
    )  # fmt: skip
    file = tmp_path / "cert.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    found("tls names", PROBLEM, "names no host", "have a new certificate made", certificate=file, key=file)


def test_a_certificate_that_clients_will_not_trust_is_told(ca: tuple[trustme.CA, Path], tmp_path: Path) -> None:
    asked = files(tmp_path, ca[0], "127.0.0.1")
    found("tls chain", WARNING, "is not trusted by this machine's CAs", "--ca FILE", **asked)
    found("tls chain", PROBLEM, "is not trusted by ", "between them in --tls-cert", **asked, ca=ca[1] / "other.pem")


# --- a running server -------------------------------------------------------------------------------------------------

RUNNING = ("server", "server tls", "wsdl", "control API", "server clock")


@pytest.mark.parametrize("path", ["", "/", "/control/v1", "/ccmmoutboundwebservices/OutboundUtilityWS.asmx?wsdl"])
def test_a_running_server_is_found_by_each_of_its_addresses(ccmm: FakeCcmm, path: str) -> None:
    asked = {"url": f"{ccmm.url}{path}", "token": SECRET}
    found("server", OK, f"fake-ccmm {fake_ccmm.__version__} answers at {ccmm.url}", **asked)
    for check in ("wsdl", "control API", "server clock"):
        found(check, OK, "", **asked)


def test_a_center_of_its_own_is_found_and_one_that_is_not_there_is_told(ccmm: FakeCcmm) -> None:
    with ccmm.create_center("alice"):
        found("server", OK, "/centers/alice", url=f"{ccmm.url}/centers/alice")
        found("wsdl", OK, "", url=f"{ccmm.url}/centers/alice")
    found("server", PROBLEM, "has no services there", "'fake-ccmm serve' prints", url=f"{ccmm.url}/centers/bob")


def test_the_server_of_the_variable_is_looked_at_with_its_token(ccmm: FakeCcmm) -> None:
    environ = {"FAKE_CCMM_URL": ccmm.url, "FAKE_CCMM_TOKEN": SECRET}
    found("server", OK, ccmm.url, environ=environ)
    found("control API", OK, "can be used", environ=environ)


def test_a_token_that_is_missing_or_wrong_is_told(ccmm: FakeCcmm) -> None:
    found("control API", PROBLEM, "asks for a token", "--token TOKEN", url=ccmm.url)
    found("control API", PROBLEM, "takes another token", "--token TOKEN", url=ccmm.url, token="wrong")


def test_a_server_without_a_control_api_is_a_ccmm_all_the_same() -> None:
    with FakeCcmm(ContactCenter(), control=False, log=None) as ccmm:
        found("server", OK, "a CCMM, or a fake-ccmm whose control API is off", url=ccmm.url)
        assert find("control API", url=ccmm.url) is None


def test_a_server_is_looked_at_without_a_call() -> None:
    with FakeCcmm(ContactCenter(), log=None) as ccmm:
        for check in RUNNING:
            find(check, url=ccmm.url)
        assert {one.outcome for one in ccmm.journal.exchanges()} == {"page"}
        assert ccmm.center.sessions() == []


def test_a_server_that_is_not_there_is_a_problem_only_where_it_was_named() -> None:
    found("server", PROBLEM, f"nothing listens at {NOBODY}", "start it with 'fake-ccmm serve'", url=NOBODY)
    found("server", OK, "no server runs at", host="127.0.0.1", port=9)
    assert [find(name, url=NOBODY) for name in RUNNING[1:]] == [None] * 4


@pytest.mark.parametrize(
    ("url", "fix"),
    [("localhost:8000", "--url http://localhost:8000"), ("ftp://x", "'fake-ccmm serve' prints"), ("http://", "--url")],
)
def test_an_url_that_is_none_is_told(url: str, fix: str) -> None:
    found("server", PROBLEM, f"'{url}' is no URL of a server", fix, url=url)


def test_a_server_that_is_no_ccmm_is_told(site: Site) -> None:
    found("server", PROBLEM, "but not as a CCMM does: 200", "'fake-ccmm serve' prints", url=site.url)
    found("server", PROBLEM, "by Cherokee/1.2", url=site.url)
    assert [find(name, url=site.url) for name in RUNNING[1:]] == [None] * 4
    assert find("server", port=site.port) is None, "the check of the port has told"


def test_a_server_that_never_answers_is_told(mute: int) -> None:
    found("server", PROBLEM, "does not answer within a second", "look at what runs", url=f"http://127.0.0.1:{mute}")


def test_http_and_https_that_were_mixed_up_are_told(ccmm: FakeCcmm, secure: FakeCcmm) -> None:
    plain, untrue = secure.url.replace("https:", "http:"), ccmm.url.replace("http:", "https:")
    found("server", PROBLEM, "does not answer in HTTP", "give https://", url=plain)
    found("server", PROBLEM, "speaks no TLS", "give http:// instead of https://", url=untrue)


def test_the_certificate_of_a_running_server_has_to_be_trusted(secure: FakeCcmm, ca: tuple[trustme.CA, Path]) -> None:
    found("server tls", OK, "holds until", url=secure.url, ca=secure.ca_file)
    found("server tls", PROBLEM, "is not trusted", "--ca", url=secure.url)
    found("server tls", PROBLEM, "is not trusted", "--ca", url=secure.url, ca=ca[1] / "other.pem")
    found("server tls", PROBLEM, "no.pem cannot be read as the file of a CA", url=secure.url, ca=Path("no.pem"))
    for check in ("server", "wsdl", "control API"):
        found(check, OK, "", url=secure.url)


def test_the_certificate_of_a_running_server_that_has_expired_is_told(
    ca: tuple[trustme.CA, Path], tmp_path: Path
) -> None:
    asked = files(tmp_path, ca[0], "127.0.0.1", until=NOW.replace(tzinfo=None) - timedelta(days=2))
    with FakeCcmm(ContactCenter(), tls=(asked["certificate"], asked["key"]), log=None) as ccmm:
        found("server tls", PROBLEM, "certificate has expired", url=ccmm.url, ca=ca[1] / "ca.pem")


WSDL = """<wsdl:definitions targetNamespace="http://nortel.com/CCMMOutboundWebservices/">
<soap:address location="{url}/ccmmoutboundwebservices/OutboundUtilityWS.asmx" /></wsdl:definitions>"""


def test_a_wsdl_that_sends_clients_elsewhere_is_told(site: Site, ccmm: FakeCcmm) -> None:
    fix = f"set the address in the client: {site.url}/ccmmoutboundwebservices/OutboundUtilityWS.asmx"
    site.text = WSDL.format(url=NOBODY)
    found("wsdl", PROBLEM, f"sends clients to {NOBODY}/", fix, url=site.url)
    found("wsdl", PROBLEM, "where nothing listens", fix, url=site.url)
    site.text = WSDL.format(url=ccmm.url)
    found("wsdl", WARNING, "where somebody listens", fix, url=site.url)
    site.text = WSDL.format(url="http://ccmm.invalid")
    found("wsdl", PROBLEM, "sends clients to http://ccmm.invalid/", fix, url=site.url)
    site.text = WSDL.format(url=site.url)
    found("wsdl", OK, "to the address it was asked at", url=site.url)
    site.text = WSDL.replace("soap:address", "soap:nothing")
    found("wsdl", PROBLEM, "names no address", url=site.url)


def test_nobody_is_asked_but_the_server_that_was_named(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()
    connect = socket.create_connection

    def note(address: tuple[str, int], *rest: Any, **others: Any) -> socket.socket:
        asked.add(address[0])
        return connect(address, *rest, **others)

    monkeypatch.setattr(socket, "create_connection", note)
    site.text = WSDL.format(url="http://192.0.2.1")
    for one in examine(Examination(url=site.url, environ={"HTTP_PROXY": "http://192.0.2.1:3128"})):
        assert "cannot be checked" not in one.message
    assert asked <= {"127.0.0.1", "::1"}


def test_a_server_whose_clock_differs_is_told(site: Site) -> None:
    site.text = WSDL.format(url=site.url)
    site.headers["Date"] = format_datetime(NOW - timedelta(hours=1), usegmt=True)
    found("server clock", WARNING, "seconds behind this machine's", "set the clocks", url=site.url)
    site.headers["Date"] = format_datetime(datetime.now(timezone.utc), usegmt=True)
    found("server clock", OK, "this machine's", url=site.url)


@pytest.mark.parametrize(
    ("url", "root"),
    [
        ("http://x", "http://x"),
        ("HTTPS://X:8443/Control/V1/", "https://x:8443"),
        ("http://[::1]:80/a/ccmmOutboundWebServices/x.asmx", "http://[::1]/a"),
        ("x:1", None),
        ("http://x:y", None),
    ],
)
def test_the_root_of_a_server_is_what_stands_before_the_known_paths(url: str, root: str | None) -> None:
    found_root = root_of(url)
    assert (None if found_root is None else str(found_root)) == root


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without the variables that are looked at."""
    names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "FAKE_CCMM_URL", "FAKE_CCMM_TOKEN", "SSL_CERT_FILE")
    for name in (*names, *map(str.lower, names), "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def test_each_check_is_a_line_and_what_is_wrong_has_a_line_that_mends_it(plain: pytest.MonkeyPatch) -> None:
    plain.setenv("HTTP_PROXY", f"http://ann:{SECRET}@p:1")
    plain.setenv("HTTPS_PROXY", f"http://ann:{SECRET}@p:1")
    done = run_here("doctor", "--port", "0")
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    (at,) = (number for number, line in enumerate(lines) if line.startswith("problem  proxies "))
    assert lines[at + 1].strip().startswith("fix:  ")
    assert "NO_PROXY" in lines[at + 1]
    assert sum(line.startswith("ok ") for line in lines) >= 10
    assert "1 problem" in lines[-1]
    assert SECRET not in done.stdout
    assert "\x1b" not in done.stdout


def test_warnings_alone_are_no_failure(plain: pytest.MonkeyPatch) -> None:
    plain.setenv("HTTPS_PROXY", "http://p:1")
    done = run_here("doctor", "--port", "0")
    assert (done.returncode, done.stderr) == (0, "")
    assert "warning  proxies " in done.stdout


def test_programs_get_json(ccmm: FakeCcmm, plain: pytest.MonkeyPatch) -> None:
    done = run_here("doctor", "--url", ccmm.url, "--token", SECRET, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told.keys() == {"version", "status", "seconds", "checks"}
    assert told["version"] == fake_ccmm.__version__
    assert told["status"] == max((one["status"] for one in told["checks"]), key=STATUSES.index)
    assert {tuple(one) for one in told["checks"]} == {("check", "status", "message", "fix")}
    names = [one["check"] for one in told["checks"]]
    assert names == [one.name for one in CHECKS if one.name in names]
    assert {"server", "wsdl", "control API"} <= set(names)
    assert SECRET not in done.stdout


def test_a_problem_is_told_to_programs_too(plain: pytest.MonkeyPatch) -> None:
    done = run_here("doctor", "--url", f"http://ann:{SECRET}@127.0.0.1:9", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["status"]) == (1, PROBLEM)
    assert [one["fix"] is None for one in told["checks"]] == [one["status"] == OK for one in told["checks"]]
    assert SECRET not in done.stdout


@pytest.mark.parametrize(
    "options", [["--tls-cert", "x"], ["--tls-key", "x"], ["--host", ""], ["--port", "x"], ["--tls"]]
)
def test_a_wrong_command_line_has_an_exit_status_of_its_own(options: list[str]) -> None:
    done = run_here("doctor", *options)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_a_check_that_breaks_is_a_problem_and_the_others_go_on() -> None:
    def breaks(_: Examination) -> None:
        raise ValueError(SECRET)

    findings = list(examine(Examination(environ={}), (Check("one", breaks), CHECKS[0])))
    assert [one.status for one in findings] == [PROBLEM, OK]
    assert findings[0].message == "cannot be checked: ValueError"


def test_every_check_has_a_name_of_its_own() -> None:
    names = [one.name for one in CHECKS]
    assert len(set(names)) == len(names)
    assert max(map(len, names)) <= 16


def test_what_is_trusted_by_nobody_is_not_left_to_the_system(secure: FakeCcmm) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        ssl.create_default_context().wrap_socket(
            socket.create_connection(("127.0.0.1", secure.port), DEADLINE), server_hostname="127.0.0.1"
        )
