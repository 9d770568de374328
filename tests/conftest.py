"""How generated tests run: ``quick`` by default, ``deep`` where the environment asks for it.

``FAKE_CCMM_HYPOTHESIS=deep pytest`` looks further and elsewhere each time; ``quick`` always takes the same way, so
that a red build is due to the change it shows and not to the day's luck.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

from .autoloading import NOT_AUTOLOADED

pytest_plugins = ["pytester", *NOT_AUTOLOADED]

_SLOW_MACHINES_ARE_FINE = (HealthCheck.too_slow,)

settings.register_profile(
    "quick", max_examples=50, deadline=None, derandomize=True, suppress_health_check=_SLOW_MACHINES_ARE_FINE
)
settings.register_profile(
    "deep", max_examples=2000, deadline=None, print_blob=True, suppress_health_check=_SLOW_MACHINES_ARE_FINE
)
settings.load_profile(os.environ.get("FAKE_CCMM_HYPOTHESIS", "quick"))
