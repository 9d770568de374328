"""The spyne declarations and the WSDL documents say the same: every operation, element, type, order and occurrence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from lxml import etree

from fake_ccmm.asmx.documents import wsdl_document
from fake_ccmm.soap.compat import ComplexModel
from fake_ccmm.soap.endpoint import endpoints
from fake_ccmm.soap.names import DATATYPES, REVISIONS, TARGET, XSD

XS = f"{{{XSD}}}"
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
Row = tuple[str, str, str, str, bool]
CASES = [(revision, service) for revision in REVISIONS for service in endpoints(revision)]


def document(revision: str, service: str) -> etree._Element:
    return etree.fromstring(wsdl_document(revision, service))


def resolved(element: etree._Element, name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{element.nsmap[prefix]}}}{local}"


def documented_rows(holder: etree._Element) -> list[Row]:
    return [
        (
            str(one.get("name")),
            resolved(one, str(one.get("type"))),
            one.get("minOccurs", "1"),
            one.get("maxOccurs", "1"),
            one.get("nillable") == "true",
        )
        for one in holder.iter(f"{XS}element")
        if one.get("type") is not None
    ]


def declared_rows(model: type[ComplexModel]) -> list[Row]:
    return [(name, *described(kind)) for name, kind in model._type_info.items()]


def described(kind: Any) -> tuple[str, str, str, bool]:
    namespace = kind.get_namespace() if issubclass(kind, ComplexModel) else XSD
    most = kind.Attributes.max_occurs
    many = "unbounded" if most == float("inf") else str(most)
    return (
        f"{{{namespace}}}{kind.get_type_name()}",
        str(kind.Attributes.min_occurs),
        many,
        bool(kind.Attributes.nillable),
    )


def declared_types(model: type[ComplexModel], found: dict[str, type[ComplexModel]]) -> None:
    for kind in model._type_info.values():
        if issubclass(kind, ComplexModel) and kind.get_type_name() not in found:
            found[kind.get_type_name()] = kind
            declared_types(kind, found)


def descriptors(revision: str, service: str) -> Iterator[Any]:
    for (descriptor,) in endpoints(revision)[service].app.interface.service_method_map.values():
        yield descriptor


@pytest.mark.parametrize(("revision", "service"), CASES)
def test_the_same_operations_are_declared_as_the_port_type_lists(revision: str, service: str) -> None:
    listed = [str(one.get("name")) for one in document(revision, service).iterfind(f"{WSDL}portType/{WSDL}operation")]
    assert sorted(one.name for one in descriptors(revision, service)) == sorted(listed)


@pytest.mark.parametrize(("revision", "service"), CASES)
def test_every_message_has_the_same_members_in_the_same_order(revision: str, service: str) -> None:
    schema = document(revision, service).find(f".//{XS}schema[@targetNamespace='{TARGET}']")
    assert schema is not None
    documented = {str(one.get("name")): documented_rows(one) for one in schema.findall(f"{XS}element")}
    declared = {}
    for one in descriptors(revision, service):
        for message in (one.in_message, one.out_message):
            assert message.get_namespace() == TARGET
            declared[message.get_type_name()] = declared_rows(message)
    assert declared == documented


@pytest.mark.parametrize(("revision", "service"), CASES)
def test_every_data_type_has_the_same_members_in_the_same_order(revision: str, service: str) -> None:
    schema = document(revision, service).find(f".//{XS}schema[@targetNamespace='{DATATYPES}']")
    documented = (
        {} if schema is None else {str(one.get("name")): documented_rows(one) for one in schema if one.get("name")}
    )
    found: dict[str, type[ComplexModel]] = {}
    for one in descriptors(revision, service):
        declared_types(one.in_message, found)
        declared_types(one.out_message, found)
    assert {name: declared_rows(kind) for name, kind in found.items()} == documented
