"""Mutants of the envelope and of what answers to bad requests: rules E1 and E2."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from fake_ccmm import app
from fake_ccmm.asmx import answers, site
from fake_ccmm.soap import endpoint, protocol, reading
from fake_ccmm.soap.compat import Integer32, Integer64
from fake_ccmm.soap.endpoint import SoapAnswer
from fake_ccmm.soap.faults import UNABLE_TO_READ, V11, V12, SoapFault
from fake_ccmm.soap.protocol import AsmxProtocol

from .mutant import Replacement, mutant, patched

Rewrite = Callable[[bytes], bytes]


def _written(rewrite: Rewrite) -> Replacement:
    """Answers whose bytes are others."""

    def serialize(original: Replacement, self: AsmxProtocol, ctx: Any, message: Any) -> None:
        original(self, ctx, message)
        ctx.out_document = rewrite(ctx.out_document)

    return serialize


def _changed(pattern: bytes, to: bytes) -> Rewrite:
    return partial(re.compile(pattern, re.DOTALL).sub, to)


for _id, _broken, _rewrite in (
    ("E1-member-left-out", "A campaign's Locked is left out", _changed(rb"<Locked>\w+</Locked>", b"")),
    ("E1-phone-number-early", "A contact's PhoneNumber comes before its FirstName",
     _changed(rb"(<FirstName>[^<]*</FirstName><LastName>[^<]*</LastName>)(<PhoneNumber>.*?</PhoneNumber>)", rb"\2\1")),
    ("E1-booleans-of-python", "A boolean is written as True or False",
     lambda body: body.replace(b">true<", b">True<").replace(b">false<", b">False<")),
    ("E1-spelling-mended", "NumbericValue is spelt as it should be",
     lambda body: body.replace(b"NumbericValue", b"NumericValue")),
    ("E1-no-namespace", "What is inside a result is in the services' namespace",
     _changed(rb'(<(?:CampaignList|ContactList|Id|Name)) xmlns="[^"]*"', rb"\1")),
    ("E1-status-as-nil", "A missing text comes as an element with xsi:nil",
     lambda body: body.replace(b"<DialingPrefix />", b"").replace(
         b"<AutoDialTimeOut>", b'<DialingPrefix xsi:nil="true" /><AutoDialTimeOut>')),
):  # fmt: skip
    mutant(_id, _broken, AsmxProtocol, "serialize")(_written(_rewrite))


@mutant("E1-12-in-an-11-envelope", "A request in SOAP 1.2 is answered in an envelope of SOAP 1.1", AsmxProtocol,
        "serialize")  # fmt: skip
def _(serialize: Replacement, self: AsmxProtocol, ctx: Any, message: Any) -> None:
    ctx.udc.version = V11
    serialize(self, ctx, message)


@mutant("E1-12-as-text-xml", "SOAP 1.2 is answered with the media type of SOAP 1.1", answers, "soap_head")
def _(soap_head: Replacement, status: int, content_type: str) -> Any:
    return soap_head(status, V11.content_type)


@mutant("E1-12-not-known", "SOAP 1.2 is not taken", AsmxProtocol, "deserialize")
def _(deserialize: Replacement, self: AsmxProtocol, ctx: Any, message: Any) -> None:
    deserialize(self, ctx, message)
    if ctx.udc.version is V12:
        raise SoapFault("VersionMismatch", "Possible SOAP version mismatch")


@mutant("E1-faults-in-11", "A fault in SOAP 1.2 has the elements of SOAP 1.1", endpoint, "fault_xml")
def _(fault_xml: Replacement, fault: SoapFault, version: Any) -> str:
    return str(fault_xml(fault, V11)).replace(V11.namespace, version.namespace)


@mutant("E1-faults-with-200", "A refusal comes with status 200", endpoint, "fault_answer")
def _(fault_answer: Replacement, *arguments: Any) -> SoapAnswer:
    answer: SoapAnswer = fault_answer(*arguments)
    return replace(answer, status=200 if answer.status == 500 else answer.status)


def _refused(begins: str, code: str | None = None, text: str | None = None) -> Replacement:
    """Faults whose text begins so, refused in other words."""

    def fault_answer(original: Replacement, fault: SoapFault, request: Any) -> Any:
        if fault.text.startswith(begins):
            fault = SoapFault(code or fault.code, text or fault.text)
        return original(fault, request)

    return fault_answer


_UNKNOWN = "Server did not recognize"
for _id, _broken, _begins, _code, _text in (
    ("E2-unknown-is-the-server-s", "An unknown operation is refused as the server's mistake", _UNKNOWN, "Server", None),
    ("E2-type-is-the-server-s", "A value of a wrong type is refused as the server's mistake",
     UNABLE_TO_READ, "Server", None),
):  # fmt: skip
    mutant(_id, _broken, endpoint, "fault_answer")(_refused(_begins, _code, _text))


@mutant("E2-any-letter-case", "An operation is found in any letter case", AsmxProtocol, "_route_by_action")
def _(route: Replacement, self: AsmxProtocol, request: Any, document: Any) -> Any:
    by_lower = {f'"{action}"'.lower(): f'"{action}"' for action in self._by_action}
    request.soap_action = by_lower.get((request.soap_action or "").lower(), request.soap_action)
    return route(self, request, document)


@mutant("E2-the-element-decides", "The body decides on the operation although the header names another", AsmxProtocol,
        "_route_by_action")  # fmt: skip
def _(route: Replacement, self: AsmxProtocol, request: Any, document: Any) -> Any:
    try:
        return route(self, request, document)
    except SoapFault:
        return next(iter(self._by_action.values()))


@mutant("E2-action-is-required", "Without a SOAPAction nothing is carried out", AsmxProtocol, "_route_by_any")
def _(route: Replacement, self: AsmxProtocol, request: Any, document: Any) -> Any:
    if request.media.base == V11.media_type:
        raise SoapFault("Client", protocol.NO_ACTION)
    return route(self, request, document)


@mutant("E2-first-will-do", "Without a SOAPAction an unknown element calls the service's first operation", AsmxProtocol,
        "_route_by_any")  # fmt: skip
def _(route: Replacement, self: AsmxProtocol, request: Any, document: Any) -> Any:
    try:
        return route(self, request, document)
    except SoapFault:
        return next(iter(self._by_action.values()))


@mutant("E2-malformed-is-a-fault", "What is no XML is answered with a SOAP fault", protocol, "bad_xml")
def _(bad_xml: Replacement, error: Exception) -> SoapFault:
    return SoapFault("Client", f"{UNABLE_TO_READ}{error}")


@mutant("E2-bad-request-says-why", "The 400 for what is no XML has a body that says what is wrong", endpoint,
        "fault_answer")  # fmt: skip
def _(fault_answer: Replacement, fault: SoapFault, request: Any) -> SoapAnswer:
    answer: SoapAnswer = fault_answer(fault, request)
    return replace(answer, body=fault.text.encode()) if answer.status == 400 else answer


def _reading_numbers(patch: pytest.MonkeyPatch, read: Callable[[str], int]) -> None:
    """Services whose numbers are read in another way; made anew, since a service knows how to read from its start."""
    numbers = tuple((kind, (0, read)) for kind in (Integer32, Integer64))
    patch.setattr(reading, "_SCALARS", reading._SCALARS[:1] + numbers)
    patch.setattr(app, "endpoints", endpoint.endpoints.__wrapped__)


@patched("E2-no-number-is-0", "What is no number is read as 0")
def _(patch: pytest.MonkeyPatch) -> None:
    def read(text: str) -> int:
        try:
            return reading.read_number(text, 64)
        except ValueError:
            return 0

    _reading_numbers(patch, read)


@patched("E2-fractions-cut-off", "A fraction is read as a whole number")
def _(patch: pytest.MonkeyPatch) -> None:
    _reading_numbers(patch, lambda text: reading.read_number(re.sub(r"\.\d+$", "", text), 64))


@patched("E2-digits-of-any-script", "Digits of any script are read as numbers")
def _(patch: pytest.MonkeyPatch) -> None:
    _reading_numbers(patch, lambda text: int(text) if text.isdecimal() and len(text) < 18
                     else reading.read_number(text, 64))  # fmt: skip


@mutant("E2-any-media-type", "A call is carried out whatever its media type", AsmxProtocol, "deserialize")
def _(deserialize: Replacement, self: AsmxProtocol, ctx: Any, message: Any) -> None:
    if ctx.udc.version is V11:
        ctx.udc.media = replace(ctx.udc.media, base=V11.media_type)
    deserialize(self, ctx, message)


@mutant("E2-media-type-is-a-fault", "Another media type is answered with a SOAP fault", endpoint, "fault_answer")
def _(fault_answer: Replacement, fault: SoapFault, request: Any) -> Any:
    return fault_answer(SoapFault("Client", "Unsupported media type") if fault.status == 415 else fault, request)


@mutant("E2-verb-is-404", "Another verb is answered with status 404", answers, "verb_not_allowed")
def _(verb_not_allowed: Replacement, application: str) -> Any:
    return replace(verb_not_allowed(application), status="404 Not Found")


@mutant("E2-put-is-taken", "PUT is taken as GET is", site, "answer_non_soap")
def _(answer_non_soap: Replacement, method: str, *arguments: Any) -> Any:
    return answer_non_soap("GET" if method == "PUT" else method, *arguments)
