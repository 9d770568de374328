"""The WSDLs in the field, and whether an answer's body is valid by their schema."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, cast

from lxml import etree

from ..errors import SetUpBroken
from ..operations import SERVICES
from .document import Unreadable, parsed
from .names import DATATYPES, SOAP_VERSIONS

REVISIONS = ("sdk-7.0", "priority")
"""The revisions of the WSDLs: the published SDK's, and the one whose append has a priority."""

XSD = "http://www.w3.org/2001/XMLSchema"

_PACKAGE = Path(__file__).resolve().parents[1]
_FOLDERS = (_PACKAGE / "wsdl", _PACKAGE.parents[1] / "wsdl")
"""Where the WSDLs are: in an installed package, and in a source tree."""

_DATATYPES_LOCATION = "ccmm-contracts:datatypes"
_BODIES = {f"{{{one.namespace}}}Body": f"{{{one.namespace}}}Fault" for one in SOAP_VERSIONS.values()}
_BRACED = re.compile(r"\{[^{}]*\}")
# lxml keeps what is wrong with a document at the schema, where threads would read each other's.
_validating = Lock()


@cache
def wsdl(revision: str, service: str) -> bytes:
    """The WSDL of a service as that revision has it, with an address that means nothing.

    Raises ValueError for a revision or a service that does not exist, SetUpBroken where the file is not there.
    """
    if revision not in REVISIONS or service not in SERVICES:
        raise ValueError(f"there is no WSDL of {service!r} in revision {revision!r}; revisions: {', '.join(REVISIONS)}")
    for folder in _FOLDERS:
        file = folder / revision / f"{service}.wsdl"
        if file.is_file():
            return file.read_bytes()
    raise SetUpBroken(f"{service}.wsdl of revision {revision} is not installed; install ccmm_contracts again")


def invalid(revision: str, service: str, body: bytes) -> str:
    """What the WSDL's schema has against the content of a SOAP body, in one line; empty where it is valid.

    ``body`` is the whole HTTP body, an envelope. A fault's content is no matter of the schema: it is valid.
    """
    schema = _schema(revision, service)
    try:
        root = parsed(body)
    except Unreadable as problem:
        return str(problem)
    soap_body = next((one for one in root if one.tag in _BODIES), None)
    if soap_body is None:
        return f"no SOAP envelope with a Body, but {root.tag}"
    content = next((one for one in soap_body if isinstance(one.tag, str)), None)
    if content is None:
        return "the SOAP Body is empty"
    if content.tag == _BODIES[str(soap_body.tag)]:
        return ""
    with _validating:
        if schema.validate(content):
            return ""
        wrong = [_BRACED.sub("", one.message) for one in cast("Iterable[Any]", schema.error_log)]
    more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
    return " ".join((wrong[0] if wrong else "not valid").split()) + more


@cache
def _schema(revision: str, service: str) -> etree.XMLSchema:
    """The compiled schema of a WSDL: its two namespaces are two schemas, the first of which imports the other."""
    root = etree.fromstring(wsdl(revision, service))
    own, *others = root.iter(f"{{{XSD}}}schema")
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Datatypes(etree.tostring(others[0]) if others else b""))
    top = etree.fromstring(etree.tostring(own), parser)
    for one in top.iter(f"{{{XSD}}}import"):
        if one.get("namespace") == DATATYPES:
            one.set("schemaLocation", _DATATYPES_LOCATION)
    return etree.XMLSchema(top)


class _Datatypes(etree.Resolver):
    """Gives the datatypes' schema, which lies in the same WSDL, to the schema that imports it."""

    def __init__(self, schema: bytes) -> None:
        self._schema = schema

    # lxml's stubs forget the context.
    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:  # type: ignore[override]
        if system_url != _DATATYPES_LOCATION:
            return None
        return self.resolve_string(self._schema, context, base_url=_DATATYPES_LOCATION)
