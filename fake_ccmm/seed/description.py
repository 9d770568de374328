"""The JSON Schema of seeds, which editors use for all three formats; made of the classes themselves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING
from datetime import datetime
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from ..calls import OPERATIONS
from ..errors import REFUSALS
from ..model import Administrator, DispositionCode
from ..profile import choices
from .schema import CampaignSeed, ClockSeed, ClosureSeed, ContactSeed, Generate, Seed
from .shape import alternatives, classes, default_of, field_names, hints, is_mapping, item_of, members
from .writing import to_document

SCHEMA_ID = "https://fake-ccmm.invalid/seed.schema.json"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"

_TYPES: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer", "minimum": -(1 << 63), "maximum": (1 << 63) - 1},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    datetime: {
        "type": "string",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}",
        "description": "A date and time such as 2026-01-31T08:00:00Z; UTC where it names no offset.",
    },
}

_CUSTOM_FIELDS = "A list of fields or, in short, names with their texts: {AccountNumber: A-1}."
_PROFILE = (
    "Choices by name, and the wording of refusals: {too_soon: {number: 1, code: Client}}. "
    "Beside a choice of the refusal's name, dotted: {unknown_campaign: empty, unknown_campaign.number: 1}."
)
_DESCRIPTIONS: dict[tuple[type, str], str] = {
    (Administrator, "base_install"): "Those of the base install may not log in.",
    (DispositionCode, "numeric_value"): "The number that reports show.",
    (DispositionCode, "retry_timeout"): "In minutes.",
    (ClosureSeed, "disposition_code"): "The id of one of the campaign's disposition codes, or a code in full.",
    (ContactSeed, "contact_id"): "0 or left out: the next id of the center.",
    (ContactSeed, "skillset_id"): "Left out: that of the campaign's skillset.",
    (ContactSeed, "priority"): "1 (highest) to 6; 0 is none.",
    (ContactSeed, "closure"): "Only for a contact that is Closed.",
    (Generate, "seed"): "Other seeds give other people.",
    (Generate, "locales"): "Countries they are from, such as de, gb and jp; none: all there are.",
    (Generate, "closed_every"): "2: each second one is Closed; 0: none is.",
    (CampaignSeed, "skillset"): "The id of one of the seed's skillsets, or a skillset in full.",
    (CampaignSeed, "auto_dial_timeout"): "In seconds.",
    (CampaignSeed, "minimum_ring_time"): "In seconds.",
    (CampaignSeed, "disposition_codes"): "Ids of the seed's disposition codes, or codes in full.",
    (CampaignSeed, "custom_field_names"): "The custom fields its contacts may have.",
    (CampaignSeed, "contacts_file"): "A CSV file with more contacts, from the folder of the seed file.",
    (ClockSeed, "start"): "The time at the start.",
    (ClockSeed, "frozen"): "Whether the clock stands still.",
    (ClockSeed, "offset"): "Seconds that a running clock is ahead of the machine's time, instead of a start.",
    (Seed, "last_contact_id"): "The greatest id given out so far, where no contact has it any more.",
    (Seed, "fault_seed"): "What the chance in faults starts from.",
}


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a seed, a new one each time."""
    definitions = {cls.__name__: _object(cls) for cls in classes(Seed)}
    seed = definitions.pop("Seed")
    seed["properties"] = {"$schema": {"type": "string"}, **seed["properties"], "profile": _profile()}
    definitions["Contact"]["properties"]["custom_fields"] = _custom_fields()
    definitions["ContactSeed"]["properties"]["custom_fields"] = _custom_fields()
    definitions["CallPattern"]["properties"]["operation"] = {"enum": [*OPERATIONS, None]}
    head = {"$schema": _DIALECT, "$id": SCHEMA_ID, "title": "Seed of a fake-ccmm contact center"}
    return {**head, **seed, "$defs": dict(sorted(definitions.items()))}


def json_schema_text() -> str:
    """The text of ``seed.schema.json``."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def _object(cls: type) -> dict[str, Any]:
    """The schema of a dataclass."""
    properties = {name: _property(cls, name, hint) for name, hint in hints(cls).items()}
    found: dict[str, Any] = {"description": " ".join((cls.__doc__ or "").split()).replace("``", "")}
    found |= {"type": "object", "properties": properties, "additionalProperties": False}
    required = [name for name in field_names(cls) if name == "kind" or default_of(cls, name) is MISSING]
    return {**found, "required": required} if required else found


def _property(cls: Any, name: str, hint: Any) -> dict[str, Any]:
    found = _schema(hint)
    default = default_of(cls, name)
    if default is not MISSING and default is not None and name != "kind":
        found["default"] = to_document(default)
    own = _DESCRIPTIONS.get((cls, name))
    return {"description": own, **found} if own else found


def _schema(hint: Any) -> dict[str, Any]:
    """The schema of a type."""
    choices = alternatives(hint)
    if len(choices) > 1:
        return {"anyOf": [_schema(one) for one in choices]}
    if hint in _TYPES:
        return dict(_TYPES[hint])
    if item_of(hint) is not None:
        return {"type": "array", "items": _schema(item_of(hint))}
    if is_mapping(hint):
        return {"type": "object"}
    if get_origin(hint) is Literal:
        words = get_args(hint)
        return {"const": words[0]} if len(words) == 1 else {"enum": list(words)}
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [one.value for one in hint]}
    if members(hint):
        return {"$ref": f"#/$defs/{hint.__name__}"}
    return {}


def _custom_fields() -> dict[str, Any]:
    return {
        "description": _CUSTOM_FIELDS,
        "anyOf": [
            {"type": "array", "items": {"$ref": "#/$defs/CustomField"}},
            {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
            {"type": "null"},
        ],
    }


_KINDS: Mapping[str, dict[str, Any]] = {
    "true": {"type": "boolean"},
    "whole number": {"type": "integer"},
    "number": {"type": "number"},
}


def _profile() -> dict[str, Any]:
    """The choices of a profile, and the wordings of refusals."""
    properties: dict[str, Any] = {}
    for one in choices():
        kind = _KINDS.get(one.alternatives[0]) or {"enum": list(one.alternatives)}
        properties[one.name] = {"description": f"{one.reason} ({one.rules})", **kind, "default": one.default}
    wording = {
        "type": "object",
        "properties": {
            "number": {"type": "integer"},
            "code": {"enum": ["Client", "Server"]},
            "text": {"type": "string", "minLength": 1},
        },
        "additionalProperties": False,
    }
    for name in sorted(REFUSALS):
        # Some refusals are called as the choice is that they depend on.
        properties[name] = {"anyOf": [properties[name], wording]} if name in properties else wording
    return {
        "description": _PROFILE,
        "type": "object",
        "properties": properties,
        "patternProperties": {"^[a-z_]+\\.(number|code|text)$": {"type": ["string", "integer"]}},
        "additionalProperties": False,
    }
