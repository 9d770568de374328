"""The server as a whole: where things are, whether it works, what it counts."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from .. import __version__
from ..clock import stopwatch
from ..errors import SetupError
from . import metrics
from .models import Health, Index
from .problems import ControlError
from .request import ControlRequest, Reply

DOCUMENT = "control.openapi.json"
"""The file beside this one that tells all of this API."""

_LINKS = {
    "self": "/control/v1",
    "health": "/control/v1/health",
    "openapi": "/control/v1/openapi.json",
    "metrics": "/control/v1/metrics",
    "centers": "/control/v1/centers",
}


def index(request: ControlRequest) -> Index:
    """Where everything starts."""
    return Index(__version__, tuple(request.server.worlds.names()), _LINKS)


def health(request: ControlRequest) -> Health:
    """Log in and off over SOAP, and tell whether that worked."""
    started = stopwatch()
    try:
        request.server.check_soap()
    except SetupError as error:
        raise ControlError(503, str(error)) from None
    return Health("ok", __version__, round((stopwatch() - started) * 1000, 3))


def openapi(request: ControlRequest) -> Reply:
    """The document that tells all of this API."""
    return Reply(_document())


def show_metrics(request: ControlRequest) -> Reply:
    """Counts and durations, as Prometheus reads them."""
    return Reply(request.server.metrics.text(), metrics.CONTENT_TYPE)


@cache
def _document() -> bytes:
    return files(__package__).joinpath(DOCUMENT).read_bytes()
