"""A client of CCMM's Outbound Web Services made from their WSDL with zeep.

``CcmmClient`` is the part to copy. Started as a program it is driven over JSON lines: see README.md.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from typing import Any

import requests
import zeep
from lxml import etree
from zeep.exceptions import Error as ZeepError
from zeep.exceptions import Fault, TransportError
from zeep.helpers import serialize_object

import json_lines
from json_lines import AlreadyLoggedIn, AnswerLost, ClientError, LoginRefused, NotFound, NotLinked, Refused

TIMEOUT = 10.0
PAGE = 200
PAUSE = 1.05
"""Seconds between two appends, and between two closings: the server allows one a second."""
PACED = ("AppendContactsToCampaign", "CloseContact")
PRIORITY = 3
"""1 (highest) to 6, used where the WSDL has ``priority`` in AppendContactsToCampaign."""

ADDRESS = {**{f"AddressLine{n}": f"line{n}" for n in range(1, 6)}, "Country": "country", "PostCode": "post_code"}
CUSTOM_FIELD = {"Name": "name", "Text": "text", "IsTextVisible": "is_text_visible"}
PHONE_NUMBER = {"IntCode": "int_code", "AreaCode": "area_code", "PhoneNo": "phone_no"}
PLAIN = {
    "CampaignName": "campaign_name",
    "EmailAddress": "email_address",
    "FirstName": "first_name",
    "LastName": "last_name",
    "PreferredAgentID": "preferred_agent_id",
    "PreferredAgentSpecified": "preferred_agent_specified",
    "Title": "title",
    "SkillsetID": "skillset_id",
}
"""The members of a contact that are no types of their own, with our names of them."""


class CcmmClient:
    """One user's work with the services. Every error is a ClientError; ``end`` leaves no session open."""

    def __init__(
        self, services: Mapping[str, str], user: str, password: str, take_over: bool = False, ca: str | None = None
    ) -> None:
        self._user, self._password, self._take_over = user, password, take_over
        self._key: str | None = None
        self._answered: dict[str, float] = {}
        session = requests.Session()
        session.verify = ca or True
        # A connection for each call: the server may close a kept one just as an append is on its way.
        session.headers["Connection"] = "close"
        transport = _StrictTransport(session=session, timeout=TIMEOUT, operation_timeout=TIMEOUT)
        # Not strict: an element that the WSDL does not know is passed over.
        settings = zeep.Settings(strict=False)  # type: ignore[no-untyped-call]
        self._services: dict[str, Any] = {}
        for name, url in services.items():
            try:
                client = zeep.Client(f"{url}?wsdl", transport=transport, settings=settings)
            except (requests.RequestException, ZeepError, etree.XMLSyntaxError) as error:
                raise AnswerLost(f"{url}?wsdl: {error}") from None
            # The address in the WSDL may be one that only the server itself can reach: ours is the one that counts.
            binding = f"{{{client.wsdl.target_namespace if False else TARGET}}}Outbound{name.title()}WSSoap"
            self._services[name] = client.create_service(binding, url)

