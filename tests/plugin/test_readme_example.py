"""The test that the README shows passes as it stands there."""

from __future__ import annotations

from ..packaging.test_readme import blocks
from .conftest import Run


def test_the_example_passes(run: Run) -> None:
    (example,) = (one for one in blocks("python") if "def test_" in one)
    run(example).assert_outcomes(passed=1)


def test_it_fails_where_the_call_is_not_made_and_says_so(run: Run) -> None:
    (example,) = (one for one in blocks("python") if "def test_" in one)
    call = '        close(campaign, contact.contact_id, None, None, False, "Sold", 0, False, key)\n'
    assert call in example
    result = run(example.replace(call, "        raise requests.ConnectionError\n"), "--tb=short")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "E * expected CloseContact with outcome=ok, contact_id=* once, but there was none.",
            "*- fake-ccmm journal of center-* -*",
            "2. OutboundLogin(username='apiuser') by apiuser: ok",
            "fault rule fault-1: reset after *, at the 1st CloseContact: has struck 0 of 0 matching calls",
        ]
    )
