"""What the kit raises on purpose: a set-up that is broken is never mistaken for a contract that is."""

from __future__ import annotations


class KitError(Exception):
    """The root of every error this package raises on purpose."""


class SetUpBroken(KitError):
    """Nothing can be said of the target: wrong URL, refused log-in, no WSDL, a time-out. The message says what to do.

    Ends a run with exit code 2, and is in every report.
    """


class Unreachable(SetUpBroken):
    """The target did not answer: no connection, a time-out, or a connection that broke off."""


class ContractBroken(KitError):
    """A contract does not hold: what the target did is not what its rule says. The message says both."""


class NotPossibleHere(KitError):
    """A contract cannot be tried on this target; the message says what it would need. Counts as skipped."""
