"""The oracle: what may become of each call of a server, after all that was before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from ..answer import Answer, Returned
from ..domain import Campaign, Contact, User
from ..operations import OPERATIONS
from ..worlds import World
from .campaigns import CampaignRules
from .contacts import ContactRules
from .expectation import Expectation, described
from .grounds import Grounds
from .kept import ANY_STATUS, KeptContact
from .memory import Memory
from .sessions import SessionRules


class Oracle:
    """What a server has to do, given a world and what is known of the server's open choices.

    ``choices`` are by the names of :mod:`ccmm_contracts.choices`; one that is missing may be either way. It shares no
    code with any server, and goes on with what the answers tell where they leave something open.
    """

    def __init__(self, world: World, choices: Mapping[str, Any]) -> None:
        memory = Memory(world.users, choices, is_settled=True)
        memory.fill(world)
        self._begin(memory)

    @classmethod
    def from_server(
        cls,
        users: Iterable[User],
        campaigns: Iterable[Campaign],
        contacts: Mapping[int, Sequence[Contact]],
        choices: Mapping[str, Any],
    ) -> Oracle:
        """The oracle of a server that is no mock, from its active campaigns and their contacts as they were read.

        Nobody of ``users`` is logged in. Others may be at work on the server: the statuses of contacts are not known
        until they are closed, and contacts may be added.
        """
        oracle = cls.__new__(cls)
        memory = Memory(users, choices, is_settled=False)
        memory.fill_from(campaigns, contacts)
        oracle._begin(memory)
        return oracle

    def _begin(self, memory: Memory) -> None:
        self.memory = memory
        grounds = Grounds(memory)
        sessions, campaigns, contacts = SessionRules(grounds), CampaignRules(grounds), ContactRules(grounds)
        self._outcomes: dict[str, Callable[..., list[Expectation]]] = {
            "OutboundLogin": sessions.log_in,
            "OutboundLogoff": sessions.log_off,
            "GetCampaigns": campaigns.get_campaigns,
            "Get200CampaignContacts": campaigns.get_contacts,
            "AppendContactsToCampaign": campaigns.append,
            "GetContactStatus": contacts.get_status,
            "CloseContact": contacts.close,
            "GetContactIDByPhoneNumber": contacts.get_id_by_phone,
            "FindContactsByPhoneNumber": contacts.find_by_phone,
            "FindContactsByCustomField": contacts.find_by_field,
        }

    # --- what is known ----------------------------------------------------------------------------------------------

    @property
    def contacts(self) -> Sequence[KeptContact]:
        """Every contact: those that were there in their order, then those that were appended."""
        return self.memory.contacts

    def key_of(self, user: User) -> str | None:
        """The key that the user got last and that no log-off destroyed, live or expired."""
        session = self.memory.sessions.get(user.name)
        return session.key if session else None

    # --- what happens to a server without a call --------------------------------------------------------------------

    def advance(self, seconds: float) -> None:
        """Time goes on."""
        self.memory.advance(seconds)

    def set_campaign_status(self, campaign_id: int, status: str) -> None:
        """A supervisor gave a campaign another status."""
        self.memory.campaigns[campaign_id].status = status

    def set_contact_status(self, contact: KeptContact, status: str) -> None:
        """A dialler or an agent gave a contact another status."""
        contact.statuses = frozenset({status})

    def expire(self, user: User) -> None:
        """The user's session expired, if there is one."""
        session = self.memory.sessions.get(user.name)
        if session is not None:
            session.was_ended = True

    # --- calls ------------------------------------------------------------------------------------------------------

    def expect(self, operation: str, **arguments: Any) -> list[Expectation]:
        """Every acceptable outcome of a call now. Arguments as for ``Caller.call``; left out is None, 0 or false."""

        def commit(one: Expectation, answer: Answer) -> None:
            self._commit(operation, [one], answer)

        return [replace(one, committer=commit) for one in self._outcomes[operation](**arguments)]

    def judge(self, operation: str, arguments: Mapping[str, Any], answer: Answer) -> str:
        """What is wrong with the answer to a call, in words; empty where it was expected, and is then known."""
        expectations = self.expect(operation, **arguments)
        wrong = [one.check(answer) for one in expectations]
        fitting = [one for one, why in zip(expectations, wrong, strict=True) if not why]
        if fitting:
            self._commit(operation, [one for one in fitting if one.decisive] or fitting, answer)
            return ""
        told = " or ".join(dict.fromkeys(one.told for one in expectations))
        what = described(answer)
        why = "; ".join(dict.fromkeys(one for one in wrong if one != what)) or what
        return f"{operation}: expected {told}; but {why}"

    def _commit(self, operation: str, fitting: Sequence[Expectation], answer: Answer) -> None:
        """One of these is what happened; where that is not known, whatever they agree on."""
        for contact in {contact for one in fitting for contact in one.after}:
            possible = [one.after.get(contact, contact.statuses) for one in fitting]
            contact.statuses = frozenset().union(*possible)
        session = fitting[0].session
        if session is not None:
            self.memory.use(session, surely=isinstance(answer, Returned))
            if OPERATIONS[operation].limited:
                verdicts = {one.carried_out for one in fitting}
                self.memory.note_limited(operation, session, verdicts.pop() if len(verdicts) == 1 else None)
        if len(fitting) == 1:
            fitting[0].learn(answer.value if isinstance(answer, Returned) else None)
        if not self.memory.is_settled:
            for one in self.memory.contacts:
                if one.may_be_open:
                    one.statuses = ANY_STATUS
