"""A running server: binds, serves in a thread of this process, says when it is ready, stops."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any

import uvicorn

from .app import FakeCcmmApp
from .asmx.paths import APPLICATION
from .center import ContactCenter
from .clock import Clock
from .demo.center import DEMO_PASSWORD, DEMO_USER, demo_center
from .errors import SetupError
from .profile import Profile, make_profile
from .request_log import Log, log_to_logging
from .soap.names import REVISIONS
from .transport import CcmmHttpProtocol

_REACHABLE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
_START_SECONDS = 10.0
_STOP_SECONDS = 5.0


class FakeCcmm:
    """The three services on a loopback port, for as long as the ``with`` block lasts.

    ``center`` is the center to serve; without one, the demo center with ``profile``, a Profile or a mapping of
    choices, and ``clock``. ``revision`` is the WSDL served, ``sdk-7.0`` or ``priority``. Port 0 picks a free one.
    Raises SetupError where it cannot be started as asked.
    """

    def __init__(
        self,
        center: ContactCenter | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        revision: str = REVISIONS[0],
        profile: Profile | Mapping[str, Any] | None = None,
        clock: Clock | None = None,
        log: Log | None = log_to_logging,
    ) -> None:
        if revision not in REVISIONS:
            raise SetupError(f"revision is one of {', '.join(REVISIONS)}, not {revision!r}")
        if center is not None and (profile is not None or clock is not None):
            raise SetupError("a center has its own profile and clock; give them to ContactCenter instead")
        if not isinstance(host, str) or not host:
            raise SetupError(f"host is an address of this machine, such as 127.0.0.1 or ::1, not {host!r}")
        if not isinstance(port, int) or not 0 <= port <= 65535:
            raise SetupError(f"port is a number from 0 to 65535, not {port!r}")
        if not isinstance(profile, (Profile, Mapping, type(None))):
            raise SetupError(f"profile is a Profile, or choices by name in a mapping, not {profile!r}")
        if not isinstance(profile, Profile):
            profile = make_profile(profile or {})
        self.center = center or demo_center(profile=profile, clock=clock)
        self._app = FakeCcmmApp(self.center, revision=revision, log=log)
        self._host = host
        self._port = port
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    user = DEMO_USER
    """Who can log in to the demo center."""

    password = DEMO_PASSWORD
    """The demo user's password."""

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
        return f"http://{self.host}:{self.port}"

    @property
    def utility_url(self) -> str:
        """The address of OutboundUtilityWS."""
        return self.service_url("OutboundUtilityWS")

    @property
    def campaign_url(self) -> str:
        """The address of OutboundCampaignWS."""
        return self.service_url("OutboundCampaignWS")

    @property
    def contact_url(self) -> str:
        """The address of OutboundContactWS."""
        return self.service_url("OutboundContactWS")

    def service_url(self, service: str) -> str:
        """The address of a service by its name."""
        return f"{self.url}{APPLICATION}/{service}.asmx"

    def start(self) -> FakeCcmm:
        """Bind and serve; returns when connections are accepted."""
        if self._thread is not None:
            raise SetupError("this server is running already; stop it first, or make another")
        listener = _bind(self._host, self._port)
        self._port = listener.getsockname()[1]
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
            backlog=2048,
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config, ready.set)
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name=f"fake-ccmm:{self._port}", daemon=True
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

    def __enter__(self) -> FakeCcmm:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Server(uvicorn.Server):
    """Uvicorn's server, but told to stop by an event rather than found out by a poll, and deaf to signals."""

    def __init__(self, config: uvicorn.Config, when_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_ready = when_ready
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        await self.on_tick(0)
        self._when_ready()
        counter = 0
        while not self.should_exit:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), 0.5)
            counter = (counter + 10) % 864000
            await self.on_tick(counter)

    def ask_to_stop(self) -> None:
        """From any thread."""
        self.should_exit = True
        if self._loop is not None and self._stopping is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


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
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise SetupError(
            f"cannot listen on {host} port {port}: {error.strerror}; choose another port, or 0 for a free one"
        ) from None
    return listener
