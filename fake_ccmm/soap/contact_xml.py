"""Contacts kept as the bytes of their XML: made once, joined into pages as they are."""

from __future__ import annotations

from ..model import Address, Contact, CustomField, PhoneNumber, check_carried
from .document import Document
from .names import DATATYPES
from .reading import Cursor, object_reader
from .types import OWContact
from .values import contact_of
from .writing import escape

_LONG = 1 << 63
_START = "<OWContact"
_EMPTY_LIST = f'<ContactList xmlns="{DATATYPES}" />'.encode()
_LIST_START = f'<ContactList xmlns="{DATATYPES}">'.encode()
_LIST_END = b"</ContactList>"


class XmlContacts:
    """The codec of a center that is served: a record is the bytes of an OWContact element."""

    def encode(self, contact: Contact, contact_id: int) -> bytes:
        """The element's bytes; a ValueError names a character or a number that the wire cannot carry."""
        for number in (contact_id, contact.preferred_agent_id, contact.skillset_id):
            if not -_LONG <= number < _LONG:
                raise ValueError(f"a contact's numbers are 64-bit, and {number} is not")
        xml = _contact(contact, contact_id)
        check_carried(xml, "a contact's text")
        return xml.encode()

    def decode(self, record: bytes) -> Contact:
        """The contact those bytes were made from."""
        # A carriage return goes out raw, and a parser would read it as a line feed: kept, it must stay what it is.
        text = record.decode().replace("\r", "&#13;")
        document = Document(f'{_START} xmlns="{DATATYPES}"{text[len(_START) :]}')
        return contact_of(_read_contact(Cursor(document)))


XML_CONTACTS = XmlContacts()
_read_contact = object_reader(OWContact)


def page_parts(records: list[bytes]) -> list[bytes]:
    """The ContactList of a page of records, to be joined into its answer."""
    return [_LIST_START, *records, _LIST_END] if records else [_EMPTY_LIST]


def _contact(contact: Contact, contact_id: int) -> str:
    """The element, member by member: a million of them are written when a large campaign is loaded."""
    return (
        f"<OWContact><ContactID>{contact_id}</ContactID>"
        f"{_text('CampaignName', contact.campaign_name)}"
        f"{_address(contact.address)}"
        f"{_custom_fields(contact.custom_fields)}"
        f"{_text('EmailAddress', contact.email_address)}"
        f"{_text('FirstName', contact.first_name)}"
        f"{_text('LastName', contact.last_name)}"
        f"{_phone_number(contact.phone_number)}"
        f"<PreferredAgentID>{contact.preferred_agent_id}</PreferredAgentID>"
        f"<PreferredAgentSpecified>{_boolean(contact.preferred_agent_specified)}</PreferredAgentSpecified>"
        f"{_text('Title', contact.title)}"
        f"<SkillsetID>{contact.skillset_id}</SkillsetID></OWContact>"
    )


def _text(name: str, value: str | None) -> str:
    if value is None:
        return ""
    return f"<{name}>{escape(value)}</{name}>" if value else f"<{name} />"


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _holder(name: str, inner: str) -> str:
    return f"<{name}>{inner}</{name}>" if inner else f"<{name} />"


def _address(address: Address | None) -> str:
    if address is None:
        return ""
    return _holder(
        "Address",
        f"{_text('AddressLine1', address.line1)}{_text('AddressLine2', address.line2)}"
        f"{_text('AddressLine3', address.line3)}{_text('AddressLine4', address.line4)}"
        f"{_text('AddressLine5', address.line5)}{_text('Country', address.country)}"
        f"{_text('PostCode', address.post_code)}",
    )


def _custom_fields(fields: tuple[CustomField, ...] | None) -> str:
    if fields is None:
        return ""
    items = [
        f"<OWCustomField>{_text('Name', one.name)}{_text('Text', one.text)}"
        f"<IsTextVisible>{_boolean(one.is_text_visible)}</IsTextVisible></OWCustomField>"
        for one in fields
    ]
    return _holder("CustomFieldList", "".join(items))


def _phone_number(number: PhoneNumber | None) -> str:
    if number is None:
        return ""
    parts = _text("IntCode", number.int_code) + _text("AreaCode", number.area_code) + _text("PhoneNo", number.phone_no)
    return _holder("PhoneNumber", parts)
