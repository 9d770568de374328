"""The kit's table of the wire's spelling, held against the WSDLs in the repository."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

import pytest
from ccmm_contracts.operations import OPERATIONS, SERVICES
from ccmm_contracts.wire.names import (
    CALLS,
    DATATYPES,
    HOLDERS,
    LISTS,
    NAMESPACE,
    SCALARS,
    SOAP_VERSIONS,
    STRUCTURES,
    Element,
    soap_action,
)
from ccmm_contracts.wire.schema import REVISIONS
from lxml import etree

ROOT = Path(__file__).parents[3]
XSD = "{http://www.w3.org/2001/XMLSchema}"
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
EVERY_WSDL = [(revision, service) for revision in REVISIONS for service in SERVICES]


def read(revision: str, service: str) -> etree._Element:
    return etree.parse(ROOT / "wsdl" / revision / f"{service}.wsdl").getroot()


def members(parent: etree._Element) -> list[tuple[str, str]]:
    """Name and type of the members of an element or a type, in their order."""
    found = [one for one in parent.iter(f"{XSD}element") if one is not parent]
    return [(one.get("name", ""), one.get("type", "").rpartition(":")[2]) for one in found]


def spelled(elements: Iterable[Element]) -> list[tuple[str, str]]:
    return [(one.name, one.type) for one in elements]


@pytest.mark.parametrize(("revision", "service"), EVERY_WSDL)
def test_every_operation_has_its_arguments_and_its_result_in_order(revision: str, service: str) -> None:
    root = read(revision, service)
    tops = {
        one.get("name"): one for one in root.iterfind(f".//{XSD}schema[@targetNamespace='{NAMESPACE}']/{XSD}element")
    }
    names = [name for name, one in OPERATIONS.items() if one.service == service]
    assert set(tops) == {*names, *(f"{name}Response" for name in names)}
    for name in names:
        arguments = [one for one in CALLS[name].arguments if one.field != "priority" or revision == "priority"]
        result = CALLS[name].result
        assert members(tops[name]) == spelled(arguments)
        assert members(tops[f"{name}Response"]) == spelled([] if result is None else [result])


@pytest.mark.parametrize(("revision", "service"), EVERY_WSDL)
def test_every_type_has_its_members_in_order(revision: str, service: str) -> None:
    types = read(revision, service).iterfind(f".//{XSD}schema[@targetNamespace='{DATATYPES}']/{XSD}complexType")
    for one in types:
        name = one.get("name", "")
        if name in LISTS:
            assert members(one) == [(LISTS[name], LISTS[name])]
        elif name in HOLDERS:
            assert members(one) == spelled([HOLDERS[name]])
        else:
            assert members(one) == spelled(STRUCTURES[name].members)


@pytest.mark.parametrize(("revision", "service"), EVERY_WSDL)
def test_every_soap_action_is_that_of_the_bindings(revision: str, service: str) -> None:
    actions = {
        (operation.get("name", ""), one.get("soapAction"))
        for operation in read(revision, service).iterfind(f"{WSDL}binding/{WSDL}operation")
        for one in operation
        if one.get("soapAction")
    }
    assert actions == {(name, soap_action(name)) for name, one in OPERATIONS.items() if one.service == service}


def test_no_type_of_the_table_is_in_no_wsdl() -> None:
    known = {
        one.get("name") for revision, service in EVERY_WSDL for one in read(revision, service).iter(f"{XSD}complexType")
    } - {None}
    assert known == {*STRUCTURES, *LISTS, *HOLDERS}


def test_the_arguments_are_those_of_the_operations_in_the_same_order() -> None:
    assert {name: tuple(one.field for one in call.arguments) for name, call in CALLS.items()} == {
        name: one.arguments for name, one in OPERATIONS.items()
    }


@pytest.mark.parametrize("name", STRUCTURES)
def test_every_member_is_a_field_of_its_class_and_every_field_a_member(name: str) -> None:
    structure = STRUCTURES[name]
    assert {one.field for one in structure.members} == {one.name for one in fields(structure.kind)}


def test_every_type_that_is_used_is_known() -> None:
    used = {one.type for structure in STRUCTURES.values() for one in structure.members}
    used |= {one.type for call in CALLS.values() for one in call.arguments}
    assert used <= {*SCALARS, *STRUCTURES, *LISTS}


def test_the_versions_of_soap_are_two() -> None:
    assert list(SOAP_VERSIONS) == ["1.1", "1.2"]
