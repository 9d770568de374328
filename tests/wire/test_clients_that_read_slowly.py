"""A client that asks for much and reads little is given its answers as it takes them, and nobody waits for it."""

from __future__ import annotations

from fake_ccmm import Administrator, CampaignDetails, Contact, ContactCenter, FakeCcmm, Skillset
from tests.messages import CAMPAIGN, TEXT_XML, T, envelope, operation
from tests.raw_http import Site

PAGES = 300


def test_many_pages_asked_for_at_once_all_arrive_in_order() -> None:
    center = ContactCenter(administrators=[Administrator("anna", "secret")], skillsets=[Skillset(1, "OB_Test")])
    center.add_campaign(CampaignDetails(1, "Spring"), [Contact(skillset_id=1, title="x" * 500)] * 400)
    key = center.log_in("anna", "secret")
    with FakeCcmm(center) as ccmm:
        site = Site("127.0.0.1", ccmm.port)

        def page(last: int) -> bytes:
            arguments = f"<CampaignID>1</CampaignID><LastContactID>{last}</LastContactID><sessionKey>{key}</sessionKey>"
            headers = [("Content-Type", TEXT_XML), ("SOAPAction", f'"{T}Get200CampaignContacts"')]
            return site.request(
                "POST", CAMPAIGN, headers, envelope(operation("Get200CampaignContacts", arguments)).encode()
            )

        with site.connection() as slow:
            slow.send(b"".join(page(last) for last in range(PAGES)))
            assert site.exchange(page(0)).status == 200, "others are answered meanwhile"
            for last in range(PAGES):
                reply = slow.reply()
                assert reply.status == 200
                assert f"<OWContact><ContactID>{last + 1}</ContactID>".encode() in reply.body
