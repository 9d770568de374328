"""The pages of a journal put together again to the runs that a client made through campaigns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from .journal import GET_PAGE, Call, Journal

_Place = tuple[str, int | None]


class Step(Enum):
    """How a page stands to those before it in its run."""

    START = "start"
    NEXT = "next"
    RETRY = "retry"
    """Asked again, since the last answer was none or may have been lost."""
    AFTER_END = "after the end"
    REPEAT = "repeat"
    """Asked again, though it had come."""
    AHEAD = "ahead"
    """Asked with an id beyond the last one received."""
    BEHIND = "behind"
    """Asked with an id before the last one received."""
    NO_START = "no start"
    """The first one, and asked with another id than 0."""
    UNKNOWN = "unknown"
    """The first one, but the journal may lack what came before."""


@dataclass(slots=True, eq=False)
class Run:
    """Pages of one campaign that one user asked for one after the other."""

    who: str
    campaign_id: int | None
    pages: list[tuple[Call, Step]] = field(default_factory=list)
    cursor: int = 0
    """The last id received: what the next page has to be asked with."""
    has_ended: bool = False
    """Whether an empty page has come."""

    @property
    def last(self) -> Call:
        """Its last page."""
        return self.pages[-1][0]

    @property
    def contacts(self) -> int:
        """How many contacts came."""
        return sum(page.contacts for page, step in self.pages if step is not Step.REPEAT)

    def add(self, page: Call, step: Step) -> None:
        """Go on with a page."""
        self.pages.append((page, step))
        if not page.is_ok:
            return
        self.has_ended = not page.contacts
        self.cursor = asked(page) if page.last_id is None else page.last_id

    def step_to(self, page: Call) -> Step | None:
        """How a page goes on with this run; None where it does not."""
        last = self.last
        if not last.is_ok:
            return Step.RETRY if asked(page) == self.cursor else None
        if last.may_be_lost and asked(page) == asked(last):
            return Step.RETRY
        if asked(page) == self.cursor and asked(page):
            return Step.AFTER_END if self.has_ended else Step.NEXT
        return None

    def misstep_to(self, page: Call) -> Step:
        """What is wrong with a page that does not go on with this run."""
        if asked(page) in (asked(one) for one, _ in self.pages):
            return Step.REPEAT
        return Step.AHEAD if asked(page) > self.cursor else Step.BEHIND


def asked(page: Call) -> int:
    """The LastContactID of a request for a page."""
    found = page.arguments.get("last_contact_id")
    return found if isinstance(found, int) else 0


def runs_of(journal: Journal) -> list[Run]:
    """All runs, in the order of their first pages. A run may go on in a later session of the same user."""
    everything: list[Run] = []
    newest: dict[_Place, Run] = {}
    awaiting: dict[tuple[_Place, int], list[Run]] = defaultdict(list)
    for page in journal.of(GET_PAGE):
        place = (journal.who(page), page.campaign_id)
        run, step = _awaited(awaiting[place, asked(page)], page)
        if run is None:
            run, step = _misfit(journal, page, newest.get(place))
        if not run.pages:
            everything.append(run)
            newest[place] = run
        run.add(page, step)
        for cursor in {run.cursor, asked(page)}:
            awaiting[place, cursor].append(run)
    return everything


def steps_of(runs: list[Run]) -> Iterator[tuple[Run, int, Call, Step]]:
    """Every page with its run and its place in it."""
    for run in runs:
        for place, (page, step) in enumerate(run.pages):
            yield run, place, page, step


def _awaited(candidates: list[Run], page: Call) -> tuple[Run | None, Step]:
    """The newest run that a page goes on with; those that have gone on otherwise are dropped."""
    while candidates:
        step = candidates[-1].step_to(page)
        if step is not None:
            return candidates.pop(), step
        candidates.pop()
    return None, Step.START


def _misfit(journal: Journal, page: Call, newest: Run | None) -> tuple[Run, Step]:
    """Where a page belongs that goes on with no run: to a new one, or wrongly to the newest."""
    fresh = Run(journal.who(page), page.campaign_id)
    if not asked(page):
        return fresh, Step.START
    if newest is not None:
        return newest, newest.misstep_to(page)
    is_known = journal.starts_at_the_start or page.session in journal.logins
    return fresh, Step.NO_START if is_known else Step.UNKNOWN
