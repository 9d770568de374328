"""Where the profile holds a call back until its turn, its connection waits, and nobody else does."""

from __future__ import annotations

from typing import Any

import pytest

from fake_ccmm import Administrator, CampaignDetails, ContactCenter, FakeCcmm, Profile, SettableClock, Skillset
from fake_ccmm.transport import CcmmHttpProtocol
from tests.messages import CAMPAIGN, TEXT_XML, UTILITY, D, T, envelope, login, operation
from tests.raw_http import Site

SHORTEST_WAIT = 0.001
"""Seconds; a timer for less is none for uvloop, which would do nothing else then."""


def append(site: Site, key: str) -> bytes:
    contact = f'<contact><SkillsetID xmlns="{D}">1</SkillsetID></contact>'
    arguments = f"<CampaignID>1</CampaignID>{contact}<sessionKey>{key}</sessionKey>"
    body = envelope(operation("AppendContactsToCampaign", arguments)).encode()
    headers = [("Content-Type", TEXT_XML), ("SOAPAction", f'"{T}AppendContactsToCampaign"')]
    return site.request("POST", CAMPAIGN, headers, body)


def delaying(clock: SettableClock, **choices: Any) -> ContactCenter:
    center = ContactCenter(
        administrators=[Administrator("anna", "secret")],
        skillsets=[Skillset(1, "OB_Test")],
        profile=Profile(limit_answer="delay", **choices),
        clock=clock,
    )
    center.add_campaign(CampaignDetails(1, "Spring"))
    return center


@pytest.mark.rule("A4")
def test_a_call_within_the_second_is_answered_when_its_turn_comes() -> None:
    clock = SettableClock()
    center = delaying(clock)
    key = center.log_in("anna", "secret")
    with FakeCcmm(center) as ccmm:
        site = Site("127.0.0.1", ccmm.port)
        other = site.request("POST", UTILITY, [("Content-Type", TEXT_XML)], envelope(login("nobody")).encode())
        with site.connection() as connection:
            connection.send(append(site, key))
            assert connection.reply().status == 200
            connection.send(append(site, key) + append(site, key) + other)  # two turns, and a call behind them
            assert site.exchange(other).status == 500, "others are answered meanwhile"
            assert len(center.contacts(1)) == 1, "nothing has happened before its turn"
            clock.advance(1)
            assert connection.reply().status == 200
            assert len(center.contacts(1)) == 2
            clock.advance(1)
            assert connection.reply().status == 200
            assert connection.reply().status == 500, "and then the call behind them"
    assert [one.contact_id for one in center.contacts(1)] == [1, 2, 3]


@pytest.mark.rule("A4")
def test_a_call_whose_turn_is_a_moment_off_does_not_keep_the_server_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SettableClock()
    center = delaying(clock, limit_seconds=0.000_001)
    key = center.log_in("anna", "secret")
    waits: list[float] = []
    hold = CcmmHttpProtocol._hold

    def noting(self: CcmmHttpProtocol, seconds: float, *how: Any) -> None:
        waits.append(seconds)
        hold(self, seconds, *how)

    monkeypatch.setattr(CcmmHttpProtocol, "_hold", noting)
    with FakeCcmm(center) as ccmm, Site("127.0.0.1", ccmm.port).connection() as connection:
        site = Site("127.0.0.1", ccmm.port)
        connection.send(append(site, key) + append(site, key))
        assert connection.reply().status == 200
        other = site.request("POST", UTILITY, [("Content-Type", TEXT_XML)], envelope(login("nobody")).encode())
        while len(waits) < 3:  # the clock stands still, so it is asked again and again
            site.exchange(other)
        clock.advance(0.000_001)
        assert connection.reply().status == 200
    assert min(waits) >= SHORTEST_WAIT
