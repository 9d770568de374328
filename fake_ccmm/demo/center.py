"""The center that ``fake-ccmm serve`` starts with: worth exploring, and the same at every start."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

from ..center import ContactCenter
from ..clock import SettableClock
from ..contacts import ContactCodec
from ..model import (
    Administrator,
    CampaignDetails,
    CampaignStatus,
    Contact,
    ContactStatus,
    DispositionCode,
    Skillset,
)
from ..profile import Profile
from .people import people

DEMO_USER = "apiuser"
DEMO_PASSWORD = "apipassword"  # noqa: S105 - no secret: it stands in the README

_BASE_ADMINISTRATOR = Administrator("webadmin", "webadmin", base_install=True)
_SKILLSETS = (
    Skillset(10031, "OB_Default_Skillset"),
    Skillset(10032, "OB_Renewals"),
    Skillset(10033, "OB_Collections"),
    Skillset(10034, "OB_Surveys"),
)
_COMPLETED = DispositionCode(1, "Completed", numeric_value=100, deletable=False)
_CODES = (
    _COMPLETED,
    DispositionCode(2, "Not Answered", 101, retry_timeout=60, max_retry_count=3, call_required=True),
    DispositionCode(3, "Busy", 102, retry_timeout=15, max_retry_count=5, call_required=True),
    DispositionCode(4, "Wrong Telephone Number", 103, call_required=True),
    DispositionCode(5, "Do Not Call", 104, deletable=False, save_agent_script=True),
    DispositionCode(6, "Sale", 105, call_required=True, save_agent_script=True),
)
_FIELDS = ("AccountNumber", "Segment", "Balance", "RenewalDate")
_STATUS = CampaignStatus


def _campaign(campaign_id: int, name: str, status: CampaignStatus, skillset: int, codes: int) -> CampaignDetails:
    day = 1 + campaign_id % 27
    return CampaignDetails(
        campaign_id,
        name,
        status,
        skillset=_SKILLSETS[skillset],
        description=f"{name}: a demonstration campaign",
        owner=DEMO_USER,
        date_created=datetime(2026, 1, day, 9, 30),
        start_date_time=datetime(2026, 2, day, 8, 0),
        start_of_run=status is not _STATUS.WAITING,
        priority=1 + campaign_id % 6,
        dialing_prefix="9" if campaign_id % 2 else None,
        auto_dial_timeout=10,
        disposition_codes=_CODES[:codes],
        custom_field_names=_FIELDS[: 4 if codes > 2 else 1],
    )


_CAMPAIGNS = (
    (_campaign(26, "Spring Renewals", _STATUS.RUNNING, 1, 6), 1_050),
    (_campaign(27, "Überfällige Rechnungen", _STATUS.RUNNING, 2, 5), 201),
    (_campaign(28, "Customer Survey", _STATUS.WAITING, 3, 3), 200),
    (_campaign(29, "Winback 顧客", _STATUS.PAUSED, 1, 4), 250),
    (_campaign(30, "Empty Campaign", _STATUS.RUNNING, 0, 2), 0),
    (_campaign(31, "Autumn Renewals", _STATUS.CLOSED, 1, 2), 60),
    (_campaign(32, "Product Recall", _STATUS.COMPLETED, 0, 2), 40),
    (_campaign(33, "Cancelled Pilot", _STATUS.CANCELLED, 3, 1), 10),
)
LARGE_CAMPAIGN_ID = 34


def demo_center(
    *,
    profile: Profile | None = None,
    clock: SettableClock | None = None,
    administrators: Collection[Administrator] = (),
    codec: ContactCodec[Any] | None = None,
    extra_contacts: int = 0,
) -> ContactCenter:
    """Campaigns in every status: one with more than 1,000 contacts, one empty, one of 200 and one of 201.

    ``administrators`` may log in instead of the demo user, where there are any.
    ``extra_contacts`` fills one more running campaign.
    """
    users = {one.username: one for one in (_BASE_ADMINISTRATOR, *administrators)}
    if not administrators:
        users[DEMO_USER] = Administrator(DEMO_USER, DEMO_PASSWORD)
    center = ContactCenter(
        administrators=users.values(), skillsets=_SKILLSETS, profile=profile, clock=clock, codec=codec
    )
    campaigns = list(_CAMPAIGNS)
    if extra_contacts:
        campaigns.append((_campaign(LARGE_CAMPAIGN_ID, "Large Campaign", _STATUS.RUNNING, 1, 6), extra_contacts))
    for details, size in campaigns:
        center.add_campaign(details, _contacts(details, size))
    return center


def _contacts(details: CampaignDetails, size: int) -> Iterator[Contact]:
    """People for a campaign, one in ten of them closed already; all of them where the campaign is over."""
    skillset = details.skillset
    skillset_ids = [skillset.skillset_id] if skillset else []
    drawn = people(
        details.campaign_id,
        count=size,
        campaign_name=details.name,
        skillset_ids=skillset_ids,
        custom_field_names=details.custom_field_names,
    )
    every = 1 if details.status in (_STATUS.CLOSED, _STATUS.COMPLETED) else 10
    for number, contact in zip(count(1), drawn):
        yield replace(contact, status=ContactStatus.CLOSED) if number % every == 0 else contact
