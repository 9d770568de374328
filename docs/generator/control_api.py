"""The page of the control API: its OpenAPI document in words, with examples that were run."""

from __future__ import annotations

from typing import Any

from fake_ccmm.control.openapi import document

from .control_examples import Shown, run_examples
from .markdown import block, code, codes, plain, sentence, table
from .markdown import page as whole
from .schemas import Schema, described, fields, type_of

_BASE = "/control/v1"

_LEAD = """\
Everything that steers a center in Python is there over HTTP too.
[Use the control API](../how-to/use-the-control-api.md) begins at the beginning; this page lists it all. It is made of
the OpenAPI 3.1 document that the server has at `/control/v1/openapi.json`, for API browsers and generators of clients.
Paths are below `/control/v1`; `{center}` is a
center's name, `default` for the one at the server's root."""

_EXAMPLES = """\
The examples were run when this page was made, on a server with a small [seed](../how-to/seed-a-world.md) and a stopped
clock; long answers are cut at `...`. `curl --json DATA` is short for
`--data DATA` with the Content-Type and Accept of JSON, `$api` stands for `http://127.0.0.1:8000/control/v1`."""

_TAGS = {
    "service": "The service",
    "centers": "Centers, seeds and snapshots",
    "clock": "Clock",
    "profile": "Profile",
    "campaigns": "Campaigns",
    "contacts": "Contacts",
    "people": "Sessions, administrators, skillsets and codes",
    "journal": "Journal",
    "faults": "Faults",
    "timeline": "Timeline",
}


def page() -> str:
    """The text of the page; a KeyError where a route has no example or its tag no title."""
    api = document()
    routes = [
        (method.upper(), path.removeprefix(_BASE) or "/", operation)
        for path, methods in api["paths"].items()
        for method, operation in methods.items()
        if path.startswith(_BASE)
    ]
    shown = run_examples([(method, path) for method, path, _ in routes])
    index = table(
        ("Method", "Path", "What it does"),
        ([method, code(path), f"[{plain(one['summary'])}](#{_anchor(method, path)})"] for method, path, one in routes),
    )
    parts: list[str] = []
    for tag, title in _TAGS.items():
        parts.append(f"## {title}")
        parts += (_route(*one, shown[one[0], one[1]]) for one in routes if one[2]["tags"] == [tag])
    unknown = {tag for *_, one in routes for tag in one["tags"]} - _TAGS.keys()
    if unknown:
        raise KeyError(f"docs/generator/control_api.py has no title for {unknown}")
    schemas = api["components"]["schemas"]
    return whole(
        "The control API",
        _LEAD,
        plain(api["info"]["description"]),
        "Figures for Prometheus are at `/metrics` of the server's root as well.",
        "## Routes",
        index,
        "## What can be wrong",
        _problems(api),
        "## Who may use it",
        _security(api),
        _EXAMPLES,
        *parts,
        "## Schemas",
        *(_schema(name, schemas[name]) for name in schemas),
    )


def _route(method: str, path: str, operation: dict[str, Any], example: Shown) -> str:
    parts = [f"### {method} {path}", _told(operation)]
    parameters = operation.get("parameters", [])
    if parameters:
        rows = (
            [code(one["name"]), one["in"], type_of(one["schema"]), "yes" if one.get("required") else "", _told_of(one)]
            for one in _without_prefixed(parameters)
        )
        parts.append(table(("Parameter", "In", "Type", "Needed", "What it is"), rows))
    body = operation.get("requestBody")
    if body:
        needed = "" if body["required"] else ", or none"
        parts.append(f"Body: {_type_of_content(body['content'])} as {codes(body['content'])}{needed}.")
    parts.append(_answers(operation["responses"]))
    parts.append(block("sh", example.request))
    if example.answer:
        parts.append(block("text", example.answer))
    return "\n\n".join(parts)


def _told(operation: dict[str, Any]) -> str:
    summary, description = sentence(plain(operation["summary"])), sentence(plain(operation["description"]))
    return description if description.startswith(summary[:-1]) else f"{summary} {description}"


def _told_of(parameter: dict[str, Any]) -> str:
    return described(parameter) or described(parameter["schema"])


def _without_prefixed(parameters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The parameters, those that only differ behind a dot as one."""
    found: dict[str, dict[str, Any]] = {}
    for one in parameters:
        prefix, dot, _ = one["name"].partition(".")
        found.setdefault(prefix + dot, {**one, "name": f"{prefix}.NAME"} if dot else one)
    return list(found.values())


def _type_of_content(content: dict[str, Any]) -> str:
    return next((type_of(one["schema"]) for one in content.values() if "schema" in one), "bytes")


def _answers(responses: dict[str, Any]) -> str:
    told = []
    for status, answer in responses.items():
        if status >= "400":
            continue
        content = answer.get("content", {})
        what = f": {_type_of_content(content)} as {codes(content)}" if content else ", with nothing in it"
        where = ", and the header `Location`" if "headers" in answer else ""
        told.append(f"Answer: {status}{what}{where}.")
    refused = [status for status in responses if status >= "400"]
    if refused:
        told.append(f"[Refused](#what-can-be-wrong) with {', '.join(refused)}.")
    return " ".join(told)


def _problems(api: dict[str, Any]) -> str:
    rows = ([status, plain(one["description"])] for status, one in api["components"]["responses"].items())
    lead = "The answer is a [Problem](#problem) as `application/problem+json`, and nothing has changed."
    return f"{lead}\n\n{table(('Status', 'When'), rows)}"


def _security(api: dict[str, Any]) -> str:
    (scheme,) = api["components"]["securitySchemes"].values()
    told = plain(scheme["description"])
    open_to_all = [
        code(path.removeprefix(_BASE)) for path, one in api["paths"].items() for each in one.values()
        if each.get("security") == [] and path.startswith(_BASE)
    ]  # fmt: skip
    return f"`Authorization: Bearer TOKEN`. {told} Without a token: {', '.join(open_to_all)}."


def _schema(name: str, schema: Schema) -> str:
    parts = [f"### {name}", described(schema), fields(schema)]
    return "\n\n".join(part for part in parts if part)


def _anchor(method: str, path: str) -> str:
    """The anchor of a route's heading: letters, digits, blanks as hyphens, and hyphens and underscores as they are."""
    heading = f"{method} {path}".lower()
    return "".join("-" if one == " " else one for one in heading if one.isalnum() or one in " -_")
