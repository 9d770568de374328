"""Where a server is by default, and the variables that say otherwise."""

from __future__ import annotations

URL_VARIABLE = "FAKE_CCMM_URL"
"""The server that commands steer."""

TOKEN_VARIABLE = "FAKE_CCMM_TOKEN"  # noqa: S105 - the name of a variable
"""What its control API asks for."""

DEFAULT_HOST, DEFAULT_PORT = "127.0.0.1", 8000

DEFAULT_URL = f"http://{DEFAULT_HOST}:{DEFAULT_PORT}"
