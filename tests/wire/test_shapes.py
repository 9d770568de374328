"""A request whose shape is known is read just as one that is parsed."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_ccmm import ContactCenter
from fake_ccmm.soap.endpoint import endpoints
from fake_ccmm.soap.envelope import SoapRequest
from tests.messages import SOAP11, SOAP12, XSI, D, T

CONTACT = (
    '<ContactID>{}</ContactID><Address><Country>{}</Country></Address><CustomFieldList i:nil="false"> <OWCustomField>'
    '<Name>{}</Name><Text/></OWCustomField>\n<OWCustomField i:nil="true"/></CustomFieldList><Title>{}</Title>'
)
QUALIFIED = CONTACT.replace("</", "</d:").replace("<", "<d:").replace("<d:/d:", "</d:")
TEMPLATES = {
    "flat": (
        "OutboundContactWS",
        "GetContactStatus",
        "<sessionKey>{}</sessionKey><contactId>{}</contactId> <campaignID>{}</campaignID>\n"
        "  <customFieldPassed>{}</customFieldPassed>",
    ),
    "unknown and doubled": (
        "OutboundUtilityWS",
        "OutboundLogin",
        "<username>{}</username><x>{}</x><username>{}</username><password></password>{}",
    ),
    "nested": (
        "OutboundCampaignWS",
        "AppendContactsToCampaign",
        f"<CampaignID>{{}}</CampaignID><contact>{CONTACT}</contact>",
    ),
    "nested in its namespace": (
        "OutboundCampaignWS",
        "AppendContactsToCampaign",
        f"<d:x/><contact>{QUALIFIED}</contact><CampaignID>{{}}</CampaignID>",
    ),
}
VALUES = st.one_of(
    st.sampled_from(
        ["0", " 7\n", "-1", "true", "false", "1", "", " ", "\n", "abc", "9" * 20, "a>b", "]]>", "&amp;", "&#13;"]
    ),
    st.integers(-(2**31), 2**31 - 1).map(str),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="<&"), max_size=6),
)


def outcome(service: str, operation: str, body: str, *, known: bool) -> Any:
    """The arguments a request is read into, or the fault it gets; ``known`` says whether shapes may be used."""
    endpoint = endpoints("sdk-7.0")[service]
    operations = endpoint.app.in_protocol._by_action
    if not known:
        operations[T + operation].shapes._known.clear()
    request = SoapRequest(ContactCenter(), body.encode(), "text/xml; charset=utf-8", T + operation, "http://localhost/")
    answer = endpoint.answer(request)
    return request.arguments, answer.status, answer.body, request.version


@pytest.mark.rule("E2")
@pytest.mark.parametrize("name", TEMPLATES)
@given(
    data=st.data(), soap=st.sampled_from([SOAP11, SOAP12]), start=st.sampled_from(["", '<?xml version="1.0"?>', "\n"])
)
def test_a_known_shape_is_read_as_if_it_were_new(name: str, data: st.DataObject, soap: str, start: str) -> None:
    service, operation, template = TEMPLATES[name]
    between = data.draw(st.sampled_from(["", "\n", " \n  "]))
    count = template.count("{}")
    first, second = (data.draw(st.lists(VALUES, min_size=count, max_size=count)) for _ in range(2))

    def request(values: list[str]) -> str:
        inner = template.format(*values)
        blanks = between if start.startswith("<") else ""
        return (
            f'{start}{blanks}<s:Envelope xmlns:s="{soap}" xmlns:i="{XSI}" xmlns:d="{D}">'
            f'{between}<s:Header/><s:Body><{operation} xmlns="{T}">{inner}</{operation}></s:Body>{between}</s:Envelope>'
        )

    for learned, asked in itertools.product((first, second), repeat=2):
        new = outcome(service, operation, request(asked), known=False)
        outcome(service, operation, request(learned), known=False)
        assert outcome(service, operation, request(asked), known=True) == new


def test_the_second_request_of_a_shape_is_recalled() -> None:
    service, operation, template = TEMPLATES["nested in its namespace"]
    operations = endpoints("sdk-7.0")[service].app.in_protocol._by_action
    for values in (["1", "IE", "A", "x", "3"], ["2", "é𝄞", "B", "y z", "4"]):
        inner = template.format(*values)
        called = f'<{operation} xmlns="{T}">{inner}</{operation}>'
        body = f'<s:Envelope xmlns:s="{SOAP11}" xmlns:i="{XSI}" xmlns:d="{D}"><s:Body>{called}</s:Body></s:Envelope>'
        outcome(service, operation, body, known=values[0] != "1")
    known = operations[T + operation].shapes.recall(body)
    assert known is not None
    assert known[1]["CampaignID"] == 4
    assert known[1]["contact"]["Address"]["Country"] == "é𝄞"
    assert known[1]["contact"]["CustomFieldList"] == [{"Name": "B", "Text": "", "IsTextVisible": False}, None]
