"""The page of the demo center."""

from __future__ import annotations

from fake_ccmm.demo.center import demo_center

from .markdown import page as whole
from .markdown import plain, table

_LEAD = """\
What is served where no [seed](../how-to/seed-a-world.md) and no center of your own is given: the same at every start.
`apiuser` logs in with `apipassword`; `webadmin` is an administrator of the base install, who cannot log in with any
password. The services show active campaigns only: Running, Waiting, Paused."""


def page() -> str:
    """The text of the page."""
    center = demo_center()
    campaigns = (
        [
            str(one.details.campaign_id),
            plain(one.details.name),
            one.details.status.value,
            str(one.number_of_contacts),
            str(one.number_of_contacts_closed),
            plain(one.details.skillset.name) if one.details.skillset else "",
            ", ".join(code.name for code in one.details.disposition_codes),
            ", ".join(one.details.custom_field_names),
        ]
        for one in center.campaigns()
    )
    columns = (
        "Campaign", "Name", "Status", "Contacts", "Closed", "Skillset", "Disposition codes", "Custom fields",
    )  # fmt: skip
    skillsets = ([str(one.skillset_id), plain(one.name)] for one in center.skillsets())
    codes = (
        [str(one.disposition_code_id), plain(one.name), str(one.numeric_value)] for one in center.disposition_codes()
    )
    return whole(
        "The demo center",
        _LEAD,
        table(columns, campaigns),
        "Its skillsets:",
        table(("Skillset", "Name"), skillsets),
        "Its disposition codes, of which each campaign links some:",
        table(("Code", "Name", "NumbericValue"), codes),
    )
