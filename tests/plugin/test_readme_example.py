"""The test that the README shows passes as it stands there, and that of the page for Python says why it fails."""

from __future__ import annotations

from ..docs.pages import DOCS
from ..docs.pages import blocks as blocks_of
from ..packaging.test_readme import blocks
from .conftest import Run


def test_the_example_passes(run: Run) -> None:
    (example,) = (one for one in blocks("python") if "def test_" in one)
    run(example).assert_outcomes(passed=1)


def test_one_of_the_documentation_fails_where_the_call_is_not_made_and_says_so(run: Run) -> None:
    page = blocks_of(DOCS / "how-to" / "use-it-in-python.md")
    (example,) = (one.text for one in page if "def test_" in one.text)
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
