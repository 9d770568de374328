"""JSON Schemas of the OpenAPI document as Markdown: a type in words, and a table of the fields of an object."""

from __future__ import annotations

import json
from typing import Any

from .markdown import code, plain, table

Schema = dict[str, Any]

_WORDS = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "null": "null",
    "object": "object",
}


def type_of(schema: Schema) -> str:
    """What kind of value it is, in words, with links to the schemas that it names."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "const" in schema:
        return code(json.dumps(schema["const"], ensure_ascii=False))
    if "enum" in schema:
        return " or ".join(code(json.dumps(one, ensure_ascii=False)) for one in schema["enum"])
    for several in ("anyOf", "oneOf"):
        if several in schema:
            return " or ".join(dict.fromkeys(type_of(one) for one in schema[several]))
    if schema.get("type") == "array":
        return f"list of {type_of(schema['items'])}" if schema.get("items") else "list"
    if schema.get("type") == "object":
        values = schema.get("additionalProperties")
        return f"object of {type_of(values)}" if isinstance(values, dict) and values else "object"
    if schema.get("format") == "date-time":
        return "date and time"
    if isinstance(schema.get("type"), list):
        return " or ".join(_WORDS[one] for one in schema["type"])
    return _WORDS.get(schema.get("type", ""), "anything")


def described(schema: Schema) -> str:
    """The description and the bounds of a value, or of the one among several that has some."""
    texts = [schema.get("description", "")]
    if not texts[0]:
        texts = [one.get("description", "") for one in schema.get("anyOf", []) if one.get("description")]
    return " ".join(plain(text) for text in texts if text)


def fields(schema: Schema) -> str:
    """The table of the fields of an object, or what else it is."""
    properties = schema.get("properties")
    if not properties:
        return (
            f"It is {type_of(schema)}." if "type" not in schema or schema["type"] != "object" else "It has no fields."
        )
    required = schema.get("required", ())
    rows = []
    for name, part in properties.items():
        default = code(json.dumps(part["default"], ensure_ascii=False)) if "default" in part else ""
        rows.append([code(name), type_of(part), "yes" if name in required else "", default, described(part)])
    return table(("Field", "Type", "Needed", "Default", "What it is"), rows)
