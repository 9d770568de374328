"""A signal is never lost, and never stands in its own way."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from fake_ccmm.cli.stopping import StopRequest

from .process import DEADLINE


def returns(function: Callable[[], Any]) -> bool:
    thread = threading.Thread(target=function, daemon=True)
    thread.start()
    thread.join(DEADLINE)
    return not thread.is_alive()


def test_a_request_made_before_is_found() -> None:
    stop = StopRequest()
    stop.make()
    assert returns(stop.wait)


def test_a_request_may_come_at_any_moment_of_the_waiting() -> None:
    def interrupted_everywhere() -> None:
        stop = StopRequest()

        def interrupt(frame: FrameType, event: str, argument: object) -> Any:
            sys.settrace(None)  # as a handler runs to its end before the next
            stop.make()
            sys.settrace(interrupt)
            return interrupt

        sys.settrace(interrupt)
        try:
            stop.wait()
        finally:
            sys.settrace(None)

    assert returns(interrupted_everywhere)
