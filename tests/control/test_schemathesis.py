"""Whatever the OpenAPI document allows, and much that it does not: the server keeps to it, and never fails."""

from __future__ import annotations

import copy
import json
import os
from typing import Any

import schemathesis
from hypothesis import settings
from schemathesis.config import SchemathesisConfig

from fake_ccmm.faults import FaultRule, Reset
from fake_ccmm.timeline import LogOff, TimelineEvent
from tests.journal.recorded import Recorded, closing

from .steering import DOCUMENT, Steering

IS_QUICK = os.environ.get("FAKE_CCMM_HYPOTHESIS", "quick") == "quick"
THERE = {
    "center": ["default"],
    "name": ["one"],
    "username": ["anna"],
    "campaign_id": [1],
    "contact_id": [1, 2],
    "skillset_id": [11],
    "disposition_code_id": [101],
    "number": [1],
}
"""What paths name, so that not all of it is refused with 404."""

LISTED_ELSEWHERE = {
    "Seed": ("administrators", "skillsets", "disposition_codes", "campaigns", "faults", "timeline"),
    "CampaignSeed": ("contacts",),
    "AddContacts": ("contacts",),
    "NewFaultRules": ("rules",),
}
"""Lists in bodies of what other routes take one by one: to try all of it in each place takes minutes."""

FEW_CHOICES = ("limit_answer", "limit_seconds", "limit_shared", "find_cap", "too_soon")


def prepared() -> Steering:
    """A server that has one of everything."""
    steering = Steering()
    world = steering.world
    world.center.log_in("anna", "tulip")
    world.faults.add(FaultRule(name="one", do=Reset()))
    world.timeline.add(TimelineEvent(name="one", after=60, do=LogOff("anna")))
    world.journal.add(Recorded(closing(1, 7)))
    world.save("one")
    return steering


def examined() -> dict[str, Any]:
    """The document with paths that lead somewhere, and nothing that takes minutes."""
    document = copy.deepcopy(DOCUMENT)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", ()):
                is_made = method == "put" and path.endswith(f"{{{parameter['name']}}}")
                if parameter["in"] == "path" and not is_made:
                    parameter["schema"]["enum"] = THERE[parameter["name"]]
            if IS_QUICK:
                shorten(operation)
    schemas = document["components"]["schemas"]
    schemas["Generate"]["properties"]["count"]["maximum"] = 100
    if IS_QUICK:
        few = {name: schemas["ProfileSettings"]["properties"][name] for name in FEW_CHOICES}
        schemas["FewSettings"] = {"type": "object", "properties": few, "additionalProperties": False}
        for cls, names in LISTED_ELSEWHERE.items():
            short = schemas[f"Short{cls}"] = copy.deepcopy(schemas[cls])
            for name in names:
                short["properties"][name] = {"type": "array", "maxItems": 0}
        schemas["ShortSeed"]["properties"]["profile"] = {"type": "object", "maxProperties": 0}
        schemas["TimelineEvent"] = json.loads(shortened(schemas["TimelineEvent"]))
    return document


def shorten(operation: dict[str, Any]) -> None:
    """Have a request say less than it might."""
    if "requestBody" in operation:
        body = operation["requestBody"] = json.loads(shortened(operation["requestBody"]))
        body["content"] = {"application/json": body["content"]["application/json"]}
    arguments = [one for one in operation.get("parameters", ()) if one["name"].startswith("argument.")]
    for one in arguments[1:]:
        operation["parameters"].remove(one)


def shortened(part: dict[str, Any]) -> str:
    text = json.dumps(part)
    for cls in LISTED_ELSEWHERE:
        text = text.replace(f'schemas/{cls}"', f'schemas/Short{cls}"')
    return text.replace('schemas/ProfileSettings"', 'schemas/FewSettings"')


def config() -> SchemathesisConfig:
    """A 422 may be for what no schema can say: an id that is not there, two fields that do not go together."""
    return SchemathesisConfig.from_dict(
        {
            "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", 401, 403, 404, 409, 422]}},
            "phases": {"coverage": {"unexpected-methods": ["patch"] if IS_QUICK else ["patch", "options", "trace"]}},
        }
    )


schema = schemathesis.openapi.from_dict(examined(), config=config())


@schema.parametrize()
@settings(max_examples=max(settings.default.max_examples // 10, 1))
def test_every_answer_is_one_that_the_document_tells_of(case: schemathesis.Case) -> None:
    case.call_and_validate(app=prepared().api)
