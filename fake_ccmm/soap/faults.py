"""SOAP faults of both versions, as ASMX writes them."""

from __future__ import annotations

from .compat import Fault
from .names import SOAP11, SOAP12, TARGET, XSD, XSI
from .writing import element, escape_any

_CODES_12 = {"Client": "Sender", "Server": "Receiver"}
_UPGRADE = (
    f'<soap:Header><soap12:Upgrade xmlns:soap12="{SOAP12}">'
    f'<soap12:SupportedEnvelope qname="soap:Envelope" xmlns:soap="{SOAP11}" />'
    f'<soap12:SupportedEnvelope qname="soap12:Envelope" xmlns:soap12="{SOAP12}" />'
    "</soap12:Upgrade></soap:Header>"
)

UNABLE_TO_READ = "Server was unable to read request. ---> "
UNABLE_TO_PROCESS = "Server was unable to process request. ---> "


class Version:
    """One of the two SOAP versions: its namespace, its media type and how its envelope begins."""

    __slots__ = ("body", "content_type", "envelope", "header", "media_type", "namespace", "start")

    def __init__(self, namespace: str, media_type: str) -> None:
        self.namespace = namespace
        self.media_type = media_type
        self.content_type = f"{media_type}; charset=utf-8"
        self.envelope = f"{namespace}\nEnvelope"
        self.header = f"{namespace}\nHeader"
        self.body = f"{namespace}\nBody"
        self.start = (
            f'<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{namespace}" '
            f'xmlns:xsi="{XSI}" xmlns:xsd="{XSD}">'
        )


V11 = Version(SOAP11, "text/xml")
V12 = Version(SOAP12, "application/soap+xml")
VERSIONS = {SOAP11: V11, SOAP12: V12}
ENVELOPE_END = "</soap:Body></soap:Envelope>"


class SoapFault(Fault):  # type: ignore[misc]
    """A fault of the SOAP layer or of an operation.

    ``code`` is Client, Server, MustUnderstand or VersionMismatch; ``actor`` an address; ``detail`` the XML inside the
    detail element, None where the fault has no detail element at all; ``status`` 500, or 400 or 415 with no body.
    ``label`` is the name of a refusal, ``number`` its ErrorNumber.
    """

    def __init__(
        self,
        code: str,
        text: str,
        *,
        actor: str = "",
        detail: str | None = "",
        status: int = 500,
        label: str = "",
        number: int | None = None,
    ) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text
        self.actor = actor
        self.detail_xml = detail
        self.status = status
        self.label = label
        self.number = number


def error_detail(number: int, message: str, source: str) -> str:
    """The Error element the product family puts into a fault's detail."""
    inner = element("ErrorNumber", str(number)) + element("ErrorMessage", message) + element("ErrorSource", source)
    return f'<Error xmlns="{TARGET}">{inner}</Error>'


def fault_xml(fault: SoapFault, version: Version) -> str:
    """The whole envelope of a fault in one version's words."""
    header = _UPGRADE if fault.code == "VersionMismatch" else ""
    body = _fault12(fault) if version is V12 else _fault11(fault)
    return f"{version.start}{header}<soap:Body><soap:Fault>{body}</soap:Fault>{ENVELOPE_END}"


def _fault11(fault: SoapFault) -> str:
    actor = f"<faultactor>{escape_any(fault.actor)}</faultactor>" if fault.actor else ""
    return (
        f"<faultcode>soap:{fault.code}</faultcode><faultstring>{escape_any(fault.text)}</faultstring>"
        f"{actor}{_detail(fault, 'detail')}"
    )


def _fault12(fault: SoapFault) -> str:
    code = _CODES_12.get(fault.code, fault.code)
    actor = f"<soap:Node>{escape_any(fault.actor)}</soap:Node>" if fault.actor else ""
    return (
        f"<soap:Code><soap:Value>soap:{code}</soap:Value></soap:Code>"
        f'<soap:Reason><soap:Text xml:lang="en">{escape_any(fault.text)}</soap:Text></soap:Reason>'
        f"{actor}{_detail(fault, 'soap:Detail')}"
    )


def _detail(fault: SoapFault, name: str) -> str:
    if fault.detail_xml is None:
        return ""
    # A detail the service built itself stays unqualified in SOAP 1.2 too; only the empty one is ASMX's own.
    return f"<detail>{fault.detail_xml}</detail>" if fault.detail_xml else f"<{name} />"
