"""The release, built once for all tests of it."""

from __future__ import annotations

import pytest

from .release import Release, make_release


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The archives in the folder that FAKE_CCMM_DIST names; otherwise new ones."""
    return make_release(tmp_path_factory.mktemp("release"))
