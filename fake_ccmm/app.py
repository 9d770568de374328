"""The WSGI application: SOAP calls to the services, everything else to the site around them or to the control API."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from .asmx import answers, paths, site
from .asmx.answers import Answer, Headers
from .asmx.paths import CENTERS, Place, Target
from .bounds import Bounds
from .center import ContactCenter
from .clock import SECOND, stopwatch
from .errors import FakeCcmmError, NotCarriedOut, Postponed
from .interference import Interference
from .notices import Notices
from .recording import call_note, page_note
from .request_log import Log, LogEntry, log_to_logging
from .soap.contact_xml import XML_CONTACTS
from .soap.domain import domain_arguments
from .soap.endpoint import endpoints
from .soap.envelope import SoapRequest
from .soap.faults import SoapFault
from .soap.names import REVISIONS
from .soap.reading import Members
from .wire_faults import SUPPORTED
from .world import DEFAULT, World, Worlds

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication

Environ = dict[str, Any]
ON_EVENT_LOOP = "fake_ccmm.on_event_loop"
"""The key under which a transport says (True) that it calls from its event loop, where nothing may take long."""

NO_HOLDING = "fake_ccmm.no_holding"
"""The key under which a transport leaves what is to be called for a call that is refused since it might be held back.

It is there only while no more calls can be held back.
"""

_INTERFERENCE = "fake_ccmm.interference"
_STARTED = "fake_ccmm.started"
_CAMPAIGN_ARGUMENTS = ("CampaignID", "campaignId", "campaignID")
_KEY_ARGUMENTS = ("sessionKey", "sessionkey")
_KNOWN_PATHS = 1024
_AT_ONCE = 128  # calls: to take them in together costs less than half
_LARGE_BODY = 16 * 1024
_ATTRIBUTE = re.compile(rb"=[\s\0]*[\"']")
_HOST = re.compile(r"[^\s,<>\"'/\\@?#]*\Z")


class NeedsThread(FakeCcmmError):
    """The request may take long: it is to be made again in a thread of its own."""


@dataclass(frozen=True, slots=True)
class Control:
    """The control API, and the one ``port`` on which it answers; None is every port."""

    api: WSGIApplication
    port: int | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    """What a path means, and the name of the center it is for, whether or not it is there."""

    target: Target
    center_name: str
    prefix: str
    is_too_long: bool = False


class _SiteResponse(Response):
    """Just the headers it is given; the length is the transport's to say."""

    default_mimetype = None
    automatically_set_content_length = False


class FakeCcmmApp:
    """The application of one center at the root and of those under ``/centers/<name>``.

    ``revision`` is the WSDL it serves; it answers requests of both. ``control`` is the control API, None for none.
    ``bounds`` is what requests may have, ``notices`` where it is told that one had more.
    Raises Postponed from a call whose turn has not come: the transport calls it again. Raises NeedsThread from what may
    take long, where the transport says that it calls from its event loop.
    """

    def __init__(
        self,
        center: ContactCenter | Worlds,
        *,
        revision: str = REVISIONS[0],
        log: Log | None = log_to_logging,
        control: Control | None = None,
        bounds: Bounds | None = None,
        notices: Notices | None = None,
    ) -> None:
        if isinstance(center, ContactCenter):
            center.keep_contacts_as(XML_CONTACTS)
            center = Worlds(World(center))
        self.worlds = center
        self.revision = revision
        self.control = control
        self.bounds = bounds or Bounds()
        self.notices = notices or Notices()
        self._most_query = self.bounds.query_bytes
        self._endpoints = endpoints(revision)
        self._services = list(self._endpoints)
        self._asked = {service: (revision, service) for service in self._services}
        self._log = log
        self._found: dict[str, _Found] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        started = stopwatch()
        path = environ["PATH_INFO"]
        if self.is_control(environ, path):
            return self._steer(environ, start_response)
        found = self._found.get(path)
        if found is None:
            found = self._find(path)
        world, target = self.worlds.find(found.center_name), found.target
        method = environ["REQUEST_METHOD"]
        is_call = method == "POST" and target.place is Place.SERVICE and not target.path_info
        refusal = _refused_by_http_sys(environ)
        if found.is_too_long or NO_HOLDING in environ or len(environ["QUERY_STRING"]) > self._most_query:
            refusal = refusal or self._refused(environ, found)
        if is_call and refusal is None and world is not None:
            return self._call(environ, start_response, world, target, started)
        answer = refusal or self._other(Request(environ), found, is_there=world is not None)
        self._note_page(environ, world or self.worlds.default, answer, started)
        return _SiteResponse(answer.body, answer.status, answer.headers)(environ, start_response)

    def _refused(self, environ: Environ, found: _Found) -> Answer | None:
        """What goes beyond a bound of the requests themselves, or cannot be held back."""
        query = environ["QUERY_STRING"]
        if len(query) > self._most_query:
            self._tell("query_bytes", f"a query of {len(query):,} bytes was refused")
            return answers.iis_not_found()
        if found.is_too_long:
            self._tell("url_bytes", f"a path of {len(environ['PATH_INFO']):,} bytes was refused")
            return answers.iis_not_found()
        world = self.worlds.find(found.center_name) if NO_HOLDING in environ else None
        if world is not None and _might_be_held(world, environ):
            environ[NO_HOLDING]()
            return answers.error_page(503)
        return None

    def _body(self, environ: Environ) -> bytes | None:
        """The body of a call; None where it is too long, or would take too long to read."""
        length = int(environ["CONTENT_LENGTH"])
        if length > self.bounds.body_bytes:
            self._tell("body_bytes", f"a body of {length:,} bytes was refused")
            return None
        body: bytes = environ["wsgi.input"].read(length)
        if length > _LARGE_BODY:
            markup = body.count(b"<") + sum(1 for _ in _ATTRIBUTE.finditer(body))
            if markup > self.bounds.markup:
                self._tell("markup", f"a body with {markup:,} tags and attributes was refused")
                return None
        return body

    def _tell(self, bound: str, told: str) -> None:
        self.notices.tell(bound, f"{told}; {self.bounds.how_to_have_more(bound)}")

    def _call(
        self, environ: Environ, start_response: StartResponse, world: World, target: Target, started: float
    ) -> Iterable[bytes]:
        """A SOAP call."""
        body = self._body(environ)
        too_long = body is None
        request = SoapRequest(
            world.center,
            body or b"",
            environ.get("CONTENT_TYPE", ""),
            environ.get("HTTP_SOAPACTION"),
            _address(environ, target),
            too_long,
        )
        interference: Interference | None = environ.get(_INTERFERENCE)  # a call that is made again keeps what it has
        if interference is not None or world.faults.active:
            interference = environ[_INTERFERENCE] = interference or Interference(
                world, has_wire=bool(environ.get(SUPPORTED))
            )
            request.before_call = interference.before_call
        try:
            answered = self._endpoints[target.service].answer(request)
            status, headers = answers.soap_head(answered.status, answered.content_type)
            body = answered.body
        except NotCarriedOut:
            answer = answers.error_page(500)
            status, headers, body = answer.status, answer.headers, answer.body
        except Postponed:
            environ.setdefault(_STARTED, started)
            raise
        fault, injected = request.fault, None
        if interference is not None:
            answer = interference.after_call(request, environ, Answer(status, headers, body))
            status, headers, body = answer.status, answer.headers, answer.body
            injected = interference.rule_names
        self._remember(world, target, request, environ, (status, headers, body), fault, injected, started)
        start_response(status, headers)
        return [body]

    def _remember(
        self,
        world: World,
        target: Target,
        request: SoapRequest,
        environ: Environ,
        answer: tuple[str, Headers, bytes],
        fault: SoapFault | None,
        injected: str | None,
        started: float,
    ) -> None:
        """Journal, meter, timeline and log; ``fault`` is what the center or the protocol answered with."""
        ended, now = stopwatch(), world.center.clock.microseconds()
        seconds = ended - environ.get(_STARTED, started)
        journal = world.journal
        asked = self._asked[target.service]
        journal.put(call_note(request, environ, asked, answer, fault, injected, seconds, now, ended))
        if len(journal.inbox) >= _AT_ONCE:
            journal.take_in()
        if world.timeline.counts_calls:
            arguments = domain_arguments(request.arguments)
            world.timeline.called(request.operation, _user(world, request.arguments), arguments)
        if self._log is not None and not world.is_hidden:
            self._log(_log_entry(world, target, request, int(answer[0][:3]), injected, now, seconds))

    def _other(self, request: Request, found: _Found, *, is_there: bool) -> Answer:
        """Anything that is no SOAP call."""
        target = found.target
        if not is_there:
            return answers.plain_not_found(
                f"There is no center named {found.center_name!r}; create it with PUT /control/v1{CENTERS}/NAME, or use "
                "one that is there.\n"
            )
        if target.place is not Place.SERVICE:
            address = _address(request.environ, target)
            return site.answer_elsewhere(target, request.path, address, found.prefix, self._services)
        return site.answer_non_soap(
            request.method,
            target,
            request.query_string.decode("latin-1"),
            _address(request.environ, target),
            request.content_type or "",
            self.revision,
        )

    def is_control(self, environ: Environ, path: str) -> bool:
        """Whether a request is one for the control API: all are on a port of its own."""
        if self.control is None:
            return False
        if self.control.port is not None:
            return bool(environ["SERVER_PORT"] == str(self.control.port))
        return (path.startswith("/control") and path[8:9] in ("", "/")) or path == "/metrics"

    def _steer(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get(ON_EVENT_LOOP) or self.control is None:
            raise NeedsThread
        return self.control.api(environ, start_response)

    def _find(self, path: str) -> _Found:
        """What a path means; the answer is kept for the paths that clients use again and again."""
        text = path.encode("latin-1").decode("utf-8", "replace")
        center_name, prefix, rest = paths.split_center(text)
        target = paths.find(rest, self._services, prefix)
        found = _Found(target, center_name or DEFAULT, prefix, len(path) > self.bounds.url_bytes)
        if target.place is Place.SERVICE:
            if len(self._found) >= _KNOWN_PATHS:
                self._found.clear()
            self._found[path] = found
        return found

    def _note_page(self, environ: Environ, world: World, answer: Answer, started: float) -> None:
        """Journal and log for what is no call."""
        ended = stopwatch()
        seconds = ended - started
        now = world.clock.microseconds()
        world.journal.put(page_note(environ, answer, (seconds, now, ended)))
        world.journal.take_in()
        if self._log is not None:
            told = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
            status = int(answer.status[:3])
            self._log(LogEntry(now / SECOND, told, None, None, answer.outcome, status, seconds * 1000))


def _might_be_held(world: World, environ: Environ) -> bool:
    """Whether the answer to a new request might be held back; one that is held back already goes on."""
    if _INTERFERENCE in environ or _STARTED in environ:
        return False
    return world.faults.active or world.center.profile.limit_answer == "delay"


def _user(world: World, arguments: Members) -> str | None:
    """Who made a call: by name when logging in or off, by session key otherwise."""
    if "username" in arguments:
        name: str | None = arguments["username"]
        return name
    for argument in _KEY_ARGUMENTS:
        if argument in arguments:
            return world.center.username_of(arguments[argument])
    return None


@lru_cache(maxsize=256)
def _is_proper(host: str) -> bool:
    """Whether a Host header is one that http.sys takes."""
    return _HOST.match(host) is not None


def _refused_by_http_sys(environ: Environ) -> Answer | None:
    """What http.sys does not let through to any site."""
    host = environ.get("HTTP_HOST")
    if (host is None and environ["SERVER_PROTOCOL"] == "HTTP/1.1") or (host and not _is_proper(host)):
        return answers.bad_request("Invalid Hostname", "The request hostname is invalid.")
    if environ["REQUEST_METHOD"] == "POST" and "CONTENT_LENGTH" not in environ:
        detail = "The request must be chunked or have a content length."
        return answers.http_sys("411 Length Required", "Length Required", detail)
    return None


def _address(environ: Environ, target: Target) -> str:
    """The service's address as the client wrote it, without the query."""
    host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
    return f"{environ['wsgi.url_scheme']}://{host}{target.path}"


def _log_entry(
    world: World, target: Target, request: SoapRequest, status: int, injected: str | None, now: int, seconds: float
) -> LogEntry:
    """The line of a call in the log."""
    arguments = request.arguments
    campaign = next((arguments[name] for name in _CAMPAIGN_ARGUMENTS if name in arguments), None)
    told = _told(request) if injected is None else f"{_told(request)} ({injected})"
    operation = request.operation or target.service
    return LogEntry(now / SECOND, operation, _user(world, arguments), campaign, told, status, seconds * 1000)


def _told(request: SoapRequest) -> str:
    """What became of a call, in few words."""
    fault = request.fault
    if fault is None:
        return "ok" if request.stopped is None else "not carried out"
    if fault.label:
        return f"refused: {fault.label.replace('_', ' ')}"
    return f"fault: {fault.text}"
