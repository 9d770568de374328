"""How a client goes through the contacts of a campaign: K1, K2 and, as far as a journal shows it, K3."""

from __future__ import annotations

from collections.abc import Iterator

from ..answer import Returned
from ..errors import KitError
from ..exchange import HttpResponse
from ..wire.answers import read_answer
from .journal import FULL_PAGE, GET_CAMPAIGNS, Call, Journal, seconds_between
from .runs import Run, Step, asked, runs_of, steps_of
from .verdict import Breach, Verdict, verdict

_NO_PAGES = "the journal has no Get200CampaignContacts"
_AT_ONCE = 1.0
"""Seconds within which the same request again is no new beginning, but the same again."""


def judge_k1(journal: Journal) -> Verdict:
    """Paging starts with 0 and goes on with the last id received."""
    runs = runs_of(journal)
    return verdict(sum(len(one.pages) for one in runs), _cursor_breaches(runs), _NO_PAGES)


def judge_k2(journal: Journal) -> Verdict:
    """Paging stops at the end, not before."""
    runs = runs_of(journal)
    ends = [one for run in runs if (one := _end_of(journal, run)) is not None]
    breaches = [*_endless(journal, runs), *(one for one in ends if isinstance(one, Breach))]
    why_not = _NO_PAGES if not runs else "the journal does not show where the contacts of a campaign end"
    return verdict(len(ends), breaches, why_not)


def judge_k3(journal: Journal) -> Verdict:
    """Every page of a run is asked for, none twice."""
    runs = runs_of(journal)
    breaches = [*_gaps_and_repeats(runs), *_standing_still(journal, runs)]
    return verdict(sum(len(one.pages) for one in runs), breaches, _NO_PAGES)


def _cursor_breaches(runs: list[Run]) -> Iterator[Breach]:
    for run, place, page, step in steps_of(runs):
        if step is Step.NO_START:
            yield Breach(
                f"paging through campaign {page.campaign_id} starts with LastContactID {asked(page)} instead of 0",
                (page,),
            )
        elif step in (Step.AHEAD, Step.BEHIND):
            before = _received_before(run, place)
            yield Breach(
                f"the page after {_last_id(before)}, the last contact received of campaign {page.campaign_id}, was "
                f"asked for with LastContactID {asked(page)}",
                (before, page),
            )


def _gaps_and_repeats(runs: list[Run]) -> Iterator[Breach]:
    for run, place, page, step in steps_of(runs):
        where = f"of campaign {page.campaign_id}"
        if step is Step.NO_START:
            yield Breach(f"the contacts {where} up to {asked(page)} were never asked for", (page,))
        elif step is Step.REPEAT:
            earlier = next(one for one, _ in reversed(run.pages[:place]) if asked(one) == asked(page))
            yield Breach(
                f"the page {where} after contact {asked(page)} was asked for again, though it had come", (earlier, page)
            )
        elif step is Step.AHEAD:
            before = _received_before(run, place)
            yield Breach(
                f"the contacts {where} between {_last_id(before)} and {asked(page)} were passed over", (before, page)
            )
        elif step is Step.BEHIND:
            before = _received_before(run, place)
            yield Breach(
                f"the contacts {where} between {asked(page)} and {_last_id(before)} were asked for twice",
                (before, page),
            )


def _standing_still(journal: Journal, runs: list[Run]) -> Iterator[Breach]:
    """First pages that are asked for again at once, where they were full and nothing came after them."""
    for run in runs:
        page, step = run.pages[0]
        if len(run.pages) > 1 or step is not Step.START or page.contacts < FULL_PAGE or page.may_be_lost:
            continue
        following = next(journal.after(page), None)
        if following is not None and following.asks_the_same_as(page) and _is_at_once(page, following):
            yield Breach(
                f"the first page of campaign {page.campaign_id} was asked for again, though it had come and was full",
                (page, following),
            )


def _endless(journal: Journal, runs: list[Run]) -> Iterator[Breach]:
    for run, place, page, step in steps_of(runs):
        if step is not Step.AFTER_END:
            continue
        before = run.pages[place - 1][0]
        if next(journal.after(before)) is page and _is_at_once(before, page):
            yield Breach(
                f"campaign {page.campaign_id} has no contact after {asked(page)}, as an empty page said, and still the "
                "next page was asked for",
                (before, page),
            )


def _end_of(journal: Journal, run: Run) -> Run | Breach | None:
    """The run where it stopped at the end, a breach where it stopped before; None where the journal does not say."""
    last = run.last
    if not last.is_ok or last.may_be_lost:
        return None
    if last.contacts < FULL_PAGE:
        return run
    if any(step in (Step.UNKNOWN, Step.NO_START) for _, step in run.pages):
        return None
    following = next(journal.after(last), None)
    listing = next((one for one in journal.before(last) if one.operation == GET_CAMPAIGNS and one.is_ok), None)
    count = None if listing is None else _number_of_contacts(journal, listing, run.campaign_id)
    if count is not None and run.contacts >= count:
        return run
    if following is None or not following.is_ok or following.may_be_lost:  # it may have been interrupted
        return None
    if listing is not None and count is None:
        return None
    known = f"of {count}" if count is not None else "(and the client has not asked how many there are)"
    return Breach(
        f"paging through campaign {run.campaign_id} stopped at a full page, after {run.contacts} contacts {known}",
        (last, following) if listing is None else (listing, last, following),
    )


def _number_of_contacts(journal: Journal, listing: Call, campaign_id: int | None) -> int | None:
    """What an answer of GetCampaigns says of a campaign; None where the answer is not at hand, or lacks it."""
    if journal.responses is None:
        return None
    try:
        head, _, body = journal.responses(listing.number).partition(b"\r\n\r\n")
    except KitError:  # no longer kept
        return None
    lines = head.decode("latin-1").split("\r\n")[1:]
    headers = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
    answer = read_answer(GET_CAMPAIGNS, HttpResponse(listing.status or 200, "", headers, body))
    campaigns = answer.value if isinstance(answer, Returned) else ()
    return next((one.number_of_contacts for one in campaigns if one.campaign_id == campaign_id), None)


def _received_before(run: Run, place: int) -> Call:
    """The page that the one at a place should have gone on from."""
    earlier = [page for page, _ in run.pages[:place]]
    return next((one for one in reversed(earlier) if one.contacts), earlier[-1])


def _last_id(page: Call) -> int:
    return asked(page) if page.last_id is None else page.last_id


def _is_at_once(earlier: Call, later: Call) -> bool:
    gap = seconds_between(earlier, later)
    return gap is not None and gap < _AT_ONCE
