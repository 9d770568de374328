"""Many threads on one journal: no number is given twice, none is lost, and readers see whole exchanges."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator

import pytest

from fake_ccmm.journal import Journal

from .recorded import Recorded, closing

ADDERS = 4
EACH = 500


@pytest.fixture(autouse=True)
def threads_that_take_turns_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.00001)
    yield
    sys.setswitchinterval(before)


def run_while_adding(journal: Journal, *readers: Callable[[], None]) -> None:
    """Let every reader look again and again while others add; what one of them raises is raised here."""
    errors: list[BaseException] = []
    still_adding = threading.Event()
    still_adding.set()

    def add() -> None:
        for number in range(EACH):
            journal.add(Recorded(closing(1, number), size=1 + number % 7))

    def read(reader: Callable[[], None]) -> None:
        try:
            while still_adding.is_set():
                reader()
        except BaseException as error:
            errors.append(error)

    adders = [threading.Thread(target=add) for _ in range(ADDERS)]
    others = [threading.Thread(target=read, args=(reader,)) for reader in readers]
    for one in adders + others:
        one.start()
    for one in adders:
        one.join()
    still_adding.clear()
    for one in others:
        one.join()
    if errors:
        raise errors[0]


def test_while_some_add_others_find_numbers_in_a_row_and_within_the_bounds() -> None:
    journal = Journal(most_exchanges=20, most_bytes=90)

    def look() -> None:
        numbers = [one.number for one in journal.exchanges()]
        assert len(numbers) <= 20
        assert numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True

    run_while_adding(journal, look, lambda: journal.never("GetCampaigns"))
    assert journal.total == ADDERS * EACH
    assert journal.dropped == journal.total - len(journal)
    assert journal.exchanges()[-1].number == journal.total


def test_every_record_gets_a_number_of_its_own() -> None:
    journal = Journal(most_exchanges=ADDERS * EACH)
    run_while_adding(journal)
    exchanges = journal.exchanges()
    assert [one.number for one in exchanges] == list(range(1, ADDERS * EACH + 1))
    assert all(journal.count("CloseContact", contact_id=number) == ADDERS for number in (0, EACH - 1))


def test_clearing_and_resizing_meanwhile_loses_no_count() -> None:
    journal = Journal(most_exchanges=10)
    sizes = iter(lambda: 5, None)

    def change() -> None:
        journal.clear()
        journal.resize(most_exchanges=next(sizes), most_bytes=20)
        assert len(journal) <= 5

    run_while_adding(journal, change)
    journal.resize(most_exchanges=1000, most_bytes=1000)
    before = len(journal)
    for _ in range(10):
        journal.add(Recorded(size=50))
    assert journal.total == ADDERS * EACH + 10
    assert len(journal) == before + 10


def test_a_reader_that_is_slow_holds_nobody_up() -> None:
    journal = Journal()
    is_reading, may_go_on = threading.Event(), threading.Event()

    class Slow(Recorded):
        def exchange(self, number: int, *, secrets: bool):  # type: ignore[no-untyped-def]
            is_reading.set()
            assert may_go_on.wait(30)
            return super().exchange(number, secrets=secrets)

    journal.add(Slow())
    reader = threading.Thread(target=journal.exchanges)
    reader.start()
    assert is_reading.wait(30)
    journal.add(Recorded())
    assert journal.total == 2
    may_go_on.set()
    reader.join()
