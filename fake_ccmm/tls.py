"""HTTPS: a certificate made for the moment by a certificate authority (CA) of its own, or one that is given."""

from __future__ import annotations

import os
import socket
import ssl
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NoReturn, TypeAlias

from .errors import SetupError

StrPath: TypeAlias = str | os.PathLike[str]

Tls: TypeAlias = Literal["adhoc"] | tuple[StrPath, StrPath]
"""How to serve over HTTPS: ``"adhoc"``, or the files of a certificate (with its chain) and of its key, both PEM."""

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_ALL_ADDRESSES = ("0.0.0.0", "::")  # noqa: S104


@dataclass(frozen=True, slots=True)
class Encryption:
    """What a server over HTTPS needs: its context and, where the certificate is ad hoc, the CA to trust.

    ``ca_file`` is in a folder of its own that only this user can read, and is gone after ``remove``.
    """

    context: ssl.SSLContext
    ca_file: Path | None = None
    _folder: tempfile.TemporaryDirectory[str] | None = None

    def remove(self) -> None:
        """Remove what was written, if anything was."""
        if self._folder is not None:
            self._folder.cleanup()


def check_tls(tls: object) -> None:
    """Raise SetupError unless ``tls`` is one of the things Tls allows, or None; the files are not looked at."""
    is_pair = isinstance(tls, tuple) and len(tls) == 2 and all(isinstance(one, (str, os.PathLike)) for one in tls)
    if tls is not None and tls != "adhoc" and not is_pair:
        raise SetupError(f'tls is "adhoc", or the paths of a certificate and of its key in a tuple, not {tls!r}')


def make_encryption(tls: Tls, host: str) -> Encryption:
    """What is needed to serve at ``host`` as ``tls`` says; raises SetupError where a file cannot be used for that."""
    return _adhoc(host) if isinstance(tls, str) else Encryption(_context_of(*tls))


def _adhoc(host: str) -> Encryption:
    """A certificate for ``host`` and this machine's own names, from a CA whose key is thrown away."""
    import trustme

    ca = trustme.CA(organization_name="fake-ccmm", organization_unit_name="CA for one run")
    names = dict.fromkeys([*_LOOPBACK, socket.gethostname() if host in _ALL_ADDRESSES else host.partition("%")[0]])
    try:
        certificate = ca.issue_cert(*names)
    except ValueError as error:
        if host not in _ALL_ADDRESSES:
            raise SetupError(
                f"no certificate can be made for the host {host!r}: {error}; listen on an address such as 127.0.0.1, "
                "or give a certificate of your own"
            ) from None
        certificate = ca.issue_cert(*_LOOPBACK)  # a machine may be named as no certificate can be, such as my_pc
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        certificate.configure_cert(context)
        folder = tempfile.TemporaryDirectory(prefix="fake-ccmm-", ignore_cleanup_errors=True)
        ca_file = Path(folder.name, "ca.pem")
        ca.cert_pem.write_to_path(ca_file)
    except OSError as error:
        raise SetupError(
            f"cannot write the CA's certificate: {error.strerror}; the variable TMPDIR can name a folder to write to"
        ) from None
    return Encryption(context, ca_file, folder)


def _context_of(certificate: StrPath, key: StrPath) -> ssl.SSLContext:
    """A context with the certificate and the key of these files."""
    _check_holds(certificate, b"CERTIFICATE-----", "certificate")
    _check_holds(key, b"PRIVATE KEY-----", "private key")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)

    def refuse() -> NoReturn:  # without it OpenSSL would ask at the terminal
        raise SetupError(
            f"{os.fspath(key)}: is encrypted; give a key without a password, such as 'openssl pkey -in KEY -out PLAIN' "
            "writes"
        )

    try:
        context.load_cert_chain(certificate, key, password=refuse)
    except ssl.SSLError as error:
        raise SetupError(
            f"{os.fspath(key)}: is not the private key of the certificate {os.fspath(certificate)}; give the key that "
            "the certificate was made for"
            if error.reason == "KEY_VALUES_MISMATCH"
            else f"{os.fspath(certificate)} and {os.fspath(key)}: cannot be used as a certificate and its key: "
            f"{error.reason or error}; both have to be whole PEM files"
        ) from None
    return context


def _check_holds(file: StrPath, mark: bytes, what: str) -> None:
    """Raise SetupError unless the file can be read and has such a thing in it."""
    try:
        text = Path(file).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise SetupError(f"{os.fspath(file)}: cannot be read: {reason}; give the PEM file of the {what}") from None
    if mark not in text:
        raise SetupError(
            f"{os.fspath(file)}: holds no {what}; give a PEM file, with a line that ends with {mark.decode()}"
        )
