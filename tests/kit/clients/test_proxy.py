"""The proxy that adds unknown elements: it tells clients when it closes, and the kit when it cannot hand on."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from ccmm_contracts.clients.proxy import EXTRA, enlarging_proxy
from ccmm_contracts.errors import SetUpBroken
from ccmm_contracts.target import services_base
from ccmm_contracts.wire.http import Http

from fake_ccmm import FakeCcmm
from tests.messages import TEXT_XML, action, envelope, login, operation
from tests.raw_http import Headers, Site


@pytest.fixture
def proxy() -> Iterator[str]:
    with FakeCcmm() as ccmm, Http() as http, enlarging_proxy(services_base(ccmm.url), http) as base:
        yield base


def _site(base: str) -> tuple[Site, str]:
    address = urlsplit(base)
    assert address.hostname is not None
    assert address.port is not None
    return Site(address.hostname, address.port), f"{address.path}/OutboundUtilityWS.asmx"


@pytest.mark.parametrize(("headers", "told"), [((("Connection", "close"),), "close"), ((), None)])
def test_an_answer_says_whether_the_connection_is_closed_after_it(
    proxy: str, headers: Headers, told: str | None
) -> None:
    site, path = _site(proxy)
    with site.connection() as connection:
        connection.send(site.request("GET", f"{path}?wsdl", headers))
        reply = connection.reply(to="GET")
        assert (reply.status, reply.header("Connection")) == (200, told)
        if told is None:
            connection.send(site.request("GET", f"{path}?wsdl", headers))
            assert connection.reply(to="GET").body == reply.body
        else:
            assert connection.rest() == b""


def test_only_answers_that_are_carried_out_are_enlarged(proxy: str) -> None:
    site, path = _site(proxy)
    headers = (("Content-Type", TEXT_XML), ("SOAPAction", action("OutboundLogin")))
    refused = site.ask("POST", path, headers, envelope(login("nobody")).encode())
    assert (refused.status, EXTRA.encode() in refused.body) == (500, False)
    wrong = site.ask("POST", path, headers, envelope(operation("GetCampaigns")).encode())
    assert wrong.status == 500


def test_what_cannot_be_handed_on_is_told_even_where_the_scene_fails_of_it() -> None:
    with (
        socket.socket() as bound,
        Http() as http,
    ):
        bound.bind(("127.0.0.1", 0))  # nobody listens here, and nobody else can
        with pytest.raises(SetUpBroken, match=r"kit's proxy could not hand a request on to the mock: .*no connection"):
            _fail_in_a_scene(f"http://127.0.0.1:{bound.getsockname()[1]}/x", http)


def _fail_in_a_scene(mock: str, http: Http) -> None:
    with enlarging_proxy(mock, http) as base:
        site, path = _site(base)
        with site.connection() as connection:
            connection.send(site.request("GET", path))
            assert connection.rest() == b""
        raise SetUpBroken("the client cannot be prepared")
