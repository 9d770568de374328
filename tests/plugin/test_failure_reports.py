"""What stands in the report of a test that failed: what its centers were asked."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .conftest import Run

TITLE = "*- fake-ccmm journal of center-* -*"


def test_the_last_ten_exchanges_are_told_without_secrets(run: Run) -> None:
    result = run(
        """
        import pathlib

        def test_it(ccmm):
            keys = [log_in(ccmm.utility_url, "apiuser", "apipassword")]
            for campaign in range(1, 13):
                call(ccmm.campaign_url, "GetCampaigns", sessionKey=keys[0])
            get(ccmm.url + "/nothing")
            ok = False
            pathlib.Path("key").write_text(keys.pop(), "utf-8")
            assert ok
        """,
        "--tb=line",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            TITLE,
            "4 more before these",
            "5. GetCampaigns() by apiuser: ok",
            "13. GetCampaigns() by apiuser: ok",
            "14. GET /centers/center-*/nothing*: page 404",
        ]
    )
    output = result.stdout.str()
    assert "fault rule" not in output
    assert "\n4. " not in output
    assert "apipassword" not in output
    assert Path("key").read_text("utf-8") not in output


def test_a_test_that_passes_or_is_expected_to_fail_tells_nothing(run: Run) -> None:
    result = run(
        """
        import pytest

        def test_it(ccmm):
            get(ccmm.utility_url)

        def test_skipped(ccmm):
            get(ccmm.utility_url)
            pytest.skip()

        @pytest.mark.xfail
        def test_expected(ccmm):
            get(ccmm.utility_url)
            assert False
        """,
        "-rA",
    )
    result.assert_outcomes(passed=1, skipped=1, xfailed=1)
    result.stdout.no_fnmatch_line("*fake-ccmm journal*")


def test_each_center_of_the_test_is_told_and_no_other(run: Run) -> None:
    result = run(
        """
        import pytest

        @pytest.fixture(scope="module")
        def shared(ccmm_server):
            with ccmm_server.create_center("shared") as center:
                yield center

        def test_before(ccmm, ccmm_server, shared):
            for center in (ccmm, ccmm_server, shared, ccmm_server.create_center("old")):
                get(center.utility_url)

        def test_it(ccmm, ccmm_server, shared):
            get(ccmm.utility_url)
            get(ccmm_server.contact_url)
            with ccmm_server.create_center("other") as other:
                get(other.campaign_url)
            assert False

        def test_shared(shared):
            get(shared.contact_url)
            assert False

        def test_idle(ccmm):
            assert False
        """,
        "--tb=line",
    )
    result.assert_outcomes(passed=1, failed=3)
    told = re.findall(r"^-+ fake-ccmm journal of ([a-z]+)", result.stdout.str(), re.MULTILINE)
    assert [sorted(told[:3]), *told[3:]] == [["center", "default", "other"], "shared", "center"]
    result.stdout.fnmatch_lines(["2. GET *OutboundContactWS.asmx*: page 200"])
    result.stdout.no_fnmatch_line("1. GET */shared/*")
    result.stdout.fnmatch_lines([TITLE, "nothing was asked of it"])


def test_a_fixture_that_fails_after_the_center_was_made_tells_it_too(run: Run) -> None:
    result = run(
        """
        import pytest

        @pytest.fixture
        def client(ccmm):
            get(ccmm.utility_url)
            raise RuntimeError("no client")

        @pytest.fixture
        def clumsy(ccmm):
            yield
            get(ccmm.contact_url)
            raise RuntimeError("no goodbye")

        def test_setup(client):
            pass

        def test_teardown(clumsy, ccmm):
            pass

        def test_both(clumsy, ccmm):
            get(ccmm.utility_url)
            assert False
        """,
        "--tb=line",
    )
    result.assert_outcomes(errors=3, failed=1, passed=1)
    output = result.stdout.str()
    assert output.count("fake-ccmm journal of") == 4
    assert output.count("1. GET ") == 3
    assert output.count("2. GET ") == 1


def test_fault_rules_in_force_are_told_with_what_they_struck(run: Run) -> None:
    result = run(
        """
        from fake_ccmm import CallPattern, FaultRule, HttpError, TooSoonAction

        def test_it(ccmm):
            ccmm.faults.add(FaultRule(name="ill", when=CallPattern("GetCampaigns"), every=2, do=HttpError(503)))
            ccmm.faults.add(FaultRule(do=TooSoonAction()))
            key = log_in(ccmm.utility_url, "apiuser", "apipassword")
            for _ in range(3):
                answer = call(ccmm.campaign_url, "GetCampaigns", sessionKey=key)
            assert not answer
        """,
        "--tb=line",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            TITLE,
            "3. GetCampaigns()*: not-carried-out 503, fault rule ill",
            "4. GetCampaigns()*: ok",
            "fault rule ill: HTTP status 503 *, at each 2nd GetCampaigns: has struck 1 of 3 matching calls",
            "fault rule fault-1: refused as too soon, at each call: has struck 0 of 0 matching calls",
        ]
    )


def test_what_was_forgotten_is_said_to_be(run: Run) -> None:
    result = run(
        """
        def test_it(ccmm):
            get(ccmm.utility_url)
            ccmm.reset()
            assert False
        """,
        "--tb=line",
    )
    result.stdout.fnmatch_lines([TITLE, "1 that the journal has forgotten"])


def test_classes_of_unittest_have_it_too(run: Run) -> None:
    result = run(
        """
        import unittest
        import pytest

        class TestCenter(unittest.TestCase):
            @pytest.fixture(autouse=True)
            def _center(self, ccmm):
                self.ccmm = ccmm

            def test_it(self):
                get(self.ccmm.utility_url)
                self.assertTrue(False)

        @pytest.mark.usefixtures("ccmm")
        class TestOther(unittest.TestCase):
            def test_other(self):
                self.assertTrue(False)
        """,
        "--tb=line",
    )
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines([TITLE, "1. GET *: page 200", TITLE, "nothing was asked of it"])


def test_async_tests_have_it_too(run: Run) -> None:
    pytest.importorskip("anyio")
    result = run(
        """
        import asyncio
        import pytest

        @pytest.fixture
        def anyio_backend():
            return "asyncio"

        @pytest.mark.anyio
        async def test_it(ccmm):
            key = await asyncio.to_thread(log_in, ccmm.utility_url, ccmm.user, ccmm.password)
            assert not key
        """,
        "--tb=line",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([TITLE, "1. OutboundLogin(username='apiuser') by apiuser: ok"])


def test_a_server_of_the_users_own_will_do(run: Run) -> None:
    result = run(
        """
        def test_it(ccmm):
            get(ccmm.utility_url)
            assert False
        """,
        "--tb=line",
        conftest="""
        import pytest
        from fake_ccmm import FakeCcmm

        @pytest.fixture(scope="session")
        def ccmm_server():
            with FakeCcmm(log=None) as server:
                yield server
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([TITLE, "1. GET *: page 200"])
