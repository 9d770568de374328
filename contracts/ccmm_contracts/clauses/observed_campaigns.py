"""What a server shows of campaigns, and of those it does not know, where no paper says what it should."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ..answer import Answer, Returned
from ..clause import Need, observation
from ..domain import ACTIVE_STATUSES, INACTIVE_STATUSES
from ..errors import NotPossibleHere
from ..observing import is_nothing, observe_choice
from ..stage import Stage
from ..story import shown
from ..wordings import asked

_UNKNOWN = ({"campaign_id": 918273645}, {"campaign_id": 645546372})
_FAR = 2_000_000_000
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?P<zone>Z|[+-]\d\d:\d\d)?")
_NO_DATE = "0001-01-01"
_DATES = {"date_created": "2029-11-05T08:15:30Z", "start_date_time": "2030-02-03T09:00:00Z"}


def _page(stage: Stage, campaign_id: int, after: int = 0) -> Answer:
    return stage.call("Get200CampaignContacts", campaign_id=campaign_id, last_contact_id=after, session_key=stage.key())


@observation("C5.unknown", "What becomes of a call for a campaign that there is not", source="nothing says what",
             choices=("unknown_campaign",))  # fmt: skip
def call_for_an_unknown_campaign(stage: Stage) -> None:
    answer, words = asked("unknown_campaign", lambda campaign_id: _page(stage, campaign_id), *_UNKNOWN)
    what = "the contacts of a campaign that there is not"
    observe_choice(stage, what, answer, words, "unknown_campaign", "empty", is_nothing)


@observation("C5.inactive", "What becomes of a call for a Closed, Completed or Cancelled campaign",
             source="such a campaign is never returned; nothing says what is", needs=(Need.SEED,),
             choices=("inactive_campaign",))  # fmt: skip
def call_for_an_inactive_campaign(stage: Stage) -> None:
    campaigns = stage.world.campaigns if stage.world is not None else ()
    by_status = {one.status: {"campaign_id": one.campaign_id, "status": one.status} for one in campaigns}
    samples = [by_status[one] for one in INACTIVE_STATUSES[:2]]
    answer, words = asked("inactive_campaign", lambda campaign_id, status: _page(stage, campaign_id), *samples)
    what = f"the contacts of a {INACTIVE_STATUSES[0]} campaign"
    observe_choice(stage, what, answer, words, "inactive_campaign", "empty", is_nothing)


@observation("P4.form", "How a page without contacts is written", source="ASMX has three ways to write nothing",
             choices=("empty_page",))  # fmt: skip
def form_of_an_empty_page(stage: Stage) -> None:
    answer = _page(stage, stage.campaign_id, _FAR)
    told = f"a page behind the last contact: {shown(answer)}"
    if isinstance(answer, Returned) and answer.form:
        stage.observe(f"{told} ({answer.form})", empty_page=answer.form)
    else:
        stage.observe(told)


@observation("C2.dates", "Whether the dates of campaigns name a time zone",
             source="the WSDL says only that it is a date", choices=("dates",))  # fmt: skip
def zone_of_dates(stage: Stage) -> None:
    if stage.world is not None:
        campaign = stage.world.campaign(stage.campaign_id)
        stage.become(stage.world.with_campaign(replace(campaign, details=_DATES)))
    dates = [date for one in stage.campaigns() for date in (one.date_created, one.start_date_time)]
    read = [one for one in map(_DATE.fullmatch, dates) if one is not None and not one[0].startswith(_NO_DATE)]
    if not read:
        raise NotPossibleHere("needs a campaign with a date, and none is shown")
    forms = {_form(one["zone"]) for one in read}
    told = f"a date is written {read[0][0]}"
    if len(forms) == 1:
        stage.observe(told, dates=forms.pop())
    else:
        stage.observe(f"{told}, others in another form")


def _form(zone: str | None) -> str:
    return {None: "unspecified", "Z": "utc"}.get(zone, "local")


@observation("C2.ids", "What numbers the statuses of campaigns have", source="no numbers are known",
             choices=tuple(f"campaign_status_id_{one.lower()}" for one in ACTIVE_STATUSES))  # fmt: skip
def numbers_of_campaign_statuses(stage: Stage) -> None:
    seen: dict[str, set[int]] = {}
    for one in stage.campaigns():
        if one.status is not None:
            seen.setdefault(one.status.name or "", set()).add(one.status.id)
    if not seen:
        raise NotPossibleHere("needs a campaign that is Running, Waiting or Paused, and none is shown")
    for name, numbers in seen.items():
        is_known = name in ACTIVE_STATUSES and len(numbers) == 1
        told = ", ".join(map(str, sorted(numbers)))
        seen_choices: dict[str, Any] = {f"campaign_status_id_{name.lower()}": min(numbers)} if is_known else {}
        stage.observe(f"the status {name} of a campaign has the number {told}", **seen_choices)
