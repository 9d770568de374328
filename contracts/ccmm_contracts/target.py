"""The server that is checked: where it is, what it is, what the kit may do to it, and how it is left as it was.

A server that answers the control API of a mock may be filled, and its clock moved; what it held before is put back at
the end. Any other server is only read, unless the user names a campaign that may be written to.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import urlsplit, urlunsplit

from .answer import Answer, Fault, Returned
from .caller import Caller
from .domain import User
from .errors import KitError, SetUpBroken
from .mock import Mock, find_mock
from .operations import SERVICES
from .wire.description import differences
from .wire.http import Http
from .wire.schema import REVISIONS

SERVICES_PATH = "/ccmmoutboundwebservices"
"""Where the three services are on a server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOptions:
    """What the user says of a server: the options of ``ccmm-contracts server`` and of the pytest plugin.

    ``url`` is the server's, one of its services' or one of a mock's centers. ``write`` with ``campaign`` allows
    appending to that campaign, and closing what was appended. ``take_over`` logs the user off where somebody else is
    logged in as him. ``control`` False treats a mock as any other server; ``own_center`` leaves the center of the url
    alone and makes one beside it. ``timeout`` is in seconds. ``only`` and ``skip`` name contracts or rules.
    """

    url: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    second_user: str | None = None
    second_password: str | None = field(default=None, repr=False)
    base_user: str | None = None
    base_password: str | None = field(default=None, repr=False)
    write: bool = False
    campaign: int | None = None
    revision: str | None = None
    ca: str | None = None
    timeout: float = 10.0
    control: bool = True
    control_url: str | None = None
    control_token: str | None = field(default=None, repr=False)
    own_center: bool = False
    take_over: bool = False
    deep: bool = False
    seed: int = 0
    only: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()


def services_base(url: str) -> str:
    """The address that the services' names follow, from whatever address of a server a user has at hand.

    Raises SetUpBroken for what is no address.
    """
    parts = urlsplit(url if "//" in url else f"//{url}", scheme="http")
    try:
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if parts.scheme not in ("http", "https") or not host:
        raise SetUpBroken(f"{url!r} is no address of a server; give one such as http://127.0.0.1:8000")
    where = parts.path.lower().find(SERVICES_PATH)
    path = parts.path.rstrip("/") + SERVICES_PATH if where < 0 else parts.path[: where + len(SERVICES_PATH)]
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


class Target:
    """A server within reach. A context manager: on the way out it logs off whoever is still logged in, and a mock
    gets back what it held; :attr:`left_behind` then says what could not be undone.

    Raises SetUpBroken where there is no such server, where it has no WSDL, or where the user cannot log in.
    """

    def __init__(self, options: ServerOptions) -> None:
        _check(options)
        self.options = options
        self.run_id = secrets.token_hex(4)
        self.base = services_base(options.url)
        self.http = Http(ca_file=options.ca, timeout=options.timeout)
        self.facts: list[str] = []
        self.left_behind: list[str] = []
        self.mock: Mock | None = None
        self._saved = f"ccmm-contracts-{self.run_id}"
        self._is_own = False
        try:
            self.revision = self._read_wsdl()
            if options.control:
                self._find_mock()
            self.caller = Caller(self.base, self.http, revision=self.revision)
            self.user = self._user(options.user, options.password, "ccmm-contracts")
            self.second_user = self._other(options.second_user, options.second_password, "ccmm-second")
            self.base_user = self._other(options.base_user, options.base_password, "ccmm-base", base_install=True)
            for one in filter(None, (self.user, self.second_user, self.base_user)):
                self.caller.secrets.learn(one.password, f"<password of {one.name}>")
            self._try_log_in()
            if self.mock is not None and not self._is_own:
                self.mock.snapshot(self._saved)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Target:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Log off everybody that is still logged in, give a mock back what it held, and hang up."""
        if caller := getattr(self, "caller", None):
            self._log_everybody_off(caller)
        mock, self.mock = self.mock, None
        if mock is not None:
            self._give_back(mock)
        self.http.close()

    @property
    def may_write(self) -> bool:
        """Whether contacts may be appended, and closed."""
        return self.mock is not None or self.options.write

    # --- on the way in --------------------------------------------------------------------------------------------

    def _read_wsdl(self) -> str:
        """The revision to speak, by the option or as the server's own WSDL has it."""
        caller = Caller(self.base, self.http)
        by_revision: dict[str, list[str]] = {one: [] for one in REVISIONS}
        for service in SERVICES:
            for revision, lines in differences(service, caller.wsdl(service)).items():
                by_revision[revision] += [f"{service}: {line}" for line in lines]
        nearest = min(REVISIONS, key=lambda one: len(by_revision[one]))
        if not by_revision[nearest]:
            self.facts.append(f"its WSDL is that of revision {nearest}")
        else:
            self.facts.append(f"its WSDL is of no revision that is known; nearest is {nearest}, from which it differs:")
            self.facts += [f"  {line}" for line in by_revision[nearest]]
        return self.options.revision or nearest

    def _find_mock(self) -> None:
        options = self.options
        try:
            self.mock = find_mock(self.base, self.http, token=options.control_token, control_url=options.control_url)
        except SetUpBroken:
            if options.control_token or options.control_url:
                raise
            self.facts.append("it is a mock whose control API wants a token (--control-token): treated as any server")
            return
        if self.mock is None:
            self.facts.append("it answers no control API of a mock: its clock cannot be moved, and it is not reset")
            return
        if options.own_center:
            self.mock = self.mock.create_center(self._saved, None)
            self._is_own = True
            self.base = self.mock.base
        self.facts.append("it is a mock: the kit fills it, moves its clock, and gives back what it held")

    def _user(self, name: str | None, password: str | None, invented: str, *, base_install: bool = False) -> User:
        if name is None and self.mock is None:
            raise SetUpBroken("somebody has to log in: give --user and --password")
        if name is None:
            return User(invented, secrets.token_urlsafe(12), base_install)
        return User(name, password or "", base_install)

    def _other(
        self, name: str | None, password: str | None, invented: str, *, base_install: bool = False
    ) -> User | None:
        """A further user: as named, or on a mock invented."""
        if name is None and self.mock is None:
            return None
        return self._user(name, password, invented, base_install=base_install)

    def _try_log_in(self) -> None:
        """A user that the options name can log in: else nothing the kit finds would mean anything."""
        named = [(self.options.user, self.user), (self.options.second_user, self.second_user)]
        for given, user in named:
            if given is None or user is None:
                continue
            answer = self.caller.call("OutboundLogin", username=user.name, password=user.password)
            if isinstance(answer, Fault) and "already logged in" in answer.text:
                if self.mock is not None:
                    continue  # a session of somebody else's, who gets it back at the end
                answer = self._take_over(user)
            if not isinstance(answer, Returned) or not answer.value:
                why = answer.text if isinstance(answer, Fault) else "no session key came back"
                raise SetUpBroken(f"{user.name} cannot log in at {self.base}: {why}. Check --user and --password")
            self.caller.call("OutboundLogoff", username=user.name)

    def _take_over(self, user: User) -> Answer:
        if not self.options.take_over:
            raise SetUpBroken(
                f"somebody is logged in as {user.name} already, and would be thrown out; wait, give another --user, or "
                "allow it with --take-over"
            )
        self.caller.call("OutboundLogoff", username=user.name)
        return self.caller.call("OutboundLogin", username=user.name, password=user.password)

    # --- on the way out -------------------------------------------------------------------------------------------

    def _log_everybody_off(self, caller: Caller) -> None:
        for name in sorted({*caller.open_users(), *caller.perhaps_open}):
            try:
                answer = caller.call("OutboundLogoff", username=name)
            except KitError as error:
                self.left_behind.append(f"the session of {name}, which could not be closed: {error}")
                continue
            if not isinstance(answer, Returned) and self.mock is None:
                self.left_behind.append(f"perhaps the session of {name}: its log-off was refused")

    def _give_back(self, mock: Mock) -> None:
        try:
            if self._is_own:
                mock.delete()
            else:
                mock.restore(self._saved)
                mock.forget_snapshot(self._saved)
        except KitError as error:
            self.left_behind.append(f"the mock as the kit filled it (snapshot {self._saved} has what it held): {error}")


def _check(options: ServerOptions) -> None:
    """Options that contradict each other, before anything is called."""
    if options.write and options.campaign is None:
        raise SetUpBroken("--write needs --campaign ID: the one campaign that may be written to")
    if options.revision is not None and options.revision not in REVISIONS:
        raise SetUpBroken(f"there is no revision {options.revision!r}; there are {', '.join(REVISIONS)}")
    pairs: Sequence[tuple[str, str | None, str | None]] = (
        ("user", options.user, options.password),
        ("second-user", options.second_user, options.second_password),
        ("base-user", options.base_user, options.base_password),
    )
    for name, user, password in pairs:
        if (user is None) != (password is None):
            raise SetUpBroken(f"--{name} and its password belong together: give both or neither")
