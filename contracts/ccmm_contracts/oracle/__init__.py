"""The kit's own small model of a server, written from the rules: :class:`Oracle` says what may become of a call.

``kept`` is what a server holds, ``memory`` what is known of it, ``grounds`` when a call is not carried out;
``sessions``, ``campaigns`` and ``contacts`` are the ten operations.
"""

from __future__ import annotations

from .expectation import Expectation
from .kept import KeptContact
from .oracle import Oracle

__all__ = ["Expectation", "KeptContact", "Oracle"]
