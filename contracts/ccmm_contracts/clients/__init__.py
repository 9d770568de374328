"""Contracts of clients: the kit asks a client to do its work on a mock, and judges what it did.

What a client's author needs is here: :class:`ClientError` to say what went wrong, and :func:`serve_lines` to make a
program of a client written in Python.
"""

from .program import serve_lines
from .protocol import ClientError

__all__ = ["ClientError", "serve_lines"]
