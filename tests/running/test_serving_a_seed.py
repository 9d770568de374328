"""``fake-ccmm serve --seed``: the center is what a file says."""

from __future__ import annotations

import io
import os
import re
import sys
from pathlib import Path

import pytest

from fake_ccmm.cli.loading import LoadingProgress

from .process import Serving, run
from .soap import call, log_in

SEED = """
administrators:
  - {username: root, password: secret, base_install: true}
  - {username: ann, password: secret}
skillsets: [{skillset_id: 1, name: Sales}]
campaigns:
  - {campaign_id: 7, name: Autumn, skillset: 1, contacts: [{first_name: Zoë}], generate: {count: COUNT}}
profile: {unknown_logoff: fault, not_logged_in: {number: 17, text: "seed"}}
faults: [{name: lost, when: {operation: OutboundLogin}, nth: 1, do: {kind: soap-fault, text: Not yet}}]
"""
QUIET = ("--log-format", "none")


def seed_file(folder: Path, text: str = SEED, count: int = 2) -> str:
    file = folder / "site.yaml"
    file.write_text(text.replace("COUNT", str(count)), "utf-8")
    return str(file)


def without_faults(text: str) -> str:
    return re.sub(r"^faults:.*\n", "", text, flags=re.MULTILINE)


def test_the_center_is_what_the_file_says(tmp_path: Path) -> None:
    with Serving("--seed", seed_file(tmp_path, without_faults(SEED)), *QUIET) as one:
        key = log_in(one.url("utility"), "ann", "secret")
        answer = call(one.url("campaign"), "GetCampaigns", sessionKey=key)
        page = call(one.url("campaign"), "Get200CampaignContacts", CampaignID="7", LastContactID="0", sessionKey=key)
    assert re.findall("<Name>(.*?)</Name><", answer.split("<OWCampaign>")[1])[:1] == ["Autumn"]
    assert "<NumberOfContacts>3</NumberOfContacts>" in answer
    assert "<FirstName>Zoë</FirstName>" in page


def test_the_first_user_who_can_log_in_is_told_without_the_password(tmp_path: Path) -> None:
    with Serving("--seed", seed_file(tmp_path)) as one:
        assert one.facts["user"] == "ann"
        lines = one.stderr.wait_for(lambda lines: any("Ctrl-C" in line for line in lines))
        assert "Log in as ann. Stop with Ctrl-C.\n" in lines
        assert "secret" not in "".join(lines)


def test_a_fault_of_the_seed_waits_for_the_first_call_of_a_user(tmp_path: Path) -> None:
    with Serving("--seed", seed_file(tmp_path), *QUIET) as one:
        first, second = (log_in(one.url("utility"), "ann", "secret") for _ in range(2))
    assert "<faultstring>Not yet</faultstring>" in first
    assert second.endswith("__ann")


def test_a_seed_with_nobody_who_can_log_in_is_served_and_says_so(tmp_path: Path) -> None:
    with Serving(
        "--seed",
        seed_file(tmp_path, without_faults(SEED).replace("username: ann", "base_install: true, username: ann")),
    ) as one:
        assert one.facts["user"] is None
        assert "<ErrorNumber>2800</ErrorNumber>" in log_in(one.url("utility"), "ann", "secret")
        one.stop()
        assert "Nobody can log in" in one.stderr.to_the_end()


def test_users_of_the_command_line_come_besides_those_of_the_seed(tmp_path: Path) -> None:
    users = ("--user", "bob:hidden", "--user", "root:better")
    with Serving("--seed", seed_file(tmp_path, without_faults(SEED)), *users, *QUIET) as one:
        utility = one.url("utility")
        for name, password in (("ann", "secret"), ("bob", "hidden"), ("root", "better")):
            assert log_in(utility, name, password).endswith(f"__{name}")


def test_choices_of_the_command_line_win_over_those_of_the_seed(tmp_path: Path) -> None:
    profile = tmp_path / "site.toml"
    profile.write_text("[not_logged_in]\nnumber = 18\n", "utf-8")
    options = ("--profile", str(profile), "--set", "not_logged_in.number=19", "--set", "limit_seconds=0.5")
    with Serving("--seed", seed_file(tmp_path), *options, *QUIET) as one:
        answer = call(one.url("utility"), "OutboundLogoff", username="zoe")
    assert "<faultstring>seed</faultstring>" in answer
    assert "<ErrorNumber>19</ErrorNumber>" in answer


def test_everything_that_is_wrong_in_the_seed_is_told(tmp_path: Path) -> None:
    file = seed_file(tmp_path, SEED.replace("skillset: 1", "skillset: 2").replace("username: ann", "username: root"))
    done = run("serve", "--port", "0", "--seed", file)
    assert (done.returncode, done.stdout) == (1, "")
    lines = done.stderr.splitlines()
    assert len(lines) == 2
    assert all(line.startswith(f"fake-ccmm: {file}: ") for line in lines)
    assert [line.split(": ")[2] for line in lines] == ["administrators[1].username", "campaigns[0].skillset"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--contacts", "5", "--seed", "site.yaml"], "--contacts is for the demo center: leave it out"),
        (["--no-control", "--control-port", "0"], "--no-control serves no control API: leave out --control-port"),
        (["--control-port", "8000"], "--control-port is another port than --port"),
        (["--control-token", "zu früh"], "a token is printable ASCII text"),
    ],
)
def test_options_that_do_not_go_together_are_a_wrong_command_line(options: list[str], said: str) -> None:
    done = run("serve", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr.splitlines()[-1]


# --- progress ---------------------------------------------------------------------------------------------------------


def test_while_many_contacts_are_loaded_it_says_how_many_there_are(tmp_path: Path) -> None:
    with Serving("--seed", seed_file(tmp_path, count=99_999), *QUIET) as one:
        told = [line for line in one.stderr.wait_for(has_been_announced) if line.startswith("Loaded")]
    assert told[-1] == "Loaded 100,000 of 100,000 contacts\n"
    counts = [int(re.sub(r"Loaded ([\d,]+) of 100,000 contacts\n", r"\1", line).replace(",", "")) for line in told]
    assert counts == sorted(set(counts))


def test_few_contacts_are_loaded_without_a_word(tmp_path: Path) -> None:
    with Serving("--seed", seed_file(tmp_path, count=500), *QUIET) as one:
        assert "Loaded" not in "".join(one.stderr.wait_for(has_been_announced))


def has_been_announced(lines: list[str]) -> bool:
    return any("Ctrl-C" in line for line in lines)


class Clock:
    """Seconds that a test lets pass."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        self.now += 0.0625
        return self.now


class Terminal(io.StringIO):
    """What a person looks at."""

    def isatty(self) -> bool:
        return True


def test_a_file_gets_a_line_about_once_a_second() -> None:
    told = io.StringIO()
    report = LoadingProgress(told, Clock())
    for loaded in range(2000, 100_001, 2000):
        report(loaded, 100_000)
    assert told.getvalue().splitlines() == [
        "Loaded 32,000 of 100,000 contacts",
        "Loaded 64,000 of 100,000 contacts",
        "Loaded 96,000 of 100,000 contacts",
        "Loaded 100,000 of 100,000 contacts",
    ]


def test_a_terminal_gets_one_line_that_is_rewritten() -> None:
    told = Terminal()
    report = LoadingProgress(told, Clock())
    for loaded in range(10_000, 30_001, 10_000):
        report(loaded, 30_000)
    assert re.fullmatch(r"(\rLoaded \d0,000 of 30,000 contacts)+\n", told.getvalue())
    assert told.getvalue().endswith("\rLoaded 30,000 of 30,000 contacts\n")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals for a process")
def test_it_can_be_stopped_while_it_loads(tmp_path: Path) -> None:
    import signal
    import subprocess

    from .process import DEADLINE, command, environment

    bounds = [part for name in ("center_contacts", "contacts") for part in ("--bound", f"{name}=6000000")]
    file = seed_file(tmp_path, count=5_000_000)
    process = subprocess.Popen(
        [*command(), "serve", "--port", "0", "--seed", file, *bounds],
        env=environment() | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Loaded ")
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(DEADLINE) == 0
    finally:
        process.kill()
        process.communicate(timeout=DEADLINE)
