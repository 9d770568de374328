"""A client of the control API: what the commands use that steer a running server. The standard library alone."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from .errors import FakeCcmmError, SetupError

BASE = "/control/v1"
"""Where the control API is on a server."""

_JSON = "application/json"
_TEXTS = ("application/yaml", "application/toml", "text/")


class ControlError(FakeCcmmError):
    """The server did not do it, or there is none.

    ``status`` is that of HTTP (None where there was no answer), ``title`` and ``detail`` are the server's words, and
    ``errors`` is what is wrong in detail: dicts with ``place`` and ``message``.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        title: str = "",
        detail: str = "",
        errors: tuple[Mapping[str, Any], ...] = (),
    ) -> None:
        lines = [_error_line(one) for one in errors]
        super().__init__("\n".join([message, *(f"  {one}" for one in lines if one not in message)]))
        self.status = status
        self.title = title
        self.detail = detail
        self.errors = errors


class ControlClient:
    """Speaks with the control API of the server at ``url``, such as ``http://127.0.0.1:8000``.

    ``token`` is what the server was started with, if it wants one. ``ca_file`` is the CA that the certificate of an
    https server has to be from; without one, it has to be from a CA that this machine trusts. ``timeout`` is in seconds
    and holds for each wait. Raises SetupError for an url or a token that can be none.
    """

    def __init__(
        self, url: str, *, token: str | None = None, ca_file: str | Path | None = None, timeout: float = 10
    ) -> None:
        self.url = url.rstrip("/").removesuffix(BASE)
        self._timeout = timeout
        self._host, self._port, self._path = _address(url, self.url)
        if token is not None and not (token.isascii() and token.isprintable() and token):
            raise SetupError("a token is printable ASCII text, and not empty")
        self._headers = {"Accept": f"{_JSON}, */*"} | ({"Authorization": f"Bearer {token}"} if token else {})
        self._context = _trust(ca_file) if self.url.startswith("https:") else None

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        content_type: str = _JSON,
        query: Mapping[str, object] | None = None,
    ) -> Any:
        """Do a request and return the answer: JSON decoded, other text as str, the rest as bytes, nothing as None.

        ``path`` is below ``/control/v1``, its segments quoted (see :func:`path_of`). ``body`` is sent as JSON, or as it
        is where it is text or bytes. Raises ControlError where it was not done.
        """
        target = f"{self._path}{BASE}{path}" + (f"?{urlencode(query)}" if query else "")
        headers, data = dict(self._headers), None
        if body is not None:
            data = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
            headers["Content-Type"] = content_type
        connection = (
            HTTPSConnection(self._host, self._port, timeout=self._timeout, context=self._context)
            if self._context
            else HTTPConnection(self._host, self._port, timeout=self._timeout)
        )
        try:
            connection.request(method, target, data, headers)
            response = connection.getresponse()
            return self._result(response, response.read(), f"{method} {target}")
        except (OSError, HTTPException) as error:
            raise self._unreachable(error) from None
        finally:
            connection.close()

    def _result(self, response: HTTPResponse, data: bytes, request: str) -> Any:
        kind = (response.getheader("Content-Type") or "").partition(";")[0].strip().lower()
        if response.status >= 300:
            raise self._refused(response, data if kind == "application/problem+json" else b"", request)
        if not data:
            return None
        try:
            if kind == _JSON:
                return json.loads(data)
            return data.decode() if kind.startswith(_TEXTS) else data
        except ValueError:
            raise ControlError(f"the server at {self.url} answered {request} with what is no {kind}") from None

    def _refused(self, response: HTTPResponse, data: bytes, request: str) -> ControlError:
        status = response.status
        try:
            problem = json.loads(data)
        except ValueError:
            problem = None
        if not isinstance(problem, dict):
            return ControlError(
                f"the server at {self.url} answered {request} with {status} {response.reason}, in no way that the "
                "control API of fake-ccmm does; give the url that 'fake-ccmm serve' prints",
                status=status,
            )
        title, detail = str(problem.get("title") or ""), str(problem.get("detail") or "")
        errors = problem.get("errors")
        good = tuple(one for one in errors if isinstance(one, Mapping)) if isinstance(errors, list) else ()
        said = detail or title or f"{status} {response.reason}"
        return ControlError(f"the server says: {said}", status=status, title=title, detail=detail, errors=good)

    def _unreachable(self, error: Exception) -> ControlError:
        if isinstance(error, ssl.SSLCertVerificationError):
            why = (
                f"shows a certificate that is not trusted ({error.verify_message}); give its CA file, as with --ca FILE"
            )
        elif isinstance(error, ConnectionRefusedError):
            why = "is not there: nothing listens; 'fake-ccmm serve' starts one"
        elif isinstance(error, TimeoutError):
            why = f"did not answer within {self._timeout:g} seconds"
        elif isinstance(error, ssl.SSLError):
            why = f"speaks no TLS that is understood ({error.reason}); is it http rather than https?"
        else:
            why = f"does not answer: {str(error) or type(error).__name__}"
        return ControlError(f"the server at {self.url} {why}")


def path_of(*segments: object) -> str:
    """The path of these segments, each quoted: ``/centers/default/clock``."""
    return "".join(f"/{quote(str(one), safe='')}" for one in segments)


def _address(given: str, url: str) -> tuple[str, int | None, str]:
    """Host, port and path of an url."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    is_plain = given.isascii() and given.isprintable() and " " not in given
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment or not is_plain:
        raise SetupError(f"the url of a server is such as http://127.0.0.1:8000, not {given!r}")
    return host, port, parts.path


def _trust(ca_file: str | Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:  # also where the file holds no certificate
        why = error.strerror or "it holds no certificate in PEM"
        raise SetupError(f"{ca_file}: cannot be read as the file of a CA: {why}") from None


def _error_line(error: Mapping[str, Any]) -> str:
    return ": ".join(str(error[name]) for name in ("source", "place", "message") if error.get(name))
