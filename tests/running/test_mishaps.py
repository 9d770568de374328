"""What goes wrong around the server is said in a line, or does no harm; it is never a traceback."""

from __future__ import annotations

import io
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fake_ccmm import ContactCenter, FakeCcmm, SetupError, make_profile
from fake_ccmm.cli import main
from fake_ccmm.request_log import LineLog
from tests.running.process import DEADLINE, command, environment, run
from tests.running.soap import get


@pytest.mark.parametrize(
    "options", [{"port": 70000}, {"port": 65536}, {"port": -1}, {"host": ""}, {"host": None}, {"profile": 5}]
)
def test_a_server_that_cannot_be_is_refused_when_it_is_made(options: dict[str, object]) -> None:
    with pytest.raises(SetupError):
        FakeCcmm(log=None, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("host", ["a..b", "x" * 64])
def test_a_host_that_is_no_name_is_said_in_one_line(host: str) -> None:
    done = run("serve", "--port", "0", "--host", host)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)


@pytest.mark.skipif(sys.platform == "win32", reason="arguments are text there")
def test_a_user_that_is_no_utf8_is_said_without_a_traceback() -> None:
    done = subprocess.run(
        [*map(str.encode, command()), b"serve", b"--port", b"0", b"--user", b"a:\xff"],
        env=environment(),
        capture_output=True,
        timeout=DEADLINE,
        check=False,
    )
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr


def test_a_reader_that_went_away_is_no_traceback() -> None:
    process = subprocess.Popen(
        [*command(), "profile"], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    _, said = process.communicate(timeout=DEADLINE)
    assert (process.returncode, said) == (1, b"")


def test_a_server_whose_first_line_nobody_reads_serves_on() -> None:
    process = subprocess.Popen(
        [*command(), "serve", "--port", "0"], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = b""
    while b"Log in as" not in said:
        line = process.stderr.readline()
        assert line, "it ended instead"
        said += line
    process.terminate()
    _, rest = process.communicate(timeout=DEADLINE)
    assert b"Traceback" not in said + rest


@pytest.mark.skipif(sys.platform == "win32", reason="signals are not sent so there")
def test_a_signal_ends_it_while_contacts_are_generated() -> None:
    bounds = [part for name in ("center_contacts", "contacts") for part in ("--bound", f"{name}=60000000")]
    process = subprocess.Popen(
        [*command(), "serve", "--port", "0", "--contacts", "50000000", *bounds],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    assert b"Generating 50,000,000 contacts" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=DEADLINE)
    assert (process.returncode, *said) == (0, b"", b"")


def test_a_limit_too_long_to_count_is_refused_at_once() -> None:
    with pytest.raises(SetupError, match="1000000000 at most"):
        make_profile({"limit_seconds": "1e305"})


def test_a_path_cannot_add_lines_or_terminal_codes_to_the_log() -> None:
    stream = io.StringIO()
    log = LineLog(stream, "text")
    with FakeCcmm(ContactCenter(), log=log) as ccmm:
        get(ccmm.url + "/x%0aforged%1b[31m")
    log.close()
    assert stream.getvalue().count("\n") == 1
    assert "\x1b" not in stream.getvalue()


def test_the_profile_as_toml_can_be_read_back_whatever_the_wording(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["profile", "--format", "toml", "--set", 'too_soon.text=a\x7f"\\b𝄞']) == 0
    file = tmp_path / "ours.toml"
    file.write_text(capsys.readouterr().out, "utf-8")
    assert main(["profile", "--profile", str(file)]) == 0


def test_a_wording_that_xml_cannot_carry_is_refused() -> None:
    with pytest.raises(SetupError, match=r"too_soon\.text holds U\+0001"):
        make_profile({"too_soon.text": "a\x01"})
