"""What is examined: what the command line asks for, and what several checks need to know of a server."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ..clock import real_seconds
from .addresses import Root, in_url, masked, root_of
from .running import Running, look
from .variables import DEFAULT_HOST, DEFAULT_PORT, TOKEN_VARIABLE, URL_VARIABLE


@dataclass(frozen=True)
class Examination:
    """What to examine; None is what was not given.

    ``url`` is a running server's, ``host`` and ``port`` are those to serve on, ``certificate`` and ``key`` the files to
    serve with, ``ca`` the file of the CA that clients trust, ``token`` what the server's control API asks for.
    ``environ`` are the variables, ``packages`` the folders where packages are looked for, ``now`` the clock.
    """

    url: str | None = None
    host: str | None = None
    port: int | None = None
    certificate: Path | None = None
    key: Path | None = None
    ca: Path | None = None
    token: str | None = None
    environ: Mapping[str, str] = field(default_factory=lambda: os.environ)
    packages: Sequence[str] = field(default_factory=lambda: sys.path)
    now: Callable[[], float] = real_seconds

    @property
    def host_to_serve(self) -> str:
        """The address to listen on."""
        return self.host or DEFAULT_HOST

    @property
    def port_to_serve(self) -> int:
        """The port to listen on."""
        return DEFAULT_PORT if self.port is None else self.port

    @property
    def is_to_serve(self) -> bool:
        """Whether there is a port to listen on: not if only a running server is asked about."""
        return self.named_url is None or not (self.host is None and self.port is None)

    @property
    def named_url(self) -> str | None:
        """The server that is named, by the command line or the environment; None if it is the default one."""
        return self.url or self.environ.get(URL_VARIABLE) or None

    @property
    def root(self) -> Root | None:
        """Where the running server is, None where its URL can be none."""
        if self.named_url is not None:
            return root_of(self.named_url)
        scheme = "https" if self.certificate else "http"
        return root_of(f"{scheme}://{in_url(self.host_to_serve)}:{self.port_to_serve}")

    @property
    def shown_url(self) -> str:
        """The running server's URL, as it may be shown."""
        return masked(self.named_url or "") or str(self.root)

    @property
    def token_to_show(self) -> str | None:
        """What the server's control API gets as its token."""
        return self.token or self.environ.get(TOKEN_VARIABLE) or None

    @cached_property
    def running(self) -> Running | None:
        """The running server, looked at once; None where its URL can be none."""
        return None if self.root is None else look(self.root, self.ca, self.token_to_show)
