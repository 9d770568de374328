"""The command line as processes: what ``fake-ccmm serve`` and ``fake-ccmm profile`` print, obey and refuse."""

from __future__ import annotations

import json
import re
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import fake_ccmm
from fake_ccmm.errors import REFUSALS
from fake_ccmm.profile import choices, load_profile, make_profile

from .process import DEADLINE, Serving, run
from .soap import call, get, log_in, zeep_service

SERVICES = {"utility": "OutboundUtilityWS", "campaign": "OutboundCampaignWS", "contact": "OutboundContactWS"}
KEY = r"[A-Za-z0-9]{10}__"
SECRET = "hunter2-is-no-password"

not_on_windows = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals for a process")


@pytest.fixture(scope="module")
def serving() -> Iterator[Serving]:
    """The one that tests share which change nothing, or put it back."""
    with Serving() as one:
        yield one


def port_of(url: str) -> int:
    return urlsplit(url).port or 0


def is_listening(port: int) -> bool:
    with socket.socket() as plug:
        plug.settimeout(DEADLINE)
        return plug.connect_ex(("127.0.0.1", port)) == 0


# --- what serve prints ------------------------------------------------------------------------------------------------


def test_the_first_line_on_standard_output_is_json_with_all_that_a_program_needs(serving: Serving) -> None:
    assert serving.facts.keys() == {"url", "services", "user", "pid", "control"}
    url = serving.facts["url"]
    assert re.fullmatch(r"http://127\.0\.0\.1:[1-9][0-9]*", url)
    application = f"{url}/ccmmoutboundwebservices"
    assert serving.facts["services"] == {name: f"{application}/{service}.asmx" for name, service in SERVICES.items()}
    assert serving.facts["user"] == "apiuser"


@not_on_windows  # where a launcher is the process that was started
def test_the_process_id_is_the_one_to_send_a_signal_to(serving: Serving) -> None:
    assert serving.facts["pid"] == serving.process.pid


def test_a_login_works_as_soon_as_the_first_line_is_there() -> None:
    with Serving("--log-format", "none") as one:
        assert re.fullmatch(KEY + "apiuser", log_in(one.url("utility"), "apiuser", "apipassword"))


def test_zeep_works_with_the_printed_addresses(serving: Serving) -> None:
    utility = zeep_service(serving.url("utility"))
    key = utility.OutboundLogin("apiuser", "apipassword")
    try:
        campaigns = zeep_service(serving.url("campaign")).GetCampaigns(key)
        contact = zeep_service(serving.url("contact")).GetContactIDByPhoneNumber({"PhoneNo": "there is none"}, 26, key)
    finally:
        utility.OutboundLogoff("apiuser")
    assert [one.ID for one in campaigns.OWCampaign] == [26, 27, 28, 29, 30]
    assert contact == -1


def test_standard_error_tells_people_the_addresses_the_user_and_how_to_stop(serving: Serving) -> None:
    lines = serving.stderr.wait_for(lambda lines: any("Ctrl-C" in line for line in lines))
    assert lines[0] == f"fake-ccmm {fake_ccmm.__version__} is ready:\n"
    assert [line.strip() for line in lines[1:4]] == [f"{serving.url(name)}?wsdl" for name in SERVICES]
    assert "Log in as apiuser with password apipassword. Stop with Ctrl-C.\n" in lines


def test_nothing_follows_the_first_line_on_standard_output() -> None:
    with Serving() as one:
        get(one.url("utility") + "?wsdl")
        one.stop()
        assert json.loads(one.stdout.to_the_end()) == one.facts


# --- ports and stopping -----------------------------------------------------------------------------------------------


def test_port_0_picks_a_free_port_each_time(serving: Serving) -> None:
    with Serving("--log-format", "none") as another:
        assert port_of(another.facts["url"]) not in (0, port_of(serving.facts["url"]))
        assert is_listening(port_of(another.facts["url"]))


def test_a_port_that_is_taken_is_said_in_one_line(serving: Serving) -> None:
    port = port_of(serving.facts["url"])
    done = run("serve", "--port", str(port))
    assert done.returncode == 1
    assert done.stdout == ""
    assert re.fullmatch(
        rf"fake-ccmm: cannot listen on 127\.0\.0\.1 port {port}: .+, by .+; "
        r"give another port, such as --port 0 for a free one, or stop that\n",
        done.stderr,
    )


def test_a_host_that_is_none_of_this_machine_is_said_in_one_line() -> None:
    done = run("serve", "--port", "0", "--host", "192.0.2.1")
    assert done.returncode == 1
    assert done.stdout == ""
    assert re.fullmatch(r"fake-ccmm: cannot listen on 192\.0\.2\.1 port 0: .+\n", done.stderr)


@not_on_windows
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_signal_to_stop_ends_it_well(name: str) -> None:
    with Serving() as one:
        assert one.stop(signal.Signals[name]) == 0
        assert "Traceback" not in one.stderr.to_the_end()
        assert not is_listening(port_of(one.facts["url"]))


@not_on_windows
def test_an_open_connection_does_not_keep_it_from_stopping() -> None:
    with Serving() as one, socket.create_connection(("127.0.0.1", port_of(one.facts["url"])), DEADLINE):
        assert one.stop() == 0


# --- the options ------------------------------------------------------------------------------------------------------


def test_users_of_ones_own_replace_the_demo_user_and_their_passwords_are_never_printed() -> None:
    users = ("--user", f"ann:{SECRET}", "--user", f"bob:{SECRET}:with:colons")
    with Serving(*users) as one:
        assert one.facts["user"] == "ann"
        utility = one.url("utility")
        assert re.fullmatch(KEY + "ann", log_in(utility, "ann", SECRET))
        assert re.fullmatch(KEY + "bob", log_in(utility, "bob", f"{SECRET}:with:colons"))
        assert "<ErrorNumber>2800</ErrorNumber>" in log_in(utility, "apiuser", "apipassword")
        one.stop()
        assert "Log in as ann. Stop with Ctrl-C." in one.stderr.to_the_end()
        assert SECRET not in one.stdout.to_the_end() + one.stderr.to_the_end()


def test_an_administrator_of_the_base_install_cannot_log_in(serving: Serving) -> None:
    assert "<ErrorNumber>2800</ErrorNumber>" in log_in(serving.url("utility"), "webadmin", "webadmin")


def test_the_published_wsdl_is_served_unless_told_otherwise(serving: Serving) -> None:
    assert 'name="priority"' not in get(serving.url("campaign") + "?wsdl")


def test_the_later_revision_can_be_served() -> None:
    with Serving("--revision", "priority", "--log-format", "none") as one:
        assert '<s:element minOccurs="1" maxOccurs="1" name="priority" type="s:int" />' in get(
            one.url("campaign") + "?wsdl"
        )


def test_a_campaign_of_generated_contacts_can_be_added() -> None:
    with Serving("--contacts", "301", "--log-format", "none") as one:
        key = log_in(one.url("utility"), "apiuser", "apipassword")
        answer = call(one.url("campaign"), "GetCampaigns", sessionKey=key)
        assert re.search("<ID>34</ID><Name>Large Campaign</Name>.*?<NumberOfContacts>301</NumberOfContacts>", answer)


def test_a_line_is_logged_for_each_request_without_password_or_key() -> None:
    with Serving("--user", f"ann:{SECRET}", "--log-format", "text") as one:
        keys = make_calls(one)
        one.stop()
        log = one.stderr.to_the_end()
    lines = [line for line in log.splitlines() if re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ", line)]
    told = [re.sub(r"^\S+ | [0-9.]+ms$", "", line) for line in lines]
    assert told[-3:] == [
        "OutboundLogin user=ann ok",
        "GetCampaigns user=ann ok",
        "GetCampaigns refused: invalid session key",
    ]
    assert not [secret for secret in (*keys, SECRET) if secret in log]


def test_the_log_can_be_json_lines() -> None:
    with Serving("--user", f"ann:{SECRET}", "--log-format", "json") as one:
        keys = make_calls(one)
        one.stop()
        log = one.stderr.to_the_end()
    entries = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert [(entry["operation"], entry["user"], entry["outcome"], entry["status"]) for entry in entries[-3:]] == [
        ("OutboundLogin", "ann", "ok", 200),
        ("GetCampaigns", "ann", "ok", 200),
        ("GetCampaigns", None, "refused: invalid session key", 500),
    ]
    assert not [secret for secret in (*keys, SECRET) if secret in log]


def test_the_log_can_be_left_out() -> None:
    with Serving("--user", f"ann:{SECRET}", "--log-format", "none") as one:
        make_calls(one)
        one.stop()
        assert one.stderr.to_the_end().splitlines()[-1] == "Log in as ann. Stop with Ctrl-C."


def make_calls(one: Serving) -> list[str]:
    """A login and two calls, one with a good key and one with a bad one; both keys are returned."""
    key = log_in(one.url("utility"), "ann", SECRET)
    bad = key.swapcase()
    for sent in (key, bad):
        call(one.url("campaign"), "GetCampaigns", sessionKey=sent)
    return [key, bad]


def test_the_profile_of_a_file_and_of_single_settings_is_what_the_server_does(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text('unknown_logoff = "fault"\n[not_logged_in]\nnumber = 17\ntext = "{username} är borta"\n', "utf-8")
    with Serving("--profile", str(file), "--set", "not_logged_in.number=18", "--set", "find_cap=5") as one:
        answer = call(one.url("utility"), "OutboundLogoff", username="zoe")
    assert "<faultstring>zoe är borta</faultstring>" in answer
    assert "<ErrorNumber>18</ErrorNumber>" in answer


# --- what is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--set", "no_such=1"], "there is no choice named 'no_such'; 'fake-ccmm profile' lists all"),
        (["--set", "limit_answer=never"], "limit_answer is one of fault, return, delay, not 'never'"),
        (["--set", "limit_seconds=soon"], "limit_seconds is a number, not 'soon'"),
        (["--set", "find_cap=-1"], "find_cap is 0 or more, not '-1'"),
        (["--set", "no_such.text=x"], "there is no refusal named 'no_such'"),
        (["--set", "too_soon.code=Client2"], "too_soon.code = 'Client2' is not a setting"),
        (["--profile", "no-such-file.toml"], "no-such-file.toml: cannot be read: No such file or directory"),
        (["--profile", "."], ".: cannot be read: "),
    ],
)
def test_a_bad_profile_is_said_in_one_line(options: list[str], said: str) -> None:
    done = run("serve", *options)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("fake-ccmm: ")
    assert done.stderr.count("\n") == 1
    assert said in done.stderr


def test_a_profile_that_is_not_toml_is_said_with_its_name_and_place(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text("limit_answer = fault\n")
    done = run("serve", "--profile", str(file))
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(rf"fake-ccmm: {re.escape(str(file))}: is not TOML: .+line 1.+\n", done.stderr)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["start"], "invalid choice: 'start'"),
        (["serve", "--bogus"], "unrecognized arguments: --bogus"),
        (["serve", "--port", "65536"], "a port is a number from 0 to 65535, not '65536'"),
        (["serve", "--port", "http"], "a port is a number from 0 to 65535, not 'http'"),
        (["serve", "--contacts", "-1"], "a number of contacts is 0 or more, not '-1'"),
        (["serve", "--revision", "8.0"], "invalid choice: '8.0'"),
        (["serve", "--log-format", "xml"], "invalid choice: 'xml'"),
        (["serve", "--set", "limit_answer"], "a choice is NAME=VALUE, not 'limit_answer'"),
        (["serve", "--user", f":{SECRET}"], "a user is NAME:PASSWORD, neither of them empty"),
        (["serve", "--user", SECRET], "a user is NAME:PASSWORD, neither of them empty"),
        (["serve", "--tls", "on"], "invalid choice: 'on'"),
        (["serve", "--tls-cert", "cert.pem"], "--tls-cert and --tls-key go together: give both, or neither"),
        (["serve", "--tls-key", "key.pem"], "--tls-cert and --tls-key go together: give both, or neither"),
        (["serve", "--tls", "adhoc", "--tls-key", "key.pem"], "--tls adhoc makes a certificate: leave out --tls-cert"),
        (["profile", "--format", "yaml"], "invalid choice: 'yaml'"),
        (["completion"], "the following arguments are required: SHELL"),
        (["completion", "cmd"], "invalid choice: 'cmd'"),
    ],
)
def test_a_wrong_command_line_has_an_exit_status_of_its_own(arguments: list[str], said: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr.splitlines()[-1]
    assert SECRET not in done.stderr


def test_the_version_is_the_packages_own() -> None:
    assert run("--version").stdout == f"fake-ccmm {fake_ccmm.__version__}\n"


def test_the_help_lists_each_command_in_a_line_and_every_exit_status() -> None:
    told = run("--help").stdout
    for name in ("serve", "profile", "completion"):
        assert re.search(rf"^ +{name} +[a-z].+$", told, re.MULTILINE)
    assert re.findall(r"^  (\d)  \S", told, re.MULTILINE) == ["0", "1", "2"]


@pytest.mark.parametrize("name", ["serve", "profile", "completion"])
def test_the_help_of_a_command_has_examples(name: str) -> None:
    _, _, examples = run(name, "--help").stdout.partition("\nexamples:\n")
    assert re.search(rf"^  .*fake-ccmm {name}\b", examples, re.MULTILINE)


# --- fake-ccmm profile ------------------------------------------------------------------------------------------------


def test_the_profile_lists_every_choice_with_its_values_and_reason() -> None:
    done = run("profile")
    assert (done.returncode, done.stderr) == (0, "")
    for one in choices():
        value = json.dumps(one.default)
        assert f"\n{one.name} = {value}    ({' | '.join(one.alternatives)})\n" in "\n" + done.stdout
        assert f"    {one.rules}: {one.reason}\n" in done.stdout


def test_the_profile_lists_every_refusal_with_its_wording() -> None:
    done = run("profile", "--set", "too_soon.number=99", "--set", "too_soon.text=Zu früh")
    assert '    too_soon: 99 Client "Zu früh"\n' in done.stdout
    assert '    invalid_session_key: 2805 Client "Access Denied - Validation of session key failed"\n' in done.stdout


def test_the_profile_as_json_has_every_choice() -> None:
    rows = json.loads(run("profile", "--format", "json", "--set", "find_cap=7").stdout)
    assert rows == [
        {
            "name": one.name,
            "value": 7 if one.name == "find_cap" else one.default,
            "default": one.default,
            "alternatives": list(one.alternatives),
            "rules": one.rules.split(),
            "reason": one.reason,
        }
        for one in choices()
    ]


def test_the_profile_as_toml_is_a_file_for_the_profile_option(tmp_path: Path) -> None:
    settings = ["limit_answer=delay", "session_timeout=0.5", "limit_shared=true", 'too_soon.text=a "quoted" \\ {word}']
    options = [argument for setting in settings for argument in ("--set", setting)]
    written = run("profile", "--format", "toml", *options).stdout
    file = tmp_path / "site.toml"
    file.write_text(written, "utf-8")
    read = run("profile", "--format", "toml", "--profile", str(file))
    assert (read.returncode, read.stderr) == (0, "")
    assert read.stdout == written
    assert 'limit_answer = "delay"\n' in written
    assert "session_timeout = 0.5\n" in written
    assert "limit_shared = true\n" in written


def test_the_profile_as_toml_has_a_choice_beside_the_wording_of_the_refusal_of_its_name(tmp_path: Path) -> None:
    clashing = [one for one in choices() if one.name in REFUSALS]
    settings = [f"{one.name}={one.alternatives[-1]}" for one in clashing]
    settings += [f"{one.name}.text=no {one.name}" for one in clashing]
    settings += ["too_soon.number=7", "unknown_campaign.number=8", "not_logged_in.text=gone"]
    options = [argument for setting in settings for argument in ("--set", setting)]
    written = run("profile", "--format", "toml", *options).stdout
    assert 'unknown_campaign = "empty"\n' in written
    assert '"unknown_campaign.number" = 8\n"unknown_campaign.text" = "no unknown_campaign"\n' in written
    assert "\n[too_soon]\nnumber = 7\n" in written
    file = tmp_path / "site.toml"
    file.write_text(written, "utf-8")
    assert make_profile(load_profile(file)) == make_profile(dict(one.split("=", 1) for one in settings))
    read = run("profile", "--format", "toml", "--profile", str(file))
    assert (read.returncode, read.stderr, read.stdout) == (0, "", written)


def test_a_single_setting_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text('limit_answer = "delay"\nfind_cap = 3\n')
    written = run("profile", "--format", "toml", "--profile", str(file), "--set", "find_cap=4").stdout
    assert 'limit_answer = "delay"\n' in written
    assert "find_cap = 4\n" in written
