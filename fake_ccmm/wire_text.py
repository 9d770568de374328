"""Heads of requests and answers as they are on the wire, and http.sys's pages for what is no proper request."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import unquote_to_bytes

import httptools

from .asmx import answers
from .asmx.answers import Answer, Headers

BROKEN: tuple[str, Headers, bytes] = ("500 Internal Server Error", [], b"")
BAD_VERSION = answers.http_sys(
    "505 HTTP Version Not Supported",
    "Version Not Supported",
    "The request used an HTTP version that is not supported.",
)
TOO_LONG = answers.bad_request("Request Too Long", "The size of the request headers is too long.")
BAD_URL = answers.bad_request("Invalid URL", "The request URL is invalid.")
UNAVAILABLE = answers.error_page(503)


@lru_cache(maxsize=64)
def encoded_head(status: str, headers: tuple[tuple[str, str], ...]) -> tuple[bytes, bool]:
    """Status line and headers but for those that are the transport's own, and whether they end the connection."""
    own = [name.lower() for name, _ in headers]
    lines = [f"{name}: {value}" for name, value in headers if name.lower() not in ("connection", "content-length")]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, ""]).encode("latin-1", "replace"), "connection" in own


@lru_cache(maxsize=1024)
def environ_entry(header: tuple[bytes, bytes]) -> tuple[tuple[bytes, bytes], str, str]:
    """A header, its WSGI name and its text; a client sends most of them again and again, and the first copy stays."""
    name = header[0].decode("latin-1").upper().replace("-", "_")
    key = name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"
    return header, key, header[1].decode("latin-1").strip(" \t")


@lru_cache(maxsize=256)
def parsed_url(url: bytes) -> tuple[str, str, str]:
    """Host (where the request line has one), path without percent signs and query of a URL."""
    host = ""
    if url.startswith(b"/"):
        path, _, query = url.partition(b"?")
    else:
        parsed = httptools.parse_url(url)
        path, query = parsed.path or b"/", parsed.query or b""
        if parsed.host:
            name = parsed.host.decode("latin-1")
            host = (f"[{name}]" if ":" in name else name) + (f":{parsed.port}" if parsed.port else "")
    return host, (unquote_to_bytes(path) if b"%" in path else path).decode("latin-1"), query.decode("latin-1")


def explained(error: httptools.HttpParserError) -> Answer:
    """http.sys's page for what the parser did not like."""
    if isinstance(error, httptools.HttpParserInvalidMethodError):
        return answers.bad_request("Invalid Verb", "The request verb is invalid.")
    if isinstance(error, httptools.HttpParserInvalidURLError):
        return BAD_URL
    return answers.bad_request("Invalid Header", "The request has an invalid header name.")


def closing(answer: Answer) -> Answer:
    """The answer, with the connection closed after it."""
    return Answer(answer.status, [*answer.headers, ("Connection", "close")], answer.body, answer.outcome)
