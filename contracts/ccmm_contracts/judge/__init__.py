"""Judging an application by what it sent to a mock: nothing but the mock's journal is needed."""

from .journal import Responses
from .judging import judge_exchanges
from .loading import load_journal

__all__ = ["Responses", "judge_exchanges", "load_journal"]
