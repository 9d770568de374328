"""Checks of the machine: its limits, its temporary folder, its clock, its variables."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from .addresses import masked, root_of
from .finding import Outcome, ok, problem, warning
from .variables import DEFAULT_URL, TOKEN_VARIABLE, URL_VARIABLE

if TYPE_CHECKING:
    from .examination import Examination

_FEW, _ENOUGH = 64, 1024
_ONE_DAY = 86_400
_RELEASED = datetime(2026, 1, 1, tzinfo=timezone.utc)
_FOREVER = 2100
_CA_FILES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "SSL_CERT_DIR")


def descriptors(_: Examination) -> Outcome | None:
    """Whether a process may have as many connections as a test may want; Windows has no such limit."""
    try:
        import resource
    except ImportError:
        return None
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= _ENOUGH:
        return ok(f"a process may have {'any number of' if soft == resource.RLIM_INFINITY else f'{soft:,}'} files open")
    raised = _ENOUGH if hard == resource.RLIM_INFINITY else min(_ENOUGH, hard)
    said = f"a process may have {soft:,} files and connections open, no more"
    return (problem if soft < _FEW else warning)(said, f"ulimit -n {raised}, in the shell that starts the server")


def temporary_folder(_: Examination) -> Outcome:
    """Whether a file can be written where temporary files go."""
    try:
        folder = tempfile.gettempdir()
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"fake-ccmm")
    except OSError as error:
        return problem(
            f"no temporary file can be written: {error.strerror or error}",
            "set the variable TMPDIR to a folder that can be written to",
        )
    return ok(f"{folder} can be written to")


def clock(asked: Examination) -> Outcome:
    """Whether the clock can be right: not before the package was made, and in this century."""
    moment = datetime.fromtimestamp(asked.now(), timezone.utc)
    installed = datetime.fromtimestamp(_installed(), timezone.utc)
    told = f"{moment:%Y-%m-%d %H:%M} UTC"
    fix = "set this machine's clock; certificates and dates go by it"
    if moment < _RELEASED or moment.year >= _FOREVER:
        return problem(f"it is {told}, says the clock, which cannot be", fix)
    if (installed - moment).total_seconds() > _ONE_DAY:
        return warning(f"it is {told}, says the clock, but fake-ccmm was installed on {installed:%Y-%m-%d}", fix)
    return ok(f"it is {told}")


def _installed() -> float:
    """When this package's files were written, as far as the file system knows."""
    try:
        return Path(__file__).stat().st_mtime
    except OSError:
        return 0.0


def variables(asked: Examination) -> Outcome:
    """Whether the variables that commands read can be what they should."""
    url, token = (asked.environ.get(name, "") for name in (URL_VARIABLE, TOKEN_VARIABLE))
    if url and root_of(url) is None:
        return problem(f"{URL_VARIABLE} is no URL of a server: {masked(url)!r}", f"export {URL_VARIABLE}={DEFAULT_URL}")
    if url and ("@" in url or not url.isprintable() or " " in url):
        return problem(f"{URL_VARIABLE} is not a plain URL: {masked(url)!r}", f"export {URL_VARIABLE}={root_of(url)}")
    if token and not (token.isascii() and token.isprintable()):
        return problem(f"{TOKEN_VARIABLE} is not printable ASCII text", f"unset {TOKEN_VARIABLE}, or set the token")
    told = [f"{URL_VARIABLE} is {url}"] if url else []
    told += [f"{TOKEN_VARIABLE} is set"] if token else []
    return ok(", ".join(told) or f"{URL_VARIABLE} and {TOKEN_VARIABLE} are not set, and need not be")


def ca_variables(asked: Examination) -> Outcome:
    """Whether the variables that say which CAs to trust name what is there."""
    given = {name: asked.environ[name] for name in _CA_FILES if asked.environ.get(name)}
    missing = {
        name: value
        for name, value in given.items()
        if not any(os.path.exists(one) for one in (value.split(os.pathsep) if name == "SSL_CERT_DIR" else [value]))
    }
    if missing:
        return problem(
            " and ".join(f"{name} names {value!r}, which is not there" for name, value in missing.items()),
            f"unset {' '.join(missing)}; or have {'it' if len(missing) == 1 else 'each'} name a file that is there",
        )
    return ok(", ".join(f"{name} is {value}" for name, value in given.items()) or "no variable names other CAs")
