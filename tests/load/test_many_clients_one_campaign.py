"""Many clients, each in its own thread and on its own connection, change one campaign at the same time."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from fake_ccmm import (
    Administrator,
    CampaignDetails,
    ContactCenter,
    ContactStatus,
    DispositionCode,
    FakeCcmm,
    Profile,
    Skillset,
)
from tests.messages import APPLICATION, TEXT_XML, envelope, operation
from tests.messages import D as DATATYPES
from tests.messages import T as TARGET
from tests.raw_http import Site

CLIENTS = 12
CONTACTS_EACH = 40
CAMPAIGN = 7


def request(site: Site, service: str, name: str, arguments: str) -> bytes:
    """A call, as bytes."""
    headers = [("Content-Type", TEXT_XML), ("SOAPAction", f'"{TARGET}{name}"')]
    return site.request("POST", f"{APPLICATION}/{service}.asmx", headers, envelope(operation(name, arguments)).encode())


class Client:
    """A logged-in user with a connection of its own."""

    def __init__(self, site: Site, stack: ExitStack, name: str) -> None:
        self._site = site
        self._connection = stack.enter_context(site.connection())
        self.name = name
        arguments = f"<username>{name}</username><password>secret</password>"
        self.key = self._value("OutboundUtilityWS", "OutboundLogin", arguments)

    def append(self, number: str) -> None:
        contact = (
            f'<FirstName xmlns="{DATATYPES}">{self.name}</FirstName>'
            f'<PhoneNumber xmlns="{DATATYPES}"><PhoneNo>{number}</PhoneNo></PhoneNumber>'
            f'<SkillsetID xmlns="{DATATYPES}">1</SkillsetID>'
        )
        arguments = (
            f"<CampaignID>{CAMPAIGN}</CampaignID><contact>{contact}</contact><sessionKey>{self.key}</sessionKey>"
        )
        assert self._value("OutboundCampaignWS", "AppendContactsToCampaign", arguments) == "1"

    def close(self, contact_id: int) -> None:
        arguments = (
            f"<campaignId>{CAMPAIGN}</campaignId><contactId>{contact_id}</contactId>"
            f"<closedReasonCodeValue>1</closedReasonCodeValue><closedReasonCodeSpecified>true</closedReasonCodeSpecified>"
            f"<sessionKey>{self.key}</sessionKey>"
        )
        assert self._value("OutboundContactWS", "CloseContact", arguments) == "1"

    def id_of(self, number: str) -> int:
        arguments = (
            f'<phoneNumber><PhoneNo xmlns="{DATATYPES}">{number}</PhoneNo></phoneNumber>'
            f"<CampaignID>{CAMPAIGN}</CampaignID><sessionkey>{self.key}</sessionkey>"
        )
        return int(self._value("OutboundContactWS", "GetContactIDByPhoneNumber", arguments))

    def all_ids(self) -> list[int]:
        """Every contact's id, page after page, as a client collects them."""
        found: list[int] = []
        while True:
            last = found[-1] if found else 0
            arguments = (
                f"<CampaignID>{CAMPAIGN}</CampaignID><LastContactID>{last}</LastContactID>"
                f"<sessionKey>{self.key}</sessionKey>"
            )
            page = self._answer("OutboundCampaignWS", "Get200CampaignContacts", arguments)
            ids = [int(one) for one in re.findall("<ContactID>([0-9]+)</ContactID>", page)]
            if not ids:
                return found
            found += ids

    def counts(self) -> tuple[int, int, int]:
        page = self._answer("OutboundCampaignWS", "GetCampaigns", f"<sessionKey>{self.key}</sessionKey>")
        names = ("NumberOfContacts", "NumberOfContactsClosed", "NumberOfContactsProcessed")
        total, closed, processed = (int(re.findall(f"<{name}>([0-9]+)<", page)[0]) for name in names)
        return total, closed, processed

    def _value(self, service: str, operation: str, arguments: str) -> str:
        answer = self._answer(service, operation, arguments)
        return answer.split(f"<{operation}Result>")[1].split("<")[0]

    def _answer(self, service: str, operation: str, arguments: str) -> str:
        self._connection.send(request(self._site, service, operation, arguments))
        reply = self._connection.reply()
        assert reply.status == 200, reply.body.decode()
        return reply.body.decode()


def in_threads(work: Callable[[int], None]) -> None:
    """Run the work of every client at once; the first failure is the test's."""
    failures: list[BaseException] = []
    start = threading.Barrier(CLIENTS)

    def run(index: int) -> None:
        try:
            start.wait()
            work(index)
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


@pytest.mark.rule("A1")
@pytest.mark.rule("A5")
@pytest.mark.rule("C3")
def test_no_contact_is_lost_or_doubled_when_many_clients_append_find_close_and_page() -> None:
    center = ContactCenter(
        administrators=[Administrator(f"user{index}", "secret") for index in range(CLIENTS)],
        skillsets=[Skillset(1, "OB_Test")],
        profile=Profile(limit_seconds=0.0),
    )
    center.add_campaign(CampaignDetails(CAMPAIGN, "Busy", disposition_codes=(DispositionCode(1, "Completed"),)))
    seen_while_growing: list[list[int]] = []
    with FakeCcmm(center) as ccmm, ExitStack() as stack:
        site = Site("127.0.0.1", ccmm.port)
        clients = [Client(site, stack, f"user{index}") for index in range(CLIENTS)]

        def work(index: int) -> None:
            client = clients[index]
            for turn in range(CONTACTS_EACH):
                number = f"{index}-{turn}"
                client.append(number)
                contact_id = client.id_of(number)
                assert contact_id > 0
                if turn % 2:
                    client.close(contact_id)
                if turn % 10 == 0:
                    seen_while_growing.append(client.all_ids())

        in_threads(work)
        ids, counts = clients[0].all_ids(), clients[0].counts()
    total = CLIENTS * CONTACTS_EACH
    assert ids == sorted(set(ids))
    assert len(ids) == total
    assert counts == (total, total // 2, total // 2)
    for page in seen_while_growing:
        assert page == ids[: len(page)], "a page seen earlier is how the campaign began"
    contacts = center.contacts(CAMPAIGN)
    numbers = sorted(one.phone_number.phone_no or "" for one in contacts if one.phone_number)
    assert numbers == sorted(f"{index}-{turn}" for index in range(CLIENTS) for turn in range(CONTACTS_EACH))
    assert sum(one.status is ContactStatus.CLOSED for one in contacts) == total // 2


@pytest.mark.rule("A4")
def test_of_many_appends_within_one_second_of_one_session_just_one_is_carried_out() -> None:
    center = ContactCenter(
        administrators=[Administrator("user", "secret")],
        skillsets=[Skillset(1, "OB_Test")],
        profile=Profile(limit_seconds=3600.0),
    )
    center.add_campaign(CampaignDetails(CAMPAIGN, "Busy"))
    key = center.log_in("user", "secret")
    contact = f'<contact><SkillsetID xmlns="{DATATYPES}">1</SkillsetID></contact>'
    arguments = f"<CampaignID>{CAMPAIGN}</CampaignID>{contact}<sessionKey>{key}</sessionKey>"
    statuses: list[int] = []
    with FakeCcmm(center) as ccmm:
        site = Site("127.0.0.1", ccmm.port)
        append = request(site, "OutboundCampaignWS", "AppendContactsToCampaign", arguments)

        def work(index: int) -> None:
            statuses.append(site.exchange(append).status)

        in_threads(work)
    assert sorted(statuses) == [200] + [500] * (CLIENTS - 1)
    assert len(center.contacts(CAMPAIGN)) == 1
