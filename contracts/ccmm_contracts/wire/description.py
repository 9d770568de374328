"""How the WSDL that a server shows differs from those in the field: by meaning, not by text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from functools import cache

from lxml import etree

from .document import Unreadable, parsed
from .names import DATATYPES, NAMESPACE
from .schema import REVISIONS, XSD, wsdl

_WSDL = "http://schemas.xmlsoap.org/wsdl/"
_SOAP = {"http://schemas.xmlsoap.org/wsdl/soap/": "SOAP 1.1", "http://schemas.xmlsoap.org/wsdl/soap12/": "SOAP 1.2"}
_PREFIXES = {f"{{{NAMESPACE}}}": "tns:", f"{{{DATATYPES}}}": "dt:", f"{{{XSD}}}": "xsd:"}

_ORDER = ": order"

_Fact = tuple[str, str]
"""What something is called, and what it is: ``("type OWStatus: Id", "xsd:long 1..1")``."""


def differences(service: str, document: bytes) -> dict[str, list[str]]:
    """For each revision what is other in the WSDL ``document`` of a service, a line each; none where it is the same.

    Compared are the schema (elements, their order, types and occurrence), messages, operations with their
    documentation, bindings with their SOAPActions, and ports; not addresses, prefixes, or the order of operations.
    Raises ValueError for a service that does not exist.
    """
    expected = {revision: _facts_of_revision(revision, service) for revision in REVISIONS}
    try:
        found = dict(_facts(parsed(document)))
    except Unreadable as problem:
        return {revision: [str(problem)] for revision in REVISIONS}
    return {revision: _compared(facts, found) for revision, facts in expected.items()}


@cache
def _facts_of_revision(revision: str, service: str) -> dict[str, str]:
    return dict(_facts(parsed(wsdl(revision, service))))


def _compared(expected: dict[str, str], found: dict[str, str]) -> list[str]:
    missing = [
        f"{name} is missing ({expected[name]})" for name in _without_parts(expected.keys() - found.keys(), expected)
    ]
    more = [
        f"{name} is there besides ({found[name]})" for name in _without_parts(found.keys() - expected.keys(), found)
    ]
    other = [
        f"{name} is {found[name]}, not {value}"
        for name, value in expected.items()
        if found.get(name, value) != value and not _follows_from_others(name, value, found[name])
    ]
    return missing + more + other


def _without_parts(names: Set[str], facts: Iterable[str]) -> list[str]:
    """Those of ``names`` that are no part of another of them, in the order of ``facts``."""
    return [one for one in facts if one in names and one.partition(": ")[0] not in names - {one}]


def _follows_from_others(name: str, expected: str, found: str) -> bool:
    """Whether another order only comes from members that are told of as missing or more."""
    if not name.endswith(_ORDER):
        return False
    old, new = expected.split(", "), found.split(", ")
    return [one for one in old if one in new] == [one for one in new if one in old]


def _facts(root: etree._Element) -> Iterator[_Fact]:
    if root.tag != f"{{{_WSDL}}}definitions":
        raise Unreadable(f"it is no WSDL, but has the root {root.tag}")
    yield "target namespace", root.get("targetNamespace", "none")
    for schema in root.iter(f"{{{XSD}}}schema"):
        yield from _schema_facts(schema)
    for message in root.iterfind(f"{{{_WSDL}}}message"):
        parts = [f"{one.get('name')} {_named(one, one.get('element') or one.get('type'))}" for one in message]
        yield f"message {message.get('name')}", ", ".join(parts) or "empty"
    for port_type in root.iterfind(f"{{{_WSDL}}}portType"):
        yield from _port_type_facts(port_type)
    for binding in root.iterfind(f"{{{_WSDL}}}binding"):
        yield from _binding_facts(binding)
    for service in root.iterfind(f"{{{_WSDL}}}service"):
        yield f"service {service.get('name')}", "a service"
        for port in service.iterfind(f"{{{_WSDL}}}port"):
            soap, address = _extension(port, "address")
            has_address = "with" if address is not None and address.get("location") else "without"
            yield (
                f"port {port.get('name')} of {service.get('name')}",
                f"{_named(port, port.get('binding'))} by {soap}, {has_address} an address",
            )


def _schema_facts(schema: etree._Element) -> Iterator[_Fact]:
    namespace = _short(f"{{{schema.get('targetNamespace', '')}}}")
    yield f"schema {namespace} elementFormDefault", schema.get("elementFormDefault", "unqualified")
    for top in schema:
        kind = {f"{{{XSD}}}element": "element", f"{{{XSD}}}complexType": "type"}.get(str(top.tag))
        if kind is None:
            if top.tag != f"{{{XSD}}}import":
                yield f"schema {namespace} {_short(str(top.tag))} {top.get('name', '')}".rstrip(), "declared"
            continue
        name = f"{kind} {namespace}{top.get('name')}"
        yield name, _named(top, top.get("type")) if top.get("type") else "with members"
        members = [one for one in top.iter(f"{{{XSD}}}element") if one is not top]
        if members:
            yield name + _ORDER, ", ".join(_member_name(one) for one in members)
        for one in members:
            nillable = " nillable" if one.get("nillable") in ("true", "1") else ""
            occurs = f"{one.get('minOccurs', '1')}..{one.get('maxOccurs', '1')}"
            yield f"{name}: {_member_name(one)}", f"{_named(one, one.get('type'))} {occurs}{nillable}"
        # What else a type may be made of (a choice, attributes, another base) has no place in these services.
        for one in top.iter(f"{{{XSD}}}choice", f"{{{XSD}}}all", f"{{{XSD}}}any", f"{{{XSD}}}attribute"):
            yield f"{name}: {_short(str(one.tag))} {one.get('name', '')}".rstrip(), "declared"
        for one in top.iter(f"{{{XSD}}}extension", f"{{{XSD}}}restriction"):
            yield f"{name}: {_short(str(one.tag))}", _named(one, one.get("base"))


def _port_type_facts(port_type: etree._Element) -> Iterator[_Fact]:
    for operation in port_type.iterfind(f"{{{_WSDL}}}operation"):
        name = f"operation {operation.get('name')} of {port_type.get('name')}"
        ways = [
            f"{way} {_named(one, one.get('message'))}"
            for way in ("input", "output", "fault")
            for one in operation.iterfind(f"{{{_WSDL}}}{way}")
        ]
        yield name, ", ".join(ways)
        documentation = " ".join((operation.findtext(f"{{{_WSDL}}}documentation") or "").split())
        if documentation:
            yield f"documentation of {name}", repr(documentation)


def _binding_facts(binding: etree._Element) -> Iterator[_Fact]:
    soap, head = _extension(binding, "binding")
    style = head.get("style", "document") if head is not None else "document"
    transport = head.get("transport", "none") if head is not None else "none"
    name = f"binding {binding.get('name')}"
    yield name, f"{_named(binding, binding.get('type'))} by {soap} over {transport}"
    for operation in binding.iterfind(f"{{{_WSDL}}}operation"):
        of_operation = _extension(operation, "operation")[1]
        action, own_style = ("none", style)
        if of_operation is not None:
            action, own_style = of_operation.get("soapAction", "none"), of_operation.get("style", style)
        uses = [
            f"{way} {body.get('use', 'none')}"
            for way in ("input", "output")
            for one in operation.iterfind(f"{{{_WSDL}}}{way}")
            if (body := _extension(one, "body")[1]) is not None
        ]
        yield f"{name}: {operation.get('name')}", f"{own_style}, {', '.join(uses)}, SOAPAction {action}"


def _extension(element: etree._Element, local: str) -> tuple[str, etree._Element | None]:
    """The version of SOAP that a part of the WSDL is for, and the element that says so."""
    for namespace, version in _SOAP.items():
        found = element.find(f"{{{namespace}}}{local}")
        if found is not None:
            return version, found
    return "no SOAP", None


def _member_name(element: etree._Element) -> str:
    return element.get("name") or f"ref {_named(element, element.get('ref'))}"


def _named(element: etree._Element, name: str | None) -> str:
    """A name with a prefix, whatever the prefix is in that document."""
    if not name:
        return "none"
    prefix, _, local = name.rpartition(":")
    return _short(f"{{{element.nsmap.get(prefix or None, '')}}}{local}")


def _short(name: str) -> str:
    for namespace, prefix in _PREFIXES.items():
        if name.startswith(namespace):
            return prefix + name[len(namespace) :]
    return name
