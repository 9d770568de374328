"""The servers under load, each in a process of its own: ``python -m benchmarks.servers fake-ccmm|bare|plain-spyne``.

Prints the root URL and a session key, serves until its standard input closes, then prints the CPU seconds it used.
"""

from __future__ import annotations

import gc
import sys
import time
from typing import Any

from fake_ccmm.app import FakeCcmmApp
from fake_ccmm.asmx.paths import APPLICATION
from fake_ccmm.model import Address, Contact
from fake_ccmm.server import FakeCcmm
from fake_ccmm.soap import services, types
from fake_ccmm.soap.compat import Application, Soap11
from fake_ccmm.soap.names import TARGET

from .requests import CAMPAIGN, PASSWORD, USER, center_of

CONTACTS = 1_000


def main(kind: str) -> None:
    center = center_of(CONTACTS)
    server = FakeCcmm(center, log=None)
    if kind == "bare":
        server._app = WithoutMemory(server._worlds, log=None)
    if kind == "plain-spyne":
        server._app = PlainSpyne(center.contacts(CAMPAIGN)[:200])  # type: ignore[assignment]
    with server:
        gc.freeze()  # as the command line does
        print(server.url, center.log_in(USER, PASSWORD), flush=True)
        sys.stdin.read()
    print(time.process_time(), flush=True)


class WithoutMemory(FakeCcmmApp):
    """Our application, but it neither keeps nor counts what it answered."""

    def _remember(self, *_: Any) -> None:
        pass


class PlainSpyne:
    """The same declarations with nothing of ours behind them: spyne's own protocol and WSGI transport."""

    def __init__(self, contacts: list[Contact]) -> None:
        from spyne.server.wsgi import WsgiApplication

        found = types.ArrayOfOWContact(OWContact=[spyne_contact(one) for one in contacts])
        page = types.OWContacts(ContactList=found)
        status = types.OWStatus(Id=1, Name="New")
        self._applications = {}
        for name, parts in services.declared_services("sdk-7.0").items():
            application = Application(parts, TARGET, name=name, in_protocol=Soap11(), out_protocol=Soap11())
            for (method,) in application.interface.service_method_map.values():
                returned = {"Get200CampaignContacts": page, "GetContactStatus": status}.get(method.name)
                method.function = lambda *_, returned=returned: returned
            self._applications[f"{APPLICATION}/{name}.asmx"] = WsgiApplication(application)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        return self._applications[environ["PATH_INFO"]](environ, start_response)


def spyne_contact(contact: Contact) -> Any:
    """A contact as an object of spyne's model."""
    address, number = contact.address or Address(), contact.phone_number
    return types.OWContact(
        ContactID=contact.contact_id,
        CampaignName=contact.campaign_name,
        Address=types.OWAddress(
            AddressLine1=address.line1, AddressLine3=address.line3, Country=address.country, PostCode=address.post_code
        ),
        CustomFieldList=types.ArrayOfOWCustomField(
            OWCustomField=[
                types.OWCustomField(Name=one.name, Text=one.text, IsTextVisible=one.is_text_visible)
                for one in contact.custom_fields or ()
            ]
        ),
        EmailAddress=contact.email_address,
        FirstName=contact.first_name,
        LastName=contact.last_name,
        PhoneNumber=number and types.OWPhoneNumber(AreaCode=number.area_code, PhoneNo=number.phone_no),
        PreferredAgentID=contact.preferred_agent_id,
        PreferredAgentSpecified=contact.preferred_agent_specified,
        SkillsetID=contact.skillset_id,
    )


if __name__ == "__main__":
    main(sys.argv[1])
