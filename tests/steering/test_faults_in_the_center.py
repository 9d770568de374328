"""Faults that befall the contact center itself, which then answers for itself as it always does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from fake_ccmm import Administrator, CampaignStatus, FakeCcmm, Profile
from fake_ccmm.faults import CampaignCloses, Delay, ExpireSession, Fixed, RejectKey, SecondLogin, TooSoonAction
from tests.messages import error_detail, said
from tests.raw_http import Reply

from .wired import INBOX, PASSWORD, SPRING, USER, Wired, own_center, small_center, wired


@pytest.fixture(scope="module")
def ccmm() -> Iterator[FakeCcmm]:
    with FakeCcmm(small_center(), log=None) as one:
        yield one


@pytest.fixture
def one(ccmm: FakeCcmm) -> Iterator[Wired]:
    with own_center(ccmm) as center:
        yield center


@pytest.fixture
def limited() -> Iterator[Any]:
    """Makes centers with a profile of their own, each the only one of its server."""
    running: list[FakeCcmm] = []

    def start(**choices: Any) -> Wired:
        running.append(FakeCcmm(small_center(Profile(session_timeout=0, **choices)), log=None).start())
        return wired(running[-1])

    yield start
    for ccmm in running:
        ccmm.stop()


def refused(one: Wired, reply: Reply, refusal: str, rule: str | None = None, injected: str | None = "fault-1") -> str:
    """The words of a refusal, which the journal knows by name."""
    exchange = one.last()
    assert (exchange.outcome, exchange.refusal, exchange.injected) == ("refused", refusal, injected)
    assert exchange.rule == rule or rule is None
    assert exchange.fault_text == said(reply)
    assert f"<ErrorNumber>{exchange.fault_number}</ErrorNumber>" in reply.body.decode()
    return said(reply)


# --- sessions ---------------------------------------------------------------------------------------------------------


def test_a_session_expires_in_the_middle_of_work(one: Wired) -> None:
    one.strike(ExpireSession(), nth=2)
    assert one.ask(one.append()).status == 200
    assert refused(one, one.ask(one.append()), "session_expired", "S8") == "Access Denied - Session has Expired"
    assert one.last().user == USER
    assert one.appended() == 1
    refused(one, one.ask(one.append()), "session_expired", injected=None)
    refused(one, one.ask(one.log_in()), "login_on_expired_session", injected=None)
    assert one.ask(one.log_off()).status == 200
    assert one.ask(one.log_in()).status == 200


def test_only_the_callers_session_expires(one: Wired) -> None:
    other = one.served.center.log_in("bert", PASSWORD)
    one.strike(ExpireSession(), budget=1)
    refused(one, one.ask(one.campaigns()), "session_expired")
    assert one.ask(one.campaigns(sessionKey=other)).status == 200


def test_a_session_that_is_not_there_cannot_expire(one: Wired) -> None:
    one.strike(ExpireSession())
    refused(one, one.ask(one.campaigns(sessionKey="nobody's")), "invalid_session_key", "S7")
    assert one.ask(one.log_off("bert")).status == 200
    assert one.last().injected is None, "a log-off has no key"
    assert one.ask(one.campaigns()).status == 500


def test_somebody_else_is_logged_in_until_the_log_off(one: Wired) -> None:
    one.strike(SecondLogin(), budget=1)
    text = refused(one, one.ask(one.log_in("bert")), "already_logged_in", "S4")
    assert text == "An Application administrator with user ID bert is already logged in"
    refused(one, one.ask(one.log_in("bert")), "already_logged_in", injected=None)
    assert one.ask(one.log_off("bert")).status == 200
    assert one.ask(one.log_in("bert")).status == 200


def test_a_second_login_leaves_a_key_that_is_there_good(one: Wired) -> None:
    one.strike(SecondLogin())
    refused(one, one.ask(one.log_in(USER)), "already_logged_in")
    assert one.ask(one.campaigns()).status == 200


@pytest.mark.parametrize(("user", "password"), [("bert", "wrong"), ("nobody", PASSWORD), ("", ""), ("base", PASSWORD)])
def test_a_second_login_needs_a_good_name_and_password(one: Wired, user: str, password: str) -> None:
    one.served.center.add_administrator(Administrator("base", PASSWORD, base_install=True))
    one.strike(SecondLogin())
    refused(one, one.ask(one.log_in(user, password)), "invalid_login")


def test_a_key_is_rejected_once_and_good_afterwards(one: Wired) -> None:
    one.strike(RejectKey(), nth=2)
    assert one.ask(one.append()).status == 200
    text = refused(one, one.ask(one.append()), "invalid_session_key", "S7")
    assert text == "Access Denied - Validation of session key failed"
    assert one.last().user == USER, "the journal knows whose key it was"
    assert one.ask(one.append()).status == 200
    assert one.appended() == 2


def test_a_rejected_key_is_told_in_the_words_of_the_profile(limited: Any) -> None:
    one = limited(fault_detail="plain")
    one.strike(RejectKey())
    assert b"<detail />" in one.ask(one.campaigns()).body


# --- too soon ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", ["append", "close"])
def test_too_soon_is_a_fault_where_the_profile_says_so(limited: Any, operation: str) -> None:
    one = limited(limit_answer="fault")
    one.strike(TooSoonAction(), budget=1)
    request, name = (
        (one.append(), "AppendContactsToCampaign") if operation == "append" else (one.close(1), "CloseContact")
    )
    text = refused(one, one.ask(request), "too_soon", "A4" if operation == "append" else "X5")
    assert text == f"{name} can only be called every 1 seconds"
    refused(one, one.ask(request), "too_soon", injected=None)
    one.served.clock.advance(1)
    assert one.ask(request).status == 200


def test_too_soon_is_a_value_where_the_profile_says_so(limited: Any) -> None:
    one = limited(limit_answer="return", limit_return_value=-7)
    one.strike(TooSoonAction(), budget=1)
    assert b"<AppendContactsToCampaignResult>-7<" in one.ask(one.append()).body
    assert (one.last().outcome, one.last().result, one.last().injected) == ("ok", -7, "fault-1")
    one.served.clock.advance(1)
    assert b"<AppendContactsToCampaignResult>1<" in one.ask(one.append()).body
    assert one.appended() == 1


def test_too_soon_is_a_wait_where_the_profile_says_so(limited: Any) -> None:
    one = limited(limit_answer="delay")
    one.strike(TooSoonAction(), budget=1)
    one.strike(Delay(distribution=Fixed(5)), budget=1)
    with one.plug() as plug:
        plug.send(one.append())
        assert (one.is_silent(plug), one.appended()) == (True, 0)
        one.served.clock.advance(1)
        assert (one.is_silent(plug), one.appended()) == (True, 1)
        one.served.clock.advance(5)
        assert plug.reply().status == 200
    assert [(rule.matched, rule.struck) for rule in one.served.faults.rules()] == [(1, 1), (1, 1)]
    assert (one.last().outcome, one.last().injected) == ("ok", "fault-2, fault-1")


@pytest.mark.parametrize("answer", ["fault", "return", "delay"])
def test_too_soon_is_a_fault_where_the_profile_has_no_limit(limited: Any, answer: str) -> None:
    one = limited(limit_seconds=0, limit_answer=answer)
    one.strike(TooSoonAction(), budget=1)
    text = refused(one, one.ask(one.close(1)), "too_soon", "X5")
    assert text == "CloseContact can only be called every 1 seconds"
    assert one.ask(one.close(1)).status == 200


@pytest.mark.parametrize("limit", [0, 1])
def test_a_bad_key_comes_before_too_soon(limited: Any, limit: float) -> None:
    one = limited(limit_seconds=limit)
    one.strike(TooSoonAction())
    refused(one, one.ask(one.append(key="wrong")), "invalid_session_key")


def test_too_soon_is_for_append_and_close_only(limited: Any) -> None:
    one = limited()
    one.strike(TooSoonAction())
    for request in (one.campaigns(), one.page(), one.log_off("bert")):
        assert one.ask(request).status == 200
    assert one.rule().matched == 0


# --- campaigns --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["Completed", "Closed", "Cancelled"])
def test_a_campaign_closes_in_the_middle_of_paging(one: Wired, status: Any) -> None:
    one.strike(CampaignCloses(status=status), "Get200CampaignContacts", nth=2)
    assert one.ask(one.page()).body.count(b"<OWContact>") == 200
    text = refused(one, one.ask(one.page(200)), "inactive_campaign", "C5")
    assert text == f"Campaign {SPRING} is {status}: only Running, Waiting and Paused campaigns are available"
    assert one.served.center.campaign(SPRING).details.status.value == status
    assert b"<Name>Spring<" not in one.ask(one.campaigns()).body
    one.served.center.set_campaign_status(SPRING, CampaignStatus.RUNNING)
    assert one.ask(one.page(200)).body.count(b"<OWContact>") == 200


def test_another_campaign_closes(one: Wired) -> None:
    one.strike(CampaignCloses(campaign_id=INBOX), "Get200CampaignContacts")
    assert one.ask(one.page()).status == 200
    assert one.last().injected == "fault-1"
    refused(one, one.ask(one.append()), "inactive_campaign", injected=None)


def test_a_named_campaign_may_close_at_any_call(one: Wired) -> None:
    one.strike(CampaignCloses(campaign_id=INBOX), "OutboundLogin")
    assert one.ask(one.log_in("bert")).status == 200
    assert one.served.center.campaign(INBOX).details.status is CampaignStatus.COMPLETED


@pytest.mark.parametrize("named", [None, 99])
def test_a_campaign_that_is_not_there_cannot_close(one: Wired, named: int | None) -> None:
    one.strike(CampaignCloses(campaign_id=named), "Get200CampaignContacts")
    refused(one, one.ask(one.page(campaign_id=98)), "unknown_campaign", "C5")
    assert all(one.details.status.is_active for one in one.served.center.campaigns())


def test_what_befalls_one_center_does_not_befall_another(ccmm: FakeCcmm) -> None:
    with own_center(ccmm) as first, own_center(ccmm) as second:
        for action in (ExpireSession(), CampaignCloses(), RejectKey()):
            first.strike(action, nth=1)
        assert first.ask(first.page()).status == 500
        assert second.ask(second.page()).status == 200
        assert second.served.faults.rules() == []
        assert first.ask(second.page()).status == 200, "a call belongs to the center whose address it has"


def test_the_refusal_has_the_detail_of_the_operation(one: Wired) -> None:
    one.strike(RejectKey())
    detail = error_detail(2805, "Access Denied - Validation of session key failed", "GetCampaigns")
    assert detail in one.ask(one.campaigns()).body.decode()
