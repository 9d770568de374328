"""Everything that can be refused, each with its number, fault code and text.

Numbers 2800, 2801, 2805 and 2831 are those the product family is seen to send; the others are assumed,
as are all texts but those of rules S4 and S7. A profile can replace number, code and text of each.
"""

from __future__ import annotations

from typing import Any, ClassVar

CLIENT = "Client"
SERVER = "Server"


class FakeCcmmError(Exception):
    """The root of every error this package raises on purpose."""


class SetupError(FakeCcmmError):
    """The server cannot be set up as asked; the message says what is wrong and what would be right."""


class Postponed(FakeCcmmError):
    """The call's turn has not come (profile ``limit_answer=delay``): call again after ``seconds``; nothing changed."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"call again in {seconds:.6f} seconds")
        self.seconds = seconds


class NotCarriedOut(FakeCcmmError):
    """A fault rule takes the call's place: the contact center never gets it, and the answer is another."""


class Refusal(FakeCcmmError):
    """A call the contact center refuses, having changed nothing. Becomes a SOAP fault on the wire.

    ``name`` is what a profile calls it, ``number`` the ErrorNumber, ``code`` Client (the caller's mistake) or
    Server (a condition in the data), ``text`` the message with the data's names in braces, ``rule`` its source.
    """

    name: ClassVar[str]
    rule: ClassVar[str]
    number: ClassVar[int]
    code: ClassVar[str] = CLIENT
    text: ClassVar[str]

    def __init__(self, **data: Any) -> None:
        super().__init__(self.text.format(**data))
        self.data = data


class InvalidLogin(Refusal):
    """Wrong name or password, or an administrator of the base install (rules S2 and S3)."""

    name, rule, number = "invalid_login", "S2", 2800
    text = "Invalid Administrator Login Details for : {username}"


class AlreadyLoggedIn(Refusal):
    """The user has a live session; its key stays good (rule S4)."""

    name, rule, number = "already_logged_in", "S4", 2801
    text = "An Application administrator with user ID {username} is already logged in"


class InvalidSessionKey(Refusal):
    """A key that is missing, empty, unknown or destroyed (rule S7)."""

    name, rule, number = "invalid_session_key", "S7", 2805
    text = "Access Denied - Validation of session key failed"


class SessionExpired(Refusal):
    """The key's session was idle for too long (rule S8)."""

    name, rule, number = "session_expired", "S8", 2806
    text = "Access Denied - Session has Expired"


class LoginOnExpiredSession(Refusal):
    """The user's last session expired and was never logged off (rule S8)."""

    name, rule, number = "login_on_expired_session", "S8", 2807
    text = "The session of the Application administrator with user ID {username} has Expired"


class NotLoggedIn(Refusal):
    """Log-off of a user without a session, where the profile refuses that (rule S5)."""

    name, rule, number = "not_logged_in", "S5", 2808
    text = "No Application administrator with user ID {username} is logged in"


class TooSoon(Refusal):
    """Append or close again before its second has passed (rules A4 and X5)."""

    name, rule, number = "too_soon", "A4", 2840
    text = "{operation} can only be called every {seconds:g} seconds"


class UnknownCampaign(Refusal):
    """No campaign has that id (rule C5)."""

    name, rule, number, code = "unknown_campaign", "C5", 2841, SERVER
    text = "Campaign ID not recognised: {campaign_id}"


class InactiveCampaign(Refusal):
    """The campaign is Closed, Completed or Cancelled (rule C5)."""

    name, rule, number, code = "inactive_campaign", "C5", 2842, SERVER
    text = "Campaign {campaign_id} is {status}: only Running, Waiting and Paused campaigns are available"


class SkillsetRequired(Refusal):
    """A contact without a SkillsetID (rule A2)."""

    name, rule, number = "skillset_required", "A2", 2843
    text = "SkillsetID is required"


class UnknownSkillset(Refusal):
    """A contact whose SkillsetID is none of the center's (rule A2)."""

    name, rule, number = "unknown_skillset", "A2", 2844
    text = "SkillsetID not recognised: {skillset_id}"


class UnknownCustomField(Refusal):
    """A custom field the campaign lacks, where the profile refuses that (rule A6)."""

    name, rule, number = "unknown_custom_field", "A6", 2845
    text = "Custom field not recognised: {field_name}"


class UnknownContact(Refusal):
    """No contact of the campaign has that id, or that custom field (rules X1 and T1)."""

    name, rule, number, code = "unknown_contact", "X1", 2831, SERVER
    text = "Contact not recognised: {contact}"


class ContactAlreadyClosed(Refusal):
    """CloseContact of a contact that is closed (rule X4)."""

    name, rule, number, code = "contact_already_closed", "X4", 2846, SERVER
    text = "Contact is already closed: {contact}"


class DispositionCodeNotLinked(Refusal):
    """The disposition code is not one of the campaign's (rule X2)."""

    name, rule, number = "disposition_code_not_linked", "X2", 2847
    text = "Disposition code {disposition_code} is not linked to campaign {campaign_id}"


class PhoneNumberRequired(Refusal):
    """FindContactsByPhoneNumber without a PhoneNo (rule F2)."""

    name, rule, number = "phone_number_required", "F2", 2848
    text = "PhoneNo must not be empty"


class UnknownStatusFilter(Refusal):
    """A ContactStatus that names no status of a contact (rule F3)."""

    name, rule, number = "unknown_status_filter", "F3", 2849
    text = "Contact status not recognised: {status}"


REFUSALS: dict[str, type[Refusal]] = {refusal.name: refusal for refusal in Refusal.__subclasses__()}
"""Every refusal by the name a profile uses for it."""
