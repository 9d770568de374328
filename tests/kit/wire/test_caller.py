"""Calls over real sockets: against a mock, and against servers that answer oddly."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from ccmm_contracts.answer import Fault, Odd, Returned
from ccmm_contracts.caller import Caller
from ccmm_contracts.domain import Contact, CustomField, PhoneNumber, Status, User
from ccmm_contracts.errors import SetUpBroken, Unreachable
from ccmm_contracts.exchange import HttpRequest
from ccmm_contracts.wire.envelope import Raw
from ccmm_contracts.wire.http import AnswerLost, Http
from ccmm_contracts.worlds import MAIN, SALES, World, WorldCampaign, WorldContact

from fake_ccmm import FakeCcmm

from .canned import canned, http_answer
from .envelopes import envelope, response

ANN, BOB = User("ann", "secret of ann"), User("bob", "secret of bob")
CONTACT = Contact(
    first_name=" Zoë\n<&>",
    last_name="",
    phone_number=PhoneNumber("", None, "123"),
    custom_fields=(CustomField("Account", "7"),),
    skillset_id=SALES.skillset_id,
)
WORLD = World(
    (ANN, BOB),
    (
        WorldCampaign(MAIN, "Autumn", contacts=(WorldContact(CONTACT),)),
        WorldCampaign(102, "Empty"),
    ),
)
SERVICES = "/ccmmoutboundwebservices"


@pytest.fixture
def http() -> Iterator[Http]:
    with Http(timeout=5) as found:
        yield found


@pytest.fixture
def caller(http: Http) -> Iterator[Caller]:
    with FakeCcmm(seed=WORLD.seed()) as ccmm:
        yield Caller(ccmm.url + SERVICES, http)


def log_in(caller: Caller, user: User = ANN, *, soap: str = "1.1") -> str:
    answer = caller.call("OutboundLogin", soap=soap, username=user.name, password=user.password)
    assert isinstance(answer, Returned)
    assert isinstance(answer.value, str)
    return answer.value


@pytest.mark.parametrize("soap", ["1.1", "1.2"])
def test_all_ten_operations_are_called_and_all_answers_are_valid(caller: Caller, soap: str) -> None:
    key = log_in(caller, soap=soap)
    campaigns = caller.call("GetCampaigns", soap=soap, session_key=key)
    page = caller.call("Get200CampaignContacts", soap=soap, campaign_id=MAIN, last_contact_id=0, session_key=key)
    appended = caller.call("AppendContactsToCampaign", soap=soap, campaign_id=102, contact=CONTACT, session_key=key)
    status = caller.call("GetContactStatus", soap=soap, session_key=key, contact_id=1, campaign_id=MAIN)
    number = PhoneNumber("", None, "123")
    found = caller.call("GetContactIDByPhoneNumber", soap=soap, phone_number=number, campaign_id=102, session_key=key)
    by_number = caller.call(
        "FindContactsByPhoneNumber",
        soap=soap,
        contact_status=Status(),
        campaign_id=MAIN,
        phone_number=number,
        session_key=key,
    )
    by_field = caller.call(
        "FindContactsByCustomField",
        soap=soap,
        campaign_id=MAIN,
        custom_field=CustomField("Account", "7"),
        session_key=key,
    )
    closed = caller.call("CloseContact", soap=soap, campaign_id=MAIN, contact_id=1, session_key=key)
    off = caller.call("OutboundLogoff", soap=soap, username=ANN.name)

    assert isinstance(campaigns, Returned)
    assert [one.campaign_id for one in campaigns.value] == [MAIN, 102]
    assert isinstance(page, Returned)
    (contact,) = page.value
    assert (contact.contact_id, contact.first_name, contact.last_name) == (1, " Zoë\n<&>", "")
    assert contact.phone_number == number
    assert contact.custom_fields is not None
    assert [(one.name, one.text) for one in contact.custom_fields] == [("Account", "7")]
    assert appended == Returned(1)
    assert isinstance(status, Returned)
    assert status.value.name == "New"
    assert found == Returned(2)
    assert by_number == by_field == Returned((contact,))
    assert isinstance(closed, Returned)
    assert off == Returned(None)
    assert [one.invalid for one in caller.exchanges] == [""] * 10
    assert {one.soap for one in caller.exchanges} == {soap}


def test_an_exchange_says_who_called_what_with_what_and_what_came(caller: Caller) -> None:
    key = log_in(caller)
    answer = caller.call("GetCampaigns", session_key=key)
    login, listing = caller.exchanges
    assert (login.user, login.operation, login.arguments) == (
        "ann",
        "OutboundLogin",
        {"username": "ann", "password": ANN.password},
    )
    assert (listing.number, listing.user, listing.arguments) == (2, "ann", {"session_key": key})
    assert listing.answer == answer
    assert listing.request.url == caller.url_of("OutboundCampaignWS")
    assert listing.response.status == 200
    assert listing.seconds > 0


def test_a_fault_and_an_argument_of_the_wrong_type_are_answers_like_any_other(caller: Caller) -> None:
    key = log_in(caller)
    refused = caller.call("GetCampaigns", session_key="wrong")
    wrong = caller.call("Get200CampaignContacts", campaign_id=Raw("abc"), last_contact_id=0, session_key=key)
    assert isinstance(refused, Fault)
    assert (refused.code, refused.number, refused.source, refused.status) == ("Client", 2805, "GetCampaigns", 500)
    assert isinstance(wrong, Fault)
    assert "Input string was not in a correct format" in wrong.text
    assert [one.user for one in caller.exchanges] == ["ann", None, "ann"]


def test_whose_session_it_was_is_known_from_the_keys_even_when_they_are_dead(caller: Caller) -> None:
    key_of_ann, key_of_bob = log_in(caller, ANN), log_in(caller, BOB)
    caller.call("OutboundLogoff", username="ann")
    second_key = log_in(caller, ANN)
    caller.forget()
    for key in (key_of_ann, key_of_bob, second_key):
        caller.call("GetCampaigns", session_key=key)
    assert [(one.user, type(one.answer)) for one in caller.exchanges] == [
        ("ann", Fault),
        ("bob", Returned),
        ("ann", Returned),
    ]


def test_who_is_logged_in_is_known_with_the_newest_key(caller: Caller) -> None:
    first, key_of_bob = log_in(caller, ANN), log_in(caller, BOB)
    assert caller.open_users() == {"ann": first, "bob": key_of_bob}
    caller.call("OutboundLogin", username="ann", password=ANN.password)
    assert caller.open_users() == {"ann": first, "bob": key_of_bob}
    caller.call("OutboundLogoff", username="ann")
    caller.call("OutboundLogin", username="ann", password="wrong")
    assert caller.open_users() == {"bob": key_of_bob}
    second = log_in(caller, ANN)
    assert caller.open_users() == {"ann": second, "bob": key_of_bob}
    assert second != first
    assert caller.perhaps_open == set()


def test_keys_and_passwords_are_masked_from_the_first_log_in_on(caller: Caller) -> None:
    key = log_in(caller)
    assert caller.secrets.mask(f"{key} {ANN.password}") == "<key of ann> <password of ann>"


def test_numbers_ascend_over_what_is_forgotten_and_every_request_counts(caller: Caller) -> None:
    log_in(caller)
    caller.forget()
    caller.call("OutboundLogoff", username="ann")
    caller.send(HttpRequest("GET", caller.url_of("OutboundUtilityWS")))
    caller.wsdl("OutboundUtilityWS")
    assert [(one.number, one.operation) for one in caller.exchanges] == [(2, "OutboundLogoff"), (3, None), (4, None)]
    assert caller.calls == 4


def test_several_threads_record_every_exchange_once(caller: Caller) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: caller.call("OutboundLogoff", username="ann"), range(80)))
    assert [one.number for one in caller.exchanges] == list(range(1, 81))
    assert caller.calls == 80


def test_a_base_may_end_with_a_slash(http: Http) -> None:
    assert Caller("http://host/services/", http).url_of("X") == "http://host/services/X.asmx"


def test_an_unknown_operation_is_told_with_those_there_are(http: Http) -> None:
    caller = Caller("http://host", http)
    with pytest.raises(ValueError, match="no operation 'Login'; there are: OutboundLogin,"):
        caller.call("Login")
    assert caller.calls == 0


def test_a_wsdl_that_is_not_there_is_a_broken_set_up(http: Http) -> None:
    with FakeCcmm(seed=WORLD.seed()) as ccmm:
        assert b"wsdl:definitions" in Caller(ccmm.url + SERVICES, http).wsdl("OutboundContactWS")
        with pytest.raises(SetUpBroken, match=r"\?wsdl answers 404 .*that ends with /ccmmoutboundwebservices"):
            Caller(ccmm.url, http).wsdl("OutboundContactWS")


def login_answer(result: str = "<OutboundLoginResult>key-of-ann</OutboundLoginResult>", **how: str) -> bytes:
    return http_answer(envelope(response("OutboundLogin", result)), **how)


def test_what_the_schema_has_against_an_answer_is_recorded_unless_it_is_not_asked(http: Http) -> None:
    with canned(login_answer("<Other/>")) as server:
        for check_schema, wrong in ((True, "Element 'Other': This element is not expected."), (False, "")):
            caller = Caller(server.url, http, check_schema=check_schema)
            assert caller.call("OutboundLogin", username="ann", password="x") == Returned(None)
            assert caller.exchanges[0].invalid.startswith(wrong)
            assert bool(caller.exchanges[0].invalid) is check_schema


def test_an_answer_in_the_other_version_is_odd(http: Http) -> None:
    with canned(login_answer()) as server:
        answer = Caller(server.url, http).call("OutboundLogin", soap="1.2", username="ann", password="x")
    assert isinstance(answer, Odd)
    assert "in SOAP 1.1 what was asked in SOAP 1.2" in answer.why


@pytest.mark.parametrize(
    "doubtful",
    [login_answer(""), login_answer("<OutboundLoginResult />"), login_answer(content_type="text/html"), None],
)
def test_who_may_be_logged_in_with_a_key_that_nobody_has_read_is_remembered(doubtful: bytes | None) -> None:
    off = http_answer(envelope(response("OutboundLogoff")))
    with canned(doubtful or b"", off, hangs_up=True) as server, Http(timeout=5) as http:
        caller = Caller(server.url, http)
        if doubtful is None:
            with pytest.raises(AnswerLost):
                caller.call("OutboundLogin", username="ann", password="x")
        else:
            caller.call("OutboundLogin", username="ann", password="x")
        assert (caller.open_users(), caller.perhaps_open) == ({}, {"ann"})
        assert server.closed.acquire(timeout=5)
        caller.call("OutboundLogoff", username="ann")
        assert caller.perhaps_open == set()


def test_an_append_whose_answer_is_lost_is_sent_once(http: Http) -> None:
    with canned(b"", hangs_up=True) as server:
        caller = Caller(server.url, http)
        with pytest.raises(Unreachable):
            caller.call("AppendContactsToCampaign", campaign_id=1, contact=CONTACT, session_key="k")
    assert len(server.asked) == 1
    assert (caller.calls, caller.exchanges) == (1, [])
