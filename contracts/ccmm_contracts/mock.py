"""The control API of a mock: what the kit can do with a center besides calling it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

from .domain import Contact
from .errors import SetUpBroken, Unreachable
from .exchange import Headers, HttpRequest, HttpResponse
from .plain import plain

if TYPE_CHECKING:
    from .wire.http import Http

CONTROL_PATH = "/control/v1"
"""Where the control API is on a mock."""

DEFAULT_CENTER = "default"
"""The name of the center at a mock's root."""

_SERVICES_PATH = "/ccmmoutboundwebservices"
_BASE = re.compile(rf"(?P<site>.*?)(?:/centers/(?P<center>[^/]+))?{_SERVICES_PATH}/?", re.IGNORECASE)
_REALM = 'realm="fake-ccmm"'
_PROBLEM = "application/problem+json"
_JSON = (("Content-Type", "application/json"),)
_CONDITIONS = {
    *("operation", "user", "outcome", "refusal", "rule", "injected", "status"),
    *("session", "after", "since", "until", "limit", "secrets"),
}
_ALL = 1_000_000_000
_MOST_CONTACTS = 1000


class MockRefused(SetUpBroken):
    """A mock did not do what the kit asked of it; ``status`` is that of HTTP, the message has the mock's own words."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class ClockReading:
    """A center's clock: the time with UTC as its zone, and how many seconds a running one is ahead of the machine's."""

    now: datetime
    frozen: bool
    offset_seconds: float


@dataclass(frozen=True, slots=True)
class JournalPage:
    """Exchanges as the journal has them, oldest first; ``total`` ever came, ``dropped`` of them are no longer kept."""

    total: int
    dropped: int
    exchanges: tuple[dict[str, Any], ...]


def find_mock(base: str, http: Http, *, token: str | None = None, control_url: str | None = None) -> Mock | None:
    """The mock whose services are at ``base``; None where nothing there answers as the control API of a mock.

    ``base`` ends with the services' path, with ``/centers/NAME`` before it for a center of that name. ``control_url``
    is where the control API is, if it has a port of its own. Raises SetUpBroken where it is there and wants a token,
    where the center is not there, and where ``control_url`` was given and is none.
    """
    match = _BASE.fullmatch(base)
    if match is None:
        raise SetUpBroken(f"{base!r} is no address of the services: it has to end with {_SERVICES_PATH}")
    root = _control_root(control_url) if control_url is not None else match["site"] + CONTROL_PATH
    names = _centers(_Control(http, root, token), token, must_answer=control_url is not None)
    if names is None:
        return None
    name = match["center"] or DEFAULT_CENTER
    if name not in names:
        known = ", ".join(map(str, names))
        raise SetUpBroken(f"the mock has no center {name!r}: make one with its control API first; there are: {known}")
    return Mock(_Control(http, root, token), match["site"], name, base.rstrip("/"))


class Mock:
    """One center of a mock. Its methods raise MockRefused where the mock does not do it, Unreachable where it is gone.

    ``base`` is the address of the center's services, without a slash at the end; ``name`` is the center's.
    """

    def __init__(self, control: _Control, site: str, name: str, base: str) -> None:
        self.name = name
        self.base = base
        self._control = control
        self._site = site
        self._path = f"/centers/{quote(name, safe='')}"

    @property
    def control_url(self) -> str:
        """The address of the center in the control API."""
        return self._control.root + self._path

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        return self._control.ask(method, self._path + path, body)

    # --- the center as a whole ----------------------------------------------------------------------------------------

    def become(self, seed: Mapping[str, Any]) -> None:
        """Hold what a seed says; nobody is logged in then, and the journal starts anew."""
        self._ask("PUT", "/seed", seed)

    def seed(self) -> dict[str, Any]:
        """A seed that gives the present state again, but for sessions and journal."""
        found: dict[str, Any] = self._ask("GET", "/seed")
        return found

    def reset(self) -> None:
        """Go back to what the center was started or last seeded with, and forget the journal."""
        self._ask("POST", "/reset")

    def snapshot(self, name: str) -> None:
        """Keep the present state, sessions and clock included, under a name."""
        self._ask("PUT", f"/snapshots/{quote(name, safe='')}")

    def restore(self, name: str) -> None:
        """Go back to a snapshot; the journal goes on."""
        self._ask("POST", f"/snapshots/{quote(name, safe='')}/restore")

    def forget_snapshot(self, name: str) -> None:
        """Drop a snapshot."""
        self._ask("DELETE", f"/snapshots/{quote(name, safe='')}")

    def create_center(self, name: str, seed: Mapping[str, Any] | None = None) -> Mock:
        """Another center of the same mock, as the default one was started or of a seed."""
        self._control.ask("PUT", f"/centers/{quote(name, safe='')}", seed)
        return Mock(self._control, self._site, name, f"{self._site}/centers/{quote(name, safe='')}{_SERVICES_PATH}")

    def delete(self) -> None:
        """Forget this center; the default one stays as long as the mock runs, and refuses."""
        self._ask("DELETE", "")

    # --- the clock ----------------------------------------------------------------------------------------------------

    def clock(self) -> ClockReading:
        """What time it is in the center."""
        return _reading(self._ask("GET", "/clock"))

    def set_clock(self, now: datetime | str) -> ClockReading:
        """Set the clock; a running one goes on from there. Without a zone it is UTC."""
        return _reading(self._ask("PUT", "/clock", {"now": _moment(now)}))

    def freeze(self, at: datetime | str | None = None) -> ClockReading:
        """Let the clock stand still, at a time or where it is."""
        moved = {} if at is None else {"now": _moment(at)}
        return _reading(self._ask("PUT", "/clock", {"frozen": True, **moved}))

    def let_run(self) -> ClockReading:
        """Let the clock run on from where it stands."""
        return _reading(self._ask("PUT", "/clock", {"frozen": False}))

    def show_real_time(self) -> ClockReading:
        """Have the clock show the machine's time again."""
        return _reading(self._ask("PUT", "/clock", {"real": True}))

    def advance(self, seconds: float) -> ClockReading:
        """Move the clock forward."""
        return _reading(self._ask("POST", "/clock/advance", {"seconds": seconds}))

    # --- what it does where no paper says what is right ---------------------------------------------------------------

    def profile(self) -> dict[str, Any]:
        """Each choice by name, and ``{number, code, text}`` by refusal for the wordings that are not the default ones.

        A part that is the default is left out of a wording. Where a choice and a refusal have the same name, it is the
        choice's, and the wording goes by dotted names: ``unknown_campaign.text``. It is what :meth:`set_profile` and a
        seed take.
        """
        found: dict[str, Any] = self._ask("GET", "/profile")
        return found

    def set_profile(self, settings: Mapping[str, Any]) -> None:
        """Make these choices, and the default ones for the rest."""
        self._ask("PUT", "/profile", settings)

    def change_profile(self, settings: Mapping[str, Any]) -> None:
        """Make these choices, and leave the rest."""
        self._ask("PATCH", "/profile", settings)

    # --- campaigns and contacts ---------------------------------------------------------------------------------------

    def campaigns(self) -> list[dict[str, Any]]:
        """Every campaign with its counts, in every status, by id."""
        found: list[dict[str, Any]] = self._ask("GET", "/campaigns")
        return found

    def set_campaign_status(self, campaign_id: int, status: str) -> None:
        """What a supervisor does; ``status`` is one of the domain's words."""
        self._ask("PATCH", f"/campaigns/{campaign_id}", {"status": status})

    def contacts(self, campaign_id: int) -> list[dict[str, Any]]:
        """Every contact of a campaign by id: the fields of a contact, and ``status``, ``priority`` and ``closure``."""
        found: list[dict[str, Any]] = []
        path = f"/campaigns/{campaign_id}/contacts?limit={_MOST_CONTACTS}&after="
        while page := self._ask("GET", f"{path}{found[-1]['contact_id'] if found else 0}"):
            found += page
            if len(page) < _MOST_CONTACTS:
                break
        return found

    def add_contacts(self, campaign_id: int, contacts: Iterable[Contact]) -> list[int]:
        """Add contacts without a call; returns the ids they got, in their order. An id of 0 is the next one."""
        documents = [
            {name: one for name, one in plain(each).items() if name != "contact_id" or one} for each in contacts
        ]
        ids: list[int] = self._ask("POST", f"/campaigns/{campaign_id}/contacts", documents)["contact_ids"]
        return ids

    def set_contact_status(self, campaign_id: int, contact_id: int, status: str) -> None:
        """What a dialler or an agent does; ``status`` is one of the domain's words."""
        self._ask("PATCH", f"/campaigns/{campaign_id}/contacts/{contact_id}", {"status": status})

    # --- sessions -----------------------------------------------------------------------------------------------------

    def sessions(self) -> list[dict[str, Any]]:
        """Who is logged in: ``username``, ``expired``, ``idle_seconds``."""
        found: list[dict[str, Any]] = self._ask("GET", "/sessions")
        return found

    def expire(self, username: str) -> None:
        """Let a user's session expire, as if it had been idle for too long."""
        self._ask("POST", f"/sessions/{quote(username, safe='')}/expire")

    def end_session(self, username: str) -> None:
        """Log a user off without a call."""
        self._ask("DELETE", f"/sessions/{quote(username, safe='')}")

    # --- the journal, and what shall go wrong -------------------------------------------------------------------------

    def journal(self, *, arguments: Mapping[str, Any] | None = None, **conditions: Any) -> list[dict[str, Any]]:
        """The exchanges that match, oldest first, as JSON has them. Conditions are those of the journal: ``operation``,
        ``user``, ``outcome``, ``after``, ``limit`` and so on; without a limit it is all that is kept.
        """
        return list(self.journal_page(arguments=arguments, **conditions).exchanges)

    def journal_page(self, *, arguments: Mapping[str, Any] | None = None, **conditions: Any) -> JournalPage:
        """As :meth:`journal`, with how many exchanges there ever were and how many are no longer kept."""
        if unknown := conditions.keys() - _CONDITIONS:
            raise ValueError(f"the journal has no condition {', '.join(sorted(unknown))}; give arguments as arguments=")
        query = {"limit": _ALL} | {name: _query_value(one) for name, one in conditions.items() if one is not None}
        query |= {f"argument.{name}": json.dumps(one) for name, one in (arguments or {}).items()}
        found = self._ask("GET", f"/journal?{urlencode(query)}")
        return JournalPage(found["total"], found["dropped"], tuple(found["exchanges"]))

    def request_bytes(self, number: int) -> bytes:
        """The request of an exchange as it came in, passwords and keys masked."""
        return self._control.read(f"{self._path}/journal/{number}/request")

    def response_bytes(self, number: int) -> bytes:
        """The answer of an exchange as it went out, keys masked."""
        return self._control.read(f"{self._path}/journal/{number}/response")

    def forget_journal(self) -> None:
        """Start the journal anew; numbers go on."""
        self._ask("DELETE", "/journal")

    def put_faults(self, rules: Iterable[Mapping[str, Any]], *, seed: int | None = None) -> None:
        """Have these fault rules and no others; ``seed`` is what their chance starts from."""
        self._ask("PUT", "/faults", {"rules": list(rules), **({} if seed is None else {"seed": seed})})

    def faults(self) -> list[dict[str, Any]]:
        """The fault rules in force, with how often each has ``matched`` and ``struck``."""
        found: list[dict[str, Any]] = self._ask("GET", "/faults")["rules"]
        return found


class _Control:
    """Requests to one control API."""

    def __init__(self, http: Http, root: str, token: str | None) -> None:
        self.root = root
        self._http = http
        self._headers: Headers = () if token is None else (("Authorization", f"Bearer {token}"),)

    def send(self, method: str, path: str, body: Any = None) -> HttpResponse:
        """The answer, whatever it is."""
        data, headers = b"", self._headers
        if body is not None:
            data, headers = json.dumps(body).encode(), headers + _JSON
        return self._http.send(HttpRequest(method, self.root + path, headers, data))

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """What the JSON of the answer says, None where there is none."""
        answer = self._done(method, path, self.send(method, path, body))
        if not answer.body:
            return None
        try:
            return json.loads(answer.body)
        except ValueError:
            raise SetUpBroken(f"{self._told(method, path)} was answered with what is no JSON") from None

    def read(self, path: str) -> bytes:
        """The bytes of an answer."""
        return self._done("GET", path, self.send("GET", path)).body

    def _done(self, method: str, path: str, answer: HttpResponse) -> HttpResponse:
        if 200 <= answer.status < 300:
            return answer
        why = _problem(answer).get("detail") or f"{answer.status} {answer.reason}".strip()
        raise MockRefused(f"the mock refused {self._told(method, path)}: {why}", answer.status)

    def _told(self, method: str, path: str) -> str:
        return f"{method} {self.root}{path.partition('?')[0]}"


def _centers(control: _Control, token: str | None, *, must_answer: bool) -> list[Any] | None:
    """The names of a mock's centers; None where this is no mock, a SetUpBroken where it must be one."""
    try:
        answer = control.send("GET", "")
    except Unreachable:
        if must_answer:
            raise
        return None
    if answer.status == 401 and _REALM in answer.header("WWW-Authenticate"):
        why = (
            "wants its token; give it as --control-token or in FAKE_CCMM_TOKEN"
            if token is None
            else "does not know the token it was given"
        )
        raise SetUpBroken(f"the control API of the mock at {control.root} {why}")
    problem = _problem(answer)
    if answer.status == 403 and "control API" in str(problem.get("detail")):
        raise SetUpBroken(f"the mock at {control.root} refused: {problem['detail']}")
    names = _index(answer).get("centers")
    if isinstance(names, list):
        return names
    if must_answer:
        raise SetUpBroken(
            f"nothing at {control.root} answers as the control API of a mock ({answer.status} {answer.reason}); "
            "give the address that 'fake-ccmm serve' prints as control"
        )
    return None


def _index(answer: HttpResponse) -> dict[str, Any]:
    """The control API's own page, empty where the answer is another."""
    if answer.status != 200:
        return {}
    try:
        found = json.loads(answer.body)
    except ValueError:
        return {}
    is_index = isinstance(found, dict) and isinstance(found.get("links"), dict)
    return found if is_index and found["links"].get("self") == CONTROL_PATH else {}


def _problem(answer: HttpResponse) -> dict[str, Any]:
    """The problem details of an answer, empty where it has none."""
    if not answer.header("Content-Type").lower().startswith(_PROBLEM):
        return {}
    try:
        found = json.loads(answer.body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _control_root(given: str) -> str:
    """The address of a control API, with or without its path."""
    try:
        parts = urlsplit(given)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_address = False
    if not is_address:
        raise SetUpBroken(
            f"{given!r} is no address of a control API; give one such as http://127.0.0.1:9000/control/v1"
        )
    return given.rstrip("/").removesuffix(CONTROL_PATH) + CONTROL_PATH


def _reading(found: Mapping[str, Any]) -> ClockReading:
    return ClockReading(
        datetime.fromisoformat(found["now"].replace("Z", "+00:00")), found["frozen"], found["offset_seconds"]
    )


def _moment(value: datetime | str) -> str:
    if isinstance(value, str):
        return value
    return (value if value.tzinfo else value.replace(tzinfo=timezone.utc)).isoformat()


def _query_value(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _moment(value) if isinstance(value, datetime) else value
