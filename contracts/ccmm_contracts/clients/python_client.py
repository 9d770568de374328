"""A client that is a Python object, in a thread of its own so that it can be given up when it does not answer."""

from __future__ import annotations

import os
import queue
import sys
import threading
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from ..errors import SetUpBroken
from ..plain import plain
from .driver import ClientTimedOut
from .program import Factory, Workshop
from .protocol import ClientError, error_of

_Task = tuple[str, dict[str, Any], "queue.SimpleQueue[tuple[Any, BaseException | None]]"]


class PythonClient:
    """Clients of a factory: ``factory()`` is called anew for every ``start``, in a thread that serves one at a time."""

    def __init__(self, factory: Factory) -> None:
        self._factory = factory
        self._tasks: queue.SimpleQueue[_Task | None] | None = None

    @classmethod
    def named(cls, name: str) -> PythonClient:
        """The client of ``MODULE:FACTORY``, which is looked for in the present folder as well."""
        return cls(_factory(name))

    def exchange(self, name: str, arguments: Mapping[str, Any], timeout: float) -> Any:
        """See :class:`ccmm_contracts.clients.driver.Client`."""
        if self._tasks is None:
            self._tasks = queue.SimpleQueue()
            threading.Thread(target=_work, args=(self._factory, self._tasks), daemon=True, name="client").start()
        answers: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()
        self._tasks.put((name, dict(plain(arguments)), answers))
        try:
            result, error = answers.get(timeout=timeout)
        except queue.Empty:
            raise ClientTimedOut(name) from None
        if error is not None:
            raise error
        return result

    def close(self) -> None:
        """Let the thread end, or go on by itself where it hangs: nothing can end it from outside."""
        if self._tasks is not None:
            self._tasks.put(None)
            self._tasks = None

    def last_words(self) -> tuple[str, ...]:
        """Nothing: what it prints is on the kit's own standard error already."""
        return ()


def _work(factory: Factory, tasks: queue.SimpleQueue[_Task | None]) -> None:
    workshop: Workshop | None = None
    while (task := tasks.get()) is not None:
        name, arguments, answers = task
        if workshop is None:
            try:
                workshop = Workshop(factory)
            except Exception as error:
                answers.put((None, SetUpBroken(f"cannot be made: its factory raised {type(error).__name__}: {error}")))
                continue
        answers.put(_done(workshop, name, arguments))


def _done(workshop: Workshop, name: str, arguments: dict[str, Any]) -> tuple[Any, ClientError | None]:
    try:
        return plain(workshop.answer(name, arguments)), None
    except (Exception, SystemExit) as error:
        return None, error_of(error)


def _factory(name: str) -> Factory:
    module_name, _, path = name.partition(":")
    if not module_name or not path:
        raise SetUpBroken(f"python:{name} names no client; give python:MODULE:FACTORY, such as python:my.client:Client")
    if os.getcwd() not in sys.path and "" not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        found: Any = import_module(module_name)
    except Exception as error:
        raise SetUpBroken(
            f"python:{name}: the module {module_name} cannot be imported: {type(error).__name__}: {error}; "
            "run the kit where it can be, with the same Python"
        ) from error
    for part in path.split("."):
        found = getattr(found, part, None)
    if not callable(found):
        raise SetUpBroken(f"python:{name}: the module {module_name} has no {path} that can be called")
    factory: Factory = found
    return factory
