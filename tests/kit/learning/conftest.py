"""One mock for all tests of a module: starting one, and reading its WSDL, takes longer than learning from it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ccmm_contracts.target import Target

from .helper import mock_to_learn_from


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    """A mock that each test gives the profile it wants."""
    with mock_to_learn_from() as found:
        yield found
