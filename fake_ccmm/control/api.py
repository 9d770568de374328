"""The WSGI application of the control API: finds the route, asks the guard, and sends what the handler says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, Map, Rule
from werkzeug.wrappers import Request, Response

from ..bounds import BODY_TOO_LONG, Bounds
from ..world import Worlds
from . import guard
from .metrics import Metrics
from .parameters import read_path, read_query
from .plain import to_json
from .problems import ControlError, allowed_with_options, error_of
from .request import ControlRequest, Reply, Server
from .routes import BASE, ROUTES, Body, Route

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

METRICS = "/metrics"
"""Where Prometheus looks by itself."""

_BRACED = re.compile(r"\{(\w+)\}")
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_MOST_FOR_NONE = 1024  # {} and white space are no body
_PROBLEM = "application/problem+json"


class ControlApi:
    """The application for every path at or below ``/control``, and for ``/metrics``; safe in any thread.

    ``worlds`` are the centers it steers. Where a ``token`` is set, whoever steers has to know it. ``check_soap`` raises
    SetupError when a SOAP login does not work. ``port`` is that of the services, where steering has one of its own.
    """

    def __init__(
        self,
        worlds: Worlds,
        *,
        token: str | None = None,
        check_soap: Callable[[], None],
        port: int | None = None,
    ) -> None:
        self._server = Server(worlds, check_soap, Metrics(worlds), port)
        self._token = token

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        try:
            response = self._answer(request)
        except Exception as error:
            response = _refused(error_of(error))
        response.headers.extend(_HEADERS)
        return response(environ, start_response)

    def _answer(self, request: Request) -> Response:
        adapter = url_map.bind("", path_info=request.path, default_method=request.method)
        try:
            route, path = adapter.match()
        except HTTPException as error:
            guard.check(request, self._token, is_open=False)
            if request.method == "OPTIONS" and (allowed := adapter.allowed_methods()):
                return _empty(204, {"Allow": allowed_with_options(allowed)})
            raise error
        guard.check(request, self._token, is_open=route.is_open)
        data = _body(request, route.body, self._server.bounds)
        query = read_query(request.args, route.query)
        asked = ControlRequest(self._server, request, read_path(path), query, data)
        return _response(route, route.handler(asked))


class _Digits(BaseConverter):
    """What may be the number of an exchange, and is no path of its own beside it."""

    regex = "-?[0-9]+"


def _segment(braced: re.Match[str]) -> str:
    return f"<{'digits:' if braced[1] == 'number' else ''}{braced[1]}>"


def _url_map() -> Map:
    rules = [Rule(BASE + _BRACED.sub(_segment, one.path), methods=[one.method], endpoint=one) for one in ROUTES]
    metrics = next(one for one in ROUTES if one.path == METRICS)
    rules.append(Rule(METRICS, methods=["GET"], endpoint=metrics))
    return Map(rules, strict_slashes=False, merge_slashes=False, converters={"digits": _Digits})


url_map = _url_map()
"""Every route of the table, and ``/metrics`` at the root."""


def _body(request: Request, wanted: Body | None, bounds: Bounds) -> bytes:
    """The bytes of the body; a ControlError where there are too many, or they are of a kind that is not taken."""
    is_large = wanted is not None and wanted.most_bytes is None
    most = bounds.control_body_bytes if is_large else wanted.most_bytes or 0 if wanted else _MOST_FOR_NONE
    size = request.environ.get(BODY_TOO_LONG) or request.content_length or 0
    if size > most:
        how = bounds.how_to_have_more("control_body_bytes") if is_large else "leave out what does not belong there"
        raise ControlError(413, f"the body has {size:,} bytes, and this takes {most:,} at most; {how}")
    request.max_content_length = most
    data = request.get_data(cache=False)
    if wanted is None:
        if data.strip() not in (b"", b"{}"):
            raise ControlError(415, "this takes no body; leave it out")
    elif request.mimetype not in wanted.content_types and (data or wanted.is_needed):
        given = request.mimetype or "none"
        raise ControlError(415, f"the body needs a Content-Type of {' or '.join(wanted.content_types)}, not {given}")
    return data


def _response(route: Route, result: Any) -> Response:
    answer = route.answer
    if answer.model is None:
        return _empty(answer.status)
    reply = result if isinstance(result, Reply) else Reply(result)
    body = reply.value if isinstance(reply.value, bytes) else to_json(reply.value)
    content_type = reply.content_type or answer.content_types[0]
    return Response(body, answer.status, reply.headers, content_type=content_type)


def _empty(status: int, headers: Mapping[str, str] | None = None) -> Response:
    response = Response(status=status, headers=headers)
    del response.headers["Content-Type"]
    return response


def _refused(error: ControlError) -> Response:
    return Response(to_json(error.problem()), error.status, error.headers, content_type=_PROBLEM)
