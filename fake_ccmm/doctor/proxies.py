"""Proxies of the environment that would get what is meant for this machine."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping, Sequence
from ipaddress import ip_address, ip_network

from .addresses import in_url, masked

LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""What a proxy must not get."""

_VARIABLES = {
    "http": ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"),
    "https": ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"),
}
_EXCEPTIONS = ("no_proxy", "NO_PROXY")


def proxies_for(scheme: str, environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that name a proxy for a scheme, with what they name, its user and password masked."""
    return {name: masked(environ[name].strip()) for name in _VARIABLES[scheme] if environ.get(name, "").strip()}


def sent_to_a_proxy(hosts: Sequence[str], environ: Mapping[str, str]) -> list[str]:
    """The hosts that some program would ask a proxy for; programs differ in which spelling of NO_PROXY they read."""
    lists = [environ[name].split(",") for name in _EXCEPTIONS if environ.get(name, "").strip()]
    return [host for host in hosts if not lists or not all(_is_excepted(host, one) for one in lists)]


def how_to_except(hosts: Sequence[str], environ: Mapping[str, str]) -> str:
    """The command for the shell that has programs reach the hosts without a proxy."""
    given = [one.strip() for name in _EXCEPTIONS for one in environ.get(name, "").split(",")]
    value = ",".join(dict.fromkeys(one for one in (*given, *hosts) if one))
    if os.name == "nt":
        return f'set "NO_PROXY={value}"'
    value = shlex.quote(value)
    return f"export NO_PROXY={value} no_proxy={value}"


def _is_excepted(host: str, entries: Sequence[str]) -> bool:
    return any(_matches(host.lower(), one.strip().lower()) for one in entries)


def _matches(host: str, entry: str) -> bool:
    """Whether an entry of NO_PROXY holds for a host: it is everything, the same, a domain above it, or a network."""
    if not entry:
        return False
    if entry == "*" or entry.lstrip(".") in (host, in_url(host)):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return host.endswith(f".{entry.lstrip('.')}")
    try:
        network = ip_network(entry, strict=False)
    except ValueError:
        return False
    return address in network
