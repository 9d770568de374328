"""The pages and documents the .asmx addresses answer outside SOAP: help, discovery, WSDL address and errors."""

from __future__ import annotations

import re
from html import unescape

import pytest
from lxml import etree
from lxml import html as lxml_html

from fake_ccmm.asmx.discovery import disco, wsdl
from fake_ccmm.asmx.error_pages import http_sys_page, iis_page, not_found, server_error, text_error
from fake_ccmm.asmx.pages import OperationSample, SampleElement, help_page, operation_not_found_page, operation_page

T = "http://nortel.com/CCMMOutboundWebservices/"
D = "http://datatypes.outboundwebservices.ccmm.applications.nortel.com"
APPLICATION = "/ccmmoutboundwebservices"
PATH = "/ccmmoutboundwebservices/OutboundUtilityWS.asmx"
URL = "http://ccmm.example:8080/CCMMoutboundwebservices/OutboundUtilityWS.asmx"
HOSTILE = '"><script>alert(1)</script>&'
ENVELOPES = ("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope")

LOGIN = OperationSample(
    "OutboundLogin",
    None,
    T + "OutboundLogin",
    SampleElement(
        "OutboundLogin",
        "",
        T,
        (SampleElement("username", "string", T), SampleElement("password", "string", T)),
    ),
    SampleElement("OutboundLoginResponse", "", T, (SampleElement("OutboundLoginResult", "string", T),)),
)
LOGOFF = OperationSample(
    "OutboundLogoff",
    None,
    T + "OutboundLogoff",
    SampleElement("OutboundLogoff", "", T, (SampleElement("username", "string", T),)),
    SampleElement("OutboundLogoffResponse", "", T),
)
APPEND = OperationSample(
    "AppendContactsToCampaign",
    "Can only be called every 1 seconds",
    T + "AppendContactsToCampaign",
    SampleElement(
        "AppendContactsToCampaign",
        "",
        T,
        (
            SampleElement("CampaignID", "int", T),
            SampleElement(
                "contact",
                "",
                T,
                (
                    SampleElement("ContactID", "long", D),
                    SampleElement(
                        "CustomFieldList",
                        "",
                        D,
                        (SampleElement("OWCustomField", "", D, (SampleElement("Name", "string", D),), repeated=True),),
                    ),
                ),
            ),
        ),
    ),
    SampleElement(
        "AppendContactsToCampaignResponse", "", T, (SampleElement("AppendContactsToCampaignResult", "int", T),)
    ),
)


def login_page(operation: OperationSample = LOGIN, path: str = PATH, host: str = "ccmm.example") -> str:
    return operation_page("OutboundUtilityWS", path, host, operation).decode()


def samples(page: str) -> list[tuple[str, str]]:
    """The four samples of an operation page, as head and XML text, with the HTML taken off."""
    texts = [unescape(re.sub(r"</?font[^>]*>", "", pre)) for pre in re.findall(r"<pre>(.*?)</pre>", page, re.DOTALL)]
    return [(head, xml) for head, _, xml in (text.partition("\r\n\r\n") for text in texts)]


def messages(page: str) -> list[etree._Element]:
    return [etree.fromstring(xml.encode()) for _, xml in samples(page)]


def test_the_help_page_names_the_service_and_links_its_descriptions() -> None:
    page = help_page("OutboundUtilityWS", PATH, {"OutboundLogin": None}).decode()
    assert page.startswith("<html>")
    assert "<title>OutboundUtilityWS Web Service</title>" in page
    assert f'<link rel="alternate" type="text/xml" href="{PATH}?disco" />' in page
    assert '<p class="heading1">OutboundUtilityWS</p>' in page
    assert (
        "The following operations are supported.  For a formal definition, please review the "
        '<a href="OutboundUtilityWS.asmx?WSDL">Service Description</a>. '
    ) in page


def test_the_help_page_lists_operations_in_alphabetical_order() -> None:
    page = help_page("X", "/x/X.asmx", {"GetCampaigns": None, "AppendContact": None, "Get200Contacts": None}).decode()
    assert re.findall(r'<li><a href="X\.asmx\?op=(\w+)">\1</a>', page) == [
        "AppendContact",
        "Get200Contacts",
        "GetCampaigns",
    ]


def test_the_help_page_shows_a_description_only_where_there_is_one() -> None:
    page = help_page("X", "/x/X.asmx", {"A": None, "B": "Can only be called every 1 seconds & <more>"}).decode()
    first, second = page.split("<li>")[1:]
    assert "<br>" not in first
    assert "<br>Can only be called every 1 seconds &amp; &lt;more&gt;" in second


def test_the_help_page_keeps_the_letter_case_and_escapes_of_the_typed_path() -> None:
    page = help_page("X", "/CCMM/%4futboundUtilityws.ASMX", {"A": None}).decode()
    assert 'href="/CCMM/%4futboundUtilityws.ASMX?disco"' in page
    assert 'href="%4futboundUtilityws.ASMX?op=A"' in page


def test_the_links_of_the_help_page_are_relative_whatever_the_path_ends_in() -> None:
    page = help_page("X", "/x/javascript:alert(1)", {"A": None}).decode()
    assert 'href="javascript:' not in page


def test_help_pages_are_utf8_with_windows_line_ends() -> None:
    page = help_page("X", "/é/X.asmx", {"A": None})
    assert page.count(b"\n") == page.count(b"\r\n")
    assert "/é/X.asmx?disco".encode() in page


@pytest.mark.parametrize("path", [HOSTILE, "/" + HOSTILE, HOSTILE + "/X.asmx", "/\udcff.asmx"])
def test_nothing_a_request_brings_can_add_markup_to_a_help_page(path: str) -> None:
    pages = [
        help_page("X", path, {"A": None}),
        operation_page("X", path, HOSTILE, LOGIN),
        operation_not_found_page("X", path, HOSTILE),
    ]
    for page in pages:
        assert b"<script" not in page
        assert not lxml_html.fromstring(page).xpath("//script")


def test_an_operation_page_leads_back_to_the_list_and_names_the_operation() -> None:
    page = login_page()
    assert 'Click <a href="OutboundUtilityWS.asmx">here</a> for a complete list of operations.' in page
    assert "<h2>OutboundLogin</h2>" in page
    assert "<title>OutboundUtilityWS Web Service</title>" in page
    assert re.findall("<h3>(.*?)</h3>", page) == ["Test", "SOAP 1.1", "SOAP 1.2"]


def test_an_operation_page_shows_the_description_if_there_is_one() -> None:
    assert '<p class="intro">Can only be called every 1 seconds</p>' in login_page(APPEND)
    assert login_page(APPEND).count('class="intro"') == login_page(LOGIN).count('class="intro"') + 1


def test_the_test_form_is_for_local_requests_when_all_parameters_are_primitive() -> None:
    sentence = "The test form is only available for requests from the local machine."
    assert sentence in login_page(LOGIN)
    assert sentence not in login_page(APPEND)


def test_there_is_no_test_form_when_a_parameter_is_not_primitive() -> None:
    sentence = "The test form is only available for methods with primitive types as parameters."
    assert sentence in login_page(APPEND)
    assert sentence not in login_page(LOGIN)


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_each_soap_version_has_its_introduction(version: str) -> None:
    assert (
        f"The following is a sample SOAP {version} request and response.  "
        "The <font class=value>placeholders</font> shown need to be replaced with actual values."
    ) in login_page()


def test_the_samples_show_the_http_heads_of_both_versions() -> None:
    heads = [head.split("\r\n") for head, _ in samples(login_page())]
    text_xml = ["Content-Type: text/xml; charset=utf-8", "Content-Length: length"]
    soap_xml = ["Content-Type: application/soap+xml; charset=utf-8", "Content-Length: length"]
    post = [f"POST {PATH} HTTP/1.1", "Host: ccmm.example"]
    assert heads == [
        [*post, *text_xml, f'SOAPAction: "{T}OutboundLogin"'],
        ["HTTP/1.1 200 OK", *text_xml],
        [*post, *soap_xml],
        ["HTTP/1.1 200 OK", *soap_xml],
    ]


def test_the_envelopes_declare_xsi_xsd_and_soap_in_this_order() -> None:
    starts = [re.findall(r"<(\w+:Envelope) (.*?)>", xml)[0] for _, xml in samples(login_page())]
    assert [name for name, _ in starts] == ["soap:Envelope"] * 2 + ["soap12:Envelope"] * 2
    for name, declarations in starts:
        assert re.findall(r"xmlns:(\w+)=", declarations) == ["xsi", "xsd", name.partition(":")[0]]


def test_the_samples_are_xml_with_the_operations_elements() -> None:
    roots = messages(login_page())
    assert [etree.QName(root).namespace for root in roots] == [ENVELOPES[0]] * 2 + [ENVELOPES[1]] * 2
    for request in roots[::2]:
        operation = request[0][0]
        assert operation.tag == f"{{{T}}}OutboundLogin"
        assert [(child.tag, child.text) for child in operation] == [
            (f"{{{T}}}username", "string"),
            (f"{{{T}}}password", "string"),
        ]
    for response in roots[1::2]:
        assert [child.tag for child in response[0][0]] == [f"{{{T}}}OutboundLoginResult"]


def test_values_are_marked_as_placeholders() -> None:
    page = login_page()
    assert page.count("Content-Length: <font class=value>length</font>") == 4
    assert page.count("&lt;username&gt;<font class=value>string</font>&lt;/username&gt;") == 2


def test_a_message_without_parameters_is_an_empty_element() -> None:
    page = login_page(LOGOFF)
    assert page.count(f'&lt;OutboundLogoffResponse xmlns="{T}" /&gt;') == 2
    assert len(messages(page)[1][0][0]) == 0


def test_list_items_are_shown_twice_and_members_are_in_the_datatypes_namespace() -> None:
    request = messages(login_page(APPEND))[0]
    items = request.findall(f".//{{{T}}}contact/{{{D}}}CustomFieldList/{{{D}}}OWCustomField")
    assert [item.findtext(f"{{{D}}}Name") for item in items] == ["string", "string"]


def test_a_namespace_is_declared_only_where_it_changes() -> None:
    xml = samples(login_page(APPEND))[0][1]
    assert re.findall(r'<(\w+) xmlns="', xml) == ["AppendContactsToCampaign", "ContactID", "CustomFieldList"]


def test_samples_stay_xml_when_names_hold_special_characters() -> None:
    odd = SampleElement("odd", "", "urn:a?b&c", (SampleElement("value", "", "urn:a?b&c"),))
    page = login_page(OperationSample("Odd", None, "urn:<&>", odd, odd), path="/a&b<c>.asmx", host="<h&>")
    assert all(root[0][0].tag == "{urn:a?b&c}odd" for root in messages(page))
    assert samples(page)[0][0].startswith("POST /a&b<c>.asmx HTTP/1.1\r\nHost: <h&>\r\n")


def test_an_unknown_operation_is_not_found_in_the_service() -> None:
    page = operation_not_found_page("OutboundUtilityWS", PATH, "NoSuch").decode()
    assert "Method Not Found" in page
    assert "Method 'NoSuch' was not found in service OutboundUtilityWS." in page


def test_discovery_points_to_the_description_and_to_both_ports() -> None:
    root = etree.fromstring(disco(URL, "OutboundUtilityWS"))
    assert root.tag == "{http://schemas.xmlsoap.org/disco/}discovery"
    contract, *ports = root
    assert contract.tag == "{http://schemas.xmlsoap.org/disco/scl/}contractRef"
    assert dict(contract.items()) == {"ref": URL + "?wsdl", "docRef": URL}
    assert [port.tag for port in ports] == ["{http://schemas.xmlsoap.org/disco/soap/}soap"] * 2
    assert [dict(port.items()) for port in ports] == [
        {"address": URL, "binding": "q1:OutboundUtilityWSSoap"},
        {"address": URL, "binding": "q2:OutboundUtilityWSSoap12"},
    ]
    assert [port.nsmap[prefix] for port, prefix in zip(ports, ("q1", "q2"), strict=True)] == [T, T]


def test_discovery_is_indented_with_windows_line_ends() -> None:
    lines = disco(URL, "OutboundUtilityWS").split(b"\r\n")
    assert lines[0] == b'<?xml version="1.0" encoding="utf-8"?>'
    assert lines[2].startswith(b"  <contractRef ref=")
    assert (
        lines[3]
        == (
            f'  <soap address="{URL}" xmlns:q1="{T}" binding="q1:OutboundUtilityWSSoap"'
            ' xmlns="http://schemas.xmlsoap.org/disco/soap/" />'
        ).encode()
    )
    assert lines[-1] == b"</discovery>"
    assert b"\n" not in b"".join(lines)


@pytest.mark.parametrize("tail", [HOSTILE, "a&b'c", "é", "\t\r\n"])
def test_discovery_carries_any_url_unchanged(tail: str) -> None:
    root = etree.fromstring(disco(URL + tail, "X"))
    assert root[0].get("docRef") == URL + tail
    assert root[1].get("address") == URL + tail


@pytest.mark.parametrize("tail", ["\x00", "\x1d", "\udcff", "\ufffe"])
def test_characters_xml_cannot_hold_are_replaced(tail: str) -> None:
    assert etree.fromstring(disco(URL + tail, "X"))[0].get("docRef") == URL + "\ufffd"


WSDL = (
    b'<wsdl:definitions xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="urn:soap" xmlns:soap12="urn:soap12">'
    b'\r\n  <soap:address location="http://localhost/ccmmoutboundwebservices/OutboundUtilityWS.asmx" />'
    b'\r\n  <soap12:address location="http://localhost/ccmmoutboundwebservices/OutboundUtilityWS.asmx" />'
    b'\r\n  <soap:operation soapAction="http://nortel.com/CCMMOutboundWebservices/OutboundLogin" />'
    b"\r\n</wsdl:definitions>"
)


def test_the_wsdl_gets_the_callers_address_in_both_ports_and_no_other_change() -> None:
    known = b"http://localhost/ccmmoutboundwebservices/OutboundUtilityWS.asmx"
    assert wsdl(WSDL, URL) == WSDL.replace(known, URL.encode())


@pytest.mark.parametrize("tail", [HOSTILE, r"\1\g<0>", "&amp;"])
def test_the_wsdl_carries_any_address_unchanged(tail: str) -> None:
    root = etree.fromstring(wsdl(WSDL, URL + tail))
    assert root.xpath("//@location") == [URL + tail] * 2


def test_a_wsdl_without_known_addresses_stays_as_it_is() -> None:
    document = b'<soap:address location="http://elsewhere/X.asmx" />'
    assert wsdl(document, URL) == document


def test_a_server_error_shows_application_and_sentence() -> None:
    sentence = "Request format is unrecognized for URL unexpectedly ending in '/OutboundLogin'."
    page = server_error(APPLICATION, sentence).decode()
    assert f"<title>{sentence}</title>" in page
    assert "<H1>Server Error in '/ccmmoutboundwebservices' Application." in page
    assert f"<h2> <i>{sentence}</i> </h2>" in page


def test_an_aspnet_404_shows_the_requested_url() -> None:
    page = not_found(APPLICATION, "/ccmmoutboundwebservices/NoSuch.asmx").decode()
    assert "<title>The resource cannot be found.</title>" in page
    assert "<H1>Server Error in '/ccmmoutboundwebservices' Application." in page
    assert "<i>The resource cannot be found.</i>" in page
    assert "<b> Requested URL: </b>/ccmmoutboundwebservices/NoSuch.asmx<br>" in page


def test_an_iis_page_shows_status_title_and_explanation() -> None:
    page = iis_page(404, "File or directory not found.", "It might have been removed.").decode()
    assert page.startswith("<!DOCTYPE html PUBLIC ")
    assert "<title>404 - File or directory not found.</title>" in page
    assert "<h1>Server Error</h1>" in page
    assert re.search(
        r"<fieldset>\s*<h2>404 - File or directory not found\.</h2>\s*<h3>It might have been removed\.</h3>", page
    )


@pytest.mark.parametrize(
    ("title", "heading", "detail"),
    [
        (b"Bad Request", b"Bad Request - Invalid Hostname", b"HTTP Error 400. The request hostname is invalid."),
        (
            b"Length Required",
            b"Length Required",
            b"HTTP Error 411. The request must be chunked or have a content length.",
        ),
    ],
)
def test_http_sys_pages_are_right_to_the_byte(title: bytes, heading: bytes, detail: bytes) -> None:
    assert http_sys_page(heading.decode(), detail.decode()) == (
        b'<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN""http://www.w3.org/TR/html4/strict.dtd">\r\n'
        b"<HTML><HEAD><TITLE>" + title + b"</TITLE>\r\n"
        b'<META HTTP-EQUIV="Content-Type" Content="text/html; charset=us-ascii"></HEAD>\r\n'
        b"<BODY><h2>" + heading + b"</h2>\r\n"
        b"<hr><p>" + detail + b"</p>\r\n"
        b"</BODY></HTML>\r\n"
    )


@pytest.mark.parametrize(
    "page",
    [
        server_error(HOSTILE, HOSTILE),
        not_found(HOSTILE, HOSTILE),
        iis_page(403, HOSTILE, HOSTILE),
        http_sys_page(HOSTILE, HOSTILE),
    ],
)
def test_error_pages_escape_what_they_are_given_and_have_windows_line_ends(page: bytes) -> None:
    assert b"<script" not in page
    assert page.count(b"\n") == page.count(b"\r\n")


def test_pages_in_narrow_charsets_hold_other_characters_as_entities() -> None:
    assert "é&#8364;".encode("iso-8859-1") in iis_page(404, "é€", "")
    assert b"&#233;&#8364;" in http_sys_page("é€", "")


@pytest.mark.parametrize("sentence", ["XML Web service description was not found.", "Schema not found."])
def test_a_text_error_is_its_sentence_and_a_line_end(sentence: str) -> None:
    assert text_error(sentence) == sentence.encode() + b"\r\n"
