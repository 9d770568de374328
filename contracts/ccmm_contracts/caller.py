"""Calls the services and records what went over the wire: the one way from the kit to a server."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from time import perf_counter
from typing import Any

from .answer import Answer, Fault, Odd, Returned
from .errors import SetUpBroken
from .exchange import Exchange, HttpRequest, HttpResponse
from .masking import Secrets
from .operations import OPERATIONS
from .wire.answers import read_answer
from .wire.envelope import request_for
from .wire.http import AnswerLost, Http
from .wire.schema import invalid

_LOGIN, _LOGOFF = "OutboundLogin", "OutboundLogoff"


class Caller:
    """Calls the three services below ``base``, ``.../ccmmoutboundwebservices``. Several threads may call at once.

    ``exchanges`` has every request that was answered, in the order the answers came, until ``forget``; ``calls`` counts
    every request that was sent. ``secrets`` learns the keys and passwords of log-ins that succeed; whoever brings a
    password that may be refused has to have it learnt before.
    """

    def __init__(self, base: str, http: Http, *, revision: str = "sdk-7.0", check_schema: bool = True) -> None:
        """``revision`` is of the WSDL that answers are held against, unless ``check_schema`` is off."""
        self.base = base.rstrip("/")
        self.revision = revision
        self.check_schema = check_schema
        self.exchanges: list[Exchange] = []
        self.calls = 0
        self.secrets = Secrets()
        self.perhaps_open: set[str] = set()
        """Who may be logged in with a key that nobody has read: the answer to the log-in was lost, or odd."""
        self._http = http
        self._lock = Lock()
        self._recorded = 0
        self._users: dict[str, str] = {}
        self._open: dict[str, str] = {}

    def call(self, operation: str, *, soap: str = "1.1", **arguments: Any) -> Answer:
        """Call an operation with arguments by the names of :mod:`ccmm_contracts.operations`.

        Raises Unreachable where no answer comes, and what :func:`ccmm_contracts.wire.envelope.request_for` raises.
        """
        if operation not in OPERATIONS:
            raise ValueError(f"there is no operation {operation!r}; there are: {', '.join(OPERATIONS)}")
        service = OPERATIONS[operation].service
        request = request_for(self.url_of(service), operation, arguments, soap=soap)
        try:
            response, seconds = self._timed(request)
        except AnswerLost:
            if operation == _LOGIN:
                self._logged_in(arguments, "")
            raise
        answer = read_answer(operation, response, soap=soap)
        wrong = ""
        if self.check_schema and (response.status == 200 or isinstance(answer, Fault)):
            wrong = invalid(self.revision, service, response.body)
        self._follow_session(operation, arguments, answer)
        user = self._user_of(operation, arguments)
        self._record(request, response, operation, dict(arguments), answer, user, soap, seconds, wrong)
        return answer

    def send(self, request: HttpRequest) -> HttpResponse:
        """Send any request, as it is; raises Unreachable where no answer comes."""
        response, seconds = self._timed(request)
        self._record(request, response, seconds=seconds)
        return response

    def url_of(self, service: str) -> str:
        """The address of a service."""
        return f"{self.base}/{service}.asmx"

    def wsdl(self, service: str) -> bytes:
        """The WSDL that the server shows of a service; raises SetUpBroken where it shows none."""
        url = f"{self.url_of(service)}?wsdl"
        response = self.send(HttpRequest("GET", url))
        if response.status != 200:
            raise SetUpBroken(
                f"{url} answers {response.status} {response.reason}".rstrip() + " where a WSDL is due; "
                "give the address that ends with /ccmmoutboundwebservices"
            )
        return response.body

    def open_users(self) -> dict[str, str]:
        """Who is logged in, as far as this caller knows, with their newest key: logged in and not off since.

        It is the caller's own: whoever fills a center anew, where nobody is logged in then, clears it.
        """
        return self._open

    def forget(self) -> None:
        """Forget the exchanges; they go on being numbered from where they were."""
        with self._lock:
            self.exchanges.clear()

    def _timed(self, request: HttpRequest) -> tuple[HttpResponse, float]:
        with self._lock:
            self.calls += 1
        started = perf_counter()
        response = self._http.send(request)
        return response, perf_counter() - started

    def _record(
        self,
        request: HttpRequest,
        response: HttpResponse,
        operation: str | None = None,
        arguments: Mapping[str, Any] | None = None,
        answer: Answer | None = None,
        user: str | None = None,
        soap: str = "1.1",
        seconds: float = 0.0,
        wrong: str = "",
    ) -> None:
        with self._lock:
            self._recorded += 1
            exchange = Exchange(
                self._recorded, request, response, operation, arguments or {}, answer, user, soap, seconds, wrong
            )
            self.exchanges.append(exchange)

    def _follow_session(self, operation: str, arguments: Mapping[str, Any], answer: Answer) -> None:
        if operation == _LOGIN and isinstance(answer, Returned):
            self._logged_in(arguments, answer.value or "")
        elif operation == _LOGIN and isinstance(answer, Odd) and 200 <= answer.status < 300:
            self._logged_in(arguments, "")
        elif operation == _LOGOFF and isinstance(answer, Returned):
            user = str(arguments.get("username"))
            with self._lock:
                self._open.pop(user, None)
                self.perhaps_open.discard(user)

    def _logged_in(self, arguments: Mapping[str, Any], key: str) -> None:
        """Somebody has logged in; an empty key is one that nobody has read."""
        user, password = arguments.get("username"), arguments.get("password")
        if not isinstance(user, str):
            return
        with self._lock:
            if key:
                self._open[user] = key
                self._users[key] = user
            else:
                self.perhaps_open.add(user)
        self.secrets.learn(key, f"<key of {user}>")
        if isinstance(password, str):
            self.secrets.learn(password, f"<password of {user}>")

    def _user_of(self, operation: str, arguments: Mapping[str, Any]) -> str | None:
        if operation in (_LOGIN, _LOGOFF):
            user = arguments.get("username")
            return user if isinstance(user, str) else None
        key = arguments.get("session_key")
        with self._lock:
            return self._users.get(key) if isinstance(key, str) else None
