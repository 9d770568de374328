"""HTTPS, with a certificate made for the run and with one of one's own; every client here verifies."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from http.client import HTTPSConnection
from pathlib import Path
from typing import Any

import pytest
import requests
import trustme
import zeep
from cryptography.hazmat.primitives import serialization

from fake_ccmm import Administrator, CampaignDetails, ContactCenter, FakeCcmm, SettableClock, SetupError, Skillset
from fake_ccmm.profile import make_profile
from tests.messages import CAMPAIGN, TEXT_XML, UTILITY, D, T, envelope, login, operation

from .process import DEADLINE, SOURCE, Serving, run

not_on_windows = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals and modes")


@pytest.fixture(scope="module")
def ccmm() -> Iterator[FakeCcmm]:
    """The demo center over HTTPS, for tests that change nothing."""
    with FakeCcmm(tls="adhoc", log=None) as one:
        yield one


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a certificate for this machine, its key, and the CA it is from."""
    folder = tmp_path_factory.mktemp("own")
    ca = trustme.CA()
    certificate = ca.issue_cert("127.0.0.1")
    ca.cert_pem.write_to_path(folder / "ca.pem")
    certificate.cert_chain_pems[0].write_to_path(folder / "cert.pem")
    certificate.private_key_pem.write_to_path(folder / "key.pem")
    return folder


def connect(ccmm: FakeCcmm) -> HTTPSConnection:
    """A connection that trusts the server's CA and no other."""
    assert ccmm.ca_file is not None
    context = ssl.create_default_context(cafile=ccmm.ca_file)
    return HTTPSConnection(ccmm.host, ccmm.port, context=context, timeout=DEADLINE)


def service(url: str, ca_file: object) -> Any:
    """The operations that zeep finds in the WSDL of a service, whose certificate has to be from the CA."""
    session = requests.Session()
    session.trust_env = False
    if ca_file:
        session.verify = str(ca_file)
    transport = zeep.Transport(  # type: ignore[no-untyped-call]
        session=session, timeout=DEADLINE, operation_timeout=DEADLINE
    )
    return zeep.Client(f"{url}?wsdl", transport=transport).service  # type: ignore[no-untyped-call]


def names_of_campaigns(utility_url: str, campaign_url: str, ca_file: object) -> list[str]:
    """What zeep gets when it logs in, asks for the campaigns and logs off."""
    utility = service(utility_url, ca_file)
    key = utility.OutboundLogin("apiuser", "apipassword")
    try:
        return [one.Name for one in service(campaign_url, ca_file).GetCampaigns(key).OWCampaign]
    finally:
        utility.OutboundLogoff("apiuser")


# --- a certificate made for the run -----------------------------------------------------------------------------------


def test_zeep_works_over_https(ccmm: FakeCcmm) -> None:
    assert ccmm.url == f"https://127.0.0.1:{ccmm.port}"
    assert names_of_campaigns(ccmm.utility_url, ccmm.campaign_url, ccmm.ca_file)[0] == "Spring Renewals"


def test_a_client_that_does_not_trust_the_ca_gets_no_answer(ccmm: FakeCcmm) -> None:
    with pytest.raises(requests.exceptions.SSLError, match="CERTIFICATE_VERIFY_FAILED"):
        service(ccmm.utility_url, None)


def test_the_wsdl_tells_the_https_address(ccmm: FakeCcmm) -> None:
    with closing(connect(ccmm)) as connection:
        connection.request("GET", f"{CAMPAIGN}?wsdl")
        wsdl = connection.getresponse().read().decode()
    assert re.findall('address location="(.+?)"', wsdl) == [ccmm.campaign_url] * 2


def test_a_connection_is_kept_alive(ccmm: FakeCcmm) -> None:
    with closing(connect(ccmm)) as connection:
        used = set()
        for _ in range(3):
            connection.request("POST", UTILITY, envelope(login("nobody")), {"Content-Type": TEXT_XML})
            assert connection.getresponse().read()
            used.add(connection.sock)
        assert len(used - {None}) == 1


def is_good_for(ccmm: FakeCcmm, name: str) -> bool:
    """Whether a client that means this name takes the certificate."""
    context = ssl.create_default_context(cafile=ccmm.ca_file)
    with socket.create_connection(("127.0.0.1", ccmm.port), DEADLINE) as plug:
        try:
            context.wrap_socket(plug, server_hostname=name).close()
        except ssl.SSLCertVerificationError:
            return False
    return True


def test_the_certificate_is_for_every_name_of_this_machines_loopback_and_for_no_other(ccmm: FakeCcmm) -> None:
    assert [name for name in ("localhost", "127.0.0.1", "::1") if not is_good_for(ccmm, name)] == []
    assert not is_good_for(ccmm, "ccmm.example")


@pytest.mark.parametrize(("named", "is_in_it"), [("ccmm-pc", True), ("no name at all", False)])
def test_on_all_addresses_the_certificate_is_for_the_machines_name_too(
    monkeypatch: pytest.MonkeyPatch, named: str, is_in_it: bool
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: named)
    with FakeCcmm(host="0.0.0.0", tls="adhoc", log=None) as ccmm:
        assert is_good_for(ccmm, "127.0.0.1")
        assert is_good_for(ccmm, named) == is_in_it


def test_the_ca_file_is_there_while_it_runs_and_another_one_each_time() -> None:
    ccmm = FakeCcmm(tls="adhoc", log=None)
    assert ccmm.ca_file is None
    seen: list[str] = []
    for _ in range(2):
        with ccmm:
            file = ccmm.ca_file
            assert file is not None
            assert [one.name for one in file.parent.iterdir()] == ["ca.pem"]
            seen.append(file.read_text())
        assert ccmm.ca_file is None
        assert not file.parent.exists()
    assert "PRIVATE" not in seen[0]
    assert seen[0] != seen[1]


@not_on_windows
def test_the_ca_file_is_in_a_folder_that_only_this_user_can_enter(ccmm: FakeCcmm) -> None:
    assert ccmm.ca_file is not None
    assert ccmm.ca_file.parent.stat().st_mode & 0o777 == 0o700


@not_on_windows
def test_a_temporary_folder_that_cannot_be_made_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    with pytest.raises(SetupError, match="TMPDIR can name a folder to write to"):
        FakeCcmm(tls="adhoc", log=None).start()


def test_without_tls_it_is_http_and_there_is_no_ca() -> None:
    with FakeCcmm(log=None) as ccmm:
        assert ccmm.url.startswith("http://")
        assert ccmm.ca_file is None


# --- held calls, and clients that do not behave -----------------------------------------------------------------------


@pytest.mark.rule("A4")
def test_a_call_that_is_held_is_answered_when_its_turn_comes() -> None:
    clock = SettableClock()
    center = ContactCenter(
        administrators=[Administrator("anna", "secret")],
        skillsets=[Skillset(1, "OB_Test")],
        profile=make_profile({"limit_answer": "delay"}),
        clock=clock,
    )
    center.add_campaign(CampaignDetails(1, "Spring"))
    arguments = f'<CampaignID>1</CampaignID><contact><SkillsetID xmlns="{D}">1</SkillsetID></contact>'
    key = f"<sessionKey>{center.log_in('anna', 'secret')}</sessionKey>"
    body = envelope(operation("AppendContactsToCampaign", arguments + key))
    headers = {"Content-Type": TEXT_XML, "SOAPAction": f'"{T}AppendContactsToCampaign"'}
    with (
        FakeCcmm(center, tls="adhoc", log=None) as ccmm,
        closing(connect(ccmm)) as held,
        closing(connect(ccmm)) as other,
    ):
        held.request("POST", CAMPAIGN, body, headers)
        assert held.getresponse().read()
        held.request("POST", CAMPAIGN, body, headers)
        other.request("POST", UTILITY, envelope(login("nobody")), {"Content-Type": TEXT_XML})
        assert other.getresponse().status == 500, "others are answered meanwhile"
        assert len(center.contacts(1)) == 1, "nothing has happened before its turn"
        clock.advance(1)
        assert held.getresponse().status == 200
    assert len(center.contacts(1)) == 2


MISHAPS = """
import socket, ssl, struct, sys
sys.modules.update(dict.fromkeys(sys.argv[1:]))  # what cannot be imported
from fake_ccmm import FakeCcmm

def plug():
    return socket.create_connection(("127.0.0.1", ccmm.port), 30)

def wrapped(context):
    return context.wrap_socket(plug(), server_hostname="127.0.0.1")

with FakeCcmm(tls="adhoc") as ccmm:
    trusting = ssl.create_default_context(cafile=ccmm.ca_file)
    with plug() as one:  # plain HTTP
        one.sendall(b"GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
        assert b"HTTP" not in one.recv(4096)
    plug().close()
    with plug() as one:
        one.sendall(b"\\x16\\x03\\x01\\x02\\x00")  # the start of a hello
    try:
        wrapped(ssl.create_default_context())
    except ssl.SSLCertVerificationError:
        pass
    else:
        raise AssertionError("it was trusted")
    with wrapped(trusting) as one:  # a request that is left unfinished
        one.sendall(b"POST / HTTP/1.1\\r\\n")
    with wrapped(trusting) as one:  # a reset
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with wrapped(trusting) as one:  # no HTTP
        one.sendall(b"\\x00\\r\\n\\r\\n")
        assert one.recv(4096).startswith(b"HTTP/1.1 400 ")
    raw = socket.socket(fileno=wrapped(trusting).detach())  # no TLS any more
    raw.settimeout(30)
    raw.sendall(b"x" * 100)
    while raw.recv(4096):
        pass
    raw.close()
    idle = wrapped(trusting)
    idle.sendall(b"GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n")
    assert idle.recv(4096)
idle.close()
"""


@pytest.mark.parametrize("missing", [[], ["uvloop"]], ids=["uvloop", "asyncio's own loop"])
def test_clients_that_do_not_behave_are_no_reason_to_say_anything(missing: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MISHAPS, *missing],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        capture_output=True,
        encoding="utf-8",
        timeout=DEADLINE,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


# --- a certificate of one's own ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_path", [str, Path])
def test_a_certificate_of_ones_own_is_served(own: Path, as_path: Callable[[Path], Any]) -> None:
    with FakeCcmm(tls=(as_path(own / "cert.pem"), as_path(own / "key.pem")), log=None) as ccmm:
        assert ccmm.ca_file is None
        assert len(names_of_campaigns(ccmm.utility_url, ccmm.campaign_url, own / "ca.pem")) == 5


def test_one_file_can_hold_both(own: Path, tmp_path: Path) -> None:
    both = tmp_path / "both.pem"
    both.write_bytes((own / "key.pem").read_bytes() + (own / "cert.pem").read_bytes())
    with FakeCcmm(tls=(both, both), log=None) as ccmm:
        assert service(ccmm.utility_url, own / "ca.pem")


def encrypted(key: bytes) -> bytes:
    private = serialization.load_pem_private_key(key, None)
    protection = serialization.BestAvailableEncryption(b"secret")
    return private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)


@pytest.mark.parametrize(
    ("certificate", "key", "said"),
    [
        ("none.pem", "key.pem", "{certificate}: cannot be read: No such file or directory; give the PEM file of the c"),
        ("cert.pem", "none.pem", "{key}: cannot be read: No such file or directory; give the PEM file of the private"),
        ("cert.pem", "", "{key}: cannot be read: "),
        ("key.pem", "cert.pem", "{certificate}: holds no certificate; give a PEM file, with a line that ends with"),
        (
            "cert.pem",
            "cert.pem",
            "{key}: holds no private key; give a PEM file, with a line that ends with PRIVATE KEY",
        ),
        ("cert.der", "key.pem", "{certificate}: holds no certificate; give a PEM file"),
        ("torn.pem", "key.pem", "{certificate} and {key}: cannot be used as a certificate and its key: "),
        ("cert.pem", "other.pem", "{key}: is not the private key of the certificate {certificate}; give the key that"),
        ("cert.pem", "secret.pem", "{key}: is encrypted; give a key without a password, such as 'openssl pkey "),
    ],
)
def test_files_that_cannot_be_used_are_said_with_what_to_do(
    own: Path, tmp_path: Path, certificate: str, key: str, said: str
) -> None:
    for name in ("cert.pem", "key.pem"):
        shutil.copy(own / name, tmp_path)
    pem = (own / "cert.pem").read_text()
    (tmp_path / "torn.pem").write_text(pem[: len(pem) // 2])
    (tmp_path / "cert.der").write_bytes(ssl.PEM_cert_to_DER_cert(pem))
    (tmp_path / "secret.pem").write_bytes(encrypted((own / "key.pem").read_bytes()))
    trustme.CA().issue_cert("localhost").private_key_pem.write_to_path(tmp_path / "other.pem")
    files = (tmp_path / certificate, tmp_path / key)
    with pytest.raises(SetupError) as caught:
        FakeCcmm(tls=files, log=None).start()
    assert str(caught.value).startswith(said.format(certificate=files[0], key=files[1]))


@pytest.mark.parametrize("tls", ["on", True, ("cert.pem",), ("cert.pem", None), ["cert.pem", "key.pem"]])
def test_what_is_no_way_to_serve_is_said_when_it_is_made(tls: Any) -> None:
    with pytest.raises(SetupError, match=r'^tls is "adhoc", or the paths of a certificate and of its key in a tuple, '):
        FakeCcmm(tls=tls)


# --- fake-ccmm serve --------------------------------------------------------------------------------------------------


@not_on_windows
def test_serve_makes_a_certificate_and_tells_programs_and_people_of_its_ca() -> None:
    with Serving("--tls", "adhoc") as one:
        assert one.facts["url"].startswith("https://127.0.0.1:")
        ca_file = Path(one.facts["ca"])
        assert names_of_campaigns(one.url("utility"), one.url("campaign"), ca_file)
        assert one.stop() == 0
        told = one.stderr.to_the_end().splitlines()
        assert json.loads(one.stdout.to_the_end()) == one.facts
    assert not ca_file.parent.exists()
    assert str(ca_file) in told[4]
    assert f"--cacert {ca_file}" in told[6]
    assert "Log in as apiuser with password apipassword. Stop with Ctrl-C." in told


def test_serve_takes_a_certificate_of_ones_own(own: Path) -> None:
    with Serving("--tls-cert", str(own / "cert.pem"), "--tls-key", str(own / "key.pem")) as one:
        assert "ca" not in one.facts
        assert names_of_campaigns(one.url("utility"), one.url("campaign"), own / "ca.pem")


def test_serve_says_in_one_line_that_a_file_cannot_be_used(own: Path) -> None:
    done = run("serve", "--port", "0", "--tls-cert", str(own / "cert.pem"), "--tls-key", "missing.pem")
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"fake-ccmm: missing\.pem: cannot be read: .+; .+\n", done.stderr)
