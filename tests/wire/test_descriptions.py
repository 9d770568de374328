"""What a GET of a service shows: WSDL, discovery document and help pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from tests.messages import CAMPAIGN, CONTACT, UTILITY, T
from tests.raw_http import Reply, Site

from .conftest import Running

HELP = "text/html; charset=utf-8"
XML = "text/xml; charset=utf-8"
SERVICES = {"OutboundUtilityWS": UTILITY, "OutboundCampaignWS": CAMPAIGN, "OutboundContactWS": CONTACT}
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
DOCUMENTS = Path(__file__).parents[2] / "wsdl"


def get(site: Site, path: str, *, host: str = "") -> Reply:
    return site.exchange(site.request("GET", path, host=host))


def address_of(reply: Reply) -> list[str]:
    return [str(one.get("location")) for one in etree.fromstring(reply.body).iter() if one.get("location")]


@pytest.mark.parametrize("service", SERVICES)
def test_the_wsdl_is_served_as_text_xml(site: Site, service: str) -> None:
    reply = get(site, f"{SERVICES[service]}?wsdl")
    assert (reply.status, reply.reason) == (200, "OK")
    assert reply.header("Content-Type") == XML
    assert reply.header("Cache-Control") == "private, max-age=0"
    assert reply.header("Content-Length") == str(len(reply.body))
    assert reply.body.startswith(b'<?xml version="1.0" encoding="utf-8"?>\r\n<wsdl:definitions ')
    assert reply.body.endswith(b"</wsdl:definitions>")
    assert reply.body.count(b"\n") == reply.body.count(b"\r\n") > 40
    assert b"\r\n  <wsdl:types>\r\n" in reply.body


@pytest.mark.parametrize("service", SERVICES)
def test_the_wsdl_declares_what_net_declares_in_an_order_of_its_own(site: Site, service: str) -> None:
    start = re.search(r"<wsdl:definitions (.*?)>", get(site, f"{SERVICES[service]}?wsdl").body.decode())
    assert start is not None
    names = re.findall(r'(\S+)="', start[1])
    assert names in (
        [
            *(f"xmlns:{one}" for one in ["soapenc", "mime", "tns", "s", "s1", "soap", "tm", "http", "soap12"]),
            "targetNamespace",
            "xmlns:wsdl",
        ],
        [
            *(f"xmlns:{one}" for one in ["tm", "soapenc", "mime", "tns", "soap", "s1", "s", "soap12", "http"]),
            "targetNamespace",
            "xmlns:wsdl",
        ],
        [
            *(f"xmlns:{one}" for one in ["soapenc", "mime", "tns", "s", "soap", "tm", "http", "soap12"]),
            "targetNamespace",
            "xmlns:wsdl",
        ],
        [
            *(f"xmlns:{one}" for one in ["tm", "soapenc", "mime", "tns", "soap", "s", "soap12", "http"]),
            "targetNamespace",
            "xmlns:wsdl",
        ],
    )


@pytest.mark.parametrize("revision", ["sdk-7.0", "priority"])
def test_the_wsdl_is_the_one_that_travels_with_the_package(start: Callable[..., Running], revision: str) -> None:
    running = start(revision=revision)
    for service, path in SERVICES.items():
        stored = (DOCUMENTS / revision / f"{service}.wsdl").read_bytes()
        served = get(running.site, f"{path}?wsdl").body
        url = f"http://{running.site.authority}{path}".encode()
        assert served == stored.replace(f"http://localhost{path}".encode(), url)
        assert served.count(url) == 2


@pytest.mark.parametrize("revision", ["sdk-7.0", "priority"])
def test_only_the_later_revision_has_a_priority(start: Callable[..., Running], revision: str) -> None:
    body = get(start(revision=revision).site, f"{CAMPAIGN}?wsdl").body
    assert (b'name="priority" type="s:int"' in body) == (revision == "priority")


@pytest.mark.parametrize("service", SERVICES)
def test_the_wsdl_has_both_ports_at_the_address_it_was_asked_at(site: Site, service: str) -> None:
    root = etree.fromstring(get(site, f"{SERVICES[service]}?wsdl").body)
    ports = root.findall(f"{WSDL}service/{WSDL}port")
    assert [port.get("name") for port in ports] == [f"{service}Soap", f"{service}Soap12"]
    assert [port[0].get("location") for port in ports] == [f"http://{site.authority}{SERVICES[service]}"] * 2


@pytest.mark.parametrize("host", ["ccmm.example", "CCMM.Example:8080", "10.1.2.3", "[::1]:81"])
def test_the_address_is_that_of_the_host_header(site: Site, host: str) -> None:
    assert address_of(get(site, f"{UTILITY}?wsdl", host=host)) == [f"http://{host}{UTILITY}"] * 2


@pytest.mark.parametrize(
    "path",
    [
        "/CCMMOutboundWebServices/OutboundUtilityWS.asmx",
        "/ccmmoutboundwebservices/outboundutilityws.ASMX",
        "/CCMMOUTBOUNDWEBSERVICES/OUTBOUNDUTILITYWS.ASMX",
    ],
)
def test_the_address_has_the_letter_case_it_was_typed_in(site: Site, path: str) -> None:
    reply = get(site, f"{path}?wsdl")
    assert address_of(reply) == [f"http://{site.authority}{path}"] * 2
    assert b'<wsdl:service name="OutboundUtilityWS">' in reply.body


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("wsdl", id="lower case"),
        pytest.param("WSDL", id="upper case"),
        pytest.param("Wsdl", id="mixed case"),
        pytest.param("wsdl&x=1", id="with a parameter after it"),
        pytest.param("x=1&wsdl", id="with a parameter before it"),
        pytest.param("x=1&WSDL&y=2", id="between parameters"),
        pytest.param("%77sdl", id="percent-encoded"),
    ],
)
def test_a_query_asks_for_the_wsdl(site: Site, query: str) -> None:
    reply = get(site, f"{UTILITY}?{query}")
    assert reply.header("Content-Type") == XML
    assert reply.body == get(site, f"{UTILITY}?wsdl").body


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        pytest.param("wsdl=1", "XML Web service description was not found.", id="a numbered wsdl"),
        pytest.param("wsdl=", "XML Web service description was not found.", id="an empty wsdl"),
        pytest.param("WSDL=wsdl1", "XML Web service description was not found.", id="a named wsdl"),
        pytest.param("wsdl&wsdl=1", "XML Web service description was not found.", id="a wsdl and a numbered one"),
        pytest.param("schema=schema1", "Schema not found.", id="a schema"),
        pytest.param("schema=", "Schema not found.", id="an empty schema"),
        pytest.param("SCHEMA=x", "Schema not found.", id="a schema in capitals"),
        pytest.param("wsdl=1&schema=1", "Schema not found.", id="a schema and a wsdl"),
    ],
)
def test_a_description_that_is_not_there_is_plain_text(site: Site, query: str, sentence: str) -> None:
    reply = get(site, f"{UTILITY}?{query}")
    assert (reply.status, reply.reason) == (500, "Internal Server Error")
    assert reply.header("Content-Type") == "text/plain; charset=utf-8"
    assert reply.header("Cache-Control") == "private"
    assert reply.body == f"{sentence}\r\n".encode()


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("", id="none"),
        pytest.param("?", id="an empty one"),
        pytest.param("?foo=bar", id="an unknown parameter"),
        pytest.param("?foo", id="an unknown word"),
        pytest.param("?singleWsdl", id="the single WSDL of other stacks"),
        pytest.param("?wsdl&foo", id="wsdl and another word"),
        pytest.param("?foo&wsdl", id="another word and wsdl"),
        pytest.param("?wsdl&disco", id="wsdl and disco"),
        pytest.param("?wsdl&", id="wsdl and a last ampersand"),
        pytest.param("?wsdl.xml", id="a file name"),
        pytest.param("?=wsdl", id="wsdl as the value of no name"),
    ],
)
def test_any_other_query_shows_the_help_page(site: Site, query: str) -> None:
    reply = get(site, f"{UTILITY}{query}")
    assert (reply.status, reply.reason) == (200, "OK")
    assert reply.header("Content-Type") == HELP
    assert b"<title>OutboundUtilityWS Web Service</title>" in reply.body


@pytest.mark.parametrize("service", SERVICES)
def test_the_help_page_lists_the_operations_in_alphabetical_order(site: Site, service: str) -> None:
    page = get(site, SERVICES[service]).body.decode()
    wsdl = etree.fromstring(get(site, f"{SERVICES[service]}?wsdl").body)
    declared = {str(one.get("name")) for one in wsdl.iter(f"{WSDL}operation")}
    assert re.findall(rf'<a href="{service}\.asmx\?op=(\w+)">\1</a>', page) == sorted(declared)
    assert f'<link rel="alternate" type="text/xml" href="{SERVICES[service]}?disco" />' in page
    assert f'<p class="heading1">{service}</p>' in page
    assert (
        "The following operations are supported.  For a formal definition, please review the "
        f'<a href="{service}.asmx?WSDL">Service Description</a>. '
    ) in page


@pytest.mark.parametrize(
    ("path", "names"),
    [(UTILITY, []), (CAMPAIGN, ["AppendContactsToCampaign"]), (CONTACT, ["CloseContact"])],
)
def test_the_help_page_shows_what_an_operation_says_of_itself(site: Site, path: str, names: list[str]) -> None:
    page = get(site, path).body.decode()
    assert (
        re.findall(r"\?op=(\w+)\">\w+</a>\s*<span>\s*<br>Can only be called every 1 seconds\s*</span>", page) == names
    )


@pytest.mark.parametrize(
    ("path", "name", "sentence"),
    [
        pytest.param(UTILITY, "OutboundLogin", "requests from the local machine", id="simple parameters"),
        pytest.param(CONTACT, "CloseContact", "requests from the local machine", id="many simple parameters"),
        pytest.param(
            CAMPAIGN, "AppendContactsToCampaign", "methods with primitive types as parameters", id="an object"
        ),
    ],
)
def test_the_page_of_an_operation_shows_samples_of_both_versions(
    site: Site, path: str, name: str, sentence: str
) -> None:
    reply = get(site, f"{path}?op={name}")
    page = reply.body.decode()
    assert (reply.status, reply.header("Content-Type")) == (200, HELP)
    assert f'Click <a href="{path.rpartition("/")[2]}">here</a> for a complete list of operations.' in page
    assert f"<h2>{name}</h2>" in page
    assert re.findall("<h3>(.*?)</h3>", page) == ["Test", "SOAP 1.1", "SOAP 1.2"]
    assert f"The test form is only available for {sentence}." in page
    assert page.count("<pre>") == 4
    assert f"POST {path} HTTP/1.1\r\nHost: {site.authority}\r\n" in page
    assert f'SOAPAction: "{T}{name}"' in page


def test_the_samples_of_an_operation_are_what_is_sent_and_answered(site: Site) -> None:
    page = get(site, f"{UTILITY}?op=OutboundLogin").body.decode()
    assert (
        "&lt;soap:Body&gt;\r\n"
        f'    &lt;OutboundLogin xmlns="{T}"&gt;\r\n'
        "      &lt;username&gt;<font class=value>string</font>&lt;/username&gt;\r\n"
        "      &lt;password&gt;<font class=value>string</font>&lt;/password&gt;\r\n"
        "    &lt;/OutboundLogin&gt;\r\n"
    ) in page


def test_an_operation_that_is_not_there_has_a_page_that_says_so(site: Site) -> None:
    reply = get(site, f"{UTILITY}?op=NoSuch")
    page = reply.body.decode()
    assert (reply.status, reply.header("Content-Type")) == (200, HELP)
    assert "Method Not Found" in page
    assert "Method 'NoSuch' was not found in service OutboundUtilityWS." in page


def test_a_name_asked_for_cannot_add_markup(site: Site) -> None:
    assert b"<script>" not in get(site, f"{UTILITY}?op=%3Cscript%3E").body


@pytest.mark.parametrize("query", ["disco", "DISCO", "Disco", "disco&x=1", "x=1&disco"])
def test_the_discovery_document_names_the_description_and_both_ports(site: Site, query: str) -> None:
    reply = get(site, f"{UTILITY}?{query}")
    url = f"http://{site.authority}{UTILITY}"
    assert (reply.status, reply.header("Content-Type")) == (200, XML)
    assert reply.header("Cache-Control") == "private, max-age=0"
    assert reply.body.startswith(b'<?xml version="1.0" encoding="utf-8"?>\r\n<discovery ')
    root = etree.fromstring(reply.body)
    assert root.tag == "{http://schemas.xmlsoap.org/disco/}discovery"
    assert [(one.tag, dict(one.attrib)) for one in root] == [
        ("{http://schemas.xmlsoap.org/disco/scl/}contractRef", {"ref": f"{url}?wsdl", "docRef": url}),
        ("{http://schemas.xmlsoap.org/disco/soap/}soap", {"address": url, "binding": "q1:OutboundUtilityWSSoap"}),
        ("{http://schemas.xmlsoap.org/disco/soap/}soap", {"address": url, "binding": "q2:OutboundUtilityWSSoap12"}),
    ]
    assert [root[index].nsmap[prefix] for index, prefix in ((1, "q1"), (2, "q2"))] == [T, T]


def test_the_discovery_document_has_the_address_it_was_asked_at(site: Site) -> None:
    path = UTILITY.replace("ccmmoutbound", "CcmmOutbound")
    root = etree.fromstring(get(site, f"{path}?disco", host="ccmm.example:8080").body)
    assert root[0].get("docRef") == f"http://ccmm.example:8080{path}"


@pytest.mark.parametrize("query", ["?wsdl", "?disco", "", "?op=OutboundLogin", "?wsdl=1"])
def test_descriptions_carry_the_headers_of_asp_net(site: Site, query: str) -> None:
    reply = get(site, f"{UTILITY}{query}")
    assert reply.names == [
        "Cache-Control",
        "Content-Type",
        "Server",
        "X-AspNet-Version",
        "X-Powered-By",
        "Date",
        "Content-Length",
    ]


def test_a_get_with_a_body_is_a_get(site: Site) -> None:
    reply = site.ask("GET", f"{UTILITY}?wsdl", [("Content-Type", XML)], b"<a/>")
    assert (reply.status, reply.header("Content-Type")) == (200, XML)
