"""From the XML of an operation's element to the arguments it is called with."""

from __future__ import annotations

import pytest

from fake_ccmm.model import Address, Contact, CustomField, PhoneNumber
from tests.messages import (
    CAMPAIGN,
    CONTACT,
    NO_FORMAT,
    READ,
    SOAP11,
    SOAP12,
    XSI,
    D,
    T,
    action,
    assert_empty,
    assert_fault,
    call,
    envelope,
    heard,
    login,
    operation,
    post,
    said,
)
from tests.raw_http import Reply, Site

from .conftest import INBOX, SPRING, Running

XSI_TYPE = f'xmlns:xsi="{XSI}" xsi:type'
SKILLSET = f'<SkillsetID xmlns="{D}">10</SkillsetID>'
TOO_LONG = "Value was either too large or too small for an Int64."
TOO_LONG_32 = "Value was either too large or too small for an Int32."


def person(inside: str) -> str:
    """A contact with a skillset, its members in the namespace of the data types."""
    return f'<contact xmlns:d="{D}">{inside}{SKILLSET}</contact>'


def long_heard(running: Running, value: str, *, soap: str = SOAP11) -> Reply:
    """The answer to an xsd:long, which a refusal repeats: no campaign has the number."""
    arguments = f"<sessionKey>{running.key}</sessionKey>{value}"
    return call(running.site, CAMPAIGN, "Get200CampaignContacts", arguments, soap=soap)


def int_heard(running: Running, value: str) -> Reply:
    """The answer to an xsd:int, which a refusal repeats."""
    return running.call(CONTACT, "FindContactsByCustomField", f"<sessionkey>{running.key}</sessionkey>{value}")


def flag_heard(running: Running, value: str) -> bool:
    """A boolean that decides whether the contact is looked for by its custom field or by its id."""
    arguments = (
        f"<sessionKey>{running.key}</sessionKey><campaignID>{SPRING}</campaignID><contactId>77</contactId>"
        f"<customFieldName>a</customFieldName><customFieldValue>b</customFieldValue>{value}"
    )
    text = said(running.call(CONTACT, "GetContactStatus", arguments))
    shown = {"Contact not recognised: 77": False, "Contact not recognised: a=b": True}
    assert text in shown, text
    return shown[text]


# --- missing and empty ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("", id="nothing in the Body"),
        pytest.param(f'<Get200CampaignContacts xmlns="{T}"/>', id="an empty element"),
        pytest.param(f'<Get200CampaignContacts xmlns="{T}"></Get200CampaignContacts>', id="start and end"),
        pytest.param(operation("Get200CampaignContacts", " \n "), id="blanks"),
    ],
)
def test_an_operation_with_no_arguments_gets_defaults(site: Site, body: str) -> None:
    reply = post(site, envelope(body), path=CAMPAIGN, soap_action=action("Get200CampaignContacts"))
    assert said(reply) == "Access Denied - Validation of session key failed"


def test_a_missing_number_is_zero_and_a_missing_boolean_false(running: Running) -> None:
    assert said(long_heard(running, "")) == "Campaign ID not recognised: 0"
    assert said(int_heard(running, "")) == "Campaign ID not recognised: 0"
    assert flag_heard(running, "") is False
    contact = running.append(person(""))
    assert contact is not None
    assert (contact.preferred_agent_id, contact.preferred_agent_specified) == (0, False)


@pytest.mark.parametrize(
    ("inside", "first_name"),
    [
        pytest.param("", None, id="missing"),
        pytest.param("<d:FirstName/>", "", id="empty element"),
        pytest.param("<d:FirstName></d:FirstName>", "", id="start and end"),
        pytest.param(f'<d:FirstName xmlns:xsi="{XSI}" xsi:nil="true"/>', "", id="nil"),
        pytest.param(f'<d:FirstName xmlns:xsi="{XSI}" xsi:nil="1"></d:FirstName>', "", id="nil as a number"),
        pytest.param(f'<d:FirstName xmlns:xsi="{XSI}" xsi:nil="true">Ann</d:FirstName>', "Ann", id="nil with text"),
        pytest.param(f'<d:FirstName xmlns:xsi="{XSI}" xsi:nil="maybe">Ann</d:FirstName>', "Ann", id="nil as nonsense"),
        pytest.param(f'<d:FirstName xmlns:xsi="{XSI}" xsi:nil="false">Ann</d:FirstName>', "Ann", id="not nil"),
        pytest.param("<d:FirstName> </d:FirstName>", " ", id="a blank"),
        pytest.param("<d:FirstName>\n\t</d:FirstName>", "\n\t", id="line end and tab"),
        pytest.param("<d:FirstName> Ann  Lee </d:FirstName>", " Ann  Lee ", id="blanks around"),
        pytest.param("<d:FirstName><![CDATA[Ann]]></d:FirstName>", "Ann", id="CDATA"),
        pytest.param("<d:FirstName>A<![CDATA[<n>]]>n<![CDATA[]]></d:FirstName>", "A<n>n", id="text and CDATA"),
        pytest.param("<d:FirstName><![CDATA[]]></d:FirstName>", "", id="empty CDATA"),
        pytest.param("<d:FirstName>a\r\nb\rc\nd</d:FirstName>", "a\nb\nc\nd", id="line ends"),
        pytest.param("<d:FirstName>a&#13;b&#xD;&#xA;c</d:FirstName>", "a\rb\r\nc", id="line ends as references"),
        pytest.param("<d:FirstName><![CDATA[a\r\nb]]></d:FirstName>", "a\nb", id="line end in CDATA"),
        pytest.param("<d:FirstName>&lt;&gt;&amp;&quot;&apos;</d:FirstName>", "<>&\"'", id="entities"),
        pytest.param("<d:FirstName>&#x1D11E;𝄞</d:FirstName>", "𝄞𝄞", id="beyond the basic plane"),
        pytest.param("<d:FirstName>&#9;&#10;&#32;</d:FirstName>", "\t\n ", id="blanks as references"),
    ],
)
def test_a_text(running: Running, inside: str, first_name: str | None) -> None:
    contact = running.append(person(inside))
    assert contact is not None
    assert contact.first_name == first_name


@pytest.mark.parametrize(
    ("inside", "address"),
    [
        pytest.param("", None, id="missing"),
        pytest.param("<d:Address/>", Address(), id="empty element"),
        pytest.param("<d:Address></d:Address>", Address(), id="start and end"),
        pytest.param(f'<d:Address xmlns:xsi="{XSI}" xsi:nil="true"/>', Address(), id="nil"),
        pytest.param(
            f'<d:Address xmlns:xsi="{XSI}" xsi:nil="true"><d:Country>IE</d:Country></d:Address>',
            Address(country="IE"),
            id="nil with a member",
        ),
        pytest.param("<d:Address>text</d:Address>", Address(), id="text"),
        pytest.param("<d:Address><d:Country/></d:Address>", Address(country=""), id="an empty member"),
    ],
)
def test_an_object(running: Running, inside: str, address: Address | None) -> None:
    contact = running.append(person(inside))
    assert contact is not None
    assert contact.address == address


@pytest.mark.parametrize(
    ("contact", "text"),
    [
        pytest.param("", "SkillsetID is required", id="missing"),
        pytest.param("<contact/>", "SkillsetID is required", id="empty element"),
        pytest.param(f'<contact xmlns:xsi="{XSI}" xsi:nil="true"/>', "SkillsetID is required", id="nil"),
        pytest.param(f'<d:contact xmlns:d="{D}">{SKILLSET}</d:contact>', "SkillsetID is required", id="in namespace D"),
        pytest.param("<contact><SkillsetID>10</SkillsetID></contact>", "SkillsetID is required", id="members in T"),
        pytest.param(
            '<contact><SkillsetID xmlns="">10</SkillsetID></contact>',
            "SkillsetID is required",
            id="unqualified members",
        ),
        pytest.param(
            f'<Contact xmlns:d="{D}">{SKILLSET}</Contact>', "SkillsetID is required", id="in another letter case"
        ),
    ],
)
def test_an_object_whose_names_are_not_right_is_empty_without_a_word(running: Running, contact: str, text: str) -> None:
    assert said(running.append_reply(contact)) == text


def test_members_in_the_services_namespace_are_passed_over(running: Running) -> None:
    contact = running.append(person("<FirstName>T</FirstName><FirstName xmlns=''>none</FirstName>"))
    assert contact is not None
    assert contact.first_name is None


EMPTY_FIELD = CustomField()


@pytest.mark.parametrize(
    ("inside", "fields"),
    [
        pytest.param("", None, id="missing"),
        pytest.param("<d:CustomFieldList/>", (), id="empty element"),
        pytest.param("<d:CustomFieldList></d:CustomFieldList>", (), id="start and end"),
        pytest.param(f'<d:CustomFieldList xmlns:xsi="{XSI}" xsi:nil="true"/>', None, id="nil"),
        pytest.param(
            f'<d:CustomFieldList xmlns:xsi="{XSI}" xsi:nil="true">{{}}</d:CustomFieldList>', None, id="nil with an item"
        ),
        pytest.param("<d:CustomFieldList>{}</d:CustomFieldList>", ("Account",), id="one item"),
        pytest.param("<d:CustomFieldList>{}{}</d:CustomFieldList>", ("Account",), id="the same item twice"),
        pytest.param(
            f'<d:CustomFieldList><d:OWCustomField xmlns:xsi="{XSI}" xsi:nil="true"/>{{}}</d:CustomFieldList>',
            ("Account",),
            id="a nil item",
        ),
        pytest.param("<d:CustomFieldList>text{}<a/></d:CustomFieldList>", ("Account",), id="text and unknown elements"),
        pytest.param("<d:CustomFieldList>{}</d:CustomFieldList><d:CustomFieldList/>", (), id="a second, empty list"),
        pytest.param(
            "<d:CustomFieldList/><d:CustomFieldList>{}</d:CustomFieldList>", ("Account",), id="a second, longer list"
        ),
        pytest.param("<d:CustomFieldList><OWCustomField/></d:CustomFieldList>", (), id="an item in another namespace"),
        pytest.param("<d:CustomFieldList><d:OWCustomField/></d:CustomFieldList>", (), id="an item without a name"),
    ],
)
def test_a_list(running: Running, inside: str, fields: tuple[str, ...] | None) -> None:
    item = "<d:OWCustomField><d:Name>Account</d:Name><d:Text>7</d:Text></d:OWCustomField>"
    contact = running.append(person(inside.replace("{}", item)))
    assert contact is not None
    found = contact.custom_fields
    assert (None if found is None else tuple(one.name for one in found)) == fields


# --- order, doubles, unknown ------------------------------------------------------------------------------------------


def test_members_come_in_any_order(running: Running) -> None:
    inside = (
        "<d:Title>Dr</d:Title><d:PreferredAgentSpecified>true</d:PreferredAgentSpecified>"
        "<d:PhoneNumber><d:PhoneNo>3</d:PhoneNo><d:AreaCode>2</d:AreaCode><d:IntCode>1</d:IntCode></d:PhoneNumber>"
        "<d:LastName>Lee</d:LastName><d:FirstName>Ann</d:FirstName><d:ContactID>99</d:ContactID>"
    )
    contact = running.append(person(inside))
    assert contact is not None
    assert contact == Contact(
        contact_id=contact.contact_id,
        first_name="Ann",
        last_name="Lee",
        title="Dr",
        phone_number=PhoneNumber("1", "2", "3"),
        preferred_agent_specified=True,
        skillset_id=10,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        "<CampaignID>7</CampaignID><LastContactID>1</LastContactID><sessionKey>{}</sessionKey>",
        "<sessionKey>{}</sessionKey><LastContactID>1</LastContactID><CampaignID>7</CampaignID>",
        "<LastContactID>1</LastContactID><sessionKey>{}</sessionKey><CampaignID>7</CampaignID>",
    ],
)
def test_arguments_come_in_any_order(running: Running, arguments: str) -> None:
    reply = running.call(CAMPAIGN, "Get200CampaignContacts", arguments.format(running.key))
    assert said(reply) == "Campaign ID not recognised: 7"


@pytest.mark.parametrize(
    ("inside", "first_name"),
    [
        pytest.param("<d:FirstName>a</d:FirstName><d:FirstName>b</d:FirstName>", "a", id="two texts"),
        pytest.param("<d:FirstName/><d:FirstName>b</d:FirstName>", "", id="an empty one first"),
        pytest.param("<FirstName>a</FirstName><d:FirstName>b</d:FirstName>", "b", id="one in another namespace first"),
    ],
)
def test_of_two_texts_the_first_counts(running: Running, inside: str, first_name: str) -> None:
    contact = running.append(person(inside))
    assert contact is not None
    assert contact.first_name == first_name


def test_of_two_numbers_the_first_counts_and_the_second_is_not_read(running: Running) -> None:
    text = said(long_heard(running, "<CampaignID>7</CampaignID><CampaignID>not a number</CampaignID>"))
    assert text == "Campaign ID not recognised: 7"


def test_of_two_objects_the_first_counts(running: Running) -> None:
    inside = "<d:Address><d:Country>a</d:Country></d:Address><d:Address><d:Country>b</d:Country></d:Address>"
    contact = running.append(person(inside))
    assert contact is not None
    assert contact.address == Address(country="a")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("<d:FirstName>", "<d:Unknown>1</d:Unknown><d:FirstName>", id="an unknown member"),
        pytest.param("<d:FirstName>", "<a><b><d:FirstName>x</d:FirstName></b></a><d:FirstName>", id="nested ones"),
        pytest.param("<d:FirstName>", "<a><![CDATA[<]]><!-- c --><?p i?></a><d:FirstName>", id="anything in one"),
        pytest.param("<d:FirstName>", "text<d:FirstName>", id="stray text"),
        pytest.param("<d:FirstName>", "<![CDATA[text]]><d:FirstName>", id="stray CDATA"),
        pytest.param("<d:FirstName>", '<d:FirstName a="1" d:b="2" xml:lang="en">', id="unknown attributes"),
        pytest.param("<contact ", '<contact id="1" href="#x" ', id="unknown attributes on the object"),
        pytest.param("<d:FirstName>", '<d:FirstName xmlns:x="urn:x" x:nil="true">', id="a nil of another namespace"),
        pytest.param("<d:FirstName>", "<d:firstname>x</d:firstname><d:FirstName>", id="another letter case"),
    ],
)
def test_what_is_unknown_is_ignored(running: Running, old: str, new: str) -> None:
    contact = running.append(person("<d:FirstName>Ann</d:FirstName>").replace(old, new))
    assert contact is not None
    assert contact.first_name == "Ann"


def test_a_priority_sent_to_the_older_revision_is_ignored(running: Running) -> None:
    assert running.append(person(""), after="<priority>1</priority>") is not None
    assert running.append(person(""), after="<priority>high</priority>") is not None


def test_five_hundred_unknown_elements_inside_one_another_are_ignored(running: Running) -> None:
    contact = running.append(person("<a>" * 500 + "</a>" * 500 + "<d:Title>Dr</d:Title>"))
    assert contact is not None
    assert contact.title == "Dr"


@pytest.mark.parametrize(
    "username",
    [
        pytest.param('<username xmlns="">nobody</username>', id="unqualified"),
        pytest.param(f'<username xmlns="{D}">nobody</username>', id="in another namespace"),
        pytest.param("<Username>nobody</Username>", id="in another letter case"),
        pytest.param("<userName>nobody</userName>", id="in camel case"),
        pytest.param("<a><username>nobody</username></a>", id="deeper down"),
    ],
)
def test_an_argument_whose_name_is_not_right_is_missing(site: Site, username: str) -> None:
    assert heard(post(site, envelope(operation("OutboundLogin", username)))) == ""


def test_a_reference_to_another_element_is_not_followed(site: Site) -> None:
    content = operation("OutboundLogin", '<username href="#u"/>') + '<username id="u">nobody</username>'
    assert heard(post(site, envelope(content))) == ""


@pytest.mark.parametrize("prefix", ["ns0", "tns", "x-y", "é"])
def test_any_prefix_will_do(site: Site, prefix: str) -> None:
    content = (
        f'<{prefix}:OutboundLogin xmlns:{prefix}="{T}"><{prefix}:username>nobody</{prefix}:username>'
        f"</{prefix}:OutboundLogin>"
    )
    assert heard(post(site, envelope(content))) == "nobody"
    assert heard(post(site, envelope(content), soap_action=None)) == "nobody"


def test_a_prefix_may_mean_something_else_further_in(site: Site) -> None:
    content = f'<p:OutboundLogin xmlns:p="{T}"><p:username xmlns:p="urn:x">a</p:username></p:OutboundLogin>'
    assert heard(post(site, envelope(content))) == ""


# --- numbers ----------------------------------------------------------------------------------------------------------

BLANKS = [" {} ", "\t{}\t", "\n{}", "{}\r\n", "\r{}", "&#x20;{}&#9;"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("7", 7, id="a digit"),
        pytest.param("+7", 7, id="a plus"),
        pytest.param("-7", -7, id="a minus"),
        pytest.param("007", 7, id="leading zeros"),
        pytest.param("-0", 0, id="minus zero"),
        pytest.param("+0", 0, id="plus zero"),
        pytest.param("<![CDATA[7]]>", 7, id="CDATA"),
        pytest.param("1<![CDATA[2]]>3", 123, id="text and CDATA"),
        pytest.param("&#55;", 7, id="a reference"),
        pytest.param("0" * 100 + "7", 7, id="a hundred zeros"),
        *(pytest.param(one.format(7), 7, id=f"blanks: {one!r}") for one in BLANKS),
    ],
)
def test_a_number(running: Running, text: str, number: int) -> None:
    assert said(long_heard(running, f"<CampaignID>{text}</CampaignID>")) == f"Campaign ID not recognised: {number}"
    assert said(int_heard(running, f"<CampaignID>{text}</CampaignID>")) == f"Campaign ID not recognised: {number}"


@pytest.mark.parametrize(
    "text",
    [
        "abc", "1.5", "7.", ".7", "1e3", "0x10", "7h", "1,000", "1 2", "1_000", "(7)", "+-7", "--7", "- 7", "+ 7", "7-",
        "+", "-", "\u00a07", "7\u2003", "\u0667", "\uff17", "\u22127", "true", "false", "NaN", "INF", "$7", "7%",
        "#7", "''", "0b1",
    ],
)  # fmt: skip
def test_what_is_no_number_is_no_number(running: Running, text: str) -> None:
    for reply in (
        long_heard(running, f"<CampaignID>{text}</CampaignID>"),
        int_heard(running, f"<CampaignID>{text}</CampaignID>"),
    ):
        assert said(reply).startswith(f"{READ}There is an error in XML document (1, ")
        assert said(reply).endswith(f"). ---> {NO_FORMAT}")


@pytest.mark.parametrize(
    "element",
    [
        pytest.param("<CampaignID/>", id="empty element"),
        pytest.param("<CampaignID></CampaignID>", id="start and end"),
        pytest.param("<CampaignID> \n </CampaignID>", id="blanks"),
        pytest.param("<CampaignID><![CDATA[]]></CampaignID>", id="empty CDATA"),
        pytest.param('<CampaignID xsi:nil="true"/>', id="nil"),
        pytest.param('<CampaignID xsi:nil="1"></CampaignID>', id="nil as a number"),
    ],
)
def test_an_empty_number_is_no_number(running: Running, element: str) -> None:
    assert said(long_heard(running, element)).endswith(f"). ---> {NO_FORMAT}")
    assert said(int_heard(running, element)).endswith(f"). ---> {NO_FORMAT}")


def test_a_nil_number_with_digits_is_read(running: Running) -> None:
    text = said(long_heard(running, '<CampaignID xsi:nil="true">7</CampaignID>'))
    assert text == "Campaign ID not recognised: 7"


@pytest.mark.parametrize("number", [9223372036854775807, -9223372036854775808, 2147483648, -2147483649])
def test_a_long_has_64_bits(running: Running, number: int) -> None:
    assert said(long_heard(running, f"<CampaignID>{number}</CampaignID>")) == f"Campaign ID not recognised: {number}"


@pytest.mark.parametrize("number", [2147483647, -2147483648])
def test_an_int_has_32_bits(running: Running, number: int) -> None:
    assert said(int_heard(running, f"<CampaignID>{number}</CampaignID>")) == f"Campaign ID not recognised: {number}"


@pytest.mark.parametrize("text", ["9223372036854775808", "-9223372036854775809", "9" * 40, "-" + "9" * 5000])
def test_a_long_that_is_too_long(running: Running, text: str) -> None:
    assert said(long_heard(running, f"<CampaignID>{text}</CampaignID>")).endswith(f"). ---> {TOO_LONG}")


@pytest.mark.parametrize("text", ["2147483648", "-2147483649", "9223372036854775808"])
def test_an_int_that_is_too_long(running: Running, text: str) -> None:
    assert said(int_heard(running, f"<CampaignID>{text}</CampaignID>")).endswith(f"). ---> {TOO_LONG_32}")


@pytest.mark.parametrize("soap", [SOAP11, SOAP12], ids=["SOAP 1.1", "SOAP 1.2"])
def test_a_bad_number_is_the_clients_fault(running: Running, soap: str) -> None:
    body = envelope(operation("Get200CampaignContacts", "<CampaignID>abc</CampaignID><LastContactID/>"), soap=soap)
    reply = call(
        running.site, CAMPAIGN, "Get200CampaignContacts", "<CampaignID>abc</CampaignID><LastContactID/>", soap=soap
    )
    column = body.index("LastContactID") + 1
    code = "Client" if soap == SOAP11 else "Sender"
    text = f"{READ}There is an error in XML document (1, {column}). ---> {NO_FORMAT}".replace(">", "&gt;")
    assert_fault(reply, code, text, soap=soap)


def test_a_bad_number_inside_an_object_is_found_too(running: Running) -> None:
    reply = running.append_reply(person("<d:PreferredAgentID>x</d:PreferredAgentID>"))
    assert said(reply).endswith(f"). ---> {NO_FORMAT}")


# --- booleans ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("true", True), ("false", False), ("1", True), ("0", False)),
        *((" true ", True), ("\t1\n", True), ("\r\nfalse", False)),
        *(("<![CDATA[true]]>", True), ("tr<![CDATA[ue]]>", True), ("&#49;", True)),
    ],
)
def test_a_boolean(running: Running, text: str, value: bool) -> None:
    assert flag_heard(running, f"<customFieldPassed>{text}</customFieldPassed>") is value


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        *((one, one) for one in ("TRUE", "True", "False", "FALSE", "yes", "no", "2", "-1", "t", "01", "on", "tru e")),
        *((" TRUE ", "TRUE"), ("", ""), (" ", ""), ("\u00a0true", "\u00a0true"), ("&lt;", "&lt;")),
    ],
)
def test_what_is_no_boolean_is_no_boolean(running: Running, text: str, shown: str) -> None:
    arguments = f"<customFieldPassed>{text}</customFieldPassed>"
    reply = running.call(CONTACT, "GetContactStatus", arguments)
    column = envelope(operation("GetContactStatus", arguments)).index("/GetContactStatus>") + 2
    text = f"{READ}There is an error in XML document (1, {column}). ---> ".replace(">", "&gt;")
    assert_fault(reply, "Client", f"{text}The string '{shown}' is not a valid Boolean value.")


@pytest.mark.parametrize("element", ["<customFieldPassed/>", '<customFieldPassed xsi:nil="true"/>'])
def test_an_empty_boolean_is_no_boolean(running: Running, element: str) -> None:
    reply = running.call(CONTACT, "GetContactStatus", element)
    assert said(reply).endswith("). ---> The string '' is not a valid Boolean value.")


# --- types and nil ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", ['"xsd:string"', '"xsd:int"', '"nope:string"', '"string"', '""', '":"', '"a:b:c"', '"soap:Body"']
)
def test_the_type_said_of_a_text_or_number_is_ignored(running: Running, value: str) -> None:
    said_type = f"{XSI_TYPE}={value}"
    inside = f"<d:FirstName {said_type}>Ann</d:FirstName><d:PreferredAgentID {said_type}>5</d:PreferredAgentID>"
    contact = running.append(person(inside))
    assert contact is not None
    assert (contact.first_name, contact.preferred_agent_id) == ("Ann", 5)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param('"d:OWContact"', id="its own"),
        pytest.param('" d:OWContact "', id="its own with blanks"),
        pytest.param('"nope:OWContact"', id="with a prefix that is not declared"),
    ],
)
def test_an_object_may_say_its_own_type(running: Running, value: str) -> None:
    contact = running.append(person("<d:Title>Dr</d:Title>").replace("<contact ", f"<contact {XSI_TYPE}={value} "))
    assert contact is not None
    assert contact.title == "Dr"


@pytest.mark.parametrize(
    ("value", "name", "namespace"),
    [
        pytest.param("d:OWStatus", "OWStatus", D, id="another known type"),
        pytest.param("d:Nope", "Nope", D, id="an unknown type"),
        pytest.param("OWContact", "OWContact", T, id="its own name in the default namespace"),
        pytest.param("soap:OWContact", "OWContact", SOAP11, id="its own name in another namespace"),
        pytest.param("xsd:string", "string", "http://www.w3.org/2001/XMLSchema", id="a simple type"),
    ],
)
def test_an_object_of_another_type_is_not_recognised(running: Running, value: str, name: str, namespace: str) -> None:
    contact = person("").replace("<contact ", f'<contact {XSI_TYPE}="{value}" ')
    arguments = f"<CampaignID>{INBOX}</CampaignID>{contact}<sessionKey>{running.key}</sessionKey>"
    column = envelope(operation("AppendContactsToCampaign", arguments)).index("<contact") + 2
    text = (
        f"{READ}There is an error in XML document (1, {column}). ---> The specified type was not recognized: "
        f"name='{name}', namespace='{namespace}', at <contact xmlns='{T}'>."
    )
    assert said(running.append_reply(contact)) == text


def test_a_type_inside_an_object_counts_too(running: Running) -> None:
    reply = running.append_reply(person(f'<d:Address {XSI_TYPE}="d:OWContact"/>'))
    text = f"The specified type was not recognized: name='OWContact', namespace='{D}', at <Address xmlns='{D}'>."
    assert said(reply).endswith(f"). ---> {text}")


@pytest.mark.parametrize("year", ["1999", "2000/10"])
def test_the_type_attribute_of_earlier_schema_drafts_counts_too(running: Running, year: str) -> None:
    contact = person("").replace(
        "<contact ", f'<contact xmlns:i="http://www.w3.org/{year}/XMLSchema-instance" i:type="d:X" '
    )
    assert "The specified type was not recognized: name='X'" in said(running.append_reply(contact))


@pytest.mark.parametrize("prefix", ["xsi", "i", "p8"])
def test_nil_may_have_any_prefix(running: Running, prefix: str) -> None:
    contact = running.append(person(f'<d:CustomFieldList xmlns:{prefix}="{XSI}" {prefix}:nil="true"/>'))
    assert contact is not None
    assert contact.custom_fields is None


def test_a_list_that_is_half_nil_is_no_boolean(running: Running) -> None:
    reply = running.append_reply(person(f'<d:CustomFieldList xmlns:xsi="{XSI}" xsi:nil="maybe"/>'))
    assert said(reply).endswith("). ---> The string 'maybe' is not a valid Boolean value.")


# --- what is in a value -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "inside",
    [
        pytest.param("u<!-- c -->v", id="a comment in the middle"),
        pytest.param("<!-- c -->", id="a comment alone"),
        pytest.param("<!-- c -->u", id="a comment first"),
        pytest.param("u<!-- c -->", id="a comment last"),
        pytest.param("u<?p i?>v", id="an instruction"),
        pytest.param("u<b>v</b>", id="an element"),
        pytest.param("<b/>", id="an element alone"),
        pytest.param("<username>v</username>", id="the element again"),
    ],
)
@pytest.mark.parametrize("soap", [SOAP11, SOAP12], ids=["SOAP 1.1", "SOAP 1.2"])
def test_anything_but_text_in_a_text_is_an_empty_400(site: Site, soap: str, inside: str) -> None:
    assert_empty(call(site, UTILITY_PATH, "OutboundLogin", f"<username>{inside}</username>", soap=soap), 400, soap=soap)


UTILITY_PATH = CAMPAIGN.replace("Campaign", "Utility")


@pytest.mark.parametrize("inside", ["7<!-- c -->", "<b>7</b>", "<?p i?>7"])
def test_anything_but_text_in_a_number_is_an_empty_400(running: Running, inside: str) -> None:
    assert_empty(long_heard(running, f"<CampaignID>{inside}</CampaignID>"), 400)


def test_an_unknown_element_may_hold_anything(site: Site) -> None:
    content = operation("OutboundLogin", "<x>u<!-- c --><b/>v</x><username>nobody</username>")
    assert heard(post(site, envelope(content))) == "nobody"


def test_a_comment_beside_a_text_does_not_matter(site: Site) -> None:
    content = login("nobody").replace("<username>", "<!-- c --><?p i?><username>")
    assert heard(post(site, envelope(content))) == "nobody"


# --- where the error is -----------------------------------------------------------------------------------------------

MARK = "\u00a6"
"""Stands in the texts below just before the place that a fault names."""


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param("<CampaignID>abc</CampaignID><¦LastContactID>0</LastContactID>", id="a start tag follows"),
        pytest.param("<CampaignID>abc</CampaignID></¦Get200CampaignContacts>", id="the end tag follows"),
        pytest.param("<CampaignID>abc</CampaignID><!--¦ c -->", id="a comment follows"),
        pytest.param("<CampaignID>abc</CampaignID><?¦p i?>", id="an instruction follows"),
        pytest.param("<CampaignID>abc</CampaignID><![CDATA[¦x]]>", id="CDATA follows"),
        pytest.param("<CampaignID>abc</CampaignID>¦text", id="text follows"),
        pytest.param("<CampaignID>abc</CampaignID>¦ <a/>", id="a blank follows"),
        pytest.param("<CampaignID>abc</CampaignID>¦\n  <a/>", id="a line end follows"),
        pytest.param("<CampaignID>abc</CampaignID>¦\r\n  <a/>", id="a Windows line end follows"),
        pytest.param("\n<CampaignID>abc</CampaignID><¦a/>", id="on the second line"),
        pytest.param("\r\n\r\n  <CampaignID>abc</CampaignID><¦a/>", id="on the third line of a Windows text"),
        pytest.param("\r<CampaignID>abc</CampaignID><¦a/>", id="on the second line of an old Mac text"),
        pytest.param("<CampaignID>\nabc\n</CampaignID><¦a/>", id="after line ends in the value"),
        pytest.param("<a b='\n\n'/><CampaignID>abc</CampaignID><¦a/>", id="after line ends in an attribute"),
        pytest.param("<!--\n\n--><CampaignID>abc</CampaignID><¦a/>", id="after line ends in a comment"),
        pytest.param("<a\n/><CampaignID>abc</CampaignID><¦a/>", id="after a line end in a tag"),
        pytest.param("<![CDATA[\n]]><CampaignID>abc</CampaignID><¦a/>", id="after a line end in CDATA"),
        pytest.param("<a>éé€</a><CampaignID>abc</CampaignID><¦a/>", id="after characters of several bytes"),
        pytest.param("<a>𝄞</a><CampaignID>abc</CampaignID><¦¦a/>", id="after a character of two units"),
        pytest.param("<a>&#10;&amp;</a><CampaignID>abc</CampaignID><¦a/>", id="after references"),
        pytest.param("\t<CampaignID>abc</CampaignID><¦a/>", id="after a tab"),
        pytest.param("<CampaignID/><¦a/>", id="an empty element"),
        pytest.param("<CampaignID />¦ <a/>", id="an empty element with a blank"),
        pytest.param("<CampaignID a='>'/><¦a/>", id="an empty element with an attribute"),
        pytest.param("<CampaignID></CampaignID><¦a/>", id="start and end"),
        pytest.param("<CampaignID>abc</CampaignID  ><¦a/>", id="a blank in the end tag"),
        pytest.param("<CampaignID><![CDATA[abc]]></CampaignID><¦a/>", id="a value of CDATA"),
        pytest.param("<CampaignID>99999999999999999999</CampaignID><¦a/>", id="a number that is too long"),
        pytest.param("<a/><b>c</b><CampaignID>abc</CampaignID><¦a/><b></c>", id="broken XML later"),
    ],
)
def test_a_fault_names_the_place_just_after_the_bad_element(running: Running, arguments: str) -> None:
    end = "" if "</¦" in arguments else "</Get200CampaignContacts>"
    marked = envelope(f'<Get200CampaignContacts xmlns="{T}">{arguments}{end}')
    before = marked.partition(MARK)[0].replace("\r\n", "\n").replace("\r", "\n")
    extra = marked.count(MARK) - 1
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n") + extra
    reply = post(running.site, marked.replace(MARK, ""), path=CAMPAIGN, soap_action=action("Get200CampaignContacts"))
    assert f"There is an error in XML document ({line}, {column}). ---> " in said(reply)


@pytest.mark.parametrize(
    ("prefix", "content_type", "encoding", "column"),
    [
        pytest.param("", "text/xml; charset=utf-8", "utf-8", 54, id="no declaration"),
        pytest.param('<?xml version="1.0"?>', "text/xml; charset=utf-8", "utf-8", 75, id="a declaration counts"),
        pytest.param("\ufeff", "text/xml; charset=utf-8", "utf-8", 54, id="a byte order mark does not"),
        pytest.param("\ufeff", "text/xml", "utf-16-le", 54, id="nor one of utf-16"),
        pytest.param("", "text/xml; charset=iso-8859-1", "iso-8859-1", 54, id="characters count, not bytes"),
        pytest.param("", "text/xml", "iso-8859-1", 54, id="question marks too"),
    ],
)
def test_a_place_is_counted_in_characters_of_the_text(
    site: Site, prefix: str, content_type: str, encoding: str, column: int
) -> None:
    start = f'<s:Envelope xmlns:s="{SOAP11}"><s:Body><Get200CampaignContacts xmlns="{T}">'
    content = "<a>é</a><CampaignID>abc</CampaignID><"
    body = prefix + start + content + "a/></Get200CampaignContacts></s:Body></s:Envelope>"
    reply = post(
        site,
        body.encode(encoding),
        path=CAMPAIGN,
        soap_action=action("Get200CampaignContacts"),
        content_type=content_type,
    )
    expected = len(start) + len(content) + 1 + column - 54
    assert f"({1}, {expected})" in said(reply)
