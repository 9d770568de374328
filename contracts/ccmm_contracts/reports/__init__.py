"""The forms of a report: live on the console, as JSON lines, as JUnit XML and as one HTML file."""

from __future__ import annotations

from .console import Console
from .events import JsonLines
from .html import write_html
from .junit import write_junit

__all__ = ["Console", "JsonLines", "write_html", "write_junit"]
