"""What a server shows of campaigns, and of those it does not know, where no paper says what it should."""

from __future__ import annotations

import re
from dataclasses import replace

from ..answer import Answer, Returned
from ..clause import Need, observation
from ..domain import ACTIVE_STATUSES, INACTIVE_STATUSES
from ..errors import NotPossibleHere
from ..stage import Stage, shown
from ..wordings import Sample, asked

_UNKNOWN = ({"campaign_id": 918273645}, {"campaign_id": 645546372})
_FAR = 2_000_000_000
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(Z|[+-]\d\d:\d\d)?")
_UNSET = "0001-01-01"
_DATES = {"date_created": "2029-11-05T08:15:30Z", "start_date_time": "2030-02-03T09:00:00Z"}


def _first_page(stage: Stage, campaign_id: int) -> Answer:
    return stage.call("Get200CampaignContacts", campaign_id=campaign_id, last_contact_id=0, session_key=stage.key())


def _is_empty(answer: Answer) -> bool:
    return isinstance(answer, Returned) and answer.value == ()


@observation("C5.unknown", "What becomes of a call for a campaign that there is not", source="nothing says how",
             choices=("unknown_campaign",))  # fmt: skip
def unknown_campaign(stage: Stage) -> None:
    answer, words = asked(lambda campaign_id: _first_page(stage, campaign_id), *_UNKNOWN)
    told = f"the contacts of a campaign that there is not: {shown(answer)}"
    if words is not None:
        stage.observe(told, unknown_campaign={"choice": "fault", "wording": words})
    elif _is_empty(answer):
        stage.observe(told, unknown_campaign="empty")
    else:
        stage.observe(told)
