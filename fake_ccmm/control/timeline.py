"""What will happen in a center by itself."""

from __future__ import annotations

from ..world import TakenName
from .models import ShownPastEvent, TimelineEvents
from .problems import ControlError
from .reading import need_mapping, read_part
from .request import ControlRequest, Reply


def show(request: ControlRequest) -> TimelineEvents:
    """What lies ahead, and what has happened."""
    timeline = request.world.timeline
    with request.world.center.locked():
        past = tuple(ShownPastEvent(one.name, one.kind, one.at) for one in timeline.past())
        return TimelineEvents(tuple(timeline.events()), past)


def add(request: ControlRequest) -> Reply:
    """Let one more thing happen."""
    world = request.world
    seed = read_part({"timeline": [need_mapping(request.document)]}, {"timeline[0]": ""})
    event = seed.timeline[0]
    with world.center.locked():
        if event.name and any(one.name == event.name for one in world.timeline.events()):
            raise TakenName(f"an event named {event.name!r} lies ahead already; take another name, or none")
        kept = world.timeline.add(event)
    return Reply(kept)


def clear(request: ControlRequest) -> None:
    """Let nothing happen by itself, and forget what has."""
    request.world.timeline.clear()


def remove(request: ControlRequest) -> None:
    """Forget an event that has not come yet."""
    timeline, name = request.world.timeline, request.path["name"]
    with request.world.center.locked():
        if all(one.name != name for one in timeline.events()):
            raise ControlError(404, f"no event named {name!r} lies ahead")
        timeline.remove(name)
