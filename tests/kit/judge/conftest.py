"""Applications at a real mock, each with a center of its own."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest
from ccmm_contracts.mock import Mock, find_mock
from ccmm_contracts.wire.http import Http

from fake_ccmm import FakeCcmm

from .journals import Application, world

_numbers = count()


@pytest.fixture(scope="module")
def http() -> Iterator[Http]:
    with Http(timeout=5) as http:
        yield http


@pytest.fixture(scope="module")
def server(http: Http) -> Iterator[Mock]:
    with FakeCcmm() as ccmm:
        mock = find_mock(f"{ccmm.url}/ccmmoutboundwebservices", http)
        assert mock is not None
        yield mock


@pytest.fixture
def application(server: Mock, http: Http) -> Iterator[Application]:
    """An application at a center of :func:`world`, whose clock stands still."""
    mock = server.create_center(f"center-{next(_numbers)}", world().seed())
    yield Application(mock, http)
    mock.delete()
