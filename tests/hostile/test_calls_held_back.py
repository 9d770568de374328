"""Calls that are held back take connections and time: so many at once, and no more."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from functools import partial

import pytest

from fake_ccmm.faults import Delay, FaultRule, Fixed

from .doors import Door, door, says_how_to_have_more, wait_until


def has_contacts(one: Door, count: int) -> bool:
    return one.center.campaign(1).number_of_contacts == count


def test_no_more_calls_are_held_back_than_the_bound_says(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, logger="fake_ccmm")
    profile = {"limit_seconds": 1, "limit_answer": "delay"}
    with door({"held_calls": 2}, profile=profile) as one, ExitStack() as stack:
        assert one.site.exchange(one.append()).status == 200
        held = [stack.enter_context(one.site.connection()) for _ in range(2)]
        for connection in held:
            connection.send(one.append())
        server = one.ccmm._server
        assert server is not None
        wait_until(lambda: server._gate.held == 2, one)
        refused = one.site.exchange(one.append())
        assert (refused.status, b"The service is unavailable." in refused.body) == (503, True)
        assert says_how_to_have_more(caplog.messages[0], "held_calls", 2)
        assert one.center.campaign(1).number_of_contacts == 1, "none of the three has been carried out"
        assert one.steer("GET", "/centers")[0] == 200, "whoever steers can go on"
        for expected in (2, 3):
            one.ccmm.clock.advance(1)
            wait_until(partial(has_contacts, one, expected), one)
        assert [connection.reply().status for connection in held] == [200, 200], "what was held back is not lost"
        one.ccmm.clock.advance(1)
        assert one.site.exchange(one.append()).status == 200


def test_the_same_holds_for_fault_rules_and_a_call_is_refused_before_it_is_carried_out() -> None:
    with door({"held_calls": 1}) as one, one.site.connection() as held:
        other = one.ccmm.create_center("other")
        one.ccmm.faults.add(FaultRule(do=Delay(distribution=Fixed(60.0))))
        held.send(one.append())
        wait_until(lambda: one.center.campaign(1).number_of_contacts == 1, one)
        assert one.site.exchange(one.append()).status == 503
        assert one.center.campaign(1).number_of_contacts == 1
        path = other.utility_url.removeprefix(one.ccmm.url)
        assert one.site.exchange(one.call(path=path)).status == 500, "a center where nothing is held back goes on"
        one.ccmm.clock.advance(60)
        assert held.reply().status == 200


def test_a_client_that_goes_away_frees_its_place() -> None:
    with door({"held_calls": 1}) as one:
        one.ccmm.faults.add(FaultRule(do=Delay(distribution=Fixed(60.0)), budget=1))
        with one.site.connection() as gone:
            gone.send(one.append())
            wait_until(lambda: one.center.campaign(1).number_of_contacts == 1, one)
        one.ccmm.clock.advance(60)
        server = one.ccmm._server
        assert server is not None
        wait_until(lambda: server._gate.held == 0, one)
        assert one.site.exchange(one.append()).status == 200
