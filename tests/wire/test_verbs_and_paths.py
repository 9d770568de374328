"""Which verbs and paths are served, and what the others get."""

from __future__ import annotations

import pytest

from tests.messages import (
    APPLICATION,
    CAMPAIGN,
    TEXT_XML,
    UTILITY,
    T,
    action,
    assert_success,
    envelope,
    heard,
    login,
    operation,
    post,
)
from tests.raw_http import Reply, Site

HTML = "text/html"
FORM = "application/x-www-form-urlencoded"
FORM_BODY = b"username=a&password=b"
LOGIN = envelope(login("nobody"))
UNEXPECTED = "Request format is unrecognized for URL unexpectedly ending in '{}'."


def assert_page(reply: Reply, status: int, reason: str) -> str:
    """The reply is an HTML page and nothing of SOAP."""
    assert (reply.status, reply.reason) == (status, reason), reply.body
    assert (reply.header("Content-Type") or "").partition(";")[0] == HTML
    assert reply.header("Content-Length") == str(len(reply.body))
    assert b"Envelope" not in reply.body
    assert b"<html" in reply.body.lower()
    return reply.body.decode()


@pytest.mark.parametrize("query", ["", "?wsdl", "?disco", "?op=OutboundLogin"])
def test_head_is_not_allowed_and_has_no_body(site: Site, query: str) -> None:
    with site.connection() as connection:
        connection.send(site.request("HEAD", UTILITY + query))
        reply = connection.reply(to="HEAD")
        assert (reply.status, reply.reason) == (405, "Method Not Allowed")
        assert (reply.header("Content-Type") or "").startswith(HTML)
        connection.send(site.request("GET", f"{UTILITY}?wsdl"))
        assert connection.reply().status == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "PROPFIND", "TRACE", "LOCK"])
@pytest.mark.parametrize("query", ["", "?wsdl"])
def test_other_verbs_are_not_allowed(site: Site, method: str, query: str) -> None:
    page = assert_page(
        site.ask(method, UTILITY + query, [("Content-Type", TEXT_XML)], LOGIN.encode()), 405, "Method Not Allowed"
    )
    assert "Request format is unrecognized." in page


def test_options_says_what_is_allowed(site: Site) -> None:
    reply = site.ask("OPTIONS", UTILITY)
    assert (reply.status, reply.reason, reply.body) == (200, "OK", b"")
    assert reply.header("Allow") == "OPTIONS, TRACE, GET, HEAD, POST"
    assert reply.header("Public") == "OPTIONS, TRACE, GET, HEAD, POST"
    assert reply.header("Content-Length") == "0"


@pytest.mark.parametrize("query", ["?wsdl", "?WSDL", "?disco", "?op=OutboundLogin", "?", "?a=b&c"])
def test_a_post_is_a_call_whatever_its_query(site: Site, query: str) -> None:
    assert heard(post(site, LOGIN, path=UTILITY + query)) == "nobody"


@pytest.mark.parametrize(
    "path",
    [
        f"{UTILITY}/OutboundLogin?username=a&password=b",
        f"{UTILITY}/OutboundLogin",
        f"{UTILITY}/NoSuch",
        f"{UTILITY}/",
        f"{UTILITY}/a/b",
        f"{UTILITY}/OutboundLogin/",
        f"{UTILITY}/?wsdl",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_a_path_that_goes_on_after_the_service_is_an_unrecognised_format(site: Site, method: str, path: str) -> None:
    headers = [("Content-Type", FORM)] if method == "POST" else []
    reply = site.ask(method, path, headers, FORM_BODY if method == "POST" else None)
    assert (reply.status, reply.reason) == (500, "Internal Server Error")
    assert (reply.header("Content-Type") or "").partition(";")[0] == HTML
    assert reply.header("Cache-Control") == "private"
    if method != "HEAD":
        ending = path[len(UTILITY) :].partition("?")[0]
        page = assert_page(reply, 500, "Internal Server Error")
        assert UNEXPECTED.format(ending) in page
        assert "Server Error in '/ccmmoutboundwebservices' Application." in page


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        pytest.param(FORM, FORM_BODY, id="a form"),
        pytest.param(FORM, b"", id="an empty form"),
        pytest.param(TEXT_XML, LOGIN.encode(), id="an envelope"),
        pytest.param("multipart/form-data; boundary=x", b"--x--", id="a multipart form"),
    ],
)
def test_a_post_to_an_operations_own_path_is_for_local_clients_alone(
    site: Site, content_type: str, body: bytes
) -> None:
    headers = [("Content-Type", content_type), ("SOAPAction", action("OutboundLogin"))]
    page = assert_page(site.ask("POST", f"{UTILITY}/OutboundLogin", headers, body), 500, "Internal Server Error")
    assert UNEXPECTED.format("/OutboundLogin") in page


def test_json_at_an_operations_own_path_is_not_for_scripts(site: Site) -> None:
    headers = [("Content-Type", "application/json; charset=utf-8")]
    page = assert_page(site.ask("POST", f"{UTILITY}/OutboundLogin", headers, b"{}"), 500, "Internal Server Error")
    assert "[ScriptService]" in page


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/CCMMOutboundWebServices/OutboundUtilityWS.asmx", id="application in other letter case"),
        pytest.param("/ccmmoutboundwebservices/outboundutilityws.asmx", id="lower case"),
        pytest.param("/CCMMOUTBOUNDWEBSERVICES/OUTBOUNDUTILITYWS.ASMX", id="upper case"),
        pytest.param(f"{APPLICATION}//OutboundUtilityWS.asmx", id="two slashes"),
        pytest.param(f"/{APPLICATION}/OutboundUtilityWS.asmx", id="two slashes at the start"),
        pytest.param(f"{APPLICATION}/%4futboundUtilityWS.asmx", id="percent-encoded letter"),
        pytest.param(f"{APPLICATION}/OutboundUtilityWS%2Easmx", id="percent-encoded dot"),
        pytest.param(f"{APPLICATION}/x/../OutboundUtilityWS.asmx", id="a way back"),
        pytest.param(f"{APPLICATION}/./OutboundUtilityWS.asmx", id="a dot"),
        pytest.param(f"{APPLICATION}/%2e%2e{APPLICATION}/OutboundUtilityWS.asmx", id="a percent-encoded way back"),
        pytest.param(f"/../..{APPLICATION}/OutboundUtilityWS.asmx", id="a way above the root"),
        pytest.param(f"{APPLICATION}\\OutboundUtilityWS.asmx", id="a backslash"),
    ],
)
def test_a_service_is_found(site: Site, path: str) -> None:
    assert heard(post(site, LOGIN, path=path)) == "nobody"
    assert site.ask("GET", path).status == 200


@pytest.mark.parametrize(
    "path",
    [
        f"{APPLICATION}/NoSuch.asmx",
        f"{APPLICATION}/nosuch.ASMX?wsdl",
        f"{APPLICATION}/x/OutboundUtilityWS.asmx",
        f"{APPLICATION}/OutboundUtility.asmx",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_service_that_is_not_there_is_a_page_not_a_fault(site: Site, method: str, path: str) -> None:
    reply = post(site, LOGIN, path=path) if method == "POST" else site.ask("GET", path)
    page = assert_page(reply, 404, "Not Found")
    assert "Server Error in '/ccmmoutboundwebservices' Application." in page
    assert "The resource cannot be found." in page
    assert "Requested URL: " in page
    assert path.partition("?")[0] in page


@pytest.mark.parametrize("path", [f"{APPLICATION}/", f"{APPLICATION.upper()}/"])
def test_the_applications_directory_is_not_listed(site: Site, path: str) -> None:
    assert_page(site.ask("GET", path), 403, "Forbidden")


def test_the_application_without_its_slash_leads_to_it_with_one(site: Site) -> None:
    reply = site.ask("GET", APPLICATION)
    assert (reply.status, reply.reason) == (301, "Moved Permanently")
    assert (reply.header("Location") or "").removeprefix(f"http://{site.authority}") == f"{APPLICATION}/"


@pytest.mark.parametrize(
    "path",
    [
        f"{APPLICATION}/Web.config",
        f"{APPLICATION}/web.config",
        f"{APPLICATION}/bin/",
        f"{APPLICATION}/bin/OutboundUtilityWS.dll",
        f"{APPLICATION}/NoSuch.html",
        f"{APPLICATION}/OutboundUtilityWS.asmxx",
        f"{APPLICATION}/OutboundUtilityWS",
        f"{APPLICATION}x/OutboundUtilityWS.asmx",
        "/OutboundUtilityWS.asmx",
        "/nosuch",
    ],
)
def test_anything_else_is_not_found(site: Site, path: str) -> None:
    assert_page(site.ask("GET", path), 404, "Not Found")


def test_a_call_may_go_to_a_path_in_any_letter_case(site: Site) -> None:
    body = envelope(operation("OutboundLogoff", "<username>nobody</username>"))
    reply = post(site, body, path=UTILITY.lower(), soap_action=action("OutboundLogoff"))
    assert_success(reply, f'<OutboundLogoffResponse xmlns="{T}" />')


def test_the_campaign_service_is_not_the_utility_service(site: Site) -> None:
    assert b"SOAPAction" in post(site, LOGIN, path=CAMPAIGN).body
