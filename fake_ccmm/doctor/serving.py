"""Checks of serving: names, ports, proxies, and a server that is really started."""

from __future__ import annotations

import errno
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

from ..clock import stopwatch
from .addresses import EVERY_ADDRESS, in_url, is_loopback
from .certificates import files, said_with_fix
from .finding import OK, Outcome, ok, problem, warning
from .holder import can_connect, holder_of, how_to_find, silent_holder
from .proxies import LOOPBACK, how_to_except, proxies_for, sent_to_a_proxy

if TYPE_CHECKING:
    from .examination import Examination

_SLOW_SECONDS = 1.0
_FIRST_FREE_FOR_ALL = 1024


def proxies(asked: Examination) -> Outcome:
    """Whether no proxy gets what is meant for this machine."""
    root = asked.root
    scheme = root.scheme if root else "http"
    hosts = list(dict.fromkeys([*LOOPBACK, root.host] if root and is_loopback(root.host) else LOOPBACK))
    lost = sent_to_a_proxy(hosts, asked.environ)
    used = proxies_for(scheme, asked.environ)
    others = proxies_for("http" if scheme == "https" else "https", asked.environ)
    if not used and not others:
        return ok("no variable names a proxy")
    told = ", ".join(f"{name}={value}" for name, value in {**used, **others}.items())
    if not lost:
        return ok(f"{told}, but not for {', '.join(hosts)}")
    said, fix = f"{told} gets what is meant for {', '.join(lost)}", how_to_except(lost, asked.environ)
    return problem(said, fix) if used and set(lost) - {"::1"} else warning(said, fix)


def localhost(asked: Examination) -> Outcome:
    """Whether localhost leads to where a server listens by default, and to nobody else before that."""
    try:
        found = socket.getaddrinfo("localhost", asked.port_to_serve, type=socket.SOCK_STREAM)
    except OSError as error:
        return problem(
            f"the name localhost leads nowhere: {error.strerror or error}",
            "add a line '127.0.0.1 localhost' to the hosts file, or write 127.0.0.1 in URLs",
        )
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    told = ", then ".join(addresses)
    strange = [one for one in addresses if not is_loopback(one)]
    if strange:
        return problem(f"localhost is {told}, and {strange[0]} is not this machine alone", "mend the hosts file")
    serves_on = EVERY_ADDRESS.get(asked.host_to_serve, asked.host_to_serve)
    serves_on = "127.0.0.1" if serves_on == "localhost" else serves_on
    instead = f"write {serves_on} in URLs instead of localhost"
    if not is_loopback(serves_on):
        return ok(f"localhost is {told}")
    if serves_on not in addresses:
        return warning(f"localhost is {told}, and a server listens on {serves_on}", instead)
    if addresses[0] == serves_on:
        return ok(f"localhost is {told}")
    if can_connect(addresses[0], asked.port_to_serve) and asked.host_to_serve not in EVERY_ADDRESS:
        return warning(
            f"localhost is {told}, and somebody else listens on {in_url(addresses[0])}:{asked.port_to_serve}", instead
        )
    said = f"localhost is {told}, and a server listens on {serves_on}: a program that tries only the first misses it"
    return warning(said, instead) if asked.root and asked.root.host == "localhost" else ok(f"{said}; {instead}")


def port(asked: Examination) -> Outcome | None:
    """Whether the port can be listened on, and who holds it if not."""
    if not asked.is_to_serve:
        return None
    host, number = asked.host_to_serve, asked.port_to_serve
    what = f"{host} port {number}"
    try:
        family, _, _, _, address = socket.getaddrinfo(host, number, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as listener:
            if not hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(1)
    except (OSError, UnicodeError) as error:
        return _why_not(error, asked)
    return ok(f"{what} is free" if number else f"a free port of {host} can be had")


def _why_not(error: Exception, asked: Examination) -> Outcome:
    """Why the port cannot be listened on."""
    host, number = asked.host_to_serve, asked.port_to_serve
    what = f"{host} port {number}"
    code = error.errno if isinstance(error, OSError) and not isinstance(error, socket.gaierror) else None
    if code == errno.EADDRINUSE or (code == errno.EACCES and can_connect(EVERY_ADDRESS.get(host, host), number)):
        running = asked.running if asked.named_url is None else None
        is_silent = running is not None and running.silence is not None and running.silence.error is None
        holder = silent_holder(number) if is_silent else holder_of(host, number)
        if holder.version is not None:
            return ok(f"{what} is held by {holder}: use that, or serve with --port 0")
        fix = "serve with another --port, such as --port 0, or stop what holds it"
        return problem(f"{what} is held by {holder}", fix if holder.process else f"{fix}: {how_to_find(number)}")
    if code == errno.EACCES:
        return problem(
            f"{what} is not for everybody to listen on",
            f"take a --port from {_FIRST_FREE_FOR_ALL} on, such as 8080" if number < _FIRST_FREE_FOR_ALL else _ZERO,
        )
    reason = getattr(error, "strerror", None) or str(error)
    if code in (None, errno.EADDRNOTAVAIL):
        return problem(
            f"{host} is no address of this machine: {reason}",
            "give --host an address of this machine: 127.0.0.1 for itself alone, 0.0.0.0 for all networks",
        )
    return problem(f"{what} cannot be listened on: {reason}", _ZERO)


_ZERO = "serve with another --port, such as --port 0"


def start(asked: Examination) -> Outcome:
    """Whether a server really starts here, and a login and a log-off over SOAP work, in how long."""
    began = stopwatch()
    from ..center import ContactCenter
    from ..errors import SetupError
    from ..server import FakeCcmm

    is_usable = (found := files(asked)) is not None and found.status == OK
    tls = (asked.certificate, asked.key) if is_usable and asked.certificate and asked.key else None
    ccmm = FakeCcmm(ContactCenter(), log=None, tls=tls, control=False)
    try:
        ccmm.start()
        try:
            started = stopwatch()
            ccmm.check_soap()
            answered = stopwatch()
        finally:
            with suppress(RuntimeError):
                ccmm.stop()
    except SetupError as error:
        said, fix = said_with_fix(error)
        return problem(f"no server starts here: {said}", fix)
    told = (
        f"a server starts in {started - began:.2f} s, "
        f"and a login and a log-off take {(answered - started) * 1000:.0f} ms over {'HTTPS' if tls else 'HTTP'}"
    )
    if answered - started > _SLOW_SECONDS:
        return warning(told, "look for what slows loopback down: a security program, a debugger, a busy machine")
    return ok(told)
