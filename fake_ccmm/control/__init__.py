"""The control API: a server's centers steered over HTTP, in JSON. A WSGI application and its OpenAPI document."""

from __future__ import annotations

from .api import ControlApi

__all__ = ["ControlApi"]
