"""Checks of certificates: one made for the moment, those of files, and that of a running server."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from .addresses import EVERY_ADDRESS
from .finding import Outcome, ok, problem, warning
from .handshake import distrust_of

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from .examination import Examination

_SOON = timedelta(days=14)
_NEW = "have a new certificate made, or serve with --tls adhoc"
_SET_CLOCK = "set this machine's clock, or have a new certificate made"


def adhoc(asked: Examination) -> Outcome:
    """Whether a certificate can be made for the moment, and a client that trusts its CA takes it."""
    from ..errors import SetupError
    from ..tls import make_encryption

    host = asked.host_to_serve
    try:
        encryption = make_encryption("adhoc", host)
    except SetupError as error:
        return problem(*said_with_fix(error))
    try:
        distrust = distrust_of(encryption.context, encryption.ca_file, EVERY_ADDRESS.get(host, host))
    finally:
        encryption.remove()
    if distrust is not None:
        return problem(f"a certificate made for {host} is not trusted: {distrust}", _SET_CLOCK)
    return ok("a certificate can be made for the moment: 'fake-ccmm serve --tls adhoc' serves over HTTPS")


def files(asked: Examination) -> Outcome | None:
    """Whether the certificate and the key can be used, and belong together."""
    from ..errors import SetupError
    from ..tls import make_encryption

    if asked.certificate is None or asked.key is None:
        return None
    try:
        make_encryption((asked.certificate, asked.key), asked.host_to_serve)
    except SetupError as error:
        return problem(*said_with_fix(error))
    return ok(f"{asked.certificate} and {asked.key} belong together")


def validity(asked: Examination) -> Outcome | None:
    """Whether the certificate of the file holds now, and for some time to come."""
    leaf = _leaf(asked.certificate)
    return None if leaf is None else _held(leaf, str(asked.certificate), asked.now())


def names(asked: Examination) -> Outcome | None:
    """Whether the certificate of the file is for the host that is served on."""
    leaf = _leaf(asked.certificate)
    if leaf is None:
        return None
    found = _names_in(leaf)
    if not found:
        return problem(
            f"{asked.certificate} names no host (it has no subjectAltName), so that no client takes it", _NEW
        )
    host = EVERY_ADDRESS.get(asked.host_to_serve, asked.host_to_serve)
    told = ", ".join(found)
    if _is_named(host, found):
        return ok(f"{asked.certificate} is for {told}")
    return warning(
        f"{asked.certificate} is for {told}, not for {host}",
        f"use https://{_concrete(found[0])} in clients, have a certificate made for {host}, or serve with --tls adhoc",
    )


def chain(asked: Examination) -> Outcome | None:
    """Whether a client that trusts the CA given, or those of this machine, trusts the certificate of the file."""
    from ..errors import SetupError
    from ..tls import make_encryption

    leaf = _leaf(asked.certificate)
    if leaf is None or asked.certificate is None or asked.key is None:
        return None
    found = _names_in(leaf)
    host = EVERY_ADDRESS.get(asked.host_to_serve, asked.host_to_serve)
    name = host if _is_named(host, found) or not found else _concrete(found[0])
    by = str(asked.ca) if asked.ca else "this machine's CAs"
    try:
        server = make_encryption((asked.certificate, asked.key), asked.host_to_serve).context
        distrust = distrust_of(server, asked.ca, name)
    except SetupError:
        return None  # files() has told
    except OSError as error:
        return problem(f"{asked.ca} cannot be read as the file of a CA: {error.strerror or 'no PEM'}", _WHICH_CA)
    if distrust is None:
        return ok(f"{asked.certificate} is trusted by {by}")
    if asked.ca is None:
        return warning(f"{asked.certificate} is not trusted by {by}: {distrust}", _WHICH_CA)
    return problem(
        f"{asked.certificate} is not trusted by {by}: {distrust}",
        "give the file of the CA that it is from as --ca, and the certificates between them in --tls-cert",
    )


_WHICH_CA = "give clients the file of the CA that it is from (PEM); --ca FILE has it checked here"


def of_server(asked: Examination) -> Outcome | None:
    """Whether the certificate of the running server is trusted and holds."""
    running = asked.running
    if running is None or running.certificate is None:
        return None
    if running.distrust is not None:
        return problem(
            f"the certificate of {running.root} is not trusted: {running.distrust}",
            "give the file of its CA with --ca (the 'ca' that 'fake-ccmm serve' prints), to clients too: curl takes it "
            "with --cacert, zeep and requests from REQUESTS_CA_BUNDLE",
        )
    from cryptography.x509 import load_der_x509_certificate

    return _held(load_der_x509_certificate(running.certificate), f"the certificate of {running.root}", asked.now())


def said_with_fix(error: Exception) -> tuple[str, str]:
    """What a SetupError says, and what it says to do about it: they stand with a semicolon between them."""
    said, _, fix = str(error).partition("; ")
    return said, fix or "see the message"


def _leaf(file: Path | None) -> Certificate | None:
    """The first certificate of a PEM file, which is the server's own; None where there is no such file or thing."""
    from cryptography.x509 import load_pem_x509_certificate

    if file is None:
        return None
    try:
        return load_pem_x509_certificate(file.read_bytes())
    except (OSError, ValueError):
        return None


def _held(certificate: Certificate, what: str, now: float) -> Outcome:
    moment = datetime.fromtimestamp(now, timezone.utc)
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if moment < start:
        return problem(f"{what} holds from {start:%Y-%m-%d %H:%M} UTC only; it is {moment:%Y-%m-%d %H:%M}", _SET_CLOCK)
    if moment > end:
        return problem(f"{what} has expired on {end:%Y-%m-%d}", _NEW)
    if end - moment < _SOON:
        return warning(f"{what} expires on {end:%Y-%m-%d}", _NEW)
    return ok(f"{what} holds until {end:%Y-%m-%d}")


def _names_in(certificate: Certificate) -> list[str]:
    """The hosts that a certificate is for."""
    from cryptography.x509 import DNSName, ExtensionNotFound, IPAddress, SubjectAlternativeName

    try:
        found = certificate.extensions.get_extension_for_class(SubjectAlternativeName).value
    except (ExtensionNotFound, ValueError):
        return []
    return [*found.get_values_for_type(DNSName), *map(str, found.get_values_for_type(IPAddress))]


def _is_named(host: str, found: Iterable[str]) -> bool:
    try:
        return str(ip_address(host.partition("%")[0])) in found
    except ValueError:
        host = host.lower()
    wildcard = f"*.{host.partition('.')[2]}"
    return any(one.lower() in (host, wildcard) for one in found)


def _concrete(name: str) -> str:
    """A host that a name of a certificate holds for."""
    return name.replace("*", "any", 1)
