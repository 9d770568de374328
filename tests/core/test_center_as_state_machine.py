"""Any order of calls, held against a model of the center that is nothing but dictionaries and lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from fake_ccmm.contacts import PlainCodec
from fake_ccmm.errors import (
    AlreadyLoggedIn,
    ContactAlreadyClosed,
    DispositionCodeNotLinked,
    InactiveCampaign,
    InvalidLogin,
    InvalidSessionKey,
    LoginOnExpiredSession,
    Refusal,
    SessionExpired,
    TooSoon,
    UnknownCampaign,
    UnknownContact,
    UnknownSkillset,
)
from fake_ccmm.model import CampaignStatus, Contact, ContactStatus, CustomField, PhoneNumber
from fake_ccmm.soap.contact_xml import XML_CONTACTS

from .world import ACTIVE, ANNA, BEN, NO_SUCH_CAMPAIGN, NUMBER, World, open_world, person

PASSWORDS = {one.username: one.password for one in (ANNA, BEN)}
SECOND = 1_000_000
TIMEOUT = 20 * 60 * SECOND
CODES = {1: (101, 102), 2: (103,)}
CAMPAIGNS = st.sampled_from([1, 1, 1, 2, NO_SUCH_CAMPAIGN])
ACCOUNTS = st.sampled_from(["A1", "A2", "", None])
NUMBERS = st.sampled_from([NUMBER, PhoneNumber("972", None, "5550100"), PhoneNumber(phone_no="1"), None])
TIMES = st.sampled_from([0, 400_000, SECOND - 1, SECOND, 60 * SECOND, TIMEOUT // 2, TIMEOUT, TIMEOUT + 1])

Outcome = Any
"""What a call returns, or the class of its refusal."""


@dataclass
class Kept:
    """A contact as the model knows it."""

    contact_id: int
    account: str | None
    number: PhoneNumber | None
    status: ContactStatus = ContactStatus.NEW
    text: str | None = None


@dataclass
class Login:
    """A session as the model knows it; times in microseconds."""

    username: str
    last_used: int
    last_calls: dict[str, int] = field(default_factory=dict)


class CenterMachine(RuleBasedStateMachine):
    """Two users, two campaigns, one clock."""

    keys = Bundle("keys")

    def __init__(self) -> None:
        super().__init__()
        self.world: World
        self.now = 0
        self.logins: dict[str, Login] = {}
        self.statuses = {1: CampaignStatus.RUNNING, 2: CampaignStatus.RUNNING}
        self.kept: dict[int, list[Kept]] = {1: [], 2: []}
        self.last_id = 0

    @initialize(codec=st.sampled_from([PlainCodec(), XML_CONTACTS]), target=keys)
    def open(self, codec: Any) -> str:
        self.world = open_world(codec=codec)
        self.logins[self.world.key] = Login("anna", 0)
        return self.world.key

    # --- the model ------------------------------------------------------------------------------------------------

    def login_of(self, username: str) -> tuple[str, Login] | None:
        return next(((key, one) for key, one in self.logins.items() if one.username == username), None)

    def has_expired(self, login: Login) -> bool:
        return self.now - login.last_used > TIMEOUT

    def refused_session(self, key: str) -> type[Refusal] | None:
        """What refuses the key, or nothing; a good one is used by this."""
        login = self.logins.get(key)
        if login is None:
            return InvalidSessionKey
        if self.has_expired(login):
            return SessionExpired
        login.last_used = self.now
        return None

    def refused_campaign(self, campaign_id: int) -> type[Refusal] | None:
        if campaign_id not in self.statuses:
            return UnknownCampaign
        return None if self.statuses[campaign_id] in ACTIVE else InactiveCampaign

    def refused(self, key: str, campaign_id: int) -> type[Refusal] | None:
        return self.refused_session(key) or self.refused_campaign(campaign_id)

    def refused_limited(self, operation: str, key: str, campaign_id: int) -> type[Refusal] | None:
        found = self.refused_session(key)
        if found is not None:
            return found
        last = self.logins[key].last_calls.get(operation)
        if last is not None and self.now - last < SECOND:
            return TooSoon
        return self.refused_campaign(campaign_id)

    def check(self, call: Callable[[], Outcome], expected: Outcome) -> None:
        """The call comes to what is expected; if that is a refusal, nothing has changed."""
        if isinstance(expected, type):
            before = self.world.state()
            with pytest.raises(expected):
                call()
            assert self.world.state() == before
        else:
            assert call() == expected

    def matches(self, campaign_id: int, contact_id: int, account: str | None, by_field: bool) -> list[Kept]:
        if by_field:
            # A person without an account has no such field at all, so that an empty text finds only given ones.
            return [one for one in self.kept[campaign_id] if one.account is not None and one.account == (account or "")]
        return [one for one in self.kept[campaign_id] if one.contact_id == contact_id]

    # --- sessions -------------------------------------------------------------------------------------------------

    @rule(target=keys, username=st.sampled_from([*PASSWORDS, "webadmin", "nobody"]), good=st.booleans())
    def log_in(self, username: str, good: bool) -> Any:
        password = PASSWORDS.get(username, "webadmin") if good else "wrong"
        current = self.login_of(username)
        expected: type[Refusal] | None = None
        if username not in PASSWORDS or not good:
            expected = InvalidLogin
        elif current is not None:
            expected = LoginOnExpiredSession if self.has_expired(current[1]) else AlreadyLoggedIn
        if expected is not None:
            self.check(lambda: self.world.center.log_in(username, password), expected)
            return multiple()
        key = self.world.center.log_in(username, password)
        assert key not in self.logins
        self.logins[key] = Login(username, self.now)
        return key

    @rule(username=st.sampled_from([*PASSWORDS, "nobody"]))
    def log_off(self, username: str) -> None:
        self.world.center.log_off(username)
        current = self.login_of(username)
        if current is not None:
            del self.logins[current[0]]

    @rule(key=consumes(keys))
    def forget_a_key_that_is_dead(self, key: str) -> None:
        """So that calls with keys of the past do not crowd out the others."""
        if key in self.logins:
            self.world.center.log_off(self.logins.pop(key).username)

    # --- time and supervisors -------------------------------------------------------------------------------------

    @rule(microseconds=TIMES)
    def wait(self, microseconds: int) -> None:
        self.world.clock.advance(microseconds / SECOND)
        self.now += microseconds

    @rule(campaign_id=st.sampled_from([1, 2]), status=st.sampled_from([*ACTIVE, *CampaignStatus]))
    def set_campaign_status(self, campaign_id: int, status: CampaignStatus) -> None:
        self.world.center.set_campaign_status(campaign_id, status)
        self.statuses[campaign_id] = status

    @precondition(lambda self: self.last_id)
    @rule(data=st.data(), status=st.sampled_from(ContactStatus))
    def set_contact_status(self, data: st.DataObject, status: ContactStatus) -> None:
        campaign_id, one = data.draw(st.sampled_from([(i, one) for i in self.kept for one in self.kept[i]]))
        self.world.center.set_contact_status(campaign_id, one.contact_id, status)
        one.status, one.text = status, None

    @rule(campaign_id=st.sampled_from([1, 2]), count=st.sampled_from([1, 3, 199, 200, 201]))
    def load(self, campaign_id: int, count: int) -> None:
        if len(self.kept[campaign_id]) > 400:
            return
        self.world.center.load_contacts(campaign_id, (person(number) for number in range(count)))
        for _ in range(count):
            self.keep(campaign_id, None, None)

    # --- operations -----------------------------------------------------------------------------------------------

    def keep(self, campaign_id: int, account: str | None, number: PhoneNumber | None) -> None:
        self.last_id += 1
        self.kept[campaign_id].append(Kept(self.last_id, account, number))

    @rule(
        key=keys,
        campaign_id=CAMPAIGNS,
        account=ACCOUNTS,
        number=NUMBERS,
        sent_id=st.sampled_from([0, 1, 5000]),
        good=st.sampled_from([True, True, True, False]),
    )
    def append(
        self, key: str, campaign_id: int, account: str | None, number: PhoneNumber | None, sent_id: int, good: bool
    ) -> None:
        contact: Contact = person(account=account, phone_number=number, contact_id=sent_id)
        if not good:
            contact = person(skillset_id=99)
        expected: Outcome = self.refused_limited("append", key, campaign_id)
        if expected is None and not good:
            expected = UnknownSkillset
        if expected is None:
            expected = 1
            self.keep(campaign_id, account, number)
            self.logins[key].last_calls["append"] = self.now
        self.check(lambda: self.world.center.append_contact(key, campaign_id, contact), expected)

    @rule(
        key=keys,
        campaign_id=CAMPAIGNS,
        contact_id=st.integers(0, 12),
        account=ACCOUNTS,
        by_field=st.booleans(),
        text=st.sampled_from([None, "done"]),
        code=st.sampled_from([None, 101, 102, 103]),
    )
    def close(
        self,
        key: str,
        campaign_id: int,
        contact_id: int,
        account: str | None,
        by_field: bool,
        text: str | None,
        code: int | None,
    ) -> None:
        expected: Outcome = self.refused_limited("close", key, campaign_id)
        if expected is None and code is not None and code not in CODES[campaign_id]:
            expected = DispositionCodeNotLinked
        if expected is None:
            found = self.matches(campaign_id, contact_id, account, by_field)
            still_open = [one for one in found if one.status is not ContactStatus.CLOSED]
            if still_open:
                expected = 1
                still_open[0].status, still_open[0].text = ContactStatus.CLOSED, text
                self.logins[key].last_calls["close"] = self.now
            else:
                expected = ContactAlreadyClosed if found else UnknownContact
        self.check(
            lambda: self.world.center.close_contact(
                key,
                campaign_id,
                contact_id=contact_id,
                custom_field=CustomField("Account", account) if by_field else None,
                text=text,
                disposition_code=code,
            ),
            expected,
        )

    @rule(key=keys, campaign_id=CAMPAIGNS, contact_id=st.integers(0, 12), account=ACCOUNTS, by_field=st.booleans())
    def ask_for_the_status(
        self, key: str, campaign_id: int, contact_id: int, account: str | None, by_field: bool
    ) -> None:
        expected: Outcome = self.refused(key, campaign_id)
        if expected is None:
            found = self.matches(campaign_id, contact_id, account, by_field)
            expected = found[0].status if found else UnknownContact
        custom_field = CustomField("Account", account) if by_field else None
        self.check(
            lambda: self.world.center.get_contact_status(
                key, campaign_id, contact_id=contact_id, custom_field=custom_field
            ),
            expected,
        )

    @rule(key=keys, campaign_id=CAMPAIGNS, cursor=st.integers(-1, 900) | st.sampled_from([-(2**63), 2**63 - 1]))
    def read_a_page(self, key: str, campaign_id: int, cursor: int) -> None:
        expected: Outcome = self.refused(key, campaign_id)
        if expected is None:
            expected = [one.contact_id for one in self.kept[campaign_id] if one.contact_id > cursor][:200]
        center = self.world.center
        self.check(
            lambda: [one.contact_id for one in center.get_200_campaign_contacts(key, campaign_id, cursor)], expected
        )

    @rule(key=keys, campaign_id=CAMPAIGNS, number=NUMBERS, status=st.none() | st.sampled_from(ContactStatus))
    def find_by_phone_number(
        self, key: str, campaign_id: int, number: PhoneNumber | None, status: ContactStatus | None
    ) -> None:
        expected: Outcome = self.refused(key, campaign_id)
        center = self.world.center
        having = [] if expected else [one for one in self.kept[campaign_id] if one.number == number]
        first = having[0].contact_id if having else -1
        self.check(lambda: center.get_contact_id_by_phone_number(key, campaign_id, number), expected or first)
        if number is not None:
            ids = [one.contact_id for one in having if status in (None, one.status)]
            name = None if status is None else status.value
            self.check(
                lambda: [
                    one.contact_id
                    for one in center.find_contacts_by_phone_number(key, campaign_id, number, status_name=name)
                ],
                expected or ids,
            )

    @rule(key=keys, campaign_id=CAMPAIGNS, account=ACCOUNTS, status=st.none() | st.sampled_from(ContactStatus))
    def find_by_custom_field(
        self, key: str, campaign_id: int, account: str | None, status: ContactStatus | None
    ) -> None:
        expected: Outcome = self.refused(key, campaign_id)
        if expected is None:
            found = self.matches(campaign_id, 0, account, by_field=True)
            expected = [one.contact_id for one in found if status in (None, one.status)]
        self.check(
            lambda: [
                one.contact_id
                for one in self.world.center.find_contacts_by_custom_field(
                    key, campaign_id, CustomField("Account", account), status_name=status and status.value
                )
            ],
            expected,
        )

    @rule(key=keys)
    def list_campaigns(self, key: str) -> None:
        expected: Outcome = self.refused_session(key)
        if expected is None:
            expected = [number for number, status in self.statuses.items() if status in ACTIVE]
        self.check(lambda: [one.details.campaign_id for one in self.world.center.get_campaigns(key)], expected)

    @rule(campaign_id=st.sampled_from([1, 2]))
    def page_to_the_end(self, campaign_id: int) -> None:
        key = next((key for key, login in self.logins.items() if not self.has_expired(login)), None)
        if key is None or self.refused(key, campaign_id):
            return
        expected = [one.contact_id for one in self.kept[campaign_id]]
        received: list[int] = []
        pages = 0
        while len(received) <= len(expected):
            page = self.world.center.get_200_campaign_contacts(key, campaign_id, received[-1] if received else 0)
            if not page:
                break
            received += [one.contact_id for one in page]
            pages += 1
        assert received == expected
        assert pages == -(-len(received) // 200)

    # --- what is always so ----------------------------------------------------------------------------------------

    @invariant()
    def counts_and_sessions_are_those_of_the_model(self) -> None:
        for view in self.world.center.campaigns():
            contacts = self.kept[view.details.campaign_id]
            closed = sum(one.status is ContactStatus.CLOSED for one in contacts)
            counts = (view.number_of_contacts, view.number_of_contacts_closed, view.number_of_contacts_processed)
            assert counts == (len(contacts), closed, closed)
            assert view.details.status is self.statuses[view.details.campaign_id]
        assert self.world.center.usernames() == [one.username for one in self.logins.values()]

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        for campaign_id, contacts in self.kept.items():
            found = self.world.center.contacts(campaign_id)
            assert [(one.contact_id, one.status) for one in found] == [(one.contact_id, one.status) for one in contacts]
            ids = [one.contact_id for one in found]
            assert ids == sorted(set(ids))
            for one in contacts:
                closure = self.world.center.closure(campaign_id, one.contact_id)
                assert (closure and closure.text) == one.text


CenterMachine.TestCase.settings = settings(stateful_step_count=40)
TestAnyOrderOfCalls = pytest.mark.rule("P2")(pytest.mark.rule("A5")(pytest.mark.rule("C3")(CenterMachine.TestCase)))
