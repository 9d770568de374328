"""Being told to stop by a signal."""

from __future__ import annotations

from queue import Empty, SimpleQueue

_POLL_SECONDS = 0.5


class StopRequest:
    """What a signal's handler makes, and the main thread waits for.

    A ``threading.Event`` would not do: a signal that comes while the main thread is about to wait runs its handler in
    the midst of that, and the two want the same lock. ``SimpleQueue`` is made for it.
    """

    def __init__(self) -> None:
        self._made: SimpleQueue[None] = SimpleQueue()

    def make(self) -> None:
        """Ask to stop; may be called at any moment, by handlers too, and more than once."""
        self._made.put(None)

    def wait(self) -> None:
        """Return as soon as somebody has asked."""
        while True:
            try:
                return self._made.get(timeout=_POLL_SECONDS)  # without an end it would not notice Ctrl-C on Windows
            except Empty:
                continue
