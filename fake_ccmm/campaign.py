"""One campaign as the center keeps it, and as it shows it."""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any

from .contacts import ContactCodec, ContactStore
from .model import CampaignDetails, CampaignStatus, check_carried

_LONG = 1 << 63


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign's details and counts at one moment (rules C2 and C3)."""

    details: CampaignDetails
    number_of_contacts: int
    number_of_contacts_closed: int
    number_of_contacts_processed: int


class Campaign:
    """A campaign's details and contacts. Not locked: the center calls it with its own lock held."""

    def __init__(self, details: CampaignDetails, codec: ContactCodec[Any], *, any_blank: bool) -> None:
        self.details = details
        self.contacts = ContactStore(codec, any_blank=any_blank)

    def copy(self) -> Campaign:
        """The same campaign once more; its contacts are copied when they change."""
        twin = copy(self)
        twin.contacts = self.contacts.copy()
        return twin

    @property
    def details(self) -> CampaignDetails:
        """All but the contacts; a ValueError says what in new ones the wire cannot carry."""
        return self._details

    @details.setter
    def details(self, details: CampaignDetails) -> None:
        _check(details)
        self._details = details
        codes = details.disposition_codes[::-1]  # of several with one number, the first counts
        self.codes_by_id = {code.disposition_code_id: code for code in codes}
        self.codes_by_number = {code.numeric_value: code for code in codes}
        self.custom_field_names = frozenset(details.custom_field_names)

    @property
    def status(self) -> CampaignStatus:
        return self.details.status

    def view(self) -> CampaignView:
        """The latest data: a closed contact counts as closed and as processed (rule C3)."""
        closed = self.contacts.closed_count
        return CampaignView(self.details, len(self.contacts), closed, closed)


def _check(details: CampaignDetails) -> None:
    for text in _texts(details):
        check_carried(text, f"a text of campaign {details.campaign_id}")
    for number in _numbers(details):
        if not -_LONG <= number < _LONG:
            raise ValueError(f"the numbers of a campaign are 64-bit, and {number} is not")


def _texts(details: CampaignDetails) -> Iterator[str]:
    """Every text of a campaign that goes over the wire."""
    own = (details.name, details.description, details.owner, details.dialing_prefix)
    skillset = details.skillset.name if details.skillset else None
    yield from filter(None, (*own, skillset, *(code.name for code in details.disposition_codes)))


def _numbers(details: CampaignDetails) -> Iterator[int]:
    """Every number of a campaign that goes over the wire."""
    yield from (details.campaign_id, details.priority, details.load_contacts_per_interval)
    yield from (details.auto_dial_timeout, details.minimum_ring_time)
    if details.skillset:
        yield details.skillset.skillset_id
    for code in details.disposition_codes:
        yield from (code.disposition_code_id, code.numeric_value, code.retry_timeout, code.max_retry_count)
