"""GetCampaigns, Get200CampaignContacts and AppendContactsToCampaign (rules C1 to C5, P1 to P5 and A1 to A6)."""

from __future__ import annotations

from typing import Any

from ..domain import ACTIVE_STATUSES, Campaign, Contact
from .expectation import Expectation, is_number, number, returned
from .grounds import Ground, Grounds, Outcomes
from .kept import CLOSED, IS_CLOSED, Due, KeptCampaign, KeptSession

PAGE_SIZE = 200


class CampaignRules:
    """What becomes of the operations of OutboundCampaignWS."""

    def __init__(self, grounds: Grounds) -> None:
        self._grounds = grounds
        self._memory = grounds.memory

    # --- campaigns --------------------------------------------------------------------------------------------------

    def get_campaigns(self, session_key: str | None = None) -> Outcomes:
        """Rules S7 and C1 to C3."""

        def learn(campaigns: tuple[Campaign, ...]) -> None:
            for one in campaigns:
                self._memory.learn_status_id("campaign", one.status)

        told = "every Running, Waiting and Paused campaign with its latest counts (C1 to C3)"
        shown = Expectation(told, returned(self._problem), learn=learn)
        return self._grounds.in_session(session_key, lambda session: [shown])

    def _problem(self, shown: Any) -> str:
        due = {number: one for number, one in self._memory.campaigns.items() if one.status in ACTIVE_STATUSES}
        ids = sorted(one.campaign_id for one in shown)
        if ids != sorted(due):
            return f"the campaigns {ids} are shown, not {sorted(due)}"
        problems = ((one.campaign_id, self._campaign_problem(due[one.campaign_id], one)) for one in shown)
        return "; ".join(f"of campaign {campaign_id}, {why}" for campaign_id, why in problems if why)

    def _campaign_problem(self, due: KeptCampaign, shown: Campaign) -> str:
        pairs = ((name, getattr(shown, name), getattr(due.seen, name)) for name in due.compared)
        problems = [f"{name} is {came!r}, not {wanted!r}" for name, came, wanted in pairs if came != wanted]
        statuses = {due.status} if self._memory.is_settled else ACTIVE_STATUSES
        problems.append(self._memory.status_problem("campaign", shown.status, statuses))
        return "; ".join(one for one in (*problems, *self._counts_problems(due, shown)) if one)

    def _counts_problems(self, due: KeptCampaign, shown: Campaign) -> list[str]:
        """What is wrong with the counts; of others' contacts on a server that is no mock, more may be there, and be
        closed, than is known."""
        settled = self._memory.is_settled
        total, closed, processed = (
            shown.number_of_contacts,
            shown.number_of_contacts_closed,
            shown.number_of_contacts_processed,
        )
        least = sum(one.statuses == IS_CLOSED for one in due.contacts)
        most = sum(CLOSED in one.statuses for one in due.contacts) if settled else total
        problems = []
        if total < len(due.contacts) or (settled and total != len(due.contacts)):
            problems.append(f"number_of_contacts is {total}, not {len(due.contacts)}")
        if not least <= closed <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            problems.append(f"number_of_contacts_closed is {closed}, not {wanted}")
        # What else counts as processed, no paper says.
        if not closed <= processed <= total:
            problems.append(f"number_of_contacts_processed is {processed}, where {closed} of {total} are closed")
        return problems

    # --- pages ------------------------------------------------------------------------------------------------------

    def get_contacts(self, campaign_id: int = 0, last_contact_id: int = 0, session_key: str | None = None) -> Outcomes:
        """Rules S7, C5 and P1 to P5."""

        def page(session: KeptSession) -> Outcomes:
            ground = self._grounds.campaign(campaign_id, lambda known: [self._grounds.no_contacts()])
            return self._grounds.unless(
                [ground], lambda: [self._page(self._memory.campaigns[campaign_id], last_contact_id)]
            )

        return self._grounds.in_session(session_key, page)

    def _page(self, campaign: KeptCampaign, last: int) -> Expectation:
        with_closed = self._memory.choices.get("closed_in_pages")
        due = []
        for one in self._memory.in_order(campaign):
            least, most = self._memory.bounds(one)
            if most <= last or (one.statuses == IS_CLOSED and with_closed is False):
                continue
            is_perhaps_left_out = CLOSED in one.statuses and not with_closed
            due.append(Due(one, least <= last or is_perhaps_left_out))
        told = f"the next contacts with ids above {last}, {PAGE_SIZE} at most (P1 to P5)"
        return self._grounds.contacts(told, campaign, due, enough=PAGE_SIZE, most=PAGE_SIZE)

    # --- appending --------------------------------------------------------------------------------------------------

    def append(
        self,
        campaign_id: int = 0,
        contact: Contact | None = None,
        session_key: str | None = None,
        priority: int = 0,
    ) -> Outcomes:
        """Rules S7, C5, A1, A2, A4 and A6."""
        sent = contact or Contact()

        def nothing(known: bool) -> Outcomes:
            if known:
                return [Expectation("0 (C5)", is_number(0))]
            return [Expectation("a number that is not 1 (C5)", number(lambda value: value != 1))]

        def added() -> Outcomes:
            def learn(value: int) -> None:
                self._memory.add(self._memory.campaigns[campaign_id], sent)

            return [Expectation("1, with the contact added (A1)", is_number(1), learn=learn, carried_out=True)]

        def append(session: KeptSession) -> Outcomes:
            grounds = [
                self._grounds.limit("AppendContactsToCampaign", session),
                self._grounds.campaign(campaign_id, nothing),
                *self._contact_grounds(campaign_id, sent),
            ]
            return self._grounds.unless(grounds, added)

        return self._grounds.in_session(session_key, append)

    def _contact_grounds(self, campaign_id: int, sent: Contact) -> list[Ground]:
        """Why a contact may be refused (rules A2 and A6)."""
        refused = self._grounds.refused
        if not sent.skillset_id:
            return [(True, [refused("skillset_required", "a refusal, as SkillsetID is required (A2)")])]
        campaign = self._memory.campaigns.get(campaign_id)
        grounds = [self._grounds.field(campaign, one.name) for one in sent.custom_fields or ()]
        known = self._memory.skillset_ids
        if known is None or sent.skillset_id not in known:
            told = f"a refusal of skillset {sent.skillset_id} (A2)"
            alternatives: dict[str, Outcomes] = {"fault": [refused("unknown_skillset", told)], "accept": []}
            surely, outcomes = self._grounds.ground("unknown_skillset", alternatives)
            grounds.append((surely and known is not None, outcomes))
        return grounds
