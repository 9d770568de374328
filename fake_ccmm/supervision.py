"""What a supervisor, a test or a tool does to a center: no session, no limits, any status.

One lock makes every method safe in any thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from .campaign import Campaign, CampaignView
from .clock import SettableClock
from .contacts import ContactCodec, ContactStore, PlainCodec
from .errors import SetupError, UnknownCampaign, UnknownContact
from .model import (
    Administrator,
    CampaignDetails,
    CampaignStatus,
    Closure,
    Contact,
    ContactStatus,
    DispositionCode,
    Skillset,
)
from .pacing import Pacing, PacingState
from .profile import Profile
from .sessions import Sessions, SessionsState, SessionView

if TYPE_CHECKING:
    from .allowance import Allowance

_LOAD_CHUNK = 500


@dataclass(frozen=True, slots=True)
class CenterState:
    """All that a center holds at one moment; opaque but to :meth:`ContactCenter.restore`."""

    profile: Profile
    sessions: SessionsState
    pacing: PacingState
    skillsets: tuple[Skillset, ...]
    disposition_codes: tuple[DispositionCode, ...]
    campaigns: tuple[Campaign, ...]
    last_contact_id: int


class SupervisedCenter:
    """The state of a center, and everything that can be done to it but by calling its operations.

    ``clock`` drives session time-outs, the once-a-second limits and dates; without one, it tells the machine's time
    until it is moved. ``codec`` is how contacts are kept. ``disposition_codes`` are those that campaigns can link.
    """

    def __init__(
        self,
        *,
        administrators: Iterable[Administrator] = (),
        skillsets: Iterable[Skillset] = (),
        disposition_codes: Iterable[DispositionCode] = (),
        profile: Profile | None = None,
        clock: SettableClock | None = None,
        codec: ContactCodec[Any] | None = None,
    ) -> None:
        self.profile = profile or Profile()
        self.clock = clock or SettableClock(running=True)
        self._codec = codec or PlainCodec()
        self._turn = _Turn()
        self._sessions = Sessions(administrators, self.clock, self.profile)
        self._pacing = Pacing(self.clock, self.profile)
        self._skillsets = {one.skillset_id: one for one in skillsets}
        self._codes = {one.disposition_code_id: one for one in disposition_codes}
        self._campaigns: dict[int, Campaign] = {}
        self._last_contact_id = 0
        self._contact_count = 0
        self._allowance: Allowance | None = None

    def keep_within(self, allowance: Allowance | None) -> None:
        """Keep no more than that from now on; OutOfBounds, and nothing changed, where it is more already.

        What would be more is refused with OutOfBounds then, and changes nothing.
        """
        with self._turn:
            if allowance is not None:
                allowance.check("center_contacts", self._contact_count, "contacts in a center")
            self._allowance = allowance

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the center still: what is done inside is one step for every other thread."""
        with self._turn:
            yield

    def add_campaign(self, details: CampaignDetails, contacts: Iterable[Contact] = ()) -> None:
        """Add a campaign, in any status, with its contacts; its id must be new. Ids of contacts are given out."""
        with self._turn:
            if details.campaign_id in self._campaigns:
                raise SetupError(f"campaign id {details.campaign_id} is taken; each campaign needs its own")
            self._check("campaigns", len(self._campaigns) + 1, "campaigns in a center")
            any_blank = self.profile.blank_phone_part == "any"
            self._campaigns[details.campaign_id] = Campaign(details, self._codec, any_blank=any_blank)
            self._campaigns = dict(sorted(self._campaigns.items()))
        try:
            self.load_contacts(details.campaign_id, contacts)
        except BaseException:
            with self._turn:
                self._forget_campaign(details.campaign_id)
            raise

    def add_skillset(self, skillset: Skillset) -> None:
        """Add a skillset, or rename the one of that id."""
        with self._turn:
            self._check_entry(self._skillsets, skillset.skillset_id, "skillsets")
            self._skillsets[skillset.skillset_id] = skillset

    def skillsets(self) -> list[Skillset]:
        """Every skillset, in the order they were added."""
        with self._turn:
            return list(self._skillsets.values())

    def add_disposition_code(self, code: DispositionCode) -> None:
        """Add a code that campaigns can link, or change the one of that id; campaigns keep those they have."""
        with self._turn:
            self._check_entry(self._codes, code.disposition_code_id, "disposition codes")
            self._codes[code.disposition_code_id] = code

    def disposition_codes(self) -> list[DispositionCode]:
        """Every code that campaigns can link, in the order they were added."""
        with self._turn:
            return list(self._codes.values())

    def add_administrator(self, administrator: Administrator) -> None:
        """Let one more user log in, or change the password of the one of that name."""
        with self._turn:
            administrators = self._sessions.administrators
            self._check_entry(administrators, administrator.username, "administrators")
            administrators[administrator.username] = administrator

    def administrators(self) -> list[Administrator]:
        """Everyone who has a name and a password here, those of the base install too."""
        with self._turn:
            return list(self._sessions.administrators.values())

    def load_contacts(self, campaign_id: int, contacts: Iterable[Contact], *, keep_ids: bool = False) -> int:
        """Add contacts as they are, status included, and return how many; calls are answered in between.

        With ``keep_ids`` an id above 0 is kept; it must be greater than those before it in the campaign.
        A ValueError says which cannot be kept; those before it have been added.
        """
        if isinstance(contacts, Sized):
            with self._turn:
                self.check_room(len(contacts))
        remaining = iter(contacts)
        total = 0
        while chunk := list(islice(remaining, _LOAD_CHUNK)):
            with self._turn:
                campaign = self._known(campaign_id)
                for contact in chunk:
                    self._add(campaign, contact, contact.contact_id if keep_ids else 0)
            total += len(chunk)
        return total

    def check_room(self, contacts: int) -> None:
        """Raise OutOfBounds where there is no room for so many more contacts."""
        with self._turn:
            self._check("center_contacts", self._contact_count + contacts, "contacts in a center")
            if self._allowance is not None:
                self._allowance.check_left(contacts, f"{contacts:,} more contacts were to be kept")

    @property
    def last_contact_id(self) -> int:
        """The greatest id a contact was ever given (rule A5)."""
        with self._turn:
            return self._last_contact_id

    def give_out_ids_after(self, contact_id: int) -> None:
        """Let the next contact's id be greater than this one; a SetupError where it was given out already."""
        with self._turn:
            if contact_id < self._last_contact_id:
                raise SetupError(
                    f"contact ids go on after {self._last_contact_id}; {contact_id} would give some out again"
                )
            self._last_contact_id = contact_id

    def set_campaign_details(self, details: CampaignDetails) -> None:
        """Change everything about a campaign but its id and its contacts, as a supervisor might."""
        with self._turn:
            self._known(details.campaign_id).details = details

    def remove_campaign(self, campaign_id: int) -> None:
        """Forget a campaign and its contacts; their ids are not given out again."""
        with self._turn:
            self._known(campaign_id)
            self._forget_campaign(campaign_id)

    def set_campaign_status(self, campaign_id: int, status: CampaignStatus) -> None:
        """What a supervisor does, and no operation can (rule C4)."""
        with self._turn:
            campaign = self._known(campaign_id)
            campaign.details = replace(campaign.details, status=status)

    def campaign(self, campaign_id: int) -> CampaignView:
        """One campaign, whatever its status."""
        with self._turn:
            return self._known(campaign_id).view()

    def set_contact_status(self, campaign_id: int, contact_id: int, status: ContactStatus) -> None:
        """What a dialler or an agent does to one contact."""
        with self._turn:
            store, row = self._known_row(campaign_id, contact_id)
            self._change(store)
            store.set_status(row, status)

    def set_closure(self, campaign_id: int, contact_id: int, closure: Closure) -> None:
        """Close one contact with these words and this code, as an agent does; no rule is asked."""
        with self._turn:
            store, row = self._known_row(campaign_id, contact_id)
            self._change(store)
            store.close(row, closure)

    def close_next(self, campaign_id: int, closure: Closure) -> int | None:
        """Close the first open contact of a campaign and return its id; None where all are closed."""
        with self._turn:
            store = self._known(campaign_id).contacts
            row = store.first_open()
            if row < 0:
                return None
            self._change(store)
            store.close(row, closure)
            return store.contact_id(row)

    def campaigns(self) -> list[CampaignView]:
        """Every campaign, whatever its status, by id."""
        with self._turn:
            return [one.view() for one in self._campaigns.values()]

    def contacts(self, campaign_id: int, *, after: int = 0, most: int | None = None) -> list[Contact]:
        """The contacts of a campaign with their status, by id: all, or at most so many with ids above ``after``."""
        with self._turn:
            store = self._known(campaign_id).contacts
            start = store.row_after(after) if after else 0
            end = len(store) if most is None else min(len(store), start + most)
            return [store.contact(row) for row in range(start, end)]

    def contact(self, campaign_id: int, contact_id: int) -> Contact:
        """One contact with its status."""
        with self._turn:
            store, row = self._known_row(campaign_id, contact_id)
            return store.contact(row)

    def closure(self, campaign_id: int, contact_id: int) -> Closure | None:
        """How CloseContact closed a contact; None for one it has not."""
        with self._turn:
            store, row = self._known_row(campaign_id, contact_id)
            return store.closure(row)

    def usernames(self) -> list[str]:
        """Who holds a session, live or expired."""
        with self._turn:
            return self._sessions.usernames()

    def sessions(self) -> list[SessionView]:
        """Every session, live or expired, in the order of their logins."""
        with self._turn:
            return self._sessions.views()

    def expire_session(self, username: str) -> bool:
        """End a user's session as if it had been idle for too long (rule S8); whether there was one."""
        with self._turn:
            return self._sessions.expire(username)

    def end_session(self, username: str) -> bool:
        """Destroy a user's session key, live or expired (rule S5); whether there was one."""
        with self._turn:
            return self._sessions.end(username)

    def log_in_elsewhere(self, username: str) -> None:
        """Let somebody else hold the user's session, if nobody does: a login is then refused (rule S4)."""
        with self._turn:
            self._sessions.log_in_elsewhere(username)

    def start_limit(self, operation: str, key: str | None) -> None:
        """Start the second of a limited operation now, as if it had just been called (rules A4 and X5)."""
        with self._turn:
            self._pacing.record(operation, self._sessions.check(key))

    def set_profile(self, profile: Profile) -> None:
        """Make other choices from now on."""
        with self._turn:
            self.profile = self._sessions.profile = self._pacing.profile = profile
            for campaign in self._campaigns.values():
                campaign.contacts.index_phones(any_blank=profile.blank_phone_part == "any")

    def before_each_turn(self, catch_up: Callable[[], None] | None) -> None:
        """Have something done whenever the center is used, before anything else: what was due by its clock."""
        self._turn.catch_up = catch_up

    def stores(self) -> list[ContactStore]:
        """Where the contacts of each campaign are kept, to count them; not to be changed."""
        return [one.contacts for one in self._campaigns.copy().values()]

    def state(self) -> CenterState:
        """All that the center holds, for :meth:`restore`; contacts are copied only when they change."""
        with self._turn:
            return CenterState(
                self.profile,
                self._sessions.state(),
                self._pacing.state(),
                tuple(self._skillsets.values()),
                tuple(self._codes.values()),
                tuple(one.copy() for one in self._campaigns.values()),
                self._last_contact_id,
            )

    def restore(self, state: CenterState) -> None:
        """Hold again what a state says; also that of another center, whose clock may be another.

        A ValueError, with nothing changed, where its contacts cannot be kept as those here are.
        """
        with self._turn:
            campaigns = [one.copy() for one in state.campaigns]
            for store in [one.contacts for one in campaigns]:
                if store.codec is not self._codec:
                    store.recode(self._codec, store.encoded(self._codec))
            self._sessions.restore(state.sessions)
            self._pacing.restore(state.pacing)
            self._skillsets = {one.skillset_id: one for one in state.skillsets}
            self._codes = {one.disposition_code_id: one for one in state.disposition_codes}
            self._campaigns = {one.details.campaign_id: one for one in campaigns}
            self._last_contact_id = state.last_contact_id
            self._contact_count = sum(len(one.contacts) for one in campaigns)
            self.set_profile(state.profile)

    def username_of(self, key: str | None) -> str | None:
        """Whose session key it is, or None."""
        return self._sessions.username_of(key)

    @property
    def codec(self) -> ContactCodec[Any]:
        """How contacts are kept."""
        return self._codec

    def keep_contacts_as(self, codec: ContactCodec[Any]) -> None:
        """Keep contacts in another codec's form from now on, those there too; all of them, or none on a ValueError."""
        with self._turn:
            if codec is not self._codec:
                stores = [campaign.contacts for campaign in self._campaigns.values()]
                for store, records in [(store, store.encoded(codec)) for store in stores]:
                    store.recode(codec, records)
                self._codec = codec

    # --- with the lock held ---------------------------------------------------------------------------------------

    def _add(self, campaign: Campaign, contact: Contact, contact_id: int = 0) -> None:
        new_id = contact_id or self._last_contact_id + 1
        store, allowance = campaign.contacts, self._allowance
        if allowance is None:
            store.append(contact, new_id)
        else:
            allowance.check("center_contacts", self._contact_count + 1, "contacts in a center")
            allowance.take(store.weight_of_change + 1, "one more contact was to be kept")
            before = store.weight
            store.append(contact, new_id)
            allowance.spend(store.weight - before - 1)
        self._contact_count += 1
        # Only now: a contact that cannot be kept uses up no id (A5).
        self._last_contact_id = max(new_id, self._last_contact_id)

    def _change(self, store: ContactStore) -> None:
        """Ask for room where contacts are about to change that are kept only once for several centers or states."""
        if self._allowance is not None and store.weight_of_change:
            self._allowance.take(store.weight_of_change, f"a copy of {len(store):,} contacts was to be changed")

    def _check(self, name: str, asked: int, what: str) -> None:
        if self._allowance is not None:
            self._allowance.check(name, asked, what)

    def _check_entry(self, entries: Mapping[Any, Any], key: Any, what: str) -> None:
        if key not in entries:
            self._check("entries", len(entries) + 1, f"{what} in a center")

    def _forget_campaign(self, campaign_id: int) -> None:
        self._contact_count -= len(self._campaigns.pop(campaign_id).contacts)

    def _known(self, campaign_id: int) -> Campaign:
        campaign = self._campaigns.get(campaign_id)
        if campaign is None:
            raise UnknownCampaign(campaign_id=campaign_id)
        return campaign

    def _known_row(self, campaign_id: int, contact_id: int) -> tuple[ContactStore, int]:
        store = self._known(campaign_id).contacts
        row = store.row_of(contact_id)
        if row is None:
            raise UnknownContact(contact=contact_id)
        return store, row


class _Turn:
    """The center's lock. Whoever takes it finds done what was due; nothing more happens until it is free again."""

    __slots__ = ("_depth", "_lock", "catch_up")

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self.catch_up: Callable[[], None] | None = None

    def __enter__(self) -> None:
        self._lock.acquire()
        self._depth += 1
        if self._depth == 1 and self.catch_up is not None:
            try:
                self.catch_up()
            except BaseException:
                self.__exit__()
                raise

    def __exit__(self, *_: object) -> None:
        self._depth -= 1
        self._lock.release()
