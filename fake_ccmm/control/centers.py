"""Centers as wholes: made, forgotten, set back, seeded, and kept as snapshots."""

from __future__ import annotations

from ..asmx.paths import APPLICATION, CENTERS
from ..seed.files import parse_seed
from ..seed.schema import Seed
from ..seed.writing import write_seed
from ..world import DEFAULT, World
from .clock import reading
from .models import CenterSummary, ServiceUrls
from .problems import ControlError
from .request import ControlRequest, Reply

SEED_TYPES = {"application/json": "json", "application/yaml": "yaml", "application/toml": "toml"}
"""The formats of seeds by content type."""


def show_all(request: ControlRequest) -> list[CenterSummary]:
    """Every center, the default one first."""
    return [_summary(request, one) for one in request.server.worlds.all()]


def show(request: ControlRequest) -> CenterSummary:
    """One center."""
    return _summary(request, request.world)


def create(request: ControlRequest) -> Reply:
    """Make a center of a seed or, without a body, of what the default center was started with."""
    name = request.path["center"]
    seed = _seed(request) if request.data else None
    world = request.server.worlds.create(name, seed)
    return Reply(_summary(request, world), headers={"Location": f"/control/v1/centers/{name}"})


def delete(request: ControlRequest) -> None:
    """Forget a center."""
    world = request.world
    if world is request.server.worlds.default:
        raise ControlError(409, f"the center {world.name!r} stays as long as the server; reset it instead")
    request.server.worlds.delete(world.name)


def reset(request: ControlRequest) -> None:
    """Go back to how the center was started or last seeded, and forget the journal."""
    request.world.reset()


def show_seed(request: ControlRequest) -> Reply:
    """The seed of the center as it is now."""
    format_ = request.query["format"]
    text = write_seed(request.world.export(), format_)
    content_type = next(name for name, one in SEED_TYPES.items() if one == format_)
    return Reply(text.encode(), content_type)


def load_seed(request: ControlRequest) -> CenterSummary:
    """Become what a seed says, and start the journal anew."""
    world = request.world
    world.load(_seed(request))
    return _summary(request, world)


def show_snapshots(request: ControlRequest) -> list[str]:
    """The names of all snapshots, oldest first."""
    return request.world.snapshots()


def save_snapshot(request: ControlRequest) -> None:
    """Keep the center's state under a name."""
    with request.world.center.locked():
        request.world.save(request.path["name"])


def restore_snapshot(request: ControlRequest) -> None:
    """Go back to a snapshot; the journal goes on."""
    request.world.restore(request.path["name"])


def drop_snapshot(request: ControlRequest) -> None:
    """Forget a snapshot."""
    with request.world.center.locked():
        request.world.drop_snapshot(request.path["name"])


def _seed(request: ControlRequest) -> Seed:
    return parse_seed(request.data, SEED_TYPES[request.content_type])


def _summary(request: ControlRequest, world: World) -> CenterSummary:
    prefix = "" if world.name == DEFAULT else f"{CENTERS}/{world.name}"
    base = f"{request.site}{prefix}{APPLICATION}"
    center = world.center
    with center.locked():
        campaigns = center.campaigns()
        return CenterSummary(
            world.name,
            ServiceUrls(
                f"{base}/OutboundUtilityWS.asmx", f"{base}/OutboundCampaignWS.asmx", f"{base}/OutboundContactWS.asmx"
            ),
            reading(world),
            len(campaigns),
            sum(one.number_of_contacts for one in campaigns),
            len(center.usernames()),
            len(world.journal),
            tuple(one.username for one in center.administrators() if not one.base_install),
        )
