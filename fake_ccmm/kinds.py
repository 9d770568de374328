"""How a reader of JSON tells the members of a union apart: by their ``kind``, and by nothing else."""

from __future__ import annotations

from typing import Any, get_args

CLOSED = {"extra": "forbid"}
"""For ``__pydantic_config__``: a field that does not exist is a mistake, not something to pass over."""


class ByKind:
    """Marks a union of dataclasses, each with a Literal ``kind``, for whoever reads it with pydantic.

    Without the mark pydantic takes ``{}`` for whichever member fits first and explains a mistake once a member.
    """

    def __get_pydantic_core_schema__(self, union: Any, handler: Any) -> dict[str, Any]:
        # A core schema is a plain dict, so that nothing has to be imported to make one.
        choices = {kind_of(member): handler.generate_schema(member) for member in get_args(union)}
        return {"type": "tagged-union", "discriminator": "kind", "choices": choices}

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> dict[str, Any]:
        # The default of ``kind`` is for Python; a JSON text has to have it.
        union: dict[str, Any] = handler(schema)
        for choice in union["oneOf"]:
            member = handler.resolve_ref_schema(choice)
            member["required"] = ["kind", *(name for name in member.get("required", ()) if name != "kind")]
        return union


def kind_of(member: Any) -> str:
    """The word a dataclass (or one of its values) goes by in JSON."""
    return str(member.__dataclass_fields__["kind"].default)


def members(annotated_union: Any) -> tuple[type, ...]:
    """The dataclasses of ``Annotated[A | B | ..., ByKind()]``."""
    return get_args(get_args(annotated_union)[0])
