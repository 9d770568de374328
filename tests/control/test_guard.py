"""Who may steer: no page of another site, no name that anybody may lead here, and with a token only who knows it."""

from __future__ import annotations

import pytest

from .steering import BASE, DEFAULT, Steering

TOKEN = "tülip"
BEARER = {"Authorization": f"Bearer {TOKEN}".encode().decode("latin-1")}


def status(steering: Steering, path: str = DEFAULT, method: str = "GET", **headers: str) -> int:
    spelled = {name.replace("_", "-"): value for name, value in headers.items()}
    return steering.send(method, path, headers=spelled).status_code


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "https://localhost"}, 403),
        ({"Origin": "http://localhost:81"}, 403),
        ({"Origin": "http://localhost"}, 200),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Sec_Fetch_Site": "same-origin"}, 200),
        ({"Sec_Fetch_Site": "none"}, 200),
    ],
)
def test_a_page_of_another_site_is_refused(headers: dict[str, str], expected: int) -> None:
    assert status(Steering(), **headers) == expected
    assert status(Steering(), f"{BASE}/health", **headers) == expected
    assert status(Steering(), "/metrics", **headers) == expected
    assert status(Steering(token=TOKEN), **headers, **BEARER) == expected


def test_a_page_of_another_site_can_change_nothing() -> None:
    steering = Steering()
    for method in ("POST", "OPTIONS"):
        assert status(steering, f"{DEFAULT}/reset", method, Origin="http://evil.example") == 403
        assert status(steering, f"{BASE}/none", method, Origin="http://evil.example") == 403


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", 200),
        ("LocalHost:8080", 200),
        ("127.0.0.1", 200),
        ("192.168.1.7:8080", 200),
        ("[::1]", 200),
        ("[fe80::1]:8080", 200),
        ("evil.example", 403),
        ("localhost.evil.example", 403),
        ("127.0.0.1.evil.example", 403),
        ("ccmm:8080", 403),
        ("localhost:8080:9", 403),
        ("[evil]", 403),
        ("", 403),
    ],
)
def test_a_name_that_anybody_may_lead_here_is_refused(host: str, expected: int) -> None:
    assert status(Steering(), Host=host) == expected
    assert status(Steering(), "/metrics", Host=host) == expected


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8080", "ccmm:8080", "evil.example"])
@pytest.mark.parametrize("token", [None, TOKEN])
def test_whether_a_log_in_works_is_told_to_probes_by_any_name(host: str, token: str | None) -> None:
    assert status(Steering(token=token), f"{BASE}/health", Host=host) == 200


def test_with_the_right_token_any_name_will_do() -> None:
    assert status(Steering(token=TOKEN), Host="ccmm.test:8080", **BEARER) == 200
    assert status(Steering(token=TOKEN), f"{BASE}/health", Host="ccmm.test:8080", **BEARER) == 200


@pytest.mark.parametrize(
    "authorization", [None, "Bearer", "Bearer tulip", "Basic tülip", TOKEN, "Bearer tülip x", "Bearer \xff"]
)
def test_without_the_token_nobody_gets_in(authorization: str | None) -> None:
    headers = {} if authorization is None else {"Authorization": authorization.encode().decode("latin-1")}
    for path in (DEFAULT, BASE, "/metrics", f"{BASE}/openapi.json", f"{BASE}/none", "/control"):
        answer = Steering(token=TOKEN).send("GET", path, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert status(Steering(token=TOKEN), f"{DEFAULT}/reset", "POST", **headers) == 401


def test_with_the_token_all_is_open() -> None:
    for path in (DEFAULT, BASE, "/metrics", f"{BASE}/openapi.json"):
        assert status(Steering(token=TOKEN), path, **BEARER) == 200
    assert (
        status(Steering(token=TOKEN), DEFAULT, Authorization=BEARER["Authorization"].replace("Bearer", "bearer")) == 200
    )


def test_health_needs_no_token() -> None:
    assert status(Steering(token=TOKEN), f"{BASE}/health") == 200


def test_no_token_is_asked_for_where_none_is_set() -> None:
    assert status(Steering(), Authorization="Bearer whatever") == 200
