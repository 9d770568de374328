"""Many centers on one server, each under its own path with a state, clock, journal and sessions of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import zeep

from fake_ccmm import FakeCcmm, SetupError
from fake_ccmm.bounds import Bounds
from fake_ccmm.faults import FaultRule, HttpError
from fake_ccmm.model import Administrator, CampaignStatus, ContactStatus
from fake_ccmm.seed import CampaignSeed, ClockSeed, ContactSeed, Seed
from fake_ccmm.served import NamedCenter, ServedCenter
from fake_ccmm.timeline import SetCampaignStatus, TimelineEvent
from fake_ccmm.world import UnknownName, World, Worlds

from .. import messages
from ..core.world import START, person
from ..messages import D
from ..raw_http import Reply, Site
from ..running.soap import call, get, log_in, zeep_service
from .steered import AUTUMN, SPRING, close, closed, key_at, page, seen, steer

if TYPE_CHECKING:
    from fake_ccmm.served import SeedLike

UTILITY = "/ccmmoutboundwebservices/OutboundUtilityWS.asmx"
PAUSED = CampaignStatus.PAUSED
SEED = Seed(
    administrators=(Administrator("anna", "päss & word"),),
    campaigns=(CampaignSeed(SPRING, "Seeded", contacts=(ContactSeed(contact_id=40, first_name="Ada"),)),),
    clock=ClockSeed(START, frozen=True),
)
DICT = {
    "administrators": [{"username": "anna", "password": "päss & word"}],
    "campaigns": [{"campaign_id": 1, "name": "Seeded", "contacts": [{"contact_id": 40, "first_name": "Ada"}]}],
    "clock": {"start": START, "frozen": True},
}
TOML = """
administrators = [{ username = "anna", password = "päss & word" }]
clock = { start = 2026-03-02T09:00:00Z, frozen = true }
[[campaigns]]
campaign_id = 1
name = "Seeded"
contacts = [{ contact_id = 40, first_name = "Ada" }]
"""


def nobodys_world() -> World:
    """A world that nobody is logged in to, and starts like that."""
    center = steer().center
    center.log_off("anna")
    return World(center)


@pytest.fixture(scope="module")
def running() -> Iterator[FakeCcmm]:
    with FakeCcmm(nobodys_world().center, log=None) as server:
        yield server


@pytest.fixture
def server(running: FakeCcmm) -> Iterator[FakeCcmm]:
    """A server with one center, that nobody is logged in to."""
    yield running
    for name in running._worlds.names()[1:]:
        running._worlds.delete(name)
    running.world.become(nobodys_world())


def ask(server: FakeCcmm, path: str, method: str = "GET") -> Reply:
    body = b"" if method == "POST" else None
    return Site("127.0.0.1", server.port).ask(method, path, [("Content-Type", "text/xml")], body)


# --- addresses --------------------------------------------------------------------------------------------------------


def test_its_addresses_are_those_of_the_services_below_its_own(server: FakeCcmm) -> None:
    alpha = server.create_center("alpha")
    assert alpha.url == f"{server.url}/centers/alpha"
    assert [alpha.utility_url, alpha.campaign_url, alpha.contact_url] == [
        f"{server.url}/centers/alpha/ccmmoutboundwebservices/Outbound{name}WS.asmx"
        for name in ("Utility", "Campaign", "Contact")
    ]


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("OutboundUtilityWS", "OutboundLogin"),
        ("OutboundCampaignWS", "GetCampaigns"),
        ("OutboundContactWS", "CloseContact"),
    ],
)
def test_descriptions_and_pages_name_the_address_under_which_they_were_asked_for(
    service: str, operation: str, server: FakeCcmm
) -> None:
    url = server.create_center("alpha").service_url(service)
    assert get(f"{url}?wsdl").count(f'location="{url}"') == 2
    disco = get(f"{url}?disco")
    assert disco.count(f'address="{url}"') == 2
    assert f'ref="{url}?wsdl"' in disco
    assert f'docRef="{url}"' in disco
    path = urlsplit(url).path
    assert f'href="{path}?disco"' in get(url)
    shown = get(f"{url}?op={operation}")
    assert f'href="{path}?disco"' in shown
    assert f"POST {path} HTTP/1.1" in shown


def test_a_fault_says_the_address_of_its_center(server: FakeCcmm) -> None:
    alpha = server.create_center("alpha")
    assert f"<faultactor>{alpha.utility_url}</faultactor>" in log_in(alpha.utility_url, "anna", "wrong")
    assert f"<faultactor>{server.utility_url}</faultactor>" in log_in(server.utility_url, "anna", "wrong")


def test_a_client_made_of_its_wsdl_calls_it_and_no_other(server: FakeCcmm) -> None:
    with server.create_center("alpha", SEED) as alpha:
        key = zeep_service(alpha.utility_url).OutboundLogin("anna", "päss & word")
        (campaign,) = zeep_service(alpha.campaign_url).GetCampaigns(key).OWCampaign
        assert (campaign.ID, campaign.Name, campaign.NumberOfContacts) == (1, "Seeded", 1)
        assert server.center.usernames() == []
        assert len(server.journal) == 0
        with pytest.raises(zeep.exceptions.Fault, match="Validation of session key failed"):
            zeep_service(server.campaign_url).GetCampaigns(key)


@pytest.mark.parametrize(
    "path",
    [
        "/CENTERS/Alpha.1/CCMMOutboundWebServices/OUTBOUNDUTILITYWS.ASMX",
        "/centers/%41lph%61%2E1/ccmmoutboundwebservices/outboundutilityws.asmx",
        "//centers//Alpha.1//ccmmoutboundwebservices//OutboundUtilityWS.asmx",
        "/centers/other/../Alpha.1/ccmmoutboundwebservices/OutboundUtilityWS.asmx",
    ],
)
def test_its_path_can_be_written_in_many_ways(path: str, server: FakeCcmm) -> None:
    alpha = server.create_center("Alpha.1")
    assert log_in(f"{server.url}{path}", "anna", "päss & word").endswith("__anna")
    assert alpha.center.usernames() == ["anna"]
    assert server.center.usernames() == []


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD", "OPTIONS"])
def test_a_center_that_is_not_there_is_not_found_and_says_how_to_create_it(method: str, server: FakeCcmm) -> None:
    server.create_center("alpha")
    for name in ("nope", "ALPHA", "alph%C3%A4", "%20alpha", "~other", "a'b", "%3Cb%3E"):
        reply = ask(server, f"/centers/{name}{UTILITY}", method)
        assert (reply.status, reply.header("Content-Type")) == (404, "text/plain; charset=utf-8")
        text = reply.body.decode()
        if method != "HEAD":
            assert text.startswith("There is no center named ")
            assert "create it with PUT /control/v1/centers/NAME" in text
    assert len(server.journal) == 7


def test_the_default_center_has_a_name_and_a_path_too(server: FakeCcmm) -> None:
    assert server.name == "default"
    key = log_in(f"{server.url}/centers/default{UTILITY}", "anna", "päss & word")
    assert "OWContact" in page(server, key)
    named = server.center_named("default")
    assert named.world is server.world
    assert f'location="{named.utility_url}"' in get(f"{named.utility_url}?wsdl")
    assert "OWContact" in page(named, key)
    with pytest.raises(SetupError, match="'default' stays as long as the server; reset it instead"):
        named.remove()


# --- made and forgotten -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a b", "-a", ".a", "_a", "a/b", "a\\b", "a%b", "ä", "a\n", "~readiness", "a" * 65])
def test_a_center_needs_a_name_that_can_stand_in_a_path(name: str) -> None:
    worlds = Worlds(steer().world)
    with pytest.raises(SetupError, match=r"the name of a center is 1 to 64 letters, digits, '\.', '_' or '-'"):
        worlds.create(name)
    assert worlds.names() == ["default"]


def test_a_name_is_given_to_one_center_only(server: FakeCcmm) -> None:
    server.create_center("a" * 64)
    server.create_center("0._-")
    for name in ("0._-", "default"):
        with pytest.raises(SetupError, match=f"a center named '{name}' is there already; delete it first, or take"):
            server.create_center(name)
    assert server.create_center().name != server.create_center().name


@pytest.mark.parametrize("kind", ["Seed", "mapping", "path", "text of a path"])
def test_it_is_what_its_seed_says(kind: str, server: FakeCcmm, tmp_path: Path) -> None:
    path = tmp_path / "seed.toml"
    path.write_text(TOML, "utf-8")
    seeds: dict[str, SeedLike] = {"Seed": SEED, "mapping": DICT, "path": path, "text of a path": str(path)}
    alpha = server.create_center("alpha", seed=seeds[kind])
    assert alpha.clock.now() == START
    assert (alpha.user, alpha.password) == ("anna", "päss & word")
    assert "<FirstName>Ada</FirstName>" in page(alpha, key_at(alpha))
    assert [one.details.name for one in server.center.campaigns()] == ["Spring", "Autumn"]


def test_a_seed_that_makes_no_center_leaves_its_name_free(server: FakeCcmm) -> None:
    with pytest.raises(SetupError, match="campaigns"):
        server.create_center("alpha", {"campaigns": [{"campaign_id": 1}]})
    with pytest.raises(SetupError, match="Campaign ID not recognised: 1"):
        server.create_center("alpha", Seed(timeline=(TimelineEvent(SetCampaignStatus(1, PAUSED), after=1),)))
    assert ask(server, f"/centers/alpha{UTILITY}").status == 404
    assert server.create_center("alpha").center.campaigns()


def test_without_a_seed_it_is_what_the_default_center_was_started_with(server: FakeCcmm) -> None:
    before = seen(server.world)
    server.center.set_campaign_status(SPRING, PAUSED)
    server.center.remove_campaign(AUTUMN)
    server.clock.advance(60)
    server.faults.add(FaultRule(do=HttpError(503)))
    alpha = server.create_center("alpha")
    assert seen(alpha.world) == before
    alpha.center.set_contact_status(SPRING, 1, ContactStatus.CLOSED)
    alpha.reset()
    assert seen(alpha.world) == before
    server.load(SEED)
    assert [one.details.name for one in server.create_center("beta").center.campaigns()] == ["Seeded"]


def test_a_removed_center_is_not_found_and_one_of_its_name_starts_anew(server: FakeCcmm) -> None:
    alpha = server.create_center("alpha")
    key = key_at(alpha)
    assert ">1<" in close(alpha, key, 1)
    alpha.remove()
    assert ask(server, f"/centers/alpha{UTILITY}", "POST").status == 404
    for forget in (alpha.remove, lambda: server.center_named("alpha")):
        with pytest.raises(UnknownName, match="no center is named 'alpha'"):
            forget()
    again = server.create_center("alpha")
    assert closed(again.center) == 0
    assert len(again.journal) == 0
    assert "Validation of session key failed" in page(again, key)
    assert closed(alpha.center) == 1


def test_it_is_gone_at_the_end_of_its_block_whatever_happened(server: FakeCcmm) -> None:
    with server.create_center() as center:
        assert isinstance(center, NamedCenter)
        path = urlsplit(center.utility_url).path
        assert ask(server, path).status == 200
    assert ask(server, path).status == 404
    with pytest.raises(ZeroDivisionError), server.create_center("alpha"):
        _ = 1 / 0
    with server.create_center("alpha") as alpha:
        alpha.remove()
    assert ask(server, f"/centers/alpha{UTILITY}").status == 404


def test_there_is_a_bound_on_centers() -> None:
    assert Bounds().centers == 1000
    with FakeCcmm(log=None, bounds=Bounds(centers=3)) as server:
        with server.create_center():
            server.create_center()
            with pytest.raises(SetupError, match="a server has 3 centers at most; delete one first"):
                server.create_center()
        server.create_center()


def test_the_center_of_readiness_is_in_no_list_and_cannot_be_steered(server: FakeCcmm) -> None:
    server.check_soap()
    worlds = server._worlds
    assert worlds.names() == [one.name for one in worlds.all()] == ["default"]
    with pytest.raises(UnknownName):
        server.center_named("~readiness")
    with pytest.raises(UnknownName):
        worlds.delete("~readiness")
    with pytest.raises(SetupError, match="the name of a center"):
        worlds.create("~readiness")
    server.check_soap()
    assert len(server.journal) == 0


# --- each for itself --------------------------------------------------------------------------------------------------


def test_the_key_of_one_center_is_no_key_of_another(server: FakeCcmm) -> None:
    centers: list[ServedCenter] = [server, server.create_center("alpha"), server.create_center("beta")]
    keys = [key_at(one) for one in centers]
    for place, center in enumerate(centers):
        for other, key in enumerate(keys):
            said = "OWContact" if place == other else "Validation of session key failed"
            assert said in page(center, key)
    call(centers[1].utility_url, "OutboundLogoff", username="anna")
    assert [one.center.usernames() for one in centers] == [["anna"], [], ["anna"]]


def test_clock_journal_faults_timeline_and_snapshots_are_each_centers_own(server: FakeCcmm) -> None:
    alpha, beta = server.create_center("alpha"), server.create_center("beta")
    key = key_at(beta)
    alpha.clock.advance(3600)
    alpha.faults.add(FaultRule(do=HttpError(503)))
    alpha.timeline.add(TimelineEvent(SetCampaignStatus(SPRING, PAUSED), after=0))
    alpha.save("one")
    assert log_in(alpha.utility_url, "anna", "päss & word").startswith("<!DOCTYPE")
    assert "OWContact" in page(beta, key)
    for one in (server, beta):
        assert one.clock.now() == START
        assert one.center.campaign(SPRING).details.status is CampaignStatus.RUNNING
        assert one.world.snapshots() == []
    assert [len(one.journal) for one in (server, alpha, beta)] == [0, 1, 2]
    assert alpha.center.campaign(SPRING).details.status is PAUSED


def append(center: ServedCenter, key: str, first_name: str) -> Reply:
    """The answer to a client that appends somebody to the first campaign."""
    parts = urlsplit(center.campaign_url)
    assert parts.hostname is not None
    assert parts.port is not None
    who = f'<contact><FirstName xmlns="{D}">{first_name}</FirstName><SkillsetID xmlns="{D}">11</SkillsetID></contact>'
    arguments = f"<CampaignID>{SPRING}</CampaignID>{who}<sessionKey>{key}</sessionKey>"
    return messages.call(Site(parts.hostname, parts.port), parts.path, "AppendContactsToCampaign", arguments)


CLIENTS = 50


def test_fifty_clients_do_the_same_at_once_each_in_its_own_center(server: FakeCcmm) -> None:
    """The same user, campaign and contacts; only the name appended tells them apart."""
    start = threading.Barrier(CLIENTS)

    def work(number: int) -> NamedCenter:
        start.wait(30)
        center = server.create_center(f"test-{number}")
        key = key_at(center)
        assert "is already logged in" in log_in(center.utility_url, "anna", "päss & word")
        for step in range(2):
            assert append(center, key, f"of {number}/{step}").status == 200
            assert append(center, key, "too soon").status == 500
            assert ">1<" in close(center, key, 1 + (number + step) % 5, f"by {number}")
            center.clock.advance(1)
        assert page(center, key).count(f"of {number}/") == page(center, key).count("<FirstName>of ") == 2
        if number % 2:
            call(center.utility_url, "OutboundLogoff", username="anna")
            assert "Validation of session key failed" in page(center, key)
        return center

    with ThreadPoolExecutor(CLIENTS) as pool:
        centers = list(pool.map(work, range(CLIENTS)))
    for number, center in enumerate(centers):
        contacts = center.center.contacts(SPRING)
        assert [one.contact_id for one in contacts] == [1, 2, 3, 4, 5, 7, 8]
        assert [one.first_name for one in contacts[5:]] == [f"of {number}/0", f"of {number}/1"]
        assert closed(center.center) == 2
        assert center.center.usernames() == ([] if number % 2 else ["anna"])
        assert center.journal.total == 10 + 2 * (number % 2)
        assert len(center.journal.exchanges()) == center.journal.total
    assert len(server.journal) == 0
    assert closed(server.center) == 0
    assert len(server._worlds.names()) == CLIENTS + 1


def test_a_call_on_the_wire_to_a_center_that_goes_meanwhile_is_answered(server: FakeCcmm) -> None:
    """It is held until its turn, and by then its center is no more."""
    center = server.create_center("alpha", {**DICT, "profile": {"limit_answer": "delay"}})
    center.center.load_contacts(SPRING, [person(number) for number in range(3)])
    key = key_at(center)
    assert ">1<" in close(center, key, 40)
    with ThreadPoolExecutor(1) as pool:
        held = pool.submit(close, center, key, 41)
        center.remove()
        assert "There is no center named 'alpha'" in held.result(30)
    assert closed(center.center) == 1


def test_a_world_can_become_another_without_sharing_anything() -> None:
    one, other = steer(), steer()
    one.center.load_contacts(SPRING, [person(77)])
    one.center.log_off("anna")
    started = World(one.center)
    other.world.become(started)
    assert seen(other.world) == seen(started)
    other.center.remove_campaign(SPRING)
    assert seen(one.world)[0] != seen(other.world)[0]
