"""Differences between two servers: the same clauses and the same generated calls on both."""

from .run import run_diff

__all__ = ["run_diff"]
