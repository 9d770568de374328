"""The WSGI application: SOAP calls to the services, everything else to the site around them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from .asmx import answers, paths, site
from .asmx.answers import ASP_NET_HEADERS, Answer, Headers
from .asmx.paths import Place, Target
from .center import ContactCenter
from .clock import SECOND, stopwatch
from .request_log import Log, LogEntry, log_to_logging
from .soap.contact_xml import XML_CONTACTS
from .soap.endpoint import endpoints
from .soap.envelope import SoapRequest
from .soap.names import REVISIONS
from .soap.protocol import MAX_BODY
from .soap.reading import Members

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

Environ = dict[str, Any]
_STATUS_LINES = {
    200: "200 OK",
    400: "400 Bad Request",
    415: "415 Unsupported Media Type",
    500: "500 Internal Server Error",
}
_CAMPAIGN_ARGUMENTS = ("CampaignID", "campaignId", "campaignID")
_KEY_ARGUMENTS = ("sessionKey", "sessionkey")
_KNOWN_PATHS = 64
_HOST = re.compile(r"[^\s,<>\"'/\\@?#]*\Z")


class _SiteResponse(Response):
    """Just the headers it is given; the length is the transport's to say."""

    default_mimetype = None
    automatically_set_content_length = False


class FakeCcmmApp:
    """The application of one center. ``revision`` is the WSDL it serves; it answers requests of both.

    Raises Postponed from a call whose turn has not come: the transport calls it again.
    """

    def __init__(
        self, center: ContactCenter, *, revision: str = REVISIONS[0], log: Log | None = log_to_logging
    ) -> None:
        center.keep_contacts_as(XML_CONTACTS)
        self.center = center
        self.revision = revision
        self._endpoints = endpoints(revision)
        self._services = list(self._endpoints)
        self._log = log
        self._targets: dict[str, Target] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        started = stopwatch()
        path = environ["PATH_INFO"]
        target = self._targets.get(path) or self._find(path)
        method = environ["REQUEST_METHOD"]
        is_call = method == "POST" and target.place is Place.SERVICE and not target.path_info
        refusal = _refused_by_http_sys(environ)
        if is_call and refusal is None:
            return self._call(environ, start_response, target, started)
        answer = refusal or self._other(Request(environ), target)
        self._note(started, f"{method} {path}", None, None, answer.outcome, int(answer.status[:3]))
        return _SiteResponse(answer.body, answer.status, answer.headers)(environ, start_response)

    def _call(self, environ: Environ, start_response: StartResponse, target: Target, started: float) -> Iterable[bytes]:
        """A SOAP call."""
        length = int(environ["CONTENT_LENGTH"])
        too_long = length > MAX_BODY
        request = SoapRequest(
            self.center,
            b"" if too_long else environ["wsgi.input"].read(length),
            environ.get("CONTENT_TYPE", ""),
            environ.get("HTTP_SOAPACTION"),
            _address(environ, target),
            too_long,
        )
        answer = self._endpoints[target.service].answer(request)
        if self._log is not None:
            arguments = request.arguments
            campaign = next((arguments[name] for name in _CAMPAIGN_ARGUMENTS if name in arguments), None)
            operation = request.operation or target.service
            self._note(started, operation, self._user(arguments), campaign, _outcome(request), answer.status)
        start_response(_STATUS_LINES[answer.status], _soap_headers(answer.status, answer.content_type))
        return [answer.body]

    def _other(self, request: Request, target: Target) -> Answer:
        """Anything that is no SOAP call."""
        if target.place is not Place.SERVICE:
            return site.answer_elsewhere(target, request.path, _address(request.environ, target), self._services)
        return site.answer_non_soap(
            request.method,
            target,
            request.query_string.decode("latin-1"),
            _address(request.environ, target),
            request.content_type or "",
            self.revision,
        )

    def _find(self, path: str) -> Target:
        """What a path means; the answer is kept for the few paths that clients use again and again."""
        target = paths.find(path.encode("latin-1").decode("utf-8", "replace"), self._services)
        if target.place is Place.SERVICE and len(self._targets) < _KNOWN_PATHS:
            self._targets[path] = target
        return target

    def _user(self, arguments: Members) -> str | None:
        """Who made a call: by name when logging in or off, by session key otherwise."""
        if "username" in arguments:
            name: str | None = arguments["username"]
            return name
        key = next((arguments[name] for name in _KEY_ARGUMENTS if name in arguments), None)
        return self.center.username_of(key)

    def _note(
        self, started: float, operation: str, user: str | None, campaign: int | None, outcome: str, status: int
    ) -> None:
        if self._log is not None:
            milliseconds = (stopwatch() - started) * 1000
            now = self.center.clock.microseconds() / SECOND
            self._log(LogEntry(now, operation, user, campaign, outcome, status, milliseconds))


@lru_cache(maxsize=16)
def _soap_headers(status: int, content_type: str) -> Headers:
    """The headers of an answer to a call."""
    cache = "private, max-age=0" if status == 200 else "private"
    return [("Cache-Control", cache), ("Content-Type", content_type), *ASP_NET_HEADERS]


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


def _outcome(request: SoapRequest) -> str:
    """What became of a call, in few words."""
    fault = request.fault
    if fault is None:
        return "ok"
    if fault.label:
        return f"refused: {fault.label.replace('_', ' ')}"
    return f"fault: {fault.text}"
