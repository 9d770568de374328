"""The envelope: both SOAP versions, answers that are valid by the WSDL, and ASMX's answers to what is no good call.

Rules E1 and E2.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from ..answer import Answer, Fault, Odd, Returned
from ..clause import clause
from ..exchange import HttpRequest, HttpResponse
from ..generate import texts, wrong_numbers
from ..operations import CAMPAIGN, CONTACT, OPERATIONS, SERVICES, UTILITY
from ..stage import Stage
from ..story import shown
from ..wire.answers import read_answer
from ..wire.envelope import Raw, request_for
from .campaigns import become_reachable, call_with_good_arguments

ASMX = "seen in ASP.NET web services, published by Microsoft"
_versions = st.sampled_from(["1.1", "1.2"])
_services = st.sampled_from(SERVICES)
_CLIENT = ("Client",)


@clause("E1", "SOAP 1.1 and 1.2 both work, and every answer is valid by the WSDL's schema", evidence="W",
        source="the WSDL")  # fmt: skip
def both_versions_are_answered(stage: Stage) -> None:
    for complaint in stage.invalid_answers:
        stage.check(False, complaint)
    if stage.can_seed:
        become_reachable(stage)
    names = [one.name for one in OPERATIONS.values() if one.service != UTILITY and (stage.can_seed or not one.writes)]
    for operation in names:
        if not stage.can_seed and operation != "GetCampaigns" and not stage.draw(st.booleans(), f"try {operation}"):
            continue
        for soap in ("1.1", "1.2"):
            answer = _call_in(stage, operation, soap)
            stage.check(not isinstance(answer, Odd), f"{operation} in SOAP {soap}: {shown(answer)}")
    for soap in ("1.1", "1.2"):
        stage.log_off()
        answer = stage.call("OutboundLogin", soap=soap, username=stage.user.name, password=stage.user.password)
        stage.check(isinstance(answer, Returned), f"a log-in in SOAP {soap} is to be carried out, but {shown(answer)}")
        answer = stage.call("GetCampaigns", soap=soap, session_key="none at all")
        stage.check(isinstance(answer, Fault), f"a wrong key in SOAP {soap} is to be refused, but {shown(answer)}")
    for complaint in stage.invalid_answers:
        stage.check(False, complaint)


def _call_in(stage: Stage, operation: str, soap: str) -> Answer:
    return call_with_good_arguments(stage, operation, stage.campaign_id, soap=soap)


def _good_request(stage: Stage, service: str, soap: str) -> HttpRequest:
    """A request that is well-formed, known and typed; what its call says does not matter."""
    requests: dict[str, tuple[str, dict[str, Any]]] = {
        UTILITY: ("OutboundLogoff", {"username": "nobody at all"}),
        CAMPAIGN: ("GetCampaigns", {"session_key": "none at all"}),
        CONTACT: ("GetContactIDByPhoneNumber", {"campaign_id": 1, "session_key": "none at all"}),
    }
    operation, arguments = requests[service]
    return request_for(stage.url_of(service), operation, arguments, soap=soap)


@clause("E2", "An operation that the service does not know is refused as ASMX refuses it", evidence="O", source=ASMX)
def unknown_operation_is_refused(stage: Stage) -> None:
    service, soap = stage.draw(_services, "service"), stage.draw(_versions, "soap")
    request = _good_request(stage, service, soap)
    known = next(one.name for one in OPERATIONS.values() if one.name.encode() in request.body)
    names = [known.lower(), known[:-1], f"{known}2", "NoSuchOperation"]
    for name in names if stage.can_seed else [stage.draw(st.sampled_from(names), "operation")]:
        changed = replace(
            request,
            headers=tuple((key, value.replace(known, name)) for key, value in request.headers),
            body=request.body.replace(known.encode(), name.encode()),
        )
        _check_unknown(stage, stage.send(changed), known, soap)
    if soap == "1.1":
        # The header decides, even where the body holds an operation that the service does know.
        headers = tuple((key, value.replace(known, "NoSuchOperation")) for key, value in request.headers)
        _check_unknown(stage, stage.send(replace(request, headers=headers)), known, soap)


def _check_unknown(stage: Stage, response: HttpResponse, known: str, soap: str) -> None:
    fault = _fault(stage, read_answer(known, response, soap=soap), "a call of an unknown operation")
    stage.check(fault.code in _CLIENT, f"it is refused as the client's mistake, not as {fault.code}")
    says = "did not recognize the value of HTTP Header SOAPAction" if soap == "1.1" else "Unable to handle request"
    stage.check(says in fault.text, f"ASMX says {says!r}, but {fault.text!r} came")


def _fault(stage: Stage, answer: Answer, what: str) -> Fault:
    if not isinstance(answer, Fault):
        stage.check(False, f"{what} is to be refused with a SOAP fault, but {shown(answer)}")
        raise AssertionError
    return answer


@clause("E2.malformed", "A request that is no XML is answered with status 400 and nothing else", evidence="O",
        source=ASMX)  # fmt: skip
def malformed_xml_is_a_bad_request(stage: Stage) -> None:
    # In SOAP 1.1 the header alone decides on the operation, so the body is read as XML only behind it.
    request = _good_request(stage, stage.draw(_services, "service"), "1.1")
    spoils = {
        "end missing": request.body[:-12],
        "wrong end": request.body.replace(b"</soap:Body>", b"</soap:Bod>"),
        "bare ampersand": request.body.replace(b"</soap:Body>", b"&</soap:Body>"),
        "no XML": b"hello",
        "nothing": b"",
    }
    response = stage.send(replace(request, body=spoils[stage.draw(st.sampled_from(sorted(spoils)), "spoilt by")]))
    stage.check(response.status == 400, f"status 400 is due, but {response.status} came")
    stage.check(not response.body, f"nothing is due behind the 400, but {len(response.body)} bytes came")


@clause(
    "E2.types", "A value of the wrong type is refused as unreadable, and nothing is done", evidence="O", source=ASMX
)
def wrong_types_are_refused(stage: Stage) -> None:
    drawn = stage.draw(wrong_numbers(), "no number")
    # The first example is always the simplest, so that the known ones are never left out.
    for wrong in (drawn, *_WRONG_NUMBERS) if stage.can_seed and not drawn else (drawn,):
        calls: dict[str, dict[str, object]] = {
            "Get200CampaignContacts": {"campaign_id": Raw(wrong), "last_contact_id": 0},
            "GetContactStatus": {"campaign_id": stage.campaign_id, "contact_id": Raw(wrong)},
            "GetContactIDByPhoneNumber": {"campaign_id": Raw(wrong)},
        }
        operation = stage.draw(st.sampled_from(sorted(calls)), "operation")
        soap = stage.draw(_versions, "soap")
        answer = stage.call(operation, soap=soap, session_key=stage.key(), **calls[operation])
        fault = _fault(stage, answer, f"{operation} with the number {wrong!r}")
        stage.check(fault.code in _CLIENT, f"it is refused as the client's mistake, not as {fault.code}")
        says = "Server was unable to read request"
        stage.check(says in fault.text, f"ASMX says {says!r}, but {fault.text!r} came")


_WRONG_NUMBERS = ("abc", "1.5", "0x10", "1 2", "１２", str(2**63))


@clause("E2.media-type", "A request of another media type is answered with status 415", evidence="O", source=ASMX)
def other_media_types_are_refused(stage: Stage) -> None:
    request = _good_request(stage, stage.draw(_services, "service"), "1.1")
    kind = stage.draw(st.sampled_from(["application/json", "text/plain", "application/xml; charset=utf-8"]), "type")
    headers = tuple((name, kind if name.lower() == "content-type" else value) for name, value in request.headers)
    response = stage.send(replace(request, headers=headers))
    stage.check(response.status == 415, f"status 415 is due for {kind}, but {response.status} came")


@clause("E2.verb", "A request by another verb than GET and POST is answered with status 405", evidence="O", source=ASMX)
def other_verbs_are_refused(stage: Stage) -> None:
    verb = stage.draw(st.sampled_from(["PUT", "DELETE"]), "verb")
    request = replace(_good_request(stage, stage.draw(_services, "service"), "1.1"), method=verb)
    response = stage.send(request)
    stage.check(response.status == 405, f"status 405 is due for {verb}, but {response.status} came")


@clause("E2.element", "Without a SOAPAction the body's element decides; an unknown one is refused", evidence="O",
        source=ASMX)  # fmt: skip
def body_decides_without_an_action(stage: Stage) -> None:
    request = _good_request(stage, CAMPAIGN, "1.1")
    bare = replace(request, headers=tuple(one for one in request.headers if one[0].lower() != "soapaction"))
    fault = _fault(stage, read_answer("GetCampaigns", stage.send(bare), soap="1.1"), "GetCampaigns with a wrong key")
    stage.check(
        "Unable to handle request" not in fault.text, f"the operation is known by its element, but: {fault.text}"
    )
    name = stage.draw(
        texts().map(lambda text: "X" + "".join(filter(str.isalnum, text))[:9]).filter(str.isascii), "name"
    )
    unknown = replace(bare, body=bare.body.replace(b"GetCampaigns", name.encode()))
    fault = _fault(stage, read_answer("GetCampaigns", stage.send(unknown), soap="1.1"), f"the element {name}")
    stage.check("Unable to handle request" in fault.text, f"ASMX says 'Unable to handle request', but: {fault.text}")
