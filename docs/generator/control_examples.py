"""Examples of the control API: one for each route, run on a server of this process in the order of the table."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPConnection
from typing import Any

from fake_ccmm import FakeCcmm, __version__

_TIMEOUT_SECONDS = 10.0
_DOCUMENTED = "http://127.0.0.1:8000"
_BASE = "/control/v1"
_MOST_ITEMS = 2
_WIDTH = 116
_CENTER = "/centers/{center}"
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_CCMM = "http://nortel.com/CCMMOutboundWebservices/"

_SEED: dict[str, Any] = {
    "administrators": [{"username": "ann", "password": "secret"}],
    "skillsets": [{"skillset_id": 11, "name": "Sales"}],
    "disposition_codes": [{"disposition_code_id": 1, "name": "Sold", "numeric_value": 100}],
    "campaigns": [
        {
            "campaign_id": 7,
            "name": "Autumn",
            "skillset": 11,
            "disposition_codes": [1],
            "contacts": [
                {"first_name": "Zoë", "phone_number": {"area_code": "20", "phone_no": "7946 0018"}},
                {"first_name": "Bob"},
            ],
        }
    ],
}
_EMPTY = {"clock": {"start": "2026-03-02T08:00:00Z", "frozen": True}}
_START = datetime(2026, 3, 2, 8, 0)


@dataclass(frozen=True, slots=True)
class Example:
    """A request of a route: what stands in the braces of its path, its query, its body, and what happens before."""

    method: str
    route: str
    values: tuple[str, ...] = ()
    query: str = ""
    body: Any = None
    most_lines: int = 40
    before: Callable[[FakeCcmm], None] | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """An example as the page shows it: the curl line, and what it prints."""

    request: str
    answer: str


def _soap(url: str, operation: str, arguments: str) -> str:
    body = f'<s:Envelope xmlns:s="{_SOAP}"><s:Body><{operation} xmlns="{_CCMM}">{arguments}</{operation}></s:Body>'
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{_CCMM}{operation}"'}
    status, text = _exchange(url, "POST", f"{body}</s:Envelope>".encode(), headers)
    if status != 200:
        raise RuntimeError(f"{operation} was answered with {status}: {text}")
    return text


def _work(ccmm: FakeCcmm) -> None:
    """A client logs in and closes a contact."""
    answer = _soap(ccmm.utility_url, "OutboundLogin", "<username>ann</username><password>secret</password>")
    key = answer.partition("<OutboundLoginResult>")[2].partition("<")[0]
    arguments = f"<campaignId>7</campaignId><contactId>2</contactId><sessionKey>{key}</sessionKey>"
    closing = "<closureText>Sold</closureText>"
    _soap(ccmm.contact_url, "CloseContact", arguments + closing)


EXAMPLES = (
    Example("GET", "/"),
    Example("GET", "/health"),
    Example("GET", "/openapi.json", most_lines=5),
    Example("GET", "/metrics", most_lines=12),
    Example("GET", "/centers"),
    Example("PUT", _CENTER, ("alice",), body=_EMPTY),
    Example("GET", _CENTER, ("alice",)),
    Example("DELETE", _CENTER, ("alice",)),
    Example("GET", f"{_CENTER}/seed", ("default",), "?format=yaml"),
    Example("PUT", f"{_CENTER}/snapshots/{{name}}", ("default", "before")),
    Example("GET", f"{_CENTER}/snapshots", ("default",)),
    Example("GET", f"{_CENTER}/clock", ("default",)),
    Example("PUT", f"{_CENTER}/clock", ("default",), body={"now": "2026-03-02T09:00:00Z", "frozen": True}),
    Example("POST", f"{_CENTER}/clock/advance", ("default",), body={"seconds": 1.5}),
    Example("GET", f"{_CENTER}/profile", ("default",)),
    Example("PUT", f"{_CENTER}/profile", ("default",), body={"limit_answer": "delay", "find_cap": 50}),
    Example("PATCH", f"{_CENTER}/profile", ("default",), body={"too_soon": {"text": "Not so fast"}}),
    Example("GET", f"{_CENTER}/campaigns", ("default",)),
    Example("POST", f"{_CENTER}/campaigns", ("default",), body={"campaign_id": 8, "name": "Winback", "skillset": 11}),
    Example("GET", f"{_CENTER}/campaigns/{{campaign_id}}", ("default", "8")),
    Example("PATCH", f"{_CENTER}/campaigns/{{campaign_id}}", ("default", "8"), body={"status": "Paused"}),
    Example("DELETE", f"{_CENTER}/campaigns/{{campaign_id}}", ("default", "8")),
    Example("GET", f"{_CENTER}/campaigns/{{campaign_id}}/contacts", ("default", "7"), "?after=1&limit=1"),
    Example("POST", f"{_CENTER}/campaigns/{{campaign_id}}/contacts", ("default", "7"), body=[{"first_name": "Carol"}]),
    Example("GET", f"{_CENTER}/campaigns/{{campaign_id}}/contacts/{{contact_id}}", ("default", "7", "1")),
    Example(
        "PATCH",
        f"{_CENTER}/campaigns/{{campaign_id}}/contacts/{{contact_id}}",
        ("default", "7", "1"),
        body={"closure": {"text": "Called in", "disposition_code": 1}},
    ),
    Example("GET", f"{_CENTER}/sessions", ("default",), before=_work),
    Example("POST", f"{_CENTER}/sessions/{{username}}/expire", ("default", "ann")),
    Example("DELETE", f"{_CENTER}/sessions/{{username}}", ("default", "ann")),
    Example("PUT", f"{_CENTER}/administrators/{{username}}", ("default", "bob"), body={"password": "pw"}),
    Example("GET", f"{_CENTER}/administrators", ("default",)),
    Example("PUT", f"{_CENTER}/skillsets/{{skillset_id}}", ("default", "12"), body={"name": "Service"}),
    Example("GET", f"{_CENTER}/skillsets", ("default",)),
    Example(
        "PUT", f"{_CENTER}/disposition-codes/{{disposition_code_id}}", ("default", "2"), body={"name": "No answer"}
    ),
    Example("GET", f"{_CENTER}/disposition-codes", ("default",)),
    Example("GET", f"{_CENTER}/journal", ("default",), "?operation=CloseContact&argument.contact_id=2"),
    Example(
        "POST",
        f"{_CENTER}/journal/verify",
        ("default",),
        body={"operation": "CloseContact", "arguments": {"contact_id": 2}, "at_least": 1, "at_most": 1},
    ),
    Example(
        "POST",
        f"{_CENTER}/journal/sequence",
        ("default",),
        body={"steps": [{"operation": "OutboundLogin"}, {"operation": "CloseContact", "outcome": "ok"}]},
    ),
    Example("GET", f"{_CENTER}/journal/{{number}}", ("default", "1")),
    Example("GET", f"{_CENTER}/journal/{{number}}/request", ("default", "2")),
    Example("GET", f"{_CENTER}/journal/{{number}}/response", ("default", "2")),
    Example("DELETE", f"{_CENTER}/journal", ("default",)),
    Example(
        "POST",
        f"{_CENTER}/faults",
        ("default",),
        body={"name": "lost", "when": {"operation": "CloseContact"}, "nth": 3, "do": {"kind": "reset"}},
    ),
    Example("GET", f"{_CENTER}/faults", ("default",)),
    Example("GET", f"{_CENTER}/faults/{{name}}", ("default", "lost")),
    Example("DELETE", f"{_CENTER}/faults/{{name}}", ("default", "lost")),
    Example(
        "PUT",
        f"{_CENTER}/faults",
        ("default",),
        body={"seed": 42, "rules": [{"rate": 0.1, "do": {"kind": "http-error", "status": 500}}]},
    ),
    Example("DELETE", f"{_CENTER}/faults", ("default",)),
    Example(
        "POST",
        f"{_CENTER}/timeline",
        ("default",),
        body={"name": "survey ends", "after": 60, "do": {"kind": "expire-session", "username": "ann"}},
    ),
    Example("GET", f"{_CENTER}/timeline", ("default",)),
    Example("DELETE", f"{_CENTER}/timeline/{{name}}", ("default", "survey%20ends")),
    Example("DELETE", f"{_CENTER}/timeline", ("default",)),
    Example("POST", f"{_CENTER}/snapshots/{{name}}/restore", ("default", "before")),
    Example("DELETE", f"{_CENTER}/snapshots/{{name}}", ("default", "before")),
    Example("POST", f"{_CENTER}/reset", ("default",)),
    Example("PUT", f"{_CENTER}/seed", ("default",), body=_EMPTY),
)


def run_examples(routes: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Shown]:
    """The examples of these routes; a KeyError for a route without one, a RuntimeError where one is refused."""
    missing = set(routes) - {(one.method, one.route) for one in EXAMPLES}
    if missing:
        raise KeyError(f"docs/generator/control_examples.py has no example of {sorted(missing)}")
    with FakeCcmm(seed=_SEED, clock=None, log=None) as ccmm:
        ccmm.clock.freeze(_START)
        return {(one.method, one.route): _run(one, ccmm) for one in EXAMPLES}


def _run(example: Example, ccmm: FakeCcmm) -> Shown:
    if example.before is not None:
        example.before(ccmm)
    path = re.sub(r"\{\w+\}", "{}", example.route).format(*example.values).rstrip("/") + example.query
    body, headers = b"", {}
    if example.body is not None:
        body, headers = json.dumps(example.body).encode(), {"Content-Type": "application/json"}
    status, answer = _exchange(f"{ccmm.url}{_BASE}{path}", example.method, body, headers)
    if status >= 400:
        raise RuntimeError(f"{example.method} {path} was answered with {status}: {answer}")
    return Shown(_as_curl(example, path), _tidy(answer.replace(ccmm.url, _DOCUMENTED), example.most_lines))


def _as_curl(example: Example, path: str) -> str:
    quoted = f'"$api{path}"' if "?" in path else f"$api{path}"
    usual = "GET" if example.body is None else "POST"
    method = "" if example.method == usual else f" --request {example.method}"
    line = f"curl{method} {quoted}"
    if example.body is None:
        return line
    data = f"--json '{json.dumps(example.body, ensure_ascii=False)}'"
    return f"{line} {data}" if len(line) + len(data) < _WIDTH else f"{line} \\\n  {data}"


def _tidy(answer: str, most_lines: int) -> str:
    """The answer without what differs from run to run, cut to what a page can bear."""
    answer = answer.replace(f'"{__version__}"', '"..."')
    answer = re.sub(r'("real_time": )"[^"]+"', r'\1"2026-11-24T10:15:00.120000Z"', answer)
    answer = re.sub(r'("session": )"[0-9a-f]+"', r'\1"3387859de29c"', answer)
    answer = re.sub(r'("milliseconds": )[\d.]+', r"\g<1>0.5", answer)
    answer = re.sub(r'("client": "127.0.0.1):\d+', r"\1:50000", answer)
    answer = re.sub(r"^(Host: 127\.0\.0\.1):\d+", r"\1:8000", answer, flags=re.MULTILINE)
    try:
        lines = _shown(_shortened(json.loads(answer)))
    except ValueError:
        lines = answer.replace("\r\n", "\n").rstrip().split("\n")
    lines = [line if len(line) <= _WIDTH else f"{line[:_WIDTH]}..." for line in lines]
    return "\n".join(lines if len(lines) <= most_lines else [*lines[:most_lines], "..."])


def _shown(value: Any, indent: str = "") -> list[str]:
    """JSON, on one line where it fits, else a line for each part."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(indent + flat) <= _WIDTH or not isinstance(value, (dict, list)):
        return [indent + flat]
    inside = f"{indent}  "
    if isinstance(value, list):
        opens, closes, parts = "[", "]", [_shown(one, inside) for one in value]
    else:
        opens, closes, parts = "{", "}", []
        for name, one in value.items():
            first, *rest = _shown(one, inside)
            parts.append([f"{inside}{json.dumps(name)}: {first.lstrip()}", *rest])
    lines = [line for *before, last in parts for line in (*before, f"{last},")]
    return [f"{indent}{opens}", *lines[:-1], lines[-1].removesuffix(","), f"{indent}{closes}"]


def _shortened(value: Any) -> Any:
    """JSON whose lists have a few items, and "..." for the rest."""
    if isinstance(value, dict):
        return {name: _shortened(one) for name, one in value.items()}
    if isinstance(value, list):
        return [*map(_shortened, value[:_MOST_ITEMS]), *(["..."] if len(value) > _MOST_ITEMS else [])]
    return value


def _exchange(url: str, method: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    """Status and text of an answer."""
    host, _, path = url.removeprefix("http://").partition("/")
    connection = HTTPConnection(host, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request(method, f"/{path}", body or None, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()
