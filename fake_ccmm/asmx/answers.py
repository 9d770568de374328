"""An HTTP answer in the manner of IIS with ASP.NET, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from http import HTTPStatus

from .error_pages import http_sys_page, iis_page, not_found, server_error, text_error

Headers = list[tuple[str, str]]
HTML = "text/html; charset=utf-8"
IIS_HTML = "text/html"
XML = "text/xml; charset=utf-8"
ASP_NET_HEADERS: Headers = [
    ("Server", "Microsoft-IIS/8.5"),
    ("X-AspNet-Version", "4.0.30319"),
    ("X-Powered-By", "ASP.NET"),
]
IIS_HEADERS: Headers = [("Server", "Microsoft-IIS/8.5"), ("X-Powered-By", "ASP.NET")]
HTTP_SYS_HEADERS: Headers = [("Server", "Microsoft-HTTPAPI/2.0")]

ALLOWED = "OPTIONS, TRACE, GET, HEAD, POST"
"""What IIS says of a service in answer to OPTIONS."""


_STATUS_LINES = {
    200: "200 OK",
    400: "400 Bad Request",
    415: "415 Unsupported Media Type",
    500: "500 Internal Server Error",
}
_ERROR_PAGES = {
    401: (
        "Unauthorized: Access is denied due to invalid credentials.",
        "You do not have permission to view this directory or page using the credentials that you supplied.",
    ),
    403: (
        "Forbidden: Access is denied.",
        "You do not have permission to view this directory or page using the credentials that you supplied.",
    ),
    500: (
        "Internal server error.",
        "There is a problem with the resource you are looking for, and it cannot be displayed.",
    ),
    502: (
        "Web server received an invalid response while acting as a gateway or proxy server.",
        "There is a problem with the page you are looking for, and it cannot be displayed. When the Web server (while "
        "acting as a gateway or proxy) contacted the upstream content server, it received an invalid response from "
        "the content server.",
    ),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """Status line, headers and body; ``outcome`` is what the request log says of it."""

    status: str
    headers: Headers
    body: bytes = b""
    outcome: str = "ok"


def asp_net(status: str, content_type: str, body: bytes, outcome: str, cache: str = "private") -> Answer:
    """An answer that ASP.NET itself makes."""
    headers = [("Cache-Control", cache), ("Content-Type", content_type), *ASP_NET_HEADERS]
    return Answer(status, headers, body, outcome)


def described(content_type: str, body: bytes, outcome: str) -> Answer:
    """A description, discovery document or help page."""
    return asp_net("200 OK", content_type, body, outcome, "private, max-age=0" if content_type == XML else "private")


def description_error(sentence: str) -> Answer:
    """A description that is not there: plain text, status 500."""
    return asp_net("500 Internal Server Error", "text/plain; charset=utf-8", text_error(sentence), sentence)


def application_error(application: str, sentence: str) -> Answer:
    """ASP.NET's page for an exception, status 500."""
    return asp_net("500 Internal Server Error", HTML, server_error(application, sentence), sentence)


def asp_net_not_found(application: str, path: str) -> Answer:
    """ASP.NET's page for an .asmx that is not there."""
    return asp_net("404 Not Found", HTML, not_found(application, path), "not found")


def verb_not_allowed(application: str) -> Answer:
    """What ASP.NET says to a verb it does not serve a service for."""
    page = server_error(application, "Request format is unrecognized.")
    return asp_net("405 Method Not Allowed", HTML, page, "verb not allowed")


def options() -> Answer:
    """IIS's answer to OPTIONS."""
    return Answer("200 OK", [("Allow", ALLOWED), *IIS_HEADERS, ("Public", ALLOWED)], outcome="options")


def iis(status: int, reason: str, title: str, explanation: str, extra: Headers | None = None) -> Answer:
    """One of IIS's own short pages."""
    headers = [*(extra or []), ("Content-Type", IIS_HTML), *IIS_HEADERS]
    return Answer(f"{status} {reason}", headers, iis_page(status, title, explanation), reason.lower())


def iis_not_found() -> Answer:
    """IIS's page for anything that is not there, or not to be served."""
    return iis(
        404,
        "Not Found",
        "File or directory not found.",
        "The resource you are looking for might have been removed, had its name changed, or is temporarily "
        "unavailable.",
    )


@lru_cache(maxsize=16)
def soap_head(status: int, content_type: str) -> tuple[str, Headers]:
    """Status line and headers of the answer to a SOAP call."""
    cache = "private, max-age=0" if status == 200 else "private"
    return _STATUS_LINES[status], [("Cache-Control", cache), ("Content-Type", content_type), *ASP_NET_HEADERS]


def error_page(status: int) -> Answer:
    """The page that IIS, or http.sys below it, shows for a status from 400 on."""
    try:
        reason = HTTPStatus(status).phrase
    except ValueError:
        reason = "Error"
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return http_sys("503 Service Unavailable", "Service Unavailable", "The service is unavailable.")
    if status == HTTPStatus.NOT_FOUND:
        return iis_not_found()
    title, explanation = _ERROR_PAGES.get(status, (f"{reason}.", "The request could not be served."))
    return iis(status, reason, title, explanation)


def plain_error(sentence: str) -> Answer:
    """An error of this program's own, which no real server has."""
    return Answer(
        "500 Internal Server Error", [("Content-Type", "text/plain; charset=utf-8")], sentence.encode(), sentence
    )


def plain_not_found(sentence: str) -> Answer:
    """A page of this program's own for what only it could have."""
    return Answer("404 Not Found", [("Content-Type", "text/plain; charset=utf-8")], sentence.encode(), "not found")


def http_sys(status: str, title: str, detail: str) -> Answer:
    """An answer of http.sys, which ends the connection."""
    headers = [("Content-Type", "text/html; charset=us-ascii"), *HTTP_SYS_HEADERS, ("Connection", "close")]
    return Answer(status, headers, http_sys_page(title, f"HTTP Error {status[:3]}. {detail}"), status[4:].lower())


def bad_request(title: str, detail: str) -> Answer:
    """http.sys's refusal of what is not a proper HTTP request."""
    return http_sys("400 Bad Request", f"Bad Request - {title}", detail)
