"""What the oracle accepts of a server, and what it does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ccmm_contracts.answer import Answer, Fault, Odd, Returned
from ccmm_contracts.choices import Choices
from ccmm_contracts.domain import Campaign, Contact, CustomField, PhoneNumber, Skillset, Status, User
from ccmm_contracts.oracle import Oracle
from ccmm_contracts.worlds import MAIN, World, WorldCampaign, WorldContact

pytestmark = pytest.mark.slow

ANN, BOB, ROOT = User("ann", "Secret-1"), User("bob", "Secret-2"), User("root", "Secret-3", base_install=True)
ANNS_KEY, BOBS_KEY = "AbCdEf0123__ann", "ZyXwVu9876__bob"
SKILLSET = 10032
FAULT = Fault("Server", "no", 2899)
DONE = Returned(1)
EXPIRED = Fault("Client", "Access Denied - Session has Expired", 2806)


def number(text: str, area: str | None = None) -> PhoneNumber:
    return PhoneNumber(None, area, text)


def world() -> World:
    contacts = (
        Contact(title="one", phone_number=number("1"), custom_fields=(CustomField("Account", "A"),)),
        Contact(title="two", phone_number=number("1", ""), custom_fields=(CustomField("Account", "A"),)),
        Contact(title="three", phone_number=number("1", "30"), custom_fields=(CustomField("Account", "B"),)),
    )
    statuses = ("New", "New", "Closed")
    kept = tuple(WorldContact(one, status) for one, status in zip(contacts, statuses, strict=True))
    ended = WorldCampaign(102, "over", "Completed", contacts=kept[:1])  # the contact's id is 4
    return World((ANN, BOB, ROOT), (WorldCampaign(MAIN, "main", contacts=kept), ended))


def shown(place: int, contact_id: int | None = None) -> Contact:
    contact = world().campaigns[0].contacts[place].contact
    return Contact(
        **{name: getattr(contact, name) for name in Contact.__dataclass_fields__ if name != "contact_id"},
        contact_id=place + 1 if contact_id is None else contact_id,
    )


class Server:
    """An oracle with ann logged in; ``says`` judges an answer."""

    def __init__(self, choices: Mapping[str, Any] | None = None, oracle: Oracle | None = None) -> None:
        self.oracle = oracle or Oracle(world(), Choices(choices))
        assert not self.says("OutboundLogin", Returned(ANNS_KEY), username="ann", password="Secret-1")

    def says(self, operation: str, answer: Answer, **arguments: Any) -> str:
        return self.oracle.judge(operation, arguments, answer)

    def called(self, operation: str, answer: Answer, *, key: str | None = ANNS_KEY, **arguments: Any) -> str:
        if operation not in ("GetCampaigns",):
            arguments.setdefault("campaign_id", MAIN)
        return self.says(operation, answer, session_key=key, **arguments)

    def appended(self, contact: Contact, answer: Answer = DONE, **more: Any) -> str:
        return self.called("AppendContactsToCampaign", answer, contact=contact, **more)

    def closed(self, answer: Answer, **arguments: Any) -> str:
        return self.called("CloseContact", answer, **arguments)

    def page(self, contacts: tuple[Contact, ...], last: int = 0, form: str = "") -> str:
        return self.called("Get200CampaignContacts", Returned(contacts, form), last_contact_id=last)

    def status(self, contact_id: int, name: str, status_id: int = 1) -> str:
        return self.called("GetContactStatus", Returned(Status(status_id, name)), contact_id=contact_id)


# --- sessions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("username", "password"),
    [("ann", "wrong"), ("ann", None), ("ann", "secret-1"), ("Ann", "Secret-1"), (None, None), ("root", "Secret-3")],
)
def test_a_wrong_log_in_is_to_be_refused_with_its_number(username: str | None, password: str | None) -> None:
    oracle = Oracle(world(), {})
    arguments = {"username": username, "password": password}
    assert oracle.judge("OutboundLogin", arguments, Returned("AbCdEf0123__ann"))
    assert oracle.judge("OutboundLogin", arguments, Fault("Client", "no", 2801))
    assert oracle.judge("OutboundLogin", arguments, Odd(500, "nothing there"))
    assert not oracle.judge("OutboundLogin", arguments, Fault("Client", "no", 2800))


@pytest.mark.parametrize(("detail", "fits"), [(None, True), ("plain", True), ("error", False)])
def test_a_number_may_be_missing_where_faults_are_plain(detail: str | None, fits: bool) -> None:
    oracle = Oracle(world(), {} if detail is None else {"fault_detail": detail})
    assert fits is not bool(oracle.judge("OutboundLogin", {}, Fault("Client", "no")))


def test_wordings_that_are_known_count_in_place_of_the_usual_ones() -> None:
    choices = {"invalid_login.number": 1, "session_expired": {"text": "Too idle, {username}"}, "session_timeout": 1.0}
    server = Server(choices)
    assert server.says("OutboundLogin", Fault("Client", "no", 2800), username="x")
    assert not server.says("OutboundLogin", Fault("Client", "no", 1), username="x")
    server.oracle.advance(61)
    assert server.called("GetCampaigns", EXPIRED)
    assert not server.called("GetCampaigns", Fault("Client", "Too idle, ann", 5))


def test_somebody_who_is_logged_in_is_to_be_refused_and_the_first_key_stays_good() -> None:
    server = Server({"session_timeout": 20.0})
    again = {"username": "ann", "password": "Secret-1"}
    assert server.says("OutboundLogin", Returned("0000000000__ann"), **again)
    assert not server.says("OutboundLogin", Fault("Client", "already logged in", 2801), **again)
    assert server.page((shown(0), shown(1), shown(2))) == ""


def test_a_key_is_never_given_out_again() -> None:
    server = Server()
    assert not server.says("OutboundLogoff", Returned(None), username="ann")
    again = {"username": "ann", "password": "Secret-1"}
    assert "given out before" in server.says("OutboundLogin", Returned(ANNS_KEY), **again)
    assert not server.says("OutboundLogin", Returned("0000000000__ann"), **again)


@pytest.mark.parametrize("key", [None, "", ANNS_KEY.swapcase(), ANNS_KEY + " ", BOBS_KEY])
def test_every_other_key_is_to_be_refused(key: str | None) -> None:
    server = Server()
    assert server.called("GetCampaigns", Returned(()), key=key)
    assert server.called("GetCampaigns", FAULT, key=key)
    assert not server.called("GetCampaigns", Fault("Client", "Access Denied", 2805), key=key)


def test_a_destroyed_key_is_to_be_refused() -> None:
    server = Server()
    assert server.says("OutboundLogoff", Returned("something"), username="ann")
    assert not server.says("OutboundLogoff", Returned(None), username="ann")
    assert server.page((shown(0), shown(1), shown(2)))
    assert not server.called("GetCampaigns", Fault("Client", "Access Denied", 2805))


@pytest.mark.parametrize(
    ("choice", "accepted", "refused"),
    [("ignore", Returned(None), FAULT), ("fault", FAULT, Returned(None))],
)
def test_a_log_off_of_nobody_is_answered_as_chosen(choice: str, accepted: Answer, refused: Answer) -> None:
    known, unknown = Server({"unknown_logoff": choice}), Server()
    assert not known.says("OutboundLogoff", accepted, username="bob")
    assert known.says("OutboundLogoff", refused, username="bob")
    assert not unknown.says("OutboundLogoff", accepted, username="bob")
    assert not unknown.says("OutboundLogoff", refused, username="bob")


@pytest.mark.parametrize(("seconds", "live", "expired"), [(1199, True, False), (1200, True, True), (1201, False, True)])
def test_a_session_expires_after_the_time_that_is_known(seconds: int, live: bool, expired: bool) -> None:
    for answer, fits in ((Returned(()), live), (EXPIRED, expired)):
        server = Server({"session_timeout": 20.0})
        server.oracle.advance(seconds)
        assert fits is not bool(server.page((), 3) if answer == Returned(()) else server.called("GetCampaigns", answer))


def test_a_session_may_expire_at_any_time_where_the_time_is_not_known() -> None:
    server = Server()
    assert server.called("GetCampaigns", EXPIRED)
    server.oracle.advance(1)
    assert not server.page((), 3)
    server.oracle.advance(1)
    assert not server.called("GetCampaigns", EXPIRED)
    assert server.page((), 3), "what has expired stays so"
    assert not server.says("OutboundLogoff", Returned(None), username="ann")


@pytest.mark.parametrize(
    ("choice", "accepted", "refused"),
    [("fault", EXPIRED, Returned("0000000000__ann")), ("replace", Returned("0000000000__ann"), EXPIRED)],
)
def test_a_log_in_on_an_expired_session_is_answered_as_chosen(choice: str, accepted: Answer, refused: Answer) -> None:
    server = Server({"login_on_expired": choice})
    server.oracle.expire(ANN)
    again = {"username": "ann", "password": "Secret-1"}
    assert server.says("OutboundLogin", refused, **again)
    assert not server.says("OutboundLogin", accepted, **again)


# --- campaigns --------------------------------------------------------------------------------------------------------


def campaign(**changes: Any) -> Campaign:
    main = world().campaigns[0]
    usual: dict[str, Any] = {
        "name": "main",
        "skillset": main.skillset,
        "disposition_codes": main.disposition_codes,
        "status": Status(1, "Running"),
        "number_of_contacts": 3,
        "number_of_contacts_closed": 1,
        "number_of_contacts_processed": 1,
    }
    return Campaign(MAIN, **{**usual, **changes})


def test_campaigns_are_accepted_as_they_are() -> None:
    assert not Server().called("GetCampaigns", Returned((campaign(),)))


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "other"},
        {"skillset": Skillset(1)},
        {"disposition_codes": ()},
        {"status": Status(1, "Paused")},
        {"status": None},
        {"number_of_contacts": 2},
        {"number_of_contacts": 4},
        {"number_of_contacts_closed": 0},
        {"number_of_contacts_closed": 2},
        {"number_of_contacts_processed": 0},
        {"number_of_contacts_processed": 4},
    ],
)
def test_a_campaign_that_differs_is_told(changes: dict[str, Any]) -> None:
    assert next(iter(changes)).split("_")[0] in Server().called("GetCampaigns", Returned((campaign(**changes),)))


def test_a_campaign_that_is_missing_or_over_is_told() -> None:
    over = Campaign(102, name="over", status=Status(5, "Completed"))
    assert Server().called("GetCampaigns", Returned(()))
    assert Server().called("GetCampaigns", Returned((campaign(), over)))


def test_the_number_of_a_status_stays_what_it_was() -> None:
    server = Server()
    assert not server.called("GetCampaigns", Returned((campaign(),)))
    assert "number of its status" in server.called("GetCampaigns", Returned((campaign(status=Status(2, "Running")),)))
    assert Server({"campaign_status_id_running": 9}).called("GetCampaigns", Returned((campaign(),)))


@pytest.mark.parametrize("campaign_id", [102, 999])
def test_nothing_is_done_with_a_campaign_that_is_over_or_not_there(campaign_id: int) -> None:
    name = "inactive_campaign" if campaign_id == 102 else "unknown_campaign"
    for choice, fault_fits, empty_fits in (("fault", True, False), ("empty", False, True), (None, True, True)):
        server = Server({} if choice is None else {name: choice})
        assert fault_fits is not bool(server.appended(Contact(skillset_id=SKILLSET), FAULT, campaign_id=campaign_id))
        assert server.appended(Contact(skillset_id=SKILLSET), Returned(1), campaign_id=campaign_id)
        page = server.called("Get200CampaignContacts", Returned(()), campaign_id=campaign_id, last_contact_id=0)
        assert empty_fits is not bool(page)
        status = server.called("GetContactStatus", Returned(None), campaign_id=campaign_id, contact_id=4)
        assert empty_fits is not bool(status)


# --- pages ------------------------------------------------------------------------------------------------------------


def test_pages_are_to_have_every_contact_in_order() -> None:
    server = Server({"closed_in_pages": True})
    everything = (shown(0), shown(1), shown(2))
    assert not server.page(everything)
    assert not server.page(everything[1:], last=1)
    assert not server.page((), last=3)
    for wrong in (
        everything[:2],
        everything[1:],
        everything[::-1],
        (*everything, shown(2)),
        (*everything, shown(2, 4)),
    ):
        assert server.page(wrong), wrong
    assert server.page(everything, last=1)


def test_a_contact_that_changed_on_its_way_is_told() -> None:
    changed = Contact(contact_id=1, title="other", phone_number=number("1"))
    told = Server().page((changed, shown(1), shown(2)))
    assert "contact 1 is not as it went in" in told
    assert "title is 'other', not 'one'" in told


def test_closed_contacts_may_be_left_out_of_pages_only_where_that_is_open() -> None:
    for choices, with_closed, without in (
        ({}, True, True),
        ({"closed_in_pages": True}, True, False),
        ({"closed_in_pages": False}, False, True),
    ):
        server = Server(choices)
        assert with_closed is not bool(server.page((shown(0), shown(1), shown(2))))
        assert without is not bool(server.page((shown(0), shown(1))))


def test_a_list_without_contacts_is_written_as_chosen() -> None:
    assert not Server().page((), last=3, form="null-list")
    assert Server({"empty_page": "empty-list"}).page((), last=3, form="null-list")


# --- appending --------------------------------------------------------------------------------------------------------


def test_an_appended_contact_is_to_be_shown_behind_all_others_under_a_new_id() -> None:
    server = Server()
    assert server.appended(Contact(skillset_id=SKILLSET, title="new"), Returned(0))
    assert not server.appended(Contact(skillset_id=SKILLSET, title="new", contact_id=1))
    new = Contact(skillset_id=SKILLSET, title="new", contact_id=7)
    assert server.page((), last=3)
    assert server.page((Contact(skillset_id=SKILLSET, title="new", contact_id=3),), last=2)
    assert not server.page((new,), last=3)
    assert server.page((Contact(skillset_id=SKILLSET, title="new", contact_id=8),), last=3), "an id stays what it was"
    assert not server.called("GetContactStatus", Returned(Status(1, "New")), contact_id=7)


def test_two_equal_contacts_are_two() -> None:
    server = Server({"limit_seconds": 0.0})
    twin = Contact(skillset_id=SKILLSET, title="twin")
    assert not server.appended(twin)
    assert not server.appended(twin)
    first, second = (Contact(skillset_id=SKILLSET, title="twin", contact_id=one) for one in (5, 6))
    assert server.page((first,), last=3)
    assert not server.page((first, second), last=3)


@pytest.mark.parametrize(
    ("choice", "as_sent", "as_campaign"), [(None, True, True), ("as-sent", True, False), ("campaign", False, True)]
)
def test_the_campaign_name_comes_back_as_chosen(choice: str | None, as_sent: bool, as_campaign: bool) -> None:
    for name, fits in (("sent", as_sent), ("main", as_campaign)):
        server = Server({} if choice is None else {"append_campaign_name": choice})
        assert not server.appended(Contact(skillset_id=SKILLSET, campaign_name="sent"))
        back = Contact(contact_id=5, skillset_id=SKILLSET, campaign_name=name)
        assert fits is not bool(server.page((back,), last=3))


def test_a_contact_without_a_skillset_is_to_be_refused() -> None:
    assert Server().appended(Contact(), Returned(1))
    assert not Server().appended(Contact(), FAULT)


def test_a_custom_field_that_the_campaign_lacks_is_not_to_come_back() -> None:
    fields = (CustomField("Account", "x"), CustomField("Nowhere", "y"))
    for kept, fits in ((fields[:1], True), (fields, False), ((), False)):
        server = Server()
        assert not server.appended(Contact(skillset_id=SKILLSET, custom_fields=fields))
        back = Contact(contact_id=5, skillset_id=SKILLSET, custom_fields=kept)
        assert fits is not bool(server.page((back,), last=3))
    assert Server({"unknown_custom_field": "fault"}).appended(Contact(skillset_id=SKILLSET, custom_fields=fields))


def test_of_a_doubled_field_either_may_count() -> None:
    fields = (CustomField("Account", "x"), CustomField("Account", "y"))
    for one in fields:
        server = Server()
        assert not server.appended(Contact(skillset_id=SKILLSET, custom_fields=fields))
        assert not server.page((Contact(contact_id=5, skillset_id=SKILLSET, custom_fields=(one,)),), last=3)


# --- limits -----------------------------------------------------------------------------------------------------------

NEW = Contact(skillset_id=SKILLSET)


@pytest.mark.parametrize(
    ("choices", "accepted", "refused"),
    [
        ({"limit_answer": "fault"}, [FAULT], [Returned(1), Returned(-1)]),
        ({"limit_answer": "return"}, [Returned(-1), Returned(0)], [FAULT, Returned(1)]),
        ({"limit_answer": "return", "limit_return_value": -1}, [Returned(-1)], [FAULT, Returned(1), Returned(0)]),
        ({"limit_answer": "delay"}, [Returned(1)], [FAULT, Returned(-1)]),
        ({}, [FAULT, Returned(1), Returned(-1)], []),
    ],
)
def test_an_append_within_the_second_is_answered_as_chosen(
    choices: dict[str, Any], accepted: list[Answer], refused: list[Answer]
) -> None:
    for answer in (*accepted, *refused):
        server = Server(choices)
        assert not server.appended(NEW)
        server.oracle.advance(0.999)
        assert (answer in accepted) is not bool(server.appended(NEW, answer)), answer


@pytest.mark.parametrize("choices", [{}, {"limit_answer": "fault"}, {"limit_answer": "return"}])
def test_an_append_after_a_second_is_to_be_carried_out(choices: dict[str, Any]) -> None:
    server = Server(choices)
    assert not server.appended(NEW)
    server.oracle.advance(1)
    assert server.appended(NEW, FAULT)
    assert not server.appended(NEW)


@pytest.mark.parametrize(
    ("shared", "may_close", "may_refuse"), [(True, False, True), (False, True, False), (None, True, True)]
)
def test_closing_and_appending_share_their_second_where_that_is_chosen(
    shared: bool | None, may_close: bool, may_refuse: bool
) -> None:
    choices: dict[str, Any] = {"limit_answer": "fault"} | ({} if shared is None else {"limit_shared": shared})
    for answer, fits in ((Returned(1), may_close), (FAULT, may_refuse)):
        server = Server(choices)
        assert not server.appended(NEW)
        assert fits is not bool(server.closed(answer, contact_id=1))


@pytest.mark.parametrize(
    ("scope", "may_append", "may_refuse"),
    [("session", True, False), ("user", True, False), ("server", False, True), (None, True, True)],
)
def test_another_user_is_limited_where_that_is_chosen(scope: str | None, may_append: bool, may_refuse: bool) -> None:
    choices: dict[str, Any] = {"limit_answer": "fault"} | ({} if scope is None else {"limit_scope": scope})
    for answer, fits in ((Returned(1), may_append), (FAULT, may_refuse)):
        server = Server(choices)
        assert not server.says("OutboundLogin", Returned(BOBS_KEY), username="bob", password="Secret-2")
        assert not server.appended(NEW)
        assert fits is not bool(server.appended(NEW, answer, key=BOBS_KEY))


@pytest.mark.parametrize(
    ("counts", "may_append", "may_refuse"), [(True, False, True), (False, True, False), (None, True, True)]
)
def test_a_refused_call_starts_a_second_where_that_is_chosen(
    counts: bool | None, may_append: bool, may_refuse: bool
) -> None:
    choices: dict[str, Any] = {"limit_answer": "fault"} | ({} if counts is None else {"limit_counts_refused": counts})
    for answer, fits in ((Returned(1), may_append), (FAULT, may_refuse)):
        server = Server(choices)
        assert not server.appended(Contact(), FAULT)
        assert fits is not bool(server.appended(NEW, answer))


# --- closing ----------------------------------------------------------------------------------------------------------


def test_a_closed_contact_is_closed_from_then_on() -> None:
    server = Server()
    assert not server.closed(Returned(1), contact_id=1)
    assert "its status is 'New', not Closed" in server.status(1, "New")
    assert not server.status(1, "Closed")
    assert server.called("GetCampaigns", Returned((campaign(),)))
    now = campaign(number_of_contacts_closed=2, number_of_contacts_processed=2)
    assert not server.called("GetCampaigns", Returned((now,)))


@pytest.mark.parametrize(
    ("choice", "accepted", "refused"),
    [("fault", [FAULT], [Returned(1)]), ("ignore", [Returned(1)], [FAULT]), (None, [FAULT, Returned(1)], [])],
)
def test_closing_a_closed_contact_is_answered_as_chosen(
    choice: str | None, accepted: list[Answer], refused: list[Answer]
) -> None:
    for answer in (*accepted, *refused):
        server = Server({} if choice is None else {"closed_contact": choice, "close_result": "one"})
        assert (answer in accepted) is not bool(server.closed(answer, contact_id=3))


def by_field(text: str) -> dict[str, Any]:
    return {"custom_field_name": "Account", "custom_field_value": text, "custom_field_specified": True, "contact_id": 3}


def test_the_first_open_one_of_several_is_closed_where_that_is_chosen() -> None:
    server = Server({"close_matches": "first", "limit_seconds": 0.0})
    assert not server.closed(Returned(1), **by_field("A"))
    assert not server.status(1, "Closed", 3)
    assert server.status(2, "Closed", 3)
    assert not server.closed(Returned(1), **by_field("A"))
    assert not server.status(2, "Closed", 3)


def test_all_of_several_are_closed_where_that_is_chosen() -> None:
    server = Server({"close_matches": "all"})
    assert not server.closed(Returned(1), **by_field("A"))
    assert not server.status(2, "Closed")


def test_whether_one_or_all_were_closed_is_learned_later() -> None:
    for status in ("New", "Closed"):
        server = Server({"session_timeout": 20.0})
        assert not server.closed(Returned(1), **by_field("A"))
        assert not server.status(2, status)
        other = "Closed" if status == "New" else "New"
        assert server.status(2, other, 2), "what was learned stays"


@pytest.mark.parametrize(("choice", "value"), [("one", 1), ("zero", 0), ("contact-id", 2)])
def test_closing_returns_what_was_chosen(choice: str, value: int) -> None:
    for came in (1, 0, 2):
        assert (came == value) is not bool(Server({"close_result": choice}).closed(Returned(came), contact_id=2))
    assert not Server().closed(Returned(value), contact_id=2)


@pytest.mark.parametrize(
    ("choice", "code", "is_linked"),
    [
        ("id", 11, True),
        ("id", 501, False),
        ("numeric-value", 501, True),
        ("numeric-value", 11, False),
        ("id", 14, False),
    ],
)
def test_a_disposition_code_is_to_be_linked(choice: str, code: int, is_linked: bool) -> None:
    arguments = {"contact_id": 1, "disposition_code": code, "disposition_code_specified": True}
    assert is_linked is not bool(Server({"disposition_by": choice}).closed(Returned(1), **arguments))
    assert is_linked is bool(Server({"disposition_by": choice}).closed(FAULT, **arguments))
    assert not Server().closed(FAULT if not is_linked else Returned(1), **arguments)
    assert not Server().closed(Returned(1), contact_id=1, disposition_code=code)


@pytest.mark.parametrize(("contact_id", "why"), [(9, "nobody"), (4, "of another campaign"), (0, "none"), (-1, "less")])
def test_a_contact_that_the_campaign_lacks_is_not_found(contact_id: int, why: str) -> None:
    known = Server({"unknown_contact": "fault"})
    assert known.closed(Returned(0), contact_id=contact_id), why
    assert not known.closed(FAULT, contact_id=contact_id)
    assert known.called("GetContactStatus", Returned(Status(1, "New")), contact_id=contact_id)
    empty = Server({"unknown_contact": "empty"})
    assert not empty.called("GetContactStatus", Returned(None), contact_id=contact_id)
    assert empty.called("GetContactStatus", FAULT, contact_id=contact_id)


# --- finding ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "exact", "any_blank"),
    [
        (number("1"), 1, 1),
        (number("1", " "), 1, 1),
        (number("1", "30"), 3, 3),
        (number("2"), -1, -1),
        (PhoneNumber("", "30", ""), -1, 3),
        (PhoneNumber(), -1, 1),
        (None, -1, 1),
    ],
)
def test_a_number_is_found_as_its_blank_parts_are_meant(asked: PhoneNumber | None, exact: int, any_blank: int) -> None:
    for choice, wanted in (("exact", exact), ("any", any_blank)):
        for came in (-1, 0, 1, 2, 3):
            server = Server({"blank_phone_part": choice})
            told = server.called("GetContactIDByPhoneNumber", Returned(came), phone_number=asked)
            assert (came == wanted) is not bool(told), (choice, came)
            if came == wanted:
                assert not Server().called("GetContactIDByPhoneNumber", Returned(came), phone_number=asked)


def find(server: Server, contacts: tuple[Contact, ...], status: Status | None = None, **more: Any) -> str:
    asked = {"phone_number": number("1"), **more}
    return server.called("FindContactsByPhoneNumber", Returned(contacts), contact_status=status, **asked)


def test_every_contact_with_the_number_is_found_in_any_order() -> None:
    known = {"blank_phone_part": "exact", "find_cap": 0}
    assert not find(Server(known), (shown(0), shown(1)))
    assert not find(Server(known), (shown(1), shown(0)))
    for wrong in ((shown(0),), (shown(0), shown(0)), (shown(0), shown(1), shown(2)), ()):
        assert find(Server(known), wrong)


@pytest.mark.parametrize(("cap", "accepted"), [(0, [2]), (1, [1]), (5, [2]), (None, [1, 2])])
def test_as_many_are_found_as_is_chosen(cap: int | None, accepted: list[int]) -> None:
    for count in (0, 1, 2):
        server = Server({"blank_phone_part": "exact"} | ({} if cap is None else {"find_cap": cap}))
        assert (count in accepted) is not bool(find(server, (shown(0), shown(1))[:count]))


@pytest.mark.parametrize("part", [None, ""])
def test_finding_without_a_number_is_to_be_refused(part: str | None) -> None:
    asked = PhoneNumber(None, "30", part)
    assert find(Server(), (), phone_number=asked)
    assert not Server().called("FindContactsByPhoneNumber", FAULT, phone_number=asked)


@pytest.mark.parametrize("status", [None, Status(0, None), Status(0, "")])
def test_no_status_is_any(status: Status | None) -> None:
    assert not find(Server({"blank_phone_part": "any"}), (shown(0), shown(1), shown(2)), status)


def test_a_status_narrows() -> None:
    known = {"blank_phone_part": "any", "find_cap": 0, "contact_status_id_closed": 3}
    for closed in (Status(0, "Closed"), Status(3, None), Status(3, "Closed")):
        assert not find(Server(known), (shown(2),), closed)
        assert find(Server(known), (shown(0), shown(1)), closed)
        assert find(Server(known), (), closed)
    assert not find(Server(known), (shown(0), shown(1)), Status(0, "New"))


@pytest.mark.parametrize(
    ("choice", "fault", "empty"), [("fault", True, False), ("empty", False, True), (None, True, True)]
)
def test_an_unknown_status_is_answered_as_chosen(choice: str | None, fault: bool, empty: bool) -> None:
    server = Server({} if choice is None else {"unknown_status_filter": choice})
    nonsense = Status(0, "Nonsense")
    assert empty is not bool(find(server, (), nonsense))
    arguments: dict[str, Any] = {"phone_number": number("1"), "contact_status": nonsense}
    assert fault is not bool(server.called("FindContactsByPhoneNumber", FAULT, **arguments))
    assert find(server, (shown(0), shown(1)), nonsense)


def test_contacts_are_found_by_name_and_text_of_a_custom_field() -> None:
    for name, text, due in (
        ("Account", "A", (0, 1)),
        ("Account", "B", (2,)),
        ("Segment", "A", ()),
        ("Account", "a", ()),
    ):
        server = Server({"find_cap": 0})
        asked = CustomField(name, text)
        found = tuple(shown(one) for one in due)
        assert not server.called("FindContactsByCustomField", Returned(found), custom_field=asked)
        others = tuple(shown(one) for one in range(3) if one not in due)
        assert server.called("FindContactsByCustomField", Returned(others), custom_field=asked)


# --- what the caller of the oracle sees -------------------------------------------------------------------------------


def test_an_expectation_tells_itself_and_can_be_committed() -> None:
    server = Server({"close_matches": "first"})
    (expectation,) = server.oracle.expect("CloseContact", campaign_id=MAIN, contact_id=1, session_key=ANNS_KEY)
    assert "closed" in expectation.told
    assert expectation.fits(Returned(1))
    assert not expectation.fits(FAULT)
    assert not server.status(1, "New"), "expecting changes nothing"
    expectation.commit(Returned(1))
    assert server.status(1, "New")


def test_a_difference_says_what_was_expected_and_what_came() -> None:
    told = Server({"unknown_contact": "fault"}).closed(Returned(1), contact_id=99)
    assert told == ("CloseContact: expected a refusal, as the campaign has no such contact (X1, T1); but it returned 1")


# --- a server that is no mock -----------------------------------------------------------------------------------------


def real_server() -> Server:
    contacts = {MAIN: [shown(0), shown(1), shown(2)]}
    return Server(oracle=Oracle.from_server([ANN, BOB], [campaign()], contacts, Choices()))


def test_statuses_of_what_was_there_are_not_known_and_may_change() -> None:
    server = real_server()
    for status, number_of_it in (("Open", 2), ("New", 1), ("Waiting", 4)):
        assert not server.status(1, status, number_of_it)
    assert not server.closed(Returned(7), contact_id=1)
    assert server.status(1, "New")


def test_others_may_add_contacts_and_close_them_meanwhile() -> None:
    server = real_server()
    assert not server.called(
        "GetCampaigns",
        Returned((campaign(number_of_contacts=5, number_of_contacts_closed=3, number_of_contacts_processed=3),)),
    )
    assert server.called("GetCampaigns", Returned((campaign(number_of_contacts=2),)))
    added = Contact(contact_id=9, title="somebody else's")
    assert not server.page((shown(0), shown(1), shown(2), added))
    assert server.page((shown(0), shown(1), shown(2), Contact(contact_id=9, title="changed"))), "it is known by now"
    assert not server.page((added,), last=3)


def test_blanks_of_an_appended_contact_may_be_left_out() -> None:
    server = real_server()
    assert not server.appended(
        Contact(skillset_id=SKILLSET, first_name="", last_name="Ann", phone_number=PhoneNumber(""))
    )
    back = Contact(contact_id=4, skillset_id=SKILLSET, last_name="Ann", custom_fields=(CustomField("Account", ""),))
    assert not server.page((back,), last=3)
    assert server.page((Contact(contact_id=4, skillset_id=SKILLSET, last_name="Bob"),), last=3)
