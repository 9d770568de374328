"""What time it is in a center, and what time it shall be."""

from __future__ import annotations

from ..world import World
from .models import ClockAdvance, ClockChange, ClockReading
from .problems import FieldProblem, invalid
from .request import ControlRequest


def reading(world: World) -> ClockReading:
    """The clock as it stands."""
    clock = world.clock
    return ClockReading(clock.now(), clock.is_frozen, clock.offset_seconds)


def show(request: ControlRequest) -> ClockReading:
    """Read it."""
    return reading(request.world)


def change(request: ControlRequest) -> ClockReading:
    """Set it, stop it, let it run on, or have it show the machine's time again."""
    wanted = request.read(ClockChange)
    clock = request.world.clock
    if wanted.real:
        if wanted.now is not None or wanted.frozen is not None:
            raise invalid([FieldProblem("real", "goes by itself; the machine's time is neither set nor stopped")])
        clock.to_real_time()
    elif wanted.frozen:
        clock.freeze(wanted.now)
    elif wanted.now is not None or wanted.frozen is not None:
        if wanted.now is not None:
            clock.set(wanted.now)
        if wanted.frozen is False:
            clock.run()
    else:
        raise invalid([FieldProblem("", "names nothing to change; there are now, frozen and real")])
    return reading(request.world)


def advance(request: ControlRequest) -> ClockReading:
    """Move it forward."""
    request.world.clock.advance(request.read(ClockAdvance).seconds)
    return reading(request.world)
