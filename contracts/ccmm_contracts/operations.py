"""The ten operations, by the services' own names, with their arguments in the words of the domain."""

from __future__ import annotations

from dataclasses import dataclass

UTILITY = "OutboundUtilityWS"
CAMPAIGN = "OutboundCampaignWS"
CONTACT = "OutboundContactWS"
SERVICES = (UTILITY, CAMPAIGN, CONTACT)
"""The three services."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its service, its arguments in the wire's order, and what it does to the server.

    ``writes`` is whether it changes a campaign's contacts, ``limited`` whether it may be called once a second only.
    """

    name: str
    service: str
    arguments: tuple[str, ...]
    writes: bool = False

    @property
    def limited(self) -> bool:
        """Whether it may be called once every second only (rules A4 and X5)."""
        return self.writes


OPERATIONS = {
    one.name: one
    for one in (
        Operation("OutboundLogin", UTILITY, ("username", "password")),
        Operation("OutboundLogoff", UTILITY, ("username",)),
        Operation("GetCampaigns", CAMPAIGN, ("session_key",)),
        Operation("Get200CampaignContacts", CAMPAIGN, ("campaign_id", "last_contact_id", "session_key")),
        Operation(
            "AppendContactsToCampaign", CAMPAIGN, ("campaign_id", "contact", "session_key", "priority"), writes=True
        ),
        Operation(
            "GetContactStatus",
            CONTACT,
            (
                "session_key",
                "contact_id",
                "campaign_id",
                "custom_field_name",
                "custom_field_value",
                "custom_field_passed",
            ),
        ),
        Operation(
            "CloseContact",
            CONTACT,
            (
                "campaign_id",
                "contact_id",
                "custom_field_name",
                "custom_field_value",
                "custom_field_specified",
                "closure_text",
                "disposition_code",
                "disposition_code_specified",
                "session_key",
            ),
            writes=True,
        ),
        Operation("GetContactIDByPhoneNumber", CONTACT, ("phone_number", "campaign_id", "session_key")),
        Operation(
            "FindContactsByPhoneNumber", CONTACT, ("contact_status", "campaign_id", "phone_number", "session_key")
        ),
        Operation(
            "FindContactsByCustomField", CONTACT, ("contact_status", "campaign_id", "custom_field", "session_key")
        ),
    )
}
"""Every operation by its name."""
