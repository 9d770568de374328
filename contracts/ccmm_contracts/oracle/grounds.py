"""When a call is not carried out, and what becomes of it then; what all operations share.

Where the choices of a server are known, exactly what they say is expected; where they are not, every alternative.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from ..answer import Answer, Returned
from ..domain import ACTIVE_STATUSES, Contact
from .expectation import Expectation, Refusals, described, is_number, number
from .kept import ANY_STATUS, Assigned, Due, KeptCampaign, KeptContact, KeptSession, assigned
from .memory import Memory

Outcomes = list[Expectation]

Ground = tuple[bool, Outcomes]
"""A reason not to carry a call out: whether it surely is one, and what becomes of the call then."""

NO_LIMIT = 1 << 62


class Grounds:
    """The outcomes that operations share, for what is known of a server."""

    def __init__(self, memory: Memory) -> None:
        self.memory = memory
        self.choices = memory.choices
        self._refusals = Refusals(memory.choices)

    def refused(self, name: str, told: str, *, decisive: bool = False) -> Expectation:
        """A refusal, by the name that profiles have for it."""
        return Expectation(told, self._refusals.check(name), carried_out=False, decisive=decisive)

    def by_choice(self, choice: str, alternatives: Mapping[str, Outcomes]) -> Outcomes:
        """The outcomes of the alternative that the server has chosen; those of all where that is not known."""
        chosen = self.choices.get(choice)
        found = alternatives.values() if chosen is None else [alternatives[chosen]]
        return [outcome for outcomes in found for outcome in outcomes]

    def ground(self, choice: str, alternatives: Mapping[str, Outcomes]) -> Ground:
        """A ground that depends on a choice; an alternative without outcomes is none."""
        chosen = self.choices.get(choice)
        found = list(alternatives.values()) if chosen is None else [alternatives[chosen]]
        return all(found), [outcome for outcomes in found for outcome in outcomes]

    def unless(self, grounds: Sequence[Ground], carried_out: Callable[[], Outcomes]) -> Outcomes:
        """What becomes of a call: any of the grounds may be the first that is looked at."""
        outcomes = [outcome for _, found in grounds for outcome in found]
        return outcomes if any(surely for surely, _ in grounds) else [*outcomes, *carried_out()]

    def in_session(self, key: str | None, outcomes: Callable[[KeptSession], Outcomes]) -> Outcomes:
        """What becomes of a call with this key: these outcomes where it is a live one. Rules S7 and S8."""
        session = self.memory.session_of(key)
        if session is None:
            return [self.refused("invalid_session_key", "a refusal of the session key (S7)")]
        owner = session
        expired = self.memory.has_expired(owner)
        found = []
        if expired is not False:

            def learn(value: object) -> None:
                owner.was_ended = True

            refused = self.refused("session_expired", "a refusal with Expired (S8)", decisive=True)
            found.append(replace(refused, learn=learn))
        if expired is not True:
            found += [replace(one, session=owner) for one in outcomes(owner)]
        return found

    def campaign(self, campaign_id: int, empty: Callable[[bool], Outcomes]) -> Ground:
        """Why nothing is done with a campaign that is not there, or not active (rule C5).

        ``empty`` gives the outcomes of an answer with nothing in it: exactly, or any where that is not known.
        """
        campaign = self.memory.campaigns.get(campaign_id)
        if campaign is not None and campaign.status in ACTIVE_STATUSES:
            return False, []
        state = "there is none" if campaign is None else f"it is {campaign.status}"
        told = f"a refusal of campaign {campaign_id}, as {state} (C5)"
        names = ["unknown_campaign"] if campaign is None else ["inactive_campaign"]
        if campaign is None and not self.memory.is_settled:
            names.append("inactive_campaign")  # it may be there, and not be shown
        outcomes: Outcomes = []
        for name in names:
            known = self.choices.get(name) is not None
            nothing = [replace(one, carried_out=None) for one in empty(known)]
            outcomes += self.by_choice(name, {"fault": [self.refused(name, told)], "empty": nothing})
        return True, outcomes

    def limit(self, operation: str, session: KeptSession) -> Ground:
        """Why a call is not carried out that comes too soon after another one (rules A4 and X5)."""
        too_soon = self.memory.too_soon(operation, session)
        answer = self.choices.get("limit_answer")
        if too_soon is False or answer == "delay":
            return False, []
        told = f"a refusal of {operation} within the second (A4, X5)"
        value = self.choices.get("limit_return_value")
        check = number(lambda one: one != 1) if value is None else is_number(value)
        what = "a number that is not 1" if value is None else str(value)
        said_no = Expectation(f"{what} within the second (A4, X5)", check, carried_out=False)
        refused = self.refused("too_soon", told)
        outcomes = self.by_choice("limit_answer", {"fault": [refused], "return": [said_no]} | {"delay": []})
        return bool(too_soon and answer), outcomes

    def field(self, campaign: KeptCampaign | None, name: str | None) -> Ground:
        """Why a call is not carried out that names a custom field which the campaign has not got (rules A6 and F4)."""
        if campaign is None or (campaign.custom_field_names is not None and name in campaign.custom_field_names):
            return False, []
        refused = self.refused("unknown_custom_field", f"a refusal of the custom field {name!r} (A6)")
        surely, outcomes = self.ground("unknown_custom_field", {"ignore": [], "fault": [refused]})
        return surely and campaign.custom_field_names is not None, outcomes

    # --- lists of contacts ------------------------------------------------------------------------------------------

    def no_contacts(self) -> Expectation:
        """A list without contacts (rule P4)."""

        def check(answer: Answer) -> str:
            if not isinstance(answer, Returned):
                return described(answer)
            return described(answer) if answer.value else self._form_problem(answer)

        return Expectation("no contacts", check)

    def contacts(
        self,
        told: str,
        campaign: KeptCampaign,
        due: Sequence[Due],
        *,
        enough: int = NO_LIMIT,
        most: int = NO_LIMIT,
        by_id: bool = True,
        statuses: frozenset[str] = ANY_STATUS,
    ) -> Expectation:
        """The contacts that are due, all but the optional ones, from ``enough`` on no more need come; ``most`` at most.

        ``by_id`` is whether their order is known to be that of their ids. Each of them has one of ``statuses``.
        """

        def read(shown: Sequence[Contact]) -> Assigned:
            ours = [one for one in shown if not self._is_strange(campaign, one)]
            ordered = ours if by_id else sorted(ours, key=lambda one: one.contact_id)
            return assigned(ordered, due, self.memory.fits_id, may_end_after=enough - len(shown) + len(ours))

        def check(answer: Answer) -> str:
            if not isinstance(answer, Returned):
                return described(answer)
            ids = [one.contact_id for one in answer.value]
            if len(ids) > most:
                return f"{len(ids)} contacts came, more than {most}"
            if by_id and any(one >= other for one, other in pairwise(ids)):
                return f"the contacts' ids do not ascend: {ids[:10]}"
            return read(answer.value).problem or ("" if ids else self._form_problem(answer))

        def learn(shown: Sequence[Contact]) -> None:
            strange = [one for one in shown if self._is_strange(campaign, one)]
            ours = [one for one in shown if not self._is_strange(campaign, one)]
            found = read(shown).contacts
            ordered = ours if by_id else sorted(ours, key=lambda one: one.contact_id)
            for kept, one in zip(found or (), ordered, strict=False):
                if kept.contact_id is None:
                    self.memory.learn_id(kept, one.contact_id)
                kept.statuses &= statuses
            for one in strange:
                self.memory.adopt(campaign, one)

        return Expectation(told, check, learn=learn)

    def _is_strange(self, campaign: KeptCampaign, shown: Contact) -> bool:
        """Whether a contact was added by somebody else, which can only be on a server that is no mock."""
        memory = self.memory
        if memory.is_settled or memory.knows_id(shown.contact_id):
            return False
        unseen: list[KeptContact] = [one for one in campaign.contacts if one.contact_id is None]
        return not any(one.looks_like(shown) for one in unseen)

    def _form_problem(self, answer: Returned) -> str:
        wanted = self.choices.get("empty_page")
        if not wanted or not answer.form or answer.form == wanted:
            return ""
        return f"the list without contacts is written as {answer.form}, not {wanted}"
