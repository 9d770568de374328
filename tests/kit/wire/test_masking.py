"""Exchanges for people: secrets masked, told in a line, as curl lines that really work."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
from typing import Any

import pytest
from ccmm_contracts.answer import Answer, Fault, Odd, Returned
from ccmm_contracts.caller import Caller
from ccmm_contracts.domain import Campaign, Contact, CustomField, PhoneNumber, Status
from ccmm_contracts.exchange import Exchange, HttpRequest, HttpResponse
from ccmm_contracts.masking import Secrets
from ccmm_contracts.wire.envelope import Raw, request_for
from ccmm_contracts.wire.http import Http
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_ccmm import FakeCcmm

from .canned import Canned, canned, http_answer

KEY = "AbC3dEf7Gh__ann"
PASSWORD = "p&ss <w\"o'rd>é"
URL = "http://kit/centers/x/ccmmoutboundwebservices/OutboundUtilityWS.asmx"
CAN_CURL = pytest.mark.skipif(
    sys.platform == "win32" or not (shutil.which("bash") and shutil.which("curl")), reason="needs bash and curl"
)


@pytest.fixture
def secrets() -> Secrets:
    return known_secrets()


def known_secrets() -> Secrets:
    found = Secrets()
    found.learn(KEY, "<key of ann>")
    found.learn(PASSWORD, "<password of ann>")
    found.learn("", "<nothing>")
    return found


def exchange(
    body: bytes = b"", *, method: str = "POST", url: str = URL, headers: Any = (), answer: bytes = b""
) -> Exchange:
    return Exchange(3, HttpRequest(method, url, headers, body), HttpResponse(200, "OK", (("A", KEY),), answer))


def called(
    operation: str, answer: Answer, *, user: str | None = "ann", soap: str = "1.1", **arguments: Any
) -> Exchange:
    return Exchange(1, HttpRequest("POST", URL), HttpResponse(200), operation, arguments, answer, user, soap)


# --- masks ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (KEY, "<key of ann>"),
        (f"a{KEY}b{PASSWORD}c", "a<key of ann>b<password of ann>c"),
        ("p&amp;ss &lt;w\"o'rd&gt;é", "<password of ann>"),
        ("p&amp;ss &lt;w&quot;o&apos;rd&gt;é", "<password of ann>"),
        ("p%26ss%20%3Cw%22o%27rd%3E%C3%A9", "<password of ann>"),
        ('{"p": "p&ss <w\\"o\'rd>é"}', '{"p": "<password of ann>"}'),
        (KEY.lower(), "<part of key of ann>"),
        (KEY[:-1], "<part of key of ann>"),
        (KEY[1:], "<part of key of ann>"),
        (f"'{KEY[:9]}'", "'<part of key of ann>'"),
        ("another ann, another__ann", "another ann, another__ann"),
        ("", ""),
    ],
)
def test_secrets_are_masked_in_every_form(secrets: Secrets, text: str, masked: str) -> None:
    assert secrets.mask(text) == masked


def test_a_mask_is_not_masked_again() -> None:
    secrets = Secrets()
    secrets.learn("key", "<password of bob>")
    secrets.learn(KEY, "<key of ann>")
    secrets.learn("ann", "<password of ann>")
    assert secrets.mask(f"{KEY} key ann") == "<key of ann> <password of bob> <password of ann>"


def test_a_short_secret_is_masked_where_it_stands_alone() -> None:
    secrets = Secrets()
    secrets.learn("1", "<key of ann>")
    assert secrets.mask("<key>1</key> 101 a1") == "<key><key of ann></key> 101 a1"


@given(st.text(max_size=5), st.text(max_size=5), st.text(min_size=4, max_size=12))
def test_no_secret_is_left(before: str, after: str, secret: str) -> None:
    secrets = Secrets()
    secrets.learn(secret, "#")
    assert secret not in secrets.mask(before + secret + after).replace("#", "\0\0\0\0\0\0\0\0\0\0\0\0\0")


# --- messages ---------------------------------------------------------------------------------------------------------


def test_a_message_is_shown_with_its_headers_and_without_its_secrets(secrets: Secrets) -> None:
    shown = secrets.masked(exchange(f"<a>{KEY}</a>".encode(), headers=(("Cookie", KEY),), answer=b"<b/>"))
    assert shown.number == 3
    assert shown.request == f"POST {URL}\nCookie: <key of ann>\n\n<a><key of ann></a>"
    assert shown.response == "HTTP 200 OK\nA: <key of ann>\n\n<b/>"


def test_a_message_without_a_body_ends_with_its_headers(secrets: Secrets) -> None:
    assert secrets.masked(exchange(method="GET")).request == f"GET {URL}"


def test_of_a_long_message_the_ends_are_shown_and_no_half_of_a_secret(secrets: Secrets) -> None:
    body = b"x" * (2000 - len("HTTP 200 OK\nA: <key of ann>\n\n") - 5) + KEY.encode() + b"y" * 10_000 + b"the end"
    shown = secrets.masked(exchange(answer=body)).response
    assert "... (8,014 characters left out) ...\n" in shown
    assert shown.endswith("y" * 1993 + "the end")
    assert KEY[:5] not in shown
    assert len(shown) < 4100


def test_bytes_that_are_no_utf_8_are_shown_as_such(secrets: Secrets) -> None:
    assert secrets.masked(exchange(answer=b"\xff\xe9a")).response.endswith("\ufffd\ufffda")


@pytest.mark.parametrize(
    "written",
    [
        f"<a>{KEY}</a>".encode("utf-16"),
        f"<a>{KEY}</a>".encode("utf-16-be"),
        gzip.compress(f"<a>{KEY}</a>".encode(), mtime=0),
        b"\xff" + KEY.encode(),
    ],
)
def test_secrets_are_masked_in_bodies_of_any_encoding(secrets: Secrets, written: bytes) -> None:
    assert "<key of ann>" in secrets.masked(exchange(written)).request
    assert "$KEY" in secrets.curl(exchange(written), base="http://host")


# --- told -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (
            called(
                "CloseContact",
                Fault("Client", "Too soon", 1),
                campaign_id=101,
                contact_id=7,
                closure_text="x",
                custom_field_specified=False,
                session_key=KEY,
            ),
            "ann: CloseContact(campaign 101, contact 7, text 'x', custom field specified no) -> refused: 1 'Too soon'",
        ),
        (
            called("OutboundLogin", Returned(KEY), username="ann", password=PASSWORD),
            "ann: OutboundLogin('ann', password <password of ann>) -> <key of ann>",
        ),
        (called("OutboundLogoff", Returned(None), username="ann"), "ann: OutboundLogoff('ann') -> returned"),
        (
            called("GetCampaigns", Fault("Server", f"no {KEY}"), user=None, session_key="x", soap="1.2"),
            "nobody: GetCampaigns(key 'x') in SOAP 1.2 -> refused: Server 'no <key of ann>'",
        ),
        (
            called("GetCampaigns", Returned(tuple(Campaign(n, status=Status(1, "Running")) for n in range(1, 3)))),
            "ann: GetCampaigns() -> 2 campaigns: 1 Running, 2 Running",
        ),
        (
            called("Get200CampaignContacts", Returned((), "null-list"), campaign_id=101, last_contact_id=0),
            "ann: Get200CampaignContacts(campaign 101, after contact 0) -> nothing (null list)",
        ),
        (
            called("Get200CampaignContacts", Returned((Contact(7),)), campaign_id=Raw("abc")),
            "ann: Get200CampaignContacts(campaign Raw(text 'abc')) -> 1 contact: 7",
        ),
        (
            called(
                "AppendContactsToCampaign",
                Returned(1),
                contact=Contact(
                    first_name=" A\n", custom_fields=(CustomField("Account", ""),), phone_number=PhoneNumber(None, "30")
                ),
            ),
            "ann: AppendContactsToCampaign(Contact(custom_fields [CustomField(name 'Account', text '')], "
            "first_name ' A\\n', phone_number PhoneNumber(area_code '30'))) -> 1",
        ),
        (
            called("GetContactStatus", Returned(Status(3, "Closed")), contact_id=None),
            "ann: GetContactStatus(contact none) -> status 3 'Closed'",
        ),
        (
            called("GetContactStatus", Odd(503, f"HTTP 503: {KEY}")),
            "ann: GetContactStatus() -> no answer that can be read: HTTP 503: <key of ann>",
        ),
        (exchange(b"x", answer=b"y" * 1234), f"POST {URL} -> 200 OK, no Content-Type, 1,234 bytes"),
        (exchange(method="GET"), f"GET {URL} -> 200 OK, no body"),
    ],
)
def test_an_exchange_is_told_in_one_line(secrets: Secrets, one: Exchange, told: str) -> None:
    assert secrets.told(one) == told


def test_a_long_text_is_cut() -> None:
    told = Secrets().told(called("CloseContact", Returned(1), closure_text="x" * 1000))
    assert told == f"ann: CloseContact(text '{'x' * 80}'... (1,000 characters)) -> 1"


# --- curl -------------------------------------------------------------------------------------------------------------


def run(line: str, **variables: str) -> str:
    """What a line, pasted into a shell, prints."""
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "KEY": KEY, "PASSWORD": PASSWORD} | variables
    done = subprocess.run(["bash"], input=line.encode(), env=environment, capture_output=True, timeout=20, check=False)
    assert (done.returncode, done.stderr) == (0, b""), (line[:3000], done.stderr)
    return done.stdout.decode()


def sent(server: Canned) -> tuple[list[str], bytes]:
    """The head's lines and the body of the one request that came."""
    ((_, request),) = server.asked
    head, _, body = request.partition(b"\r\n\r\n")
    return head.decode().split("\r\n"), body


@CAN_CURL
def test_the_curl_lines_of_a_session_do_the_same_again() -> None:
    seed = {"administrators": [{"username": "ann", "password": PASSWORD}]}
    with FakeCcmm(seed=seed) as ccmm, Http() as http:
        base = f"{ccmm.url}/ccmmoutboundwebservices"
        caller = Caller(base, http)
        caller.call("OutboundLogin", username="ann", password=PASSWORD)
        first_key = caller.open_users()["ann"]
        caller.call("GetCampaigns", soap="1.2", session_key=first_key)
        caller.call("OutboundLogoff", username="ann")
        log_in, listing, log_off = (caller.secrets.curl(one, base=base) for one in caller.exchanges)
        assert not any(secret in line for line in (log_in, listing, log_off) for secret in (first_key, PASSWORD))
        printed = run(log_in)
        assert "200 OK" in printed
        key = printed.partition("<OutboundLoginResult>")[2].partition("<")[0]
        assert "<GetCampaignsResult" in run(listing, KEY=key)
        assert "OutboundLogoffResponse" in run(log_off)
        assert "Access Denied" in run(listing, KEY=key)


@CAN_CURL
@pytest.mark.parametrize(
    "body",
    [
        b'<a>it\'s "quoted" $HOME `id` \\n 100% !\r\n\ttwo lines\n</a>\n',
        "<a>é\u2028\U00020bb7</a>".encode(),
        f"<a><k>{KEY}</k><p>p&amp;ss &lt;w\"o'rd&gt;é</p></a>".encode(),
        b"@file",
        b"a=b&c=d",
        b"nul \0 '%\\ and \xff\xfe" + KEY.encode(),
        f"<a>{KEY}é</a>".encode("utf-16"),
        f"<a>{KEY}é</a>".encode("utf-16-be"),
        b"<a>" + b"x" * 300_000 + KEY.encode() + b"</a>",
    ],
)
def test_a_body_survives_the_shell(secrets: Secrets, body: bytes) -> None:
    with canned(http_answer(b"<ok/>")) as server:
        line = secrets.curl(exchange(body), base=f"{server.url}/ccmmoutboundwebservices")
        assert KEY not in line
        assert run(line).endswith("<ok/>")
    head, found = sent(server)
    assert found == body
    assert head[0] == "POST /ccmmoutboundwebservices/OutboundUtilityWS.asmx HTTP/1.1"
    assert not any(one.lower().startswith("content-type") for one in head)


@CAN_CURL
@settings(max_examples=15)
@given(st.binary(min_size=1, max_size=60))
def test_any_body_survives_the_shell(body: bytes) -> None:
    with canned(http_answer(b"<ok/>")) as server:
        run(known_secrets().curl(exchange(body), base=f"{server.url}/ccmmoutboundwebservices"))
    assert sent(server)[1] == body


@CAN_CURL
def test_a_compressed_body_says_the_same_when_it_arrives(secrets: Secrets) -> None:
    with canned(http_answer(b"<ok/>")) as server:
        written = gzip.compress(f"<a>{KEY}</a>".encode(), mtime=0)
        run(secrets.curl(exchange(written), base=f"{server.url}/ccmmoutboundwebservices"))
    assert gzip.decompress(sent(server)[1]) == f"<a>{KEY}</a>".encode()


@CAN_CURL
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS", "HEAD"])
def test_a_request_of_any_method_and_address_is_sent_as_it_was(secrets: Secrets, method: str) -> None:
    headers = (("SOAPAction", '"it\'s"'), ("X-Empty", ""), ("X-Key", KEY))
    with canned(http_answer()) as server:
        one = exchange(method=method, url=f"{server.url}/a/../[{{b}}].asmx?x='1'&y=2", headers=headers)
        run(secrets.curl(one, base="http://elsewhere"))
    head, body = sent(server)
    assert head[0] == f"{method} /a/../[{{b}}].asmx?x='1'&y=2 HTTP/1.1"
    assert {'SOAPAction: "it\'s"', "X-Empty:", f"X-Key: {KEY}"} <= {one.rstrip() for one in head}
    assert body == b""


def test_a_key_that_is_almost_right_is_sent_as_another_wrong_one(secrets: Secrets) -> None:
    line = secrets.curl(exchange(f"<a>{KEY[:-2]}</a>".encode()), base="http://host")
    assert line.endswith("--data-raw '<a>''no-key''</a>'")
    more = secrets.curl(exchange(f"<a>{KEY}x</a>".encode()), base="http://host")
    assert more.endswith("--data-raw '<a>'\"$KEY\"'x</a>'")


def test_a_call_is_one_line_with_the_headers_it_had(secrets: Secrets) -> None:
    request = request_for(URL, "GetCampaigns", {"session_key": KEY})
    line = secrets.curl(Exchange(1, request, HttpResponse(200)), base="https://host/ccmmoutboundwebservices/")
    assert line.startswith(
        "curl -sS -i 'https://host/ccmmoutboundwebservices/OutboundUtilityWS.asmx' -H 'Content-Type: "
    )
    assert "\n" not in line
