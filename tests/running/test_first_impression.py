"""What a newcomer meets first: what serve prints to go on with, and errors that say how to mend what was wrong."""

from __future__ import annotations

import ast
import contextlib
import io
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme

import fake_ccmm
from fake_ccmm import Administrator, ContactCenter, FakeCcmm
from fake_ccmm.cli import announcement, curl, serve
from fake_ccmm.cli.announcement import Occasion, announce
from fake_ccmm.cli.painting import BOLD, painted
from fake_ccmm.cli.profile import chosen_profile
from fake_ccmm.control_client import ControlClient
from fake_ccmm.doctor import addresses

from .process import DEADLINE, SOURCE, Serving, environment, run_here

SECRET = "hunter2-is-no-password"
LINES = 12
not_on_windows = pytest.mark.skipif(sys.platform == "win32", reason="the line is for another shell there")
needs_curl = pytest.mark.skipif(
    sys.platform == "win32" or not (shutil.which("curl") and shutil.which("bash")), reason="this machine has no curl"
)


def small() -> ContactCenter:
    """A center in which the demo user can log in, made sooner than the demo center."""
    return ContactCenter(administrators=[Administrator("apiuser", "apipassword")])


def told(one: Serving) -> list[str]:
    """The lines that serve prints for people."""
    lines = one.stderr.wait_for(lambda lines: any("Ctrl-C" in line for line in lines))
    return [line.rstrip("\n") for line in lines]


def told_here(ccmm: FakeCcmm, **occasion: Any) -> list[str]:
    """The same, of a server in this process."""
    stream = io.StringIO()
    with contextlib.redirect_stderr(stream):
        announce(ccmm, Occasion(**{"host": "127.0.0.1", "user": "apiuser", "password": "apipassword", **occasion}))
    return stream.getvalue().splitlines()


def paste(lines: list[str], folder: Path, **variables: str) -> str:
    """What the line for curl prints when it is pasted into a shell that is anywhere."""
    (line,) = (one for one in lines if one.startswith("  curl "))
    done = subprocess.run(
        ["bash", "--norc", "-c", line],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=DEADLINE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# --- what serve prints ------------------------------------------------------------------------------------------------


@needs_curl
def test_the_line_for_curl_logs_in_when_it_is_pasted(tmp_path: Path) -> None:
    with Serving() as one:
        lines = told(one)
        assert "<OutboundLoginResult>" in paste(lines, tmp_path)
    assert len(lines) <= LINES
    assert lines[0] == f"fake-ccmm {fake_ccmm.__version__} is ready:"
    assert f"fake-ccmm journal --url {one.facts['url']}" in "\n".join(lines)
    assert "\x1b" not in "".join(lines)


@needs_curl
def test_the_line_for_curl_logs_in_over_https(tmp_path: Path) -> None:
    with Serving("--tls", "adhoc") as one:
        assert "<OutboundLoginResult>" in paste(told(one), tmp_path)


@needs_curl
def test_the_line_for_curl_has_no_password_of_ones_own_and_takes_it_from_a_variable(tmp_path: Path) -> None:
    seed = tmp_path / "own.toml"
    user = """ann o'x "$(id)" `id` $HOME 100% ! \\\\ & <Zoë>"""
    name = user.replace('"', '\\"')
    seed.write_text(f'administrators = [{{username = "{name}", password = "{SECRET}"}}]', "utf-8")
    with Serving("--seed", str(seed)) as one:
        lines = told(one)
        assert SECRET not in "".join(lines)
        assert "put the password of ann" in "".join(lines)
        assert "<OutboundLoginResult>" in paste(lines, tmp_path, PASSWORD=SECRET)
        assert "<ErrorNumber>2800</ErrorNumber>" in paste(lines, tmp_path, PASSWORD="wrong")


@needs_curl
def test_where_nobody_can_log_in_the_line_gets_the_wsdl(tmp_path: Path) -> None:
    with FakeCcmm(ContactCenter(), log=None) as ccmm:
        lines = told_here(ccmm, user=None, password=None)
        assert "wsdl:definitions" in paste(lines, tmp_path)
    assert lines[-1].startswith("Nobody can log in")


@needs_curl
def test_a_proxy_of_the_environment_does_not_get_the_call(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    proxy = {"http_proxy": "http://127.0.0.1:9"}
    monkeypatch.setenv("http_proxy", proxy["http_proxy"])
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with FakeCcmm(small(), log=None) as ccmm:
        lines = told_here(ccmm)
        assert "<OutboundLoginResult>" in paste(lines, tmp_path, **proxy)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert "--noproxy" not in "".join(told_here(ccmm))


@needs_curl
@pytest.mark.parametrize(
    ("name", "option"), [("127.0.0.1", "--cacert"), ("ccmm.example", "--insecure")], ids=["its host", "another host"]
)
def test_the_line_for_curl_works_with_a_certificate_of_ones_own(name: str, option: str, tmp_path: Path) -> None:
    certificate, key = tmp_path / "my cert.pem", tmp_path / "key.pem"
    made = trustme.CA().issue_cert(name)
    made.cert_chain_pems[0].write_to_path(certificate)
    made.private_key_pem.write_to_path(key)
    with FakeCcmm(small(), tls=(certificate, key), log=None) as ccmm:
        lines = told_here(ccmm, certificate=certificate, key=key)
        assert "<OutboundLoginResult>" in paste(lines, Path("/"))
    assert option in "".join(lines)
    assert "--ca FILE" in "".join(lines)


@needs_curl
@pytest.mark.parametrize(("host", "shown"), [("0.0.0.0", "127.0.0.1"), ("::", "[::1]")])
def test_on_all_addresses_those_are_printed_that_can_be_used(host: str, shown: str, tmp_path: Path) -> None:
    if host == "::" and not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    with FakeCcmm(small(), host=host, tls="adhoc", control_port=0, log=None) as ccmm:
        lines = told_here(ccmm, host=host, is_token_made=True, has_control_port=True)
        assert "<OutboundLoginResult>" in paste(lines, tmp_path)
        assert all(f"//{shown}:{ccmm.port}/" in line for line in lines[1:4])
    assert len(lines) <= LINES
    (network,) = (line for line in lines if line.startswith("Network: "))
    assert f"other machines can reach it, at https://{socket.gethostname()}:{ccmm.port}" in network
    (control,) = (line for line in lines if line.startswith("Control: "))
    assert f"export FAKE_CCMM_TOKEN={ccmm.control_token}" in control
    assert "changes the center for whoever has the token" in control
    assert host not in "".join(lines).replace("[::1]", "")


def test_a_token_that_was_given_is_not_printed_and_neither_are_addresses_of_the_other_kind() -> None:
    with FakeCcmm(small(), host="0.0.0.0", control_token=SECRET, log=None) as ccmm:
        lines = told_here(ccmm, host="0.0.0.0")
    assert SECRET not in "".join(lines)
    assert "for whoever has the token that was given" in "".join(lines)
    assert "[" not in "".join(lines)


def test_without_a_control_api_no_command_is_named_that_needs_it() -> None:
    with FakeCcmm(small(), control=False, log=None) as ccmm:
        assert "journal" not in "".join(told_here(ccmm))


def test_columns_are_aligned() -> None:
    with FakeCcmm(small(), log=None) as ccmm:
        rows = [line for line in told_here(ccmm, host="0.0.0.0") if re.match(r"[A-Z][a-z ]+: ", line)]
    assert len(rows) >= 3
    assert {line[:13].rstrip()[-1] for line in rows} == {":"}
    assert all(line[13] != " " for line in rows)


def test_on_windows_curl_gets_what_both_its_shells_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curl, "IS_WINDOWS", True)
    line = curl.login_line("https://127.0.0.1:1/x", 'a"b%c', "p$w", curl.Trust(Path("C:\\a b\\ca.pem")))
    assert line.startswith('curl.exe "https://127.0.0.1:1/x" --cacert "C:\\a b\\ca.pem" --ssl-no-revoke -H "')
    assert "<username>a&#34;b&#37;c</username><password>p&#36;w</password>" in line
    outside = re.sub(r'"[^"]*"', "", line)
    assert re.fullmatch(r"[\w. -]+", outside), "what is not quoted has no sign that a shell knows"


class Terminal(io.StringIO):
    """What a person looks at."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "variables", "is_coloured"),
    [
        (Terminal(), {"TERM": "xterm"}, True),
        (Terminal(), {"TERM": "xterm", "NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {"TERM": "xterm"}, False),
    ],
)
def test_colour_is_for_terminals_and_for_those_who_want_it(
    stream: io.StringIO, variables: dict[str, str], is_coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TERM", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert painted("x", BOLD, stream) == ("\x1b[1mx\x1b[0m" if is_coloured else "x")


def test_what_serve_prints_on_a_terminal_is_the_same_but_for_the_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = Terminal()
    with FakeCcmm(small(), log=None) as ccmm:
        plain = told_here(ccmm)
        with contextlib.redirect_stderr(stream):
            announce(ccmm, Occasion("127.0.0.1", "apiuser", "apipassword"))
    assert "\x1b[1m" in stream.getvalue()
    assert re.sub(r"\x1b\[\d*m", "", stream.getvalue()).splitlines() == plain


@pytest.mark.parametrize("name", ["own_names", "is_loopback"])
def test_the_address_of_this_machine_is_no_loopback_address(name: str) -> None:
    assert hasattr(announcement, name)
    assert not any(addresses.is_loopback(one) for one in addresses.own_names())


# --- help -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [(), ("--help",), ("--version",), ("doctor", "--help"), ("serve", "--help")])
def test_what_there_is_to_read_fits_80_columns(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    done = run_here(*words)
    assert max(map(len, (done.stdout + done.stderr).splitlines())) <= 80


def test_the_program_alone_shows_its_help_and_says_that_a_command_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    done = run_here()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(run_here("--help").stdout)
    assert done.stderr.splitlines()[-1] == (
        "fake-ccmm: error: the following arguments are required: COMMAND, such as serve"
    )


# --- errors -----------------------------------------------------------------------------------------------------------


class Elsewhere(BaseHTTPRequestHandler):
    """A web server that is no fake-ccmm, and answers everything."""

    def do_GET(self) -> None:
        body = b"<html>It works!</html>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(body)

    do_PUT = do_POST = do_DELETE = do_GET

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What the command lines below are about: servers, ports and files, each under a name."""
    folder = tmp_path_factory.mktemp("first")
    (folder / "site.toml").write_text('administrators = [{username = "ann", password = "secret"}]', "utf-8")
    (folder / "typo.toml").write_text(
        'administrators = [{username = "ann", password = "secret", base_instal = true}]', "utf-8"
    )
    (folder / "torn.toml").write_text("administrators = [", "utf-8")
    (folder / "profile.toml").write_text('limt_answer = "delay"', "utf-8")
    (folder / "rules.json").write_text("[]", "utf-8")
    ca = trustme.CA()
    for name in ("one", "two"):
        made = ca.issue_cert("127.0.0.1")
        made.cert_chain_pems[0].write_to_path(folder / f"{name}.pem")
        made.private_key_pem.write_to_path(folder / f"{name}.key")
    (folder / "locked.key").write_bytes(_encrypted((folder / "one.key").read_bytes()))
    site = HTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    with (
        contextlib.closing(socket.create_server(("127.0.0.1", 0))) as mute,
        FakeCcmm(small(), control_token=SECRET, log=None) as asking,
        FakeCcmm(small(), tls="adhoc", log=None) as secure,
    ):
        ControlClient(asking.url).request("GET", "/health")  # the first one makes the control API, which takes a while
        yield {
            "folder": str(folder),
            "held": str(asking.port),
            "mute": str(mute.getsockname()[1]),
            "asking": asking.url,
            "secure": secure.url,
            "plain": secure.url.replace("https:", "http:"),
            "untrue": asking.url.replace("http:", "https:"),
            "site": f"http://127.0.0.1:{site.server_port}",
        }
    site.shutdown()
    thread.join()
    site.server_close()


def _encrypted(key: bytes) -> bytes:
    from cryptography.hazmat.primitives import serialization

    protection = serialization.BestAvailableEncryption(b"secret")
    return serialization.load_pem_private_key(key, None).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection
    )


NOBODY = "http://127.0.0.1:9"
ERRORS = [
    # the command line
    ("srve", 2, "'srve'", "did you mean 'serve'?"),
    ("seed chek", 2, "'chek'", "did you mean 'check'?"),
    ("seed", 2, "COMMAND", "there are: check, generate, export, load, schema"),
    ("--port 0", 2, "--port", "did you mean 'fake-ccmm serve --port ...'?"),
    ("serve --prot 0", 2, "--prot", "did you mean '--port'?"),
    ("serve --usr=ann:secret", 2, "--usr", "did you mean '--user'?"),
    ("serve --xyzzy", 2, "--xyzzy", "see 'fake-ccmm serve --help'"),
    ("serve site.toml", 2, "site.toml", "see 'fake-ccmm serve --help'"),
    ("clock advance 1 --urll x", 2, "--urll", "did you mean '--url'?"),
    ("serve --port", 2, "--port", "see 'fake-ccmm serve --help'"),
    ("serve --port http", 2, "'http'", "a port is a number from 0 to 65535"),
    ("serve --contacts many", 2, "'many'", "a number of contacts is 0 or more"),
    ("serve --user ann", 2, "--user", "a user is NAME:PASSWORD"),
    ("serve --revision sdk-7", 2, "'sdk-7'", "did you mean 'sdk-7.0'?"),
    ("serve --log-format xml", 2, "'xml'", "there are: text, json, none"),
    ("serve --tls on", 2, "'on'", "there are: adhoc"),
    ("serve --tls-cert one.pem", 2, "--tls-cert", "give both"),
    ("serve --tls adhoc --tls-key one.key", 2, "--tls adhoc", "leave out --tls-cert and --tls-key"),
    ("serve --set limit_answer", 2, "'limit_answer'", "a choice is NAME=VALUE"),
    ("serve --seed site.toml --contacts 3", 2, "--contacts", "leave it out"),
    ("faults add resett", 2, "'resett'", "did you mean 'reset'?"),
    ("clock set tomorrow", 2, "'tomorrow'", "a time is such as 2026-01-31T08:00:00Z"),
    ("completion fish", 2, "'fish'", "there are: bash, zsh, tcsh"),
    ("doctor --tls-cert one.pem", 2, "--tls-cert", "give both"),
    ("doctor --port x", 2, "'x'", "a port is a number"),
    # ports and hosts
    ("serve --port {held}", 1, "port {held}", "by fake-ccmm {version}"),
    ("serve --port {held}", 1, "port {held}", "such as --port 0 for a free one"),
    ("serve --port {mute}", 1, "port {mute}", "such as --port 0 for a free one"),
    ("serve --port 0 --control-port {mute}", 1, "port {mute}", "such as --control-port 0 for a free one"),
    ("serve --port 0 --host 192.0.2.1", 1, "192.0.2.1", "--host takes an address of this machine (127.0.0.1, "),
    ("serve --port 0 --host localhots.", 1, "localhots.", "did you mean 'localhost'?"),
    ("serve --host http://127.0.0.1:8000", 1, "http://127.0.0.1:8000", "--host 127.0.0.1 --port 8000"),
    ("serve --host 127.0.0.1:8000", 1, "127.0.0.1:8000", "--host 127.0.0.1 --port 8000"),
    ("serve --host [::1]", 1, "[::1]", "--host ::1"),
    # files
    ("serve --seed sit.toml", 1, "sit.toml", "did you mean 'site.toml'?"),
    ("serve --seed own.yaml", 1, "own.yaml", "'fake-ccmm seed generate --output own.yaml' writes one"),
    ("serve --seed site.txt", 1, "site.txt", "did you mean 'site.toml'?"),
    ("serve --seed typo.toml", 1, "administrators[0].base_instal", 'did you mean "base_install"?'),
    ("serve --seed torn.toml", 1, "torn.toml", "is not TOML: "),
    ("seed load sit.toml", 1, "sit.toml", "did you mean 'site.toml'?"),
    ("centers create x --seed sit.toml", 1, "sit.toml", "did you mean 'site.toml'?"),
    ("seed check sit.toml", 1, "sit.toml", "did you mean 'site.toml'?"),
    ("seed generate --output no/x.toml", 1, "no/x.toml", "make the folder no first"),
    ("seed generate --locales de,xx", 2, '"xx"', "there are only: "),
    ("faults add @rule.json", 1, "rule.json", "did you mean 'rules.json'?"),
    ("serve --profile profil.toml", 1, "profil.toml", "did you mean 'profile.toml'?"),
    ("serve --profile none", 1, "none", "'fake-ccmm profile --format toml > FILE' writes one"),
    ("serve --profile profile.toml", 1, "'limt_answer'", "did you mean 'limit_answer'?"),
    ("serve --set limt_answer=delay", 1, "'limt_answer'", "did you mean 'limit_answer'?"),
    ("profile --set toosoon=1", 1, "'toosoon'", "did you mean 'too_soon'? That has .number, .code and .text"),
    ("profile --set toosoon.text=x", 1, "'toosoon'", "did you mean 'too_soon'?"),
    ("profile --set limit_answer=dealy", 1, "'dealy'", "limit_answer is one of fault, return, delay"),
    ("serve --port 0 --tls-cert no.pem --tls-key one.key", 1, "no.pem", "give the PEM file of the certificate"),
    ("serve --port 0 --tls-cert one.pem --tls-key no.key", 1, "no.key", "give the PEM file of the private key"),
    ("serve --port 0 --tls-cert one.pem --tls-key two.key", 1, "two.key", "give the key that the certificate was made"),
    ("serve --port 0 --tls-cert one.pem --tls-key locked.key", 1, "locked.key", "openssl pkey -in KEY -out PLAIN"),
    ("clock --ca no.pem", 1, "no.pem", "give a PEM file, such as the 'ca'"),
    ("clock --ca one.key", 1, "one.key", "it holds no certificate; give a PEM file"),
    # servers
    (f"reset --url {NOBODY}", 1, NOBODY, "'fake-ccmm serve' starts one"),
    ("clock --url localhost:8000", 2, "'localhost:8000'", "did you mean http://localhost:8000?"),
    ("clock --url ftp://x", 2, "'ftp://x'", "is such as http://127.0.0.1:8000"),
    (f"clock --url http://ann:{SECRET}@127.0.0.1:8000", 2, "http://***@127.0.0.1:8000", "leave them out"),
    ("clock --url {asking}", 1, "token", "give the server's token with --token, or in FAKE_CCMM_TOKEN"),
    ("clock --url {secure}", 1, "{secure}", "give its CA file, as with --ca FILE"),
    ("clock --url {plain}", 1, "{plain}", "'fake-ccmm doctor --url {plain}' looks further"),
    ("clock --url {untrue}", 1, "{untrue}", "is it http rather than https?"),
    *(
        (f"{command} --url {{site}}", 1, "{site}", "give the url that 'fake-ccmm serve' prints")
        for command in (
            "clock", "clock freeze", "clock advance 1", "journal", "journal --clear", "faults", "faults clear",
            "faults add reset", "reset", "snapshot save x", "snapshot list", "seed export", "seed load site.toml",
            "seed export --format json", "journal --raw 1 request", "centers list", "centers create x",
        )
    ),
]  # fmt: skip


def contents(folder: str) -> dict[str, bytes]:
    return {str(one): one.read_bytes() for one in Path(folder).rglob("*") if one.is_file()}


@pytest.fixture
def at_place(places: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """In the folder with the files, with no variable of anybody's; a server that starts after all fails the test."""
    monkeypatch.chdir(places["folder"])
    for name in ("FAKE_CCMM_URL", "FAKE_CCMM_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(serve, "_demo_center", lambda parsed: ContactCenter(profile=chosen_profile(parsed)))
    monkeypatch.setattr(serve, "_announce", lambda *_, **__: pytest.fail("it serves"))
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    yield places
    for one, handler in before.items():
        signal.signal(one, handler)


@pytest.mark.parametrize(("line", "status", "named", "fix"), ERRORS, ids=[f"{one[0]} {one[3][:9]}" for one in ERRORS])
def test_an_error_is_one_line_that_names_what_is_wrong_and_says_what_to_do(
    line: str, status: int, named: str, fix: str, at_place: dict[str, str]
) -> None:
    words = {**at_place, "version": fake_ccmm.__version__}
    before = contents(at_place["folder"])
    done = run_here(*shlex.split(line.format(**words) if "{" in line else line))
    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith("fake-ccmm") or line.startswith("seed check")
    assert (named.format(**words) if "{" in named else named) in done.stderr
    assert (fix.format(**words) if "{" in fix else fix) in done.stderr
    assert SECRET not in done.stderr
    assert ":secret" not in done.stderr
    assert contents(at_place["folder"]) == before


def test_variables_that_are_wrong_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE_CCMM_URL", "localhost:8000")
    assert "error: FAKE_CCMM_URL: the url of a server is such as" in run_here("clock").stderr
    monkeypatch.setenv("FAKE_CCMM_URL", NOBODY)
    monkeypatch.setenv("FAKE_CCMM_TOKEN", "zu früh")
    assert "error: FAKE_CCMM_TOKEN: a token is printable" in run_here("clock").stderr


@not_on_windows
def test_a_port_for_which_one_needs_rights_is_said(at_place: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    class Careful(socket.socket):
        """A socket of a system on which this user may not do everything."""

        def bind(self, address: Any) -> None:
            if 0 < address[1] < 1024:
                raise PermissionError(13, "Permission denied")
            super().bind(address)

    monkeypatch.setattr(socket, "socket", Careful)
    done = run_here("serve", "--port", "80")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "fake-ccmm: cannot listen on 127.0.0.1 port 80: Permission denied, ports below 1024 are not for everybody; "
        "give another one, such as --port 8080\n"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells which process it is")
def test_a_port_that_is_taken_is_said_with_the_process_that_holds_it(at_place: dict[str, str]) -> None:
    assert f"process {os.getpid()})" in run_here("serve", "--port", at_place["held"]).stderr


def test_a_program_that_lacks_a_package_says_so_in_a_line() -> None:
    lacking = "import sys; sys.modules['uvicorn'] = None; from fake_ccmm.cli import main; sys.exit(main(['serve']))"
    done = subprocess.run(
        [sys.executable, "-c", lacking],
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=DEADLINE,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("fake-ccmm: the package uvicorn is missing; 'fake-ccmm doctor' says what to install")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("package", ["hypothesis"])
def test_the_kit_without_what_it_needs_says_in_a_line_how_to_get_it(package: str) -> None:
    lacking = f"import sys; sys.modules['{package}'] = None; from ccmm_contracts.cli import main; sys.exit(main([]))"
    done = subprocess.run(
        [sys.executable, "-c", lacking],
        env={**environment(), "PYTHONPATH": os.pathsep.join([str(SOURCE), str(SOURCE / "contracts")])},
        capture_output=True,
        encoding="utf-8",
        timeout=DEADLINE,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"ccmm-contracts: {package} is missing: pip install 'fake-ccmm[contracts]'\n"


def test_a_python_that_is_too_old_is_said_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 1, "final", 0))
    done = run_here("--version")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == ("fake-ccmm: this is Python 3.9, and it needs 3.10 to 3.13; install it with one of those\n")


@pytest.mark.parametrize("module", ["__init__.py", "__main__.py", "errors.py", "cli/__init__.py"])
def test_an_older_python_can_read_what_says_that_it_is_too_old(module: str) -> None:
    tree = ast.parse((SOURCE / "fake_ccmm" / module).read_text("utf-8"), feature_version=(3, 8))
    names = {one.module for one in tree.body if isinstance(one, ast.ImportFrom) and one.level}
    assert names <= {None, "cli", "errors"}
