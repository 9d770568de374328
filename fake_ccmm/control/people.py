"""Who may log in and who is logged in, and the skillsets and disposition codes that campaigns can name."""

from __future__ import annotations

from typing import Any

from ..errors import FakeCcmmError
from ..model import DispositionCode, Skillset
from ..seed.problems import told
from .models import AdministratorChange, ShownAdministrator, ShownSession
from .problems import ControlError, FieldProblem, invalid
from .reading import need_mapping, read_part
from .request import ControlRequest


def show_sessions(request: ControlRequest) -> list[ShownSession]:
    """Every session, in the order of the log-ins."""
    sessions = request.world.center.sessions()
    return [ShownSession(one.username, one.is_expired, one.idle_seconds) for one in sessions]


def log_off(request: ControlRequest) -> None:
    """End a user's session, as a log-off does."""
    username = request.path["username"]
    if not request.world.center.end_session(username):
        raise _no_session(username)


def expire_session(request: ControlRequest) -> None:
    """Let a user's session expire, as if it had been idle for too long."""
    username = request.path["username"]
    if not request.world.center.expire_session(username):
        raise _no_session(username)


def show_administrators(request: ControlRequest) -> list[ShownAdministrator]:
    """Everyone who has a name and a password."""
    return [ShownAdministrator(one.username, one.base_install) for one in request.world.center.administrators()]


def put_administrator(request: ControlRequest) -> None:
    """Let somebody log in, or change a password."""
    wanted = request.read(AdministratorChange)
    document = {"username": request.path["username"], "password": wanted.password, "base_install": wanted.base_install}
    seed = read_part({"administrators": [document]}, {"administrators[0]": ""})
    request.world.center.add_administrator(seed.administrators[0])


def show_skillsets(request: ControlRequest) -> list[Skillset]:
    """Every skillset."""
    return request.world.center.skillsets()


def put_skillset(request: ControlRequest) -> Skillset:
    """Add a skillset, or rename it."""
    seed = read_part({"skillsets": [_with_id(request, "skillset_id")]}, {"skillsets[0]": ""})
    request.world.center.add_skillset(seed.skillsets[0])
    return seed.skillsets[0]


def show_disposition_codes(request: ControlRequest) -> list[DispositionCode]:
    """Every code that campaigns can link."""
    return request.world.center.disposition_codes()


def put_disposition_code(request: ControlRequest) -> DispositionCode:
    """Add a code, or change it; campaigns keep those they have."""
    seed = read_part({"disposition_codes": [_with_id(request, "disposition_code_id")]}, {"disposition_codes[0]": ""})
    request.world.center.add_disposition_code(seed.disposition_codes[0])
    return seed.disposition_codes[0]


def _with_id(request: ControlRequest, name: str) -> dict[str, Any]:
    """The body with the id that the path names; where it has one itself, that must be the same."""
    document = need_mapping(request.document)
    own = request.path[name]
    if name in document and document[name] != own:
        raise invalid([FieldProblem(name, f"is {told(document[name])}, but the path says {own}; leave it out")])
    return {**document, name: own}


def _no_session(username: str) -> FakeCcmmError:
    return ControlError(404, f"{username!r} has no session")
