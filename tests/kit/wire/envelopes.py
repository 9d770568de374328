"""Answers as an ASMX server writes them, to take and spoil."""

from __future__ import annotations

from ccmm_contracts.exchange import HttpResponse

SOAP_11 = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP_12 = "http://www.w3.org/2003/05/soap-envelope"
SERVICES = "http://nortel.com/CCMMOutboundWebservices/"
DATATYPES = "http://datatypes.outboundwebservices.ccmm.applications.nortel.com"
MEDIA_TYPES = {"1.1": "text/xml", "1.2": "application/soap+xml"}


def envelope(content: str, *, soap: str = "1.1") -> bytes:
    """An envelope with this in its Body."""
    namespace = SOAP_11 if soap == "1.1" else SOAP_12
    return (
        f'<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{namespace}" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
        f"<soap:Body>{content}</soap:Body></soap:Envelope>"
    ).encode()


def answer(
    content: str | bytes, *, soap: str = "1.1", status: int = 200, content_type: str | None = None
) -> HttpResponse:
    """The HTTP answer with this in its Body, or with these bytes as its body."""
    content_type = f"{MEDIA_TYPES[soap]}; charset=utf-8" if content_type is None else content_type
    body = content if isinstance(content, bytes) else envelope(content, soap=soap)
    return HttpResponse(status, "", (("content-type", content_type),) if content_type else (), body)


def response(operation: str, result: str = "") -> str:
    """The response element of an operation with this in it."""
    return f'<{operation}Response xmlns="{SERVICES}">{result}</{operation}Response>'


def result_of(operation: str, content: str = "") -> str:
    """The response element of an operation with a result that holds this, which is in the datatypes' namespace."""
    return response(operation, f'<{operation}Result xmlns:d="{DATATYPES}">{content}</{operation}Result>')


ERROR = (
    f'<Error xmlns="{SERVICES}"><ErrorNumber>2805</ErrorNumber><ErrorMessage>Access Denied</ErrorMessage>'
    "<ErrorSource>GetCampaigns</ErrorSource></Error>"
)


def fault_11(*, code: str = "soap:Client", text: str = "Access Denied", detail: str = "<detail />") -> str:
    """A fault of SOAP 1.1."""
    return (
        f"<soap:Fault><faultcode>{code}</faultcode><faultstring>{text}</faultstring>"
        f"<faultactor>http://host/X.asmx</faultactor>{detail}</soap:Fault>"
    )


def fault_12(*, code: str = "soap:Sender", text: str = "Access Denied", detail: str = "<soap:Detail />") -> str:
    """A fault of SOAP 1.2."""
    return (
        f"<soap:Fault><soap:Code><soap:Value>{code}</soap:Value></soap:Code><soap:Reason>"
        f'<soap:Text xml:lang="de">Nein</soap:Text><soap:Text xml:lang="en">{text}</soap:Text></soap:Reason>'
        f"<soap:Node>http://host/X.asmx</soap:Node>{detail}</soap:Fault>"
    )
