"""Whatever is wrong with a request, the answer is problem details that say so, and nothing has changed."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest

from .steering import BASE, DEFAULT, Steering

ADVANCE = f"{DEFAULT}/clock/advance"


def refused(steering: Steering, data: bytes, content_type: str | None = "application/json") -> Any:
    answer = steering.send("POST", ADVANCE, data=data, content_type=content_type)
    problem = json.loads(answer.get_data())
    assert problem["status"] == answer.status_code
    assert answer.content_type == "application/problem+json"
    return problem


def test_a_problem_has_all_that_the_rfc_asks_for(steering: Steering) -> None:
    assert steering.get(f"{BASE}/centers/none", 404) == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "no center is named 'none'; create it first",
        "errors": [],
    }


def test_json_that_cannot_be_read_is_told_with_line_and_column(steering: Steering) -> None:
    problem = refused(steering, b'{"seconds":\n  x}')
    assert problem["status"] == 400
    assert problem["errors"][0]["place"] == "line 2, column 3"
    assert problem["detail"].startswith("line 2, column 3: this is no JSON: ")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b'{"seconds": NaN}',
        b'{"seconds": Infinity}',
        b'{"seconds": 1e999}',
        b'{"seconds": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"\xff",
        b"\xef\xbb\xbf{",
    ],
)
def test_what_is_no_json_is_a_bad_request(steering: Steering, data: bytes) -> None:
    assert refused(steering, data)["status"] == 400


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b'{"seconds": 1, "seconds": 2}', "seconds"),
        (b'{"seconds": {"a": [{"b": 1, "b": 2}]}}', "seconds.a[0].b"),
        (b'{"seconds": 18446744073709551616}', "seconds"),
        (b'{"seconds": true}', "seconds"),
        (b'{"seconds": "\\ud800"}', "seconds"),
        (b'{"seconds": ' + b"[" * 100 + b"]" * 100 + b"}", "seconds" + "[0]" * 61),
        (b'{"\\u0000": 1, "seconds": 1}', '["\\u0000"]'),
        (b"null", ""),
    ],
)
def test_what_is_json_but_wrong_is_told_by_its_place(steering: Steering, data: bytes, place: str) -> None:
    problem = refused(steering, data)
    assert problem["status"] == 422
    assert problem["errors"][0]["place"] == place


@pytest.mark.parametrize(
    "content_type", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/yaml"]
)
def test_a_body_of_another_type_is_refused(steering: Steering, content_type: str | None) -> None:
    assert refused(steering, b'{"seconds": 1}', content_type)["status"] == 415


def test_the_charset_of_a_content_type_does_not_matter(steering: Steering) -> None:
    answer = steering.send("POST", ADVANCE, data=b'{"seconds": 1}', content_type="application/json; charset=UTF-8")
    assert answer.status_code == 200


def test_a_body_that_is_too_large_is_refused(steering: Steering) -> None:
    assert refused(steering, b" " * (1024 * 1024 + 1))["status"] == 413
    assert steering.send("POST", f"{DEFAULT}/reset", data=b" " * 2000).status_code == 413


def test_a_seed_may_be_larger(steering: Steering) -> None:
    data = b'{"campaigns": []}' + b" " * 2_000_000
    answer = steering.send("PUT", f"{BASE}/centers/large", data=data, content_type="application/json")
    assert answer.status_code == 201


def test_a_body_where_none_belongs_is_refused(steering: Steering) -> None:
    for data in (b"a=1", b'{"name": "x"}'):
        assert steering.send("POST", f"{DEFAULT}/reset", data=data).status_code == 415
    assert steering.send("POST", f"{DEFAULT}/reset", json={}).status_code == 204


@pytest.mark.parametrize("path", ["/control", "/control/", "/control/v2", f"{BASE}/none", f"{DEFAULT}//clock"])
def test_a_path_that_is_not_there_is_not_found(steering: Steering, path: str) -> None:
    assert "/control/v1/openapi.json" in steering.get(path, 404)["detail"]


def test_a_slash_at_the_end_changes_nothing(steering: Steering) -> None:
    assert steering.get(f"{BASE}/")["links"]["self"] == BASE
    assert steering.get(f"{DEFAULT}/clock/") == steering.get(f"{DEFAULT}/clock")


def test_another_verb_is_told_those_that_there_are(steering: Steering) -> None:
    answer = steering.send("POST", f"{DEFAULT}/seed")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS, PUT")
    assert answer.content_type == "application/problem+json"


def test_options_tells_the_verbs_and_allows_no_other_site_anything(steering: Steering) -> None:
    answer = steering.send("OPTIONS", f"{DEFAULT}/seed", headers={"Access-Control-Request-Method": "PUT"})
    assert (answer.status_code, answer.headers["Allow"]) == (204, "GET, HEAD, OPTIONS, PUT")
    assert not [name for name, _ in answer.headers if name.lower().startswith("access-control")]
    assert steering.send("OPTIONS", f"{BASE}/none").status_code == 404


def test_head_is_get_without_the_body(steering: Steering) -> None:
    whole, head = steering.send("GET", DEFAULT), steering.send("HEAD", DEFAULT)
    assert (head.status_code, head.get_data()) == (200, b"")
    assert head.headers["Content-Length"] == whole.headers["Content-Length"]


def test_what_nobody_foresaw_goes_to_the_log_and_not_to_the_client(caplog: pytest.LogCaptureFixture) -> None:
    def check_soap() -> None:
        raise KeyError("secret")

    answer = Steering(check_soap=check_soap)._client.get(f"{BASE}/health")
    assert answer.status_code == 500
    assert "secret" not in answer.get_data(as_text=True)
    assert "Traceback" not in answer.get_data(as_text=True)
    (record,) = [one for one in caplog.records if one.name == "fake_ccmm"]
    assert record.levelno == logging.ERROR
    assert record.exc_info is not None


def test_no_answer_is_kept_by_anybody(steering: Steering) -> None:
    for path in (DEFAULT, f"{BASE}/none"):
        assert steering.send("GET", path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["%ff", "%00", "..%2f", "a" * 100_000, "%F0%9F%98%80"])
def test_a_name_of_any_bytes_is_just_not_there(steering: Steering, name: str) -> None:
    assert steering.send("GET", f"{BASE}/centers/{name}").status_code == 404
    assert steering.send("GET", f"{DEFAULT}/faults/{name}").status_code == 404
