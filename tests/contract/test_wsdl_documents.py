"""The stored WSDL documents: their bytes, their structure, and that a SOAP client can load them."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
import zeep

WSDL_FOLDER = Path(__file__).resolve().parents[2] / "wsdl"
REVISIONS = ("sdk-7.0", "priority")
SERVICES = ("OutboundUtilityWS", "OutboundCampaignWS", "OutboundContactWS")
DOCUMENTS = [(revision, service) for revision in REVISIONS for service in SERVICES]

TARGET_NAMESPACE = "http://nortel.com/CCMMOutboundWebservices/"
DATATYPES_NAMESPACE = "http://datatypes.outboundwebservices.ccmm.applications.nortel.com"
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
XSD = "{http://www.w3.org/2001/XMLSchema}"
SOAP = "{http://schemas.xmlsoap.org/wsdl/soap/}"
SOAP12 = "{http://schemas.xmlsoap.org/wsdl/soap12/}"

OPERATIONS = {
    "OutboundUtilityWS": ["OutboundLogin", "OutboundLogoff"],
    "OutboundCampaignWS": ["GetCampaigns", "AppendContactsToCampaign", "Get200CampaignContacts"],
    "OutboundContactWS": [
        "GetContactStatus",
        "CloseContact",
        "GetContactIDByPhoneNumber",
        "FindContactsByPhoneNumber",
        "FindContactsByCustomField",
    ],
}

every_document = pytest.mark.parametrize(("revision", "service"), DOCUMENTS)


def document_path(revision: str, service: str) -> Path:
    return WSDL_FOLDER / revision / f"{service}.wsdl"


def parse(revision: str, service: str) -> ET.Element:
    return ET.parse(document_path(revision, service)).getroot()


def append_sequence(root: ET.Element) -> ET.Element:
    """The sequence of arguments of AppendContactsToCampaign."""
    found = root.find(f".//{XSD}element[@name='AppendContactsToCampaign']/{XSD}complexType/{XSD}sequence")
    assert found is not None
    return found


def test_there_are_exactly_six_documents() -> None:
    stored = {path.relative_to(WSDL_FOLDER) for path in WSDL_FOLDER.rglob("*.wsdl")}
    assert stored == {Path(revision, f"{service}.wsdl") for revision, service in DOCUMENTS}


@every_document
def test_each_document_parses_as_wsdl_in_the_target_namespace(revision: str, service: str) -> None:
    root = parse(revision, service)
    assert root.tag == f"{WSDL}definitions"
    assert root.get("targetNamespace") == TARGET_NAMESPACE


@every_document
def test_each_document_is_utf8_with_a_declaration_and_no_byte_order_mark(revision: str, service: str) -> None:
    content = document_path(revision, service).read_bytes()
    assert content.startswith(b'<?xml version="1.0" encoding="utf-8"?>\r\n<wsdl:definitions ')
    content.decode("utf-8")


@every_document
def test_each_document_has_only_crlf_line_ends_and_no_final_newline(revision: str, service: str) -> None:
    content = document_path(revision, service).read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n") == content.count(b"\r") > 0
    assert content.endswith(b"</wsdl:definitions>")


def test_git_is_told_to_keep_the_bytes_of_the_documents() -> None:
    attributes = (WSDL_FOLDER / ".gitattributes").read_text(encoding="utf-8")
    assert "*.wsdl -text" in attributes.splitlines()


@every_document
def test_each_document_declares_the_namespaces_in_the_order_asp_net_writes_them(revision: str, service: str) -> None:
    lines = document_path(revision, service).read_text(encoding="utf-8").splitlines()
    attributes = [part.split("=", 1)[0] for part in lines[1].split(" ")[1:]]
    prefixes = ["tm", "soapenc", "mime", "tns", "soap", "s1", "s", "soap12", "http"]
    if service == "OutboundUtilityWS":
        prefixes.remove("s1")
    declared = [f"xmlns:{prefix}" for prefix in prefixes]
    assert attributes == [*declared, "targetNamespace", "xmlns:wsdl"]


@every_document
def test_each_port_type_lists_the_operations_in_order(revision: str, service: str) -> None:
    port_types = parse(revision, service).findall(f"{WSDL}portType")
    assert [port_type.get("name") for port_type in port_types] == [f"{service}Soap"]
    names = [operation.get("name") for operation in port_types[0].findall(f"{WSDL}operation")]
    assert names == OPERATIONS[service]


@every_document
def test_each_operation_that_may_be_called_once_a_second_says_so_before_its_input(revision: str, service: str) -> None:
    documented: dict[str | None, str | None] = {}
    for operation in parse(revision, service).iterfind(f"{WSDL}portType/{WSDL}operation"):
        if operation[0].tag == f"{WSDL}documentation":
            documented[operation.get("name")] = operation[0].text
    limited = {"AppendContactsToCampaign", "CloseContact"} & set(OPERATIONS[service])
    assert documented == dict.fromkeys(limited, "Can only be called every 1 seconds")


@every_document
def test_each_document_has_a_soap_11_and_a_soap_12_binding_for_every_operation(revision: str, service: str) -> None:
    bindings = parse(revision, service).findall(f"{WSDL}binding")
    assert [binding.get("name") for binding in bindings] == [f"{service}Soap", f"{service}Soap12"]
    for binding, soap in zip(bindings, (SOAP, SOAP12), strict=True):
        assert binding.get("type") == f"tns:{service}Soap"
        head = binding.find(f"{soap}binding")
        assert head is not None
        assert head.attrib == {"transport": "http://schemas.xmlsoap.org/soap/http"}
        rows = []
        for operation in binding.findall(f"{WSDL}operation"):
            inner = operation.find(f"{soap}operation")
            assert inner is not None
            rows.append((operation.get("name"), inner.get("soapAction"), inner.get("style")))
            for direction in ("input", "output"):
                body = operation.find(f"{WSDL}{direction}/{soap}body")
                assert body is not None
                assert body.attrib == {"use": "literal"}
        assert rows == [(name, TARGET_NAMESPACE + name, "document") for name in OPERATIONS[service]]


@every_document
def test_each_service_has_a_port_for_both_bindings_at_the_address_the_server_replaces(
    revision: str, service: str
) -> None:
    services = parse(revision, service).findall(f"{WSDL}service")
    assert [found.get("name") for found in services] == [service]
    ports = services[0].findall(f"{WSDL}port")
    assert [(port.get("name"), port.get("binding")) for port in ports] == [
        (f"{service}Soap", f"tns:{service}Soap"),
        (f"{service}Soap12", f"tns:{service}Soap12"),
    ]
    location = f"http://localhost/ccmmoutboundwebservices/{service}.asmx"
    assert [(port[0].tag, port[0].get("location")) for port in ports] == [
        (f"{SOAP}address", location),
        (f"{SOAP12}address", location),
    ]
    text = document_path(revision, service).read_text(encoding="utf-8")
    assert text.count(f'location="{location}"') == 2


@every_document
def test_each_schema_is_qualified_and_only_the_utility_service_does_without_datatypes(
    revision: str, service: str
) -> None:
    schemas = parse(revision, service).findall(f"{WSDL}types/{XSD}schema")
    assert {schema.get("elementFormDefault") for schema in schemas} == {"qualified"}
    namespaces = [schema.get("targetNamespace") for schema in schemas]
    if service == "OutboundUtilityWS":
        assert namespaces == [TARGET_NAMESPACE]
    else:
        assert namespaces == [TARGET_NAMESPACE, DATATYPES_NAMESPACE]
        assert schemas[0][0].tag == f"{XSD}import"
        assert schemas[0][0].attrib == {"namespace": DATATYPES_NAMESPACE}


@every_document
def test_each_schema_member_states_how_often_it_occurs_and_list_items_may_be_nil(revision: str, service: str) -> None:
    members = parse(revision, service).findall(f".//{XSD}sequence/{XSD}element")
    assert members
    for member in members:
        occurrence = (member.get("minOccurs"), member.get("maxOccurs"))
        assert occurrence in {("0", "1"), ("1", "1"), ("0", "unbounded")}
        is_list_item = member.get("maxOccurs") == "unbounded"
        assert member.get("nillable") == ("true" if is_list_item else None)


@pytest.mark.parametrize("service", ["OutboundUtilityWS", "OutboundContactWS"])
def test_the_priority_revision_leaves_the_utility_and_contact_documents_as_they_are(
    service: str,
) -> None:
    sdk = document_path("sdk-7.0", service).read_bytes()
    assert document_path("priority", service).read_bytes() == sdk


def test_the_priority_revision_adds_only_a_priority_after_the_session_key_of_append() -> None:
    root = parse("priority", "OutboundCampaignWS")
    sequence = append_sequence(root)
    names = [member.get("name") for member in sequence]
    assert names == ["CampaignID", "contact", "sessionKey", "priority"]
    added = {"minOccurs": "1", "maxOccurs": "1", "name": "priority", "type": "s:int"}
    assert sequence[3].attrib == added

    sdk = document_path("sdk-7.0", "OutboundCampaignWS").read_bytes().split(b"\r\n")
    priority = document_path("priority", "OutboundCampaignWS").read_bytes().split(b"\r\n")
    line = b'<s:element minOccurs="1" maxOccurs="1" name="priority" type="s:int" />'
    [position] = [number for number, found in enumerate(priority) if found.strip() == line]
    assert priority[:position] + priority[position + 1 :] == sdk


@every_document
def test_each_document_loads_in_zeep_with_both_bindings(revision: str, service: str) -> None:
    untyped_zeep: Any = zeep
    client = untyped_zeep.Client(str(document_path(revision, service)))
    names = {f"{service}Soap", f"{service}Soap12"}
    assert set(client.wsdl.bindings) == {f"{{{TARGET_NAMESPACE}}}{name}" for name in names}
    assert set(client.wsdl.services) == {service}
    assert set(client.wsdl.services[service].ports) == names
    for binding in client.wsdl.bindings.values():
        assert set(binding.all()) == set(OPERATIONS[service])
