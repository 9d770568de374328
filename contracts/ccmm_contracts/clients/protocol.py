"""What the kit and a client say to each other: what can be asked for, what is answered, what errors there are.

The same whether the client is a Python object or a program that reads and writes a line of JSON at a time;
``protocol.schema.json`` describes those lines, ``client-protocol.md`` explains them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import KitError
from ..plain import plain

PROTOCOL = 1
"""The protocol's number, which a client answers to ``hello``."""

WORK = (
    "log_in",
    "list_campaigns",
    "fetch_contacts",
    "append_contacts",
    "close_contact",
    "find_contact_id",
    "find_contacts",
    "contact_status",
    "log_off",
)
"""What a client may offer; what it does not offer is not tried."""

NAMES = ("hello", "start", *WORK, "end")
"""Everything that may be asked for."""

KINDS = {
    "already-logged-in": "somebody is logged in under this name",
    "login-refused": "the server refused the name or the password",
    "not-found": "there is no such thing on the server",
    "refused": "the server answered with a SOAP fault",
    "too-soon": "the server refused the call as one within the second",
    "not-linked": "the client itself refused: the campaign has no disposition code of that name",
    "transport": "no answer, or none that can be read",
    "unsupported": "the client cannot do this",
    "failed": "anything else",
}
"""The kinds of errors, each with what it means."""


class ClientError(Exception):
    """A client could not do what it was asked for; ``kind`` is one of KINDS, the message has the server's words."""

    def __init__(self, kind: str, message: str) -> None:
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is no kind of error; there are: {', '.join(KINDS)}")
        super().__init__(message)
        self.kind = kind
        self.message = message


class BadAnswer(KitError):
    """A client answered with what the protocol does not know; the message says what it should have been."""


@dataclass(frozen=True, slots=True)
class Hello:
    """What a client says of itself: its name, and what of NAMES it can do."""

    name: str
    can: frozenset[str]


def error_of(error: BaseException) -> ClientError:
    """Whatever a client written in Python raised, as an error of the protocol."""
    if isinstance(error, ClientError):
        return error
    return ClientError("failed", str(error) or type(error).__name__)


def request_line(number: int, name: str, arguments: Mapping[str, Any]) -> str:
    """One request, as the line that a program reads."""
    return json.dumps({"id": number, "do": name, **plain(arguments)}, ensure_ascii=False)


def answer_line(number: Any, result: Any = None, error: ClientError | None = None) -> str:
    """One answer, as the line that a program writes."""
    if error is not None:
        return json.dumps({"id": number, "error": {"kind": error.kind, "message": error.message}}, ensure_ascii=False)
    return json.dumps({"id": number, "ok": plain(result)}, ensure_ascii=False)


def read_answer(line: str, number: int) -> Any:
    """The result in a line that answers request ``number``.

    Raises ClientError where the client says that it failed, BadAnswer where the line is no answer to that request.
    """
    try:
        answer = json.loads(line)
    except RecursionError:
        raise BadAnswer(f"it answered {_short(line)}, which is nested too deeply; no answer is") from None
    except ValueError:
        raise BadAnswer(
            f"it wrote {_short(line)} to standard output, which is no JSON; only answers belong there, all else goes "
            "to standard error"
        ) from None
    if not isinstance(answer, dict) or ("ok" in answer) == ("error" in answer):
        raise BadAnswer(f'it answered {_short(line)}; an answer is {{"id": N, "ok": ...}} or {{"id": N, "error": ...}}')
    if answer.get("id") != number:
        raise BadAnswer(f"it answered {_short(line)} to request {number}; an answer has the request's id")
    if "ok" in answer:
        return answer["ok"]
    raise _error(answer["error"], line)


def _error(error: Any, line: str) -> ClientError:
    kind, message = (error.get("kind"), error.get("message")) if isinstance(error, dict) else (None, None)
    if not isinstance(kind, str) or kind not in KINDS or not isinstance(message, str):
        raise BadAnswer(
            f'it answered {_short(line)}; an error is {{"kind": KIND, "message": TEXT}}, where KIND is one of '
            + ", ".join(KINDS)
        )
    return ClientError(kind, message)


def _read_hello(result: Any) -> Hello:
    if not isinstance(result, dict) or not isinstance(result.get("name"), str):
        raise BadAnswer(
            f'it answered hello with {_short(result)}; that is {{"name": TEXT, "can": [...], "protocol": 1}}'
        )
    if result.get("protocol") != PROTOCOL:
        raise BadAnswer(f"it speaks protocol {result.get('protocol')!r:.200}; this kit speaks {PROTOCOL}")
    can = result.get("can")
    if not isinstance(can, list) or any(one not in NAMES for one in can):
        raise BadAnswer(f"it answered hello with can = {_short(can)}; that is a list of some of {', '.join(NAMES)}")
    return Hello(result["name"], frozenset(can))


def read_result(name: str, result: Any) -> Any:
    """The result of request ``name``, that of ``hello`` as a Hello.

    Raises BadAnswer, with what it should have been, where it is none, or where the client speaks another protocol.
    """
    if name == "hello":
        return _read_hello(result)
    expected = _RESULTS.get(name)
    if expected is None or expected.accepts(result):
        return result
    raise BadAnswer(f"it answered {name} with {_short(result)}; that should be {expected.told}")


@dataclass(frozen=True, slots=True)
class _Form:
    told: str
    accepts: Callable[[Any], bool]


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _are_objects(id_name: str) -> Callable[[Any], bool]:
    def accepts(value: Any) -> bool:
        return isinstance(value, list) and all(isinstance(one, dict) and _is_id(one.get(id_name)) for one in value)

    return accepts


_CONTACTS = _Form("a list of contacts, each with its contact_id", _are_objects("contact_id"))
_RESULTS = {
    "list_campaigns": _Form("a list of campaigns, each with its campaign_id", _are_objects("campaign_id")),
    "fetch_contacts": _CONTACTS,
    "find_contacts": _CONTACTS,
    "append_contacts": _Form(
        'how many were appended: {"appended": N}',
        lambda value: isinstance(value, dict) and _is_id(value.get("appended")),
    ),
    "find_contact_id": _Form("an id, or null for none", lambda value: value is None or _is_id(value)),
    "contact_status": _Form("the name of a status", lambda value: isinstance(value, str)),
}


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return repr(text if len(text) <= 200 else text[:200] + "...")
