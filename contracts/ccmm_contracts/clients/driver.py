"""How the kit gets a client to work, whether it is a Python object or a program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ..errors import SetUpBroken
from .protocol import BadAnswer, Hello, read_result


class ClientTimedOut(SetUpBroken):
    """A client did not answer in time. It is given up; the driver starts another where it is asked again."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a client is waited for, in seconds: ``request`` for any, ``contact`` more for each to be written."""

    request: float = 60.0
    contact: float = 1.5

    def of(self, name: str, arguments: Mapping[str, Any]) -> float:
        """How long this request may take."""
        contacts = arguments.get("contacts", ()) if name == "append_contacts" else ()
        return self.request + self.contact * max(1, len(contacts))


class Client(Protocol):
    """A client within reach."""

    def exchange(self, name: str, arguments: Mapping[str, Any], timeout: float) -> Any:
        """What the client answers to one request.

        Raises ClientError where it says that it failed, ClientTimedOut where it says nothing in time, BadAnswer where
        it says what the protocol does not know, and SetUpBroken where it is there no more or cannot be started.
        """

    def close(self) -> None:
        """End the client, whatever it is doing; it may be used again, and is started anew then."""

    def last_words(self) -> tuple[str, ...]:
        """What it lately wrote to standard error, oldest line first."""


class Driver:
    """Asks a client for its work. A context manager: no program is left running behind it."""

    def __init__(self, client: Client, target: str, patience: Patience | None = None) -> None:
        self.target = target
        self._client = client
        self._patience = patience or Patience()

    def __enter__(self) -> Driver:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def hello(self) -> Hello:
        """Who the client is, and what it can do; raises SetUpBroken where it does not say so."""
        hello: Hello = self.ask("hello")
        return hello

    def ask(self, name: str, **arguments: Any) -> Any:
        """The result of a request. Raises ClientError where the client failed, SetUpBroken where it did not answer."""
        timeout = self._patience.of(name, arguments)
        try:
            return read_result(name, self._client.exchange(name, arguments, timeout))
        except ClientTimedOut:
            self.close()
            raise ClientTimedOut(self._told(f"did not answer {name} within {timeout:g} seconds")) from None
        except BadAnswer as error:
            self.close()
            raise SetUpBroken(self._told(f"does not keep to the protocol: {error}")) from None
        except SetUpBroken as error:
            self.close()
            raise SetUpBroken(self._told(str(error))) from None

    def close(self) -> None:
        """End the client."""
        self._client.close()

    def _told(self, what: str) -> str:
        words = self._client.last_words()
        told = f"the client {self.target!r} {what}"
        return told + ("; its last lines on standard error:\n  " + "\n  ".join(words) if words else "")
