"""Whether pytest finds the plugin by itself: it does where fake-ccmm is installed, and not in a bare checkout."""

from __future__ import annotations

import os
from importlib.metadata import entry_points

PLUGIN = "fake_ccmm.pytest_plugin"


def _is_autoloaded() -> bool:
    if os.environ.get("PYTEST_DISABLE_PLUGIN_AUTOLOAD"):
        return False
    return any(one.value == PLUGIN for one in entry_points(group="pytest11"))


NOT_AUTOLOADED = [] if _is_autoloaded() else [PLUGIN]
"""The plugins to name to pytest: registering one that it has found is an error."""
