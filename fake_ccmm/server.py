"""A running server: binds, serves in a thread of this process, says when it is ready, stops."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import secrets
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import uvicorn

from . import descriptors
from .app import Control, FakeCcmmApp
from .bounds import Bounds, make_bounds
from .center import ContactCenter
from .clock import SettableClock
from .demo.center import demo_center
from .errors import SetupError
from .gate import Gate
from .notices import Notices
from .profile import Profile, make_profile
from .readiness import Readiness
from .request_log import Log, log_to_logging
from .served import NamedCenter, ServedCenter, read_seed_like
from .soap.contact_xml import XML_CONTACTS
from .soap.names import REVISIONS
from .tls import Encryption, Tls, check_tls, make_encryption
from .transport import CcmmHttpProtocol
from .world import World, Worlds

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

    from .control import ControlApi
    from .served import SeedLike

_REACHABLE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
_START_SECONDS = 10.0
_STOP_SECONDS = 5.0
_GOODBYE_SECONDS = 0.05


class FakeCcmm(ServedCenter):
    """The three services on a loopback port, for as long as the ``with`` block lasts.

    ``center`` is the center to serve, or ``seed`` what it is made from: a Seed, a mapping or a file's path; without
    either, the demo center with ``profile``, a Profile or a mapping of choices, and ``clock``. More centers come with
    :meth:`create_center`. ``revision`` is the WSDL served, ``sdk-7.0`` or ``priority``. Port 0 picks a free one.

    ``tls`` serves over HTTPS: ``"adhoc"`` with a certificate made for the moment, whose CA is in ``ca_file`` while it
    runs, or ``(certificate, key)``, the paths of PEM files. ``control`` says whether the control API is served,
    ``control_port`` that it has a port of its own (0 picks one), ``control_token`` what its clients have to show;
    beyond loopback there always is one. ``bounds`` is what the server takes at most, Bounds or some of them by name in
    a mapping. Raises SetupError where it cannot be started as asked.
    """

    def __init__(
        self,
        center: ContactCenter | None = None,
        *,
        seed: SeedLike | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        revision: str = REVISIONS[0],
        profile: Profile | Mapping[str, Any] | None = None,
        clock: SettableClock | None = None,
        log: Log | None = log_to_logging,
        tls: Tls | None = None,
        control: bool = True,
        control_port: int | None = None,
        control_token: str | None = None,
        bounds: Bounds | Mapping[str, Any] | None = None,
    ) -> None:
        if revision not in REVISIONS:
            raise SetupError(f"revision is one of {', '.join(REVISIONS)}, not {revision!r}")
        if center is not None and seed is not None:
            raise SetupError("give a center or a seed to make one from, not both")
        if profile is not None or clock is not None:
            if center is not None:
                raise SetupError("a center has its own profile and clock; give them to ContactCenter instead")
            if seed is not None:
                raise SetupError("a seed has its own profile and clock; say there what they are")
        if not isinstance(host, str) or not host:
            raise SetupError(f"host is an address of this machine, such as 127.0.0.1 or ::1, not {host!r}")
        for name, number in (("port", port), ("control_port", control_port or 0)):
            if not isinstance(number, int) or not 0 <= number <= 65535:
                raise SetupError(f"{name} is a number from 0 to 65535, not {number!r}")
        if not isinstance(profile, (Profile, Mapping, type(None))):
            raise SetupError(f"profile is a Profile, or choices by name in a mapping, not {profile!r}")
        if not isinstance(profile, Profile):
            profile = make_profile(profile or {})
        check_tls(tls)
        if center is None:
            center = demo_center(profile=profile, clock=clock) if seed is None else ContactCenter()
        center.keep_contacts_as(XML_CONTACTS)
        self._bounds = make_bounds(bounds)
        self._worlds = Worlds(World(center), self._bounds)
        if seed is not None:
            self.world.load(read_seed_like(seed))
        self._host = host
        self._port = port
        self._tls = tls
        self._has_control = control
        self._control_port = control_port if control else None
        self._control_token = control_token
        if control and control_token is None and not _is_loopback(host):
            self._control_token = secrets.token_urlsafe(24)
        self._notices = Notices()
        self._app = FakeCcmmApp(self._worlds, revision=revision, log=log, bounds=self._bounds, notices=self._notices)
        self._readiness = Readiness(self._worlds)
        self._control: ControlApi | None = None
        self._making_control = threading.Lock()
        self._encryption: Encryption | None = None
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def world(self) -> World:
        return self._worlds.default

    def create_center(self, name: str | None = None, seed: SeedLike | None = None) -> NamedCenter:
        """One more center with a state, clock, journal, profile and addresses of its own.

        It is what ``seed`` says, or what the default center was started with. Without a ``name`` it gets one.
        Used in a ``with`` statement, it is gone at the end of the block. Raises SetupError where the name is taken.
        """
        made = None if seed is None else read_seed_like(seed)
        world = self._worlds.create(name or f"center-{secrets.token_hex(6)}", made)
        return self._named(world)

    def center_named(self, name: str) -> NamedCenter:
        """A center that is there already; a SetupError where there is none of that name."""
        return self._named(self._worlds.get(name))

    @property
    def bounds(self) -> Bounds:
        """What the server takes at most."""
        return self._bounds

    def _named(self, world: World) -> NamedCenter:
        return NamedCenter(world, lambda: self.url, self._worlds.delete)

    @property
    def host(self) -> str:
        """The host as it stands in a URL that works on this machine."""
        host = _REACHABLE.get(self._host, self._host)
        return f"[{host}]" if ":" in host else host

    @property
    def port(self) -> int:
        """The port it listens on; picked when started, if 0 was asked for."""
        return self._port

    @property
    def url(self) -> str:
        """The root of the server, without a slash at the end."""
        return f"{'https' if self._tls else 'http'}://{self.host}:{self.port}"

    @property
    def ca_file(self) -> Path | None:
        """The certificate for clients to trust, as PEM: there while it runs with ``tls="adhoc"``, None otherwise."""
        return self._encryption.ca_file if self._encryption else None

    @property
    def control_url(self) -> str | None:
        """The address of the control API, None where it is off; a port of its own is known when it runs."""
        if not self._has_control:
            return None
        port = self._port if self._control_port is None else self._control_port
        return f"{'https' if self._tls else 'http'}://{self.host}:{port}/control/v1"

    @property
    def control_token(self) -> str | None:
        """What clients of the control API have to show as ``Authorization: Bearer``; None where nothing is asked."""
        return self._control_token

    def check_soap(self) -> None:
        """Log in and off over SOAP, at a center that nobody else uses; a SetupError where that does not work."""
        self._readiness.check(self.url, self.ca_file)

    def start(self) -> FakeCcmm:
        """Bind and serve; returns when connections are accepted."""
        if self._thread is not None:
            raise SetupError("this server is running already; stop it first, or make another")
        listeners = self._listen()
        try:
            self._encryption = make_encryption(self._tls, self._host) if self._tls else None
        except SetupError:
            for listener in listeners:
                listener.close()
            raise
        self._app.control = Control(self._steer, self._control_port) if self._has_control else None
        ready = threading.Event()
        config = uvicorn.Config(
            self._app,
            http=CcmmHttpProtocol,
            ws="none",
            interface="asgi3",
            lifespan="off",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        config.load()
        config.ssl = self._encryption.context if self._encryption else None
        most = descriptors.room(self._bounds.connections)
        gate = Gate(self._bounds, self._notices, most, descriptors.lingering(most))
        self._server = _Server(config, gate, ready.set)
        self._thread = threading.Thread(
            target=self._server.run, args=(listeners,), name=f"fake-ccmm:{self._port}", daemon=True
        )
        self._thread.start()
        if not ready.wait(_START_SECONDS):
            raise SetupError(f"the server did not start within {_START_SECONDS:g} seconds")
        return self

    def stop(self) -> None:
        """Close every connection and the port; nothing if it is not running."""
        server, thread = self._server, self._thread
        if server is None or thread is None:
            return
        self._server = self._thread = None
        server.ask_to_stop()
        thread.join(_STOP_SECONDS)
        if self._encryption is not None:
            self._encryption.remove()
            self._encryption = None

    def _listen(self) -> list[socket.socket]:
        """Bind the port of the services and that of the control API, where it has one."""
        listener = _bind(self._host, self._port)
        self._port = listener.getsockname()[1]
        if self._control_port is None:
            return [listener]
        try:
            control = _bind(self._host, self._control_port)
        except SetupError:
            listener.close()
            raise
        self._control_port = control.getsockname()[1]
        return [listener, control]

    def _steer(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """The control API; imported by the first request to it, which is in a thread."""
        with self._making_control:
            if self._control is None:
                from .control import ControlApi

                port = None if self._control_port is None else self._port
                self._control = ControlApi(
                    self._worlds, token=self._control_token, check_soap=self.check_soap, port=port
                )
            api = self._control
        return api(environ, start_response)

    def __enter__(self) -> FakeCcmm:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Server(uvicorn.Server):
    """Uvicorn's server, but told to stop by an event rather than found out by a poll, and deaf to signals."""

    def __init__(self, config: uvicorn.Config, gate: Gate, when_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._gate = gate
        self._when_ready = when_ready
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept connections; uvicorn's own way gives a TLS handshake no time of ours, and connections no gate."""
        await self.on_tick(0)  # the first Date header
        self._listeners = list(sockets or ())
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._note_failure)
        tls: dict[str, Any] = {}
        if self.config.ssl:
            tls = {"ssl": self.config.ssl, "ssl_handshake_timeout": self._gate.bounds.handshake_seconds}
        waiting = descriptors.backlog(self._gate.most_connections)
        self.servers = [
            await loop.create_server(self._new_connection, sock=one, backlog=waiting, **tls) for one in self._listeners
        ]
        self.started = True

    def _new_connection(self) -> CcmmHttpProtocol:
        return CcmmHttpProtocol(self._gate, config=self.config, server_state=self.server_state, app_state={})

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        self._when_ready()
        counter = 0
        while not self.should_exit:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), 0.5)
            counter = (counter + 10) % 864000
            await self.on_tick(counter)
            if self._listeners and not descriptors.are_left(self._listeners[0].fileno()):
                self._tell_no_descriptors()

    def _tell_no_descriptors(self) -> None:
        self._gate.notices.tell(
            "descriptors",
            f"this process has {descriptors.limit():,} files and connections open, and may have no more: new ones are "
            "refused; raise the limit with 'ulimit -n' before the start, or take fewer with --bound connections=N",
        )

    def _note_failure(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """asyncio's own loop tells here that it could not accept a connection, and waits for a second then."""
        error = context.get("exception")
        if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
            self._tell_no_descriptors()
        else:
            loop.default_exception_handler(context)

    def ask_to_stop(self) -> None:
        """From any thread."""
        self.should_exit = True
        if self._loop is not None and self._stopping is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn does, but without waiting until the client of an idle TLS connection says goodbye as well."""
        if self.config.ssl:
            asyncio.get_running_loop().call_later(_GOODBYE_SECONDS, self._hang_up)
        await super().shutdown(sockets)

    def _hang_up(self) -> None:
        for connection in list(self.server_state.connections):
            transport = connection.transport
            if transport is not None and not transport.get_write_buffer_size():
                transport.abort()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return all(ip_address(str(one[4][0]).partition("%")[0]).is_loopback for one in found)


def _bind(host: str, port: int) -> socket.socket:
    """A listening socket, or a SetupError that says what to do."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SetupError(f"cannot listen on {host} port {port}: {error}; give an address of this machine") from None
    try:
        if hasattr(socket, "SO_REUSEADDR") and not hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(1)  # as many as there is room for may wait when the loop listens
    except OSError as error:
        listener.close()
        raise SetupError(
            f"cannot listen on {host} port {port}: {error.strerror}; choose another port, or 0 for a free one"
        ) from None
    return listener
