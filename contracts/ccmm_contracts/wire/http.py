"""HTTP over urllib3: each request goes out once, whatever becomes of it."""

from __future__ import annotations

import ssl
from threading import Lock
from types import TracebackType
from urllib.parse import SplitResult, urlsplit

from urllib3 import HTTPConnectionPool, HTTPHeaderDict, HTTPSConnectionPool, Timeout
from urllib3 import exceptions as errors

from ..errors import SetUpBroken, Unreachable
from ..exchange import HttpRequest, HttpResponse

_CONNECTIONS_KEPT = 16
_USER_AGENT = ("User-Agent", "ccmm-contracts")


class AnswerLost(Unreachable):
    """The request went out, or part of it, but no whole answer came: nobody knows whether it was carried out."""


class Http:
    """Sends requests, keeping connections alive. Several threads may send at once.

    A request is never sent twice: not when a connection breaks, not for a redirect. A connection that the server has
    closed while it lay idle is found out before it is used again. Proxies that the environment names are not used.
    """

    def __init__(self, *, ca_file: str | None = None, timeout: float = 10.0) -> None:
        """``ca_file`` holds, in PEM, the authorities to trust in place of the system's; ``timeout`` is in seconds.

        Raises SetUpBroken where ``ca_file`` cannot be read.
        """
        self._ca_file = ca_file
        self._seconds = timeout
        self._timeout = Timeout(connect=timeout, read=timeout)
        self._pools: dict[tuple[str, str], HTTPConnectionPool] = {}
        self._lock = Lock()
        self._tls = _tls(ca_file) if ca_file else None

    def __enter__(self) -> Http:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def send(self, request: HttpRequest) -> HttpResponse:
        """The answer, whatever its status; its body is as it was sent, compressed where the server compressed it.

        Raises Unreachable where none came, as AnswerLost where the request may have been carried out all the same.
        """
        try:
            address = urlsplit(request.url)
            pool = self._pool(address)
            answer = pool.urlopen(
                request.method,
                _target(address),
                body=request.body or None,
                headers=_headers(request),
                retries=False,
                redirect=False,
                assert_same_host=False,
                timeout=self._timeout,
                decode_content=False,
            )
        except (errors.HTTPError, OSError) as error:
            raise self._unreachable(request.url, error) from error
        except ValueError as error:
            raise Unreachable(f"{request.url!r} is no address that can be called: {error}") from error
        return HttpResponse(answer.status, answer.reason or "", tuple(answer.headers.items()), answer.data)

    def close(self) -> None:
        """Close every connection that is kept; sending again opens new ones."""
        with self._lock:
            pools, self._pools = list(self._pools.values()), {}
        for pool in pools:
            pool.close()

    def _pool(self, address: SplitResult) -> HTTPConnectionPool:
        origin = (address.scheme, address.netloc)
        pool = self._pools.get(origin)
        if pool is None:
            with self._lock:
                pool = self._pools.get(origin)
                if pool is None:
                    pool = self._pools[origin] = self._new_pool(address)
        return pool

    def _new_pool(self, address: SplitResult) -> HTTPConnectionPool:
        if address.scheme not in ("http", "https") or not address.hostname:
            raise ValueError("it must start with http:// or https:// and name a host")
        if address.scheme == "http":
            return HTTPConnectionPool(address.hostname, address.port, maxsize=_CONNECTIONS_KEPT)
        if self._tls is None:
            self._tls = _tls(None)
        return HTTPSConnectionPool(address.hostname, address.port, maxsize=_CONNECTIONS_KEPT, ssl_context=self._tls)

    def _unreachable(self, url: str, error: Exception) -> Unreachable:
        """What to tell of ``error``, and what to do about it. Bodies, which may hold passwords, are never told."""
        address = urlsplit(url)
        origin = f"{address.scheme}://{address.netloc.rpartition('@')[2]}"
        seconds = f"{self._seconds:g} seconds"
        if isinstance(error, errors.NameResolutionError):
            return Unreachable(f"{origin}: nobody knows the host {address.hostname!r}; check the address for a slip")
        if isinstance(error, errors.NewConnectionError):
            return Unreachable(f"{origin}: no connection ({_reason(error)}); is the server running, on this port?")
        if isinstance(error, errors.ConnectTimeoutError):
            return Unreachable(
                f"{origin}: no connection within {seconds}; check the address, the network, the firewall"
            )
        if isinstance(error, errors.ReadTimeoutError):
            return AnswerLost(
                f"{origin}{address.path}: no answer within {seconds}; is the server busy, or is the time-out too short?"
            )
        if isinstance(error, errors.SSLError):
            return Unreachable(_tls_told(origin, error))
        why = f"the connection broke off before the answer was whole ({_reason(error)}); see the server's log"
        return AnswerLost(f"{origin}{address.path}: {why}")


def _tls(ca_file: str | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise SetUpBroken(
            f"{ca_file}: no certificates can be read from it ({error}); --ca takes a file in PEM"
        ) from error
    # From Python 3.13 on, certificates of many a company's own authority would be refused that everybody else takes.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def _tls_told(origin: str, error: errors.SSLError) -> str:
    cause = error.args[0] if error.args else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return (
            f"{origin}: its certificate is not trusted ({cause.verify_message}); "
            "name the file with its authority's certificate: --ca FILE"
        )
    why = (getattr(cause, "reason", None) or str(cause)).replace("_", " ").lower()
    return (
        f"{origin}: no TLS connection ({why}); does the address start with http:// in truth? "
        "A certificate of one's own is named with --ca FILE"
    )


def _reason(error: BaseException) -> str:
    """The innermost cause, in the system's words."""
    inner = error.args[-1] if error.args else None
    if isinstance(inner, BaseException):
        return _reason(inner)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if error.__cause__ is not None:
        return _reason(error.__cause__)
    return str(error) or type(error).__name__


def _target(address: SplitResult) -> str:
    path = address.path or "/"
    return f"{path}?{address.query}" if address.query else path


def _headers(request: HttpRequest) -> dict[str, str] | HTTPHeaderDict:
    named = {name.lower() for name, _ in request.headers}
    every = request.headers if "user-agent" in named else (*request.headers, _USER_AGENT)
    if len(named) == len(request.headers):
        return dict(every)
    doubled = HTTPHeaderDict()
    for name, value in every:
        doubled.add(name, value)
    return doubled
