"""Many threads on one center: nothing is lost, nothing comes twice, and no count is wrong at any time."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from fake_ccmm.errors import AlreadyLoggedIn, ContactAlreadyClosed
from fake_ccmm.model import ContactStatus, CustomField
from fake_ccmm.soap.contact_xml import XML_CONTACTS

from .world import BEN, World, open_world, person

THREADS = 8
EACH = 60
A1 = CustomField("Account", "A1")


@pytest.fixture(autouse=True)
def threads_that_take_turns_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.00001)
    yield
    sys.setswitchinterval(before)


@pytest.fixture
def world() -> World:
    return open_world(limit_seconds=0, codec=XML_CONTACTS)


def run_together(*works: Callable[[], None]) -> None:
    """Run all at once; what one of them raises is raised here."""
    start = threading.Barrier(len(works))
    errors: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        start.wait()
        try:
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if errors:
        raise errors[0]


def appender(world: World, number: int) -> Callable[[], None]:
    def append() -> None:
        for row in range(EACH):
            contact = person(campaign_name=f"{number}/{row}", account="A1")
            assert world.center.append_contact(world.key, 1 + row % 2, contact) == 1

    return append


@pytest.mark.rule("A1")
@pytest.mark.rule("A5")
@pytest.mark.rule("C3")
def test_no_contact_is_lost_or_doubled_by_threads_that_append(world: World) -> None:
    run_together(*(appender(world, number) for number in range(THREADS)))
    both = [*world.center.contacts(1), *world.center.contacts(2)]
    assert sorted(one.campaign_name or "" for one in both) == sorted(
        f"{number}/{row}" for number in range(THREADS) for row in range(EACH)
    )
    assert sorted(one.contact_id for one in both) == list(range(1, THREADS * EACH + 1))
    for campaign_id in (1, 2):
        assert all(one < other for one, other in pairwise(world.ids(campaign_id)))
        assert world.counts(campaign_id) == (THREADS * EACH // 2, 0, 0)
    found = world.center.find_contacts_by_custom_field(world.key, 1, A1)
    assert [one.contact_id for one in found] == world.ids(1)


@pytest.mark.rule("X6")
def test_no_contact_is_closed_twice_by_threads_that_close_by_one_field(world: World) -> None:
    world.center.load_contacts(1, [person(account="A1")] * 300)
    closed: list[int] = []
    refused: list[int] = []

    def close() -> None:
        for row in range(EACH):
            try:
                world.center.close_contact(world.key, 1, custom_field=A1)
                closed.append(row)
            except ContactAlreadyClosed:
                refused.append(row)

    run_together(*[close] * THREADS)
    assert (len(closed), len(refused)) == (300, THREADS * EACH - 300)
    assert world.counts() == (300, 300, 300)
    assert {one.status for one in world.center.contacts(1)} == {ContactStatus.CLOSED}


@pytest.mark.rule("P2")
@pytest.mark.rule("P3")
@pytest.mark.rule("C3")
def test_pages_and_counts_are_right_at_any_time_while_others_append_close_and_load(world: World) -> None:
    world.center.load_contacts(1, (person(number, account="A1") for number in range(150)))
    done = threading.Event()

    def write(number: int) -> Callable[[], None]:
        def work() -> None:
            appender(world, number)()
            for _ in range(10):
                world.center.close_contact(world.key, 1, custom_field=A1)
            world.center.load_contacts(1, (person(row) for row in range(30)))

        return work

    def read() -> None:
        before = 0
        while not done.is_set():
            (count, closed, processed) = world.counts()
            assert before <= count
            assert closed == processed <= 40
            before = count
            ids = [one for page in world.pages() for one in page]
            assert all(one < other for one, other in pairwise(ids))
            assert len(ids) >= count

    def write_all() -> None:
        try:
            run_together(*(write(number) for number in range(4)))
        finally:
            done.set()

    run_together(write_all, read, read, read)
    total = 150 + 4 * EACH // 2 + 4 * 30
    assert world.counts() == (total, 40, 40)
    assert len(world.ids()) == len(set(world.ids())) == total


@pytest.mark.rule("S4")
def test_of_threads_that_log_in_one_user_at_once_exactly_one_gets_a_key(world: World) -> None:
    for _ in range(20):
        keys: list[str] = []
        refused: list[AlreadyLoggedIn] = []

        def log_in(keys: list[str] = keys, refused: list[AlreadyLoggedIn] = refused) -> None:
            try:
                keys.append(world.center.log_in(BEN.username, BEN.password))
            except AlreadyLoggedIn as error:
                refused.append(error)

        run_together(*[log_in] * 4)
        assert (len(keys), len(refused)) == (1, 3)
        assert world.center.get_campaigns(keys[0])
        world.center.log_off(BEN.username)


def test_what_is_done_with_the_center_locked_is_one_step_for_others(world: World) -> None:
    done = threading.Event()

    def write() -> None:
        for _ in range(50):
            with world.center.locked():
                world.center.load_contacts(1, [person()])
                world.center.load_contacts(1, [person()])
        done.set()

    def read() -> None:
        while not done.is_set():
            assert world.counts()[0] % 2 == 0

    run_together(write, read, read)
    assert world.counts()[0] == 100
