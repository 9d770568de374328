"""The JSON Schema of seeds, which ships with the package and goes by the classes."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

import fake_ccmm.seed
from fake_ccmm.seed import json_schema
from fake_ccmm.seed.description import json_schema_text

from .samples import JSON, TOML, YAML

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FILE = Path(fake_ccmm.seed.__file__).with_name("seed.schema.json")
VALIDATOR = jsonschema_rs.validator_for(json_schema())


def is_valid(document: Any) -> bool:
    """Whether a document is as the schema says."""
    return VALIDATOR.is_valid(document)


def test_the_file_in_the_package_is_up_to_date() -> None:
    """To renew it: ``python -c "from fake_ccmm.seed.description import *; print(json_schema_text(), end='')"``."""
    assert FILE.read_text("utf-8") == json_schema_text()


def test_the_schema_is_a_schema() -> None:
    schema = json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"]
    jsonschema_rs.meta.validate(schema)
    assert json_schema() is not schema


def test_each_object_of_the_schema_is_described_and_closed() -> None:
    for name, one in json_schema()["$defs"].items():
        assert one["description"], name
        assert one["additionalProperties"] is False, name


@pytest.mark.parametrize(
    "document",
    [
        json.loads(JSON),
        yaml.safe_load(YAML),
        tomllib.loads(TOML),
        {},
        {"profile": {"unknown_campaign": "empty", "unknown_campaign.number": 5}},
        {"profile": {"unknown_campaign": {"number": 5}}},
        {"faults": [{"do": {"kind": "reset"}}]},
    ],
)
def test_seeds_are_valid(document: Any) -> None:
    plain = json.loads(json.dumps(document, default=date.isoformat))
    VALIDATOR.validate(plain)


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"campains": []},
        {"campaigns": [{"campaign_id": "1", "name": "a"}]},
        {"campaigns": [{"campaign_id": 1}]},
        {"campaigns": [{"campaign_id": 1, "name": "a", "status": "running"}]},
        {"campaigns": [{"campaign_id": 1, "name": "a", "skillset": "OB"}]},
        {"clock": {"start": "soon"}},
        {"fault_seed": 1 << 63},
        {"faults": [{"do": {"bytes": 3}}]},
        {"faults": [{"do": {"kind": "reset"}, "when": {"operation": "Close"}}]},
        {"profile": {"too_son": {"number": 1}}},
        {"profile": {"limit_seconds": "1"}},
    ],
)
def test_what_is_no_seed_is_not_valid(document: Any) -> None:
    assert not is_valid(document)


def test_classes_cost_neither_pydantic_nor_yaml() -> None:
    program = (
        "import sys; from fake_ccmm.seed import Seed, CampaignSeed, SeedError;"
        "print([name for name in ('pydantic', 'yaml', 'tomli_w', 'fake_ccmm.demo') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert ran.stdout.strip() == "[]"
