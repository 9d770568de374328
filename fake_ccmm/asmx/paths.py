"""Which part of the site a path means, in any letter case, as IIS reads it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

APPLICATION = "/ccmmoutboundwebservices"
"""The path of the web application that holds the three services."""

CENTERS = "/centers"
"""Where the centers stand that are not at the root, each under its name."""

_CENTER = re.compile(rf"({CENTERS}/([^/]+))(/.*)\Z", re.IGNORECASE | re.DOTALL)


class Place(Enum):
    """What a path leads to."""

    SERVICE = "service"
    UNKNOWN_SERVICE = "unknown service"
    APPLICATION = "application"
    APPLICATION_WITHOUT_SLASH = "application without slash"
    ROOT = "root"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Target:
    """What a path means. ``service`` is the service's own name; ``path`` leads up to it as the client wrote it, and
    ``path_info`` is what comes after.
    """

    place: Place
    service: str = ""
    path: str = ""
    path_info: str = ""


def split_center(path: str) -> tuple[str, str, str]:
    """The name of the center that a path is for (empty: the one at the root), its prefix as written, and the rest."""
    match = _CENTER.match(_normal(path))
    return (match[2], match[1], match[3]) if match else ("", "", path)


def find(path: str, services: Collection[str], prefix: str = "") -> Target:
    """What ``path``, with its percent signs decoded, means on a site with those services.

    ``prefix`` stands before it where the site does not begin at the root.
    """
    path = _normal(path)
    lower = path.lower()
    if lower == "/":
        return Target(Place.ROOT)
    if lower == APPLICATION:
        return Target(Place.APPLICATION_WITHOUT_SLASH, path=prefix + path)
    if not lower.startswith(APPLICATION + "/"):
        return Target(Place.NOWHERE)
    if lower == APPLICATION + "/":
        return Target(Place.APPLICATION)
    end = lower.find(".asmx/")
    end = len(path) if end < 0 else end + len(".asmx")
    name = lower[len(APPLICATION) + 1 : end]
    if not name.endswith(".asmx"):
        return Target(Place.NOWHERE)
    for service in services:
        if name == f"{service.lower()}.asmx":
            return Target(Place.SERVICE, service, prefix + path[:end], path[end:])
    return Target(Place.UNKNOWN_SERVICE, path=prefix + path)


def _normal(path: str) -> str:
    """The path with backslashes turned, doubled slashes and dot segments gone, its last slash kept."""
    path = path.replace("\\", "/")
    if "//" not in path and "/." not in path:
        return path
    normal = posixpath.normpath("/" + path.lstrip("/"))
    return normal + "/" if path.endswith("/") and normal != "/" else normal
