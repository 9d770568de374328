"""The WSDL documents that travel with the package, and what the help pages show of each operation."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lxml import etree

from .pages import OperationSample, SampleElement

_XSD = "{http://www.w3.org/2001/XMLSchema}"
_WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
_SOAP = "{http://schemas.xmlsoap.org/wsdl/soap/}"
_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def wsdl_document(revision: str, service: str) -> bytes:
    """The WSDL of a service as it is served, but for the address; from the wheel, or from the source tree."""
    name = f"{revision}/{service}.wsdl"
    packaged = _PACKAGE / "wsdl" / name
    return (packaged if packaged.exists() else _PACKAGE.parent / "wsdl" / name).read_bytes()


@cache
def operation_samples(revision: str, service: str) -> dict[str, OperationSample]:
    """Each operation of a service by name, as its WSDL describes it."""
    return _Samples(etree.fromstring(wsdl_document(revision, service))).operations()


class _Samples:
    """Reads one WSDL's operations into the trees the help pages show."""

    def __init__(self, root: etree._Element) -> None:
        self._root = root
        self._elements = {
            str(element.get("name")): (element, str(schema.get("targetNamespace")))
            for schema in root.iter(f"{_XSD}schema")
            for element in schema.findall(f"{_XSD}element")
        }
        self._types = {
            str(kind.get("name")): (kind, str(schema.get("targetNamespace")))
            for schema in root.iter(f"{_XSD}schema")
            for kind in schema.findall(f"{_XSD}complexType")
        }

    def operations(self) -> dict[str, OperationSample]:
        actions = {
            str(one.get("name")): str(inner.get("soapAction"))
            for one in self._root.iter(f"{_WSDL}operation")
            if (inner := one.find(f"{_SOAP}operation")) is not None
        }
        samples = {}
        for operation in self._root.iterfind(f"{_WSDL}portType/{_WSDL}operation"):
            name = str(operation.get("name"))
            samples[name] = OperationSample(
                name,
                operation.findtext(f"{_WSDL}documentation"),
                actions[name],
                self._message(name),
                self._message(f"{name}Response"),
            )
        return samples

    def _message(self, name: str) -> SampleElement:
        element, namespace = self._elements[name]
        return SampleElement(name, "", namespace, self._members(element, namespace))

    def _members(self, holder: etree._Element, namespace: str) -> tuple[SampleElement, ...]:
        return tuple(
            self._member(one, namespace) for one in holder.iter(f"{_XSD}element") if one.get("type") is not None
        )

    def _member(self, element: etree._Element, namespace: str) -> SampleElement:
        name, kind = str(element.get("name")), str(element.get("type")).rpartition(":")[2]
        repeated = element.get("maxOccurs") == "unbounded"
        if kind not in self._types:
            return SampleElement(name, kind, namespace, (), repeated)
        holder, own = self._types[kind]
        return SampleElement(name, kind, namespace, self._members(holder, own), repeated)
