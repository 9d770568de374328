# ruff: noqa: PT009  it shows the style that is not pytest's
"""How a test of unittest has a server: for a class, for a block, without pytest.

``python -m unittest tests.plugin.test_unittest_style`` runs it as well.
"""

from __future__ import annotations

import unittest

from fake_ccmm import FakeCcmm, NamedCenter, SettableClock

from ..running.soap import call, log_in


class TestOneServerForTheClass(unittest.TestCase):
    """A server that lasts as long as the class, and a center for each test."""

    server: FakeCcmm
    ccmm: NamedCenter

    @classmethod
    def setUpClass(cls) -> None:
        cls.server = FakeCcmm(clock=SettableClock(), log=None).start()
        cls.addClassCleanup(cls.server.stop)

    def setUp(self) -> None:
        self.ccmm = self.server.create_center()
        self.addCleanup(self.ccmm.remove)
        self.key = log_in(self.ccmm.utility_url, self.ccmm.user, self.ccmm.password)

    def test_a_campaign_is_found(self) -> None:
        self.ccmm.add_campaign("Campaign of its own", contacts=3)
        self.assertIn("Campaign of its own", call(self.ccmm.campaign_url, "GetCampaigns", sessionKey=self.key))
        self.ccmm.journal.verify("GetCampaigns", user=self.ccmm.user, outcome="ok").once()

    def test_the_other_tests_did_nothing_to_this_center(self) -> None:
        self.assertEqual(["OutboundLogin"], [one.operation for one in self.ccmm.journal.exchanges()])


class TestOneServerForABlock(unittest.TestCase):
    """A server that lasts as long as a ``with`` block."""

    def test_the_user_logs_in(self) -> None:
        with FakeCcmm(log=None) as ccmm:
            self.assertTrue(log_in(ccmm.utility_url, ccmm.user, ccmm.password).endswith("__apiuser"))
            ccmm.journal.verify("OutboundLogin", user=ccmm.user).once()
