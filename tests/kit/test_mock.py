"""The kit's client of a mock's control API, against real mocks and against what is none."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import zeep
from ccmm_contracts.domain import Contact, CustomField, PhoneNumber, User
from ccmm_contracts.errors import SetUpBroken, Unreachable
from ccmm_contracts.mock import Mock, MockRefused, find_mock
from ccmm_contracts.plain import typed
from ccmm_contracts.wire.http import Http
from ccmm_contracts.worlds import MAIN, World, WorldCampaign, WorldContact

from fake_ccmm import FakeCcmm

SERVICES = "/ccmmoutboundwebservices"
ANN = User("ann", "secret")
CONTACT = Contact(
    first_name="Zoë",
    last_name="山田 \U00020bb7",
    skillset_id=10032,
    phone_number=PhoneNumber("44", None, "5550100"),
    custom_fields=(CustomField("Account", "7"),),
)
WORLD = World((ANN,), (WorldCampaign(MAIN, "Autumn", contacts=(WorldContact(CONTACT),)),))


@pytest.fixture(scope="module")
def http() -> Iterator[Http]:
    found = Http(timeout=5)
    yield found
    found.close()


@pytest.fixture
def ccmm() -> Iterator[FakeCcmm]:
    with FakeCcmm() as ccmm:
        yield ccmm


@pytest.fixture
def mock(ccmm: FakeCcmm, http: Http) -> Mock:
    return found(find_mock(ccmm.url + SERVICES, http))


def found(mock: Mock | None) -> Mock:
    assert mock is not None
    return mock


def service(mock: Mock, name: str) -> Any:
    return zeep.Client(f"{mock.base}/{name}.asmx?wsdl").service  # type: ignore[no-untyped-call]


def log_in(mock: Mock, user: str, password: str) -> str:
    key = service(mock, "OutboundUtilityWS").OutboundLogin(user, password)
    assert isinstance(key, str)
    return key


# --- finding it -------------------------------------------------------------------------------------------------------


def test_a_mock_is_found_by_the_address_of_its_services(ccmm: FakeCcmm, http: Http) -> None:
    mock = found(find_mock(ccmm.url + SERVICES, http))
    assert (mock.name, mock.base) == ("default", ccmm.url + SERVICES)
    assert found(find_mock(f"{ccmm.url}{SERVICES}/", http)).base == mock.base
    assert found(find_mock(f"{ccmm.url}/CCMMOutboundWebServices", http)).name == "default"


def test_a_center_of_its_own_is_found_by_its_address(ccmm: FakeCcmm, http: Http) -> None:
    with ccmm.create_center("north", seed=WORLD.seed()) as center:
        mock = found(find_mock(f"{center.url}{SERVICES}", http))
        assert mock.name == "north"
        assert [one["name"] for one in mock.campaigns()] == ["Autumn"]
        assert len(found(find_mock(ccmm.url + SERVICES, http)).campaigns()) > 1


def test_a_center_that_is_not_there_is_a_broken_set_up_that_names_those_that_are(ccmm: FakeCcmm, http: Http) -> None:
    with pytest.raises(SetUpBroken, match=r"no center 'south'.*there are: default"):
        find_mock(f"{ccmm.url}/centers/south{SERVICES}", http)


def test_a_mock_without_a_control_api_is_as_any_server(http: Http) -> None:
    with FakeCcmm(control=False) as ccmm:
        assert find_mock(ccmm.url + SERVICES, http) is None
        with pytest.raises(SetUpBroken, match=r"nothing at .* answers as the control API of a mock \(404"):
            find_mock(ccmm.url + SERVICES, http, control_url=ccmm.url)


def test_a_mock_that_wants_a_token_says_so_and_takes_it(http: Http) -> None:
    with FakeCcmm(control_token="rosebud") as ccmm:
        with pytest.raises(SetUpBroken, match="wants its token; give it as --control-token"):
            find_mock(ccmm.url + SERVICES, http)
        with pytest.raises(SetUpBroken, match="does not know the token") as error:
            find_mock(ccmm.url + SERVICES, http, token="citizen-kane")
        assert "citizen-kane" not in str(error.value)
        mock = found(find_mock(ccmm.url + SERVICES, http, token="rosebud"))
        assert mock.create_center("west").clock().frozen is False


@pytest.mark.parametrize("shorten", [str, lambda url: url.removesuffix("/control/v1"), lambda url: url + "/"])
def test_a_control_api_on_a_port_of_its_own_is_found_by_its_address(http: Http, shorten: Callable[[str], str]) -> None:
    with FakeCcmm(control_port=0) as ccmm:
        assert find_mock(ccmm.url + SERVICES, http) is None
        assert ccmm.control_url is not None
        mock = found(find_mock(ccmm.url + SERVICES, http, control_url=shorten(ccmm.control_url)))
        assert mock.base == ccmm.url + SERVICES
        other = mock.create_center("east", WORLD.seed())
        assert other.base == f"{ccmm.url}/centers/east{SERVICES}"
        assert log_in(other, ANN.name, ANN.password)


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (200, "text/html", b"<html>It works</html>"),
        (200, "application/json", b"[]"),
        (200, "application/json", b'{"centers": ["default"]}'),
        (200, "application/json", b"\xff{"),
        (401, "text/html", b""),
        (403, "application/problem+json", b'{"detail": "no"}'),
        (404, "application/problem+json", b"[]"),
        (302, "text/html", b""),
    ],
)
def test_a_web_server_that_is_no_mock_is_none(http: Http, status: int, kind: str, body: bytes) -> None:
    with WebServer(status, kind, body) as url:
        assert find_mock(url + SERVICES, http) is None
        with pytest.raises(SetUpBroken, match="answers as the control API"):
            find_mock(url + SERVICES, http, control_url=url)


def test_a_mock_that_does_not_go_by_that_name_says_so(http: Http) -> None:
    problem = b'{"detail": "the control API is not known as \'ccmm.test\'; use its address or localhost"}'
    refused = pytest.raises(SetUpBroken, match=r"refused: the control API is not known as 'ccmm.test'")
    with WebServer(403, "application/problem+json", problem) as url, refused:
        find_mock(url + SERVICES, http)


def test_an_answer_that_is_no_json_is_a_broken_set_up(http: Http) -> None:
    with WebServer(200, "application/json", b'{"centers": ["default"], "links": {"self": "/control/v1"}}') as url:
        mock = found(find_mock(url + SERVICES, http))
    with WebServer(200, "application/json", b"<html>") as other:
        mock._control.root = f"{other}/control/v1"
        with pytest.raises(SetUpBroken, match=r"GET .*/centers/default/campaigns was answered with what is no JSON"):
            mock.campaigns()


def test_nothing_there_is_no_mock_unless_it_was_named(http: Http) -> None:
    with FakeCcmm() as ccmm:
        url = ccmm.url
    assert find_mock(url + SERVICES, http) is None
    with pytest.raises(Unreachable):
        find_mock(url + SERVICES, http, control_url=url)


@pytest.mark.parametrize(
    "address", ["nonsense", "ftp://127.0.0.1/", "http://", "http://127.0.0.1:99999", "http://[::1"]
)
def test_an_address_that_is_none_is_refused_with_one_that_would_be(http: Http, address: str) -> None:
    with pytest.raises(SetUpBroken, match=r"such as http://127.0.0.1:9000/control/v1"):
        find_mock("http://127.0.0.1/ccmmoutboundwebservices", http, control_url=address)
    with pytest.raises(SetUpBroken, match="has to end with /ccmmoutboundwebservices"):
        find_mock(address, http)


# --- steering it ------------------------------------------------------------------------------------------------------


def test_it_becomes_a_world_and_goes_back(mock: Mock) -> None:
    before = [one["campaign_id"] for one in mock.campaigns()]
    mock.snapshot("before-the-run")
    mock.become(WORLD.seed())
    assert [one["campaign_id"] for one in mock.campaigns()] == [MAIN]
    assert mock.sessions() == []
    mock.restore("before-the-run")
    assert [one["campaign_id"] for one in mock.campaigns()] == before
    mock.forget_snapshot("before-the-run")
    with pytest.raises(MockRefused, match="no snapshot is named 'before-the-run'") as error:
        mock.restore("before-the-run")
    assert error.value.status == 404


def test_what_it_holds_is_a_seed(mock: Mock) -> None:
    mock.become(WORLD.seed())
    kept = mock.seed()
    mock.set_campaign_status(MAIN, "Paused")
    mock.become(kept)
    assert [one["status"] for one in mock.campaigns()] == ["Running"]
    mock.set_campaign_status(MAIN, "Closed")
    mock.reset()
    assert [one["status"] for one in mock.campaigns()] == ["Running"]


def test_its_clock_is_read_set_stopped_and_moved(mock: Mock) -> None:
    mock.become(WORLD.seed())
    start = datetime(2030, 6, 3, 9, tzinfo=timezone.utc)
    assert (mock.clock().now, mock.clock().frozen) == (start, True)
    assert mock.advance(1.5).now == start + timedelta(seconds=1.5)
    assert mock.freeze(datetime(2031, 1, 1)).now == datetime(2031, 1, 1, tzinfo=timezone.utc)
    assert mock.let_run().frozen is False
    assert mock.set_clock("2032-01-01T00:00:00Z").now >= datetime(2032, 1, 1, tzinfo=timezone.utc)
    assert mock.freeze().frozen is True
    assert mock.show_real_time().offset_seconds == 0


def test_its_profile_is_choices_by_name_and_wordings_that_differ(mock: Mock) -> None:
    mock.set_profile({"limit_scope": "user", "too_soon": {"text": "later", "number": 7}})
    told = mock.profile()
    assert (told["limit_scope"], told["find_cap"], told["too_soon"]) == ("user", 0, {"text": "later", "number": 7})
    assert "unknown_campaign" in told
    assert "bad_login" not in told
    mock.change_profile({"find_cap": 3})
    assert mock.profile() == told | {"find_cap": 3}
    mock.become(WORLD.seed() | {"profile": mock.profile()})
    assert mock.profile() == told | {"find_cap": 3}
    with pytest.raises(MockRefused, match="limit_scop"):
        mock.set_profile({"limit_scop": "user"})


def test_a_choice_is_told_apart_from_the_wording_of_the_refusal_that_has_its_name(mock: Mock) -> None:
    chosen = {"unknown_campaign": "empty", "unknown_campaign.text": "no", "unknown_campaign.number": 7}
    mock.set_profile(chosen)
    told = mock.profile()
    assert {name: told.get(name) for name in chosen} == chosen
    mock.set_profile(told)
    assert mock.profile() == told
    mock.become(WORLD.seed() | {"profile": told})
    assert mock.profile() == told


def test_contacts_are_added_listed_and_changed(mock: Mock) -> None:
    mock.become(WORLD.seed())
    ids = mock.add_contacts(MAIN, [CONTACT] * 1001)
    assert ids == list(range(2, 1003))
    contacts = mock.contacts(MAIN)
    assert [one["contact_id"] for one in contacts] == [1, *ids]
    assert typed(Contact, contacts[-1] | {"contact_id": 0}) == CONTACT
    mock.set_contact_status(MAIN, 2, "Closed")
    assert [one["status"] for one in mock.contacts(MAIN)[:3]] == ["New", "Closed", "New"]
    with pytest.raises(MockRefused, match="999"):
        mock.contacts(999)


def test_contacts_of_a_campaign_whose_count_is_a_full_page_are_all_listed(mock: Mock) -> None:
    mock.become(WORLD.seed())
    mock.add_contacts(MAIN, [CONTACT] * 999)
    assert len(mock.contacts(MAIN)) == 1000


def test_sessions_are_seen_expired_and_ended(mock: Mock) -> None:
    mock.become(WORLD.seed())
    log_in(mock, ANN.name, ANN.password)
    assert [(one["username"], one["expired"]) for one in mock.sessions()] == [("ann", False)]
    mock.expire("ann")
    assert [one["expired"] for one in mock.sessions()] == [True]
    mock.end_session("ann")
    assert mock.sessions() == []
    with pytest.raises(MockRefused, match="'ann b' has no session"):
        mock.expire("ann b")


def test_the_journal_tells_what_was_called_and_answered(mock: Mock) -> None:
    mock.become(WORLD.seed())
    key = log_in(mock, ANN.name, ANN.password)
    campaigns = service(mock, "OutboundCampaignWS")
    campaigns.Get200CampaignContacts(MAIN, 0, key)
    campaigns.Get200CampaignContacts(MAIN, 1, key)
    pages = mock.journal(operation="Get200CampaignContacts")
    assert [one["arguments"]["last_contact_id"] for one in pages] == [0, 1]
    assert [one["result"]["contacts"] for one in pages] == [1, 0]
    assert mock.journal(arguments={"last_contact_id": 1}) == pages[1:]
    assert mock.journal(after=pages[0]["number"], outcome="ok") == pages[1:]
    assert mock.journal(since=datetime(2031, 1, 1)) == []
    assert mock.journal(limit=1, secrets=False) == pages[1:]
    page = mock.journal_page()
    assert (page.total, page.dropped, len(page.exchanges)) == (pages[1]["number"], 0, pages[1]["number"])
    assert b"<ContactID>1</ContactID>" in mock.response_bytes(pages[0]["number"])
    assert key.encode() not in mock.request_bytes(pages[0]["number"])
    mock.forget_journal()
    assert mock.journal() == []
    with pytest.raises(ValueError, match="campaign_id; give arguments as arguments="):
        mock.journal(campaign_id=7)


def test_fault_rules_are_put_in_force_and_counted(mock: Mock) -> None:
    mock.become(WORLD.seed())
    mock.put_faults([{"name": "away", "when": {"operation": "OutboundLogin"}, "nth": 1, "do": {"kind": "http-error"}}])
    assert [(one["name"], one["struck"]) for one in mock.faults()] == [("away", 0)]
    with pytest.raises(zeep.exceptions.TransportError):
        log_in(mock, ANN.name, ANN.password)
    assert log_in(mock, ANN.name, ANN.password)
    assert [(one["matched"], one["struck"]) for one in mock.faults()] == [(2, 1)]
    mock.put_faults([], seed=3)
    assert mock.faults() == []


def test_another_center_is_made_and_deleted(mock: Mock) -> None:
    other = mock.create_center("run-7", WORLD.seed())
    assert log_in(other, ANN.name, ANN.password)
    assert mock.sessions() == []
    with pytest.raises(MockRefused) as taken:
        mock.create_center("run-7")
    assert taken.value.status == 409
    other.delete()
    with pytest.raises(MockRefused, match="run-7"):
        other.clock()
    with pytest.raises(MockRefused, match="stays as long as the server"):
        mock.delete()


# --- what is no mock --------------------------------------------------------------------------------------------------


class WebServer:
    """A web server that answers every GET the same."""

    def __init__(self, status: int, kind: str, body: bytes) -> None:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
