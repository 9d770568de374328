"""Every answer is valid against the schema in the WSDL that the server gives out, in both SOAP versions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from lxml import etree

from fake_ccmm import ContactStatus, FakeCcmm, SettableClock
from tests.messages import SOAP11, SOAP12, D, T, envelope, operation
from tests.raw_http import Site

XS = "{http://www.w3.org/2001/XMLSchema}"
NUMBER = f'<IntCode xmlns="{D}">44</IntCode><PhoneNo xmlns="{D}">1</PhoneNo>'
FIELD = f'<Name xmlns="{D}">AccountNumber</Name><Text xmlns="{D}">A-0000003</Text>'
CALLS = {
    "GetCampaigns": ("OutboundCampaignWS", ""),
    "Get200CampaignContacts": ("OutboundCampaignWS", "<CampaignID>26</CampaignID><LastContactID>0</LastContactID>"),
    "Get200CampaignContacts of none": ("OutboundCampaignWS", "<CampaignID>30</CampaignID>"),
    "AppendContactsToCampaign": (
        "OutboundCampaignWS",
        f"<CampaignID>26</CampaignID><priority>1</priority>"
        f'<contact><SkillsetID xmlns="{D}">10032</SkillsetID></contact>',
    ),
    "GetContactStatus": ("OutboundContactWS", "<contactId>1</contactId><campaignID>26</campaignID>"),
    "CloseContact": ("OutboundContactWS", "<contactId>1</contactId><campaignId>26</campaignId>"),
    "GetContactIDByPhoneNumber": (
        "OutboundContactWS",
        f"<CampaignID>26</CampaignID><phoneNumber>{NUMBER}</phoneNumber>",
    ),
    "FindContactsByPhoneNumber": (
        "OutboundContactWS",
        f"<CampaignID>26</CampaignID><PhoneNumber>{NUMBER}</PhoneNumber>",
    ),
    "FindContactsByCustomField": (
        "OutboundContactWS",
        f"<CampaignID>26</CampaignID><CustomField>{FIELD}</CustomField>",
    ),
}


@pytest.fixture(scope="module", params=["sdk-7.0", "priority"])
def ccmm(request: pytest.FixtureRequest) -> Iterator[FakeCcmm]:
    with FakeCcmm(revision=request.param, clock=SettableClock()) as ccmm:
        yield ccmm


def schema_of(url: str, folder: Path) -> etree.XMLSchema:
    """The schema in a service's WSDL, its import told where to find what it imports."""
    with urlopen(f"{url}?wsdl") as answer:
        schemas = etree.fromstring(answer.read()).findall(f".//{XS}schema")
    for number, schema in enumerate(schemas):
        for one in schema.findall(f"{XS}import"):
            one.set("schemaLocation", f"{number + 1}.xsd")
        (folder / f"{number}.xsd").write_bytes(etree.tostring(schema))
    return etree.XMLSchema(etree.parse(folder / "0.xsd"))


def answer_of(ccmm: FakeCcmm, service: str, name: str, arguments: str, soap: str) -> etree._Element:
    """What stands in the Body of the answer to a call."""
    site = Site("127.0.0.1", ccmm.port)
    media = "text/xml" if soap == SOAP11 else "application/soap+xml"
    headers = [("Content-Type", f"{media}; charset=utf-8")]
    body = envelope(operation(name, arguments), soap=soap).encode()
    reply = site.exchange(site.request("POST", f"/ccmmoutboundwebservices/{service}.asmx", headers, body))
    assert reply.status == 200, reply.body.decode()
    (answer,) = etree.fromstring(reply.body).findall(f"{{{soap}}}Body/{{{T}}}{name}Response")
    return answer


@pytest.mark.rule("E1")
@pytest.mark.parametrize("soap", [SOAP11, SOAP12], ids=["SOAP 1.1", "SOAP 1.2"])
def test_every_operation_answers_what_the_schema_says(ccmm: FakeCcmm, tmp_path: Path, soap: str) -> None:
    login = f"<username>{ccmm.user}</username><password>{ccmm.password}</password>"
    utility = schema_of(ccmm.utility_url, tmp_path)
    logged_in = answer_of(ccmm, "OutboundUtilityWS", "OutboundLogin", login, soap)
    utility.assertValid(logged_in)
    key = logged_in[0].text
    still_open = next(one.contact_id for one in ccmm.center.contacts(26) if one.status is ContactStatus.NEW)
    for label, (service, arguments) in CALLS.items():
        name = label.partition(" ")[0]
        word = "sessionkey" if name.startswith(("Find", "GetContactID")) else "sessionKey"
        arguments = arguments.replace("<contactId>1<", f"<contactId>{still_open}<")
        answer = answer_of(ccmm, service, name, f"{arguments}<{word}>{key}</{word}>", soap)
        schema_of(ccmm.service_url(service), tmp_path).assertValid(answer)
    logged_off = answer_of(ccmm, "OutboundUtilityWS", "OutboundLogoff", login, soap)
    utility.assertValid(logged_off)
    ccmm.clock.advance(1)
