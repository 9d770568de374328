"""What the control API answers where it cannot do as asked: problem details (RFC 9457)."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from ..errors import FakeCcmmError, SetupError, UnknownCampaign, UnknownContact
from ..faults import UnknownFaultRule
from ..seed.problems import SeedError, SeedProblem
from ..world import TakenName, UnknownName

LOGGER = logging.getLogger("fake_ccmm")


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One thing that is wrong in a request: where, and what would be right."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request was not carried out. Nothing has changed then."""

    type: str
    title: str
    status: int
    detail: str
    errors: tuple[FieldProblem, ...]


class ControlError(FakeCcmmError):
    """A request that is not carried out; ``status`` is that of HTTP, ``errors`` are the places that are wrong."""

    def __init__(
        self,
        status: int,
        detail: str,
        errors: Iterable[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})

    def problem(self) -> Problem:
        """The body of the answer."""
        return Problem("about:blank", _TITLES[self.status], self.status, self.detail, self.errors)


def invalid(errors: Iterable[FieldProblem], more: int = 0) -> ControlError:
    """The error for a request whose parts are wrong at these places."""
    listed = tuple(errors)
    told = [": ".join(filter(None, (one.place, one.message))) for one in listed]
    return ControlError(422, "; ".join(told) + (f"; and {more} more" if more else ""), listed)


def seed_error(error: SeedError, places: Mapping[str, str]) -> ControlError:
    """A seed's problems as those of a body that is a part of it; ``places`` are what it calls some of the places."""
    found = [FieldProblem(_renamed(one.place, places) or one.source, one.message) for one in error.problems]
    told = invalid(found, error.more)
    if any(_is_syntax(one) for one in error.problems):
        told.status = 400
    return told


def error_of(error: Exception) -> ControlError:
    """The error to answer with, whatever was raised; what nobody foresaw goes to the log."""
    if isinstance(error, ControlError):
        return error
    if isinstance(error, SeedError):
        return seed_error(error, {})
    if isinstance(error, HTTPException):
        return _http_error(error)
    for kind, status in _STATUSES:
        if isinstance(error, kind):
            return ControlError(status, str(error))
    if isinstance(error, RecursionError):
        return ControlError(400, "the body is nested too deeply; nothing here is")
    LOGGER.error("a request to the control API failed", exc_info=error)
    return ControlError(500, "something went wrong in the server; its log says what")


_STATUSES: tuple[tuple[type[Exception], int], ...] = (
    (UnknownName, 404),
    (UnknownFaultRule, 404),
    (UnknownCampaign, 404),
    (UnknownContact, 404),
    (TakenName, 409),
    (SetupError, 422),
    (ValueError, 422),
)
_TITLES = {one.value: one.phrase for one in HTTPStatus} | {
    413: "Content Too Large",  # Python called these two by older names
    422: "Unprocessable Content",
}


def allowed_with_options(methods: Iterable[str]) -> str:
    """An Allow header."""
    return ", ".join(sorted({*methods, "OPTIONS"}))


def _http_error(error: HTTPException) -> ControlError:
    """The errors of the HTTP library in this API's words."""
    if isinstance(error, MethodNotAllowed):
        allowed = allowed_with_options(error.valid_methods or ())
        return ControlError(405, f"this path takes {allowed}", headers={"Allow": allowed})
    if isinstance(error, RequestEntityTooLarge):
        return ControlError(413, "the body is longer than what this takes; send less, or several requests")
    if error.code == 404:
        return ControlError(404, "there is no such path; /control/v1/openapi.json has all there are")
    return ControlError(error.code or 500, error.description or "")


def _is_syntax(problem: SeedProblem) -> bool:
    """Whether a problem is of the text, and not of what it says."""
    return bool(problem.source) and not problem.place


def _renamed(place: str, places: Mapping[str, str]) -> str:
    for old, new in places.items():
        if place.startswith(old):
            rest = place[len(old) :]
            return new + rest if new else rest.removeprefix(".")
    return place
