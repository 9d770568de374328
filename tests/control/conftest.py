"""A fresh server's control API for each test."""

from __future__ import annotations

import pytest

from .steering import Steering


@pytest.fixture
def steering() -> Steering:
    return Steering()
