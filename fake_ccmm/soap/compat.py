"""The only door to spyne.

Its newest release (2.14.0) carries an old copy of ``six`` that Python 3.12 can no longer import, so the
real ``six`` takes that copy's place before spyne is first imported. Python 3.13 also needs the ``legacy-cgi``
distribution, which stands in pyproject.toml.
"""

from __future__ import annotations

import operator
import sys
import types
import warnings

import six

_MOVES = ("", ".urllib", ".urllib.error", ".urllib.parse", ".urllib.request", ".collections_abc", ".http_cookies")


def _put_real_six_in_place() -> None:
    stand_in = types.ModuleType("spyne.util.six")
    stand_in.__dict__.update(vars(six))
    stand_in.__dict__["get_function_name"] = operator.attrgetter("__name__")
    sys.modules["spyne.util.six"] = stand_in
    for suffix in _MOVES:
        __import__(f"six.moves{suffix}")
        sys.modules[f"spyne.util.six.moves{suffix}"] = sys.modules[f"six.moves{suffix}"]


if "spyne" not in sys.modules:
    _put_real_six_in_place()

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from spyne import Application, MethodContext, Service, rpc
    from spyne.model.complex import Array, ComplexModel
    from spyne.model.fault import Fault
    from spyne.model.primitive import Boolean, DateTime, Integer32, Integer64, Unicode
    from spyne.protocol.soap import Soap11
    from spyne.server import ServerBase

__all__ = [
    "Application",
    "Array",
    "Boolean",
    "ComplexModel",
    "DateTime",
    "Fault",
    "Integer32",
    "Integer64",
    "MethodContext",
    "ServerBase",
    "Service",
    "Soap11",
    "Unicode",
    "rpc",
]
