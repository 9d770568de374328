"""A fresh small contact center for each test, kept both ways: as Python values and as XML."""

from __future__ import annotations

from typing import Any

import pytest

from fake_ccmm.contacts import PlainCodec
from fake_ccmm.soap.contact_xml import XML_CONTACTS

from .world import World, open_world


@pytest.fixture(params=[PlainCodec(), XML_CONTACTS], ids=["plain", "xml"])
def world(request: pytest.FixtureRequest) -> World:
    codec: Any = request.param
    return open_world(codec=codec)
