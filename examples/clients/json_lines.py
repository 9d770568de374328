"""How the Python examples talk to the kit: one JSON request a line on stdin, one JSON answer a line on stdout.

A program of your own does not need this file: it is what lets ``ccmm-contracts client`` drive an example.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable
from typing import Any, Protocol

CAN = (
    "start",
    "log_in",
    "list_campaigns",
    "fetch_contacts",
    "append_contacts",
    "close_contact",
    "find_contact_id",
    "find_contacts",
    "contact_status",
    "log_off",
    "end",
)


class ClientError(Exception):
    """What went wrong, for the caller of a client; ``kind`` is one of the protocol's."""

    kind = "failed"


class AlreadyLoggedIn(ClientError):
    """The user has a session, perhaps somebody else's."""

    kind = "already-logged-in"


class LoginRefused(ClientError):
    """Wrong name or password."""

    kind = "login-refused"


class NotFound(ClientError):
    """There is no such contact or campaign, and no call was made for it."""

    kind = "not-found"


class NotLinked(ClientError):
    """The campaign has no disposition code of that name."""

    kind = "not-linked"


class Refused(ClientError):
    """A SOAP fault: ``words`` are the server's own, ``number`` is the ErrorNumber of its detail, if there is one."""

    kind = "refused"

    def __init__(self, words: str, number: int | None = None, note: str = "") -> None:
        super().__init__(words + note)
        self.words, self.number = words, number


class AnswerLost(ClientError):
    """No answer, or none that can be read: the call may have been carried out or not."""

    kind = "transport"


class Client(Protocol):
    """What an example offers: a method for each ``do``, which takes the arguments of the request by name."""

    def end(self) -> None:
        """Leave no session open, whatever happened before."""


def serve(name: str, make_client: Callable[..., Client]) -> None:
    """Answer requests until stdin closes; ``make_client`` takes the arguments of ``start``."""
    client: Client | None = None
    try:
        for line in sys.stdin.buffer:
            number = None
            try:
                request = json.loads(line)
                number, do = request.pop("id"), request.pop("do")
                if do == "hello":
                    answer: Any = {"name": name, "can": list(CAN), "protocol": 1}
                elif do not in CAN:
                    raise _Unsupported(f"this client cannot {do}")
                elif do == "start":
                    _end(client)
                    client, answer = make_client(**request), None
                elif client is None:
                    raise ClientError("start comes first")
                else:
                    answer = getattr(client, do)(**request)
                _write({"id": number, "ok": answer})
            except ClientError as error:
                _write({"id": number, "error": {"kind": error.kind, "message": str(error)}})
            except Exception as error:  # a bad request, or a mistake of this program: told, never the end of it
                message = f"{type(error).__name__}: {error}"
                _write({"id": number, "error": {"kind": "failed", "message": message}})
    finally:
        _end(client)


class _Unsupported(ClientError):
    kind = "unsupported"


def _end(client: Client | None) -> None:
    if client is not None:
        with contextlib.suppress(ClientError):  # nobody asks any more
            client.end()


def _write(answer: dict[str, Any]) -> None:
    # ASCII with \u escapes, so that no code page of a console can spoil a name.
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
