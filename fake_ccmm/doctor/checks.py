"""Every check, in the order in which they are told, and how they are run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from . import certificates, machine, python, reaching, serving
from .finding import PROBLEM, Finding, Outcome

if TYPE_CHECKING:
    from .examination import Examination

Look: TypeAlias = "Callable[[Examination], Outcome | None]"


@dataclass(frozen=True, slots=True)
class Check:
    """A check: its name, and the function that does it, which returns None where there is nothing to look at."""

    name: str
    look: Look


CHECKS = (
    Check("python", python.version),
    Check("installation", python.installation),
    Check("packages", python.packages),
    Check("speed", python.speed),
    Check("contract kit", python.kit),
    Check("open files", machine.descriptors),
    Check("temporary folder", machine.temporary_folder),
    Check("clock", machine.clock),
    Check("variables", machine.variables),
    Check("CA variables", machine.ca_variables),
    Check("proxies", serving.proxies),
    Check("localhost", serving.localhost),
    Check("port", serving.port),
    Check("start", serving.start),
    Check("tls adhoc", certificates.adhoc),
    Check("tls files", certificates.files),
    Check("tls validity", certificates.validity),
    Check("tls names", certificates.names),
    Check("tls chain", certificates.chain),
    Check("server", reaching.server),
    Check("server tls", certificates.of_server),
    Check("wsdl", reaching.addresses),
    Check("control API", reaching.control),
    Check("server clock", reaching.time),
)
"""All checks."""


def examine(asked: Examination, checks: tuple[Check, ...] = CHECKS) -> Iterator[Finding]:
    """What each check that there is something to do for finds, as soon as it has found it."""
    for one in checks:
        try:
            outcome = one.look(asked)
        except Exception as error:  # whatever is broken here: the other checks may tell why
            outcome = Outcome(PROBLEM, _told(error), "look at what the other checks say; install fake-ccmm anew")
        if outcome is not None:
            yield Finding(one.name, outcome.status, outcome.message, outcome.fix)


def _told(error: Exception) -> str:
    """An error that no check expects, on one line; its text alone could have a secret in it."""
    if isinstance(error, ImportError):
        return f"cannot be checked: {error.name or 'a module'} cannot be imported"
    return f"cannot be checked: {type(error).__name__}"
