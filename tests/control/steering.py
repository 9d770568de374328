"""A small center behind the control API, and a client that holds every answer against the OpenAPI document."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import jsonschema_rs
from werkzeug.test import Client, TestResponse

from fake_ccmm.center import ContactCenter
from fake_ccmm.clock import SettableClock
from fake_ccmm.control import ControlApi
from fake_ccmm.control.openapi import document
from fake_ccmm.model import Administrator, CampaignDetails, Contact, CustomField, DispositionCode, Skillset
from fake_ccmm.soap.contact_xml import XML_CONTACTS
from fake_ccmm.world import World, Worlds

START = datetime(2026, 3, 2, 9, 0, 0)
SALES = Skillset(11, "Sales")
SOLD = DispositionCode(101, "Sold", numeric_value=7)
SPRING = CampaignDetails(
    1,
    "Spring",
    skillset=SALES,
    description="Renewals",
    date_created=datetime(2026, 1, 15, 8, 30),
    disposition_codes=(SOLD,),
    custom_field_names=("Account",),
)
AUTUMN = CampaignDetails(2, "Autumn")
BASE = "/control/v1"
DEFAULT = f"{BASE}/centers/default"
DOCUMENT: dict[str, Any] = document()

_PATHS = {re.compile("[^/]+".join(map(re.escape, re.split(r"\{\w+\}", path)))): path for path in DOCUMENT["paths"]}


def small_center() -> ContactCenter:
    """Two campaigns, the first with two contacts, under a clock that stands still."""
    center = ContactCenter(
        administrators=(Administrator("anna", "tulip"), Administrator("webadmin", "webadmin", base_install=True)),
        skillsets=(SALES,),
        disposition_codes=(SOLD,),
        clock=SettableClock(START),
        codec=XML_CONTACTS,
    )
    center.add_campaign(SPRING)
    center.add_campaign(AUTUMN)
    people = [
        Contact(first_name=name, skillset_id=11, custom_fields=(CustomField("Account", name),))
        for name in ("Ann", "Zoë")
    ]
    center.load_contacts(1, people)
    return center


class Steering:
    """The API over one small center, and its client: each method sends a request and checks the answer."""

    def __init__(
        self, *, token: str | None = None, check_soap: Callable[[], None] = lambda: None, port: int | None = None
    ) -> None:
        self.worlds = Worlds(World(small_center()))
        self.api = ControlApi(self.worlds, token=token, check_soap=check_soap, port=port)
        self._client = Client(self.api)

    @property
    def world(self) -> World:
        return self.worlds.default

    @property
    def center(self) -> ContactCenter:
        return self.world.center

    def send(self, method: str, path: str, **how: Any) -> TestResponse:
        """Send a request as it is; the answer has to be one that the document tells of."""
        answer = self._client.open(path, method=method, **how)
        check_answer(method, path.partition("?")[0], answer)
        return answer

    def get(self, path: str, status: int = 200) -> Any:
        return self._value(self.send("GET", path), status)

    def put(self, path: str, body: Any = None, status: int = 200) -> Any:
        return self._value(self._send("PUT", path, body), status)

    def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        return self._value(self._send("POST", path, body), status)

    def patch(self, path: str, body: Any, status: int = 200) -> Any:
        return self._value(self._send("PATCH", path, body), status)

    def delete(self, path: str, status: int = 204) -> Any:
        return self._value(self.send("DELETE", path), status)

    def errors(self, method: str, path: str, body: Any = None, status: int = 422) -> dict[str, str]:
        """What is wrong with a body, by places."""
        problem = self._value(self._send(method, path, body), status)
        return {one["place"]: one["message"] for one in problem["errors"]}

    def _send(self, method: str, path: str, body: Any) -> TestResponse:
        return self.send(method, path) if body is None else self.send(method, path, json=body)

    @staticmethod
    def _value(answer: TestResponse, status: int) -> Any:
        text = answer.get_data(as_text=True)
        assert answer.status_code == status, text
        return json.loads(text) if "json" in (answer.content_type or "") else text


def check_answer(method: str, path: str, answer: TestResponse) -> None:
    """Hold an answer against what the document says of the route: status, content type, schema, headers."""
    one = path.removesuffix("/")
    template = next((known for pattern, known in _PATHS.items() if pattern.fullmatch(one)), None)
    if template is None or method.lower() not in DOCUMENT["paths"][template]:
        assert answer.status_code in (200, 204, 401, 403, 404, 405)  # HEAD and OPTIONS, and what is not there
        return
    responses = DOCUMENT["paths"][template][method.lower()]["responses"]
    assert str(answer.status_code) in responses, (method, path, answer.status_code, answer.get_data(as_text=True))
    told = responses[str(answer.status_code)]
    if "$ref" in told:
        told = DOCUMENT["components"]["responses"][told["$ref"].rpartition("/")[2]]
    assert set(told.get("headers", ())) <= set(answer.headers.keys())
    content = told.get("content")
    if content is None:
        assert not answer.get_data()
        assert answer.content_type is None
        return
    mimetype = answer.mimetype or ""
    assert mimetype in content
    schema = content[mimetype].get("schema")
    if schema is not None and "json" in mimetype:
        check_schema(schema, json.loads(answer.get_data()))


def check_schema(schema: dict[str, Any], value: Any) -> None:
    """Hold a value against a schema of the document."""
    whole = {**schema, "components": DOCUMENT["components"]}
    jsonschema_rs.Draft202012Validator(whole, validate_formats=True).validate(value)
