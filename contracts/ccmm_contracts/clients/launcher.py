"""From what a user names a client by to a driver for it."""

from __future__ import annotations

import os

from ..errors import SetUpBroken
from .command_client import CommandClient
from .driver import Driver, Patience
from .python_client import PythonClient

PYTHON = "python:"
"""What the name of a client in Python starts with."""


def driver_for(target: str, patience: Patience | None = None) -> Driver:
    """A driver for ``python:MODULE:FACTORY`` or a command line. A program is started when it is first asked something.

    Raises SetUpBroken where there is no such module or factory.
    """
    if target.startswith(PYTHON):
        return Driver(PythonClient.named(target.removeprefix(PYTHON)), target, patience)
    if not target.strip():
        raise SetUpBroken("name the client: python:MODULE:FACTORY, or a command line")
    return Driver(CommandClient(target, os.environ), target, patience)
