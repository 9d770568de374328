"""The campaigns of a center."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from ..campaign import CampaignView
from ..center import ContactCenter
from ..model import CampaignDetails
from ..seed.checks import details_of
from ..seed.writing import to_document
from ..world import TakenName
from .contacts import campaign_document, take_over
from .models import KEPT_BY_CAMPAIGN, ShownCampaign
from .problems import FieldProblem, invalid
from .reading import build_part, need_mapping, read_part
from .request import ControlRequest, Reply

_DETAILS = tuple(one.name for one in fields(CampaignDetails))
_PLACES = {"campaigns[0]": ""}


def show_all(request: ControlRequest) -> list[ShownCampaign]:
    """Every campaign, by id."""
    return [_shown(one) for one in request.world.center.campaigns()]


def show(request: ControlRequest) -> ShownCampaign:
    """One campaign."""
    return _shown(request.world.center.campaign(request.path["campaign_id"]))


def add(request: ControlRequest) -> Reply:
    """Add a campaign with its contacts, as in a seed."""
    world = request.world
    center = world.center
    seed = read_part({**references(center), "campaigns": [need_mapping(request.document)]}, _PLACES)
    wanted = seed.campaigns[0]
    made = build_part(seed, _PLACES)
    with center.locked():
        if any(one.details.campaign_id == wanted.campaign_id for one in center.campaigns()):
            raise TakenName(f"campaign id {wanted.campaign_id} is taken; each campaign needs its own")
        center.add_campaign(made.campaign(wanted.campaign_id).details)
    try:
        take_over(center, made, wanted, _PLACES)
    except BaseException:
        center.remove_campaign(wanted.campaign_id)
        raise
    shown = _shown(center.campaign(wanted.campaign_id))
    place = f"/control/v1/centers/{world.name}/campaigns/{wanted.campaign_id}"
    return Reply(shown, headers={"Location": place})


def change(request: ControlRequest) -> ShownCampaign:
    """Change some of a campaign's details."""
    center, campaign_id = request.world.center, request.path["campaign_id"]
    changes = need_mapping(request.document)
    fixed = [name for name in KEPT_BY_CAMPAIGN if name in changes]
    if fixed:
        raise invalid([FieldProblem(name, "cannot be changed here; leave it out") for name in fixed])
    with center.locked():
        document = campaign_document(center.campaign(campaign_id).details)
        seed = read_part({**references(center), "campaigns": [{**document, **changes}]}, _PLACES)
        center.set_campaign_details(details_of(seed, seed.campaigns[0]))
        return _shown(center.campaign(campaign_id))


def remove(request: ControlRequest) -> None:
    """Forget a campaign and its contacts."""
    request.world.center.remove_campaign(request.path["campaign_id"])


def references(center: ContactCenter) -> dict[str, Any]:
    """What a campaign of a seed can name by id: the center's skillsets and disposition codes."""
    return {
        "skillsets": to_document(center.skillsets()),
        "disposition_codes": to_document(center.disposition_codes()),
    }


def _shown(view: CampaignView) -> ShownCampaign:
    return ShownCampaign(
        **{name: getattr(view.details, name) for name in _DETAILS},
        number_of_contacts=view.number_of_contacts,
        number_of_contacts_closed=view.number_of_contacts_closed,
        number_of_contacts_processed=view.number_of_contacts_processed,
    )
