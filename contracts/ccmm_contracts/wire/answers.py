"""An answer read: what the call returned, the fault that refused it, or what is wrong with what came."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import MISSING, fields
from functools import cache, partial
from typing import Any

from lxml import etree

from ..answer import Answer, Fault, Odd, Returned
from ..exchange import HttpResponse
from .document import Unreadable, parsed
from .names import CALLS, DATATYPES, HOLDERS, LISTS, NAMESPACE, SOAP_VERSIONS, STRUCTURES, XSI_NIL, Element, SoapVersion

_VERSIONS = {one.namespace: one for one in SOAP_VERSIONS.values()}
_CODES_OF_1_2 = {"Sender": "Client", "Receiver": "Server"}
_NUMBER = re.compile(r"[ \t\r\n]*([+-]?[0-9]{1,30})[ \t\r\n]*")
_LIMITS = {"int": 2**31, "long": 2**63}
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_Read = Callable[[etree._Element], Any]


def _nothing(element: etree._Element) -> None:
    """Read an element that is no member of anything."""


_NO_MEMBER: tuple[str, _Read] = ("", _nothing)


def read_answer(operation: str, response: HttpResponse, *, soap: str | None = None) -> Answer:
    """What became of a call of ``operation``; ``soap`` is the version it asked with, None for any.

    Never raises: what cannot be read, or is not as the contract has it, is Odd.
    """
    try:
        return _read(operation, response, soap)
    except Unreadable as problem:
        return Odd(response.status, _with_status(response, str(problem)))


def _read(operation: str, response: HttpResponse, soap: str | None) -> Answer:
    version, body = _envelope(response)
    content = [one for one in body if isinstance(one.tag, str)]
    fault = content[0] if content and content[0].tag == f"{{{version.namespace}}}Fault" else None
    _check_content_type(response, version)
    answer = _fault(fault, version, response.status) if fault is not None else None
    # A fault about versions comes in SOAP 1.1, whatever was asked with.
    if soap not in (None, version.name) and not (answer and answer.code == "VersionMismatch"):
        raise Unreadable(f"it answers in SOAP {version.name} what was asked in SOAP {soap}")
    if len(content) > 1:
        raise Unreadable(f"its Body holds {len(content)} elements instead of one")
    if answer is not None:
        if response.status != 500:
            raise Unreadable(f"it is a fault ({answer.code} {answer.text!r}), which belongs with 500")
        return answer
    tag = f"{{{NAMESPACE}}}{operation}Response"
    if not content:
        raise Unreadable(f"its Body is empty where {operation}Response is due")
    if content[0].tag != tag:
        raise Unreadable(f"its Body holds {_short(content[0].tag)} where {operation}Response is due")
    if response.status != 200:
        raise Unreadable(f"it is {operation}Response, which belongs with 200")
    return _returned(operation, content[0])


def _with_status(response: HttpResponse, problem: str) -> str:
    return f"HTTP {response.status} {response.reason}".rstrip() + f": {problem}"


def _envelope(response: HttpResponse) -> tuple[SoapVersion, etree._Element]:
    """The version of the answer's envelope, and its Body."""
    media_type = response.header("Content-Type").partition(";")[0].strip() or "no Content-Type"
    if not response.body:
        where = response.header("Location")
        raise Unreadable(f"it redirects to {where}" if where else "its body is empty, no SOAP envelope")
    encoding = response.header("Content-Encoding").strip()
    if encoding.lower() not in ("", "identity"):
        raise Unreadable(f"it is compressed ({encoding}), though nobody asked for that")
    try:
        root = parsed(response.body)
    except Unreadable as problem:
        detail = f": {problem}" if "xml" in media_type.lower() else ""
        raise Unreadable(f"no SOAP envelope, but {media_type}{detail}") from None
    name = etree.QName(root)
    version = _VERSIONS.get(name.namespace or "")
    if name.localname != "Envelope" or version is None:
        raise Unreadable(f"no SOAP envelope, but {media_type} with the root {root.tag}")
    body = root.find(f"{{{version.namespace}}}Body")
    if body is None:
        raise Unreadable("its envelope has no Body")
    return version, body


def _check_content_type(response: HttpResponse, version: SoapVersion) -> None:
    media_type, _, parameters = response.header("Content-Type").partition(";")
    if media_type.strip().lower() != version.media_type:
        said = repr(media_type.strip()) if media_type.strip() else "missing"
        raise Unreadable(
            f"its envelope is SOAP {version.name}, which is {version.media_type}, but its Content-Type is {said}"
        )
    charset = _charset(parameters)
    if charset.lower() not in ("utf-8", ""):
        raise Unreadable(f"its Content-Type says charset={charset}, but only utf-8 is understood by every client")
    if not charset and version.name == "1.1" and not response.body.isascii():
        raise Unreadable("its Content-Type names no charset, so that clients read its non-ASCII characters as others")


def _charset(parameters: str) -> str:
    for one in parameters.split(";"):
        name, _, value = one.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"')
    return ""


def _fault(element: etree._Element, version: SoapVersion, status: int) -> Fault:
    if version.name == "1.1":
        code, text, actor, detail = (element.find(one) for one in ("faultcode", "faultstring", "faultactor", "detail"))
    else:
        prefix = f"{{{version.namespace}}}"
        code = element.find(f"{prefix}Code/{prefix}Value")
        text = _reason(element.findall(f"{prefix}Reason/{prefix}Text"))
        actor, detail = element.find(f"{prefix}Node"), element.find(f"{prefix}Detail")
        # A service that makes its detail by hand leaves it as SOAP 1.1 has it.
        detail = element.find("detail") if detail is None else detail
    if code is None or text is None:
        missing = ("faultcode", "faultstring") if version.name == "1.1" else ("Code", "Reason")
        raise Unreadable(f"it is a fault of SOAP {version.name} without {missing[code is not None]}")
    error = next((one for one in detail if _local(one) == "Error"), None) if detail is not None else None
    parts = {_local(one): one.text or "" for one in error} if error is not None else {}
    number = _NUMBER.fullmatch(parts.get("ErrorNumber", ""))
    return Fault(
        _code(code, version),
        text.text or "",
        int(number[1]) if number else None,
        parts.get("ErrorSource"),
        actor.text or "" if actor is not None else None,
        status,
    )


def _reason(texts: list[etree._Element]) -> etree._Element | None:
    english = (one for one in texts if (one.get(_LANG) or "").lower().startswith("en"))
    return next(english, texts[0] if texts else None)


def _code(element: etree._Element, version: SoapVersion) -> str:
    prefix, _, local = (element.text or "").strip().rpartition(":")
    if prefix and prefix not in element.nsmap:
        raise Unreadable(f"its fault code is {prefix}:{local}, but the prefix {prefix} is not declared")
    return _CODES_OF_1_2.get(local, local) if version.name == "1.2" else local


def _returned(operation: str, response: etree._Element) -> Returned:
    result = CALLS[operation].result
    if result is None:
        return Returned(None)
    element = response.find(f"{{{NAMESPACE}}}{result.name}")
    if element is not None and not len(element) and _is_nil(element):
        element = None
    holder = HOLDERS.get(result.type)
    if holder is not None:
        return _returned_list(holder, element)
    if element is None:
        if result.type in ("int", "long"):
            raise Unreadable(f"{operation}Response lacks {result.name}")
        return Returned(None)
    return Returned(_reader(result)(element))


def _returned_list(holder: Element, result: etree._Element | None) -> Returned:
    if result is None:
        return Returned((), "null-result")
    element = result.find(f"{{{DATATYPES}}}{holder.name}")
    items = _reader(holder)(element) if element is not None else None
    if items is None:
        return Returned((), "null-list")
    return Returned(items, "" if items else "empty-list")


@cache
def _reader(element: Element) -> _Read:
    """What reads an element of that name and type."""
    if element.type in LISTS:
        item = LISTS[element.type]
        return partial(_list, element.name, f"{{{DATATYPES}}}{item}", _reader(Element("", item, item)))
    structure = STRUCTURES.get(element.type)
    if structure is not None:
        members = {f"{{{DATATYPES}}}{one.name}": (one.field, _reader(one)) for one in structure.members}
        # What the WSDL wants and did not come is for the schema to blame; a client would read 0.
        needed = {one.name: 0 for one in fields(structure.kind) if one.default is MISSING}
        return partial(_object, structure.kind, members, needed)
    if element.type in _LIMITS:
        return partial(_number, element)
    return partial(_boolean, element.name) if element.type == "boolean" else _text


def _list(name: str, tag: str, read: _Read, element: etree._Element) -> tuple[Any, ...] | None:
    items = tuple([read(one) for one in element if one.tag == tag])
    if not items and _is_nil(element):
        return None
    if None in items:
        raise Unreadable(f"item {items.index(None) + 1} of its {name} is nil")
    return items


def _object(
    kind: type[Any], members: dict[str, tuple[str, _Read]], needed: dict[str, int], element: etree._Element
) -> Any:
    values: dict[str, Any] = {}
    for child in element:
        field, read = members.get(child.tag, _NO_MEMBER)
        if field not in values:
            values[field] = read(child)
    values.pop("", None)
    if not values and _is_nil(element):
        return None
    return kind(**(needed | values)) if needed else kind(**values)


def _text(element: etree._Element) -> str | None:
    if len(element):
        raise Unreadable(f"its {_short(element.tag)} holds elements where text is due")
    text: str | None = element.text
    return text if text is not None else None if _is_nil(element) else ""


def _number(expected: Element, element: etree._Element) -> int:
    text = _text(element) or ""
    matched = _NUMBER.fullmatch(text)
    value = int(matched[1]) if matched else None
    limit = _LIMITS[expected.type]
    if value is None or not -limit <= value < limit:
        raise Unreadable(f"its {expected.name} is {text[:60]!r}, which is no {expected.type}")
    return value


def _boolean(name: str, element: etree._Element) -> bool:
    text = _text(element) or ""
    value = _BOOLEANS.get(text.strip(" \t\r\n"))
    if value is None:
        raise Unreadable(f"its {name} is {text[:60]!r}, which is no boolean")
    return value


def _is_nil(element: etree._Element) -> bool:
    return element.get(XSI_NIL) in ("true", "1")


def _local(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _short(tag: Any) -> str:
    """A tag without the namespaces that it should be in anyway; a foreign one is told."""
    return str(tag).replace(f"{{{NAMESPACE}}}", "").replace(f"{{{DATATYPES}}}", "")
