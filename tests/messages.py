"""Requests as clients write them, and answers as ASP.NET ASMX writes them."""

from __future__ import annotations

import re
from html import unescape

from tests.raw_http import Headers, Reply, Site

T = "http://nortel.com/CCMMOutboundWebservices/"
D = "http://datatypes.outboundwebservices.ccmm.applications.nortel.com"
SOAP11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12 = "http://www.w3.org/2003/05/soap-envelope"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XSD = "http://www.w3.org/2001/XMLSchema"

APPLICATION = "/ccmmoutboundwebservices"
UTILITY = f"{APPLICATION}/OutboundUtilityWS.asmx"
CAMPAIGN = f"{APPLICATION}/OutboundCampaignWS.asmx"
CONTACT = f"{APPLICATION}/OutboundContactWS.asmx"

TEXT_XML = "text/xml; charset=utf-8"
SOAP_XML = "application/soap+xml; charset=utf-8"
DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'

READ = "Server was unable to read request. ---> "
PROCESS = "Server was unable to process request. ---> "
NO_FORMAT = "Input string was not in a correct format."
NO_ACTION = "Unable to handle request without a valid action parameter. Please supply a valid soap action."
NO_BODY = "Request format is invalid: Missing required soap:Body element."
NO_ENVELOPE = "Request format is invalid: Missing required soap:Envelope element."

UPGRADE = (
    f'<soap:Header><soap12:Upgrade xmlns:soap12="{SOAP12}">'
    f'<soap12:SupportedEnvelope qname="soap:Envelope" xmlns:soap="{SOAP11}" />'
    f'<soap12:SupportedEnvelope qname="soap12:Envelope" xmlns:soap12="{SOAP12}" />'
    "</soap12:Upgrade></soap:Header>"
)


# --- what is sent -----------------------------------------------------------------------------------------------------


def envelope(content: str, *, soap: str = SOAP11, header: str = "", declaration: str = DECLARATION) -> str:
    """An envelope with ``content`` in its Body, on one line."""
    return (
        f'{declaration}<soap:Envelope xmlns:soap="{soap}" xmlns:xsi="{XSI}" xmlns:xsd="{XSD}">'
        f"{header}<soap:Body>{content}</soap:Body></soap:Envelope>"
    )


def operation(name: str, arguments: str = "") -> str:
    """An operation's element in the services' namespace."""
    return f'<{name} xmlns="{T}">{arguments}</{name}>'


def login(username: str) -> str:
    """The operation whose refusal says back what name it was given."""
    return operation("OutboundLogin", f"<username>{username}</username><password>x</password>")


def action(name: str) -> str:
    """The SOAPAction of an operation, in its quotes."""
    return f'"{T}{name}"'


def post(
    site: Site,
    body: str | bytes,
    *,
    path: str = UTILITY,
    soap_action: str | None = action("OutboundLogin"),
    content_type: str | None = TEXT_XML,
    headers: Headers = (),
) -> Reply:
    """The answer to a POST; None leaves a header out."""
    sent = list(headers)
    if content_type is not None:
        sent.append(("Content-Type", content_type))
    if soap_action is not None:
        sent.append(("SOAPAction", soap_action))
    return site.ask("POST", path, sent, body.encode() if isinstance(body, str) else body)


def call(site: Site, path: str, name: str, arguments: str = "", *, soap: str = SOAP11) -> Reply:
    """The answer to an ordinary call of an operation in either SOAP version."""
    body = envelope(operation(name, arguments), soap=soap)
    if soap == SOAP11:
        return post(site, body, path=path, soap_action=action(name))
    return post(site, body, path=path, soap_action=None, content_type=f'{SOAP_XML}; action="{T}{name}"')


# --- what comes back --------------------------------------------------------------------------------------------------


def answer_xml(content: str, *, soap: str = SOAP11, header: str = "") -> bytes:
    """The whole text of an answer, byte for byte."""
    return (
        f'{DECLARATION}<soap:Envelope xmlns:soap="{soap}" xmlns:xsi="{XSI}" xmlns:xsd="{XSD}">'
        f"{header}<soap:Body>{content}</soap:Body></soap:Envelope>"
    ).encode()


def fault_xml(
    code: str, text: str, *, soap: str = SOAP11, actor: str = "", detail: str | None = "", header: str = ""
) -> bytes:
    """The whole text of a fault; ``text`` as it stands between the tags, ``detail`` None for no detail element."""
    if soap == SOAP11:
        actor = f"<faultactor>{actor}</faultactor>" if actor else ""
        tail = "" if detail is None else f"<detail>{detail}</detail>" if detail else "<detail />"
        inner = f"<faultcode>soap:{code}</faultcode><faultstring>{text}</faultstring>{actor}{tail}"
    else:
        actor = f"<soap:Node>{actor}</soap:Node>" if actor else ""
        tail = "" if detail is None else f"<detail>{detail}</detail>" if detail else "<soap:Detail />"
        inner = (
            f"<soap:Code><soap:Value>soap:{code}</soap:Value></soap:Code>"
            f'<soap:Reason><soap:Text xml:lang="en">{text}</soap:Text></soap:Reason>{actor}{tail}'
        )
    return answer_xml(f"<soap:Fault>{inner}</soap:Fault>", soap=soap, header=header)


def media_type(soap: str) -> str:
    """The Content-Type of an answer in a SOAP version."""
    return TEXT_XML if soap == SOAP11 else SOAP_XML


def assert_success(reply: Reply, content: str, *, soap: str = SOAP11) -> None:
    """The reply is this answer, down to its headers and bytes."""
    assert (reply.status, reply.reason) == (200, "OK"), reply.body
    assert reply.header("Content-Type") == media_type(soap)
    assert reply.header("Cache-Control") == "private, max-age=0"
    assert reply.header("Content-Length") == str(len(reply.body))
    assert reply.body == answer_xml(content, soap=soap)


def assert_fault(
    reply: Reply,
    code: str,
    text: str,
    *,
    soap: str = SOAP11,
    actor: str = "",
    detail: str | None = "",
    header: str = "",
) -> None:
    """The reply is this fault, down to its headers and bytes."""
    assert (reply.status, reply.reason) == (500, "Internal Server Error"), reply.body
    assert reply.body == fault_xml(code, text, soap=soap, actor=actor, detail=detail, header=header)
    assert reply.header("Content-Type") == media_type(soap)
    assert reply.header("Cache-Control") == "private"


def assert_empty(reply: Reply, status: int, *, soap: str = SOAP11) -> None:
    """The reply is a bare 400 or 415."""
    reasons = {400: "Bad Request", 415: "Unsupported Media Type"}
    assert (reply.status, reply.reason) == (status, reasons[status]), reply.body
    assert reply.body == b""
    assert reply.header("Content-Length") == "0"
    assert reply.header("Content-Type") == media_type(soap)
    assert reply.header("Cache-Control") == "private"


def said(reply: Reply) -> str:
    """The text of a fault, as its reader gets it but for line ends, which stay as they were sent."""
    assert reply.status == 500, (reply.status, reply.body)
    found = re.search('<(?:faultstring|soap:Text xml:lang="en")>(.*?)</', reply.body.decode(), re.DOTALL)
    assert found is not None, reply.body
    return unescape(found[1])


_UNKNOWN_USER = "Invalid Administrator Login Details for : "


def heard(reply: Reply) -> str:
    """The name that OutboundLogin was called with, as its refusal says it."""
    text = said(reply)
    assert text.startswith(_UNKNOWN_USER), text
    return text[len(_UNKNOWN_USER) :]


def error_detail(number: int, text: str, source: str) -> str:
    """What is inside the detail of a refusal."""
    return (
        f'<Error xmlns="{T}"><ErrorNumber>{number}</ErrorNumber><ErrorMessage>{text}</ErrorMessage>'
        f"<ErrorSource>{source}</ErrorSource></Error>"
    )
