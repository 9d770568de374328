"""The OpenAPI 3.1 document of the control API, made of the table of routes and of the classes it names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from pydantic import TypeAdapter

from .. import __version__
from ..calls import ARGUMENTS, OPERATIONS
from ..errors import REFUSALS
from ..journal import OUTCOMES
from ..seed.description import json_schema
from .api import METRICS
from .models import KEPT_BY_CAMPAIGN
from .parameters import PATH_PARAMETERS, Parameter
from .problems import Problem
from .routes import BASE, JSON, ROUTES, TEXT, YAML, Body, Route

_BRACED = re.compile(r"\{(\w+)\}")
_REFERENCE = "#/components/schemas/{model}"
_PROBLEM = "application/problem+json"
_DESCRIPTION = (
    "Steers the contact centers of a fake-ccmm server: their state, their clocks, the journal of what was asked and "
    "answered, faults on demand, and what happens by itself. Dates are ISO 8601, in UTC. What is refused has changed "
    "nothing, and says why as problem details (RFC 9457)."
)
_BOUNDS = {"minimum": -(1 << 63), "maximum": (1 << 63) - 1}
_ERRORS = {
    400: "The body is no JSON.",
    401: "The token is missing or wrong.",
    403: "The request comes from a page of another site, or under a name that may be anybody's.",
    404: "What the path names is not there.",
    409: "It is there already, or has to stay.",
    413: "The body is too large.",
    415: "The body is of another type.",
    422: "Some of what was sent is wrong; errors names the places.",
    503: "It does not work.",
}


def document() -> dict[str, Any]:
    """The whole document, a new one each time."""
    schemas, components = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(BASE + route.path, {})[route.method.lower()] = _operation(route, schemas)
    root = dict(paths[BASE + METRICS]["get"])
    paths[METRICS] = {"get": root | {"operationId": f"{root['operationId']}AtRoot"}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "fake-ccmm control API",
            "version": __version__,
            "description": _DESCRIPTION,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"token": []}, {}],
        "paths": paths,
        "components": {
            "schemas": components,
            "responses": {str(status): _problem(status) for status in _ERRORS},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "Only where the server was given one."}
            },
        },
    }


def document_text() -> str:
    """The text of ``control.openapi.json``."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


def _schemas() -> tuple[dict[str, Any], dict[str, Any]]:
    """The schema of each model of the table, and the components they refer to."""
    models = [Problem, *(one.answer.model for one in ROUTES), *(one.body.model for one in ROUTES if one.body)]
    wanted = {str(one): one for one in models if one is not None}
    adapters: list[tuple[str, Any, TypeAdapter[Any]]] = [
        (name, "validation", TypeAdapter(one)) for name, one in wanted.items()
    ]
    found, rest = TypeAdapter.json_schemas(adapters, ref_template=_REFERENCE)
    schemas = {name: _tidy(schema) for (name, _), schema in found.items()}
    components = {name: _tidy(schema) for name, schema in rest.get("$defs", {}).items()}
    components |= _of_seeds()
    _name_words(components)
    return schemas, dict(sorted(components.items()))


def _of_seeds() -> dict[str, Any]:
    """The classes of a seed as its own JSON Schema describes them."""
    text = json.dumps(json_schema()).replace("#/$defs/", _REFERENCE.format(model=""))
    seed = json.loads(text)
    definitions: dict[str, Any] = seed.pop("$defs")
    for name in ("$schema", "$id"):
        seed.pop(name, None)
    seed["properties"]["$schema"] = {"description": "For editors; it is not looked at."}
    change = dict(definitions["CampaignSeed"])
    del change["required"]
    change["description"] = "What changes about a campaign; all else stays."
    change["properties"] = {name: part for name, part in change["properties"].items() if name not in KEPT_BY_CAMPAIGN}
    for part in change["properties"].values():
        part.pop("default", None)
    return definitions | {"Seed": seed, "CampaignChange": change, "ProfileSettings": seed["properties"]["profile"]}


def _name_words(components: dict[str, Any]) -> None:
    """Say which words there are, where a class has just a text for it."""
    words: dict[str, Iterable[str]] = {"operation": OPERATIONS, "outcome": OUTCOMES, "refusal": REFUSALS}
    for name in ("Conditions", "Expectation"):
        for one, known in words.items():
            components[name]["properties"][one] = {"enum": [*known, None], "default": None}


def _tidy(schema: Any) -> Any:
    """The schema without the titles that only repeat names, and with the bounds that all integers have."""
    if isinstance(schema, list):
        return [_tidy(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found: dict[str, Any] = {}
    for name, value in schema.items():
        if name == "properties":
            found[name] = {one: _tidy(part) for one, part in value.items()}
        elif name == "description":
            found[name] = " ".join(value.split()).replace("``", "")
        elif name != "title":
            found[name] = value if name in ("default", "enum", "const") else _tidy(value)
    return _BOUNDS | found if found.get("type") == "integer" else found


def _operation(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    path = [PATH_PARAMETERS[name] for name in _BRACED.findall(route.path)]
    parameters = [_parameter(one, "path") for one in path]
    parameters += [_parameter(one, "query") for one in _spelled_out(route.query)]
    operation: dict[str, Any] = {
        "operationId": route.name,
        "tags": [route.handler.__module__.rpartition(".")[2]],
        "summary": route.summary,
        "description": " ".join((route.handler.__doc__ or "").split()),
    }
    if parameters:
        operation["parameters"] = parameters
    if route.body is not None:
        operation["requestBody"] = _body(route.body, schemas)
    operation["responses"] = {
        str(route.answer.status): _success(route, schemas),
        **{str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted(_statuses(route))},
    }
    if route.is_open:
        operation["security"] = []
    return operation


def _spelled_out(parameters: Iterable[Parameter]) -> Iterable[Parameter]:
    """The parameters; for a prefix, those with the names that may follow it."""
    for one in parameters:
        if one.is_prefix:
            for name in ARGUMENTS:
                yield Parameter(f"{one.name}.{name}", one.description)
        else:
            yield one


def _parameter(one: Parameter, place: str) -> dict[str, Any]:
    found: dict[str, Any] = {"name": one.name, "in": place, "description": one.description, "schema": one.schema()}
    return found | {"required": True} if place == "path" else found


def _body(body: Body, schemas: dict[str, Any]) -> dict[str, Any]:
    content = {one: {"schema": schemas[str(body.model)]} for one in body.content_types}
    if YAML in content:  # a YAML text of nothing but comments says null
        content[YAML] = {"schema": {"anyOf": [content[YAML]["schema"], {"type": "null"}]}}
    return {"required": body.is_needed, "content": content}


def _success(route: Route, schemas: dict[str, Any]) -> dict[str, Any]:
    answer = route.answer
    found: dict[str, Any] = {"description": HTTPStatus(answer.status).phrase}
    if answer.has_location:
        text = {"description": "Where it is from now on.", "required": True, "schema": {"type": "string"}}
        found["headers"] = {"Location": text}
    if answer.model is not None:
        schema = {"schema": schemas[str(answer.model)]}
        found["content"] = {one: schema if one in (JSON, TEXT) else {} for one in answer.content_types}
    return found


def _problem(status: int) -> dict[str, Any]:
    schema = {"$ref": _REFERENCE.format(model="Problem")}
    return {"description": _ERRORS[status], "content": {_PROBLEM: {"schema": schema}}}


def _statuses(route: Route) -> set[int]:
    """The statuses of all that can go wrong."""
    found = {403, 422, *route.errors}
    if not route.is_open:
        found.add(401)
    if "{" in route.path:
        found.add(404)
    if route.method != "GET":
        found |= {413, 415}
    if route.body is not None:
        found.add(400)
    return found
